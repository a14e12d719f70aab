"""The catalogue: search while adding, and the cards that an organisation keeps itself."""

import tempfile
from pathlib import Path

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maps.exporting import XLSX
from maps.importing.problems import ImportRefused
from matrix import access
from matrix.actions import card as actions
from matrix.actions.recording import Conflict, Refused, Repeated
from matrix.card_forms import CardForm, NewCardForm, SheetForm
from matrix.card_sheet import read_cards, write_cards
from matrix.models import Framework, Intervention
from matrix.stages import Stage
from matrix.views import saving
from matrix.views.frame import frame, warn_of_persons

SUGGESTED = 6


def card_or_none(workshop, key: str) -> Intervention | None:
    """The card that an address names, see `Intervention.key`."""
    name, _, pk = key.partition("-")
    named = Q(pk=int(pk), slug=None) if name == "eigen" and pk.isdecimal() else Q(slug=key)
    return Intervention.objects.at(workshop).filter(named).first() if key else None


def _found(workshop, words: str, framework: str) -> list[Intervention]:
    """In the order of the frameworks; what was added at this table first."""
    cards = Intervention.objects.at(workshop).select_related("organisation")
    if framework:
        cards = cards.filter(framework=framework)
    for word in words.split()[:6]:
        cards = cards.filter(
            Q(title__icontains=word)
            | Q(occasion__icontains=word)
            | Q(approach__icontains=word)
            | Q(effect__icontains=word)
        )
    order = {value: i for i, value in enumerate(Framework.values)}
    return sorted(cards, key=lambda card: (order[card.framework], card.workshop_id is None, card.position))


def _asked(request) -> tuple[str, str]:
    framework = request.GET.get("kader", "")
    return request.GET.get("zoek", "")[:100].strip(), framework if framework in Framework.values else ""


@require_safe
def catalogue(request, code):
    """Browse and search while adding; choosing a card brings it back to the line of the matrix."""
    participation = access.participant(request, code)
    words, framework = _asked(request)
    context = frame(participation, Stage.ACT) | {
        "cards": _found(participation.workshop, words, framework),
        "words": words,
        "kader": framework,
        "frameworks": Framework.choices,
        "buurt": request.GET.get("buurt", ""),
        "own": participation.organisation_id,
    }
    return render(request, "matrix/catalogue.html", context)


@require_safe
def suggestions(request, code):
    """Under the line in which somebody types: a few cards of this framework, those whose title matches first."""
    participation = access.participant(request, code)
    words, framework = _asked(request)
    found = _found(participation.workshop, words, framework)
    found.sort(key=lambda card: words.casefold() not in card.title.casefold())
    return render(request, "matrix/suggestions.html", {"cards": found[:SUGGESTED]})


def _back(code, framework=""):
    return f"{reverse('catalogue', args=[code])}{f'?kader={framework}' if framework else ''}"


@require_http_methods(["GET", "POST"])
def add_card(request, code):
    """Empty, or filled from a measure of the matrix (`van` is its number)."""
    participation = access.participant(request, code)
    form = NewCardForm(request.POST or None, initial=_from_measure(request, participation.workshop))
    if request.method == "POST" and form.is_valid():
        back = redirect(_back(code, form.cleaned_data["framework"]))
        try:
            card = actions.add_card(by=participation, **form.cleaned_data)
        except Repeated:
            return saving.done(request, back)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            warn_of_persons(request, card.title, card.occasion, card.approach, card.effect)
            return saving.done(request, back, f"Bewaard als kaart in de catalogus: {card}")
    return _card_page(request, participation, form)


def _from_measure(request, workshop) -> dict:
    number = request.GET.get("van", "")
    found = workshop.agreements.select_related("lead").filter(number=number if number.isdecimal() else 0).first()
    if found is None:
        return {"framework": request.GET.get("kader", "")}
    start = {
        "framework": found.framework, "title": found.title[:80], "approach": found.goal or found.title,
        "effect": found.residents_notice or found.measure, "legal_check": found.legal_check,
        "touches_advice_right": found.touches_advice_right,
    }  # fmt: skip
    return start | ({"lead": found.lead.kind} if found.lead else {})


@require_http_methods(["GET", "POST"])
def edit_card(request, code, pk):
    participation = access.participant(request, code)
    card = get_object_or_404(actions.own_cards(participation), pk=pk)
    form, conflict = CardForm(request.POST or None, instance=card), None
    if request.method == "POST" and form.is_valid():
        try:
            after = actions.edit_card(by=participation, card=card, changes=form.changes(), seen=form.seen())
        except Conflict as other:
            data = request.POST.copy()
            for name, value in other.current.items():
                data[f"initial-{name}"] = value  # saving again overwrites with open eyes
            conflict = [(form.fields[name].label, value) for name, value in other.current.items()]
            form = CardForm(data, instance=card)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            warn_of_persons(request, after.title, after.occasion, after.approach, after.effect)
            return saving.done(request, redirect(_back(code, after.framework)), "De kaart is bewaard.")
    return _card_page(request, participation, form, card=card, conflict=conflict)


def _card_page(request, participation, form, **more):
    context = frame(participation, Stage.ACT) | {"form": form} | more
    status = 422 if form.is_bound and (form.errors or more.get("conflict")) else 200
    return render(request, "matrix/card.html", context, status=status)


@require_POST
def remove_card(request, code, pk):
    participation = access.participant(request, code)
    card = get_object_or_404(actions.own_cards(participation), pk=pk)
    actions.remove_card(by=participation, card=card)
    messages.success(request, f"De kaart ‘{card.title}’ is weg. Maatregelen die ermee gemaakt zijn, blijven.")
    return redirect(_back(code))


@require_safe
def cards_file(request, code):
    """The own cards as a sheet; without any it is an empty one to begin with."""
    participation = access.participant(request, code)
    body = write_cards(actions.own_cards(participation).order_by("framework", "position"))
    return HttpResponse(
        body, content_type=XLSX, headers={"Content-Disposition": 'attachment; filename="eigen-kaarten.xlsx"'}
    )


@require_http_methods(["GET", "POST"])
def cards_in(request, code):
    """A sheet of cards: all of it, or nothing and every problem with its row."""
    participation = access.participant(request, code)
    form, problems = SheetForm(request.POST or None, request.FILES or None), []
    if request.method == "POST" and getattr(request, "upload_too_large", False):
        problems = ["Dit bestand is te groot."]
    elif request.method == "POST" and form.is_valid():
        try:
            new, changed = _take_in(participation, form.cleaned_data["file"])
        except ImportRefused as refused:
            problems = refused.problems
        except Refused as refused:
            problems = [str(refused)]
        else:
            messages.success(request, f"Ingelezen: {new} nieuw, {changed} gewijzigd.")
            return redirect(_back(code))
    context = frame(participation, Stage.ACT) | {
        "form": form,
        "problems": problems,
        "mine": actions.own_cards(participation).count(),
    }
    return render(request, "matrix/cards_in.html", context, status=422 if request.method == "POST" else 200)


def _take_in(participation, upload):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "kaarten.xlsx"
        path.write_bytes(upload.read())
        known = {card.key for card in actions.own_cards(participation)}
        rows = read_cards(path, upload.name, known=known)
    return actions.take_in_cards(by=participation, rows=rows)
