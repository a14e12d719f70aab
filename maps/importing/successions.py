"""When a second division comes in: which buurten of the one are which of the other. Found once, at import."""

from typing import TYPE_CHECKING

from maps.bulk import BATCH
from maps.models import Area, Succession
from maps.succession import Unit, in_words, match

if TYPE_CHECKING:
    import numpy

MARGIN = 0.02  # degrees, about two kilometres: a buurt that lay in a municipality that was merged since


def store_successions(year: int, municipalities: list[str]) -> list[str]:
    """Compare the buurten of this division with those of every other that was imported; a note in Dutch for each."""
    others = (
        Area.objects.neighbourhoods().filter(municipality__in=municipalities).exclude(year=year)
        .order_by("year").values_list("year", flat=True).distinct()
    )  # fmt: skip
    return [note for other in others for note in _between(min(year, other), max(year, other), municipalities)]


def _between(old_year: int, new_year: int, municipalities: list[str]) -> list[str]:
    old, new = _Division(old_year, municipalities), _Division(new_year, municipalities)
    found: dict[str, list[Unit]] = {}
    for municipality in municipalities:
        now = new.of_municipality(municipality)
        if now:
            found[municipality] = match(old.near(now), now)
    stored = [
        Succession(municipality=municipality, old_year=old_year, new_year=new_year, units=[u.as_list() for u in units])
        for municipality, units in found.items()
    ]
    Succession.objects.bulk_create(
        stored, batch_size=BATCH, update_conflicts=True, update_fields=["units"],
        unique_fields=["municipality", "old_year", "new_year"],
    )  # fmt: skip
    units = [unit for found_here in found.values() for unit in found_here]
    return [in_words(units, old_year, new_year, old.names | new.names)] if units else []


class _Division:
    """Shapes and names of one year; for a few municipalities only what lies near them."""

    def __init__(self, year: int, municipalities: list[str]):
        import numpy
        import shapely

        areas = Area.objects.neighbourhoods().in_division(year).exclude(geometry="").order_by()
        if len(municipalities) <= FEW:
            areas = areas.filter(_near(municipalities))
        rows = list(areas.values_list("code", "name", "municipality", "geometry", "label_x", "label_y").iterator())
        self.names = {code: name for code, name, *_ in rows}
        self._codes = numpy.array([row[0] for row in rows], dtype=object)
        self._municipalities = numpy.array([row[2] for row in rows], dtype=object)
        self._shapes = shapely.from_geojson([row[3] for row in rows])
        self._points = numpy.array([row[4:6] for row in rows], dtype=float).reshape(-1, 2)

    def of_municipality(self, code: str) -> dict:
        return self._chosen(self._municipalities == code)

    def near(self, shapes: dict) -> dict:
        import shapely

        left, bottom, right, top = shapely.total_bounds(list(shapes.values()))
        x, y = self._points.T
        inside = (x > left - MARGIN) & (x < right + MARGIN) & (y > bottom - MARGIN) & (y < top + MARGIN)
        return self._chosen(inside)

    def _chosen(self, mask: "numpy.ndarray") -> dict:
        return dict(zip(self._codes[mask], self._shapes[mask], strict=True))


FEW = 20  # municipalities; more, and reading all shapes of the year is quicker


def _near(municipalities: list[str]):
    """Around the places of these municipalities in any year."""
    from django.db.models import Max, Min, Q

    near = Q()
    for code in municipalities:
        box = Area.objects.neighbourhoods().in_municipality(code).aggregate(
            left=Min("label_x"), right=Max("label_x"), bottom=Min("label_y"), top=Max("label_y")
        )  # fmt: skip
        if box["left"] is not None:
            near |= Q(
                label_x__gte=box["left"] - MARGIN, label_x__lte=box["right"] + MARGIN,
                label_y__gte=box["bottom"] - MARGIN, label_y__lte=box["top"] + MARGIN,
            )  # fmt: skip
    return near
