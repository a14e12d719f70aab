"""A process that waits for the first plan: it takes one job with its lock, and without it everything goes as ever."""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings as site
from django.db import connection
from django.urls import reverse

from matrix.actions import workshop as workshops
from matrix.actions.freezing import freeze
from matrix.models import Workshop
from matrix.paper import pieces
from matrix.plan import hands, jobs, pdf, store, warm
from matrix.plan.canonical import content_of, fingerprint
from matrix.plan.errors import ENDED
from matrix.plan.forking import Crew
from matrix.plan.papers import paper_of
from matrix.plan.printing import INTERNAL
from matrix.stages import Stage
from tests.databases import on_sqlite


@pytest.fixture(autouse=True)
def folder(settings):
    """Of one installation; short, as a socket wants it."""
    faces = store.folder("lettertype")
    with tempfile.TemporaryDirectory(prefix="w", dir="/tmp") as path:
        shutil.copytree(faces, Path(path) / "plannen" / "lettertype")
        settings.VAR_DIR, settings.PLAN_IN_THIS_PROCESS = Path(path), False
        yield Path(path)


@pytest.fixture
def started(monkeypatch):
    """What processes were started with; each holds its lock until the test lets go of it."""
    found = []

    def start(*words, lock):
        found.append((words, os.dup(lock)))

    monkeypatch.setattr(jobs, "start_maker", start)
    monkeypatch.setattr(warm, "start_maker", start)
    yield found
    for _, lock in found:
        os.close(lock)


def key_of(number: int = 1) -> str:
    return f"{number}-abc-intern"


def start(key: str) -> None:
    jobs.start(Workshop(code="merelveen"), key)


WAITS = """
import sys
from pathlib import Path
from matrix.plan.warm import taken

print(taken(Path(sys.argv[1]), int(sys.argv[2]), 20), flush=True)
sys.stdin.read()
"""


@contextmanager
def waiting():
    """A process that waits for a job, says which it was, and then works on it until the test goes on."""
    with warm.place().with_suffix(".lock").open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        process = subprocess.Popen(
            [sys.executable, "-c", WAITS, str(warm.place()), str(held.fileno())], cwd=site.BASE_DIR,
            pass_fds=[held.fileno()], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
    with process:
        until_it_listens()
        yield process
        process.stdin.close()


def until_it_listens():
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with socket.socket(socket.AF_UNIX) as probe:
            if warm.place().exists() and not probe.connect_ex(str(warm.place())):
                return
        time.sleep(0.01)
    pytest.fail("no process is waiting")


def one_waits() -> bool:
    with warm.place().with_suffix(".lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


# ---- a job is handed over ----


def test_a_process_that_waits_takes_one_job_with_its_lock(started):
    with waiting() as process:
        start(key_of())
        assert process.stdout.readline() == f"('merelveen', '{key_of()}')\n"
        assert jobs.look(key_of()).running  # the site has closed its own
        assert not started
        assert not warm.place().exists()
        assert not one_waits()  # the next may be started
        start(key_of(2))
        assert [words for words, _ in started] == [("merelveen", key_of(2))]
    assert jobs.look(key_of()).error == ENDED


def test_without_one_a_process_is_started(started):
    start(key_of())
    assert [words for words, _ in started] == [("merelveen", key_of())]
    assert jobs.look(key_of()).running


def test_one_that_does_not_answer_is_not_waited_for_and_cannot_take_the_job_later(started, monkeypatch):
    monkeypatch.setattr(warm, "PATIENCE", 0.2)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(warm.place()))
        listening.listen()
        begun = time.monotonic()
        start(key_of())
        assert time.monotonic() - begun < 20
        assert len(started) == 1
        assert warm._take(listening) is None
    (_, lock) = started.pop()
    os.close(lock)
    assert not jobs.look(key_of()).running  # it kept no lock of a job that is not its own


def test_who_asks_and_says_nothing_or_nonsense_is_passed_over(started):
    with waiting() as process:
        for said in (b"", b"geen json"):
            with socket.socket(socket.AF_UNIX) as asking:
                asking.connect(str(warm.place()))
                asking.sendall(said)
        start(key_of())
        assert key_of() in process.stdout.readline()
        assert not started


def test_what_a_killed_process_left_is_in_nobodys_way(started):
    with waiting() as process:
        process.kill()
    assert warm.place().exists()
    start(key_of())
    assert len(started) == 1
    with waiting() as process:
        start(key_of(2))
        assert key_of(2) in process.stdout.readline()
        assert len(started) == 1


def test_one_of_another_version_of_the_program_is_left_alone(started, monkeypatch):
    with waiting() as process:
        monkeypatch.setattr(warm, "program", lambda: "a0b1c2d3e4f5a6b7")
        start(key_of())
        assert len(started) == 1
        process.kill()


# ---- waiting ends ----


@pytest.fixture
def ends(monkeypatch):
    """Waits here, with children that have the lock too; whether it then left all as it was."""
    monkeypatch.setattr(warm, "LOOKS", 0.05)
    mask = os.umask(0o077)

    def wait(seconds):
        with warm.place().with_suffix(".lock").open("a") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            begun = time.monotonic()
            assert warm.taken(warm.place(), held.fileno(), seconds) is None
            assert not one_waits()
            assert not warm.place().exists()
            return time.monotonic() - begun

    yield wait
    os.umask(mask)


def test_it_waits_no_longer_than_its_time(ends):
    assert 0.1 < ends(0.1) < 5


def test_it_does_not_outlive_the_site(ends, monkeypatch):
    parents = iter([41, 41])
    monkeypatch.setattr(os, "getppid", lambda: next(parents, 1))
    assert ends(60) < 10


def test_it_ends_when_the_folder_is_emptied(ends, monkeypatch):
    take = warm._take
    monkeypatch.setattr(warm, "_take", lambda listening: warm.place().unlink(missing_ok=True) or take(listening))
    assert ends(60) < 10


def test_the_socket_is_for_its_own_user_only(started):
    with waiting() as process:
        assert warm.place().stat().st_mode & 0o777 == 0o700
        assert warm.place().parent.stat().st_mode & 0o777 == 0o700
        process.kill()


def test_the_limit_of_time_begins_with_the_work():
    """Of the children too: they wait as long as their parent."""
    rests = partial(signal.getitimer, signal.ITIMER_REAL)
    ready = partial(hands.limit_this_process, 120)
    with Crew(lambda _: rests()[0], size=2, each_of_them=ready) as children:
        assert all(0 < rest - site.PLAN_SECONDS <= 120 for _, rest in children.each([1, 2]))


# ---- a page starts one ----


def test_many_who_open_a_page_start_one(started):
    for _ in range(30):
        warm.up()
    ((words, lock),) = started
    assert words == ("--wait", words[1], str(warm.place()))
    started.clear()
    os.close(lock)  # it ended
    warm.up()
    assert len(started) == 1


def test_a_page_never_suffers_from_it(started, monkeypatch):
    def full(*args, **how):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(store, "folder", full)
        warm.up()
    monkeypatch.setattr(warm, "start_maker", full)
    warm.up()
    assert not one_waits()


def test_none_where_it_is_switched_off_or_cannot_be(started, settings, folder):
    settings.PLAN_WARM = False
    warm.up()
    settings.PLAN_WARM, settings.PLAN_IN_THIS_PROCESS = True, True
    warm.up()
    settings.PLAN_IN_THIS_PROCESS, settings.VAR_DIR = False, folder / ("lang" * 20)
    warm.up()
    assert not started
    start(key_of())  # and the plan is made as ever
    assert len(started) == 1


@pytest.mark.parametrize("name", ["plan", "print_plan", "prepare_paper", "freeze", "version"])
def test_pages_that_a_pdf_is_asked_for_from(name, workshop, cast, outsider, stranger, monkeypatch):
    workshops.move(by=cast.as_facilitator, stage=Stage.SETTLE)
    freeze(by=cast.as_facilitator, seen=fingerprint(content_of(workshop)), note="")
    found = []
    monkeypatch.setattr(warm, "up", lambda: found.append(name))
    address = reverse(name, args=[workshop.code, *([1] if name == "version" else [])])
    for client in (outsider, stranger):
        client.get(address)
    assert not found
    assert cast.facilitator.get(address).status_code == 200
    assert found == [name]


# ---- all of it ----


@pytest.fixture
def asked_from_one_that_waits(folder, workshop, monkeypatch):
    """Its database is there only when it has begun to wait: what it reads before, it cannot know."""
    monkeypatch.setenv("VAR_DIR", str(folder))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{folder}/echt.sqlite3")
    monkeypatch.setattr(jobs, "start_maker", lambda *words, lock: pytest.fail("it was not handed over"))
    (folder / "tijdelijk").mkdir()
    monkeypatch.setenv("TMPDIR", str(folder / "tijdelijk"))

    def ask(key, **how):
        warm.up()
        until_it_listens()
        (folder / "echt.sqlite3").write_bytes(connection.connection.serialize())
        jobs.start(workshop, key, **how)
        assert jobs.wait(key, 60) == jobs.Progress(ready=True)
        assert not warm.place().exists()
        until = time.monotonic() + 20
        while any((folder / "tijdelijk").iterdir()):  # its fonts go with it, and those of its children
            assert time.monotonic() < until
            time.sleep(0.01)
        return jobs.ready(key)

    return ask


@on_sqlite
def test_a_plan_by_a_process_that_waited_is_the_very_same(workshop, asked_from_one_that_waits):
    made = asked_from_one_that_waits(jobs.key_of(workshop))
    shutil.rmtree(store.folder("stukken"))
    assert made == pdf.render(paper_of(workshop, INTERNAL))


@on_sqlite
def test_so_is_paper_for_the_room(workshop, asked_from_one_that_waits):
    html = pieces.PIECES["werkbladen"].html(workshop, {"area": None})
    made = asked_from_one_that_waits(jobs.key_of_page(workshop, "werkbladen", html), html=html)
    assert made == pieces.to_pdf(html)
