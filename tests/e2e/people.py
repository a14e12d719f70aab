"""The people in the room, each with a browser of their own; and what none of their screens may ever say."""

import contextlib
from dataclasses import dataclass

from playwright.sync_api import Browser, BrowserContext, Error, Page

from tests.e2e.installation import PASSWORD

LAPTOP = {"viewport": {"width": 1366, "height": 768}}
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
BEAMER = {"viewport": {"width": 1920, "height": 1080}}

# ms, for a slow computer; only a test that fails waits this long. How quickly a change comes is measured by
# benchmarks.room.
TIMEOUT = 20_000


class Trouble:
    """Errors in the console (a CSP violation is one), scripts that fail, requests that fail or go to another host."""

    def __init__(self, origin: str):
        self.origin = origin
        self.found: list[str] = []
        self.expected: list[str] = []

    def expect(self, *texts: str):
        """What this test causes on purpose, by a part of its words."""
        self.expected.extend(texts)

    def watch(self, context: BrowserContext):
        context.on("console", self._console)
        context.on(
            "weberror",
            lambda e: self.found.append(f"fout in een script op {e.page and e.page.url}: {e.error}"),
        )
        context.on("dialog", self._dialog)
        context.on("request", self._request)
        context.on("requestfailed", self._failed)

    def _console(self, message):
        if message.type in {"error", "warning"}:
            where = message.location.get("url", "")
            self.found.append(f"console op {message.page and message.page.url}: {message.text} ({where})")

    def _dialog(self, dialog):
        self.found.append(f"venster met de tekst {dialog.message!r} op {dialog.page and dialog.page.url}")
        dialog.dismiss()

    def _request(self, request):
        if not request.url.startswith((f"{self.origin}/", "data:", "blob:")):
            self.found.append(f"verzoek aan een ander: {request.url}")

    def _failed(self, request):
        leaving = request.failure == "net::ERR_ABORTED"  # a page that is left drops its live stream and its last fetch
        if not leaving:
            self.found.append(f"mislukt verzoek: {request.method} {request.url}: {request.failure}")

    def unexpected(self) -> list[str]:
        return [text for text in self.found if not any(part in text for part in self.expected)]


class Browsers:
    """Opens a browser for one person after another and closes them all."""

    def __init__(self, browser: Browser, origin: str):
        self.browser, self.origin = browser, origin
        self.trouble = Trouble(origin)
        self.contexts: list[BrowserContext] = []

    def open(self, size=LAPTOP, state=None) -> Page:
        context = self.browser.new_context(**size, base_url=self.origin, locale="nl-NL", storage_state=state)
        context.set_default_timeout(TIMEOUT)
        self.trouble.watch(context)
        self.contexts.append(context)
        return context.new_page()

    def picture(self, folder) -> list[str]:
        seen = []
        for number, page in enumerate(page for context in self.contexts for page in context.pages):
            path = folder / f"{number}.png"
            with contextlib.suppress(Error):
                page.screenshot(path=path, full_page=True)
                seen.append(f"{page.url}  {page.title()}  {path}")
        return seen + self.trouble.found

    def close(self):
        for context in self.contexts:
            with contextlib.suppress(Error):
                context.close()


@dataclass
class Room:
    """One session and those who sit at it."""

    browsers: Browsers
    facilitator_state: dict
    code: str
    title: str
    edition: int  # the signal map
    seats: dict  # kind of organisation -> seat code
    buurten: dict  # name -> code and pk
    beamer: str = ""  # the code in its address
    remark: int | None = None  # the first
    absent: int | None = None  # the first organisation of which nobody is in

    def page(self, path="") -> str:
        return f"/sessie/{self.code}/{path}"

    def expect_trouble(self, *texts):
        self.browsers.trouble.expect(*texts)

    def facilitator(self, path="", *, size=LAPTOP) -> Page:
        page = self.browsers.open(size, self.facilitator_state)
        page.goto(self.page(path))
        return page

    def partner(self, path="", *, size=LAPTOP) -> Page:
        return self.seated("gemeente", path, size=size)

    def corporation(self, path="", *, size=LAPTOP) -> Page:
        return self.seated("woningcorporatie", path, size=size)

    def tenant(self, path="", *, size=PHONE) -> Page:
        return self.seated("huurdersorganisatie", path, size=size)

    def seated(self, kind, path="", *, size) -> Page:
        page = self.browsers.open(size)
        take_seat_at_once(page, self.seats[kind])
        page.goto(self.page(path))
        return page


def log_in(page: Page, name="begeleider"):
    page.goto("/inloggen/")
    page.get_by_label("Gebruikersnaam").fill(name)
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Inloggen").click()


def take_seat(page: Page, seat_code: str):
    page.goto(f"/meedoen/{seat_code}/")
    page.get_by_role("button", name="Ga aan tafel").click()
    page.wait_for_url("**/sessie/**")


def take_seat_at_once(page: Page, seat_code: str):
    """The same without drawing any page: a second for each of the dozens of people in these tests."""
    address = f"/meedoen/{seat_code}/"
    page.request.get(address)
    token = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "csrftoken")
    answer = page.request.post(address, form={"name": "", "csrfmiddlewaretoken": token}, max_redirects=0)
    assert answer.status == 302, f"{seat_code} geeft geen plaats: {answer.status}"


def remember(page: Page):
    """Leaves a mark that a reload would wipe."""
    page.evaluate("window.wasHere = true")


def was_not_reloaded(page: Page) -> bool:
    return page.evaluate("window.wasHere === true")


def add_line(page: Page):
    """The line to add a measure with, opened above the matrix."""
    page.get_by_role("button", name="Maatregel toevoegen").click()
    return page.get_by_label("Wat gaan we doen?")


def add_measure(page: Page, text: str):
    add_line(page).fill(text)
    page.get_by_role("button", name="Voeg toe").click()
