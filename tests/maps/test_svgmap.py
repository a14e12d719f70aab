"""The map on paper: what is drawn, what it says, and what WeasyPrint would draw wrong."""

import json
import re
import xml.etree.ElementTree as ET

import pytest

from maps.style import STYLES, styles
from maps.svgmap import (
    HATCHES,
    MapArea,
    axis_svg,
    fit,
    hatch_patterns,
    locator_svgs,
    signal_map_svg,
    swatch_svg,
)

SVG = "{http://www.w3.org/2000/svg}"
KEYS = [
    "under_pressure",
    "resilient",
    "early_signal",
    "other_cause",
    "improving",
    "no_clear_change",
    "insufficient_data",
]


def square(column, row, size=0.01):
    x, y = 5 + column * size, 52 + row * size
    return [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]


def area(i, key="resilient", name=None, size=0.01, **more):
    geometry = json.dumps({"type": "Polygon", "coordinates": [square(i % 4, i // 4, size)]})
    at = (5 + (i % 4 + 0.5) * size, 52 + (i // 4 + 0.5) * size)
    return MapArea(f"BU{i}", name or f"Buurt {i}", geometry, STYLES[key] if key else None, at, **more)


def draw(areas, **options):
    svg = signal_map_svg(areas, **{"width_mm": 160, "max_height_mm": 120, "title": "Kaart", "prefix": "k"} | options)
    return ET.fromstring(svg)


def fills(root):
    return [path.get("fill") for path in root.iter(f"{SVG}path")]


def texts(root):
    return [text.text for text in root.iter(f"{SVG}text")]


def test_one_path_per_class_then_one_with_its_lines_and_the_borders_last():
    root = draw([area(i, key) for i, key in enumerate(KEYS * 2)])
    paths = list(root.find(f"{SVG}g").iter(f"{SVG}path"))
    solid = [style.fill for style in styles(film=True)]
    hatched = [f"url(#k-{style.hatch})" for style in styles(film=True) if style.hatch]
    assert [path.get("fill") for path in paths] == ["none", *solid, *hatched, "none"]
    assert paths[-1].get("stroke")


def test_every_class_has_its_letter_on_the_map_and_no_data_has_none():
    root = draw([area(i, key) for i, key in enumerate(KEYS)], names=False)
    assert sorted(text for text in texts(root) if text and len(text) == 1) == [*"ABCDEF", "N"]
    assert len(root.findall(f".//{SVG}circle")) == 6


def test_buurten_outside_the_session_are_pale_and_nameless():
    root = draw([area(0), area(1, None, "Daarbuiten")])
    assert "#ffffff" in fills(root)
    assert not any("Daarbuiten" in text for text in texts(root))


def test_the_sheet_is_filled_with_the_session_and_far_away_is_left_out():
    near = draw([area(0), area(1)])
    far = MapArea("BU9", "Ver", json.dumps({"type": "Polygon", "coordinates": [square(400, 400)]}))
    assert ET.tostring(draw([area(0), area(1), far])) == ET.tostring(near)


def test_a_square_kilometre_is_square_on_paper():
    frame = fit([area(0)], width=100, max_height=200, min_height=10, edge=5)
    ring = frame.rings(area(0))[0]
    width, height = ring[1][0] - ring[0][0], ring[0][1] - ring[2][1]
    assert width == pytest.approx(90)
    assert height / width == pytest.approx(1 / 0.6156, rel=1e-3)  # a degree of longitude at 52 is 0.6156 of latitude


def test_neighbours_keep_one_border():
    root = draw([area(0, "resilient"), area(1, "improving")], names=False)
    numbers = [
        {tuple(point.split()) for point in re.findall(r"[\d.]+ [\d.]+", path.get("d"))}
        for path in root.find(f"{SVG}g").iter(f"{SVG}path")
        if path.get("fill") in {STYLES["resilient"].fill, STYLES["improving"].fill}
    ]
    assert len(numbers[0] & numbers[1]) == 2


def test_multipolygons_and_holes_are_drawn_even_odd():
    hole = [[5.002, 52.002], [5.004, 52.002], [5.004, 52.004], [5.002, 52.002]]
    geometry = {"type": "MultiPolygon", "coordinates": [[square(0, 0), hole], [square(2, 0)]]}
    root = draw([MapArea("BU1", "Twee delen", json.dumps(geometry), STYLES["resilient"])])
    solid = next(path for path in root.iter(f"{SVG}path") if path.get("fill") == STYLES["resilient"].fill)
    assert solid.get("d").count("M") == 3
    assert solid.get("fill-rule") == "evenodd"


def test_the_title_is_the_first_child_of_every_drawing():
    drawings = [
        signal_map_svg([area(0)], width_mm=100, max_height_mm=80, title='<Kaart> & "zo"', prefix="k"),
        *locator_svgs([area(0), area(1)], width_mm=30, max_height_mm=30).values(),
        swatch_svg(STYLES["resilient"], prefix="s"),
        axis_svg(0.7, band=0.5, title="As"),
    ]
    for drawing in drawings:
        root = ET.fromstring(drawing)
        assert root[0].tag == f"{SVG}title"
        assert root[0].text
    assert ET.fromstring(drawings[0])[0].text == '<Kaart> & "zo"'


def test_names_never_overlap_each_other_or_a_letter():
    root = draw([area(i, "resilient", f"Een behoorlijk lange naam {i}") for i in range(16)])
    boxes = [(float(c.get("cx")) - 2.1, float(c.get("cy")) - 2.1, float(c.get("cx")) + 2.1, float(c.get("cy")) + 2.1)
             for c in root.iter(f"{SVG}circle")]  # fmt: skip
    for group in root.findall(f"{SVG}g"):
        if group.get("font-size") == "2.7" and group.get("fill") == "#1b1b1b":
            xs = [float(text.get("x")) for text in group]
            ys = [float(text.get("y")) for text in group]
            half = max(len(text.text) for text in group) * 0.65
            boxes.append((xs[0] - half, min(ys) - 2.2, xs[0] + half, max(ys) + 0.4))
    overlaps = [
        (a, b)
        for i, a in enumerate(boxes)
        for b in boxes[:i]
        if a[0] < b[2] and a[2] > b[0] and a[1] < b[3] and a[3] > b[1]
    ]
    assert len(boxes) == 32
    assert not overlaps


def test_a_name_without_room_becomes_a_number_that_is_explained_below():
    crowd = [area(i, "resilient", f"Smalle buurt {i}", size=0.0002) for i in range(16)]
    wide = [
        MapArea("BU99", "De rest", json.dumps({"type": "Polygon", "coordinates": [square(0, 5)]}), STYLES["improving"])
    ]
    root = draw(crowd + wide)
    words = " ".join(text for text in texts(root) if text).replace("\u00a0", " ")
    assert re.search(r"1 Smalle buurt 0 · .* · 16 Smalle buurt 9", words)
    height = float(root.get("viewBox").split()[3])
    assert all(float(text.get("y")) < height for text in root.iter(f"{SVG}text"))


def test_a_hostile_name_stays_text():
    name = '</svg><script>alert("x")</script>&'
    root = draw([area(0, "resilient", name)])
    assert not root.findall(f".//{SVG}script")


def test_scale_bar_north_and_source_stand_on_the_sheet():
    root = draw([area(i) for i in range(8)], source="Bron: CBS, Wijk- en Buurtkaart 2024")
    assert "N" in texts(root)
    assert any(re.fullmatch(r"[\d]+ k?m", text or "") for text in texts(root))
    assert "Bron: CBS, Wijk- en Buurtkaart 2024" in texts(root)


def test_nothing_that_paper_draws_wrong():
    svg = signal_map_svg(
        [area(i, key) for i, key in enumerate(KEYS)], width_mm=160, max_height_mm=120, title="t", prefix="k"
    )
    for wrong in ("mask", "paint-order", "textPath", "vector-effect", "patternTransform", "rotate", "style="):
        assert wrong not in svg
    assert "<rect" not in hatch_patterns()


def test_every_hatch_of_the_style_table_has_its_lines():
    assert {style.hatch for style in STYLES.values()} - {""} <= HATCHES.keys()
    patterns = ET.fromstring(f'<svg xmlns="http://www.w3.org/2000/svg">{hatch_patterns()}</svg>')
    assert {pattern.get("id") for pattern in patterns} == {f"hatch-{name}" for name in HATCHES}


def test_a_locator_fills_one_buurt_and_outlines_the_others():
    locators = locator_svgs([area(0), area(1), area(2, None)], width_mm=30, max_height_mm=30)
    assert locators.keys() == {"BU0", "BU1"}
    root = ET.fromstring(locators["BU0"])
    ground, chosen = root.iter(f"{SVG}path")
    assert (ground.get("d").count("M"), chosen.get("d").count("M")) == (2, 1)


@pytest.mark.parametrize(
    ("value", "where"),
    [(0.0, 17.0), (2.5, 32.5), (-2.5, 1.5)],
)
def test_an_axis_puts_its_dot_where_the_value_is(value, where):
    root = ET.fromstring(axis_svg(value, band=0.5, title="As"))
    assert float(root.find(f"{SVG}circle").get("cx")) == pytest.approx(where)


def test_an_axis_beyond_the_end_is_an_arrow_and_none_is_nothing():
    assert "<circle" not in axis_svg(4, band=0.5, title="As")
    assert axis_svg(None, band=0.5, title="As") == ""


def test_without_any_shape_there_is_no_map():
    assert (
        signal_map_svg(
            [MapArea("BU1", "Leeg", "", STYLES["resilient"])], width_mm=1, max_height_mm=1, title="t", prefix="k"
        )
        == ""
    )
    assert signal_map_svg([], width_mm=1, max_height_mm=1, title="t", prefix="k") == ""
    assert locator_svgs([], width_mm=1, max_height_mm=1) == {}
