"""The agreements as a worksheet: out for everybody at the table, in for who leads the session."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from matrix import access, stages
from matrix.actions import sheet as actions
from matrix.actions.recording import Conflict
from matrix.audience import audience
from matrix.sheet.columns import NUMBER
from matrix.sheet.comparing import Outcome, compare
from matrix.sheet.forms import SheetForm
from matrix.sheet.reading import read
from matrix.sheet.showing import shown
from matrix.sheet.writing import write
from matrix.stages import Right, Stage
from matrix.views.frame import frame, personal_warning, warn_of_persons
from matrix.workbooks import XLSX, Unreadable

MOST_PROBLEMS = 100  # on the page; who mends those reads it in again


@require_safe
def sheet_file(request, code):
    workshop = access.participant(request, code).workshop
    response = HttpResponse(write(workshop), content_type=XLSX)
    name = slugify(workshop.title)[:60] or "sessie"
    response["Content-Disposition"] = f'attachment; filename="afspraken-{name}-{workshop.revision}.xlsx"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "POST"])
def sheet(request, code):
    """Download it; and who leads reads it in. A worksheet with anything wrong in it is not kept."""
    participation = access.participant(request, code)
    if request.method == "GET":
        return _page(request, participation)
    stages.require(participation.workshop.stage, Right.SHEET, participation.role)
    form = SheetForm(request.POST, request.FILES, too_large=getattr(request, "upload_too_large", False))
    if not form.is_valid():
        return _page(request, participation, form=form, status=422)
    file = form.cleaned_data["file"]
    try:
        filled = read(file, file.name)
    except Unreadable as unreadable:
        form.add_error("file", str(unreadable))
        return _page(request, participation, form=form, status=422)
    found = compare(filled, participation.workshop)
    if found.problems:
        return _page(request, participation, form=form, outcome=found, file_name=file.name, status=422)
    actions.keep(by=participation, filled=filled, file_name=file.name)
    return redirect("sheet_changes", code)


def _page(request, participation, *, form=None, outcome: Outcome | None = None, status=200, **more):
    problems = outcome.problems if outcome else []
    context = frame(participation, Stage.AGREE) | {
        "form": form or SheetForm(),
        "problems": problems[:MOST_PROBLEMS],
        "more_problems": len(problems[MOST_PROBLEMS:]),
        "waiting": actions.kept_by(participation),
        "later": "" if audience(participation).may(Right.SHEET) else "Inlezen kan alleen de begeleider.",
    }
    return render(request, "matrix/sheet.html", context | more, status=status)


@require_http_methods(["GET", "POST"])
def sheet_changes(request, code):
    """What the worksheet would change; and the button that does it."""
    participation = access.facilitator(request, code)
    if "weg" in request.POST:
        actions.forget(by=participation)
        messages.success(request, "Er is niets veranderd. Het werkblad is weggelegd.")
        return redirect("sheet", code)
    if request.method == "POST":
        return _carry_out(request, participation)
    return _changes(request, participation)


def _carry_out(request, participation):
    choices = {name: value for name, value in request.POST.items() if name.startswith("keuze-")}
    try:
        done = actions.carry_out(by=participation, digest=request.POST.get("digest", ""), choices=choices)
    except actions.Outdated:
        return _changes(request, participation, choices, outdated=True)
    except actions.Undecided:
        return _changes(request, participation, choices, undecided=True)
    except (ValidationError, Conflict) as error:
        return _changes(request, participation, choices, refused=" ".join(getattr(error, "messages", [str(error)])))
    messages.success(request, _told(done))
    warn_of_persons(request, *done.texts)
    return redirect("agreements", participation.workshop.code)


def _told(done: actions.CarriedOut) -> str:
    parts = []
    if done.changes:
        of = "1 maatregel" if done.measures == 1 else f"{done.measures} maatregelen"
        parts.append(f"{done.changes} {'wijziging' if done.changes == 1 else 'wijzigingen'} bij {of}")
    if done.new:
        parts.append(f"{done.new} {'nieuwe maatregel' if done.new == 1 else 'nieuwe maatregelen'}")
    return f"Doorgevoerd: {' en '.join(parts)}." if parts else "Er is niets veranderd."


def _changes(request, participation, choices=None, **why):
    kept = actions.kept_by(participation)
    if kept is None:
        messages.info(request, "Er ligt geen werkblad klaar. Lees er een in.")
        return redirect("sheet", participation.workshop.code)
    outcome = actions.outcome_of(kept, participation.workshop)
    texts = [change.value for changed in [*outcome.edited, *outcome.new] for change in changed.changes]
    context = frame(participation, Stage.AGREE) | {
        "kept": kept,
        "outcome": outcome,
        "problems": outcome.problems[:MOST_PROBLEMS],
        "measures": [shown(changed, choices or {}) for changed in outcome.edited],
        "new": [shown(changed, {}) for changed in outcome.new],
        "personal": personal_warning(*texts),
        "number": NUMBER,
    }
    return render(request, "matrix/sheet_changes.html", context | why, status=422 if why else 200)
