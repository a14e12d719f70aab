"""Which areas were imported, and whether the rows of a table are about them."""

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from maps.importing.codes import municipality_of
from maps.importing.problems import Problems
from maps.importing.words import number_of
from maps.models import Area, Dataset

if TYPE_CHECKING:
    import pandas

Divisions = dict[int, set[str]]  # year -> buurt codes, those that are only water among them


@dataclass(frozen=True)
class KnownAreas:
    divisions: dict[str, Divisions]  # by municipality
    fictional: set[str]  # municipalities


def known_areas(municipalities: set[str]) -> KnownAreas:
    divisions: dict[str, Divisions] = defaultdict(lambda: defaultdict(set))
    fictional, origins = set(), set()
    areas = Area.objects.neighbourhoods().filter(municipality__in=municipalities).order_by()
    rows = areas.values_list("code", "year", "municipality", "dataset_id", "dataset__fictional")
    for code, year, municipality, dataset, is_fictional in rows.iterator():
        divisions[municipality][year].add(code)
        origins.add((dataset, year))
        if is_fictional:
            fictional.add(municipality)
    datasets = Dataset.objects.in_bulk({dataset for dataset, _ in origins})
    for dataset, year in origins:
        for code in datasets[dataset].dropped_codes:
            if year in divisions.get(municipality_of(code), {}):
                divisions[municipality_of(code)][year].add(code)
    return KnownAreas(divisions, fictional)


def check_areas(rows: "pandas.DataFrame", known: KnownAreas, *, own_year: bool, problems: Problems) -> list[str]:
    """Report rows about areas that were not imported; return notes. `rows`: code, year, municipality by line.

    `own_year`: the codes are those of the division of the row's year, as with CBS. Leefbaarometer and police
    give all their years in one division, so there a code of any imported division is right.
    """
    outside = set()
    for municipality, lines in rows.groupby("municipality", sort=False):
        divisions = known.divisions.get(municipality)
        if divisions is None:
            problems.add(lines.index[0], None, _not_imported(municipality, len(lines)))
            continue
        in_any_year = set().union(*divisions.values())
        for year, group in lines.groupby("year"):
            expected = divisions[year] if own_year and year in divisions else in_any_year
            unknown = group.loc[~group["code"].isin(expected), "code"]
            if year in divisions:
                _report_unknown(unknown, year, problems)
            else:
                outside.update(unknown)
    if not outside:
        return []
    codes = number_of(len(outside), "buurtcode", "buurtcodes")
    return [f"In geen enkele ingelezen indeling: {codes} (bijvoorbeeld {min(outside)})."]


def _not_imported(municipality: str, rows: int) -> str:
    what = f"gemeente {municipality} is niet ingelezen ({number_of(rows, 'regel', 'regels')})"
    return f"{what}; lees eerst de buurten van {municipality} in, of kies één gemeente met --municipality"


def _report_unknown(unknown: "pandas.Series", year: int, problems: Problems) -> None:
    texts = [f"onbekend gebied {code}; het hoort niet bij de ingelezen buurten van {year}" for code in unknown]
    problems.add_rows(unknown.index.tolist(), None, lambda i: texts[i])
