"""The year after: lines of the progress log. The status of an agreement is that of the newest line; whoever changes the
status elsewhere leaves a line too, so that the two never tell different things."""

import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone

from matrix.actions.recording import Refused, record, writing
from matrix.actions.subjects import about
from matrix.models import Agreement, Participation, Progress
from matrix.progress import REPORTED
from matrix.stages import Right


def subjects(agreement) -> list[str]:
    return [*about(agreement), f"progress/{agreement.number}"]


def log_status(agreement: Agreement, *, before: str, by: Participation, note: str = "") -> Progress | None:
    """Within a write that changed the status: its line, once the measure is an agreement or was one."""
    if not {before, agreement.status} & set(Agreement.PROMISED):
        return None
    return Progress.objects.create(
        agreement=agreement, organisation=by.organisation, on=timezone.localdate(), status=agreement.status, note=note
    )


def report(
    *,
    by: Participation,
    agreement: Agreement,
    status: str,
    on: datetime.date,
    percent: int | None = None,
    note: str = "",
    key: UUID | None = None,
) -> Progress:
    """One line more, by the lead; or by the facilitator for a lead that has no code any more: then no organisation
    stands with it. A day before the newest line tells how it was then, and leaves the status of now."""
    if on > timezone.localdate():
        raise ValidationError({"on": "Deze dag moet nog komen. Kies vandaag of een eerdere dag."})
    with writing(by, Right.REPORT, key=key) as workshop:
        fresh = workshop.agreements.select_related("lead").get(pk=agreement.pk)
        _require_lead(fresh, by)
        if not fresh.is_promised:
            raise Refused("Dit is nog geen afspraak. Voortgang houdt u bij zodra zij is afgesproken.")
        if status not in REPORTED:
            raise Refused("Kies hoe ver het is.")
        before = fresh.status
        line = Progress.objects.create(
            agreement=fresh, organisation=by.organisation, on=on, status=status, percent=percent, note=note.strip()
        )
        settle(fresh)
        counts = [] if before == fresh.status else ["agreements"]
        record(workshop, by=by, what="reported", key=key, subjects=[*subjects(fresh), *counts],
               summary=f"{by.speaks_for} over de voortgang van {fresh}: {_told(line)}",
               data={"number": fresh.number, "line": line.pk, "stored": stored(line), "before": before,
                     "after": fresh.status})  # fmt: skip
    return line


def withdraw(*, by: Participation, line: Progress) -> None:
    """The newest line, by who wrote it. Its words stay in the log, and it can be put back."""
    with writing(by, Right.REPORT) as workshop:
        fresh = Progress.objects.select_related("agreement__lead").filter(pk=line.pk).first()
        if fresh is None:
            raise Refused("Deze regel is al ingetrokken.")
        agreement = fresh.agreement
        _require_lead(agreement, by)
        if fresh.status not in REPORTED:
            raise Refused("Deze regel kwam van een besluit van de tafel. Die is hier niet in te trekken.")
        if fresh.organisation_id != by.organisation_id or fresh != agreement.progress.first():
            raise Refused("Alleen wie de laatste regel schreef, kan die intrekken. Voeg anders een nieuwe regel toe.")
        before, kept = agreement.status, stored(fresh)
        Progress.objects.filter(pk=fresh.pk).delete()
        settle(agreement, otherwise=Agreement.Status.AGREED)
        record(workshop, by=by, what="progress_withdrawn", subjects=[*subjects(agreement), "agreements"],
               summary=f"{by.speaks_for} trok in over {agreement}: {_told(fresh)}",
               data={"number": agreement.number, "stored": kept, "before": before,
                     "after": agreement.status})  # fmt: skip


def _require_lead(agreement, by) -> None:
    if by.organisation_id is not None and agreement.lead_id != by.organisation_id:
        who = f"trekker {agreement.lead}" if agreement.lead else "trekker; die is er nog niet"
        raise Refused(f"De voortgang houdt de {who} bij, of de begeleider.")


def settle(agreement: Agreement, *, otherwise: str | None = None) -> None:
    """As the newest line tells; without any line `otherwise`, or as it is."""
    newest = agreement.progress.first()
    status = newest.status if newest else otherwise or agreement.status
    if agreement.status != status:
        agreement.status = Agreement.Status(status)
        agreement.save(update_fields=["status", "updated_at"])


def stored(line: Progress) -> dict:
    """As the log keeps it."""
    return {
        "on": line.on.isoformat(), "status": str(line.status), "percent": line.percent, "note": line.note,
        "organisation": line.organisation_id, "created_at": line.created_at.isoformat(),
    }  # fmt: skip


def _told(line) -> str:
    percent = f", {line.percent}%" if line.percent is not None else ""
    note = f": {line.note}" if line.note else ""
    return f"{line.get_status_display().lower()}{percent}{note}"
