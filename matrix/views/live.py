"""The stream of a session: what changed on the parts that a screen shows."""

from asgiref.sync import sync_to_async
from django.views.decorators.http import require_GET

from matrix import access, live, regions
from matrix.audience import audience
from matrix.views.streams import since, streamed

MANY = 40  # parts on one page; more is not one of ours


@require_GET
async def events(request, code):
    """`?since=` the revision that the page shows, `&delen=` its parts."""
    return streamed(*await sync_to_async(screen_of)(request, code))


def screen_of(request, code) -> tuple[live.Screen, int]:
    """What this browser shows, and up to which revision; 404 for who does not sit at the table."""
    participation = access.participant(request, code)
    parts = regions.known(request.GET.get("delen", "").split(",")[:MANY])
    screen = live.Screen(participation.workshop_id, audience(participation).key, parts)
    return screen, since(request, participation.workshop)
