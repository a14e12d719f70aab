"""What a filled in worksheet would change, and what is the matter with it. Reads the session, writes nothing."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from matrix.actions.agreement import as_plain, plain
from matrix.models import Agreement
from matrix.sheet.columns import (
    AREAS,
    BRINGS,
    END,
    FRAMEWORK,
    NUMBER,
    STANCE,
    STATUS,
    TITLE,
    Column,
    WrongCell,
    columns,
    date_in_words,
    normal,
)  # fmt: skip
from matrix.sheet.reading import Filled, Row

NEW_STATUSES = (Agreement.Status.IDEA, Agreement.Status.PROPOSAL)


@dataclass(frozen=True)
class Problem:
    line: int
    heading: str
    text: str


@dataclass(frozen=True)
class Change:
    column: Column
    before: str  # what is stored now, as its cell would say it
    after: str
    value: Any
    started: str | None = None  # two people changed it: what it was when the worksheet went out

    @property
    def is_conflict(self):
        return self.started is not None

    @property
    def key(self) -> str:
        """Of this change within its measure."""
        return f"{self.column.name}-{self.column.organisation.pk}" if self.column.organisation else self.column.name


@dataclass
class Changed:
    """One measure; `agreement` is None for a new one."""

    line: int
    agreement: Agreement | None
    title: str
    changes: list[Change] = field(default_factory=list)


@dataclass
class Outcome:
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    edited: list[Changed] = field(default_factory=list)
    new: list[Changed] = field(default_factory=list)
    absent: int = 0  # measures that are not in the worksheet: they stay as they are

    @property
    def count(self) -> int:
        return sum(len(changed.changes) for changed in self.edited) + len(self.new)

    @property
    def conflicts(self) -> list[tuple[Changed, Change]]:
        return [(changed, change) for changed in self.edited for change in changed.changes if change.is_conflict]

    @property
    def digest(self) -> str:
        """Of all that it shows: who agrees to it agrees to exactly this."""
        shown = [
            [changed.agreement and changed.agreement.number, changed.line,
             [[change.key, change.before, change.after, change.started] for change in changed.changes]]
            for changed in [*self.edited, *self.new]
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(shown).encode()).hexdigest()


def compare(filled: Filled, workshop) -> Outcome:
    return _Comparing(filled, workshop).outcome


class _Comparing:
    def __init__(self, filled: Filled, workshop):
        self.filled, self.outcome = filled, Outcome(absent=len(filled.absent))
        self.of_session = columns(workshop)
        self.by_heading = {normal(column.heading): column for column in self.of_session}
        if filled.code and filled.code != workshop.code:
            self.problem(1, "", "Dit werkblad is van een andere sessie. Download het werkblad van deze sessie.")
            return
        self.agreements = self._agreements(workshop)
        for line, number, other in filled.double:
            self.problem(line, NUMBER, f"Nummer {number} staat ook op rij {other}.")
        for row in filled.rows:
            self._row(row)
        self.outcome.problems.sort(key=lambda problem: problem.line)

    def _agreements(self, workshop) -> dict[str, Agreement]:
        numbers = [int(row.number) for row in self.filled.rows if row.number.isdecimal() and len(row.number) <= 5]
        found = {}
        for start in range(0, len(numbers), 500):  # databases count the questions of a query
            some = workshop.agreements.filter(number__in=numbers[start : start + 500]).with_everything()
            for agreement in some:
                agreement.workshop = workshop
                found[str(agreement.number)] = agreement
        return found

    def problem(self, line, heading, text):
        self.outcome.problems.append(Problem(line, heading, text))

    def note(self, text):
        if text not in self.outcome.notes:
            self.outcome.notes.append(text)

    # ---- a row ----

    def _row(self, row: Row) -> None:
        before = len(self.outcome.problems)
        agreement = self._agreement(row)
        if len(self.outcome.problems) > before:
            return
        changed = Changed(row.line, agreement, agreement.title if agreement else row.cells.get(TITLE, ""))
        for heading, words in sorted(row.cells.items(), key=self._place):
            if column := self._column(row, heading):
                self._cell(row, agreement, column, words, heading, changed)
        for heading in row.formulas:
            if heading not in row.cells and normal(heading) in self.by_heading:
                self._refuse_formula(row, heading)
        self._together(row, changed)
        if agreement is None:
            self._new(row, changed)
        if len(self.outcome.problems) > before or not changed.changes:
            return
        (self.outcome.edited if agreement else self.outcome.new).append(changed)

    def _place(self, cell: tuple[str, str]) -> tuple[int, str]:
        """In the order of the columns: a database keeps what was read in without any."""
        column = self.by_heading.get(normal(cell[0]))
        return (self.of_session.index(column) if column else len(self.of_session), cell[0])

    def _agreement(self, row: Row) -> Agreement | None:
        if not row.number:
            return None
        try:
            next(column for column in self.of_session if column.heading == NUMBER).meant(row.number)
        except WrongCell as wrong:
            self.problem(row.line, NUMBER, str(wrong))
            return None
        if row.number not in self.agreements:
            self.problem(row.line, NUMBER, f"Nummer {row.number} bestaat niet in deze sessie. Laat het nummer leeg "
                         "voor een nieuwe maatregel.")  # fmt: skip
        elif row.base is None:
            text = f"Nummer {row.number} stond niet in dit werkblad. Laat het nummer leeg voor een nieuwe maatregel"
            self.problem(row.line, NUMBER, f"{text}, of download een nieuw werkblad.")
        elif other := self._exchanged(row):
            self.problem(row.line, NUMBER, f"Bij nummer {row.number} staat de tekst van nummer {other}. Zijn de "
                         "nummers veranderd? Zet ze terug, of download een nieuw werkblad.")  # fmt: skip
        return self.agreements.get(row.number)

    def _exchanged(self, row: Row) -> str:
        """The number whose words stand here, when its own row has lost them."""
        title = row.cells.get(TITLE)
        if not title or title in (self.filled.titles.get(row.number), ""):
            return ""
        lost = {*self.filled.absent, *(r.number for r in self.filled.rows if TITLE in r.cells)}
        return next((n for n, was in self.filled.titles.items() if was == title and n in lost and n != row.number), "")

    def _column(self, row: Row, heading: str) -> Column | None:
        column = self.by_heading.get(normal(heading))
        if column is None and normal(heading).startswith(normal(BRINGS)):
            name = heading[len(BRINGS) :].strip()
            self.problem(row.line, heading, f"De organisatie ‘{name}’ zit niet aan tafel.")
        elif column is None and not normal(heading).startswith(normal(STANCE)):
            self.note(f"De kolom ‘{heading}’ kennen wij niet. Wat daar staat, is niet ingelezen.")
        elif column is None or column.read_only:
            self.note(f"Rij {row.line}: het standpunt is niet ingelezen. Elke organisatie geeft haar eigen standpunt.")
        return column if column and not column.read_only else None

    def _refuse_formula(self, row: Row, heading: str) -> None:
        self.problem(row.line, heading, "Hier staat een formule of een foutmelding. Typ de uitkomst als tekst.")

    def _cell(self, row: Row, agreement, column: Column, words: str, heading: str, changed: Changed) -> None:
        if heading in row.formulas:
            self._refuse_formula(row, heading)
            return
        try:
            value = column.meant(words)
        except WrongCell as wrong:
            self.problem(row.line, column.heading, str(wrong))
            return
        if agreement is None:
            if words:
                changed.changes.append(Change(column, "", words, value))
            return
        if change := self._change(row, agreement, column, value, words, row.base.get(heading, "")):
            changed.changes.append(change)

    def _change(self, row: Row, agreement, column, value, words, base) -> Change | None:
        now = stored(agreement, column)
        if as_plain(value) == now or _means(column, base) == as_plain(value):
            return None  # it is so already, or it was written in another way
        goes_on = column.name == "status" and (value in Agreement.PROMISED or not agreement.is_promised)
        if agreement.is_frozen and not goes_on:
            self.problem(row.line, column.heading, f"De tekst van nummer {agreement.number} is vastgesteld. Doe op de "
                         "pagina van de afspraak een wijzigingsvoorstel, en zet hier de oude tekst terug.")  # fmt: skip
            return None
        before = column.written(agreement)
        others = _canonical(before) != base and _means(column, base) != now
        return Change(column, before, words, value, started=base if others else None)

    def _together(self, row: Row, changed: Changed) -> None:
        """What must be right between two cells of a row."""
        values = {change.column.name: change.value for change in changed.changes}
        start, end = (values.get(name, getattr(changed.agreement, name, None)) for name in ("start", "end"))
        if start and end and end < start and {"start", "end"} & values.keys():
            self.problem(row.line, END, f"De einddatum ({date_in_words(end.isoformat())}) ligt voor de begindatum "
                         f"({date_in_words(start.isoformat())}).")  # fmt: skip

    def _new(self, row: Row, changed: Changed) -> None:
        values = {change.column.name: change.value for change in changed.changes}
        wrong = {problem.heading for problem in self.outcome.problems if problem.line == row.line}
        for name, heading, text in (
            ("title", TITLE, "Schrijf in één regel wat er gaat gebeuren."),
            ("framework", FRAMEWORK, "Kies bij welk handelingskader deze maatregel hoort."),
            ("areas", AREAS, "Noem minstens één buurt."),
        ):
            if name not in values and heading not in wrong:
                self.problem(row.line, heading, f"Dit is een nieuwe maatregel. {text}")
        if values.get("status", NEW_STATUSES[0]) not in NEW_STATUSES:
            self.problem(row.line, STATUS, "Een nieuwe maatregel begint als idee of voorstel. Zet hem daarna in de "
                         "sessie verder.")  # fmt: skip


def stored(agreement, column: Column):
    """What is stored for a column, as `as_plain` compares it."""
    if column.name == "brings":
        found = (c.text for c in agreement.contributions.all() if c.organisation_id == column.organisation.pk)
        return as_plain(next(found, None))
    return plain(agreement, column.name)


_NOTHING = object()


def _means(column, words):
    """As stored; something like nothing else when the words mean nothing any more, as an organisation that left."""
    try:
        return as_plain(column.meant(words))
    except WrongCell:
        return _NOTHING


def _canonical(words: str) -> str:
    return words.replace("\r\n", "\n").strip()
