"""The agreements that are looked back on, each as one audience may see it: for the page, the room and the plan."""

from dataclasses import dataclass

from django.db.models import Q

from matrix.audience import Audience
from matrix.looking_back import Agreed, Answers, agreed_in, agreed_now, revealed_as
from matrix.models import Agreement, Noticed, PlanVersion, Review
from matrix.progress import was_heard
from matrix.stages import Role
from matrix.then_and_now import then_and_now


@dataclass(frozen=True)
class LookedBack:
    """One agreement as one audience may see it."""

    agreement: Agreement
    agreed: Agreed
    review: Review
    sees_done: bool
    noticed: list[Noticed]  # those that may be read
    unseen: int  # answers that are in and may not be read yet
    waiting: list  # the tenant organisations that have not answered
    is_open: bool
    last: object | None  # the newest line of progress, when anybody told how far it is
    signals: list


def reviewed(workshop):
    """The agreements that a looking back is about: what was promised, and what it stopped."""
    stopped = Q(status=Agreement.Status.DROPPED, review__decision=Review.Decision.STOP)
    return workshop.agreements.filter(Q(status__in=Agreement.PROMISED) | stopped)


def rows(seen_by: Audience, agreements) -> list[LookedBack]:
    """A fixed number of queries, however many agreements."""
    workshop = seen_by.workshop
    tenants = [party for party in workshop.organisations.all() if party.role == Role.TENANT]
    signals, version = _shared(workshop)
    return [_row(seen_by, one, tenants, signals, version) for one in agreements.for_looking_back()]


def _shared(workshop):
    """The signals of all buurten, and the version of the plan that was last fixed before this session: what all parts
    of a page need, made once for those that are rendered together."""
    known = getattr(workshop, "shared", {})
    if "looking back" not in known:
        fixed = PlanVersion.objects.filter(workshop=workshop.follows_id or workshop.pk).order_by("-number").first()
        known["looking back"] = then_and_now(workshop), fixed
    return known["looking back"]


def _row(seen_by, agreement, tenants, signals, version) -> LookedBack:
    workshop, said, log = seen_by.workshop, list(agreement.noticed.all()), list(agreement.progress.all())
    answered = frozenset(one.organisation_id for one in said)
    revealed = revealed_as(agreement.number) in workshop.revealed
    answers = Answers(workshop.stage, revealed, frozenset(tenant.pk for tenant in tenants), answered)
    who = seen_by.role, seen_by.organisation_id
    read = [one for one in said if answers.may_read_noticed(one, *who)]
    return LookedBack(
        agreement=agreement,
        agreed=_agreed(agreement, version),
        review=getattr(agreement, "review", None) or Review(agreement=agreement),
        sees_done=answers.may_read_done(*who),
        noticed=read,
        unseen=len(said) - len(read),
        waiting=[tenant for tenant in tenants if tenant.pk not in answered],
        is_open=answers.is_open,
        last=log[0] if was_heard(log) else None,
        signals=[signals[area.pk] for area in agreement.areas.all() if area.pk in signals],
    )


def _agreed(agreement, version) -> Agreed:
    """As it was fixed; else as the earlier session left it; else as it stands."""
    fixed = version and agreed_in(version.content, agreement.number, version.number)
    return fixed or agreed_now(agreement.follows or agreement)
