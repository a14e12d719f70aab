"""Making a session, arranging it, and moving everyone through its steps."""

from collections import Counter

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from maps.models import Area, SignalMap
from maps.showing import municipality_of
from matrix import access, stages
from matrix.actions import workshop as actions
from matrix.actions.recording import Refused
from matrix.forms import AreasForm, NewWorkshopForm, OrganisationForm, WorkshopForm
from matrix.views.frame import frame
from matrix.views.seats import seat_address

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
    return render(request, "matrix/choose_map.html", {"rows": rows})


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


def _organisations(workshop):
    return [(o, seat_address(o)) for o in workshop.organisations.prefetch_related("participations")]


def _prepare(request, participation, *, status=200, **forms):
    workshop = participation.workshop
    chosen = list(workshop.workshop_areas.values_list("area_id", flat=True))
    context = frame(participation, stages.Stage.PREPARE) | {
        "workshop_form": forms.get("workshop_form") or WorkshopForm(instance=workshop),
        "areas_form": forms.get("areas_form") or AreasForm(workshop=workshop, initial={"areas": chosen}),
        "organisation_form": forms.get("organisation_form") or OrganisationForm(),
        "organisations": _organisations(workshop),
        "municipality": municipality_of(workshop.signal_map),
    }
    return render(request, "matrix/prepare.html", context, status=status)


@require_safe
def prepare(request, code):
    return _prepare(request, access.facilitator(request, code))


@require_GET
def organisations(request, code):
    """The region of the page with the seats, refreshed when somebody comes in."""
    participation = access.facilitator(request, code)
    context = frame(participation, stages.Stage.PREPARE) | {"organisations": _organisations(participation.workshop)}
    return render(request, "matrix/prepare.html#organisations", context)


@require_POST
def describe(request, code):
    participation = access.facilitator(request, code)
    form = WorkshopForm(request.POST)
    if not form.is_valid():
        return _prepare(request, participation, status=422, workshop_form=form)
    actions.describe(by=participation, **form.cleaned_data)
    messages.success(request, "Bewaard.")
    return redirect("prepare", code)


@require_POST
def choose_areas(request, code):
    participation = access.facilitator(request, code)
    form = AreasForm(request.POST, workshop=participation.workshop)
    if form.is_valid():
        try:
            actions.choose_areas(by=participation, areas=list(form.cleaned_data["areas"]))
        except Refused as refused:
            form.add_error("areas", str(refused))
        else:
            messages.success(request, "De buurten zijn bewaard.")
            return redirect("prepare", code)
    return _prepare(request, participation, status=422, areas_form=form)


@require_POST
def add_organisation(request, code):
    participation = access.facilitator(request, code)
    form = OrganisationForm(request.POST)
    if form.is_valid():
        try:
            organisation = actions.add_organisation(by=participation, **form.cleaned_data)
        except ValidationError as error:
            form.add_error("name", error.messages)
        else:
            messages.success(request, f"{organisation} doet mee. Stoelcode: {organisation.seat_code}")
            return redirect("prepare", code)
    return _prepare(request, participation, status=422, organisation_form=form)


@require_POST
def remove_organisation(request, code, pk):
    participation = access.facilitator(request, code)
    organisation = get_object_or_404(participation.workshop.organisations, pk=pk)
    try:
        actions.remove_organisation(by=participation, organisation=organisation)
        messages.success(request, f"{organisation.name} doet niet meer mee.")
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("prepare", code)


@require_POST
def renew_seat(request, code, pk):
    participation = access.facilitator(request, code)
    organisation = get_object_or_404(participation.workshop.organisations, pk=pk)
    actions.renew_seat(by=participation, organisation=organisation)
    messages.success(request, f"{organisation} heeft een nieuwe stoelcode: {organisation.seat_code}")
    return redirect("prepare", code)


@require_POST
def move(request, code):
    participation = access.facilitator(request, code)
    stage = request.POST.get("stage")
    if stage in stages.Stage.values:
        actions.move(by=participation, stage=stages.Stage(stage))
    return redirect("workshop", code)


@require_safe
def seat_sheet(request, code):
    """A page to print: per organisation its code and QR, to cut out."""
    participation = access.facilitator(request, code)
    context = frame(participation, stages.Stage.PREPARE) | {"organisations": _organisations(participation.workshop)}
    return render(request, "matrix/seat_sheet.html", context)
