"""Changing what was fixed: a proposal for other words, the consent of each party, and taking it over or back. Until it
is taken over the fixed words stand; nothing is ever deleted."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Prefetch

from matrix.actions.agreement import as_plain, difference, put_stance, put_values, store_contributions
from matrix.actions.behalf import require_open
from matrix.actions.progress import log_status
from matrix.actions.recording import Refused, record, voicing, writing
from matrix.actions.subjects import about
from matrix.consent import READY, REFUSED, asked, outcome, waits_for
from matrix.models import Agreement, Amendment, Consent, Organisation, Participation, Position
from matrix.stages import Right, Role


def propose_change(
    *,
    by: Participation,
    agreement: Agreement,
    changes: dict,
    seen: dict,
    contributions: dict | None = None,
    seen_contributions: dict | None = None,
    reason: str,
    lapses: bool = False,
    key: UUID | None = None,
) -> Amendment:
    """Other words for an agreement that was fixed; the arguments as in `agreement.edit`. `lapses`: that it no longer
    holds. Who proposes it for an organisation says with it that this organisation agrees."""
    with writing(by, Right.AMEND, key=key) as workshop:
        fresh = workshop.agreements.get(pk=agreement.pk)
        if not (fresh.is_frozen and fresh.is_promised):
            raise Refused("Deze tekst is niet vastgesteld. U kunt de afspraak gewoon wijzigen, bij Afspreken.")
        if fresh.amendments.filter(state=Amendment.State.OPEN).exists():
            raise Refused("Er ligt al een wijzigingsvoorstel voor deze afspraak. Dat moet eerst zijn afgehandeld.")
        if not reason.strip():
            raise ValidationError({"reason": "Schrijf waarom u dit wilt wijzigen."})
        before, given, changed, touched = difference(
            workshop, fresh, changes, seen, contributions or {}, seen_contributions or {}
        )
        if not (changed or touched or lapses):
            raise Refused("Er staat nog geen wijziging in uw voorstel. Verander eerst iets in de tekst.")
        _require_sound(fresh, {field: changes[field] for field in changed})
        data = {
            "before": {field: before[field] for field in sorted(changed)},
            "after": {field: as_plain(changes[field]) for field in sorted(changed)},
            "brought_before": {str(o.pk): given.get(o.pk) for o in touched},
            "brought_after": {str(o.pk): text for o, text in touched.items()},
        }
        if lapses:
            data["before"]["status"], data["after"]["status"] = fresh.status, str(Agreement.Status.DROPPED)
        amendment = Amendment.objects.create(
            agreement=fresh, organisation=by.organisation, data=data, reason=reason.strip()
        )
        if by.organisation:
            Consent.objects.create(amendment=amendment, organisation=by.organisation, stance=Position.Stance.AGREE)
        record(workshop, by=by, what="amended", summary=f"{by.speaks_for} stelde een wijziging voor: {fresh}", key=key,
               subjects=about(fresh), data={"number": fresh.number, "reason": amendment.reason,
                                             "amendment": ordinal(amendment), **data})  # fmt: skip
    return amendment


def _require_sound(fresh: Agreement, changed: dict) -> None:
    """What the database would refuse is refused before anybody consents to it."""
    trial = Agreement.objects.get(pk=fresh.pk)
    for field, value in changed.items():
        if field != "areas":
            setattr(trial, field, value)
    trial.validate_constraints()


def ordinal(amendment: Amendment) -> int:
    """Which of its agreement it is, from 1: what names it in an address, in every installation."""
    return Amendment.objects.filter(agreement=amendment.agreement_id, pk__lte=amendment.pk).count()


def _open(workshop, amendment: Amendment) -> Amendment:
    """Of this moment, with its agreement and all that is said about both."""
    consents = Prefetch("consents", Consent.objects.select_related("organisation"))
    fresh = (
        Amendment.objects.filter(agreement__workshop=workshop)
        .select_related("agreement", "organisation")
        .prefetch_related(consents, "agreement__contributions", "agreement__positions")
        .get(pk=amendment.pk)
    )
    if not fresh.is_open:
        raise Refused(f"Dit wijzigingsvoorstel is al {fresh.get_state_display().lower()}. Er is niets veranderd.")
    return fresh


def give_consent(
    *,
    by: Participation,
    amendment: Amendment,
    stance: str,
    reason: str = "",
    back_by=None,
    seen: str | None = None,
    on_behalf_of: Organisation | None = None,
) -> Consent:
    """Where an organisation stands on the proposed words; see `agreement.take_position`."""
    with voicing(by, Right.AMEND, on_behalf_of=on_behalf_of) as (workshop, organisation):
        if organisation is None:
            raise Refused("De procesbegeleider is van geen partij. Kies namens welke organisatie u dit invoert.")
        fresh = _open(workshop, amendment)
        before = Consent.objects.filter(amendment=fresh, organisation=organisation).first()
        require_open(before, organisation, on_behalf_of is not None)
        consent = before or Consent(amendment=fresh, organisation=organisation)
        was = put_stance(
            consent, stance=stance, reason=reason, back_by=back_by, seen=seen, on_behalf=on_behalf_of is not None
        )
        if was == consent.stored:
            return consent
        consent.save()
        summary = f"{organisation} over de wijziging van {fresh.agreement}: {consent.get_stance_display().lower()}"
        record(workshop, by=by, what="consent_given", organisation=organisation, subjects=about(fresh.agreement),
               summary=summary + (" (ingevoerd door de begeleider)" if consent.on_behalf else ""),
               data={"number": fresh.agreement.number, "amendment": ordinal(fresh), "before": was,
                     "after": consent.stored})  # fmt: skip
    return consent


def accept(*, by: Participation, amendment: Amendment) -> Agreement:
    """The proposed words become the agreement's, and the consents the positions on them. They are fixed at once: what
    parties consented to does not change without them. The next version of the plan holds them."""
    with writing(by, Right.AMEND) as workshop:
        if by.role != Role.FACILITATOR:
            raise Refused("Alleen de procesbegeleider neemt een wijziging over, als iedereen heeft ingestemd.")
        fresh = _open(workshop, amendment)
        agreement = fresh.agreement
        if not (agreement.is_frozen and agreement.is_promised):
            raise Refused(
                "Deze afspraak geldt niet meer zoals zij was vastgesteld. Trek dit voorstel in. Er is niets veranderd."
            )
        organisations = {o.pk: o for o in workshop.organisations.all()}
        _require_consent(asked(fresh, agreement, organisations.values()))
        before_areas = list(agreement.areas.values_list("pk", flat=True))
        positions_before = {str(p.organisation_id): p.stored for p in agreement.positions.all()}
        _put_in(workshop, agreement, fresh.data, organisations, by)
        for consent in fresh.consents.all():
            _make_position(agreement, consent)
        fresh.state = Amendment.State.ACCEPTED
        fresh.save(update_fields=["state"])
        positions_after = {str(p.organisation_id): p.stored for p in Position.objects.filter(agreement=agreement)}
        counts = [f"filled/{agreement.framework}", "agreements", "promises"]
        record(workshop, by=by, what="amendment_accepted", summary=f"Wijziging overgenomen: {agreement}",
               subjects=[*about(agreement, areas=before_areas), *counts],
               data={"number": agreement.number, "amendment": ordinal(fresh), "wording": agreement.wording,
                     **fresh.data, "positions_before": positions_before,
                     "positions_after": positions_after})  # fmt: skip
    return workshop.agreements.get(pk=agreement.pk)


def _require_consent(found) -> None:
    state = outcome(found)
    if state == REFUSED:
        raise Refused(
            "Een organisatie is niet akkoord. De vastgestelde tekst blijft gelden; het bezwaar blijft zichtbaar."
        )
    if state != READY:
        names = ", ".join(map(str, waits_for(found))) or "de partijen"
        raise Refused(f"Nog niet iedereen heeft ingestemd. Wacht op: {names}. De vastgestelde tekst blijft gelden.")


def _put_in(workshop, agreement: Agreement, data: dict, organisations: dict, by: Participation) -> None:
    named = {int(pk) for pk in data["brought_after"]} | {data["after"].get("lead")}
    if not named - {None} <= organisations.keys():
        raise Refused("Een organisatie uit dit voorstel zit niet meer aan tafel. Er is niets veranderd.")
    before = agreement.status
    put_values(workshop, agreement, data["after"])
    agreement.wording += 1
    agreement.frozen_wording = agreement.wording
    agreement.validate_constraints()
    agreement.save()
    if agreement.status != before:
        log_status(agreement, before=before, by=by)
    store_contributions(agreement, {organisations[int(pk)]: text for pk, text in data["brought_after"].items()})


def _make_position(agreement: Agreement, consent: Consent) -> None:
    Position.objects.update_or_create(
        agreement=agreement, organisation=consent.organisation,
        defaults={"stance": consent.stance, "reason": consent.reason, "back_by": consent.back_by,
                  "on_behalf": consent.on_behalf, "wording": agreement.wording, "note": ""},
    )  # fmt: skip


def withdraw(*, by: Participation, amendment: Amendment) -> None:
    """By who proposed it or by the facilitator. The proposal and what was said of it stay readable."""
    with writing(by, Right.AMEND) as workshop:
        fresh = _open(workshop, amendment)
        if by.role != Role.FACILITATOR and fresh.organisation_id != by.organisation_id:
            raise Refused("Intrekken kan alleen wie de wijziging voorstelde, of de procesbegeleider.")
        fresh.state = Amendment.State.WITHDRAWN
        fresh.save(update_fields=["state"])
        record(workshop, by=by, what="amendment_withdrawn", subjects=about(fresh.agreement),
               summary=f"{by.speaks_for} trok de wijziging in: {fresh.agreement}",
               data={"number": fresh.agreement.number, "amendment": ordinal(fresh)})  # fmt: skip
