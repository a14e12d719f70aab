"""The statutory advice of tenants: asked, given, decided. Its words are the tenants' own; its dates are facts that all
at the table can keep; the decision is the landlord's."""

from django.core.exceptions import ValidationError
from django.utils import timezone

from matrix import advice as rules
from matrix.actions.agreement import as_plain
from matrix.actions.behalf import require_open
from matrix.actions.recording import Conflict, Refused, record, voicing, writing
from matrix.models import Advice, Agreement, Organisation, Participation
from matrix.stages import Right, Role


def ask(
    *,
    by: Participation,
    agreement: Agreement,
    organisation: Organisation,
    asked_on,
    due_on=None,
    seen: str | None = None,
) -> Advice:
    """The landlord asked this tenant organisation for its advice. Without a day of its own the term is six weeks."""
    with writing(by, Right.ADVISE) as workshop:
        if organisation.workshop_id != workshop.pk or organisation.role != Role.TENANT:
            raise Refused("Het advies vraagt de verhuurder aan een huurdersorganisatie of bewonerscommissie.")
        advice = _of(workshop, agreement)
        if advice.text and advice.organisation_id not in (None, organisation.pk):
            raise Refused(f"{advice.organisation} gaf al advies. Dat blijft staan zoals het is.")
        changes = {"organisation": organisation, "asked_on": asked_on, "due_on": due_on or asked_on + rules.TERM}
        return _store(workshop, by, advice, rules.ASKED, changes, seen, f"advies gevraagd aan {organisation}")


def give(
    *,
    by: Participation,
    agreement: Agreement,
    outcome: str,
    text: str,
    received_on,
    seen: str | None = None,
    on_behalf_of: Organisation | None = None,
) -> Advice:
    """The advice itself, in the words of the tenants."""
    with voicing(by, Right.GIVE_ADVICE, on_behalf_of=on_behalf_of) as (workshop, organisation):
        advice = _of(workshop, agreement)
        if advice.organisation_id not in (None, organisation.pk):
            raise Refused(f"Het advies is gevraagd aan {advice.organisation}.")
        given = advice if advice.outcome else None
        require_open(given, organisation, on_behalf_of is not None)
        changes = {
            "organisation": organisation, "outcome": Advice.Outcome(outcome), "text": text.strip(),
            "received_on": received_on, "on_behalf": on_behalf_of is not None,
        }  # fmt: skip
        summary = f"{organisation} gaf advies" + (" (ingevoerd door de begeleider)" if on_behalf_of else "")
        return _store(workshop, by, advice, rules.GIVEN, changes, seen, summary, organisation)


def decide(
    *, by: Participation, agreement: Agreement, decided_on, deviates: bool, decision: str, seen: str | None = None
) -> Advice:
    """What the landlord decided after the advice, and why where it deviates."""
    with writing(by, Right.ADVISE) as workshop:
        if not may_decide(by):
            raise Refused("Het besluit is van de verhuurder: de woningcorporatie of de begeleider schrijft het op.")
        advice = _of(workshop, agreement)
        changes = {"decided_on": decided_on, "deviates": deviates, "decision": decision.strip()}
        return _store(workshop, by, advice, rules.DECIDED, changes, seen, "besluit na het advies")


def may_decide(by) -> bool:
    """The landlord, and who leads the session. `by`: a participation or an audience."""
    return by.organisation is None or by.organisation.kind == Organisation.Kind.CORPORATION


def _of(workshop, agreement) -> Advice:
    fresh = workshop.agreements.get(pk=agreement.pk)
    advice = Advice.objects.select_related("organisation").filter(agreement=fresh).first()
    if advice is None and not fresh.touches_advice_right:
        raise Refused(
            "Deze maatregel heeft het kenmerk ‘raakt het adviesrecht’ niet. Zet dat eerst aan bij de afspraak."
        )
    return advice or Advice(agreement=fresh)


def stored(advice: Advice, part: str) -> dict:
    """As the log keeps it."""
    return {name: as_plain(getattr(advice, name)) for name in rules.PARTS[part]}


def _store(workshop, by, advice, part, changes, seen, summary, organisation=None) -> Advice:
    before, told = stored(advice, part), rules.told(advice, part)
    for name, value in changes.items():
        setattr(advice, name, value)
    after = stored(advice, part)
    if seen is not None and as_plain(seen) != as_plain(told) and as_plain(told) != as_plain(rules.told(advice, part)):
        raise Conflict({part: told})
    if problems := rules.problems(advice, timezone.localdate()):
        raise ValidationError(problems)
    if before == after:
        return advice
    advice.save()
    agreement = advice.agreement
    record(workshop, by=by, what=f"advice_{part}", summary=f"{agreement}: {summary}", organisation=organisation,
           subjects=[f"agreements/{agreement.number}"],
           data={"number": agreement.number, "before": before, "after": after})  # fmt: skip
    return advice
