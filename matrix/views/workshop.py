"""Making a session, and moving everyone through its steps."""

from collections import Counter
from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maps.models import Area, SignalMap
from maps.showing import municipality_of
from matrix import access, spotlight, stages
from matrix.actions import workshop as actions
from matrix.actions.recording import Refused
from matrix.audience import Audience
from matrix.forms import NewWorkshopForm
from matrix.models import Workshop
from matrix.views.seats import with_address

FILMS_TO_CHOOSE_FROM = 3  # of one municipality


@require_safe
@login_required
def choose_map(request):
    """First step of a new session: on which edition of which municipality?"""
    names = dict(Area.objects.municipalities().order_by("year").values_list("code", "name"))
    # Everybody who looks at other years leaves a film: only the last ones looked at, not all of them.
    seen = Counter()
    editions = []
    for edition in SignalMap.objects.current().films().order_by("-computed_at", "-pk"):
        seen[edition.municipality] += 1
        if seen[edition.municipality] <= FILMS_TO_CHOOSE_FROM:
            editions.append(edition)
    rows = sorted(((names.get(e.municipality, e.municipality), e) for e in editions), key=lambda row: row[0])
    context = {"rows": rows, "earlier": Workshop.objects.of(request.user).prefetch_related("workshop_areas")}
    return render(request, "matrix/choose_map.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def new(request, pk):
    """Second step: title, date and the buurten, picked on the map or in the list."""
    edition = get_object_or_404(SignalMap.objects.films(), pk=pk)
    form = NewWorkshopForm(request.POST or None, signal_map=edition)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        workshop = actions.create_workshop(
            by_user=request.user, title=data["title"], date=data["date"], place=data["place"], signal_map=edition,
            areas=list(data["areas"]),
        )  # fmt: skip
        return redirect("prepare", workshop.code)
    context = {
        "form": form,
        "edition": edition,
        "municipality": municipality_of(edition),
    }
    return render(request, "matrix/new_workshop.html", context, status=422 if form.errors else 200)


@require_safe
def workshop(request, code):
    """The address of the session leads to the page of its step."""
    participation = access.participant(request, code)
    page = stages.INFO[participation.workshop.stage].page
    if page == "prepare" and participation.role != stages.Role.FACILITATOR:
        page = "look"
    return redirect(page, code)


def organisations_context(seen_by: Audience) -> dict:
    return {"organisations": with_address(seen_by.workshop)}


@require_POST
def move(request, code):
    participation = access.facilitator(request, code)
    stage = request.POST.get("stage")
    if stage in stages.Stage.values:
        actions.move(by=participation, stage=stages.Stage(stage), seen=request.POST.get("seen", ""))
    return redirect("workshop", code)


@require_POST
def timer(request, code):
    participation = access.facilitator(request, code)
    minutes = request.POST.get("minutes", "")
    if not minutes.isdecimal():
        raise Refused("Vul in hoeveel minuten de klok moet lopen.")
    actions.set_timer(by=participation, minutes=int(minutes))
    return _back(request, code)


def _back(request, code):
    """To the page of this session from which the button was pressed."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    here = reverse("workshop", args=[code])
    if came_from.netloc == request.get_host() and came_from.path.startswith(here):
        return redirect(came_from.path + (f"?{came_from.query}" if came_from.query else ""))
    return redirect("workshop", code)


@require_POST
def show(request, code):
    """The screen for the room follows what the facilitator looks at."""
    participation = access.facilitator(request, code)
    wanted = request.POST.get("spotlight", "")
    if spotlight.is_known(wanted) and wanted != participation.workshop.spotlight:
        actions.show_on_beamer(by=participation, spotlight=wanted)
    return HttpResponse(status=204)
