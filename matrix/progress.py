"""The year after the session: how far each agreement is, and what is late. Pure: no database, no clock."""

import datetime
from dataclasses import dataclass

from django.utils import dateformat

from matrix.models import Agreement

SILENCE = datetime.timedelta(days=92)  # three months without a word, and we ask

Status = Agreement.Status
# What a line of the log can say. A measure lapses at the looking back, with its reason; not in passing.
REPORTED = {
    Status.AGREED: "Nog niet begonnen",
    Status.IN_PROGRESS: "Wij zijn bezig",
    Status.DONE: "Klaar",
}


@dataclass(frozen=True)
class HowFar:
    """One agreement with what was last heard of it. `late`: what to ask about it, empty when all is well."""

    agreement: Agreement
    last: object | None  # the newest line of its log
    percent: int | None
    late: str
    heard: bool = False

    @property
    def is_done(self):
        return self.agreement.status == Status.DONE


def was_heard(lines) -> bool:
    """Somebody told how far it is. The line that the agreeing itself left, the first, says nothing of it."""
    return len(lines) > 1 or any(one.status != Status.AGREED or one.note or one.percent is not None for one in lines)


def how_far(agreement, *, held: datetime.date, today: datetime.date) -> HowFar:
    """`agreement` with its log at hand, newest first; `held`: the day of the session."""
    lines = list(agreement.progress.all())
    percent = next((line.percent for line in lines if line.percent is not None), None)
    if agreement.status == Status.DONE:
        percent = 100
    asks = late(agreement, lines, held=held, today=today)
    return HowFar(agreement, lines[0] if lines else None, percent, asks, was_heard(lines))


def late(agreement, lines, *, held: datetime.date, today: datetime.date) -> str:
    """A question rather than a reproach: most of what is late is only not told."""
    if not agreement.is_promised or agreement.status == Status.DONE:
        return ""
    if agreement.end and agreement.end < today:
        return f"Zou klaar zijn op {told(agreement.end)}. Is het gelukt, of is er meer tijd nodig?"
    if agreement.status == Status.AGREED and agreement.start and agreement.start < today:
        return f"Zou beginnen op {told(agreement.start)}. Is het al begonnen?"
    heard = max(filter(None, [held, agreement.start, *(line.on for line in lines)]))
    if today - heard > SILENCE:
        return f"Al sinds {told(heard)} niets gehoord. Hoe staat het ervoor?"
    return ""


def told(day: datetime.date) -> str:
    return dateformat.format(day, "j F Y")


@dataclass(frozen=True)
class PartyProgress:
    """What one party leads. `organisation` None: nobody leads it yet."""

    organisation: object | None
    rows: list[HowFar]

    @property
    def late(self):
        return sum(bool(row.late) for row in self.rows)

    @property
    def done(self):
        return sum(row.is_done for row in self.rows)


def by_party(rows: list[HowFar], organisations) -> list[PartyProgress]:
    """In the order of the table; parties that lead nothing are left out, what nobody leads comes last."""
    parties = [
        PartyProgress(party, [row for row in rows if row.agreement.lead_id == (party.pk if party else None)])
        for party in (*organisations, None)
    ]
    return [party for party in parties if party.rows]
