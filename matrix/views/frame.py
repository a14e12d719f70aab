"""What every page of a session shows around its own content."""

from django.contrib import messages

from matrix import access, stages
from matrix.forms import looks_personal
from matrix.models import Participation


def warn_of_persons(request, *texts: str) -> None:
    """Free text is about areas, never about residents: say so when it looks otherwise. Nothing is refused."""
    found = dict.fromkeys(words for text in texts for words in looks_personal(text))
    if found:
        messages.warning(
            request,
            f"In uw tekst lijkt {' en '.join(found)} te staan. Noem geen bewoners, adressen of nummers. "
            "U kunt de tekst nu nog aanpassen.",
        )


def frame(participation: Participation, page: stages.Stage | None) -> dict:
    """Context of the session's frame. `page` is the step that this page belongs to, which may differ from the step
    at which the session is."""
    workshop = participation.workshop
    now = stages.INFO[workshop.stage]
    seats = workshop.organisations.count()
    taken = workshop.participations.exclude(organisation=None).values("organisation").distinct().count()
    return {
        "workshop": workshop,
        "participation": participation,
        "is_facilitator": participation.role == stages.Role.FACILITATOR,
        "is_tenant": participation.role == stages.Role.TENANT,
        "can": access.rights(participation),
        "stages": [info for info in stages.STAGES if info.stage != stages.Stage.PREPARE],
        "stage_now": now,
        "page_stage": page,
        "page_info": stages.INFO.get(page),
        "next_info": stages.after(workshop.stage),
        "away": page is not None and page != now.stage and now.stage != stages.Stage.PREPARE,
        "seats": seats,
        "seats_taken": taken,
    }
