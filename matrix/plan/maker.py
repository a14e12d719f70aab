"""python -m matrix.plan.maker CODE KEY
python -m matrix.plan.maker --wait LOCK SOCKET

Makes the plan, or the paper for the room, that somebody asked for on a page, or waits until somebody does
(matrix/plan/warm.py). The site starts this itself; by hand you use `manage.py export_plan`.
"""

import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from threading import Thread

AT_A_TIME = 2  # processes that lay out
WAITS = 120  # seconds for a job


def main(code: str, key: str) -> None:
    from matrix.plan.hands import crew, limit_this_process
    from matrix.plan.printing import ROOM

    is_one_piece = key.split("-")[2:3] == [ROOM]
    with crew(1 if is_one_piece else AT_A_TIME, limited=True) as hands:
        limit_this_process()
        _make(code, key, hands)


def wait(lock: str, path: str) -> None:
    """Everything is read in meanwhile, but for the session: the job finds that as it is then."""
    from matrix.plan.hands import crew, limit_this_process
    from matrix.plan.warm import taken

    with crew(AT_A_TIME, limited=True, waits=WAITS) as hands:  # before there is a thread
        reading = Thread(target=_read_in, daemon=True)
        reading.start()
        if job := taken(Path(path), int(lock), WAITS):
            limit_this_process()  # from here on, also when reading in does not end
            reading.join()
            _make(*job, hands)


def _make(code: str, key: str, hands) -> None:
    import django

    django.setup()
    from django.db import connection

    from maps.memory import without_garbage_collection
    from matrix.plan import jobs

    with without_garbage_collection():
        jobs.make(code, key, hands=hands)
    connection.close()


def _read_in() -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.template.loader import get_template

    import matrix.paper.pieces
    import matrix.plan.joining
    import matrix.plan.papers
    import matrix.plan.pdf  # noqa: F401
    from matrix.plan.errors import PlanError
    from matrix.plan.layout import get_ready

    for path in (settings.BASE_DIR / "templates/matrix/plan").glob("*.html"):
        get_template(f"matrix/plan/{path.name}")
    with suppress(PlanError, OSError):  # said when there is a job
        get_ready()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "veerkracht_site.settings")
    os.nice(15)  # the room goes first
    with tempfile.TemporaryDirectory(prefix="veerkracht-") as tempfile.tempdir:  # each process keeps its fonts there
        if sys.argv[1] == "--wait":
            wait(*sys.argv[2:])
        else:
            main(*sys.argv[1:])
    os._exit(0)  # freeing all that was laid out would take longer than the last page did
