"""What one does is on the screens of the others, and never in their way."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.installation import Installation, Stagehand
from tests.e2e.people import (
    BEAMER,
    Browsers,
    Room,
    add_line,
    add_measure,
    remember,
    take_seat,
    was_not_reloaded,
)

HALF = "Samen de tu"


def type_half(field, text=HALF, caret=5):
    """As somebody who is in the middle of a sentence and went back to mend a word."""
    field.click()
    field.press_sequentially(text)
    for _ in range(len(text) - caret):
        field.press("ArrowLeft")


def expect_untouched(field, text=HALF, caret=5):
    expect(field).to_have_value(text)
    expect(field).to_be_focused()
    assert field.evaluate("e => [e.selectionStart, e.selectionEnd]") == [caret, caret]


def test_a_measure_of_one_appears_on_the_matrix_of_the_other_who_keeps_typing(make_room):
    room = make_room(stage="handelen")
    facilitator, partner = room.facilitator("matrix/"), room.partner("matrix/")
    remember(facilitator)
    title = add_line(facilitator)
    type_half(title)

    add_measure(partner, "Elke week een rondgang")

    expect(facilitator.get_by_role("region", name="Matrix")).to_contain_text("Elke week een rondgang")
    expect_untouched(title)
    assert was_not_reloaded(facilitator)


def test_a_change_of_the_agreement_leaves_alone_the_field_in_which_somebody_types(make_room):
    room = make_room(stage="afspreken", measures=["Samen schoonmaken"])
    facilitator, partner = room.facilitator("afspraken/1/"), room.partner("afspraken/1/")
    remember(partner)
    partner.get_by_text("De afspraak invullen of wijzigen").click()
    means = partner.get_by_label("betaald uit")
    type_half(means)

    facilitator.get_by_text("De afspraak invullen of wijzigen").click()
    facilitator.get_by_label("Wie trekt het?").select_option("Woonstichting De Veenplas")
    facilitator.get_by_role("button", name="Bewaar de afspraak").click()

    expect(partner.get_by_role("main")).to_contain_text("Woonstichting De Veenplas zorgt dat dit gebeurt")
    expect_untouched(means)
    assert was_not_reloaded(partner)


def test_both_can_save_what_they_typed_in_two_fields_of_one_agreement(make_room):
    room = make_room(stage="afspreken", measures=["Samen schoonmaken"])
    partner, corporation = room.partner("afspraken/1/"), room.corporation("afspraken/1/")
    for page, label, text in (
        (partner, "betaald uit", "De gemeente betaalt."),
        (corporation, "bewoners merken", "De straat is schoon."),
    ):
        page.get_by_text("De afspraak invullen of wijzigen").click()
        page.get_by_label(label).fill(text)
    for page in (partner, corporation):
        page.get_by_role("button", name="Bewaar de afspraak").click()
        expect(page.locator(".message--success")).to_contain_text("Bewaard")
    for page in (partner, corporation):
        expect(page.get_by_role("definition").filter(has_text="De gemeente betaalt.")).to_be_visible()
        expect(page.get_by_role("definition").filter(has_text="De straat is schoon.")).to_be_visible()


def test_when_the_facilitator_moves_on_who_follows_goes_along(make_room):
    room = make_room(stage="kijken")
    facilitator, partner = room.facilitator("kaart/"), room.partner("kaart/")
    expect(partner.get_by_text("U volgt de begeleider")).to_be_visible()
    facilitator.get_by_role("button", name="Volgende stap: Duiden").click()
    expect(partner.get_by_role("heading", name="Buurt voor buurt")).to_be_visible()


def test_who_is_writing_is_not_torn_away(make_room):
    room = make_room(stage="kijken")
    facilitator, partner = room.facilitator("kaart/"), room.partner("kaart/")
    remember(partner)
    text = partner.get_by_label("Wat valt u op?")
    type_half(text)
    facilitator.get_by_role("button", name="Volgende stap: Duiden").click()
    follow = partner.get_by_role("link", name="Volg de begeleider naar Duiden")
    expect(follow).to_be_visible()
    expect_untouched(text)
    assert was_not_reloaded(partner)
    follow.click()
    expect(partner.get_by_role("heading", name="Buurt voor buurt")).to_be_visible()
    partner.goto(room.page("kaart/"))


def test_who_looks_around_stays_and_comes_back_with_one_button(make_room):
    room = make_room(stage="kijken")
    facilitator, partner = room.facilitator("kaart/"), room.partner("kaart/")
    remember(partner)
    partner.get_by_role("button", name="Zelf rondkijken").click()
    expect(partner.get_by_role("button", name="Volg de begeleider")).to_be_visible()
    facilitator.get_by_role("button", name="Volgende stap: Duiden").click()
    follow = partner.get_by_role("link", name="Volg de begeleider naar Duiden")
    expect(follow).to_be_visible()
    assert was_not_reloaded(partner)
    follow.click()
    expect(partner.get_by_text("U volgt de begeleider")).to_be_visible()


def test_everyone_writes_unseen_until_the_facilitator_reveals(make_room):
    room = make_room(stage="kijken")
    facilitator, partner, tenant = room.facilitator("kaart/"), room.partner("kaart/"), room.tenant("kaart/")
    for page in (facilitator, tenant):
        remember(page)
    partner.get_by_label("Wat valt u op?").fill("De speeltuin is weg")
    partner.get_by_role("button", name="Bewaar de opmerking").click()
    expect(partner.locator("#opmerkingen")).to_contain_text("De speeltuin is weg")
    for page in (facilitator, tenant):
        expect(page.locator("#opmerkingen")).to_contain_text("Gemeente Merelveen: 1 opmerking")
        expect(page.get_by_text("De speeltuin is weg")).to_have_count(0)
    half = tenant.get_by_label("Wat valt u op?")
    type_half(half)
    facilitator.get_by_role("button", name="Onthul alles").click()
    expect(tenant.locator("#opmerkingen")).to_contain_text("De speeltuin is weg")
    expect_untouched(half)
    assert was_not_reloaded(tenant)


def test_the_clock_runs_on_every_screen_by_the_time_of_the_server(make_room):
    room = make_room(stage="kijken")
    facilitator, partner = room.facilitator("kaart/"), room.partner("kaart/")
    facilitator.get_by_text("Draaiboek").click()
    facilitator.get_by_label("Klok").fill("7")
    facilitator.get_by_role("button", name="Start").click()
    expect(partner.locator("[data-clock]")).to_have_text(re.compile("nog (7:00|6:5[0-9])"))
    wrong = room.browsers.open()
    wrong.clock.install(time="2011-01-01T00:00:00")
    take_seat(wrong, room.seats["huurdersorganisatie"])
    wrong.clock.run_for(600)
    expect(wrong.locator("[data-clock]")).to_have_text(re.compile("nog (7:00|6:[45][0-9])"))


def test_the_beamer_follows_the_facilitator_and_shows_only_what_all_may_see(make_room):
    room = make_room(stage="kijken", measures=["Samen schoonmaken"])
    facilitator = room.facilitator("kaart/")
    facilitator.get_by_text("Draaiboek").click()
    address = facilitator.get_by_role("link", name="Open de beamerpagina").get_attribute("href")
    beamer = room.browsers.open(BEAMER)
    beamer.goto(address)
    remember(beamer)
    expect(beamer.get_by_role("heading", name="Wat valt u op?")).to_be_visible()
    expect(beamer.get_by_role("complementary", name="Meedoen")).to_contain_text("Gemeente Merelveen")
    partner = room.partner("kaart/")
    partner.get_by_label("Wat valt u op?").fill("De speeltuin is weg")
    partner.get_by_role("button", name="Bewaar de opmerking").click()
    expect(beamer.get_by_role("complementary", name="Meedoen")).not_to_contain_text("Gemeente Merelveen")

    facilitator.goto(room.page("opmerkingen/"))
    expect(beamer.get_by_role("heading", name="Opmerkingen")).to_be_visible()
    expect(beamer.get_by_text("De speeltuin is weg")).to_have_count(0)
    facilitator.get_by_role("button", name="Onthul alles van Kijken").click()
    expect(beamer.get_by_text("De speeltuin is weg")).to_be_visible()
    facilitator.goto(room.page("matrix/"))
    expect(beamer.get_by_role("heading", name="Wat kunnen wij doen?")).to_be_visible()
    expect(beamer.get_by_text("Samen schoonmaken")).to_be_visible()
    facilitator.goto(room.page(f"buurt/{room.buurten['De Hoven']['code']}/"))
    expect(beamer.get_by_role("heading", name="De Hoven")).to_be_visible()
    assert was_not_reloaded(beamer)
    assert beamer.locator("form, button").count() == 0


def test_a_neighbour_who_edits_leaves_the_focus_where_it_is(make_room):
    room = make_room(stage="handelen", measures=["Samen schoonmaken"])
    partner, corporation = room.partner("matrix/"), room.corporation("matrix/")
    link = partner.get_by_role("link", name=re.compile("Samen schoonmaken"))
    link.focus()
    partner.evaluate("document.querySelector('[data-board]').scrollLeft = 40")
    scrolled = partner.evaluate("[document.querySelector('[data-board]').scrollLeft, scrollY]")
    add_measure(corporation, "Elke week een rondgang")
    expect(partner.get_by_role("region", name="Matrix")).to_contain_text("Elke week een rondgang")
    expect(partner.get_by_role("link", name=re.compile("Samen schoonmaken"))).to_be_focused()
    assert partner.evaluate("[document.querySelector('[data-board]').scrollLeft, scrollY]") == scrolled


def test_what_the_facilitator_enters_on_behalf_is_taken_over_by_the_organisation(make_room):
    room = make_room(stage="duiden")
    path = f"buurt/{room.buurten['De Hoven']['code']}/"
    facilitator = room.facilitator(path)
    facilitator.get_by_label("Namens", exact=True).select_option("Huurdersvereniging Samen")
    facilitator.get_by_label("Deels").check()
    facilitator.get_by_label("Vertel het in uw eigen woorden").fill("Alleen de flats")
    facilitator.get_by_role("button", name="Verstuur").click()
    says = facilitator.get_by_role("region", name="Wat de huurders zeggen")
    expect(says).to_contain_text("ingevoerd door de begeleider")
    tenant = room.tenant(path)
    tenant.get_by_role("button", name="Ja, dit is ons antwoord").click()
    expect(says).not_to_contain_text("ingevoerd door de begeleider")
    expect(says).to_contain_text("Alleen de flats")


def test_remarks_are_grouped_with_the_mouse_and_with_the_keyboard(make_room):
    room = make_room(stage="kijken")
    partner, corporation = room.partner("kaart/"), room.corporation("kaart/")
    for page, text in ((partner, "De speeltuin is weg"), (corporation, "Kinderen spelen op straat")):
        page.get_by_label("Wat valt u op?").fill(text)
        page.get_by_role("button", name="Bewaar de opmerking").click()
        expect(page.locator(".message--success")).to_contain_text("Bewaard")
    facilitator = room.facilitator("opmerkingen/")
    facilitator.get_by_role("button", name="Onthul alles van Kijken").click()
    facilitator.get_by_label("Thema bij Kijken").fill("Spelen")
    facilitator.get_by_role("button", name="Voeg toe").first.click()
    partner.goto(room.page("opmerkingen/"))

    card = facilitator.locator("[data-remark]").filter(has_text="De speeltuin is weg")
    card.drag_to(facilitator.get_by_role("region", name="Spelen"), target_position={"x": 60, "y": 20})
    expect(partner.get_by_role("region", name="Spelen")).to_contain_text("De speeltuin is weg")

    other = facilitator.locator("[data-remark]").filter(has_text="Kinderen spelen op straat")
    other.get_by_role("link", name=re.compile("Open|Beantwoord")).press("Enter")
    facilitator.get_by_role("button", name="Spelen").press("Enter")
    expect(partner.get_by_role("region", name="Spelen")).to_contain_text("Kinderen spelen op straat")

    other.drag_to(card)  # on the middle: they say the same
    merged = partner.locator("[data-remark]").filter(has_text="De speeltuin is weg")
    expect(merged).to_contain_text("Kinderen spelen op straat")


def test_who_comes_in_is_seen_by_the_facilitator(make_room):
    room = make_room(stage="voorbereiden")
    facilitator = room.facilitator("voorbereiden/")
    card = facilitator.get_by_role("listitem").filter(has=facilitator.get_by_role("heading", name="Gemeente Merelveen"))
    expect(card).to_contain_text("nog niemand binnen")
    room.partner()
    expect(card).to_contain_text("1 binnen")
    expect(facilitator.get_by_text("1 van 3 partijen binnen")).to_be_visible()


LOOK_AWAY = """(away) => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => away });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_a_tab_that_nobody_looked_at_catches_up_when_somebody_does(make_room):
    room = make_room(stage="handelen")
    partner, corporation = room.partner("matrix/"), room.corporation("matrix/")
    remember(partner)
    partner.evaluate(LOOK_AWAY, True)
    add_measure(corporation, "Elke week een rondgang")
    expect(corporation.get_by_role("region", name="Matrix")).to_contain_text("Elke week een rondgang")

    partner.evaluate(LOOK_AWAY, False)
    expect(partner.get_by_role("region", name="Matrix")).to_contain_text("Elke week een rondgang")
    expect(partner.get_by_text("De verbinding is weg")).to_be_hidden()
    assert was_not_reloaded(partner)


@pytest.fixture
def own_site(site, tmp_path):
    """A server that this test may kill."""
    made = Installation(tmp_path / "site").copy_of(site)
    made.start()
    yield made
    made.remove()


@pytest.fixture
def own_room(browser, own_site):
    hand = Stagehand(own_site)
    browsers = Browsers(browser, own_site.url)
    browsers.trouble.expect("ERR_CONNECTION_REFUSED", "ERR_CONNECTION_RESET", "ERR_INCOMPLETE_CHUNKED_ENCODING")
    room = Room(browsers, None, **hand.ask("session", stage="handelen"))
    room.propose = lambda title: hand.ask("propose", code=room.code, title=title)
    yield room
    browsers.close()
    hand.leave()
    assert browsers.trouble.unexpected() == []


def test_after_the_server_fell_over_the_screen_catches_up_by_itself(own_site, own_room):
    partner = own_room.partner("matrix/")
    remember(partner)
    title = add_line(partner)
    type_half(title)
    gone = partner.get_by_text("De verbinding is weg")
    expect(gone).to_be_hidden()

    own_site.kill()
    expect(gone).to_be_visible()
    own_room.propose("Intussen bedacht")
    own_site.start()

    expect(partner.get_by_role("region", name="Matrix")).to_contain_text("Intussen bedacht")
    expect(gone).to_be_hidden()
    expect_untouched(title)
    assert was_not_reloaded(partner)


def test_what_was_typed_while_the_server_was_gone_is_saved_when_it_is_back(own_site, own_room):
    own_room.propose("Samen schoonmaken")
    partner = own_room.partner("afspraken/1/")
    remember(partner)
    partner.get_by_text("De afspraak invullen of wijzigen").click()
    own_site.kill()
    means = partner.get_by_label("betaald uit")
    means.fill("De gemeente betaalt de helft.")
    partner.get_by_role("button", name="Bewaar de afspraak").click()
    expect(partner.get_by_text("Nog niet bewaard: geen verbinding. Uw tekst blijft hier staan.")).to_be_visible()

    own_site.start()
    stored = partner.get_by_role("definition").filter(has_text="De gemeente betaalt de helft.")
    expect(stored).to_be_visible()
    expect(means).to_have_value("De gemeente betaalt de helft.")
    assert was_not_reloaded(partner)


WRITE_AWAY = """(token) => {
  // Two hundred proposals one after another, each once again until the server has it: as the page itself does.
  window.acknowledged = [];
  const form = document.querySelector("#toevoegen");
  const fields = { area: form.elements.area.value, framework: form.elements.framework.value, csrfmiddlewaretoken: document.body.dataset.token };
  const key = (i) => `00000000-0000-4000-8000-${String(i).padStart(12, "0")}`;
  (async () => {
    for (let i = 0; i < 200; i += 1) {
      const body = new URLSearchParams({ ...fields, title: `Maatregel ${i}.`, key: key(i) });
      for (;;) {
        const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" }).catch(() => null);
        if (answer?.type === "opaqueredirect") break;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      window.acknowledged.push(i);
    }
  })();
}"""


def until(page: Page, count: int, seconds=120):
    """So many are acknowledged. The strict policy of the site lets no script wait by itself."""
    end = time.monotonic() + seconds
    while page.evaluate("window.acknowledged.length") < count:
        assert time.monotonic() < end
        page.wait_for_timeout(100)


def test_killed_in_the_middle_of_two_hundred_writes_nothing_acknowledged_is_lost(own_site, own_room):
    own_room.expect_trouble("ERR_EMPTY_RESPONSE", "ERR_CONNECTION")
    writer, watcher, asleep = own_room.partner("matrix/"), own_room.corporation("matrix/"), own_room.tenant("matrix/")
    for page in (watcher, asleep):
        remember(page)
    asleep.evaluate(LOOK_AWAY, True)
    writer.evaluate(WRITE_AWAY)
    until(writer, 60)
    own_site.kill()
    before = writer.evaluate("window.acknowledged")
    own_site.start()
    until(writer, 200)
    asleep.evaluate(LOOK_AWAY, False)
    for page in (writer, watcher, asleep):
        titles = page.locator("#rijen .measure__title")
        expect(titles).to_have_count(200)
        told = {re.sub(r"^\d+\. ", "", text.strip()) for text in titles.all_text_contents()}
        assert told == {f"Maatregel {i}." for i in range(200)}
    assert len(before) >= 60
    assert was_not_reloaded(watcher)
    assert was_not_reloaded(asleep)


def test_what_was_saved_is_told_by_the_one_page_that_follows(make_room):
    """Were it fetched twice, the first would use up the words for the second."""
    room = make_room(stage="afspreken", measures=("Straat vegen",))
    page = room.partner("afspraken/1/")
    fetched = []
    page.on("request", lambda request: request.is_navigation_request() and fetched.append(request.url))
    page.get_by_label("Akkoord", exact=True).check()
    page.get_by_role("button", name="Bewaar ons standpunt").click()
    expect(page.locator(".message--success")).to_contain_text("is bewaard")
    assert len(fetched) == 1
