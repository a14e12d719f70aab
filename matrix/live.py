"""Who is told, and how: every open screen gets the parts of itself that changed, in order, and misses none.

The event log is the truth. A write only wakes; one tailer per process reads what came after the last revision, renders
each part that is on some screen once per audience, and hands the same bytes to all screens that show the same.
What another process wrote is found by a look at the revisions, and on PostgreSQL by its notification.
"""

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from asgiref.sync import sync_to_async
from django.db import connection

from matrix import waking
from matrix.models import Event, Workshop
from matrix.stages import Role

logger = logging.getLogger(__name__)

BEAT = 15  # seconds between signs of life, so that proxies keep a quiet stream open
SIGN_OF_LIFE = b": nog hier\n\n"
FACILITATORS = "facilitators"  # the subject of a write after which somebody runs the session no longer
LOOK = 0.5  # seconds between looks at the revisions, for what another process wrote

_tailer: "Tailer | None" = None
# One thread reads and renders: it is the processor that limits, and one thread holds one database connection.
_thread = ThreadPoolExecutor(1, thread_name_prefix="live")


def wake() -> None:
    """Called after a write is stored, from any thread."""
    if _tailer and _tailer.audiences:
        _tailer.wake()


@dataclass(frozen=True)
class Screen:
    """What all screens have in common that get the same bytes: the session, who looks, and the parts on the page."""

    workshop_pk: int
    audience: str  # see matrix.audience
    parts: tuple[str, ...]  # see matrix.regions


class Tailer:
    """Reads the log once for all streams of this process, as long as there are any."""

    def __init__(self, loop):
        self.loop = loop
        self.audiences: dict[Screen, set[asyncio.Queue]] = {}
        self.handed_out: dict[int, int] = {}  # workshop pk -> revision
        self.woken = asyncio.Event()
        self.task = None
        self.listening = None

    def wake(self):
        self.loop.call_soon_threadsafe(self.woken.set)

    def join(self, screen: Screen) -> asyncio.Queue:
        queue = asyncio.Queue()
        self.audiences.setdefault(screen, set()).add(queue)
        if self.task is None or self.task.done():
            self.task = asyncio.create_task(self.run())
            self.listening = asyncio.create_task(waking.listen(self.wake))
        return queue

    def leave(self, screen: Screen, queue):
        self.audiences[screen].discard(queue)
        if not self.audiences[screen]:
            del self.audiences[screen]
        here = {other.workshop_pk for other in self.audiences}
        self.handed_out = {pk: revision for pk, revision in self.handed_out.items() if pk in here}

    async def run(self):
        beat = self.loop.time() + BEAT
        while self.audiences:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.woken.wait(), LOOK)
            self.woken.clear()
            if self.loop.time() > beat:
                beat = self.loop.time() + BEAT
                for queue in (queue for queues in self.audiences.values() for queue in queues):
                    queue.put_nowait(None)
            began = self.loop.time()
            try:
                for screen, message in await _in_thread(_news)(dict(self.handed_out), tuple(self.audiences)):
                    for queue in self.audiences.get(screen, ()):
                        queue.put_nowait(message)
                    self.handed_out[screen.workshop_pk] = message.revision
            except Exception:  # whatever it is, a tailer that ends leaves every screen silent without saying so
                logger.exception("De stand van de sessies kon niet worden gelezen; over een tel opnieuw.")
                await asyncio.sleep(LOOK)
            # Most of the time is for who writes: in a rush messages hold more, instead of being more.
            await asyncio.sleep(min(2 * (self.loop.time() - began), 2 * LOOK))
        self.listening.cancel()


def _in_thread(function):
    return sync_to_async(function, thread_sensitive=False, executor=_thread)


@dataclass(frozen=True)
class Message:
    """One server-sent event: what happened after `since` up to and including `revision`."""

    since: int
    revision: int
    body: bytes
    is_last: bool = False  # who comes back is asked again whether they may


def _news(handed_out: dict[int, int], screens: Iterable[Screen]) -> list[tuple[Screen, Message]]:
    """For each screen of a workshop with something new its one message. A small query when there is nothing new.

    When writes come faster than they are rendered, several share a message: it holds each part once, as it is now.
    """
    try:
        found = []
        now = dict(Workshop.objects.filter(pk__in=handed_out).values_list("pk", "revision"))
        for pk, revision in now.items():
            if revision <= handed_out[pk]:
                continue
            events = _events(pk, handed_out[pk])
            if not events:  # a write that changed nothing after all leaves a gap
                events = [(revision, [])]
            here = [screen for screen in screens if screen.workshop_pk == pk]
            if here:
                _gather(here, events)
            found += [(screen, _message(screen, events, handed_out[pk])) for screen in here]
        return found
    finally:
        _let_go()


def _missed(screen: Screen, since: int) -> Message | None:
    try:
        if events := _events(screen.workshop_pk, since):
            _gather([screen], events)
            return _message(screen, events, since)
        return None
    finally:
        _let_go()


def _let_go() -> None:
    """The one thread of the streams keeps its connection: getting one costs as much as two of its queries. One that
    broke, as when the database was restarted, is not used again."""
    if connection.errors_occurred:
        connection.close()


def _events(workshop_pk, since) -> list[tuple[int, list[str]]]:
    after = Event.objects.filter(workshop=workshop_pk, revision__gt=since).order_by("revision")
    return list(after.values_list("revision", "subjects"))


def _gather(screens, events) -> None:
    from matrix import regions

    parts = {part for screen in screens for part in screen.parts}
    regions.gather(screens[0].workshop_pk, events[-1][0], parts, {subject for _, about in events for subject in about})


def _message(screen: Screen, events, since: int) -> Message:
    from matrix import regions  # it knows the pages, and they know this

    revision = events[-1][0]
    subjects = {subject for _, about in events for subject in about}
    parts = regions.render(screen.workshop_pk, revision, screen.audience, screen.parts, subjects)
    data = {"since": since, "revision": revision, "now": round(time.time() * 1000), "parts": parts}
    data["subjects"] = sorted(subjects)
    body = f"id: {revision}\ndata: {json.dumps(data, ensure_ascii=False, separators=(',', ':'))}\n\n"
    return Message(since, revision, body.encode(), FACILITATORS in subjects and screen.audience == Role.FACILITATOR)


async def stream(screen: Screen, since: int):
    """Server-sent events for one screen after revision `since`: first what was missed, then what comes.

    The queue is joined before the log is read, so an event of that moment comes twice rather than never; the revision
    tells, and the second is skipped.
    """
    global _tailer
    if _tailer is None or _tailer.loop is not asyncio.get_running_loop():
        _tailer = Tailer(asyncio.get_running_loop())
    tailer = _tailer
    queue = tailer.join(screen)
    try:
        yield b"retry: 1000\n\n"
        missed = await _in_thread(_missed)(screen, since)
        if missed:
            since = missed.revision
            yield missed.body
            if missed.is_last:
                return
        tailer.handed_out.setdefault(screen.workshop_pk, since)
        while True:
            message = await queue.get()
            if message is None:
                yield SIGN_OF_LIFE
            elif message.revision > since:
                since = message.revision
                yield message.body
                if message.is_last:
                    return
    finally:
        tailer.leave(screen, queue)
