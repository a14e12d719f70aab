"""What each organisation said of an agreement before, from the log: no position is ever lost. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from matrix.models import Event, Position

# The events that change a position; of the second every position of the agreement.
TAKEN, ACCEPTED = "position_taken", "amendment_accepted"


@dataclass(frozen=True)
class Said:
    """One position as it was taken."""

    label: str
    stance: str
    reason: str
    wording: int
    at: datetime
    on_behalf: bool
    by_amendment: bool = False

    @property
    def letter(self) -> str:
        return Position.LETTER.get(self.stance, "–")


def history(events: Iterable[Event]) -> dict[int, list[Said]]:
    """Organisation pk -> all that it said of one agreement, oldest first; the last is what stands. `events` of that
    agreement, in their order."""
    found: dict[int, list[Said]] = defaultdict(list)
    for event in events:
        if event.undone:
            continue
        if event.what == TAKEN and event.organisation_id:
            found[event.organisation_id].append(_said(event.data["after"], event))
        if event.what == ACCEPTED:
            before = event.data["positions_before"]
            for pk, stored in event.data["positions_after"].items():
                if stored != before.get(pk):
                    found[int(pk)].append(_said(stored, event, by_amendment=True))
    return dict(found)


def earlier(said: list[Said]) -> list[Said]:
    """Without the one that stands."""
    return said[:-1]


def _said(stored: dict, event: Event, **more) -> Said:
    stance = stored["stance"]
    label = dict(Position.Stance.choices).get(stance, stance)
    return Said(label, stance, stored["reason"], stored["wording"], event.at, stored["on_behalf"], **more)
