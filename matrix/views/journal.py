"""What happened: all of it for the facilitator, the last actions of oneself for everybody, and undoing those."""

import csv

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from matrix import access
from matrix.actions.undo import undo as undo_action
from matrix.journal import HIDDEN, KINDS, kind_of, whats
from matrix.own_actions import own_actions
from matrix.views import saving
from matrix.views.frame import frame

ON_A_PAGE = 50
LEADER = "begeleider"  # in the filter of organisations


def _events(workshop, query):
    events = workshop.events.exclude(what__in=HIDDEN).select_related("organisation", "participation")
    who = query.get("organisatie", "")
    if who == LEADER:
        events = events.filter(organisation=None)
    elif who.isdecimal():
        events = events.filter(organisation=who)
    if whats(query.get("soort", "")):
        events = events.filter(what__in=whats(query["soort"]))
    return events.order_by("-revision")


def _who(event) -> str:
    if event.organisation:
        return str(event.organisation)
    return "procesbegeleider" if event.participation_id else "het programma"


def _row(event) -> dict:
    return {"event": event, "who": _who(event), "kind": kind_of(event.what)}


@require_safe
def journal(request, code):
    participation = access.facilitator(request, code)
    workshop = participation.workshop
    page = Paginator(_events(workshop, request.GET), ON_A_PAGE).get_page(request.GET.get("blad"))
    context = frame(participation, None) | {
        "page": page,
        "rows": [_row(event) for event in page],
        "organisations": workshop.organisations.all(),
        "kinds": [(key, label) for key, (label, _) in KINDS.items()],
        "chosen": {"who": request.GET.get("organisatie", ""), "kind": request.GET.get("soort", "")},
        "leader": LEADER,
        "shows": "",
    }
    return render(request, "matrix/journal.html", context)


@require_safe
def journal_file(request, code):
    """The same rows, all of them, with the same filter."""
    workshop = access.facilitator(request, code).workshop
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="logboek-{workshop.code}.csv"'
    response.write("\ufeff")  # or a spreadsheet reads é as Ã©
    table = csv.writer(response, delimiter=";", lineterminator="\r\n")
    table.writerow(["tijd", "wie", "soort", "wat", "ongedaan gemaakt"])
    for event in _events(workshop, request.GET).iterator(chunk_size=500):
        at = timezone.localtime(event.at)
        cells = [f"{at:%Y-%m-%d %H:%M:%S}", _who(event), kind_of(event.what), event.summary]
        table.writerow([*map(_harmless, cells), "ja" if event.undone else ""])
    return response


def _harmless(text: str) -> str:
    """A spreadsheet takes a text that begins so for a formula."""
    return f"'{text}" if text.lstrip().startswith(("=", "+", "-", "@")) else text


@require_safe
def last_actions(request, code):
    participation = access.participant(request, code)
    context = frame(participation, None) | {"actions": own_actions(participation), "shows": ""}
    return render(request, "matrix/last_actions.html", context)


@require_POST
def undo(request, code, revision):
    """Back to the page of this session where the button was, or to the list of one's actions."""
    participation = access.participant(request, code)
    event = undo_action(by=participation, revision=revision)
    if saving.by_itself(request):
        return saving.moved(f"{event.summary}.")
    messages.success(request, f"{event.summary}.")
    back = request.POST.get("terug", "")
    here = reverse("workshop", args=[code])
    return redirect(back if back.startswith(here) and "\\" not in back else reverse("last_actions", args=[code]))
