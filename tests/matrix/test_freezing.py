"""Vaststellen: what is fixed, what then cannot change, and what a version says by itself."""

import pytest

from matrix.actions import agreement as agreements
from matrix.actions import workshop as workshops
from matrix.actions.agreement import Fixed
from matrix.actions.freezing import freeze
from matrix.actions.recording import Refused
from matrix.actions.undo import undo
from matrix.models import Agreement, Event, PlanVersion
from matrix.own_actions import own_actions
from matrix.plan.canonical import content_of, fingerprint
from matrix.stages import NotNow, Stage


@pytest.fixture
def made(cast):
    """An agreement of the corporation, with a position of the tenants, at Vaststellen."""
    found = cast.propose("Samen schoonmaken")
    change(cast.as_partner, found, lead=cast.as_corporation.organisation, means="€ 1.000")
    agreements.set_status(by=cast.as_partner, agreement=found, status="afgesproken")
    agreements.take_position(by=cast.as_tenant, agreement=found, stance="niet_akkoord", reason="Te weinig.")
    to(cast, Stage.SETTLE)
    return found


def to(cast, stage):
    workshops.move(by=cast.as_facilitator, stage=stage)


def change(by, agreement, **changes):
    agreement.refresh_from_db()
    seen = {name: agreements.plain(agreement, name) for name in changes}
    return agreements.edit(by=by, agreement=agreement, changes=changes, seen=seen)


def test_the_plan_becomes_a_version_with_its_content_and_fingerprint(cast, made):
    version = freeze(by=cast.as_facilitator, note="Na de ronde langs de partijen")
    version.refresh_from_db()
    assert (version.number, version.note) == (1, "Na de ronde langs de partijen")
    assert version.content == content_of(cast.workshop)
    assert version.fingerprint == fingerprint(version.content)
    assert len(version.fingerprint) == 64
    made.refresh_from_db()
    assert made.is_frozen
    event = Event.objects.get(what="frozen")
    assert event.subjects == ["versions", "header", "agreements/1"]
    assert "Versie 1 is vastgesteld" in event.summary


def test_nothing_changed_makes_no_second_version(cast, made):
    freeze(by=cast.as_facilitator)
    before = Event.objects.count()
    with pytest.raises(Refused, match="Er is niets veranderd sinds versie 1"):
        freeze(by=cast.as_facilitator)
    assert (PlanVersion.objects.count(), Event.objects.count()) == (1, before)


def test_what_changed_while_the_facilitator_looked_is_not_fixed_unseen(cast, made):
    looked_at = fingerprint(content_of(cast.workshop))
    agreements.take_position(by=cast.as_partner, agreement=made, stance="akkoord")
    with pytest.raises(Refused, match="intussen iets gewijzigd"):
        freeze(by=cast.as_facilitator, seen=looked_at)
    assert freeze(by=cast.as_facilitator, seen=fingerprint(content_of(cast.workshop))).number == 1


@pytest.mark.parametrize("stage", [Stage.PREPARE, Stage.ACT, Stage.AGREE])
def test_only_at_vaststellen_and_after(cast, made, stage):
    to(cast, stage)
    with pytest.raises(NotNow, match="Vaststellen"):
        freeze(by=cast.as_facilitator)


def test_only_the_facilitator_fixes(cast, made):
    with pytest.raises(NotNow, match="alleen de procesbegeleider"):
        freeze(by=cast.as_corporation)


def test_fixed_words_are_not_edited_and_the_refusal_says_what_to_do(cast, made):
    freeze(by=cast.as_facilitator)
    to(cast, Stage.AGREE)
    with pytest.raises(Fixed, match="Stel een wijziging voor"):
        change(cast.as_partner, made, means="€ 2.000")
    made.refresh_from_db()
    assert made.means == "€ 1.000"
    with pytest.raises(Fixed):
        agreements.edit(by=cast.as_partner, agreement=made, changes={}, seen={},
                        contributions={cast.as_partner.organisation: "Handschoenen"},
                        seen_contributions={cast.as_partner.organisation: None})  # fmt: skip
    assert not made.contributions.exists()


def test_words_that_were_no_promise_yet_stay_open(cast, made):
    to(cast, Stage.AGREE)
    idea = cast.propose("Een bankje")
    to(cast, Stage.SETTLE)
    freeze(by=cast.as_facilitator)
    to(cast, Stage.AGREE)
    change(cast.as_partner, idea, means="€ 300")
    idea.refresh_from_db()
    assert (idea.is_frozen, idea.means) == (False, "€ 300")


def test_how_far_it_is_may_change_but_an_agreement_does_not_go_away_by_itself(cast, made):
    freeze(by=cast.as_facilitator)
    to(cast, Stage.LOOK_BACK)
    agreements.set_status(by=cast.as_corporation, agreement=made, status="in_uitvoering")
    for status in ("vervallen", "voorstel", "idee"):
        with pytest.raises(Fixed):
            agreements.set_status(by=cast.as_corporation, agreement=made, status=status)
    made.refresh_from_db()
    assert made.status == "in_uitvoering"
    with pytest.raises(Refused, match="niets veranderd sinds versie 1"):  # progress is no change of the promise
        freeze(by=cast.as_facilitator)


def test_a_position_on_fixed_words_stands(cast, made):
    freeze(by=cast.as_facilitator)
    with pytest.raises(Fixed, match="stel dan een wijziging"):
        agreements.take_position(by=cast.as_tenant, agreement=made, stance="akkoord")
    assert made.positions.get().stance == "niet_akkoord"


def test_a_position_that_was_missing_or_with_the_members_still_comes(cast, made):
    agreements.take_position(by=cast.as_partner, agreement=made, stance="achterban")
    freeze(by=cast.as_facilitator)
    agreements.take_position(by=cast.as_partner, agreement=made, stance="voorbehoud", reason="Als de raad instemt.")
    agreements.take_position(by=cast.as_corporation, agreement=made, stance="akkoord")
    assert made.positions.count() == 3
    with pytest.raises(Fixed):
        agreements.take_position(by=cast.as_corporation, agreement=made, stance="niet_akkoord", reason="Toch niet.")
    assert freeze(by=cast.as_facilitator).number == 2


def test_what_was_entered_for_an_organisation_it_may_still_set_right_itself(cast, made):
    for organisation in (cast.as_partner.organisation,):
        agreements.take_position(by=cast.as_facilitator, agreement=made, stance="akkoord", on_behalf_of=organisation)
    freeze(by=cast.as_facilitator)
    with pytest.raises(Fixed):
        agreements.take_position(
            by=cast.as_facilitator, agreement=made, stance="voorbehoud", reason="Toch.",
            on_behalf_of=cast.as_partner.organisation,
        )  # fmt: skip
    agreements.take_position(by=cast.as_partner, agreement=made, stance="niet_akkoord", reason="Dat zeiden wij niet.")
    assert made.positions.get(organisation=cast.as_partner.organisation).stance == "niet_akkoord"


def test_undo_does_not_reach_behind_what_was_fixed(cast, made):
    freeze(by=cast.as_facilitator)
    to(cast, Stage.AGREE)
    for by in (cast.as_tenant, cast.as_partner):
        with pytest.raises(Refused):
            undo(by=by, revision=own_actions(by)[0].newest.revision)
    with pytest.raises(Refused):  # a version cannot be taken back
        undo(by=cast.as_facilitator, revision=Event.objects.get(what="frozen").revision)
    assert made.positions.get().stance == "niet_akkoord"
    assert Agreement.objects.get().status == "afgesproken"


def test_a_position_given_after_the_fixing_can_be_taken_back_at_once(cast, made):
    freeze(by=cast.as_facilitator)
    agreements.take_position(by=cast.as_partner, agreement=made, stance="akkoord")
    undo(by=cast.as_partner, revision=own_actions(cast.as_partner)[0].newest.revision)
    assert made.positions.count() == 1
