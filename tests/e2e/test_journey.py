"""From signal to plan: a facilitator, a partner and a corporation on laptops, a tenant on a phone."""

import io
import re

from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.e2e.people import PHONE, log_in, remember, was_not_reloaded

TITLE = "Gebiedssessie Merelveen-Zuid"
CORPORATION, MUNICIPALITY, TENANTS = (
    "Woonstichting De Veenplas",
    "Gemeente Merelveen",
    "Huurdersvereniging Samen",
)
OWN_WORDS = "In ons portiek is het 's avonds onrustig, maar overdag groeten de mensen elkaar."
FREE, CARD = "Elke maand samen het hof schoonmaken", "Huismeester of buurtconciërge"
REASON = "De servicekosten mogen hier niet door omhoog gaan."


def test_a_session_runs_from_the_signal_to_the_plan_on_paper(browsers):
    browsers.trouble.expect("status of 422")  # the position without its reason
    facilitator = browsers.open()
    log_in(facilitator)
    chosen = make_a_session(facilitator)
    seats = invite(facilitator)
    partner, corporation, tenant = browsers.open(), browsers.open(), browsers.open(PHONE)
    join_by_code(partner, seats[MUNICIPALITY].code.lower().replace("-", ""))
    join_by_code(corporation, seats[CORPORATION].code)
    join_by_address(tenant, seats[TENANTS].address)
    expect(facilitator.get_by_text("3 van 3 partijen binnen")).to_be_visible()

    facilitator.get_by_role("button", name="Begin de sessie").click()
    look_at_the_map(facilitator, chosen)
    filter_by_the_legend(facilitator, chosen)

    tenant.goto(facilitator.url)
    next_step(facilitator, "Duiden")
    expect(tenant.get_by_role("heading", name="Buurt voor buurt")).to_be_visible()
    remember(facilitator)
    tell_in_own_words(tenant)
    expect(facilitator.get_by_role("main")).to_contain_text(OWN_WORDS)
    assert was_not_reloaded(facilitator)

    next_step(facilitator, "Handelen")
    remember(facilitator)
    follow(partner, "Handelen")
    add_freely(partner)
    on_the_matrix(facilitator, FREE)
    add_from_the_catalogue(partner)
    on_the_matrix(facilitator, CARD)
    assert was_not_reloaded(facilitator)

    next_step(facilitator, "Afspreken")
    fill_in_the_agreement(facilitator)
    for page, agrees in ((corporation, True), (partner, True), (tenant, False)):
        follow(page, "Afspreken")
        page.get_by_role("link", name=FREE).click()
        agree(page) if agrees else object_with_a_reason(page)
    for organisation, stance in (
        (CORPORATION, "akkoord"),
        (MUNICIPALITY, "akkoord"),
        (TENANTS, "niet akkoord"),
    ):
        expect(facilitator.get_by_role("main")).to_contain_text(f"{organisation}: {stance}")

    facilitator.get_by_role("link", name="Alle afspraken").click()
    next_step(facilitator, "Vaststellen")
    read_the_plan_back(facilitator)


def make_a_session(page: Page) -> list[str]:
    """Returns the names of the buurten: one picked on the map, the others in the list."""
    page.get_by_role("link", name="Nieuwe sessie", exact=True).click()
    own = page.get_by_role("listitem").filter(has_text="igen gemeente")
    own.get_by_role("link", name="2018–2024").click()
    page.get_by_label("Titel").fill(TITLE)
    page.get_by_label("Datum").fill("2026-11-26")
    area_map = page.get_by_role("region", name="Kaart om buurten te kiezen")
    expect(area_map).to_have_attribute("data-painted", re.compile("[0-9]"))
    box = area_map.bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*middle)
    picked = page.locator(".map-tip").inner_text()
    page.mouse.click(*middle)
    expect(page.get_by_role("checkbox", name=picked, exact=True)).to_be_checked()
    for name in ("Vogelbuurt", "De Hoven", "'t Zand"):
        page.get_by_role("checkbox", name=name, exact=True).check()
    chosen = sorted({picked, "Vogelbuurt", "De Hoven", "'t Zand"})
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(len(chosen))
    expect(area_map.locator('path[fill="#14505c"]')).to_have_count(len(chosen))
    page.get_by_role("button", name="Maak de sessie").click()
    return chosen


class Seat:
    def __init__(self, card):
        self.code = card.locator(".seat__code").inner_text()
        card.get_by_text("Meer", exact=True).click()
        self.address = re.search(r"https?://\S+", card.get_by_text("Adres:").inner_text()).group()


def invite(page: Page) -> dict[str, Seat]:
    kinds = {CORPORATION: "Woningcorporatie", MUNICIPALITY: "Gemeente", TENANTS: "Huurdersorganisatie"}
    seats = {}
    for name, kind in kinds.items():
        page.get_by_label("Soort").select_option(kind)
        page.get_by_label("Naam van de organisatie").fill(name)
        page.get_by_role("button", name="Voeg toe").click()
        expect(page.get_by_role("heading", name=name)).to_be_visible()
    for name in kinds:
        qr = page.get_by_role("img", name=f"QR-code om mee te doen voor {name}")
        expect(qr).to_be_visible()
        assert qr.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
        seats[name] = Seat(page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=name)))
    return seats


def join_by_code(page: Page, code: str):
    page.goto("/")
    page.get_by_label("Stoelcode").fill(code)
    page.get_by_role("button", name="Meedoen").click()
    page.get_by_role("button", name="Ga aan tafel").click()
    page.wait_for_url("**/sessie/**")


def join_by_address(page: Page, address: str):
    page.goto(address)
    expect(page.get_by_text("U neemt plaats voor")).to_contain_text(TENANTS)
    page.get_by_label("Uw naam").fill("Annie")
    page.get_by_role("button", name="Ga aan tafel").click()
    page.wait_for_url("**/sessie/**")


def look_at_the_map(page: Page, chosen: list[str]):
    expect(page.get_by_role("heading", name="Legenda")).to_be_visible()
    expect(page.locator(".map-letter")).to_have_count(len(chosen))
    letter = page.get_by_role("button", name=re.compile("^Vogelbuurt: "))
    label = letter.get_attribute("aria-label").removeprefix("Vogelbuurt: ")
    letter.click()
    panel = page.get_by_role("complementary", name="Gekozen buurt")
    expect(panel.get_by_role("heading", name="Vogelbuurt")).to_be_visible()
    expect(panel).to_contain_text(label)
    sentence = panel.locator(".sentence").inner_text()
    panel.get_by_text("De cijfers achter het signaal").click()
    expect(panel.get_by_role("table").first).to_contain_text("bijstand", ignore_case=True)
    page.get_by_role("button", name="Tabel", exact=True).click()
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name="Vogelbuurt"))
    expect(row).to_contain_text(label)
    expect(row).to_contain_text(sentence)
    for name in chosen:
        expect(page.get_by_role("rowheader", name=name)).to_be_visible()


def filter_by_the_legend(page: Page, chosen: list[str]):
    """Only the class of Vogelbuurt, in the table and on the map; and all of them back."""
    rows = page.locator("[data-signal-table] tbody tr")
    mine = rows.filter(has_text="Vogelbuurt").get_attribute("data-class")
    same = page.locator(f'[data-signal-table] tr[data-class="{mine}"]').count()
    cell = page.locator(f'button[data-filter="{mine}"]')
    cell.click()
    expect(cell).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-signal-table] tbody tr:visible")).to_have_count(same)
    page.get_by_role("button", name="Kaart", exact=True).click()
    expect(page.get_by_role("button", name=re.compile("^Vogelbuurt: "))).not_to_have_class(re.compile("is-dimmed"))
    page.get_by_role("button", name="Toon alle buurten").click()
    expect(page.locator(".is-dimmed")).to_have_count(0)
    expect(page.locator("[data-signal-table] tbody tr[hidden]")).to_have_count(0)


def next_step(page: Page, name: str):
    page.get_by_role("button", name=f"Volgende stap: {name}").click()
    expect(page.get_by_role("listitem").filter(has_text="hier is de sessie nu")).to_contain_text(name)


def follow(page: Page, name: str):
    """Who looks at the page of the step goes along; who does not, by one button."""
    away = page.get_by_role("link", name=f"Volg de begeleider naar {name}")
    here = page.get_by_text("U volgt de begeleider").filter(visible=True)
    expect(away.or_(here)).to_be_visible()
    if away.is_visible():
        away.click()


def tell_in_own_words(page: Page):
    """Before the tenants read what the others make of it."""
    page.get_by_role("link", name="Vogelbuurt").click()
    together = page.get_by_role("region", name="Wat wij samen zien")
    expect(together).to_contain_text("Daarna schrijft en leest de hele tafel")
    page.get_by_label("Deels").check()
    page.get_by_label("Vertel het in uw eigen woorden").fill(OWN_WORDS)
    page.get_by_role("button", name="Verstuur").click()
    expect(page.locator(".message--success")).to_contain_text("Bewaard")
    expect(page.get_by_role("region", name="Wat de huurders zeggen")).to_contain_text(OWN_WORDS)
    expect(together).to_contain_text("Probleemanalyse")


def add_freely(page: Page):
    page.get_by_role("link", name="Maatregel toevoegen: Leefomgeving, Vogelbuurt").click()
    expect(page.get_by_label("Wat gaan we doen?")).to_be_focused()
    page.get_by_label("Wat gaan we doen?").fill(FREE)
    page.get_by_role("button", name="Voeg toe").click()


def add_from_the_catalogue(page: Page):
    page.get_by_role("link", name="Maatregel toevoegen: Sociale aanpak, De Hoven").click()
    page.get_by_role("link", name="Zoek een idee in de catalogus").click()
    page.get_by_label("Zoek").fill("huismeester")
    page.get_by_role("button", name="Zoek").click()
    page.get_by_role("link", name=re.compile(f"Kies deze.*{CARD}")).click()
    expect(page.get_by_label("Wat gaan we doen?")).to_have_value(CARD)
    page.get_by_role("button", name="Voeg toe").click()


def on_the_matrix(page: Page, measure: str):
    expect(page.get_by_role("region", name="Matrix")).to_contain_text(measure)


def fill_in_the_agreement(page: Page):
    page.get_by_role("link", name=FREE).click()
    page.get_by_text("De afspraak invullen of wijzigen").click()
    page.get_by_label("Wie trekt het?").select_option(CORPORATION)
    page.get_by_label("van", exact=True).fill("2027-01-04")
    page.get_by_label("tot", exact=True).fill("2027-12-31")
    page.get_by_role("textbox", name=f"Eigen bijdrage van {MUNICIPALITY}").fill("Haalt het grofvuil op.")
    page.get_by_label("betaald uit").fill("De Veenplas: € 4.000 per jaar.")
    page.get_by_role("button", name="Bewaar de afspraak").click()
    story = page.get_by_role("main")
    expect(story).to_contain_text(f"{CORPORATION} zorgt dat dit gebeurt: {FREE}")
    expect(story).to_contain_text("van 4 januari 2027 tot 31 december 2027")
    expect(story).to_contain_text(f"{MUNICIPALITY}: Haalt het grofvuil op.")
    page.get_by_role("button", name="Afgesproken", exact=True).click()
    expect(page.get_by_role("button", name="Afgesproken", exact=True)).to_have_attribute("aria-pressed", "true")


def agree(page: Page):
    page.get_by_label("Akkoord", exact=True).check()
    page.get_by_role("button", name="Bewaar ons standpunt").click()
    expect(page.locator(".message--success")).to_contain_text("is bewaard")


def object_with_a_reason(page: Page):
    """Without a reason it is refused, and what was chosen stays."""
    page.get_by_label("Niet akkoord").check()
    page.get_by_label("Antwoord uiterlijk op").fill("2027-01-20")
    page.get_by_role("button", name="Bewaar ons standpunt").click()
    expect(page.get_by_text("Schrijf de reden erbij")).to_be_visible()
    expect(page.get_by_label("Niet akkoord")).to_be_checked()
    expect(page.get_by_label("Antwoord uiterlijk op")).to_have_value("2027-01-20")
    page.get_by_label("Reden of voorbehoud").fill(REASON)
    page.get_by_role("button", name="Bewaar ons standpunt").click()
    expect(page.locator(".message--success")).to_contain_text("is bewaard")


def read_the_plan_back(page: Page):
    for text in (FREE, REASON, OWN_WORDS):
        expect(page.get_by_role("main")).to_contain_text(text)
    page.get_by_role("link", name="Open als PDF").click()
    made = page.get_by_role("link", name="Open het plan")
    expect(made).to_be_visible(timeout=120_000)  # making it takes seconds, on a busy computer many
    answer = page.request.get(made.get_attribute("href"))
    assert answer.headers["content-type"] == "application/pdf"
    assert "gezamenlijk-plan" in answer.headers["content-disposition"]
    words = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.body())).pages)
    words = re.sub(r"[\s­]+", " ", words)
    for text in (TITLE, FREE, REASON, OWN_WORDS):
        assert text in words
