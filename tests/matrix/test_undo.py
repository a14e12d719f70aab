"""Taking back one's own actions: each kind, and when it is refused."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from matrix.actions import agreement as agreements
from matrix.actions import reading as readings
from matrix.actions import remark as remarks
from matrix.actions import workshop as workshops
from matrix.actions.recording import Refused
from matrix.actions.undo import _UNDO, undo
from matrix.models import Event, Remark
from matrix.own_actions import OwnAction, own_actions
from matrix.stages import NotNow, Stage


@pytest.fixture
def sheet(workshop):
    return workshop.workshop_areas.select_related("area").first()


@pytest.fixture
def measure(cast):
    return cast.propose("Samen schoonmaken", by=cast.as_facilitator)


def undo_last(by):
    return undo(by=by, revision=own_actions(by)[0].newest.revision)


def edit(by, measure, **changes):
    measure.refresh_from_db()
    seen = {name: agreements.plain(measure, name) for name in changes}
    return agreements.edit(by=by, agreement=measure, changes=changes, seen=seen)


def analyse(by, sheet, text, seen=""):
    readings.analyse(by=by, sheet=sheet, field="problem_analysis", text=text, seen=seen)


def at_step(cast, stage):
    type(cast.workshop).objects.filter(pk=cast.workshop.pk).update(stage=stage, revealed=["kijken"])


def written(cast, text="De speeltuin is weg", by=None):
    at_step(cast, Stage.LOOK)
    return remarks.write(by=by or cast.as_partner, text=text)


def test_every_kind_that_counts_as_an_own_action_can_be_undone(cast, sheet, measure):
    """Whatever targets() knows, undo() knows, and the other way round."""
    import inspect

    from matrix import own_actions as module

    source = inspect.getsource(module.targets)
    assert {what for what in _UNDO if f'"{what}"' in source} == set(_UNDO)


def test_a_written_text_goes_back_and_the_log_keeps_both(cast, sheet):
    analyse(cast.as_partner, sheet, "Eerst")
    Event.objects.update(at=timezone.now() - datetime.timedelta(minutes=5))
    analyse(cast.as_partner, sheet, "Daarna", seen="Eerst")
    event = undo_last(cast.as_partner)
    sheet.refresh_from_db()
    assert sheet.problem_analysis == "Eerst"
    assert event.what == "undone"
    assert event.summary == f"Ongedaan gemaakt: Gemeente schreef de probleemanalyse van {sheet.area}"
    assert event.subjects == [f"analysis/{sheet.area_id}"]
    undone = Event.objects.get(undone=True)
    assert (undone.data["before"], undone.data["after"]) == ("Eerst", "Daarna")
    undo_last(cast.as_partner)
    sheet.refresh_from_db()
    assert sheet.problem_analysis == ""


def test_what_saved_itself_at_each_pause_is_one_action(cast, sheet):
    analyse(cast.as_partner, sheet, "Te veel")
    analyse(cast.as_partner, sheet, "Te veel verhuizingen", seen="Te veel")
    assert len(own_actions(cast.as_partner)) == 1
    undo_last(cast.as_partner)
    sheet.refresh_from_db()
    assert sheet.problem_analysis == ""
    assert Event.objects.filter(undone=True).count() == 2


def test_when_another_wrote_on_nothing_is_overwritten_and_it_says_who(cast, sheet):
    analyse(cast.as_partner, sheet, "Verkeer")
    analyse(cast.as_corporation, sheet, "Verkeer en leegstand", seen="Verkeer")
    with pytest.raises(Refused, match="Woonstichting heeft het daarna gewijzigd, om "):
        undo_last(cast.as_partner)
    sheet.refresh_from_db()
    assert sheet.problem_analysis == "Verkeer en leegstand"
    assert not Event.objects.filter(undone=True).exists()


def test_the_right_is_checked_as_for_the_action_itself(cast, sheet):
    analyse(cast.as_partner, sheet, "Verkeer")
    at_step(cast, Stage.SETTLE)
    with pytest.raises(NotNow):
        undo_last(cast.as_partner)


def test_nobody_undoes_what_another_did(cast, sheet):
    analyse(cast.as_partner, sheet, "Verkeer")
    revision = Event.objects.latest("revision").revision
    for by in (cast.as_facilitator, cast.as_corporation):
        with pytest.raises(Refused):
            undo(by=by, revision=revision)


def test_fields_and_contributions_of_an_agreement_go_back(workshop, cast, measure):
    areas = [s.area for s in workshop.workshop_areas.select_related("area")]
    tenants, corporation = cast.as_tenant.organisation, cast.as_corporation.organisation
    changes = {
        "means": "Uit het fonds", "lead": corporation, "end": datetime.date(2027, 12, 31), "legal_check": True,
        "areas": areas,
    }  # fmt: skip
    seen = {name: agreements.plain(measure, name) for name in changes}
    agreements.edit(by=cast.as_partner, agreement=measure, changes=changes, seen=seen,
                    contributions={tenants: "Wij lopen mee"})  # fmt: skip
    undo_last(cast.as_partner)
    measure.refresh_from_db()
    assert (measure.means, measure.lead, measure.end, measure.legal_check) == ("", None, None, False)
    assert list(measure.areas.all()) == areas[:1]
    assert not measure.contributions.exists()


def test_another_field_of_another_is_no_hindrance(cast, measure):
    edit(cast.as_partner, measure, means="Uit het fonds")
    edit(cast.as_corporation, measure, goal="Een schone straat")
    undo_last(cast.as_partner)
    measure.refresh_from_db()
    assert (measure.means, measure.goal) == ("", "Een schone straat")


def test_the_same_field_of_another_is(cast, measure):
    edit(cast.as_partner, measure, means="Uit het fonds")
    edit(cast.as_corporation, measure, means="Uit de begroting")
    edit(cast.as_tenant, measure, goal="Schoon")  # later, but about something else
    with pytest.raises(Refused, match="Woonstichting"):
        undo_last(cast.as_partner)


def test_positions_hold_again_when_the_words_they_were_about_are_back(cast, measure):
    agreements.take_position(by=cast.as_tenant, agreement=measure, stance="akkoord")
    edit(cast.as_partner, measure, means="Uit het fonds")
    measure.refresh_from_db()
    assert measure.wording == 2
    undo_last(cast.as_partner)
    measure.refresh_from_db()
    assert measure.wording == 1


def test_positions_do_not_hold_when_somebody_said_something_of_the_new_words(cast, measure):
    agreements.take_position(by=cast.as_tenant, agreement=measure, stance="akkoord")
    edit(cast.as_partner, measure, means="Uit het fonds")
    agreements.take_position(by=cast.as_corporation, agreement=measure, stance="akkoord")
    undo_last(cast.as_partner)
    measure.refresh_from_db()
    assert measure.wording == 3


def test_positions_do_not_hold_when_another_changed_other_words_too(cast, measure):
    agreements.take_position(by=cast.as_tenant, agreement=measure, stance="akkoord")
    edit(cast.as_partner, measure, means="Uit het fonds")
    edit(cast.as_corporation, measure, goal="Schoon")
    undo_last(cast.as_partner)
    measure.refresh_from_db()
    assert measure.wording == 2


def test_the_status_goes_back(cast, measure):
    agreements.set_status(by=cast.as_partner, agreement=measure, status="afgesproken")
    undo_last(cast.as_partner)
    measure.refresh_from_db()
    assert measure.status == "idee"
    agreements.set_status(by=cast.as_partner, agreement=measure, status="afgesproken")
    agreements.set_status(by=cast.as_corporation, agreement=measure, status="in_uitvoering")
    with pytest.raises(Refused, match="Woonstichting"):
        undo_last(cast.as_partner)


def test_a_proposal_lapses_and_its_cell_says_again_why_it_was_empty(workshop, cast, sheet):
    agreements.leave_empty(by=cast.as_tenant, area=sheet.area, framework="woninggebruik", reason="Is op orde")
    made = cast.propose("Anders toewijzen", framework="woninggebruik")
    assert not workshop.empty_cells.exists()
    undo_last(cast.as_partner)
    made.refresh_from_db()
    assert made.status == "vervallen"
    cell = workshop.empty_cells.get()
    assert (cell.reason, cell.organisation) == ("Is op orde", cast.as_tenant.organisation)


def test_a_proposal_on_which_another_worked_stays(cast):
    made = cast.propose()
    edit(cast.as_corporation, made, means="Uit het fonds")
    with pytest.raises(Refused, match="Woonstichting"):
        undo_last(cast.as_partner)


def test_a_cell_left_empty_and_opened_again(workshop, cast, sheet):
    leave = {"by": cast.as_partner, "area": sheet.area, "framework": "woninggebruik"}
    agreements.leave_empty(**leave, reason="Is op orde")
    agreements.leave_empty(**leave, reason="Is echt op orde")
    undo_last(cast.as_partner)
    assert workshop.empty_cells.get().reason == "Is op orde"
    agreements.reopen_cell(by=cast.as_partner, cell=workshop.empty_cells.get())
    undo_last(cast.as_partner)
    assert workshop.empty_cells.get().reason == "Is op orde"
    undo_last(cast.as_partner)
    assert not workshop.empty_cells.exists()


def test_a_cell_that_is_filled_now_is_not_empty_again(workshop, cast, sheet):
    agreements.leave_empty(by=cast.as_partner, area=sheet.area, framework="woninggebruik", reason="Is op orde")
    agreements.reopen_cell(by=cast.as_partner, cell=workshop.empty_cells.get())
    cast.propose(by=cast.as_corporation, framework="woninggebruik")
    with pytest.raises(Refused, match="Woonstichting"):
        undo_last(cast.as_partner)


def recognise(by, sheet, recognition, words="", **more):
    return readings.recognise(by=by, sheet=sheet, recognition=recognition, words=words, **more)


def test_an_answer_of_the_tenants_goes_back_to_the_one_before_and_then_away(workshop, cast, sheet):
    recognise(cast.as_tenant, sheet, "no", "Nee hoor")
    recognise(cast.as_tenant, sheet, "yes", "Toch wel")
    undo_last(cast.as_tenant)
    assert (workshop.readings.get().recognition, workshop.readings.get().words) == ("no", "Nee hoor")
    undo_last(cast.as_tenant)
    assert not workshop.readings.exists()


def test_what_was_entered_on_behalf_is_undone_until_they_took_it_over(workshop, cast, sheet):
    from matrix.actions.behalf import take_over

    tenants = cast.as_tenant.organisation
    recognise(cast.as_facilitator, sheet, "no", on_behalf_of=tenants)
    undo_last(cast.as_facilitator)
    assert not workshop.readings.exists()
    reading = recognise(cast.as_facilitator, sheet, "no", on_behalf_of=tenants)
    take_over(by=cast.as_tenant, said=reading)
    with pytest.raises(Refused, match="Huurdersvereniging"):
        undo_last(cast.as_facilitator)


def test_a_position_goes_back_with_its_reason_and_wording(cast, measure):
    agreements.take_position(by=cast.as_tenant, agreement=measure, stance="achterban",
                             back_by=datetime.date(2027, 1, 4))  # fmt: skip
    edit(cast.as_partner, measure, means="Uit het fonds")
    agreements.take_position(by=cast.as_tenant, agreement=measure, stance="niet_akkoord", reason="Te duur")
    undo_last(cast.as_tenant)
    position = measure.positions.get()
    assert (position.stance, position.reason, position.wording) == ("achterban", "", 1)
    assert position.back_by == datetime.date(2027, 1, 4)
    undo_last(cast.as_tenant)
    assert not measure.positions.exists()


def test_plain_words_go_back_and_with_them_what_the_tenants_approved(cast, measure):
    agreements.say_plainly(by=cast.as_partner, agreement=measure, text="Wij vegen.", seen="")
    agreements.approve_plain(by=cast.as_tenant, agreement=measure, version=1)
    Event.objects.update(at=timezone.now() - datetime.timedelta(minutes=5))
    agreements.say_plainly(by=cast.as_partner, agreement=measure, text="Wij poetsen.", seen="Wij vegen.")
    undo_last(cast.as_partner)
    measure.refresh_from_db()
    assert (measure.plain_words, measure.plain_version) == ("Wij vegen.", 1)
    undo_last(cast.as_partner)
    measure.refresh_from_db()
    assert (measure.plain_words, measure.plain_version) == ("", 2), "wat was goedgekeurd, staat er niet meer"


def test_a_remark_is_withdrawn_and_comes_back(workshop, cast):
    written(cast)
    undo_last(cast.as_partner)
    assert not workshop.remarks.exists()
    remark = written(cast)
    remarks.withdraw(by=cast.as_partner, remark=remark)
    undo_last(cast.as_partner)
    back = workshop.remarks.get()
    assert (back.text, back.stage, back.organisation) == (remark.text, "kijken", cast.as_partner.organisation)


def test_a_remark_that_was_answered_stays(cast):
    remark = written(cast)
    at_step(cast, Stage.ACT)
    remarks.answer(by=cast.as_corporation, remark=remark, verdict="opgepakt", text="bij 1")
    with pytest.raises(Refused, match="heeft al een antwoord"):
        undo_last(cast.as_partner)


def test_other_words_of_a_remark_go_back(cast):
    remark = written(cast)
    remarks.rewrite(by=cast.as_partner, remark=remark, text="De speeltuin is leeg")
    undo_last(cast.as_partner)
    remark.refresh_from_db()
    assert remark.text == "De speeltuin is weg"


def test_an_answer_goes_back(cast):
    remark = written(cast)
    at_step(cast, Stage.ACT)
    remarks.answer(by=cast.as_partner, remark=remark, verdict="opgepakt", text="bij 1")
    undo_last(cast.as_partner)
    remark.refresh_from_db()
    assert (remark.answer, remark.answer_text) == ("", "")


def order(workshop):
    return [remark.text for remark in workshop.remarks.filter(theme=None, merged_into=None)]


def test_a_moved_remark_stands_where_it_stood(workshop, cast):
    one, _, three = (written(cast, text) for text in ("een", "twee", "drie"))
    remarks.place(by=cast.as_facilitator, remark=three, theme=None, before=one)
    assert order(workshop) == ["drie", "een", "twee"]
    undo_last(cast.as_facilitator)
    assert order(workshop) == ["een", "twee", "drie"]
    theme = remarks.add_theme(by=cast.as_facilitator, stage=Stage.LOOK, title="Groen")
    remarks.place(by=cast.as_facilitator, remark=one, theme=theme)
    undo_last(cast.as_facilitator)
    assert order(workshop) == ["een", "twee", "drie"]


def test_merged_remarks_come_apart_and_back_together(workshop, cast):
    one, two, three = (written(cast, text) for text in ("een", "twee", "drie"))
    remarks.merge(by=cast.as_facilitator, remark=two, into=one)
    remarks.merge(by=cast.as_facilitator, remark=one, into=three)
    undo_last(cast.as_facilitator)
    assert set(order(workshop)) == {"een", "drie"}
    assert Remark.objects.get(text="twee").merged_into == one
    undo_last(cast.as_facilitator)
    assert order(workshop) == ["een", "twee", "drie"]
    remarks.merge(by=cast.as_facilitator, remark=two, into=one)
    remarks.place(by=cast.as_facilitator, remark=two, theme=None)
    undo_last(cast.as_facilitator)
    assert Remark.objects.get(text="twee").merged_into == one


def test_themes_go_and_come_back_with_their_remarks(workshop, cast):
    remark = written(cast)
    theme = remarks.add_theme(by=cast.as_facilitator, stage=Stage.LOOK, title="Groen")
    undo_last(cast.as_facilitator)
    assert not workshop.themes.exists()
    theme = remarks.add_theme(by=cast.as_facilitator, stage=Stage.LOOK, title="Groen")
    remarks.place(by=cast.as_facilitator, remark=remark, theme=theme)
    theme_added = next(a for a in own_actions(cast.as_facilitator) if a.newest.what == "theme_added")
    with pytest.raises(Refused, match="staan al opmerkingen"):
        undo(by=cast.as_facilitator, revision=theme_added.newest.revision)
    remarks.remove_theme(by=cast.as_facilitator, theme=theme)
    undo_last(cast.as_facilitator)
    assert [r.text for r in workshop.themes.get().remarks.all()] == [remark.text]


def test_the_facilitator_takes_a_step_and_a_title_back(workshop, cast):
    workshops.move(by=cast.as_facilitator, stage=Stage.SETTLE)
    undo_last(cast.as_facilitator)
    workshop.refresh_from_db()
    assert workshop.stage == Stage.AGREE
    workshops.describe(by=cast.as_facilitator, title="Anders", date=datetime.date(2027, 1, 4))
    undo_last(cast.as_facilitator)
    workshop.refresh_from_db()
    assert (workshop.title, workshop.date) == ("Sessie proef", datetime.date(2026, 11, 26))


def test_a_step_after_which_another_facilitator_moved_stays(workshop, cast):
    workshops.move(by=cast.as_facilitator, stage=Stage.SETTLE)
    type(workshop).objects.filter(pk=workshop.pk).update(stage=Stage.LOOK_BACK)
    with pytest.raises(Refused, match="Er staat intussen iets anders"):
        undo_last(cast.as_facilitator)


def test_what_is_undone_is_not_undone_again(cast, sheet):
    analyse(cast.as_partner, sheet, "Verkeer")
    revision = own_actions(cast.as_partner)[0].newest.revision
    undo(by=cast.as_partner, revision=revision)
    with pytest.raises(Refused, match="al ongedaan"):
        undo(by=cast.as_partner, revision=revision)
    assert own_actions(cast.as_partner) == []


def test_an_entry_of_an_older_version_of_this_program_is_left_alone(cast, measure):
    """Its event does not say all that an undo needs."""
    Event.objects.filter(what="proposed").update(data={"number": 1, "was_empty_because": []})
    assert [type(a) for a in own_actions(cast.as_facilitator)] == [OwnAction]  # the step that the world was set at


# ---- the screens ----
def test_the_message_after_an_action_offers_to_undo_it_and_goes_back_to_the_page(workshop, cast, sheet):
    page = cast.partner.post(
        reverse("analyse", args=[workshop.code, sheet.area.code, "problem_analysis"]),
        {"text": "Verkeer", "seen": ""}, follow=True,
    )  # fmt: skip
    revision = Event.objects.latest("revision").revision
    address = reverse("undo", args=[workshop.code, revision])
    assert f'action="{address}"' in page.content.decode()
    answer = cast.partner.post(address, {"terug": sheet.get_absolute_url()})
    assert answer.url == sheet.get_absolute_url()
    sheet.refresh_from_db()
    assert sheet.problem_analysis == ""
    after = cast.partner.get(answer.url).content.decode()
    assert "Ongedaan gemaakt: Gemeente schreef" in after
    assert "/ongedaan/" not in after, "ongedaan maken zelf heeft geen knop"


def test_a_message_about_what_cannot_be_undone_offers_nothing(workshop, cast):
    organisation = workshop.organisations.first()
    page = cast.facilitator.post(reverse("renew_seat", args=[workshop.code, organisation.pk]), follow=True)
    assert "nieuwe stoelcode" in page.content.decode()
    assert "/ongedaan/" not in page.content.decode()


@pytest.mark.parametrize("elsewhere", ["https://elders.example/", "//elders.example", "/beheer/"])
def test_undoing_leads_to_no_other_site(workshop, cast, sheet, elsewhere):
    analyse(cast.as_partner, sheet, "Verkeer")
    revision = own_actions(cast.as_partner)[0].newest.revision
    answer = cast.partner.post(reverse("undo", args=[workshop.code, revision]), {"terug": elsewhere})
    assert answer.url == reverse("last_actions", args=[workshop.code])


def test_my_last_actions_are_mine_and_can_be_undone_there(workshop, cast, sheet):
    analyse(cast.as_partner, sheet, "Verkeer")
    page = cast.partner.get(reverse("last_actions", args=[workshop.code])).content.decode()
    assert "Gemeente schreef de probleemanalyse" in page
    assert "Ongedaan maken" in page
    assert "schreef" not in cast.corporation.get(reverse("last_actions", args=[workshop.code])).content.decode()


def test_a_refusal_is_a_page_that_says_who(workshop, cast, sheet):
    analyse(cast.as_partner, sheet, "Verkeer")
    analyse(cast.as_corporation, sheet, "Leegstand", seen="Verkeer")
    revision = own_actions(cast.as_partner)[0].newest.revision
    answer = cast.partner.post(reverse("undo", args=[workshop.code, revision]))
    assert answer.status_code == 409
    assert "Woonstichting heeft het daarna gewijzigd" in answer.content.decode()
