"""Two versions beside each other: what came, what went, and what reads differently, word by word. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from matrix.plan.told import Entry, Line, Section, told
from matrix.plan.worddiff import Piece, after_of, before_of, diff

ADDED, DROPPED, CHANGED = "added", "dropped", "changed"
LABELS = {ADDED: "nieuw", DROPPED: "vervallen", CHANGED: "gewijzigd"}


@dataclass(frozen=True)
class LineChange:
    """One label whose text is another. A text that was not there is empty."""

    label: str
    before: str
    after: str

    @cached_property
    def pieces(self) -> list[Piece]:
        return diff(self.before, self.after)

    @property
    def old(self) -> list[Piece]:
        return before_of(self.pieces)

    @property
    def new(self) -> list[Piece]:
        return after_of(self.pieces)


@dataclass(frozen=True)
class EntryChange:
    title: str
    what: str  # ADDED, DROPPED or CHANGED
    lines: tuple[LineChange, ...]
    objections: tuple = ()  # that stand now, or did until it went
    number: int = 0

    @property
    def label(self) -> str:
        return LABELS[self.what]


@dataclass(frozen=True)
class SectionChange:
    key: str
    title: str
    entries: tuple[EntryChange, ...]


def compare(before: dict, after: dict) -> list[SectionChange]:
    """Only the sections in which something is different."""
    pairs = zip(told(before), told(after), strict=True)
    found = [SectionChange(new.key, new.title, tuple(_entries(old, new))) for old, new in _moved(pairs)]
    return [section for section in found if section.entries]


def _moved(pairs) -> Iterable[tuple[Section, Section]]:
    """A proposal that became an agreement is one thing that changed, and stands with the agreements."""
    sections = list(pairs)
    was = {entry.key: entry for old, _ in sections if old.key == "proposals" for entry in old.entries}
    had = {entry.key: entry for old, _ in sections if old.key == "agreements" for entry in old.entries}
    now_promised = {e.key for _, new in sections if new.key == "agreements" for e in new.entries}
    now_proposed = {e.key for _, new in sections if new.key == "proposals" for e in new.entries}
    for old, new in sections:
        if old.key == "agreements":
            entries = [*(e for e in old.entries if e.key not in now_proposed), *_of(was, now_promised)]
            yield Section(old.key, old.title, tuple(entries)), new
        elif old.key == "proposals":
            entries = [*(e for e in old.entries if e.key not in now_promised), *_of(had, now_proposed)]
            yield Section(old.key, old.title, tuple(entries)), new
        else:
            yield old, new


def _of(entries: dict, keys) -> list[Entry]:
    return [entry for key, entry in entries.items() if key in keys]


def _entries(old: Section, new: Section) -> Iterable[EntryChange]:
    before, after = {e.key: e for e in old.entries}, {e.key: e for e in new.entries}
    for key in [*after, *(key for key in before if key not in after)]:
        was, now = before.get(key), after.get(key)
        lines = tuple(_lines(was.lines if was else (), now.lines if now else ()))
        if not lines:
            continue
        what = ADDED if was is None else DROPPED if now is None else CHANGED
        shown = now or was
        yield EntryChange(shown.title, what, lines, shown.objections, shown.number)


def _lines(old: tuple[Line, ...], new: tuple[Line, ...]) -> Iterable[LineChange]:
    """In the order of now, with what went behind it."""
    before, after = {line.key: line for line in old}, {line.key: line for line in new}
    for key in [*after, *(key for key in before if key not in after)]:
        was, now = before.get(key), after.get(key)
        if was is None or now is None or was.text != now.text:
            yield LineChange((now or was).label, was.text if was else "", now.text if now else "")
