"""The joint plan, looked at from several sides: what templates, PDF and sheets show comes from here. No database."""

import datetime
import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256

from django.utils.safestring import SafeString, mark_safe

from maps.style import DIRECTION_WORDS, ClassStyle, grid
from maps.svgmap import MapArea, signal_map_svg
from matrix.files.sharing import HIDDEN
from matrix.models import FRAMEWORK_HELP, Framework, Position
from matrix.plan.parts import (
    AttendanceTable,
    BackLine,
    Chapter,
    Edition,
    FrameworkCount,
    LegendLine,
    Objection,
    Party,
    PartyPromise,
    PositionLine,
    SaidLine,
    SaidPart,
    Sheet,
    SheetPart,
    swatch,
)
from matrix.plan.priorities import PriorityRound

# Sections after the page for the board, in order. On paper those that share a line share a piece, see paper.py. A new
# one: make its template, name it here; its headings come into the contents by themselves.
SECTIONS: tuple[tuple[str, ...], ...] = (
    ("guide",),
    ("map", "attendance", "looking_back", "said", "priorities", "coverage"),
    ("chapters",),
    ("agreements",),
    ("proposals",),
    ("promises",),
    ("remarks", "elsewhere", "advices"),
    ("positions",),
    ("signatures",),
    ("sources",),
)


KEY_ON_COVER = 16  # mm below the map: its scale, and two lines of names


@dataclass(frozen=True)
class PlanDocument:
    title: str
    short_title: str
    date: datetime.date
    place: str
    municipality: str
    fictional: bool
    status: str
    revision: str = field(repr=False)  # rises with every write, also one that changes no word
    edition: Edition
    parties: tuple[Party, ...]
    legend: tuple[LegendLine, ...]
    chapters: tuple[Chapter, ...]
    agreements: tuple[Sheet, ...]
    proposals: tuple[Sheet, ...]
    promises: tuple[PartyPromise, ...]
    counts: tuple[FrameworkCount, ...]
    said: tuple[SaidPart, ...]
    attendance: AttendanceTable
    map_areas: tuple[MapArea, ...] = field(repr=False)
    looking_back: tuple[BackLine, ...] = ()
    priorities: tuple[PriorityRound, ...] = ()
    fixed: str = ""  # fingerprint of the version that this plan equals; empty for a concept
    shared: bool = False  # without what may not go on to others

    @property
    def left_out(self) -> tuple[tuple[str, str], ...]:
        """(what, why) of an edition that is shared."""
        return HIDDEN if self.shared else ()

    # -- maps --

    @cached_property
    def cover_map(self) -> SafeString:
        """As high as title and parties leave room for on one page; none when that is too little to read."""
        title_lines = 1 + len(self.title) // 38
        told = (14 if self.shared else 0) + (5 if self.fixed else 0)  # what was left out, and the fingerprint
        height = min(100, 146 - told - 12 * title_lines - self._height_of_parties)
        if height < 40:
            return SafeString()
        drawn = self._map("omslag", height)
        # With many buurten the names that find no room fill half a page: here letters do, the map inside names them.
        if _height(drawn) < height + KEY_ON_COVER:
            return drawn
        return self._map("omslag", height, names=False, letters=height >= 90)  # on a smaller one they cover the colours

    @property
    def has_many_parties(self) -> bool:
        """More than that stand as a list in two columns, or they would leave the map of the cover no room."""
        return len(self.parties) > 6

    @property
    def _height_of_parties(self) -> float:
        if self.has_many_parties:
            signs = (len(party.name) + len(party.kind) + (3 if party.present else 20) for party in self.parties)
            return 2.4 * sum(1 + count // 48 for count in signs)
        return 6.3 * sum(1 + len(party.name) // 48 for party in self.parties)

    @cached_property
    def overview_map(self) -> SafeString:
        return self._map("kaart", map_height([chapter.name for chapter in self.chapters]))

    def _map(self, prefix, height, **more) -> SafeString:
        svg = signal_map_svg(
            self.map_areas, width_mm=166, max_height_mm=height, title=self.map_title, prefix=f"plan-{prefix}", **more
        )  # fmt: skip
        return mark_safe(svg)

    @property
    def map_title(self) -> str:
        """What the map shows, in words: the text for who cannot see it."""
        by_class = defaultdict(list)
        for chapter in self.chapters:
            if chapter.signal:
                by_class[chapter.signal.style.key].append(chapter.name)
        return map_words(self.municipality, self.edition.years, [line.style for line in self.legend], by_class)

    @cached_property
    def grid(self) -> list[tuple[str, list[tuple[ClassStyle, SafeString]]]]:
        """The nine combinations: (words of the row, cells), problems from more to less."""
        words = DIRECTION_WORDS[self.edition.film]["problems"]
        return [
            (
                words[row[0].problems],
                [(cell.style, swatch(cell.style, f"raster-{i}-{j}")) for j, cell in enumerate(row)],
            )
            for i, row in enumerate(grid(film=self.edition.film))
        ]

    @property
    def grid_columns(self) -> list[str]:
        words = DIRECTION_WORDS[self.edition.film]["composition"]
        return [words[cell.composition] for cell in grid(film=self.edition.film)[0]]

    # -- agreements, looked at from several sides --

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        return self.agreements + self.proposals

    @property
    def agreement_parts(self) -> list[SheetPart]:
        count = len(self.agreements)
        lead = f"{count} {'afspraak' if count == 1 else 'afspraken'}, per handelingskader."
        lead += " Een afspraak voor meer buurten staat er één keer."
        return _parts("afspraken", "Alle afspraken", lead if count else "Er zijn nog geen afspraken.", self.agreements)

    @property
    def proposal_parts(self) -> list[SheetPart]:
        count = len(self.proposals)
        lead = f"{count} {'voorstel of idee' if count == 1 else 'voorstellen en ideeën'} die op tafel liggen."
        lead += " Niemand heeft ze nog toegezegd."
        none = "Alles wat op tafel lag, is afgesproken."
        return _parts("voorstellen", "Nog geen afspraak", lead if count else none, self.proposals)

    @property
    def sections(self) -> list[str]:
        """Templates of everything after the page for the board, in order."""
        return [f"matrix/plan/{name}.html" for together in SECTIONS for name in together]

    @cached_property
    def objections(self) -> list[Objection]:
        return self._objections(Position.Stance.DISAGREE)

    @cached_property
    def reservations(self) -> list[Objection]:
        return self._objections(Position.Stance.RESERVATION)

    @cached_property
    def consulting(self) -> list[Objection]:
        return self._objections(Position.Stance.CONSULT)

    def _objections(self, stance) -> list[Objection]:
        return [Objection(sheet, p) for sheet in self.sheets for p in sheet.positions if p.stance == stance]

    @cached_property
    def stale(self) -> list[Objection]:
        """Yeses about a text that was changed since; the others are in their own list already."""
        return [Objection(sheet, p) for sheet in self.sheets for p in sheet.positions if p.stale]

    @property
    def remarks_touch_advice(self) -> bool:
        remarks = (*self.objections, *self.reservations, *self.consulting, *self.stale)
        return any(remark.sheet.touches_advice_right for remark in remarks)

    @property
    def open_positions(self) -> int:
        """How often an organisation has not said yet where it stands on an agreement."""
        return sum(len(sheet.silent) for sheet in self.agreements)

    @property
    def touching_advice(self) -> list[Sheet]:
        return [sheet for sheet in self.agreements if sheet.touches_advice_right]

    @property
    def needing_legal_check(self) -> list[Sheet]:
        return [sheet for sheet in self.agreements if sheet.legal_check]

    @property
    def with_reservation(self) -> list[Sheet]:
        return [sheet for sheet in self.agreements if sheet.reservation]

    @property
    def with_effect_elsewhere(self) -> list[Sheet]:
        return [sheet for sheet in self.agreements if sheet.elsewhere == "wel"]

    @property
    def without_effect_elsewhere(self) -> list[Sheet]:
        """Where nobody looked yet what it does elsewhere."""
        return sorted((s for s in self.agreements if not s.elsewhere), key=lambda sheet: int(sheet.number))

    @property
    def no_effect_elsewhere(self) -> list[Sheet]:
        """Looked at, and found none."""
        return sorted((s for s in self.agreements if s.elsewhere == "geen"), key=lambda sheet: int(sheet.number))

    @property
    def to_confirm(self) -> list[Sheet]:
        return [sheet for sheet in self.agreements if sheet.to_confirm]

    @property
    def advised(self) -> list[Sheet]:
        """Those on which the statutory advice of tenants was asked or given, also while they are no agreement yet."""
        return [sheet for sheet in self.sheets if sheet.advice]

    @property
    def advice_to_ask(self) -> list[Sheet]:
        return [sheet for sheet in self.sheets if sheet.touches_advice_right and not sheet.advice]

    @property
    def leading(self) -> list[PartyPromise]:
        return [promise for promise in self.promises if promise.leads]

    @property
    def promising_nothing(self) -> list[Party]:
        return [promise.party for promise in self.promises if promise.nothing]

    @property
    def present(self) -> list[Party]:
        return [party for party in self.parties if party.present]

    @property
    def absent(self) -> list[Party]:
        return [party for party in self.parties if not party.present]

    @cached_property
    def unanswered(self) -> list[SaidLine]:
        return [remark for part in self.said for remark in part.remarks if not remark.answer]

    @cached_property
    def remarks_said(self) -> int:
        return sum(len(part.remarks) for part in self.said)

    @property
    def position_tables(self) -> list[tuple[list[Party], list[tuple[Sheet, list[PositionLine]]]]]:
        """Agreements against organisations, at most seven of these side by side: more do not fit on the page."""
        tables = []
        for start in range(0, len(self.parties), 7):
            part = slice(start, start + 7)
            rows = [(sheet, list(sheet.positions[part])) for sheet in self.agreements]
            tables.append((list(self.parties[part]), rows))
        return tables

    # -- buurten, looked at from several sides --

    @property
    def pressing(self) -> list[Chapter]:
        """Buurten whose signal asks for attention first: vulnerable and problems both up, or problems alone."""
        first = {"under_pressure", "early_signal", "other_cause", "double_pressure", "problems_only"}
        return [chapter for chapter in self.chapters if chapter.signal and chapter.signal.style.key in first]

    @property
    def unknown(self) -> list[Chapter]:
        """Buurten of which too little is known for a signal: nobody can say that all is well there."""
        return [c for c in self.chapters if c.signal is None or c.signal.style.key == "insufficient_data"]

    @property
    def known(self) -> list[Chapter]:
        unknown = self.unknown
        return [chapter for chapter in self.chapters if chapter not in unknown]

    @property
    def own_sources(self) -> list[str]:
        """Where the classes come from that corporations received themselves."""
        return sorted({f"{own.source}, {own.years}" for chapter in self.chapters for own in chapter.own_signals})

    @property
    def waiting(self) -> list[Chapter]:
        return [chapter for chapter in self.chapters if chapter.waiting]

    @property
    def went_on(self) -> list[Chapter]:
        """Where the table went on without an answer of the tenants, and it is still not there."""
        return [chapter for chapter in self.chapters if chapter.went_on and chapter.waiting]

    @property
    def not_recognised(self) -> list[Chapter]:
        label = "Nee"
        return [c for c in self.chapters if any(reading.recognition == label for reading in c.readings)]

    @property
    def empty_cells(self) -> int:
        return sum(count.empty for count in self.counts)

    @property
    def cells(self) -> int:
        return len(Framework) * len(self.chapters)

    @cached_property
    def fingerprint(self) -> str:
        """Of all that the plan says: two papers with the same one hold the same text."""
        digest = sha256(repr(self).encode()).hexdigest()[:12].upper()
        return "-".join(digest[i : i + 4] for i in range(0, 12, 4))


def map_height(names: list[str]) -> float:
    """In millimetres. A few buurten share a page with their legend; of many the names stand as a list under the map,
    some 135 signs a line, and map and names take the page: the legend then begins the next."""
    if len(names) <= 30:
        return 90
    lines = sum(len(name) + 7 for name in names) / 135
    return max(60, min(140, 200 - 3.4 * lines))


def map_words(municipality: str, years: str, classes: list[ClassStyle], by_class: dict[str, list[str]]) -> str:
    """A signal map in words: the names of the buurten of each class."""
    parts = [
        f"{style.letter} {style.label}: {', '.join(by_class[style.key])}".strip()
        for style in classes
        if by_class.get(style.key)
    ]
    return f"Signaleringskaart van {municipality}, {years}. {'. '.join(parts)}."


def _height(svg: str) -> float:
    """In millimetres, with what stands below the map."""
    found = re.search(r' height="([0-9.]+)mm"', svg)
    return float(found[1]) if found else 0


def _parts(kind, title, lead, sheets) -> list[SheetPart]:
    """One for each framework that has any; at least one, which says that there are none."""
    found = []
    for framework in Framework:
        mine = tuple(sheet for sheet in sheets if sheet.framework == framework.label)
        if mine:
            help_text = FRAMEWORK_HELP[framework]
            found.append(SheetPart(kind, title, lead, framework.label, help_text, mine, len(found) + 1, not found))
    return found or [SheetPart(kind, title, lead, "", "", (), 1, True)]
