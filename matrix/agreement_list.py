"""The list of agreements as rows, and which of them are shown. Pure; the choice stands in the address."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from matrix import advice, concreteness
from matrix.confirming import ToConfirm, to_confirm
from matrix.models import Agreement, Framework, Position
from matrix.standings import Standing, standings


@dataclass(frozen=True)
class Row:
    agreement: Agreement
    standings: list[Standing]
    concrete: concreteness.Concreteness
    to_confirm: list[ToConfirm]
    advice: advice.Track | None  # of one that touches the right of advice

    @property
    def objections(self) -> list[Position]:
        """They travel with the agreement, wherever it is shown."""
        return [s.position for s in self.standings if s.position and s.position.stance in Position.NEEDS_REASON]

    @property
    def parties(self) -> set[int]:
        """Keys of who leads or contributes."""
        return {self.agreement.lead_id, *(c.organisation_id for c in self.agreement.contributions.all())} - {None}


def row_of(agreement, organisations, today) -> Row:
    return Row(
        agreement,
        standings(agreement, organisations),
        concreteness.of(agreement),
        to_confirm(agreement, organisations),
        advice.track(getattr(agreement, "advice", None), today) if agreement.touches_advice_right else None,
    )


TICKS = {
    "bezwaar": ("met bezwaar", lambda row: bool(row.objections)),
    "onaf": ("niet concreet", lambda row: not row.concrete.whole),
    "bevestigen": ("te bevestigen", lambda row: bool(row.to_confirm)),
    "advies": ("raakt het adviesrecht", lambda row: row.advice is not None),
}


@dataclass(frozen=True)
class Choice:
    party: int | None = None
    status: str = ""
    framework: str = ""
    ticks: frozenset[str] = frozenset()

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Choice":
        """From an address; what makes no sense is as if it was not there."""
        party, status, framework = (query.get(name, "") for name in ("partij", "status", "kader"))
        return cls(
            int(party) if party.isascii() and party.isdecimal() and len(party) < 10 else None,
            status if status in Agreement.Status.values else "",
            framework if framework in Framework.values else "",
            frozenset(name for name in TICKS if query.get(name)),
        )

    @property
    def key(self) -> str:
        """As it stands in the address; empty when all are shown."""
        chosen = {"partij": self.party, "status": self.status, "kader": self.framework}
        return urlencode({k: v for k, v in chosen.items() if v} | {name: "1" for name in TICKS if name in self.ticks})

    def shows(self, row: Row) -> bool:
        return (
            (self.party is None or self.party in row.parties)
            and (not self.status or row.agreement.status == self.status)
            and (not self.framework or row.agreement.framework == self.framework)
            and all(TICKS[name][1](row) for name in self.ticks)
        )
