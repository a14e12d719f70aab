"""What a form that saves itself is answered. The browser's half is in tests/e2e/test_autosave.py."""

import pytest
from django.test import Client
from django.urls import reverse

from matrix.models import Event, Reading, Remark, Workshop
from matrix.stages import Stage
from tests.matrix.test_agreements import form_of


@pytest.fixture
def sheet(workshop):
    return workshop.workshop_areas.select_related("area").first()


@pytest.fixture
def measure(cast):
    return cast.propose("Samen schoonmaken")


def post(client, name, args, data):
    """As static/js/send.js does: (status, what it is told)."""
    answer = client.post(reverse(name, args=args), data, headers={"X-Bewaar": "1"})
    return answer.status_code, answer.json()


def analyse(client, sheet, text, seen=""):
    args = [sheet.workshop.code, sheet.area.code, "problem_analysis"]
    return post(client, "analyse", args, {"text": text, "seen": seen})


def edit(client, measure, **changed):
    return post(client, "edit_agreement", [measure.workshop.code, measure.number], form_of(measure, **changed))


def test_a_text_is_saved_and_the_next_save_starts_from_it(cast, sheet):
    status, told = analyse(cast.partner, sheet, "Te veel verhuizingen")
    assert (status, told["state"]) == (200, "saved")
    status, told = analyse(cast.partner, sheet, "Te veel verhuizingen, te weinig groen", **told["start"])
    assert told["start"] == {"seen": "Te veel verhuizingen, te weinig groen"}


def test_the_same_text_twice_is_one_event(cast, sheet):
    analyse(cast.partner, sheet, "Te veel verhuizingen")
    assert analyse(cast.partner, sheet, "Te veel verhuizingen ")[0] == 200
    assert Event.objects.filter(what="analysed").count() == 1


def test_a_save_that_changes_nothing_leaves_no_gap_in_the_log(workshop, cast, sheet):
    analyse(cast.partner, sheet, "Te veel verhuizingen")
    before = Workshop.objects.get(pk=workshop.pk).revision
    analyse(cast.partner, sheet, "Te veel verhuizingen")
    assert Workshop.objects.get(pk=workshop.pk).revision == before == Event.objects.latest("revision").revision


def test_a_conflict_shows_their_text_and_where_to_go_on_from(cast, sheet):
    analyse(cast.partner, sheet, "Verkeer")
    status, told = analyse(cast.corporation, sheet, "Leegstand")
    assert (status, told["state"]) == (409, "conflict")
    theirs = told["theirs"]["text"]
    assert theirs == {"text": "Verkeer", "values": {"text": ["Verkeer"]}, "start": {"seen": "Verkeer"}}
    assert analyse(cast.corporation, sheet, "Leegstand", **theirs["start"])[0] == 200


def test_a_text_that_is_too_long_says_by_how_much(cast, sheet):
    status, told = analyse(cast.partner, sheet, "🏘️ شارع " * 12_500)
    assert (status, told["state"]) == (422, "invalid")
    assert told["errors"]["text"] == "Dit is te lang: hooguit 4000 tekens, en dit zijn er 100000. Kort het in."


def test_what_looks_like_a_person_is_said_at_the_field(cast, sheet):
    status, told = analyse(cast.partner, sheet, "Bel mevrouw op 0612345678")
    assert status == 200
    assert "een telefoonnummer" in told["warning"]
    page = cast.partner.get(sheet.get_absolute_url()).content.decode()
    assert "een telefoonnummer" not in page, "het stond al bij het veld"


def test_a_step_that_does_not_allow_it_says_why(workshop, cast, sheet):
    Workshop.objects.filter(pk=workshop.pk).update(stage=Stage.SETTLE)
    status, told = analyse(cast.partner, sheet, "Te laat")
    assert (status, told["state"]) == (409, "refused")
    assert "De sessie is nu bij Vaststellen" in told["why"]


def test_who_lost_the_seat_is_told_so(sheet, cast):
    status, told = analyse(Client(), sheet, "Wie ben ik?")
    assert (status, told["state"]) == (404, "away")


def test_a_page_that_is_not_there_is_something_else(workshop, cast):
    status, told = post(cast.partner, "rewrite_remark", [workshop.code, 4711], {"text": "x"})
    assert (status, told["state"]) == (404, "gone")


def test_an_old_token_is_told_apart_so_that_a_fresh_one_is_taken(cast, sheet):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = cast.partner.cookies
    status, told = analyse(strict, sheet, "Tekst")
    assert (status, told["state"]) == (403, "token")
    page = strict.get(sheet.get_absolute_url(), headers={"X-Bewaar": "1"})
    token = page.context["csrf_token"]
    args = [sheet.workshop.code, sheet.area.code, "problem_analysis"]
    data = {"text": "Tekst", "seen": "", "csrfmiddlewaretoken": str(token)}
    assert post(strict, "analyse", args, data)[0] == 200


def test_looking_at_the_fields_uses_up_no_message(cast, sheet):
    cast.partner.post(
        reverse("analyse", args=[sheet.workshop.code, sheet.area.code, "problem_analysis"]),
        {"text": "Met een knop", "seen": ""},
    )
    assert "Bewaard." not in cast.partner.get(sheet.get_absolute_url(), headers={"X-Bewaar": "1"}).content.decode()
    assert "Bewaard." in cast.partner.get(sheet.get_absolute_url()).content.decode()


def test_two_on_two_fields_of_an_agreement_both_save(cast, measure):
    assert edit(cast.corporation, measure, means="Uit het fonds")[0] == 200
    assert edit(cast.partner, measure, goal="Een schone straat")[0] == 200
    measure.refresh_from_db()
    assert (measure.means, measure.goal) == ("Uit het fonds", "Een schone straat")


def test_a_saved_agreement_tells_what_every_field_starts_from(cast, measure):
    tenants, area = cast.as_tenant.organisation, measure.areas.get()
    more = {f"takes_part_{tenants.pk}": "on", f"brings_{tenants.pk}": " Wij lopen mee "}
    _, told = edit(cast.partner, measure, means="Uit het fonds", start="2027-01-04", legal_check="on", **more)
    wanted = {
        "initial-means": "Uit het fonds", "initial-start": "2027-01-04", "initial-end": "", "initial-lead": "",
        "initial-legal_check": "True", "initial-touches_advice_right": "False", "seen-areas": [str(area.pk)],
        f"initial-takes_part_{tenants.pk}": "True", f"initial-brings_{tenants.pk}": "Wij lopen mee",
    }  # fmt: skip
    assert wanted.items() <= told["start"].items()


def test_a_conflict_of_an_agreement_is_per_field_and_in_words(cast, measure):
    corporation = cast.as_corporation.organisation
    tenants = cast.as_tenant.organisation
    taken = {f"takes_part_{tenants.pk}": "on", f"brings_{tenants.pk}": "Vlugschriften"}
    edit(cast.corporation, measure, lead=corporation.pk, end="2027-12-31", legal_check="on", **taken)
    mine = taken | {f"brings_{tenants.pk}": "Een avond"}
    lead = cast.as_partner.organisation.pk
    status, told = edit(cast.partner, measure, lead=lead, end="2028-12-31", goal="Schoon", **mine)
    assert (status, told["state"]) == (409, "conflict")
    theirs = told["theirs"]
    assert theirs.keys() == {"lead", "end", f"brings_{tenants.pk}"}, "het doel was van deze schrijver alleen"
    assert theirs["lead"] == {
        "text": "Woonstichting", "values": {"lead": [str(corporation.pk)]},
        "start": {"initial-lead": str(corporation.pk)},
    }  # fmt: skip
    assert (theirs["end"]["text"], theirs["end"]["values"]) == ("31 december 2027", {"end": ["2027-12-31"]})
    assert theirs[f"brings_{tenants.pk}"] == {
        "text": "Vlugschriften",
        "values": {f"brings_{tenants.pk}": ["Vlugschriften"], f"takes_part_{tenants.pk}": ["on"]},
        "start": {f"initial-brings_{tenants.pk}": "Vlugschriften", f"initial-takes_part_{tenants.pk}": "True"},
    }


def test_a_conflict_about_the_buurten(workshop, cast, measure):
    areas = [s.area for s in workshop.workshop_areas.select_related("area")]
    edit(cast.corporation, measure, areas=[areas[1].pk])
    _, told = edit(cast.partner, measure, areas=[areas[2].pk], **{"seen-areas": [areas[0].pk]})
    assert told["theirs"]["areas"] == {
        "text": areas[1].name, "values": {"areas": [str(areas[1].pk)]}, "start": {"seen-areas": [str(areas[1].pk)]},
    }  # fmt: skip


def test_errors_of_an_agreement_are_by_field(cast, measure):
    status, told = edit(cast.partner, measure, start="2027-05-01", end="2027-04-01")
    assert status == 422
    assert told["errors"] == {"end": "De einddatum ligt voor de begindatum."}


def test_plain_words_save_by_themselves(cast, measure):
    args = [measure.workshop.code, measure.number]
    status, told = post(cast.partner, "plain_words", args, {"text": "Wij vegen.", "seen": ""})
    assert (status, told["start"]) == (200, {"seen": "Wij vegen."})
    status, told = post(cast.corporation, "plain_words", args, {"text": "Wij poetsen.", "seen": ""})
    assert (status, told["theirs"]["text"]["text"]) == (409, "Wij vegen.")
    assert post(cast.partner, "plain_words", args, {"text": "x" * 2001, "seen": "Wij vegen."})[0] == 422


def describe(client, workshop, **changed):
    data = {}
    for name in ("title", "date", "place"):
        data[name] = data[f"initial-{name}"] = str(getattr(workshop, name))
    return post(client, "describe", [workshop.code], data | changed)


def test_title_date_and_place_save_each_by_itself(workshop, cast):
    status, told = describe(cast.facilitator, workshop, place="Buurthuis")
    assert (status, told["start"]["initial-place"]) == (200, "Buurthuis")
    assert describe(cast.facilitator, workshop, title="Anders")[0] == 200, "met een oude plaats ernaast"
    status, told = describe(cast.facilitator, workshop, place="Kerk")
    assert (status, told["theirs"]["place"]["text"]) == (409, "Buurthuis")
    assert describe(cast.facilitator, workshop, title="")[1]["errors"] == {"title": "Geef de sessie een naam."}
    workshop.refresh_from_db()
    assert (workshop.title, workshop.place) == ("Anders", "Buurthuis")


def test_without_script_a_conflict_about_the_title_shows_both(workshop, cast):
    describe(cast.facilitator, workshop, title="Van de ander")
    data = {"title": "Van mij", "initial-title": workshop.title, "date": workshop.date, "initial-date": workshop.date}
    answer = cast.facilitator.post(reverse("describe", args=[workshop.code]), data)
    assert answer.status_code == 422
    assert "Van de ander" in answer.content.decode()
    assert "Van mij" in answer.content.decode()


@pytest.fixture
def remark(workshop, cast):
    return Remark.objects.create(
        workshop=workshop, stage="kijken", text="De speeltuin is weg", organisation=cast.as_partner.organisation
    )


def rewrite(client, remark, text, seen="De speeltuin is weg"):
    return post(client, "rewrite_remark", [remark.workshop.code, remark.pk], {"text": text, "seen": seen})


def test_a_remark_is_rewritten_by_itself(cast, remark):
    assert rewrite(cast.partner, remark, "De speeltuin is leeg")[1]["start"] == {"seen": "De speeltuin is leeg"}
    status, told = rewrite(cast.partner, remark, "De speeltuin is saai")
    assert (status, told["theirs"]["text"]["text"]) == (409, "De speeltuin is leeg")
    assert rewrite(cast.partner, remark, "")[0] == 422
    remark.answer, remark.answer_text = Remark.Answer.TAKEN_UP, "bij 1"
    remark.save()
    assert rewrite(cast.partner, remark, "Toch anders", "De speeltuin is leeg")[1]["state"] == "refused"


def test_without_script_a_conflict_about_a_remark_shows_theirs(cast, remark):
    rewrite(cast.partner, remark, "De speeltuin is leeg")
    answer = cast.partner.post(
        reverse("rewrite_remark", args=[remark.workshop.code, remark.pk]),
        {"text": "De speeltuin is saai", "seen": "De speeltuin is weg"},
    )
    assert answer.status_code == 422
    assert "De speeltuin is leeg" in answer.content.decode()
    assert "De speeltuin is saai" in answer.content.decode()


def recognise(client, sheet, **data):
    return post(client, "recognise", [sheet.workshop.code, sheet.area.code], data)


def test_the_tenants_words_save_once_an_answer_is_chosen(cast, sheet):
    assert recognise(cast.tenant, sheet, words="Wij zien iets anders", seen="")[0] == 422
    status, told = recognise(cast.tenant, sheet, recognition="partly", words="Alleen de flats", seen="")
    assert (status, told["start"]) == (200, {"seen": "Deels. Alleen de flats"})
    status, told = recognise(cast.tenant, sheet, recognition="no", words="Nee", seen="")
    assert told["theirs"]["words"] == {
        "text": "Deels. Alleen de flats",
        "values": {"recognition": ["partly"], "words": ["Alleen de flats"]},
        "start": {"seen": "Deels. Alleen de flats"},
    }
    assert Reading.objects.get().recognition == "partly"


def test_a_form_with_a_button_is_told_where_to_go_on(workshop, cast):
    area, key = workshop.workshop_areas.first().area_id, "6f1c7f5c-9d2e-4c63-8d49-0d0d5f0d6c11"
    data = {"area": area, "framework": "leefomgeving", "title": "Samen vegen", "key": key}
    for _ in range(2):  # the answer to the first was lost on the way
        status, told = post(cast.partner, "propose", [workshop.code], data)
        assert (status, told["state"]) == (200, "saved")
        assert told["go"].endswith("#toevoegen")
    assert workshop.agreements.count() == 1
    assert "Toegevoegd: Samen vegen" in cast.partner.get(told["go"]).content.decode()


def test_a_position_that_came_twice_is_taken_once(workshop, cast, measure):
    for _ in range(2):
        args = [workshop.code, measure.number]
        assert post(cast.partner, "take_position", args, {"stance": "akkoord", "seen": ""})[0] == 200
    assert Event.objects.filter(what="position_taken").count() == 1
