"""Priorities: everyone spreads dots on a phone, unseen until the facilitator reveals; then the order that came out."""

from django import forms
from django.contrib import messages
from django.db.models import Min, Sum
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from matrix import access
from matrix.actions import dots as actions
from matrix.actions.recording import Conflict, Refused
from matrix.audience import Audience, audience
from matrix.dots import FEWEST, MOST, candidates, offered, parties, ranking
from matrix.models import Dot, DotRound, ballot
from matrix.stages import Right
from matrix.views import saving
from matrix.views.frame import frame


class RoundForm(forms.Form):
    question = forms.CharField(
        label="Vraag aan de tafel", max_length=120, initial="Waar beginnen we mee?",
        error_messages={"required": "Schrijf wat u de tafel vraagt."},
    )  # fmt: skip
    about = forms.ChoiceField(
        label="Verdelen over", choices=DotRound.About.choices, initial=DotRound.About.PROPOSALS,
        widget=forms.RadioSelect,
    )  # fmt: skip
    each = forms.TypedChoiceField(
        label="Stippen per persoon", choices=[(n, n) for n in range(FEWEST, MOST + 1)], coerce=int, initial=5
    )


def list_context(seen_by: Audience) -> dict:
    return {"rounds": list(seen_by.workshop.dot_rounds.order_by("-number"))}


def round_context(seen_by: Audience, number) -> dict:
    """What the whole table may see. Before it is revealed only how many people of each organisation have spread: no
    total, no order, for nobody."""
    workshop = seen_by.workshop
    if not str(number).isdecimal():
        raise Http404
    found = get_object_or_404(workshop.dot_rounds, number=number)
    dots = list(found.dots.with_subject())
    of_table = parties(workshop.organisations.all(), dots)
    context = {"round": found, "parties": of_table, "people": sum(party.people for party in of_table)}
    if found.revealed:
        context["lines"] = ranking(dots, of_table, candidates(workshop, found.about), offered(found))
    return context


@require_http_methods(["GET", "POST"])
def dots(request, code):
    """All rounds; who leads opens a new one."""
    participation = access.participant(request, code)
    seen_by = audience(participation)
    form = RoundForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.open_round(by=participation, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "De ronde is open. Iedereen kan nu verdelen.")
            return redirect("dot_round", code, made.number)
    context = frame(participation, None) | list_context(seen_by)
    context |= {"form": form, "may_open": seen_by.may(Right.REVEAL), "shows": "dots"}
    return render(request, "matrix/dots.html", context, status=422 if form.errors else 200)


def _round(participation, number) -> DotRound:
    return get_object_or_404(participation.workshop.dot_rounds, number=number)


@require_safe
def dot_round(request, code, number):
    participation = access.participant(request, code)
    found, seen_by = _round(participation, number), audience(participation)
    context = frame(participation, None) | round_context(seen_by, number) | {"shows": f"dots/{number}"}
    context["may_reveal"] = seen_by.may(Right.REVEAL)
    if not found.revealed:
        context |= _spreading(request, participation, found, seen_by)
    return render(request, "matrix/dot_round.html", context)


def _spreading(request, participation, found: DotRound, seen_by: Audience) -> dict:
    if not participation.organisation_id:
        return _without_phone(request, found, seen_by)
    if not seen_by.may(Right.PRIORITISE):
        return {}
    return {"mine": _mine(found, Dot.objects.filter(round=found, participation=participation))}


def _without_phone(request, found: DotRound, seen_by: Audience) -> dict:
    """For who leads: the ballots of people without a phone, which they entered themselves."""
    if not seen_by.may(Right.ON_BEHALF):
        return {}
    workshop = seen_by.workshop
    entered = (
        found.dots.filter(on_behalf=True).values("ballot", "organisation__name", "organisation").order_by("ballot")
    )
    context = {
        "entered": list(entered.annotate(total=Sum("count"), first=Min("pk")).order_by("first")),
        "organisations": workshop.organisations.all(),
    }
    chosen, of_whom = request.GET.get("namens", ""), request.GET.get("stem", "")
    if not chosen.isdecimal():
        return context
    organisation = get_object_or_404(workshop.organisations, pk=chosen)
    dots = found.dots.filter(ballot=of_whom, on_behalf=True, organisation=organisation)
    return context | {"on_behalf_of": organisation, "ballot": of_whom or ballot(), "mine": _mine(found, dots)}


def _mine(found: DotRound, dots) -> dict:
    """What one person gave, and what is left. What can no longer be chosen stays while it has dots."""
    given = {dot.area_id or dot.agreement_id: dot for dot in dots.with_subject()}
    subjects = {subject.pk: subject for subject in candidates(found.workshop, found.about)}
    subjects |= {pk: dot.subject for pk, dot in given.items() if pk not in subjects}
    counts = {pk: given[pk].count if pk in given else 0 for pk in subjects}
    return {
        "rows": [(subject, counts[pk], counts[pk] - 1, counts[pk] + 1) for pk, subject in subjects.items()],
        "counts": counts,
        "left": found.each - sum(counts.values()),
    }


@require_POST
def give_dots(request, code, number):
    """`subject`: key of the buurt or proposal; `count`: the dots that it has from now on; `seen`: those it had."""
    participation = access.participant(request, code)
    found = _round(participation, number)
    data = request.POST
    subject = _subject(found, data.get("subject", ""))
    whom = _of_whom(participation, data)
    if not data.get("count", "").isdecimal():
        raise Http404
    why = ""
    try:
        of_whom = actions.give(
            by=participation, round=found, subject=subject, count=int(data["count"]),
            seen=int(data["seen"]) if data.get("seen", "").isdecimal() else None, **whom,
        )  # fmt: skip
    except Conflict:
        of_whom, why = whom["on_ballot"], "Op een ander scherm zijn deze stippen al verplaatst. Zo staan ze nu."
    except Refused as refused:
        of_whom, why = whom["on_ballot"], str(refused)
    if saving.by_itself(request):
        return _answer(participation, found, whom, of_whom, why)
    if why:
        messages.error(request, why)
    back = reverse("dot_round", args=[code, number])
    if whom["on_behalf_of"]:
        back += "?" + urlencode({"namens": whom["on_behalf_of"].pk, "stem": of_whom})
    return redirect(f"{back}#op-{subject.pk}")


def _subject(found: DotRound, pk: str):
    if not pk.isdecimal():
        raise Http404
    for subject in candidates(found.workshop, found.about):
        if subject.pk == int(pk):
            return subject
    about = "area" if found.about == DotRound.About.AREAS else "agreement"
    gone = found.dots.filter(**{f"{about}_id": pk}).with_subject().first()  # it can still lose its dots
    if gone is None:
        raise Http404
    return gone.subject


def _of_whom(participation, data) -> dict:
    if not data.get("namens", "").isdecimal():
        return {"on_behalf_of": None, "on_ballot": ""}
    organisation = get_object_or_404(participation.workshop.organisations, pk=data["namens"])
    return {"on_behalf_of": organisation, "on_ballot": data.get("stem", "")}


def _answer(participation, found, whom, of_whom, why) -> JsonResponse:
    found.refresh_from_db()
    if whom["on_behalf_of"]:
        dots = found.dots.filter(ballot=of_whom, on_behalf=True, organisation=whom["on_behalf_of"])
    else:
        dots = Dot.objects.filter(round=found, participation=participation)
    mine = _mine(found, dots)
    answer = {"state": "refused" if why else "saved", "why": why, "counts": mine["counts"], "left": mine["left"]}
    return JsonResponse(answer, status=409 if why else 200)


@require_POST
def reveal_dots(request, code, number):
    participation = access.facilitator(request, code)
    actions.reveal(by=participation, round=_round(participation, number))
    messages.success(request, "Onthuld. Iedereen ziet nu wat eruit komt.")
    return redirect("dot_round", code, number)
