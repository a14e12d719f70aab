"""What became of buurten between two divisions: found by their shapes, since codes say nothing. Pure: no database.

Nationally 312 buurt codes of 2016 point to an entirely different place in 2024, and whole cities were renumbered.
Two areas are the same when they share at least 95% of both (`recipe.same_area`). What was put together or cut up
exactly can still be compared as a whole; of the rest we only know that the border is another one.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from maps.recipe import RECIPE

if TYPE_CHECKING:
    import numpy
    import shapely


class Kind(StrEnum):
    SAME = "same"  # also its code
    RECODED = "recoded"  # the same land under another code
    MERGED = "merged"  # several became one
    SPLIT = "split"  # one became several
    CHANGED = "changed"  # borders moved: not comparable
    NEW = "new"  # land that was in no buurt that we know
    GONE = "gone"


COMPARABLE = (Kind.SAME, Kind.RECODED, Kind.MERGED, Kind.SPLIT)
WHOLE = (Kind.SAME, Kind.RECODED)


@dataclass(frozen=True)
class Unit:
    """Codes in the old and in the new division that stand for one and the same piece of land, or that fail to."""

    kind: Kind
    old: tuple[str, ...]
    new: tuple[str, ...]

    def as_list(self) -> list:
        return [self.kind, list(self.old), list(self.new)]

    @classmethod
    def from_list(cls, stored: list) -> "Unit":
        kind, old, new = stored
        return cls(Kind(kind), tuple(old), tuple(new))


Shapes = Mapping[str, "shapely.Geometry"]  # by code; any flat coordinates, the same for old and new


def match(old: Shapes, new: Shapes, *, same: float = RECIPE.same_area) -> list[Unit]:
    """Every code of `new` in exactly one unit; codes of `old` that touch none of `new` are left out."""
    import numpy
    import shapely

    if not old or not new:
        return [Unit(Kind.NEW, (), (code,)) for code in new]
    old_codes, new_codes = list(old), list(new)
    before, after = numpy.array(list(old.values())), numpy.array(list(new.values()))
    size_before, size_after = shapely.area(before), shapely.area(after)
    a, b = _overlapping(before, after)
    shared = shapely.area(shapely.intersection(before[a], after[b]))
    # Less than this is a border that was drawn a little otherwise.
    keep = shared > (1 - same) * numpy.minimum(size_before[a], size_after[b])
    a, b, shared = a[keep], b[keep], shared[keep]
    of_old, of_new = shared / size_before[a], shared / size_after[b]  # which part of each the overlap is
    units: list[Unit] = []
    done_old, done_new = set(), set()

    def found(kind, olds, news):
        units.append(Unit(kind, tuple(sorted(old_codes[i] for i in olds)), tuple(sorted(new_codes[i] for i in news))))
        done_old.update(olds)
        done_new.update(news)

    for i, j in zip(*(x[(of_old >= same) & (of_new >= same)].tolist() for x in (a, b)), strict=True):
        if i not in done_old and j not in done_new:
            found(Kind.SAME if old_codes[i] == new_codes[j] else Kind.RECODED, [i], [j])
    for j, parts in _whole_parts(b, a, of_old, shared, size_after, same, done_new, done_old):
        found(Kind.MERGED, parts, [j])
    for i, parts in _whole_parts(a, b, of_new, shared, size_before, same, done_old, done_new):
        found(Kind.SPLIT, [i], parts)
    for j in range(len(new_codes)):
        if j not in done_new:
            touched = a[b == j].tolist()
            units.append(Unit(Kind.CHANGED if touched else Kind.NEW, _codes(old_codes, touched), (new_codes[j],)))
    still = done_old | set(a.tolist())
    units += [Unit(Kind.GONE, (code,), ()) for i, code in enumerate(old_codes) if i not in still]
    return units


def _codes(codes: list[str], positions: list[int]) -> tuple[str, ...]:
    return tuple(sorted(codes[i] for i in positions))


def _overlapping(before: "numpy.ndarray", after: "numpy.ndarray") -> tuple["numpy.ndarray", "numpy.ndarray"]:
    """Positions of pairs whose surfaces may overlap."""
    import shapely

    found_after, found_before = shapely.STRtree(before).query(after, predicate="intersects")
    return found_before, found_after


def _whole_parts(wholes, parts, share_of_part, shared, size, same, done_wholes, done_parts):
    """(whole, [parts]) where the parts lie in the whole and fill it, and none of them is accounted for."""
    for whole in sorted(set(wholes.tolist()) - done_wholes):
        chosen = (wholes == whole) & (share_of_part >= same)
        inside = [part for part in parts[chosen].tolist() if part not in done_parts]
        if len(inside) > 1 and len(inside) == chosen.sum() and shared[chosen].sum() >= same * size[whole]:
            yield whole, inside


def in_words(units: list[Unit], old_year: int, new_year: int, names: Mapping[str, str], *, at_most: int = 8) -> str:
    """How many of each, and which, in Dutch: for who imports. `names` by code, of both divisions."""
    counts = Counter(unit.kind for unit in units for _ in (unit.new or unit.old))
    parts = []
    for kind, one, many in _WORDS:
        if not counts[kind]:
            continue
        text = f"{counts[kind]} {one if counts[kind] == 1 else many}"
        if kind is not Kind.SAME:
            chosen = [_unit_in_words(unit, names) for unit in units if unit.kind is kind]
            rest = f" en nog {len(chosen) - at_most}" if len(chosen) > at_most else ""
            text += f" ({'; '.join(chosen[:at_most])}{rest})"
        parts.append(text)
    return f"De buurten van {new_year} naast die van {old_year}: {', '.join(parts)}."


_WORDS = (
    (Kind.SAME, "met dezelfde grens en code", "met dezelfde grens en code"),
    (Kind.RECODED, "met dezelfde grens en een andere code", "met dezelfde grens en een andere code"),
    (Kind.MERGED, "samengevoegd", "samengevoegd"),
    (Kind.SPLIT, "ontstaan door splitsing", "ontstaan door splitsing"),
    (Kind.CHANGED, "met een andere grens, dus niet te vergelijken", "met een andere grens, dus niet te vergelijken"),
    (Kind.NEW, "nieuw", "nieuw"),
    (Kind.GONE, "verdwenen", "verdwenen"),
)


def _unit_in_words(unit: Unit, names: Mapping[str, str]) -> str:
    name = lambda code: names.get(code, code)  # noqa: E731
    old, new = " + ".join(map(name, unit.old)), " + ".join(map(name, unit.new))
    if unit.kind is Kind.RECODED:
        return f"{new}: {unit.old[0]} werd {unit.new[0]}"
    if unit.kind in (Kind.MERGED, Kind.SPLIT):
        return f"{old} werd {new}"
    return new or old
