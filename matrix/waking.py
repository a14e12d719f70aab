"""How a write in one server process wakes the screens of every other one: LISTEN and NOTIFY of PostgreSQL.

On SQLite there is nothing of the kind, and both functions do nothing.
"""

import asyncio
import logging
from collections.abc import Callable

from django.db import connection

logger = logging.getLogger(__name__)

CHANNEL = "veerkracht"
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 10  # seconds between tries, doubled each time
QUIET = 30  # seconds of silence after which the connection must show that it is still alive


def announce(workshop_pk: int) -> None:
    """Tells all processes that this session has something new. Call it in the transaction of the write: PostgreSQL
    delivers when that is stored, and forgets it when that fails."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, str(workshop_pk)])


async def listen(wake: Callable[[], None]) -> None:
    """Calls `wake` at every announcement, until it is cancelled; on SQLite it returns at once.

    It holds one connection of its own, outside the pool. When that breaks, it makes a new one and then calls `wake`
    too: what was announced in between was told to nobody.
    """
    if connection.vendor != "postgresql":
        return
    from psycopg import OperationalError

    pause = FIRST_PAUSE
    while True:
        try:
            async with await _connect() as listening:
                await listening.execute(f"LISTEN {CHANNEL}")
                pause = FIRST_PAUSE
                while True:
                    wake()
                    async for _ in listening.notifies(timeout=QUIET):
                        wake()
                    await listening.execute("SELECT 1")  # a cable that was pulled out says nothing by itself
        except OperationalError as error:
            logger.warning("De database is even weg (%s); over %s seconden opnieuw.", _first_line(error), pause)
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)


async def _connect():
    from psycopg import AsyncConnection

    parameters = connection.get_connection_params()
    for ours in ("context", "cursor_factory", "prepare_threshold"):  # Django's own, for its synchronous cursors
        parameters.pop(ours, None)
    return await AsyncConnection.connect(**parameters, autocommit=True, connect_timeout=10)


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0] or type(error).__name__
