"""What the table makes of a buurt: the tenants' own perspective, and the joint analysis."""

from matrix.actions.recording import Conflict, Refused, record, writing
from matrix.models import Participation, Reading, WorkshopArea
from matrix.stages import Right


def recognise(
    *, by: Participation, sheet: WorkshopArea, recognition: str, words: str = "", seen: str | None = None
) -> Reading:
    """Herkennen we dit? One answer per tenant organisation and buurt; only its own people change it. `seen` is the
    answer (`Reading.told`) that the writer started from: when a second phone of the organisation has changed it
    since, Conflict carries what is stored. None: nothing was looked at first."""
    with writing(by, Right.RECOGNISE) as workshop:
        before = Reading.objects.filter(workshop=workshop, area=sheet.area, organisation=by.organisation).first()
        told = before.told if before else ""
        reading = before or Reading(workshop=workshop, area=sheet.area, organisation=by.organisation)
        reading.recognition, reading.words = Reading.Recognition(recognition), words
        if seen is not None and _differs(told, seen) and _differs(told, reading.told):
            raise Conflict({"words": told})
        reading.save()
        record(
            workshop,
            by=by,
            what="recognised",
            summary=f"{by.organisation} over {sheet.area}: {reading.get_recognition_display().lower()}",
            regions=["readings"],
            data={"before": told},
        )
    return reading


SHEET_FIELDS = ("problem_analysis", "definition_of_success", "practice_knowledge")


def analyse(*, by: Participation, sheet: WorkshopArea, field: str, text: str, seen: str) -> None:
    """Store one field of the joint analysis. `seen` is what the writer started from: if another has changed it
    since, nothing is overwritten and Conflict carries the text that is stored."""
    if field not in SHEET_FIELDS:
        raise Refused("Dit veld bestaat niet.")
    with writing(by, Right.ANALYSE) as workshop:
        fresh = WorkshopArea.objects.get(pk=sheet.pk)
        before = getattr(fresh, field)
        if _differs(before, seen) and _differs(before, text):
            raise Conflict({field: before})
        WorkshopArea.objects.filter(pk=sheet.pk).update(**{field: text})
        label = WorkshopArea._meta.get_field(field).verbose_name
        record(
            workshop,
            by=by,
            what="analysed",
            summary=f"{by.speaks_for} schreef de {label} van {sheet.area}",
            regions=["analysis"],
            data={"field": field, "before": before},
        )


def _differs(a: str, b: str) -> bool:
    """Browsers send other line ends than they got."""
    return a.replace("\r\n", "\n").strip() != b.replace("\r\n", "\n").strip()
