"""Handelen: the matrix, adding to it in one line, and leaving a cell empty on purpose."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from matrix import access
from matrix.actions import agreement as actions
from matrix.actions.recording import Conflict, Refused, Repeated
from matrix.audience import Audience, audience
from matrix.board import build_board
from matrix.forms import EmptyCellForm, ProposeForm, workshop_areas
from matrix.models import Framework
from matrix.narrowing import ROLES, SHOWN, Narrowing
from matrix.stages import Stage
from matrix.views import saving
from matrix.views.agreement import remember
from matrix.views.area import recognised
from matrix.views.catalogue import card_or_none
from matrix.views.covering import board_of
from matrix.views.frame import frame, warn_of_persons


def board_context(seen_by: Audience) -> dict:
    board = board_of(seen_by.workshop)
    told = recognised(seen_by.workshop)
    return {"board": board, "headings": [{"area": area, "told": told.get(area.pk, "")} for area in board.areas]}


def heading_context(seen_by: Audience, area_pk) -> dict:
    """A buurt above its column, with what the tenants say of its signal."""
    sheet = get_object_or_404(seen_by.workshop.workshop_areas.select_related("area"), area=area_pk)
    return {"heading": {"area": sheet.area, "told": recognised(seen_by.workshop).get(sheet.area_id, "")}}


def gather(workshop, places) -> None:
    """Cells that will be asked for one by one, by (area pk, framework), in one go. `workshop.shared` is of one
    revision."""
    missing = {place for place in places if place not in workshop.shared}
    if missing:
        workshop.shared |= {place: shown for place, shown in _cells(workshop, missing) if place in missing}


def _cells(workshop, places):
    """((area pk, framework), context) of these and perhaps more. Rows and pages of the same agreements show more of
    them than a card does, so it is fetched with them."""
    pks, frameworks = {pk for pk, _ in places}, {framework for _, framework in places}
    sheets = workshop.workshop_areas.filter(area__in=pks).select_related("area").defer("area__geometry")
    inside = workshop.agreements.standing().filter(areas__in=pks, framework__in=frameworks)
    inside = list((inside if len(pks) == 1 else inside.distinct()).with_everything())
    remember(workshop, inside)
    empty = workshop.empty_cells.filter(area__in=pks, framework__in=frameworks)
    for row in build_board([sheet.area for sheet in sheets], inside, empty).rows:
        for cell in row.cells:
            yield (cell.area.pk, str(row.framework)), {"cell": cell, "row": row}


def cell_context(seen_by: Audience, area_pk, framework) -> dict:
    """One cell, with only the queries that it needs: a live change renders this and nothing more."""
    workshop, place = seen_by.workshop, (int(area_pk), framework)
    known = getattr(workshop, "shared", {})
    if place not in known:
        known = dict(_cells(workshop, {place}))
    if place not in known:
        raise Http404
    return known[place]


def complete_context(seen_by: Audience, framework) -> dict:
    """How many buurten have an agreement in this framework, or a reason why not: as `board.Row.complete` counts."""
    workshop = seen_by.workshop
    promised = workshop.agreements.promised().filter(framework=framework).values_list("areas", flat=True)
    done = {*promised, *workshop.empty_cells.filter(framework=framework).values_list("area", flat=True)}
    areas = set(workshop.workshop_areas.values_list("area", flat=True))
    return {"row": {"framework": framework, "complete": len(done & areas), "cells": areas}}


def _page(request, participation, form) -> dict:
    context = frame(participation, Stage.ACT) | board_context(audience(participation))
    return context | {"form": form} | _narrowed(request.GET, participation.workshop, context["board"])


def _narrowed(query, workshop, board) -> dict:
    """What of the matrix is left out, and what the filter offers."""
    parties, areas = list(workshop.organisations.all()), board.areas
    narrowing = Narrowing.from_query(query, organisations={o.pk for o in parties}, areas={area.pk for area in areas})
    cards = {card.agreement.number: card for row in board.rows for cell in row.cells for card in cell.cards}
    fitting = {number for number, card in cards.items() if narrowing.fits(card.facts)}
    pointed = query.get("buurt", "")
    return {
        "narrowing": narrowing,
        "left_out": cards.keys() - fitting,
        "fitting": len(fitting),
        "measures": len(cards),
        "parties": parties,
        "roles": ROLES.items(),
        "statuses": SHOWN.items(),
        # On a phone one buurt at a time.
        "one_area": narrowing.area or next((a.pk for a in areas if str(a.pk) == pointed), areas[0].pk if areas else 0),
    }


def _start(request, participation) -> dict:
    """What the address asks to add, and where."""
    start = {"area": request.GET.get("buurt"), "framework": request.GET.get("kader")}
    if card := card_or_none(participation.workshop, request.GET.get("kaart", "")):
        start |= {"intervention": card, "title": card.title}
    return start


@require_safe
def board(request, code):
    participation = access.participant(request, code)
    form = ProposeForm(seen_by=audience(participation), initial=_start(request, participation))
    return render(request, "matrix/board.html", _page(request, participation, form))


@require_POST
def propose(request, code):
    """In one line. A script stays on the page, for the next line."""
    participation = access.participant(request, code)
    form = ProposeForm(request.POST, seen_by=audience(participation))
    stays = saving.by_itself(request) and "blijft" in request.POST
    if form.is_valid():
        data = form.cleaned_data
        place = f"?buurt={data['area'].pk}&kader={data['framework']}#toevoegen"
        back = redirect(reverse("board", args=[code]) + place)
        try:
            actions.propose(
                by=participation, framework=data["framework"], areas={data["area"], *data["also"]},
                title=data["title"], intervention=data["intervention"], on_behalf_of=data.get("on_behalf_of"),
                key=data["key"],
            )  # fmt: skip
        except Repeated:
            return saving.saved({}) if stays else saving.done(request, back)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            if stays:
                return saving.saved({}, data["title"], undo=saving.undo_address(participation))
            warn_of_persons(request, data["title"])
            return saving.done(request, back, f"Toegevoegd: {data['title']}")
    if stays:
        return saving.invalid(form)
    return render(request, "matrix/board.html", _page(request, participation, form), status=422)


@require_http_methods(["GET", "POST"])
def empty_cell(request, code, area_pk, framework):
    """Bewust leeg: say why. Posting without a reason opens the cell again."""
    participation = access.participant(request, code)
    area = get_object_or_404(workshop_areas(participation.workshop), pk=area_pk)
    framework = framework_or_404(framework)
    cell = participation.workshop.empty_cells.filter(area=area, framework=framework).first()
    back = redirect(f"{reverse('board', args=[code])}?buurt={area.pk}#vak-{area.pk}-{framework}")
    if request.method == "POST" and "weer-open" in request.POST and cell:
        actions.reopen_cell(by=participation, cell=cell)
        if saving.by_itself(request):
            return saving.saved({})
        messages.success(request, "Dit vak is weer open.")
        return back
    form, theirs = EmptyCellForm(request.POST or None, instance=cell), None
    if request.method == "POST" and form.is_valid():
        reason, seen = form.cleaned_data["reason"], form.cleaned_data["seen"] if "seen" in request.POST else None
        try:
            actions.leave_empty(by=participation, area=area, framework=framework, reason=reason, seen=seen)
        except Conflict as other:
            theirs = other.current["reason"]
            if saving.by_itself(request):
                return saving.conflict({"reason": saving.their(theirs, {"reason": theirs}, {"seen": theirs})})
            form = EmptyCellForm(request.POST.dict() | {"seen": theirs}, instance=cell)
        except (Refused, ValidationError) as refused:
            form.add_error(None, getattr(refused, "messages", None) or str(refused))
        else:
            if saving.by_itself(request):
                return saving.saved({}, reason)
            messages.success(request, "Bewaard: dit vak is bewust leeg.")
            warn_of_persons(request, reason)
            return back
    if saving.by_itself(request):
        return saving.invalid(form)
    context = frame(participation, Stage.ACT) | {
        "form": form,
        "area": area,
        "framework": framework,
        "cell": cell,
        "theirs": theirs,
    }
    return render(request, "matrix/empty_cell.html", context, status=422 if form.errors or theirs is not None else 200)


def framework_or_404(value) -> Framework:
    if value not in Framework.values:
        raise Http404
    return Framework(value)
