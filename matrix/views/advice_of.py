"""What a page of an agreement offers on its statutory advice: a form a part, for who may write it."""

from matrix.actions.advice import may_decide
from matrix.advice_forms import AskForm, DecideForm, GiveForm
from matrix.audience import Audience
from matrix.models import Advice
from matrix.stages import Right, Role, allows


def advice_forms(seen_by: Audience, agreement) -> dict:
    advice = getattr(agreement, "advice", None)
    if not (agreement.touches_advice_right or advice):
        return {}
    advice = advice or Advice(agreement=agreement)
    found = {}
    if seen_by.may(Right.ADVISE):
        found["ask_form"] = AskForm(instance=advice, workshop=seen_by.workshop, auto_id="vraag-%s")
        if may_decide(seen_by):
            found["decide_form"] = DecideForm(instance=advice, auto_id="besluit-%s")
    if may_give(seen_by, advice):
        found["give_form"] = GiveForm(instance=advice, seen_by=seen_by, auto_id="advies-%s")
        found["may_take_over_advice"] = advice.on_behalf and advice.organisation_id == seen_by.organisation_id
    return found


def may_give(seen_by: Audience, advice) -> bool:
    """The tenant organisation that was asked (or any, while none was), and the facilitator on its behalf."""
    if seen_by.is_facilitator:
        return allows(seen_by.workshop.stage, Right.GIVE_ADVICE, Role.TENANT)
    mine = advice.organisation_id in (None, seen_by.organisation_id)
    return seen_by.may(Right.GIVE_ADVICE) and mine
