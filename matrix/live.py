"""Who is told, and how: every open screen hears of each event, in order, and misses none.

The event log is the truth. A write only wakes; one tailer per process reads what came after the last revision and
hands it to the streams of that workshop. What another process wrote is found by a look at the revisions.
"""

import asyncio
import contextlib
import json
import logging
from functools import reduce
from operator import or_

from asgiref.sync import sync_to_async
from django.db import connection
from django.db.models import Q

from matrix.models import Event, Workshop

logger = logging.getLogger(__name__)

BEAT = 15  # seconds between signs of life, so that proxies keep a quiet stream open
LOOK = 0.5  # seconds between looks at the revisions, for what another process wrote

_tailer: "Tailer | None" = None


def wake() -> None:
    """Called after a write is stored, from any thread."""
    if _tailer and _tailer.streams:
        _tailer.wake()


class Tailer:
    """Reads the log once for all streams of this process, as long as there are any."""

    def __init__(self, loop):
        self.loop = loop
        self.streams: dict[int, set[asyncio.Queue]] = {}  # workshop pk -> queues
        self.handed_out: dict[int, int] = {}  # workshop pk -> revision
        self.woken = asyncio.Event()
        self.task = None

    def wake(self):
        self.loop.call_soon_threadsafe(self.woken.set)

    def join(self, workshop_pk) -> asyncio.Queue:
        queue = asyncio.Queue()
        self.streams.setdefault(workshop_pk, set()).add(queue)
        if self.task is None or self.task.done():
            self.task = asyncio.create_task(self.run())
        return queue

    def leave(self, workshop_pk, queue):
        self.streams[workshop_pk].discard(queue)
        if not self.streams[workshop_pk]:
            del self.streams[workshop_pk]
            self.handed_out.pop(workshop_pk, None)

    async def run(self):
        while self.streams:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.woken.wait(), LOOK)
            self.woken.clear()
            try:
                for event in await sync_to_async(_events_after)(dict(self.handed_out)):
                    self.handed_out[event["workshop_id"]] = event["revision"]
                    for queue in self.streams.get(event["workshop_id"], ()):
                        queue.put_nowait(event)
            except Exception:  # whatever it is, a tailer that ends leaves every screen silent without saying so
                logger.exception("De stand van de sessies kon niet worden gelezen; over een tel opnieuw.")
                await asyncio.sleep(LOOK)


_FIELDS = ("workshop_id", "revision", "regions")


def _events_after(revisions: dict[int, int]) -> list[dict]:
    """New events of the workshops, in order. One small query when there is nothing new."""
    try:
        now = Workshop.objects.filter(pk__in=revisions).values_list("pk", "revision")
        changed = [Q(workshop=pk, revision__gt=revisions[pk]) for pk, revision in now if revision > revisions[pk]]
        if not changed:
            return []
        return list(Event.objects.filter(reduce(or_, changed)).order_by("revision").values(*_FIELDS))
    finally:
        connection.close()  # or every thread that ever read holds one


def _missed(workshop_pk, since) -> list[dict]:
    try:
        return list(
            Event.objects.filter(workshop=workshop_pk, revision__gt=since).order_by("revision").values(*_FIELDS)
        )
    finally:
        connection.close()


async def stream(workshop_pk: int, since: int):
    """Server-sent events of one workshop after revision `since`: first what was missed, then what comes.

    The queue is joined before the log is read, so an event of that moment comes twice rather than never; the revision
    tells, and the second is skipped.
    """
    global _tailer
    if _tailer is None or _tailer.loop is not asyncio.get_running_loop():
        _tailer = Tailer(asyncio.get_running_loop())
    tailer = _tailer
    queue = tailer.join(workshop_pk)
    try:
        yield "retry: 1000\n\n"
        for event in await sync_to_async(_missed)(workshop_pk, since):
            since = event["revision"]
            yield _as_sse(event)
        tailer.handed_out.setdefault(workshop_pk, since)
        while True:
            try:
                event = await asyncio.wait_for(queue.get(), BEAT)
            except TimeoutError:
                yield ": nog hier\n\n"
                continue
            if event["revision"] > since:
                since = event["revision"]
                yield _as_sse(event)
    finally:
        tailer.leave(workshop_pk, queue)


def _as_sse(event) -> str:
    data = {key: event[key] for key in ("revision", "regions")}
    return f"id: {event['revision']}\ndata: {json.dumps(data)}\n\n"
