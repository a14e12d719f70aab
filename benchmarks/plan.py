"""The plan on paper: made for the first time, unchanged, and with one buurt changed; by the process that the site uses.
For the first time in two ways: by a process that is started for it ("cold"), and as it goes when somebody opened a page
to print from three seconds before, so that one is waiting ("cold, print page open").

    python -m benchmarks.plan [BUURTEN …]     12, 40 and 120 unless told; --flex also the same content with flex and grid

Sessions are made up: 6 to 12 measures for each buurt, six of ten agreed, five parties with a position.
"""

import argparse
import contextlib
import os
import resource
import shutil
import tempfile
import time


def main():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.plan")
    parser.add_argument("buurten", nargs="*", type=int, default=[12, 40, 120])
    parser.add_argument("--flex", action="store_true", help="ook dezelfde inhoud met flex en grid, in één proces")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"VAR_DIR": folder, "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3"}
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "veerkracht_site.settings")
        import django

        django.setup()
        from django.core.management import call_command

        from matrix.plan.fonts import WEIGHTS, face

        call_command("migrate", verbosity=0)
        for weight in WEIGHTS:  # once per installation
            face(weight)
        for buurten in options.buurten:
            measure(buurten, flex=options.flex)


def measure(buurten: int, *, flex: bool):
    from benchmarks.plan_world import make_session
    from matrix.models import Workshop

    workshop = make_session(buurten, code=f"plan{buurten}")
    make(workshop, "cold")
    forget_what_was_made()
    open_the_print_page()
    make(workshop, "cold, print page open")
    make(workshop, "unchanged")
    sheet = workshop.workshop_areas.first()
    sheet.problem_analysis += " Anders."
    sheet.save()
    Workshop.objects.filter(pk=workshop.pk).update(revision=workshop.revision + 1)
    workshop = Workshop.objects.select_related("signal_map").get(pk=workshop.pk)
    make(workshop, "one buurt changed")
    if flex:
        with_flex(workshop)


def forget_what_was_made():
    from matrix.plan import store

    for name in ("klaar", "stukken"):
        shutil.rmtree(store.folder(name))


def open_the_print_page(before: float = 3):
    """What that page does for the plan, and the time in which somebody reads it."""
    from matrix.plan import warm

    warm.up()
    time.sleep(before)
    assert warm.place().exists(), "no process is waiting"


def make(workshop, name: str):
    from matrix.plan import jobs

    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    key = jobs.key_of(workshop)
    if jobs.ready(key) is None:
        jobs.start(workshop, key)
    while (progress := jobs.look(key)).running:
        time.sleep(0.01)
    wall = time.perf_counter() - start
    with contextlib.suppress(ChildProcessError):
        os.wait()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(
        f"plan of {workshop.workshop_areas.count()} buurten, {name}: {wall:.2f} s wall, {cpu:.1f} s CPU, largest process "
        f"{after.ru_maxrss / 1024:.0f} MB, {len(jobs.ready(key) or b'') / 1000:.0f} kB, load {os.getloadavg()[0]:.1f} "
        f"{progress.error}",
        flush=True,
    )


def with_flex(workshop):
    """The same words in one document, laid out by one process, with boxes as one would write them for a screen."""
    from pathlib import Path

    import weasyprint
    from django.template import Context, Engine

    from maps.memory import without_garbage_collection
    from matrix.plan.document import build_document

    plan = build_document(workshop)
    template = Engine.get_default().from_string((Path(__file__).parent / "flex_plan.html").read_text())
    html = template.render(Context({"plan": plan}))
    start, cpu = time.perf_counter(), time.process_time()
    with without_garbage_collection():
        document = weasyprint.HTML(string=html).render(pdf_variant="pdf/ua-1")
        document.write_pdf(pdf_variant="pdf/ua-1")
    print(
        f"  with flex and grid: {time.perf_counter() - start:.1f} s wall, {time.process_time() - cpu:.1f} s CPU, "
        f"{len(document.pages)} pages",
        flush=True,
    )


if __name__ == "__main__":
    main()
