"""make bench: server time, bytes and queries of the heavy pages, the plan on paper, the importers. Figures, never a
verdict.

    python -m benchmarks [--start]      with --start also the first and the second start, in a fresh copy of the project
    python -m benchmarks.importing      only the importers
    python -m benchmarks.plan           only the plan on paper
    python -m benchmarks.map            only the signal map: over the wire, in the browser, the country
    python -m benchmarks.matrix         only the matrix of 4 x 40 with 300 cards: the page, and one card's change
    python -m benchmarks.sheet          only the worksheet of agreements, 1,000 of them
    python -m benchmarks.room           only a room of 200 screens: live changes, bursts, a server that falls over

Times are medians of several runs in one process on an otherwise idle machine; say the load when you report.
"""

import argparse
import gzip
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import importing

ROOT = Path(__file__).resolve().parent.parent


def main():
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--start", action="store_true", help="ook de eerste en tweede start (minuten, met downloads)")
    options = parser.parse_args()
    print(f"load {os.getloadavg()[0]:.2f}, {os.cpu_count()} cores, Python {sys.version.split()[0]}")
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"VAR_DIR": folder, "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3"}
        prepare()
        measure_pages()
    subprocess.run([sys.executable, "-m", "benchmarks.plan"], cwd=ROOT, check=True)
    subprocess.run([sys.executable, "-m", "benchmarks.map"], cwd=ROOT, check=True)
    subprocess.run([sys.executable, "-m", "benchmarks.matrix"], cwd=ROOT, check=True)
    subprocess.run([sys.executable, "-m", "benchmarks.room"], cwd=ROOT, check=True)
    subprocess.run([sys.executable, "-m", "benchmarks.sheet"], cwd=ROOT, check=True)
    importing.measure()
    if options.start:
        measure_start()


def setup():
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "veerkracht_site.settings")
    django.setup()


def prepare():
    """Sessions on 6, 24 and 106 buurten, each buurt with eight measures of which half are agreed."""
    setup()
    from django.core.management import call_command

    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("migrate", verbosity=0)
    for buurten in (6, 24, 106):
        make_session(buurten)


def make_session(buurten):
    from django.db import transaction

    from matrix.actions import agreement as actions
    from matrix.models import Framework, Participation
    from tests import factories

    with transaction.atomic():
        workshop = factories.workshop(f"b{buurten}", municipality=f"GM{9000 + buurten}", buurten=buurten, of=buurten)
        party = workshop.organisations.first()
        by = Participation.objects.create(workshop=workshop, organisation=party, name="")
        lead = workshop.organisations.last()
        for sheet in workshop.workshop_areas.select_related("area"):
            sheet.problem_analysis = "Er verhuizen veel mensen en wie nieuw is kent niemand. " * 3
            sheet.definition_of_success = "Over twee jaar groeten buren elkaar en zijn de portieken schoon. " * 2
            sheet.save()
            for i in range(8):
                made = actions.propose(
                    by=by,
                    framework=list(Framework)[i % 4],
                    areas=[sheet.area],
                    title=f"Maatregel {i + 1} in {sheet.area}",
                )
                if i % 2:
                    actions.edit(
                        by=by, agreement=made, changes={"lead": lead, "means": "Uit het fonds voor leefbaarheid"},
                        seen={"lead": None, "means": ""}, contributions={party: "Twee uur per week"},
                    )  # fmt: skip
                    actions.set_status(by=by, agreement=made, status="afgesproken")
                    actions.take_position(by=by, agreement=made, stance="akkoord")


def measure_pages():
    from django.contrib.auth.models import User
    from django.db import connection
    from django.test import Client

    from matrix.models import Workshop

    print(f"\n{'page':34}{'buurten':>8}{'ms':>8}{'kB':>8}{'gzip kB':>9}{'queries':>9}")
    for buurten in (24, 106):
        workshop = Workshop.objects.get(code=f"b{buurten}")
        client = Client(SERVER_NAME="127.0.0.1")
        client.force_login(User.objects.get(username=f"begeleider-b{buurten}"))
        pages = {
            "signal map, page": f"/sessie/{workshop.code}/kaart/",
            "signal map, shapes": f"/sessie/{workshop.code}/kaart/vormen.json",
            "matrix": f"/sessie/{workshop.code}/matrix/",
            "agreements": f"/sessie/{workshop.code}/afspraken/",
        }
        for name, address in pages.items():
            queries = []
            with connection.execute_wrapper(lambda execute, *args, log=queries: log.append(args[0]) or execute(*args)):
                body = client.get(address).content
            times = [timed(lambda address=address, client=client: client.get(address)) for _ in range(7)]
            small = len(gzip.compress(body, 6))
            print(
                f"{name:34}{buurten:>8}{statistics.median(times) * 1000:>8.0f}{len(body) / 1000:>8.1f}"
                f"{small / 1000:>9.1f}{len(queries):>9}"
            )


def timed(work) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def measure_start():
    """make install, then the demo until the site answers; and the same again."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "veerkracht"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".venv*", "var", ".git", "__pycache__"))
        env = {k: v for k, v in os.environ.items() if k not in ("VAR_DIR", "DATABASE_URL", "VENV")} | {"PORT": "8765"}
        print()
        for name in ("first start", "second start"):
            print(f"{name}: {start_until_it_answers(copy, env):.1f} s")


def start_until_it_answers(folder, env) -> float:
    from urllib.request import urlopen

    start = time.perf_counter()
    running = subprocess.Popen(
        ["make", "demo"],
        cwd=folder,
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        while True:
            try:
                urlopen("http://127.0.0.1:8765/", timeout=2).close()
            except OSError:
                if running.poll() is not None:
                    raise SystemExit("make demo stopte; draai het los om te zien waarom") from None
                time.sleep(0.1)
            else:
                return time.perf_counter() - start
    finally:
        os.killpg(running.pid, 15)
        running.wait()


if __name__ == "__main__":
    main()
