"""Priorities: a round of dots is opened, everyone spreads, the facilitator reveals."""

import re

from django.db.models import Max

from matrix.actions.recording import Conflict, Refused, record, voicing, writing
from matrix.dots import FEWEST, MOST, candidates, keys
from matrix.models import Dot, DotRound, Organisation, Participation, ballot
from matrix.stages import Right

_BALLOT = re.compile(r"[\w-]{8,16}", re.ASCII)


def _about(number: int) -> list[str]:
    return ["dots", f"dots/{number}", "header"]


def open_round(*, by: Participation, about: str, question: str, each: int) -> DotRound:
    if not FEWEST <= each <= MOST:
        raise Refused(f"Kies een aantal stippen van {FEWEST} tot en met {MOST}.")
    with writing(by, Right.REVEAL) as workshop:
        if running := workshop.dot_rounds.filter(revealed=False).first():
            raise Refused(f"De ronde ‘{running}’ loopt nog. Onthul die eerst.")
        if len(candidates(workshop, about)) < 2:
            what = "buurten" if about == DotRound.About.AREAS else "ideeën en voorstellen"
            raise Refused(f"Er zijn nog geen twee {what} om over te verdelen.")
        number = (workshop.dot_rounds.aggregate(n=Max("number"))["n"] or 0) + 1
        made = DotRound.objects.create(
            workshop=workshop, number=number, about=DotRound.About(about), question=question, each=each
        )
        record(workshop, by=by, what="dots_opened", summary=f"Stippen verdelen: {question}", subjects=_about(number),
               data={"number": number})  # fmt: skip
    return made


def give(
    *,
    by: Participation,
    round: DotRound,
    subject,
    count: int,
    seen: int | None = None,
    on_behalf_of: Organisation | None = None,
    on_ballot: str = "",
) -> str:
    """This person's dots on one buurt or proposal are now `count`, which `seen` were: another tab may have moved them.
    Returns the ballot. `on_ballot`: of a person without a phone, for whom the facilitator enters it."""
    with voicing(by, Right.PRIORITISE, on_behalf_of=on_behalf_of) as (workshop, organisation):
        fresh = workshop.dot_rounds.get(pk=round.pk)
        if fresh.revealed:
            raise Refused("Deze ronde is onthuld. De stippen liggen vast.")
        of_whom = _ballot(fresh, by, organisation, on_ballot if on_behalf_of else "")
        mine = {dot.area_id or dot.agreement_id: dot for dot in fresh.dots.filter(ballot=of_whom)}
        before = mine[subject.pk].count if subject.pk in mine else 0
        if before == count:
            return of_whom
        if seen is not None and seen != before:
            raise Conflict({"count": before})
        if count < 0 or (count > before and subject not in candidates(workshop, fresh.about)):
            raise Refused(f"Aan ‘{subject}’ kunt u geen stippen meer geven.")
        if sum(dot.count for dot in mine.values()) - before + count > fresh.each:
            raise Refused(f"Alle {fresh.each} stippen zijn verdeeld. Haal eerst ergens een stip weg.")
        _store(fresh, by, organisation, of_whom, subject, count, on_behalf=on_behalf_of is not None)
        record(workshop, by=by, what="dots_given", summary=f"Iemand van {organisation} verdeelde stippen",
               organisation=organisation, subjects=[f"dots/{fresh.number}"], data={"number": fresh.number})  # fmt: skip
    return of_whom


def _ballot(fresh, by, organisation, wanted: str) -> str:
    if not wanted:
        own = fresh.dots.filter(participation=by).values_list("ballot", flat=True).first() if by.organisation_id else ""
        return own or ballot()
    others = fresh.dots.filter(ballot=wanted).exclude(organisation=organisation, on_behalf=True)
    if not _BALLOT.fullmatch(wanted) or others.exists():
        raise Refused("Deze stem is van iemand anders. Begin opnieuw bij ‘Zonder telefoon’.")
    return wanted


def _store(fresh, by, organisation, of_whom, subject, count, *, on_behalf) -> None:
    what = {"area" if fresh.about == DotRound.About.AREAS else "agreement": subject}
    if not count:
        fresh.dots.filter(ballot=of_whom, **what).delete()
        return
    Dot.objects.update_or_create(
        round=fresh, ballot=of_whom, **what,
        defaults={"organisation": organisation, "participation": None if on_behalf else by, "count": count,
                  "on_behalf": on_behalf},
    )  # fmt: skip


def reveal(*, by: Participation, round: DotRound) -> None:
    with writing(by, Right.REVEAL) as workshop:
        fresh = workshop.dot_rounds.get(pk=round.pk)
        if fresh.revealed:
            return
        fresh.revealed = True
        fresh.save(update_fields=["revealed"])
        record(workshop, by=by, what="dots_revealed", summary=f"Stippen onthuld: {fresh}",
               subjects=_about(fresh.number), data={"number": fresh.number, "choices": keys(fresh)})  # fmt: skip
