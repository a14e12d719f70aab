"""A year later: the facilitator makes the session that looks back, tenants answer first, and everyone sees it happen."""

from playwright.sync_api import expect

from tests.e2e.people import LAPTOP, PHONE, Room, take_seat_at_once


def test_from_a_promise_to_what_came_of_it(make_room, stagehand):
    room = make_room(stage="handelen")
    stagehand.ask("agreed", code=room.code, title="Portieken opknappen")

    facilitator = room.facilitator("voortgang/")
    facilitator.get_by_role("link", name="Maak een terugbliksessie").click()
    facilitator.get_by_label("Titel").fill("Een jaar later")
    facilitator.get_by_role("button", name="Maak de terugbliksessie").click()
    expect(facilitator.get_by_role("heading", name="Openstaand van de vorige keer")).to_be_visible()
    expect(facilitator.locator("#openstaand")).to_contain_text("niet akkoord")
    facilitator.get_by_role("button", name="Begin de sessie").click()
    facilitator.get_by_role("button", name="Volgende stap: Terugkijken").click()
    expect(facilitator.get_by_role("heading", name="Terugblik", exact=True)).to_be_visible()

    code = facilitator.url.split("/sessie/")[1].split("/")[0]
    later = stagehand.ask("describe", code=code)
    corporation = seated(room, later, "woningcorporatie", LAPTOP)
    tenant = seated(room, later, "huurdersorganisatie", PHONE)

    corporation.get_by_label("Deels gedaan").check()
    corporation.get_by_label("In uw woorden").fill("Drie portieken zijn klaar.")
    corporation.get_by_label("In uw woorden").blur()
    expect(corporation.locator("#gedaan-formulier")).to_contain_text("Bewaard")
    expect(tenant.locator("[data-part^=review]")).not_to_contain_text("Drie portieken")

    tenant.get_by_label("Deels", exact=True).check()
    tenant.get_by_label("Vertel het in uw eigen woorden").fill("De deur sluit nog niet.")
    tenant.get_by_role("button", name="Verstuur").click()
    expect(tenant.locator("[data-part^=review]")).to_contain_text("Drie portieken")
    expect(corporation.locator("[data-part^=review]")).to_contain_text("De deur sluit nog niet.")

    corporation.get_by_label("Bijstellen").check()
    corporation.get_by_label("Waarom?").fill("Meer tijd nodig")
    corporation.locator("#verder").get_by_role("button", name="Bewaar").click()
    expect(tenant.locator("[data-part^=review]")).to_contain_text("Meer tijd nodig")
    expect(facilitator.locator("#hoe-ver")).to_contain_text("1 van 1 besproken")


def seated(room: Room, later, kind, size):
    page = room.browsers.open(size)
    take_seat_at_once(page, later["seats"][kind])
    page.goto(f"/sessie/{later['code']}/terugblik/1/")
    return page
