"""Undo of what happens after the session: see `matrix.actions.undo`, which hands over the action (`u`: Undoing)."""

from matrix.actions import progress
from matrix.models import Agreement, Noticed, Progress, Review
from matrix.stages import Right


def _reported(u):
    agreement = u.agreement()
    line = agreement.progress.filter(pk=u.data["line"]).first()
    u.expect(line is not None)
    u.require(Right.REPORT)
    line.delete()
    progress.settle(agreement, otherwise=u.before)


def _progress_withdrawn(u):
    agreement, kept = u.agreement(), u.data["stored"]
    u.expect(agreement.status == u.after)
    u.require(Right.REPORT)
    line = Progress.objects.create(
        agreement=agreement, on=kept["on"], status=kept["status"], percent=kept["percent"], note=kept["note"],
        organisation=u.workshop.organisations.filter(pk=kept["organisation"]).first(),
    )  # fmt: skip
    Progress.objects.filter(pk=line.pk).update(created_at=kept["created_at"])
    progress.settle(agreement)


def _reviewed(u):
    u.require(Right.LOOK_BACK)
    review = Review.objects.filter(agreement=u.agreement()).first()
    u.expect(review is not None and all(getattr(review, name) == value for name, value in u.after.items()))
    Review.objects.filter(pk=review.pk).update(**u.before)


def _noticed(u):
    u.require(Right.NOTICE)
    said = u.agreement().noticed.filter(organisation=u.action.newest.organisation).first()
    u.expect(said is not None and said.stored == u.after)
    if u.before is None:
        said.delete()
    else:
        Noticed.objects.filter(pk=said.pk).update(**u.before)


def _decided(u):
    u.require(Right.LOOK_BACK)
    agreement = u.agreement()
    review = Review.objects.filter(agreement=agreement).first()
    u.expect(review is not None and review.stored == u.after and agreement.status == u.data["status_after"])
    Review.objects.filter(pk=review.pk).update(**u.before)
    agreement.status = Agreement.Status(u.data["status_before"])
    agreement.save(update_fields=["status", "updated_at"])
    agreement.progress.filter(pk=u.data["line"]).delete()


UNDO = {
    "reported": _reported,
    "progress_withdrawn": _progress_withdrawn,
    "reviewed": _reviewed,
    "noticed": _noticed,
    "decided": _decided,
}
