"""The processes that lay pieces out. They may be there before Django is: reading it and WeasyPrint in, one after the
other, would take longer than a page of the plan."""

import os
from contextlib import contextmanager, suppress
from functools import partial

from matrix.plan.forking import Crew


@contextmanager
def crew(size: int, *, limited: bool = False, waits: int = 0):
    """For `render`: called early, they get ready while the plan is put together. Only from a process without threads,
    see matrix/plan/forking.py; None where there is no such thing, and the work is then done in the process itself.
    `waits`: seconds until there may be work, which do not count for the limit of time."""
    if size == 1 or not hasattr(os, "fork"):
        yield None
        return
    ready = partial(_get_ready_limited, waits) if limited else _get_ready
    with Crew(_work, size=size, once=_read_in, each_of_them=ready) as hands:
        yield hands


def _read_in() -> None:
    import gc

    import django

    gc.disable()  # as maps.memory, for as long as such a process lives: what is laid out has few circles
    with suppress(OSError):  # said when the first piece is laid out
        import weasyprint  # noqa: F401
    django.setup()
    import matrix.plan.kept  # noqa: F401


def _get_ready() -> None:
    from matrix.plan.layout import get_ready

    get_ready()


def _get_ready_limited(waits: int) -> None:
    limit_this_process(waits)
    _get_ready()


def _work(piece: tuple[str, str]) -> bytes:
    from matrix.plan.kept import lay_out_and_keep

    return lay_out_and_keep(*piece)


def limit_this_process(waits: int = 0) -> None:
    """One that does not end, or grows without end, is ended."""
    import resource
    import signal

    from django.conf import settings

    resource.setrlimit(resource.RLIMIT_AS, (settings.PLAN_MEMORY_MB * 2**20,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (settings.PLAN_SECONDS, settings.PLAN_SECONDS))
    signal.alarm(waits + settings.PLAN_SECONDS)
