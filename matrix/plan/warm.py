"""A process that makes a plan first reads the program in, which takes longer than a small paper itself. So one is
started as soon as somebody opens a page from which a PDF is asked for, and waits for the first job.

It listens at a socket, for this user only, and takes one job with the lock of that job (matrix/plan/jobs.py). Who finds
no such process, or gets no answer at once, starts one as ever. While it waits it holds a lock too, so there is one.
"""

import fcntl
import json
import os
import socket
import time
from contextlib import suppress
from pathlib import Path
from select import POLLIN, poll

from django.conf import settings

from matrix.plan import store
from matrix.plan.program import program, start_maker

PATIENCE = 1  # second: on a busy server, who has little priority answers late; starting one takes longer still
LOOKS = 1  # seconds, between two times of looking whether it is still of use to wait
LONGEST = 100  # bytes: the system takes no longer path of a socket
TAKEN = b"1"


# ---- in the site ----


def up() -> None:
    """For a page: takes milliseconds. What goes wrong here only means that a plan is there a little later."""
    if settings.PLAN_IN_THIS_PROCESS or not settings.PLAN_WARM:
        return
    with suppress(OSError):
        path = place()
        if len(os.fsencode(path)) > LONGEST:
            return
        with path.with_suffix(".lock").open("a") as held:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)  # an OSError when one waits already
            os.utime(held.fileno())  # else it is as old as its first use, and tidied away while it is held
            start_maker("--wait", str(held.fileno()), str(path), lock=held.fileno())


def hand_over(code: str, key: str, lock: int) -> bool:
    """Whether a process that waited has taken the job, and its lock."""
    try:
        with socket.socket(socket.AF_UNIX) as asking:
            asking.settimeout(PATIENCE)
            asking.connect(str(place()))
            socket.send_fds(asking, [json.dumps([code, key]).encode()], [lock])
            answers = poll()  # select cannot do with a thousand connections
            answers.register(asking, POLLIN)
            answers.poll(PATIENCE * 1000)
            with suppress(OSError):
                asking.shutdown(socket.SHUT_RDWR)  # from now on it cannot be taken any more
            return asking.recv(1) == TAKEN
    except OSError:
        return False


def place() -> Path:
    """Of this version of the program only."""
    return store.folder("werk") / f"klaar-{program()[:12]}.sock"


# ---- in the process that waits ----


def taken(path: Path, lock: int, seconds: float) -> tuple[str, str] | None:
    """The code and key of the first job; None when none came in time, or the site that started this is gone."""
    site, until, job = os.getppid(), time.monotonic() + seconds, None
    with socket.socket(socket.AF_UNIX) as listening, suppress(OSError):
        path.unlink(missing_ok=True)  # of a process that was ended
        os.umask(0o077)
        listening.bind(str(path))
        listening.listen()
        listening.settimeout(LOOKS)
        while not job and time.monotonic() < until and os.getppid() == site and path.exists():
            job = _take(listening)
        path.unlink(missing_ok=True)
    fcntl.flock(lock, fcntl.LOCK_UN)  # closing it is not enough: the children have it too
    return job


def _take(listening: socket.socket) -> tuple[str, str] | None:
    """Who asked may have given up meanwhile: then it is not ours, and neither is its lock."""
    locks = []
    try:
        asking, _ = listening.accept()
        with asking:
            asking.settimeout(PATIENCE)
            said, locks, *_ = socket.recv_fds(asking, 4096, 1)
            code, key = json.loads(said)
            asking.sendall(TAKEN)
            return code, key
    except (OSError, ValueError):
        for lock in locks:
            os.close(lock)
    return None
