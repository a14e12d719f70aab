"""The joint plan as plain data: workshop -> PlanDocument. What templates, PDF and sheets show comes from here.

A fixed number of queries, however many buurten or agreements. No clock: the date of a plan is that of its session.
"""

import datetime
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256

from django.db.models import Exists, OuterRef, Prefetch
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator

from maps.classification import direction
from maps.models import Area, Signal, SignalMap
from maps.places import histories
from maps.sentences import number
from maps.showing import (
    Figure,
    ShownArea,
    ShownInput,
    area_from_past,
    municipality_of,
    own_signals_of,
    show_signal,
)
from maps.style import DIRECTION_WORDS, STYLES, ClassStyle, grid, styles
from maps.svgmap import MapArea, axis_svg, locator_svgs, signal_map_svg, swatch_svg
from matrix.board import Board, build_board, hints, promises, standings
from matrix.models import FRAMEWORK_HELP, Agreement, Framework, Participation, Position, Workshop
from matrix.stages import Role, Stage

# ---- what the plan is made of ----


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
        return _swatch(self.style, "legenda")


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
    waiting: tuple[str, ...]  # tenant organisations that have not answered
    problem_analysis: str
    definition_of_success: str
    practice_knowledge: str
    cells: tuple[CellPart, ...]
    locator: SafeString = field(repr=False, default=SafeString())

    @property
    def anchor(self) -> str:
        return f"buurt-{self.code}"

    @property
    def swatch(self) -> SafeString:
        return _swatch(self.signal.style, self.anchor) if self.signal else SafeString()


@dataclass(frozen=True)
class PositionLine:
    organisation: str
    stance: str  # key of Position.Stance, or "" when it has not said
    letter: str
    label: str
    reason: str
    back_by: datetime.date | None
    stale: bool


@dataclass(frozen=True)
class Brought:
    """What one organisation brings to one agreement."""

    organisation: str
    text: str


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
    effect_elsewhere: str
    reservation: str
    legal_check: bool
    touches_advice_right: bool
    proposed_by: str
    wording: str
    hints: tuple[str, ...]
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
        return tuple(p for p in self.given if p.stance == Position.Stance.AGREE and not p.reason and not p.stale)

    @property
    def worded(self) -> tuple[PositionLine, ...]:
        return tuple(position for position in self.given if position not in self.plain_yes)

    @property
    def silent(self) -> tuple[PositionLine, ...]:
        return tuple(position for position in self.positions if not position.stance)


@dataclass(frozen=True)
class PartyPromise:
    party: Party
    leads: tuple[Sheet, ...]
    brings: tuple[tuple[Sheet, str], ...]

    @property
    def nothing(self) -> bool:
        return not self.leads and not self.brings


@dataclass(frozen=True)
class Remark:
    """A position that is not a plain yes: it is printed, and comes back on the agenda."""

    sheet: Sheet
    position: PositionLine


@dataclass(frozen=True)
class FrameworkCount:
    label: str
    agreements: int
    proposals: int  # and ideas
    agreed: int  # buurten with an agreement
    deliberate: int
    empty: int  # buurten with nothing yet, or proposals only


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
    map_areas: tuple[MapArea, ...] = field(repr=False)

    # -- maps --

    @cached_property
    def cover_map(self) -> SafeString:
        """As high as title and parties leave room for on one page; none when that is too little to read."""
        title_lines = 1 + len(self.title) // 38
        party_lines = sum(1 + len(party.name) // 48 for party in self.parties)
        height = min(100, 152 - 12 * title_lines - 6.3 * party_lines)
        return self._map("omslag", height) if height >= 40 else SafeString()

    @cached_property
    def overview_map(self) -> SafeString:
        return self._map("kaart", 90)

    def _map(self, prefix, height) -> SafeString:
        svg = signal_map_svg(
            self.map_areas, width_mm=166, max_height_mm=height, title=self.map_title, prefix=f"plan-{prefix}"
        )
        return mark_safe(svg)

    @property
    def map_title(self) -> str:
        """What the map shows, in words: the text for who cannot see it."""
        by_class = defaultdict(list)
        for chapter in self.chapters:
            if chapter.signal:
                by_class[chapter.signal.style.key].append(chapter.name)
        parts = [
            f"{line.style.letter} {line.style.label}: {', '.join(by_class[line.style.key])}".strip()
            for line in self.legend
            if by_class[line.style.key]
        ]
        return f"Signaleringskaart van {self.municipality}, {self.edition.years}. {'. '.join(parts)}."

    @cached_property
    def grid(self) -> list[tuple[str, list[tuple[ClassStyle, SafeString]]]]:
        """The nine combinations: (words of the row, cells), problems from more to less."""
        words = DIRECTION_WORDS[self.edition.film]["problems"]
        return [
            (
                words[row[0].problems],
                [(cell.style, _swatch(cell.style, f"raster-{i}-{j}")) for j, cell in enumerate(row)],
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
    def by_framework(self) -> list[tuple[str, str, list[Sheet]]]:
        return _by_framework(self.agreements)

    @property
    def proposals_by_framework(self) -> list[tuple[str, str, list[Sheet]]]:
        return _by_framework(self.proposals)

    @cached_property
    def objections(self) -> list[Remark]:
        return self._remarks(Position.Stance.DISAGREE)

    @cached_property
    def reservations(self) -> list[Remark]:
        return self._remarks(Position.Stance.RESERVATION)

    @cached_property
    def consulting(self) -> list[Remark]:
        return self._remarks(Position.Stance.CONSULT)

    def _remarks(self, stance) -> list[Remark]:
        return [Remark(sheet, p) for sheet in self.sheets for p in sheet.positions if p.stance == stance]

    @cached_property
    def stale(self) -> list[Remark]:
        """Yeses about a text that was changed since; the others are in their own list already."""
        return [Remark(sheet, p) for sheet in self.sheets for p in sheet.positions if p.stale]

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
        return [sheet for sheet in self.agreements if sheet.effect_elsewhere]

    @property
    def without_effect_elsewhere(self) -> list[Sheet]:
        return sorted((s for s in self.agreements if not s.effect_elsewhere), key=lambda sheet: int(sheet.number))

    @property
    def leading(self) -> list[PartyPromise]:
        return [promise for promise in self.promises if promise.leads]

    @property
    def promising_nothing(self) -> list[Party]:
        return [promise.party for promise in self.promises if promise.nothing]

    @property
    def absent(self) -> list[Party]:
        return [party for party in self.parties if not party.present]

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
    def own_sources(self) -> list[str]:
        """Where the classes come from that corporations received themselves."""
        return sorted({f"{own.source}, {own.years}" for chapter in self.chapters for own in chapter.own_signals})

    @property
    def waiting(self) -> list[Chapter]:
        return [chapter for chapter in self.chapters if chapter.waiting]

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


def _by_framework(sheets) -> list[tuple[str, str, list[Sheet]]]:
    """(name, explanation, sheets) of the frameworks that have any."""
    return [
        (framework.label, FRAMEWORK_HELP[framework], mine)
        for framework in Framework
        if (mine := [sheet for sheet in sheets if sheet.framework == framework.label])
    ]


def _swatch(style: ClassStyle, prefix: str) -> SafeString:
    return mark_safe(swatch_svg(style, prefix=f"{prefix}-{style.key}"))


# ---- from the database ----


def build_document(workshop: Workshop) -> PlanDocument:
    edition = workshop.signal_map
    municipality = municipality_of(edition) or Area(name=edition.municipality)
    organisations = list(_organisations(workshop))
    parties = {o.pk: Party(o.name, o.get_kind_display(), o.present) for o in organisations}
    signals = {signal.area_id: signal for signal in Signal.objects.of(edition).for_map()}
    on_table = list(workshop.workshop_areas.select_related("area"))
    agreements = list(_agreements(workshop))
    board = build_board([sheet.area for sheet in on_table], agreements, _empty_cells(workshop))
    details = _details(edition, on_table, signals, municipality)
    map_areas = _map_areas(on_table, signals)
    sheets = [_sheet(agreement, organisations, len(on_table)) for agreement in _in_order(agreements)]
    by_pk = {agreement.pk: sheet for agreement, sheet in zip(_in_order(agreements), sheets, strict=True)}
    return PlanDocument(
        title=workshop.title,
        short_title=_short(workshop.title, 60),
        date=workshop.date,
        place=workshop.place,
        municipality=municipality.name,
        fictional=workshop.fictional,
        status="Concept ter vaststelling" if workshop.stage == Stage.SETTLE else "Concept",
        revision=str(workshop.revision),
        edition=_edition(edition),
        parties=tuple(parties.values()),
        legend=_legend(edition, on_table, signals),
        chapters=_chapters(workshop, on_table, details, board, organisations, map_areas),
        agreements=tuple(sheet for sheet in sheets if sheet.promised),
        proposals=tuple(sheet for sheet in sheets if not sheet.promised),
        promises=tuple(
            PartyPromise(
                parties[promise.organisation.pk],
                tuple(by_pk[agreement.pk] for agreement in promise.leads),
                tuple((by_pk[agreement.pk], text) for agreement, text in promise.contributes),
            )
            for promise in promises(agreements, organisations)
        ),
        counts=_counts(board, agreements),
        map_areas=tuple(map_areas),
    )


def _organisations(workshop):
    someone = Participation.objects.filter(organisation=OuterRef("pk"))
    return workshop.organisations.annotate(present=Exists(someone))


def _agreements(workshop):
    """As `with_everything`, without the shapes of their buurten."""
    return (
        workshop.agreements.standing()
        .select_related("lead", "proposed_by")
        .prefetch_related(Prefetch("areas", Area.objects.defer("geometry")), "contributions__organisation", "positions")
    )


def _empty_cells(workshop):
    return workshop.empty_cells.select_related("organisation")


def _in_order(agreements):
    """By framework, in the order of the field, and then by number."""
    rank = {framework: i for i, framework in enumerate(Framework)}
    return sorted(agreements, key=lambda agreement: (rank[agreement.framework], agreement.number))


def _details(edition, on_table, signals, municipality) -> dict[int, ShownArea]:
    """Area pk -> its signal with all its figures; no query per buurt."""
    past = histories(edition.municipality, edition.division, [sheet.area.code for sheet in on_table])
    return {
        sheet.area_id: area_from_past(show_signal(signals[sheet.area_id], municipality), past[sheet.area.code])
        for sheet in on_table
        if sheet.area_id in signals
    }


def _map_areas(on_table, signals) -> list[MapArea]:
    inside = {sheet.area_id: sheet.area for sheet in on_table}
    areas = inside | {pk: signal.area for pk, signal in signals.items()}
    return [
        MapArea(
            area.code,
            area.name,
            area.geometry,
            _style_of(signals.get(pk)) if pk in inside else None,
            (area.label_x, area.label_y),
            pk in signals and signals[pk].borderline,
        )
        for pk, area in areas.items()
    ]


def _style_of(signal) -> ClassStyle:
    return STYLES[signal.signal_class if signal else "insufficient_data"]


def _edition(edition: SignalMap) -> Edition:
    recipe = edition.recipe
    return Edition(
        film=edition.is_film,
        years=edition.years,
        start=str(edition.year_from),
        end=str(edition.year_to),
        relative=edition.reference == SignalMap.Reference.MUNICIPALITY,
        reference=edition.comparison,
        recipe_version=edition.recipe_version,
        sources=tuple(edition.sources),
        buurten=edition.basis.get("buurten", 0),
        municipalities=edition.basis.get("municipalities", 0),
        division=str(edition.division),
        inputs=tuple(f"{i['label']} ({i['unit']})" for i in recipe["composition"]),
        min_inputs=recipe["min_inputs"],
        min_households=recipe["min_households"],
        band=number(recipe["band"]),
        borderline=number(recipe["borderline_shift"] * 100, 0),
    )


def _legend(edition, on_table, signals) -> tuple[LegendLine, ...]:
    in_session = Counter(_style_of(signals.get(sheet.area_id)).key for sheet in on_table)
    in_municipality = Counter(signal.signal_class for signal in signals.values())
    return tuple(
        LegendLine(style, in_session[style.key], in_municipality[style.key]) for style in styles(film=edition.is_film)
    )


def _chapters(workshop, on_table, details, board: Board, organisations, map_areas) -> tuple[Chapter, ...]:
    readings = defaultdict(list)
    for reading in workshop.readings.select_related("organisation"):
        readings[reading.area_id].append(reading)
    own_signals = own_signals_of([sheet.area.code for sheet in on_table])
    locators = locator_svgs(map_areas, width_mm=40, max_height_mm=40)
    tenants = [organisation for organisation in organisations if organisation.role == Role.TENANT]
    chapters = []
    for index, sheet in enumerate(on_table, start=1):
        answered = {reading.organisation_id for reading in readings[sheet.area_id]}
        chapters.append(
            Chapter(
                index=index,
                code=sheet.area.code,
                name=sheet.area.name,
                short_name=_short(sheet.area.name, 60),
                signal=_signal_part(details[sheet.area_id]) if sheet.area_id in details else None,
                own_signals=tuple(
                    OwnLine(own.signal_class, own.source, own.years) for own in own_signals.get(sheet.area.code, ())
                ),
                readings=tuple(
                    ReadingLine(reading.organisation.name, reading.get_recognition_display(), reading.words)
                    for reading in readings[sheet.area_id]
                ),
                waiting=tuple(tenant.name for tenant in tenants if tenant.pk not in answered),
                problem_analysis=sheet.problem_analysis,
                definition_of_success=sheet.definition_of_success,
                practice_knowledge=sheet.practice_knowledge,
                cells=tuple(_cell_part(cell) for cell in board.by_area.get(sheet.area_id, ())),
                locator=mark_safe(locators.get(sheet.area.code, "")),
            )
        )
    return tuple(chapters)


def _signal_part(detail: ShownArea) -> SignalPart:
    shown = detail.shown
    return SignalPart(
        style=shown.style,
        sentence=shown.sentence,
        neighbours=tuple(shown.neighbour_labels),
        axes=(
            _axis("composition", "Bewonerssamenstelling", shown.signal, detail.composition),
            _axis("problems", "Zichtbare problemen", shown.signal, detail.problems),
        ),
        figures=tuple(sorted(map(_figure_line, detail.key_figures), key=lambda line: line.year, reverse=True)),
        crimes=_figure_line(detail.crimes) if detail.crimes.latest else None,
    )


def _axis(key, label, signal, inputs) -> AxisPart:
    edition, value = signal.signal_map, getattr(signal, key)
    band = edition.recipe["band"]
    words = "onbekend" if value is None else DIRECTION_WORDS[edition.is_film][key][direction(value, band=band)]
    text = number(value, signed=True)
    strip = axis_svg(value, band=band, title=f"{label} van {signal.area.name}: {text}, {words}")
    return AxisPart(label, text, tuple(_input_line(measured) for measured in inputs), mark_safe(strip))


def _input_line(shown: ShownInput) -> InputLine:
    return InputLine(
        label=shown.label,
        unit=shown.unit,
        start=number(shown.start, shown.decimals),
        end=number(shown.end, shown.decimals),
        effect=number(shown.z, signed=True),
        missing=shown.figure.last_word if shown.end is None else "",
    )


def _figure_line(figure: Figure) -> FigureLine:
    latest = figure.latest
    if latest is None:
        return FigureLine(figure.label, number(None), "", "", figure.last_word)
    unit = "" if figure.unit == figure.label.lower() else figure.unit
    unit = f" {unit}" if unit and not unit.startswith("%") else unit
    return FigureLine(figure.label, number(latest.value, figure.decimals), unit, str(latest.year), "")


def _cell_part(cell) -> CellPart:
    references = [(a.is_promised, Reference(str(a.number), a.title, a.get_status_display())) for a in cell.agreements]
    return CellPart(
        framework=cell.framework.label,
        state=cell.state,
        counts=cell.counts,
        agreements=tuple(reference for promised, reference in references if promised),
        proposals=tuple(reference for promised, reference in references if not promised),
        reason=cell.empty.reason if cell.empty else "",
        reason_by=str(cell.empty.organisation or "") if cell.empty else "",
    )


def _sheet(agreement: Agreement, organisations, areas_on_table: int) -> Sheet:
    areas = tuple(area.name for area in agreement.areas.all())
    return Sheet(
        number=str(agreement.number),
        title=agreement.title,
        framework=Framework(agreement.framework).label,
        status=agreement.get_status_display(),
        promised=agreement.is_promised,
        kind=agreement.get_kind_display() if agreement.kind else "",
        areas=areas,
        everywhere=len(areas) == areas_on_table > 1,
        goal=agreement.goal,
        lead=str(agreement.lead or ""),
        contributions=tuple(Brought(c.organisation.name, c.text) for c in agreement.contributions.all()),
        start=agreement.start,
        end=agreement.end,
        means=agreement.means,
        measure=agreement.measure,
        residents_notice=agreement.residents_notice,
        effect_elsewhere=agreement.effect_elsewhere,
        reservation=agreement.reservation,
        legal_check=agreement.legal_check,
        touches_advice_right=agreement.touches_advice_right,
        proposed_by=str(agreement.proposed_by or ""),
        wording=str(agreement.wording) if agreement.wording > 1 else "",
        hints=tuple(hints(agreement)),
        positions=tuple(_position_line(standing) for standing in standings(agreement, organisations)),
    )


def _position_line(standing) -> PositionLine:
    position = standing.position
    return PositionLine(
        organisation=standing.organisation.name,
        stance=position.stance if position else "",
        letter=position.letter if position else "–",
        label=position.get_stance_display() if position else "Nog geen standpunt",
        reason=position.reason if position else "",
        back_by=position.back_by if position else None,
        stale=standing.stale,
    )


def _counts(board: Board, agreements) -> tuple[FrameworkCount, ...]:
    made = Counter(agreement.framework for agreement in agreements if agreement.is_promised)
    others = Counter(agreement.framework for agreement in agreements if not agreement.is_promised)
    found = []
    for row in board.rows:
        states = Counter(cell.state for cell in row.cells)
        found.append(
            FrameworkCount(
                label=row.framework.label,
                agreements=made[row.framework],
                proposals=others[row.framework],
                agreed=states["agreed"],
                deliberate=states["deliberate"],
                empty=states["busy"] + states["empty"],
            )
        )
    return tuple(found)


def _short(text: str, most: int) -> str:
    """For a running head, which has one line."""
    return Truncator(text).chars(most)
