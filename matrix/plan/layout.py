"""One piece of paper: HTML in, pages out, tagged. Nothing from outside gets in: no network, no files, no address."""

import atexit
import io
import json
import re
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from functools import cache
from xml.etree import ElementTree

from maps.memory import without_garbage_collection
from matrix.plan.errors import MISSING_LIBRARIES, PlanError
from matrix.plan.fonts import WEIGHTS, face, read_static, signs
from matrix.plan.quicker import browser_styles, hurry

STYLES = ("css/plan.css", "css/plan-paper.css")
FONT_URL = "plan:letter-{weight}.ttf"
LINK = "plan:"  # what an inner link looks like until the pieces are joined: its target is often in another piece
PAGE_NUMBER = (
    '@page { @bottom-right { content: "pagina " counter(page) " van " counter(pages); '
    "vertical-align: bottom; padding-bottom: 10mm; } }"
)
SCALE = 0.75  # points per CSS pixel
NO_GLYPH = "□"


@dataclass(frozen=True)
class Heading:
    level: int
    label: str
    page: int  # within its piece, from 0
    top: float  # points from the top of the page


@dataclass(frozen=True)
class Laid:
    """Pages, with what is needed to join them: where headings and targets of links came to stand."""

    pdf: bytes
    pages: int
    headings: tuple[Heading, ...]
    targets: dict[str, tuple[int, float]]  # name -> (page, points from its top)

    def packed(self) -> bytes:
        about = asdict(self) | {"pdf": None}
        return json.dumps(about, ensure_ascii=False).encode() + b"\n" + self.pdf

    @classmethod
    def unpacked(cls, body: bytes) -> "Laid":
        about, pdf = body.split(b"\n", 1)
        about = json.loads(about)
        return cls(
            pdf=pdf,
            pages=about["pages"],
            headings=tuple(Heading(**heading) for heading in about["headings"]),
            targets={name: tuple(spot) for name, spot in about["targets"].items()},
        )


def lay_out(html: str, *, name: str) -> Laid:
    """`name` is unique among the pieces of one plan: the ids of table headers begin with it."""
    style = _style()
    _leave_our_faces_out()
    document = _document(html, style)
    headings, targets = [], {}
    for number, page in enumerate(document.pages):
        headings += [
            Heading(level, label, number, round(y * SCALE, 2)) for level, label, (_, y), _ in page.bookmarks if label
        ]
        for target, spot in page.anchors.items():
            targets.setdefault(target, (number, round(spot[1] * SCALE, 2)))
    with _without_faces():
        body = document.write_pdf(pdf_variant="pdf/ua-1", finisher=lambda _, pdf: _unique_ids(pdf, name))
    return Laid(body, len(document.pages), tuple(headings), targets)


def to_pdf(html: str) -> bytes:
    """A paper that is one piece and stands by itself: what is asked of one party, a poster."""
    with without_garbage_collection():
        return _document(html, _read_style(more=PAGE_NUMBER)).write_pdf(pdf_variant="pdf/ua-1")


def _document(html: str, style):
    """The pages as WeasyPrint's Document, in our style and our one typeface."""
    fetcher, fonts, sheets = style
    page = _read(html.translate(_INVISIBLE), fetcher)
    return page.render(stylesheets=sheets, font_config=fonts, pdf_variant="pdf/ua-1")


_VOID = re.compile(r"<(meta|br)\b([^>/]*)>")


def _read(html: str, fetcher):
    """Our templates are written as XML but for the doctype and two tags. The parser of Python itself is then many times
    quicker than the one of WeasyPrint, which took a tenth of the time of a plan; and it knows no address or file."""
    from cssselect2 import ElementWrapper
    from weasyprint import HTML

    page = object.__new__(HTML)
    page._ua_stylesheets = lambda forms: browser_styles()
    try:
        tree = ElementTree.fromstring(_VOID.sub(r"<\1\2/>", html.removeprefix("<!doctype html>")))  # noqa: S314
    except (ElementTree.ParseError, ValueError):
        return HTML(string=html, url_fetcher=fetcher)
    page.base_url, page.url_fetcher, page.media_type = None, fetcher, "print"
    page.wrapper_element = ElementWrapper.from_html_root(tree, content_language=None)
    page.etree_element = page.wrapper_element.etree_element
    return page


def get_ready() -> None:
    """What the first piece would wait for."""
    _style()
    _leave_our_faces_out()


@cache
def _style():
    """Read once per process that makes plans: for a piece of one page it would be most of the work."""
    atexit.register(_style.cache_clear)  # at the very end of Python its fonts cannot be put away any more
    return _read_style()


def _read_style(more: str = ""):
    try:
        from weasyprint import CSS
        from weasyprint.text.fonts import FontConfiguration
    except OSError as error:  # not ImportError: the Python part is there, the system's libraries are not
        raise PlanError(MISSING_LIBRARIES) from error
    hurry()

    fetcher, fonts = _only_our_font(), FontConfiguration()
    # One sheet of both: each element is looked up in every sheet.
    text = "\n".join(read_static(name).decode() for name in STYLES)
    return fetcher, fonts, [CSS(string=text + more, font_config=fonts, url_fetcher=fetcher)]


def _only_our_font():
    """Answers the names of our own two faces, and refuses every other address, of whatever kind."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    faces = {FONT_URL.format(weight=weight): weight for weight in WEIGHTS}

    class OnlyOurFont(URLFetcher):
        def fetch(self, url, headers=None):
            if url not in faces:
                raise ValueError("Het plan haalt niets van buiten op.")
            return URLFetcherResponse(url, face(faces[url]), {"Content-Type": "font/ttf"})

    return OnlyOurFont(allowed_protocols=())


_leaving_out = ContextVar("leaving_out", default=False)


@contextmanager
def _without_faces():
    token = _leaving_out.set(True)
    try:
        yield
    finally:
        _leaving_out.reset(token)


def _leave_our_faces_out() -> None:
    """WeasyPrint cuts a font down to the letters of one document. Ours is the same file for all pieces: a piece holds
    only its name, and it comes in once when they are joined."""
    from weasyprint.pdf import fonts

    if hasattr(fonts.Font, "cut"):
        return
    ours = {face(weight): FONT_URL.format(weight=weight).encode() for weight in WEIGHTS}

    def clean(font, *args):
        if _leaving_out.get() and font.file_content in ours:
            font.file_content = ours[font.file_content]
        else:
            font.cut(*args)

    fonts.Font.cut, fonts.Font.clean = fonts.Font.clean, clean


def _unique_ids(pdf, name: str) -> None:
    """A cell names its headers by id. The ids hold the number of an object, which every piece counts from the start."""
    for item in pdf.objects:
        if isinstance(item, dict) and "ID" in item:
            item["ID"].string = f"{name}-{item['ID'].string}"  # the cells hold this very object


# ---- characters that paper cannot show ----

# Control characters have no form, and those that turn the direction of writing could make an amount read backwards.
_INVISIBLE = dict.fromkeys(
    {*range(0x20), 0x7F, *range(0x80, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)} - {0x09, 0x0A, 0x0D}
)


def without_glyph(html: str) -> frozenset[int]:
    """Characters for which neither our font nor any font of this server has a form, such as most emoji.

    Left in, they would break reading aloud and copying of all other text in the file: PDF has no name for them.
    """
    strange = {ord(sign) for sign in set(html.translate(_INVISIBLE)) if not sign.isspace()} - signs()
    if not strange:
        return frozenset()
    words = " ".join(chr(code) for code in sorted(strange))
    trial = _document(f'<html lang="nl"><title>t</title><p>{words}</p><p><b>{words}</b></p></html>', _read_style())
    trial.write_pdf(io.BytesIO())
    return frozenset(code for font in trial.fonts.values() for code in font.missing)
