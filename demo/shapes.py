"""The ground of Merelveen, a municipality that does not exist: 24 buurten on two banks of a river.

It lies in the open water of the Markermeer, so nobody can mistake it for a real place. All lengths are metres
in EPSG:28992. The only chance is `random.Random` with a text as seed: every run gives the same map.
"""

from functools import cache
from itertools import chain, pairwise
from math import ceil, cos, dist, log2, pi, sin
from random import Random
from typing import NamedTuple

import shapely
from shapely import LineString, MultiPoint, Point, Polygon

MIDDLE_X, MIDDLE_Y = 150_000, 512_000
MUNICIPALITY = ("GM9901", "Merelveen (fictief)")
DISTRICTS = {
    "WK990101": "Centrum",
    "WK990102": "Rietlanden",
    "WK990103": "Oosterkwartier",
    "WK990104": "Zuid-West",
    "WK990105": "Zuid-Oost",
}

Coordinate = tuple[float, float]


class Place(NamedTuple):
    """A buurt and its heart, in metres east and north of the middle of the municipality."""

    name: str
    east: int
    north: int


NORTH_BANK = {
    "BU99010101": Place("Oude Haven", -420, 20),
    "BU99010102": Place("De Hoven", 120, 200),
    "BU99010103": Place("Stationskwartier", 60, 720),
    "BU99010104": Place("'t Zand", -520, 560),
    "BU99010105": Place("Lindekwartier", 640, 400),
    "BU99010201": Place("Rietveen", -1180, 330),
    "BU99010202": Place("Vogelbuurt", -1150, 1000),
    "BU99010203": Place("De Weide", -2350, 480),
    "BU99010204": Place("Merelpark", -1950, 1500),
    "BU99010205": Place("Molenkamp", -430, 1480),
    "BU99010301": Place("Componistenhof", 450, 1150),
    "BU99010302": Place("Bloemhof", 1170, 880),
    "BU99010303": Place("Sterrenkamp", 1560, 330),
    "BU99010304": Place("Oosterdijk", 2380, 560),
    "BU99010305": Place("Noorderpolder", 1020, 1900),
}
SOUTH_BANK = {
    "BU99010401": Place("Schippersbuurt", -560, -700),
    "BU99010402": Place("Kruidenbuurt", -1280, -760),
    "BU99010403": Place("Lage Veen", -2250, -780),
    "BU99010404": Place("Buitenveen, verspreide huizen", -1000, -1720),
    "BU99010501": Place("Over het Water", 160, -640),
    "BU99010502": Place("Schildersbuurt", 820, -700),
    "BU99010503": Place("Edelstenenbuurt", 420, -1320),
    "BU99010504": Place("Tuindorp-Zuid", 1650, -840),
    "BU99010505": Place("Hoge Akkers", 1950, -1720),
}
PLACES = NORTH_BANK | SOUTH_BANK

# Corners of the municipality, east and north of its middle; its border bends between them.
OUTLINE = [
    (3180, -520), (3300, 380), (2850, 700), (2960, 1180), (2050, 1560), (1880, 2240), (960, 2420),
    (640, 2190), (-420, 2330), (-900, 2020), (-1750, 2310), (-2560, 1830), (-2480, 1240), (-3180, 900),
    (-3350, -180), (-2890, -620), (-3050, -1230), (-2150, -1560), (-1900, -2210), (-980, -2480),
    (-260, -2180), (540, -2120), (1340, -2500), (2310, -2300), (2480, -1630), (2990, -1340),
]  # fmt: skip

PIECES = 6  # small cells around its heart make one buurt, so that its outline is no plain polygon
MOVED_FROM, MOVED_TO = "BU99010303", "BU99010304"  # the one border that moved between 2018 and 2024
MOVED_PIECES = {0, 1}  # these, in the east of the first, belong to the second from 2024
STEP = 150  # a longer side of a border is bent; the banks have shorter sides and stay smooth
GRID = 0.1  # coordinates are kept to the decimetre


def buurten(year: int) -> dict[str, Polygon]:
    """The buurten in the division of that year; neighbours share every vertex of their border."""
    cells = {code: [] for code in PLACES}
    for code, piece, cell in _cells():
        moved = year >= 2024 and code == MOVED_FROM and piece in MOVED_PIECES
        cells[MOVED_TO if moved else code].append(cell)
    return {code: _bent(shapely.coverage_union_all(own)) for code, own in cells.items()}


def river() -> Polygon:
    """The water between the banks, harbour included, as far as the municipality goes."""
    return _bent(next(face for face in _faces() if _water().contains(face.representative_point())))


@cache
def _cells() -> list[tuple[str, int, Polygon]]:
    """Buurt, number of the piece, and the piece with straight sides still."""
    north, south = _hearts(NORTH_BANK), _hearts(SOUTH_BANK)
    cells = []
    for face in _faces():
        inside = face.representative_point()
        if not _water().contains(inside):
            hearts = north if inside.y > _river_at(inside.x) else south
            cells.append((*min(hearts, key=lambda piece: inside.distance(hearts[piece])), face))
    return cells


@cache
def _faces() -> list[Polygon]:
    """The municipality cut along the banks and, on each bank, along the lines halfway between the pieces."""
    land = _outline().difference(_water())
    banks = sorted(land.geoms, key=lambda bank: bank.centroid.y)
    lines = [_outline().boundary, land.boundary]
    for places, bank in zip((SOUTH_BANK, NORTH_BANK), banks, strict=True):
        halfway = shapely.voronoi_polygons(MultiPoint([*_hearts(places).values()]), extend_to=bank, only_edges=True)
        lines.append(halfway.intersection(bank))
    # Snapping to the grid joins an end that lies a hair beside the bank to that bank.
    noded = shapely.union_all(lines, grid_size=GRID)
    return [*shapely.polygonize(shapely.get_parts(noded)).geoms]


def _hearts(places: dict[str, Place]) -> dict[tuple[str, int], Point]:
    """The hearts of the pieces, an uneven ring around that of the buurt; a near neighbour makes it small."""
    hearts = {}
    for code, place in places.items():
        random = Random(code)
        room = min(dist(place[1:], other[1:]) for other in PLACES.values() if other != place)
        for piece in range(PIECES):
            angle = 2 * pi * (piece + random.uniform(-0.3, 0.3)) / PIECES
            reach = room * random.uniform(0.2, 0.5)
            hearts[code, piece] = _point(place.east + reach * cos(angle), place.north + reach * sin(angle))
    return hearts


@cache
def _outline() -> Polygon:
    """The border of the municipality, with straight sides still."""
    return Polygon([_point(east, north) for east, north in OUTLINE])


@cache
def _water() -> Polygon:
    """The river, 60 to 90 metres wide and longer than the municipality, with the basin of the old harbour."""
    xs = range(MIDDLE_X - 4500, MIDDLE_X + 4500, 60)
    reaches = [LineString([(x, _river_at(x)), (x + 60, _river_at(x + 60))]) for x in xs]
    widths = [37 + 6 * sin(x / 300) for x in xs]
    stream = shapely.union_all([reach.buffer(width, quad_segs=3) for reach, width in zip(reaches, widths, strict=True)])
    x, y = MIDDLE_X - 560, _river_at(MIDDLE_X - 560)
    basin = LineString([(x, y), (x + 60, y + 230), (x + 240, y + 290)]).buffer(30, cap_style="flat")
    return stream.union(basin).simplify(2).segmentize(STEP - 1)


def _river_at(x: float) -> float:
    """How far north the middle of the river is."""
    east = x - MIDDLE_X
    return MIDDLE_Y - 310 + 180 * sin(east / 800 + 0.6) + 130 * sin(east / 400 + 0.4)


def _point(east: float, north: float) -> Point:
    return Point(MIDDLE_X + east, MIDDLE_Y + north)


def _bent(shape: Polygon) -> Polygon:
    """The same shape with every longer side bent, alike for the neighbour that shares it."""
    corners = [*shape.exterior.coords]
    return Polygon([point for start, end in pairwise(corners) for point in _curve(start, end)])


def _curve(start: Coordinate, end: Coordinate) -> list[Coordinate]:
    """A bent line from start up to, not including, end: the same points whichever neighbour asks."""
    if start > end:
        return [start, *reversed(_curve(end, start)[1:])]
    random = Random("{:.1f} {:.1f} {:.1f} {:.1f}".format(*start, *end))
    points = [start, end]
    for depth in range(ceil(log2(max(1, dist(start, end) / STEP)))):
        halfway = [_beside_middle(a, b, 0.15 * 0.8**depth, random) for a, b in pairwise(points)]
        points = [*chain.from_iterable(zip(points[:-1], halfway, strict=True)), end]
    return points[:-1]


def _beside_middle(a: Coordinate, b: Coordinate, most: float, random: Random) -> Coordinate:
    """A point beside the middle of a line, off it by at most that part of its length."""
    aside = random.uniform(-most, most)
    x = (a[0] + b[0]) / 2 + aside * (a[1] - b[1])
    y = (a[1] + b[1]) / 2 + aside * (b[0] - a[0])
    return round(x, 1), round(y, 1)
