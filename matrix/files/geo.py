"""Signals and coverage of the buurten of a session as GeoJSON (WGS84), for a map in another program."""

import json

from maps.models import Area
from matrix.files.tables import coverage, signal_words, style


def as_geojson(content: dict, workshop) -> bytes:
    areas = Area.objects.filter(pk__in=workshop.workshop_areas.values("area")).exclude(geometry="")
    shapes = {area.code: json.loads(area.geometry) for area in areas}
    features = [
        {"type": "Feature", "id": b["code"], "geometry": shapes.get(b["code"]), "properties": _properties(content, b)}
        for b in sorted(content["buurten"], key=lambda b: b["number"])
    ]
    found = {
        "type": "FeatureCollection",
        "name": content["session"]["title"],
        "bron": "; ".join(content["edition"]["sources"]),
        "let_op": "Een signaal, geen oordeel. Eigen benadering op open data, niet de Aedes-kaart.",
        "features": features,
    }
    return json.dumps(found, ensure_ascii=False).encode()


def _properties(content, buurt) -> dict:
    number = lambda key: float(buurt["signal"][key]) if buurt["signal"].get(key) else None  # noqa: E731
    return {
        "buurtcode": buurt["code"],
        "buurt": buurt["name"],
        "nummer": buurt["number"],
        "letter": style(buurt).letter,
        "signaal": signal_words(buurt),
        "grensgeval": buurt["signal"].get("borderline"),
        "bewoners": number("composition"),
        "overlast": number("problems"),
        **{f"dekking_{framework}": state for framework, state in coverage(content, buurt).items()},
    }
