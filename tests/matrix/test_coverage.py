"""Which of the four frameworks a buurt has, as cells, in words, on the map and in the overview."""

import pytest
from django.urls import reverse

from maps.models import Signal
from matrix.actions import agreement as actions
from matrix.board import build_board
from matrix.coverage import cover
from matrix.models import Framework
from matrix.views.covering import covered_of


@pytest.fixture
def areas(workshop):
    return [sheet.area for sheet in workshop.workshop_areas.select_related("area")]


def fill(cast, area, *frameworks, status="afgesproken"):
    for framework in frameworks:
        made = cast.propose(areas=[area], framework=framework)
        if status != "idee":
            actions.set_status(by=cast.as_partner, agreement=made, status=status)


def under_pressure(workshop, area, signal_class="under_pressure"):
    Signal.objects.filter(area=area, signal_map=workshop.signal_map).update(signal_class=signal_class)
    Signal.objects.filter(area=area, signal_map=workshop.signal_map.foto).update(signal_class="average")


def test_the_four_states_of_a_cell(workshop, cast, areas):
    area = areas[0]
    fill(cast, area, "leefomgeving")
    fill(cast, area, "sociale_aanpak", status="idee")
    actions.leave_empty(by=cast.as_partner, area=area, framework="woninggebruik", reason="is op orde")
    one = covered_of(workshop)[0]
    assert [cell.state for cell in one.cells] == ["agreed", "busy", "deliberate", "empty"]
    assert (one.filled, one.agreed, one.deliberate) == (2, 1, 1)
    assert one.told == (
        "2 van de 4 kaders gevuld, waarvan 1 bewust leeg. Alleen ideeën: Sociale aanpak. Leeg: Woningprogramma."
    )
    assert one.style.letter == "2"


@pytest.mark.parametrize(
    ("classes", "agreed", "warning"),
    [
        (["under_pressure"], 0, "Buurt onder druk, en in geen van de vier kaders iets afgesproken"),
        (["early_signal"], 1, "Buurt onder druk, en in één van de vier kaders iets afgesproken"),
        (["average", "double_pressure"], 1, "Buurt onder druk, en in één van de vier kaders iets afgesproken"),
        (["under_pressure"], 2, ""),  # exactly enough
        (["resilient", "average"], 0, ""),
        ([], 0, ""),
    ],
)
def test_a_buurt_under_pressure_with_little_agreed_gets_a_soft_word(workshop, cast, areas, classes, agreed, warning):
    fill(cast, areas[0], *list(Framework)[:agreed])
    board = build_board(areas, workshop.agreements.standing().for_cards(), [])
    assert cover(board, {areas[0].pk: classes})[0].warning == warning


def test_what_is_empty_on_purpose_is_no_agreement_to_who_is_under_pressure(workshop, cast, areas):
    under_pressure(workshop, areas[0])
    fill(cast, areas[0], "leefomgeving")
    actions.leave_empty(by=cast.as_partner, area=areas[0], framework="woninggebruik", reason="is op orde")
    assert covered_of(workshop)[0].warning


def test_the_overview_says_it_and_sorts(workshop, cast, areas):
    under_pressure(workshop, areas[0])
    fill(cast, areas[2], "leefomgeving", "woninggebruik")
    page = cast.tenant.get(reverse("coverage", args=[workshop.code]) + "?sorteer=-gevuld").content.decode()
    assert page.index(areas[2].name.replace("'", "&#x27;")) < page.index(areas[0].name.replace("'", "&#x27;"))
    assert "Buurt onder druk, en in geen van de vier kaders iets afgesproken" in page
    assert "2 van 4" in page


def test_the_second_face_of_the_map_tells_what_the_table_tells(workshop, cast, areas):
    under_pressure(workshop, areas[0])
    fill(cast, areas[1], "leefomgeving")
    answer = cast.partner.get(reverse("look", args=[workshop.code]) + "?beeld=afspraken")
    values = answer.context["values"]
    numbers = {code: one[0] for code, one in values["buurten"].items()}
    assert values["classes"][:5] == [f"scale_{n}" for n in range(5)]
    assert [numbers[area.code] for area in areas] == [0, 1, 0]
    assert {numbers[code] for code in numbers.keys() - {area.code for area in areas}} == {5}  # beside the session
    assert "onder druk" in values["buurten"][areas[0].code][3]
    rows = {one.area.code: one.filled for one in answer.context["covered"]}
    assert rows == {area.code: numbers[area.code] for area in areas}
    assert [step.count for step in answer.context["classes"]] == [2, 1, 0, 0, 0]


def test_the_filter_of_the_face_is_in_the_address(workshop, cast, areas):
    fill(cast, areas[1], "leefomgeving")
    look = reverse("look", args=[workshop.code])
    for klasse, left in (("scale_1", {areas[0].code, areas[2].code}), ("under_pressure", set()), ("", set())):
        answer = cast.partner.get(f"{look}?beeld=afspraken&klasse={klasse}")
        assert answer.context["left_out"] == left


def test_maps_know_nothing_of_agreements():
    from pathlib import Path

    import maps

    for source in Path(maps.__file__).parent.rglob("*.py"):
        assert "from matrix" not in source.read_text(encoding="utf-8"), source
