"""Terugkijken: per agreement what was agreed, done and noticed, and the signal of then beside the one of now."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from matrix import access
from matrix.actions import behalf
from matrix.actions import looking_back as actions
from matrix.actions.recording import Conflict
from matrix.audience import Audience, audience
from matrix.looked_back import reviewed, rows
from matrix.looking_back_forms import DecideForm, DoneForm, NoticedForm
from matrix.models import Agreement, Review
from matrix.stages import Right, Stage
from matrix.views import saving
from matrix.views.frame import frame, warn_of_persons


def row_context(seen_by: Audience, number) -> dict:
    known = str(number).isdecimal()
    found = rows(seen_by, reviewed(seen_by.workshop).filter(number=number)) if known else []
    if not found:
        raise Http404
    return {"row": found[0]}


def list_context(seen_by: Audience) -> dict:
    return {"rows": rows(seen_by, reviewed(seen_by.workshop))}


def count_context(seen_by: Audience) -> dict:
    """How far the table is. Decisions only: those are made together."""
    workshop = seen_by.workshop
    decided = list(
        Review.objects.filter(agreement__in=reviewed(workshop)).exclude(decision="").values_list("decision", flat=True)
    )
    return {
        "count": reviewed(workshop).count(),
        "decided": len(decided),
        "decisions": [(label, decided.count(value)) for value, label in Review.Decision.choices],
    }


@require_safe
def looking_back(request, code):
    participation = access.participant(request, code)
    seen_by = audience(participation)
    context = frame(participation, Stage.LOOK_BACK) | list_context(seen_by) | count_context(seen_by)
    return render(request, "matrix/looking_back.html", context | {"earlier": participation.workshop.follows})


# ---- one agreement ----


def _find(participation, number) -> Agreement:
    return get_object_or_404(reviewed(participation.workshop).select_related("workshop", "review"), number=number)


def _back(agreement):
    return redirect(reverse("review", args=[agreement.workshop.code, agreement.number]))


def _page(request, participation, agreement, *, status=200, **more):
    workshop, seen_by = participation.workshop, audience(participation)
    agreement = _find(participation, agreement.number)  # as it is now
    review = getattr(agreement, "review", None) or Review(agreement=agreement)
    own = agreement.noticed.filter(organisation=participation.organisation).first()
    row = row_context(seen_by, agreement.number)["row"]
    numbers = list(reviewed(workshop).values_list("number", flat=True))
    at = numbers.index(agreement.number)
    context = frame(participation, Stage.LOOK_BACK) | {
        "row": row,
        "agreement": agreement,
        "at": at + 1,
        "of": len(numbers),
        "next_number": numbers[at + 1] if at + 1 < len(numbers) else None,
        "previous_number": numbers[at - 1] if at else None,
        "done_form": DoneForm(instance=review),
        "noticed_form": NoticedForm(instance=own, seen_by=seen_by),
        "decide_form": DecideForm(review=review),
        "own": own,
        "may_take_over": own is not None and own.on_behalf and seen_by.may(Right.CONFIRM),
        "shows": f"review/{agreement.number}",
    }
    return render(request, "matrix/review.html", context | more, status=status)


@require_safe
def review(request, code, number):
    participation = access.participant(request, code)
    return _page(request, participation, _find(participation, number))


@require_POST
def tell_done(request, code, number):
    participation = access.participant(request, code)
    agreement = _find(participation, number)
    form = DoneForm(request.POST, instance=getattr(agreement, "review", None) or Review(agreement=agreement))
    conflict = None
    if form.is_valid():
        try:
            after = actions.tell_done(by=participation, agreement=agreement, changes=form.changes(), seen=form.seen())
        except Conflict as other:
            if saving.by_itself(request):
                return saving.conflict({name: _their(name, value) for name, value in other.current.items()})
            conflict = [(form.fields[n].label, _done(n, v), form.data.get(n, "")) for n, v in other.current.items()]
            seen = {f"initial-{name}": value for name, value in other.current.items()}
            form = DoneForm(request.POST.dict() | seen, instance=Review(agreement=agreement))
        else:
            if saving.by_itself(request):
                start = {f"initial-{name}": getattr(after, name) for name in actions.DONE_FIELDS}
                return saving.saved(start, *form.changes().values())
            messages.success(request, "Bewaard.")
            warn_of_persons(request, *form.changes().values())
            return _back(agreement)
    elif saving.by_itself(request):
        return saving.invalid(form)
    return _page(request, participation, agreement, status=422, done_form=form, conflict=conflict)


def _done(name, value) -> str:
    return Review.Done(value).label if name == "done" and value else value


def _their(name, value) -> dict:
    return saving.their(_done(name, value), {name: value}, {f"initial-{name}": value})


@require_POST
def notice(request, code, number):
    participation = access.participant(request, code)
    agreement, seen_by = _find(participation, number), audience(participation)
    form = NoticedForm(request.POST, seen_by=seen_by)
    theirs = None
    if form.is_valid():
        try:
            said = actions.notice(by=participation, agreement=agreement, **form.cleaned_data)
        except Conflict as other:
            theirs = other.current["words"]
            if saving.by_itself(request):
                speaker = form.cleaned_data.get("on_behalf_of") or participation.organisation
                now = agreement.noticed.get(organisation=speaker)
                values = {"answer": now.answer, "words": now.words}
                return saving.conflict({"words": saving.their(now.told, values, {"seen": now.told})})
            form = NoticedForm(request.POST.dict() | {"seen": theirs}, seen_by=seen_by)
        else:
            if saving.by_itself(request):
                return saving.saved({"seen": said.told}, said.words)
            messages.success(request, f"Het antwoord van {said.organisation} is bewaard.")
            warn_of_persons(request, said.words)
            return _back(agreement)
    elif saving.by_itself(request):
        return saving.invalid(form)
    return _page(request, participation, agreement, status=422, noticed_form=form, noticed_theirs=theirs)


@require_POST
def take_over(request, code, number):
    participation = access.participant(request, code)
    agreement = _find(participation, number)
    said = get_object_or_404(agreement.noticed, organisation=participation.organisation)
    behalf.take_over(by=participation, said=said)
    messages.success(request, "Dit antwoord is nu van uw organisatie.")
    return _back(agreement)


@require_POST
def decide(request, code, number):
    participation = access.participant(request, code)
    agreement = _find(participation, number)
    review = getattr(agreement, "review", None) or Review(agreement=agreement)
    form = DecideForm(request.POST, review=review)
    theirs = None
    if form.is_valid():
        try:
            after = actions.decide(by=participation, agreement=agreement, **form.cleaned_data)
        except Conflict as other:
            theirs = other.current["reason"]
            form = DecideForm(request.POST.dict() | {"seen": theirs}, review=review)
        except ValidationError as error:
            form.add_error("reason", error.message_dict["reason"])
        else:
            warn_of_persons(request, after.reason)
            told = f"Bewaard: afspraak {number}, {after.get_decision_display().lower()}."
            return saving.done(request, _back(agreement), told)
    return _page(request, participation, agreement, status=422, decide_form=form, decide_theirs=theirs)


@require_POST
def reveal(request, code, number):
    participation = access.facilitator(request, code)
    agreement = _find(participation, number)
    actions.reveal(by=participation, agreement=agreement)
    return _back(agreement)
