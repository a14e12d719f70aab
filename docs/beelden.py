"""Makes the pictures of the handleiding anew, from a demo that is running.

    make demo                                              # in one terminal
    DEMO_PASSWORD=... .venv/bin/python docs/beelden.py     # in another; `make test` installs Playwright

`make demo` prints the password. BASE_URL says where the demo runs (http://127.0.0.1:8000), CHROMIUM which
browser to use: best one with Dutch words of its own for dates and files (on Debian: chromium-l10n).
For the phone somebody takes a seat of the tenants, so the demo counts one more person. What is not in the demo yet (a
version that was fixed, a year later) is done in a copy of it, which stays behind with its follow-up session: best use a
database of its own (VAR_DIR=...).
Pillow, if it is there, makes the files smaller.
"""

import io
import os
import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

BASE_URL = os.environ.get("BASE_URL", "http://127.0.0.1:8000").rstrip("/")
SESSION = f"{BASE_URL}/sessie/demo"
TENANTS = "Huurdersvereniging Samen Merelveen"
FOLDER = Path(__file__).parent / "handleiding" / "beelden"
LAPTOP, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
BEAMER = {"width": 1920, "height": 1080}
WRONG_FILE = {
    "name": "kerncijfers_2024.csv",
    "mimeType": "text/csv",
    "buffer": (
        b"buurtcode;jaar;aantal_inwoners;percentage_huishoudens_met_laagste_inkomen\n"
        b"BU99010201;2024;1690;61,2\n"
        b"BU99010999;2024;1340;48,0\n"
        b"99010203;2024;1560;51,3\n"
        b"BU99010101;2024;740;412\n"
    ),
}


@dataclass(frozen=True)
class Picture:
    name: str
    address: str
    prepare: Callable[[Page], None] = lambda page: None
    element: str | None = None  # only this part of the page


def drawn(page: Page) -> None:
    page.wait_for_selector("[data-painted]")


def chosen(page: Page) -> None:
    drawn(page)
    page.get_by_label("Vogelbuurt: ").click()
    page.get_by_role("heading", name="Vogelbuurt").wait_for()


def table(page: Page) -> None:
    drawn(page)
    page.get_by_role("button", name="Tabel").click()


def refused(page: Page) -> None:
    """A file with three mistakes: nothing of it is stored."""
    page.get_by_label("Kerncijfers").check()
    page.locator("[type=file]").set_input_files(WRONG_FILE)
    page.get_by_role("button", name="Lees in").click()
    page.get_by_text("Dit bestand is niet ingelezen").wait_for()


def in_grey(page: Page) -> None:
    """As a printer without colour shows it."""
    drawn(page)
    page.evaluate("document.documentElement.style.filter = 'grayscale(1)'")


def opened(link: str) -> Callable[[Page], None]:
    """Follow the first link with these words."""

    def prepare(page):
        page.get_by_role("link", name=link).first.click()
        page.wait_for_load_state()

    return prepare


def question(page: Page) -> None:
    opened("Vogelbuurt")(page)
    page.locator("#herkennen").evaluate("(e) => scrollTo(0, e.getBoundingClientRect().top + scrollY - 12)")


def card(page: Page) -> None:
    """One card of the matrix opened on its place."""
    page.get_by_role("link", name="Goede sloten").first.click()
    page.locator("[data-opened]", has_text="Standpunten").first.wait_for()


def below(selector: str) -> Callable[[Page], None]:
    """As somebody sees it who scrolled to this heading."""

    def prepare(page):
        page.locator(selector).evaluate("(e) => scrollTo(0, e.getBoundingClientRect().top + scrollY - 12)")

    return prepare


FACILITATOR = (
    Picture("begin", f"{BASE_URL}/"),
    Picture("kaart", f"{SESSION}/kaart/", drawn),
    Picture("paneel", f"{SESSION}/kaart/", chosen),
    Picture("tabel", f"{SESSION}/kaart/", table),
    Picture("duiden", f"{SESSION}/duiden/"),
    Picture("matrix", f"{SESSION}/matrix/"),
    Picture("matrix-kaart", f"{SESSION}/matrix/", card),
    Picture("dekking", f"{SESSION}/matrix/dekking/"),
    Picture("wie-belooft-wat", f"{SESSION}/afspraken/wie-belooft-wat/", below("#opvalt")),
    Picture("afspraken", f"{SESSION}/afspraken/"),
    Picture("afspraak", f"{SESSION}/afspraken/", opened("huismeester")),
    Picture("plan", f"{SESSION}/plan/"),
    Picture("voorbereiden", f"{SESSION}/voorbereiden/"),
    Picture("gemeentekaart", f"{BASE_URL}/kaart/GM9901/", chosen),
    Picture("gemeentekaart-grijs", f"{BASE_URL}/kaart/GM9901/", in_grey),
    Picture("gemeentefoto", f"{BASE_URL}/kaart/GM9901/?kaart=foto", drawn),
    Picture("geweigerd", f"{BASE_URL}/gegevens/", refused),
)
OTHER_SCREENS = (
    (PHONE, Picture("gemeentekaart-telefoon", f"{BASE_URL}/kaart/GM9901/", drawn)),
    (BEAMER, Picture("gemeentekaart-beamer", f"{BASE_URL}/kaart/GM9901/", chosen)),
)
TENANT = (
    Picture("telefoon-herkennen", f"{SESSION}/duiden/", question),
    Picture("telefoon-standpunt", f"{SESSION}/afspraken/", opened("huismeester"), "#standpunt"),
)


def main() -> None:
    password = os.environ.get("DEMO_PASSWORD") or sys.exit("Zet DEMO_PASSWORD: `make demo` toont het wachtwoord.")
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--lang=nl"],
            env=os.environ | {"LANGUAGE": "nl"},
        )
        laptop = new_page(browser, LAPTOP)
        log_in(laptop, password)
        for picture in FACILITATOR:
            take(laptop, picture)
        for viewport, picture in OTHER_SCREENS:
            laptop.set_viewport_size(viewport)
            take(laptop, picture)
        laptop.set_viewport_size(LAPTOP)
        phone = new_page(browser, PHONE, has_touch=True)
        join(phone, seat_code(laptop))
        for picture in TENANT:
            take(phone, picture)
        in_a_copy(browser, laptop)
        browser.close()
    total = sum(shrink(path) for path in sorted(FOLDER.glob("*.png")))
    print(f"Samen {total / 1e6:.1f} MB in {FOLDER}")


def in_a_copy(browser: Browser, laptop: Page) -> None:
    """From dots to looking back, in a copy of the demo."""
    session = copy_of_the_demo(laptop)
    laptop.goto(f"{session}/prioriteiten/")
    laptop.get_by_role("button", name="Open de ronde").click()
    phone = new_page(browser, PHONE, has_touch=True)
    join(phone, seat_code(laptop, session))
    take(phone, Picture("telefoon-prioriteiten", f"{session}/prioriteiten/1/", spread))
    move(laptop, session, "vaststellen")
    take(laptop, Picture("vaststellen", f"{session}/plan/vaststellen/", below("h1")))
    laptop.get_by_role("button", name="Stel versie 1 vast").click()
    laptop.get_by_text("Versie 1 is vastgesteld").first.wait_for()
    move(laptop, session, "afspreken")
    hand_in_sheet(laptop, session)
    take(laptop, Picture("werkblad", laptop.url))
    laptop.get_by_role("button", name=re.compile("^Voer deze")).click()
    laptop.wait_for_load_state()
    take(laptop, Picture("vergelijken", f"{session}/plan/versies/vergelijken/?van=1&naar=nu", below("h1")))
    later = follow_up(laptop, session)
    take(laptop, Picture("terugblik", f"{later}/terugblik/"))


def copy_of_the_demo(page: Page) -> str:
    """Its address. By the file of a session, as a facilitator takes one to another computer."""
    body = page.request.get(f"{SESSION}/voorbereiden/bewaren/bestand/").body()
    page.goto(f"{BASE_URL}/sessie/inlezen/")
    page.locator("[type=file]").set_input_files(
        {"name": "demo.json", "mimeType": "application/octet-stream", "buffer": body}
    )
    page.locator("[name=as_copy]").check()
    page.get_by_role("button", name="Lees de sessie in").click()
    page.get_by_role("heading", name="Uw sessies").wait_for()
    links = page.locator("main a[href^='/sessie/']").evaluate_all("(all) => all.map((a) => a.getAttribute('href'))")
    code = next(found[1] for link in links if (found := re.match(r"/sessie/([\w-]{12,})/", link)))
    return f"{BASE_URL}/sessie/{code}"


def send(page: Page, address: str, **form: str) -> None:
    token = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "csrftoken")
    answer = page.request.post(address, form=form | {"csrfmiddlewaretoken": token}, headers={"Referer": address})
    if not answer.ok:
        sys.exit(f"{address}: {answer.status}")


def move(page: Page, session: str, stage: str) -> None:
    send(page, f"{session}/stap/", stage=stage)


def spread(page: Page) -> None:
    """Three of the five dots."""
    for times, number in ((2, 0), (1, 2)):
        for _ in range(times):
            page.get_by_role("button", name="Een stip erbij").nth(number).click()
            page.wait_for_timeout(500)
    page.evaluate("document.activeElement.blur()")


def hand_in_sheet(page: Page, session: str) -> None:
    """The worksheet comes back with other words in one proposal."""
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(page.request.get(f"{session}/afspraken/werkblad/afspraken.xlsx").body()))
    sheet = book.worksheets[0]
    columns = {cell.value: cell.column for cell in sheet[1]}
    written = {
        19: {
            "Klaar": "2028-06-30",
            "Bewoners merken": "Het gras is heel, en er is een dak op het veld. Na elf uur is het stil.",
        },
    }
    for line in range(2, sheet.max_row + 1):
        for heading, value in written.get(int(sheet.cell(line, columns["Nummer"]).value or 0), {}).items():
            sheet.cell(line, columns[heading], value)
    filled = io.BytesIO()
    book.save(filled)
    page.goto(f"{session}/afspraken/werkblad/")
    page.locator("[type=file]").set_input_files(
        {
            "name": "afspraken.xlsx",
            "mimeType": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "buffer": filled.getvalue(),
        }
    )
    page.get_by_role("button", name="Lees in en bekijk de wijzigingen").click()
    page.get_by_role("button", name=re.compile("^Voer deze")).wait_for()


def follow_up(page: Page, session: str) -> str:
    """The session a year later, with what was done of the first agreement."""
    page.goto(f"{session}/voortgang/terugbliksessie/")
    page.get_by_role("button", name="Maak de terugbliksessie").click()
    page.wait_for_load_state()
    later = re.match(r".*/sessie/[\w-]+", page.url)[0]
    move(page, later, "terugkijken")
    page.goto(f"{later}/terugblik/1/")
    page.get_by_label("Deels gedaan").check()
    page.get_by_label("In uw woorden").fill("De rondes zijn begonnen. In de zomer vielen er drie uit.")
    page.locator("#gedaan-formulier").get_by_role("button", name="Bewaar").click()
    page.wait_for_timeout(1000)
    return later


def new_page(browser: Browser, viewport: dict, **options) -> Page:
    context = browser.new_context(
        viewport=viewport, locale="nl-NL", timezone_id="Europe/Amsterdam", reduced_motion="reduce", **options
    )
    context.set_default_timeout(15_000)
    return context.new_page()


def log_in(page: Page, password: str) -> None:
    page.goto(f"{BASE_URL}/inloggen/")
    page.locator("[name=username]").fill("begeleider")
    page.locator("[name=password]").fill(password)
    page.get_by_role("button", name="Inloggen").click()
    page.get_by_role("heading", name="Uw sessies").wait_for()


def seat_code(page: Page, session: str = SESSION) -> str:
    page.goto(f"{session}/voorbereiden/")
    return page.locator(".seat", has_text=TENANTS).locator(".seat__code").inner_text()


def join(page: Page, code: str) -> None:
    page.goto(f"{BASE_URL}/meedoen/")
    page.screenshot(path=FOLDER / "telefoon-meedoen.png")
    page.locator("[name=code]").fill(code)
    page.get_by_role("button", name="Meedoen").click()
    page.get_by_role("button", name="Ga aan tafel").click()
    page.wait_for_url("**/sessie/**")


def take(page: Page, picture: Picture) -> None:
    page.goto(picture.address)
    picture.prepare(page)
    page.evaluate("document.fonts.ready")
    page.mouse.move(0, 0)
    page.wait_for_timeout(400)  # a map settles after it is painted
    shown = page.locator(picture.element) if picture.element else page
    shown.screenshot(path=FOLDER / f"{picture.name}.png")


def shrink(path: Path) -> int:
    """To a palette, where Pillow is installed. Returns the size in bytes."""
    try:
        from PIL import Image
    except ImportError:
        pass
    else:
        with Image.open(path) as image:
            # k-means: without it the colours of the smaller fields on the map drift.
            small = image.convert("RGB").quantize(256, kmeans=3, dither=Image.Dither.NONE)
        small.save(path, optimize=True)
    return path.stat().st_size


if __name__ == "__main__":
    main()
