"""The papers of a session: added and taken away by the facilitator, read by everyone at the table."""

from django.db.models import Sum

from matrix.actions.recording import Refused, record, writing
from matrix.filetypes import MB, MOST_TOGETHER
from matrix.models import Document, Participation
from matrix.stages import Right


def add_document(*, by: Participation, title: str, file_name: str, content_type: str, content: bytes) -> Document:
    with writing(by, Right.ARRANGE) as workshop:
        there = workshop.documents.aggregate(total=Sum("size"))["total"] or 0
        if there + len(content) > MOST_TOGETHER:
            raise Refused(
                f"Alle stukken samen mogen hooguit {MOST_TOGETHER // MB} MB zijn. Haal eerst een stuk weg, of kies een "
                "kleiner bestand."
            )
        document = Document.objects.create(
            workshop=workshop, title=title, file_name=file_name, content_type=content_type, content=content,
            size=len(content),
        )  # fmt: skip
        record(workshop, by=by, what="document_added", summary=f"Stuk toegevoegd: {title}", subjects=["documents"])
    return document


def remove_document(*, by: Participation, document: Document) -> None:
    with writing(by, Right.ARRANGE) as workshop:
        title = document.title
        document.delete()
        record(workshop, by=by, what="document_removed", summary=f"Stuk weggehaald: {title}", subjects=["documents"])
