"""The importers beside the plainest tool for the same work: ogr2ogr for a map, pandas.read_csv for a table.

    python -m benchmarks.importing [--map FILE]

In seconds of processor time (user and system, of the process and its children); read the ratios, for seconds differ
from machine to machine and from hour to hour. Every measurement is the median of a few, taken in turn with what it is
compared with. `--map` is a Wijk- en Buurtkaart of CBS as GeoPackage; without one only the table is measured.
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from unittest import mock

from benchmarks import tables

ROOT = Path(__file__).resolve().parent.parent
MAP = ROOT.parent / "shared" / "data" / "nl" / "wijkenbuurten_2024.gpkg"
ROUNDS = 5

# What a map costs beside reading, moving to WGS84 and storing: name -> functions whose time it is.
OF_THE_MAP = {
    "cleaning": [
        ("maps.importing.shapes", name)
        for name in ("polygons_only", "close_seams", "simplify", "label_points", "_valid")
    ],
    "figures": [
        ("maps.importing.division", "_figures"),
        ("maps.importing.areas", "records"),
        ("maps.importing.areas", "store_observations"),
    ],
}  # fmt: skip
OF_THE_TABLE = {"read": [("maps.importing.figures", "read_table")], "store": [("maps.importing.figures", "store")]}


def main():
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--map", type=Path, default=MAP, help="een Wijk- en Buurtkaart van CBS (.gpkg)")
    parser.add_argument("--one", choices=["map", "table"], help=argparse.SUPPRESS)  # in a process of its own
    options = parser.parse_args()
    if options.one:
        setup()
        print(json.dumps(one_map(options.map) if options.one == "map" else one_table()))
    else:
        measure(options.map)


def setup():
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "veerkracht_site.settings")
    django.setup()


def measure(path: Path = MAP) -> None:
    """Print everything."""
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder) / "empty.sqlite3"
        child([sys.executable, "manage.py", "migrate", "--verbosity", "0"], database=empty)
        if path.exists():
            measure_map(path, empty)
        else:
            print("\nno map measured: give a Wijk- en Buurtkaart of CBS with --map")
        measure_table(empty)


def child(command: list[str], *, database: Path) -> tuple[str, float]:
    """What it printed, and the processor time of it and its children."""
    folder = str(database.parent)
    env = os.environ | {"VAR_DIR": folder, "DATABASE_URL": f"sqlite:///{database}", "PYTHONPATH": str(ROOT)}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)  # ogr2ogr has much to say
    if done.returncode:
        raise SystemExit(done.stderr)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return done.stdout, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def one(what: str, database: Path, *more: str) -> dict[str, float]:
    """A measurement in a process of its own, with a database of its own."""
    fresh = shutil.copy(database, database.with_name("bench.sqlite3"))
    printed, total = child([sys.executable, "-m", "benchmarks.importing", "--one", what, *more], database=Path(fresh))
    for left in database.parent.glob("bench.sqlite3*"):
        left.unlink()
    return {"process": total} | json.loads(printed)


@contextmanager
def time_apart(groups: dict[str, list[tuple[str, str]]]) -> Iterator[dict[str, float]]:
    """Processor time in the functions of each group while this runs. What calls each other counts once."""
    spent: dict[str, float] = defaultdict(float)
    within = []

    def timed(group: str, function: Callable) -> Callable:
        def wrapper(*args, **kwargs):
            if within:
                return function(*args, **kwargs)
            within.append(group)
            start = time.process_time()
            try:
                return function(*args, **kwargs)
            finally:
                spent[group] += time.process_time() - start
                within.pop()

        return wrapper

    with ExitStack() as stack:
        for group, functions in groups.items():
            for module, name in functions:
                __import__(module)
                original = getattr(sys.modules[module], name)
                stack.enter_context(mock.patch(f"{module}.{name}", timed(group, original)))
        yield spent


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def median(rounds: list[dict[str, float]]) -> dict[str, float]:
    return {key: statistics.median(values[key] for values in rounds) for key in rounds[0]}


# --- a map ---


def one_map(path: Path) -> dict[str, float]:
    import pandas
    import pyogrio
    import pyproj
    import shapely

    from maps.importing import import_areas

    assert all((pandas, pyogrio, pyproj, shapely))  # loaded: that is no part of the import
    with time_apart(OF_THE_MAP) as apart:
        loaded, wall, cpu = peak_mb(), time.perf_counter(), time.process_time()
        dataset = import_areas(path)
        spent = {"total": time.process_time() - cpu, "wall": time.perf_counter() - wall}
    spent["bare"] = spent["total"] - sum(apart.values())
    return apart | spent | {"loaded MB": loaded, "peak MB": peak_mb(), "rows": dataset.rows}


def measure_map(path: Path, empty: Path) -> None:
    import pyogrio

    plain, ours = [], []
    layer = next(name for name, _ in pyogrio.list_layers(path) if "buurt" in name.lower())
    for _ in range(ROUNDS):
        if shutil.which("ogr2ogr"):
            target = empty.with_name("ogr2ogr.sqlite")
            command = ["ogr2ogr", "-t_srs", "EPSG:4326", "-f", "SQLite", str(target), str(path), layer]
            _, cpu = child(command, database=empty)
            target.unlink()
            plain.append({"ogr2ogr": cpu})
        ours.append(one("map", empty, "--map", str(path)))
    found = median(ours) | (median(plain) if plain else {})
    base = found.get("ogr2ogr")
    print(f"\n{'map of ' + str(int(found['rows'])) + ' buurten':52}{'CPU s':>8}{'ratio':>8}")
    if base:
        line("ogr2ogr -t_srs EPSG:4326 to SQLite, those buurten", base, base)
    else:
        print("ogr2ogr is not here (Debian: gdal-bin), so there is no ratio")
    line("import without cleaning and figures", found["bare"], base)
    line("  its figures", found["figures"], base)
    line("  cleaning: repair, seams, simplifying, labels", found["cleaning"], base)
    line("whole import", found["total"], base)
    line("  with the start of Python, Django and libraries", found["process"], base)
    print(
        f"{found['wall']:.1f} s wall, peak {found['peak MB']:.0f} MB (of which {found['loaded MB']:.0f} at the start)"
    )


def line(name: str, cpu: float, base: float | None) -> None:
    print(f"{name:52}{cpu:>8.2f}{cpu / base if base else float('nan'):>8.2f}")


# --- a table ---


def one_table() -> dict[str, float]:
    import openpyxl
    import pandas

    folder = Path(os.environ["VAR_DIR"])
    csv, xlsx = folder / "wide.csv", folder / "wide.xlsx"
    rows = tables.wide_table()
    tables.write_csv(csv, rows)
    tables.write_xlsx(xlsx, rows)
    tables.store_areas(rows)

    def every_cell():
        sheet = openpyxl.load_workbook(xlsx, read_only=True, data_only=True).worksheets[0]
        return sum(1 for _ in sheet.iter_rows(values_only=True))

    rounds = []
    for _ in range(ROUNDS):
        plain = cpu_of(lambda: pandas.read_csv(csv, sep=";", decimal=","))
        rounds.append({"read_csv": plain} | import_and_undo(csv) | import_and_undo(xlsx, " xlsx"))
    return median(rounds) | {"openpyxl": cpu_of(every_cell), "peak MB": peak_mb(), "MB": csv.stat().st_size / 1e6}


def import_and_undo(path: Path, label: str = "") -> dict[str, float]:
    from django.db import transaction

    from maps.importing import import_indicators
    from maps.importing.numbers import readings

    readings.cache_clear()  # what an earlier round left
    with time_apart(OF_THE_TABLE) as apart, transaction.atomic():
        total = cpu_of(lambda: import_indicators(path))
        transaction.set_rollback(True)
    check = total - sum(apart.values())
    return {f"{part}{label}": cpu for part, cpu in {**apart, "check": check, "total": total}.items()}


def cpu_of(work: Callable) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def measure_table(empty: Path) -> None:
    found = one("table", empty)
    base = found["read_csv"]
    size = f"table of {tables.ROWS} × {tables.COLUMNS}, {found['MB']:.1f} MB"
    print(f"\n{size:52}{'CPU s':>8}{'ratio':>8}")
    line("pandas.read_csv", base, base)
    line("import: read and check", found["read"] + found["check"], base)
    line("  store", found["store"], base)
    line("whole import", found["total"], base)
    line("the same as xlsx: read and check", found["read xlsx"] + found["check xlsx"], base)
    line("whole import", found["total xlsx"], base)
    line("openpyxl, every cell", found["openpyxl"], base)


if __name__ == "__main__":
    main()
