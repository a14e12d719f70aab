"""Handelen: the matrix, adding to it in one line, and the catalogue."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from matrix import access
from matrix.actions import agreement as actions
from matrix.actions.recording import Refused
from matrix.forms import EmptyCellForm, ProposeForm, workshop_areas
from matrix.models import Framework, Intervention
from matrix.stages import Stage
from matrix.views.area import board_of
from matrix.views.frame import frame, warn_of_persons


def _board_context(participation):
    return frame(participation, Stage.ACT) | {"board": board_of(participation.workshop)}


@require_safe
def board(request, code):
    participation = access.participant(request, code)
    start = {"area": request.GET.get("buurt"), "framework": request.GET.get("kader")}
    if chosen := request.GET.get("kaart"):
        card = Intervention.objects.filter(slug=chosen).first()
        start |= {"intervention": card, "title": card and card.title}
    form = ProposeForm(workshop=participation.workshop, initial=start)
    return render(request, "matrix/board.html", _board_context(participation) | {"form": form})


@require_GET
def board_rows(request, code):
    return render(request, "matrix/board.html#rows", _board_context(access.participant(request, code)))


@require_POST
def propose(request, code):
    participation = access.participant(request, code)
    form = ProposeForm(request.POST, workshop=participation.workshop)
    if form.is_valid():
        data = form.cleaned_data
        try:
            actions.propose(
                by=participation, framework=data["framework"], areas=[data["area"]], title=data["title"],
                intervention=data["intervention"],
            )  # fmt: skip
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"Toegevoegd: {data['title']}")
            warn_of_persons(request, data["title"])
            place = f"?buurt={data['area'].pk}&kader={data['framework']}#toevoegen"
            return redirect(reverse("board", args=[code]) + place)
    return render(request, "matrix/board.html", _board_context(participation) | {"form": form}, status=422)


@require_safe
def catalogue(request, code):
    """Browse and search while adding; choosing a card brings it back to the line of the matrix."""
    participation = access.participant(request, code)
    words = request.GET.get("zoek", "").strip()
    kader = request.GET.get("kader") if request.GET.get("kader") in Framework.values else ""
    cards = Intervention.objects.all()
    if kader:
        cards = cards.filter(framework=kader)
    for word in words.split()[:6]:
        cards = cards.filter(
            Q(title__icontains=word)
            | Q(occasion__icontains=word)
            | Q(approach__icontains=word)
            | Q(effect__icontains=word)
        )
    order = {value: i for i, value in enumerate(Framework.values)}
    context = frame(participation, Stage.ACT) | {
        "cards": sorted(cards, key=lambda card: (order[card.framework], card.position)),
        "words": words,
        "kader": kader,
        "frameworks": Framework.choices,
        "buurt": request.GET.get("buurt", ""),
    }
    return render(request, "matrix/catalogue.html", context)


@require_http_methods(["GET", "POST"])
def empty_cell(request, code, area_pk, framework):
    """Bewust leeg: say why. Posting without a reason opens the cell again."""
    participation = access.participant(request, code)
    area = get_object_or_404(workshop_areas(participation.workshop), pk=area_pk)
    framework = framework_or_404(framework)
    cell = participation.workshop.empty_cells.filter(area=area, framework=framework).first()
    if request.method == "POST" and "weer-open" in request.POST and cell:
        actions.reopen_cell(by=participation, cell=cell)
        return redirect("board", code)
    form = EmptyCellForm(request.POST or None, instance=cell)
    if request.method == "POST" and form.is_valid():
        try:
            actions.leave_empty(by=participation, area=area, framework=framework, reason=form.cleaned_data["reason"])
        except (Refused, ValidationError) as refused:
            form.add_error(None, getattr(refused, "messages", None) or str(refused))
        else:
            messages.success(request, "Bewaard: dit vak is bewust leeg.")
            warn_of_persons(request, form.cleaned_data["reason"])
            return redirect("board", code)
    context = frame(participation, Stage.ACT) | {
        "form": form,
        "area": area,
        "framework": framework,
        "cell": cell,
    }
    return render(request, "matrix/empty_cell.html", context, status=422 if form.errors else 200)


def framework_or_404(value) -> Framework:
    from django.http import Http404

    if value not in Framework.values:
        raise Http404
    return Framework(value)
