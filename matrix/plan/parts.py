"""The pieces that a plan is made of, as plain data: texts as they were typed, and numbers as they are printed."""

import datetime
from dataclasses import dataclass, field, replace
from math import ceil

from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator

from maps.style import ClassStyle
from maps.svgmap import swatch_svg
from matrix.models import Position


@dataclass(frozen=True)
class Party:
    name: str
    kind: str
    present: bool  # somebody of it took part in the session


@dataclass(frozen=True)
class Edition:
    """Which map this is. Years are text, so that no template prints them with a thousands separator."""

    film: bool
    years: str
    start: str
    end: str
    relative: bool
    reference: str
    recipe_version: str
    sources: tuple[str, ...]
    buurten: int
    municipalities: int
    division: str
    inputs: tuple[str, ...]
    min_inputs: int
    min_households: int
    band: str
    borderline: str  # per cent


@dataclass(frozen=True)
class LegendLine:
    style: ClassStyle
    in_session: int
    in_municipality: int

    @property
    def swatch(self) -> SafeString:
        return swatch(self.style, "legenda")


@dataclass(frozen=True)
class InputLine:
    label: str
    unit: str
    start: str
    end: str
    effect: str
    missing: str  # why there is no figure


@dataclass(frozen=True)
class FigureLine:
    label: str
    value: str
    unit: str  # as it follows the value: "% van …" or, after a space, words; "" where the label says it already
    year: str  # "" where there is no value
    missing: str  # why there is no value


@dataclass(frozen=True)
class AxisPart:
    """One of the two axes of a buurt, with the figures that make it."""

    label: str
    value: str
    inputs: tuple[InputLine, ...]
    strip: SafeString = field(repr=False)


@dataclass(frozen=True)
class SignalPart:
    """What the figures say about one buurt."""

    style: ClassStyle
    sentence: str
    neighbours: tuple[str, ...]
    axes: tuple[AxisPart, AxisPart]
    figures: tuple[FigureLine, ...]
    crimes: FigureLine | None

    @property
    def unknown_figures(self) -> list[FigureLine]:
        """Those without a value, with the same reason after each other."""
        return sorted((figure for figure in self.figures if not figure.year), key=lambda figure: figure.missing)


@dataclass(frozen=True)
class OwnLine:
    """The class that a corporation received itself: not ours, and in the words of its source."""

    signal_class: str
    source: str
    years: str


@dataclass(frozen=True)
class ReadingLine:
    organisation: str
    recognition: str
    words: str
    on_behalf: bool  # entered by the facilitator, not confirmed by them


@dataclass(frozen=True)
class Reference:
    """Points to an agreement or proposal elsewhere in the plan."""

    number: str
    title: str
    status: str

    @property
    def anchor(self) -> str:
        return f"afspraak-{self.number}"


@dataclass(frozen=True)
class CellPart:
    """One framework in one buurt."""

    framework: str
    state: str  # agreed, busy, deliberate or empty, see matrix.board.Cell
    counts: str
    agreements: tuple[Reference, ...]
    proposals: tuple[Reference, ...]
    reason: str  # why it is empty on purpose
    reason_by: str

    @property
    def count(self) -> int:
        return len(self.agreements) + len(self.proposals)

    @property
    def is_long(self) -> bool:
        """So many that moving them together to a next page would leave much of this one white."""
        return self.count > 10


def _lines(text: str, signs: int, more: int = 0) -> int:
    """Of so many signs; `more` stand there already."""
    return ceil((len(text) + more) / signs) + text.count("\n") if text else 0


@dataclass(frozen=True)
class Chapter:
    """One buurt."""

    index: int
    code: str
    name: str
    short_name: str
    signal: SignalPart | None
    own_signals: tuple[OwnLine, ...]
    readings: tuple[ReadingLine, ...]
    went_on: bool  # the table did so before the tenants had answered
    waiting: tuple[str, ...]  # tenant organisations that have not answered
    problem_analysis: str
    definition_of_success: str
    practice_knowledge: str
    cells: tuple[CellPart, ...]
    few_households: bool = False  # too few to print its figures in what is shared
    locator: SafeString = field(repr=False, default=SafeString())
    tenants_first: bool = False  # what the table makes of it is not for everyone yet

    @property
    def anchor(self) -> str:
        return f"buurt-{self.code}"

    @property
    def has_proposals(self) -> bool:
        return any(cell.proposals for cell in self.cells)

    @property
    def is_full(self) -> bool:
        """With so many words that the last lines would begin a new page, were all lines not closer together."""
        return self.lines > 35

    @property
    def lines(self) -> int:
        """About how many its words take on paper, but for headings."""
        found = [
            _lines(self.problem_analysis, 102, 17) or 1,
            _lines(self.definition_of_success, 102, 20) or 1,
            _lines(self.practice_knowledge, 102, 25),
        ]
        found += [1 + _lines(reading.words, 98) for reading in self.readings] + [1] * bool(self.waiting)
        for cell in self.cells:
            titles = [_lines(reference.title, 80) for reference in (*cell.agreements, *cell.proposals)]
            found.append(max(1, sum(titles) + _lines(cell.reason, 85, 20)))
        if signal := self.signal:
            figures = "".join(f"{one.label} {one.value}{one.unit}, " for one in signal.figures)
            found += [_lines(signal.sentence, 82), _lines(figures, 125, 140), 2 * len(self.own_signals)]
            inputs = [line for axis in signal.axes for line in axis.inputs]
            found += [bool(signal.crimes), *(_lines(f"{one.label} {one.unit} {one.missing}", 62) for one in inputs)]
        return sum(found)

    @property
    def swatch(self) -> SafeString:
        return swatch(self.signal.style, self.anchor) if self.signal else SafeString()


@dataclass(frozen=True)
class PositionLine:
    organisation: str
    stance: str  # key of Position.Stance, or "" when it has not said
    letter: str
    label: str
    reason: str
    back_by: datetime.date | None
    stale: bool
    on_behalf: bool


@dataclass(frozen=True)
class Brought:
    """What one organisation brings to one agreement."""

    organisation: str
    text: str


@dataclass(frozen=True)
class ConfirmLine:
    """An organisation that was not there, and on which the agreement counts."""

    organisation: str
    part: str  # trekker or partner
    answer: str  # on paper, entered by the facilitator; "" when there is none
    note: str


@dataclass(frozen=True)
class AdvicePart:
    """The statutory advice of tenants: facts and their own words."""

    organisation: str
    asked_on: datetime.date | None
    due_on: datetime.date | None
    received_on: datetime.date | None
    outcome: str
    text: str
    on_behalf: bool
    answer_by: datetime.date | None  # reasons on paper, where the decision deviates
    decided_on: datetime.date | None
    deviates: bool
    decision: str


@dataclass(frozen=True)
class Sheet:
    """One agreement or proposal, with everything that was said about it."""

    number: str
    title: str
    framework: str
    status: str
    promised: bool
    kind: str
    areas: tuple[str, ...]
    everywhere: bool  # all buurten of the session
    goal: str
    lead: str
    contributions: tuple[Brought, ...]
    start: datetime.date | None
    end: datetime.date | None
    means: str
    measure: str
    residents_notice: str
    elsewhere: str  # wel, geen, or "" when nobody looked: see matrix.citywide
    effect_elsewhere: str
    asked_elsewhere: str
    compensation: str
    reservation: str
    legal_check: bool
    touches_advice_right: bool
    proposed_by: str
    wording: str
    plain_words: str
    plain_approved: tuple[str, ...]  # tenant organisations that approved these very words
    plain_waiting: tuple[str, ...]
    hints: tuple[str, ...]
    to_confirm: tuple[ConfirmLine, ...]
    advice: AdvicePart | None
    positions: tuple[PositionLine, ...]

    @property
    def reference(self) -> Reference:
        return Reference(self.number, self.title, self.status)

    @property
    def anchor(self) -> str:
        return self.reference.anchor

    @property
    def given(self) -> tuple[PositionLine, ...]:
        return tuple(position for position in self.positions if position.stance)

    @property
    def plain_yes(self) -> tuple[PositionLine, ...]:
        """Akkoord with the present text, and nothing to add: these stand on one line."""
        agreed = [p for p in self.given if p.stance == Position.Stance.AGREE]
        return tuple(p for p in agreed if not (p.reason or p.stale or p.on_behalf))

    @property
    def worded(self) -> tuple[PositionLine, ...]:
        return tuple(position for position in self.given if position not in self.plain_yes)

    @property
    def silent(self) -> tuple[PositionLine, ...]:
        return tuple(position for position in self.positions if not position.stance)


@dataclass(frozen=True)
class SheetPart:
    """The sheets of one framework, or on paper some of them."""

    kind: str  # "afspraken" or "voorstellen"
    title: str
    lead: str
    label: str
    help: str
    sheets: tuple[Sheet, ...]
    number: int  # which of the frameworks that have any
    first: bool  # opens its section
    continues: bool = False  # the heading stands with the sheets before these

    def cut(self, most: int) -> "list[SheetPart]":
        later = {"first": False, "continues": True}
        return [
            replace(self, sheets=self.sheets[start : start + most], **(later if start else {}))
            for start in range(0, max(len(self.sheets), 1), most)
        ]


@dataclass(frozen=True)
class PartyPromise:
    party: Party
    leads: tuple[Sheet, ...]
    brings: tuple[tuple[Sheet, str], ...]

    @property
    def nothing(self) -> bool:
        return not self.leads and not self.brings


@dataclass(frozen=True)
class Objection:
    """A position that is not a plain yes: it is printed, and comes back on the agenda."""

    sheet: Sheet
    position: PositionLine


@dataclass(frozen=True)
class SaidLine:
    """A remark that was revealed to the table, and what happened with it."""

    text: str
    speaker: str
    on_behalf: bool
    area: str
    internal: bool  # only for the table
    merged: tuple[tuple[str, str], ...]  # (text, speaker) of those that say the same
    merged_to_share: tuple[tuple[str, str], ...]  # those of them that are not only for the table
    answer: str  # "" when nobody answered it
    answer_text: str
    sheet: Sheet | None = field(repr=False)  # where it was taken up
    sheet_title: str  # also when that measure was dropped since


@dataclass(frozen=True)
class SaidTheme:
    title: str
    remarks: tuple[SaidLine, ...]


@dataclass(frozen=True)
class SaidPart:
    """The remarks of one step, by theme."""

    stage: str
    themes: tuple[SaidTheme, ...]

    @property
    def remarks(self) -> list[SaidLine]:
        return [remark for theme in self.themes for remark in theme.remarks]


@dataclass(frozen=True)
class AttendanceTable:
    """Who was in at which step: rows of (party, people per step; 0 is nobody)."""

    stages: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True)
class FrameworkCount:
    label: str
    agreements: int
    proposals: int  # and ideas
    agreed: int  # buurten with an agreement
    deliberate: int
    empty: int  # buurten with nothing yet, or proposals only


def swatch(style: ClassStyle, prefix: str) -> SafeString:
    return mark_safe(swatch_svg(style, prefix=f"{prefix}-{style.key}"))


def short(text: str, most: int) -> str:
    """For a running head, which has one line."""
    return Truncator(text).chars(most)


@dataclass(frozen=True)
class BackLine:
    """What came of one agreement of the session before."""

    number: str
    title: str
    lead: str
    done: str
    done_words: str
    noticed: tuple[tuple[str, str, str], ...]  # organisation, answer, words
    signals: tuple[tuple[str, str, str], ...]  # buurt, then, now
    remarks: tuple[str, ...]  # why those cannot simply be compared
    decision: str
    reason: str
    hidden: bool  # tenants come first, and have not all answered
    waiting: tuple[str, ...]
