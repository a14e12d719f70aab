"""What every page of a session shows around its own content."""

from functools import partial

from django.contrib import messages
from django.utils import timezone

from matrix import stages
from matrix.agenda import minutes_of
from matrix.audience import Audience, audience
from matrix.forms import looks_personal
from matrix.models import Participation
from matrix.own_actions import last_action


def warn_of_persons(request, *texts: str) -> None:
    """Free text is about areas, never about residents: say so when it looks otherwise. Nothing is refused."""
    if warning := personal_warning(*texts):
        messages.warning(request, warning)


def personal_warning(*texts) -> str:
    found = dict.fromkeys(words for text in texts if isinstance(text, str) for words in looks_personal(text))
    if not found:
        return ""
    return (
        f"In uw tekst lijkt {' en '.join(found)} te staan. Noem geen bewoners, adressen of nummers. "
        "U kunt de tekst nu nog aanpassen."
    )


def frame(participation: Participation, page: stages.Stage | None) -> dict:
    """Context of a page of the session. `page` is the step that this page belongs to, which may differ from the step
    at which the session is."""
    return around(audience(participation), page) | {
        "participation": participation,
        "last_action": partial(last_action, participation),  # asked for only beside a message
    }


def shared(seen_by: Audience) -> dict:
    """What each part of a page needs, also one that is rendered for many screens at once."""
    return {
        "workshop": seen_by.workshop,
        "is_facilitator": seen_by.is_facilitator,
        "is_tenant": seen_by.is_tenant,
        "can": seen_by.can,
    }


def header_context(seen_by: Audience, page) -> dict:
    return around(seen_by, stages.Stage(page) if page in stages.Stage.values else None)


def _apart(workshop) -> set[stages.Stage]:
    """Preparing has a place of its own, and looking back is a year away until it is about to begin."""
    begins = workshop.follows_id or workshop.stage in (stages.Stage.SETTLE, stages.Stage.LOOK_BACK)
    return {stages.Stage.PREPARE} if begins else {stages.Stage.PREPARE, stages.Stage.LOOK_BACK}


def _passes_by(workshop, info) -> bool:
    """A session that looks back passes by what gets no time on its agenda."""
    return bool(workshop.follows_id) and not minutes_of(workshop, info)


def _next(workshop):
    """The step after this one, and the names of those that are passed by on the way."""
    looks_back, passed = bool(workshop.follows_id), []
    found = stages.after(workshop.stage, looks_back=looks_back)
    while found and _passes_by(workshop, found):
        passed.append(found.stage.label)
        found = stages.after(found.stage, looks_back=looks_back)
    return found, passed


def _bar(workshop):
    """(step, its number): only what is on the agenda is counted. The rest stays at hand, without a number."""
    apart, number = _apart(workshop), 0
    for info in stages.course(looks_back=bool(workshop.follows_id)):
        if info.stage in apart:
            continue
        passed = _passes_by(workshop, info) and info.stage != workshop.stage
        number += not passed
        yield info, None if passed else number


def around(seen_by: Audience, page: stages.Stage | None) -> dict:
    """`shared`, and what the bar above each page shows."""
    workshop = seen_by.workshop
    now = stages.INFO[workshop.stage]
    next_info, passed = _next(workshop)
    table = list(workshop.organisations.people_in())
    return shared(seen_by) | {
        "stages": list(_bar(workshop)),
        "stage_now": now,
        "page_stage": page,
        "page_info": stages.INFO.get(page),
        "next_info": next_info,
        "passed_by": passed,
        "shows": stages.INFO[page].page if page else "",  # for the beamer; a page of one buurt or agreement says more
        "away": page is not None and page != now.stage and now.stage != stages.Stage.PREPARE,
        "table": table,
        "seats": len(table),
        "seats_taken": sum(1 for organisation in table if organisation.people),
        "minutes": workshop.minutes.get(workshop.stage) or now.minutes,
        "open_round": workshop.dot_rounds.filter(revealed=False).first(),
        "server_now": timezone.now(),
    }
