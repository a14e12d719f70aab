"""Every page of the journey on a laptop, a phone and a beamer."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e import looks
from tests.e2e.people import BEAMER, LAPTOP, PHONE, take_seat

# who looks, what we call the page, its address
PAGES = (
    ("niemand", "begin", "/"),
    ("niemand", "meedoen", "/meedoen/"),
    ("niemand", "stoel", "/meedoen/{seat}/"),
    ("niemand", "inloggen", "/inloggen/"),
    ("niemand", "onderdelen", "/stijl/"),
    ("niemand", "niet gevonden", "/bestaat-niet/"),
    ("begeleider", "sessies", "/"),
    ("begeleider", "gemeenten", "/kaart/"),
    ("begeleider", "signaleringskaart", "/kaart/GM9901/"),
    ("begeleider", "foto", "/kaart/GM9901/?kaart=foto&met=nederland"),
    ("begeleider", "jaren die niet kunnen", "/kaart/GM9901/?van=2024&tot=2018"),
    ("begeleider", "afdruk van de kaart", "/kaart/GM9901/afdrukken/"),
    ("begeleider", "gegevens", "/gegevens/"),
    ("begeleider", "kies een kaart", "/sessie/nieuw/"),
    ("begeleider", "nieuwe sessie", "/sessie/nieuw/{edition}/"),
    ("begeleider", "voorbereiden", "/sessie/demo/voorbereiden/"),
    ("begeleider", "stoelcodes", "/sessie/demo/voorbereiden/stoelcodes/"),
    ("begeleider", "sessie en buurten", "/sessie/demo/voorbereiden/sessie/"),
    ("begeleider", "agenda maken", "/sessie/demo/voorbereiden/agenda/"),
    ("begeleider", "stukken", "/sessie/demo/voorbereiden/stukken/"),
    ("begeleider", "uitnodigen", "/sessie/demo/voorbereiden/uitnodigen/"),
    ("begeleider", "aanwezig en bewaren", "/sessie/demo/voorbereiden/bewaren/"),
    ("begeleider", "sessie inlezen", "/sessie/inlezen/"),
    ("begeleider", "logboek", "/sessie/demo/logboek/"),
    ("begeleider", "opmerkingen", "/sessie/demo/opmerkingen/"),
    ("begeleider", "opmerking", "/sessie/demo/opmerkingen/{remark}/"),
    ("begeleider", "buurt", "/sessie/demo/buurt/{area}/"),
    ("niemand", "beamer: kaart", "/beamer/{beamer}/?"),
    ("begeleider", "kijken", "/sessie/demo/kaart/?buurt={area}"),
    ("begeleider", "duiden", "/sessie/demo/duiden/"),
    ("begeleider", "matrix", "/sessie/demo/matrix/"),
    ("begeleider", "catalogus", "/sessie/demo/matrix/catalogus/"),
    ("begeleider", "matrix, invullen", "/sessie/demo/matrix/#toevoegen"),
    ("begeleider", "dekking", "/sessie/demo/matrix/dekking/"),
    ("begeleider", "kijken, afspraken", "/sessie/demo/kaart/?beeld=afspraken"),
    ("begeleider", "eigen kaart", "/sessie/demo/matrix/catalogus/nieuw/"),
    ("huurder", "eigen kaarten als blad", "/sessie/demo/matrix/catalogus/inlezen/"),
    ("begeleider", "bewust leeg", "/sessie/demo/matrix/vak/{area_pk}/woninggebruik/"),
    ("begeleider", "afspraken", "/sessie/demo/afspraken/"),
    ("begeleider", "afspraak", "/sessie/demo/afspraken/1/"),
    ("begeleider", "keuze van afspraken", "/sessie/demo/afspraken/?bezwaar=1&status=afgesproken"),
    ("begeleider", "afspraak met advies", "/sessie/demo/afspraken/3/"),
    ("begeleider", "te bevestigen", "/sessie/demo/afspraken/17/"),
    ("begeleider", "wie belooft wat", "/sessie/demo/afspraken/wie-belooft-wat/"),
    ("begeleider", "stadstoets", "/sessie/demo/afspraken/stadstoets/"),
    ("begeleider", "verzoek om bevestiging", "/sessie/demo/afspraken/verzoek/{absent}/"),
    ("begeleider", "prioriteiten", "/sessie/demo/prioriteiten/"),
    ("begeleider", "werkblad", "/sessie/demo/afspraken/werkblad/"),
    ("begeleider", "plan", "/sessie/demo/plan/"),
    ("begeleider", "voortgang", "/sessie/demo/voortgang/"),
    ("begeleider", "voortgang van een afspraak", "/sessie/demo/voortgang/1/"),
    ("begeleider", "terugbliksessie maken", "/sessie/demo/voortgang/terugbliksessie/"),
    ("begeleider", "terugblik", "/sessie/demo/terugblik/"),
    ("huurder", "voortgang", "/sessie/demo/voortgang/"),
    ("huurder", "terugblik op een afspraak", "/sessie/demo/terugblik/1/"),
    ("huurder", "agenda en stukken", "/sessie/demo/agenda/"),
    ("huurder", "laatste acties", "/sessie/demo/laatste-acties/"),
    ("huurder", "opmerking", "/sessie/demo/opmerkingen/{remark}/"),
    ("huurder", "kijken", "/sessie/demo/kaart/"),
    ("huurder", "buurt", "/sessie/demo/buurt/{area}/"),
    ("huurder", "matrix", "/sessie/demo/matrix/"),
    ("huurder", "afspraak", "/sessie/demo/afspraken/5/"),
)


UNFOLD = """async () => {
  for (const folded of document.querySelectorAll("details")) folded.open = true;
  await document.fonts.ready;
}"""


@pytest.fixture(scope="package")
def states(browser, site, stagehand, facilitator_state):
    """The cookies of each who looks."""
    context = browser.new_context(base_url=site.url)
    take_seat(context.new_page(), stagehand.ask("describe", code="demo")["seats"]["huurdersorganisatie"])
    tenant_state = context.storage_state()
    context.close()
    return {"niemand": None, "begeleider": facilitator_state, "huurder": tenant_state}


@pytest.mark.parametrize(("who", "name", "address"), PAGES, ids=[f"{who}: {name}" for who, name, _ in PAGES])
def test_the_page_fits_every_screen_and_everybody_can_use_it(demo, states, who, name, address):
    if name == "niet gevonden":
        demo.expect_trouble("status of 404")
    buurt = demo.buurten["Vogelbuurt"]
    path = address.format(
        seat=demo.seats["gemeente"], edition=demo.edition, area=buurt["code"], area_pk=buurt["pk"],
        beamer=demo.beamer, remark=demo.remark, absent=demo.absent,
    )  # fmt: skip
    page = demo.browsers.open(LAPTOP, states[who])
    found = []
    for size in (LAPTOP, PHONE, BEAMER):
        viewport = size["viewport"]
        page.set_viewport_size(viewport)
        page.goto(path)
        open_everything(page)
        found += [f"{name} ({who}) op {viewport['width']}: {text}" for text in findings(page, viewport["width"])]
    assert not found, "\n".join(found)


def open_everything(page):
    """Wait for the map, and unfold what is folded."""
    expect(page.locator("html")).to_have_attribute("lang", "nl")
    for drawn in page.locator("[data-signal-map], [data-outlines]").all():
        expect(drawn).to_have_attribute("data-painted", re.compile("[0-9]"))
    if "buurt=" in page.url:
        expect(page.locator("#paneel").get_by_role("heading", level=2)).to_have_text("Vogelbuurt")
    page.evaluate(UNFOLD)


def findings(page, width) -> list[str]:
    found = looks.sideways(page)
    if width == 1920:
        return found + looks.small_text(page, least=24)
    found += looks.barriers(page, contrast=width == 1366)  # the colours are the same on a phone
    return found + looks.small_targets(page) if width == 390 else found
