"""The agreements and proposals of the plan, each with everything that was said about it."""

from matrix.advice import answer_by
from matrix.citywide import Elsewhere
from matrix.concreteness import hints
from matrix.confirming import to_confirm
from matrix.models import Agreement, Framework
from matrix.plan.parts import AdvicePart, Brought, ConfirmLine, PositionLine, Sheet
from matrix.stages import Role
from matrix.standings import standings


def sheet_of(agreement: Agreement, organisations, areas_on_table: int) -> Sheet:
    areas = tuple(area.name for area in agreement.areas.all())
    approved = [a for a in agreement.plain_approvals.all() if a.version == agreement.plain_version]
    tenants = [organisation.name for organisation in organisations if organisation.role == Role.TENANT]
    approved_by = tuple(approval.organisation.name for approval in approved)
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
        elsewhere=Elsewhere(agreement).state,
        effect_elsewhere=agreement.effect_elsewhere,
        asked_elsewhere=agreement.asked_elsewhere,
        compensation=agreement.compensation,
        reservation=agreement.reservation,
        legal_check=agreement.legal_check,
        touches_advice_right=agreement.touches_advice_right,
        proposed_by=str(agreement.proposed_by or ""),
        wording=str(agreement.wording) if agreement.wording > 1 else "",
        plain_words=agreement.plain_words,
        plain_approved=approved_by,
        plain_waiting=tuple(name for name in tenants if name not in approved_by),
        hints=tuple(hints(agreement)),
        to_confirm=tuple(_confirm_line(one) for one in to_confirm(agreement, organisations)),
        advice=_advice_part(getattr(agreement, "advice", None)),
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
        on_behalf=bool(position and position.on_behalf),
    )


def _confirm_line(one) -> ConfirmLine:
    answer = one.answer
    return ConfirmLine(
        one.organisation.name,
        one.part,
        answer.get_stance_display().lower() if answer else "",
        answer.note if answer else "",
    )


def _advice_part(advice) -> AdvicePart | None:
    if advice is None or not (advice.asked_on or advice.outcome or advice.decided_on):
        return None
    return AdvicePart(
        organisation=str(advice.organisation or ""),
        asked_on=advice.asked_on,
        due_on=advice.due_on,
        received_on=advice.received_on,
        outcome=advice.get_outcome_display() if advice.outcome else "",
        text=advice.text,
        on_behalf=advice.on_behalf,
        answer_by=answer_by(advice),
        decided_on=advice.decided_on,
        deviates=advice.deviates,
        decision=advice.decision,
    )
