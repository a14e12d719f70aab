"""The chapters of the plan: one for each buurt."""

from collections import defaultdict

from django.utils.safestring import mark_safe

from maps.showing import own_signals_of
from maps.svgmap import locator_svgs
from matrix.board import Board
from matrix.plan.figures import signal_part
from matrix.plan.parts import CellPart, Chapter, OwnLine, ReadingLine, Reference, short
from matrix.stages import Role
from matrix.voices import analysis_is_open


def chapters(
    workshop, on_table, details, board: Board, organisations, map_areas, *, small=frozenset()
) -> tuple[Chapter, ...]:
    """`small`: codes of buurten whose figures are left out."""
    readings = defaultdict(list)
    for reading in workshop.readings.select_related("organisation"):
        readings[reading.area_id].append(reading)
    own_signals = own_signals_of([sheet.area.code for sheet in on_table])
    locators = locator_svgs(map_areas, width_mm=40, max_height_mm=40)
    tenants = [organisation for organisation in organisations if organisation.role == Role.TENANT]
    readers = [None, *(tenant.pk for tenant in tenants)]
    found = []
    for index, sheet in enumerate(on_table, start=1):
        hide = sheet.area.code in small
        answered = {reading.organisation_id for reading in readings[sheet.area_id]}
        # The plan is for everyone: what one may not read yet, it does not hold yet.
        is_open = all(analysis_is_open(workshop.stage, sheet, set(readers[1:]), answered, one) for one in readers)
        found.append(
            Chapter(
                index=index,
                code=sheet.area.code,
                name=sheet.area.name,
                short_name=short(sheet.area.name, 60),
                signal=signal_part(details[sheet.area_id]) if sheet.area_id in details else None,
                own_signals=tuple(
                    OwnLine(own.signal_class, own.source, own.years)
                    for own in (() if hide else own_signals.get(sheet.area.code, ()))
                ),
                readings=tuple(
                    ReadingLine(
                        reading.organisation.name, reading.get_recognition_display(), reading.words, reading.on_behalf
                    )
                    for reading in readings[sheet.area_id]
                ),
                went_on=sheet.went_on_without_tenants,
                waiting=tuple(tenant.name for tenant in tenants if tenant.pk not in answered),
                problem_analysis=sheet.problem_analysis if is_open else "",
                definition_of_success=sheet.definition_of_success if is_open else "",
                practice_knowledge=sheet.practice_knowledge if is_open else "",
                tenants_first=not is_open,
                few_households=hide,
                cells=tuple(_cell_part(cell) for cell in board.by_area.get(sheet.area_id, ())),
                locator=mark_safe(locators.get(sheet.area.code, "")),
            )
        )
    return tuple(found)


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
