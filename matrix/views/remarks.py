"""Write first, reveal later: the remarks on a page, and the page on which they are grouped, ranked and answered."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from matrix import access
from matrix.actions import behalf
from matrix.actions import remark as actions
from matrix.actions.recording import Conflict, Refused, Repeated
from matrix.audience import Audience, audience
from matrix.forms import AnswerForm, RemarkForm, RewriteForm, ThemeForm
from matrix.models import Remark
from matrix.stages import INFO, WRITE_FIRST, Right, Stage
from matrix.views import saving
from matrix.views.frame import frame, warn_of_persons
from matrix.voices import is_revealed, may_read


def _all(workshop, stage):
    remarks = workshop.remarks.filter(stage=stage).select_related("organisation", "area", "theme", "agreement")
    return list(remarks.defer("area__geometry"))


def list_context(seen_by: Audience, stage) -> dict:
    """What this audience may read of the remarks of a step; of the rest only how many each organisation wrote."""
    workshop = seen_by.workshop
    if stage not in WRITE_FIRST:
        raise Http404
    every = _all(workshop, stage)
    mine = {"workshop": workshop, "role": seen_by.role, "organisation_id": seen_by.organisation_id}
    readable = [remark for remark in every if may_read(remark, **mine)]
    unseen = {}
    for remark in every:
        if remark not in readable:
            unseen[remark.speaker] = unseen.get(remark.speaker, 0) + 1
    silent = [o for o in workshop.organisations.all() if o.pk not in {remark.organisation_id for remark in every}]
    return {
        "remark_stage": Stage(stage),
        "remarks": readable,
        "unseen": sorted(unseen.items()),
        "silent": silent,
        "revealed": is_revealed(workshop, stage),
        "ours": seen_by.organisation_id,
        "may_reveal": seen_by.may(Right.REVEAL),
    }


def remarks_context(seen_by: Audience, stage: Stage, *, form=None) -> dict:
    """The list and the form above it, for a page of this step."""
    writes_here = seen_by.workshop.stage == stage and seen_by.may(Right.REMARK)
    return list_context(seen_by, stage) | {
        "remark_form": (form or RemarkForm(seen_by=seen_by)) if writes_here else None,
        "remark_question": INFO[stage].question,
    }


@require_POST
def write(request, code):
    """From Kijken or Duiden, back to the page it came from."""
    participation = access.participant(request, code)
    form = RemarkForm(request.POST, seen_by=audience(participation))
    back = redirect(_page_of(participation) + "#opmerkingen-blok")
    if not form.is_valid():
        return _refused(request, participation, form)
    data = form.cleaned_data
    try:
        actions.write(
            by=participation, text=data["text"], area=data["area"], on_behalf_of=data.get("on_behalf_of"),
            key=data["key"],
        )  # fmt: skip
    except Repeated:
        return saving.done(request, back)
    except Refused as refused:
        form.add_error(None, str(refused))
        return _refused(request, participation, form)
    hidden = not is_revealed(participation.workshop, participation.workshop.stage)
    warn_of_persons(request, data["text"])
    told = "Bewaard. De anderen lezen het na het onthullen." if hidden else "Bewaard."
    return saving.done(request, back, told)


def _page_of(participation) -> str:
    return reverse(INFO[participation.workshop.stage].page, args=[participation.workshop.code])


def _refused(request, participation, form):
    """The form by itself, with its words and what to do about it."""
    context = frame(participation, participation.workshop.stage) | {
        "remark_form": form, "remark_question": INFO[participation.workshop.stage].question,
        "back": _page_of(participation),
    }  # fmt: skip
    return render(request, "matrix/remark_refused.html", context, status=422)


@require_POST
def reveal(request, code):
    participation = access.facilitator(request, code)
    stage = request.POST.get("stage")
    if stage in Stage.values:
        actions.reveal(by=participation, stage=Stage(stage))
        messages.success(request, "Onthuld. Iedereen leest nu alle opmerkingen.")
    return redirect(reverse("remarks", args=[code]) if "ordenen" in request.POST else _page_of(participation))


def board_context(seen_by: Audience) -> dict:
    """All revealed remarks by step and theme, each with those that were merged into it."""
    workshop = seen_by.workshop
    steps = []
    for stage in WRITE_FIRST:
        every = _all(workshop, stage)
        revealed = is_revealed(workshop, stage)
        merged = {}
        for remark in every:
            if remark.merged_into_id:
                merged.setdefault(remark.merged_into_id, []).append(remark)
        heads = [remark for remark in every if not remark.merged_into_id]
        columns = [
            {
                "theme": theme,
                "remarks": [(r, merged.get(r.pk, ())) for r in heads if r.theme_id == (theme and theme.pk)],
            }
            for theme in (None, *workshop.themes.filter(stage=stage))
        ]
        open_ones = sum(1 for remark in heads if not remark.answer)
        steps.append(
            {"stage": stage, "revealed": revealed, "columns": columns if revealed else (), "count": len(every),
             "unanswered": open_ones}
        )  # fmt: skip
    return {"steps": steps, "may_order": seen_by.may(Right.REVEAL), "may_answer": seen_by.may(Right.ANSWER)}


@require_safe
def remarks(request, code):
    participation = access.participant(request, code)
    context = frame(participation, None) | board_context(audience(participation)) | {"shows": "remarks"}
    return render(request, "matrix/remarks.html", context)


@require_POST
def add_theme(request, code):
    participation = access.facilitator(request, code)
    form = ThemeForm(request.POST)
    if form.is_valid():
        actions.add_theme(by=participation, **form.cleaned_data)
        return redirect("remarks", code)
    messages.error(request, "Geef het thema een naam van hooguit 80 tekens.")
    return redirect("remarks", code)


@require_POST
def remove_theme(request, code, pk):
    participation = access.facilitator(request, code)
    actions.remove_theme(by=participation, theme=get_object_or_404(participation.workshop.themes, pk=pk))
    return redirect("remarks", code)


def _find(participation, pk) -> Remark:
    """A remark that this person may read; another is not there."""
    found = get_object_or_404(participation.workshop.remarks.select_related("organisation", "area", "theme"), pk=pk)
    seen_by = audience(participation)
    if not may_read(found, workshop=seen_by.workshop, role=seen_by.role, organisation_id=seen_by.organisation_id):
        raise Http404
    return found


@require_POST
def place(request, code, pk):
    """Where it stands: `theme` (empty is none) and `before` (a remark; empty is at the end), or merged: `into`."""
    participation = access.facilitator(request, code)
    remark = _find(participation, pk)
    workshop = participation.workshop
    given = {name: request.POST.get(name, "") for name in ("theme", "before", "into")}
    if given["into"].isdecimal():
        actions.merge(by=participation, remark=remark, into=get_object_or_404(workshop.remarks, pk=given["into"]))
    else:
        theme = get_object_or_404(workshop.themes, pk=given["theme"]) if given["theme"].isdecimal() else None
        before = workshop.remarks.filter(pk=given["before"]).first() if given["before"].isdecimal() else None
        actions.place(by=participation, remark=remark, theme=theme, before=before)
    return redirect(reverse("remarks", args=[code]) + f"#opmerking-{remark.pk}")


@require_http_methods(["GET", "POST"])
def remark(request, code, pk):
    """One remark: its answer, its place, and for who said it its words."""
    participation = access.participant(request, code)
    found = _find(participation, pk)
    form = AnswerForm(request.POST if "verdict" in request.POST or "antwoord" in request.POST else None, remark=found)
    if request.method == "POST" and form.is_bound and form.is_valid():
        try:
            actions.answer(by=participation, remark=found, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            back = redirect(reverse("remarks", args=[code]) + f"#opmerking-{found.pk}")
            return saving.done(request, back, "Bewaard.")
    return _remark_page(request, participation, found, form=form)


def _remark_page(request, participation, found, *, form=None, text_form=None, theirs=None):
    workshop, seen_by = participation.workshop, audience(participation)
    ours = found.organisation_id == participation.organisation_id
    entered = participation.organisation_id is None and found.on_behalf
    others = workshop.remarks.filter(stage=found.stage, merged_into=None).exclude(pk=found.pk)
    context = frame(participation, None) | {
        "shows": "remarks",
        "remark": found,
        "form": form or AnswerForm(None, remark=found),
        "text_form": text_form or RewriteForm(initial={"text": found.text, "seen": found.text}),
        "may_keep": ours or seen_by.may(Right.REVEAL),
        "may_rewrite": (ours or entered) and not found.answer,
        "may_take_over": found.on_behalf and ours and seen_by.may(Right.CONFIRM),
        "may_order": seen_by.may(Right.REVEAL) and is_revealed(workshop, found.stage),
        "may_answer": seen_by.may(Right.ANSWER) and is_revealed(workshop, found.stage),
        "themes": workshop.themes.filter(stage=found.stage),
        "others": others.select_related("organisation"),
    }
    refused = theirs is not None or any(f is not None and f.is_bound and f.errors for f in (form, text_form))
    return render(request, "matrix/remark.html", context | {"theirs": theirs}, status=422 if refused else 200)


@require_POST
def rewrite(request, code, pk):
    participation = access.participant(request, code)
    found = _find(participation, pk)
    form = RewriteForm(request.POST)
    theirs = None
    if form.is_valid():
        data = form.cleaned_data
        try:
            # A form of before that carried no start says nothing of what its writer saw.
            after = actions.rewrite(
                by=participation, remark=found, text=data["text"], seen=data["seen"] if "seen" in form.data else None
            )
        except Conflict as other:
            theirs = other.current["text"]
            if saving.by_itself(request):
                return saving.conflict({"text": saving.their(theirs, {"text": theirs}, {"seen": theirs})})
            form = RewriteForm(request.POST.dict() | {"seen": theirs})
        except Refused as refused:
            if saving.by_itself(request):
                raise
            form.add_error(None, str(refused))
        else:
            if saving.by_itself(request):
                return saving.saved({"seen": after.text}, data["text"])
            messages.success(request, "Bewaard.")
            warn_of_persons(request, form.cleaned_data["text"])
            return redirect("remark", code, pk)
    elif saving.by_itself(request):
        return saving.invalid(form)
    return _remark_page(request, participation, found, text_form=form, theirs=theirs)


@require_POST
def keep_internal(request, code, pk):
    """Only for the table (`alleen`), or for whoever gets a plan to share."""
    participation = access.participant(request, code)
    actions.keep_internal(by=participation, remark=_find(participation, pk), internal="alleen" in request.POST)
    return redirect("remark", code, pk)


@require_POST
def withdraw(request, code, pk):
    participation = access.participant(request, code)
    actions.withdraw(by=participation, remark=_find(participation, pk))
    messages.success(request, "De opmerking is ingetrokken.")
    return redirect(_page_of(participation))


@require_POST
def take_over(request, code, pk):
    participation = access.participant(request, code)
    behalf.take_over(by=participation, said=_find(participation, pk))
    messages.success(request, "Dit is nu van uw organisatie.")
    return redirect("remark", code, pk)
