"""Two texts beside each other, word by word. Pure."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, GONE, NEW = "same", "gone", "new"
# An amount, a word, a space, or one sign: so that a comma that came does not make its word another.
_TOKENS = re.compile(r"\d[\d.,]*\d|\w+|\s+|[^\w\s]")
MOST = 4000  # tokens; a longer text is compared by its lines, which stays quick


@dataclass(frozen=True)
class Piece:
    kind: str
    text: str


def diff(before: str, after: str) -> list[Piece]:
    """The pieces of both texts, in order: what is gone stands before what came in its place. The pieces that are not
    new together are `before`, those that are not gone are `after`."""
    old, new = _split(before), _split(after)
    if max(len(old), len(new)) > MOST:
        old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    pieces: list[Piece] = []
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            pieces.append(Piece(SAME, "".join(old[a:b])))
            continue
        pieces += [Piece(kind, "".join(tokens)) for kind, tokens in ((GONE, old[a:b]), (NEW, new[c:d])) if tokens]
    return _readable(pieces)


def _split(text: str) -> list[str]:
    return _TOKENS.findall(text)


def _readable(pieces: list[Piece]) -> list[Piece]:
    """Single spaces between changed words belong to the change: one stretch reads easier than five words apart."""
    found: list[Piece] = []
    at = 0
    while at < len(pieces):
        if pieces[at].kind == SAME:
            found.append(pieces[at])
            at += 1
            continue
        gone, new = [], []
        while at < len(pieces) and (pieces[at].kind != SAME or _is_bridge(pieces, at)):
            piece = pieces[at]
            gone += [piece.text] if piece.kind != NEW else []
            new += [piece.text] if piece.kind != GONE else []
            at += 1
        found += [Piece(kind, "".join(texts)) for kind, texts in ((GONE, gone), (NEW, new)) if "".join(texts)]
    return found


def _is_bridge(pieces: list[Piece], at: int) -> bool:
    """Nothing but space, with a change on both sides."""
    return at + 1 < len(pieces) and not pieces[at].text.strip() and "\n" not in pieces[at].text


def before_of(pieces: list[Piece]) -> list[Piece]:
    return [piece for piece in pieces if piece.kind != NEW]


def after_of(pieces: list[Piece]) -> list[Piece]:
    return [piece for piece in pieces if piece.kind != GONE]
