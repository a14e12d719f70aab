"""The signal map in the hand: film and foto, legend, search, sorting, address; and a background that fails."""

import re
import urllib.parse

import pytest
from playwright.sync_api import expect

from tests.e2e.installation import Installation
from tests.e2e.people import Browsers, log_in

MAP = "/kaart/GM9901/"


@pytest.fixture
def page(demo):
    opened = demo.browsers.open({"viewport": {"width": 1366, "height": 768}}, demo.facilitator_state)
    opened.goto(MAP)
    painted(opened)
    opened.evaluate("window.sameDocument = true")
    return opened


def painted(page):
    expect(page.locator("[data-signal-map]")).to_have_attribute("data-painted", re.compile("[0-9]"))


def query(page):
    return dict(urllib.parse.parse_qsl(urllib.parse.urlparse(page.url).query))


def never_reloaded(page):
    return page.evaluate("window.sameDocument === true")


def letters(page):
    return page.locator(".map-letter").all_text_contents()


def test_film_and_foto_switch_without_a_reload_and_stand_in_the_address(page):
    film = letters(page)
    lead = page.locator("#kaart-kop .lead")
    expect(lead).to_contain_text("Hoe het zich ontwikkelde, 2018–2024")
    page.get_by_role("radio", name="Foto").check()
    expect(lead).to_contain_text("Hoe het ervoor staat, 2024")
    expect(page.get_by_role("heading", name="Legenda")).to_be_visible()
    expect(page.get_by_role("columnheader", name="veel kwetsbaar")).to_be_visible()
    assert letters(page) != film
    assert query(page) | {"buurt": ""} == {
        "kaart": "foto",
        "bewoners": "2024",
        "overlast": "2024",
        "met": "gemeente",
        "buurt": "",
    }
    page.get_by_role("combobox", name="vergeleken met").select_option("nederland")
    expect(lead).to_contain_text("vergeleken met Nederland")
    assert query(page)["met"] == "nederland"
    page.go_back()
    expect(lead).to_contain_text("vergeleken met de eigen gemeente")
    page.go_back()
    expect(lead).to_contain_text("Hoe het zich ontwikkelde")
    expect(page.get_by_role("radio", name="Film")).to_be_checked()
    assert letters(page) == film
    assert never_reloaded(page)


def test_an_address_that_was_shared_shows_the_same(page):
    page.get_by_role("radio", name="Foto").check()
    expect(page.locator("#kaart-kop .lead")).to_contain_text("Hoe het ervoor staat")
    page.get_by_role("searchbox", name="Zoek").fill("dubbele druk")
    expect(page).to_have_url(re.compile("zoek="))
    before, address = page.locator("[data-count]").text_content(), page.url
    page.goto("about:blank")
    page.goto(address)
    painted(page)
    expect(page.locator("[data-count]")).to_have_text(before)
    expect(page.get_by_role("searchbox", name="Zoek")).to_have_value("dubbele druk")
    assert page.locator(".map-letter.is-dimmed").count() > 0


def test_a_choice_that_cannot_be_says_why_and_offers_what_can(page):
    page.get_by_role("combobox", name="van", exact=True).select_option("2024")
    page.get_by_role("combobox", name="tot", exact=True).select_option("2018")
    told = page.locator("[data-objection]")
    expect(told).to_contain_text("een eerder jaar")
    expect(page.locator("[data-announced]")).to_contain_text("een eerder jaar")
    told.get_by_role("link", name="2018–2024").click()
    expect(page.locator("#kaart-kop .lead")).to_contain_text("2018–2024")
    expect(told).to_have_count(0)


def test_the_legend_says_what_a_cell_means_and_narrows_map_table_and_files(page):
    cell = page.locator("[data-filter]").first
    cell.hover()
    meaning = cell.get_attribute("data-says")
    expect(page.locator("[data-legend-says]")).to_contain_text(meaning)
    cell.click()
    key = cell.get_attribute("data-filter")
    assert query(page)["klasse"] == key
    expect(page.get_by_role("combobox", name="Signaal")).to_have_value(key)
    page.get_by_role("button", name="Tabel", exact=True).click()
    for row in page.locator("[data-signal-table] tbody tr:visible").all():
        expect(row).to_have_attribute("data-class", key)
    assert f"klasse={key}" in page.get_by_role("link", name="xlsx").get_attribute("href")
    page.get_by_role("button", name="Toon alle buurten").click()
    expect(page.locator("[data-signal-table] tbody tr[hidden]")).to_have_count(0)
    assert "klasse" not in query(page)


def test_the_table_sorts_by_a_heading_and_again_turns_it_round(page):
    page.get_by_role("button", name="Tabel", exact=True).click()
    heading = page.get_by_role("columnheader", name="Overlast")
    for direction, sign in (("ascending", 1), ("descending", -1)):
        heading.get_by_role("link").click()
        expect(heading).to_have_attribute("aria-sort", direction)
        cells = page.locator('[data-signal-table] tbody td[data-label="Overlast"]')
        values = [float(text) for text in cells.evaluate_all("all => all.map(e => e.dataset.value).filter(Boolean)")]
        assert values == sorted(values, key=lambda value: sign * value)
    assert query(page)["sorteer"] == "-overlast"
    names = page.locator("[data-signal-table] tbody th a").all_text_contents()
    page.reload()
    page.get_by_role("button", name="Tabel", exact=True).click()
    assert page.locator("[data-signal-table] tbody th a").all_text_contents() == names, "de server sorteert hetzelfde"
    assert never_reloaded(page) is False


def test_the_server_and_the_script_find_the_same(page):
    page.get_by_role("button", name="Tabel", exact=True).click()
    for words in ("dijk", "onder druk", "GRENSGEVAL", "'t", "zzz"):
        page.get_by_role("searchbox", name="Zoek").fill(words)
        found = page.locator("[data-signal-table] tbody tr:visible").evaluate_all(
            "rows => rows.map(r => r.dataset.code)"
        )
        answer = page.request.get(f"{MAP}?zoek={urllib.parse.quote(words)}").text()
        shown = re.findall(r'<tr data-code="(\w+)"[^>]*?(hidden)?>', answer)
        assert found == [code for code, hidden in shown if not hidden], words
    expect(page.locator("[data-nothing]")).to_be_visible()


def test_the_chosen_buurt_stays_when_the_map_changes(page):
    page.get_by_role("button", name=re.compile("^Vogelbuurt: ")).click()
    panel = page.get_by_role("complementary", name="Gekozen buurt")
    expect(panel).to_contain_text("(2018–2024)")
    page.get_by_role("radio", name="Foto").check()
    expect(panel.get_by_role("heading", name="Vogelbuurt")).to_be_visible()
    expect(panel).to_contain_text("(2024)")
    assert query(page)["buurt"]


def test_back_from_another_page_is_the_whole_page(page):
    """The browser keeps the part that a script asked for under the same address; it must not show that as the page."""
    page.get_by_role("radio", name="Foto").check()
    expect(page.locator("#kaart-kop .lead")).to_contain_text("Hoe het ervoor staat")
    page.get_by_role("link", name="Gegevens").click()
    expect(page.get_by_role("heading", name="Gegevens", exact=True)).to_be_visible()
    page.go_back()
    painted(page)
    expect(page.get_by_role("link", name="Signaleringskaart")).to_be_visible()
    expect(page.locator("#kaart-kop .lead")).to_contain_text("Hoe het ervoor staat")


def test_of_two_choices_the_last_counts_whichever_answer_comes_first(page):
    held = []
    page.route("**/*tot=2022*", lambda route: held.append(route))
    page.get_by_role("combobox", name="tot", exact=True).select_option("2022")
    page.get_by_role("combobox", name="tot", exact=True).select_option("2020")
    expect(page.locator("#kaart-kop .lead")).to_contain_text("2018–2020")
    for route in held:
        route.continue_()
    page.wait_for_timeout(600)
    expect(page.locator("#kaart-kop .lead")).to_contain_text("2018–2020")
    assert query(page)["tot"] == "2020"


def test_without_a_connection_the_map_stays_and_says_so(page, demo):
    demo.expect_trouble("ERR_INTERNET_DISCONNECTED", "ERR_FAILED")
    page.wait_for_timeout(1000)  # the foto is fetched ahead; the years are not
    page.context.set_offline(True)
    page.get_by_role("combobox", name="tot", exact=True).select_option("2020")
    expect(page.locator("[data-announced]")).to_contain_text("geen verbinding")
    expect(page.locator("#kaart-kop .lead")).to_contain_text("2018–2024")
    expect(page.locator(".map-letter")).to_have_count(24)
    page.context.set_offline(False)
    page.get_by_role("combobox", name="tot", exact=True).select_option("2022")
    expect(page.locator("#kaart-kop .lead")).to_contain_text("2018–2022")
    assert never_reloaded(page)


def test_words_that_are_being_typed_survive_another_map(page):
    page.get_by_role("searchbox", name="Zoek").fill("dijk")
    page.get_by_role("radio", name="Foto").check()
    expect(page.locator("#kaart-kop .lead")).to_contain_text("Hoe het ervoor staat")
    expect(page.get_by_role("searchbox", name="Zoek")).to_have_value("dijk")
    shown = page.locator("[data-count]").text_content()
    assert not shown.startswith("24 van"), shown


def test_without_the_map_script_the_table_is_there(demo):
    opened = demo.browsers.open({"viewport": {"width": 1366, "height": 768}}, demo.facilitator_state)
    demo.expect_trouble("leaflet", "L is not defined")
    opened.route("**/leaflet*.js", lambda route: route.abort())
    opened.goto(MAP)
    expect(opened.get_by_role("region", name="Tabel met de signalen")).to_be_visible()


def test_in_a_session_everybody_switches_between_its_film_and_its_foto(make_room):
    page = make_room(stage="kijken").tenant("kaart/")
    painted(page)
    page.evaluate("window.sameDocument = true")
    page.get_by_role("link", name="Foto 2024").click()
    expect(page.get_by_role("link", name="Foto 2024")).to_have_attribute("aria-current", "true")
    expect(page.get_by_role("columnheader", name="veel kwetsbaar")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Vogelbuurt: ")).click()
    expect(page.get_by_role("complementary", name="Gekozen buurt")).to_contain_text("(2024)")
    assert never_reloaded(page)


def test_without_a_script_the_page_does_the_same(browser, site, demo):
    context = browser.new_context(base_url=site.url, java_script_enabled=False, storage_state=demo.facilitator_state)
    plain = context.new_page()
    plain.goto(MAP)
    plain.get_by_role("radio", name="Foto").check()
    plain.get_by_role("button", name="Toon", exact=True).click()
    expect(plain.locator("#kaart-kop .lead")).to_contain_text("Hoe het ervoor staat")
    plain.get_by_role("searchbox", name="Zoek").fill("dubbele druk")
    plain.get_by_role("button", name="Zoek", exact=True).click()
    expect(plain.locator("#kaart-kop .lead")).to_contain_text("Hoe het ervoor staat")
    visible = plain.locator("[data-signal-table] tbody tr:visible")
    assert 0 < visible.count() < 24
    context.close()


def test_a_background_is_asked_only_when_switched_on_and_the_map_is_whole_when_it_fails(browser, site, tmp_path):
    """Tiles of a host that is not there: the buurten, the letters and the source of the background are."""
    made = Installation(tmp_path / "achtergrond").copy_of(site)
    made.more = {"BASEMAP": "http://127.0.0.1:9/{z}/{x}/{y}.png", "BASEMAP_ATTRIBUTION": "Achtergrond van de proef"}
    made.start()
    try:
        opened = Browsers(browser, made.url)
        opened.trouble.expect("127.0.0.1:9", "ERR_CONNECTION_REFUSED", "ERR_UNSAFE_PORT")
        page = opened.open({"viewport": {"width": 1366, "height": 768}})
        log_in(page)
        page.goto(MAP)
        painted(page)
        expect(page.locator(".map-letter")).to_have_count(24)
        expect(page.locator(".leaflet-control-attribution")).to_have_text("Achtergrond van de proef")
        assert any("127.0.0.1:9" in text for text in opened.trouble.found), "er is geen tegel gevraagd"
        opened.close()
        assert opened.trouble.unexpected() == []
    finally:
        made.remove()
