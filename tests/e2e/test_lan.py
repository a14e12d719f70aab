"""A community centre: the site on the network of the room, found and opened without internet."""

import pytest
from playwright.sync_api import expect

from tests.e2e.installation import Installation, Stagehand
from tests.e2e.people import PHONE, Browsers, log_in, take_seat
from veerkracht_site import lan


@pytest.fixture
def in_the_room(site, tmp_path):
    """On an address of the local network; a computer that is on none takes its own."""
    made = Installation(tmp_path / "zaal").copy_of(site)
    found = lan.find()
    made.move_to(found[0].ip if found else "127.0.0.1")
    # Chosen by itself, unless there is none, or only one on the internet.
    made.start("--lan", *(() if found and found[0].is_private else ("--host", made.host)))
    yield made
    made.remove()


def test_a_phone_joins_with_a_seat_code_over_the_address_of_the_room(browser, in_the_room):
    told = in_the_room.log()
    assert f"Veerkracht draait op {in_the_room.url} " in told
    assert "█" in told, "de QR-code"

    hand = Stagehand(in_the_room)
    session = hand.ask("session", stage="handelen")
    browsers = Browsers(browser, in_the_room.url)

    phone = browsers.open(PHONE)
    take_seat(phone, session["seats"]["huurdersorganisatie"])
    expect(phone.get_by_text(session["title"]).first).to_be_visible()

    laptop = browsers.open()
    log_in(laptop)
    laptop.goto(f"/sessie/{session['code']}/voorbereiden/")
    seat = laptop.get_by_text(session["seats"]["gemeente"]).first
    expect(seat).to_be_visible()
    laptop.goto(f"/sessie/{session['code']}/voorbereiden/stoelcodes/")
    expect(laptop.get_by_text(in_the_room.url.removeprefix("http://")).first).to_be_visible()

    browsers.close()
    hand.leave()
    assert browsers.trouble.unexpected() == []
