"""What happened at the table: who was in at which step, and what was said and done with it."""

from collections import defaultdict

from matrix.models import Attendance
from matrix.plan.parts import AttendanceTable, SaidLine, SaidPart, SaidTheme
from matrix.stages import WRITE_FIRST, Stage
from matrix.voices import is_revealed


def attendance(workshop, organisations) -> AttendanceTable:
    """The steps at which anybody was in; preparing is not one of the session."""
    people = {
        (seen.organisation_id, seen.stage): seen.people
        for seen in Attendance.objects.filter(workshop=workshop).exclude(stage=Stage.PREPARE)
    }
    held = [stage for stage in Stage if any(seen == stage for _, seen in people)]
    return AttendanceTable(
        stages=tuple(stage.label for stage in held),
        rows=tuple((o.name, tuple(people.get((o.pk, stage), 0) for stage in held)) for o in organisations),
    )


def said(workshop, sheets) -> tuple[SaidPart, ...]:
    """The remarks that were revealed, by step and theme; what nobody revealed is not the table's.

    `sheets`: agreement pk -> its Sheet.
    """
    steps = [stage for stage in WRITE_FIRST if is_revealed(workshop, stage)]
    every = list(
        workshop.remarks.filter(stage__in=steps)
        .select_related("organisation", "area", "theme", "agreement")
        .defer("area__geometry")
    )
    merged = defaultdict(list)
    for remark in every:
        merged[remark.merged_into_id].append(remark)
    return tuple(
        SaidPart(stage.label, _themes([r for r in merged[None] if r.stage == stage], merged, sheets)) for stage in steps
    )


def _themes(heads, merged, sheets) -> tuple[SaidTheme, ...]:
    found = defaultdict(list)
    for remark in heads:
        found[remark.theme].append(remark)
    in_order = sorted(found, key=lambda theme: (theme is None, theme and (theme.position, theme.pk)))
    return tuple(
        SaidTheme(theme.title if theme else "", tuple(_line(r, merged[r.pk], sheets) for r in found[theme]))
        for theme in in_order
    )


def _line(remark, others, sheets) -> SaidLine:
    return SaidLine(
        text=remark.text,
        speaker=remark.speaker,
        on_behalf=remark.on_behalf,
        area=remark.area.name if remark.area else "",
        internal=remark.internal,
        merged=tuple((other.text, other.speaker) for other in others),
        merged_to_share=tuple((other.text, other.speaker) for other in others if not other.internal),
        answer=remark.get_answer_display() if remark.answer else "",
        answer_text=remark.answer_text,
        sheet=sheets.get(remark.agreement_id),
        sheet_title=str(remark.agreement or ""),
    )
