import contextlib
import ctypes
import errno
import gc
import io
import socket

import segno
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.urls import get_resolver

from veerkracht_site import lan

HERE = "127.0.0.1"


class Command(BaseCommand):
    help = "Start de site: één proces, ook voor de live-verbindingen van een zaal."

    def add_arguments(self, parser):
        parser.add_argument("--host", help=f"het adres waarop de site luistert (standaard {HERE})")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--lan", action="store_true", help="voor het netwerk van de zaal, ook zonder internet: zoekt zelf het adres"
        )

    def handle(self, *, host, port, **options):
        import uvicorn

        others = []
        if options["lan"]:
            host, others = self._find_host(host)
            listen_as(f"http://{host}:{port}", host)
        host = host or HERE
        if not settings.DEBUG and not (settings.STATIC_ROOT / "staticfiles.json").exists():
            call_command("collectstatic", interactive=False, verbosity=0)
        _require_free(host, port)
        share_connections()
        application = load()
        self.stdout.write(f"Veerkracht draait op {settings.BASE_URL}  (stoppen: Ctrl-C)")
        if options["lan"]:
            self._explain(others)
        self.stdout.flush()
        # A live stream never ends by itself, so stopping does not wait for it; screens come back by themselves.
        uvicorn.run(
            application,
            host=host,
            port=port,
            log_level="warning",
            timeout_graceful_shutdown=1,
        )

    def _find_host(self, chosen: str | None) -> tuple[str, list[str]]:
        """The address for the room, and what else it could have been."""
        if settings.HTTPS:
            raise CommandError(
                f"BASE_URL is {settings.BASE_URL}, maar op het netwerk van een zaal is er geen https. "
                "Start --lan zonder BASE_URL."
            )
        found = lan.find()
        try:
            host = chosen or lan.choose(found).ip
        except lan.NoAddress as error:
            raise CommandError(str(error)) from None
        return host, [address.ip for address in found if address.ip != host]

    def _explain(self, others: list[str]):
        if others:
            self.stdout.write(
                f"Deze computer heeft nog meer adressen: {', '.join(others)}. Kunnen telefoons de site niet openen, "
                "stop dan en kies er een: --host " + others[0]
            )
        self.stdout.write("Wie op hetzelfde netwerk zit, opent dit adres of scant deze code:")
        self.stdout.write(qr(settings.BASE_URL, coloured=self.stdout.isatty()))


def listen_as(base_url: str, host: str) -> None:
    """The settings that follow from BASE_URL, for this process only."""
    settings.BASE_URL = base_url
    settings.ALLOWED_HOSTS = sorted({host, *settings.ALLOWED_HOSTS})
    settings.CSRF_TRUSTED_ORIGINS = [base_url]


def qr(address: str, *, coloured: bool) -> str:
    """For the terminal: light on dark, whatever the colours of that window are."""
    drawn = io.StringIO()
    segno.make(address, error="m").terminal(drawn, compact=True)
    lines = drawn.getvalue().splitlines()
    return "\n".join(f"\033[97;40m{line}\033[0m" if coloured else line for line in lines)


def share_connections() -> None:
    """On PostgreSQL: every request runs in a thread of its own, so a connection each would ask for hundreds, and one
    that stayed with its thread would never be used again. Threads take turns on a few instead."""
    if connection.vendor == "postgresql":
        database = settings.DATABASES[connection.alias]
        database["CONN_MAX_AGE"] = 0
        database["CONN_HEALTH_CHECKS"] = True  # nobody meets a dead one after PostgreSQL was restarted
        # Seconds to wait for a turn: 200 people at once on a slow computer are served late, but served.
        database["OPTIONS"]["pool"] = {"min_size": 1, "max_size": settings.DATABASE_POOL, "timeout": 60}


_M_ARENA_MAX = -8  # malloc.h


def load():
    """The site with all its pages, in a process that lives for days with threads that come and go."""
    # glibc keeps a heap per thread and gives little of it back; two are enough where Python runs one thread at a time.
    with contextlib.suppress(AttributeError, OSError):  # another C library
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 2)
    from veerkracht_site.asgi import application

    get_resolver().url_patterns  # noqa: B018 - reading it imports the views
    gc.collect()
    gc.freeze()  # what was loaded stays: looking through it again and again is a stutter on every screen
    return application


def _require_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
                raise CommandError(f"{host} is geen adres van deze computer.") from None
            raise CommandError(
                f"Poort {port} is al in gebruik. Draait Veerkracht al? Kies anders een andere poort: "
                f"make demo PORT={port + 1}"
            ) from None
