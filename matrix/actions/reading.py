"""What the table makes of a buurt: the tenants' own perspective, and the joint analysis."""

from matrix.actions.behalf import require_open
from matrix.actions.recording import Conflict, Refused, record, voicing, writing
from matrix.models import Organisation, Participation, Reading, WorkshopArea
from matrix.stages import Right, Role
from matrix.voices import analysis_is_open


def recognise(
    *,
    by: Participation,
    sheet: WorkshopArea,
    recognition: str,
    words: str = "",
    seen: str | None = None,
    on_behalf_of: Organisation | None = None,
) -> Reading:
    """Herkennen we dit? One answer per tenant organisation and buurt; only its own people change it, and the
    facilitator only what was entered on their behalf. `seen` is the answer (`Reading.told`) that the writer started
    from: when a second phone of the organisation has changed it since, Conflict carries what is stored. None: nothing
    was looked at first."""
    with voicing(by, Right.RECOGNISE, on_behalf_of=on_behalf_of) as (workshop, organisation):
        before = Reading.objects.filter(workshop=workshop, area=sheet.area, organisation=organisation).first()
        require_open(before, organisation, on_behalf_of is not None)
        told, was = (before.told, before.stored) if before else ("", None)
        reading = before or Reading(workshop=workshop, area=sheet.area, organisation=organisation)
        reading.recognition, reading.words = Reading.Recognition(recognition), words
        reading.on_behalf = on_behalf_of is not None
        if seen is not None and _differs(told, seen) and _differs(told, reading.told):
            raise Conflict({"words": told})
        if was == reading.stored:
            return reading
        reading.save()
        entered = " (ingevoerd door de begeleider)" if reading.on_behalf else ""
        record(
            workshop,
            by=by,
            what="recognised",
            summary=f"{organisation} over {sheet.area}: {reading.get_recognition_display().lower()}{entered}",
            subjects=[f"readings/{sheet.area_id}"],
            organisation=organisation,
            data={"area": sheet.area_id, "before": was, "after": reading.stored},
        )
    return reading


def go_on_without_tenants(*, by: Participation, sheet: WorkshopArea) -> None:
    """The table reads and writes the joint analysis of this buurt, though the tenants have not answered. The plan says
    so."""
    with writing(by, Right.REVEAL) as workshop:
        WorkshopArea.objects.filter(pk=sheet.pk).update(went_on_without_tenants=True)
        record(workshop, by=by, what="went_on", subjects=[f"analysis/{sheet.area_id}"],
               summary=f"De tafel ging verder met {sheet.area} zonder antwoord van de huurders")  # fmt: skip


SHEET_FIELDS = ("problem_analysis", "definition_of_success", "practice_knowledge")


def analyse(*, by: Participation, sheet: WorkshopArea, field: str, text: str, seen: str) -> None:
    """Store one field of the joint analysis. `seen` is what the writer started from: if another has changed it
    since, nothing is overwritten and Conflict carries the text that is stored."""
    if field not in SHEET_FIELDS:
        raise Refused("Dit veld bestaat niet.")
    with writing(by, Right.ANALYSE) as workshop:
        fresh = WorkshopArea.objects.get(pk=sheet.pk)
        tenants = {o.pk for o in workshop.organisations.all() if o.role == Role.TENANT}
        answered = set(workshop.readings.filter(area=sheet.area).values_list("organisation", flat=True))
        if not analysis_is_open(workshop.stage, fresh, tenants, answered, by.organisation_id):
            raise Refused("Eerst vertellen de huurders wat zij herkennen. Daarna schrijft u dit samen op.")
        before = getattr(fresh, field)
        if _differs(before, seen) and _differs(before, text):
            raise Conflict({field: before})
        if not _differs(before, text):
            return
        WorkshopArea.objects.filter(pk=sheet.pk).update(**{field: text})
        label = WorkshopArea._meta.get_field(field).verbose_name
        record(
            workshop,
            by=by,
            what="analysed",
            summary=f"{by.speaks_for} schreef de {label} van {sheet.area}",
            subjects=[f"analysis/{sheet.area_id}"],
            data={"area": sheet.area_id, "field": field, "before": before, "after": text},
        )


def _differs(a: str, b: str) -> bool:
    """Browsers send other line ends than they got."""
    return a.replace("\r\n", "\n").strip() != b.replace("\r\n", "\n").strip()
