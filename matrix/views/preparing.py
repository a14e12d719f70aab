"""The facilitator's preparation: a checklist, and a page for each thing on it."""

from collections import defaultdict

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maps.showing import municipality_of
from matrix import access, invitation, stages
from matrix.actions import preparing
from matrix.actions import workshop as actions
from matrix.actions.recording import Conflict, Refused
from matrix.agenda import agenda, total_minutes
from matrix.forms import AreasForm, DescribeForm, OrganisationForm
from matrix.models import Workshop, name_of
from matrix.preparation import seats_passed, tasks
from matrix.prepare_forms import (
    AgendaForm,
    DuplicateForm,
    FacilitatorForm,
    InvitationForm,
    RenameForm,
    SeatsForm,
    UsualPartnersForm,
)
from matrix.views import saving
from matrix.views.following import in_time
from matrix.views.frame import frame, warn_of_persons
from matrix.views.seats import seat_address, with_address


def page(request, participation, template, *, status=200, **context):
    """One page of the preparation, with the checklist that all of them share."""
    workshop = participation.workshop
    around = frame(participation, stages.Stage.PREPARE)
    todo = tasks(
        workshop,
        organisations=around["table"],
        areas=workshop.workshop_areas.count(),
        documents=workshop.documents.count(),
        today=timezone.localdate(),
    )
    around |= {
        "tasks": todo,
        "open_tasks": sum(1 for task in todo if not (task.done or task.optional)),
        "part": template,
    }
    around |= in_time(request, workshop)
    return render(request, f"matrix/{template}.html", around | context, status=status)


# ---- the table ----


def _table(request, participation, *, status=200, **forms):
    workshop = participation.workshop
    municipality = municipality_of(workshop.signal_map)
    name = municipality.plain_name if municipality else ""
    usual = forms.get("usual_form") or UsualPartnersForm(workshop=workshop, municipality=name)
    return page(
        request, participation, "prepare", status=status,
        organisations=with_address(workshop),
        organisation_form=forms.get("organisation_form") or OrganisationForm(),
        usual_form=usual,
        seats_form=forms.get("seats_form") or SeatsForm(instance=workshop),
        seats_passed=seats_passed(workshop, timezone.localdate()),
        any_open=workshop.organisations.filter(seat_open=True).exists(),
        any_closed=workshop.organisations.filter(seat_open=False).exists(),
    )  # fmt: skip


@require_safe
def prepare(request, code):
    return _table(request, access.facilitator(request, code))


@require_POST
def add_organisation(request, code):
    participation = access.facilitator(request, code)
    form = OrganisationForm(request.POST)
    if form.is_valid():
        try:
            organisation = actions.add_organisation(by=participation, **form.cleaned_data)
        except ValidationError as error:
            form.add_error("name", error.messages)
        else:
            messages.success(request, f"{organisation} doet mee. Stoelcode: {organisation.seat_code}")
            return redirect("prepare", code)
    return _table(request, participation, status=422, organisation_form=form)


@require_POST
def add_usual_partners(request, code):
    participation = access.facilitator(request, code)
    form = UsualPartnersForm(request.POST, workshop=participation.workshop, municipality="")
    if form.is_valid():
        try:
            added = preparing.add_organisations(by=participation, partners=form.partners())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{len(added)} organisaties doen mee, elk met een eigen stoelcode.")
            return redirect("prepare", code)
    return _table(request, participation, status=422, usual_form=form)


@require_http_methods(["GET", "POST"])
def rename_organisation(request, code, pk):
    participation = access.facilitator(request, code)
    organisation = get_object_or_404(participation.workshop.organisations, pk=pk)
    called = organisation.name
    form = RenameForm(request.POST or None, instance=organisation)
    if request.method == "POST" and form.is_valid():
        try:
            preparing.rename_organisation(by=participation, organisation=organisation, name=form.cleaned_data["name"])
        except Refused as refused:
            form.add_error("name", str(refused))
        else:
            messages.success(request, f"{called} heet nu {form.cleaned_data['name']}.")
            return redirect("prepare", code)
    return page(
        request, participation, "rename_organisation", status=422 if form.errors else 200,
        form=form, organisation=organisation, called=called,
    )  # fmt: skip


@require_POST
def remove_organisation(request, code, pk):
    participation = access.facilitator(request, code)
    organisation = get_object_or_404(participation.workshop.organisations, pk=pk)
    try:
        actions.remove_organisation(by=participation, organisation=organisation)
        messages.success(request, f"{organisation.name} doet niet meer mee.")
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("prepare", code)


# ---- the seats ----


@require_POST
def renew_seat(request, code, pk):
    participation = access.facilitator(request, code)
    organisation = get_object_or_404(participation.workshop.organisations, pk=pk)
    actions.renew_seat(by=participation, organisation=organisation)
    messages.success(request, f"{organisation} heeft een nieuwe stoelcode: {organisation.seat_code}")
    return redirect("prepare", code)


@require_POST
def seat_open(request, code, pk):
    participation = access.facilitator(request, code)
    organisation = get_object_or_404(participation.workshop.organisations, pk=pk)
    is_open = request.POST.get("open") == "1"
    actions.set_seat_open(by=participation, organisation=organisation, is_open=is_open)
    messages.success(request, f"De stoel van {organisation} is {'open' if is_open else 'gesloten'}.")
    return redirect("prepare", code)


@require_POST
def all_seats(request, code):
    participation = access.facilitator(request, code)
    is_open = request.POST.get("open") == "1"
    preparing.set_all_seats(by=participation, is_open=is_open)
    messages.success(request, f"Alle stoelen zijn {'open' if is_open else 'gesloten'}. Wie binnen is, blijft binnen.")
    return redirect("prepare", code)


@require_POST
def seats_until(request, code):
    participation = access.facilitator(request, code)
    form = SeatsForm(request.POST, instance=Workshop(date=participation.workshop.date))
    if not form.is_valid():
        return _table(request, participation, status=422, seats_form=form)
    preparing.set_seats_until(by=participation, until=form.cleaned_data["seats_until"])
    messages.success(request, "Bewaard.")
    return redirect("progress" if request.POST.get("terug") == "voortgang" else "prepare", code)


@require_safe
def seat_sheet(request, code):
    """A page to print: per organisation its code and QR, to cut out."""
    participation = access.facilitator(request, code)
    context = frame(participation, stages.Stage.PREPARE) | {"organisations": with_address(participation.workshop)}
    return render(request, "matrix/seat_sheet.html", context)


# ---- the session and its buurten ----


def _session(request, participation, *, status=200, **forms):
    workshop = participation.workshop
    chosen = list(workshop.workshop_areas.values_list("area_id", flat=True))
    return page(
        request, participation, "prepare_session", status=status,
        workshop_form=forms.get("workshop_form") or DescribeForm(instance=workshop),
        conflict=forms.get("conflict"),
        areas_form=forms.get("areas_form") or AreasForm(workshop=workshop, initial={"areas": chosen}),
        municipality=municipality_of(workshop.signal_map),
        facilitators=[(user, name_of(user)) for user in workshop.facilitators.order_by("pk")],
        facilitator_form=forms.get("facilitator_form") or FacilitatorForm(),
    )  # fmt: skip


@require_safe
def session(request, code):
    return _session(request, access.facilitator(request, code))


@require_POST
def describe(request, code):
    participation = access.facilitator(request, code)
    form = DescribeForm(request.POST, instance=participation.workshop)
    conflict = None
    if form.is_valid():
        try:
            after = actions.describe(by=participation, seen=form.seen(), **form.changes())
        except Conflict as other:
            if saving.by_itself(request):
                return saving.conflict({name: _their(name, value) for name, value in other.current.items()})
            conflict = [(form.fields[n].label, value, form.data.get(n, "")) for n, value in other.current.items()]
            seen = {f"initial-{name}": saving.in_form(value) for name, value in other.current.items()}
            form = DescribeForm(request.POST.dict() | seen, instance=participation.workshop)
        else:
            if saving.by_itself(request):
                return saving.saved({f"initial-{name}": saving.in_form(getattr(after, name)) for name in form.fields})
            messages.success(request, "Bewaard.")
            return redirect("prepare_session", code)
    elif saving.by_itself(request):
        return saving.invalid(form)
    return _session(request, participation, status=422, workshop_form=form, conflict=conflict)


def _their(name, value) -> dict:
    text = date_format(value, "j F Y") if hasattr(value, "isoformat") else value
    return saving.their(text, {name: value}, {f"initial-{name}": saving.in_form(value)})


@require_POST
def choose_areas(request, code):
    participation = access.facilitator(request, code)
    form = AreasForm(request.POST, workshop=participation.workshop)
    if form.is_valid():
        try:
            actions.choose_areas(by=participation, areas=list(form.cleaned_data["areas"]))
        except Refused as refused:
            form.add_error("areas", str(refused))
        else:
            messages.success(request, "De buurten zijn bewaard.")
            return redirect("prepare_session", code)
    return _session(request, participation, status=422, areas_form=form)


@require_POST
def add_facilitator(request, code):
    participation = access.facilitator(request, code)
    form = FacilitatorForm(request.POST)
    if form.is_valid():
        try:
            user = actions.add_facilitator(by=participation, username=form.cleaned_data["username"])
        except Refused as refused:
            form.add_error("username", str(refused))
        else:
            messages.success(request, f"{name_of(user)} begeleidt deze sessie nu ook, en vindt haar na het inloggen.")
            return redirect(reverse("prepare_session", args=[code]) + "#begeleiders")
    return _session(request, participation, status=422, facilitator_form=form)


@require_POST
def remove_facilitator(request, code, pk):
    participation = access.facilitator(request, code)
    user = get_object_or_404(participation.workshop.facilitators, pk=pk)
    try:
        actions.remove_facilitator(by=participation, user=user)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"{name_of(user)} begeleidt deze sessie niet meer.")
        if user == request.user and not request.user.is_superuser:
            return redirect("home")
    return redirect(reverse("prepare_session", args=[code]) + "#begeleiders")


# ---- the agenda ----


@require_http_methods(["GET", "POST"])
def prepare_agenda(request, code):
    participation = access.facilitator(request, code)
    form = AgendaForm(request.POST or None, workshop=participation.workshop)
    if request.method == "POST" and form.is_valid():
        preparing.set_agenda(by=participation, start_time=form.cleaned_data["start_time"], minutes=form.minutes())
        messages.success(request, "De agenda is bewaard.")
        return redirect("prepare_agenda", code)
    return page(
        request, participation, "prepare_agenda", status=422 if form.errors else 200,
        form=form, agenda=agenda(participation.workshop), total=total_minutes(participation.workshop),
    )  # fmt: skip


# ---- the invitation ----


@require_http_methods(["GET", "POST"])
def prepare_invitations(request, code):
    participation = access.facilitator(request, code)
    workshop = participation.workshop
    form = InvitationForm(request.POST or None, instance=workshop)
    if request.method == "POST" and form.is_valid():
        preparing.write_invitation(by=participation, text=form.cleaned_data["invitation"])
        messages.success(request, "Uw tekst is bewaard en staat in elke uitnodiging.")
        warn_of_persons(request, form.cleaned_data["invitation"])
        return redirect("prepare_invitations", code)
    mails = []
    for organisation, address in with_address(workshop):
        text = _mail_text(workshop, organisation, address)
        mails.append((organisation, text, invitation.mailto(workshop, text)))
    return page(
        request, participation, "prepare_invitations", status=422 if form.errors else 200,
        form=form, mails=mails, subject=invitation.subject(workshop),
    )  # fmt: skip


def _mail_text(workshop, organisation, address) -> str:
    titles = list(workshop.documents.values_list("title", flat=True))
    return invitation.mail_text(workshop, organisation, address=address, documents=titles)


@require_safe
def calendar(request, code, pk):
    """The session for the calendar of one organisation."""
    participation = access.facilitator(request, code)
    workshop = participation.workshop
    organisation = get_object_or_404(workshop.organisations, pk=pk)
    address = seat_address(organisation)
    body = invitation.calendar_file(workshop, address=address, text=_mail_text(workshop, organisation, address))
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    name = slugify(f"{workshop.title} {organisation}") or "sessie"
    response["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return response


# ---- who was there, and the whole session as a file ----


@require_safe
def prepare_record(request, code):
    participation = access.facilitator(request, code)
    workshop = participation.workshop
    people = defaultdict(dict)
    for seen in workshop.attendances.all():
        people[seen.organisation_id][seen.stage] = seen.people
    held = [stage for stage in stages.Stage if any(stage in by_stage for by_stage in people.values())]
    rows = [(o, [people[o.pk].get(stage, 0) for stage in held]) for o in workshop.organisations.all()]
    return page(request, participation, "prepare_record", held=held, rows=rows)


# ---- a session like an earlier one ----


@require_http_methods(["GET", "POST"])
def duplicate(request, code):
    workshop = access.facilitator(request, code).workshop
    initial = {"title": workshop.title, "date": timezone.localdate(), "place": workshop.place}
    form = DuplicateForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = preparing.duplicate(by_user=request.user, workshop=workshop, **form.cleaned_data)
        messages.success(request, "De nieuwe sessie is klaar. Elke organisatie heeft een nieuwe stoelcode.")
        return redirect("prepare", made.code)
    context = {"form": form, "workshop": workshop, "organisations": workshop.organisations.all()}
    return render(request, "matrix/duplicate.html", context, status=422 if form.errors else 200)
