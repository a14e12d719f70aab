"""Which figures are about a buurt of the map: never by its code alone.

Figures of CBS go with the division of their own year. Leefbaarometer and police give all their years in one division,
so there the codes of the file tell which. `maps.succession` knows what became of a place between two divisions; for
a division whose shapes were not imported there is only what CBS marks (`indelingswijziging`).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from maps.indicators import INDICATORS, together
from maps.models import Area, Dataset, Observation, Succession
from maps.succession import COMPARABLE, WHOLE, Kind, Unit

OWN_YEAR = frozenset({Dataset.Kind.AREAS, Dataset.Kind.INDICATORS})
FLAGGED = {Area.Change.RECODED: "een andere code", Area.Change.BOUNDARY: "een andere grens"}

Key = tuple[str, int]  # buurt code, year


class Row(NamedTuple):
    """One observation, as stored."""

    code: str
    year: int
    kind: str
    dataset: int
    values: Mapping[str, float]
    missing: Mapping[str, str] = {}
    source: str = ""

    @property
    def municipality(self) -> str:
        return municipality_of(self.code)


@dataclass(frozen=True)
class Found:
    """The figures of one place in one year; or why there are none (`blocked`). `frame`: the buurten of the map that
    they are about together; more than one where a buurt was cut up since."""

    values: Mapping[str, float] = field(default_factory=dict)
    frame: tuple[str, ...] = ()
    then: tuple[str, ...] = ()  # codes then
    blocked: str = ""


@dataclass(frozen=True)
class Past:
    """What one file says of a place in one year."""

    year: int
    values: Mapping[str, float]
    missing: Mapping[str, str]
    source: str


def municipality_of(code: str) -> str:
    """Of a buurt, by its code: BU0308… lies in GM0308."""
    return f"GM{code[2:6]}"


class Places:
    """The places of some municipalities on the map of one division, and the figures that are about them.

    `shown`: municipality -> year of the division on the map. `divisions`: municipality -> all years imported, newest
    first. `keep`: also the rows themselves, for `history`.
    """

    def __init__(
        self, rows: Iterable[Row], *, shown: Mapping[str, int], divisions: Mapping[str, list[int]], keep: bool = False
    ):
        self._shown = shown
        self._divisions = {code: [y for y in years if y <= shown[code]] for code, years in divisions.items()}
        self._several = {code for code, years in divisions.items() if len(years) > 1}
        self._codes = _codes_by_division(self._several)
        self._successions = _successions(shown, self._several)
        self._flags = _flags()
        self._by_key: dict[tuple[str, str, int], dict[str, float]] = {}  # (group, code, year) -> values
        self._groups: dict[tuple[str, int], list[str]] = defaultdict(list)  # (municipality, year) -> fixed groups
        self._division: dict[tuple[str, str, int], int] = {}  # (municipality, group, year) -> division of the codes
        self._own_years: set[tuple[str, int]] = set()  # (municipality, year) of which CBS figures were imported
        self._files: dict[tuple[int, int], dict[str, Row]] = defaultdict(dict)  # (dataset, year) -> code -> row
        self._take(rows, keep)

    def _take(self, rows: Iterable[Row], keep: bool) -> None:
        ambiguous: dict[tuple[str, str, int], set[str]] = defaultdict(set)
        for row in rows:
            group = _group(row)
            if not group:
                self._own_years.add((row.municipality, row.year))
            if keep:
                self._files[row.dataset, row.year][row.code] = row
            self._by_key.setdefault((group, row.code, row.year), {}).update(row.values)
            if row.municipality in self._several:
                ambiguous[row.municipality, group, row.year].add(row.code)
            if group and group not in self._groups[row.municipality, row.year]:
                self._groups[row.municipality, row.year].append(group)
        files: dict[tuple[str, str], tuple[set[str], int]] = {}  # all codes and the last year of what has one division
        for (municipality, group, year), codes in ambiguous.items():
            known, last = files.get((municipality, group), (set(), 0))
            files[municipality, group] = known | codes, max(last, year)
        for (municipality, group, year), codes in ambiguous.items():
            if not group and year in self._divisions[municipality]:
                self._division[municipality, group, year] = year
            else:
                known, last = files[municipality, group] if group else (codes, year)
                self._division[municipality, group, year] = self._best_division(municipality, known, last)

    def _best_division(self, municipality: str, codes: set[str], last_year: int) -> int:
        """The division that has most of these codes; of equals the one that held in the last year of the figures."""

        def fit(year: int) -> tuple:
            return len(codes & self._codes[municipality, year]), year <= last_year, -abs(year - last_year)

        return max(self._divisions[municipality], key=fit)

    def in_year(self, code: str, year: int) -> Found:
        """All figures about this buurt of the map in one year."""
        return self._with_scores(code, year, self._of_group(code, year, ""))

    def pair(self, code: str, start: int, end: int) -> tuple[Found, Found]:
        """Figures of two years about one and the same piece of land: the buurt, or the smallest whole around it."""
        found = {year: self._of_group(code, year, "") for year in (start, end)}
        if not any(own.blocked for own in found.values()):
            frame = max((own.frame for own in found.values()), key=len)
            found = {year: self._of_frame(frame, own, year) for year, own in found.items()}
        first, last = (self._with_scores(code, year, own) for year, own in found.items())
        return first, last

    def _with_scores(self, code: str, year: int, own: Found) -> Found:
        """`own` with the figures of files that have one division for all their years. A score of a larger whole is
        not that of its parts."""
        blocked, values = own.blocked, own.values
        for group in self._groups.get((municipality_of(code), year), ()):
            found = self._of_group(code, year, group)
            blocked = blocked or found.blocked
            if len(found.frame) == 1:
                values = {**values, **found.values}
        return Found(values, own.frame, own.then, blocked)

    def _of_frame(self, frame: tuple[str, ...], found: Found, year: int) -> Found:
        if found.frame == frame:
            return found
        parts = [self._of_group(code, year, "") for code in frame]
        if any(part.blocked or not set(part.frame) <= set(frame) for part in parts):
            return Found(blocked="de grens veranderde meer dan eens")
        distinct = {part.frame: part for part in parts}.values()
        then = tuple(code for part in distinct for code in part.then)
        return Found(together([part.values for part in distinct]), frame, then)

    def _of_group(self, code: str, year: int, group: str) -> Found:
        municipality = municipality_of(code)
        if not group and (municipality, year) not in self._own_years:
            return Found({}, (code,), (code,))
        unit, blocked = self._stood_for(code, year, group)
        if blocked:
            return Found(blocked=blocked)
        parts = [self._by_key.get((group, then, year), {}) for then in unit.old]
        return Found(parts[0] if len(parts) == 1 else together(parts), unit.new, unit.old)

    def _stood_for(self, code: str, year: int, group: str) -> tuple[Unit, str]:
        """What this buurt of the map was in figures of that year; or why that cannot be said."""
        municipality = municipality_of(code)
        shown = self._shown[municipality]
        division = self._division.get((municipality, group, year), shown)
        unit = self._unit(code, municipality, division)
        if unit.kind not in COMPARABLE:
            return unit, _why(unit, division, shown)
        if not group and division != year:  # the shapes of that year itself are not known
            return unit, self._flagged(code, year, shown) or self._moved_since(code, municipality, year, division)
        return unit, ""

    def history(self, code: str) -> list[Past]:
        """All figures about this buurt, oldest first; of a year that cannot be compared, why not."""
        past = []
        for (_, year), rows in sorted(self._files.items(), key=lambda item: item[0][::-1]):
            any_row = next(iter(rows.values()))
            unit, blocked = self._stood_for(code, year, _group(any_row))
            parts = [rows[then] for then in unit.old if then in rows]
            if not blocked and len(unit.new) > 1:
                blocked = "toen nog één gebied met een andere buurt"
            if blocked:
                past.append(Past(year, {}, dict.fromkeys(INDICATORS, blocked), any_row.source))
            elif len(parts) == len(unit.old) == 1:
                past.append(Past(year, parts[0].values, parts[0].missing, any_row.source))
            elif parts and len(parts) == len(unit.old):
                past.append(Past(year, together([part.values for part in parts]), {}, any_row.source))
        return past

    def _unit(self, code: str, municipality: str, division: int) -> Unit:
        if division == self._shown[municipality]:
            return Unit(Kind.SAME, (code,), (code,))
        return self._successions.get((code, division)) or Unit(Kind.NEW, (), (code,))

    def _moved_since(self, code: str, municipality: str, year: int, division: int) -> str:
        """A border that moved since an earlier division may have moved before the figures or after them."""
        shown = self._shown[municipality]
        earlier = next((older for older in self._divisions[municipality] if older <= min(year, shown - 1)), division)
        if earlier == division:
            return ""
        unit = self._unit(code, municipality, earlier)
        return "" if unit.kind in WHOLE else _why(unit, earlier, shown)

    def _flagged(self, code: str, year: int, shown: int) -> str:
        """What CBS says of the code itself between the year of the figures and the map."""
        for flagged, change in self._flags.get(code, ()):
            if min(year, shown) < flagged <= max(year, shown):
                return (
                    f"de buurt kreeg {FLAGGED[change]} in {flagged}; cijfers van eerder gaan over een ander gebied "
                    "dan op de kaart"
                )
        return ""


def _group(row: Row) -> str:
    """Figures that share one division: those of CBS go by their year, others by their file."""
    return "" if row.kind in OWN_YEAR else str(row.dataset)


def _why(unit: Unit, division: int, shown: int) -> str:
    if unit.kind is Kind.CHANGED:
        return f"de grens van {division} is een andere dan die van {shown}"
    return f"de buurt bestond in {division} nog niet"


def _codes_by_division(municipalities: set[str]) -> dict[tuple[str, int], set[str]]:
    found: dict[tuple[str, int], set[str]] = defaultdict(set)
    if municipalities:
        areas = Area.objects.neighbourhoods().filter(municipality__in=municipalities).order_by()
        for municipality, year, code in areas.values_list("municipality", "year", "code"):
            found[municipality, year].add(code)
    return found


def _successions(shown: Mapping[str, int], municipalities: set[str]) -> dict[tuple[str, int], Unit]:
    """(code on the map, older division) -> what it came from."""
    found = {}
    if municipalities:
        for stored in Succession.objects.filter(municipality__in=municipalities):
            if stored.new_year == shown.get(stored.municipality):
                for unit in map(Unit.from_list, stored.units):
                    found |= dict.fromkeys(((code, stored.old_year) for code in unit.new), unit)
    return found


def _flags() -> dict[str, list[tuple[int, int]]]:
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    flagged = Area.objects.neighbourhoods().filter(change__in=FLAGGED).order_by("year")
    for code, year, change in flagged.values_list("code", "year", "change"):
        found[code].append((year, change))
    return found


def describe(frame: tuple[str, ...], then: tuple[str, ...], names: Mapping[str, str], year: int) -> str:
    """Over which land a figure goes when that is not the buurt as it is on the map; empty when it is."""
    if len(frame) > 1:
        return f"Berekend over {_and(frame, names)} samen: in {year} was dat nog één gebied."
    if len(then) > 1:
        return f"In {year} bestond deze buurt uit {_and(then, names)}; hun aantallen zijn opgeteld."
    return ""


def _and(codes: tuple[str, ...], names: Mapping[str, str]) -> str:
    words = [names.get(code, code) for code in codes]
    return f"{', '.join(words[:-1])} en {words[-1]}"


def histories(municipality: str, division: int, codes: Iterable[str]) -> dict[str, list[Past]]:
    """Buurt code -> its figures over all years, for buurten of one municipality on the map of one division."""
    codes = list(codes)
    divisions = divisions_of(municipality)
    rows = rows_of(codes=codes, full=True) if len(divisions) == 1 else rows_of(municipality=municipality, full=True)
    if len(divisions) > 1:
        elsewhere = set()
        for stored in Succession.objects.filter(municipality=municipality, new_year=division):
            elsewhere |= {old for unit in stored.units for old in unit[1] if municipality_of(old) != municipality}
        rows += rows_of(codes=elsewhere, full=True) if elsewhere else []
    places = Places(rows, shown={municipality: division}, divisions={municipality: divisions}, keep=True)
    return {code: places.history(code) for code in codes}


def divisions_of(municipality: str) -> list[int]:
    """Years of which its buurten were imported, newest first."""
    areas = Area.objects.neighbourhoods().in_municipality(municipality)
    return list(areas.order_by("-year").values_list("year", flat=True).distinct())


def rows_of(*, years=None, municipality: str | None = None, codes: Iterable[str] | None = None, full: bool = False):
    """Stored observations, earlier imports first: of two figures the later import counts. `full`: also what is missing
    and the source."""
    found = Observation.objects.order_by("year", "dataset_id")
    if years is not None:
        found = found.in_years(*years)
    if municipality is not None:
        found = found.in_municipality(municipality)
    if codes is not None:
        found = found.filter(area_code__in=codes)
    columns = ["area_code", "year", "dataset__kind", "dataset_id", "values"]
    if full:
        columns += ["missing", "dataset__source"]
    return [Row(*row) for row in found.values_list(*columns).iterator(chunk_size=5000)]
