"""Editions of the plan on real places, to look at: written to a folder, with the time and memory that each took.

    python -m benchmarks.editions FOLDER [baarn] [utrecht]

Places and figures are the real open data of ../shared/data; what was said and agreed is made up.
"""

import argparse
import datetime
import os
import resource
import tempfile
import time
from pathlib import Path

DATA = Path(__file__).parents[2] / "shared" / "data"
# name -> (municipality, what the map compares, from, to, files with figures, measures for each buurt)
PLACES = {
    "baarn": ("GM0308", "film", 2018, 2022, ["kerncijfers_2018.csv", "kerncijfers_2022.csv"], (2, 4)),
    "utrecht": ("GM0344", "foto", 2021, 2024, ["kerncijfers_2021.csv"], (3, 5)),
}


def main():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.editions")
    parser.add_argument("folder", type=Path)
    parser.add_argument("places", nargs="*", type=str.lower, default=list(PLACES))
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"VAR_DIR": folder, "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3"}
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "veerkracht_site.settings")
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        for place in options.places:
            print_editions(session_on(place), place, options.folder)


def session_on(place: str):
    from django.contrib.auth.models import User

    from benchmarks.plan_world import fill
    from maps.computing import Choice, compute_choices
    from maps.importing import import_areas, import_indicators, import_leefbaarometer
    from matrix.actions import workshop as actions
    from matrix.stages import Stage

    municipality, mode, first, last, files, measures = PLACES[place]
    folder = DATA / place
    import_areas(folder / "wijkenbuurten_2024.gpkg")
    for name in files:
        import_indicators(folder / name)
    for file in sorted(folder.glob("leefbaarometer_buurten_*.csv")):
        import_leefbaarometer(file)
    shown = compute_choices([Choice(mode, first, last, "municipality")], municipality=municipality)[0]
    areas = [signal.area for signal in shown.signals.select_related("area")]
    workshop = actions.create_workshop(
        by_user=User.objects.create_user(place), title=f"Gebiedssessie {place.capitalize()}",
        date=datetime.date(2026, 11, 26), signal_map=shown, areas=areas,
    )  # fmt: skip
    workshop.code, workshop.stage = place, Stage.AGREE
    workshop.save()
    return fill(workshop, measures=measures)


def print_editions(workshop, place: str, folder: Path) -> None:
    party, sheet = workshop.organisations.first(), workshop.workshop_areas.select_related("area").first()
    print(f"{place}: {workshop.workshop_areas.count()} buurten, {workshop.agreements.count()} measures", flush=True)
    for name in ("intern", "deelbaar", "bewoners", f"organisatie-{party.pk}", f"buurt-{sheet.area.code}"):
        start = time.perf_counter()
        pid = os.fork()
        if not pid:
            _write(workshop, name, folder / f"{place}-{name}.pdf")
        _, state, used = os.wait4(pid, 0)
        print(
            f"  {name}: {time.perf_counter() - start:.1f} s wall, {used.ru_utime + used.ru_stime:.1f} s CPU, largest "
            f"process {used.ru_maxrss / 1024:.0f} MB, {'made' if state == 0 else 'FAILED'}, load {os.getloadavg()[0]:.1f}",
            flush=True,
        )


def _write(workshop, name: str, target: Path) -> None:
    """In a process of its own, so that its memory is its own."""
    from django.db import connections

    from matrix.plan.hands import crew
    from matrix.plan.papers import paper_of
    from matrix.plan.pdf import render
    from matrix.plan.printing import printing

    connections.close_all()
    code = 1
    try:
        with crew(2) as hands:
            target.write_bytes(render(paper_of(workshop, printing(name)), hands=hands))
        code = 0
    finally:
        os._exit(code)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
