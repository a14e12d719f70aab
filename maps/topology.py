"""Shapes as TopoJSON: a border that two areas share is sent once. Pure: no database, no request.

Format: https://github.com/topojson/topojson-specification (positions quantised, arcs as differences). Neighbours must
have been simplified together, so that a shared border has the same vertices in both.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Point = tuple[int, int]
Ring = list[Point]

STEP = 4e-5  # degrees: three by four metres, a fraction of a pixel on a map of a municipality


@dataclass(frozen=True)
class Shape:
    """`geometry`: a GeoJSON Polygon or MultiPolygon; `at`: longitude and latitude of where its letter stands."""

    id: str
    geometry: Mapping
    at: tuple[float, float]


def topojson(shapes: Iterable[Shape], *, name: str = "buurten", step: float = STEP) -> dict:
    """A Topology of the shapes (`name`) and of where their letters stand (`letters`, in the same order); positions in
    whole steps of `step` degrees from the south-west corner."""
    shapes = list(shapes)
    rounded = [_polygons(shape.geometry, step) for shape in shapes]
    rings = [ring for polygons in rounded for polygon in polygons for ring in polygon]
    left, bottom = (min((point[axis] for ring in rings for point in ring), default=0) for axis in (0, 1))
    arcs = _Arcs(rings)
    geometries = [
        {
            "type": "MultiPolygon",
            "id": shape.id,
            "arcs": [[arcs.of_ring(ring) for ring in polygon] for polygon in polygons],
        }
        for shape, polygons in zip(shapes, rounded, strict=True)
    ]
    return {
        "type": "Topology",
        "transform": {"scale": [step, step], "translate": [round(left * step, 7), round(bottom * step, 7)]},
        "objects": {
            name: {"type": "GeometryCollection", "geometries": geometries},
            "letters": {
                "type": "MultiPoint",
                "coordinates": [[round(x / step) - left, round(y / step) - bottom] for x, y in (s.at for s in shapes)],
            },
        },
        "arcs": [_differences(arc, (left, bottom)) for arc in arcs.found],
    }


def as_text(topology: dict) -> str:
    return json.dumps(topology, separators=(",", ":"), ensure_ascii=False)


def _polygons(geometry: Mapping, step: float) -> list[list[Ring]]:
    """Rings in whole steps, without the closing point; a ring that is no more than a line falls away."""
    coordinates = geometry["coordinates"]
    parts = coordinates if geometry["type"] == "MultiPolygon" else [coordinates]
    polygons = []
    for part in parts:
        rings = [_rounded(ring, step) for ring in part]
        if rings and len(rings[0]) > 2:
            polygons.append([rings[0], *(ring for ring in rings[1:] if len(ring) > 2)])
    return polygons


def _rounded(ring, step: float) -> Ring:
    points: Ring = []
    for x, y, *_ in ring:
        point = (round(x / step), round(y / step))
        if not points or points[-1] != point:
            points.append(point)
    if len(points) > 1 and points[0] == points[-1]:
        points.pop()
    return points


class _Arcs:
    """Cuts rings where borders meet or part, and keeps each piece once, whichever way it was walked."""

    def __init__(self, rings: list[Ring]):
        self.found: list[Ring] = []
        self._index: dict[tuple[Point, ...], int] = {}
        self._junctions = _junctions(rings)

    def of_ring(self, ring: Ring) -> list[int]:
        cuts = [i for i, point in enumerate(ring) if point in self._junctions]
        if not cuts:  # an island: from its least point, so that the hole that it fills says the same
            cuts = [ring.index(min(ring))]
        start = cuts[0]
        turned = [*ring[start:], *ring[:start], ring[start]]
        ends = [cut - start for cut in cuts[1:]] + [len(ring)]
        pieces, begin = [], 0
        for end in ends:
            pieces.append(self._arc(tuple(turned[begin : end + 1])))
            begin = end
        return pieces

    def _arc(self, piece: tuple[Point, ...]) -> int:
        """Its number; ~number when it is walked backwards."""
        if piece in self._index:
            return self._index[piece]
        backwards = piece[::-1]
        if backwards in self._index:
            return ~self._index[backwards]
        self._index[piece] = len(self.found)
        self.found.append(list(piece))
        return self._index[piece]


def _junctions(rings: list[Ring]) -> set[Point]:
    """Points that do not have the same two neighbours in every ring that passes them."""
    between: dict[Point, frozenset[Point]] = {}
    junctions = set()
    for ring in rings:
        before = ring[-1]
        for i, point in enumerate(ring):
            both = frozenset((before, ring[(i + 1) % len(ring)]))
            if between.setdefault(point, both) != both:
                junctions.add(point)
            before = point
    return junctions


def _differences(arc: Ring, origin: Point) -> list[list[int]]:
    x, y = origin
    steps = []
    for to_x, to_y in arc:
        steps.append([to_x - x, to_y - y])
        x, y = to_x, to_y
    return steps
