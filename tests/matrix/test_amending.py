"""A change of fixed words: proposed, consented to by each party, taken over or not; the fixed words stand until then."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from matrix.actions import agreement as agreements
from matrix.actions import amending, behalf
from matrix.actions import workshop as workshops
from matrix.actions.freezing import freeze
from matrix.actions.recording import Conflict, Refused
from matrix.actions.undo import undo
from matrix.consent import READY, REFUSED, WAITING, asked, outcome, waits_for
from matrix.exchange.carrying import export, session_of, take_in
from matrix.models import Amendment, Event, Participation
from matrix.own_actions import own_actions
from matrix.plan.canonical import content_of, fingerprint
from matrix.position_history import history
from matrix.stages import NotNow, Stage
from tests.matrix.test_exchange import remove_all


@pytest.fixture
def made(cast):
    """Led by the corporation; the tenants contribute; the municipality and the tenants took a position. Fixed."""
    found = cast.propose("Samen schoonmaken")
    tenants = cast.as_tenant.organisation
    agreements.edit(
        by=cast.as_partner, agreement=found, changes={"lead": cast.as_corporation.organisation, "means": "€ 1.000"},
        seen={"lead": None, "means": ""}, contributions={tenants: "Meelopen"}, seen_contributions={tenants: None},
    )  # fmt: skip
    agreements.set_status(by=cast.as_partner, agreement=found, status="afgesproken")
    agreements.take_position(by=cast.as_partner, agreement=found, stance="akkoord")
    agreements.take_position(by=cast.as_tenant, agreement=found, stance="niet_akkoord", reason="Te weinig.")
    workshops.move(by=cast.as_facilitator, stage=Stage.SETTLE)
    freeze(by=cast.as_facilitator)
    found.refresh_from_db()
    return found


def propose(by, agreement, *, reason="De prijs is hoger.", **changes):
    lapses = changes.pop("lapses", False)
    agreement.refresh_from_db()
    seen = {name: agreements.plain(agreement, name) for name in changes}
    return amending.propose_change(by=by, agreement=agreement, changes=changes, seen=seen, reason=reason, lapses=lapses)


def consents(cast, amendment, **stances):
    for who, stance in stances.items():
        reason = "Onder voorwaarde." if stance in ("voorbehoud", "niet_akkoord") else ""
        by = getattr(cast, f"as_{who}")
        amending.give_consent(by=by, amendment=amendment, stance=stance, reason=reason)


def state_of(amendment):
    amendment = Amendment.objects.get(pk=amendment.pk)
    agreement = amendment.agreement
    return outcome(asked(amendment, agreement, agreement.workshop.organisations.all()))


def test_until_it_is_taken_over_the_fixed_words_stand(cast, made):
    amendment = propose(cast.as_corporation, made, means="€ 2.000")
    made.refresh_from_db()
    assert (made.means, made.wording, made.is_frozen) == ("€ 1.000", 1, True)
    assert amendment.data["before"] == {"means": "€ 1.000"}
    assert amendment.data["after"] == {"means": "€ 2.000"}
    assert amendment.consents.get().organisation == cast.as_corporation.organisation  # who proposes, agrees


def test_everyone_whom_it_binds_is_asked(cast, made, workshop):
    police = workshops.add_organisation(by=cast.as_facilitator, name="Politie", kind="politie")
    school = workshops.add_organisation(by=cast.as_facilitator, name="School", kind="onderwijs")
    amendment = propose(cast.as_facilitator, made, lead=police)
    found = asked(amendment, made, workshop.organisations.all())
    needed = {one.organisation.name for one in found if one.needed}
    assert needed == {"Woonstichting", "Gemeente", "Huurdersvereniging", "Politie"}
    assert {str(o) for o in waits_for(found)} == needed
    assert school.name in {one.organisation.name for one in found}  # may speak, need not


def test_with_all_consents_the_facilitator_takes_it_over(cast, made):
    amendment = propose(cast.as_corporation, made, means="€ 2.000")
    consents(cast, amendment, partner="akkoord", tenant="voorbehoud")
    after = amending.accept(by=cast.as_facilitator, amendment=amendment)
    made.refresh_from_db()
    assert (made.means, made.wording) == ("€ 2.000", 2)
    assert made.is_frozen  # what parties consented to does not change without them
    stances = {p.organisation.name: (p.stance, p.reason, p.wording) for p in after.positions.all()}
    assert stances == {
        "Woonstichting": ("akkoord", "", 2),
        "Gemeente": ("akkoord", "", 2),
        "Huurdersvereniging": ("voorbehoud", "Onder voorwaarde.", 2),
    }
    amendment.refresh_from_db()
    assert amendment.state == Amendment.State.ACCEPTED
    assert freeze(by=cast.as_facilitator).number == 2


def test_the_earlier_positions_are_kept_and_told(cast, made):
    amendment = propose(cast.as_corporation, made, means="€ 2.000")
    consents(cast, amendment, partner="akkoord", tenant="akkoord")
    amending.accept(by=cast.as_facilitator, amendment=amendment)
    said = history(Event.objects.filter(what__in=("position_taken", "amendment_accepted")))
    tenants = said[cast.as_tenant.organisation_id]
    assert [(s.stance, s.reason, s.wording) for s in tenants] == [("niet_akkoord", "Te weinig.", 1), ("akkoord", "", 2)]
    assert [s.by_amendment for s in tenants] == [False, True]


def test_nothing_is_taken_over_in_what_no_longer_holds(cast, made):
    amendment = propose(cast.as_corporation, made, means="€ 2.000")
    consents(cast, amendment, partner="akkoord", tenant="akkoord")
    type(made).objects.filter(pk=made.pk).update(status="vervallen")
    with pytest.raises(Refused, match="geldt niet meer"):
        amending.accept(by=cast.as_facilitator, amendment=amendment)
    made.refresh_from_db()
    assert made.means == "€ 1.000"


def test_the_note_of_how_an_earlier_answer_came_does_not_go_along(cast, made):
    position = made.positions.get(organisation=cast.as_partner.organisation)
    type(position).objects.filter(pk=position.pk).update(note="Op papier, 3 december")
    amendment = propose(cast.as_corporation, made, means="€ 2.000")
    consents(cast, amendment, partner="akkoord", tenant="akkoord")
    amending.accept(by=cast.as_facilitator, amendment=amendment)
    position.refresh_from_db()
    assert position.note == ""


def test_the_framework_is_fixed_with_the_words(cast, made):
    workshops.move(by=cast.as_facilitator, stage=Stage.AGREE)
    with pytest.raises(agreements.Fixed):
        agreements.edit(
            by=cast.as_partner, agreement=made, changes={"framework": "woninggebruik"},
            seen={"framework": "leefomgeving"},
        )  # fmt: skip


def test_one_no_keeps_the_words_and_its_reason_stays(cast, made):
    amendment = propose(cast.as_corporation, made, means="€ 2.000")
    consents(cast, amendment, partner="akkoord", tenant="niet_akkoord")
    assert state_of(amendment) == REFUSED
    with pytest.raises(Refused, match="De vastgestelde tekst blijft gelden"):
        amending.accept(by=cast.as_facilitator, amendment=amendment)
    amending.withdraw(by=cast.as_corporation, amendment=amendment)
    made.refresh_from_db()
    assert made.means == "€ 1.000"
    assert amendment.consents.get(organisation=cast.as_tenant.organisation).reason == "Onder voorwaarde."


def test_a_no_can_become_a_yes_while_it_is_open(cast, made):
    amendment = propose(cast.as_corporation, made, means="€ 2.000")
    consents(cast, amendment, partner="akkoord", tenant="niet_akkoord")
    consents(cast, amendment, tenant="akkoord")
    assert state_of(amendment) == READY


def test_it_waits_for_who_goes_back_to_the_members(cast, made):
    amendment = propose(cast.as_corporation, made, means="€ 2.000")
    consents(cast, amendment, partner="akkoord")
    amending.give_consent(
        by=cast.as_tenant, amendment=amendment, stance="achterban", back_by=datetime.date(2026, 12, 20)
    )
    assert state_of(amendment) == WAITING
    with pytest.raises(Refused, match="Wacht op: Huurdersvereniging"):
        amending.accept(by=cast.as_facilitator, amendment=amendment)


def test_an_agreement_lapses_by_consent_and_comes_back_by_new_positions(cast, made):
    amendment = propose(cast.as_corporation, made, lapses=True)
    consents(cast, amendment, partner="akkoord", tenant="akkoord")
    amending.accept(by=cast.as_facilitator, amendment=amendment)
    made.refresh_from_db()
    assert made.status == "vervallen"
    workshops.move(by=cast.as_facilitator, stage=Stage.AGREE)
    agreements.set_status(by=cast.as_partner, agreement=made, status="afgesproken")
    made.refresh_from_db()
    assert (made.wording, made.is_frozen) == (3, False)  # the yes to its end is no yes to it


def test_one_proposal_at_a_time(cast, made):
    propose(cast.as_corporation, made, means="€ 2.000")
    with pytest.raises(Refused, match="ligt al een wijzigingsvoorstel"):
        propose(cast.as_partner, made, means="€ 3.000")


def test_a_proposal_changes_something_and_says_why(cast, made):
    with pytest.raises(Refused, match="nog geen wijziging"):
        propose(cast.as_corporation, made, means="€ 1.000")
    with pytest.raises(ValidationError, match="waarom"):
        propose(cast.as_corporation, made, reason=" ", means="€ 2.000")
    with pytest.raises(ValidationError, match="einddatum"):
        propose(cast.as_corporation, made, start=datetime.date(2027, 2, 1), end=datetime.date(2027, 1, 1))
    assert not Event.objects.filter(what="amended").exists()


def test_words_that_are_not_fixed_need_no_proposal(cast, made):
    workshops.move(by=cast.as_facilitator, stage=Stage.AGREE)
    idea = cast.propose("Een bankje")
    with pytest.raises(Refused, match="niet vastgesteld"):
        propose(cast.as_corporation, idea, means="€ 300")


def test_nobody_answers_for_another(cast, made):
    amendment = propose(cast.as_corporation, made, means="€ 2.000")
    with pytest.raises(Refused, match="van geen partij"):
        amending.give_consent(by=cast.as_facilitator, amendment=amendment, stance="akkoord")
    with pytest.raises(NotNow):
        amending.give_consent(
            by=cast.as_partner, amendment=amendment, stance="akkoord", on_behalf_of=cast.as_tenant.organisation
        )
    with pytest.raises(Refused, match="Alleen de procesbegeleider"):
        amending.accept(by=cast.as_corporation, amendment=amendment)
    with pytest.raises(Refused, match="Intrekken kan alleen"):
        amending.withdraw(by=cast.as_partner, amendment=amendment)


def test_entered_for_an_organisation_until_it_takes_it_over(cast, made):
    amendment = propose(cast.as_corporation, made, means="€ 2.000")
    tenants = cast.as_tenant.organisation
    amending.give_consent(by=cast.as_facilitator, amendment=amendment, stance="akkoord", on_behalf_of=tenants)
    consent = amendment.consents.get(organisation=tenants)
    assert consent.on_behalf
    behalf.take_over(by=cast.as_tenant, said=consent)
    consent.refresh_from_db()
    assert not consent.on_behalf
    with pytest.raises(Refused, match="heeft dit zelf ingevuld"):
        amending.give_consent(
            by=cast.as_facilitator, amendment=amendment, stance="niet_akkoord", reason="Nee.", on_behalf_of=tenants
        )


def test_two_phones_of_one_organisation_do_not_overwrite_each_other(cast, made):
    amendment = propose(cast.as_corporation, made, means="€ 2.000")
    consents(cast, amendment, tenant="niet_akkoord")
    with pytest.raises(Conflict):
        amending.give_consent(by=cast.as_tenant, amendment=amendment, stance="akkoord", seen="")


def test_a_closed_proposal_stays_as_it_is(cast, made):
    amendment = propose(cast.as_corporation, made, means="€ 2.000")
    amending.withdraw(by=cast.as_facilitator, amendment=amendment)
    for deed in (
        lambda: amending.give_consent(by=cast.as_tenant, amendment=amendment, stance="akkoord"),
        lambda: amending.accept(by=cast.as_facilitator, amendment=amendment),
        lambda: amending.withdraw(by=cast.as_facilitator, amendment=amendment),
    ):
        with pytest.raises(Refused, match="al ingetrokken"):
            deed()
    propose(cast.as_partner, made, means="€ 3.000")  # and the next may come


def test_undo_of_a_proposal_withdraws_it_while_nobody_else_spoke(cast, made):
    amendment = propose(cast.as_corporation, made, means="€ 2.000")
    consents(cast, amendment, tenant="akkoord")
    with pytest.raises(Refused, match="Huurdersvereniging heeft het daarna gewijzigd"):
        undo(by=cast.as_corporation, revision=own_actions(cast.as_corporation)[0].newest.revision)
    undo(by=cast.as_tenant, revision=own_actions(cast.as_tenant)[0].newest.revision)
    undo(by=cast.as_corporation, revision=own_actions(cast.as_corporation)[0].newest.revision)
    amendment.refresh_from_db()
    assert amendment.state == Amendment.State.WITHDRAWN
    assert amendment.consents.count() == 1


def test_an_organisation_that_spoke_of_a_change_stays(cast, made, workshop):
    police = workshops.add_organisation(by=cast.as_facilitator, name="Politie", kind="politie")
    amendment = propose(cast.as_corporation, made, means="€ 2.000")
    amending.give_consent(by=cast.as_facilitator, amendment=amendment, stance="akkoord", on_behalf_of=police)
    with pytest.raises(Refused, match="kan niet weg"):
        workshops.remove_organisation(by=cast.as_facilitator, organisation=police)


def test_who_is_named_in_a_proposal_and_went_keeps_it_from_being_taken_over(cast, made):
    police = workshops.add_organisation(by=cast.as_facilitator, name="Politie", kind="politie")
    amendment = propose(cast.as_corporation, made, lead=police)
    consents(cast, amendment, partner="akkoord", tenant="akkoord")
    amendment.data["after"]["lead"] = 10**6
    amendment.save()
    with pytest.raises(Refused):
        amending.accept(by=cast.as_facilitator, amendment=amendment)
    made.refresh_from_db()
    assert made.lead == cast.as_corporation.organisation


def test_versions_and_changes_travel_to_another_installation(cast, made, workshop, django_user_model):
    """With other keys there, a change that lies open can still be consented to and taken over."""
    first = propose(cast.as_partner, made, title="Anders")
    amending.withdraw(by=cast.as_partner, amendment=first)
    second = propose(cast.as_corporation, made, lead=cast.as_partner.organisation, means="€ 2.000")
    consents(cast, second, partner="akkoord", tenant="akkoord")
    amending.accept(by=cast.as_facilitator, amendment=second)
    freeze(by=cast.as_facilitator)
    tenants, areas = cast.as_tenant.organisation, [sheet.area for sheet in workshop.workshop_areas.all()[:2]]
    made.refresh_from_db()
    amending.propose_change(
        by=cast.as_facilitator, agreement=made, changes={"areas": areas}, seen={"areas": agreements.plain(made, "areas")},
        contributions={tenants: "Meelopen en tellen"}, seen_contributions={tenants: "Meelopen"}, reason="Meer buurten.",
    )  # fmt: skip
    workshop.refresh_from_db()
    before, content = session_of(workshop), content_of(workshop)
    body = export(workshop)
    remove_all()
    leader = django_user_model.objects.create_user("leider")
    there = take_in(body, facilitator=leader).workshop
    assert session_of(there) == before
    assert content_of(there) == content
    assert [fingerprint(version.content) for version in there.versions.all()] == [
        version.fingerprint for version in there.versions.all()
    ]
    agreement = there.agreements.get()
    again = agreement.amendments.last()
    by = Participation.objects.create(workshop=there, user=leader)
    for organisation in there.organisations.all():
        amending.give_consent(by=by, amendment=again, stance="akkoord", on_behalf_of=organisation)
    amending.accept(by=by, amendment=again)
    agreement.refresh_from_db()
    assert [area.name for area in agreement.areas.all()] == [area.name for area in areas]
    assert agreement.contributions.get().text == "Meelopen en tellen"
    assert (str(agreement.lead), agreement.wording) == ("Gemeente", 3)
