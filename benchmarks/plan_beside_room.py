"""Does making a plan slow the room? The time of a POST while nothing else happens, and while a plan of 41 buurten is made.

python -m benchmarks.plan_beside_room
"""

import asyncio
import os
import statistics
import tempfile
import time

from benchmarks.room import Server, Writers, percentile, prepare, until_up

RATE, SECONDS = 4, 20


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "VAR_DIR": folder, "DATABASE_URL": f"sqlite:///{folder}/zaal.sqlite3", "DEBUG": "off",
            "DJANGO_SETTINGS_MODULE": "veerkracht_site.settings", "BASE_URL": "http://127.0.0.1:8771",
        }  # fmt: skip
        room = prepare()
        from benchmarks.plan_world import make_session
        from matrix.plan import jobs
        from matrix.plan.fonts import WEIGHTS, face

        for weight in WEIGHTS:  # once per installation
            face(weight)
        workshop = make_session(41, code="plan41")
        key = jobs.key_of(workshop)
        server = Server(8771)
        server.start()
        try:
            asyncio.run(measure(room, server, lambda: jobs.start(workshop, key), lambda: jobs.look(key)))
        finally:
            server.process.kill()


async def measure(room, server, start, look):
    await until_up(server)
    writers = Writers(room, [server])
    await writers.at(10, 3)  # warm
    idle = await times(writers, SECONDS, lambda: True)
    start()
    begin = time.perf_counter()
    busy = await times(writers, 600, lambda: look().running)
    print(f"the plan took {time.perf_counter() - begin:.1f} s; {look()}")
    for name, posts in (("idle", idle), ("while a plan is made", busy)):
        print(
            f"{name}: {len(posts)} POSTs at {RATE} a second, p50 {statistics.median(posts) * 1000:.0f} "
            f"p95 {percentile(posts, 0.95) * 1000:.0f} ms"
        )
    print(f"p95 ratio {percentile(busy, 0.95) / percentile(idle, 0.95):.2f}, load {os.getloadavg()[0]:.1f}")


async def times(writers, seconds, going):
    writers.sent = []
    for _ in range(seconds):
        if not going():
            break
        await writers.at(RATE, 1)
    assert all(status == 302 for _, status, *_ in writers.sent)
    return [took for took, *_ in writers.sent]


if __name__ == "__main__":
    main()
