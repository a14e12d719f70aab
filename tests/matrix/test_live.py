"""The stream of a session: what was missed, what comes, in order, nothing twice."""

import asyncio
import json

import pytest
from asgiref.sync import sync_to_async

from matrix import live
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def revisions(chunks):
    return [json.loads(chunk.split("data: ")[1])["revision"] for chunk in chunks if "data:" in chunk]


async def read(stream, events, seconds=5):
    """Chunks of the stream until so many events came."""
    chunks = []
    async with asyncio.timeout(seconds):
        async for chunk in stream:
            chunks.append(chunk)
            if len(revisions(chunks)) >= events:
                return chunks
    return chunks


def play(scene):
    async def run():
        cast = await sync_to_async(lambda: factories.Cast(factories.workshop()))()
        await scene(cast)

    asyncio.run(run())


async def propose(cast, title):
    await sync_to_async(cast.propose)(title)


def test_a_screen_that_comes_back_hears_what_it_missed():
    async def scene(cast):
        start = (await sync_to_async(lambda: type(cast.workshop).objects.get(pk=cast.workshop.pk))()).revision
        for i in range(3):
            await propose(cast, f"Maatregel {i}")
        stream = live.stream(cast.workshop.pk, start)
        assert revisions(await read(stream, 3)) == [start + 1, start + 2, start + 3]
        await stream.aclose()

    play(scene)


def test_two_screens_hear_each_write_once_and_in_order():
    async def scene(cast):
        start = (await sync_to_async(lambda: type(cast.workshop).objects.get(pk=cast.workshop.pk))()).revision
        streams = [live.stream(cast.workshop.pk, start) for _ in range(2)]
        readers = [asyncio.create_task(read(stream, 10, 20)) for stream in streams]
        await asyncio.sleep(0.1)
        for i in range(10):
            await propose(cast, f"Maatregel {i}")
        for chunks in await asyncio.gather(*readers):
            assert revisions(chunks) == list(range(start + 1, start + 11))
            assert '"regions": ["board", "agreements"]' in chunks[-1]
        for stream in streams:
            await stream.aclose()

    play(scene)


def test_another_session_hears_nothing():
    async def scene(cast):
        other = await sync_to_async(lambda: factories.workshop(code="elders", municipality="GM9902"))()
        stream = live.stream(other.pk, other.revision)
        reader = asyncio.create_task(read(stream, 1, 1))
        await asyncio.sleep(0.1)
        await propose(cast, "Geheim")
        with pytest.raises(TimeoutError):
            await reader
        await stream.aclose()

    play(scene)


def test_the_log_says_nothing_of_persons():
    async def scene(cast):
        stream = live.stream(cast.workshop.pk, 0)
        chunks = await read(stream, 5)
        assert "Jo" not in "".join(chunks)
        await stream.aclose()

    play(scene)
