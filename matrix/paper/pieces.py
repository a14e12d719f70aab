"""The pieces of paper for the room: what each is called, what can be chosen, and the HTML that becomes its PDF."""

import logging
import threading
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass

from django import forms
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from maps.style import styles
from maps.svgmap import locator_svgs, signal_map_svg, swatch_svg
from matrix.models import FRAMEWORK_HELP, Framework
from matrix.paper.cards import ON_SHEET, cards_of, on_sheets
from matrix.paper.codes import LETTERS, cell_code
from matrix.paper.forms import BLANK, BlankCardsForm, CardsForm, MapForm, MatrixForm, WorksheetForm
from matrix.paper.places import map_areas, places_of
from matrix.paper.poster import poster_sheets
from matrix.paper.sheets import SIZES, spread


@dataclass(frozen=True)
class Piece:
    key: str  # in the address
    title: str
    told: str  # what it is and when it is used
    form: type[forms.Form]
    context: Callable[..., dict]
    template: str

    def html(self, workshop, chosen: dict) -> str:
        edition = workshop.signal_map
        return render_to_string(
            f"matrix/paper/{self.template}.html",
            {
                "workshop": workshop, "piece": self, "edition": edition, "css": _css(),
                "sources": "; ".join(edition.sources),
            }
            | self.context(workshop, **chosen),
        )  # fmt: skip


def _css() -> SafeString:
    with open(finders.find("css/poster.css"), encoding="utf-8") as file:
        return mark_safe(file.read())


def _matrix(workshop, *, size, fill) -> dict:
    sheets = poster_sheets(workshop, size=size, blank=fill == BLANK)
    fitted = "".join(sheet.css(f".poster-nr-{i}") for i, sheet in enumerate(sheets, start=1))
    return {"sheets": sheets, "size": SIZES[size], "blank": fill == BLANK, "fitted": mark_safe(fitted)}


def _map(workshop, *, size) -> dict:
    form, places = SIZES[size], places_of(workshop)
    many = len(places) > BESIDE
    legend = [
        (style, mark_safe(swatch_svg(style, prefix=f"legenda-{style.key}")))
        for style in styles(film=workshop.signal_map.is_film)
    ]
    drawn = signal_map_svg(
        map_areas(workshop, places),
        width_mm=form.width - 2 * form.margin - LEGEND * form.zoom / 1.25 - 8,
        max_height_mm=form.height - 2 * form.margin - form.below - 24 * form.zoom,
        title=_words(workshop, places),
        prefix="zaal",
        zoom=form.zoom * (LARGER if len(places) <= FEW else 1),
        fill=True,
        key=False,
    )
    return {
        "size": form, "places": () if many else places, "legend": legend, "map": mark_safe(drawn),
        "lists": [spread(on_sheet, -(-len(on_sheet) // COLUMNS))
                  for on_sheet in spread(places if many else [], COLUMNS * IN_COLUMN)],
    }  # fmt: skip


LEGEND = 92  # millimetres beside the map on A3; larger with the letters
FEW, LARGER = 12, 1.35  # so few buurten leave room for larger letters on the map
BESIDE = 24  # buurten whose names stand beside the map; more have a sheet of their own
COLUMNS, IN_COLUMN = 4, 32  # of names, on that sheet


def _words(workshop, places) -> str:
    """The map for who cannot see it."""
    told = "; ".join(f"{place.number} {place.area.plain_name}: {place.style.label}" for place in places)
    return f"Signaleringskaart, {workshop.signal_map.years}. {told}."


def _worksheets(workshop, *, area) -> dict:
    places = places_of(workshop)
    locators = locator_svgs(map_areas(workshop, places), width_mm=38, max_height_mm=30)
    chosen = [place for place in places if area is None or place.area == area]
    return {
        "pages": [
            {
                "place": place,
                "locator": mark_safe(locators.get(place.area.code, "")),
                "cells": [(f.label, FRAMEWORK_HELP[f], cell_code(f, place.number)) for f in Framework],
            }
            for place in chosen
        ]
    }


def _cards(workshop, *, frameworks) -> dict:
    return {"sheets": on_sheets(cards_of(workshop, frameworks))}


def _blank_cards(workshop, *, count) -> dict:
    return {"sheets": [range(ON_SHEET)] * count, "letters": [(LETTERS[f], f.label) for f in Framework]}


PIECES = {
    piece.key: piece
    for piece in (
        Piece("matrix", "De matrix aan de muur",
              "Vier handelingskaders en de buurten naast elkaar. In elk vak staat een code, zoals L-03. Zijn er meer "
              "buurten dan er leesbaar op een blad passen, dan komen er meer bladen.", MatrixForm, _matrix, "poster"),
        Piece("kaart", "De signaleringskaart aan de muur",
              "De kaart met letters, arcering en namen. Ook zwart-wit te lezen, en scherp op groot papier.",
              MapForm, _map, "map"),
        Piece("werkbladen", "Werkbladen per buurt",
              "Eén A4 per buurt om op te schrijven: herkennen we dit, wat is er aan de hand, wanneer is het goed, en "
              "wat gaan we doen.", WorksheetForm, _worksheets, "worksheets"),
        Piece("kaarten", "Kaarten uit de catalogus",
              "Vier kaarten op een A4, met een nummer. Knip ze los en leg ze op de matrix.",
              CardsForm, _cards, "cards"),
        Piece("lege-kaarten", "Lege kaarten",
              "Om zelf een maatregel op te schrijven, met plek voor de code van het vak. Vier op een A4.",
              BlankCardsForm, _blank_cards, "blank_cards"),
    )
}  # fmt: skip


SHEET = '<section class="poster-'  # what every sheet begins with


def sheets_in(html: str) -> int:
    return html.count(SHEET)


def is_small(html: str) -> bool:
    """One sheet of A4: laid out in a tenth of a second, when a process of its own takes one to start."""
    return sheets_in(html) == 1 and f"{SHEET}sheet" not in html


def to_pdf(html: str, progress: Callable[[int, int], None] = lambda done, of: None) -> bytes:
    """By the engine of the plan; characters that no font here has become a block, or they spoil the rest. `progress` is
    told how many sheets are laid out, of how many."""
    from matrix.plan import layout

    of = sheets_in(html)
    progress(0, of)
    html = html.translate(dict.fromkeys(layout.without_glyph(html), layout.NO_GLYPH))
    with _counting(lambda page: progress(min(page - 1, of), of)):
        return layout.to_pdf(html)


@contextmanager
def _counting(begins: Callable[[int], None]):
    """`begins` is told the number of each page of WeasyPrint in this thread; it says so in its log only."""
    log, thread = logging.getLogger("weasyprint.progress"), threading.get_ident()

    class Pages(logging.Handler):
        def emit(self, record):
            if "Page" in record.msg and record.args and record.thread == thread:
                begins(record.args[0])

    pages = Pages(logging.INFO)  # what is set below stays so: another thread may be counting
    log.addHandler(pages)
    log.setLevel(logging.INFO)
    log.propagate = False  # or every step would be told on the server's own log
    try:
        yield
    finally:
        log.removeHandler(pages)
