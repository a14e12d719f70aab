"""Afspreken: the list of agreements, one agreement as a sentence, and each party's position."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST, require_safe

from matrix import access
from matrix.actions import agreement as actions
from matrix.actions.recording import Conflict
from matrix.board import hints, promises, standings
from matrix.forms import AgreementForm, ContributionForm, PositionForm
from matrix.models import Agreement, Framework
from matrix.stages import Stage
from matrix.views.frame import frame, warn_of_persons


def _list(participation):
    workshop = participation.workshop
    organisations = list(workshop.organisations.all())
    agreements = list(workshop.agreements.standing().with_everything())
    order = {value: i for i, value in enumerate(Framework.values)}
    agreements.sort(key=lambda a: (order[a.framework], a.number))
    rows = [
        {"agreement": a, "standings": standings(a, organisations), "hints": hints(a) if a.is_promised else []}
        for a in agreements
    ]
    return frame(participation, Stage.AGREE) | {
        "promised": [row for row in rows if row["agreement"].is_promised],
        "busy": [row for row in rows if not row["agreement"].is_promised],
        "promises": promises(agreements, organisations),
        "organisations": organisations,
        "dropped": workshop.agreements.dropped(),
    }


@require_safe
def agreements(request, code):
    return render(request, "matrix/agreements.html", _list(access.participant(request, code)))


@require_GET
def agreement_rows(request, code):
    return render(request, "matrix/agreements.html#rows", _list(access.participant(request, code)))


def _find(participation, number) -> Agreement:
    found = get_object_or_404(participation.workshop.agreements.with_everything(), number=number)
    found.workshop = participation.workshop
    return found


def _page(request, participation, agreement, *, status=200, **more):
    own = next((p for p in agreement.positions.all() if p.organisation_id == participation.organisation_id), None)
    context = _standing(participation, agreement) | {
        "form": AgreementForm(instance=agreement),
        "contribution_form": ContributionForm(agreement=agreement),
        "position_form": PositionForm(instance=own),
        "own": own,
        "seen_areas": _seen_areas(request, agreement, more),
        "statuses": Agreement.Status.choices,
    }
    return render(request, "matrix/agreement.html", context | more, status=status)


def _seen_areas(request, agreement, more):
    form = more.get("form")
    if form is not None and form.is_bound:
        return form.data.getlist("seen-areas")
    return [area.pk for area in agreement.areas.all()]


def _standing(participation, agreement):
    return frame(participation, Stage.AGREE) | {
        "agreement": agreement,
        "hints": hints(agreement),
        "standings": standings(agreement, participation.workshop.organisations.all()),
    }


@require_safe
def agreement(request, code, number):
    participation = access.participant(request, code)
    return _page(request, participation, _find(participation, number))


@require_GET
def agreement_standing(request, code, number):
    """The region with what is stored now: sentence, hints and positions."""
    participation = access.participant(request, code)
    return render(request, "matrix/agreement.html#standing", _standing(participation, _find(participation, number)))


@require_POST
def edit(request, code, number):
    participation = access.participant(request, code)
    found = _find(participation, number)
    form = AgreementForm(request.POST, instance=found)
    contribution_form = ContributionForm(request.POST, agreement=found)
    conflict = None
    if form.is_valid() and contribution_form.is_valid():
        try:
            actions.edit(
                by=participation, agreement=found, changes=form.changes(), seen=form.seen(),
                contributions=contribution_form.contributions(), seen_contributions=contribution_form.seen(),
            )  # fmt: skip
        except Conflict as other:
            found = _find(participation, number)
            seen_now = _seen_now(request.POST, other.current)
            form = AgreementForm(seen_now, instance=found)
            contribution_form = ContributionForm(seen_now, agreement=found)
            fields = form.fields | contribution_form.fields
            conflict = [
                (fields[name].label, _theirs(found, name, value), _mine(request.POST, name, fields[name]))
                for name, value in other.current.items()
            ]
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, "Bewaard.")
            texts = [*form.changes().values(), *contribution_form.contributions().values()]
            warn_of_persons(request, *(text for text in texts if isinstance(text, str)))
            return redirect(found)
    return _page(
        request,
        participation,
        found,
        status=422,
        form=form,
        contribution_form=contribution_form,
        conflict=conflict,
    )


def _seen_now(data, current: dict):
    """The same form, whose writer has now seen what the other wrote: saving again overwrites with open eyes."""
    data = data.copy()
    for name, value in current.items():
        if name == "areas":
            data.setlist("seen-areas", map(str, value))
        else:
            data[f"initial-{name}"] = "" if value is None else str(value)
            if name.startswith("brings_"):
                data[f"initial-takes_part_{name.removeprefix('brings_')}"] = str(value is not None)
    return data


def _theirs(agreement, name, value):
    """What is stored, in words."""
    if name == "areas":
        return ", ".join(map(str, agreement.areas.all()))
    if name.startswith("brings_"):
        return "doet niet mee" if value is None else value
    display = getattr(agreement, f"get_{name}_display", None)
    return display() if display else getattr(agreement, name)


def _mine(data, name, field):
    """What this writer chose or typed, in words."""
    chosen = data.getlist(name)
    labels = {str(value): label for value, label in getattr(field, "choices", ())}
    return ", ".join(str(labels.get(value, value)) for value in chosen)


@require_POST
def set_status(request, code, number):
    participation = access.participant(request, code)
    found = _find(participation, number)
    if request.POST.get("status") in Agreement.Status.values:
        actions.set_status(by=participation, agreement=found, status=request.POST["status"])
    return redirect("board", code) if request.POST.get("terug") == "matrix" else redirect(found)


@require_POST
def position(request, code, number):
    participation = access.participant(request, code)
    found = _find(participation, number)
    form = PositionForm(request.POST)
    theirs = None
    if form.is_valid():
        try:
            actions.take_position(by=participation, agreement=found, **form.cleaned_data)
        except Conflict as other:
            theirs = other.current["reason"]
            form = PositionForm(request.POST.dict() | {"seen": theirs})
        except ValidationError as error:
            form.add_error("reason", error.messages)
        else:
            messages.success(request, f"Het standpunt van {participation.organisation} is bewaard.")
            warn_of_persons(request, form.cleaned_data["reason"])
            return redirect(found)
    return _page(request, participation, found, status=422, position_form=form, position_theirs=theirs)
