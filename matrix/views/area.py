"""Kijken and duiden: the map of the session, and one buurt with what the table makes of it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST, require_safe

from maps.models import Signal
from maps.pages import map_context, table_file
from maps.payload import buurten_answer
from maps.showing import municipality_of, show, show_area
from matrix import access
from matrix.actions import reading as actions
from matrix.actions.recording import Conflict
from matrix.board import build_board
from matrix.forms import AnalysisForm, ReadingForm
from matrix.models import Participation
from matrix.stages import Role, Stage
from matrix.views.frame import frame, warn_of_persons


def _area_pks(workshop):
    return set(workshop.workshop_areas.values_list("area_id", flat=True))


def board_of(workshop):
    areas = [sheet.area for sheet in workshop.workshop_areas.select_related("area").defer("area__geometry")]
    return build_board(areas, workshop.agreements.standing().with_everything(), workshop.empty_cells.all())


def _edition(workshop, query):
    """The film of the session, or the foto at its end that was computed with it."""
    film = workshop.signal_map
    return film.foto if query.get("kaart") == "foto" and film.foto else film


@require_safe
def look(request, code):
    participation = access.participant(request, code)
    workshop = participation.workshop
    edition, mine = _edition(workshop, request.GET), _area_pks(workshop)
    whole = request.GET.get("alles") == "1"
    as_foto = "" if edition.is_film else "?kaart=foto"
    context = frame(participation, Stage.LOOK) | map_context(
        edition,
        request.GET,
        areas=None if whole else mine,
        inside=mine,
        shapes=reverse("workshop_shapes", args=[workshop.code]),
        panel=reverse("panel", args=[workshop.code, "BU"]) + as_foto,
    )
    context |= {
        "whole": whole,
        "kept": [(name, request.GET[name]) for name in ("kaart", "alles") if name in request.GET],
        "files": [(kind, reverse("workshop_signals", args=[workshop.code, kind])) for kind in ("csv", "xlsx")],
    }
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
def panel(request, code, area_code):
    """One buurt beside the map: signal, figures, what tenants say, how full its four frameworks are."""
    participation = access.participant(request, code)
    workshop = participation.workshop
    signal = _signal(workshop, area_code, request.GET)
    municipality = municipality_of(workshop.signal_map)
    cells = board_of(workshop).by_area.get(signal.area_id, [])
    sheet = workshop.workshop_areas.filter(area=signal.area).first()
    context = {
        "sheet": sheet,
        "may_see_analysis": sheet is not None and _may_see_analysis(participation, sheet),
        "detail": show_area(signal, municipality),
        "municipality": municipality,
        "workshop": workshop,
        "inside": bool(cells),
        "cells": cells,
        "readings": workshop.readings.filter(area=signal.area).select_related("organisation"),
    }
    if request.htmx:
        return render(request, "matrix/panel.html", context)
    return redirect("area", code, area_code) if cells else render(request, "maps/area.html", context)


@require_safe
def read(request, code):
    """All buurten of the session: what the signal says, and what tenants and table say."""
    participation = access.participant(request, code)
    return render(request, "matrix/read.html", _reading_rows(participation))


@require_GET
def readings(request, code):
    return render(request, "matrix/read.html#rows", _reading_rows(access.participant(request, code)))


def _reading_rows(participation: Participation):
    workshop = participation.workshop
    by_code = show(workshop.signal_map, areas=_area_pks(workshop)).by_code
    answers = {}
    for reading in workshop.readings.select_related("organisation"):
        answers.setdefault(reading.area_id, []).append(reading)
    tenants = [o for o in workshop.organisations.all() if o.role == Role.TENANT]
    rows = [
        {
            "sheet": sheet,
            "shown": by_code[sheet.area.code],
            "readings": answers.get(sheet.area_id, []),
            "waiting": [o for o in tenants if o.pk not in {r.organisation_id for r in answers.get(sheet.area_id, [])}],
        }
        for sheet in workshop.workshop_areas.select_related("area").defer("area__geometry")
    ]
    return frame(participation, Stage.READ) | {"rows": rows, "tenants": tenants}


def _sheet(participation, area_code):
    return get_object_or_404(
        participation.workshop.workshop_areas.select_related("area", "workshop"), area__code=area_code
    )


def _area_page(request, participation, sheet, *, status=200, **more):
    workshop = participation.workshop
    signal = _signal(workshop, sheet.area.code, {})
    own = workshop.readings.filter(area=sheet.area, organisation=participation.organisation).first()
    neighbours = list(workshop.workshop_areas.select_related("area").defer("area__geometry"))
    here = [s.pk for s in neighbours].index(sheet.pk)
    context = frame(participation, Stage.READ) | {
        "sheet": sheet,
        "detail": show_area(signal, municipality_of(workshop.signal_map)),
        "municipality": municipality_of(workshop.signal_map),
        "reading_form": ReadingForm(instance=own),
        "own": own,
        "analysis_forms": [AnalysisForm(sheet=sheet, field=field) for field in actions.SHEET_FIELDS],
        "may_see_analysis": _may_see_analysis(participation, sheet),
        "writing_open": "analysis_forms" in more,
        "next_sheet": neighbours[(here + 1) % len(neighbours)] if len(neighbours) > 1 else None,
        "cells": board_of(workshop).by_area[sheet.area_id],
        **_readings_of(workshop, sheet),
    }
    return render(request, "matrix/area.html", context | more, status=status)


def _may_see_analysis(participation, sheet) -> bool:
    """Tenants tell what they recognise before they read what the professionals make of it."""
    if participation.role != Role.TENANT or participation.workshop.stage not in (Stage.LOOK, Stage.READ):
        return True
    return participation.organisation.readings.filter(area=sheet.area).exists()


def _readings_of(workshop, sheet):
    readings = list(workshop.readings.filter(area=sheet.area).select_related("organisation"))
    given = {r.organisation_id for r in readings}
    waiting = [o for o in workshop.organisations.all() if o.role == Role.TENANT and o.pk not in given]
    return {"readings": readings, "waiting": waiting}


@require_safe
def area(request, code, area_code):
    participation = access.participant(request, code)
    return _area_page(request, participation, _sheet(participation, area_code))


@require_GET
def area_readings(request, code, area_code):
    participation = access.participant(request, code)
    sheet = _sheet(participation, area_code)
    context = frame(participation, Stage.READ) | {"sheet": sheet} | _readings_of(participation.workshop, sheet)
    return render(request, "matrix/area.html#readings", context)


@require_GET
def area_analysis(request, code, area_code):
    participation = access.participant(request, code)
    sheet = _sheet(participation, area_code)
    context = {"sheet": sheet, "may_see_analysis": _may_see_analysis(participation, sheet)}
    return render(request, "matrix/area.html#analysis", frame(participation, Stage.READ) | context)


@require_POST
def recognise(request, code, area_code):
    participation = access.participant(request, code)
    sheet = _sheet(participation, area_code)
    form = ReadingForm(request.POST)
    theirs = None
    if form.is_valid():
        try:
            actions.recognise(by=participation, sheet=sheet, **form.cleaned_data)
        except Conflict as other:
            theirs = other.current["words"]
            form = ReadingForm(request.POST.dict() | {"seen": theirs})
        else:
            messages.success(request, "Bewaard.")
            warn_of_persons(request, form.cleaned_data["words"])
            return redirect(sheet)
    return _area_page(request, participation, sheet, status=422, reading_form=form, reading_theirs=theirs)


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
            conflict = {"field": field, "theirs": other.current[field]}
            form = AnalysisForm(request.POST.dict() | {"seen": other.current[field]}, sheet=sheet, field=field)
        else:
            messages.success(request, "Bewaard.")
            warn_of_persons(request, data["text"])
            return redirect(sheet)
    forms = [form if name == field else AnalysisForm(sheet=sheet, field=name) for name in actions.SHEET_FIELDS]
    return _area_page(request, participation, sheet, status=422, analysis_forms=forms, conflict=conflict)
