"""The matrix at its fullest: 4 frameworks x 40 buurten with 300 cards. The page, and one card's change on another screen
of a real server.

    python -m benchmarks.matrix

Prints server time, bytes, gzip and queries of the page and of the overviews, what one change sends over the wire, and how
long it takes from the first byte of the request until the other screen has it; with --browser also what a browser makes
of the page. Figures, never a verdict.
"""

import argparse
import asyncio
import gzip
import os
import socket
import statistics
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.room import TOKEN, Screen, Server, until_up

BUURTEN, CARDS, CHANGES = 40, 300, 40
PAGE = "header/handelen,board"


def prepare() -> dict:
    """A session with five parties; every seventh card holds for two buurten, every fifth has positions."""
    from importlib import import_module

    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import transaction

    from matrix.actions import agreement as actions
    from matrix.actions import workshop as workshops
    from matrix.models import Framework
    from matrix.stages import Stage
    from tests import factories

    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("migrate", verbosity=0)
    with transaction.atomic():
        workshop = factories.workshop("zaal", municipality="GM9040", buurten=BUURTEN, of=BUURTEN, stage=Stage.AGREE)
        by = workshop.participations.get(organisation=None)
        for name in ("Welzijn", "Wijkteam"):
            workshops.add_organisation(by=by, name=name, kind="welzijn")
        seats = [workshops.join(organisation=party, name="") for party in workshop.organisations.all()]
        areas = [sheet.area for sheet in workshop.workshop_areas.select_related("area")]
        for n in range(CARDS):
            area = areas[n % BUURTEN]
            both = [area, areas[(n + 1) % BUURTEN]] if n % 7 == 0 else [area]
            made = actions.propose(
                by=seats[n % len(seats)], framework=list(Framework)[n // BUURTEN % 4], areas=both,
                title=f"Maatregel {n + 1}: samen de portieken en de straat schoon en heel houden",
            )  # fmt: skip
            if n % 3 == 0:
                actions.edit(by=by, agreement=made, changes={"lead": seats[0].organisation}, seen={"lead": None})
                actions.set_status(by=by, agreement=made, status="afgesproken")
            if n % 5 == 0:
                for seat in seats[:3]:
                    actions.take_position(by=seat, agreement=made, stance="voorbehoud", reason="Als er geld voor is")
        store = import_module(settings.SESSION_ENGINE).SessionStore
        cookies = []
        for seat in seats[:2]:
            session = store()
            session["seats"] = {workshop.code: seat.pk}
            session.create()
            cookies.append({"cookie": session.session_key})
        workshop.refresh_from_db()
    return {"people": cookies, "revision": workshop.revision, "pk": workshop.pk}


def measure_pages():
    from django.contrib.auth.models import User
    from django.db import connection
    from django.test import Client

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.get(username="begeleider-zaal"))
    print(f"{'4 x 40, 300 cards':26}{'ms':>8}{'CPU ms':>8}{'kB':>8}{'gzip kB':>9}{'queries':>9}")
    for name, address in {
        "matrix": "matrix/", "matrix, filtered": "matrix/?bezwaar=1", "a card, opened": "matrix/maatregel/1/",
        "coverage": "matrix/dekking/", "map, second face": "kaart/?beeld=afspraken",
    }.items():  # fmt: skip
        headers = {"HX-Request": "true"} if "maatregel" in address else {}
        ask = partial(client.get, f"/sessie/zaal/{address}", headers=headers)
        ask()
        queries = []
        with connection.execute_wrapper(lambda execute, *args, log=queries: log.append(args[0]) or execute(*args)):
            body = ask().content
        walls, cpus = [], []
        for _ in range(9):
            wall, cpu = time.perf_counter(), time.process_time()
            ask()
            walls.append(time.perf_counter() - wall)
            cpus.append(time.process_time() - cpu)
        print(
            f"{name:26}{statistics.median(walls) * 1000:>8.0f}{statistics.median(cpus) * 1000:>8.0f}"
            f"{len(body) / 1000:>8.1f}{len(gzip.compress(body, 6)) / 1000:>9.1f}{len(queries):>9}"
        )


class Watching(Screen):
    """A screen that shows the matrix, of the second person."""

    async def wait_for_more(self, known: int) -> tuple[bytes, float]:
        while len(self.raw) <= known:
            await asyncio.sleep(0.0005)
        return self.raw[known]


async def post(room, port, number, status) -> tuple[float, int]:
    """(when it was sent, status)."""
    body = urlencode({"naar": f"{number}:{status}", "csrfmiddlewaretoken": TOKEN}).encode()
    head = (
        f"POST /sessie/zaal/matrix/verplaatsen/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nX-Bewaar: 1\r\n"
        f"Cookie: veerkracht_sessie={room['people'][0]['cookie']}; csrftoken={TOKEN}\r\nContent-Length: {len(body)}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n\r\n"
    )
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    start = time.perf_counter()
    writer.write(head.encode() + body)
    answer = await reader.read()
    writer.close()
    return start, int(answer.split(b" ", 2)[1])


async def measure_change(room, server):
    from benchmarks import room as rooms

    rooms.PAGES = (PAGE,)
    await until_up(server)
    screen = Watching(room, server, 1, room["revision"])
    screen.start()
    await screen.connected.wait()
    sizes, waits = [], []
    for n in range(CHANGES + 3):
        known = len(screen.raw)
        number = 2 + n * 3  # every seventh of these stands in two cells
        start, status = await post(room, server.port, number, "voorstel")
        assert status == 200, status
        message, moment = await asyncio.wait_for(screen.wait_for_more(known), 10)
        if n >= 3:  # the first ones warm up
            sizes.append(len(message) + 2)
            waits.append((moment - start) * 1000)
        await asyncio.sleep(0.1)
    screen.task.cancel()
    print(
        f"one card moves: {statistics.median(sizes):.0f} bytes to the other screen (most {max(sizes)}), there in "
        f"{statistics.median(waits):.0f} ms (p95 {sorted(waits)[int(len(waits) * 0.95)]:.0f})"
    )


def measure_browser(port):
    """Painted and laid out, and a click on a filter; headless Chromium."""
    from django.contrib.auth.models import User
    from django.test import Client
    from playwright.sync_api import sync_playwright

    from tests.e2e.installation import chromium

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.get(username="begeleider-zaal"))
    cookie = client.cookies["veerkracht_sessie"].value
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 1366, "height": 768})
        context.add_cookies([{"name": "veerkracht_sessie", "value": cookie, "domain": "127.0.0.1", "path": "/"}])
        page = context.new_page()
        painted, filtered = [], []
        for _ in range(5):
            page.goto(f"http://127.0.0.1:{port}/sessie/zaal/matrix/")
            painted.append(page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"))
            filtered.append(page.evaluate(FILTER))
        browser.close()
    print(
        f"browser: painted after {statistics.median(painted):.0f} ms, a filter takes {statistics.median(filtered):.0f} ms"
    )


FILTER = """() => new Promise((done) => {
  const box = document.querySelector("[data-narrow] [name=bezwaar]");
  const start = performance.now();
  box.click();
  document.querySelector("[data-board]").getBoundingClientRect();
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
})"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def main():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.matrix")
    parser.add_argument("--browser", action="store_true", help="ook in een browser")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "veerkracht_site.settings")
    print(f"\nload {os.getloadavg()[0]:.2f}, {os.cpu_count()} cores, Python {sys.version.split()[0]}")
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"VAR_DIR": folder, "DATABASE_URL": f"sqlite:///{Path(folder) / 'bench.sqlite3'}"}
        room = prepare()
        measure_pages()
        server = Server(free_port())
        server.start()
        try:
            asyncio.run(measure_change(room, server))
            if options.browser:
                measure_browser(server.port)
        finally:
            server.process.terminate()
            server.process.wait()


if __name__ == "__main__":
    main()
