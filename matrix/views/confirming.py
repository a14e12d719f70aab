"""A one-page request, for print and as PDF, to a party that was not there and on which an agreement counts."""

from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from matrix import access
from matrix.confirming import to_confirm
from matrix.models import Position
from matrix.stages import Stage
from matrix.views.frame import frame

USUAL_TERM = timedelta(days=14)  # to answer, when the facilitator names no other day


def _requests(workshop, organisation) -> list[dict]:
    """One page an agreement, with what it asks of this organisation."""
    found = []
    for agreement in workshop.agreements.standing().with_everything():
        for one in to_confirm(agreement, [organisation]):
            partners = [c for c in agreement.contributions.all() if c.organisation_id != agreement.lead_id]
            found.append({"agreement": agreement, "one": one, "partners": partners})
    return found


def _context(request, participation, pk) -> dict:
    workshop = participation.workshop
    organisation = get_object_or_404(workshop.organisations.with_presence(), pk=pk)
    return {
        "workshop": workshop,
        "organisation": organisation,
        "requests": _requests(workshop, organisation),
        "stances": Position.Stance.choices,
        "needs_reason": Position.NEEDS_REASON,
        "until": _day(request.GET.get("uiterlijk", "")) or timezone.localdate() + USUAL_TERM,
    }


def _day(text) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@require_safe
def request_page(request, code, pk):
    participation = access.facilitator(request, code)
    context = frame(participation, Stage.AGREE) | _context(request, participation, pk)
    return render(request, "matrix/confirm_request.html", context)


@require_safe
def request_pdf(request, code, pk):
    from matrix.plan.layout import to_pdf

    context = _context(request, access.facilitator(request, code), pk)
    if not context["requests"]:
        return redirect("confirm_request", code, pk)
    body = to_pdf(render_to_string("matrix/plan/request_paper.html", context))
    response = HttpResponse(body, content_type="application/pdf")
    name = slugify(context["organisation"].name) or "organisatie"
    response["Content-Disposition"] = f'inline; filename="verzoek-{name}.pdf"'
    return response
