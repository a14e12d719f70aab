import pytest
from django.urls import reverse

from matrix.models import Participation
from matrix.models.session import CODE_SIGNS, seat_code
from matrix.views.seats import TRIES


def test_codes_have_no_signs_that_look_alike():
    assert not set("01OIL") & set(CODE_SIGNS)
    assert len({seat_code() for _ in range(1000)}) == 1000


@pytest.mark.parametrize("typed", ["{}", " {} ", "lower", "no dash", "spaces"])
def test_a_code_is_taken_as_people_type_it(typed, workshop, client):
    code = workshop.organisations.first().seat_code
    as_typed = {"lower": code.lower(), "no dash": code.replace("-", ""), "spaces": " ".join(code)}.get(
        typed, typed.format(code)
    )
    answer = client.post(reverse("join"), {"code": as_typed})
    assert answer.url == reverse("seat", args=[code])


def test_a_wrong_code_says_what_to_do_and_stays_in_the_field(workshop, client):
    answer = client.post(reverse("join"), {"code": "FOUT-CODE"})
    assert answer.status_code == 422
    assert "vraag de begeleider" in answer.content.decode()
    assert "FOUT-CODE" in answer.content.decode()


def test_guessing_is_stopped(workshop, client):
    for _ in range(TRIES):
        client.post(reverse("join"), {"code": "FOUT-CODE"})
    answer = client.post(reverse("join"), {"code": workshop.organisations.first().seat_code})
    assert answer.status_code == 422
    assert "Wacht tien minuten" in answer.content.decode()


def test_joining_without_a_name_is_fine(workshop, client):
    organisation = workshop.organisations.first()
    answer = client.post(reverse("seat", args=[organisation.seat_code]), {"name": ""})
    assert answer.url == workshop.get_absolute_url()
    assert Participation.objects.get(organisation=organisation).speaks_for == organisation.name


@pytest.mark.parametrize("name", ["O'Brien", "<script>alert(1)</script>", "Ans 🏘️", 'Jo "de" Vries', "نور"])
def test_any_name_is_shown_as_text(name, workshop, client):
    organisation = workshop.organisations.first()
    client.post(reverse("seat", args=[organisation.seat_code]), {"name": name})
    page = client.get(reverse("home")).content.decode()
    assert "<script>alert" not in page
    assert Participation.objects.get(organisation=organisation).name == name


def test_a_renewed_code_makes_the_old_one_worthless_and_who_is_in_stays_in(workshop, cast, client):
    organisation = cast.as_partner.organisation
    old = organisation.seat_code
    cast.facilitator.post(reverse("renew_seat", args=[workshop.code, organisation.pk]))
    assert client.get(reverse("seat", args=[old])).status_code == 404
    assert cast.partner.get(reverse("board", args=[workshop.code])).status_code == 200


def test_the_qr_code_leads_to_the_seat(workshop, cast):
    answer = cast.facilitator.get(reverse("qr", args=[workshop.code, cast.as_tenant.organisation_id]))
    assert answer["Content-Type"] == "image/svg+xml"
    assert b"<path" in answer.content


def test_leaving_keeps_what_was_entered(workshop, cast):
    cast.propose(by=cast.as_partner)
    cast.partner.post(reverse("leave", args=[workshop.code]))
    assert cast.partner.get(workshop.get_absolute_url()).status_code == 404
    assert workshop.agreements.count() == 1


def test_who_leaves_frees_the_seat(workshop, cast):
    cast.partner.post(reverse("leave", args=[workshop.code]))
    assert not cast.as_partner.organisation.participations.exists()
    assert workshop.events.last().what == "left"


def test_a_facilitator_with_a_seat_still_leads(workshop, cast):
    organisation = workshop.organisations.first()
    cast.facilitator.post(reverse("seat", args=[organisation.seat_code]), {"name": ""})
    assert cast.facilitator.get(reverse("prepare", args=[workshop.code])).status_code == 200
    assert "Volgende stap" in cast.facilitator.get(reverse("agreements", args=[workshop.code])).content.decode()


def test_an_organisation_with_people_at_the_table_is_not_removed(workshop, cast):
    cast.facilitator.post(reverse("remove_organisation", args=[workshop.code, cast.as_partner.organisation_id]))
    assert cast.partner.get(reverse("board", args=[workshop.code])).status_code == 200


def test_scanning_the_code_twice_is_one_person(workshop, cast):
    organisation = cast.as_partner.organisation
    cast.partner.post(reverse("seat", args=[organisation.seat_code]), {"name": "Jo"})
    assert organisation.participations.count() == 1
