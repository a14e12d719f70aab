"""The matrix as a working surface: adding in the cell, moving cards, filters, and one buurt at a time on a phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.people import PHONE, remember, was_not_reloaded

FIRST = "'t Zand"


@pytest.fixture
def room(make_room):
    return make_room(stage="handelen", measures=["Samen schoonmaken"])


def cell(page: Page, room, name=FIRST, framework="leefomgeving"):
    return page.locator(f"td:has(#vak-{room.buurten[name]['pk']}-{framework})")


def plus(page: Page, framework="Leefomgeving", name=FIRST):
    return page.get_by_role("link", name=f"Maatregel toevoegen: {framework}, {name}")


def test_line_after_line_in_one_cell_while_another_writes_there_too(room):
    partner, corporation = room.partner("matrix/"), room.corporation("matrix/")
    remember(partner)
    plus(partner).click()
    title = partner.get_by_label("Wat gaan we doen?")
    title.press_sequentially("Elke week een rondgang")
    title.press("Enter")
    title.press_sequentially("Een buurtmoes")  # the next line, without waiting

    plus(corporation).click()
    corporation.keyboard.type("Nieuwe lampen in de portieken")
    corporation.keyboard.press("Enter")

    expect(cell(partner, room)).to_contain_text("Nieuwe lampen in de portieken")
    expect(cell(partner, room)).to_contain_text("Elke week een rondgang")
    expect(title).to_have_value("Een buurtmoes")
    expect(title).to_be_focused()
    title.press_sequentially("tuin")
    title.press("Enter")
    expect(cell(corporation, room)).to_contain_text("Een buurtmoestuin")
    expect(title).to_have_value("")
    assert was_not_reloaded(partner)


def test_what_is_typed_in_a_cell_is_there_again_after_a_reload(room):
    partner = room.partner("matrix/")
    plus(partner, "Woninggebruik").click()
    partner.keyboard.type("Kennismaken met")
    partner.reload()
    title = partner.get_by_label("Wat gaan we doen?")
    expect(title).to_have_value("Kennismaken met")
    expect(cell(partner, room, framework="woninggebruik").locator("#toevoegen")).to_be_visible()


def test_an_idea_of_the_catalogue_is_chosen_with_the_arrow_keys(room):
    partner = room.partner("matrix/")
    plus(partner, "Sociale aanpak").click()
    partner.keyboard.type("huismeester", delay=20)
    expect(partner.locator("#ideeen [role=option]").first).to_be_visible()
    partner.keyboard.press("ArrowDown")
    partner.keyboard.press("Enter")
    title = partner.get_by_label("Wat gaan we doen?")
    expect(title).to_have_value(re.compile("uismeester"))
    chosen = title.input_value()
    partner.keyboard.press("Enter")
    expect(cell(partner, room, framework="sociale_aanpak")).to_contain_text(chosen)


def test_a_measure_for_two_buurten_stands_once_and_a_line_leads_to_it(room):
    partner = room.partner("matrix/")
    plus(partner).click()
    partner.keyboard.type("Buurtschouw")
    partner.locator("#toevoegen-meer > summary").click()
    partner.get_by_role("checkbox", name="Vogelbuurt").check()
    partner.get_by_role("button", name="Voeg toe").click()
    line = cell(partner, room, "Vogelbuurt").get_by_role("link", name="ook hier: 2. Buurtschouw")
    line.click()
    expect(partner.get_by_role("link", name="2. Buurtschouw", exact=True)).to_be_focused()
    expect(partner.get_by_text("2 maatregelen", exact=True)).to_be_visible()


def test_a_card_opens_in_its_place_and_keeps_up(room):
    partner, corporation = room.partner("matrix/"), room.corporation("matrix/")
    partner.get_by_role("link", name="1. Samen schoonmaken").click()
    opened = partner.locator("#kaart-1")
    expect(opened).to_contain_text("Nog geen standpunten")
    corporation.get_by_role("button", name="Maak er een voorstel van").click()
    expect(opened.get_by_role("button", name="Voorstel")).to_have_attribute("aria-pressed", "true")
    partner.get_by_role("link", name="1. Samen schoonmaken").click()
    expect(opened).to_have_count(0)


def test_a_card_is_dragged_to_another_status_with_the_mouse(room):
    partner, corporation = room.partner("matrix/"), room.corporation("matrix/")
    box = partner.get_by_role("link", name="1. Samen schoonmaken").bounding_box()
    partner.mouse.move(box["x"] + 20, box["y"] + 20)
    partner.mouse.down()
    partner.mouse.move(box["x"] + 60, box["y"] + 90, steps=4)
    target = partner.locator("[data-drop=afgesproken]").bounding_box()
    partner.mouse.move(target["x"] + 90, target["y"] + 40, steps=4)
    partner.mouse.up()
    expect(partner.get_by_role("status").filter(has_text="staat nu bij: afgesproken")).to_be_visible()
    expect(cell(corporation, room)).to_contain_text("Afgesproken")
    expect(partner.locator("#kaart-1")).to_have_count(0)  # a drag is no click


TOUCH = """async ([x, y, toX, toY]) => {
  const card = document.elementFromPoint(x, y);
  const point = (type, at, on) => on.dispatchEvent(new PointerEvent(type, { bubbles: true, cancelable: true, pointerId: 7, pointerType: "touch", clientX: at[0], clientY: at[1] }));
  point("pointerdown", [x, y], card);
  await new Promise((done) => setTimeout(done, 450));
  point("pointermove", [toX, toY], card);
  point("pointerup", [toX, toY], card);
}"""


def test_a_finger_that_stays_on_a_card_picks_it_up(room):
    tenant = room.tenant("matrix/", size=PHONE)
    card = tenant.get_by_role("link", name="1. Samen schoonmaken")
    card.scroll_into_view_if_needed()
    box = card.bounding_box()
    tenant.evaluate(TOUCH, [box["x"] + 30, box["y"] + 15, 195, 780])
    expect(tenant.get_by_role("status").filter(has_text="staat nu bij: voorstel")).to_be_visible()


def test_a_card_is_moved_with_one_key_and_keeps_the_focus(room):
    partner = room.partner("matrix/")
    card = partner.get_by_role("link", name="1. Samen schoonmaken")
    card.focus()
    partner.keyboard.press("v")
    expect(partner.get_by_role("status").filter(has_text="1. Samen schoonmaken staat nu bij: voorstel")).to_be_visible()
    expect(cell(partner, room)).to_contain_text("Voorstel")
    expect(card).to_be_focused()
    partner.keyboard.press("i")
    expect(cell(partner, room)).to_contain_text("Idee")


def test_a_filter_is_in_the_address_and_live_changes_keep_to_it(room):
    partner, corporation = room.partner("matrix/"), room.corporation("matrix/")
    partner.get_by_label("Status").select_option("Afgesproken")
    card = partner.get_by_role("link", name="1. Samen schoonmaken")
    expect(card).to_be_hidden()
    expect(partner.get_by_text("0 van 1 maatregelen")).to_be_visible()
    partner.reload()
    expect(card).to_be_hidden()
    expect(partner.get_by_label("Status")).to_have_value("afgesproken")

    corporation.get_by_role("button", name="Maak er een voorstel van").click()
    expect(cell(corporation, room)).to_contain_text("Voorstel")
    expect(card).to_be_hidden()
    corporation.get_by_role("button", name="Maak er een afspraak van").click()
    expect(card).to_be_visible()
    partner.get_by_role("link", name="Toon alles").click()
    expect(partner).to_have_url(re.compile("matrix/$"))


def test_a_cell_is_left_empty_with_the_reason_in_its_place(room):
    partner, corporation = room.partner("matrix/"), room.corporation("matrix/")
    own = cell(partner, room, framework="woninggebruik")
    own.get_by_role("link", name=re.compile("bewust leeg")).click()
    partner.keyboard.type("Hier is de toewijzing op orde")
    partner.keyboard.press("Enter")
    expect(own).to_contain_text("Bewust leeg: Hier is de toewijzing op orde")
    expect(cell(corporation, room, framework="woninggebruik")).to_contain_text("op orde")


def test_on_a_phone_one_buurt_at_a_time(room):
    tenant = room.tenant("matrix/")
    expect(cell(tenant, room)).to_be_visible()
    expect(cell(tenant, room, "Vogelbuurt")).to_be_hidden()
    tenant.get_by_role("button", name="Vorige buurt").click()
    expect(cell(tenant, room, "Vogelbuurt")).to_be_visible()
    expect(cell(tenant, room)).to_be_hidden()
    tenant.reload()
    expect(cell(tenant, room, "Vogelbuurt")).to_be_visible()
    assert tenant.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_second_face_of_the_map_keeps_up_and_its_legend_filters(room):
    partner, corporation = room.partner("kaart/"), room.corporation("matrix/")
    partner.get_by_role("link", name="Afspraken", exact=True).click()
    letter = partner.get_by_role("button", name=re.compile(f"^{FIRST}: "))
    expect(letter).to_have_text(re.compile("^0"))
    remember(partner)
    corporation.get_by_role("link", name="1. Samen schoonmaken").focus()
    corporation.keyboard.press("a")
    expect(letter).to_have_text(re.compile("^1"))
    assert was_not_reloaded(partner)

    partner.locator("[data-filter=scale_1]").click()
    expect(partner.get_by_text("1 van 3 buurten")).to_be_visible()
    partner.get_by_role("button", name="Tabel").click()
    rows = partner.get_by_role("table").get_by_role("rowheader")
    expect(rows.filter(visible=True)).to_have_count(1)
    partner.reload()
    expect(partner.get_by_text("1 van 3 buurten")).to_be_visible()
    expect(partner.locator("[data-filter=scale_1]")).to_have_attribute("aria-pressed", "true")
    partner.get_by_role("link", name=re.compile("^Film")).click()
    expect(partner.get_by_role("heading", name="Legenda")).to_be_visible()
    expect(partner.get_by_text("3 van 3 buurten")).to_be_visible()
