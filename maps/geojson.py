"""Signals as a GeoJSON FeatureCollection for the map. Pure text work: the geometry is stored as GeoJSON."""

import json

from maps.sentences import sentence_of
from maps.style import STYLES


def feature_collection(signals, *, municipality: str) -> str:
    """`signals` with area and signal_map at hand."""
    features = [
        f'{{"type":"Feature","id":{json.dumps(signal.area.code)},"properties":{json.dumps(props)},'
        f'"geometry":{signal.area.geometry}}}'
        for signal in signals
        for props in [_properties(signal, municipality)]
    ]
    return '{"type":"FeatureCollection","features":[' + ",\n".join(features) + "]}"


def _properties(signal, municipality) -> dict:
    style = STYLES[signal.signal_class]
    return {
        "code": signal.area.code,
        "name": signal.area.name,
        "class": signal.signal_class,
        "letter": style.letter,
        "label": style.label,
        "borderline": signal.borderline,
        "sentence": sentence_of(signal, municipality=municipality),
        "at": [signal.area.label_y, signal.area.label_x],
    }
