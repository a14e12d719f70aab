"""Which division figures are of: maps and figures of other years, in whatever order they came."""

import pytest

from maps.models import Dataset
from tests.maps.division_world import (
    NO_CLASS,
    REST,
    build,
    figures,
    film,
    foto,
    of_level,
    of_width,
    onv,
    rest,
    scores,
    shares,
    strip,
    value,
)

pytestmark = pytest.mark.django_db

REDRAWN = "de grens is gewijzigd tussen 2018 en 2022"


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
    assert {short: shares(found[short]) for short in "abc"} == {
        "a": (15, 17),
        "b": (11, 12),
        "c": (pytest.approx(13.5), 14),
    }
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


def test_a_file_that_says_nothing_of_a_buurt_stops_nothing(world):
    """The scores of 2018 leave out what was redrawn since: what is known of its residents stands."""
    build(world, {"a": (100, 1), "b": (100, 5)}, {"a": (110, 2), "b": (90, 7)})
    Dataset.objects.filter(kind="leefbaarometer").delete()
    world.scores({2018: onv(1)})
    found = foto(2022, overlast=2018)["a"]
    assert found.composition is not None
    assert found.reason == "geen score voor overlast en onveiligheid"


# ---- foto ----


def test_a_foto_of_an_older_year_than_the_map(world):
    build(
        world,
        {"a": (100, 1), "b": (100, 5), "c": (200, 3)},
        {"b": (100, 2), "a": (100, 7), "c": (90, 4), "d": (110, 4)},
    )
    found = foto(2018)
    assert {short: value(found[short], "income", "end") for short in "abcd"} == {"a": 15, "b": 11, "c": 13, "d": 13}
    assert (
        found["c"].note
        == "De cijfers over bewoners gaan over C van 2022 en D van 2022 samen: in 2018 was dat nog één gebied."
    )
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
