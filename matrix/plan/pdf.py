"""The joint plan as a tagged PDF (PDF/UA-1). Nothing from outside gets in: no network, no files, no user's address."""

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from matrix.plan.document import PlanDocument


class PlanError(Exception):
    """Why there is no PDF, in Dutch, with what to do."""


MISSING_LIBRARIES = (
    "Op de server ontbreken programma's om een PDF te maken. De beheerder herstelt dat met één regel: "
    "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
)
STYLES = ("css/plan.css", "css/plan-paper.css")
FONTS = {
    "plan:upright.ttf": "fonts/SourceSans3[wght].ttf",
    "plan:italic.ttf": "fonts/SourceSans3-Italic[wght].ttf",
}


def render(document: PlanDocument) -> bytes:
    try:
        from weasyprint import CSS, HTML
        from weasyprint.text.fonts import FontConfiguration
    except OSError as error:  # not ImportError: the Python part is there, the system's libraries are not
        raise PlanError(MISSING_LIBRARIES) from error

    fetcher = _only_our_fonts()
    fonts = FontConfiguration()
    sheets = [
        CSS(string=_read(name).decode(), font_config=fonts, url_fetcher=fetcher, base_url=None)
        for name in STYLES
    ]
    html = render_to_string("matrix/plan/paper.html", {"plan": document})
    return HTML(string=html, url_fetcher=fetcher).write_pdf(
        stylesheets=sheets, font_config=fonts, pdf_variant="pdf/ua-1"
    )


def _only_our_fonts():
    """Answers two names of our own, and refuses every other address, of whatever kind."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OnlyOurFonts(URLFetcher):
        def fetch(self, url, headers=None):
            if url not in FONTS:
                raise ValueError("Het plan haalt niets van buiten op.")
            return URLFetcherResponse(url, _read(FONTS[url]), {"Content-Type": "font/ttf"})

    return OnlyOurFonts(allowed_protocols=())


def _read(name: str) -> bytes:
    path = finders.find(name)
    if path is None:
        raise PlanError(f"Het bestand {name} van het plan ontbreekt in deze installatie.")
    with open(path, "rb") as file:
        return file.read()
