"""What became of buurten between two divisions: found by their shapes, since codes say nothing. Pure: no database.

Nationally 312 buurt codes of 2016 point to an entirely different place in 2024, and whole cities were renumbered.
Two areas are the same when they share at least 95% of both (`recipe.same_area`). What was put together or cut up
exactly can still be compared as a whole; of the rest we only know that the border is another one.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

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
    GONE = "gone"  # land that is in no buurt any more, or in one that it does not change


COMPARABLE = (Kind.SAME, Kind.RECODED, Kind.MERGED, Kind.SPLIT)
BACKWARDS = {Kind.MERGED: Kind.SPLIT, Kind.SPLIT: Kind.MERGED, Kind.NEW: Kind.GONE, Kind.GONE: Kind.NEW}


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

    @property
    def comparable(self) -> bool:
        return self.kind in COMPARABLE

    def backwards(self) -> "Unit":
        """The same piece of land, as whoever stands in the new division looks back from the old one."""
        return Unit(BACKWARDS.get(self.kind, self.kind), self.new, self.old)


Shapes = Mapping[str, "shapely.Geometry"]  # by code; valid, in any flat coordinates, the same for old and new


class _Overlap(NamedTuple):
    old: str
    new: str
    of_old: float  # which part of the old area
    of_new: float

    def backwards(self) -> "_Overlap":
        return _Overlap(self.new, self.old, self.of_new, self.of_old)


def match(old: Shapes, new: Shapes, *, same: float = RECIPE.same_area) -> list[Unit]:
    """Every code of `new` in exactly one unit, every code of `old` in at least one; in units that can be compared no
    code stands twice."""
    overlaps = _overlaps(old, new, same)
    before, after = set(), set()  # codes that are accounted for
    units = []
    for unit in chain(
        _the_same(overlaps, same),
        (Unit(Kind.MERGED, parts, (whole,)) for whole, parts in _filled(overlaps, same)),
        (Unit(Kind.SPLIT, (whole,), parts) for whole, parts in _filled([o.backwards() for o in overlaps], same)),
    ):
        if before.isdisjoint(unit.old) and after.isdisjoint(unit.new):
            units.append(unit)
            before.update(unit.old)
            after.update(unit.new)
    touched = defaultdict(list)
    for overlap in overlaps:
        touched[overlap.new].append(overlap.old)
    for code in new:
        if code not in after:
            units.append(Unit(Kind.CHANGED if touched[code] else Kind.NEW, tuple(sorted(touched[code])), (code,)))
            before.update(touched[code])
    return units + [Unit(Kind.GONE, (code,), ()) for code in old if code not in before]


def _overlaps(old: Shapes, new: Shapes, same: float) -> list[_Overlap]:
    """Pairs that share more than a drawing otherwise of the border: a part of the smaller that would not keep it from
    being the same. Of a new area that was found to be the same as an old one no other pairs are looked for."""
    import numpy
    import shapely

    old_codes, new_codes = list(old), list(new)
    before, after = (numpy.array(list(shapes.values()), dtype=object) for shapes in (old, new))
    b, a = shapely.STRtree(before).query(after, predicate="intersects")
    size_a, size_b = shapely.area(before)[a], shapely.area(after)[b]
    shared = numpy.zeros(len(a))

    def measure(pairs):
        shared[pairs] = shapely.area(shapely.intersection(before[a[pairs]], after[b[pairs]]))

    likely = _boxes_alike(shapely.bounds(before)[a], shapely.bounds(after)[b])  # most of the country: quick to settle
    measure(likely)
    found = (shared >= same * size_a) & (shared >= same * size_b)
    measure(~likely & ~numpy.isin(b, b[found]))
    keep = shared > (1 - same) * numpy.minimum(size_a, size_b)
    columns = (array[keep].tolist() for array in (a, b, shared / size_a, shared / size_b))
    return [_Overlap(old_codes[i], new_codes[j], *parts) for i, j, *parts in zip(*columns, strict=True)]


def _boxes_alike(one: "numpy.ndarray", other: "numpy.ndarray") -> "numpy.ndarray":
    """Which pairs of boxes (left, bottom, right, top) have nine tenths of their surface in common."""
    import numpy

    def surface(box):
        return numpy.prod(numpy.maximum(box[:, 2:] - box[:, :2], 0), axis=1)

    common = numpy.hstack([numpy.maximum(one[:, :2], other[:, :2]), numpy.minimum(one[:, 2:], other[:, 2:])])
    return surface(common) > 0.9 * numpy.maximum(surface(one), surface(other))


def _the_same(overlaps: list[_Overlap], same: float) -> Iterator[Unit]:
    for old, new, of_old, of_new in overlaps:
        if of_old >= same and of_new >= same:
            yield Unit(Kind.SAME if old == new else Kind.RECODED, (old,), (new,))


def _filled(overlaps: list[_Overlap], same: float) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(new, its olds) where several old areas lie inside a new one and together fill it."""
    inside = defaultdict(dict)
    for old, new, of_old, of_new in overlaps:
        if of_old >= same:
            inside[new][old] = of_new
    for whole, parts in inside.items():
        if len(parts) > 1 and sum(parts.values()) >= same:
            yield whole, tuple(sorted(parts))


# --- in words, for who imports ---

Names = Mapping[str, str]  # of one division: a code can be another place in the next

_WORDS = (
    (Kind.SAME, "met dezelfde grens en code"),
    (Kind.RECODED, "met dezelfde grens en een andere code"),
    (Kind.MERGED, "door samenvoeging"),
    (Kind.SPLIT, "door splitsing"),
    (Kind.CHANGED, "met een gewijzigde grens en dus niet te vergelijken"),
    (Kind.NEW, "op een plek waar toen geen buurt was"),
    (Kind.GONE, "van toen verdwenen"),
)


def in_words(units: Iterable[Unit], old_year: int, new_year: int, then: Names, now: Names, *, at_most: int = 12) -> str:
    """How many buurten of each kind, and which, in Dutch. `then` and `now`: names in the old and the new division."""
    units = list(units)
    counts = Counter(unit.kind for unit in units for _ in (unit.new or unit.old))
    parts = []
    for kind, words in _WORDS:
        if not counts[kind]:
            continue
        which = [] if kind is Kind.SAME else [_in_words(unit, then, now) for unit in units if unit.kind is kind]
        rest = f"; en nog {len(which) - at_most}" if len(which) > at_most else ""
        parts.append(f"{counts[kind]} {words}" + (f" ({'; '.join(which[:at_most])}{rest})" if which else ""))
    return f"De buurten van {new_year} naast die van {old_year}: {', '.join(parts)}."


def _in_words(unit: Unit, then: Names, now: Names) -> str:
    old, new = named(unit.old, then), named(unit.new, now)
    if unit.kind is Kind.RECODED:
        return f"{new}: {unit.old[0]} werd {unit.new[0]}"
    if unit.kind in (Kind.MERGED, Kind.SPLIT):
        return f"{old} {'werd' if len(unit.old) == 1 else 'werden'} {new}"
    return new or old


def named(codes: Iterable[str], names: Names, *, at_most: int = 6) -> str:
    """A, B en C."""
    words = [names.get(code, code) for code in codes]
    if len(words) > at_most:
        words = [*words[: at_most - 1], f"{len(words) - at_most + 1} andere"]
    return " en ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
