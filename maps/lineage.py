"""Where a buurt of the map comes from: its codes in the other divisions that were imported, never by its code alone.

`maps.succession` found it by the shapes of both years. Of a year between two divisions we know what both agree on, or
what a code proves that only one of them has. Before the oldest division there is only the mark of CBS
(`indelingswijziging`); after the newest there is nothing, and the codes are taken for those of the newest.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from maps.models import Area, Succession
from maps.succession import Kind, Unit

FLAGGED = {Area.Change.RECODED: "een andere code", Area.Change.BOUNDARY: "een andere grens"}


def municipality_of(code: str) -> str:
    """Of a buurt, by its code: BU0308… lies in GM0308."""
    return f"GM{code[2:6]}"


def divisions(**only) -> dict[str, list[int]]:
    """Municipality code -> the years of which its buurten were imported, newest first."""
    found = defaultdict(list)
    rows = Area.objects.neighbourhoods().filter(**only).order_by("municipality", "-year")
    for code, year in rows.values_list("municipality", "year").distinct():
        found[code].append(year)
    return dict(found)


@dataclass(frozen=True)
class Stood:
    """What a buurt of the map was in other figures: `unit.old`, in codes of `division`; or why that cannot be said."""

    unit: Unit
    division: int
    blocked: str = ""


class Lineage:
    """Of the buurten on the map of some municipalities. `shown`: municipality -> year of the division on its map;
    `imported`: municipality -> years of which its buurten were imported.

    `also_later`: look at newer divisions as well; only a session has a map that is not the newest. Two queries.
    """

    def __init__(self, shown: Mapping[str, int], imported: Mapping[str, Iterable[int]], *, also_later: bool = False):
        self._shown = shown
        self._units: dict[tuple[str, int], Unit] = {}  # (code on the map, other division) -> unit
        self._codes: dict[tuple[str, int], set[str]] = defaultdict(set)  # (municipality, division) -> all its codes
        self._elsewhere: dict[str, set[str]] = defaultdict(set)  # code under another municipality -> on whose map
        years = {code: {year, *imported.get(code, ())} for code, year in shown.items()}
        for municipality, division, units in _as_seen_from(shown, also_later):
            years[municipality].add(division)
            self._add(municipality, division, units)
        if not also_later:
            years = {code: {year for year in found if year <= shown[code]} for code, found in years.items()}
        self._years = {code: sorted(found) for code, found in years.items()}
        self._flags = _flags(shown, self.elsewhere)

    def _add(self, municipality: str, division: int, units: Iterable[Unit]) -> None:
        for unit in units:
            self._codes[municipality, division].update(unit.old)
            self._codes[municipality, self._shown[municipality]].update(unit.new)
            for code in unit.new:
                if unit.comparable or (code, division) not in self._units:
                    self._units[code, division] = unit
            if unit.comparable:
                for code in unit.old:
                    if municipality_of(code) != municipality:
                        self._elsewhere[code].add(municipality)

    @property
    def elsewhere(self) -> Collection[str]:
        """Codes of buurten that lay in another municipality."""
        return self._elsewhere.keys()

    def maps_of(self, code: str) -> set[str]:
        """The municipalities on whose map figures of this code may have a place."""
        own = municipality_of(code)
        found = {own} if own in self._shown else set()
        return found | self._elsewhere[code] if code in self._elsewhere else found

    def years(self, municipality: str) -> list[int]:
        """The divisions that we have shapes of, oldest first."""
        return self._years[municipality]

    def codes(self, municipality: str, division: int) -> set[str]:
        return self._codes[municipality, division]

    def stood_for(self, code: str, year: int, present: Collection[str]) -> Stood:
        """What this buurt was in figures in the division of `year`; `present`: all codes in those figures."""
        municipality = municipality_of(code)
        years = self._years[municipality]
        if year in years:
            return self._in(code, year)
        before = max((other for other in years if other < year), default=None)
        after = min((other for other in years if other > year), default=None)
        if before is None:
            stood = self._in(code, after)
            return stood if stood.blocked else self._unless_flagged(stood)
        if after is None:
            return self._in(code, before)
        return self._between(code, before, after, year, present)

    def _unit(self, code: str, division: int) -> Unit:
        if division == self._shown.get(municipality_of(code)):
            return Unit(Kind.SAME, (code,), (code,))
        return self._units.get((code, division)) or Unit(Kind.NEW, (), (code,))

    def _in(self, code: str, division: int) -> Stood:
        unit = self._unit(code, division)
        blocked = ""
        if unit.kind is Kind.CHANGED:
            first, last = sorted((division, self._shown[municipality_of(code)]))
            blocked = f"de grens is gewijzigd tussen {first} en {last}"
        elif not unit.comparable:
            blocked = f"in de buurten van {division} komt deze plek niet voor"
        return Stood(unit, division, blocked)

    def _unless_flagged(self, stood: Stood) -> Stood:
        """No older shapes: what CBS says of the code against the year before."""
        for code in stood.unit.old:
            if change := self._flags.get((code, stood.division)):
                told = f"in {stood.division} kreeg de buurt {FLAGGED[change]}"
                return Stood(stood.unit, stood.division, f"{told}, en van eerder zijn de grenzen niet ingelezen")
        return stood

    def _between(self, code: str, before: int, after: int, year: int, present: Collection[str]) -> Stood:
        """Borders and codes of the year itself are not known, only those of a division before and one after."""
        first, last = self._in(code, before), self._in(code, after)
        if first.blocked or last.blocked:
            return first if first.blocked else last
        if first.unit.old == last.unit.old and first.unit.new == last.unit.new:
            return first
        land = {*first.unit.new, *last.unit.new}
        proven = [
            stood
            for stood, other in ((first, after), (last, before))
            if not self._only_then(municipality_of(code), land, stood.division, other).isdisjoint(present)
        ]
        if len(proven) == 1:
            return proven[0]
        told = f"tussen {before} en {after} veranderde de code of de grens; lees de buurten van {year} in"
        return Stood(first.unit, before, told)

    def _only_then(self, municipality: str, land: Iterable[str], division: int, other: int) -> set[str]:
        """Codes of this land in one division that stand for no place at all in the other."""
        codes = {old for code in land for old in self._unit(code, division).old}
        return codes - self._codes[municipality, other]

    def lives_on(self, code: str, division: int) -> bool:
        """Is this buurt of that division on a newer map, of another municipality?"""
        return any(code in self._codes[on, division] for on in self._elsewhere.get(code, ()))


def _as_seen_from(shown: Mapping[str, int], also_later: bool) -> Iterator[tuple[str, int, list[Unit]]]:
    """(municipality, other division, units whose `new` are codes of its map)."""
    marks = {f"BU{municipality[2:]}": municipality for municipality in shown} if also_later else {}
    for succession in _stored(shown, marks):
        if succession.new_year == shown.get(succession.municipality):
            yield succession.municipality, succession.old_year, _units(succession)
        for mark, municipality in marks.items():
            if succession.old_year == shown[municipality]:
                looking_back = [unit.backwards() for unit in _units(succession)]
                ours = [u for u in looking_back if any(code.startswith(mark) for code in (*u.new, *u.old))]
                if ours:
                    yield municipality, succession.new_year, ours


def _stored(shown: Mapping[str, int], marks: Mapping[str, str]) -> QuerySet[Succession]:
    stored = Succession.objects.order_by("old_year", "new_year", "municipality")
    if len(shown) > MANY:
        return stored
    wanted = Q(municipality__in=shown)
    for mark, municipality in marks.items():
        wanted |= Q(old_year=shown[municipality], units__icontains=f'"{mark}')
    return stored.filter(wanted)


MANY = 500  # more names than a database takes in one question


def _units(succession: Succession) -> list[Unit]:
    return [Unit.from_list(stored) for stored in succession.units]


def _flags(shown: Mapping[str, int], elsewhere: Collection[str]) -> dict[tuple[str, int], int]:
    areas = Area.objects.neighbourhoods().filter(change__in=FLAGGED).order_by()
    if len(shown) + len(elsewhere) <= MANY:
        areas = areas.filter(Q(municipality__in=shown) | Q(code__in=elsewhere))
    return {(code, year): change for code, year, change in areas.values_list("code", "year", "change").iterator()}


def codes_elsewhere(municipality: str) -> set[str]:
    """Codes of the buurten that became part of this municipality and lay in another one before."""
    return {
        code
        for succession in Succession.objects.filter(municipality=municipality)
        for unit in _units(succession)
        if unit.comparable
        for code in unit.old
        if municipality_of(code) != municipality
    }
