"""The worksheet of agreements: out, in, and carried out, for 1,000 agreements; and the workbook that goes along in a plan.

    python -m benchmarks.sheet

Seconds, bytes, queries, and the most memory that each takes (in a run of its own: measuring memory costs time).
"""

import io
import os
import tempfile
import time
import tracemalloc
from itertools import count

MEASURES, CHANGED, FEW = 1000, 100, 100


def main():
    from benchmarks.__main__ import setup

    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"VAR_DIR": folder, "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3"}
        setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        measure(make())


def make():
    """A session of 24 buurten in which everything is filled in."""
    import datetime

    from matrix.models import Agreement, Contribution, Framework
    from tests import factories

    workshop = factories.workshop("werkblad", municipality="GM9024", buurten=24, of=24)
    areas = [sheet.area for sheet in workshop.workshop_areas.select_related("area")]
    parties = list(workshop.organisations.all())
    words = "De corporatie en de gemeente lopen elke maand samen door de buurt en lossen op wat zij zien. " * 2
    made = Agreement.objects.bulk_create(
        Agreement(
            workshop=workshop, number=i, framework=list(Framework)[i % 4], title=f"Maatregel {i}", status="voorstel",
            kind="resultaat", goal=words, lead=parties[i % 3], start=datetime.date(2027, 1, 1),
            end=datetime.date(2027, 12, 31), means=words, measure=words, residents_notice=words,
        )
        for i in range(1, MEASURES + 1)
    )  # fmt: skip
    for number, agreement in zip(count(), made):
        agreement.areas.set([areas[number % 24], areas[(number + 1) % 24]])
    Contribution.objects.bulk_create(
        Contribution(agreement=agreement, organisation=party, text="Twee uur per week") for agreement in made
        for party in parties[:2]
    )  # fmt: skip
    return workshop


def measure(workshop):
    from matrix.actions import sheet as actions
    from matrix.sheet.comparing import compare
    from matrix.sheet.reading import read
    from matrix.sheet.writing import write

    print(f"load {os.getloadavg()[0]:.2f}, worksheet of {MEASURES} agreements")
    print(f"{'':34}{'s':>8}{'MB at most':>12}{'queries':>9}")
    body = run("out", lambda: write(workshop))
    run("in, nothing changed", lambda: compare(read(io.BytesIO(body), "a.xlsx"), workshop))
    filled = filled_in(body)
    run(f"in, {CHANGED} changed", lambda: compare(read(io.BytesIO(filled), "a.xlsx"), workshop))
    by = workshop.participations.get(organisation=None)
    kept = actions.keep(by=by, filled=read(io.BytesIO(filled), "a.xlsx"), file_name="a.xlsx")
    digest = actions.outcome_of(kept, workshop).digest
    run(f"carried out, {CHANGED} changes", lambda: actions.carry_out(by=by, digest=digest, choices={}), once=True)
    measure_along(workshop)
    print(f"{len(body) / 1000:.0f} kB")


def measure_along(workshop):
    """The workbook that goes along in each plan; all have been promised."""
    from dataclasses import replace

    from matrix.plan.document import build_document
    from matrix.plan.workbook import of_plan

    workshop.agreements.update(status="afgesproken")
    plan = build_document(workshop)
    few = replace(plan, agreements=plan.agreements[:FEW])
    run(f"along in a plan, {FEW} agreements", lambda: of_plan(few))
    along = run(f"along in a plan, {len(plan.agreements)} agreements", lambda: of_plan(plan))
    print(f"{len(along) / 1000:.0f} kB")


def filled_in(body) -> bytes:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(body))
    sheet = book["Afspraken"]
    column = next(cell.column for cell in sheet[1] if cell.value == "Doel")
    for line in range(2, CHANGED + 2):
        sheet.cell(line, column).value = f"Een ander doel {line}"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def run(name, work, *, once=False):
    from django.db import connection

    queries = []
    with connection.execute_wrapper(lambda execute, *args: queries.append(1) or execute(*args)):
        start = time.process_time()
        result = work()
        seconds = time.process_time() - start
    peak = "–"
    if not once:
        tracemalloc.start()
        work()
        peak = f"{tracemalloc.get_traced_memory()[1] / 1e6:.0f}"
        tracemalloc.stop()
    print(f"{name:34}{seconds:>8.3f}{peak:>12}{len(queries):>9}", flush=True)
    return result


if __name__ == "__main__":
    main()
