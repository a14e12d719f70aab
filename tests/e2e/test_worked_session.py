"""A whole year on real open data: six buurten of Baarn and forty agreements, from an idea on the matrix to a plan that was
fixed, a changed agreement, and looking back a year later. The facilitator, the corporation, the municipality, the tenants
and welfare each have a browser of their own."""

import re
import tomllib
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.e2e.people import LAPTOP, PHONE, Room, take_seat_at_once

WORDS = tomllib.loads(Path(__file__).with_name("baarn.toml").read_text(encoding="utf-8"))
AGREEMENTS, PARTIES, BUURTEN = WORDS["agreements"], WORDS["parties"], WORDS["buurten"]
FRAMEWORKS = {
    "leefomgeving": "Leefomgeving", "sociale_aanpak": "Sociale aanpak",
    "woninggebruik": "Woninggebruik", "woningprogramma": "Woningprogramma",
}  # fmt: skip
ELSEWHERE = {"geen": "Bekeken: geen effect elders", "wel": "Er is effect elders"}
MADE = [number for number, a in enumerate(AGREEMENTS, 1) if "status" not in a]
BY = {"corporatie": "woningcorporatie", "gemeente": "gemeente", "huurders": "huurdersorganisatie", "welzijn": "welzijn"}
LAMPS, PRIORITY = 2, 22  # the numbers of two of them


@pytest.fixture
def room(browsers, facilitator_state, stagehand, shared_data):
    details = stagehand.ask(
        "real_session", title=WORDS["title"], municipality="GM0308", folder=str(shared_data / "baarn"),
        figures=[2018, 2020, 2022], years=[2018, 2022], parties=list(PARTIES.values()), buurten=list(BUURTEN.values()),
    )  # fmt: skip
    return Room(browsers, facilitator_state, **details)


def test_forty_agreements_from_an_idea_to_a_year_later(room, tmp_path):
    facilitator = room.facilitator("voorbereiden/")
    table = {key: room.seated(kind, size=PHONE if key == "huurders" else LAPTOP) for key, kind in BY.items()}
    look_and_read(facilitator, table, room)
    first_ones_on_the_matrix(facilitator, table, room)
    the_others_by_worksheet(facilitator, room, tmp_path)
    positions(facilitator, table, room)
    fix(facilitator, table, room)
    change_by_consent(facilitator, table, room)
    fix_again_and_compare(facilitator, room)
    a_year_later(facilitator, room)


def to_step(page: Page, name: str):
    page.get_by_role(
        "button", name=re.compile(f"^(Volgende stap: |Iedereen naar |Begin de sessie).*{name}|^Begin de sessie$")
    ).first.click()
    expect(page.locator(".step--here, [aria-current]").first).to_be_visible()


def send(page: Page, address: str, **form):
    """A form without drawing its page: what a form does is tested elsewhere, here are a hundred of them."""
    token = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "csrftoken")
    answer = page.request.post(
        address, form={key: str(value) for key, value in form.items()} | {"csrfmiddlewaretoken": token}, max_redirects=0
    )
    assert answer.status == 302, f"{address}: {answer.status}"


def look_and_read(facilitator, table, room):
    facilitator.get_by_role("button", name="Begin de sessie").click()
    expect(
        facilitator.get_by_role("heading", name="Wat valt u op?").or_(facilitator.get_by_label("Wat valt u op?")).first
    ).to_be_visible()
    send(facilitator, room.page("stap/"), stage="duiden")
    code = room.buurten[BUURTEN["eemdal"]]["code"]
    tenant = table["huurders"]
    tenant.goto(room.page(f"buurt/{code}/"))
    tenant.get_by_label("Deels", exact=True).check()
    tenant.get_by_label("Vertel het in uw eigen woorden").fill(
        "Overdag is het hier goed wonen, 's avonds mist er toezicht."
    )
    tenant.get_by_role("button", name="Verstuur").click()
    facilitator.goto(room.page("duiden/"))
    expect(facilitator.get_by_role("main")).to_contain_text("deels")


def first_ones_on_the_matrix(facilitator, table, room):
    send(facilitator, room.page("stap/"), stage="handelen")
    facilitator.goto(room.page("matrix/"))
    for number, key in ((1, "huurders"), (2, "gemeente")):
        words, page = AGREEMENTS[number - 1], table[key]
        page.goto(room.page("matrix/"))
        where = f"Maatregel toevoegen: {FRAMEWORKS[words['framework']]}, {BUURTEN[words['buurten'][0]]}"
        if key == "huurders":
            page.get_by_label("Buurt", exact=True).last.select_option(label=BUURTEN[words["buurten"][0]])
        page.get_by_role("link", name=where).click()
        page.get_by_label("Wat gaan we doen?").fill(words["title"])
        page.get_by_label("Wat gaan we doen?").press("Enter")
        expect(facilitator.get_by_role("region", name="Matrix")).to_contain_text(words["title"])


def the_others_by_worksheet(facilitator, room, tmp_path):
    """All words of the forty, typed at an office into the worksheet that the facilitator took along."""
    send(facilitator, room.page("stap/"), stage="afspreken")
    read_in(facilitator, room, tmp_path / "woorden.xlsx", fill_words)
    read_in(facilitator, room, tmp_path / "status.xlsx", fill_status)
    facilitator.goto(room.page("afspraken/"))
    expect(facilitator.get_by_role("heading", name=f"Afgesproken ({len(MADE)})")).to_be_visible()


def read_in(page: Page, room, path: Path, fill):
    page.goto(room.page("afspraken/werkblad/"))
    with page.expect_download() as download:
        page.get_by_role("link", name="Download het werkblad").click()
    download.value.save_as(path)
    book = load_workbook(path)
    fill(book.worksheets[0])
    book.save(path)
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Lees in en bekijk de wijzigingen").click()
    page.get_by_role("button", name=re.compile("^Voer deze .*door$")).click()
    expect(page.get_by_role("button", name=re.compile("^Voer deze"))).to_have_count(0)


def fill_words(sheet):
    columns = {cell.value: cell.column for cell in sheet[1]}
    lines = {sheet.cell(line, columns["Nummer"]).value: line for line in range(2, sheet.max_row + 1)}
    names = {key: name for key, (name, kind) in PARTIES.items()}
    for number, words in enumerate(AGREEMENTS, 1):
        line = lines.get(number) or lines.get(str(number)) or sheet.max_row + 1
        elsewhere, effect, compensation = words.get("elsewhere", ["", "", ""])
        cells = {
            "Handelingskader": FRAMEWORKS[words["framework"]], "Wat": words["title"], "Trekker": names[words["lead"]],
            "Buurten": "; ".join(BUURTEN[key] for key in words["buurten"]),
            "Begint": words["start"], "Klaar": words["end"], "Middelen en dekking": words["means"],
            "We zien dat het werkt aan": words["measure"], "Bewoners merken": words["notice"],
            "Stadstoets": ELSEWHERE.get(elsewhere), "Elders in de stad": effect, "Hoe wordt dat elders opgevangen": compensation,
            "Voorbehoud van bestuur, RvC of college": words.get("reservation"),
            "Raakt het adviesrecht van huurders": "ja" if words.get("advice") else None,
            "Status": "Idee" if words.get("status") == "idee" else "Voorstel",
        } | {f"Bijdrage: {names[key]}": text for key, text in words["brings"].items()}  # fmt: skip
        for heading, value in cells.items():
            if value:
                sheet.cell(line, columns[heading], value)


def fill_status(sheet):
    columns = {cell.value: cell.column for cell in sheet[1]}
    for line in range(2, sheet.max_row + 1):
        if int(sheet.cell(line, columns["Nummer"]).value or 0) in MADE:
            sheet.cell(line, columns["Status"], "Afgesproken")


def positions(facilitator, table, room):
    for number in MADE:
        words = AGREEMENTS[number - 1]
        who, stance, reason = words.get("objection", ["", "", ""])
        for key, page in table.items():
            form = {"stance": stance, "reason": reason} if key == who else {"stance": "akkoord"}
            if form["stance"] == "achterban":
                form["back_by"] = "2027-01-15"
            send(page, room.page(f"afspraken/{number}/standpunt/"), **form)
    facilitator.goto(room.page(f"afspraken/{PRIORITY}/"))
    expect(facilitator.get_by_role("main")).to_contain_text("Eerst bijbouwen, dan pas voorrang.")


def fix(facilitator, table, room):
    send(facilitator, room.page("stap/"), stage="vaststellen")
    table["gemeente"].goto(room.page("plan/"))
    facilitator.goto(room.page("plan/vaststellen/"))
    expect(facilitator.get_by_role("main")).to_contain_text("36 afspraken")
    facilitator.get_by_role("button", name="Stel versie 1 vast").click()
    expect(facilitator.get_by_role("main")).to_contain_text("versie 1")
    expect(table["gemeente"].get_by_role("main")).to_contain_text("versie 1", ignore_case=True)


def change_by_consent(facilitator, table, room):
    """Fixed words change only when those who promised agree."""
    municipality = table["gemeente"]
    municipality.goto(room.page(f"afspraken/{LAMPS}/wijziging/"))
    municipality.get_by_label(re.compile("^Waarom")).fill("De netbeheerder kan pas in het najaar.")
    municipality.get_by_label("tot", exact=True).fill("2027-12-15")
    municipality.get_by_role("button", name="Leg dit voor aan de partijen").click()
    expect(municipality.get_by_role("main")).to_contain_text("De vastgestelde tekst geldt nog")
    for key in ("corporatie", "huurders", "welzijn"):
        page = table[key]
        page.goto(room.page(f"afspraken/{LAMPS}/wijziging/1/"))
        page.get_by_label("Akkoord", exact=True).check()
        page.get_by_role("button", name="Bewaar ons antwoord").click()
        expect(page.get_by_role("main")).to_contain_text(re.compile("Wijzig ons antwoord|Iedereen die moet instemmen"))
    facilitator.goto(room.page(f"afspraken/{LAMPS}/wijziging/1/"))
    facilitator.get_by_role("button", name="Neem de wijziging over").click()
    expect(facilitator.get_by_role("main")).to_contain_text("15 december 2027")


def fix_again_and_compare(facilitator, room):
    facilitator.goto(room.page("plan/vaststellen/"))
    facilitator.get_by_role("button", name="Stel versie 2 vast").click()
    facilitator.goto(room.page("plan/versies/vergelijken/?van=1&naar=2"))
    main = facilitator.get_by_role("main")
    expect(main).to_contain_text(AGREEMENTS[LAMPS - 1]["title"])
    expect(main).not_to_contain_text(AGREEMENTS[0]["title"])


def a_year_later(facilitator, room):
    facilitator.goto(room.page("voortgang/terugbliksessie/"))
    facilitator.get_by_label("Titel").fill("Terugblik Baarn-Oost (oefening)")
    facilitator.get_by_label("Datum").fill("2027-11-25")
    facilitator.get_by_role("button", name="Maak de terugbliksessie").click()
    expect(facilitator.get_by_role("heading", name=re.compile("Voorbereiden|Terugblik")).first).to_be_visible()
    later = re.search(r"/sessie/([^/]+)/", facilitator.url)[1]
    assert later != room.code
    facilitator.goto(f"/sessie/{later}/agenda/")
    expect(facilitator.get_by_role("main")).to_contain_text("Eerst bijbouwen, dan pas voorrang.")
    facilitator.goto(f"/sessie/{later}/voorbereiden/stoelcodes/")
    codes = facilitator.get_by_role("main").inner_text()
    tenant, corporation = room.browsers.open(PHONE), room.browsers.open()
    for page, key in ((tenant, "huurders"), (corporation, "corporatie")):
        name = PARTIES[key][0]
        take_seat_at_once(page, re.search(rf"{re.escape(name)}[\s\S]*?([0-9A-Z]{{4}}-[0-9A-Z]{{4}})", codes)[1])
    send(facilitator, f"/sessie/{later}/stap/", stage="terugkijken")

    corporation.goto(f"/sessie/{later}/terugblik/{LAMPS}/")
    corporation.get_by_label("Deels gedaan").check()
    corporation.get_by_label("In uw woorden").fill("Twaalf van de achttien lampen branden.")
    corporation.get_by_role("button", name="Bewaar", exact=True).first.click()
    tenant.goto(f"/sessie/{later}/terugblik/{LAMPS}/")
    expect(tenant.get_by_role("main")).not_to_contain_text("Twaalf van de achttien lampen branden.")
    tenant.get_by_label("Deels", exact=True).check()
    tenant.get_by_label("Vertel het in uw eigen woorden").or_(tenant.get_by_label("In uw eigen woorden")).first.fill(
        "Bij de speeltuin is het nog donker."
    )
    tenant.get_by_role("button", name="Verstuur").click()
    expect(tenant.get_by_role("main")).to_contain_text("Twaalf van de achttien lampen branden.")

    facilitator.goto(f"/sessie/{later}/terugblik/{LAMPS}/")
    expect(facilitator.get_by_role("main")).to_contain_text("Bij de speeltuin is het nog donker.")
    facilitator.get_by_label("Doorgaan").check()
    facilitator.locator("#verder").get_by_role("button", name="Bewaar").click()
    facilitator.goto(f"/sessie/{later}/terugblik/")
    expect(facilitator.get_by_role("main")).to_contain_text("1 van 36 besproken")
