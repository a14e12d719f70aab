"""Waiting for a PDF that is made in the background, and getting it: for the plan and for paper for the room."""

from django.http import HttpResponse
from django.shortcuts import render

from matrix.plan import jobs


def waiting(request, around: dict, key: str, **words):
    """How far it is. `words`: what it is called, and where its links go (templates/matrix/pdf_making.html)."""
    context = around | {"progress": jobs.look(key), **words}
    return render(request, f"matrix/pdf_making.html{'#progress' if request.htmx else ''}", context)


def pdf(body: bytes, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
