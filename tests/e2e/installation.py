"""A real installation in a folder of its own: what `make demo` sets up, served by `manage.py serve`."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.e2e.database import database_for

ROOT = Path(__file__).resolve().parent.parent.parent
PASSWORD = "merelveen-in-de-proef"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def chromium() -> str:
    """The browser of this computer. Missing is a failure, never a skip: without it nothing here is tested.

    The one without windows goes first: with windows each page has a second one for its frame, and takes twice the time.
    """
    names = (os.environ.get("CHROMIUM"), "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    for name in filter(None, names):
        if found := shutil.which(name):
            return found
    raise AssertionError("Geen Chromium gevonden. Installeer het (scripts/setup.sh test), of zet CHROMIUM op het pad.")


@contextmanager
def ended_after(seconds: float, program: str) -> Iterator[threading.Event]:
    """From when the event is set: the children of this process with that word in their command are killed when the
    block is not left within so many seconds."""
    leaving, left = threading.Event(), threading.Event()

    def watch():
        leaving.wait()
        if not left.wait(seconds):
            for pid in _children(program):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    watching = threading.Thread(target=watch, daemon=True)
    watching.start()
    try:
        yield leaving
    finally:
        left.set()
        leaving.set()
        watching.join()


def _children(program: str) -> Iterator[int]:
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # gone meanwhile
            parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
            if int(parent) == os.getpid() and program in (folder / "cmdline").read_text():
                yield int(folder.name)


class Installation:
    """Settings as in production: DEBUG off, strict CSP, fingerprinted static files."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.database = database_for(folder)
        self.port = free_port()
        self.host = "127.0.0.1"
        self.process = None
        self.more: dict[str, str] = {}  # further settings of this installation

    @property
    def url(self):
        return f"http://{self.host}:{self.port}"

    @property
    def environment(self):
        ours = {
            "VAR_DIR": str(self.folder),
            "DATABASE_URL": self.database.url,
            "BASE_URL": self.url,
            "PORT": str(self.port),
            "DEBUG": "off",
            "DEMO_PASSWORD": PASSWORD,
            "PYTHONUNBUFFERED": "1",
        }
        return {k: v for k, v in os.environ.items() if k not in {"SECRET_KEY", "ALLOWED_HOSTS"}} | ours | self.more

    def start_command(self, *arguments, **options) -> subprocess.Popen:
        return subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=self.environment, **options)

    def set_up(self):
        """The database and the static files, side by side."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.database.create()
        quiet = {"stdout": subprocess.DEVNULL}
        self._finish(self.start_command("manage.py", "migrate", "--no-input", "--verbosity", "0", **quiet))
        both = [
            self.start_command("manage.py", "collectstatic", "--no-input", "--clear", "--verbosity", "0", **quiet),
            self.start_command("manage.py", "load_demo", **quiet),
        ]
        for command in both:
            self._finish(command)
        self.database.keep_a_copy()

    @staticmethod
    def _finish(command):
        assert command.wait(timeout=120) == 0, f"mislukt: {command.args}"

    def copy_of(self, other: "Installation"):
        """The demo of that installation in a database of our own, without the work of making it."""
        shutil.copytree(other.folder, self.folder, ignore=shutil.ignore_patterns("*.sqlite3*", "*.log", "*.sock"))
        self.database.copy_from(other.database)
        return self

    def move_to(self, host: str):
        """The address on which the server will be found; what it is told stays as it was."""
        self.more["BASE_URL"], self.host = self.url, host

    def start(self, *more):
        log = (self.folder / "serve.log").open("a")
        self.process = self.start_command(
            "manage.py", "serve", "--port", str(self.port), *more, stdout=log, stderr=subprocess.STDOUT
        )
        log.close()
        self._wait_until_it_answers()

    def _wait_until_it_answers(self, seconds=60):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            assert self.process.poll() is None, f"De server stopte meteen:\n{self.log()}"
            try:
                urllib.request.urlopen(self.url, timeout=5).close()
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError(f"De server antwoordt niet:\n{self.log()}")

    def log(self) -> str:
        path = self.folder / "serve.log"
        return path.read_text()[-4000:] if path.exists() else ""

    def kill(self):
        """kill -9, as when the power goes."""
        self.process.kill()
        self.process.wait()

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.kill()

    def remove(self):
        self.stop()
        self.database.drop()


class Stagehand:
    """Sets the stage beside the server: asks stagehand.py, in a process of its own, one line at a time."""

    def __init__(self, installation: Installation):
        self.process = installation.start_command(
            "-m", "tests.e2e.stagehand", stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, what: str, **details):
        self.process.stdin.write(json.dumps([what, details]) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer, f"Het klaarzetten mislukte: {what} {details}"
        return json.loads(answer)

    def leave(self):
        self.process.stdin.close()
        self.process.wait(timeout=10)
        self.process.stdout.close()
