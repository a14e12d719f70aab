"""Changing an agreement that was fixed: what stands on its page, proposing, consenting, taking over."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from matrix import access
from matrix.actions import amending as actions
from matrix.actions import behalf
from matrix.actions.recording import Conflict, Refused, Repeated
from matrix.agreement_forms import AgreementForm, ContributionForm
from matrix.amend_forms import ConsentForm, ReasonForm
from matrix.amended import line_changes
from matrix.audience import Audience, audience
from matrix.consent import READY, asked, outcome, waits_for
from matrix.models import Agreement, Amendment
from matrix.position_history import ACCEPTED, TAKEN, earlier, history
from matrix.stages import Right, Stage
from matrix.views import saving
from matrix.views.frame import frame, warn_of_persons


def _find(seen_by, number) -> Agreement:
    found = get_object_or_404(seen_by.workshop.agreements.with_everything(), number=number)
    found.workshop = seen_by.workshop
    return found


def _nth(agreement, ordinal) -> Amendment:
    """The amendment of this agreement with this number, from 1; see `actions.amending.ordinal`."""
    every = list(agreement.amendments.select_related("organisation").prefetch_related("consents__organisation"))
    if not 1 <= int(ordinal) <= len(every):
        raise Http404
    return every[int(ordinal) - 1]


# ---- on the page of the agreement ----


def fixed_context(seen_by: Audience, number) -> dict:
    """What was fixed of one agreement, the proposals to change it, and what each organisation said before."""
    workshop = seen_by.workshop
    agreement = get_object_or_404(workshop.agreements.only("number", "title", "wording", "frozen_wording", "status"),
                                  number=number)  # fmt: skip
    amendments = list(enumerate(agreement.amendments.select_related("organisation"), start=1))
    events = workshop.events.filter(what__in=(TAKEN, ACCEPTED), data__number=int(number)).order_by("revision")
    names = {organisation.pk: organisation for organisation in workshop.organisations.all()}
    said = [(names[pk], earlier(every)) for pk, every in history(events).items() if pk in names]
    return {
        "agreement": agreement,
        "version": workshop.versions.defer("content").last() if agreement.is_frozen else None,
        "open_amendment": next(((n, one) for n, one in amendments if one.is_open), None),
        "closed_amendments": [(n, one) for n, one in amendments if not one.is_open],
        "said_before": [(organisation, before) for organisation, before in said if before],
    }


# ---- proposing ----

OTHER_WORDS = (
    "De vastgestelde tekst is intussen een andere. Verstuurt u opnieuw, dan gaat uw voorstel over de tekst van nu."
)


@require_http_methods(["GET", "POST"])
def amend(request, code, number):
    participation = access.participant(request, code)
    found = _find(participation, number)
    if request.method == "GET":
        return amend_page(request, participation, found)
    form = AgreementForm(request.POST, instance=found)
    brought, why = ContributionForm(request.POST, agreement=found), ReasonForm(request.POST)
    if all([form.is_valid(), brought.is_valid(), why.is_valid()]):
        try:
            amendment = actions.propose_change(
                by=participation, agreement=found, changes=form.changes(), seen=form.seen(),
                contributions=brought.contributions(), seen_contributions=brought.seen(),
                reason=why.cleaned_data["reason"], lapses=why.cleaned_data["lapses"], key=why.cleaned_data["key"],
            )  # fmt: skip
        except Repeated as again:
            return saving.done(request, redirect("amendment", code, number, again.event.data["amendment"]))
        except ValidationError as error:
            form.add_error(None, error.messages)
        except Conflict as other:
            found, data = _find(participation, number), saving.seen_now(request.POST, other.current)
            form, brought = AgreementForm(data, instance=found), ContributionForm(data, agreement=found)
            why.add_error(None, OTHER_WORDS)
        except Refused as refused:
            why.add_error(None, str(refused))
        else:
            warn_of_persons(request, why.cleaned_data["reason"], *form.changes().values())
            back = redirect("amendment", code, number, actions.ordinal(amendment))
            return saving.done(request, back, "Uw voorstel ligt nu bij de andere partijen.")
    return amend_page(request, participation, found, form=form, brought=brought, why=why, status=422)


def amend_page(request, participation, found, *, form=None, brought=None, why=None, refused="", status=200):
    """Also for who still had the form of before the words were fixed: what was typed becomes a proposal."""
    form = form or AgreementForm(instance=found)
    context = frame(participation, Stage.AGREE) | {
        "agreement": found,
        "form": form,
        "contribution_form": brought or ContributionForm(agreement=found),
        "why": why or ReasonForm(),
        "refused": refused,
        "seen_areas": form.data.getlist("seen-areas") if form.is_bound else [area.pk for area in found.areas.all()],
        "open_amendment": found.amendments.filter(state=Amendment.State.OPEN).first(),
        "shows": f"agreement/{found.number}",
    }
    return render(request, "matrix/amend.html", context, status=status)


# ---- one proposal ----


def amendment_context(seen_by: Audience, number, ordinal) -> dict:
    """The fixed text beside the proposed one, and where each organisation stands."""
    workshop, agreement = seen_by.workshop, _find(seen_by, number)
    amendment = _nth(agreement, ordinal)
    organisations = list(workshop.organisations.all())
    found = asked(amendment, agreement, organisations)
    sheets = workshop.workshop_areas.values_list("area_id", "area__name")
    mine = amendment.organisation_id == seen_by.organisation_id
    state = outcome(found)
    return {
        "agreement": agreement,
        "amendment": amendment,
        "ordinal": int(ordinal),
        "changes": line_changes(
            amendment.data, organisations={o.pk: o.name for o in organisations}, areas=dict(sheets)
        ),
        "asked": found,
        "outcome": state if amendment.is_open else "",
        "waits_for": waits_for(found) if amendment.is_open else [],
        "may_accept": amendment.is_open and seen_by.is_facilitator and state == READY and seen_by.may(Right.AMEND),
        "may_withdraw": amendment.is_open and seen_by.may(Right.AMEND) and (seen_by.is_facilitator or mine),
    }


@require_safe
def amendment(request, code, number, ordinal):
    participation = access.participant(request, code)
    return _page(request, participation, number, ordinal)


def _page(request, participation, number, ordinal, *, form=None, theirs=None):
    seen_by = audience(participation)
    context = frame(participation, Stage.AGREE) | amendment_context(seen_by, number, ordinal)
    consents = context["amendment"].consents.all()
    own = next((c for c in consents if c.organisation_id == participation.organisation_id), None)
    context |= {
        "form": form or ConsentForm(instance=own, seen_by=seen_by),
        "theirs": theirs,
        "own": own,
        "may_take_over": own is not None and own.on_behalf and seen_by.may(Right.CONFIRM),
        "shows": f"agreement/{number}",
    }
    refused = (form is not None and form.errors) or theirs is not None
    return render(request, "matrix/amendment.html", context, status=422 if refused else 200)


@require_POST
def consent(request, code, number, ordinal):
    participation = access.participant(request, code)
    seen_by = audience(participation)
    found = _nth(_find(participation, number), ordinal)
    form = ConsentForm(request.POST, seen_by=seen_by)
    theirs = None
    if form.is_valid():
        try:
            given = actions.give_consent(by=participation, amendment=found, **form.cleaned_data)
        except Conflict as other:
            theirs = other.current["reason"]
            form = ConsentForm(request.POST.dict() | {"seen": theirs}, seen_by=seen_by)
        except ValidationError as error:
            form.add_error("reason", error.messages)
        else:
            warn_of_persons(request, form.cleaned_data["reason"])
            back = redirect("amendment", code, number, ordinal)
            return saving.done(request, back, f"Bewaard: waar {given.organisation} staat bij deze wijziging.")
    return _page(request, participation, number, ordinal, form=form, theirs=theirs)


@require_POST
def take_over_consent(request, code, number, ordinal):
    participation = access.participant(request, code)
    found = _nth(_find(participation, number), ordinal)
    said = get_object_or_404(found.consents, organisation=participation.organisation)
    behalf.take_over(by=participation, said=said)
    messages.success(request, "Dit antwoord is nu van uw organisatie.")
    return redirect("amendment", code, number, ordinal)


@require_POST
def accept(request, code, number, ordinal):
    participation = access.participant(request, code)
    after = actions.accept(by=participation, amendment=_nth(_find(participation, number), ordinal))
    messages.success(request, "De wijziging is overgenomen. Stel het plan opnieuw vast voor een nieuwe versie.")
    return redirect(reverse("agreement", args=[code, after.number]))


@require_POST
def withdraw(request, code, number, ordinal):
    participation = access.participant(request, code)
    actions.withdraw(by=participation, amendment=_nth(_find(participation, number), ordinal))
    messages.success(request, "Het voorstel is ingetrokken. De vastgestelde tekst blijft gelden.")
    return redirect("amendment", code, number, ordinal)
