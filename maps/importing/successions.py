"""When a second division comes in: which buurten of the one are which of the other. Found once, at import."""

from collections import defaultdict
from typing import TYPE_CHECKING

from django.db.models import Max, Min, Q

from maps.bulk import BATCH
from maps.lineage import municipality_of
from maps.models import Area, Succession
from maps.succession import Kind, Unit, in_words, match

if TYPE_CHECKING:
    import numpy

# Degrees, some seven kilometres: how far the middle of a buurt may lie outside a municipality that it has land in.
MARGIN = 0.1
FEW = 20  # municipalities; with more, reading all shapes of the year is quicker than asking what lies near


def store_successions(year: int, municipalities: list[str], *, fictional: bool = False) -> list[str]:
    """Compare the buurten of this division with those of every other that was imported; a note in Dutch for each.

    Also those of its neighbours: a municipality that was merged since has its land under another code.
    """
    areas = Area.objects.neighbourhoods().filter(dataset__fictional=fictional)
    near = _near(municipalities, year) if len(municipalities) <= FEW else Q()
    others = areas.filter(near).exclude(year=year).order_by("year").values_list("year", flat=True).distinct()
    notes = []
    for other in others:
        old_year, new_year = sorted((year, other))
        concerned = areas.in_division(new_year).filter(near).order_by().values_list("municipality", flat=True)
        found = _Divisions(areas, old_year, new_year, sorted(set(concerned))).successions()
        _store(found, old_year, new_year)
        notes += _note(found, old_year, new_year, set(municipalities))
    return notes


def store_missing() -> None:
    """For shapes that were imported before this site compared them."""
    if Succession.objects.exists():
        return
    for fictional in (False, True):
        areas = Area.objects.neighbourhoods().filter(dataset__fictional=fictional).order_by()
        for year in sorted(areas.values_list("year", flat=True).distinct())[1:]:
            here = areas.in_division(year).values_list("municipality", flat=True).distinct()
            store_successions(year, sorted(here), fictional=fictional)


class _Divisions:
    """The shapes of two years: all of them, or those in and around a few municipalities."""

    def __init__(self, areas, old_year: int, new_year: int, municipalities: list[str]):
        few = len(municipalities) <= FEW
        self._municipalities = municipalities
        self._old = _Shapes(areas.in_division(old_year).filter(_near(municipalities, new_year) if few else Q()))
        self._new = _Shapes(areas.in_division(new_year).filter(Q(municipality__in=municipalities) if few else Q()))

    def successions(self) -> dict[str, list[Unit]]:
        """Per municipality of the new division; without those that the old one says nothing of."""
        found: dict[str, list[Unit]] = {}
        for municipality in self._municipalities:
            now = self._new.of(municipality)
            if now:
                units = match(self._old.near(now), now)
                if self._old.of(municipality) or any(unit.comparable for unit in units):
                    found[municipality] = units
        return _without_the_neighbours(found)


def _without_the_neighbours(found: dict[str, list[Unit]]) -> dict[str, list[Unit]]:
    """A buurt is gone when no municipality has its land any more, and is only missed where it was."""
    known = {code for units in found.values() for unit in units if unit.new for code in unit.old}
    return {
        municipality: [
            unit
            for unit in units
            if unit.kind is not Kind.GONE or (unit.old[0] not in known and municipality_of(unit.old[0]) == municipality)
        ]
        for municipality, units in found.items()
    }


class _Shapes:
    def __init__(self, areas):
        import numpy
        import shapely

        rows = list(
            areas.exclude(geometry="").order_by("code")
            .values_list("code", "municipality", "geometry").iterator()
        )  # fmt: skip
        self._codes = numpy.array([row[0] for row in rows], dtype=object)
        self._shapes = shapely.from_geojson([row[2] for row in rows])
        self._bounds = shapely.bounds(self._shapes).reshape(-1, 4)
        self._places = defaultdict(list)  # municipality -> positions
        for position, row in enumerate(rows):
            self._places[row[1]].append(position)

    def of(self, municipality: str) -> dict:
        return self._chosen(self._places.get(municipality, []))

    def near(self, shapes: dict) -> dict:
        import shapely

        left, bottom, right, top = shapely.total_bounds(list(shapes.values()))
        lefts, bottoms, rights, tops = self._bounds.T
        return self._chosen((lefts < right) & (rights > left) & (bottoms < top) & (tops > bottom))

    def _chosen(self, which: "numpy.ndarray | list[int]") -> dict:
        return dict(zip(self._codes[which], self._shapes[which], strict=True)) if len(self._codes) else {}


def _near(municipalities: list[str], year: int) -> Q:
    """Areas with their middle in or around one of these municipalities, as they were in this year."""
    near = Q(pk=None)
    boxes = (
        Area.objects.neighbourhoods().in_division(year).filter(municipality__in=municipalities).order_by()
        .values_list("municipality").annotate(Min("label_x"), Max("label_x"), Min("label_y"), Max("label_y"))
    )  # fmt: skip
    for _, left, right, bottom, top in boxes:
        if left is not None:
            near |= Q(
                label_x__range=(left - MARGIN, right + MARGIN), label_y__range=(bottom - MARGIN, top + MARGIN),
            )  # fmt: skip
    return near


def _store(found: dict[str, list[Unit]], old_year: int, new_year: int) -> None:
    Succession.objects.bulk_create(
        (
            Succession(
                municipality=municipality, old_year=old_year, new_year=new_year, units=[u.as_list() for u in units]
            )
            for municipality, units in found.items()
        ),
        batch_size=BATCH, update_conflicts=True, update_fields=["units"],
        unique_fields=["municipality", "old_year", "new_year"],
    )  # fmt: skip


def _note(found: dict[str, list[Unit]], old_year: int, new_year: int, municipalities: set[str]) -> list[str]:
    """Of what was imported only, not of the neighbours that were looked at again."""
    units = [
        unit
        for units in found.values()
        for unit in units
        if not municipalities.isdisjoint(map(municipality_of, unit.new or unit.old))
        or (unit.comparable and not municipalities.isdisjoint(map(municipality_of, unit.old)))
    ]
    if not units:
        return []
    codes = {code for unit in units for code in (*unit.old, *unit.new)}
    names: dict[int, dict[str, str]] = {old_year: {}, new_year: {}}
    areas = Area.objects.neighbourhoods().filter(year__in=names)
    if len(municipalities) <= FEW:
        areas = areas.filter(code__in=codes)
    for code, year, name in areas.order_by().values_list("code", "year", "name").iterator():
        names[year][code] = name
    return [in_words(units, old_year, new_year, names[old_year], names[new_year])]
