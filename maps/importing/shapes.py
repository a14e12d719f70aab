"""Shapes of buurten: repair, close seams between neighbours, simplify together, to WGS84. Arrays of shapely.

Simplified one by one, neighbours get slivers and overlaps between them: 1,350 in 500 polygons.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy
    import pyproj

RD, RD_WITH_HEIGHT, WGS84 = 28992, 7415, 4326
POLYGONS = (3, 6)  # shapely's type ids of polygon and multipolygon
# Left, bottom, right, top of what can be in the Netherlands, in metres and in degrees. They do not overlap.
RD_RANGE = (-10_000, 290_000, 300_000, 650_000)
WGS84_RANGE = (2.5, 50.4, 7.6, 54.3)

TOLERANCE = 8  # metres: not to be seen on a map of a municipality
SEAM = 16  # metres: a narrower gap between two buurten is a seam of an earlier simplification, not a place
DECIMALS = 6  # of a degree: 10 cm
FEW = 10  # where these do not fit together, the others need no look
CHANGED = 0.25  # a shape that loses or wins this part by cleaning keeps its own form


@dataclass(frozen=True)
class Drawn:
    """Per area a GeoJSON geometry, and longitude and latitude of a point well inside."""

    geometries: list[str]
    labels: "numpy.ndarray"


def polygons_only(shapes: "numpy.ndarray") -> tuple["numpy.ndarray", int]:
    """Valid polygons and multipolygons, and how many were repaired; what has no surface becomes empty."""
    import shapely

    repaired = shapely.force_2d(shapes)
    broken = ~shapely.is_valid(repaired)
    repaired[broken] = [_surface(shape) for shape in shapely.make_valid(repaired[broken], method="structure")]
    return repaired, int(broken.sum())


def _surface(shape):
    import shapely

    parts = [part for part in shapely.get_parts(shapely.get_parts(shape)) if part.geom_type == "Polygon"]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def are_polygons(shapes: "numpy.ndarray") -> "numpy.ndarray":
    import numpy
    import shapely

    return numpy.isin(shapely.get_type_id(shapes), POLYGONS)


def in_the_netherlands(shapes: "numpy.ndarray", epsg: int) -> "numpy.ndarray":
    """Which shapes lie there when their coordinates are in this system."""
    import shapely

    left, bottom, right, top = RD_RANGE if epsg == RD else WGS84_RANGE
    bounds = shapely.bounds(shapes)
    return (bounds[:, 0] >= left) & (bounds[:, 1] >= bottom) & (bounds[:, 2] <= right) & (bounds[:, 3] <= top)


def epsg_of(crs: str) -> int | None:
    """28992 or 4326 if that is what the description of a file says, in whatever form; else None."""
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        described = CRS.from_user_input(crs)
        found = described.to_epsg(min_confidence=25)
    except CRSError:
        return None
    if found in {RD, RD_WITH_HEIGHT}:
        return RD
    return WGS84 if found == WGS84 or described.name == "WGS 84 (CRS84)" else None


def crs_name(crs: str) -> str:
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        return CRS.from_user_input(crs).name
    except CRSError:
        return crs[:40]


def draw(shapes: "numpy.ndarray", groups: list["numpy.ndarray"], epsg: int) -> Drawn:
    """Clean and simplify valid polygons together, to WGS84. `groups`: their positions per municipality."""
    import shapely

    metres = shapes if epsg == RD else _reproject(shapes, WGS84, RD)
    simple = simplify(close_seams(metres, groups))
    labels = _reproject(label_points(simple), RD, WGS84)
    degrees = _valid(_reproject(simple, RD, WGS84))
    return Drawn(shapely.to_geojson(degrees).tolist(), shapely.get_coordinates(labels))


def close_seams(shapes: "numpy.ndarray", groups: list["numpy.ndarray"]) -> "numpy.ndarray":
    """Give neighbours within a municipality one border, where they have two.

    Per municipality, since the cost grows faster than the number of gaps: the country at once takes a minute,
    this ten seconds, and two threads halve it (GEOS works outside Python's lock).
    """
    cleaned = shapes.copy()
    with ThreadPoolExecutor() as pool:
        for group, result in zip(groups, pool.map(lambda group: _closed(shapes[group]), groups), strict=True):
            cleaned[group] = result
    return cleaned


def _closed(shapes: "numpy.ndarray") -> "numpy.ndarray":
    import numpy
    import shapely

    try:
        if shapely.coverage_is_valid(shapes[:FEW]) and shapely.coverage_is_valid(shapes):
            return shapes
        cleaned = shapely.coverage_clean(shapes, gap_width=SEAM)
    except shapely.errors.GEOSException:  # shapes beyond repair are still shapes
        return shapes
    before, after = shapely.area(shapes), shapely.area(cleaned)
    return numpy.where(abs(after - before) > CHANGED * before, shapes, cleaned)


def simplify(shapes: "numpy.ndarray") -> "numpy.ndarray":
    """Borders that two areas share are simplified once, so they stay shared."""
    import numpy
    import shapely

    simple = shapely.coverage_simplify(shapes, TOLERANCE)
    return numpy.where(shapely.is_empty(simple) | ~shapely.is_valid(simple), shapes, simple)


def label_points(shapes: "numpy.ndarray") -> "numpy.ndarray":
    """The middle of the largest circle that fits, in the largest part: where a name can stand."""
    import numpy
    import shapely

    largest = _largest_parts(shapes)
    precision = numpy.sqrt(shapely.area(largest)) / 20
    points = shapely.get_point(shapely.maximum_inscribed_circle(largest, precision), 0)
    return numpy.where(shapely.within(points, largest), points, shapely.point_on_surface(largest))


def _largest_parts(shapes: "numpy.ndarray") -> "numpy.ndarray":
    """Of every shape the one polygon, or the largest of its polygons."""
    import numpy
    import shapely

    parts, owners = shapely.get_parts(shapes, return_index=True)
    by_size = numpy.lexsort((shapely.area(parts), owners))
    last_of_owner = numpy.flatnonzero(numpy.diff(owners[by_size], append=-1))
    return parts[by_size[last_of_owner]]


@cache
def _transformer(source: int, target: int) -> "pyproj.Transformer":
    """Kept: choosing the operation takes longer than moving ten thousand places."""
    from pyproj import Transformer

    return Transformer.from_crs(source, target, always_xy=True)


def _reproject(shapes: "numpy.ndarray", source: int, target: int) -> "numpy.ndarray":
    """Degrees are rounded: a vertex that two areas share rounds to the same place in both."""
    import numpy
    import pandas
    import shapely

    transformer = _transformer(source, target)

    def move(coordinates: "numpy.ndarray") -> "numpy.ndarray":
        # Neighbours share most vertices: each place is computed once. As complex numbers they are compared as pairs.
        numbers, places = pandas.factorize(numpy.ascontiguousarray(coordinates).view(complex).ravel())
        moved = numpy.column_stack(transformer.transform(places.real, places.imag))
        return (moved.round(DECIMALS) if target == WGS84 else moved)[numbers]

    return shapely.transform(shapes, move)


def _valid(shapes: "numpy.ndarray") -> "numpy.ndarray":
    """Rounding can make a very narrow neck touch itself; whoever compares shapes later needs valid ones."""
    import shapely

    broken = ~shapely.is_valid(shapes)
    shapes[broken] = [_surface(shape) for shape in shapely.make_valid(shapes[broken], method="structure")]
    return shapes
