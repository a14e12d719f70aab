import socket

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Start de site: één proces, ook voor de live-verbindingen van een zaal."

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *, host, port, **options):
        import uvicorn

        if not settings.DEBUG and not (settings.STATIC_ROOT / "staticfiles.json").exists():
            call_command("collectstatic", interactive=False, verbosity=0)

        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                raise CommandError(
                    f"Poort {port} is al in gebruik. Draait Veerkracht al? Kies anders een andere poort: "
                    f"make demo PORT={port + 1}"
                ) from None
        self.stdout.write(f"Veerkracht draait op {settings.BASE_URL}  (stoppen: Ctrl-C)")
        # A live stream never ends by itself, so stopping does not wait for it; screens come back by themselves.
        uvicorn.run(
            "veerkracht_site.asgi:application",
            host=host,
            port=port,
            log_level="warning",
            timeout_graceful_shutdown=1,
        )
