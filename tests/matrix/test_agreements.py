import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from maps.models import Area
from matrix.actions import agreement as actions
from matrix.actions.recording import Conflict, Refused
from matrix.board import build_board
from matrix.concreteness import hints
from matrix.models import Agreement, Event, Intervention, Position
from matrix.reciprocity import promises
from matrix.standings import standings


@pytest.fixture
def measure(cast):
    return cast.propose("Samen schoonmaken")


def edit(cast, measure, *, by=None, **changes):
    seen = {name: actions.as_plain(getattr(measure, name)) for name in changes}
    return actions.edit(by=by or cast.as_partner, agreement=measure, changes=changes, seen=seen)


def test_one_line_makes_an_idea(workshop, cast):
    area = workshop.workshop_areas.first().area
    answer = cast.tenant.post(
        reverse("propose", args=[workshop.code]),
        {"area": area.pk, "framework": "sociale_aanpak", "title": "Koffie op straat"},
    )
    assert answer.status_code == 302
    made = workshop.agreements.get()
    assert (made.status, made.framework, made.proposed_by) == (
        "idee",
        "sociale_aanpak",
        cast.as_tenant.organisation,
    )
    assert list(made.areas.all()) == [area]


def test_a_card_of_the_catalogue_brings_its_marks(workshop, cast):
    card = Intervention.objects.filter(legal_check=True, touches_advice_right=True).first()
    area = workshop.workshop_areas.first().area
    cast.partner.post(
        reverse("propose", args=[workshop.code]),
        {"area": area.pk, "framework": card.framework, "title": "", "intervention": card.pk},
    )
    made = workshop.agreements.get()
    assert (made.title, made.legal_check, made.touches_advice_right) == (card.title, True, True)


def test_an_empty_line_is_refused_in_words(workshop, cast):
    area = workshop.workshop_areas.first().area
    answer = cast.partner.post(
        reverse("propose", args=[workshop.code]), {"area": area.pk, "framework": "leefomgeving", "title": " "}
    )
    assert answer.status_code == 422
    assert "Schrijf in één regel" in answer.content.decode()


def test_a_buurt_of_elsewhere_is_refused(workshop, cast):
    elsewhere = Area.objects.neighbourhoods().exclude(pk__in=workshop.workshop_areas.values("area")).first()
    with pytest.raises(Refused):
        cast.propose(areas=[elsewhere])


def form_of(measure, **changed):
    """What the browser sends: every field, and what each was when the page came."""
    data = {
        "title": measure.title, "initial-title": measure.title,
        "areas": [a.pk for a in measure.areas.all()], "seen-areas": [a.pk for a in measure.areas.all()],
    }  # fmt: skip
    for name in (
        "lead",
        "start",
        "end",
        "means",
        "measure",
        "residents_notice",
        "effect_elsewhere",
        "goal",
        "kind",
        "reservation",
    ):
        value = getattr(measure, f"{name}_id" if name == "lead" else name)
        data[name] = data[f"initial-{name}"] = "" if value is None else str(value)
    for name in ("legal_check", "touches_advice_right"):
        data[f"initial-{name}"] = str(getattr(measure, name))
    return data | changed


def post_edit(client, workshop, measure, **changed):
    return client.post(reverse("edit_agreement", args=[workshop.code, measure.number]), form_of(measure, **changed))


def test_the_form_stores_all_parts_of_the_sentence(workshop, cast, measure):
    corporation, tenants = cast.as_corporation.organisation, cast.as_tenant.organisation
    answer = post_edit(
        cast.partner, workshop, measure,
        **{"lead": corporation.pk, "start": "2027-01-04", "end": "2027-12-31", "means": "€ 10.000 uit leefbaarheid",
           f"takes_part_{tenants.pk}": "on", f"brings_{tenants.pk}": "Wij lopen mee"},
    )  # fmt: skip
    assert answer.status_code == 302
    measure.refresh_from_db()
    assert (measure.lead, measure.start, measure.end) == (
        corporation,
        datetime.date(2027, 1, 4),
        datetime.date(2027, 12, 31),
    )
    assert measure.contributions.get().text == "Wij lopen mee"


def test_two_people_on_two_fields_do_not_hinder_each_other(workshop, cast, measure):
    post_edit(cast.corporation, workshop, measure, means="Uit het fonds")
    answer = post_edit(cast.partner, workshop, measure, goal="Een schone straat")  # opened before the other saved
    assert answer.status_code == 302
    measure.refresh_from_db()
    assert (measure.means, measure.goal) == ("Uit het fonds", "Een schone straat")


def test_two_people_on_one_field_see_both_texts_and_nothing_is_overwritten(workshop, cast, measure):
    post_edit(cast.corporation, workshop, measure, means="Uit het fonds")
    answer = post_edit(cast.partner, workshop, measure, means="Uit de begroting")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Uit het fonds" in page
    assert "Uit de begroting" in page
    measure.refresh_from_db()
    assert measure.means == "Uit het fonds"
    # Having seen it, saving again is a choice.
    again = post_edit(cast.partner, workshop, measure, means="Uit de begroting", **{"initial-means": "Uit het fonds"})
    assert again.status_code == 302


def test_two_people_on_one_contribution_see_both_texts(workshop, cast, measure):
    tenants = cast.as_tenant.organisation
    line = lambda text: {f"takes_part_{tenants.pk}": "on", f"brings_{tenants.pk}": text}  # noqa: E731
    post_edit(cast.corporation, workshop, measure, **line("Vlugschriften"))
    answer = post_edit(cast.partner, workshop, measure, **line("Een bewonersavond"))
    assert answer.status_code == 422
    assert "Vlugschriften" in answer.content.decode()
    assert measure.contributions.get().text == "Vlugschriften"


def test_the_end_comes_after_the_start(workshop, cast, measure):
    answer = post_edit(cast.partner, workshop, measure, start="2027-05-01", end="2027-04-01", means="Uit het fonds")
    assert answer.status_code == 422
    assert "De einddatum ligt voor de begindatum." in answer.content.decode()
    assert "Uit het fonds" in answer.content.decode(), "wat getypt was, staat er nog"


def test_the_database_refuses_it_too(measure):
    measure.start, measure.end = datetime.date(2027, 5, 1), datetime.date(2027, 4, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        measure.save()


def test_saving_without_a_change_leaves_no_trace(workshop, cast, measure):
    before = Event.objects.count()
    post_edit(cast.partner, workshop, measure)
    assert Event.objects.count() == before


@pytest.mark.parametrize("stance", ["voorbehoud", "niet_akkoord"])
def test_an_objection_needs_its_reason(stance, workshop, cast, measure):
    address = reverse("take_position", args=[workshop.code, measure.number])
    answer = cast.tenant.post(address, {"stance": stance, "reason": "  "})
    assert answer.status_code == 422
    assert "Schrijf de reden erbij" in answer.content.decode()
    assert cast.tenant.post(address, {"stance": stance, "reason": "De huur gaat omhoog"}).status_code == 302
    assert Position.objects.get().reason == "De huur gaat omhoog"


def test_the_database_keeps_no_objection_without_a_reason(cast, measure):
    with pytest.raises(IntegrityError), transaction.atomic():
        Position.objects.create(
            agreement=measure, organisation=cast.as_tenant.organisation, stance="niet_akkoord", wording=1
        )


def test_each_organisation_has_one_position_and_the_log_keeps_the_earlier(workshop, cast, measure):
    actions.take_position(by=cast.as_tenant, agreement=measure, stance="niet_akkoord", reason="Te duur")
    actions.take_position(by=cast.as_tenant, agreement=measure, stance="akkoord")
    assert Position.objects.get().stance == "akkoord"
    assert Event.objects.filter(what="position_taken").last().data["before"]["reason"] == "Te duur"


def test_changed_wording_asks_for_new_consent(workshop, cast, measure):
    actions.take_position(by=cast.as_tenant, agreement=measure, stance="akkoord")
    changed = edit(cast, measure, title="Samen schoonmaken en schilderen")
    assert changed.wording == 2
    stale = {s.organisation.name: s.stale for s in standings(changed, workshop.organisations.all())}
    assert stale["Huurdersvereniging"]
    actions.take_position(by=cast.as_tenant, agreement=changed, stance="akkoord")
    assert not any(s.stale for s in standings(changed, workshop.organisations.all()))


def test_wording_before_any_position_is_free(cast, measure):
    assert edit(cast, measure, title="Anders").wording == 1


def test_the_log_keeps_every_earlier_word(cast, measure):
    edit(cast, measure, title="Anders")
    assert Event.objects.get(what="edited").data["before"]["title"] == "Samen schoonmaken"


def test_a_conflict_stores_nothing_at_all(cast, measure):
    with pytest.raises(Conflict):
        actions.edit(
            by=cast.as_partner, agreement=measure, changes={"title": "Mijn titel", "goal": "Mijn doel"},
            seen={"title": "Iets anders", "goal": ""},
        )  # fmt: skip
    measure.refresh_from_db()
    assert (measure.title, measure.goal) == ("Samen schoonmaken", "")


def test_a_reason_to_leave_a_cell_empty_is_kept_until_it_is_filled(workshop, cast):
    area = workshop.workshop_areas.first().area
    actions.leave_empty(by=cast.as_partner, area=area, framework="leefomgeving", reason="is op orde")
    board = build_board([area], [], workshop.empty_cells.all())
    assert board.rows[0].cells[0].state == "deliberate"
    cast.propose(areas=[area])
    assert not workshop.empty_cells.exists()
    assert "is op orde" in str(Event.objects.get(what="proposed").data)


def test_a_filled_cell_is_not_empty_on_purpose(workshop, cast, measure):
    with pytest.raises(Refused):
        actions.leave_empty(by=cast.as_partner, area=measure.areas.get(), framework=measure.framework, reason="toch")


def test_no_reason_no_empty_cell(workshop, cast):
    with pytest.raises(ValidationError):
        actions.leave_empty(
            by=cast.as_partner,
            area=workshop.workshop_areas.first().area,
            framework="leefomgeving",
            reason=" ",
        )


def test_a_measure_for_two_buurten_stands_once(workshop, cast):
    areas = [sheet.area for sheet in workshop.workshop_areas.all()]
    measure = cast.propose(areas=areas[:2])
    board = build_board(areas, workshop.agreements.standing().with_everything(), [])
    assert [len(cell.agreements) for cell in board.rows[0].cells] == [1, 1, 0]
    assert workshop.agreements.count() == 1
    assert board.rows[0].cells[0].counts == "1 idee"
    actions.set_status(by=cast.as_partner, agreement=measure, status=Agreement.Status.AGREED)
    board = build_board(areas, workshop.agreements.standing().with_everything(), [])
    assert board.rows[0].complete == 2


def test_hints_name_what_is_not_concrete(cast, measure):
    assert hints(measure)[0] == "geen trekker"


def test_it_shows_who_promises_nothing(workshop, cast, measure):
    edit(cast, measure, lead=cast.as_corporation.organisation)
    actions.set_status(by=cast.as_partner, agreement=measure, status="afgesproken")
    found = promises(workshop.agreements.with_everything(), workshop.organisations.all())
    assert [p.organisation.name for p in found if p.nothing] == ["Gemeente", "Huurdersvereniging"]


def test_the_matrix_asks_as_many_queries_for_one_card_as_for_thirty(workshop, cast):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries(page):
        with CaptureQueriesContext(connection) as captured:
            assert cast.partner.get(reverse(page, args=[workshop.code])).status_code == 200
        return len(captured)

    actions.take_position(by=cast.as_tenant, agreement=cast.propose(), stance="akkoord")
    few = {page: queries(page) for page in ("board", "agreements", "read", "look")}
    for i in range(30):
        measure = cast.propose(f"Maatregel {i}")
        actions.take_position(by=cast.as_tenant, agreement=measure, stance="akkoord")
    assert {page: queries(page) for page in few} == few


def test_two_phones_of_one_organisation_see_both_positions(workshop, cast, measure):
    address = reverse("take_position", args=[workshop.code, measure.number])
    cast.tenant.post(address, {"stance": "niet_akkoord", "reason": "Te duur", "seen": ""})
    answer = cast.tenant.post(address, {"stance": "akkoord", "seen": ""})
    assert answer.status_code == 422
    assert "Te duur" in answer.content.decode()
    assert Position.objects.get().stance == "niet_akkoord"
    assert cast.tenant.post(address, {"stance": "akkoord", "seen": "Niet akkoord. Te duur"}).status_code == 302


def test_buurten_that_another_added_are_no_conflict_for_who_left_them_alone(workshop, cast, measure):
    opened = form_of(measure, goal="Een schone straat")
    more = [s.area_id for s in workshop.workshop_areas.all()[:2]]
    assert post_edit(cast.corporation, workshop, measure, areas=more).status_code == 302
    answer = cast.partner.post(reverse("edit_agreement", args=[workshop.code, measure.number]), opened)
    assert answer.status_code == 302
    assert measure.areas.count() == 2


def test_a_dropped_measure_can_be_found_back(workshop, cast, measure):
    actions.set_status(by=cast.as_partner, agreement=measure, status="vervallen")
    page = cast.partner.get(reverse("agreements", args=[workshop.code])).content.decode()
    assert "Vervallen (1)" in page
    assert "Samen schoonmaken" in page


def test_the_mark_of_the_advice_right_is_part_of_what_was_consented_to(cast, measure):
    actions.take_position(by=cast.as_tenant, agreement=measure, stance="akkoord")
    assert edit(cast, measure, touches_advice_right=True).wording == 2


def read_mark_on(client, measure):
    page = client.get(measure.get_absolute_url()).content.decode()
    return page.split('name="read" value="')[1].split('"')[0]


def test_nobody_agrees_to_a_text_that_changed_under_their_hands(workshop, cast, measure):
    """Also before anyone took a position, when the number of the wording does not rise."""
    address = reverse("take_position", args=[workshop.code, measure.number])
    read = read_mark_on(cast.tenant, measure)
    post_edit(cast.corporation, workshop, measure, means="De huurders betalen")
    answer = cast.tenant.post(address, {"stance": "voorbehoud", "reason": "Als de huur gelijk blijft", "read": read})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert not measure.positions.exists()
    assert "De tekst van de afspraak is intussen gewijzigd" in page
    assert "Als de huur gelijk blijft" in page
    assert "De huurders betalen" in page
    read = read_mark_on(cast.tenant, measure)  # having seen it, saving again is a choice
    again = cast.tenant.post(address, {"stance": "voorbehoud", "reason": "Als de huur gelijk blijft", "read": read})
    assert again.status_code == 302
    assert measure.positions.get().reason == "Als de huur gelijk blijft"


def test_who_edits_a_measure_that_was_dropped_meanwhile_keeps_the_text_and_hears_it(workshop, cast, measure):
    actions.set_status(by=cast.as_corporation, agreement=measure, status="vervallen")
    answer = cast.partner.post(
        reverse("edit_agreement", args=[workshop.code, measure.number]), form_of(measure, means="Uit het fonds"),
        follow=True,
    )  # fmt: skip
    assert "Let op: deze maatregel is vervallen" in answer.content.decode()
    measure.refresh_from_db()
    assert (measure.means, measure.status) == ("Uit het fonds", "vervallen")


def test_a_lead_that_left_is_said_in_words_and_the_rest_stays(workshop, cast, measure):
    gone = workshop.organisations.create(name="Scholengroep", kind="onderwijs")
    pk = gone.pk
    gone.delete()
    answer = post_edit(cast.partner, workshop, measure, lead=pk, means="Uit het fonds")
    assert answer.status_code == 422
    assert "zit niet meer aan tafel" in answer.content.decode()
    assert "Uit het fonds" in answer.content.decode()


def test_a_contribution_for_a_party_that_left_is_not_lost_in_silence(workshop, cast, measure):
    gone = workshop.organisations.create(name="Scholengroep", kind="onderwijs")
    pk = gone.pk
    gone.delete()
    typed = {f"takes_part_{pk}": "on", f"brings_{pk}": "Een lokaal op woensdag", f"initial-brings_{pk}": ""}
    answer = post_edit(cast.partner, workshop, measure, **typed)
    assert answer.status_code == 422
    assert "zit niet meer aan tafel: ‘Een lokaal op woensdag’" in answer.content.decode()


def test_a_party_that_leads_and_brings_stands_once(workshop, cast, measure):
    corporation = cast.as_corporation.organisation
    post_edit(
        cast.partner, workshop, measure,
        **{"lead": corporation.pk, f"takes_part_{corporation.pk}": "on", f"brings_{corporation.pk}": "Twee huismeesters"},
    )  # fmt: skip
    page = cast.partner.get(measure.get_absolute_url()).content.decode()
    told = page.split('id="stand"')[1].split("</section>")[0]
    assert "brengt zelf in" in told
    assert "samen met" not in told


def test_a_renamed_lead_keeps_its_agreements(workshop, cast, measure):
    from matrix.actions import preparing

    opened = form_of(measure, lead=cast.as_corporation.organisation.pk)
    preparing.rename_organisation(
        by=cast.as_facilitator, organisation=cast.as_corporation.organisation, name="Woonstichting Nieuw"
    )
    answer = cast.partner.post(reverse("edit_agreement", args=[workshop.code, measure.number]), opened)
    assert answer.status_code == 302
    assert "Woonstichting Nieuw" in cast.partner.get(measure.get_absolute_url()).content.decode()


def test_the_city_wide_check_is_part_of_what_was_consented_to(workshop, cast, measure):
    actions.take_position(by=cast.as_tenant, agreement=measure, stance="akkoord")
    post_edit(cast.partner, workshop, measure, elsewhere="wel", asked_elsewhere="Zuid: twee woningen\nper jaar")
    measure.refresh_from_db()
    assert (measure.wording, measure.elsewhere, measure.asked_elsewhere) == (2, "wel", "Zuid: twee woningen per jaar")
