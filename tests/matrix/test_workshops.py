import datetime

import pytest
from django.urls import reverse

from maps.models import SignalMap
from matrix.models import Event, Organisation, Workshop, session


@pytest.fixture
def film(workshop):
    return workshop.signal_map


def test_a_facilitator_makes_a_session(cast, film):
    areas = [s.area_id for s in film.signals.all()[:2]]
    answer = cast.facilitator.post(
        reverse("new_workshop", args=[film.pk]),
        {"title": "Onze 'buurt'", "date": "2026-12-01", "place": "", "areas": areas},
    )
    made = Workshop.objects.get(title="Onze 'buurt'")
    assert answer.url == reverse("prepare", args=[made.code])
    assert made.workshop_areas.count() == 2
    assert len(made.code) >= 16, "niet te raden"


def test_without_buurten_it_says_so_and_keeps_the_title(cast, film):
    answer = cast.facilitator.post(
        reverse("new_workshop", args=[film.pk]), {"title": "Zonder buurten", "date": "2026-12-01"}
    )
    assert answer.status_code == 422
    assert "Kies minstens één buurt" in answer.content.decode()
    assert "Zonder buurten" in answer.content.decode()


def test_the_same_organisation_twice_is_refused_in_words(workshop, cast):
    answer = cast.facilitator.post(
        reverse("add_organisation", args=[workshop.code]), {"name": "Gemeente", "kind": "gemeente"}
    )
    assert answer.status_code == 422
    assert "Deze organisatie doet al mee." in answer.content.decode()


def test_who_said_something_cannot_be_removed(workshop, cast):
    from matrix.actions.agreement import take_position

    take_position(by=cast.as_tenant, agreement=cast.propose(), stance="akkoord")
    address = reverse("remove_organisation", args=[workshop.code, cast.as_tenant.organisation_id])
    answer = cast.facilitator.post(address, follow=True)
    assert "kan niet weg" in answer.content.decode()
    assert Organisation.objects.filter(pk=cast.as_tenant.organisation_id).exists()


def test_a_buurt_with_a_measure_stays(workshop, cast):
    used = cast.propose().areas.get()
    others = [s.area_id for s in workshop.workshop_areas.exclude(area=used)]
    answer = cast.facilitator.post(reverse("choose_areas", args=[workshop.code]), {"areas": others})
    assert answer.status_code == 422
    assert "is al iets ingevuld" in answer.content.decode()
    assert workshop.workshop_areas.filter(area=used).exists()


def test_moving_everyone_is_logged_with_where_from(workshop, cast):
    cast.facilitator.post(reverse("move", args=[workshop.code]), {"stage": "kijken"})
    event = Event.objects.filter(workshop=workshop).last()
    assert event.data == {"before": "afspreken", "after": "kijken"}


def test_a_partner_sees_where_the_facilitator_is(workshop, cast):
    cast.facilitator.post(reverse("move", args=[workshop.code]), {"stage": "kijken"})
    assert "Volg de begeleider naar Kijken" in cast.partner.get(reverse("board", args=[workshop.code])).content.decode()


def test_the_log_has_one_event_a_revision(workshop, cast):
    for i in range(3):
        cast.propose(f"Maatregel {i}")
    revisions = list(Event.objects.filter(workshop=workshop).values_list("revision", flat=True))
    assert revisions == sorted(set(revisions))
    workshop.refresh_from_db()
    assert revisions[-1] == workshop.revision


def test_a_workshop_can_be_removed_whole(workshop, cast):
    from matrix.actions.agreement import edit

    measure = cast.propose()
    edit(by=cast.as_partner, agreement=measure, changes={"lead": cast.as_partner.organisation}, seen={"lead": None},
         contributions={cast.as_tenant.organisation: "meelopen"}, seen_contributions={})  # fmt: skip
    workshop.delete()
    assert not Organisation.objects.exists()


def test_an_edition_in_use_stays(workshop):
    from django.db.models import ProtectedError

    with pytest.raises(ProtectedError):
        SignalMap.objects.get(pk=workshop.signal_map_id).delete()


def test_a_date_that_is_none_is_refused_in_dutch(workshop, cast):
    answer = cast.facilitator.post(reverse("describe", args=[workshop.code]), {"title": "X", "date": "morgen"})
    assert answer.status_code == 422
    assert "geldige datum" in answer.content.decode()
    assert workshop.date == datetime.date(2026, 11, 26)


def test_keys_beyond_a_thousand_are_written_as_keys():
    """A Dutch thousand separator in an address or an option would point nowhere."""
    from django.template import Context, Template

    assert Template("{{ n }}").render(Context({"n": 123456})) == "123456"


def test_a_code_never_looks_like_an_option_of_a_command(monkeypatch):
    made = iter(["-abc", "--de", "fgh-"])
    monkeypatch.setattr(session.secrets, "token_urlsafe", lambda length: next(made))
    assert session.workshop_code() == "fgh-"
