"""Afspreken: one agreement as a sentence, and each party's position."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_POST, require_safe

from matrix import access, concreteness, stages
from matrix.actions import agreement as actions
from matrix.actions import behalf
from matrix.actions.recording import Conflict
from matrix.advice import answer_by, track
from matrix.agreement_forms import AgreementForm, ContributionForm, PlainWordsForm, PositionForm
from matrix.audience import Audience, audience
from matrix.citywide import Elsewhere
from matrix.confirming import to_confirm
from matrix.models import Agreement
from matrix.stages import Right, Role, Stage
from matrix.standings import is_fixed, standings
from matrix.views import amendments, saving
from matrix.views.advice_of import advice_forms
from matrix.views.frame import frame, warn_of_persons


def _bare(participation, number) -> Agreement:
    """To write about: what it says and who said what is not needed."""
    return get_object_or_404(participation.workshop.agreements.only("number", "title", "workshop"), number=number)


def gather(workshop, numbers) -> None:
    """What several parts will ask for one by one, in one go. `workshop.shared` is of one revision."""
    if missing := {number for number in numbers if number not in workshop.shared}:
        remember(workshop, workshop.agreements.filter(number__in=missing).with_everything())


def remember(workshop, agreements) -> None:
    """These have been fetched `with_everything`, for the parts that are rendered together."""
    for found in agreements:
        found.workshop = workshop
        if hasattr(workshop, "shared"):
            workshop.shared[found.number] = found


def find(seen_by, number) -> Agreement:
    """To show, with all that is said about it. Parts that are rendered together share it."""
    workshop = seen_by.workshop
    known, number = getattr(workshop, "shared", {}), int(number)
    if number not in known:
        found = get_object_or_404(workshop.agreements.with_everything(), number=number)
        found.workshop = workshop
        known[number] = found
    return known[number]


def parties(workshop) -> list:
    """Who is at the table, each with `present`. Parts that are rendered together share them."""
    shared = getattr(workshop, "shared", {})
    if "parties" not in shared:
        shared["parties"] = list(workshop.organisations.with_presence())
    return shared["parties"]


def page(request, participation, agreement, *, status=200, **more):
    seen_by = audience(participation)
    own = next((p for p in agreement.positions.all() if p.organisation_id == participation.organisation_id), None)
    context = frame(participation, Stage.AGREE) | _standing(participation.workshop, agreement)
    context |= {
        "form": AgreementForm(instance=agreement),
        "contribution_form": ContributionForm(agreement=agreement),
        "position_form": PositionForm(
            instance=own, seen_by=seen_by, initial={"on_behalf_of": request.GET.get("namens")}
        ),
        **advice_forms(seen_by, agreement),
        "may_on_behalf": stages.allows(participation.workshop.stage, Right.TAKE_POSITION, Role.PARTNER),
        "own": own,
        "own_is_now": own is not None and own.wording == agreement.wording and not own.on_behalf,
        "our_part": _our_part(participation, agreement),
        "may_take_over": own is not None and own.on_behalf and seen_by.may(Right.CONFIRM),
        "position_is_fixed": is_fixed(agreement, own),
        "plain_form": PlainWordsForm(agreement=agreement),
        "approved_plain": any(
            a.organisation_id == participation.organisation_id and a.version == agreement.plain_version
            for a in agreement.plain_approvals.all()
        ),
        "seen_areas": _seen_areas(request, agreement, more),
        "statuses": Agreement.Status.choices,
        "shows": f"agreement/{agreement.number}",
    } | amendments.fixed_context(seen_by, agreement.number)
    return render(request, "matrix/agreement.html", context | {"agreement": agreement} | more, status=status)


def _our_part(participation, agreement) -> str:
    """What the own organisation is in it, in words; empty for who has no part in it."""
    if participation.organisation_id is None:
        return ""
    if participation.organisation_id == agreement.lead_id:
        return "trekker"
    mine = any(c.organisation_id == participation.organisation_id for c in agreement.contributions.all())
    return "partner" if mine else ""


def _seen_areas(request, agreement, more):
    form = more.get("form")
    if form is not None and form.is_bound:
        return form.data.getlist("seen-areas")
    return [area.pk for area in agreement.areas.all()]


def _standing(workshop, agreement) -> dict:
    brought, organisations = list(agreement.contributions.all()), parties(workshop)
    return {
        "agreement": agreement,
        "concrete": concreteness.of(agreement),
        "standings": standings(agreement, organisations),
        "to_confirm": to_confirm(agreement, organisations),
        **_advice(agreement),
        "elsewhere": Elsewhere(agreement),
        "partners": [c for c in brought if c.organisation_id != agreement.lead_id],
        "own_share": next((c.text for c in brought if c.organisation_id == agreement.lead_id), ""),
        "read_mark": actions.read_mark(agreement),
        "last_version": workshop.versions.defer("content").last() if agreement.is_frozen else None,
    }


def _advice(agreement) -> dict:
    advice = getattr(agreement, "advice", None)
    if not (agreement.touches_advice_right or advice):
        return {"advice_track": None}
    return {"advice": advice, "advice_track": track(advice, timezone.localdate()), "answer_by": answer_by(advice)}


def standing_context(seen_by: Audience, number) -> dict:
    """What is stored now: the sentence, how concrete it is, and the positions."""
    return _standing(seen_by.workshop, find(seen_by, number))


@require_safe
def agreement(request, code, number):
    participation = access.participant(request, code)
    return page(request, participation, find(participation, number))


DROPPED = "Let op: deze maatregel is vervallen en staat niet in het plan. Uw tekst is er wel bij bewaard."


@require_POST
def edit(request, code, number):
    participation = access.participant(request, code)
    found = find(participation, number)
    form = AgreementForm(request.POST, instance=found)
    contribution_form = ContributionForm(request.POST, agreement=found)
    conflict = None
    if form.is_valid() and contribution_form.is_valid():
        texts = [*form.changes().values(), *contribution_form.contributions().values()]
        try:
            actions.edit(
                by=participation, agreement=found, changes=form.changes(), seen=form.seen(),
                contributions=contribution_form.contributions(), seen_contributions=contribution_form.seen(),
            )  # fmt: skip
        except Conflict as other:
            found = find(participation, number)
            if saving.by_itself(request):
                return saving.conflict({name: _their(found, name, value) for name, value in other.current.items()})
            seen_now = saving.seen_now(request.POST, other.current)
            form = AgreementForm(seen_now, instance=found)
            contribution_form = ContributionForm(seen_now, agreement=found)
            fields = form.fields | contribution_form.fields
            conflict = [
                (fields[name].label, _theirs(found, name, value), _mine(request.POST, name, fields[name]))
                for name, value in other.current.items()
            ]
        except actions.Fixed as fixed:
            if saving.by_itself(request):
                raise
            return amendments.amend_page(request, participation, found, form=form, brought=contribution_form,
                                         refused=str(fixed), status=422)  # fmt: skip
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            after = find(participation, number)
            dropped = DROPPED if after.status == Agreement.Status.DROPPED else ""
            if saving.by_itself(request):
                return saving.saved(_start(after), *texts, warning=dropped)
            messages.success(request, f"Bewaard. {dropped}".strip())
            warn_of_persons(request, *texts)
            return redirect(found)
    if saving.by_itself(request):
        return saving.invalid(form, contribution_form)
    return page(
        request,
        participation,
        found,
        status=422,
        form=form,
        contribution_form=contribution_form,
        conflict=conflict,
    )


def _start(agreement) -> dict:
    """What a writer starts from now, by the names of the hidden fields."""
    brought = {c.organisation_id: c.text for c in agreement.contributions.all()}
    names = [name for name in AgreementForm._meta.fields if name != "areas"]
    start = {f"initial-{name}": saving.in_form(getattr(agreement, name)) for name in names}
    start["seen-areas"] = saving.listed(agreement.areas.all())
    for organisation in agreement.workshop.organisations.all():
        start[f"initial-takes_part_{organisation.pk}"] = str(organisation.pk in brought)
        start[f"initial-brings_{organisation.pk}"] = brought.get(organisation.pk, "")
    return start


def _their(agreement, name, value) -> dict:
    """What another wrote in one field: in words, and for who takes it over or goes on from it."""
    values = {name: value}
    if name.startswith("brings_"):
        values = {name: value or "", f"takes_part_{name.removeprefix('brings_')}": value is not None}
    elif name == "areas":
        values = {name: agreement.areas.all()}
    hidden = {f"{kind}-{field}" for field in values for kind in ("initial", "seen")}
    start = {key: at for key, at in _start(agreement).items() if key in hidden}
    return saving.their(_theirs(agreement, name, value), values, start)


def _theirs(agreement, name, value):
    """What is stored, in words."""
    if name == "areas":
        return ", ".join(map(str, agreement.areas.all()))
    if name.startswith("brings_"):
        return "doet niet mee" if value is None else value
    display = getattr(agreement, f"get_{name}_display", None)
    stored = display() if display else getattr(agreement, name)
    if isinstance(stored, bool):
        return "ja" if stored else "nee"
    return "" if stored is None else date_format(stored, "j F Y") if hasattr(stored, "isoformat") else str(stored)


def _mine(data, name, field):
    """What this writer chose or typed, in words."""
    chosen = data.getlist(name)
    labels = {str(value): label for value, label in getattr(field, "choices", ())}
    return ", ".join(str(labels.get(value, value)) for value in chosen)


@require_POST
def set_status(request, code, number):
    participation = access.participant(request, code)
    found = _bare(participation, number)
    if request.POST.get("status") in Agreement.Status.values:
        after = actions.set_status(by=participation, agreement=found, status=request.POST["status"])
        messages.success(request, f"Bewaard. De status is nu: {after.get_status_display().lower()}.")
    return redirect("board", code) if request.POST.get("terug") == "matrix" else redirect(found)


@require_POST
def position(request, code, number):
    participation = access.participant(request, code)
    found, seen_by = _bare(participation, number), audience(participation)
    form = PositionForm(request.POST, seen_by=seen_by)
    theirs, reworded = None, False
    if form.is_valid():
        try:
            taken = actions.take_position(
                by=participation, agreement=found, read=request.POST.get("read", ""), **form.cleaned_data
            )
        except Conflict as other:
            reworded, theirs = "words" in other.current, other.current.get("reason")
            seen = request.POST.get("seen", "") if reworded else theirs
            form = PositionForm(request.POST.dict() | {"seen": seen}, seen_by=seen_by)
        except ValidationError as error:
            form.add_error("reason", error.messages)
        else:
            warn_of_persons(request, form.cleaned_data["reason"])
            return saving.done(request, redirect(found), f"Het standpunt van {taken.organisation} is bewaard.")
    found = find(participation, number)
    return page(
        request, participation, found, status=422, position_form=form, position_theirs=theirs, reworded=reworded
    )


@require_POST
def take_over_position(request, code, number):
    participation = access.participant(request, code)
    found = find(participation, number)
    behalf.take_over(by=participation, said=get_object_or_404(found.positions, organisation=participation.organisation))
    messages.success(request, "Dit standpunt is nu van uw organisatie.")
    return redirect(found)


@require_POST
def plain_words(request, code, number):
    """The agreement in plain words, which the tenants approve."""
    participation = access.participant(request, code)
    found = find(participation, number)
    form = PlainWordsForm(request.POST, agreement=found)
    if form.is_valid():
        data = form.cleaned_data
        try:
            after = actions.say_plainly(by=participation, agreement=found, text=data["text"], seen=data["seen"])
        except Conflict as other:
            now = other.current["plain_words"]
            if saving.by_itself(request):
                return saving.conflict({"text": saving.their(now, {"text": now}, {"seen": now})})
            form = PlainWordsForm(request.POST.dict() | {"seen": other.current["plain_words"]}, agreement=found)
            return page(request, participation, found, status=422, plain_form=form,
                         plain_theirs=other.current["plain_words"])  # fmt: skip
        if saving.by_itself(request):
            return saving.saved({"seen": after.plain_words}, data["text"])
        messages.success(request, "Bewaard.")
        warn_of_persons(request, data["text"])
        return redirect(found)
    if saving.by_itself(request):
        return saving.invalid(form)
    return page(request, participation, found, status=422, plain_form=form)


@require_POST
def approve_plain(request, code, number):
    participation = access.participant(request, code)
    found = find(participation, number)
    version = request.POST.get("version", "")
    actions.approve_plain(by=participation, agreement=found, version=int(version) if version.isdecimal() else 0)
    messages.success(request, "Goedgekeurd: zo staat het in gewone taal in het plan.")
    return redirect(found)
