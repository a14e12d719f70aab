"""A room of two hundred screens against a real server on loopback, with a load client of our own in this process.

    python -m benchmarks.room [--database postgres://...] [--servers N] [--quick]

Prints for 2, 20 and 100 writes a second when a change was on the last screen, the processor time a write costs with and
without anybody watching, what an idle screen costs, bursts, a server that is killed, and screens that were asleep. Says
of every stream whether an event was missed, came twice or came out of order. Figures, never a verdict: the client shares
the processors with what it measures.
"""

import argparse
import asyncio
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

import uvloop

ROOT = Path(__file__).resolve().parent.parent
SCREENS, BUURTEN, PARTIES = 200, 40, 11
PAGES = ("header/afspreken,board",) * 6 + ("header/afspreken,agreements",) * 3 + ("header/afspreken,agreement/1",)
TOKEN = "b" * 32


# ---- the room: a session of 4 x 40 measures, and who sits at it ----


def prepare() -> dict:
    """Two hundred people of eleven parties, each with a session cookie, as if they had joined."""
    from importlib import import_module

    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import transaction

    from matrix.actions import agreement as agreements
    from matrix.actions import workshop as actions
    from matrix.models import Framework, Organisation
    from tests import factories

    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("migrate", verbosity=0)
    store = import_module(settings.SESSION_ENGINE).SessionStore
    with transaction.atomic():
        workshop = factories.workshop("zaal", municipality="GM9040", buurten=BUURTEN, of=BUURTEN)
        by = workshop.participations.get(organisation=None)
        for i in range(PARTIES - workshop.organisations.count()):
            actions.add_organisation(by=by, name=f"Organisatie {i}", kind=Organisation.Kind.OTHER)
        for sheet in workshop.workshop_areas.select_related("area"):
            for framework in Framework:
                made = agreements.propose(by=by, framework=framework, areas=[sheet.area], title=f"Maatregel {sheet}")
                agreements.set_status(by=by, agreement=made, status="afgesproken")
        parties = list(workshop.organisations.all())
        people = []
        for i in range(SCREENS):
            seat = actions.join(organisation=parties[i % PARTIES], name="")
            session = store()
            session["seats"] = {workshop.code: seat.pk}
            session.create()
            people.append({"cookie": session.session_key, "party": i % PARTIES})
        workshop.refresh_from_db()
    return {"people": people, "revision": workshop.revision, "measures": 4 * BUURTEN, "pk": workshop.pk}


@dataclass
class Server:
    port: int
    process: subprocess.Popen | None = None

    def start(self):
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--port", str(self.port)], cwd=ROOT, stdout=subprocess.DEVNULL
        )

    def cpu(self) -> float:
        """Seconds of processor time until now."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float:
        """kB of its own, shared libraries counted by share."""
        for line in Path(f"/proc/{self.process.pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return float(line.split()[1])
        raise AssertionError


async def until_up(server, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.close()
            return
        await asyncio.sleep(0.02)
    raise SystemExit("De server start niet.")


# ---- a screen: like static/js/live.js, and it remembers when each revision came ----


class Line(asyncio.Protocol):
    """One stream as it comes in. Only kept here, with its moment: reading it would share the processor with what is
    measured, so `messages` does that later."""

    def __init__(self, request: bytes):
        self.request = request
        self.pieces: list[tuple[bytes, float]] = []
        self.rest = b""  # of an answer that is not whole yet
        self.answered = asyncio.get_running_loop().create_future()  # the status
        self.ended = asyncio.Event()
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport):
        self.transport = transport
        transport.write(self.request)

    def data_received(self, data):
        self.pieces.append((data, time.perf_counter()))
        if not self.answered.done() and b"\r\n\r\n" in data:
            self.answered.set_result(int(data.split(b" ", 2)[1]))
            self.pieces = [(data.partition(b"\r\n\r\n")[2], self.pieces[-1][1])]

    def connection_lost(self, error):
        if not self.answered.done():
            self.answered.set_exception(ConnectionResetError())
        self.ended.set()

    def messages(self) -> list[tuple[bytes, float]]:
        """What came since the last call: each chunk of the answer, whole, with when its last byte came."""
        pieces, self.pieces, found = self.pieces, [], []
        for piece, moment in pieces:
            self.rest += piece
            while b"\r\n" in self.rest:
                size, _, after = self.rest.partition(b"\r\n")
                if len(after) < int(size, 16) + 2:
                    break
                found.append((after[: int(size, 16)], moment))
                self.rest = after[int(size, 16) + 2 :]
        return found


@dataclass
class Screen:
    room: dict
    server: Server
    number: int
    since: int
    seen: list = field(default_factory=list)  # (since, revision, moment)
    bytes: int = 0
    asleep: bool = False
    task: asyncio.Task | None = None
    line: Line | None = None
    connected: asyncio.Event = field(default_factory=asyncio.Event)

    def start(self):
        self.task = asyncio.create_task(self.run())

    async def run(self):
        wait = 0.5
        while True:
            try:
                if await self.listen():
                    wait = 0.5
            except (OSError, ValueError):
                pass
            self.connected.clear()
            await asyncio.sleep(wait)
            wait = min(wait * 2, 4)
            while self.asleep:
                await asyncio.sleep(0.05)

    def read(self):
        for message, moment in self.line.messages() if self.line else ():
            self.bytes += len(message)
            if b"data: " in message:
                told = json.loads(message.partition(b"data: ")[2])
                self.seen.append((told["since"], told["revision"], moment))
                self.since = told["revision"]

    async def listen(self) -> bool:
        self.read()
        path = f"/sessie/zaal/live/?since={self.since}&delen={quote(PAGES[self.number % len(PAGES)])}"
        cookie = self.room["people"][self.number]["cookie"]
        request = (
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.server.port}\r\nCookie: veerkracht_sessie={cookie}\r\n\r\n"
        )
        line = Line(request.encode())
        await asyncio.get_running_loop().create_connection(lambda: line, "127.0.0.1", self.server.port)
        if await line.answered != 200:
            line.transport.abort()
            return False
        self.line = line
        self.connected.set()
        await line.ended.wait()
        return True

    def sleep(self):
        self.asleep = True
        self.line.transport.abort()

    def trouble(self, start: int, end: int) -> tuple[int, int]:
        """(missed, doubled) between these revisions: each message begins where the one before it ended."""
        self.read()
        missed = doubled = 0
        at = start
        for since, revision, _ in self.seen:
            if revision <= start:
                continue
            missed += max(0, since - at)
            doubled += revision <= at
            at = max(at, revision)
        return missed + max(0, end - at), doubled

    def moment_of(self, revision: int) -> float:
        return next(moment for since, upto, moment in self.seen if since < revision <= upto)


# ---- who writes: a position of one organisation on one agreement, by the ordinary form ----


@dataclass
class Writers:
    room: dict
    servers: list
    count: int = 0
    told: dict = field(default_factory=dict)
    sent: list = field(default_factory=list)  # (seconds, status, moment of sending, (party, measure))
    pool: list = field(default_factory=list)

    async def write(self) -> int:
        """Sends one; returns its status, 0 when the connection broke."""
        i, self.count = self.count, self.count + 1
        person = self.room["people"][i % SCREENS]
        pair = (person["party"], i % self.room["measures"] + 1)
        reason = f"Versie {i}"
        form = {"stance": "akkoord", "reason": reason, "seen": self.told.get(pair, ""), "csrfmiddlewaretoken": TOKEN}
        body = urlencode(form).encode()
        server = self.servers[i % len(self.servers)]
        head = (
            f"POST /sessie/zaal/afspraken/{pair[1]}/standpunt/ HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
            f"Cookie: veerkracht_sessie={person['cookie']}; csrftoken={TOKEN}\r\nContent-Length: {len(body)}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n\r\n"
        )
        start = time.perf_counter()
        status = 0
        with suppress(OSError, ValueError, IndexError):
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(head.encode() + body)
            answer = await reader.read()
            status = int(answer.split(b" ", 2)[1])
            writer.close()
        self.sent.append((time.perf_counter() - start, status, start, pair))
        if status == 302:
            self.told[pair] = f"Akkoord. {reason}"
        return status

    async def at(self, rate: float, seconds: float):
        """So many a second, evenly, whatever the answers take."""
        start, tasks = time.perf_counter(), []
        for n in range(int(rate * seconds)):
            await asyncio.sleep(max(0, start + n / rate - time.perf_counter()))
            tasks.append(asyncio.create_task(self.write()))
        await asyncio.gather(*tasks)


def log_after(room, revision):
    """[(revision, (party, measure))] as they are in the log."""
    from django.db import connection

    from matrix.models import Event, Organisation

    parties = {
        pk: i for i, pk in enumerate(Organisation.objects.filter(workshop=room["pk"]).values_list("pk", flat=True))
    }
    events = Event.objects.filter(workshop=room["pk"], revision__gt=revision).order_by("revision")
    found = [
        (r, (parties.get(party), data.get("number")))
        for r, party, data in events.values_list("revision", "organisation_id", "data")
    ]
    connection.close()
    return found


def percentile(values, part):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * part))]


async def last_revision(room):
    from asgiref.sync import sync_to_async

    found = await sync_to_async(log_after, thread_sensitive=False)(room, 0)
    return found[-1][0]


async def settle(room, screens, seconds=20):
    """Until every screen that is awake has the last revision; returns it."""
    end = time.monotonic() + seconds
    last = await last_revision(room)
    while time.monotonic() < end:
        for screen in screens:
            screen.read()
        if all(screen.since >= last for screen in screens if not screen.asleep):
            break
        await asyncio.sleep(0.2)
    return last


async def measure(room, servers, quick):
    from asgiref.sync import sync_to_async

    every = sync_to_async(log_after, thread_sensitive=False)
    writers = Writers(room, servers)
    total = lambda: sum(server.cpu() for server in servers)  # noqa: E731
    await writers.at(10, 3)  # warm

    seconds = 5 if quick else 20
    before = total()
    await writers.at(2, seconds)
    alone = (total() - before) / (2 * seconds)
    memory = sum(server.memory() for server in servers)

    last = await last_revision(room)
    screens = [Screen(room, servers[i % len(servers)], i, last) for i in range(SCREENS)]
    start = time.perf_counter()
    for screen in screens:
        screen.start()
    await asyncio.gather(*(screen.connected.wait() for screen in screens))
    print(f"{SCREENS} screens connected in {time.perf_counter() - start:.1f} s")
    await asyncio.sleep(1)
    print(f"memory: {(sum(server.memory() for server in servers) - memory) / SCREENS:.0f} kB a screen")
    before = total()
    await asyncio.sleep(seconds)
    print(f"idle: {(total() - before) / seconds * 100:.1f}% of a core")

    for rate, length in ((2, seconds), (20, seconds / 2), (100, seconds / 4)):
        begin, writers.sent = last, []
        sizes, before = sum(screen.bytes for screen in screens), total()
        await writers.at(rate, length)
        last = await settle(room, screens)
        spent = total() - before
        log, at = await every(room, begin), {}
        for revision, pair in log:
            at.setdefault(pair, []).append(revision)
        on_last, posts, refused = [], [], 0
        for took, status, sent, pair in writers.sent:
            if status != 302:
                refused += 1
                continue
            posts.append(took)
            revision = at[pair].pop(0)
            on_last.append(max(screen.moment_of(revision) for screen in screens) - sent)
        missed, doubled = (sum(counts) for counts in zip(*(s.trouble(begin, last) for s in screens), strict=True))
        p50 = statistics.median(posts)
        print(
            f"{rate:>4} writes/s: last screen p50 {statistics.median(on_last) * 1000:.0f} p95 {percentile(on_last, 0.95) * 1000:.0f} ms, "
            f"POST p50 {p50 * 1000:.0f} p95 {percentile(posts, 0.95) * 1000:.0f} ms, p95/POST p50 {percentile(on_last, 0.95) / p50:.2f}; "
            f"CPU {spent / len(posts) * 1000:.1f} ms a write ({spent / len(posts) / alone:.1f} x {alone * 1000:.1f} unwatched); "
            f"{(sum(s.bytes for s in screens) - sizes) / SCREENS / len(posts) / 1000:.1f} kB a screen and write; "
            f"refused {refused}, missed {missed}, doubled {doubled}"
        )
    print(
        f"memory: {(sum(server.memory() for server in servers) - memory) / SCREENS:.0f} kB a screen after these writes"
    )

    for rounds in (1, 2 if quick else 10):
        begin, writers.sent = last, []
        start = time.perf_counter()

        async def one(rounds=rounds):
            for _ in range(rounds):
                await writers.write()

        await asyncio.gather(*(one() for _ in range(SCREENS)))
        took = time.perf_counter() - start
        last = await settle(room, screens)
        stored = len(await every(room, begin))
        good = sum(status == 302 for _, status, _, _ in writers.sent)
        print(
            f"{SCREENS} writers at once, {rounds} rounds: {took:.2f} s, slowest {max(t for t, *_ in writers.sent):.2f} s, "
            f"{good} of {len(writers.sent)} taken, {stored} in the log"
        )

    begin, writers.sent = last, []
    writing = asyncio.create_task(writers.at(4, 10))
    await asyncio.sleep(3)
    server = servers[0]
    server.process.send_signal(signal.SIGKILL)
    server.process.wait()
    server.start()
    await until_up(server)
    back = time.perf_counter()
    hit = [screen for screen in screens if screen.server is server]
    await asyncio.gather(*(screen.connected.wait() for screen in hit))
    outage = time.perf_counter() - back
    await writing
    last = await settle(room, screens)
    log = await every(room, begin)
    good = sum(status == 302 for _, status, _, _ in writers.sent)
    missed, doubled = (sum(counts) for counts in zip(*(s.trouble(begin, last) for s in screens), strict=True))
    print(
        f"kill -9 under 4 writes/s: all {len(hit)} screens back {outage:.1f} s after the process; {good} acknowledged, "
        f"{len(log)} in the log, missed {missed}, doubled {doubled}"
    )

    begin, asleep = last, screens[:50]
    for screen in asleep:
        screen.sleep()
    await writers.at(2, 5 if quick else 60)
    for screen in asleep:
        screen.asleep = False
    await asyncio.sleep(1)
    last = await settle(room, screens)
    missed, doubled = (sum(counts) for counts in zip(*(s.trouble(begin, last) for s in screens), strict=True))
    print(f"50 screens asleep for {5 if quick else 60} s at 2 writes/s: missed {missed}, doubled {doubled}")
    for screen in screens:
        screen.task.cancel()


def main():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.room")
    parser.add_argument("--database", help="een lege PostgreSQL-database; anders SQLite in een tijdelijke map")
    parser.add_argument("--servers", type=int, default=1)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    import resource

    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "VAR_DIR": folder, "DATABASE_URL": options.database or f"sqlite:///{folder}/zaal.sqlite3", "DEBUG": "off",
            "DJANGO_SETTINGS_MODULE": "veerkracht_site.settings", "BASE_URL": "http://127.0.0.1:8761",
        }  # fmt: skip
        print(f"\nthe room, {options.servers} server(s), {'PostgreSQL' if options.database else 'SQLite'}, "
              f"load {os.getloadavg()[0]:.1f}")  # fmt: skip
        room = prepare()
        servers = [Server(8761 + i) for i in range(options.servers)]
        try:
            for server in servers:
                server.start()

            async def run():
                for server in servers:
                    await until_up(server)
                await measure(room, servers, options.quick)

            uvloop.run(run())  # the client should cost as little as it can
        finally:
            for server in servers:
                server.process.kill()


if __name__ == "__main__":
    main()
