"""Who may see and do what: every page, every role, every step; an outsider sees nothing."""

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from matrix import stages
from matrix.models import Event, Participation, Workshop
from matrix.stages import Right, Role, Stage

# Pages of a session that only its facilitator sees.
FACILITATOR_ONLY = {
    "prepare", "describe", "choose_areas", "organisations", "add_organisation", "remove_organisation", "renew_seat",
    "qr", "seat_sheet", "move",
}  # fmt: skip
POST_ONLY = {
    "describe", "choose_areas", "add_organisation", "remove_organisation", "renew_seat", "move", "recognise", "analyse",
    "propose", "edit_agreement", "set_status", "take_position", "leave",
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
        "area": [area.code], "panel": [area.code], "area_readings": [area.code], "area_analysis": [area.code],
        "recognise": [area.code], "analyse": [area.code, "problem_analysis"], "empty_cell": [area.pk, "leefomgeving"],
        "agreement": [agreement.number], "agreement_standing": [agreement.number], "edit_agreement": [agreement.number],
        "set_status": [agreement.number], "take_position": [agreement.number],
        "remove_organisation": [workshop.organisations.first().pk], "renew_seat": [workshop.organisations.first().pk],
        "qr": [workshop.organisations.first().pk], "workshop_signals": ["csv"],
    }  # fmt: skip
    return reverse(name, args=[workshop.code, *extra.get(name, [])])


def test_the_list_of_pages_is_whole():
    assert len(session_names()) >= 36
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


@pytest.mark.parametrize("name", sorted(set(session_names()) - POST_ONLY - {"live", "plan_pdf", "plan"}))
def test_every_page_opens_for_the_facilitator(name, workshop, cast):
    answer = cast.facilitator.get(address(name, workshop, cast.propose()), follow=True)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "name", sorted(set(session_names()) - POST_ONLY - FACILITATOR_ONLY - {"live", "plan_pdf", "plan"})
)
@pytest.mark.parametrize("who", ["partner", "tenant"])
def test_every_page_opens_for_who_sits_at_the_table(name, who, workshop, cast):
    answer = getattr(cast, who).get(address(name, workshop, cast.propose()), follow=True)
    assert answer.status_code == 200


FORMS = {
    Right.PROPOSE: (
        "propose",
        lambda w: {"area": first_area(w).pk, "framework": "leefomgeving", "title": "Nieuw"},
    ),
    Right.EDIT: ("set_status", lambda w: {"status": "voorstel"}),
    Right.RECOGNISE: ("recognise", lambda w: {"recognition": "yes", "words": "Klopt"}),
    Right.ANALYSE: (
        "analyse",
        lambda w: {"text": "Samen", "seen": w.workshop_areas.first().problem_analysis},
    ),
    Right.TAKE_POSITION: ("take_position", lambda w: {"stance": "akkoord"}),
    Right.LEAVE_EMPTY: ("empty_cell", lambda w: {"reason": "is op orde"}),
    Right.MOVE: ("move", lambda w: {"stage": "kijken"}),
    Right.ARRANGE: ("describe", lambda w: {"title": "Anders", "date": "2026-12-01", "place": ""}),
}


def first_area(workshop):
    return workshop.workshop_areas.select_related("area").first().area


@pytest.mark.parametrize("right", Right)
@pytest.mark.parametrize("role", Role)
def test_each_role_does_in_each_step_what_the_table_says(right, role, workshop, cast):
    """The one table in stages.py, walked through the real pages."""
    agreement = cast.propose(framework="woninggebruik")
    client = {Role.FACILITATOR: cast.facilitator, Role.PARTNER: cast.partner, Role.TENANT: cast.tenant}[role]
    name, form = FORMS[right]
    for stage in Stage:
        Workshop.objects.filter(pk=workshop.pk).update(stage=stage)
        before = Event.objects.filter(workshop=workshop).count()
        answer = client.post(address(name, workshop, agreement), form(workshop))
        written = Event.objects.filter(workshop=workshop).count() - before
        if stages.allows(stage, right, role):
            assert (stage, answer.status_code, written) == (stage, 302, 1)
        else:
            assert answer.status_code in (404, 409), stage
            assert written == 0, stage


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


def test_every_form_needs_its_token(workshop, cast):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.cookies = cast.partner.cookies
    answer = strict.post(reverse("propose", args=[workshop.code]), {"title": "Samen de binnentuin opknappen"})
    assert answer.status_code == 403
    assert "verlopen" in answer.content.decode()
    assert "Samen de binnentuin opknappen" in answer.content.decode()
