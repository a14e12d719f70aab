"""Afspreken: the list of agreements. What is shown stands in the address."""

from django.http import QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from matrix import access
from matrix.agreement_list import TICKS, Choice, row_of
from matrix.audience import Audience, audience
from matrix.models import Agreement, Framework
from matrix.reciprocity import promises
from matrix.stages import Stage
from matrix.views.agreement import find, parties
from matrix.views.frame import frame


def row_context(seen_by: Audience, number) -> dict:
    return {"row": row_of(find(seen_by, number), parties(seen_by.workshop), timezone.localdate())}


def promises_context(seen_by: Audience) -> dict:
    workshop = seen_by.workshop
    promised = workshop.agreements.promised().prefetch_related("contributions")
    return {"promises": promises(promised, workshop.organisations.all())}


def in_order(agreements) -> list:
    """By framework, and within it by number."""
    order = {value: i for i, value in enumerate(Framework.values)}
    return sorted(agreements, key=lambda agreement: (order[agreement.framework], agreement.number))


def list_context(seen_by: Audience, chosen: str = "") -> dict:
    """`chosen`: the key of a `Choice`."""
    workshop, choice = seen_by.workshop, Choice.of(QueryDict(chosen))
    organisations, today = parties(workshop), timezone.localdate()
    agreements = list(workshop.agreements.standing().with_everything())
    every = [row_of(agreement, organisations, today) for agreement in in_order(agreements)]
    rows = [row for row in every if choice.shows(row)]
    return {
        "promised": [row for row in rows if row.agreement.is_promised],
        "busy": [row for row in rows if not row.agreement.is_promised],
        "choice": choice,
        "left_out": len(every) - len(rows),
        "objections_left_out": sum(bool(row.objections) for row in every if not choice.shows(row)),
        "promises": promises(agreements, organisations),
        "dropped": workshop.agreements.dropped(),
    }


@require_safe
def agreements(request, code):
    participation = access.participant(request, code)
    workshop = participation.workshop
    key = Choice.of(request.GET).key
    context = frame(participation, Stage.AGREE) | list_context(audience(participation), key)
    context |= {
        "organisations": workshop.organisations.all(),
        "statuses": [(s.value, s.label) for s in Agreement.Status if s != Agreement.Status.DROPPED],
        "frameworks": Framework.choices,
        "ticks": [(name, label, name in context["choice"].ticks) for name, (label, _) in TICKS.items()],
    }
    return render(request, "matrix/agreements.html", context)
