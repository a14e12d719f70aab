"""The year after: how far each agreement is, who may say so, what is late, and the days in a calendar."""

import datetime
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from matrix.actions import agreement as agreements
from matrix.actions import progress
from matrix.actions import workshop as workshops
from matrix.actions.recording import Refused
from matrix.actions.undo import undo
from matrix.models import Advice, Agreement, Progress
from matrix.own_actions import own_actions
from matrix.progress import late
from matrix.stages import Stage

TODAY = datetime.date(2027, 6, 1)
HELD = datetime.date(2027, 5, 1)


def day(text):
    return datetime.date.fromisoformat(text) if text else None


@pytest.mark.parametrize(
    ("status", "start", "end", "heard", "asks"),
    [
        ("afgesproken", None, None, None, ""),
        ("afgesproken", None, "2027-06-01", None, ""),  # on the day itself there is time
        ("in_uitvoering", None, "2027-05-31", None, "Zou klaar zijn op 31 mei 2027"),
        ("afgerond", None, "2027-05-31", None, ""),
        ("vervallen", None, "2027-05-31", None, ""),
        ("voorstel", None, "2027-05-31", None, ""),
        ("afgesproken", "2027-05-31", None, None, "Zou beginnen op 31 mei 2027"),
        ("in_uitvoering", "2027-05-31", None, None, ""),
        ("in_uitvoering", "2026-01-01", None, "2027-03-01", ""),  # the session was a month ago
        ("afgesproken", "2027-12-01", None, "2026-01-01", ""),  # need not have begun
    ],
)
def test_what_is_late(status, start, end, heard, asks):
    agreement = Agreement(status=status, start=day(start), end=day(end))
    lines = [SimpleNamespace(on=day(heard))] if heard else []
    assert late(agreement, lines, held=HELD, today=TODAY).startswith(asks)
    assert bool(late(agreement, lines, held=HELD, today=TODAY)) == bool(asks)


@pytest.mark.parametrize(("heard", "asks"), [("2027-03-01", False), ("2027-02-28", True)])
def test_three_months_without_a_word(heard, asks):
    lines = [SimpleNamespace(on=day(heard))]
    told = late(Agreement(status="in_uitvoering"), lines, held=day("2026-01-01"), today=TODAY)
    assert told.startswith("Al sinds 28 februari 2027 niets gehoord") == asks


@pytest.fixture
def led(cast):
    """An agreement that the corporation leads, a session later."""
    made = cast.propose("Portieken opknappen")
    agreements.edit(
        by=cast.as_partner, agreement=made, changes={"lead": cast.as_corporation.organisation}, seen={"lead": None}
    )
    agreements.set_status(by=cast.as_facilitator, agreement=made, status="afgesproken")
    workshops.move(by=cast.as_facilitator, stage=Stage.SETTLE)
    return made


def report(by, agreement, status="in_uitvoering", **more):
    return progress.report(by=by, agreement=agreement, status=status, **{"on": timezone.localdate(), **more})


def status_of(agreement):
    return Agreement.objects.get(pk=agreement.pk).status


def test_a_line_tells_the_status_and_a_status_leaves_a_line(cast, led):
    assert [line.status for line in led.progress.all()] == ["afgesproken"]
    report(cast.as_corporation, led, percent=40, note="De helft is geverfd")
    assert status_of(led) == "in_uitvoering"
    workshops.move(by=cast.as_facilitator, stage=Stage.LOOK_BACK)
    agreements.set_status(by=cast.as_partner, agreement=led, status="afgerond")
    assert led.progress.first().status == "afgerond"


def test_ideas_and_proposals_keep_no_log(cast):
    made = cast.propose()
    agreements.set_status(by=cast.as_partner, agreement=made, status="voorstel")
    assert not Progress.objects.exists()


def test_a_line_of_an_earlier_day_leaves_the_status_of_now(cast, led):
    report(cast.as_corporation, led, status="afgerond")
    earlier = timezone.localdate() - datetime.timedelta(days=30)
    Progress.objects.filter(status="afgesproken").update(on=earlier - datetime.timedelta(days=1))
    report(cast.as_corporation, led, on=earlier)
    assert status_of(led) == "afgerond"
    assert [line.status for line in led.progress.all()] == ["afgerond", "in_uitvoering", "afgesproken"]


def test_only_the_lead_and_the_facilitator_say_how_far_it_is(cast, led):
    for by in (cast.as_partner, cast.as_tenant):
        with pytest.raises(Refused, match="trekker Woonstichting"):
            report(by, led)
    assert report(cast.as_facilitator, led).organisation is None


def test_a_day_to_come_is_refused(cast, led):
    with pytest.raises(ValidationError):
        report(cast.as_corporation, led, on=timezone.localdate() + datetime.timedelta(days=2))


def test_an_idea_has_no_progress(cast):
    workshop_idea = cast.propose()
    with pytest.raises(Refused, match="nog geen afspraak"):
        report(cast.as_facilitator, workshop_idea)


def test_who_wrote_the_last_line_withdraws_it_and_can_put_it_back(cast, led):
    line = report(cast.as_corporation, led, status="afgerond", percent=100, note="Klaar!")
    with pytest.raises(Refused):
        progress.withdraw(by=cast.as_facilitator, line=line)
    progress.withdraw(by=cast.as_corporation, line=line)
    assert status_of(led) == "afgesproken"
    undo(by=cast.as_corporation, revision=own_actions(cast.as_corporation)[0].newest.revision)
    again = led.progress.first()
    assert (again.note, again.percent, again.created_at) == ("Klaar!", 100, line.created_at)
    assert status_of(led) == "afgerond"


def test_a_line_of_a_decision_of_the_table_is_not_withdrawn(cast, led):
    """The facilitator took over that it lapses: withdrawing that line would bring it back without consent."""
    line = Progress.objects.create(agreement=led, on=timezone.localdate(), status="vervallen")
    Agreement.objects.filter(pk=led.pk).update(status="vervallen")
    with pytest.raises(Refused, match="besluit van de tafel"):
        progress.withdraw(by=cast.as_facilitator, line=line)
    assert status_of(led) == "vervallen"


def test_undo_takes_the_line_and_its_status_back(cast, led):
    report(cast.as_corporation, led)
    undo(by=cast.as_corporation, revision=own_actions(cast.as_corporation)[0].newest.revision)
    assert status_of(led) == "afgesproken"
    assert led.progress.count() == 1


def test_undo_of_a_status_takes_its_line_along(cast):
    made = cast.propose()
    agreements.set_status(by=cast.as_partner, agreement=made, status="afgesproken")
    undo(by=cast.as_partner, revision=own_actions(cast.as_partner)[0].newest.revision)
    assert status_of(made) == "idee"
    assert not Progress.objects.exists()


# ---- pages ----


def page(client, workshop, name="progress", *args):
    return client.get(reverse(name, args=[workshop.code, *args])).content.decode()


def test_a_lead_sees_its_own_with_one_button_each(cast, workshop, led):
    mine = page(cast.corporation, workshop)
    assert "Werk bij<span" in mine
    assert "Wat u trekt" in mine
    assert "Uw organisatie trekt geen afspraak" in page(cast.tenant, workshop)
    assert "Werk bij</h2>" in page(cast.corporation, workshop, "report", led.number)
    assert "Wie deze afspraak trekt, houdt de voortgang bij: Woonstichting" in page(
        cast.tenant, workshop, "report", led.number
    )


def test_an_agreement_of_which_nobody_told_was_not_brought_up_to_date(cast, workshop, led):
    assert "Nog niets gehoord." in page(cast.corporation, workshop)
    workshops.move(by=cast.as_facilitator, stage=Stage.LOOK_BACK)
    assert "Voortgang op" not in page(cast.corporation, workshop, "looking_back")
    report(cast.as_corporation, led, status="afgesproken")
    mine = page(cast.corporation, workshop)
    assert "Laatst bijgewerkt op" in mine
    assert "Nog niets gehoord." not in mine


def test_the_lead_reports_from_a_phone(cast, workshop, led):
    form = {"status": "in_uitvoering", "percent": "30", "note": "Begonnen", "on": timezone.localdate().isoformat()}
    address = reverse("report", args=[workshop.code, led.number])
    assert cast.corporation.post(address, form).status_code == 302
    assert "Begonnen" in page(cast.tenant, workshop)
    refused = cast.corporation.post(address, form | {"percent": "130"})
    assert refused.status_code == 422
    assert "Begonnen" in refused.content.decode()


def test_the_same_form_twice_is_one_line(cast, workshop, led):
    form = {"status": "in_uitvoering", "on": timezone.localdate().isoformat(),
            "key": "5b0c1f6e-8f8d-4a53-9a53-0a4d6a0d6a01"}  # fmt: skip
    for _ in range(2):
        cast.corporation.post(reverse("report", args=[workshop.code, led.number]), form)
    assert led.progress.count() == 2  # with the one of the agreement


def test_the_facilitator_sees_that_codes_ended_and_keeps_them_open(cast, workshop, led):
    type(workshop).objects.filter(pk=workshop.pk).update(seats_until=datetime.date(2026, 1, 1))
    assert "De stoelcodes werken niet meer" in page(cast.facilitator, workshop)
    assert "stoelcodes" not in page(cast.corporation, workshop)
    answer = cast.facilitator.post(
        reverse("seats_until", args=[workshop.code]), {"seats_until": "2028-01-01", "terug": "voortgang"}
    )
    assert answer.url == reverse("progress", args=[workshop.code])
    assert "tot en met 1 januari 2028" in page(cast.facilitator, workshop)


def test_a_page_asks_the_same_of_the_database_for_one_and_for_thirty(
    cast, workshop, led, django_assert_max_num_queries
):
    page(cast.facilitator, workshop)
    for number in range(30):
        made = Agreement.objects.create(
            workshop=workshop, number=100 + number, framework="leefomgeving", title=f"Nr. {number}",
            status="in_uitvoering", lead=cast.as_corporation.organisation, end=datetime.date(2030, 1, 1),
        )  # fmt: skip
        made.areas.set([workshop.workshop_areas.first().area_id])
        Progress.objects.create(agreement=made, on=TODAY, status="in_uitvoering", note="Ja")
    with django_assert_max_num_queries(30):
        page(cast.facilitator, workshop)


# ---- the calendar ----


def events(client, workshop, of=""):
    body = client.get(reverse("deadlines_file", args=[workshop.code]) + of).content
    return {str(event["uid"]): event for event in Calendar.from_ical(body).walk("vevent")}


@pytest.fixture
def dated(cast, workshop, led):
    Agreement.objects.filter(pk=led.pk).update(start=day("2027-01-01"), end=day("2027-12-31"))
    Advice.objects.create(agreement=led, organisation=cast.as_tenant.organisation, due_on=day("2027-02-12"))
    agreements.take_position(by=cast.as_partner, agreement=led, stance="achterban", back_by=day("2027-01-15"))
    return led


def test_the_calendar_holds_every_day_under_a_name_that_stays(cast, workshop, dated):
    found = events(cast.tenant, workshop)
    assert {str(e["summary"]).split(":")[0].split(", ")[1]: e["dtstart"].dt for e in found.values()} == {
        "begint": day("2027-01-01"), "klaar": day("2027-12-31"), "advies van de huurders uiterlijk": day("2027-02-12"),
        "antwoord van de achterban uiterlijk": day("2027-01-15"),
    }  # fmt: skip
    Agreement.objects.filter(pk=dated.pk).update(end=day("2028-03-01"))
    workshops.move(by=cast.as_facilitator, stage=Stage.LOOK_BACK)
    again = events(cast.corporation, workshop)
    assert again.keys() == found.keys()
    uid = next(uid for uid in again if uid.endswith("-eind@veerkracht"))
    assert again[uid]["dtstart"].dt == day("2028-03-01")
    assert again[uid]["sequence"] > found[uid]["sequence"]


@pytest.mark.parametrize(("who", "count"), [("corporation", 2), ("tenant", 1), ("partner", 1)])
def test_the_days_of_one_organisation(cast, workshop, dated, who, count):
    organisation = getattr(cast, f"as_{who}").organisation
    assert len(events(cast.facilitator, workshop, f"?van={organisation.pk}")) == count


def test_what_lapsed_is_struck_out_and_no_person_is_named(cast, workshop, dated):
    cast.corporation.post(f"/meedoen/{cast.as_corporation.organisation.seat_code}/", {"name": "Jo Jansen"})
    Agreement.objects.filter(pk=dated.pk).update(status="vervallen")
    body = cast.facilitator.get(reverse("deadlines_file", args=[workshop.code])).content.decode()
    assert body.count("STATUS:CANCELLED") == 4
    assert "Jansen" not in body
    assert "ATTENDEE" not in body
