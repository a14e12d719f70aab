"""Making a plan never holds up the room: a process of its own makes it, with little priority and within limits.

All that the server processes know of each other's jobs is in files under VAR_DIR/plannen. Who holds the lock of a job
makes that plan; a process that ends, however it ends, lets go of it.

Paper for the room (matrix/paper/) is made the same way. Its page is written in a moment and is the whole of what it
says, so its key is of that page, and what is laid out is that page, whatever the session became meanwhile.
"""

import fcntl
import json
import os
import time
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Max, Sum

from maps.models import Dataset, SignalMap
from matrix.models import Attendance, Participation, Workshop
from matrix.plan import store, warm
from matrix.plan.errors import ENDED, PlanError
from matrix.plan.fonts import has_faces
from matrix.plan.printing import INTERNAL, ROOM, VERSION, Printing, printing
from matrix.plan.program import program, start_maker

LIMIT = 200 * 1024 * 1024  # bytes of ready plans


@dataclass(frozen=True)
class Progress:
    ready: bool = False
    running: bool = False
    done: int = 0  # pieces laid out, or sheets
    of: int = 0
    error: str = ""


def key_of(workshop: Workshop, asked: Printing = INTERNAL) -> str:
    """Changes with everything that the plan says, and needs no plan to be made: a handful of small queries."""
    return f"{workshop.pk}-{sha256(repr(_rests_on(workshop, asked)).encode()).hexdigest()[:24]}-{asked.name}"


def key_of_page(workshop: Workshop, name: str, html: str) -> str:
    """Of paper for the room: changes with what is on it, and not with all else that happens in a session."""
    return f"{workshop.pk}-{sha256((program() + html).encode()).hexdigest()[:24]}-{ROOM}-{name}"


def _rests_on(workshop, asked):
    if asked.kind == VERSION:
        about = workshop.versions.filter(number=asked.about if asked.about.isdecimal() else 0)
        said = about.values_list("fingerprint", "made_at", "note").first()
        # What was marked as only for the table since, is left out of what is shared.
        since = workshop.revision if asked.shareable else None
        maps = SignalMap.objects.of_municipality(workshop.signal_map.municipality)
        drawn = maps.aggregate(last=Max("pk"), count=Count("pk"))  # one of these has the shapes of its map
        return said, workshop.versions.count(), _imports(), drawn, since, program()
    edition, imports = workshop.signal_map, _imports()
    seen = Attendance.objects.filter(workshop=workshop).aggregate(rows=Count("pk"), people=Sum("people"))
    seats = Participation.objects.filter(workshop=workshop).aggregate(last=Max("pk"), count=Count("pk"))
    before = workshop.follows and (workshop.follows_id, workshop.follows.revision)
    return workshop.revision, edition.pk, edition.computed_at, imports, seen, seats, before, program()


def _imports() -> dict:
    """Shapes, figures and own signals change by reading in only."""
    return Dataset.objects.aggregate(last=Max("pk"), count=Count("pk"))


def is_of(workshop: Workshop, key: str) -> bool:
    """A plan of this session."""
    return _is_owned(workshop, key) and asked_for(key) is not None


def is_paper_of(workshop: Workshop, key: str) -> bool:
    """Paper for the room of this session; only who leads it may have that."""
    return _is_owned(workshop, key) and for_room(key) is not None


def _is_owned(workshop, key) -> bool:
    owner, digest, _ = _parts(key)
    return owner == str(workshop.pk) and digest.isalnum()


def asked_for(key: str) -> Printing | None:
    """The plan that this is the key of, or None when it is none."""
    name = _parts(key)[2]
    return printing(name) if name else INTERNAL


def for_room(key: str) -> str | None:
    """The name of the paper for the room that this is the key of."""
    kind, _, name = _parts(key)[2].partition("-")
    return name if kind == ROOM else None


def _parts(key: str) -> tuple[str, str, str]:
    owner, _, rest = key.partition("-")
    digest, _, name = rest.partition("-")
    return owner, digest, name


def ready(key: str) -> bytes | None:
    return store.read(_pdf(key))


def look(key: str) -> Progress:
    if _pdf(key).exists():
        return Progress(ready=True)
    told = _told(key)
    if _is_held(key) and not told.get("error"):  # with one, only a process that never looked at the job still has it
        return Progress(running=True, done=told.get("done", 0), of=told.get("of", 0))
    if _pdf(key).exists():  # just now
        return Progress(ready=True)
    return Progress(error=told.get("error") or ENDED if told else "")


def wait(key: str, seconds: float) -> Progress:
    """How far it is, as soon as it is ready or after so many seconds. A thread that waits leaves the room alone."""
    until = time.monotonic() + seconds
    while (now := look(key)).running and time.monotonic() < until:
        time.sleep(0.03)
    return now


def start(workshop: Workshop, key: str, *, html: str = "", at_once: bool = False) -> None:
    """Two people who ask at once share one job: only who gets the lock starts a process, or finds one that waits
    (matrix/plan/warm.py), which takes the lock over.

    `html`: the page of paper for the room. `at_once`: so little that starting a process would take longer.
    """
    try:
        with _lock(key).open("a") as held:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            if _pdf(key).exists():
                return
            os.utime(held.fileno())  # else it is as old as its first use, and tidied away while it is held
            tell(key, done=0, of=0)
            if html:
                store.keep(_page(key), html.encode())
            if settings.PLAN_IN_THIS_PROCESS or (at_once and has_faces()):
                make(workshop.code, key)
            elif not warm.hand_over(workshop.code, key, held.fileno()):
                start_maker(workshop.code, key, lock=held.fileno())
    except OSError as error:
        raise PlanError(_why(error)) from error


def make(code: str, key: str, *, hands=None) -> None:
    """In the process that does the work. What goes wrong is told to who waits; an earlier plan stays as it is."""
    try:
        workshop = Workshop.objects.select_related("signal_map", "follows").get(code=code)
        store.keep(_pdf(key), _made(workshop, key, lambda done, of: tell(key, done=done, of=of), hands))
        _page(key).unlink(missing_ok=True)
        store.tidy(store.folder("klaar"), LIMIT)
        store.tidy(store.folder("werk"), 0, older=3600)
    except Workshop.DoesNotExist:
        tell(key, error="Deze sessie is er niet meer. Er is geen PDF gemaakt.")
    except PlanError as error:
        tell(key, error=str(error))
    except OSError as error:
        tell(key, error=_why(error))
    except MemoryError:
        tell(key, error=ENDED)


def _made(workshop, key, progress, hands) -> bytes:
    if for_room(key) is None:
        from matrix.plan.papers import paper_of
        from matrix.plan.pdf import render

        return render(paper_of(workshop, asked_for(key)), progress, hands=hands)
    from matrix.paper.pieces import to_pdf

    if (html := store.read(_page(key))) is None:
        raise PlanError(ENDED)
    return to_pdf(html.decode(), progress)


def tell(key: str, **about) -> None:
    with suppress(OSError):  # a full disk: who waits reads that the job ended
        store.keep(_state(key), json.dumps(about).encode())


def _why(error: OSError) -> str:
    if error.errno in {28, 122}:  # ENOSPC, EDQUOT
        return (
            "De schijf van de server is vol. De PDF kon niet worden gemaakt; wat er al was, is niet veranderd. Vraag "
            "de beheerder om ruimte te maken, en probeer het dan opnieuw."
        )
    return f"De server kon de PDF niet bewaren ({error.strerror or error}). Vraag de beheerder om ernaar te kijken."


def _told(key: str) -> dict:
    try:
        return json.loads(store.read(_state(key)) or b"{}")
    except ValueError:
        return {}


def _is_held(key: str) -> bool:
    if not _lock(key).exists():
        return False
    with _lock(key).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _pdf(key: str) -> Path:
    return store.folder("klaar") / f"{key}.pdf"


def _page(key: str) -> Path:
    return store.folder("werk") / f"{key}.html"


def _state(key: str) -> Path:
    return store.folder("werk") / f"{key}.json"


def _lock(key: str) -> Path:
    return store.folder("werk") / f"{key}.lock"
