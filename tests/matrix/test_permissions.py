"""Who may see and do what: every page, every role, every step; an outsider sees nothing."""

import datetime

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from matrix import stages
from matrix.actions.amending import ordinal
from matrix.actions.sheet import outcome_of
from matrix.advice import told as advice_told
from matrix.models import (
    Agreement,
    Amendment,
    Document,
    DotRound,
    Event,
    Intervention,
    Noticed,
    Participation,
    PlanVersion,
    Position,
    Progress,
    Remark,
    Review,
    SheetUpload,
    Theme,
    Workshop,
)
from matrix.plan.canonical import content_of, fingerprint
from matrix.sheet.reading import Filled, Row
from matrix.stages import Right, Role, Stage

# Pages of a session that only its facilitator sees.
FACILITATOR_ONLY = {
    "paper_notes", "add_photo",
    "add_facilitator", "remove_facilitator",
    "prepare", "describe", "choose_areas", "add_organisation", "remove_organisation", "renew_seat", "seat_open",
    "qr", "seat_sheet", "move", "timer", "show", "reveal", "add_theme", "remove_theme", "place_remark", "go_on",
    "prepare_session", "prepare_agenda", "prepare_documents", "prepare_invitations", "prepare_record", "add_document",
    "remove_document", "add_usual_partners", "rename_organisation", "all_seats", "seats_until", "calendar", "duplicate",
    "export_workshop", "sheet_changes", "reveal_dots",
    "journal", "journal_file", "prepare_paper", "paper_pdf", "paper_progress", "paper_file", "freeze",
    "follow_up", "reveal_review",
    "confirm_request", "confirm_request_pdf",
}  # fmt: skip
POST_ONLY = {
    "give_dots", "reveal_dots",
    "add_photo",
    "add_facilitator", "remove_facilitator",
    "describe", "choose_areas", "add_organisation", "remove_organisation", "renew_seat", "move", "recognise", "analyse",
    "propose", "edit_agreement", "set_status", "take_position", "leave", "seat_open", "timer", "show", "reveal",
    "add_theme", "remove_theme", "place_remark", "go_on", "write_remark", "rewrite_remark", "withdraw_remark",
    "take_over_remark", "take_over_reading", "take_over_position", "plain_words", "approve_plain", "undo",
    "add_document", "remove_document", "add_usual_partners", "all_seats", "seats_until", "withdraw_progress",
    "give_consent", "take_over_consent", "accept_amendment", "withdraw_amendment",
    "ask_advice", "give_advice", "decide_advice", "take_over_advice",
    "move_measure",
    "measure_areas", "remove_card",
    "keep_internal",
    "tell_done", "notice", "take_over_noticed", "decide", "reveal_review",
}  # fmt: skip


def session_names():
    """Names of all addresses under /sessie/<code>/, so that a new page cannot be forgotten here."""
    found = []
    for entry in get_resolver().url_patterns:
        for inner in getattr(entry, "url_patterns", []):
            if isinstance(inner, URLResolver) and str(inner.pattern).startswith("sessie/<slug:code>/"):
                found += [p.name for p in inner.url_patterns if isinstance(p, URLPattern)]
    return found


def address(name, workshop, agreement):
    area = workshop.workshop_areas.select_related("area").first().area
    extra = {
        "area": [area.code], "panel": [area.code], "go_on": [area.code], "take_over_reading": [area.code],
        "recognise": [area.code], "analyse": [area.code, "problem_analysis"], "empty_cell": [area.pk, "leefomgeving"],
        "agreement": [agreement.number], "edit_agreement": [agreement.number],
        "set_status": [agreement.number], "take_position": [agreement.number], "plain_words": [agreement.number],
        "approve_plain": [agreement.number], "take_over_position": [agreement.number],
        **{f"{action}remark": [remark(workshop).pk] for action in ("", "place_", "rewrite_", "withdraw_", "take_over_")},
        "keep_internal": [remark(workshop).pk],
        "remove_theme": [theme(workshop).pk], "seat_open": [workshop.organisations.first().pk],
        "remove_facilitator": [workshop.facilitators.first().pk],
        "remove_organisation": [workshop.organisations.first().pk], "renew_seat": [workshop.organisations.first().pk],
        "qr": [workshop.organisations.first().pk], "rename_organisation": [workshop.organisations.first().pk],
        "calendar": [workshop.organisations.first().pk], "document": [document(workshop).pk],
        "measure": [agreement.number], "measure_areas": [agreement.number],
        "edit_card": [card(workshop).pk], "remove_card": [card(workshop).pk],
        "remove_document": [document(workshop).pk], "workshop_signals": ["csv"],
        **{f"{action}_advice": [agreement.number] for action in ("ask", "give", "decide", "take_over")},
        "confirm_request": [workshop.organisations.first().pk],
        "confirm_request_pdf": [workshop.organisations.first().pk],
        **{
            name: [promised(agreement).number]
            for name in ("review", "tell_done", "notice", "take_over_noticed", "decide", "reveal_review")
        },
        "report": [agreement.number], "withdraw_progress": [agreement.number, line(agreement).pk],
        "paper_pdf": ["lege-kaarten"], "paper_progress": [f"{workshop.pk}-abc-zaal-kaart"],
        "paper_file": [f"{workshop.pk}-abc-zaal-kaart"], "download": ["sessie.json"],
        **{name: [round_of_dots(workshop).number] for name in ("dot_round", "give_dots", "reveal_dots")},
        "plan_progress": [f"{workshop.pk}-abc"], "plan_file": [f"{workshop.pk}-abc"],
        "amend": [agreement.number], "version": [version(workshop).number],
        **{name: [agreement.number, amendment(agreement)] for name in (
            "amendment", "give_consent", "take_over_consent", "accept_amendment", "withdraw_amendment",
        )},
        "undo": [workshop.events.order_by("-revision").first().revision],
    }  # fmt: skip
    return reverse(name, args=[workshop.code, *extra.get(name, [])])


def remark(workshop):
    """Of the corporation, revealed."""
    Workshop.objects.filter(pk=workshop.pk).update(revealed=["kijken"])
    found, _ = Remark.objects.get_or_create(
        workshop=workshop, stage="kijken", text="De speeltuin is weg",
        organisation=workshop.organisations.get(kind="woningcorporatie"),
    )  # fmt: skip
    return found


def document(workshop):
    return Document.objects.get_or_create(
        workshop=workshop, title="Verslag",
        defaults={"file_name": "verslag.txt", "content_type": "text/plain", "content": b"Wat is gezegd", "size": 13},
    )[0]  # fmt: skip


def promised(agreement):
    """With an answer of the tenants, entered in their name."""
    Agreement.objects.filter(pk=agreement.pk).update(status="afgesproken")
    tenant = agreement.workshop.organisations.get(kind="huurdersorganisatie")
    defaults = {"answer": "yes", "on_behalf": True}
    Noticed.objects.get_or_create(agreement=agreement, organisation=tenant, defaults=defaults)
    return agreement


def line(agreement):
    return Progress.objects.get_or_create(agreement=agreement, on=datetime.date(2026, 11, 26), status="afgesproken")[0]


def version(workshop):
    content = content_of(workshop)
    return PlanVersion.objects.get_or_create(
        workshop=workshop, number=1, defaults={"content": content, "fingerprint": fingerprint(content)}
    )[0]


def amendment(agreement):
    data = {"before": {"means": ""}, "after": {"means": "€ 1"}, "brought_before": {}, "brought_after": {}}
    found, _ = Amendment.objects.get_or_create(agreement=agreement, defaults={"data": data, "reason": "De prijs"})
    return ordinal(found)


def proposed_change(workshop):
    """The form of a change of fixed words."""
    agreement = workshop.agreements.get()
    agreement.amendments.all().delete()
    workshop.agreements.update(status="afgesproken", frozen_wording=agreement.wording)
    areas = [area.pk for area in agreement.areas.all()]
    return {"title": f"Anders {workshop.revision}", "initial-title": agreement.title, "areas": areas,
            "seen-areas": areas, "reason": "De prijs is hoger"}  # fmt: skip


def not_fixed_yet(workshop):
    workshop.versions.all().delete()
    return {}


def card(workshop, organisation=None):
    """Of this organisation, else of who leads the session."""
    return Intervention.objects.get_or_create(
        workshop=workshop, organisation=organisation, title="Buurtontbijt",
        defaults={"framework": "sociale_aanpak", "lead": "welzijn", "occasion": "a", "approach": "b", "effect": "c"},
    )[0]  # fmt: skip


def theme(workshop):
    return Theme.objects.get_or_create(workshop=workshop, stage="kijken", title="Spelen")[0]


def test_the_list_of_pages_is_whole():
    assert len(session_names()) >= 52
    assert set(session_names()) >= FACILITATOR_ONLY | POST_ONLY


@pytest.mark.parametrize("who", ["outsider", "stranger"])
def test_an_outsider_cannot_see_or_do_anything(who, workshop, cast, request):
    agreement = cast.propose()
    client = request.getfixturevalue(who)

    def written():
        return Event.objects.filter(workshop=workshop).count(), Participation.objects.filter(workshop=workshop).count()

    before = written()
    for name in session_names():
        if name == "leave":  # forgets the seat of the browser that asks; there is nothing to find
            continue
        answer = (client.post if name in POST_ONLY else client.get)(address(name, workshop, agreement))
        assert answer.status_code == 404, name
        assert workshop.title.encode() not in answer.content, name
    assert written() == before


@pytest.mark.parametrize("name", sorted(FACILITATOR_ONLY))
def test_a_participant_does_not_arrange_the_session(name, workshop, cast):
    agreement = cast.propose()
    method = cast.partner.post if name in POST_ONLY else cast.partner.get
    assert method(address(name, workshop, agreement)).status_code == 404


def test_another_facilitator_is_an_outsider(workshop, outsider, client, django_user_model):
    client.force_login(django_user_model.objects.get(username="begeleider-elders"))
    assert client.get(workshop.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    "name", sorted(set(session_names()) - POST_ONLY - {"live", "plan_pdf", "plan_file", "plan", "edition_pdf"})
)
def test_every_page_opens_for_the_facilitator(name, workshop, cast):
    answer = cast.facilitator.get(address(name, workshop, cast.propose()), follow=True)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "name",
    sorted(
        set(session_names())
        - POST_ONLY
        - FACILITATOR_ONLY
        - {"live", "plan_pdf", "plan_file", "plan", "edition_pdf", "edit_card"}
    ),
)
@pytest.mark.parametrize("who", ["partner", "tenant"])
def test_every_page_opens_for_who_sits_at_the_table(name, who, workshop, cast):
    answer = getattr(cast, who).get(address(name, workshop, cast.propose()), follow=True)
    assert answer.status_code == 200


def test_a_card_is_changed_by_its_organisation_alone(workshop, cast):
    own = card(workshop, cast.as_partner.organisation)
    page, gone = (reverse(name, args=[workshop.code, own.pk]) for name in ("edit_card", "remove_card"))
    for client in (cast.tenant, cast.corporation, cast.facilitator):
        assert client.get(page).status_code == client.post(gone).status_code == 404
    assert cast.partner.get(page).status_code == 200


FORMS = {
    Right.PROPOSE: (
        "propose",
        lambda w: {"area": first_area(w).pk, "framework": "leefomgeving", "title": "Nieuw"},
    ),
    Right.EDIT: ("plain_words", lambda w: {"text": f"Nieuw {w.revision}", "seen": w.agreements.get().plain_words}),
    Right.RECOGNISE: ("recognise", lambda w: {"recognition": "yes", "words": f"Klopt {w.revision}", "seen": told(w)}),
    Right.ANALYSE: (
        "analyse",
        lambda w: {"text": f"Samen {w.revision}", "seen": w.workshop_areas.first().problem_analysis},
    ),
    Right.TAKE_POSITION: ("take_position", lambda w: {"stance": "akkoord"}),
    Right.LEAVE_EMPTY: ("empty_cell", lambda w: {"reason": f"is op orde {w.revision}"}),
    Right.OWN_CARD: (
        "add_card",
        lambda w: {
            "framework": "leefomgeving",
            "title": f"Kaart {w.revision}",
            "occasion": "a",
            "approach": "b",
            "effect": "c",
            "lead": "zorg",
        },
    ),
    Right.MOVE: ("move", lambda w: {"stage": "duiden" if w.stage == "kijken" else "kijken"}),
    Right.REVEAL: ("add_theme", lambda w: {"stage": "kijken", "title": f"Groen {w.revision}"}),
    Right.REMARK: ("write_remark", lambda w: {"text": "Er staat veel leeg"}),
    Right.PROGRESS: (
        "set_status",
        lambda w: {"status": "afgesproken" if w.agreements.get().status == "voorstel" else "voorstel"},
    ),
    Right.ANSWER: ("remark", lambda w: {"antwoord": "1", "verdict": "niet_opgepakt", "text": "Geen geld"}),
    Right.FREEZE: ("freeze", not_fixed_yet),
    Right.AMEND: ("amend", proposed_change),
    Right.APPROVE_PLAIN: ("approve_plain", lambda w: {"version": "1"}),
    Right.REPORT: ("report", lambda w: reported(w) | {"note": f"Verder {w.revision}"}),
    Right.LOOK_BACK: ("decide", lambda w: {"decision": "doorgaan", "reason": f"Goed {w.revision}", "seen": decided(w)}),
    Right.NOTICE: ("notice", lambda w: {"answer": "no", "words": f"Niets {w.revision}", "seen": noticed(w)}),
    Right.CONFIRM: ("take_over_position", lambda w: {}),
    Right.ADVISE: (
        "ask_advice",
        lambda w: {"organisation": tenants(w).pk, "asked_on": day(w), "seen": told_of_advice(w, "asked")},
    ),
    Right.GIVE_ADVICE: (
        "give_advice",
        lambda w: {
            "outcome": "positief",
            "text": f"Goed {w.revision}",
            "received_on": "2026-03-02",
            "seen": told_of_advice(w, "given"),
        },
    ),
    Right.PRIORITISE: ("give_dots", lambda w: {"subject": first_area(w).pk, "count": other_count(w)}),
    Right.SHEET: ("sheet_changes", lambda w: {"digest": kept_worksheet(w)}),
    Right.ARRANGE: ("describe", lambda w: {"title": f"Anders {w.revision}", "date": "2026-12-01", "place": ""}),
}


def tenants(workshop):
    return workshop.organisations.get(kind="huurdersorganisatie")


def day(workshop):
    """Another one at each revision."""
    return (datetime.date(2025, 1, 1) + datetime.timedelta(days=workshop.revision)).isoformat()


def told_of_advice(workshop, part):
    return advice_told(getattr(workshop.agreements.get(), "advice", None), part)


def round_of_dots(workshop):
    return DotRound.objects.get_or_create(
        workshop=workshop, number=1, defaults={"about": "buurten", "question": "Waar eerst?", "each": 5}
    )[0]


def other_count(workshop):
    """Another number of dots than it has."""
    found = round_of_dots(workshop).dots.first()
    return 2 if found and found.count == 1 else 1


def kept_worksheet(workshop):
    """One that the facilitator read in and that changes one thing; the digest of what it shows."""
    agreement = workshop.agreements.get()
    row = Row(2, str(agreement.number), {"Doel": f"Nieuw {workshop.revision}"}, {"Doel": agreement.goal})
    kept, _ = SheetUpload.objects.update_or_create(
        participation=workshop.participations.get(organisation=None),
        defaults={"file_name": "afspraken.xlsx", "content": Filled(workshop.code, 1, (row,)).stored()},
    )
    return outcome_of(kept, workshop).digest


def told(workshop):
    reading = workshop.readings.first()
    return reading.told if reading else ""


def decided(workshop):
    review = Review.objects.filter(agreement__workshop=workshop).first()
    return review.decided if review else ""


def noticed(workshop):
    return Noticed.objects.get(agreement__workshop=workshop).told


def first_area(workshop):
    return workshop.workshop_areas.select_related("area").first().area


def reported(workshop):
    """A line of progress, on what has been promised."""
    workshop.agreements.update(status="afgesproken")
    return {"status": "in_uitvoering", "on": "2026-11-26"}


def set_the_stage(workshop, agreement, organisation, stage):
    """All that each right needs is there, whatever the step."""
    Workshop.objects.filter(pk=workshop.pk).update(stage=stage, revealed=["kijken", "duiden"])
    workshop.workshop_areas.update(went_on_without_tenants=True)
    workshop.remarks.update(answer="", answer_text="")
    Agreement.objects.filter(pk=agreement.pk).update(plain_words="Wij maken schoon.", plain_version=1)
    Agreement.objects.filter(pk=agreement.pk).update(lead=organisation, touches_advice_right=True)
    if organisation:
        Position.objects.update_or_create(
            agreement=agreement,
            organisation=organisation,
            defaults={"stance": "akkoord", "wording": 1, "on_behalf": True},
        )


@pytest.mark.parametrize("right", FORMS)
@pytest.mark.parametrize("role", Role)
def test_each_role_does_in_each_step_what_the_table_says(right, role, workshop, cast):
    """The one table in stages.py, walked through the real pages."""
    agreement = cast.propose(framework="woninggebruik")
    who = {Role.FACILITATOR: "facilitator", Role.PARTNER: "corporation", Role.TENANT: "tenant"}[role]
    client, organisation = getattr(cast, who), getattr(cast, f"as_{who}").organisation
    name, form = FORMS[right]
    for stage in Stage:
        set_the_stage(workshop, agreement, organisation, stage)
        workshop.refresh_from_db()
        before = Event.objects.filter(workshop=workshop).count()
        answer = client.post(address(name, workshop, agreement), form(workshop))
        written = Event.objects.filter(workshop=workshop).count() - before
        if stages.allows(stage, right, role):
            assert (stage, answer.status_code, written) == (stage, 302, 1)
        else:
            assert answer.status_code in (404, 409, 422), stage
            assert written == 0, stage


def test_every_right_of_the_table_is_walked():
    assert set(Right) - set(FORMS) == {Right.ON_BEHALF}  # the test below


@pytest.mark.parametrize("stage", Stage)
def test_on_behalf_of_an_organisation_may_do_what_that_organisation_may(stage, workshop, cast):
    tenant = cast.as_tenant.organisation
    Workshop.objects.filter(pk=workshop.pk).update(stage=stage)
    form = {"recognition": "yes", "on_behalf_of": tenant.pk}
    cast.facilitator.post(address("recognise", workshop, cast.propose_anyway()), form)
    allowed = stages.allows(stage, Right.ON_BEHALF, Role.FACILITATOR) and stages.allows(
        stage, Right.RECOGNISE, Role.TENANT
    )
    assert workshop.readings.filter(organisation=tenant, on_behalf=True).exists() == allowed


def test_nobody_but_the_facilitator_speaks_for_another(workshop, cast):
    cast.partner.post(
        reverse("propose", args=[workshop.code]),
        {
            "area": first_area(workshop).pk, "framework": "leefomgeving", "title": "Nieuw",
            "on_behalf_of": cast.as_tenant.organisation_id,
        },
    )  # fmt: skip
    assert workshop.agreements.get().proposed_by == cast.as_partner.organisation


def test_a_refusal_says_when_it_can_and_gives_the_text_back(workshop, cast):
    Workshop.objects.filter(pk=workshop.pk).update(stage=Stage.LOOK)
    answer = cast.partner.post(
        reverse("propose", args=[workshop.code]),
        {
            "area": first_area(workshop).pk,
            "framework": "leefomgeving",
            "title": "Samen de binnentuin opknappen",
        },
    )
    assert answer.status_code == 409
    assert "Handelen" in answer.content.decode()
    assert "Samen de binnentuin opknappen" in answer.content.decode()


MAP_PAGES = {
    "municipalities": [], "municipality_shapes": [], "choose_map": [], "datasets": [], "signal_map": ["GM9901"],
    "print_map": ["GM9901"], "shapes": ["GM9901", 2022], "signals_geojson": [1], "signals_file": [1, "xlsx"],
    "map_area": [1, "BU99010000"],
}  # fmt: skip


@pytest.mark.parametrize("name", MAP_PAGES)
def test_maps_and_data_ask_for_a_login(name, client, workshop):
    answer = client.get(reverse(name, args=MAP_PAGES[name]))
    assert answer.status_code == 302
    assert answer.url.startswith("/inloggen/")


def test_the_list_of_map_pages_is_whole():
    from maps.urls import urlpatterns

    assert {p.name for p in urlpatterns} - {"compare", "upload"} <= MAP_PAGES.keys()


def test_only_staff_replaces_figures(workshop, cast):
    assert cast.facilitator.get(reverse("datasets")).status_code == 403
    assert cast.facilitator.post(reverse("upload")).status_code == 403
    assert cast.facilitator.post(reverse("compare")).status_code == 403


def test_only_staff_reads_a_session_in(workshop, cast, client):
    assert client.get(reverse("import_workshop")).status_code == 302
    assert cast.partner.post(reverse("import_workshop")).status_code == 302
    assert cast.facilitator.get(reverse("import_workshop")).status_code == 403
    assert cast.facilitator.post(reverse("import_workshop")).status_code == 403


def test_every_form_needs_its_token(workshop, cast):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.cookies = cast.partner.cookies
    answer = strict.post(reverse("propose", args=[workshop.code]), {"title": "Samen de binnentuin opknappen"})
    assert answer.status_code == 403
    assert "verlopen" in answer.content.decode()
    assert "Samen de binnentuin opknappen" in answer.content.decode()
