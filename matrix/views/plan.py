"""Vaststellen: read the plan back together, and print it."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from matrix import access
from matrix.audience import audience
from matrix.files.sharing import HIDDEN
from matrix.plan import jobs, warm
from matrix.plan.printing import INTERNAL, printing
from matrix.stages import Stage
from matrix.views.frame import frame
from matrix.views.making import pdf, waiting
from matrix.views.versions import state_context


@require_safe
def plan(request, code):
    from matrix.plan.document import build_document

    participation = access.participant(request, code)
    if participation.organisation_id is None:  # all others read it here; paper they ask for on «Plan afdrukken»
        warm.up()
    document = build_document(participation.workshop)
    context = frame(participation, Stage.SETTLE) | state_context(audience(participation)) | {"plan": document}
    return render(request, "matrix/plan.html", context)


@require_safe
def plan_pdf(request, code):
    """The plan as it is now: at once when it is there, else a page that shows how far it is."""
    return _print(access.participant(request, code), INTERNAL)


@require_safe
def edition_pdf(request, code):
    """Another edition of it, chosen on the page «Plan afdrukken»."""
    participation = access.participant(request, code)
    name = request.GET.get("uitgave", "")
    if request.GET.get("deelbaar") and not name.endswith("-deelbaar"):
        name += "-deelbaar"
    asked = printing(name)
    if asked is None:
        raise Http404
    return _print(participation, asked)


def _print(participation, asked):
    workshop = participation.workshop
    key = jobs.key_of(workshop, asked)
    if jobs.ready(key) is None:
        jobs.start(workshop, key)
    if jobs.look(key).ready:
        return _answer(workshop, key)
    return redirect("plan_progress", workshop.code, key)


@require_safe
def print_plan(request, code):
    """Which paper: the whole plan, for the table or to share; for one organisation, one buurt, or residents."""
    participation = access.participant(request, code)
    workshop = participation.workshop
    warm.up()
    context = frame(participation, Stage.SETTLE) | state_context(audience(participation))
    context |= {
        "organisations": workshop.organisations.all(),
        "own": participation.organisation_id,
        "buurten": workshop.workshop_areas.select_related("area").defer("area__geometry"),
        "versions": workshop.versions.defer("content").order_by("-number"),
        "hidden": HIDDEN,
    }
    return render(request, "matrix/print_plan.html", context)


@require_safe
def plan_progress(request, code, key):
    participation = access.participant(request, code)
    if not jobs.is_of(participation.workshop, key):
        raise Http404
    return waiting(
        request, frame(participation, Stage.SETTLE), key,
        title="Het plan als PDF", article="Het", thing="plan", part="Hoofdstuk",
        here=reverse("plan_progress", args=[code, key]), ready=reverse("plan_file", args=[code, key]),
        again=_again(code, key), back=reverse("print_plan", args=[code]), back_to="Plan afdrukken",
    )  # fmt: skip


def _again(code, key):
    return f"{reverse('edition_pdf', args=[code])}?uitgave={jobs.asked_for(key).name}"


@require_safe
def plan_file(request, code, key):
    participation = access.participant(request, code)
    if not jobs.is_of(participation.workshop, key):
        raise Http404
    return _answer(participation.workshop, key)


def _answer(workshop, key):
    body = jobs.ready(key)
    if body is None:  # tidied away, or never made
        return redirect(_again(workshop.code, key))
    asked = jobs.asked_for(key)
    name = slugify(workshop.title)[:80] or "plan"
    edition = "" if asked == INTERNAL else f"-{asked.name}"
    return pdf(body, f"gezamenlijk-plan-{name}{edition}")
