"""Paper for the room: choose what to print, and print it."""

from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from matrix import access
from matrix.paper.pieces import PIECES, is_small
from matrix.plan import jobs, warm
from matrix.stages import Stage
from matrix.views.frame import frame
from matrix.views.making import pdf, waiting
from matrix.views.preparing import page


def _page(request, participation, *, status=200, refused=None):
    """`refused`: the form of the piece that could not be made as chosen."""
    made = [(piece, piece.form(workshop=participation.workshop)) for piece in PIECES.values()]
    pieces = [(piece, refused if isinstance(refused, piece.form) else form) for piece, form in made]
    return page(request, participation, "prepare_paper", status=status, pieces=pieces)


@require_safe
def prepare_paper(request, code):
    participation = access.facilitator(request, code)
    warm.up()
    return _page(request, participation)


@require_safe
def paper_pdf(request, code, piece):
    participation = access.facilitator(request, code)
    workshop = participation.workshop
    if piece not in PIECES:
        raise Http404
    found = PIECES[piece]
    form = found.form(request.GET or _as_first(found, workshop), workshop=workshop)
    if not form.is_valid():
        return _page(request, participation, status=422, refused=form)
    html = found.html(workshop, form.cleaned_data)
    key = jobs.key_of_page(workshop, piece, html)
    if jobs.ready(key) is None:
        jobs.start(workshop, key, html=html, at_once=is_small(html))
    if jobs.wait(key, PATIENCE).ready:
        return _answer(request, workshop, key)
    return redirect(_with_choices(request, "paper_progress", code, key))


PATIENCE = 2  # seconds in which most of them are made, so that nobody sees a page in between


@require_safe
def paper_progress(request, code, key):
    participation = access.facilitator(request, code)
    piece = _piece(participation.workshop, key)
    return waiting(
        request, frame(participation, Stage.PREPARE), key,
        title=piece.title, article="De", thing="PDF", part="Blad",
        here=_with_choices(request, "paper_progress", code, key), ready=_with_choices(request, "paper_file", code, key),
        again=_with_choices(request, "paper_pdf", code, piece.key),
        back=reverse("prepare_paper", args=[code]), back_to="Papier voor de zaal",
    )  # fmt: skip


@require_safe
def paper_file(request, code, key):
    participation = access.facilitator(request, code)
    _piece(participation.workshop, key)
    return _answer(request, participation.workshop, key)


def _piece(workshop, key):
    if not jobs.is_paper_of(workshop, key) or jobs.for_room(key) not in PIECES:
        raise Http404
    return PIECES[jobs.for_room(key)]


def _answer(request, workshop, key):
    piece = jobs.for_room(key)
    if (body := jobs.ready(key)) is None:  # tidied away, or never made
        return redirect(_with_choices(request, "paper_pdf", workshop.code, piece))
    return pdf(body, f"{piece}-{slugify(workshop.title)[:60] or 'sessie'}")


def _with_choices(request, name, code, what) -> str:
    """What was chosen travels along, so that it can be asked for again."""
    chosen = request.GET.urlencode()
    return reverse(name, args=[code, what]) + (f"?{chosen}" if chosen else "")


def _as_first(piece, workshop) -> dict:
    """An address without choices: as the page offers it."""
    return {name: field.initial for name, field in piece.form(workshop=workshop).fields.items() if field.initial}
