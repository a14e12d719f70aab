"""The figures of one buurt over the years, in panel and plan: never of two places in one line."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from maps.computing import compute_signals
from maps.models import Signal
from maps.places import histories
from maps.showing import municipality_of, show_area
from maps.templatetags.kaart import sparkline
from matrix.actions.workshop import create_workshop
from matrix.plan.document import build_document
from tests.maps.division_world import GM, area, bu, figures, strip

pytestmark = pytest.mark.django_db
REST = dict.fromkeys("wxyz", 100)


def lines(short, division, *, key="low_income", municipality=GM):
    """year -> the figure, or in words why there is none."""
    code = bu(short)
    found = {}
    for past in histories(municipality, division, [code])[code]:
        if key in past.values or key in past.missing:
            found[past.year] = past.values.get(key, past.missing.get(key))
    return found


def build(world, then, now, *, years=(2018, 2022), more_years=()):
    """Two divisions; a figure of each of their years, ten more than its place in `then` and `now`."""
    for year, shapes in zip(years, (then, now), strict=True):
        world.division(year, strip(**shapes, **REST))
        world.figures(
            year, {short: figures(n + year - 2018) for n, short in enumerate([*(s for s in shapes if s != "_"), *REST])}
        )
    for year in more_years:
        world.figures(year, {short: figures(n + year - 2018) for n, short in enumerate([*now, *REST])})


def test_codes_that_were_swapped(world):
    build(world, {"a": 100, "b": 100}, {"b": 100, "a": 100})
    assert lines("a", 2022) == {2018: 11, 2022: 15}
    assert lines("b", 2022) == {2018: 10, 2022: 14}


def test_a_session_on_the_older_map_looks_ahead_in_the_same_way(world):
    build(world, {"a": 100, "b": 100}, {"b": 100, "a": 100})
    assert lines("a", 2018) == {2018: 10, 2022: 14}
    assert lines("b", 2018) == {2018: 11, 2022: 15}


@pytest.mark.parametrize(
    ("then", "now", "asked", "on_the_old_map", "on_the_new_map"),
    [
        # put together: on the old map each was a part, on the new one their shares are taken together
        ({"a": 100, "b": 100}, {"a": 200}, "a", {2018: 10, 2022: "in dat jaar één gebied met een andere buurt"}, {2018: 10.5, 2022: 14}),
        # cut up: the other way round
        ({"a": 200}, {"a": 100, "b": 100}, "a", {2018: 10, 2022: 14.5}, {2018: "in dat jaar één gebied met een andere buurt", 2022: 14}),
        # redrawn
        ({"a": 100, "b": 100}, {"a": 110, "b": 90}, "a",
         {2018: 10, 2022: "de grens is gewijzigd tussen 2018 en 2022"}, {2018: "de grens is gewijzigd tussen 2018 en 2022", 2022: 14}),
    ],
)  # fmt: skip
def test_what_was_put_together_cut_up_or_redrawn(world, then, now, asked, on_the_old_map, on_the_new_map):
    build(world, then, now)
    assert lines(asked, 2022) == on_the_new_map
    assert lines(asked, 2018) == on_the_old_map


def test_a_buurt_of_the_old_map_that_went(world):
    build(world, {"a": 100, "b": 100}, {"a": 100, "_": 100})
    assert lines("b", 2018) == {2018: 11, 2022: "in de buurten van 2022 komt deze plek niet voor"}


def test_a_figure_that_does_not_add_up_is_a_gap_with_its_reason(world):
    build(world, {"a": 100, "b": 100}, {"c": 200})
    assert lines("c", 2022, key="jeugdzorg") == {
        2018: "in dat jaar meer dan één buurt; dit cijfer is niet op te tellen", 2022: 12,
    }  # fmt: skip


def test_figures_of_before_and_after_all_divisions(world):
    build(world, {"a": 100, "b": 100}, {"b": 100, "a": 100}, more_years=(2016, 2024))
    assert lines("a", 2022) == {2016: 8, 2018: 11, 2022: 15, 2024: 17}, "2016 goes with 2018, 2024 with 2022"
    assert lines("a", 2018) == {2016: 9, 2018: 10, 2022: 14, 2024: 16}


def test_scores_of_a_session_on_the_older_map(world):
    """A file of all years in the codes of the newer one, and one in those of the older one."""
    build(world, {"a": 100, "b": 100}, {"b": 100, "a": 100})
    world.scores({year: {"a": year / 10_000, "b": 0.1} for year in (2018, 2020, 2022)})
    assert lines("b", 2018, key="onv") == {2018: 0.2018, 2020: 0.202, 2022: 0.2022}
    assert lines("a", 2022, key="onv") == {2018: 0.2018, 2020: 0.202, 2022: 0.2022}


def test_a_municipality_that_became_part_of_another(world):
    world.division(2018, strip(gm9902_a=100, gm9902_b=100, **REST))
    world.division(2022, strip(gm9903_a=100, gm9903_b=100, **REST))
    world.figures(2018, {"9902 a": figures(1), "9902 b": figures(2)})
    world.figures(2022, {"9903 a": figures(3), "9903 b": figures(4)})
    assert lines("9903 b", 2022, municipality="GM9903") == {2018: 12, 2022: 14}
    assert lines("9902 b", 2018, municipality="GM9902") == {2018: 12, 2022: 14}


def test_and_was_cut_again_since(world):
    """A session on the map of 2018; figures of 2021 lie between two later divisions."""
    world.division(2018, strip(gm9902_a=100, gm9903_a=100, **REST))
    world.division(2020, strip(gm9903_a=200, **REST))
    world.division(2022, strip(gm9903_a=100, gm9903_b=100, **REST))
    for year, codes in ((2018, ["9902 a", "9903 a"]), (2021, ["9903 a"]), (2022, ["9903 a", "9903 b"])):
        world.figures(year, {short: figures(n) for n, short in enumerate(codes)})
    expected = {
        2018: 10,
        2021: "tussen 2020 en 2022 veranderde de code of de grens; lees de buurten van 2021 in",
        2022: 10,
    }
    assert lines("9902 a", 2018, municipality="GM9902") == expected


def test_that_a_neighbour_took_a_strip_of_it_does_not_make_it_another(world):
    """Of `b` 96% stayed; the rest is a third of a new buurt beside it, which is not comparable."""
    world.division(2018, strip(gm9902_b=100, gm9903_x=100, **REST))
    world.division(2022, strip(gm9902_b=96, gm9903_c=12, gm9903_x=92, **REST))
    for year in (2018, 2022):
        world.figures(year, {"9902 b": figures(year - 2018)})
    assert lines("9902 b", 2018, municipality="GM9902") == {2018: 10, 2022: 14}


# ---- what the screen makes of it ----


@pytest.fixture
def redrawn(world):
    """`a` was redrawn in 2020, between two years of figures on either side."""
    world.division(2018, strip(a=100, b=100, **REST))
    world.division(2020, strip(a=110, b=90, **REST))
    for year in (2017, 2018, 2020, 2022):
        world.figures(year, {short: figures(n + year - 2016) for n, short in enumerate(["a", "b", *REST])})
    film, _ = compute_signals(year_from=2018, year_to=2022, municipality=GM)
    return film


def test_a_line_never_joins_two_places_and_says_why(redrawn):
    signal = Signal.objects.select_related("area", "signal_map").get(signal_map=redrawn, area__code=bu("a"))
    income = show_area(signal, municipality_of(redrawn)).composition[0].figure
    reason = "de grens is gewijzigd tussen 2018 en 2020"
    assert [(point.year, point.value, point.missing) for point in income.points] == [
        (2017, None, reason), (2018, None, reason), (2020, 14, ""), (2022, 16, ""),
    ]  # fmt: skip
    drawn = sparkline(income)
    assert f"<title>2020: 14,0, 2022: 16,0; 2017, 2018: {reason}</title>" in drawn
    assert drawn.count("<circle") == 2
    assert signal.reason == "de grens is gewijzigd tussen 2018 en 2020"


def test_as_many_queries_for_one_buurt_as_for_all(redrawn, django_user_model):
    def queries(act):
        with CaptureQueriesContext(connection) as captured:
            act()
        return len(captured)

    codes = [bu(short) for short in ("a", "b", *REST)]
    assert queries(lambda: histories(GM, 2020, codes[:1])) == queries(lambda: histories(GM, 2020, codes)) <= 5
    user = django_user_model.objects.create_user("b")
    plans = []
    for areas in (["a"], ["a", "b", "w", "x", "y", "z"]):
        workshop = create_workshop(
            by_user=user, title="x", date=datetime.date(2026, 1, 1), signal_map=redrawn,
            areas=[area(short, 2020) for short in areas],
        )  # fmt: skip
        plans.append(queries(lambda workshop=workshop: build_document(workshop)))
    assert plans[0] == plans[1]
