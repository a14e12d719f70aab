"""The statutory advice of tenants: its dates as a table, and who may write what."""

import datetime
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from matrix import own_actions
from matrix.actions import advice as actions
from matrix.actions import undo
from matrix.actions.recording import Conflict, Refused
from matrix.advice import problems, told, track
from matrix.models import Advice, Agreement, Event
from matrix.plan.document import build_document

TODAY = datetime.date(2027, 3, 1)


def day(text):
    return text and datetime.date.fromisoformat(text)


def advice(asked=None, due=None, received=None, decided=None, *, deviates=False, decision="", who="Huurders"):
    return SimpleNamespace(
        organisation=who, organisation_id=1, asked_on=day(asked), due_on=day(due), received_on=day(received),
        decided_on=day(decided), deviates=deviates, decision=decision,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "step", "days", "words"),
    [
        (None, "ask", None, "nog niet gevraagd"),
        (advice(), "ask", None, "nog niet gevraagd"),
        (advice("2027-02-01", "2027-03-15"), "wait", 14, "wacht op het advies van Huurders: nog 14 dagen"),
        (advice("2027-02-01", "2027-03-02"), "wait", 1, "nog 1 dag"),
        (advice("2027-01-18", "2027-03-01"), "wait", 0, "nog 0 dagen"),  # the last day is theirs
        (advice("2027-01-17", "2027-02-28"), "late", -1, "liep tot en met 28 februari 2027"),
        (advice("2027-01-01", "2027-02-12", "2027-02-20"), "decide", 5, "uiterlijk op 6 maart 2027: nog 5 dagen"),
        (advice("2027-01-01", "2027-02-12", "2027-02-10"), "decide", -5, "dat is 5 dagen geleden"),
        (advice(None, None, "2027-02-20"), "decide", 5, "Huurders wacht op het besluit"),  # nobody asked, it was given
        (advice("2027-01-01", "2027-02-12", "2027-02-10", "2027-02-15"), "done", None, "volgens het advies"),
        (
            advice("2027-01-01", "2027-02-12", "2027-02-10", "2027-02-24", deviates=True, decision="Geld"),
            "done", None, "wijkt af van het advies van Huurders, met redenen.",
        ),
        (
            advice("2027-01-01", "2027-02-12", "2027-02-10", "2027-02-25", deviates=True, decision="Geld"),
            "done", None, "1 dag na de veertien dagen",
        ),
        (advice("2027-01-01", "2027-02-12", None, "2027-02-15"), "done", None, "zonder advies"),
    ],
)  # fmt: skip
def test_who_waits_for_whom_and_how_long(given, step, days, words):
    found = track(given, TODAY)
    assert (found.step, found.days) == (step, days)
    assert words in found.words
    if found.step == "done":  # a badge says what came of it, also when that is not what the tenants advised
        assert found.short in {"besluit volgens advies", "besluit wijkt af van advies", "besluit zonder advies"}
        assert ("wijkt af" in found.short) == given.deviates


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        (advice("2027-01-01", "2027-02-12"), None, ""),  # six weeks to the day
        (advice("2027-01-01", "2027-02-11"), "due_on", "ten minste zes weken de tijd: tot en met 12 februari 2027"),
        (advice(None, "2027-02-11"), "due_on", "op welke dag het advies is gevraagd"),
        (advice("2027-01-01", "2027-02-12", "2026-12-31"), "received_on", "niet eerder zijn gekregen"),
        (advice("2027-01-01", "2027-02-12", "2027-03-02"), "received_on", "moet nog komen"),
        (advice("2027-01-01", "2027-02-12", "2027-01-02"), None, ""),  # who is quick may be
        (advice("2027-01-01", "2027-02-12", "2027-02-01", "2027-01-31"), "decided_on", "niet eerder zijn dan het advies"),
        (advice("2027-01-01", "2027-02-12", None, "2027-02-12"), "decided_on", "wacht met zijn besluit"),
        (advice("2027-01-01", "2027-02-12", None, "2027-02-13"), None, ""),  # the term is over
        (advice(None, None, None, "2027-02-13"), "decided_on", "Vraag eerst het advies"),
        (advice("2027-01-01", "2027-02-12", "2027-02-01", "2027-03-02"), "decided_on", "moet nog komen"),
        (advice("2027-01-01", "2027-02-12", "2027-02-01", "2027-02-05", deviates=True), "decision", "schrijf dan de redenen"),
        (advice("2027-01-01", "2027-02-12", None, "2027-02-13", deviates=True), "deviates", "nog geen advies"),
    ],
)  # fmt: skip
def test_dates_that_cannot_be(given, field, words):
    found = problems(given, TODAY)
    assert (field in found and words in found[field]) if field else not found


@pytest.fixture
def measure(cast):
    made = cast.propose("Huren anders verdelen")
    Agreement.objects.filter(pk=made.pk).update(touches_advice_right=True)
    made.refresh_from_db()
    return made


def ask(cast, measure, asked="2026-01-05", by=None, **more):
    return actions.ask(
        by=by or cast.as_corporation, agreement=measure, organisation=cast.as_tenant.organisation,
        asked_on=day(asked), **more,
    )  # fmt: skip


def give(cast, measure, text="Wij zijn tegen", **more):
    more = {"by": cast.as_tenant, "outcome": "negatief", "received_on": day("2026-02-02")} | more
    return actions.give(agreement=measure, text=text, **more)


def test_without_a_day_the_term_is_six_weeks(cast, measure):
    assert ask(cast, measure).due_on == datetime.date(2026, 2, 16)


def test_a_shorter_term_is_refused_with_the_reason_and_what_was_typed_stays(workshop, cast, measure):
    answer = cast.corporation.post(
        reverse("ask_advice", args=[workshop.code, measure.number]),
        {"organisation": cast.as_tenant.organisation_id, "asked_on": "2026-01-05", "due_on": "2026-01-20"},
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "ten minste zes weken de tijd" in page
    assert "2026-01-20" in page
    assert not Advice.objects.exists()


def test_the_advice_is_in_the_words_of_the_tenants_only(workshop, cast, measure):
    ask(cast, measure)
    address = reverse("give_advice", args=[workshop.code, measure.number])
    form = {"outcome": "negatief", "text": "Wij zijn tegen", "received_on": "2026-02-02"}
    assert cast.corporation.post(address, form).status_code in (409, 422)
    assert cast.tenant.post(address, form).status_code == 302
    assert Advice.objects.get().text == "Wij zijn tegen"
    assert "Wij zijn tegen" in cast.partner.get(measure.get_absolute_url()).content.decode()


def test_the_facilitator_enters_it_and_the_tenants_take_it_over(workshop, cast, measure):
    give(cast, measure, by=cast.as_facilitator, on_behalf_of=cast.as_tenant.organisation)
    assert Advice.objects.get().on_behalf
    page = cast.tenant.get(measure.get_absolute_url()).content.decode()
    assert "Ja, dit is ons advies" in page
    assert cast.partner.post(reverse("take_over_advice", args=[workshop.code, measure.number])).status_code == 409
    cast.tenant.post(reverse("take_over_advice", args=[workshop.code, measure.number]))
    assert not Advice.objects.get().on_behalf
    with pytest.raises(Refused):  # their own words now
        give(cast, measure, "Anders", by=cast.as_facilitator, on_behalf_of=cast.as_tenant.organisation)


def test_the_decision_is_the_landlords(cast, measure):
    ask(cast, measure)
    give(cast, measure)
    decision = {"agreement": measure, "decided_on": day("2026-02-10"), "deviates": True, "decision": "Er is geen geld"}
    with pytest.raises(Refused):
        actions.decide(by=cast.as_tenant, **decision)
    assert actions.decide(by=cast.as_corporation, **decision).decision == "Er is geen geld"


def test_a_decision_that_deviates_needs_its_reasons(workshop, cast, measure):
    ask(cast, measure)
    give(cast, measure)
    with pytest.raises(ValidationError):
        actions.decide(
            by=cast.as_corporation, agreement=measure, decided_on=day("2026-02-10"), deviates=True, decision=" "
        )


def test_two_writers_of_one_part_see_both(workshop, cast, measure):
    ask(cast, measure, seen="")
    with pytest.raises(Conflict):
        ask(cast, measure, "2026-01-12", by=cast.as_partner, seen="")
    answer = cast.partner.post(
        reverse("ask_advice", args=[workshop.code, measure.number]),
        {"organisation": cast.as_tenant.organisation_id, "asked_on": "2026-01-12", "seen": ""},
    )
    assert answer.status_code == 422
    assert "Gevraagd aan Huurdersvereniging op 5 januari 2026" in answer.content.decode()
    ask(cast, measure, "2026-01-12", by=cast.as_partner, seen=told(Advice.objects.get(), "asked"))
    assert Advice.objects.get().asked_on == day("2026-01-12")


def test_saving_it_again_leaves_no_trace(cast, measure):
    ask(cast, measure)
    before = Event.objects.count()
    ask(cast, measure)
    assert Event.objects.count() == before


def test_each_part_can_be_undone_by_who_wrote_it(workshop, cast, measure):
    ask(cast, measure)
    give(cast, measure)
    undo.undo(by=cast.as_tenant, revision=own_actions.own_actions(cast.as_tenant)[0].newest.revision)
    assert (Advice.objects.get().outcome, Advice.objects.get().asked_on) == ("", day("2026-01-05"))
    undo.undo(by=cast.as_corporation, revision=own_actions.own_actions(cast.as_corporation)[0].newest.revision)
    assert Advice.objects.get().asked_on is None


def test_an_akkoord_of_tenants_is_labelled_and_the_list_says_what_comes_next(workshop, cast, measure):
    from matrix.actions.agreement import take_position

    take_position(by=cast.as_tenant, agreement=measure, stance="akkoord")
    assert "niet het wettelijke advies" in cast.partner.get(measure.get_absolute_url()).content.decode()
    asked = timezone.localdate()
    ask(cast, measure, asked.isoformat())
    page = cast.partner.get(reverse("agreements", args=[workshop.code])).content.decode()
    assert "nog 42 dagen" in page


def test_without_the_mark_there_is_no_advice_to_ask(cast):
    plain = cast.propose("Bloembakken plaatsen")
    with pytest.raises(Refused, match="kenmerk"):
        ask(cast, plain)


def test_the_plan_keeps_the_advice_with_its_dates_and_what_is_still_to_ask(workshop, cast):
    asked, open_ = cast.propose("Huren anders verdelen"), cast.propose("Servicekosten omhoog")
    Agreement.objects.filter(pk__in=[asked.pk, open_.pk]).update(touches_advice_right=True)
    actions.ask(
        by=cast.as_corporation, agreement=asked, organisation=cast.as_tenant.organisation,
        asked_on=day("2026-01-05"),
    )  # fmt: skip
    actions.give(
        by=cast.as_tenant, agreement=asked, outcome="negatief", text="Wij zijn tegen", received_on=day("2026-02-02")
    )  # fmt: skip
    plan = build_document(workshop)
    assert [sheet.title for sheet in plan.advised] == ["Huren anders verdelen"]
    assert [sheet.title for sheet in plan.advice_to_ask] == ["Servicekosten omhoog"]
    page = cast.partner.get(reverse("plan", args=[workshop.code])).content.decode()
    chapter = page.split('id="plan-adviezen"')[1].split("</section>")[0]
    for words in ("16 februari 2026", "Wij zijn tegen", "16 februari 2026 op papier", "Servicekosten omhoog"):
        assert words in chapter
