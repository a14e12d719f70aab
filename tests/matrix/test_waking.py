"""A write in one process wakes the streams of another: told when it is stored, and not missed when the line breaks."""

import asyncio
import contextlib
import itertools
import threading

import pytest
from asgiref.sync import sync_to_async
from django.db import connection, transaction

from matrix import waking
from tests.databases import on_postgresql, on_sqlite


class Listener:
    """Counts how often it was woken."""

    def __init__(self):
        self.woken = 0
        self.changed = asyncio.Event()

    def wake(self):
        self.woken += 1
        self.changed.set()

    async def next(self, seconds=20):
        async with asyncio.timeout(seconds):
            await self.changed.wait()
        self.changed.clear()

    async def hears_nothing(self, seconds=0.3):
        with contextlib.suppress(TimeoutError):
            await self.next(seconds)
            return False
        return True


@sync_to_async(thread_sensitive=False)
def in_a_thread(act, *args, **options):
    """As a request in the server: in a thread of its own, which leaves no connection behind."""
    try:
        return act(*args, **options)
    finally:
        connection.close()


def play(scene):
    """With a listener that has just connected."""

    async def run():
        listener = Listener()
        listening = asyncio.create_task(waking.listen(listener.wake))
        try:
            await listener.next()
            await scene(listener)
        finally:
            listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await listening

    asyncio.run(run())


def write(*, undone=False):
    with contextlib.suppress(ZeroDivisionError), transaction.atomic():
        waking.announce(7)
        if undone:
            1 / 0  # noqa: B018


def listening_connections(act="count(*)"):
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {act} FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND query LIKE 'LISTEN%'"
        )
        return cursor.fetchone()


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_stored_write_wakes():
    async def scene(listener):
        await in_a_thread(write)
        await listener.next()
        assert listener.woken == 2, "een keer bij het verbinden, een keer bij de wijziging"

    play(scene)


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_write_wakes_when_it_is_stored_and_not_before():
    stored = threading.Event()

    def slow_write():
        with transaction.atomic():
            write()
            stored.wait(5)

    async def scene(listener):
        writing = asyncio.create_task(in_a_thread(slow_write))
        assert await listener.hears_nothing()
        stored.set()
        await writing
        await listener.next()

    play(scene)


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_write_that_was_undone_wakes_nobody():
    async def scene(listener):
        await in_a_thread(write, undone=True)
        assert await listener.hears_nothing()

    play(scene)


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_broken_connection_is_made_anew_and_wakes_for_what_it_missed(monkeypatch, caplog):
    monkeypatch.setattr(waking, "FIRST_PAUSE", 0.05)

    async def scene(listener):
        await in_a_thread(listening_connections, "pg_terminate_backend(pid)")
        await listener.next()
        await in_a_thread(write)
        await listener.next()

    play(scene)
    assert "even weg" in caplog.text


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_while_the_database_is_away_it_keeps_trying_with_longer_pauses(monkeypatch, caplog):
    pauses, connect = [], waking._connect
    monkeypatch.setattr(waking, "FIRST_PAUSE", 0.01)

    async def away():
        pauses.append(asyncio.get_running_loop().time())
        if len(pauses) < 6:
            import psycopg

            raise psycopg.OperationalError("geen verbinding")
        return await connect()

    monkeypatch.setattr(waking, "_connect", away)

    async def scene(listener):
        assert listener.woken == 1

    play(scene)
    gaps = [later - earlier for earlier, later in itertools.pairwise(pauses)]
    assert len(gaps) == 5
    assert gaps[-1] > 4 * gaps[0]


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_quiet_connection_is_asked_whether_it_still_lives(monkeypatch):
    monkeypatch.setattr(waking, "QUIET", 0.05)

    async def scene(listener):
        await listener.next()
        await in_a_thread(write)
        await listener.next()

    play(scene)


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_who_stops_listening_leaves_no_connection_behind():
    async def scene(listener):
        assert await in_a_thread(listening_connections) == (1,)

    play(scene)
    assert listening_connections() == (0,)


@on_sqlite
def test_on_sqlite_listening_ends_at_once():
    listener = Listener()
    asyncio.run(asyncio.wait_for(waking.listen(listener.wake), 1))
    assert listener.woken == 0


@on_sqlite
@pytest.mark.django_db
def test_on_sqlite_announcing_asks_nothing_of_the_database(django_assert_num_queries):
    with django_assert_num_queries(0):
        waking.announce(7)
