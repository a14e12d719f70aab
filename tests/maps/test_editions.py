"""An edition, once a session began with it, stays as it was; what nobody uses is not kept."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from maps import computing
from maps.computing import Choice, Mode, compute_choices, compute_signals, current_edition
from maps.models import Area, Observation, Signal, SignalMap
from matrix.actions.workshop import create_workshop
from tests import factories
from tests.maps.division_world import World, area, bu, figures, signals_of, strip

pytestmark = pytest.mark.django_db
GM = "GM9901"
YEARS = {"year_from": 2018, "year_to": 2022}
FILM = Choice(Mode.FILM, 2018, 2022)


@pytest.fixture
def buurten():
    return factories.municipality()


def compute(**other):
    return compute_signals(**YEARS, municipality=GM, **other)


def session(django_user_model, film, areas, code="proef"):
    user, _ = django_user_model.objects.get_or_create(username="begeleider")
    return create_workshop(by_user=user, title=code, date=datetime.date(2026, 11, 26), signal_map=film, areas=areas)


def change(code, year, **values):
    """A corrected figure, as a later import would leave it."""
    observation = Observation.objects.filter(area_code=code, year=year, values__has_key=next(iter(values))).get()
    observation.values |= values
    observation.save()


def all_of(edition):
    fields = ("area_id", "composition", "problems", "signal_class", "neighbours", "reason", "note", "inputs")
    return list(Signal.objects.of(edition).order_by("area_id").values_list(*fields))


def test_the_same_figures_give_the_same_edition(buurten):
    first = compute()
    again = compute()
    assert [edition.pk for edition in first] == [edition.pk for edition in again]
    assert again[0].foto == again[1]
    assert SignalMap.objects.count() == 2
    assert Signal.objects.count() == 12


def test_a_changed_figure_gives_a_new_edition_and_removes_the_old(buurten):
    first = compute()
    change(bu("0"), 2022, bijstand=300)
    again = compute()
    assert {edition.pk for edition in first}.isdisjoint({edition.pk for edition in again})
    assert SignalMap.objects.count() == 2
    assert not SignalMap.objects.filter(superseded=True).exists()


def test_also_a_figure_that_only_the_panel_shows(buurten):
    """Too few households for a class, but its figures stand in the panel."""
    change(bu("0"), 2022, households=50)
    first, _ = compute()
    change(bu("0"), 2022, bijstand=300)
    again, _ = compute()
    assert (again.pk == first.pk, SignalMap.objects.count()) == (False, 2)
    bijstand = next(m for m in signals_of(again)[""].inputs if m["key"] == "bijstand")
    assert bijstand["end"] == 300


def test_a_session_keeps_its_edition_and_its_foto(buurten, django_user_model):
    film, foto = compute()
    session(django_user_model, film, buurten[:2])
    before = all_of(film), all_of(foto)
    change(bu("0"), 2022, bijstand=300)
    compute()
    film.refresh_from_db()
    assert (film.superseded, film.foto, film.foto.superseded) == (True, foto, True)
    assert (all_of(film), all_of(foto)) == before
    assert SignalMap.objects.count() == 4


def test_a_foto_does_not_change_under_a_film_that_stays_the_same(buurten, django_user_model):
    """Nobody has figures of 2018, so the film says nothing, whatever those of 2022 are."""
    Observation.objects.filter(year=2018).delete()
    film, foto = compute()
    session(django_user_model, film, buurten[:2])
    before = all_of(foto)
    change(bu("1"), 2022, bijstand=300)
    new_film, new_foto = compute()
    film.refresh_from_db()
    assert (film.foto, all_of(film.foto)) == (foto, before)
    assert new_film.foto == new_foto != foto


def test_nor_when_the_foto_was_computed_alone_in_between(buurten, django_user_model):
    Observation.objects.filter(year=2018).delete()
    film, foto = compute()
    session(django_user_model, film, buurten[:2])
    change(bu("1"), 2022, bijstand=300)
    alone = compute_choices([Choice(Mode.FOTO, 2022, 2022)], municipality=GM)[0]
    new_film, new_foto = compute()
    film.refresh_from_db()
    assert (film.foto, new_film.foto, new_foto) == (foto, alone, alone)


def test_when_the_session_goes_its_edition_goes_too(buurten, django_user_model):
    film, _ = compute()
    workshop = session(django_user_model, film, buurten[:2])
    change(bu("0"), 2022, bijstand=300)
    compute()
    assert SignalMap.objects.count() == 4
    workshop.delete()
    compute()
    assert SignalMap.objects.count() == 2
    assert not SignalMap.objects.filter(superseded=True).exists()
    assert Signal.objects.count() == 12


def test_a_film_gets_the_foto_of_its_own_comparison(buurten):
    choices = [
        Choice(mode, 2018 if mode == Mode.FILM else 2022, 2022, reference)
        for reference in SignalMap.Reference.values
        for mode in (Mode.FILM, Mode.FOTO)
    ]
    made = compute_choices(choices, municipality=GM)
    assert [(e.mode, e.reference) for e in made] == [(choice.mode, choice.reference) for choice in choices]
    assert all(film.foto.reference == film.reference for film in made if film.is_film)


def test_it_is_computed_anew_after_an_import_and_only_then(buurten, monkeypatch, tmp_path):
    calls = []
    compute_really = computing.compute_choices
    monkeypatch.setattr(
        computing, "compute_choices", lambda *args, **more: calls.append(args) or compute_really(*args, **more)
    )
    first = current_edition(GM, FILM)
    assert [current_edition(GM, FILM).pk for _ in range(3)] == [first.pk] * 3
    assert len(calls) == 1
    # Figures that nothing here rests on: computed, and the same edition.
    World(tmp_path).figures(2015, {"0": figures(3)})
    assert current_edition(GM, FILM).pk == first.pk
    assert len(calls) == 2
    World(tmp_path).figures(2022, {"0": figures(9)})
    new = current_edition(GM, FILM)
    assert (new.pk == first.pk, current_edition(GM, FILM).pk, len(calls)) == (False, new.pk, 3)


def test_a_new_division_makes_a_new_edition_and_the_session_stays_on_the_old(tmp_path, django_user_model):
    world = World(tmp_path)
    world.division(2018, strip(a=100, b=100, c=100, d=100))
    for year in (2018, 2020):
        world.figures(year, {short: figures((year - 2017) * n) for n, short in enumerate("abcd")})
    film, _ = compute_signals(year_from=2018, year_to=2020, municipality=GM)
    session(django_user_model, film, [area("a", 2018)])
    before = all_of(film)
    world.division(2022, strip(b=100, a=100, e=200))
    new, _ = compute_signals(year_from=2018, year_to=2020, municipality=GM)
    film.refresh_from_db()
    assert (film.superseded, film.division, new.division) == (True, 2018, 2022)
    assert all_of(film) == before
    assert set(Area.objects.filter(signals__signal_map=film).values_list("year", flat=True)) == {2018}


def test_as_many_queries_for_six_buurten_as_for_forty():
    """Film and foto together are eighty signals: one statement stores them."""

    def queries(code):
        with CaptureQueriesContext(connection) as captured:
            compute_signals(**YEARS, municipality=code)
        return len(captured)

    factories.municipality("GM9901", buurten=6)
    few = queries("GM9901")
    factories.municipality("GM9902", buurten=40)
    assert queries("GM9902") == few
