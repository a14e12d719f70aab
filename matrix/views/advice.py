"""The statutory advice of tenants on one agreement: asked, given, decided."""

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from matrix import access
from matrix.actions import advice as actions
from matrix.actions import behalf
from matrix.actions.recording import Conflict
from matrix.advice_forms import AskForm, DecideForm, GiveForm
from matrix.audience import audience
from matrix.models import Advice
from matrix.views import saving
from matrix.views.agreement import find, page
from matrix.views.frame import warn_of_persons


@require_POST
def ask(request, code, number):
    return _write(request, code, number, "ask_form", actions.ask, "Bewaard.")


@require_POST
def give(request, code, number):
    return _write(request, code, number, "give_form", actions.give, "Het advies is bewaard.")


@require_POST
def decide(request, code, number):
    return _write(request, code, number, "decide_form", actions.decide, "Het besluit is bewaard.")


def _write(request, code, number, name, action, done):
    participation = access.participant(request, code)
    agreement = find(participation, number)
    form = _form(request.POST, name, participation, agreement)
    theirs = None
    if form.is_valid():
        try:
            action(by=participation, agreement=agreement, **form.cleaned_data)
        except Conflict as other:
            theirs = other.current[form.part]
            form = _form(request.POST.dict() | {"seen": theirs}, name, participation, agreement)
        except ValidationError as error:
            for field, found in error.message_dict.items():
                form.add_error(field if field in form.fields else None, found)
        else:
            warn_of_persons(request, *(value for value in form.cleaned_data.values() if isinstance(value, str)))
            back = redirect(f"{reverse('agreement', args=[code, number])}#advies")
            return saving.done(request, back, done)
    return page(
        request,
        participation,
        agreement,
        status=422,
        **{name: form, "advice_theirs": {form.part: theirs}, "refused": name},
    )


def _form(data, name, participation, agreement):
    advice = getattr(agreement, "advice", None) or Advice(agreement=agreement)
    if name == "ask_form":
        return AskForm(data, instance=advice, workshop=participation.workshop, auto_id="vraag-%s")
    if name == "give_form":
        return GiveForm(data, instance=advice, seen_by=audience(participation), auto_id="advies-%s")
    return DecideForm(data, instance=advice, auto_id="besluit-%s")


@require_POST
def take_over(request, code, number):
    participation = access.participant(request, code)
    advice = getattr(find(participation, number), "advice", None)
    if advice is None:
        raise Http404
    behalf.take_over(by=participation, said=advice)
    return redirect(f"{reverse('agreement', args=[code, number])}#advies")
