"""What rests on a party that was never there: to be confirmed (te bevestigen). Pure."""

from dataclasses import dataclass

from matrix.models import Position


@dataclass(frozen=True)
class ToConfirm:
    """One absent organisation that an agreement counts on, and has not said so itself."""

    organisation: object
    leads: bool
    text: str  # what it would bring
    answer: Position | None  # what it answered on paper, entered by the facilitator, about the present wording

    @property
    def part(self) -> str:
        return "trekker" if self.leads else "partner"


def to_confirm(agreement, organisations) -> list[ToConfirm]:
    """`organisations` with `present`, see OrganisationQuerySet.with_presence."""
    absent = [organisation for organisation in organisations if not organisation.present]
    if not absent:
        return []
    brought = {c.organisation_id: c.text for c in agreement.contributions.all()}
    said = {p.organisation_id: p for p in agreement.positions.all() if p.wording == agreement.wording}
    found = []
    for organisation in absent:
        leads, position = organisation.pk == agreement.lead_id, said.get(organisation.pk)
        itself = position is not None and not position.on_behalf
        if (leads or organisation.pk in brought) and not itself:
            found.append(ToConfirm(organisation, leads, brought.get(organisation.pk, ""), position))
    return found
