"""The plan cut into pieces of paper. Each is laid out by itself and begins on a new page, so that what changed in one
buurt asks for a new piece there and leaves the others as they are.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import ceil, inf

from django.template.loader import render_to_string

from matrix.plan.data import as_data
from matrix.plan.joint import SECTIONS, PlanDocument
from matrix.plan.layout import LINK, NO_GLYPH, without_glyph
from matrix.plan.workbook import of_plan, workbook_attached

CONTENTS_LEVEL = 3  # the deepest heading that the contents name
CONTENTS_TIGHT, CONTENTS_IN_TWO = 41, 56  # from so many on
TOGETHER = 20  # sheets in one piece, some seven pages: after the last a part of a page may stay white


@dataclass(frozen=True)
class Piece:
    name: str
    html: str


@dataclass(frozen=True)
class Entry:
    """One line of the contents."""

    level: int
    label: str
    page: int
    target: str


@dataclass(frozen=True)
class Paper:
    """One file: its pieces in order, and what is put on every page when they are joined."""

    pieces: tuple[Piece, ...]  # all but what names the pages of these
    title: str
    author: str
    subject: str
    status: str  # at the foot
    concept: bool  # with a watermark
    front: Callable[[Iterable[Entry]], Piece] | None = None  # from the contents, so it is laid out last
    front_pages: Callable[[list[Entry]], int] | None = None  # how many it will take
    before_front: int = 0  # pieces that stand before it
    attached: Callable[[], tuple[tuple[str, str, str, bytes], ...]] = tuple  # (name, kind, what it is, content)


def whole(plan: PlanDocument) -> Paper:
    """The plan, all of it."""
    return Paper(
        pieces=tuple(pieces(plan)),
        front=lambda entries: front(plan, entries),
        front_pages=pages_of_contents,
        before_front=1,
        attached=lambda: (
            ("plan.json", "application/json", "Het plan als gegevens", as_data(plan)),
            workbook_attached(of_plan(plan)),
        ),
        **about(plan, "gezamenlijk plan", "deelbaar" if plan.shared else "intern"),
    )


def about(plan: PlanDocument, kind: str, words: str) -> dict:
    """What a paper made of this plan says about itself."""
    date = f"{plan.date.day}-{plan.date.month}-{plan.date.year}"
    return {
        "title": f"{plan.title}: {kind}",
        "author": f"{len(plan.parties)} partijen in {plan.municipality}",
        "subject": f"{kind[0].upper()}{kind[1:]} van de gebiedssessie op {date}. {plan.status}.",
        "status": " · ".join(filter(None, [plan.status, words, "fictief" if plan.fictional else ""])),
        "concept": not plan.fixed,
    }


def pieces(plan: PlanDocument) -> list[Piece]:
    """All but the contents, which name the pages of these. Without what paper cannot show."""
    return printable(lambda **more: _pieces(plan, **more))


def printable(make: Callable[..., Iterable[Piece]], *, also: str = "") -> list[Piece]:
    """The pieces that `make` gives, with a box for each sign that paper cannot show, here or in `also`."""
    made = list(make())
    unknown = without_glyph("".join(piece.html for piece in made) + also)
    if unknown:
        boxes = dict.fromkeys(unknown, NO_GLYPH)
        made = [Piece(p.name, p.html.translate(boxes)) for p in make(without_glyph=NO_GLYPH)]
    return made


def without_dead_links(made: Iterable[Piece]) -> list[Piece]:
    """A part of the plan on its own points to what is not in it."""
    made = list(made)
    known = {anchor for piece in made for anchor in re.findall(r' id="([^"]+)"', piece.html)}
    return [
        Piece(piece.name, _LINK.sub(lambda link: link[0] if link[1] in known else "<a", piece.html)) for piece in made
    ]


_LINK = re.compile(f'<a href="{LINK}([^"]*)"')


def front(plan: PlanDocument, contents: Iterable[Entry]) -> Piece:
    return first(page(plan, "Inhoud", ["contents"], **in_leaves(contents)))


def in_leaves(contents: Iterable[Entry]) -> dict:
    """For contents.html."""
    return {"leaves": leaves(list(contents)), "tight": CONTENTS_TIGHT}


# Points that a line of the contents takes, of a chief heading and of another, see .plan-toc in plan-paper.css: loose,
# tight when there are many, and in two columns when there are very many (contents.html).
_LINES = {1: (19.2, 15.2), CONTENTS_TIGHT: (13.9, 11.6), CONTENTS_IN_TWO: (12.2, 9.92)}
_PAGE, _HEAD = 734, 38


def pages_of_contents(entries: list[Entry]) -> int:
    """Reckoned, so that they need not be laid out twice; a long label may make it one more."""
    if len(entries) >= CONTENTS_IN_TWO:
        return len(leaves(entries))
    return ceil((_HEAD + sum(_heights(entries))) / _PAGE)


def _heights(entries: list[Entry]) -> list[float]:
    chief, other = next(lines for least, lines in reversed(_LINES.items()) if len(entries) >= least or least == 1)
    return [chief if entry.level == 2 else other for entry in entries]


def leaves(entries: list[Entry]) -> list[list[list[Entry]]]:
    """The columns of each page: one that goes on by itself, or of very many two, as long as each other on the last."""
    if len(entries) < CONTENTS_IN_TWO:
        return [[entries]]
    left = list(zip(entries, _heights(entries), strict=True))
    pages = []
    while left:
        room = _PAGE - (0 if pages else _HEAD)
        half = sum(height for _, height in left) / 2
        pages.append([_column(left, half, room), _column(left, inf, room)])
    return pages


def _column(left: list[tuple[Entry, float]], wanted: float, room: float) -> list[Entry]:
    """Takes what comes nearest to that height and fits."""
    height, taken = 0, []
    while left and height + left[0][1] <= room and height + left[0][1] / 2 <= wanted:
        entry, more = left.pop(0)
        height += more
        taken.append(entry)
    return taken


def first(html: str) -> Piece:
    """It comes after all other pieces, so what paper cannot show is looked up again."""
    unknown = without_glyph(html)
    return Piece("voorin", html.translate(dict.fromkeys(unknown, NO_GLYPH)) if unknown else html)


def contents(laid, first_page: int) -> list[Entry]:
    """From the headings of pieces that were laid out; the first of them begins on `first_page`."""
    found, page = [], first_page
    for name, piece in laid:
        found += [
            Entry(heading.level, heading.label, page + heading.page, target(name, index))
            for index, heading in enumerate(piece.headings)
            if 1 < heading.level <= CONTENTS_LEVEL  # the first is the title of the whole
        ]
        page += piece.pages
    return found


def target(name: str, index: int) -> str:
    return f"kop-{name}-{index}"


def _pieces(plan: PlanDocument, **more):
    yield Piece("voorblad", page(plan, "Kort, voor het bestuur", ["cover", "summary"], **more))
    for sections in SECTIONS:
        if sections in _CUT:
            yield from _CUT[sections](plan, **more)
        else:
            yield Piece(sections[0], page(plan, "", sections, **more))


def _chapters(plan, **more):
    for chapter in plan.chapters:
        yield of_chapter(plan, chapter, **more)


def of_chapter(plan, chapter, **more) -> Piece:
    return Piece(chapter.anchor, page(plan, chapter.short_name, ["chapter"], chapter=chapter, **more))


def of_sheets(plan, **more):
    """Agreements and proposals after each other, as few pages as they need."""
    parts = plan.agreement_parts + (plan.proposal_parts if plan.proposals else [])
    for number, some in enumerate(_together(parts)):
        yield Piece(f"maatregelen-{number}", page(plan, "Alle afspraken", ["sheets"], parts=some, **more))


def _agreements(plan, **more):
    for number, parts in enumerate(_together(plan.agreement_parts)):
        yield Piece(f"afspraken-{number}", page(plan, "Alle afspraken", ["sheets"], parts=parts, **more))


def _proposals(plan, **more):
    for number, parts in enumerate(_together(plan.proposal_parts)):
        yield Piece(f"voorstellen-{number}", page(plan, "Nog geen afspraak", ["sheets"], parts=parts, **more))


_CUT = {("chapters",): _chapters, ("agreements",): _agreements, ("proposals",): _proposals}


def _together(parts):
    """Whole frameworks in one piece as long as they are few; one with many is cut."""
    group, size = [], 0
    for part in (few for many in parts for few in many.cut(TOGETHER)):
        if group and size + len(part.sheets) > TOGETHER:
            yield group
            group, size = [], 0
        group.append(part)
        size += len(part.sheets)
    if group:
        yield group


def page(plan, head, sections, **more) -> str:
    """The HTML of one piece."""
    templates = [f"matrix/plan/{name}.html" for name in sections]
    html = render_to_string("matrix/plan/paper.html", {"plan": plan, "head": head, "sections": templates, **more})
    return _ONE_LINE.sub(r"\1", html.replace('href="#', f'href="{LINK}'))


# A box and a tag less for each field: on paper the element says only that lines are kept, and here is no second one.
_ONE_LINE = re.compile(r'<span class="plan-text" dir="auto">([^<\n\r]*)</span>')
