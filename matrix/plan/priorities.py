"""What the table found most important: the rounds of dots that were revealed."""

from dataclasses import dataclass

from django.db.models import Prefetch

from matrix.dots import offered, parties, ranking
from matrix.models import Dot


@dataclass(frozen=True)
class PriorityLine:
    rank: int
    subject: str
    total: int
    given: str  # 'Gemeente 3, Huurdersvereniging 2'


@dataclass(frozen=True)
class PriorityRound:
    question: str
    each: int
    people: int
    lines: tuple[PriorityLine, ...]
    choices: int  # when the dots were given
    without: int  # of these got none


def priorities(workshop) -> tuple[PriorityRound, ...]:
    dots = Prefetch("dots", Dot.objects.with_subject())
    rounds = workshop.dot_rounds.filter(revealed=True).prefetch_related(dots)
    organisations = list(workshop.organisations.all()) if rounds else []
    return tuple(_round(found, organisations, offered(found)) for found in rounds)


def _round(found, organisations, choices) -> PriorityRound:
    dots = list(found.dots.all())
    of_table = parties(organisations, dots)
    lines = ranking(dots, of_table, choices)
    chosen = [line for line in lines if line.total]
    return PriorityRound(
        question=found.question,
        each=found.each,
        people=sum(party.people for party in of_table),
        lines=tuple(
            PriorityLine(
                line.rank, str(line.subject), line.total, ", ".join(f"{s.name} {s.count}" for s in line.shares)
            )
            for line in chosen
        ),
        choices=len(lines),
        without=len(lines) - len(chosen),
    )
