"""Voortgang: between the session and its looking back. What each party leads, how far it is, and the days to come."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from matrix import access
from matrix.actions import progress as actions
from matrix.actions.recording import Repeated
from matrix.audience import Audience, audience
from matrix.deadlines import calendar_file, deadlines
from matrix.following import names, revisions
from matrix.preparation import seats_passed
from matrix.prepare_forms import SeatsForm
from matrix.progress import REPORTED, HowFar, by_party, how_far
from matrix.progress_forms import ReportForm
from matrix.stages import Right
from matrix.views import saving
from matrix.views.following import in_time
from matrix.views.frame import frame, warn_of_persons

NEXT = 8  # deadlines on the page; the calendar has them all


def _rows(workshop, agreements) -> list[HowFar]:
    today = timezone.localdate()
    return [how_far(agreement, held=workshop.date, today=today) for agreement in agreements.with_progress()]


def progress_context(seen_by: Audience) -> dict:
    """What everyone at the table may see: per party what it leads, and the days to come."""
    workshop, today = seen_by.workshop, timezone.localdate()
    rows = _rows(workshop, workshop.agreements.promised())
    coming = deadlines(workshop.agreements.promised().with_deadlines())
    return {
        "parties": by_party(rows, workshop.organisations.all()),
        "late": [row for row in rows if row.late],
        "done": sum(row.is_done for row in rows),
        "count": len(rows),
        "coming": [one for one in coming if one.day >= today][:NEXT],
    }


def leads_context(seen_by: Audience) -> dict:
    """What the organisation of who looks leads: the late ones first."""
    workshop = seen_by.workshop
    if seen_by.organisation is None:
        return {"own_rows": []}
    rows = _rows(workshop, workshop.agreements.promised().filter(lead=seen_by.organisation))
    return {"own_rows": sorted(rows, key=lambda row: (row.is_done, not row.late, row.agreement.number))}


@require_safe
def progress(request, code):
    participation = access.participant(request, code)
    workshop, seen_by = participation.workshop, audience(participation)
    context = frame(participation, None) | progress_context(seen_by) | leads_context(seen_by)
    context |= in_time(request, workshop) | {
        "shows": "progress",
        "organisations": workshop.organisations.all(),
        "seats_form": SeatsForm(instance=workshop),
        "seats_passed": seats_passed(workshop, timezone.localdate()),
    }
    return render(request, "matrix/progress.html", context)


def log_context(seen_by: Audience, number) -> dict:
    row = next(iter(_rows(seen_by.workshop, seen_by.workshop.agreements.filter(number=number))), None)
    if row is None:
        raise Http404
    return {"row": row, "agreement": row.agreement}


@require_http_methods(["GET", "POST"])
def report(request, code, number):
    """One agreement: its log, and for its lead one line more."""
    participation = access.participant(request, code)
    context = log_context(audience(participation), number)
    agreement = context["agreement"]
    form = ReportForm(request.POST or None, agreement=agreement)
    if request.method == "POST" and form.is_valid():
        back = redirect("progress", code)
        try:
            line = actions.report(by=participation, agreement=agreement, **form.cleaned_data)
        except Repeated:
            return saving.done(request, back)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            warn_of_persons(request, line.note)
            return saving.done(request, back, f"Bewaard bij afspraak {number}.{_stays(line, agreement)}")
    context |= frame(participation, None) | {
        "form": form,
        "reports": _reports(participation, agreement),
        "own_last": _own_last(participation, context["row"]),
        "shows": "progress",
    }
    return render(request, "matrix/report.html", context, status=422 if form.errors else 200)


def _stays(line, agreement) -> str:
    """Said of a line of an earlier day: the newest one tells the status."""
    newest = agreement.progress.order_by("-on", "-pk").first()
    if newest == line:
        return ""
    return f" Er staat al een latere regel, dus de status blijft: {newest.get_status_display().lower()}."


def _reports(participation, agreement) -> bool:
    leads = participation.organisation_id is None or participation.organisation_id == agreement.lead_id
    return leads and agreement.is_promised and audience(participation).may(Right.REPORT)


def _own_last(participation, row):
    """The newest line, when whoever looks may take it back."""
    mine = row.last and row.last.organisation_id == participation.organisation_id and row.last.status in REPORTED
    return row.last if mine and _reports(participation, row.agreement) else None


@require_POST
def withdraw(request, code, number, pk):
    participation = access.participant(request, code)
    agreement = get_object_or_404(participation.workshop.agreements, number=number)
    actions.withdraw(by=participation, line=get_object_or_404(agreement.progress, pk=pk))
    messages.success(request, "Deze regel is ingetrokken.")
    return redirect("report", code, number)


@require_safe
def deadlines_file(request, code):
    """All days that the agreements bring, of one organisation or of all, for a calendar."""
    workshop = access.participant(request, code).workshop
    of = request.GET.get("van", "")
    organisation = get_object_or_404(workshop.organisations, pk=of) if of.isdecimal() else None
    agreements = list(workshop.agreements.exclude(status__in=("idee", "voorstel")).with_deadlines())
    body = calendar_file(
        deadlines(agreements, organisation), title=workshop.title, names=names(agreements),
        sequence=revisions(workshop),
        address=lambda agreement: settings.BASE_URL + agreement.get_absolute_url(),
    )  # fmt: skip
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    name = slugify(f"termijnen {workshop.title} {organisation or ''}") or "termijnen"
    response["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return response
