"""From the database to the joint plan: workshop -> PlanDocument.

A fixed number of queries, however many buurten or agreements. No clock: the date of a plan is that of its session.
"""

from collections import Counter

from django.db.models import Prefetch

from maps.models import Area, Signal, SignalMap
from maps.places import histories
from maps.sentences import number
from maps.showing import ShownArea, area_from_past, municipality_of, show_signal
from maps.style import STYLES, ClassStyle, styles
from maps.svgmap import MapArea
from matrix.board import Board, build_board
from matrix.files.content import small_buurten
from matrix.models import Framework, Workshop
from matrix.plan.canonical import content_of, fingerprint, shown
from matrix.plan.chapters import chapters
from matrix.plan.joint import PlanDocument
from matrix.plan.looking_back import looked_back
from matrix.plan.parts import Edition, FrameworkCount, LegendLine, Party, PartyPromise, short
from matrix.plan.priorities import priorities
from matrix.plan.shared import to_share
from matrix.plan.sheets import sheet_of
from matrix.plan.table import attendance, said
from matrix.reciprocity import promises
from matrix.stages import Stage


def build_document(workshop: Workshop, *, shareable: bool = False) -> PlanDocument:
    """`shareable`: as it may go on to others. What not everyone at the table may read yet is in neither."""
    edition = workshop.signal_map
    municipality = municipality_of(edition) or Area(name=edition.municipality)
    organisations = list(workshop.organisations.with_presence())
    parties = {o.pk: Party(o.name, o.get_kind_display(), o.present) for o in organisations}
    on_table = list(workshop.workshop_areas.select_related("area"))
    small = small_buurten(workshop, on_table) if shareable else frozenset()
    every = list(Signal.objects.of(edition).for_map())
    signals = {signal.area_id: signal for signal in every if signal.area.code not in small}
    agreements = list(_agreements(workshop))
    board = build_board([sheet.area for sheet in on_table], agreements, _empty_cells(workshop))
    details = _details(edition, on_table, signals, municipality)
    map_areas = _map_areas(on_table, signals)
    sheets = [sheet_of(agreement, organisations, len(on_table)) for agreement in _in_order(agreements)]
    by_pk = {agreement.pk: sheet for agreement, sheet in zip(_in_order(agreements), sheets, strict=True)}
    status, fixed = _status(workshop)
    plan = PlanDocument(
        title=workshop.title,
        short_title=short(workshop.title, 60),
        date=workshop.date,
        place=workshop.place,
        municipality=municipality.name,
        fictional=workshop.fictional,
        status=status,
        revision=str(workshop.revision),
        edition=_edition(edition),
        parties=tuple(parties.values()),
        legend=_legend(edition, on_table, signals, len(every) - len(signals)),
        chapters=chapters(workshop, on_table, details, board, organisations, map_areas, small=small),
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
        said=said(workshop, by_pk),
        attendance=attendance(workshop, organisations),
        priorities=priorities(workshop),
        map_areas=tuple(map_areas),
        fixed=fixed,
        looking_back=looked_back(workshop),
    )
    return to_share(plan) if shareable else plan


def _status(workshop) -> tuple[str, str]:
    """What the plan calls itself, and the fingerprint of the version that it still equals."""
    last = workshop.versions.defer("content").last()
    concept = "Concept ter vaststelling" if workshop.stage == Stage.SETTLE else "Concept"
    if last is None:
        return concept, ""
    if fingerprint(content_of(workshop)) != last.fingerprint:
        return f"{concept}, na versie {last.number}", ""
    return f"Vastgesteld, versie {last.number}", shown(last.fingerprint)


def _agreements(workshop):
    """As `with_everything`, without the shapes of their buurten."""
    return (
        workshop.agreements.standing()
        .select_related("lead", "proposed_by", "advice__organisation")
        .prefetch_related(
            Prefetch("areas", Area.objects.defer("geometry")),
            "contributions__organisation",
            "positions",
            "plain_approvals__organisation",
        )
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


def _legend(edition, on_table, signals, left_out: int) -> tuple[LegendLine, ...]:
    in_session = Counter(_style_of(signals.get(sheet.area_id)).key for sheet in on_table)
    in_municipality = Counter(signal.signal_class for signal in signals.values())
    in_municipality["insufficient_data"] += left_out
    return tuple(
        LegendLine(style, in_session[style.key], in_municipality[style.key]) for style in styles(film=edition.is_film)
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
