"""Writes Merelveen as the files that the publishers would hand out, for the ordinary importers to read."""

import csv
import json
from collections.abc import Iterable
from io import StringIO
from itertools import product
from pathlib import Path

import shapely

from demo.figures import SECRET, crimes, kerncijfers, leefbaarometer, map_figures
from demo.shapes import DISTRICTS, MOVED_FROM, MOVED_TO, MUNICIPALITY, PLACES, buurten, river

SHAPE_YEARS = (2018, 2024)
FIGURE_YEARS = (2018, 2020, 2022, 2024)
CRIME_YEARS = range(2018, 2025)
ORIGIN = "Merelveen (fictief): verzonnen gebied en verzonnen cijfers, om de site mee te leren kennen"

AREA_COLUMNS = (
    *("buurtcode", "buurtnaam", "wijkcode", "wijknaam", "gemeentecode", "gemeentenaam"),
    *("water", "indelingswijziging_wijken_en_buurten", "jaar"),
)


def write_files(folder: Path) -> list[Path]:
    """Write every file, over what is there, and return their paths in the order in which to import them."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {f"buurten_{year}.geojson": _geojson(year) for year in SHAPE_YEARS}
    texts |= {f"kerncijfers_{year}.csv": _table(_kerncijfers(year), ";", ",") for year in FIGURE_YEARS}
    texts["leefbaarometer_2018_2024.csv"] = _table(_leefbaarometer(), ",", ".")
    texts["misdrijven_2018_2024.csv"] = _table(_misdrijven(), ",", ".")
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    return [folder / name for name in texts]


def _geojson(year: int) -> str:
    collection = {
        "type": "FeatureCollection",
        "name": "buurten",
        "description": ORIGIN,
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::28992"}},
        "features": [*_land(year), _water(year)],
    }
    return json.dumps(collection, ensure_ascii=False) + "\n"


def _land(year: int) -> Iterable[dict]:
    for code, shape in buurten(year).items():
        change = 3 if year == 2024 and code in (MOVED_FROM, MOVED_TO) else 1
        names = (code, PLACES[code].name, _district(code), DISTRICTS[_district(code)], *MUNICIPALITY)
        yield _feature(shape, (*names, "NEE", change, year), map_figures(code, year))


def _water(year: int) -> dict:
    """CBS draws the large waters as buurten of their own, without figures."""
    names = ("BU99019999", "De Merel", "WK990199", "Water", *MUNICIPALITY)
    nothing = dict.fromkeys(map_figures(MOVED_TO, year), SECRET)
    return _feature(river(), (*names, "JA", 1, year), nothing)


def _feature(shape: shapely.Polygon, area: tuple, figures: dict) -> dict:
    """`area` holds a value for every name in AREA_COLUMNS."""
    ring = [[round(x, 1), round(y, 1)] for x, y in shape.exterior.coords]
    return {
        "type": "Feature",
        "properties": dict(zip(AREA_COLUMNS, area, strict=True)) | figures,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def _kerncijfers(year: int) -> Iterable[dict]:
    for code, place in PLACES.items():
        area = {"jaar": year, "buurtcode": code, "buurtnaam": place.name, "wijkcode": _district(code)}
        yield area | kerncijfers(code, year)


def _leefbaarometer() -> Iterable[dict]:
    for code, place in PLACES.items():
        for year in FIGURE_YEARS:
            if scores := leefbaarometer(code, year):
                yield {"bu_code": code, "bu_naam": place.name, "jaar": year} | scores


def _misdrijven() -> Iterable[dict]:
    for code, year in product(PLACES, CRIME_YEARS):
        yield {"code": code, "jaar": year, "misdrijven": crimes(code, year)}


def _district(code: str) -> str:
    return f"WK{code[2:8]}"


def _table(rows: Iterable[dict], separator: str, decimal: str) -> str:
    rows = [*rows]
    text = StringIO()
    table = csv.writer(text, delimiter=separator, lineterminator="\n")
    table.writerow(rows[0])
    table.writerows([_cell(value, decimal) for value in row.values()] for row in rows)
    return text.getvalue()


def _cell(value: str | float, decimal: str) -> str:
    return str(value).replace(".", decimal) if isinstance(value, float) else str(value)
