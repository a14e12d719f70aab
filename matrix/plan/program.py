"""This version of the program, and a process of it that makes a plan."""

import subprocess
import sys
from functools import cache
from hashlib import sha256

from django.conf import settings


@cache
def program() -> str:
    """A plan made by another version may look different."""
    base = settings.BASE_DIR
    places = (
        "matrix/plan/*.py",
        "matrix/files/*.py",
        "matrix/workbooks.py",
        "templates/matrix/plan/*.html",
        "static/css/plan*.css",
        "maps/s*.py",
    )
    files = sorted(path for place in places for path in base.glob(place))
    return sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def start_maker(*words: str, lock: int) -> None:
    """A process of its own, that has the lock too: whoever started it may let go of it."""
    subprocess.Popen(  # noqa: S603 (our own program; the code of a session is a slug)
        [sys.executable, "-m", "matrix.plan.maker", *words],
        cwd=settings.BASE_DIR, pass_fds=[lock], start_new_session=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
    )  # fmt: skip
