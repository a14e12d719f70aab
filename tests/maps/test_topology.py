"""Shapes as TopoJSON: every shape comes back as it was, and a shared border is sent once."""

import json

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from maps.topology import Shape, as_text, topojson

STEP = 1e-4


def shape(name, geometry):
    inside = geometry.representative_point()
    return Shape(name, json.loads(shapely.to_geojson(geometry)), (inside.x, inside.y))


def back(topology):
    """As a reader of the format would: an own decoder, from the specification."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    lines = []
    for arc in topology["arcs"]:
        x = y = 0
        line = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            line.append((tx + x * sx, ty + y * sy))
        lines.append(line)

    def ring(numbers):
        points = []
        for number in numbers:
            line = lines[number] if number >= 0 else lines[~number][::-1]
            points += line[1:] if points else line
        return points

    found = {}
    for geometry in topology["objects"]["buurten"]["geometries"]:
        polygons = [shapely.Polygon(ring(p[0]), [ring(hole) for hole in p[1:]]) for p in geometry["arcs"]]
        found[geometry["id"]] = shapely.MultiPolygon(polygons)
    return found


def box(x, y, size=1.0):
    return shapely.box(x * size, y * size, (x + 1) * size, (y + 1) * size)


WORLDS = {
    "one": {"A": box(0, 0)},
    "two beside each other": {"A": box(0, 0), "B": box(1, 0)},
    "four round a point": {f"{x}{y}": box(x, y) for x in (0, 1) for y in (0, 1)},
    "an island in a lake": {
        "A": shapely.difference(box(0, 0), shapely.box(0.4, 0.4, 0.6, 0.6)),
        "B": shapely.box(0.4, 0.4, 0.6, 0.6),
    },
    "two parts": {"A": shapely.union(box(0, 0), box(2, 0)), "B": box(1, 0)},
    "touching in a point": {"A": box(0, 0), "B": box(1, 1)},
    "a neighbour with an own vertex": {
        "A": shapely.Polygon([(0, 0), (1, 0), (1, 0.5), (1, 1), (0, 1)]),
        "B": box(1, 0),
    },
}


@pytest.mark.parametrize("name", WORLDS)
def test_every_shape_comes_back(name):
    topology = topojson([shape(code, geometry) for code, geometry in WORLDS[name].items()], step=STEP)
    for code, geometry in back(json.loads(as_text(topology))).items():
        assert geometry.is_valid
        assert geometry.symmetric_difference(WORLDS[name][code]).area < 1e-9


def test_a_shared_border_is_sent_once():
    together = topojson([shape(c, g) for c, g in WORLDS["two beside each other"].items()], step=STEP)
    assert len(together["arcs"]) == 3, "ieders eigen stuk en het gedeelde"
    used = [
        n
        for g in together["objects"]["buurten"]["geometries"]
        for polygon in g["arcs"]
        for ring in polygon
        for n in ring
    ]
    assert sum(n < 0 for n in used) == 1, "de een loopt hem heen, de ander terug"


def test_letters_stand_inside():
    topology = topojson([shape(c, g) for c, g in WORLDS["four round a point"].items()], step=STEP)
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    for geometry, (x, y) in zip(back(topology).values(), topology["objects"]["letters"]["coordinates"], strict=True):
        assert geometry.contains(shapely.Point(tx + x * sx, ty + y * sy))


def test_nothing_is_nothing():
    assert topojson([])["arcs"] == []


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 997), st.integers(0, 991)), min_size=4, max_size=40, unique=True))
def test_no_sliver_opens_between_neighbours_of_any_shape(points):
    """Voronoi cells share every border; after the journey they still do."""
    points = [(x / 1000, y / 1000) for x, y in points]
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(points), extend_to=shapely.box(0, 0, 1, 1)))
    cells = [cell for cell in cells if cell.area > 1e-4]
    exact = [shapely.set_precision(cell, 1e-3) for cell in cells]
    shapes = [
        shape(str(i), cell) for i, cell in enumerate(exact) if isinstance(cell, shapely.Polygon) and cell.area > 0
    ]
    found = list(back(topojson(shapes, step=1e-3)).values())
    before = shapely.union_all([shapely.from_geojson(json.dumps(s.geometry)) for s in shapes]).area
    assert shapely.union_all([shapely.make_valid(g) for g in found]).area == pytest.approx(before, abs=1e-6)
