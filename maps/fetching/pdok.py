"""The CBS Wijk- en Buurtkaart of one year from PDOK's OGC API Features, as a GeoPackage for `import_areas`.

A page is a GeoJSON FeatureCollection in degrees (CRS84) with `numberReturned` and `links`, of which the one with rel
«next» leads on (OGC API Features, part 1, 7.15; PDOK's server gokoala). Properties have the names of the GeoPackage
that CBS publishes: buurtcode, gemeentenaam, aantal_inwoners …, and its numbers for what is missing.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from maps.fetching.client import OTHER_FORM, Client, FetchRefused, NotThere, read_json
from maps.fetching.pages import Collection, Form, Told
from maps.importing import codes, shapes
from maps.importing.division import role_of
from maps.indicators import indicator_of

if TYPE_CHECKING:
    import numpy

LAYERS = ("buurten", "wijken", "gemeenten")
PAGE = 1_000  # the most that PDOK gives at once
FIRST_YEAR = 2015
LARGEST = 1e15  # beyond it a float is no longer exact; no figure of CBS comes near


def _next(page: dict) -> str | None:
    return next((link.get("href") for link in page.get("links", []) if link.get("rel") == "next"), None)


def _complaint(page: dict) -> str | None:
    links = page.get("links", [])
    if not isinstance(links, list) or not all(isinstance(link, dict) for link in links):
        return OTHER_FORM
    if not all(isinstance(feature.get("properties"), dict) for feature in page["features"]):
        return OTHER_FORM
    found, stated = len(page["features"]), page.get("numberReturned")
    return None if stated is None or stated == found else f"een bladzijde heeft {found} van de {stated} gebieden"


def _total(page: dict) -> int | None:
    """Optional in the standard, and not in what PDOK sends today."""
    stated = page.get("numberMatched")
    return stated if isinstance(stated, int) else None


OGC = Form("features", _next, _complaint, _total)
Map = dict[str, Collection]  # by layer, in the order of LAYERS


def map_of(client: Client, year: int, municipality: str | None, work: Path, told: Told) -> Map:
    """The three layers of one municipality or, without one, of the country. Nothing is fetched yet."""
    query = {"f": "json", "limit": PAGE} | ({"gemeentecode": municipality} if municipality else {})
    layers = {}
    for layer in LAYERS:
        name = f"PDOK {year} {layer} {municipality or ''}".strip()
        url = f"{root(client, year)}/collections/{layer}/items?{urlencode(query)}"
        layers[layer] = Collection(name, client, OGC, url, work, told)
    return layers


def fetch_map(found: Map, year: int, municipality: str | None) -> None:
    """All layers, page after page. One without any area is refused, and so is a year that PDOK does not have."""
    for layer, collection in found.items():
        try:
            count = collection.fetch()
        except NotThere as error:
            raise _no_such_year(collection.client, year, error) from None
        if not count:
            collection.forget()
            raise FetchRefused(
                f"PDOK heeft op de kaart van {year} geen {layer} van {municipality or 'Nederland'}. Controleer de "
                "gemeentecode. Is de gemeente later ontstaan of opgeheven? Kies dan een ander jaar."
            )


def root(client: Client, year: int) -> str:
    return f"{client.base}/wijken-en-buurten-{year}/ogc/v1"


def _no_such_year(client: Client, year: int, error: NotThere) -> FetchRefused:
    there = [other for other in range(FIRST_YEAR, codes.last_year() + 1) if _is_there(client, other)]
    if not there:
        return FetchRefused(f"{error} Ook van andere jaren is daar geen kaart. Controleer het adres (--pdok-url).")
    if year in there:
        return FetchRefused(f"{error} De kaart van {year} is er wel, maar heeft een andere vorm dan is afgesproken.")
    nearest = min(there, key=lambda other: abs(other - year))
    return FetchRefused(
        f"PDOK heeft geen kaart van {year}; wel van {', '.join(map(str, there))}. De kaart kan van een ander jaar zijn "
        f"dan de cijfers: geef --map-years {nearest} op. Of haal de Wijk- en Buurtkaart van {year} zelf bij CBS, lees "
        "die in met import_areas, en geef --map-years op zonder jaar."
    )


def _is_there(client: Client, year: int) -> bool:
    try:
        client.get(f"{root(client, year)}?f=json", read_json, tries=1)
    except NotThere:
        return False
    return True


# --- pages to a GeoPackage ---


def write_map(path: Path, maps: list[Map], municipalities: set[str]) -> None:
    """Layers buurten, wijken and gemeenten of these municipalities (empty: all), page after page.

    Only columns that the importer reads come along. A feature of another municipality is left out: a server that
    does not know the filter sends them all.
    """
    path.unlink(missing_ok=True)
    for layer in LAYERS:
        columns: list[str] = []
        for found in maps:
            for page in found[layer].items():
                features = [feature for feature in page if _is_wanted(feature, municipalities)]
                if features:
                    columns = columns or _columns(features)
                    _append(path, layer, columns, features)


def _is_wanted(feature: dict, municipalities: set[str]) -> bool:
    stated = codes.clean_code(feature["properties"].get("gemeentecode") or "")
    return not municipalities or not stated or stated in municipalities


def _columns(features: list[dict]) -> list[str]:
    names = {name: None for feature in features for name in feature["properties"]}
    return [name for name in names if role_of(name) or indicator_of(name)]


def _append(path: Path, layer: str, columns: list[str], features: list[dict]) -> None:
    import numpy
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError

    outlines = numpy.array([_shape(feature) for feature in features], dtype=object)
    cells = [_cells(column, features) for column in columns]
    options = {"layer": layer, "driver": "GPKG", "geometry_type": "Unknown", "append": path.exists()}
    try:
        pyogrio.raw.write(path, outlines, cells, columns, crs=f"EPSG:{_epsg(outlines)}", **options)
    except (DataSourceError, DataLayerError, FeatureError, FieldError, RuntimeError) as error:
        raise FetchRefused(f"Kan {path} niet schrijven ({error}). Is er nog ruimte op de schijf?") from None


def _shape(feature: dict) -> bytes | None:
    import shapely

    geometry = feature.get("geometry")
    if geometry is None:
        return None
    try:
        return shapely.to_wkb(shapely.from_geojson(json.dumps(geometry)))
    except (shapely.errors.GEOSException, TypeError) as error:
        raise FetchRefused(f"PDOK stuurt bij {_code(feature)} een vorm die niet te lezen is ({error}).") from None


def _cells(column: str, features: list[dict]) -> "numpy.ndarray":
    """Names, codes and the year are text; a figure is a number."""
    import numpy

    if role_of(column):
        cells = [feature["properties"].get(column) for feature in features]
        return numpy.array([None if cell is None else str(cell) for cell in cells], dtype=object)
    return numpy.array([_number(feature, column) for feature in features], dtype=float)


def _number(feature: dict, column: str) -> float:
    cell = feature["properties"].get(column)
    if cell is None:
        return float("nan")
    if isinstance(cell, bool) or not isinstance(cell, int | float) or abs(cell) > LARGEST:
        raise FetchRefused(f"PDOK stuurt bij {_code(feature)} in kolom {column} «{cell}». Dat is geen getal.")
    return cell


def _code(feature: dict) -> str:
    found = [feature["properties"].get(name) for name in ("buurtcode", "wijkcode", "gemeentecode")]
    return next((str(code) for code in found if code), "een gebied zonder code")


def _epsg(outlines: "numpy.ndarray") -> int:
    """Degrees, unless the address asks for metres: the coordinates tell, for they do not overlap."""
    import shapely

    read = shapely.from_wkb([outline for outline in outlines if outline is not None])
    return shapes.RD if shapes.in_the_netherlands(read, shapes.RD).sum() * 2 > len(read) else shapes.WGS84
