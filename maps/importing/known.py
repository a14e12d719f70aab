"""Which areas were imported, and whether the rows of a table are about them."""

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from maps.importing.problems import Problems
from maps.importing.words import number_of
from maps.lineage import municipality_of
from maps.models import Area, Dataset

if TYPE_CHECKING:
    import pandas

Divisions = dict[int, set[str]]  # year -> buurt codes, those that are only water among them


@dataclass(frozen=True)
class KnownAreas:
    divisions: dict[str, Divisions]  # by municipality
    fictional: set[str]  # municipalities


def known_areas(municipalities: set[str]) -> KnownAreas:
    origins: dict[tuple, set[str]] = defaultdict(set)
    areas = Area.objects.neighbourhoods().filter(municipality__in=municipalities).order_by()
    rows = areas.values_list("code", "dataset_id", "year", "municipality")
    for code, dataset, year, municipality in rows.iterator():
        origins[dataset, year, municipality].add(code)
    divisions: dict[str, Divisions] = defaultdict(lambda: defaultdict(set))
    for (_, year, municipality), found in origins.items():
        divisions[municipality][year] |= found
    datasets = Dataset.objects.in_bulk({dataset for dataset, _, _ in origins})
    for dataset, year in {(dataset, year) for dataset, year, _ in origins}:
        for code in datasets[dataset].dropped_codes:
            if year in divisions.get(municipality_of(code), {}):
                divisions[municipality_of(code)][year].add(code)
    fictional = {municipality for dataset, _, municipality in origins if datasets[dataset].fictional}
    return KnownAreas(divisions, fictional)


def check_areas(rows: "pandas.DataFrame", known: KnownAreas, *, own_year: bool, problems: Problems) -> list[str]:
    """Report rows about areas that were not imported; return notes. `rows`: code, year, municipality by line.

    `own_year`: the codes are those of the division of the row's year, as with CBS. Leefbaarometer and police
    give all their years in one division, so there a code of any imported division is right.
    """
    in_any_year = {municipality: set().union(*years.values()) for municipality, years in known.divisions.items()}
    outside: set[str] = set()
    absent: dict[str, list[int]] = defaultdict(list)  # municipality -> lines
    columns = (rows[name].tolist() for name in ("code", "year", "municipality"))
    for line, code, year, municipality in zip(rows.index.tolist(), *columns, strict=True):
        divisions = known.divisions.get(municipality)
        if divisions is None:
            absent[municipality].append(line)
        elif code not in (divisions[year] if own_year and year in divisions else in_any_year[municipality]):
            if year in divisions:
                problems.add(line, None, _unknown(code, year))
            else:
                outside.add(code)
    for municipality, lines in absent.items():
        problems.add(lines[0], None, _not_imported(municipality, len(lines)))
    if not outside:
        return []
    codes = number_of(len(outside), "buurtcode", "buurtcodes")
    return [f"In geen enkele ingelezen indeling: {codes} (bijvoorbeeld {min(outside)})."]


def _not_imported(municipality: str, rows: int) -> str:
    what = f"gemeente {municipality} is niet ingelezen ({number_of(rows, 'regel', 'regels')})"
    return f"{what}; lees eerst de buurten van {municipality} in, of kies één gemeente met --municipality"


def _unknown(code: str, year: int) -> str:
    return f"onbekend gebied {code}; het hoort niet bij de ingelezen buurten van {year}"
