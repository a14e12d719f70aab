"""The joint plan as a tagged PDF: lay out the pieces that are not known yet, two at a time, and join them all."""

from collections.abc import Callable

from maps.memory import without_garbage_collection
from matrix.plan import paper, store
from matrix.plan.forking import Crew
from matrix.plan.joint import PlanDocument
from matrix.plan.kept import lay_out_and_keep, place
from matrix.plan.layout import Laid
from matrix.plan.paper import Paper

WATERMARK = "CONCEPT"


def render(
    source: PlanDocument | Paper, progress: Callable[[int, int], None] = lambda done, of: None, *, hands: Crew = None
) -> bytes:
    """A plan, or any other paper in pieces. `progress` is told how many pieces are laid out, of how many. `hands`: the
    `crew` that lays them out (matrix/plan/hands.py); without one it is done here."""
    with without_garbage_collection():
        printed = source if isinstance(source, Paper) else paper.whole(source)
        total = len(printed.pieces) + (printed.front is not None)
        known = _Known(printed.pieces)
        joining = _Joining(printed, known)
        progress(len(known.pieces), total)
        for done in _lay_out_new(known, hands, joining.go_on):
            progress(done, total)
            joining.go_on()
        joining.go_on()
        if printed.front:
            joining.add_front(lambda piece: _one(piece, hands))
        progress(total, total)
        return joining.finish()


class _Joining:
    """The file grows while the last pieces are still being laid out: those that are there already go in, in order."""

    def __init__(self, printed: Paper, known: "_Known"):
        self.printed, self.known, self.laid, self.whole = printed, known, [], None

    def go_on(self) -> None:
        if self.whole is None:
            from matrix.plan.joining import Whole

            self.whole = Whole(self.printed.status, WATERMARK if self.printed.concept else "")
            self.attached = self.printed.attached()
        for piece in self.printed.pieces[len(self.laid) :]:
            laid = self.known.pieces.get(piece.name)
            if laid is None:
                return
            self.laid.append((piece.name, laid))
            self.whole.add(piece.name, laid)

    def add_front(self, lay_out: Callable[[paper.Piece], Laid]) -> None:
        """The contents come last, for they name the pages of all others. How many pages they take themselves is
        reckoned; when that is not right, they are laid out again."""
        before, after = self.laid[: self.printed.before_front], self.laid[self.printed.before_front :]
        entries, first = paper.contents(before, 1), 1 + sum(laid.pages for _, laid in before)
        reckoned = self.printed.front_pages(entries + paper.contents(after, 1))
        while True:
            front = lay_out(self.printed.front(entries + paper.contents(after, first + reckoned)))
            if front.pages == reckoned:
                break
            reckoned = front.pages
        self.whole.add("voorin", front, after=len(before))

    def finish(self) -> bytes:
        from matrix.plan.joining import About

        printed = self.printed
        return self.whole.finish(About(printed.title, printed.author, printed.subject, self.attached))


# ---- pieces, known or new ----


class _Known:
    """The pieces of one paper that are laid out, before or now."""

    def __init__(self, pieces):
        kept = {piece.name: store.read(place(piece.name, piece.html)) for piece in pieces}
        self.pieces = {name: Laid.unpacked(body) for name, body in kept.items() if body is not None}
        self.new = [piece for piece in pieces if piece.name not in self.pieces]


def _lay_out_new(known: _Known, hands: Crew | None, meanwhile: Callable[[], None]):
    """Yields how many pieces are known, each time that there is one more."""
    for name, body in _made(_long_ones_first(known.new), hands, meanwhile):
        known.pieces[name] = Laid.unpacked(body)
        yield len(known.pieces)
    if known.new:
        store.tidy(store.folder("stukken"))


def _made(pieces, hands: Crew | None, meanwhile: Callable[[], None] = lambda: None):
    """Yields (name, packed) as they come."""
    asked = [(piece.name, piece.html) for piece in pieces]
    if hands is None:
        yield from ((name, lay_out_and_keep(name, html)) for name, html in asked)
    else:
        yield from ((name, body) for (name, _), body in hands.each(asked, meanwhile))


LONG = 60_000  # signs of HTML: more than half a second


def _long_ones_first(pieces) -> list:
    """Else one process ends long after the other. The rest in order, so that they can be joined meanwhile."""
    return sorted(pieces, key=lambda piece: -len(piece.html) if len(piece.html) > LONG else 0)


def _one(piece, hands: Crew | None) -> Laid:
    body = store.read(place(piece.name, piece.html))
    if body is None:
        ((_, body),) = _made([piece], hands)
    return Laid.unpacked(body)
