"""Vaststellen: fix the plan, read a version back from what it holds itself, and lay two of them side by side."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from matrix import access
from matrix.actions import freezing as actions
from matrix.actions.recording import Refused
from matrix.amend_forms import NoteForm
from matrix.audience import Audience, audience
from matrix.models import Amendment
from matrix.plan import warm
from matrix.plan.canonical import content_of, fingerprint, shown
from matrix.plan.comparing import compare
from matrix.plan.loose_ends import loose_ends
from matrix.plan.told import told
from matrix.stages import Right, Stage
from matrix.views.frame import frame

NOW = "nu"


def state_context(seen_by: Audience) -> dict:
    """Which version stands, and whether the plan still reads like it."""
    last = seen_by.workshop.versions.defer("content").last()
    return {
        "version": last,
        "short": shown(last.fingerprint) if last else "",
        "as_fixed": last is not None and fingerprint(content_of(seen_by.workshop)) == last.fingerprint,
        "fixing_is_next": seen_by.workshop.stage in (Stage.SETTLE, Stage.LOOK_BACK),
    }


# ---- fixing ----


@require_http_methods(["GET", "POST"])
def freeze(request, code):
    """What will be fixed and what is still open, before the one button."""
    participation = access.facilitator(request, code)
    if request.method == "GET":
        warm.up()
        return _freeze_page(request, participation)
    form = NoteForm(request.POST)
    if form.is_valid():
        try:
            version = actions.freeze(by=participation, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"Versie {version.number} is vastgesteld.")
            return redirect("version", code, version.number)
    return _freeze_page(request, participation, form=form, status=422)


def _freeze_page(request, participation, *, form=None, status=200):
    workshop = participation.workshop
    content, last = content_of(workshop), workshop.versions.last()
    found = fingerprint(content)
    if form is not None:  # what was typed, with what is looked at now
        form.data = form.data.dict() | {"seen": found}
    amendments = Amendment.objects.filter(agreement__workshop=workshop, state=Amendment.State.OPEN)
    sections = {section.key: section for section in told(content)}
    context = frame(participation, Stage.SETTLE) | {
        "form": form or NoteForm(initial={"seen": found}),
        "last": last,
        "number": last.number + 1 if last else 1,
        "same": last is not None and last.fingerprint == found,
        "changes": compare(last.content, content) if last else [],
        "before_name": f"versie {last.number}" if last else "",
        "agreements": sections["agreements"].entries,
        "buurten": len(content["buurten"]),
        "parties": len(content["parties"]),
        "proposals": len(sections["proposals"].entries),
        "loose_ends": loose_ends(content, [one.agreement for one in amendments.select_related("agreement")]),
        "short": shown(found),
    }
    return render(request, "matrix/freeze.html", context, status=status)


# ---- reading back ----


@require_safe
def versions(request, code):
    participation = access.participant(request, code)
    every = list(participation.workshop.versions.defer("content").order_by("-number"))
    context = frame(participation, Stage.SETTLE) | {
        "versions": [(version, shown(version.fingerprint)) for version in every],
        "may_freeze": audience(participation).may(Right.FREEZE),
    }
    return render(request, "matrix/versions.html", context)


@require_safe
def version(request, code, number):
    """From its own content alone: whatever became of the session since."""
    participation = access.participant(request, code)
    warm.up()
    found = get_object_or_404(participation.workshop.versions, number=number)
    typed = request.GET.get("vingerafdruk", "").strip()
    context = frame(participation, Stage.SETTLE) | {
        "version": found,
        "sections": told(found.content),
        "whole": shown(found.fingerprint, groups=16),
        "sound": fingerprint(found.content) == found.fingerprint,
        "typed": typed,
        "equal": bool(typed) and is_of(typed, found.fingerprint),
        "as_now": fingerprint(content_of(participation.workshop)) == found.fingerprint,
        "is_last": not participation.workshop.versions.filter(number__gt=found.number).exists(),
    }
    return render(request, "matrix/version.html", context)


def is_of(typed: str, whole: str) -> bool:
    """As people copy it: with or without dashes and spaces, and as far as the cover shows it."""
    signs = "".join(sign for sign in typed.lower() if sign.isalnum())
    return len(signs) >= 12 and whole.startswith(signs)


@require_safe
def compare_versions(request, code):
    """Two versions, or one and the plan of now, side by side."""
    participation = access.participant(request, code)
    workshop = participation.workshop
    every = list(workshop.versions.all())
    if not every:
        raise Http404
    numbers = [str(one.number) for one in every]
    before_first, after_first = numbers[-1], NOW
    if len(every) > 1 and not request.GET and fingerprint(content_of(workshop)) == every[-1].fingerprint:
        before_first, after_first = numbers[-2], numbers[-1]  # the plan of now says nothing new
    before = _chosen(request, "van", numbers, before_first)
    after = _chosen(request, "naar", [*numbers, NOW], after_first)
    content = {str(one.number): one.content for one in every}
    latest = content_of(workshop) if after == NOW else content[after]
    context = frame(participation, Stage.SETTLE) | {
        "numbers": numbers,
        "before": before,
        "after": after,
        "before_name": _name(before),
        "after_name": _name(after),
        "changes": compare(content[before], latest),
    }
    return render(request, "matrix/compare_versions.html", context)


def _chosen(request, name, known, otherwise) -> str:
    asked = request.GET.get(name, otherwise)
    if asked not in known:
        raise Http404
    return asked


def _name(which: str) -> str:
    return "het plan van nu" if which == NOW else f"versie {which}"
