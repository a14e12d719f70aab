"""What the streams of a session and of its beamer have in common. See `matrix.streaming` for who sends them."""

from django.http import StreamingHttpResponse

from matrix import live


def streamed(screen: live.Screen, since: int) -> StreamingHttpResponse:
    response = StreamingHttpResponse(live.stream(screen, since), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


def since(request, workshop) -> int:
    """The revision that the screen shows; never one that is yet to come."""
    asked = request.GET.get("since", "")
    now = workshop.revision
    return min(int(asked), now) if asked.isdecimal() and len(asked) < 12 else now
