"""What one does is on the screens of the others, and never in their way."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.installation import Installation, Stagehand
from tests.e2e.people import LIVE, Browsers, Room, remember, was_not_reloaded

HALF = "Samen de tu"
CAN_RECONNECT = 15_000  # ms: the screen waits longer after each try, at most eight seconds


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
    title = facilitator.get_by_label("Wat gaan we doen?")
    type_half(title)

    partner.get_by_label("Wat gaan we doen?").fill("Elke week een rondgang")
    partner.get_by_role("button", name="Voeg toe").click()

    expect(facilitator.get_by_role("region", name="Matrix")).to_contain_text("Elke week een rondgang", timeout=LIVE)
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

    expect(partner.get_by_role("main")).to_contain_text("Woonstichting De Veenplas zorgt voor", timeout=LIVE)
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
        expect(page.get_by_role("status")).to_contain_text("Bewaard")
    for page in (partner, corporation):
        expect(page.get_by_role("definition").filter(has_text="De gemeente betaalt.")).to_be_visible()
        expect(page.get_by_role("definition").filter(has_text="De straat is schoon.")).to_be_visible()


def test_when_the_facilitator_moves_on_the_partner_is_invited_to_follow(make_room):
    room = make_room(stage="kijken")
    facilitator, partner = room.facilitator("kaart/"), room.partner("kaart/")
    remember(partner)
    facilitator.get_by_role("button", name="Volgende stap: Duiden").click()
    follow = partner.get_by_role("link", name="Volg de begeleider naar Duiden")
    expect(follow).to_be_visible(timeout=LIVE)
    assert was_not_reloaded(partner)
    follow.click()
    expect(partner.get_by_role("heading", name="Buurt voor buurt")).to_be_visible()


def test_who_comes_in_is_seen_by_the_facilitator(make_room):
    room = make_room(stage="voorbereiden")
    facilitator = room.facilitator("voorbereiden/")
    card = facilitator.get_by_role("listitem").filter(has=facilitator.get_by_role("heading", name="Gemeente Merelveen"))
    expect(card).to_contain_text("nog niemand binnen")
    room.partner()
    expect(card).to_contain_text("1 binnen", timeout=LIVE)
    expect(facilitator.get_by_text("1 van 3 partijen binnen")).to_be_visible(timeout=LIVE)


LOOK_AWAY = """(away) => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => away });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_a_tab_that_nobody_looked_at_catches_up_when_somebody_does(make_room):
    room = make_room(stage="handelen")
    partner, corporation = room.partner("matrix/"), room.corporation("matrix/")
    remember(partner)
    partner.evaluate(LOOK_AWAY, True)
    corporation.get_by_label("Wat gaan we doen?").fill("Elke week een rondgang")
    corporation.get_by_role("button", name="Voeg toe").click()
    expect(corporation.get_by_role("region", name="Matrix")).to_contain_text("Elke week een rondgang")

    partner.evaluate(LOOK_AWAY, False)
    expect(partner.get_by_role("region", name="Matrix")).to_contain_text("Elke week een rondgang", timeout=LIVE)
    expect(partner.get_by_text("De verbinding is weg")).to_be_hidden()
    assert was_not_reloaded(partner)


def write_analysis(page: Page, text: str):
    page.get_by_text("Schrijf of wijzig").click()
    page.get_by_label("Probleemanalyse").fill(text)


def test_two_people_on_one_field_see_both_texts_and_nothing_is_overwritten(make_room):
    room = make_room(stage="duiden")
    room.expect_trouble("status of 422")
    path = f"buurt/{room.buurten['De Hoven']['code']}/"
    first, second = room.partner(path), room.corporation(path)
    write_analysis(first, "De gemeente ziet vooral verkeer.")
    write_analysis(second, "De corporatie ziet vooral leegstand.")

    first.get_by_role("button", name="Bewaar probleemanalyse").click()
    together = second.get_by_role("region", name="Wat wij samen zien")
    expect(together).to_contain_text("De gemeente ziet vooral verkeer.", timeout=LIVE)
    expect(second.get_by_label("Probleemanalyse")).to_have_value("De corporatie ziet vooral leegstand.")

    second.get_by_role("button", name="Bewaar probleemanalyse").click()
    notice = second.get_by_role("alert").filter(has_text="Iemand anders heeft deze tekst intussen gewijzigd")
    expect(notice).to_contain_text("De gemeente ziet vooral verkeer.")
    expect(second.get_by_label("Probleemanalyse")).to_have_value("De corporatie ziet vooral leegstand.")
    expect(together).to_contain_text("De gemeente ziet vooral verkeer.")

    second.get_by_label("Probleemanalyse").fill("Verkeer en leegstand.")
    second.get_by_role("button", name="Bewaar probleemanalyse").click()
    expect(first.get_by_role("region", name="Wat wij samen zien")).to_contain_text(
        "Verkeer en leegstand.", timeout=LIVE
    )


def test_two_people_on_one_field_of_an_agreement_see_both_texts(make_room):
    room = make_room(stage="afspreken", measures=["Samen schoonmaken"])
    room.expect_trouble("status of 422")
    first, second = room.partner("afspraken/1/"), room.corporation("afspraken/1/")
    for page, text in ((first, "De gemeente betaalt."), (second, "De Veenplas betaalt.")):
        page.get_by_text("De afspraak invullen of wijzigen").click()
        page.get_by_label("betaald uit").fill(text)
    first.get_by_role("button", name="Bewaar de afspraak").click()
    expect(first.get_by_role("status")).to_contain_text("Bewaard")

    second.get_by_role("button", name="Bewaar de afspraak").click()
    notice = second.get_by_role("alert").filter(has_text="Iemand anders heeft dit intussen gewijzigd")
    expect(notice).to_contain_text("De gemeente betaalt.")
    expect(notice).to_contain_text("De Veenplas betaalt.")
    expect(second.get_by_label("betaald uit")).to_have_value("De Veenplas betaalt.")
    expect(second.get_by_role("definition").filter(has_text="De gemeente betaalt.")).to_be_visible()


@pytest.fixture
def own_site(site, tmp_path):
    """A server that this test may kill."""
    made = Installation(tmp_path / "site").copy_of(site)
    made.start()
    yield made
    made.stop()


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
    title = partner.get_by_label("Wat gaan we doen?")
    type_half(title)
    gone = partner.get_by_text("De verbinding is weg")
    expect(gone).to_be_hidden()

    own_site.kill()
    expect(gone).to_be_visible()
    own_room.propose("Intussen bedacht")
    own_site.start()

    expect(partner.get_by_role("region", name="Matrix")).to_contain_text("Intussen bedacht", timeout=CAN_RECONNECT)
    expect(gone).to_be_hidden()
    expect_untouched(title)
    assert was_not_reloaded(partner)


def test_what_was_sent_to_a_server_that_was_gone_is_in_the_form_again(own_site, own_room):
    own_room.propose("Samen schoonmaken")
    partner = own_room.partner("afspraken/1/")
    partner.get_by_text("De afspraak invullen of wijzigen").click()
    partner.get_by_label("betaald uit").fill("De gemeente betaalt de helft.")
    own_site.kill()
    partner.get_by_role("button", name="Bewaar de afspraak").click()
    partner.wait_for_url("chrome-error://**")

    own_site.start()
    partner.goto(own_room.page("afspraken/1/"))
    expect(partner.get_by_label("betaald uit")).to_have_value("De gemeente betaalt de helft.")
