"""The stream of a session, and the frame's own region."""

from asgiref.sync import sync_to_async
from django.db import connection
from django.http import StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from matrix import access, live, stages
from matrix.views.frame import frame


@require_GET
async def events(request, code):
    participation = await sync_to_async(_participant)(request, code)
    asked = request.GET.get("since", "")
    now = participation.workshop.revision
    since = min(int(asked), now) if asked.isdecimal() and len(asked) < 12 else now
    response = StreamingHttpResponse(live.stream(participation.workshop_id, since), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


def _participant(request, code):
    try:
        return access.participant(request, code)
    finally:
        connection.close()  # the stream may last for hours and needs none


@require_GET
def header(request, code):
    participation = access.participant(request, code)
    page = request.GET.get("pagina")
    stage = stages.Stage(page) if page in stages.Stage.values else None
    return render(request, "matrix/frame.html#header", frame(participation, stage))
