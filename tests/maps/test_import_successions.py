"""What an import of a second division says and stores: how many buurten are which, by name."""

import pytest

from maps.importing import import_areas
from maps.models import Succession
from tests.maps import importfiles
from tests.maps.division_world import bu, strip

pytestmark = pytest.mark.django_db
THEN, NOW = "De buurten van 2022 naast die van 2018: ", "met dezelfde grens en code"


def test_the_first_division_has_nothing_beside_it(world):
    assert world.division(2018, strip(a=100)).notes == []
    assert not Succession.objects.exists()


@pytest.mark.parametrize("first", [2018, 2022])
def test_the_note_tells_how_many_of_each_by_name_whichever_came_first(world, first):
    shapes = {
        2018: strip(a=100, b=100, c=100, d=100, e=200, f=100, g=100, h=100, _=100, k=100),
        2022: strip(b=100, a=100, c=200, e=120, x=80, f=110, g=90, _=100, j=100, k=100),
    }
    world.division(first, shapes.pop(first))
    note = world.division(*shapes.popitem()).notes[-1]
    assert note == (
        f"{THEN}1 {NOW}, 2 met dezelfde grens en een andere code "
        f"(A van 2022: {bu('b')} werd {bu('a')}; B van 2022: {bu('a')} werd {bu('b')}), "
        "1 door samenvoeging (C van 2018 en D van 2018 werden C van 2022), "
        "2 door splitsing (E van 2018 werd E van 2022 en X van 2022), "
        "2 met een gewijzigde grens en dus niet te vergelijken (F van 2022; G van 2022), "
        "1 op een plek waar toen geen buurt was (J van 2022), 1 van toen verdwenen (H van 2018)."
    )


def test_a_code_that_was_given_away_keeps_its_own_name_of_each_year(world):
    world.division(2018, strip(a=100, b=100, c=100), names={"a": "Oost", "b": "West", "c": "Midden"})
    note = world.division(2022, strip(c=100, a=200), names={"a": "Binnenstad", "c": "Ooststad"}).notes[-1]
    assert note == (
        f"{THEN}1 met dezelfde grens en een andere code (Ooststad: {bu('a')} werd {bu('c')}), "
        "1 door samenvoeging (West en Midden werden Binnenstad)."
    )


def test_buurten_of_a_neighbour_are_not_gone(world):
    both = strip(a=100, b=100, gm9902_a=100, gm9902_b=100)
    world.division(2018, both)
    assert world.division(2022, both).notes == [f"{THEN}4 {NOW}."]
    assert world.division(2022, both, municipality="GM9901").notes[-1] == f"{THEN}2 {NOW}."
    assert Succession.objects.count() == 2


def test_a_buurt_that_went_to_the_neighbour_is_not_gone_either(world):
    world.division(2018, strip(a=100, b=100, gm9902_a=100))
    note = world.division(2022, strip(a=100, gm9902_b=100, gm9902_a=100)).notes[-1]
    assert "verdwenen" not in note
    assert f"{bu('b')} werd {bu('9902 b')}" in note


def test_of_a_municipality_without_an_older_map_nothing_is_said(world):
    """The country came in; of one municipality there is an older map."""
    both = strip(a=100, b=100, gm9902_a=100, gm9902_b=100)
    world.division(2018, both, municipality="GM9901")
    assert world.division(2022, both).notes == [f"{THEN}2 {NOW}."]
    assert list(Succession.objects.values_list("municipality", flat=True)) == ["GM9901"]


def test_a_neighbour_elsewhere_in_the_country_is_not_looked_at(world):
    world.division(2018, strip(gm9902_a=100))
    far = strip(_=5000, a=100)
    world.division(2018, far)
    assert world.division(2022, far).notes == [f"{THEN}1 {NOW}."]


def test_importing_it_again_replaces_what_was_found(world):
    world.division(2018, strip(a=100, b=100))
    world.division(2022, strip(a=100, b=100))
    note = world.division(2022, strip(a=150, b=50)).notes[-1]
    assert note == f"{THEN}2 met een gewijzigde grens en dus niet te vergelijken (A van 2022; B van 2022)."
    assert [unit[0] for unit in Succession.objects.get().units] == ["changed", "changed"]


def test_three_divisions_are_compared_two_by_two(world):
    for year in (2022, 2018, 2020):
        world.division(year, strip(a=100, b=100))
    assert sorted(Succession.objects.values_list("old_year", "new_year")) == [(2018, 2020), (2018, 2022), (2020, 2022)]


def test_what_is_made_up_is_never_the_past_of_what_is_real(world, tmp_path):
    """The demo lies somewhere in the country, over real buurten."""
    columns = importfiles.buurten("BU99980001", jaar=2018)
    columns["gemeentenaam"] = ["Testdam (fictief)"]
    import_areas(importfiles.geojson(tmp_path / "fictief.geojson", columns, shapes=[*strip(a=100).values()]))
    assert world.division(2022, strip(a=100)).notes == []
    assert not Succession.objects.exists()
