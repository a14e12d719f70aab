"""Years that do not fit: buurten that were renumbered, merged, split and redrawn, in small worlds of squares.

Every world has six buurten that never change (`REST`): they carry the scale.
"""

import itertools

import pytest

from maps.choices import offer
from maps.computing import Choice, Mode, compute_choices, compute_signals, years_with_figures
from maps.models import Dataset, SignalMap, Succession
from tests.maps.division_world import GM, World, bu, figures, signals_of, strip, value

pytestmark = pytest.mark.django_db

REST = dict.fromkeys("uvwxyz", 100)


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


def rest(level):
    """Figures of the six, that grow more and more unequal."""
    return {short: figures(level * n) for n, short in enumerate("uvwxyz")}


def onv(level, **others):
    return {short: round(0.01 * n * level, 2) for n, short in enumerate("uvwxyz")} | others


def of_width(buurten):
    return strip(**{short: width for short, (width, _) in buurten.items()}, **REST)


def of_level(buurten, level):
    return {short: figures(own) for short, (_, own) in buurten.items() if short[0] != "_"} | rest(level)


def build(world, then, now, *, old=2018, new=2022, change=None):
    """Two divisions with figures; scores of both years in the codes of now. `then` and `now`: short code ->
    (width, level)."""
    world.division(old, of_width(then))
    world.division(new, of_width(now), change=change)
    world.figures(old, of_level(then, 0))
    world.figures(new, of_level(now, 1))
    own = {short for short in now if short[0] != "_"}
    world.scores({old: onv(1, **dict.fromkeys(own, 0.1)), new: onv(2, **dict.fromkeys(own, 0.05))})


def film(years=(2018, 2022), municipality=GM):
    made, _ = compute_signals(year_from=years[0], year_to=years[1], municipality=municipality)
    return signals_of(made)


def foto(year, overlast=None, municipality=GM):
    made = compute_choices([Choice(Mode.FOTO, year, overlast or year)], municipality=municipality)
    return signals_of(made[0])


def shares(signal):
    """The share of low incomes, then and now; its level is ten less."""
    return value(signal, "income", "start"), value(signal, "income", "end")


def scores(signal):
    return value(signal, "onv", "start"), value(signal, "onv", "end")


NO_CLASS = "insufficient_data"
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
    world.scores({2018: onv(1, **{short: 0.1 for short in was})})
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


# ---- which divisions are known ----


STEPS = {
    "old first": ("old", "new", "figures", "scores"),
    "new first": ("new", "old", "figures", "scores"),
    "old last": ("new", "figures", "scores", "old"),
    "old again": ("old", "new", "figures", "scores", "old"),
    "new again": ("old", "new", "figures", "scores", "new"),
    "figures again": ("old", "new", "scores", "figures", "figures"),
}


@pytest.mark.parametrize("steps", STEPS)
@pytest.mark.parametrize("files", ["one file in the codes of now", "a file a year in the codes of then"])
def test_in_whatever_order_they_came(world, steps, files):
    then = {"a": (100, 1), "b": (100, 5), "c": (80, 3), "d": (120, 4)}
    now = {"b": (100, 2), "a": (100, 7), "c": (200, 4)}

    def read_scores():
        if files.startswith("one"):
            world.scores({2018: onv(1, a=0.5, b=0.1, c=0.3), 2022: onv(2, a=0.6, b=0.2, c=0.4)})
        else:
            world.scores({2018: onv(1, a=0.1, b=0.5, c=0.3, d=0.4)})
            world.scores({2022: onv(2, a=0.6, b=0.2, c=0.4)})

    def read_figures():
        world.figures(2018, of_level(then, 0))
        world.figures(2022, of_level(now, 1))

    reading = {
        "old": lambda: world.division(2018, of_width(then)),
        "new": lambda: world.division(2022, of_width(now)),
        "figures": read_figures,
        "scores": read_scores,
    }
    for step in STEPS[steps]:
        reading[step]()
    found = film()
    assert {short: shares(found[short]) for short in "abc"} == {"a": (15, 17), "b": (11, 12), "c": (pytest.approx(13.5), 14)}
    assert [scores(found[short]) for short in "ab"] == [(0.5, 0.6), (0.1, 0.2)]
    assert scores(found["c"]) == ((0.3, 0.4) if files.startswith("one") else (None, 0.4))


@pytest.mark.parametrize(("mark", "told"), [(2, "een andere code"), (3, "een andere grens")])
def test_without_old_shapes_the_mark_of_cbs_decides(world, mark, told):
    world.division(2022, strip(a=100, **REST), change={"a": mark})
    world.figures(2018, {"a": figures(1)} | rest(0))
    world.figures(2022, {"a": figures(2)} | rest(1))
    world.scores({2018: onv(1, a=0.1), 2022: onv(2, a=0.2)})
    found = film()
    reason = f"in 2022 kreeg de buurt {told}, en van eerder zijn de grenzen niet ingelezen"
    assert (found["a"].signal_class, found["a"].reason) == (NO_CLASS, reason)
    assert found["z"].signal_class != NO_CLASS
    assert foto(2022)["a"].signal_class != NO_CLASS, "of its own year"
    assert foto(2018)["a"].reason == reason


def test_shapes_go_before_the_mark_of_cbs(world):
    """CBS marks the smallest change of a border; 97% in common is the same place."""
    build(world, {"a": (97, 1), "_": (3, 0)}, {"a": (100, 2)}, change={"a": 3, "z": 2})
    found = film()
    assert shares(found["a"]) == (11, 12)
    assert not found["z"].reason


def test_the_mark_of_an_older_division_counts_for_what_came_before_it(world):
    """Figures of 2016, divisions of 2018 and 2022; `a` was redrawn in 2018, and then renumbered."""
    world.division(2018, strip(a=100, b=100, **REST), change={"a": 3})
    world.division(2022, strip(c=100, b=100, **REST))
    for year, a in ((2016, "a"), (2018, "a"), (2022, "c")):
        world.figures(year, {a: figures(1), "b": figures(2)} | rest(year - 2016))
    found = film((2016, 2022))
    assert found["c"].reason.startswith("in 2018 kreeg de buurt een andere grens")
    assert shares(found["b"]) == (12, 12)
    assert shares(film((2018, 2022))["c"]) == (11, 11)


def test_only_the_oldest_division(world):
    """The map is that of 2018. Of later figures nothing is known but their codes, and it is the newest map there is."""
    world.division(2018, strip(a=100, **REST), change={"a": 3})
    world.figures(2018, {"a": figures(1)} | rest(0))
    world.figures(2022, {"a": figures(2)} | rest(1))
    world.scores({2018: onv(1, a=0.1), 2022: onv(2, a=0.2)})
    found = film()
    assert shares(found["a"]) == (11, 12)
    assert {signal.signal_map.division for signal in found.values()} == {2018}


def test_figures_newer_than_the_map_are_taken_by_the_codes_of_the_map(world):
    build(world, {"a": (100, 1), "b": (100, 5)}, {"b": (100, 2), "a": (100, 7)})
    world.figures(2024, {"a": figures(9), "b": figures(3)} | rest(3))
    found = film((2018, 2024))
    assert [shares(found[short]) for short in "ab"] == [(15, 19), (11, 13)]


def test_three_divisions(world):
    """Swapped in 2020, put together in 2022."""
    world.division(2018, strip(a=100, b=100, c=100, **REST))
    world.division(2022, strip(b=100, a=200, **REST))
    world.division(2020, strip(b=100, a=100, c=100, **REST))
    world.figures(2018, {"a": figures(1), "b": figures(3), "c": figures(5)} | rest(0))
    world.figures(2020, {"b": figures(2), "a": figures(4), "c": figures(6)} | rest(1))
    world.figures(2022, {"b": figures(3), "a": figures(9)} | rest(2))
    world.scores({year: onv(year - 2017, a=0.1, b=0.2) for year in (2018, 2020, 2022)})
    assert [shares(film((2018, 2022))[short]) for short in "ab"] == [(14, 19), (11, 13)]
    assert [shares(film((2020, 2022))[short]) for short in "ab"] == [(15, 19), (12, 13)]
    assert [shares(film((2018, 2020))[short]) for short in "ab"] == [(14, 15), (11, 12)]


# ---- figures of a year between two divisions ----


def between(world, then, now, given):
    """Divisions of 2016 and 2024, figures of 2020 under the codes of `given`."""
    world.division(2016, of_width(then))
    world.division(2024, of_width(now))
    world.figures(2020, {short: figures(level) for short, level in given.items()} | rest(0))
    world.figures(2024, of_level(now, 1))
    return film((2020, 2024))


UNKNOWN_WHEN = "tussen 2016 en 2024 veranderde de code of de grens; lees de buurten van 2020 in"


def test_between_two_divisions_that_agree_there_is_no_doubt(world):
    found = between(world, {"a": (100, 0)}, {"a": (100, 2)}, {"a": 1})
    assert shares(found["a"]) == (11, 12)


@pytest.mark.parametrize(("given", "start"), [({"a": 1}, 11), ({"b": 1}, 11), ({"a": 1, "b": 2}, None)])
def test_a_new_code_proves_which_of_both_it_is(world, given, start):
    found = between(world, {"a": (100, 0)}, {"b": (100, 2)}, given)
    assert shares(found["b"])[0] == start
    assert found["b"].reason == (UNKNOWN_WHEN if start is None else found["b"].reason)


def test_codes_that_were_swapped_somewhere_in_between_prove_nothing(world):
    found = between(world, {"a": (100, 0), "b": (100, 0)}, {"b": (100, 2), "a": (100, 7)}, {"a": 1, "b": 5})
    assert [found[short].reason for short in "ab"] == [UNKNOWN_WHEN] * 2
    assert [shares(found[short])[0] for short in "ab"] == [None, None]


def test_nor_does_a_code_that_was_kept_for_a_larger_whole(world):
    """`a` alone may be the part or the whole: the other part may have been left out of the file."""
    then, now = {"a": (100, 0), "b": (100, 0)}, {"a": (200, 2)}
    assert between(world, then, now, {"a": 1})["a"].reason == UNKNOWN_WHEN


def test_a_part_that_is_still_there_proves_that_it_was_before(world):
    found = between(world, {"a": (100, 0), "b": (100, 0)}, {"a": (200, 2)}, {"a": 1, "b": 3})
    assert shares(found["a"]) == (12, 12)


@pytest.mark.parametrize(
    ("given", "expected"), [({"a": 1}, [None, None]), ({"a": 1, "b": 3}, [11, 13])], ids=["whole or part", "both parts"]
)
def test_a_part_that_is_there_already_proves_that_it_was_after(world, given, expected):
    found = between(world, {"a": (200, 0)}, {"a": (100, 2), "b": (100, 2)}, given)
    assert [shares(found[short])[0] for short in "ab"] == expected
    assert (found["b"].reason == UNKNOWN_WHEN) == (expected == [None, None])


def test_a_border_that_moved_in_between_is_not_compared(world):
    found = between(world, {"a": (100, 0), "b": (100, 0)}, {"a": (110, 2), "b": (90, 2)}, {"a": 1, "b": 3})
    assert {found[short].reason for short in "ab"} == {"de grens is gewijzigd tussen 2016 en 2024"}


# ---- Leefbaarometer ----


def test_the_last_year_of_the_file_tells_its_division_also_in_a_film_that_ends_before(world):
    """One file of 2018 to 2024 in the codes of 2024; divisions of 2016 and 2024; a film of 2018 to 2022."""
    world.division(2016, strip(a=100, b=100, c=100, **REST))
    world.division(2024, strip(b=100, a=110, c=90, **REST))
    world.scores({year: onv(n, a=n / 10, b=n / 5, c=0.1) for n, year in enumerate((2018, 2020, 2022, 2024), 1)})
    found = film((2018, 2022))
    assert [scores(found[short]) for short in "abc"] == [(0.1, 0.3), (0.2, 0.6), (0.1, 0.1)]
    assert not any("grens" in signal.reason for signal in found.values())


def test_a_file_in_the_codes_of_an_older_division_is_recognised_by_them(world):
    """It has 2022 as its last year, but the codes that only 2018 had."""
    world.division(2018, strip(a=100, b=100, c=100, **REST))
    world.division(2022, strip(d=100, a=100, e=100, **REST))
    world.scores({2018: onv(1, a=0.1, b=0.2, c=0.3), 2022: onv(2, a=0.2, b=0.4, c=0.6)})
    found = film()
    assert [scores(found[short]) for short in "dae"] == [(0.1, 0.2), (0.2, 0.4), (0.3, 0.6)]


def test_what_is_left_of_an_older_file_does_not_stand_in_the_way(world):
    """The newer file took over all its codes but those that are no more."""
    build(world, {"a": (100, 1), "b": (100, 5)}, {"a": (110, 2), "c": (90, 7)})
    Dataset.objects.filter(kind="leefbaarometer").delete()
    world.scores({2018: onv(1, a=0.1, b=0.3)})
    world.scores({2018: onv(1, a=0.15, c=0.25), 2022: onv(2, a=0.2, c=0.3)})
    found = foto(2022, overlast=2018)
    assert [value(found[short], "onv", "end") for short in "ac"] == [0.15, 0.25]
    assert {found[short].reason for short in "ac"} == {""}


# ---- foto ----


def test_a_foto_of_an_older_year_than_the_map(world):
    build(world, {"a": (100, 1), "b": (100, 5), "c": (200, 3)}, {"b": (100, 2), "a": (100, 7), "c": (90, 4), "d": (110, 4)})
    found = foto(2018)
    assert {short: value(found[short], "income", "end") for short in "abcd"} == {"a": 15, "b": 11, "c": 13, "d": 13}
    assert found["c"].note == "De cijfers over bewoners gaan over C van 2022 en D van 2022 samen: in 2018 was dat nog één gebied."
    assert found["a"].note == ""
    assert found["d"].signal_class != NO_CLASS


def test_a_foto_of_residents_and_nuisance_of_two_years(world):
    build(world, {"a": (100, 1), "b": (100, 5)}, {"b": (100, 2), "a": (100, 7)})
    found = foto(2018, overlast=2022)
    assert [value(found[short], "income", "end") for short in "ab"] == [15, 11]
    assert [value(found[short], "onv", "end") for short in "ab"] == [0.05, 0.05]
    turned = foto(2022, overlast=2018)
    assert [value(turned[short], "income", "end") for short in "ab"] == [17, 12]
    assert [value(turned[short], "onv", "end") for short in "ab"] == [0.1, 0.1]


def test_a_foto_of_two_years_needs_no_figures_of_residents_in_the_second(world):
    """Those of 2018 are about another land; its scores are in the codes of the map."""
    build(world, {"a": (100, 1), "b": (100, 5)}, {"a": (110, 2), "b": (90, 7)})
    assert {foto(2022, overlast=2018)[short].reason for short in "ab"} == {""}
    assert {foto(2018, overlast=2022)[short].reason for short in "ab"} == {REDRAWN}


# ---- the scale ----


def test_what_was_put_together_or_cut_up_has_no_say_in_the_scale(world):
    """An outlier would pull the scale apart: the others must not notice."""
    build(world, {"a": (100, 1), "b": (100, 5), "c": (100, 1)}, {"a": (200, 90), "c": (50, 80), "d": (50, 80)})
    made, _ = compute_signals(year_from=2018, year_to=2022, municipality=GM)
    found = signals_of(made)
    changes = [n for n in range(6)]  # of the six, in the share of low incomes
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
    assert SignalMap.objects.current().films().count() == 1
