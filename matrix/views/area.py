"""Kijken and duiden: the map of the session, and one buurt with what the table makes of it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from maps.models import Signal
from maps.pages import map_context, table_file
from maps.payload import buurten_answer
from maps.showing import municipality_of, show, show_area
from matrix import access
from matrix.actions import behalf
from matrix.actions import reading as actions
from matrix.actions.recording import Conflict
from matrix.audience import Audience, audience
from matrix.board import build_board
from matrix.coverage import cover
from matrix.forms import AnalysisForm, ReadingForm
from matrix.stages import Right, Role, Stage
from matrix.views import saving
from matrix.views.covering import MAP_STYLES, classes_of, face
from matrix.views.frame import frame, shared, warn_of_persons
from matrix.views.remarks import remarks_context
from matrix.voices import analysis_is_open, waiting_for


def _area_pks(workshop):
    return set(workshop.workshop_areas.values_list("area_id", flat=True))


def recognised(workshop) -> dict[int, str]:
    """Area pk -> what the tenants say of the signal, in one line: it stands beside the figure wherever that is."""
    found = {}
    for reading in workshop.readings.select_related("organisation"):
        found.setdefault(reading.area_id, []).append(f"{reading.organisation}: {RECOGNISED[reading.recognition]}")
    return {pk: "; ".join(lines) for pk, lines in found.items()}


RECOGNISED = {"yes": "herkent dit", "partly": "herkent dit deels", "no": "herkent dit niet", "unknown": "weet het niet"}


def _edition(workshop, query):
    """The film of the session, or the foto at its end that was computed with it."""
    film = workshop.signal_map
    return film.foto if query.get("kaart") == "foto" and film.foto else film


@require_safe
@vary_on_headers("HX-Request")  # or Back shows the part that a script asked for
def look(request, code):
    participation = access.participant(request, code)
    workshop = participation.workshop
    edition, mine = _edition(workshop, request.GET), _area_pks(workshop)
    is_face = request.GET.get("beeld") == "afspraken"
    whole = request.GET.get("alles") == "1" and not is_face
    as_foto = "" if edition.is_film else "?kaart=foto"
    context = frame(participation, Stage.LOOK) | map_context(
        edition,
        request.GET,
        areas=None if whole else mine,
        inside=mine,
        shapes=reverse("workshop_shapes", args=[workshop.code]),
        panel=reverse("panel", args=[workshop.code, "BU"]) + as_foto,
        told=recognised(workshop),
    )
    context |= {
        "whole": whole,
        "kept": [(name, request.GET[name]) for name in ("kaart", "alles", "beeld") if name in request.GET],
        "files": [(kind, reverse("workshop_signals", args=[workshop.code, kind])) for kind in ("csv", "xlsx")],
    }
    context["map_styles"] = MAP_STYLES
    if is_face:
        context |= face(context, request.GET, workshop)
    if not request.htmx:
        context |= remarks_context(audience(participation), Stage.LOOK)
    return render(request, "matrix/look.html#map" if request.htmx else "matrix/look.html", context)


@require_GET
def shapes(request, code):
    """The whole municipality, so that the place is recognised."""
    edition = access.participant(request, code).workshop.signal_map
    return buurten_answer(request, edition.municipality, edition.division)


@require_GET
def signals_file(request, code, kind):
    """The table as it is shown, as CSV or xlsx."""
    workshop = access.participant(request, code).workshop
    areas = None if request.GET.get("alles") == "1" else _area_pks(workshop)
    return table_file(_edition(workshop, request.GET), request.GET, kind, areas=areas)


def _signal(workshop, area_code, query):
    return get_object_or_404(Signal.objects.of(_edition(workshop, query)).for_map(), area__code=area_code)


@require_safe
@vary_on_headers("HX-Request")
def panel(request, code, area_code):
    """One buurt beside the map: signal, figures, what tenants say, how full its four frameworks are."""
    participation = access.participant(request, code)
    workshop = participation.workshop
    signal = _signal(workshop, area_code, request.GET)
    municipality = municipality_of(workshop.signal_map)
    sheet = workshop.workshop_areas.filter(area=signal.area).first()
    seen_by = audience(participation)
    context = shared(seen_by) | {
        "sheet": sheet,
        "detail": show_area(signal, municipality),
        "municipality": municipality,
    }
    if sheet:
        context |= voices_context(seen_by, signal.area_id)
    if request.htmx:
        return render(request, "matrix/panel.html", context)
    return redirect("area", code, area_code) if sheet else render(request, "maps/area.html", context)


@require_safe
def read(request, code):
    """All buurten of the session: what the signal says, and what tenants and table say."""
    participation = access.participant(request, code)
    seen_by = audience(participation)
    context = frame(participation, Stage.READ) | cards_context(seen_by) | remarks_context(seen_by, Stage.READ)
    return render(request, "matrix/read.html", context)


def cards_context(seen_by: Audience) -> dict:
    return {"rows": _cards(seen_by.workshop, seen_by.workshop.workshop_areas.all())}


def card_context(seen_by: Audience, area_pk) -> dict:
    rows = _cards(seen_by.workshop, seen_by.workshop.workshop_areas.filter(area=area_pk))
    if not rows:
        raise Http404
    return {"row": rows[0]}


def _cards(workshop, sheets) -> list[dict]:
    sheets = list(sheets.select_related("area").defer("area__geometry"))
    areas = {sheet.area_id for sheet in sheets}
    by_code = show(workshop.signal_map, areas=areas).by_code
    answers = {}
    for reading in workshop.readings.filter(area__in=areas).select_related("organisation"):
        answers.setdefault(reading.area_id, []).append(reading)
    organisations = list(workshop.organisations.all())
    return [
        {
            "sheet": sheet,
            "shown": by_code[sheet.area.code],
            "readings": answers.get(sheet.area_id, []),
            "waiting": waiting_for(organisations, answers.get(sheet.area_id, [])),
        }
        for sheet in sheets
    ]


def _sheet(participation, area_code):
    return get_object_or_404(
        participation.workshop.workshop_areas.select_related("area", "workshop"), area__code=area_code
    )


def _area_page(request, participation, sheet, *, status=200, **more):
    workshop, seen_by = participation.workshop, audience(participation)
    signal = _signal(workshop, sheet.area.code, {})
    own = workshop.readings.filter(area=sheet.area, organisation=participation.organisation).first()
    neighbours = list(workshop.workshop_areas.select_related("area").defer("area__geometry"))
    here = [s.pk for s in neighbours].index(sheet.pk)
    context = frame(participation, Stage.READ) | {
        "sheet": sheet,
        "detail": show_area(signal, municipality_of(workshop.signal_map)),
        "municipality": municipality_of(workshop.signal_map),
        "reading_form": ReadingForm(instance=own, seen_by=seen_by),
        "may_take_over": own is not None and own.on_behalf and seen_by.may(Right.CONFIRM),
        "own": own,
        "analysis_forms": [AnalysisForm(sheet=sheet, field=field) for field in actions.SHEET_FIELDS],
        "writing_open": "analysis_forms" in more,
        "shows": f"area/{sheet.area.code}",
        "next_sheet": neighbours[(here + 1) % len(neighbours)] if len(neighbours) > 1 else None,
        **voices_context(seen_by, sheet.area_id),
    }
    return render(request, "matrix/area.html", context | more, status=status)


def readings_context(seen_by: Audience, area_pk) -> dict:
    workshop = seen_by.workshop
    readings = list(workshop.readings.filter(area=area_pk).select_related("organisation"))
    return {
        "sheet": get_object_or_404(workshop.workshop_areas.select_related("area"), area=area_pk),
        "readings": readings,
        "waiting": waiting_for(workshop.organisations.all(), readings),
    }


def voices_context(seen_by: Audience, area_pk) -> dict:
    """What people say of a buurt and do there, beside its figures on the map."""
    analysis, readings = analysis_context(seen_by, area_pk), readings_context(seen_by, area_pk)
    sheet, workshop = analysis["sheet"], seen_by.workshop
    inside = workshop.agreements.standing().filter(areas=area_pk).for_cards()
    board = build_board([sheet.area], inside, workshop.empty_cells.filter(area=area_pk))
    covered = cover(board, classes_of(workshop, [sheet.area_id]))[0]
    return readings | analysis | {"cells": covered.cells, "covered": covered}


def analysis_context(seen_by: Audience, area_pk) -> dict:
    workshop = seen_by.workshop
    sheet = get_object_or_404(workshop.workshop_areas.select_related("area"), area=area_pk)
    readings = workshop.readings.filter(area=area_pk)
    organisations = [o for o in workshop.organisations.all() if o.role == Role.TENANT]
    answered = {reading.organisation_id for reading in readings}
    return {
        "sheet": sheet,
        "analysis_open": analysis_is_open(
            workshop.stage, sheet, {o.pk for o in organisations}, answered, seen_by.organisation_id
        ),
        "waiting": [o for o in organisations if o.pk not in answered],
    }


@require_safe
def area(request, code, area_code):
    participation = access.participant(request, code)
    return _area_page(request, participation, _sheet(participation, area_code))


@require_POST
def recognise(request, code, area_code):
    participation = access.participant(request, code)
    sheet = _sheet(participation, area_code)
    seen_by = audience(participation)
    form = ReadingForm(request.POST, seen_by=seen_by)
    theirs = None
    if form.is_valid():
        try:
            reading = actions.recognise(by=participation, sheet=sheet, **form.cleaned_data)
        except Conflict as other:
            theirs = other.current["words"]
            if saving.by_itself(request):
                speaker = form.cleaned_data.get("on_behalf_of") or participation.organisation
                now = participation.workshop.readings.get(area=sheet.area, organisation=speaker)
                values = {"recognition": now.recognition, "words": now.words}
                return saving.conflict({"words": saving.their(now.told, values, {"seen": now.told})})
            form = ReadingForm(request.POST.dict() | {"seen": theirs}, seen_by=seen_by)
        else:
            if saving.by_itself(request):
                return saving.saved({"seen": reading.told}, form.cleaned_data["words"])
            messages.success(request, "Bewaard.")
            warn_of_persons(request, form.cleaned_data["words"])
            return redirect(sheet)
    elif saving.by_itself(request):
        return saving.invalid(form)
    return _area_page(request, participation, sheet, status=422, reading_form=form, reading_theirs=theirs)


@require_POST
def take_over_reading(request, code, area_code):
    participation = access.participant(request, code)
    sheet = _sheet(participation, area_code)
    readings = participation.workshop.readings.filter(area=sheet.area)
    behalf.take_over(by=participation, said=get_object_or_404(readings, organisation=participation.organisation))
    messages.success(request, "Dit antwoord is nu van uw organisatie.")
    return redirect(sheet)


@require_POST
def go_on(request, code, area_code):
    participation = access.facilitator(request, code)
    sheet = _sheet(participation, area_code)
    actions.go_on_without_tenants(by=participation, sheet=sheet)
    return redirect(sheet)


@require_POST
def analyse(request, code, area_code, field):
    participation = access.participant(request, code)
    sheet = _sheet(participation, area_code)
    if field not in actions.SHEET_FIELDS:
        return redirect(sheet)
    form = AnalysisForm(request.POST, sheet=sheet, field=field)
    conflict = None
    if form.is_valid():
        data = form.cleaned_data
        try:
            actions.analyse(by=participation, sheet=sheet, field=field, text=data["text"], seen=data["seen"])
        except Conflict as other:
            if saving.by_itself(request):
                now = other.current[field]
                return saving.conflict({"text": saving.their(now, {"text": now}, {"seen": now})})
            conflict = {"field": field, "theirs": other.current[field]}
            form = AnalysisForm(request.POST.dict() | {"seen": other.current[field]}, sheet=sheet, field=field)
        else:
            if saving.by_itself(request):
                return saving.saved({"seen": data["text"]}, data["text"])
            messages.success(request, "Bewaard.")
            warn_of_persons(request, data["text"])
            return redirect(sheet)
    elif saving.by_itself(request):
        return saving.invalid(form)
    forms = [form if name == field else AnalysisForm(sheet=sheet, field=name) for name in actions.SHEET_FIELDS]
    return _area_page(request, participation, sheet, status=422, analysis_forms=forms, conflict=conflict)
