"""Whatever goes wrong, the words come back."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.people import add_line, take_seat

WORDS = "De gemeente betaalt de helft uit het wijkbudget."


def type_means(page: Page):
    page.get_by_text("De afspraak invullen of wijzigen").click()
    page.get_by_label("betaald uit").fill(WORDS)


@pytest.fixture
def room(make_room):
    return make_room(stage="afspreken", measures=["Samen schoonmaken"])


def test_what_was_typed_is_there_again_after_leaving_the_page(room):
    partner = room.partner("afspraken/1/")
    type_means(partner)
    partner.get_by_role("link", name="Matrix").click()
    partner.get_by_role("region", name="Matrix").get_by_role("link", name="Samen schoonmaken").click()
    partner.get_by_role("link", name="Open en vul in").click()
    expect(partner.get_by_role("definition").filter(has_text=WORDS)).to_be_visible()
    expect(partner.get_by_label("betaald uit")).to_have_value(WORDS)


def test_what_was_typed_in_a_form_with_a_button_is_there_again_after_leaving_the_page(room):
    tenant = room.tenant("afspraken/1/")
    tenant.get_by_label("Niet akkoord").check()
    tenant.get_by_label("Reden of voorbehoud").fill(WORDS)
    tenant.goto(room.page("matrix/"))
    tenant.goto(room.page("afspraken/1/"))
    expect(tenant.get_by_text("Dit had u getypt en was nog niet bewaard")).to_be_visible()
    expect(tenant.get_by_label("Niet akkoord")).to_be_checked()
    expect(tenant.get_by_label("Reden of voorbehoud")).to_have_value(WORDS)


def test_after_saving_it_is_not_offered_again(room):
    partner = room.partner("afspraken/1/")
    type_means(partner)
    partner.get_by_role("button", name="Bewaar de afspraak").click()
    expect(partner.get_by_role("status")).to_contain_text("Bewaard")
    partner.goto(room.page("afspraken/1/"))
    expect(partner.get_by_text("Dit had u getypt")).to_have_count(0)
    expect(partner.get_by_role("definition").filter(has_text=WORDS)).to_be_visible()


def test_an_expired_form_is_saved_all_the_same(room):
    room.expect_trouble("status of 403")
    partner = room.partner("afspraken/1/")
    type_means(partner)
    partner.context.clear_cookies(name="csrftoken")
    partner.get_by_role("button", name="Bewaar de afspraak").click()
    expect(partner.get_by_role("definition").filter(has_text=WORDS)).to_be_visible()


def test_without_script_an_expired_form_gives_the_text_back_in_dutch(room):
    room.expect_trouble("status of 403")
    partner = room.partner("afspraken/1/")
    type_means(partner)
    partner.context.clear_cookies(name="csrftoken")
    partner.locator("#afspraak").evaluate("(form) => form.submit()")  # as a browser does by itself
    expect(partner.get_by_role("heading", name="Dit formulier is verlopen")).to_be_visible()
    expect(partner.get_by_role("region", name="Wat u had getypt")).to_contain_text(WORDS)


def test_who_lost_the_seat_keeps_the_text_on_the_screen(room):
    room.expect_trouble("status of 404")
    tenant = room.tenant("afspraken/1/")
    tenant.get_by_label("Niet akkoord").check()
    tenant.get_by_label("Reden of voorbehoud").fill(WORDS)
    tenant.context.clear_cookies(name="veerkracht_sessie")
    tenant.get_by_role("button", name="Bewaar ons standpunt").click()
    expect(tenant.get_by_text("U bent niet meer aangemeld. Uw tekst blijft hier staan.")).to_be_visible()
    expect(tenant.get_by_role("link", name="Meld u weer aan")).to_be_visible()
    expect(tenant.get_by_label("Reden of voorbehoud")).to_have_value(WORDS)


def test_who_took_the_seat_again_finds_the_text_in_the_form(room):
    room.expect_trouble("status of 404")
    tenant = room.tenant("afspraken/1/")
    tenant.get_by_label("Niet akkoord").check()
    tenant.get_by_label("Reden of voorbehoud").fill(WORDS)
    tenant.context.clear_cookies(name="veerkracht_sessie")
    tenant.get_by_role("button", name="Bewaar ons standpunt").click()
    expect(tenant.get_by_role("link", name="Meld u weer aan")).to_be_visible()
    tenant.goto(f"/meedoen/{room.seats['huurdersorganisatie']}/")
    tenant.get_by_role("button", name="Ga aan tafel").click()
    tenant.goto(room.page("afspraken/1/"))
    expect(tenant.get_by_label("Reden of voorbehoud")).to_have_value(WORDS)


def test_a_card_from_the_catalogue_does_not_give_way_to_what_was_typed_before(room):
    partner = room.partner("matrix/")
    title = add_line(partner)
    title.fill("Iets met een huismeester, misschien?")
    partner.get_by_role("link", name="Zoek een idee in de catalogus").click()
    partner.get_by_role("link", name=re.compile("Kies deze.*Schoon, heel en veilig")).click()
    expect(title).to_have_value("Schoon, heel en veilig")
    partner.goto(room.page("matrix/"))
    expect(title).to_have_value("Iets met een huismeester, misschien?")


def test_text_that_comes_back_does_not_overwrite_what_another_wrote_meanwhile(room):
    room.expect_trouble("status of 404", "status of 409")
    partner, corporation = room.partner("afspraken/1/"), room.corporation("afspraken/1/")
    partner.context.clear_cookies(name="veerkracht_sessie")
    type_means(partner)
    expect(partner.get_by_text("U bent niet meer aangemeld")).to_be_visible()
    corporation.get_by_text("De afspraak invullen of wijzigen").click()
    corporation.get_by_label("betaald uit").fill("De Veenplas betaalt alles.")
    corporation.get_by_role("button", name="Bewaar de afspraak").click()
    expect(corporation.get_by_role("status")).to_contain_text("Bewaard")

    take_seat(partner, room.seats["gemeente"])
    partner.goto(room.page("afspraken/1/"))
    expect(partner.get_by_label("betaald uit")).to_have_value(WORDS)
    both = partner.get_by_role("alert").filter(has_text="Iemand anders heeft dit intussen gewijzigd")
    expect(both).to_contain_text("De Veenplas betaalt alles.")
    expect(both).to_contain_text(WORDS)


def test_what_one_organisation_typed_is_not_offered_to_another_on_the_same_computer(room):
    tenant = room.tenant("afspraken/1/")
    tenant.get_by_label("Reden of voorbehoud").fill(WORDS)
    take_seat(tenant, room.seats["gemeente"])
    tenant.goto(room.page("afspraken/1/"))
    expect(tenant.get_by_role("heading", name="Standpunt van Gemeente Merelveen")).to_be_visible()
    expect(tenant.get_by_label("Reden of voorbehoud")).to_have_value("")
