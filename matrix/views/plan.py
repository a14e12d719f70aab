"""Vaststellen: read the plan back together, and print it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from matrix import access
from matrix.stages import Stage
from matrix.views.frame import frame


@require_safe
def plan(request, code):
    from matrix.plan.document import build_document

    participation = access.participant(request, code)
    document = build_document(participation.workshop)
    return render(request, "matrix/plan.html", frame(participation, Stage.SETTLE) | {"plan": document})


@require_safe
def plan_pdf(request, code):
    from matrix.plan.document import build_document
    from matrix.plan.pdf import render as render_pdf

    participation = access.participant(request, code)
    body = render_pdf(build_document(participation.workshop))
    response = HttpResponse(body, content_type="application/pdf")
    name = slugify(participation.workshop.title) or "plan"
    response["Content-Disposition"] = f'inline; filename="gezamenlijk-plan-{name}.pdf"'
    return response
