"""Names and words are shown as they were written, whatever is in them."""

import re

import pytest
from playwright.sync_api import Page, expect

NAME = """Huurders "'t Zand" & <b>co</b> 🏘"""
TITLE = 'Een <script>alert(1)</script> tegen \'t zwerfvuil & "meer"'


def expect_as_text(page: Page, *texts: str):
    for text in texts:
        expect(page.locator("body")).to_contain_text(text)
    expect(page.locator("b").filter(has_text=re.compile("^co$"))).to_have_count(0)
    assert page.locator("script", has_text="alert").count() == 0


@pytest.fixture
def room(make_room):
    return make_room(
        stage="afspreken", parties=[("Gemeente Merelveen", "gemeente"), (NAME, "huurdersorganisatie")], measures=[TITLE]
    )


def test_a_difficult_name_and_measure_are_text_on_every_page(room):
    facilitator = room.facilitator("afspraken/1/")
    facilitator.get_by_text("De afspraak invullen of wijzigen").click()
    facilitator.get_by_label("Wie trekt het?").select_option(NAME)
    facilitator.get_by_role("button", name="Bewaar de afspraak").click()
    expect_as_text(facilitator, f"{NAME} zorgt dat dit gebeurt: {TITLE}")
    facilitator.get_by_role("button", name="Afgesproken", exact=True).click()

    first = next(iter(room.buurten.values()))["code"]
    tenant = room.tenant(f"buurt/{first}/")
    tenant.get_by_label("Deels").check()
    tenant.get_by_label("Vertel het in uw eigen woorden").fill(TITLE)
    tenant.get_by_role("button", name="Verstuur").click()
    expect_as_text(tenant, NAME, TITLE)

    for path in ("matrix/", "afspraken/", "plan/"):
        facilitator.goto(room.page(path))
        expect_as_text(facilitator, NAME, TITLE)
    for path in ("voorbereiden/", "voorbereiden/stoelcodes/"):
        facilitator.goto(room.page(path))
        expect_as_text(facilitator, NAME)
    facilitator.goto(room.page("kaart/") + f"?buurt={first}")
    panel = facilitator.get_by_role("complementary", name="Gekozen buurt")
    expect(panel).to_contain_text(f"{NAME}: deels")
    expect_as_text(facilitator, TITLE)
