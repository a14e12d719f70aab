"""The site, behind a limit on what a request may send: Django keeps a whole body on disk before any view looks."""

import os
import re
import warnings

import django
from asgiref.sync import sync_to_async

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "veerkracht_site.settings")
# Static files come as ordinary iterators; Django reads such a file whole, and ours are small.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")

MB = 1024 * 1024
PAPER_MB = 10  # as in matrix.filetypes; a test keeps them equal
TOO_LARGE = (
    b"<!doctype html><html lang=nl><meta charset=utf-8><title>Te groot</title><h1>Dit bestand is te groot</h1>"
    b"<p>Er is niets bewaard. Ga terug met de knop van uw browser en kies een kleiner bestand. Moet het toch dit "
    b"bestand zijn? Vraag de beheerder om raad.</p>"
    b'<p><a href="/">Naar het begin</a></p></html>'
)
FOR_DATA = {"/gegevens/inlezen/", "/sessie/inlezen/"}
FOR_PAPERS = re.compile(
    r"/sessie/([-\w]+)/(?:voorbereiden/stukken/toevoegen|matrix/briefjes/foto|afspraken/werkblad|matrix/catalogus/inlezen)/"
)


class TooLarge(Exception):
    pass


class BodyLimit:
    """Ends a request that sends more than its page can use. A page for files gets room above its own limit, so that an
    ordinary mistake reaches the form and its explanation; the papers of a session only for who leads it."""

    def __init__(self, app):
        from django.conf import settings

        self.app = app
        self.uploads = 4 * settings.UPLOAD_LIMIT_MB * MB
        self.papers = 4 * PAPER_MB * MB
        self.cookie = settings.SESSION_COOKIE_NAME
        self.others = settings.DATA_UPLOAD_MAX_MEMORY_SIZE + MB

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        headers = dict(scope["headers"])
        room = await self._room(scope, headers)
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

    async def _room(self, scope, headers) -> int:
        from django.http import parse_cookie

        session = parse_cookie(headers.get(b"cookie", b"").decode("latin-1")).get(self.cookie)
        if session and scope["path"] in FOR_DATA:
            return self.uploads  # who it is, the page finds out
        papers = FOR_PAPERS.fullmatch(scope["path"])
        if session and papers and scope["method"] == "POST" and await sync_to_async(_leads_now)(session, papers[1]):
            return self.papers
        return self.others


def leads(session_key: str, code: str) -> bool:
    """Does the browser with this session lead that workshop?"""
    from importlib import import_module
    from types import SimpleNamespace

    from django.conf import settings
    from django.contrib.auth import get_user

    from matrix.models import Workshop

    store = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    user = get_user(SimpleNamespace(session=store))
    return user.is_authenticated and Workshop.objects.of(user).filter(code=code).exists()


def _leads_now(session_key: str, code: str) -> bool:
    """Outside a request of Django nobody else gives the connection back."""
    from django.db import connection

    try:
        return leads(session_key, code)
    finally:
        connection.close()


django.setup(set_prefix=False)

from matrix.streaming import LiveStreams  # noqa: E402 - needs the apps
from veerkracht_site.handler import OneThread  # noqa: E402

application = LiveStreams(BodyLimit(OneThread()))
