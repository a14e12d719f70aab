"""The live streams outside Django's request cycle, which holds a thread and a request for as long as an answer lasts.

Two hundred screens listen for hours. Who may listen is asked once, as for any page; what remains of a stream after that
is a queue and two waiting coroutines.
"""

import asyncio
import io
import re

from asgiref.sync import sync_to_async
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.handlers.asgi import ASGIRequest
from django.db import connection
from django.http import Http404

from matrix import live

# Must match matrix.urls; a test holds them together.
_ADDRESSES = (
    (re.compile(r"/sessie/(?P<code>[-\w]+)/live/"), "session"),
    (re.compile(r"/beamer/(?P<beamer_code>[-\w]+)/live/"), "beamer"),
)
_HEADERS = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


class LiveStreams:
    """ASGI: answers the addresses of the streams itself and leaves the rest to `app`."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http" and scope["method"] == "GET" and scope["path"].endswith("/live/"):
            for pattern, kind in _ADDRESSES:
                if found := pattern.fullmatch(scope["path"]):
                    asked = await sync_to_async(_asked, thread_sensitive=False)(scope, kind, found.groupdict())
                    if asked:
                        return await _send(receive, send, *asked)
        return await self.app(scope, receive, send)  # also who may not: the page that says so


def _asked(scope, kind, names) -> tuple[live.Screen, int] | None:
    """The screen and the revision that it has seen; None when this browser may not listen."""
    from matrix.views import beamer
    from matrix.views import live as session

    request = ASGIRequest(scope, io.BytesIO())
    for middleware in (SessionMiddleware, AuthenticationMiddleware):
        middleware(lambda request: None).process_request(request)
    screen_of = session.screen_of if kind == "session" else beamer.screen_of
    try:
        return screen_of(request, **names)
    except Http404:
        return None
    finally:
        connection.close()  # the stream may last for hours and needs none


async def _send(receive, send, screen: live.Screen, since: int):
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})

    async def pour():
        async for chunk in live.stream(screen, since):
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body"})

    pouring = asyncio.create_task(pour())
    pouring.add_done_callback(lambda task: task.cancelled() or task.exception())  # a broken line is no error
    try:
        while (await receive())["type"] != "http.disconnect":
            pass
    except asyncio.CancelledError:  # the server stops, with people in the room
        return
    finally:
        pouring.cancel()
