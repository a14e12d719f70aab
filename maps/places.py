"""Which figures are about a buurt of the map: never by its code alone (`maps.lineage`).

Figures of CBS go with the division of their own year. Leefbaarometer and police give all their years in one division,
that of their last year: there the codes of the file tell.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import Q

from maps.indicators import together
from maps.lineage import Lineage, Stood, codes_elsewhere, divisions, municipality_of
from maps.models import Dataset, Observation, ObservationQuerySet
from maps.succession import Names, named

OWN_YEAR = frozenset({Dataset.Kind.AREAS, Dataset.Kind.INDICATORS})
IN_A_WHOLE = "in dat jaar één gebied met een andere buurt"
NOT_ADDED = "in dat jaar meer dan één buurt; dit cijfer is niet op te tellen"

Present = dict[tuple[str, str, int], set[str]]  # (municipality, file, `Row.division`) -> all codes in it
OF_ITS_YEAR = ""  # in place of a file: the figures that go with the division of their own year


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
    def file(self) -> str:
        return OF_ITS_YEAR if self.kind in OWN_YEAR else str(self.dataset)

    @property
    def division(self) -> int:
        """The year that its code is of; 0 where that is one and the same for all years of the file."""
        return self.year if self.kind in OWN_YEAR else 0


@dataclass(frozen=True)
class Found:
    """The figures of one place in one year; or why there are none (`blocked`)."""

    values: Mapping[str, float] = field(default_factory=dict)
    frame: tuple[str, ...] = ()  # buurten of the map that they are about together; several where a buurt was cut up
    then: tuple[str, ...] = ()  # codes that they stood under
    division: int = 0  # of those codes
    blocked: str = ""

    @property
    def of_itself(self) -> bool:
        """Neither put together from others nor cut out of one."""
        return len(self.frame) == len(self.then) == 1

    def beside(self, scores: "Found") -> "Found":
        """With the scores of the buurt, which may be of another year."""
        values, blocked = {**self.values, **scores.values}, self.blocked or scores.blocked
        return Found(values, self.frame, self.then, self.division, blocked)


@dataclass(frozen=True)
class Past:
    """What one file says of a place in one year."""

    year: int
    values: Mapping[str, float]
    missing: Mapping[str, str]
    source: str


class Places:
    """The places on the map of some municipalities (`lineage`), and the figures that are about them. `keep`: also the
    rows themselves, for `history`."""

    def __init__(self, rows: Iterable[Row], lineage: Lineage, *, keep: bool = False):
        self._lineage = lineage
        self._values: dict[tuple[str, str, int], dict[str, float]] = {}  # (file, code, year)
        self._files: dict[tuple[str, int], list[str]] = defaultdict(list)  # (municipality, year) -> in order of import
        self._present: Present = defaultdict(set)
        self._kept: dict[tuple[int, int], dict[str, Row]] = defaultdict(dict)  # (dataset, year) -> code -> row
        for row in rows:
            self._take(row)
            if keep:
                self._kept[row.dataset, row.year][row.code] = row
        self._division = _divisions_of_files(self._present, lineage)

    def _take(self, row: Row) -> None:
        file = row.file
        self._values.setdefault((file, row.code, row.year), {}).update(row.values)
        for municipality in self._lineage.maps_of(row.code):
            files = self._files[municipality, row.year]
            if file not in files:
                files.append(file)
            self._present[municipality, file, row.division].add(row.code)

    def residents(self, code: str, year: int) -> Found:
        """The figures that go with the division of their year, for this buurt of the map."""
        return self._of_file(code, year, OF_ITS_YEAR)

    def pair(self, code: str, start: int, end: int) -> tuple[Found, Found]:
        """`residents` of two years about one and the same piece of land: the buurt, or the smallest whole around it."""
        first, last = self.residents(code, start), self.residents(code, end)
        if first.blocked or last.blocked:
            return first, last
        frame = max(first.frame, last.frame, key=len)
        return self._of_frame(frame, first, start), self._of_frame(frame, last, end)

    def scores(self, code: str, year: int) -> Found:
        """The figures of files that have one division for all their years. They do not add up: a score of a larger
        whole is not that of its parts."""
        values, blocked = {}, ""
        for file in self._files.get((municipality_of(code), year), ()):
            if file != OF_ITS_YEAR:
                found = self._of_file(code, year, file)
                if len(found.frame) == 1:
                    values |= found.values
                blocked = blocked or found.blocked
        return Found(values, (code,), (code,), blocked="" if values else blocked)

    def _of_file(self, code: str, year: int, file: str) -> Found:
        municipality = municipality_of(code)
        if file not in self._files.get((municipality, year), ()):
            return Found({}, (code,), (code,))
        stood = self._stood_for(code, year, file)
        unit = stood.unit
        if stood.blocked:
            says_something = any((file, then, year) in self._values for then in (code, *unit.old))
            relevant = file == OF_ITS_YEAR or says_something
            return Found(frame=unit.new, then=unit.old, blocked=stood.blocked if relevant else "")
        parts = [self._values.get((file, then, year), {}) for then in unit.old]
        return Found(parts[0] if len(parts) == 1 else together(parts), unit.new, unit.old, stood.division)

    def _stood_for(self, code: str, year: int, file: str) -> Stood:
        municipality = municipality_of(code)
        if file == OF_ITS_YEAR:
            return self._lineage.stood_for(code, year, self._present[municipality, file, year])
        return self._lineage.stood_for(code, self._division[municipality, file], self._present[municipality, file, 0])

    def _of_frame(self, frame: tuple[str, ...], found: Found, year: int) -> Found:
        if found.frame == frame:
            return found
        parts = {part.frame: part for part in (self.residents(code, year) for code in frame)}
        if any(part.blocked or not set(part.frame) <= set(frame) for part in parts.values()):
            return Found(blocked="de grens is meer dan eens gewijzigd")
        then = tuple(code for part in parts.values() for code in part.then)
        return Found(together([part.values for part in parts.values()]), frame, then, found.division)

    def history(self, code: str) -> list[Past]:
        """All figures about this buurt, oldest first; of a year that cannot be compared, why not."""
        past = []
        for (_, year), rows in sorted(self._kept.items(), key=lambda item: item[0][::-1]):
            any_row = next(iter(rows.values()))
            stood = self._stood_for(code, year, any_row.file)
            blocked = stood.blocked or (IN_A_WHOLE if len(stood.unit.new) > 1 else "")
            parts = [rows[then] for then in stood.unit.old if then in rows]
            if blocked:
                in_file = {*any_row.values, *any_row.missing}
                past.append(Past(year, {}, dict.fromkeys(in_file, blocked), any_row.source))
            elif len(parts) == len(stood.unit.old) == 1:
                past.append(Past(year, parts[0].values, parts[0].missing, any_row.source))
            elif parts and len(parts) == len(stood.unit.old):
                past.append(Past(year, *_joined(parts), any_row.source))
        return past


def _joined(parts: list[Row]) -> tuple[dict[str, float], dict[str, str]]:
    values = together([part.values for part in parts])
    in_file = {key for part in parts for key in (*part.values, *part.missing)}
    return values, dict.fromkeys(in_file - values.keys(), NOT_ADDED)


def _divisions_of_files(present: Present, lineage: Lineage) -> dict[tuple[str, str], int]:
    """(municipality, file) -> the year of the division of its codes: that of its last year, unless the codes say
    clearly that it is another one that was imported."""
    last_years = _last_years({file for _, file, _ in present if file != OF_ITS_YEAR})
    found = {}
    for (municipality, file, _), codes in present.items():
        if file != OF_ITS_YEAR:
            last, years = last_years[file], lineage.years(municipality)

            def fit(year, municipality=municipality, codes=codes, last=last):
                return len(codes & lineage.codes(municipality, year)), year == last

            found[municipality, file] = max(years, key=fit) if last in years else last
    return found


def _last_years(files: set[str]) -> dict[str, int]:
    datasets = Dataset.objects.filter(pk__in=files) if files else ()
    return {str(dataset.pk): max(dataset.years, default=0) for dataset in datasets}


def describe(found: Iterable[tuple[int, Found]], names: Mapping[int, Names], shown: int) -> str:
    """Over which land the figures of residents go when that is not the buurt as it is on the map; empty when it is.

    `found`: year and what was found, of each year of the map; `names`: by division, of its buurten; `shown`: the
    division on the map.
    """
    for year, one in found:
        if len(one.frame) > len(one.then) == 1:
            land = named(one.frame, names.get(shown, {}), at_most=4)
            return f"De cijfers over bewoners gaan over {land} samen: in {year} was dat nog één gebied."
    for year, one in found:
        if len(one.then) > 1:
            parts = named(one.then, names.get(one.division, {}), at_most=4)
            return f"In {year} bestond deze buurt uit {parts}; de cijfers daarvan zijn samengenomen."
    return ""


def histories(municipality: str, division: int, codes: Iterable[str]) -> dict[str, list[Past]]:
    """Buurt code -> its figures over all years, for buurten of one municipality on the map of one division."""
    codes = list(codes)
    lineage = Lineage({municipality: division}, divisions(municipality=municipality), also_later=True)
    if lineage.years(municipality) == [division]:
        found = Observation.objects.filter(area_code__in=codes)
    else:
        found = _with_elsewhere(Observation.objects.all(), municipality, lineage.elsewhere)
    places = Places(_rows(found, full=True), lineage, keep=True)
    return {code: places.history(code) for code in codes}


def observations_of(municipality: str) -> ObservationQuerySet:
    """All figures about the land of this municipality, also those under codes of one that it was merged from."""
    return _with_elsewhere(Observation.objects.all(), municipality, codes_elsewhere(municipality))


def _with_elsewhere(found: ObservationQuerySet, municipality: str, elsewhere) -> ObservationQuerySet:
    return found.filter(Q(area_code__startswith=f"BU{municipality[2:]}") | Q(area_code__in=elsewhere))


def rows_of(years: Iterable[int]) -> list[Row]:
    """What goes into the recipe, earlier imports first: of two figures the later import counts."""
    return _rows(Observation.objects.in_years(*years).exclude(dataset__kind=Dataset.Kind.CRIMES))


def _rows(found: ObservationQuerySet, *, full: bool = False) -> list[Row]:
    """`full`: also what is missing and the source."""
    columns = ["area_code", "year", "dataset__kind", "dataset_id", "values"]
    if full:
        columns += ["missing", "dataset__source"]
    found = found.order_by("year", "dataset_id")
    return [Row(*row) for row in found.values_list(*columns).iterator(chunk_size=5000)]
