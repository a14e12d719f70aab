"""Agenda and papers: for everyone at the table to read, for the facilitator to add."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from matrix import access, filetypes
from matrix.actions import document as actions
from matrix.actions.recording import Refused
from matrix.agenda import agenda as agenda_of
from matrix.invitation import when
from matrix.prepare_forms import DocumentForm
from matrix.standings import disputed
from matrix.views.following import in_time
from matrix.views.frame import frame
from matrix.views.preparing import page


def _documents(workshop) -> list:
    """(document without its bytes, its size in words)."""
    return [(document, filetypes.in_words(document.size)) for document in workshop.documents.defer("content")]


@require_safe
def agenda(request, code):
    participation = access.participant(request, code)
    workshop = participation.workshop
    context = frame(participation, None) | in_time(request, workshop) | {
        "agenda": agenda_of(workshop), "when": when(workshop), "documents": _documents(workshop),
        "buurten": workshop.workshop_areas.select_related("area").defer("area__geometry"),
        "disputed": disputed(workshop.agreements.standing().with_everything(), workshop.organisations.all()),
    }  # fmt: skip
    return render(request, "matrix/agenda.html", context)


@require_safe
def document(request, code, pk):
    """Always as a file to keep, never as a page: it comes from outside."""
    participation = access.participant(request, code)
    found = get_object_or_404(participation.workshop.documents, pk=pk)
    response = HttpResponse(bytes(found.content), content_type=found.content_type)
    response["Content-Disposition"] = content_disposition_header(True, found.file_name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _manage(request, participation, *, status=200, form=None):
    workshop = participation.workshop
    documents = _documents(workshop)
    return page(
        request, participation, "prepare_documents", status=status, form=form or DocumentForm(), documents=documents,
        used=filetypes.in_words(sum(document.size for document, _ in documents)) if documents else "",
        most=filetypes.MOST_TOGETHER // filetypes.MB,
    )  # fmt: skip


@require_safe
def prepare_documents(request, code):
    return _manage(request, access.facilitator(request, code))


@require_POST
def add_document(request, code):
    participation = access.facilitator(request, code)
    form = DocumentForm(request.POST, request.FILES, too_large=getattr(request, "upload_too_large", False))
    if form.is_valid():
        try:
            added = actions.add_document(by=participation, title=form.chosen_title(), **form.document)
        except Refused as refused:
            form.add_error("file", str(refused))
        else:
            messages.success(request, f"‘{added}’ staat klaar voor iedereen aan tafel.")
            return redirect("prepare_documents", code)
    return _manage(request, participation, status=422, form=form)


@require_POST
def remove_document(request, code, pk):
    participation = access.facilitator(request, code)
    found = get_object_or_404(participation.workshop.documents.defer("content"), pk=pk)
    actions.remove_document(by=participation, document=found)
    messages.success(request, f"‘{found.title}’ is weg.")
    return redirect("prepare_documents", code)
