"""Buurten that were renumbered, merged, split and redrawn, in small worlds of squares.

Every world has six buurten that never change (`REST`): they carry the scale.
"""

import itertools

import pytest

from maps.choices import offer
from maps.computing import compute_signals, years_with_figures
from maps.models import Succession
from tests.maps.division_world import (
    GM,
    NO_CLASS,
    REST,
    bu,
    build,
    figures,
    film,
    foto,
    onv,
    rest,
    scores,
    shares,
    signals_of,
    strip,
    value,
)

pytestmark = pytest.mark.django_db

REDRAWN = "de grens is gewijzigd tussen 2018 en 2022"
NOT_THERE = "in de buurten van 2018 komt deze plek niet voor"


# ---- one became another ----


def test_codes_that_were_swapped_are_followed(world):
    build(world, {"a": (100, 1), "b": (100, 5)}, {"b": (100, 2), "a": (100, 7)})
    found = film()
    assert shares(found["b"]) == (11, 12)
    assert shares(found["a"]) == (15, 17)
    assert {found[short].signal_class for short in "ab"}.isdisjoint({NO_CLASS})
    assert (found["a"].reason, found["a"].note) == ("", "")


def test_a_code_that_moved_on_to_the_next_buurt(world):
    build(world, {"a": (100, 1), "b": (100, 5), "c": (100, 9)}, {"c": (100, 2), "a": (100, 6), "b": (100, 9)})
    found = film()
    assert {short: shares(found[short]) for short in "abc"} == {"c": (11, 12), "a": (15, 16), "b": (19, 19)}


def test_a_whole_municipality_that_was_renumbered(world):
    now = {f"n{n}": 100 for n in range(6)}
    world.division(2018, strip(**REST))
    world.division(2022, strip(**now))
    world.figures(2018, rest(0))
    world.figures(2022, {short: figures(n) for n, short in enumerate(now)})
    world.scores({2018: onv(1)})
    world.scores({2022: {short: 0.02 * n for n, short in enumerate(now)}})
    found = film()
    assert {short: shares(signal) for short, signal in found.items()} == {f"n{n}": (10, 10 + n) for n in range(6)}
    assert scores(found["n3"]) == (0.03, 0.06)
    assert not [signal for signal in found.values() if signal.signal_class == NO_CLASS or signal.note]


def test_a_code_that_now_lies_elsewhere_is_never_compared(world):
    then = {"a": (100, 1), "b": (100, 5), "_": (900, 0)}
    build(world, then, {"b": (100, 2), "_": (900, 0), "a": (100, 7)})
    found = film()
    assert shares(found["b"]) == (11, 12)
    assert (found["a"].signal_class, found["a"].reason) == (NO_CLASS, NOT_THERE)
    assert shares(found["a"]) == (None, 17)
    assert found["z"].signal_class != NO_CLASS


@pytest.mark.parametrize(
    ("then", "now"),
    [
        ({"a": (100, 1), "b": (100, 5)}, {"a": (110, 1), "b": (90, 5)}),
        ({"a": (100, 1), "b": (100, 5), "_": (50, 0)}, {"a": (150, 1), "b": (100, 5)}),
        ({"a": (94, 1), "_": (6, 0)}, {"a": (100, 1)}),
        ({"a": (100, 1)}, {"a": (94, 1), "_": (6, 0)}),
    ],
)
def test_a_border_that_moved_is_said_and_not_compared(world, then, now):
    build(world, then, now)
    found = film()
    assert (found["a"].signal_class, found["a"].reason) == (NO_CLASS, REDRAWN)
    assert (found["a"].composition, found["a"].problems) == (None, None)
    assert found["z"].signal_class != NO_CLASS


def test_a_border_that_was_drawn_a_little_otherwise_is_compared(world):
    build(world, {"a": (96, 1), "_": (4, 0)}, {"a": (100, 2)})
    assert shares(film()["a"]) == (11, 12)


def test_a_buurt_that_went_is_missed_by_nobody(world):
    build(world, {"a": (100, 1), "b": (100, 5)}, {"a": (100, 2)})
    found = film()
    assert set(found) == {"a", *REST}
    assert shares(found["a"]) == (11, 12)


# ---- put together, and cut up ----


def merged(world, *, now="c", **b):
    """A of 400 and B of 1,200 inhabitants became one."""
    world.division(2018, strip(a=100, b=100, **REST), names={"a": "Noord", "b": "Zuid"})
    world.division(2022, strip(**{now: 200}, **REST), names={now: "Noord"})
    a = figures(inhabitants=400, households=100, low_income=10, bijstand=10, ao=20, wmo=30)
    b = figures(inhabitants=1200, households=300, low_income=20, bijstand=30, ao=40, wmo=50) | b
    world.figures(2018, {"a": a, "b": {key: figure for key, figure in b.items() if figure is not None}} | rest(0))
    whole = figures(inhabitants=2000, households=500, low_income=30, bijstand=50, ao=60, wmo=70)
    world.figures(2022, {now: whole} | rest(1))
    world.scores({2018: onv(1, **{now: 0.1}), 2022: onv(2, **{now: 0.05})})
    return film()[now]


NOTE = "In 2018 bestond deze buurt uit Noord en Zuid; de cijfers daarvan zijn samengenomen."


@pytest.mark.parametrize("now", ["c", "a", "b"])
def test_buurten_that_were_put_together_are_compared_as_one(world, now):
    found = merged(world, now=now)
    assert value(found, "income", "start") == 0.25 * 10 + 0.75 * 20
    assert value(found, "bijstand", "start") == (10 + 30) / 1600 * 1000
    assert value(found, "bijstand", "end") == 25
    assert value(found, "jeugdzorg", "start") is None, "nobody knows how many young people live there"
    assert scores(found) == (0.1, 0.05)
    assert (found.signal_class != NO_CLASS, found.note, found.reason) == (True, NOTE, "")


def test_a_figure_that_one_of_the_parts_lacks_is_missing(world):
    found = merged(world, low_income=None)
    assert value(found, "income", "start") is None
    assert value(found, "wmo", "start") == (30 + 50) / 1600 * 1000
    assert (found.signal_class != NO_CLASS, found.note) == (True, NOTE)


def test_without_counts_there_is_no_signal_and_it_says_which_lack(world):
    found = merged(world, inhabitants=None)
    assert (found.signal_class, found.reason) == (NO_CLASS, "1 van de 5 cijfers over bewoners, 3 zijn nodig")


def test_a_share_of_nobody_is_not_missed(world):
    """An industrial estate: no households, so CBS gives no share of them."""
    found = merged(world, inhabitants=0, households=0, low_income=None, bijstand=0, ao=0, wmo=0)
    assert value(found, "income", "start") == 10
    assert value(found, "bijstand", "start") == 25


SPLIT_NOTE = "De cijfers over bewoners gaan over A van 2022 en B van 2022 samen: in 2018 was dat nog één gebied."


def split(world, **b):
    world.division(2018, strip(a=200, **REST))
    world.division(2022, strip(a=120, b=80, **REST))
    world.figures(2018, {"a": figures(inhabitants=2000, households=1000, low_income=10, bijstand=100)} | rest(0))
    b = figures(inhabitants=1500, households=600, low_income=20, bijstand=120) | b
    b = {key: figure for key, figure in b.items() if figure is not None}
    a = figures(inhabitants=500, households=400, low_income=10, bijstand=30)
    world.figures(2022, {"a": a, "b": b} | rest(1))


def test_a_buurt_that_was_cut_up_is_compared_as_the_whole_that_it_was(world):
    split(world)
    world.scores({2018: onv(1, a=0.1, b=0.2), 2022: onv(2, a=0.05, b=0.25)})
    found = film()
    for short in "ab":
        assert shares(found[short]) == (10, (10 * 400 + 20 * 600) / 1000)
        assert value(found[short], "bijstand", "end") == 75
        assert found[short].note == SPLIT_NOTE
        assert found[short].signal_class != NO_CLASS
    assert found["a"].composition == found["b"].composition
    assert [scores(found[short]) for short in "ab"] == [(0.1, 0.05), (0.2, 0.25)], "each its own"


def test_a_score_of_the_whole_is_not_that_of_its_parts(world):
    split(world)
    world.scores({2018: onv(1, a=0.1)})
    world.scores({2022: onv(2, a=0.05, b=0.25)})
    found = film()
    for short in "ab":
        assert found[short].composition is not None
        assert (found[short].problems, found[short].reason) == (None, "geen score voor overlast en onveiligheid")


def test_parts_without_counts_cannot_be_put_together_again(world):
    split(world, inhabitants=None, households=None)
    world.scores({2018: onv(1, a=0.1, b=0.2), 2022: onv(2, a=0.05, b=0.25)})
    found = film()
    for short in "ab":
        assert found[short].signal_class == NO_CLASS
        assert found[short].reason


def test_cut_up_and_put_together_again(world):
    """2018 two, 2020 one, 2022 two: the smallest land that all years know is both."""
    world.division(2018, strip(a=100, b=100, **REST))
    world.division(2020, strip(c=200, **REST))
    world.division(2022, strip(a=100, b=100, **REST))
    world.figures(2018, {"a": figures(1), "b": figures(3)} | rest(0))
    world.figures(2020, {"c": figures(6)} | rest(1))
    world.figures(2022, {"a": figures(4), "b": figures(8)} | rest(2))
    found = film((2018, 2020))
    assert shares(found["a"]) == shares(found["b"]) == (12, 16)
    assert found["a"].note.endswith("A van 2022 en B van 2022 samen: in 2020 was dat nog één gebied.")
    assert shares(film((2020, 2022))["b"]) == (16, 16)
    assert [shares(film((2018, 2022))[short]) for short in "ab"] == [(11, 14), (13, 18)]


def test_a_whole_that_was_cut_in_two_ways_is_not_compared(world):
    world.division(2018, strip(a=200, b=100, **REST))
    world.division(2020, strip(a=100, b=200, **REST))
    world.division(2022, strip(a=100, c=100, b=100, **REST))
    for year, shorts in ((2018, "ab"), (2020, "ab"), (2022, "abc")):
        world.figures(year, {short: figures(1) for short in shorts} | rest(year - 2018))
    found = film((2018, 2020))
    assert {found[short].reason for short in "abc"} == {"de grens is meer dan eens gewijzigd"}


# ---- from another municipality ----


def test_a_buurt_that_came_from_another_municipality(world):
    world.division(2018, strip(a=100, gm9902_b=100, gm9902_c=100, **REST))
    world.division(2022, strip(a=100, b=100, gm9902_c=100, **REST))
    world.figures(2018, {"a": figures(1), "9902 b": figures(3), "9902 c": figures(4)} | rest(0))
    world.figures(2022, {"a": figures(1), "b": figures(5), "9902 c": figures(4)} | rest(1))
    world.scores({2018: onv(1, **{"9902 b": 0.3})})
    world.scores({2022: onv(1, b=0.2)})
    found = film()
    assert shares(found["b"]) == (13, 15)
    assert scores(found["b"]) == (0.3, 0.2)
    assert shares(film(municipality="GM9902")["c"]) == (14, 14)


@pytest.fixture
def reorganised(world):
    """GM9902 and GM9903 became GM9904, under codes of its own; GM9901 is beside them."""
    both = {"gm9902_a": 100, "gm9902_b": 100, "gm9903_a": 100, "gm9903_b": 100}
    world.division(2018, strip(**both, **REST))
    world.division(2022, strip(gm9904_a=100, gm9904_b=100, gm9904_c=200, **REST))
    was = {"9902 a": figures(1), "9902 b": figures(2), "9903 a": figures(4), "9903 b": figures(6)}
    world.figures(2018, was | rest(0))
    world.figures(2022, {"9904 a": figures(2), "9904 b": figures(9), "9904 c": figures(7)} | rest(1))
    world.scores({2018: onv(1, **dict.fromkeys(was, 0.1))})
    world.scores({2022: onv(2, **{f"9904 {short}": 0.05 for short in "abc"})})
    return world


def test_a_municipality_that_was_put_together_has_a_film(reorganised):
    found = film(municipality="GM9904")
    assert {short: shares(found[short]) for short in "abc"} == {"a": (11, 12), "b": (12, 19), "c": (15, 17)}
    assert scores(found["a"]) == (0.1, 0.05)
    assert found["a"].signal_class != NO_CLASS
    assert found["c"].note.startswith("In 2018 bestond deze buurt uit ")


def test_its_years_and_sources_are_those_of_the_land(reorganised):
    assert [year.year for year in offer("GM9904").years] == years_with_figures("GM9904") == [2018, 2022]
    assert offer("GM9904").films == [(2018, 2022)]
    edition, _ = compute_signals(year_from=2018, year_to=2022, municipality="GM9904")
    assert any("2018" in source for source in edition.sources)
    assert any("2022" in source for source in edition.sources)


def test_what_lives_on_elsewhere_does_not_weigh_twice(reorganised):
    made = compute_signals(year_to=2018)
    assert {edition.municipality for edition in made} == {"GM9901", "GM9904"}
    assert made[0].basis == {"buurten": 6 + 2, "municipalities": 2}


def test_a_municipality_of_then_can_still_be_seen_as_it_was(reorganised):
    found = foto(2018, municipality="GM9902")
    assert {short: value(found[short], "income", "end") for short in "ab"} == {"a": 11, "b": 12}
    assert found["a"].signal_class != NO_CLASS


@pytest.mark.parametrize("order", list(itertools.permutations(("GM9902", "GM9903", "GM9904"))))
def test_a_municipality_that_came_alone_finds_its_past_in_any_order(world, order):
    then = strip(gm9902_a=100, gm9902_b=100, gm9903_a=100, gm9903_b=100)
    now = strip(gm9904_a=100, gm9904_b=100, gm9904_c=200)
    for municipality in order:
        new = municipality == "GM9904"
        world.division(2022 if new else 2018, now if new else then, municipality=municipality)
    units = Succession.objects.get(municipality="GM9904").units
    assert sorted(units) == [
        ["merged", [bu("9903 a"), bu("9903 b")], [bu("9904 c")]],
        ["recoded", [bu("9902 a")], [bu("9904 a")]],
        ["recoded", [bu("9902 b")], [bu("9904 b")]],
    ]


# ---- the scale ----


def test_what_was_put_together_or_cut_up_has_no_say_in_the_scale(world):
    """An outlier would pull the scale apart: the others must not notice."""
    build(world, {"a": (100, 1), "b": (100, 5), "c": (100, 1)}, {"a": (200, 90), "c": (50, 80), "d": (50, 80)})
    made, _ = compute_signals(year_from=2018, year_to=2022, municipality=GM)
    found = signals_of(made)
    changes = range(6)  # of the six, in the share of low incomes
    mean = sum(changes) / 6
    sd = (sum((change - mean) ** 2 for change in changes) / 6) ** 0.5
    for n, short in enumerate(REST):
        income = next(measured for measured in found[short].inputs if measured["key"] == "income")
        assert income["z"] == pytest.approx((n - mean) / sd)
    assert made.basis == {"buurten": 6, "municipalities": 1}
    assert found["a"].composition > 10
    assert found["a"].note
    assert found["d"].note


def test_a_municipality_of_which_nothing_stayed_the_same_has_no_mean_and_says_so(world):
    world.division(2018, strip(gm9902_a=100, gm9902_b=100, **REST))
    world.division(2022, strip(gm9902_c=200, **REST))
    world.figures(2018, {"9902 a": figures(1), "9902 b": figures(2)} | rest(0))
    world.figures(2022, {"9902 c": figures(5)} | rest(1))
    world.scores({2018: onv(1, **{"9902 c": 0.1}), 2022: onv(2, **{"9902 c": 0.3})})
    found = film(municipality="GM9902")["c"]
    assert found.signal_class == NO_CLASS
    assert found.reason == (
        "de cijfers over bewoners zijn niet met andere buurten te vergelijken; "
        "de score voor overlast en onveiligheid is niet met andere buurten te vergelijken"
    )


def test_the_number_of_households_is_that_of_the_place_and_not_of_the_code(world):
    """`a` has no number in 2022; in 2018 its land had 500 under `b`, and another place 50 under its code."""
    then = {"a": figures(1, households=50), "b": figures(5)}
    now = {"b": figures(2), "a": {key: value for key, value in figures(7).items() if key != "households"}}
    world.division(2018, strip(a=100, b=100, **REST))
    world.division(2022, strip(b=100, a=100, **REST))
    world.figures(2018, then | rest(0))
    world.figures(2022, now | rest(1))
    world.scores({2018: onv(1, a=0.1, b=0.1), 2022: onv(2, a=0.2, b=0.2)})
    assert film()["a"].reason == ""


def test_of_an_unknown_number_of_households_the_nearest_year_counts(world):
    """No number in 2022: 90 in 2018 is farther away than 110 in 2024."""
    without = {key: value for key, value in figures(2).items() if key != "households"}
    world.division(2022, strip(a=100, **REST))
    world.figures(2018, {"a": figures(1, households=90)} | rest(0))
    world.figures(2022, {"a": without} | rest(1))
    world.figures(2024, {"a": figures(1, households=110)} | rest(0))
    world.scores({2018: onv(1, a=0.1), 2022: onv(2, a=0.2)})
    assert film()["a"].reason == ""
    world.figures(2021, {"a": figures(1, households=95)} | rest(0))
    assert film()["a"].reason == "minder dan 100 huishoudens"


def test_nor_is_that_of_the_whole_that_it_was_part_of(world):
    """2016, three years away: 1,000 in the whole. 2023, four years away: 50 in the part."""
    world.division(2016, strip(a=200, **REST))
    world.division(2019, strip(a=100, b=100, **REST))
    world.figures(2016, {"a": figures(1, households=1000)} | rest(0))
    without = {key: value for key, value in figures(2).items() if key != "households"}
    world.figures(2019, {"a": without, "b": figures(2)} | rest(1))
    world.figures(2023, {"a": figures(3, households=50), "b": figures(2)} | rest(2))
    assert foto(2019)["a"].reason == "minder dan 100 huishoudens"
