"""The buurten of one year out of a map file, read and checked: shapes, names, codes and figures."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from maps.importing import codes, shapes
from maps.importing.figures import Figures, indicator_columns, read_values, undo_old_name
from maps.importing.layers import Features, Layer, read_features
from maps.importing.problems import ImportRefused, Problems
from maps.importing.tables import Table
from maps.importing.words import in_short, number_of
from maps.indicators import CBS, indicator_of
from maps.lineage import municipality_of

if TYPE_CHECKING:
    import numpy
    import pandas

COLUMNS = {
    "code": ("buurtcode", "bu_code"),
    "name": ("buurtnaam", "bu_naam"),
    "district": ("wijkcode", "wk_code"),
    "district_name": ("wijknaam", "wk_naam"),
    "municipality": ("gemeentecode", "gm_code"),
    "municipality_name": ("gemeentenaam", "gm_naam"),
    "change": ("indelingswijziging_wijken_en_buurten", "ind_wbi"),
    "water": ("water", "h2o"),
    "year": ("jaar",),
}
ONLY_WATER = {"JA", "B"}  # B: Belgian
FICTIONAL = "(fictief)"


@dataclass(frozen=True)
class Wider:
    """Names of wijken and gemeenten by code, and outlines of gemeenten as (geometry, label)."""

    names: dict[str, str]
    outlines: dict[str, tuple[str, tuple[float, float]]]


@dataclass(frozen=True)
class Division:
    """The buurten of one year, checked: `rows` has code, name, district, municipality by feature number."""

    year: int
    rows: "pandas.DataFrame"
    drawn: shapes.Drawn
    figures: Figures
    wider: Wider
    dropped: list[str]
    notes: list[str]

    @property
    def municipalities(self) -> list[str]:
        return sorted(set(self.rows["municipality"]))

    @property
    def fictional(self) -> set[str]:
        """The municipalities that say so in their name."""
        return {code for code in self.municipalities if FICTIONAL in self.wider.names[code]}


def read_division(layers: list[Layer], name: str, *, year: int | None, municipality: str | None) -> Division:
    layer = _buurten_layer(layers, name)
    features = read_features(layer, [c for c in layer.columns if role_of(c) or indicator_of(c)], name)
    rows = _rows(features)
    is_land = ~rows["water"].isin(ONLY_WATER)
    is_code = rows["code"].str.fullmatch(codes.BUURT.pattern)
    in_municipality = (rows["municipality"] == municipality) | (municipality is None) | ~is_code
    wanted = (is_land & in_municipality).to_numpy()
    if not wanted.any():
        present = in_short(sorted(set(rows.loc[is_land, "municipality"])))
        raise ImportRefused(f"«{name}» bevat geen buurten van {municipality or 'land'}; wel van {present or 'niets'}.")
    dropped = sorted(set(rows.loc[~is_land & in_municipality, "code"]) - {""})
    features, rows, notes = features.where(wanted), rows[wanted], []
    if dropped:
        notes.append(f"Weggelaten: {number_of(len(dropped), 'gebied', 'gebieden')} met alleen water.")
    if others := int(is_land.sum() - wanted.sum()):
        notes.append(f"Overgeslagen: {number_of(others, 'buurt', 'buurten')} van andere gemeenten dan {municipality}.")

    problems = Problems()
    year = _year(rows, name, year, problems)
    _check_codes(rows, problems)
    epsg = _epsg(features, layer, name)
    _check_shapes(features, rows, epsg, problems)
    figures = _figures(features, rows, year, problems)
    problems.stop_if_any()
    polygons = _polygons(features, rows, notes)
    notes += figures.notes
    return Division(
        year=year,
        rows=rows,
        drawn=shapes.draw(polygons, _groups(rows), epsg),
        figures=figures,
        wider=_wider(layers, rows, name),
        dropped=dropped,
        notes=notes,
    )


def role_of(column: str) -> str | None:
    """What a column of a map is for, by any of its names; None for a figure or a column that we do not use."""
    return next((role for role, names in COLUMNS.items() if column.strip().lower() in names), None)


def _has(layer: Layer, role: str) -> bool:
    return any(role_of(column) == role for column in layer.columns)


def _buurten_layer(layers: list[Layer], name: str) -> Layer:
    found = [layer for layer in layers if _has(layer, "code")]
    if len(found) > 1:
        found = [layer for layer in found if "buurt" in layer.name.lower()] or found
    if len(found) == 1:
        return found[0]
    seen = in_short([f"«{layer.name}»" for layer in found or layers]) or "geen enkele laag"
    if found:
        raise ImportRefused(f"«{name}» bevat meer dan één laag met buurten: {seen}. Lees ze apart in.")
    raise ImportRefused(
        f"«{name}» bevat geen laag met buurten: een laag met vormen en een kolom buurtcode (of BU_CODE). "
        f"Gevonden: {seen}."
    )


def _texts(features: Features, role: str) -> "pandas.Series":
    """The column of this role as clean text; '' where the file has none."""
    import pandas

    columns = [column for column in features.table.columns if role_of(column) == role]
    if len(columns) > 1:
        raise ImportRefused(f"kolom {columns[1]}: is hetzelfde als {columns[0]}. Laat er één weg.")
    if not columns:
        return pandas.Series("", index=features.table.index, dtype=object)
    texts = [str(cell).replace("\x00", "").strip() for cell in features.table[columns[0]]]
    return pandas.Series(texts, index=features.table.index, dtype=object)


def _rows(features: Features) -> "pandas.DataFrame":
    import pandas

    rows = pandas.DataFrame({role: _texts(features, role) for role in COLUMNS})
    found = [codes.clean_code(text) for text in rows["code"]]
    stated = [codes.clean_code(text) for text in rows["municipality"]]
    districts = [codes.clean_code(text) for text in rows["district"]]
    columns = {
        "code": found,
        "stated_municipality": stated,
        "municipality": [municipality_of(code) for code in found],
        "district": [district or f"WK{code[2:8]}" for district, code in zip(districts, found, strict=True)],
        "name": [name or code for name, code in zip(rows["name"], found, strict=True)],
        "water": [text.upper() for text in rows["water"]],
    }
    # As objects: pandas would make arrays of text of them, which cost more than what is done with them here.
    return rows.assign(**{name: pandas.Series(texts, rows.index, object) for name, texts in columns.items()})


def _year(rows: "pandas.DataFrame", name: str, year: int | None, problems: Problems) -> int:
    """Of the file or as given; a division is of one year."""
    stated = sorted(set(rows["year"]) - {""})
    years = {codes.year_of(text) for text in stated}
    if None in years or len(years) > 1:
        problems.add(None, "jaar", f"een kaart is van één jaar; in het bestand staat {in_short(stated)}.")
    elif years and year not in {None, *years}:
        problems.add(None, "jaar", f"{stated[0]}, terwijl {year} is opgegeven. Laat het opgegeven jaar weg.")
    elif not years and year is None:
        problems.add(None, None, codes.advice_without_year(name))
    return year or min(years - {None}, default=0)


def _check_codes(rows: "pandas.DataFrame", problems: Problems) -> None:
    first: dict[str, int] = {}
    checked = ("code", "municipality", "stated_municipality", "district")
    for line, code, municipality, stated, district in zip(rows.index, *(rows[name] for name in checked), strict=True):
        if message := codes.code_problem(code):
            problems.add(line, "buurtcode", message)
        elif code in first:
            problems.add(line, "buurtcode", f"{code} staat ook op regel {first[code]}")
        elif stated not in {"", municipality}:
            problems.add(line, "gemeentecode", f"{stated} past niet bij {code}")
        elif not codes.WIJK.fullmatch(district):
            problems.add(line, "wijkcode", f"«{district}» is geen wijkcode (WK met zes tekens)")
        first.setdefault(code, line)


def _epsg(features: Features, layer: Layer, name: str) -> int:
    """RD or WGS84. Old GeoJSON says nothing, which GDAL takes for WGS84: there the coordinates decide."""
    import shapely

    present = features.shapes[~shapely.is_missing(features.shapes)]
    stated = shapes.epsg_of(features.crs) if features.crs else None
    if features.crs is None or (stated == shapes.WGS84 and layer.is_geojson):
        looks_like_rd = shapes.in_the_netherlands(present, shapes.RD).sum() * 2 > len(present)
        return shapes.RD if looks_like_rd else shapes.WGS84
    if stated is None:
        raise ImportRefused(
            f"«{name}» heeft een ander coördinatenstelsel ({shapes.crs_name(features.crs)}). Bewaar het "
            "in RD (EPSG:28992) of WGS84 (EPSG:4326)."
        )
    return stated


def _check_shapes(features: Features, rows: "pandas.DataFrame", epsg: int, problems: Problems) -> None:
    import shapely

    missing = shapely.is_missing(features.shapes) | shapely.is_empty(features.shapes)
    flat = ~missing & ~shapes.are_polygons(features.shapes)
    abroad = ~missing & ~flat & ~shapes.in_the_netherlands(features.shapes, epsg)
    for mask, message in (
        (missing, "heeft geen vorm"),
        (flat, "is een punt of lijn, geen vlak"),
        (abroad, "ligt buiten Nederland; is het bestand in RD (EPSG:28992) of WGS84?"),
    ):
        found = rows.loc[mask, "code"]
        texts = [f"{code} {message}" for code in found]
        problems.add_rows(found.index.tolist(), None, lambda i, texts=texts: texts[i])


def _figures(features: Features, rows: "pandas.DataFrame", year: int, problems: Problems) -> Figures:
    """The figures that the map carries: observations of its year."""
    import numpy

    header = list(features.table.columns)
    table = Table(header, features.table.set_axis(range(len(header)), axis="columns"))
    everywhere = numpy.ones(len(rows), dtype=bool)
    values, reasons = read_values(table, indicator_columns(header, CBS, problems), everywhere, problems)
    figures = Figures(rows.assign(year=year), values, reasons, [])
    figures.notes.extend(undo_old_name(figures, everywhere))
    return figures


def _polygons(features: Features, rows: "pandas.DataFrame", notes: list[str]) -> "numpy.ndarray":
    import shapely

    polygons, repaired = shapes.polygons_only(features.shapes)
    problems = Problems()
    for row in rows[shapely.is_empty(polygons)].itertuples():
        problems.add(row.Index, None, f"{row.code} heeft een vorm zonder oppervlak")
    problems.stop_if_any()
    if repaired:
        notes.append(f"Hersteld: {number_of(repaired, 'vorm', 'vormen')} met een grens die zichzelf kruist.")
    return polygons


def _groups(rows: "pandas.DataFrame") -> list["numpy.ndarray"]:
    return list(rows.reset_index(drop=True).groupby("municipality").indices.values())


def _wider(layers: list[Layer], rows: "pandas.DataFrame", name: str) -> Wider:
    """Names of wijken and gemeenten: of their own layer, else of a column of the buurten."""
    names = {code: f"Wijk {code[-2:]}" for code in rows["district"]}
    names |= {code: code for code in rows["municipality"]}
    outlines = {}
    for code, text in (("district", "district_name"), ("municipality", "municipality_name")):
        pairs = rows.loc[rows[text] != "", [code, text]].drop_duplicates(code)
        names |= dict(pairs.itertuples(index=False))
    for layer in layers:
        if _has(layer, "code"):
            continue
        role = "district" if _has(layer, "district") else "municipality"
        if not _has(layer, role):
            continue
        features = read_features(layer, [column for column in layer.columns if role_of(column)], name)
        found = _texts(features, role).map(codes.clean_code)
        wanted = found.isin(set(rows[role])) & ~_texts(features, "water").str.upper().isin(ONLY_WATER)
        features, found = features.where(wanted.to_numpy()), found[wanted]
        texts = _texts(features, f"{role}_name")
        names |= {code: text for code, text in zip(found, texts, strict=True) if text}
        if role == "municipality":
            outlines |= _outlines(features, found, layer, name)
    return Wider(names, outlines)


def _outlines(features: Features, found: "pandas.Series", layer: Layer, name: str) -> dict:
    """Outlines of gemeenten are an extra: one that is not whole is left out."""
    import numpy
    import shapely

    epsg = _epsg(features, layer, name)
    whole = shapes.are_polygons(features.shapes) & shapes.in_the_netherlands(features.shapes, epsg)
    polygons, _ = shapes.polygons_only(features.shapes[whole])
    by_code = {}
    for code, polygon in zip(found[whole], polygons, strict=True):
        by_code.setdefault(code, []).append(polygon)
    if not by_code:
        return {}
    joined = [parts[0] if len(parts) == 1 else shapely.union_all(parts) for parts in by_code.values()]
    drawn = shapes.draw(numpy.array(joined, dtype=object), [], epsg)
    return dict(zip(by_code, zip(drawn.geometries, drawn.labels.tolist(), strict=True), strict=True))
