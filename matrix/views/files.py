"""Bestanden: what may go on to others, in other forms than the plan. For everyone who sat at the table."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from matrix import access
from matrix.files import tables
from matrix.files.content import shared_content
from matrix.files.docx import as_docx
from matrix.files.geo import as_geojson
from matrix.files.sharing import HIDDEN
from matrix.views.frame import frame


@dataclass(frozen=True)
class File:
    name: str  # in the address, with its ending
    title: str
    told: str
    content_type: str
    make: Callable[..., bytes]  # from the shareable content and the session

    @property
    def ending(self) -> str:
        return self.name.rpartition(".")[2]


def _json(content, workshop) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def _table(make):
    return lambda content, workshop: make(content)


_CSV = "text/csv; charset=utf-8"
FILES = {
    file.name: file
    for file in (
        File("afspraken.docx", "De afspraken in Word",
             "Om over te nemen in prestatieafspraken: met vaste nummers, wat elke organisatie belooft, standpunten, "
             "bezwaren en bronnen.",
             "application/vnd.openxmlformats-officedocument.wordprocessingml.document", _table(as_docx)),
        File("afspraken.csv", "Afspraken en voorstellen", "Eén regel per afspraak, voorstel of idee.", _CSV,
             _table(tables.agreements)),
        File("standpunten.csv", "Standpunten", "Wie waar staat, met de reden.", _CSV, _table(tables.positions)),
        File("bijdragen.csv", "Trekkers en bijdragen", "Wie trekt, en wie wat inbrengt.", _CSV,
             _table(tables.contributions)),
        File("voortgang.csv", "Voortgang", "Hoe ver het is, per regel van het logboek van een afspraak.", _CSV,
             _table(tables.progress)),
        File("buurten.csv", "Buurten", "Het signaal per buurt, en welke handelingskaders gevuld zijn.", _CSV,
             _table(tables.buurten)),
        File("sessie.json", "Alles in één bestand", "Voor een ander programma. De opbouw staat in de handleiding.",
             "application/json", _json),
        File("buurten.geojson", "De buurten als kaart", "Signaal en dekking met de grenzen, voor een kaartprogramma.",
             "application/geo+json", as_geojson),
    )
}  # fmt: skip
GROUPS = (
    ("Voor mensen", ("afspraken.docx",)),
    ("Voor een rekenblad (CSV)",
     ("afspraken.csv", "standpunten.csv", "bijdragen.csv", "voortgang.csv", "buurten.csv")),
    ("Voor een ander programma", ("sessie.json", "buurten.geojson")),
)  # fmt: skip

# Files that other pages make: (name of the address, title, what it is).
ELSEWHERE = (
    ("print_plan", "Het gezamenlijke plan (PDF)", "Om af te drukken en te tekenen; ook deelbaar, of voor één buurt."),
    (
        "sheet_file",
        "De afspraken als werkblad (xlsx)",
        "Om in te vullen en weer in te lezen. Met een blad per organisatie: wat zij belooft en wat haar is beloofd.",
    ),
    ("deadlines_file", "Termijnen voor uw agenda (ics)", "De dagen waarop iets begint of klaar is."),
)


@require_safe
def files(request, code):
    participation = access.participant(request, code)
    context = frame(participation, None) | {
        "groups": [(title, [FILES[name] for name in names]) for title, names in GROUPS],
        "elsewhere": _elsewhere(code),
        "hidden": HIDDEN,
        "shows": "",
    }
    return render(request, "matrix/files.html", context)


def _elsewhere(code) -> list[tuple[str, str, str]]:
    return [(reverse(name, args=[code]), title, told) for name, title, told in ELSEWHERE]


@require_safe
def download(request, code, name):
    participation = access.participant(request, code)
    if name not in FILES:
        raise Http404
    file, workshop = FILES[name], participation.workshop
    body = file.make(shared_content(workshop, participation.organisation_id), workshop)
    response = HttpResponse(body, content_type=file.content_type)
    stem = slugify(f"{file.name.partition('.')[0]} {workshop.title}")[:80]
    response["Content-Disposition"] = content_disposition_header(True, f"{stem}.{file.ending}")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
