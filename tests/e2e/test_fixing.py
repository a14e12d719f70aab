"""Vaststellen with people at three screens: fixed for all at once, and changed only when those whom it binds consent."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.people import BEAMER, LAPTOP, PHONE, remember, was_not_reloaded
from tests.e2e.test_looks import findings, open_everything

TITLE = "Samen de portieken schoonmaken"


def test_from_reading_back_to_a_change_by_consent(make_room, stagehand):
    room = make_room()
    stagehand.ask("agreed", code=room.code, title=TITLE)
    facilitator, tenant = room.facilitator("plan/"), room.tenant("plan/")
    expect(tenant.locator("#stand-van-het-plan")).to_contain_text("Dit plan is een concept")
    remember(tenant)
    facilitator.get_by_role("link", name="Plan vaststellen").click()
    expect(facilitator.get_by_role("main")).to_contain_text("Niet akkoord: Huurdersvereniging Samen")
    facilitator.get_by_role("button", name="Stel versie 1 vast").click()
    expect(facilitator.get_by_role("heading", level=1)).to_have_text("Versie 1, zoals vastgesteld")
    expect(tenant.locator("#stand-van-het-plan")).to_contain_text("Versie 1 is vastgesteld")
    assert was_not_reloaded(tenant)

    corporation = room.corporation("afspraken/1/")
    corporation.get_by_role("link", name="Stel een wijziging voor", exact=True).click()
    corporation.get_by_label("Waarom wilt u dit wijzigen?").fill("Er is geld gevonden.")
    corporation.get_by_label("betaald uit").fill("€ 2.000 per jaar van ons")
    corporation.get_by_role("button", name="Leg dit voor aan de partijen").click()
    expect(corporation.get_by_role("heading", level=1)).to_have_text(re.compile("^Wijziging van afspraak 1"))
    remember(corporation)

    tenant.goto(room.page("afspraken/1/"))
    tenant.get_by_role("link", name="Bekijk de wijziging en zeg waar u staat").click()
    expect(tenant.locator("ins")).to_have_count(2)  # how to read it, and the new words
    facilitator.goto(tenant.url)
    expect(facilitator.get_by_role("button", name="Neem de wijziging over")).to_have_count(0)
    tenant.get_by_role("radio", name="Akkoord met voorbehoud").check()
    tenant.get_by_label("Reden of voorbehoud").fill("Als de huur niet stijgt.")
    tenant.get_by_role("button", name="Bewaar ons antwoord").click()
    expect(corporation.locator("#wijziging")).to_contain_text("Iedereen die moet instemmen, stemt in")
    assert was_not_reloaded(corporation)
    facilitator.get_by_role("button", name="Neem de wijziging over").click()
    expect(facilitator.get_by_role("main")).to_contain_text("€ 2.000 per jaar van ons")
    expect(corporation.locator("#wijziging")).to_contain_text("Overgenomen")


def test_who_lost_the_connection_sends_the_proposal_later(make_room, stagehand):
    room = make_room()
    room.expect_trouble("net::ERR_INTERNET_DISCONNECTED", "verzoek")
    stagehand.ask("agreed", code=room.code, title=TITLE)
    facilitator = room.facilitator("plan/vaststellen/")
    facilitator.get_by_role("button", name="Stel versie 1 vast").click()
    page = room.corporation("afspraken/1/wijziging/")
    page.get_by_label("Waarom wilt u dit wijzigen?").fill("Er is geld gevonden.")
    page.get_by_label("betaald uit").fill("€ 2.000 per jaar van ons")
    page.context.set_offline(True)
    page.get_by_role("button", name="Leg dit voor aan de partijen").click()
    expect(page.locator("[data-outbox]")).to_contain_text("gaat zodra er verbinding is")
    page.context.set_offline(False)
    expect(page.locator("[data-outbox]")).to_contain_text("is alsnog verstuurd")
    page.goto(room.page("afspraken/1/"))
    expect(page.get_by_role("main")).to_contain_text("Er ligt een wijzigingsvoorstel")


@pytest.fixture(scope="module")
def fixed(stagehand):
    details = stagehand.ask("session")
    stagehand.ask("fixed", code=details["code"], title=TITLE)
    return details


PAGES = (
    "plan/vaststellen/", "plan/versies/", "plan/versies/1/?vingerafdruk=0000-0000-0000", "plan/versies/vergelijken/",
    "afspraken/1/", "afspraken/1/wijziging/", "afspraken/1/wijziging/1/",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_the_page_fits_every_screen_and_everybody_can_use_it(path, browsers, facilitator_state, fixed):
    page = browsers.open(LAPTOP, facilitator_state)
    found = []
    for size in (LAPTOP, PHONE, BEAMER):
        page.set_viewport_size(size["viewport"])
        page.goto(f"/sessie/{fixed['code']}/{path}")
        open_everything(page)
        width = size["viewport"]["width"]
        found += [f"{path} op {width}: {text}" for text in findings(page, width)]
    assert not found, "\n".join(found)
