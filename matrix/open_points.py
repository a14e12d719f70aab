"""What an earlier session left open, for the agenda of the one that looks back on it: who was not of one mind, who
would ask its members first, and what could not come along. Pure."""

from dataclasses import dataclass

from matrix.models import Position

OPEN = {
    Position.Stance.DISAGREE: "niet akkoord",
    Position.Stance.CONSULT: "zou eerst terug naar de achterban",
    Position.Stance.RESERVATION: "akkoord met voorbehoud",
}


@dataclass(frozen=True)
class OpenPoint:
    agreement: object
    position: Position

    @property
    def what(self) -> str:
        return OPEN[self.position.stance]


def open_points(agreements) -> list[OpenPoint]:
    """Of agreements that came along and still stand, those that objected first. A party that has come round since is
    no point any more."""
    found = [
        OpenPoint(agreement, position)
        for agreement in agreements
        if agreement.follows_id
        for position in agreement.positions.all()
        if position.stance in OPEN
    ]
    order = list(OPEN)
    return sorted(found, key=lambda point: (order.index(point.position.stance), point.agreement.number))
