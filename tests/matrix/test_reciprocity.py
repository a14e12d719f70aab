"""Who promises what, who promises nothing, and what rests on a party that was not there."""

from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from matrix.actions import agreement as actions
from matrix.actions import behalf
from matrix.agreement_list import Choice
from matrix.confirming import to_confirm
from matrix.models import Agreement, Contribution
from matrix.reciprocity import gaps, reciprocity
from tests import factories


@pytest.fixture
def police(workshop):
    """Was not there."""
    return workshop.organisations.create(name="Politie", kind="politie")


def made(cast, title="Samen schoonmaken", *, lead=None, brings=(), **more):
    measure = cast.propose(title, **more)
    Agreement.objects.filter(pk=measure.pk).update(status="afgesproken", lead=lead)
    for organisation, text in brings:
        Contribution.objects.create(agreement=measure, organisation=organisation, text=text)
    measure.refresh_from_db()
    return measure


def page(client, workshop, name, query=""):
    return client.get(reverse(name, args=[workshop.code]) + query).content.decode()


def parties(workshop):
    return list(workshop.organisations.with_presence())


def test_each_party_leads_brings_or_does_nothing(workshop, cast, police):
    corporation, municipality = cast.as_corporation.organisation, cast.as_partner.organisation
    made(cast, lead=corporation, brings=[(municipality, "Containers"), (police, "")])
    made(cast, "Bomen planten", lead=corporation)
    found = reciprocity(workshop.agreements.with_everything(), parties(workshop))
    assert [[mark.letter for mark in line.marks] for line in found.lines] == [
        ["T", "D", "–", "D"],
        ["T", "–", "–", "–"],
    ]
    assert [o.name for o in found.nothing] == ["Huurdersvereniging"]
    assert [(p.organisation.name, p.nothing) for p in found.parties] == [
        ("Woonstichting", 0), ("Gemeente", 1), ("Huurdersvereniging", 2), ("Politie", 1),
    ]  # fmt: skip
    assert [p.organisation.name for p in found.unnamed] == ["Politie"]
    assert [a.title for a in found.alone] == ["Bomen planten"]


def test_ideas_are_no_promises(workshop, cast):
    cast.propose()
    assert not reciprocity(workshop.agreements.with_everything(), parties(workshop)).lines


def test_gaps_are_told_per_framework_and_per_buurt(workshop, cast):
    corporation, municipality = cast.as_corporation.organisation, cast.as_partner.organisation
    areas = [sheet.area for sheet in workshop.workshop_areas.select_related("area")]
    made(cast, lead=corporation, areas=areas[:2])
    made(cast, "Huisbezoek", framework="sociale_aanpak", lead=municipality, areas=areas[1:2])
    frameworks, buurten = gaps(workshop.agreements.with_everything(), parties(workshop), areas)
    assert [(g.name, [o.name for o in g.organisations]) for g in frameworks] == [
        ("Leefomgeving", ["Gemeente", "Huurdersvereniging"]),
        ("Sociale aanpak", ["Woonstichting", "Huurdersvereniging"]),
    ]
    assert [(g.name, len(g.organisations)) for g in buurten] == [(areas[0].name, 2), (areas[1].name, 1)]


def test_the_page_tells_it_and_narrows(workshop, cast):
    made(cast, lead=cast.as_corporation.organisation, brings=[(cast.as_partner.organisation, "")])
    told = page(cast.tenant, workshop, "reciprocity")
    assert "bijdrage niet genoemd" in told
    assert "Huurdersvereniging" in told.split('id="opvalt"')[1].split("</section>")[0]
    assert "Geen afspraken binnen deze keuze" in page(cast.tenant, workshop, "reciprocity", "?kader=woningprogramma")
    assert cast.tenant.get(reverse("reciprocity", args=[workshop.code]) + "?kader=x").status_code == 404


def test_what_rests_on_who_was_not_there_is_to_be_confirmed(workshop, cast, police):
    measure = made(cast, lead=police, brings=[(cast.as_partner.organisation, "Containers")])
    (one,) = to_confirm(measure, parties(workshop))
    assert (one.organisation, one.part, one.answer) == (police, "trekker", None)
    for name in ("agreements", "reciprocity", "plan"):
        assert "te bevestigen" in page(cast.tenant, workshop, name).lower(), name
    assert "Te bevestigen." in cast.tenant.get(measure.get_absolute_url()).content.decode()


def test_an_answer_on_paper_keeps_how_it_came_and_is_taken_over_later(workshop, cast, police):
    measure = made(cast, lead=police)
    answer = cast.facilitator.post(
        reverse("take_position", args=[workshop.code, measure.number]),
        {"stance": "voorbehoud", "reason": "Als er mensen zijn", "on_behalf_of": police.pk, "note": "Op papier, 3 december"},
    )  # fmt: skip
    assert answer.status_code == 302
    (one,) = to_confirm(measure, parties(workshop))
    assert one.answer.note == "Op papier, 3 december"
    assert "Op papier, 3 december" in cast.tenant.get(measure.get_absolute_url()).content.decode()
    joined = factories.join(police)
    behalf.take_over(by=joined, said=measure.positions.get())
    assert to_confirm(measure, parties(workshop)) == []


def test_who_joins_and_speaks_confirms(workshop, cast, police):
    measure = made(cast, lead=police)
    joined = factories.join(police)
    actions.take_position(by=joined, agreement=measure, stance="akkoord")
    assert to_confirm(measure, parties(workshop)) == []


def test_the_request_is_one_page_an_agreement_on_paper(workshop, cast, police):
    made(cast, "Elke week surveilleren", lead=police)
    made(cast, "Samen schoonmaken", brings=[(police, "Twee agenten")])
    address = reverse("confirm_request", args=[workshop.code, police.pk]) + "?uiterlijk=2027-01-15"
    told = cast.facilitator.get(address).content.decode()
    for words in ("15 januari 2027", "Twee agenten", "Eerst terug naar de achterban", "Handtekening"):
        assert words in told
    answer = cast.facilitator.get(reverse("confirm_request_pdf", args=[workshop.code, police.pk]))
    assert answer["Content-Type"] == "application/pdf"
    assert len(PdfReader(BytesIO(answer.content)).pages) == 2


def test_the_list_shows_a_part_and_says_what_it_leaves_out(workshop, cast):
    corporation = cast.as_corporation.organisation
    made(cast, "Bomen planten", lead=corporation)
    contested = made(cast, "Huren omhoog")
    actions.take_position(by=cast.as_tenant, agreement=contested, stance="niet_akkoord", reason="Te duur")
    told = page(cast.tenant, workshop, "agreements", f"?partij={corporation.pk}")
    rows = told.split('id="rijen"')[1].split('id="wie-belooft"')[0]
    assert "Bomen planten" in rows
    assert "Huren omhoog" not in rows
    assert "1 met een bezwaar of voorbehoud" in rows
    assert "Te duur" in page(cast.tenant, workshop, "agreements", "?bezwaar=1")


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ({}, ""),
        ({"partij": "3", "status": "voorstel", "bezwaar": "1"}, "partij=3&status=voorstel&bezwaar=1"),
        ({"partij": "x", "status": "weg", "kader": "<script>", "onaf": ""}, ""),
        ({"partij": "9" * 40}, ""),
    ],
)
def test_a_choice_is_its_address(query, key):
    assert Choice.of(query).key == key


def test_as_many_queries_for_one_as_for_many(workshop, cast, police):
    def queries(name):
        with CaptureQueriesContext(connection) as captured:
            assert cast.partner.get(reverse(name, args=[workshop.code])).status_code == 200
        return len(captured)

    names = ("agreements", "reciprocity", "city_check", "plan")
    areas = [sheet.area for sheet in workshop.workshop_areas.all()]

    def one_more(i):
        measure = made(cast, f"Maatregel {i}", lead=police, brings=[(cast.as_partner.organisation, "")], areas=areas)
        Agreement.objects.filter(pk=measure.pk).update(touches_advice_right=True)

    one_more(0)
    few = {name: queries(name) for name in names}
    for i in range(1, 12):
        one_more(i)
    assert {name: queries(name) for name in names} == few


def test_the_city_wide_check_tells_what_was_not_looked_at(workshop, cast):
    made(cast, "Nog niet bekeken")
    looked = made(cast, "Toewijzen spreiden")
    Agreement.objects.filter(pk=looked.pk).update(elsewhere="wel", effect_elsewhere="Zuid krijgt meer instroom")
    told = page(cast.tenant, workshop, "city_check")
    effects, unseen = told.split('id="ongezien"')
    assert "Zuid krijgt meer instroom" in effects
    assert "nog niet gezegd hoe het elders wordt opgevangen" in effects
    assert "Nog niet bekeken" in unseen
