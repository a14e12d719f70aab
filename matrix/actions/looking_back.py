"""Terugkijken: what was done, what residents notice, and whether to go on, change or stop."""

from django.core.exceptions import ValidationError

from matrix.actions.agreement import as_plain
from matrix.actions.behalf import require_open
from matrix.actions.progress import log_status, subjects
from matrix.actions.recording import Conflict, Refused, record, voicing, writing
from matrix.looking_back import revealed_as
from matrix.models import Agreement, Noticed, Organisation, Participation, Reading, Review, Workshop
from matrix.stages import Right

DONE_FIELDS = ("done", "words")
NEEDS_REASON = (Review.Decision.CHANGE, Review.Decision.STOP)
WHY = "Schrijf erbij waarom, dan is het over een jaar nog te begrijpen."


def tell_done(*, by: Participation, agreement: Agreement, changes: dict, seen: dict) -> Review:
    """What the professionals say that was done: `done` and `words`, each by itself. `seen`: see `agreement.edit`."""
    with writing(by, Right.LOOK_BACK) as workshop:
        fresh, review = _found(workshop, agreement)
        before = {name: getattr(review, name) for name in changes if name in DONE_FIELDS}
        after = {name: as_plain(changes[name]) for name in before}
        clash = {n: now for n, now in before.items() if as_plain(now) not in (as_plain(seen[n]), after[n])}
        if clash:
            raise Conflict(clash)
        changed = [name for name in before if as_plain(before[name]) != after[name]]
        if not changed:
            return review
        for name in changed:
            setattr(review, name, after[name])
        review.save()
        record(workshop, by=by, what="reviewed", subjects=[f"reviews/{fresh.number}"],
               summary=f"{by.speaks_for} over wat er is gedaan aan {fresh}",
               data={"number": fresh.number, "before": {name: before[name] for name in changed},
                     "after": {name: after[name] for name in changed}})  # fmt: skip
    return review


def _found(workshop, agreement) -> tuple[Agreement, Review]:
    fresh = workshop.agreements.get(pk=agreement.pk)
    return fresh, Review.objects.filter(agreement=fresh).first() or Review(agreement=fresh)


def notice(
    *,
    by: Participation,
    agreement: Agreement,
    answer: str,
    words: str = "",
    seen: str | None = None,
    on_behalf_of: Organisation | None = None,
) -> Noticed:
    """Merken bewoners er iets van? One answer per tenant organisation; see `reading.recognise`."""
    with voicing(by, Right.NOTICE, on_behalf_of=on_behalf_of) as (workshop, organisation):
        fresh = workshop.agreements.get(pk=agreement.pk)
        before = Noticed.objects.filter(agreement=fresh, organisation=organisation).first()
        require_open(before, organisation, on_behalf_of is not None)
        told, was = (before.told, before.stored) if before else ("", None)
        said = before or Noticed(agreement=fresh, organisation=organisation)
        said.answer, said.words, said.on_behalf = Reading.Recognition(answer), words, on_behalf_of is not None
        if seen is not None and as_plain(told) not in (as_plain(seen), as_plain(said.told)):
            raise Conflict({"words": told})
        if was == said.stored:
            return said
        said.save()
        entered = " (ingevoerd door de begeleider)" if said.on_behalf else ""
        record(workshop, by=by, what="noticed", subjects=[f"reviews/{fresh.number}"], organisation=organisation,
               summary=f"{organisation} vertelde wat bewoners merken van {fresh}{entered}",
               data={"number": fresh.number, "before": was, "after": said.stored})  # fmt: skip
    return said


def decide(*, by: Participation, agreement: Agreement, decision: str, reason: str = "", seen: str = "") -> Review:
    """Go on, change or stop. What stops lapses, unless it was finished; who decides otherwise later gets it back as it
    was. `seen`: the decision (`Review.decided`) that the writer started from."""
    with writing(by, Right.LOOK_BACK) as workshop:
        fresh, review = _found(workshop, agreement)
        before, told = review.stored, review.decided
        review.decision, review.reason = Review.Decision(decision), as_plain(reason)
        if as_plain(told) not in (as_plain(seen), as_plain(review.decided)):
            raise Conflict({"reason": told})
        if decision in NEEDS_REASON and not review.reason:
            raise ValidationError({"reason": WHY})
        if before == review.stored:
            return review
        review.save()
        status, line = fresh.status, None
        fresh.status = status_after(fresh, decision, before["decision"])
        if fresh.status != status:
            fresh.save(update_fields=["status", "updated_at"])
            line = log_status(fresh, before=status, by=by, note=review.reason[:1000])
        moved = [*subjects(fresh), f"filled/{fresh.framework}", "agreements"] if line else []
        record(workshop, by=by, what="decided", subjects=[f"reviews/{fresh.number}", *moved],
               summary=f"{fresh}: {review.get_decision_display().lower()}",
               data={"number": fresh.number, "before": before, "after": review.stored, "status_before": status,
                     "status_after": fresh.status, "line": line and line.pk})  # fmt: skip
    return review


def status_after(agreement, decision, decided_before) -> str:
    Status = Agreement.Status
    if decision == Review.Decision.STOP:
        return agreement.status if agreement.status == Status.DONE else Status.DROPPED
    if decided_before == Review.Decision.STOP and agreement.status == Status.DROPPED:
        last = agreement.progress.exclude(status=Status.DROPPED).first()
        return Status(last.status) if last else Status.AGREED
    return agreement.status


def reveal(*, by: Participation, agreement: Agreement) -> None:
    """All read now what there is about this agreement, though not every tenant organisation has answered."""
    with writing(by, Right.REVEAL) as workshop:
        fresh = workshop.agreements.get(pk=agreement.pk)
        key = revealed_as(fresh.number)
        if key in workshop.revealed:
            raise Refused("Dit was al onthuld.")
        Workshop.objects.filter(pk=workshop.pk).update(revealed=[*workshop.revealed, key])
        record(workshop, by=by, what="review_revealed", subjects=[f"reviews/{fresh.number}"],
               summary=f"Onthuld bij de terugblik: {fresh}")  # fmt: skip
