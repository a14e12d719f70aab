"""What happened at the table, in the plan: who was there, what was said and done with it, and who entered it."""

import pytest

from matrix.actions import agreement as agreements
from matrix.actions import remark
from matrix.actions import workshop as actions
from matrix.actions.reading import recognise
from matrix.models import Agreement, PlainApproval, Remark, Workshop
from matrix.plan.document import build_document
from tests.matrix.test_plan import html_of


def at(workshop, stage):
    Workshop.objects.filter(pk=workshop.pk).update(stage=stage)


def fresh(workshop):
    return build_document(Workshop.objects.select_related("signal_map").get(pk=workshop.pk))


def test_who_was_in_at_which_step_and_who_never(workshop, cast):
    actions.add_organisation(by=cast.as_facilitator, name="Politie", kind="politie")
    actions.move(by=cast.as_facilitator, stage="kijken")
    actions.leave(participation=cast.as_tenant)
    actions.move(by=cast.as_facilitator, stage="duiden")
    document = fresh(workshop)
    rows = dict(document.attendance.rows)
    looked, read = (document.attendance.stages.index(step) for step in ("Kijken", "Duiden"))
    assert (rows["Huurdersvereniging"][looked], rows["Huurdersvereniging"][read]) == (1, 0)
    assert rows["Gemeente"][read] == 1
    assert [party.name for party in document.absent] == ["Politie"], "wie eerder wegging, was er wel"
    assert "Niet aangemeld in de sessie:</b> Politie" in html_of(document)


@pytest.fixture
def said(workshop, cast):
    """A remark that was taken up, one that was not, one without an answer, one that says the same; one unrevealed."""
    made = cast.propose("Bankjes plaatsen")
    at(workshop, "kijken")
    up, down, _, same = (
        remark.write(by=cast.as_partner, text=text) for text in ("Geen bankjes", "Te veel verkeer", "De lift", "Zitten")
    )
    remark.write(by=cast.as_facilitator, text="Voor ons te hard", on_behalf_of=cast.as_tenant.organisation)
    remark.reveal(by=cast.as_facilitator, stage="kijken")
    at(workshop, "duiden")
    remark.write(by=cast.as_partner, text="Dit is nog van ons alleen")
    Remark.objects.filter(pk=up.pk).update(answer="opgepakt", agreement=made)
    Remark.objects.filter(pk=down.pk).update(answer="niet_opgepakt", answer_text="Dat is van de provincie")
    Remark.objects.filter(pk=same.pk).update(merged_into=up)
    return made


def test_what_was_said_stands_with_its_answer(workshop, said):
    document = fresh(workshop)
    lines = {line.text: line for part in document.said for line in part.remarks}
    assert lines["Geen bankjes"].sheet.number == str(said.number)
    assert lines["Geen bankjes"].merged == (("Zitten", "Gemeente"),)
    assert (lines["Te veel verkeer"].answer, lines["Te veel verkeer"].answer_text) == (
        "Niet opgepakt", "Dat is van de provincie",
    )  # fmt: skip
    assert [line.text for line in document.unanswered] == ["De lift", "Voor ons te hard"]
    assert lines["Voor ons te hard"].on_behalf
    html = html_of(document)
    assert f'bij <a href="#afspraak-{said.number}">' in html
    assert html.count("Nog geen antwoord") == 2


def test_what_was_not_revealed_is_left_out(workshop, said):
    assert "Dit is nog van ons alleen" not in html_of(fresh(workshop))


def test_a_measure_that_was_dropped_is_still_named(workshop, said):
    Agreement.objects.filter(pk=said.pk).update(status="vervallen")
    html = html_of(fresh(workshop))
    assert "Bankjes plaatsen" in html
    assert "(vervallen)" in html
    assert f'href="#afspraak-{said.number}"' not in html


def test_what_the_facilitator_entered_is_marked_until_they_take_it_over(workshop, cast):
    made = cast.propose()
    at(workshop, "afspreken")
    organisation = cast.as_tenant.organisation
    sheet = workshop.workshop_areas.first()
    by = {"by": cast.as_facilitator, "on_behalf_of": organisation}
    recognise(sheet=sheet, recognition="yes", words="Klopt", **by)
    agreements.take_position(agreement=made, stance="akkoord", **by)
    assert html_of(fresh(workshop)).count("ingevoerd door de begeleider") == 2
    workshop.readings.update(on_behalf=False)
    made.positions.update(on_behalf=False)
    assert "ingevoerd door de begeleider" not in html_of(fresh(workshop))


def test_going_on_without_the_tenants_is_said(workshop, cast):
    workshop.workshop_areas.filter(pk=workshop.workshop_areas.first().pk).update(went_on_without_tenants=True)
    document = fresh(workshop)
    assert [chapter.index for chapter in document.went_on] == [1]
    assert "De tafel ging hier verder zonder antwoord van de huurders." in html_of(document)


def test_plain_words_say_who_approved_these_very_words(workshop, cast):
    made = cast.propose()
    Agreement.objects.filter(pk=made.pk).update(plain_words="Wij maken schoon.", plain_version=2)
    approval = PlainApproval.objects.create(agreement=made, organisation=cast.as_tenant.organisation, version=1)
    sheet = fresh(workshop).sheets[0]
    assert (sheet.plain_words, sheet.plain_approved, sheet.plain_waiting) == (
        "Wij maken schoon.", (), ("Huurdersvereniging",),
    )  # fmt: skip
    PlainApproval.objects.filter(pk=approval.pk).update(version=2)
    assert "Goedgekeurd door Huurdersvereniging." in html_of(fresh(workshop))
