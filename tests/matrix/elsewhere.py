"""Another installation, with a database of its own: reads a session in, tells what its screens show, keeps it again.

DATABASE_URL=sqlite:///… python -m tests.matrix.elsewhere sessie.json.gz verteld.json terug.json.gz
"""

import json
import os
import sys
from pathlib import Path


def shown(workshop) -> dict:
    """What people see of it, without keys of this database."""
    from django.template.loader import render_to_string

    from maps.geojson import feature_collection
    from maps.models import Signal
    from maps.showing import municipality_of, show, show_area
    from matrix.plan.document import build_document
    from matrix.views.covering import board_of

    municipality = municipality_of(workshop.signal_map)
    told = {}
    for name, edition in (("film", workshop.signal_map), ("foto", workshop.signal_map.foto)):
        signals = list(Signal.objects.of(edition).for_map())
        told[f"map/{name}"] = feature_collection(signals, municipality=municipality.plain_name)
        told[f"legend/{name}"] = [[cell.count for cell in row] for row in show(edition).legend]
        for signal in signals:
            detail = show_area(signal, municipality)
            # Rows of this database, and what is drawn of them.
            told[f"panel/{name}/{signal.area.code}"] = repr(
                (detail.shown.sentence, detail.composition, detail.problems, detail.key_figures, detail.crimes)
            )
    told["matrix"] = [
        [cell.area.code, cell.framework, cell.state, str(cell.empty), [(a.number, a.title) for a in cell.agreements]]
        for row in board_of(workshop).rows
        for cell in row.cells
    ]
    told["plan"] = render_to_string("matrix/plan/paper.html", {"plan": build_document(workshop)})
    return json.loads(json.dumps(told, default=str))


def main(source: Path, told: Path, back: Path):
    import django

    django.setup()
    from django.contrib.auth.models import User
    from django.core.management import call_command

    from matrix.models import Workshop

    call_command("migrate", verbosity=0)
    User.objects.create_user("elders")
    call_command("import_workshop", str(source), facilitator="elders", verbosity=0)
    workshop = Workshop.objects.select_related("signal_map__foto").get()
    told.write_text(json.dumps(shown(workshop)))
    call_command("export_workshop", workshop.code, output=back, verbosity=0)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "veerkracht_site.settings")
    main(*map(Path, sys.argv[1:]))
