"""The joint plan as a tagged PDF (PDF/UA-1). Nothing from outside gets in: no network, no files, no user's address."""

import io
from functools import cache

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from maps.memory import without_garbage_collection
from matrix.plan.document import PlanDocument


class PlanError(Exception):
    """Why there is no PDF, in Dutch, with what to do."""


MISSING_LIBRARIES = (
    "Op de server ontbreken programma's om een PDF te maken. De beheerder herstelt dat met één regel: "
    "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
)
STYLES = ("css/plan.css", "css/plan-paper.css")
FONT_URL, FONT = "plan:font.ttf", "fonts/SourceSans3[wght].ttf"
NO_GLYPH = "□"


def render(document: PlanDocument) -> bytes:
    html = render_to_string("matrix/plan/paper.html", {"plan": document})
    unknown = _without_glyph(html)
    if unknown:
        html = render_to_string("matrix/plan/paper.html", {"plan": document, "without_glyph": NO_GLYPH})
    return to_pdf(html.translate(dict.fromkeys(unknown, NO_GLYPH)))


def to_pdf(html: str) -> bytes:
    with without_garbage_collection():
        return _layout(html).write_pdf(pdf_variant="pdf/ua-1")


def _layout(html: str):
    """The pages as WeasyPrint's Document, in our style and our one font."""
    try:
        from weasyprint import CSS, HTML
        from weasyprint.text.fonts import FontConfiguration
    except OSError as error:  # not ImportError: the Python part is there, the system's libraries are not
        raise PlanError(MISSING_LIBRARIES) from error

    fetcher, fonts = _only_our_font(), FontConfiguration()
    sheets = [CSS(string=_read(name).decode(), font_config=fonts, url_fetcher=fetcher) for name in STYLES]
    page = HTML(string=html.translate(_INVISIBLE), url_fetcher=fetcher)
    return page.render(stylesheets=sheets, font_config=fonts, pdf_variant="pdf/ua-1")


def _only_our_font():
    """Answers one name of our own, and refuses every other address, of whatever kind."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OnlyOurFont(URLFetcher):
        def fetch(self, url, headers=None):
            if url != FONT_URL:
                raise ValueError("Het plan haalt niets van buiten op.")
            return URLFetcherResponse(url, _read(FONT), {"Content-Type": "font/ttf"})

    return OnlyOurFont(allowed_protocols=())


def _read(name: str) -> bytes:
    path = finders.find(name)
    if path is None:
        raise PlanError(f"Het bestand {name} van het plan ontbreekt in deze installatie.")
    with open(path, "rb") as file:
        return file.read()


# ---- characters that paper cannot show ----

# Control characters have no form, and those that turn the direction of writing could make an amount read backwards.
_INVISIBLE = dict.fromkeys(
    {*range(0x20), 0x7F, *range(0x80, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)} - {0x09, 0x0A, 0x0D}
)


def _without_glyph(html: str) -> set[int]:
    """Characters for which neither our font nor any font of this server has a form, such as most emoji.

    Left in, they would break reading aloud and copying of all other text in the file: PDF has no name for them.
    """
    strange = {ord(sign) for sign in set(html.translate(_INVISIBLE)) if not sign.isspace()} - _own_signs()
    if not strange:
        return set()
    words = " ".join(chr(code) for code in sorted(strange))
    trial = _layout(f'<html lang="nl"><title>t</title><p>{words}</p><p><b>{words}</b></p></html>')
    trial.write_pdf()
    return {code for font in trial.fonts.values() for code in font.missing}


@cache
def _own_signs() -> frozenset[int]:
    from fontTools.ttLib import TTFont

    return frozenset(TTFont(io.BytesIO(_read(FONT)), lazy=True).getBestCmap())
