"""Which measures of the matrix are shown: what the address asks, the same with and without a script. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from matrix.models import Agreement

ROLES = {
    "": "trekt, brengt in of stelde voor",
    "trekt": "trekt",
    "brengt": "brengt iets in",
    "voorgesteld": "stelde voor",
}


@dataclass(frozen=True)
class Narrowing:
    """`organisation` and `area` are keys of rows of the session; 0 is all."""

    organisation: int = 0
    role: str = ""
    status: str = ""
    area: int = 0
    objection: bool = False

    @classmethod
    def from_query(cls, query: Mapping[str, str], *, organisations, areas) -> "Narrowing":
        """What the session does not have is left out: an address outlives an organisation."""
        return cls(
            organisation=_one_of(query.get("organisatie", ""), organisations),
            role=query.get("rol", "") if query.get("rol") in ROLES else "",
            status=query.get("status", "") if query.get("status") in SHOWN else "",
            area=_one_of(query.get("alleen", ""), areas),
            objection=query.get("bezwaar") == "1",
        )

    @property
    def wanted(self) -> list[set[str]]:
        """A measure fits when it has one fact of each of these sets, see `board.Card.facts`."""
        roles = [self.role] if self.role else [role for role in ROLES if role]
        return [
            *([{f"{role}-{self.organisation}" for role in roles}] if self.organisation else []),
            *([{f"status-{self.status}"}] if self.status else []),
            *([{"bezwaar"}] if self.objection else []),
        ]

    @property
    def is_on(self) -> bool:
        return bool(self.wanted or self.area)

    def fits(self, facts) -> bool:
        return all(wanted.intersection(facts) for wanted in self.wanted)


SHOWN = {value: label for value, label in Agreement.Status.choices if value != Agreement.Status.DROPPED}


def _one_of(asked: str, known) -> int:
    return int(asked) if asked.isdecimal() and int(asked) in known else 0
