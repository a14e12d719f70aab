"""The plan as it may go on to others. What is left out is decided in matrix/files/sharing.py; here it is left out of
the pieces of the plan. Figures of small buurten, and texts that are not open yet, never came this far. Pure.
"""

from dataclasses import replace

from matrix.plan.joint import PlanDocument


def to_share(plan: PlanDocument) -> PlanDocument:
    agreements, proposals = tuple(map(_sheet, plan.agreements)), tuple(map(_sheet, plan.proposals))
    again = {sheet.number: sheet for sheet in (*agreements, *proposals)}
    return replace(
        plan,
        shared=True,
        chapters=tuple(map(_chapter, plan.chapters)),
        agreements=agreements,
        proposals=proposals,
        promises=tuple(_promise(promise, again) for promise in plan.promises),
        said=tuple(_said(part, again) for part in plan.said),
        looking_back=_looking_back(plan),
    )


def _chapter(chapter):
    return replace(chapter, readings=tuple(replace(reading, on_behalf=False) for reading in chapter.readings))


def _sheet(sheet):
    """What the facilitator entered for others stands as their word; an answer on paper that waits for them does not."""
    return replace(
        sheet,
        positions=tuple(replace(position, on_behalf=False) for position in sheet.positions),
        to_confirm=tuple(replace(line, answer="", note="") for line in sheet.to_confirm),
        advice=sheet.advice and replace(sheet.advice, on_behalf=False),
    )


def _promise(promise, again):
    return replace(
        promise,
        leads=tuple(again[sheet.number] for sheet in promise.leads),
        brings=tuple((again[sheet.number], text) for sheet, text in promise.brings),
    )


def _said(part, again):
    return replace(
        part,
        themes=tuple(
            replace(theme, remarks=tuple(_remark(remark, again) for remark in theme.remarks if not remark.internal))
            for theme in part.themes
            if not all(remark.internal for remark in theme.remarks)
        ),
    )


def _remark(remark, again):
    return replace(
        remark,
        on_behalf=False,
        merged=remark.merged_to_share,
        sheet=again[remark.sheet.number] if remark.sheet else None,
    )


def _looking_back(plan):
    small = {chapter.name for chapter in plan.chapters if chapter.few_households}
    return tuple(
        replace(line, signals=tuple(signal for signal in line.signals if signal[0] not in small))
        for line in plan.looking_back
    )
