"""The room around the work: the clock, the beamer, seats that close, who was there, and plain words."""

import datetime
import re

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from matrix import regions, spotlight, stages, streaming
from matrix.actions import agreement as agreements
from matrix.actions import workshop as actions
from matrix.actions.recording import Refused
from matrix.board import build_board
from matrix.models import Attendance, Event, Workshop
from matrix.stages import Role, Stage
from matrix.views.board import complete_context
from tests import factories


def post(client, workshop, name, *extra, **form):
    return client.post(reverse(name, args=[workshop.code, *extra]), form)


# ---- the steps ----


def test_every_step_has_its_question_its_page_and_a_script():
    for info in stages.STAGES:
        assert info.question.endswith("?")
        assert reverse(info.page, args=["x"])
        assert len(info.script) >= 3
    assert [info.stage for info in stages.STAGES] == list(Stage)


def test_two_facilitators_with_one_thought_move_the_session_once(workshop, cast):
    """Both press "Volgende stap": the second changes nothing, not the clock and not the beamer either."""
    press = {"stage": "duiden", "seen": workshop.stage}
    assert cast.facilitator.post(f"/sessie/{workshop.code}/stap/", press).status_code == 302
    cast.facilitator.post(f"/sessie/{workshop.code}/klok/", {"minutes": 10})
    assert cast.facilitator.post(f"/sessie/{workshop.code}/stap/", press).status_code == 302
    workshop.refresh_from_db()
    assert workshop.timer_until is not None
    assert Event.objects.filter(workshop=workshop, what="stage_moved", data__after="duiden").count() == 1


def test_a_step_that_another_facilitator_took_meanwhile_is_not_turned_back_unseen(workshop, cast):
    actions.move(by=workshop.participations.get(organisation=None), stage=Stage.AGREE)
    answer = cast.facilitator.post(f"/sessie/{workshop.code}/stap/", {"stage": "duiden", "seen": "kijken"})
    assert answer.status_code == 409
    assert "intussen al bij Afspreken gezet" in answer.content.decode()
    workshop.refresh_from_db()
    assert workshop.stage == Stage.AGREE


def test_the_clock_is_seen_by_all_and_stops_at_the_next_step(workshop, cast):
    post(cast.facilitator, workshop, "timer", minutes="7")
    workshop.refresh_from_db()
    assert 6 * 60 < (workshop.timer_until - timezone.now()).total_seconds() <= 7 * 60
    page = cast.tenant.get(reverse("agreements", args=[workshop.code])).content.decode()
    assert f'data-until="{int(workshop.timer_until.timestamp())}"' in page
    actions.move(by=cast.as_facilitator, stage=Stage.SETTLE)
    workshop.refresh_from_db()
    assert workshop.timer_until is None


@pytest.mark.parametrize("minutes", ["", "-3", "veel", "181", "99999999999"])
def test_a_time_that_cannot_be_says_so(minutes, workshop, cast):
    answer = post(cast.facilitator, workshop, "timer", minutes=minutes)
    assert answer.status_code == 409
    assert "minuten" in answer.content.decode()


def test_a_button_brings_back_to_the_page_where_it_was_pressed_and_nowhere_else(workshop, cast):
    here = reverse("board", args=[workshop.code])

    def after(referer):
        address = reverse("timer", args=[workshop.code])
        return cast.facilitator.post(address, {"minutes": "5"}, headers={"referer": referer}).url

    assert after(f"http://testserver{here}?buurt=1") == f"{here}?buurt=1"
    assert after("http://elders.example/sessie/proef/matrix/") == workshop.get_absolute_url()


# ---- the beamer ----


@pytest.mark.parametrize("shown", ["", "look", "board", "area/BU99010000", "agreement/12", "remarks"])
def test_what_the_beamer_can_show(shown):
    assert spotlight.is_known(shown)


@pytest.mark.parametrize("shown", ["admin", "area/../../x", "agreement/", "look'", "board/x y", "plan.pdf"])
def test_what_the_beamer_cannot_show(shown):
    assert not spotlight.is_known(shown)


@pytest.mark.parametrize("page", sorted(spotlight.PAGES))
def test_every_page_of_the_beamer_opens_without_a_seat_and_has_nothing_to_press(page, workshop, cast):
    cast.propose()
    which = {"area": "/BU99010000", "agreement": "/1"}.get(page, "")
    actions.show_on_beamer(by=cast.as_facilitator, spotlight=page + which)
    answer = Client().get(reverse("beamer", args=[workshop.beamer_code]))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "<form" not in text
    assert not re.search(r"\bJo\b", text.split("<main")[1])
    assert not any(organisation.seat_code in text for organisation in workshop.organisations.all())


def test_what_is_shown_and_goes_away_becomes_the_welcome(workshop, cast):
    Workshop.objects.filter(pk=workshop.pk).update(spotlight="agreement/999")
    assert "Welkom bij" in Client().get(reverse("beamer", args=[workshop.beamer_code])).content.decode()


def test_the_address_of_the_beamer_gives_nothing_else(workshop, cast):
    watcher = Client()
    watcher.get(reverse("beamer", args=[workshop.beamer_code]))
    assert watcher.get(reverse("board", args=[workshop.code])).status_code == 404
    assert watcher.get(reverse("beamer", args=["raad-maar-wat"])).status_code == 404
    assert watcher.get(reverse("beamer_live", args=["raad-maar-wat"])).status_code == 404


def test_the_code_to_join_goes_away_when_everyone_is_in(workshop, cast):
    beamer = reverse("beamer", args=[workshop.beamer_code])
    assert "Doe mee" not in Client().get(beamer).content.decode()
    actions.add_organisation(by=cast.as_facilitator, name="Politie", kind="politie")
    text = Client().get(beamer).content.decode()
    assert "Doe mee" in text
    assert "Politie" in text


# ---- seats ----


def test_a_closed_seat_lets_nobody_in_and_who_is_in_stays_in(workshop, cast, client):
    seat = cast.as_partner.organisation
    post(cast.facilitator, workshop, "seat_open", seat.pk, open="0")
    answer = client.post(reverse("seat", args=[seat.seat_code]), {"name": "Jo"})
    assert answer.status_code == 404
    assert "Deze stoel is gesloten" in answer.content.decode()
    assert cast.partner.get(reverse("board", args=[workshop.code])).status_code == 200
    post(cast.facilitator, workshop, "seat_open", seat.pk, open="1")
    assert client.post(reverse("seat", args=[seat.seat_code]), {"name": "Jo"}).status_code == 302


def test_after_the_session_a_code_is_worthless(workshop, client):
    seat = workshop.organisations.first()
    assert workshop.seats_until == workshop.date + datetime.timedelta(days=7)
    Workshop.objects.filter(pk=workshop.pk).update(seats_until=timezone.localdate() - datetime.timedelta(days=1))
    assert client.post(reverse("seat", args=[seat.seat_code]), {"name": "Jo"}).status_code == 404
    assert client.post(reverse("join"), {"code": seat.seat_code}).status_code == 422


def test_who_is_in_is_told_to_all_by_organisation(workshop, cast):
    factories.join(cast.as_tenant.organisation)
    page = cast.partner.get(reverse("board", args=[workshop.code])).content.decode()
    assert re.search(r"Huurdersvereniging</span> <b>2 binnen", page)


def test_who_was_there_at_which_step_stays_known(workshop, cast):
    actions.move(by=cast.as_facilitator, stage=Stage.LOOK)
    actions.leave(participation=cast.as_tenant)
    actions.move(by=cast.as_facilitator, stage=Stage.READ)
    at = {(a.organisation.name, a.stage): a.people for a in Attendance.objects.select_related("organisation")}
    assert at["Huurdersvereniging", "kijken"] == 1
    assert ("Huurdersvereniging", "duiden") not in at
    assert at["Gemeente", "duiden"] == 1


def test_two_hundred_join_and_the_number_is_right(workshop):
    seat = workshop.organisations.first()
    for _ in range(200):
        factories.join(seat, name="")
    assert workshop.organisations.people_in().get(pk=seat.pk).people == 200
    assert Attendance.objects.get(organisation=seat).people == 200


# ---- plain words ----


def test_the_tenants_approve_the_plain_words_and_new_words_ask_again(workshop, cast):
    agreement = cast.propose()
    post(cast.partner, workshop, "plain_words", 1, text="Wij maken de straat schoon.", seen="")
    approve = ("approve_plain", 1)
    assert post(cast.partner, workshop, *approve, version="1").status_code == 409
    post(cast.tenant, workshop, *approve, version="1")
    page = cast.corporation.get(agreement.get_absolute_url()).content.decode()
    assert "goedgekeurd door Huurdersvereniging" in page
    post(cast.partner, workshop, "plain_words", 1, text="Anders.", seen="Wij maken de straat schoon.")
    page = cast.corporation.get(agreement.get_absolute_url()).content.decode()
    assert "goedgekeurd door Huurdersvereniging" not in page
    refused = post(cast.tenant, workshop, *approve, version="1")  # of the words that were there before
    assert refused.status_code == 409
    assert "intussen gewijzigd" in refused.content.decode()


def test_two_who_write_plain_words_see_both(workshop, cast):
    cast.propose()
    post(cast.partner, workshop, "plain_words", 1, text="Eerste.", seen="")
    answer = post(cast.corporation, workshop, "plain_words", 1, text="Tweede.", seen="")
    assert answer.status_code == 422
    assert "Eerste." in answer.content.decode()
    assert "Tweede." in answer.content.decode()
    assert workshop.agreements.get().plain_words == "Eerste."


def test_the_words_that_are_there_already_leave_no_event(workshop, cast):
    agreement = cast.propose()
    before = Event.objects.count()
    agreements.say_plainly(by=cast.as_partner, agreement=agreement, text="", seen="")
    assert Event.objects.count() == before


def test_one_wording_for_all_that_changes_until_somebody_answered(workshop, cast):
    agreement = cast.propose()
    agreements.take_position(by=cast.as_tenant, agreement=agreement, stance="akkoord")
    for title in ("Eerst", "Dan", "Toen"):
        seen = {"title": workshop.agreements.get().title}
        agreements.edit(by=cast.as_partner, agreement=agreement, changes={"title": title}, seen=seen)
    assert workshop.agreements.get().wording == 2
    agreements.take_position(by=cast.as_tenant, agreement=agreement, stance="akkoord")
    agreements.edit(by=cast.as_partner, agreement=agreement, changes={"title": "Ten slotte"}, seen={"title": "Toen"})
    assert workshop.agreements.get().wording == 3


def test_nobody_speaks_for_a_party_of_another_session(workshop, cast, db):
    other = factories.workshop(code="elders", municipality="GM9902").organisations.first()
    with pytest.raises(Refused, match="niet aan tafel"):
        agreements.propose(
            by=cast.as_facilitator, framework="leefomgeving", areas=[workshop.workshop_areas.first().area],
            title="Nieuw", on_behalf_of=other,
        )  # fmt: skip


# ---- the parts of pages ----


def test_the_counts_of_a_part_are_those_of_the_whole_matrix(workshop, cast):
    first, second, third = (sheet.area for sheet in workshop.workshop_areas.select_related("area"))
    made = cast.propose(areas=[first, second])
    cast.propose("Nog een idee", areas=[third])
    agreements.set_status(by=cast.as_partner, agreement=made, status="afgesproken")
    agreements.leave_empty(by=cast.as_partner, area=third, framework="sociale_aanpak", reason="Is op orde")
    standing = workshop.agreements.standing().with_everything()
    board = build_board([first, second, third], standing, workshop.empty_cells.all())
    from matrix.audience import Audience

    for row in board.rows:
        part = complete_context(Audience(workshop, ""), row.framework)["row"]
        assert (part["complete"], len(part["cells"])) == (row.complete, len(row.cells))


PAGES = ("look", "read", "board", "agreements", "prepare", "remarks", "reciprocity", "city_check", "coverage")


@pytest.mark.parametrize("name", PAGES)
def test_every_part_that_a_page_names_exists_and_is_rendered_as_on_the_page(name, workshop, cast):
    """What comes live is what a reload would show."""
    regions._made.clear()
    cast.propose()
    page = cast.facilitator.get(reverse(name, args=[workshop.code])).content.decode()
    parts = re.findall(r'data-part="([^"]+)"', page)
    assert parts
    assert set(regions.known(parts)) == set(parts)
    workshop.refresh_from_db()
    subjects = {"header", "stage", "areas", "organisations", "agreements", "remarks/kijken", "remarks/duiden"}
    sent = dict(regions.render(workshop.pk, workshop.revision, "facilitator", parts, subjects))
    assert len(sent) == len(parts)
    for element, html in sent.items():
        assert f'id="{element}"' in page
        assert bare(html) in bare(page), element


def bare(html):
    """Without the tokens of forms, which live.js adds, and what only the page itself knows."""
    html = re.sub(r'<input type="hidden" name="csrfmiddlewaretoken"[^>]*>', "", html)
    return re.sub(r"\s+", " ", html).strip()


def test_a_browser_cannot_ask_for_parts_that_are_not_there():
    broken = ["voices", "agreement", "row/abc/1", "cell", "{0}", "readings/{}", "measure/abc"]
    asked = regions.known(["board", "x", "../etc", "", "header/kijken", *broken])
    assert {"board", "header/kijken"} <= set(asked)
    assert not {"x", "../etc", "", "{0}", "voices", "agreement"} & set(asked)


def test_a_part_that_makes_no_sense_is_in_nobodys_way(workshop):
    """What a browser asks for is rendered, or left out; the others get theirs."""
    asked = regions.known(["measure/abc", "agreement/99999999999999999999", "row/abc/1", "readings/{}", "board"])
    subjects = {"organisations", "stage", "agreements/1", "areas"}
    regions.gather(workshop.pk, 1, asked, subjects)
    shown = dict(regions.render(workshop.pk, 1, Role.PARTNER, asked, subjects))
    assert set(shown) == {"rijen"}


def test_the_streams_are_at_the_addresses_of_the_site():
    """Two places know these addresses: the urls, and what answers them outside Django's request cycle."""
    kinds = {kind: pattern for pattern, kind in streaming._ADDRESSES}
    assert kinds["session"].fullmatch(reverse("live", args=["mijn-sessie_1"]))
    assert kinds["beamer"].fullmatch(reverse("beamer_live", args=["mijn-beamer_1"]))
    assert get_resolver().resolve("/sessie/x/live/").url_name == "live"
