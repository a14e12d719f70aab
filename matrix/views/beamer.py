"""The screen for the whole room: follows the facilitator, big, read-only, by an address of its own."""

import io

import segno
from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_safe

from maps.models import Signal
from maps.pages import drawing
from maps.showing import municipality_of, show, show_area
from matrix import live, spotlight
from matrix.audience import BEAMER, Audience
from matrix.models import Workshop
from matrix.stages import INFO, WRITE_FIRST, Stage
from matrix.views import (
    agreement,
    agreement_list,
    area,
    board,
    coverage,
    dots,
    looking_back,
    progress,
    remarks,
    versions,
)
from matrix.views.streams import since, streamed

PARTS = ("beamer",)


def _workshop(beamer_code) -> Workshop:
    return get_object_or_404(Workshop, beamer_code=beamer_code)


@require_safe
def beamer(request, beamer_code):
    workshop = _workshop(beamer_code)
    context = content_context(Audience(workshop, BEAMER)) | {"workshop": workshop, "parts": ",".join(PARTS)}
    return render(request, "matrix/beamer.html", context)


@require_GET
async def events(request, beamer_code):
    return streamed(*await sync_to_async(screen_of)(request, beamer_code))


def screen_of(request, beamer_code) -> tuple[live.Screen, int]:
    workshop = _workshop(beamer_code)
    return live.Screen(workshop.pk, BEAMER, PARTS), since(request, workshop)


@require_safe
def join_code(request, beamer_code):
    """The address to join at, as a QR code. Which organisation somebody is of, the seat code on the table tells."""
    _workshop(beamer_code)
    image = io.BytesIO()
    segno.make(join_address(), error="m").save(image, kind="svg", scale=4, border=2)
    return HttpResponse(image.getvalue(), content_type="image/svg+xml")


def join_address() -> str:
    return settings.BASE_URL + reverse("join")


def content_context(seen_by: Audience) -> dict:
    """What is shown now. Only what everyone at the table may see."""
    workshop = seen_by.workshop
    page, which = spotlight.shown(workshop)
    table = list(workshop.organisations.people_in())
    absent = [organisation for organisation in table if not organisation.people]
    context = {
        "page": page,
        "stage_now": INFO[workshop.stage],
        "table": table,
        "absent": absent,
        "joining": bool(absent) or not table or workshop.stage == Stage.PREPARE,
        "join_address": join_address().removeprefix("http://").removeprefix("https://").rstrip("/"),
        "server_now": timezone.now(),
    }
    try:
        return context | CONTENT[page](Audience(workshop, ""), which)
    except Http404:  # what was shown went away
        return context | {"page": "prepare"}


def _map(seen_by, which):
    workshop = seen_by.workshop
    shown = show(workshop.signal_map, areas=set(workshop.workshop_areas.values_list("area_id", flat=True)))
    only = {item.area.code for item in shown.signals}
    municipality = municipality_of(workshop.signal_map)
    return {"shown": shown, "municipality": municipality, "drawing": drawing(shown, municipality, only=only)}


def _area(seen_by, which):
    workshop = seen_by.workshop
    sheet = get_object_or_404(workshop.workshop_areas.select_related("area"), area__code=which)
    signal = get_object_or_404(Signal.objects.of(workshop.signal_map).for_map(), area=sheet.area)
    return {
        "detail": show_area(signal, municipality_of(workshop.signal_map)),
        **area.voices_context(seen_by, sheet.area_id),
    }


def _remarks(seen_by, which):
    stage = seen_by.workshop.stage if seen_by.workshop.stage in WRITE_FIRST else Stage.READ
    return remarks.board_context(seen_by) | {"counts": remarks.list_context(seen_by, stage)}


def _dots(seen_by, which):
    """One round; without a number the last."""
    last = seen_by.workshop.dot_rounds.order_by("-number").first()
    return dots.round_context(seen_by, which or (last.number if last else 0))


CONTENT = {
    "prepare": lambda seen_by, which: {},
    "look": _map,
    "read": lambda seen_by, which: area.cards_context(seen_by),
    "area": _area,
    "remarks": _remarks,
    "board": lambda seen_by, which: board.board_context(seen_by),
    "coverage": lambda seen_by, which: coverage.coverage_context(seen_by) | {"beamer": True},
    "agreements": lambda seen_by, which: agreement_list.list_context(seen_by),
    "agreement": lambda seen_by, which: agreement.standing_context(seen_by, which),
    "looking_back": lambda seen_by, which: looking_back.list_context(seen_by) | looking_back.count_context(seen_by),
    "review": lambda seen_by, which: looking_back.row_context(seen_by, which or 0),
    "dots": _dots,
    "progress": lambda seen_by, which: progress.progress_context(seen_by),
    "plan": lambda seen_by, which: versions.state_context(seen_by) | agreement_list.list_context(seen_by),
}
