"""Priorities: what a round of dots is about, and what came out of it. Pure but for `candidates`."""

from collections import defaultdict
from dataclasses import dataclass

from matrix.models import Agreement, DotRound

FEWEST, MOST = 3, 10  # dots a person
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
UNDECIDED = (Agreement.Status.IDEA, Agreement.Status.PROPOSAL)


def candidates(workshop, about: str) -> list:
    """The buurten of the session, or what is not agreed yet."""
    if about == DotRound.About.AREAS:
        return [sheet.area for sheet in workshop.workshop_areas.select_related("area").defer("area__geometry")]
    return list(workshop.agreements.filter(status__in=UNDECIDED))


def keys(round: DotRound) -> list:
    """What names the choices of now in a session: codes of buurten, or numbers of measures."""
    areas = round.about == DotRound.About.AREAS
    return [subject.code if areas else subject.number for subject in candidates(round.workshop, round.about)]


def offered(round: DotRound) -> list:
    """What could be chosen when the round was revealed: what came after it was not passed over. What left is there
    only by its dots."""
    workshop, still = round.workshop, candidates(round.workshop, round.about)
    revealed = workshop.events.filter(what="dots_revealed", data__number=round.number).order_by("revision").last()
    if revealed is None or round.about == DotRound.About.AREAS:
        chosen = revealed.data.get("choices") if revealed else None
        return still if chosen is None else [area for area in still if area.code in chosen]
    if "choices" in revealed.data:
        return list(workshop.agreements.filter(number__in=revealed.data["choices"]))
    later = set(
        workshop.events.filter(what="proposed", revision__gt=revealed.revision).values_list("data__number", flat=True)
    )
    return [measure for measure in still if measure.number not in later]


@dataclass(frozen=True)
class Share:
    """What one organisation gave. `x` and `width` in percent of the longest bar; `pattern` goes with the letter."""

    name: str
    letter: str
    pattern: int
    count: int
    x: str
    width: str
    middle: str


@dataclass(frozen=True)
class Line:
    rank: int  # equal totals share a place
    subject: object
    total: int
    shares: tuple[Share, ...]
    gone: bool  # it is no longer among what the round was about


@dataclass(frozen=True)
class Party:
    organisation: object
    letter: str
    pattern: int
    people: int  # who gave any dots


def parties(organisations, dots) -> list[Party]:
    ballots = defaultdict(set)
    for dot in dots:
        ballots[dot.organisation_id].add(dot.ballot)
    return [
        Party(organisation, LETTERS[i % len(LETTERS)], i % 8, len(ballots[organisation.pk]))
        for i, organisation in enumerate(organisations)
    ]


def ranking(dots, of_table: list[Party], still: list, choices: list | None = None) -> list[Line]:
    """Most dots first; what nobody gave any dots stands last. `still`: what can be chosen now; `choices`: what could
    be when the dots were given."""
    given = defaultdict(lambda: defaultdict(int))
    subjects = {subject.pk: subject for subject in (still if choices is None else choices)}
    for dot in dots:
        subject = dot.subject
        subjects.setdefault(subject.pk, subject)
        given[subject.pk][dot.organisation_id] += dot.count
    totals = {pk: sum(given[pk].values()) for pk in subjects}
    longest = max(totals.values(), default=0) or 1
    here = {subject.pk for subject in still}
    return [
        Line(
            rank=1 + sum(other > totals[pk] for other in totals.values()), subject=subjects[pk], total=totals[pk],
            shares=_shares(given[pk], of_table, longest), gone=pk not in here,
        )
        for pk in sorted(subjects, key=lambda pk: -totals[pk])
    ]  # fmt: skip


def _shares(given, of_table, longest) -> tuple[Share, ...]:
    found, at = [], 0
    for party in of_table:
        count = given.get(party.organisation.pk, 0)
        if not count:
            continue
        x, width = 100 * at / longest, 100 * count / longest
        found.append(
            Share(party.organisation.name, party.letter, party.pattern, count, f"{x:.2f}%", f"{width:.2f}%",
                  f"{x + width / 2:.2f}%")
        )  # fmt: skip
        at += count
    return tuple(found)
