"""Every field saves itself; without a connection it waits; two people on one field choose."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.people import add_line, remember, take_seat, was_not_reloaded

NO_LINE = "ERR_INTERNET_DISCONNECTED"


@pytest.fixture
def room(make_room):
    """The analysis is open to the table, and there is a measure."""
    return make_room(stage="handelen", measures=["Samen schoonmaken"])


def sheet(room):
    return f"buurt/{room.buurten['De Hoven']['code']}/"


def open_analysis(page: Page):
    page.get_by_text("Schrijf of wijzig").click()
    return page.get_by_label("Probleemanalyse")


def open_agreement(page: Page):
    page.get_by_text("De afspraak invullen of wijzigen").click()
    return page.get_by_label("betaald uit")


def expect_line(page: Page, text: str):
    expect(page.locator(".saving").filter(has_text=text).first).to_be_visible()


def expect_stored(room, path, text):
    """Another person, who opens the page only now, reads it."""
    expect(room.facilitator(path).get_by_role("main")).to_contain_text(text)


def test_a_text_is_saved_after_a_pause_and_others_read_it(room):
    partner, corporation = room.partner(sheet(room)), room.corporation(sheet(room))
    remember(partner)
    field = open_analysis(partner)
    field.press_sequentially("Te veel verhuizingen")
    expect_line(partner, "Bewaard")
    expect(field).to_be_focused()
    together = corporation.get_by_role("region", name="Wat wij samen zien")
    expect(together).to_contain_text("Te veel verhuizingen")
    field.press_sequentially(", te weinig groen")
    expect(together).to_contain_text("te weinig groen")
    assert was_not_reloaded(partner)


def test_a_choice_is_saved_at_once(room):
    partner = room.partner("afspraken/1/")
    open_agreement(partner)
    partner.get_by_label("Wie trekt het?").select_option("Gemeente Merelveen")
    expect_line(partner, "Bewaard")
    expect(partner.get_by_role("main")).to_contain_text("Gemeente Merelveen zorgt dat dit gebeurt")


def test_what_a_party_brings_ticks_that_it_takes_part(room):
    partner = room.partner("afspraken/1/")
    open_agreement(partner)
    line = partner.get_by_label("Eigen bijdrage van Huurdersvereniging Samen")
    line.fill("Wij lopen mee")
    line.blur()
    expect_line(partner, "Bewaard")
    expect(partner.get_by_role("checkbox", name="Huurdersvereniging Samen")).to_be_checked()
    line.fill("Wij lopen elke maand mee")
    line.blur()
    expect(partner.locator("#stand .told-partners").filter(has_text="elke maand mee")).to_be_visible()


def test_leaving_the_page_at_once_loses_nothing_and_asks_nothing(room):
    partner = room.partner("afspraken/1/")
    open_agreement(partner).fill("Uit het wijkbudget")
    partner.get_by_role("link", name="Matrix").first.click()
    expect(partner.get_by_role("region", name="Matrix")).to_be_visible()
    expect_stored(room, "afspraken/1/", "Uit het wijkbudget")
    partner.wait_for_timeout(1500)
    expect(partner.get_by_text("U hebt nog tekst")).to_have_count(0)
    partner.goto(room.page("afspraken/1/"))
    expect(partner.get_by_text("Dit had u getypt")).to_have_count(0)


def test_two_on_two_fields_of_one_agreement_are_not_in_each_others_way(room):
    partner, corporation = room.partner("afspraken/1/"), room.corporation("afspraken/1/")
    open_agreement(partner).fill("De gemeente betaalt.")
    open_agreement(corporation)
    corporation.get_by_label("bewoners merken").fill("De straat is schoon.")
    for page in (partner, corporation):
        expect_line(page, "Bewaard")
        expect(page.get_by_role("definition").filter(has_text="De gemeente betaalt.")).to_be_visible()
        expect(page.get_by_role("definition").filter(has_text="De straat is schoon.")).to_be_visible()
        expect(page.locator(".conflict")).to_have_count(0)


def test_an_untouched_field_takes_over_what_another_wrote(room):
    partner, corporation = room.partner("afspraken/1/"), room.corporation("afspraken/1/")
    remember(corporation)
    other_field = open_agreement(corporation)
    open_agreement(partner).fill("De gemeente betaalt.")
    expect_line(partner, "Bewaard")
    expect(other_field).to_have_value("De gemeente betaalt.")
    other_field.fill("De gemeente betaalt de helft.")
    expect_line(corporation, "Bewaard")
    expect(corporation.locator(".conflict")).to_have_count(0)
    expect(partner.get_by_label("betaald uit")).to_have_value("De gemeente betaalt.")  # in use: left alone
    assert was_not_reloaded(corporation)


def test_a_page_that_was_fetched_before_the_last_save_puts_no_old_words_back(make_room):
    """The screen hears of its own answer and asks for the page; before that comes, the words are saved too."""
    room = make_room(stage="duiden")
    tenant = room.tenant(sheet(room))
    held, later = [], []
    tenant.route(f"**/{sheet(room)}", lambda route: later.append(route.continue_()) if held else hold(route, held))
    tenant.get_by_label("Ja", exact=True).check()
    expect_line(tenant, "Bewaard")
    wait_until(tenant, lambda: held)
    words = tenant.get_by_label("Vertel het in uw eigen woorden")
    words.fill("Dat zien wij ook")
    words.blur()
    expect(tenant.get_by_role("region", name="Wat de huurders zeggen")).to_contain_text("Dat zien wij ook")
    wait_until(tenant, lambda: later)  # of the second save
    tenant.wait_for_timeout(500)
    route, old = held[0]
    route.fulfill(response=old)
    tenant.wait_for_timeout(500)
    expect(words).to_have_value("Dat zien wij ook")
    tenant.get_by_role("button", name="Verstuur").click()
    expect(tenant.locator(".message--success")).to_contain_text("Bewaard")


def hold(route, held):
    held.append((route, route.fetch()))


def wait_until(page, true):
    for _ in range(200):
        if true():
            return
        page.wait_for_timeout(100)
    raise AssertionError("dat gebeurt niet")


def make_conflict(room):
    """(who was first, who was second and sees both texts)"""
    room.expect_trouble("status of 409")
    first, second = room.partner(sheet(room)), room.corporation(sheet(room))
    field = open_analysis(second)
    second.context.set_offline(True)
    room.expect_trouble(NO_LINE)
    field.fill("De corporatie ziet leegstand.")
    expect_line(second, "Nog niet bewaard: geen verbinding")
    open_analysis(first).fill("De gemeente ziet verkeer.")
    expect_line(first, "Bewaard")
    second.context.set_offline(False)
    asked = second.get_by_role("alert").filter(has_text="Iemand anders heeft dit intussen gewijzigd")
    expect(asked).to_contain_text("De gemeente ziet verkeer.")
    expect(asked).to_contain_text("De corporatie ziet leegstand.")
    expect(field).to_have_value("De corporatie ziet leegstand.")
    return first, second


def test_of_two_texts_mine_is_kept_after_a_look_at_the_other(room):
    first, second = make_conflict(room)
    together = first.get_by_role("region", name="Wat wij samen zien")
    expect(together).to_contain_text("De gemeente ziet verkeer.")
    second.get_by_label("Probleemanalyse").fill("Verkeer en leegstand.")
    second.wait_for_timeout(2000)
    expect(together).to_contain_text("De gemeente ziet verkeer.")  # not before the choice
    second.get_by_role("button", name="Bewaar mijn tekst").click()
    expect(together).to_contain_text("Verkeer en leegstand.")
    expect(second.locator(".conflict")).to_have_count(0)


def test_of_two_texts_theirs_is_taken_and_mine_is_not_lost(room):
    first, second = make_conflict(room)
    second.get_by_role("button", name="Gebruik de tekst van de ander").click()
    field = second.get_by_label("Probleemanalyse")
    expect(field).to_have_value("De gemeente ziet verkeer.")
    second.get_by_role("button", name="Toch mijn tekst").click()
    expect(field).to_have_value("De corporatie ziet leegstand.")
    expect(first.get_by_role("region", name="Wat wij samen zien")).to_contain_text("leegstand")


def test_the_other_fields_of_the_form_go_on_saving_beside_a_conflict(room):
    room.expect_trouble("status of 409", NO_LINE)
    partner, corporation = room.partner("afspraken/1/"), room.corporation("afspraken/1/")
    means = open_agreement(corporation)
    corporation.context.set_offline(True)
    means.fill("De Veenplas betaalt.")
    expect_line(corporation, "geen verbinding")
    open_agreement(partner).fill("De gemeente betaalt.")
    expect_line(partner, "Bewaard")
    corporation.context.set_offline(False)
    asked = corporation.get_by_role("alert").filter(has_text="Iemand anders heeft dit intussen gewijzigd")
    expect(asked).to_contain_text("De gemeente betaalt.")
    expect(asked).to_contain_text("De Veenplas betaalt.")
    expect(means).to_have_value("De Veenplas betaalt.")
    corporation.get_by_label("bewoners merken").fill("De straat is schoon.")
    expect(partner.get_by_role("definition").filter(has_text="De straat is schoon.")).to_be_visible()
    expect(corporation.locator(".conflict")).to_be_visible()


def test_what_was_typed_offline_is_sent_at_the_next_visit(room):
    room.expect_trouble(NO_LINE)
    partner = room.partner("afspraken/1/")
    field = open_agreement(partner)
    partner.context.set_offline(True)
    field.fill("Uit het wijkbudget. 🏘️ مرحبا")
    expect_line(partner, "geen verbinding")
    partner.evaluate("() => { window.fetch = () => Promise.reject(new TypeError()); }")  # on leaving too
    partner.close()
    again = room.browsers.contexts[-1].new_page()
    again.context.set_offline(False)
    again.goto(room.page("matrix/"))
    again.get_by_role("link", name="Ga erheen").click()
    expect(again.get_by_label("betaald uit")).to_have_value("Uit het wijkbudget. 🏘️ مرحبا")
    expect_line(again, "Bewaard")
    expect_stored(room, "afspraken/1/", "Uit het wijkbudget. 🏘️ مرحبا")


def test_after_an_expired_seat_the_text_is_still_there_and_then_saved(room):
    room.expect_trouble("status of 404")
    partner = room.partner(sheet(room))
    field = open_analysis(partner)
    partner.context.clear_cookies(name="veerkracht_sessie")
    field.fill("Te veel verhuizingen")
    expect_line(partner, "U bent niet meer aangemeld. Uw tekst blijft hier staan.")
    partner.get_by_role("link", name="Meld u weer aan").click()
    partner.get_by_label("Stoelcode").fill(room.seats["gemeente"])
    partner.get_by_role("button", name="Meedoen").click()
    partner.get_by_role("button", name="Ga aan tafel").click()
    partner.wait_for_url(f"**{room.page(sheet(room))}")
    expect(partner.get_by_label("Probleemanalyse")).to_have_value("Te veel verhuizingen")
    expect_line(partner, "Bewaard")
    expect_stored(room, sheet(room), "Te veel verhuizingen")


def test_an_expired_token_is_renewed_without_a_word(room):
    room.expect_trouble("status of 403")
    partner = room.partner(sheet(room))
    field = open_analysis(partner)
    partner.context.clear_cookies(name="csrftoken")
    field.fill("Te veel verhuizingen")
    expect_line(partner, "Bewaard")


def test_two_tabs_of_one_person_with_two_fields_keep_both(room):
    room.expect_trouble(NO_LINE)
    one = room.partner("afspraken/1/")
    two = one.context.new_page()
    two.goto(room.page("afspraken/1/"))
    first, _ = open_agreement(one), open_agreement(two)
    one.context.set_offline(True)
    first.fill("De gemeente betaalt.")
    two.get_by_label("bewoners merken").fill("De straat is schoon.")
    expect_line(one, "geen verbinding")
    expect_line(two, "geen verbinding")
    one.close()
    two.close()
    again = room.browsers.contexts[-1].new_page()
    again.context.set_offline(False)
    again.goto(room.page("afspraken/1/"))
    expect(again.get_by_label("betaald uit")).to_have_value("De gemeente betaalt.")
    expect(again.get_by_label("bewoners merken")).to_have_value("De straat is schoon.")
    expect(again.get_by_role("definition").filter(has_text="De straat is schoon.")).to_be_visible()


def test_a_text_that_is_too_long_says_so_and_stays(room):
    room.expect_trouble("status of 422")
    partner = room.partner(sheet(room))
    field = open_analysis(partner)
    field.evaluate("(box) => box.removeAttribute('maxlength')")
    field.fill("x" * 100_000)
    expect_line(partner, "hooguit 4000 tekens, en dit zijn er 100000")
    partner.reload()
    expect(partner.get_by_label("Probleemanalyse")).to_have_value("x" * 100_000)
    partner.get_by_label("Probleemanalyse").fill("Korter")
    expect_line(partner, "Bewaard")


def test_the_tenants_words_wait_for_an_answer_and_then_save_themselves(room):
    tenant = room.tenant(sheet(room))
    tenant.get_by_label("Vertel het in uw eigen woorden").fill("Alleen de flats")
    expect_line(tenant, "Kies eerst een antwoord")
    tenant.get_by_label("Deels").check()
    expect_line(tenant, "Bewaard")
    expect_stored(room, sheet(room), "Alleen de flats")
    tenant.get_by_role("button", name="Verstuur").click()
    expect(tenant.get_by_role("button", name="Wijzig ons antwoord")).to_be_visible()


def test_the_title_of_the_session_saves_itself(room):
    facilitator = room.facilitator("voorbereiden/sessie/")
    facilitator.get_by_label("plaats", exact=False).first.fill("Buurthuis De Wiek")
    expect_line(facilitator, "Bewaard")
    facilitator.reload()
    expect(facilitator.get_by_label("plaats", exact=False).first).to_have_value("Buurthuis De Wiek")


def test_proposals_of_a_time_without_a_connection_all_go_once(room):
    room.expect_trouble(NO_LINE)
    partner = room.partner("matrix/")
    title = add_line(partner)
    partner.context.set_offline(True)
    for text in ("Elke week een rondgang", "Een buurtmoestuin"):
        title.fill(text)
        partner.get_by_role("button", name="Voeg toe").click()
        waiting = partner.locator("[data-outbox]").filter(has_text=text)
        expect(waiting).to_contain_text("nog niet verstuurd en gaat zodra er verbinding is")
        expect(title).to_have_value("")
    partner.context.set_offline(False)
    matrix = partner.get_by_role("region", name="Matrix")
    expect(matrix.get_by_role("link", name="Elke week een rondgang")).to_have_count(1)
    expect(matrix.get_by_role("link", name="Een buurtmoestuin")).to_have_count(1)
    expect(partner.locator("[data-outbox]")).to_contain_text("is alsnog verstuurd")


def test_a_remark_whose_answer_was_lost_is_not_stored_twice(make_room):
    room = make_room(stage="kijken")
    room.expect_trouble("ERR_FAILED", "ERR_CONNECTION_FAILED")
    partner = room.partner("kaart/")

    def lose_the_answer(route):
        route.fetch(max_redirects=0)
        route.abort()

    partner.route("**/opmerkingen/schrijven/", lose_the_answer, times=1)
    partner.get_by_label("Wat valt u op?").fill("De speeltuin is weg")
    partner.get_by_role("button", name="Bewaar de opmerking").click()
    expect(partner.locator("[data-outbox]")).to_contain_text("De speeltuin is weg")
    partner.reload()
    expect(partner.locator("[data-outbox]")).to_contain_text("is alsnog verstuurd")
    remarks = partner.locator("#opmerkingen").get_by_role("listitem").filter(has_text="De speeltuin is weg")
    expect(remarks).to_have_count(1)


def test_the_last_action_is_undone_with_the_keyboard(room):
    partner = room.partner("matrix/")
    add_line(partner).fill("Elke week een rondgang")
    partner.keyboard.press("Enter")
    undo = partner.get_by_role("status").get_by_role("button", name="Ongedaan maken")
    undo.focus()
    partner.keyboard.press("Enter")
    expect(partner.get_by_role("status").filter(has_text="Ongedaan gemaakt")).to_be_visible()
    expect(partner.get_by_role("region", name="Matrix")).not_to_contain_text("Elke week een rondgang")


def test_what_saved_itself_is_undone_on_the_page_of_my_last_actions_on_a_phone(room):
    tenant = room.tenant(sheet(room))
    field = open_analysis(tenant)
    field.press_sequentially("Te veel")
    expect_line(tenant, "Bewaard")
    field.press_sequentially(" verhuizingen")
    expect(tenant.get_by_role("region", name="Wat wij samen zien")).to_contain_text("verhuizingen")
    tenant.get_by_role("link", name="Mijn laatste acties").click()
    tenant.get_by_role("button", name="Ongedaan maken").first.click()
    tenant.goto(room.page(sheet(room)))
    expect(tenant.get_by_role("region", name="Wat wij samen zien")).not_to_contain_text("Te veel")


def test_on_a_shared_computer_the_next_organisation_is_not_offered_my_words(room):
    room.expect_trouble("status of 404")
    partner = room.partner("afspraken/1/")
    field = open_agreement(partner)
    partner.context.clear_cookies(name="veerkracht_sessie")
    field.fill("Van de gemeente")
    expect_line(partner, "U bent niet meer aangemeld")
    take_seat(partner, room.seats["woningcorporatie"])
    partner.goto(room.page("afspraken/1/"))
    expect(open_agreement(partner)).to_have_value("")
