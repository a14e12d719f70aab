"""Without a mouse."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.e2e.people import LAPTOP


def tab_to(page: Page, target: Locator, within=80):
    """Tab, as somebody without a mouse, until this has the focus."""
    for _ in range(within):
        page.keyboard.press("Tab")
        if target.evaluate("e => e === document.activeElement"):
            return
    raise AssertionError(f"met {within} keer Tab niet te bereiken: {target}")


def test_the_skip_link_is_the_first_stop_and_leads_past_the_steps(make_room):
    page = make_room().facilitator("matrix/")
    skip = page.get_by_role("link", name="Naar de inhoud")
    page.keyboard.press("Tab")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


def press(page: Page, target: Locator, within=80):
    tab_to(page, target, within)
    page.keyboard.press("Enter")


def test_the_whole_session_goes_without_a_mouse(make_room):
    """The facilitator leads, a tenant tells, a partner adds and agrees: all by Tab, Enter, arrows and typing."""
    room = make_room(stage="kijken")
    facilitator, partner, tenant = (
        room.facilitator("kaart/"),
        room.partner("kaart/"),
        room.tenant("kaart/", size=LAPTOP),
    )
    tab_to(partner, partner.get_by_label("Wat valt u op?"))
    partner.keyboard.type("Het is er stil op straat")
    press(partner, partner.get_by_role("button", name="Bewaar de opmerking"))
    expect(partner.locator("#opmerkingen")).to_contain_text("Het is er stil op straat")
    press(facilitator, facilitator.get_by_role("button", name="Onthul alles"))
    expect(tenant.locator("#opmerkingen")).to_contain_text("Het is er stil op straat")
    press(facilitator, facilitator.get_by_role("button", name="Volgende stap: Duiden"))

    expect(tenant.get_by_role("heading", name="Buurt voor buurt")).to_be_visible()
    press(tenant, tenant.get_by_role("main").get_by_role("link", name="De Hoven"))
    tab_to(tenant, tenant.get_by_label("Ja", exact=True))
    tenant.keyboard.press("Space")
    tab_to(tenant, tenant.get_by_label("Vertel het in uw eigen woorden"))
    tenant.keyboard.type("Dat zien wij ook")
    press(tenant, tenant.get_by_role("button", name="Verstuur"))
    expect(tenant.get_by_role("region", name="Wat de huurders zeggen")).to_contain_text("Dat zien wij ook")

    press(facilitator, facilitator.get_by_role("button", name="Volgende stap: Handelen"))
    expect(partner.get_by_role("region", name="Matrix")).to_be_visible()  # who follows goes along
    press(partner, partner.get_by_role("link", name="Maatregel toevoegen: Leefomgeving, De Hoven"))
    partner.keyboard.type("Samen de straat op")
    partner.keyboard.press("Enter")
    expect(partner.get_by_role("region", name="Matrix")).to_contain_text("Samen de straat op")
    press(facilitator, facilitator.get_by_role("button", name="Volgende stap: Afspreken"))

    partner.goto(room.page("afspraken/"))
    press(partner, partner.get_by_role("link", name="Samen de straat op"))
    press(partner, partner.get_by_role("button", name="Voorstel", exact=True))
    press(partner, partner.get_by_role("button", name="Afgesproken", exact=True))
    tab_to(partner, partner.get_by_label("Akkoord", exact=True))
    partner.keyboard.press("Space")
    press(partner, partner.get_by_role("button", name="Bewaar ons standpunt"))
    expect(partner.get_by_role("region", name="Matrix").or_(partner.locator("#standpunten"))).to_contain_text(
        "Gemeente Merelveen: akkoord"
    )
    press(facilitator, facilitator.get_by_role("button", name="Volgende stap: Vaststellen"))
    expect(facilitator.get_by_role("heading", name="Het gezamenlijke plan")).to_be_visible()
    expect(facilitator.get_by_role("main")).to_contain_text("Samen de straat op")


def test_a_measure_is_added_with_the_keyboard_alone(make_room):
    page = make_room(stage="handelen").partner("matrix/")
    tab_to(page, page.get_by_role("link", name="Maatregel toevoegen: Woninggebruik, De Hoven"))
    page.keyboard.press("Enter")
    expect(page.get_by_label("Wat gaan we doen?")).to_be_focused()
    page.keyboard.type("Kennismaken met nieuwe huurders")
    page.keyboard.press("Enter")
    cell = page.get_by_role("row").filter(has_text="Woninggebruik").get_by_role("cell").filter(has_text="Kennismaken")
    expect(cell).to_be_visible()
    expect(page.get_by_label("Wat gaan we doen?")).to_have_value("")


def test_a_position_is_taken_with_the_keyboard_alone(make_room):
    page = make_room(stage="afspreken", measures=["Samen schoonmaken"]).tenant("afspraken/1/")
    tab_to(page, page.get_by_label("Akkoord", exact=True))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Niet akkoord")).to_be_checked()
    tab_to(page, page.get_by_label("Reden of voorbehoud"))
    page.keyboard.type("De bewoners zijn niet gevraagd.")
    tab_to(page, page.get_by_role("button", name="Bewaar ons standpunt"))
    page.keyboard.press("Enter")
    expect(page.locator(".message--success")).to_contain_text("is bewaard")
    expect(page.get_by_role("main")).to_contain_text("niet akkoord")
    expect(page.get_by_role("main")).to_contain_text("De bewoners zijn niet gevraagd.")


def test_the_map_is_one_stop_and_arrows_walk_from_buurt_to_buurt(make_room):
    page = make_room(stage="kijken").partner("kaart/")
    expect(page.locator("[data-signal-map]")).to_have_attribute("data-painted", re.compile("[0-9]"))
    stops = page.locator('.map-letter[tabindex="0"]')
    expect(stops).to_have_count(1)
    tab_to(page, stops)
    names = {page.locator(":focus").get_attribute("aria-label").split(":")[0]}
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp") * 2:
        page.keyboard.press(key)
        expect(page.locator(":focus")).to_have_class(re.compile("map-letter"))
        names.add(page.locator(":focus").get_attribute("aria-label").split(":")[0])
    assert len(names) > 1, "de pijltjes gaan nergens heen"
    expect(stops).to_have_count(1)
    name = page.locator(":focus").get_attribute("aria-label").split(":")[0]
    page.keyboard.press("Enter")
    heading = page.get_by_role("complementary", name="Gekozen buurt").get_by_role("heading", name=name)
    expect(heading).to_be_focused()
