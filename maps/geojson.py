"""Signals as a GeoJSON FeatureCollection for the map. Pure text work: the geometry is stored as GeoJSON."""

import json

from maps.sentences import sentence_of
from maps.style import STYLES


def feature_collection(signals, *, municipality: str, extra=None) -> str:
    """`signals` with area and signal_map at hand; `extra` gives each area further properties."""
    features = [
        f'{{"type":"Feature","id":{json.dumps(signal.area.code)},"properties":{json.dumps(props)},'
        f'"geometry":{signal.area.geometry}}}'
        for signal in signals
        for props in [_properties(signal, municipality) | (extra(signal.area) if extra else {})]
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


def outlines(areas) -> str:
    """Buurten without a signal, to pick from."""
    features = [
        f'{{"type":"Feature","id":{json.dumps(area.code)},"properties":'
        f"{json.dumps({'code': area.code, 'name': area.name, 'at': [area.label_y, area.label_x]})},"
        f'"geometry":{area.geometry}}}'
        for area in areas
    ]
    return '{"type":"FeatureCollection","features":[' + ",\n".join(features) + "]}"
