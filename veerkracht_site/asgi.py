"""The site, behind a limit on what a request may send: Django keeps a whole body on disk before any view looks."""

import os
import warnings

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "veerkracht_site.settings")
# Static files come as ordinary iterators; Django reads such a file whole, and ours are small.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")

MB = 1024 * 1024
TOO_LARGE = (
    b"<!doctype html><html lang=nl><meta charset=utf-8><title>Te groot</title><h1>Dit bestand is te groot</h1>"
    b"<p>Er is niets ingelezen. Kies een kleiner bestand, of vraag de beheerder het met een opdracht in te lezen.</p>"
    b'<p><a href="/gegevens/">Terug naar de gegevens</a></p></html>'
)


class TooLarge(Exception):
    pass


class BodyLimit:
    """Ends a request that sends more than its page can use. The upload page gets room above its own limit, so that
    an ordinary mistake reaches the form and its explanation."""

    def __init__(self, app):
        from django.conf import settings

        self.app = app
        self.uploads = 4 * settings.UPLOAD_LIMIT_MB * MB
        self.session = settings.SESSION_COOKIE_NAME.encode() + b"="
        self.others = settings.DATA_UPLOAD_MAX_MEMORY_SIZE + MB

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        headers = dict(scope["headers"])
        # Only who has a session gets room for a file; who it is, the page finds out.
        uploading = scope["path"] == "/gegevens/inlezen/" and self.session in headers.get(b"cookie", b"")
        room = self.uploads if uploading else self.others
        started = False

        async def counted():
            nonlocal room
            message = await receive()
            room -= len(message.get("body", b""))
            if room < 0:
                raise TooLarge
            return message

        async def watched(message):
            nonlocal started
            started = True
            await send(message)

        announced = headers.get(b"content-length", b"0")
        try:
            if announced.isdigit() and int(announced) > room:
                raise TooLarge
            await self.app(scope, counted, watched)
        except TooLarge:
            if not started:
                answer = [(b"content-type", b"text/html; charset=utf-8"), (b"connection", b"close")]
                await send({"type": "http.response.start", "status": 413, "headers": answer})
                await send({"type": "http.response.body", "body": TOO_LARGE})


application = BodyLimit(get_asgi_application())
