"""Vaststellen: the plan of this moment becomes a numbered version that never changes after."""

from django.db.models import F

from matrix.actions.recording import Refused, record, writing
from matrix.models import Participation, PlanVersion
from matrix.plan.canonical import content_of, fingerprint, shown
from matrix.stages import Right


def freeze(*, by: Participation, note: str = "", seen: str = "") -> PlanVersion:
    """Fix the plan as it is. `seen`: the fingerprint of what the facilitator looked at; when the plan reads differently
    by now, nothing is fixed. There is no way back: a next version is."""
    with writing(by, Right.FREEZE) as workshop:
        content = content_of(workshop)
        found, last = fingerprint(content), workshop.versions.last()
        if last and last.fingerprint == found:
            raise Refused(f"Er is niets veranderd sinds versie {last.number}.")
        if seen and seen != found:
            raise Refused("Er is intussen iets gewijzigd. Kijk het nog eens na en stel het plan dan vast.")
        version = PlanVersion.objects.create(
            workshop=workshop, number=last.number + 1 if last else 1, content=content, fingerprint=found,
            note=note.strip(),
        )  # fmt: skip
        newly = workshop.agreements.promised().exclude(frozen_wording=F("wording"))
        numbers = list(newly.values_list("number", flat=True))
        newly.update(frozen_wording=F("wording"))
        record(workshop, by=by, what="frozen", summary=f"Versie {version.number} is vastgesteld ({shown(found)})",
               subjects=["versions", "header", *(f"agreements/{number}" for number in numbers)],
               data={"version": version.number, "fingerprint": found, "fixed": numbers})  # fmt: skip
    return version
