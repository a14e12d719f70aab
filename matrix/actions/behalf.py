"""Entered on behalf of who has no phone at hand: marked as such until that organisation takes it over."""

from matrix.actions.recording import Refused, record, writing
from matrix.models import Advice, Consent, Noticed, Participation, Position, Reading, Remark
from matrix.stages import Right


def require_open(said, organisation, on_behalf: bool) -> None:
    """The facilitator never changes what an organisation said itself."""
    if on_behalf and said is not None and not said.on_behalf:
        raise Refused(f"{organisation} heeft dit zelf ingevuld. Alleen {organisation} kan het wijzigen.")


def _subjects(said) -> list[str]:
    match said:
        case Reading():
            return [f"readings/{said.area_id}"]
        case Position() | Advice():
            return [f"agreements/{said.agreement.number}"]
        case Consent():
            return [f"agreements/{said.amendment.agreement.number}"]
        case Noticed():
            return [f"reviews/{said.agreement.number}"]
        case Remark():
            return [f"remarks/{said.stage}"]
    raise TypeError(said)


def take_over(*, by: Participation, said: Reading | Position | Remark | Advice | Consent | Noticed) -> None:
    """Yes, we said that: from now on it is the organisation's own, as if it had been entered by them."""
    with writing(by, Right.CONFIRM) as workshop:
        fresh = type(said).objects.get(pk=said.pk)
        if fresh.organisation_id != by.organisation_id:
            raise Refused(f"Dit is gezegd door {fresh.organisation}.")
        type(said).objects.filter(pk=fresh.pk).update(on_behalf=False)
        record(workshop, by=by, what="taken_over", summary=f"{by.organisation} bevestigde wat namens hen is ingevoerd",
               subjects=_subjects(fresh))  # fmt: skip
