"""Wide tables of figures per buurt: read, check, store. The importers differ in a `Source`."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from maps.bulk import one_at_a_time
from maps.importing import codes
from maps.importing.known import check_areas, known_areas
from maps.importing.numbers import bounds_of, read_column
from maps.importing.problems import ImportRefused, Problems
from maps.importing.storing import Columns, records, replace_earlier, store_dataset, store_observations
from maps.importing.tables import Table, Wanted, read_table
from maps.importing.words import in_short, number_of, years_in_words
from maps.indicators import INDICATORS, indicator_of, normalise
from maps.lineage import municipality_of
from maps.models import Dataset

if TYPE_CHECKING:
    import re

    import numpy
    import pandas

CODE_COLUMNS = (
    "buurtcode", "bu_code", "gwb_code", "codering", "wijkenenbuurten", "regio_code", "area_code", "code",
)  # fmt: skip
YEAR_COLUMNS = ("jaar", "year", "perioden", "periode")

# Older files give the national lowest 40% under the name of what is now the low-income line. By definition
# the one is 40% of the country's households; the other is about 7%.
LOWEST_INCOME_FROM = 20

ROWS = ("regel", "regels")
TWICE = "staat twee keer in het bestand. Laat er één weg."
NOT_THIS_YEAR = "staat niet in het bestand"


@dataclass(frozen=True)
class Source:
    """What kind of table this is: whose figures, under which name and licence."""

    kind: Dataset.Kind
    publisher: str  # the `source` of its indicators
    name: str
    licence: str
    name_has_years: bool = True
    own_year: bool = True  # codes are those of the division of the row's year
    skip_empty_rows: bool = False

    def title(self, years: list[int]) -> str:
        return f"{self.name} {years_in_words(years)}" if self.name_has_years else self.name


@dataclass(frozen=True)
class Figures:
    """`rows` has code, year and municipality by line number; values and reasons per indicator go with it."""

    rows: "pandas.DataFrame"
    values: Columns
    reasons: Columns
    notes: list[str] = field(default_factory=list)

    def where(self, mask: "numpy.ndarray") -> "Figures":
        if mask.all():
            return self
        return Figures(
            self.rows[mask],
            {key: column[mask] for key, column in self.values.items()},
            {key: column[mask] for key, column in self.reasons.items()},
            self.notes,
        )


def import_figures(source: Source, path: Path, *, year, municipality, by, file_name) -> Dataset:
    """Store every row of the table, or none; raises ImportRefused with every problem."""
    path = Path(path)
    name = file_name or path.name
    year, municipality = codes.checked_year(year), codes.checked_municipality(municipality)
    table = read_table(path, name, WANTED)
    problems = Problems()
    figures = read_figures(table, source, name, year=year, municipality=municipality, problems=problems)
    with one_at_a_time():
        known = known_areas(set(figures.rows["municipality"]))
        figures.notes.extend(check_areas(figures.rows, known, own_year=source.own_year, problems=problems))
        problems.stop_if_any()
        return store(source, figures, path, name, fictional=known.fictional, by=by)


# --- read ---


def is_code(column: str) -> bool:
    return normalise(column) in CODE_COLUMNS


def _is_year(column: str) -> bool:
    return normalise(column) in YEAR_COLUMNS


NO_CODES = f"geen kolom met buurtcodes gevonden. Noem die «buurtcode» (of {', '.join(CODE_COLUMNS[1:])})."
WANTED = Wanted(
    is_key=is_code,
    is_wanted=lambda column: is_code(column) or _is_year(column) or indicator_of(column) is not None,
    no_key=NO_CODES,
)


def read_figures(table: Table, source: Source, name: str, *, year, municipality, problems) -> Figures:
    """The rows about buurten (of one municipality, if given) with what they say; problems are collected."""
    columns = _required_columns(table.header, source, problems)
    rows, is_buurt, notes = read_codes(table, problems)
    wanted = only_of(municipality, rows, is_buurt, name, notes, problems)
    rows["year"] = _read_years(table, rows, wanted, name, year, problems)
    _check_double_rows(rows[wanted], problems)
    figures = Figures(rows, *read_values(table, columns, wanted, problems), notes)
    notes.extend(undo_old_name(figures, is_buurt))
    return figures.where(wanted)


def _required_columns(header: list[str], source: Source, problems: Problems) -> dict[str, int]:
    columns = indicator_columns(header, source.publisher, problems)
    if not columns:
        raise ImportRefused(_no_indicator(source, [column for column in header if indicator_of(column)]))
    return columns


def indicator_columns(header: list[str], publisher: str, problems: Problems) -> dict[str, int]:
    """Indicator key -> position, of the figures of this publisher. The same figure twice is a problem."""
    found: dict[str, int] = {}
    for position, column in enumerate(header):
        indicator = indicator_of(column)
        if indicator is None or indicator.source != publisher:
            continue
        if indicator.key in found:
            other = header[found[indicator.key]]
            problems.add(None, column, TWICE if other == column else f"is hetzelfde als {other}. Laat er één weg.")
        found.setdefault(indicator.key, position)
    return found


def _no_indicator(source: Source, foreign: list[str]) -> str:
    names = [i.columns[0] for i in INDICATORS.values() if i.source == source.publisher]
    advice = f"Geen enkele kolom is bekend. Dit kan worden ingelezen: {', '.join(names)}."
    if foreign:
        advice += f" Wel gevonden: {', '.join(foreign)}; kies daarvoor een andere soort gegevens."
    return advice


def read_codes(table: Table, problems: Problems) -> tuple["pandas.DataFrame", "numpy.ndarray", list[str]]:
    """Code and municipality of every row, which rows are buurten, and a note on the others."""
    import pandas

    position = _code_column(table, problems)
    # As objects: pandas would make arrays of text of them, which cost more than what is done with them here.
    cells = table.cells[position].tolist()
    found = pandas.Series([codes.clean_code(cell) for cell in cells], table.cells.index, object)
    is_buurt = _matching(codes.BUURT, found)
    others = found[~is_buurt]
    wrong = others[~_matching(codes.OTHER_LEVEL, others)]
    texts = wrong.tolist()
    problems.add_rows(wrong.index.tolist(), table.header[position], lambda i: codes.code_problem(texts[i]))
    if any(codes.LOOKS_NUMERIC.fullmatch(text) for text in texts):
        problems.add(None, table.header[position], codes.NUMERIC_ADVICE)
    rows = found.to_frame("code")
    municipalities = [municipality_of(code) for code in found.tolist()]
    rows["municipality"] = pandas.Series(municipalities, found.index, object)
    notes = []
    if other_levels := len(others) - len(wrong):
        notes.append(f"Overgeslagen: {number_of(other_levels, *ROWS)} over land, gemeente of wijk.")
    return rows, is_buurt, notes


def _matching(pattern: "re.Pattern", texts: "pandas.Series") -> "numpy.ndarray":
    import numpy

    return numpy.array([pattern.fullmatch(text) is not None for text in texts.tolist()], dtype=bool)


def _code_column(table: Table, problems: Problems) -> int:
    """The most specific code column that holds buurten; some files of CBS carry codes in several shapes."""
    positions = [p for p in table.cells.columns if is_code(table.header[p])]
    names = [table.header[p].lower() for p in positions]
    for column in {name for name in names if names.count(name) > 1}:
        problems.add(None, column, TWICE)
    positions.sort(key=lambda p: CODE_COLUMNS.index(normalise(table.header[p])))
    return next((p for p in positions if _holds_buurten(table.cells[p])), positions[0])


def _holds_buurten(cells: "pandas.Series") -> bool:
    return any(codes.BUURT.fullmatch(codes.clean_code(cell)) for cell in cells.tolist())


def only_of(municipality: str | None, rows, is_buurt, name: str, notes: list[str], problems) -> "numpy.ndarray":
    """Which rows are about buurten of this municipality (or of any); a note counts the others. None is refused."""
    wanted = is_buurt & (rows["municipality"] == municipality).to_numpy() if municipality else is_buurt
    if not wanted.any():
        problems.stop_if_any()
        raise _nothing_wanted(rows[is_buurt], name, municipality)
    if left_out := int(is_buurt.sum() - wanted.sum()):
        notes.append(f"Overgeslagen: {number_of(left_out, *ROWS)} van andere gemeenten dan {municipality}.")
    return wanted


def _nothing_wanted(rows: "pandas.DataFrame", name: str, municipality: str | None) -> ImportRefused:
    if not len(rows):
        return ImportRefused(f"«{name}» bevat geen enkele buurt (een code die begint met BU).")
    present = sorted(set(rows["municipality"]))
    return ImportRefused(f"«{name}» bevat geen buurten van {municipality}; wel van {in_short(present)}.")


def _read_years(table: Table, rows, wanted, name: str, year: int | None, problems) -> "pandas.Series":
    import pandas

    positions = [p for p in table.cells.columns if _is_year(table.header[p])]
    if not positions:
        if year is None:
            problems.add(None, None, codes.advice_without_year(name))
        return pandas.Series(year or 0, index=rows.index)
    for position in positions[1:]:
        problems.add(None, table.header[position], f"staat naast {table.header[positions[0]]}. Laat er één weg.")
    column, cells = table.header[positions[0]], table.cells[positions[0]]
    different = {cell: codes.year_of(cell) or 0 for cell in cells.unique()}
    found = pandas.Series([different[cell] for cell in cells.tolist()], rows.index)
    wrong = cells[wanted & (found == 0).to_numpy()]
    texts = wrong.tolist()
    problems.add_rows(
        wrong.index.tolist(), column,
        lambda i: f"«{texts[i]}» is geen jaar van {codes.FIRST_YEAR} tot en met {codes.last_year()}",
    )  # fmt: skip
    if year is not None:
        other = found[wanted & ~found.isin([year, 0]).to_numpy()]
        if len(other):
            where = f"{other.iloc[0]}, terwijl {year} is opgegeven ({number_of(len(other), *ROWS)})"
            problems.add(other.index[0], column, f"{where}. Laat het opgegeven jaar weg.")
    return found


def _check_double_rows(rows: "pandas.DataFrame", problems: Problems) -> None:
    first: dict[tuple, int] = {}
    named = list(zip(rows["code"].tolist(), rows["year"].tolist(), strict=True))
    if len(set(named)) == len(named):
        return
    for line, (code, year) in zip(rows.index.tolist(), named, strict=True):
        if year and first.setdefault((code, year), line) != line:
            problems.add(line, None, f"{code} staat ook op regel {first[code, year]}")


def read_values(
    table: Table, columns: dict[str, int], wanted: "numpy.ndarray", problems: Problems
) -> tuple[Columns, Columns]:
    """Values and reasons of every indicator; problems only of the wanted rows."""
    values, reasons = {}, {}
    for key, position in columns.items():
        values[key], reasons[key] = read_column(
            table.cells[position],
            table.header[position],
            bounds_of(INDICATORS[key]),
            rows=wanted,
            problems=problems,
        )
    return values, reasons


def undo_old_name(figures: Figures, is_buurt: "numpy.ndarray") -> list[str]:
    """Where «met laag inkomen» in fact holds the lowest 40%, call it that. Per year of the file."""
    import numpy

    if "low_income" not in figures.values or "lowest_income" in figures.values:
        return []
    low, years = figures.values["low_income"], figures.rows["year"].to_numpy()
    old = numpy.zeros(len(low), dtype=bool)
    for year in numpy.unique(years[is_buurt]):
        in_year = is_buurt & (years == year) & ~numpy.isnan(low)
        if in_year.any() and numpy.median(low[in_year]) >= LOWEST_INCOME_FROM:
            old |= years == year
    if not old.any():
        return []
    reasons = figures.reasons["low_income"]
    nowhere = numpy.full(len(low), numpy.nan)
    absent = numpy.full(len(low), NOT_THIS_YEAR, dtype=object)
    figures.values["lowest_income"] = numpy.where(old, low, nowhere)
    figures.reasons["lowest_income"] = numpy.where(old, reasons, absent)
    figures.values["low_income"] = numpy.where(old, nowhere, low)
    figures.reasons["low_income"] = numpy.where(old, absent, reasons)
    if old[is_buurt].all():
        del figures.values["low_income"], figures.reasons["low_income"]
    in_words = years_in_words(sorted({int(year) for year in years[old & is_buurt]}))
    return [
        f"De kolom met huishoudens met een laag inkomen bevat in {in_words} het landelijk laagste 40%: "
        f"de mediaan is {LOWEST_INCOME_FROM}% of meer, terwijl landelijk ongeveer 7% een laag inkomen heeft. "
        "Ingelezen als «laagste inkomens»."
    ]


# --- store ---


def store(source: Source, figures: Figures, path: Path, name: str, *, fictional: set[str], by) -> Dataset:
    import numpy

    municipalities = sorted(set(figures.rows["municipality"]))
    years = sorted({int(year) for year in figures.rows["year"]})
    replaced = set(zip(figures.rows["code"].tolist(), figures.rows["year"].tolist(), strict=True))
    if source.skip_empty_rows:
        has_figure = numpy.any([~numpy.isnan(column) for column in figures.values.values()], axis=0)
        if empty := int((~has_figure).sum()):
            figures.notes.append(f"Niet opgeslagen: {number_of(empty, *ROWS)} zonder enkele score.")
        figures = figures.where(has_figure)
    dataset = store_dataset(
        path,
        name,
        kind=source.kind,
        source=source.title(years),
        licence=source.licence,
        fictional=fictional,
        years=years,
        municipalities=municipalities,
        rows=len(figures.rows),
        notes=figures.notes,
        imported_by=by,
    )
    store_observations(
        dataset, records(figures.rows["code"], figures.rows["year"].tolist(), figures.values, figures.reasons)
    )
    replace_earlier(dataset, keys=set(figures.values), rows=replaced)
    return dataset
