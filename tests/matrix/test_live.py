"""The stream of a session: what was missed, what comes, in order, nothing twice, nothing for who may not see it."""

import asyncio
import json
import re

import pytest
from asgiref.sync import sync_to_async

from matrix import live, regions
from matrix.actions import workshop as workshops
from matrix.models import Workshop
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    """Databases of tests give their keys out again; and one that lives in memory locks whole tables, so that its reader
    and its writer must take turns in one thread. The browser tests have a real one."""
    regions._made.clear()
    monkeypatch.setattr(live, "_in_thread", sync_to_async)


def data(chunks):
    return [json.loads(chunk.split(b"data: ")[1]) for chunk in chunks if b"data:" in chunk]


async def read(stream, until, seconds=20):
    """Messages of the stream up to and including this revision."""
    chunks = []
    async with asyncio.timeout(seconds):
        async for chunk in stream:
            chunks.append(chunk)
            if any(message["revision"] >= until for message in data([chunk])):
                break
    return data(chunks)


def play(scene):
    async def run():
        cast = await sync_to_async(lambda: factories.Cast(factories.workshop()))()
        await scene(cast)

    asyncio.run(run())


async def propose(cast, title):
    await sync_to_async(cast.propose)(title)


async def revision(cast):
    return (await sync_to_async(Workshop.objects.get)(pk=cast.workshop.pk)).revision


def screen(cast, *parts, who="facilitator"):
    return live.Screen(cast.workshop.pk, who, parts)


def in_a_row(messages, start, end):
    """Each message begins where the one before it ended: nothing missed, nothing twice."""
    assert [m["since"] for m in messages] == [start, *(m["revision"] for m in messages[:-1])]
    assert messages[-1]["revision"] == end


def test_a_screen_that_comes_back_gets_what_it_missed_at_once():
    async def scene(cast):
        start = await revision(cast)
        for i in range(3):
            await propose(cast, f"Maatregel {i}")
        stream = live.stream(screen(cast, "board"), start)
        messages = await read(stream, start + 3)
        in_a_row(messages, start, start + 3)
        html = dict(messages[0]["parts"])
        cell = next(text for key, text in html.items() if key.startswith("vak-"))
        assert all(f"Maatregel {i}" in cell for i in range(3))
        await stream.aclose()

    play(scene)


def test_two_screens_hear_every_write_once_and_in_order():
    async def scene(cast):
        start = await revision(cast)
        streams = [live.stream(screen(cast, "board"), start) for _ in range(2)]
        readers = [asyncio.create_task(read(stream, start + 10, 20)) for stream in streams]
        await asyncio.sleep(0.1)
        for i in range(10):
            await propose(cast, f"Maatregel {i}")
        for messages in await asyncio.gather(*readers):
            in_a_row(messages, start, start + 10)
            assert "Maatregel 9" in json.dumps(messages[-1]["parts"])
        for stream in streams:
            await stream.aclose()

    play(scene)


def test_only_the_parts_that_are_on_the_page_come_and_only_what_changed():
    async def scene(cast):
        start = await revision(cast)
        stream = live.stream(screen(cast, "board", "header/handelen", "agreements"), start)
        await propose(cast, "Samen schoonmaken")
        (message,) = await read(stream, start + 1)
        ids = [key for key, _ in message["parts"]]
        assert "rijen" in ids  # the list of agreements
        assert [key for key in ids if key.startswith("vak-")] == [f"vak-{await first_area(cast)}-leefomgeving"]
        assert "kop" not in ids
        await stream.aclose()

    play(scene)


async def first_area(cast):
    return (await sync_to_async(cast.workshop.workshop_areas.first)()).area_id


def test_another_session_hears_nothing():
    async def scene(cast):
        other = await sync_to_async(lambda: factories.workshop(code="elders", municipality="GM9902"))()
        stream = live.stream(live.Screen(other.pk, "facilitator", ("board",)), other.revision)
        reader = asyncio.create_task(read(stream, other.revision + 1, 1))
        await asyncio.sleep(0.1)
        await propose(cast, "Geheim")
        with pytest.raises(TimeoutError):
            await reader
        await stream.aclose()

    play(scene)


def test_what_many_see_is_rendered_once(monkeypatch):
    rendered = []
    real = regions.render_to_string
    monkeypatch.setattr(regions, "render_to_string", lambda name, context: rendered.append(name) or real(name, context))

    async def scene(cast):
        start = await revision(cast)
        seats = [str(o.pk) async for o in cast.workshop.organisations.all()]
        streams = [live.stream(screen(cast, "board", who=who), start) for who in (*seats, *seats, "facilitator")]
        readers = [asyncio.create_task(read(stream, start + 1)) for stream in streams]
        await asyncio.sleep(0.1)
        await propose(cast, "Samen schoonmaken")
        await asyncio.gather(*readers)
        # Two of the three organisations are partners and see the same cell; its count is the same for all.
        assert sorted(rendered) == ["matrix/board.html#cell"] * 3 + ["matrix/board.html#complete"]
        for stream in streams:
            await stream.aclose()

    play(scene)


def test_seat_codes_go_to_the_facilitator_only():
    async def scene(cast):
        start = await revision(cast)
        tenant = await cast.workshop.organisations.aget(kind="huurdersorganisatie")
        streams = [
            live.stream(screen(cast, "organisations", who=who), start) for who in (str(tenant.pk), "facilitator")
        ]
        readers = [asyncio.create_task(read(stream, start + 1)) for stream in streams]
        await asyncio.sleep(0.1)
        await sync_to_async(factories.join)(tenant)
        theirs, ours = await asyncio.gather(*readers)
        assert theirs[0]["parts"] == []
        assert tenant.seat_code in json.dumps(ours[0]["parts"])
        for stream in streams:
            await stream.aclose()

    play(scene)


def test_who_runs_the_session_no_longer_hears_no_more_of_it(django_user_model):
    """The stream of every facilitator ends; who still is one comes back within a second."""

    async def scene(cast):
        start = await revision(cast)
        facilitators, partners = (
            live.stream(screen(cast, "header/handelen"), start),
            live.stream(screen(cast, who="partner"), start),
        )
        reading = asyncio.create_task(read(partners, start + 3))
        by = cast.as_facilitator
        colleague = await sync_to_async(django_user_model.objects.create_user)("noor")
        heard = asyncio.create_task(data_until_the_end(facilitators))
        await sync_to_async(workshops.add_facilitator)(by=by, username="noor")
        await sync_to_async(workshops.remove_facilitator)(by=by, user=colleague)
        assert (await asyncio.wait_for(heard, 20))[-1]["revision"] == start + 2
        await propose(cast, "Samen schoonmaken")
        in_a_row(await reading, start, start + 3)

    play(scene)


async def data_until_the_end(stream):
    return data([chunk async for chunk in stream])


def test_a_remark_stays_with_its_organisation_until_it_is_revealed():
    async def scene(cast):
        from matrix.actions import remark, workshop
        from matrix.stages import Stage

        def set_the_stage():
            workshop.move(by=cast.as_facilitator, stage=Stage.LOOK)

        await sync_to_async(set_the_stage)()
        start = await revision(cast)
        municipality, tenant = cast.as_partner.organisation_id, cast.as_tenant.organisation_id
        streams = [
            live.stream(screen(cast, "remarks/kijken", "ordering", "beamer", who=who), start)
            for who in (str(municipality), str(tenant), "facilitator", "beamer")
        ]
        readers = [asyncio.create_task(read(stream, start + 1)) for stream in streams]
        await asyncio.sleep(0.1)
        await sync_to_async(remark.write)(by=cast.as_partner, text="De speeltuin is weg")
        own, *others = await asyncio.gather(*readers)
        assert "De speeltuin is weg" in json.dumps(own)
        for other in others:
            assert "De speeltuin is weg" not in json.dumps(other)

        readers = [asyncio.create_task(read(stream, start + 2)) for stream in streams]
        await sync_to_async(remark.reveal)(by=cast.as_facilitator, stage=Stage.LOOK)
        for messages in await asyncio.gather(*readers):
            if "opmerkingen" in dict(messages[0]["parts"]):
                assert "De speeltuin is weg" in dict(messages[0]["parts"])["opmerkingen"]
        for stream in streams:
            await stream.aclose()

    play(scene)


def test_a_part_that_cannot_be_rendered_keeps_the_others_from_nobody(monkeypatch, caplog):
    def fails(*args):
        raise RuntimeError("stuk")

    broken = regions.REGIONS | {"agreements": regions.Region("x.html", "rijen", fails, regions._list_of_agreements)}
    monkeypatch.setattr(regions, "REGIONS", broken)

    async def scene(cast):
        start = await revision(cast)
        stream = live.stream(screen(cast, "board", "agreements"), start)
        await propose(cast, "Samen schoonmaken")
        (message,) = await read(stream, start + 1)
        assert any(key.startswith("vak-") for key, _ in message["parts"])
        await stream.aclose()

    play(scene)
    assert "agreements" in caplog.text


def test_the_log_says_nothing_of_persons():
    async def scene(cast):
        stream = live.stream(screen(cast, "header/handelen", "agreements", "board", "cards"), 0)
        messages = await read(stream, await revision(cast))
        assert messages[0]["parts"]
        assert not re.search(r"\bJo\b", json.dumps(messages))
        await stream.aclose()

    play(scene)
