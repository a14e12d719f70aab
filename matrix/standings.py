"""Where each organisation stands on an agreement. Pure."""

from dataclasses import dataclass

from matrix.models import Position


@dataclass(frozen=True)
class Standing:
    """Where one organisation stands on one agreement; position None when it has not said."""

    organisation: object
    position: Position | None
    stale: bool  # said about an earlier wording

    @property
    def is_objection(self) -> bool:
        """Not a plain yes: it goes with the agreement wherever that is shown."""
        return self.position is not None and self.position.stance in Position.NEEDS_REASON


def is_fixed(agreement, position: Position | None, *, on_behalf: bool = False) -> bool:
    """On words that were fixed a position stands, except one that was still to come: none, about an earlier text, or
    back to the members first. What was entered for an organisation, that organisation may still set right;
    `on_behalf`: the facilitator would."""
    if not agreement.is_frozen or position is None or position.wording != agreement.wording:
        return False
    return position.stance != Position.Stance.CONSULT and (on_behalf or not position.on_behalf)


def standings(agreement, organisations) -> list[Standing]:
    by_organisation = {position.organisation_id: position for position in agreement.positions.all()}
    found = []
    for organisation in organisations:
        position = by_organisation.get(organisation.pk)
        found.append(Standing(organisation, position, bool(position and position.wording != agreement.wording)))
    return found


def disputed(agreements, organisations) -> list[tuple]:
    """(agreement, where all stand) of those to which some party objects, or says yes only with a reservation."""
    found = [(agreement, standings(agreement, organisations)) for agreement in agreements]
    return [(agreement, every) for agreement, every in found if any(one.is_objection for one in every)]
