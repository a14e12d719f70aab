"""Plans to look at, as PDF: Baarn with forty agreements, Utrecht with all its buurten, and the smallest and longest.

    python -m benchmarks.plan_to_see FOLDER [--data ../shared/data] [name …]     baarn, utrecht, klein, lang, veel

Baarn and Utrecht stand on open data in --data; the agreements are made up (tests/e2e/baarn.toml).
"""

import argparse
import datetime
import os
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.plan_to_see")
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*", default=[])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"VAR_DIR": folder, "DATABASE_URL": f"sqlite:///{folder}/zien.sqlite3"}
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "veerkracht_site.settings")
        import django

        django.setup()
        from django.core.management import call_command

        from matrix.plan.document import build_document
        from matrix.plan.hands import crew
        from matrix.plan.pdf import render

        call_command("migrate", verbosity=0)
        for name, make in PLANS.items():
            if not options.names or name in options.names:
                plan = build_document(make(options.data))
                with crew(2) as hands:
                    (options.folder / f"{name}.pdf").write_bytes(render(plan, hands=hands))
                print(f"{name}: {len(plan.chapters)} buurten, {len(plan.agreements)} afspraken", flush=True)


def _session(title, municipality, folder, figures, years, buurten):
    """A session on imported open data. `buurten`: names, or None for all."""
    from django.contrib.auth import get_user_model

    from maps.computing import compute_signals
    from maps.importing import import_areas, import_indicators, import_leefbaarometer
    from matrix.actions import workshop as actions

    import_areas(folder / "wijkenbuurten_2024.gpkg")
    for year in figures:
        import_indicators(folder / f"kerncijfers_{year}.csv")
    import_leefbaarometer(sorted(folder.glob("leefbaarometer_*.csv"))[-1])
    computed, *_ = compute_signals(**years, municipality=municipality)
    user, _ = get_user_model().objects.get_or_create(username="begeleider")
    areas = [s.area for s in computed.signals.select_related("area") if buurten is None or s.area.name in buurten]
    return actions.create_workshop(
        by_user=user, title=title, date=datetime.date(2026, 11, 26), signal_map=computed, areas=areas
    )


def baarn(data):
    words = tomllib.loads((ROOT / "tests/e2e/baarn.toml").read_text(encoding="utf-8"))
    workshop = _session(
        words["title"],
        "GM0308",
        data / "baarn",
        [2018, 2020, 2022],
        {"year_from": 2018, "year_to": 2022},
        set(words["buurten"].values()),
    )
    return _with_words(workshop, words)


def _with_words(workshop, words):
    from matrix.models import Agreement, Contribution, Organisation, Position, Workshop

    of = {
        key: Organisation.objects.create(workshop=workshop, name=name, kind=kind, seat_code=f"{workshop.code}-{key}")
        for key, (name, kind) in words["parties"].items()
    }
    areas = {sheet.area.name: sheet.area for sheet in workshop.workshop_areas.select_related("area")}
    for number, about in enumerate(words["agreements"], 1):
        elsewhere, effect, compensation = about.get("elsewhere", ["", "", ""])
        made = Agreement.objects.create(
            workshop=workshop, number=number, framework=about["framework"], title=about["title"], lead=of[about["lead"]],
            start=about["start"], end=about["end"], means=about["means"], measure=about["measure"],
            residents_notice=about["notice"], elsewhere=elsewhere, effect_elsewhere=effect, compensation=compensation,
            reservation=about.get("reservation", ""), touches_advice_right=bool(about.get("advice")),
            status=about.get("status", "afgesproken"), proposed_by=of["gemeente"],
        )  # fmt: skip
        made.areas.set([areas[words["buurten"][key]] for key in about["buurten"]])
        for key, text in about["brings"].items():
            Contribution.objects.create(agreement=made, organisation=of[key], text=text)
        who, stance, reason = about.get("objection", ["", "", ""])
        for key in of if "status" not in about else ():
            against = key == who
            Position.objects.create(
                agreement=made, organisation=of[key], stance=stance if against else "akkoord",
                wording=made.wording, reason=reason if against else "",
            )  # fmt: skip
    return Workshop.objects.select_related("signal_map", "follows").get(pk=workshop.pk)


def utrecht(data):
    """All buurten that have a signal, with a handful of the agreements of Baarn in words."""
    words = tomllib.loads((ROOT / "tests/e2e/baarn.toml").read_text(encoding="utf-8"))
    workshop = _session("Gebiedssessie Utrecht", "GM0344", data / "utrecht", [], {"year_to": 2024}, None)
    names = [sheet.area.name for sheet in workshop.workshop_areas.select_related("area")]
    words["buurten"] = {key: names[i * 7 % len(names)] for i, key in enumerate(words["buurten"])}
    return _with_words(workshop, words)


def small(data):
    from benchmarks.plan_world import make_session
    from matrix.models import Reading

    workshop = make_session(1, code="klein", measures=(0, 0))
    Reading.objects.filter(workshop=workshop).delete()
    return workshop


def long(data):
    """Titles of 300 characters, words of 80, and signs that no typeface here has."""
    from benchmarks.plan_world import make_session

    workshop = make_session(2, code="lang", measures=(6, 6))
    for i, one in enumerate(workshop.agreements.all()):
        one.title = ["Wij spreken met elkaar af dat dit een heel lange titel is. " * 5, "woord" * 60, "שלום 👍 <b>"][
            i % 3
        ][:300]
        one.goal = "Hoofdstedelijkegebiedsontwikkelingsovereenkomst" * 3
        one.save()
    workshop.title = "Een gebiedssessie met een titel die maar niet wil ophouden " * 4
    workshop.save()
    return workshop


def many(data):
    from benchmarks.plan_world import make_session

    return make_session(8, code="veel", measures=(80, 85))


PLANS = {"klein": small, "lang": long, "baarn": baarn, "utrecht": utrecht, "veel": many}

if __name__ == "__main__":
    main()
