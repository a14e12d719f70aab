"""No sequence of actions loses a position, an objection or a word: each is found in the rows, a version or the log."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from matrix.actions import agreement as agreements
from matrix.actions import amending
from matrix.actions import workshop as workshops
from matrix.actions.freezing import freeze
from matrix.actions.recording import Conflict, Refused
from matrix.actions.undo import undo
from matrix.models import Agreement, Amendment, Consent, Event, PlanVersion, Position, Workshop
from matrix.own_actions import own_actions
from matrix.plan.canonical import fingerprint
from matrix.stages import NotNow, Stage
from tests import factories

REFUSALS = (Refused, Conflict, NotNow, ValidationError)
SPEAKERS = st.sampled_from(["as_corporation", "as_partner", "as_tenant"])
EVERYONE = st.sampled_from(["as_corporation", "as_partner", "as_tenant", "as_facilitator"])
WHICH = st.integers(0, 5)
STANCES = st.sampled_from(Position.Stance.values)


class Session(RuleBasedStateMachine):
    """Whatever people do, in whatever order."""

    cast: factories.Cast  # made once, for every sequence

    def __init__(self):
        super().__init__()
        self.before = transaction.savepoint()
        self.number = 0
        self.said: set[str] = set()  # every word that was accepted
        self.fixed: dict[int, str] = {}

    def word(self, kind) -> str:
        self.number += 1
        return f"{kind} {self.number:04}"

    def attempt(self, words, deed):
        try:
            done = deed()
        except REFUSALS:
            return None
        self.said.update(words)
        return done

    @initialize(fixed=st.sampled_from([True, True, True, False]))
    def begin(self, fixed):
        """Mostly with two promises that were fixed, one of them with an objection."""
        if not fixed:
            return
        for title in (self.word("Maatregel"), self.word("Maatregel")):
            made = self.attempt([title], lambda title=title: self.cast.propose(title))
            agreements.set_status(by=self.cast.as_partner, agreement=made, status="afgesproken")
        self.position("as_tenant", "niet_akkoord", 0)
        self.position("as_partner", "akkoord", 1)
        self.move(Stage.SETTLE)
        self.fix()

    def teardown(self):
        transaction.savepoint_rollback(self.before)

    def one(self, which, model=Agreement, **filters):
        every = model.objects.filter(**filters).order_by("pk")
        return every[which % len(every)] if every else None

    @rule(by=EVERYONE)
    def propose(self, by):
        if Agreement.objects.count() < 4:
            title = self.word("Maatregel")
            self.attempt([title], lambda: self.cast.propose(title, by=getattr(self.cast, by)))

    @rule(by=EVERYONE, brings=st.booleans(), which=WHICH)
    def edit(self, by, brings, which):
        if agreement := self.one(which):
            text = self.word("Middelen")
            who = self.cast.as_tenant.organisation
            given = {c.organisation: c.text for c in agreement.contributions.all()}
            more = {"contributions": {who: text}, "seen_contributions": {who: given.get(who)}} if brings else {}
            changes = {} if brings else {"means": text}
            self.attempt([text], lambda: agreements.edit(
                by=getattr(self.cast, by), agreement=agreement, changes=changes, seen={"means": agreement.means}, **more
            ))  # fmt: skip

    @rule(by=SPEAKERS, stance=STANCES, which=WHICH)
    def position(self, by, stance, which):
        if agreement := self.one(which):
            reason = self.word("Reden")
            self.attempt([reason], lambda: agreements.take_position(
                by=getattr(self.cast, by), agreement=agreement, stance=stance, reason=reason
            ))  # fmt: skip

    @rule(by=EVERYONE, status=st.sampled_from([*Agreement.PROMISED, *Agreement.Status.values]), which=WHICH)
    def status(self, by, status, which):
        if agreement := self.one(which):
            self.attempt([], lambda: agreements.set_status(
                by=getattr(self.cast, by), agreement=agreement, status=status
            ))  # fmt: skip

    @rule(stage=st.sampled_from([Stage.AGREE, Stage.SETTLE, Stage.SETTLE, Stage.LOOK_BACK]))
    def move(self, stage):
        workshops.move(by=self.cast.as_facilitator, stage=stage)

    @rule()
    def fix(self):
        note = self.word("Toelichting")
        self.attempt([note], lambda: freeze(by=self.cast.as_facilitator, note=note))

    @precondition(lambda self: PlanVersion.objects.exists())
    @rule(by=EVERYONE, lapses=st.booleans(), which=WHICH)
    def amend(self, by, lapses, which):
        if agreement := self.one(which, frozen_wording=F("wording")):
            text, reason = self.word("Middelen"), self.word("Waarom")
            self.attempt([text, reason], lambda: amending.propose_change(
                by=getattr(self.cast, by), agreement=agreement, changes={"means": text},
                seen={"means": agreement.means}, reason=reason, lapses=lapses,
            ))  # fmt: skip

    @precondition(lambda self: Amendment.objects.exists())
    @rule(by=SPEAKERS, stance=STANCES, which=WHICH)
    def consent(self, by, stance, which):
        reason, amendment = self.word("Reden"), self.one(which, Amendment)
        self.attempt([reason], lambda: amending.give_consent(
            by=getattr(self.cast, by), amendment=amendment, stance=stance, reason=reason
        ))  # fmt: skip

    @precondition(lambda self: Amendment.objects.exists())
    @rule(which=WHICH)
    def all_agree(self, which):
        """What chance alone would rarely bring about."""
        amendment = self.one(which, Amendment)
        for by in ("as_corporation", "as_partner", "as_tenant"):
            reason = self.word("Reden")
            self.attempt([reason], lambda by=by, reason=reason: amending.give_consent(
                by=getattr(self.cast, by), amendment=amendment, stance="akkoord", reason=reason
            ))  # fmt: skip
        self.attempt([], lambda: amending.accept(by=self.cast.as_facilitator, amendment=amendment))

    @precondition(lambda self: Amendment.objects.exists())
    @rule(by=EVERYONE, which=WHICH)
    def accept(self, by, which):
        amendment = self.one(which, Amendment)
        self.attempt([], lambda: amending.accept(by=getattr(self.cast, by), amendment=amendment))

    @precondition(lambda self: Amendment.objects.filter(state="open").exists())
    @rule(by=EVERYONE, which=WHICH)
    def withdraw(self, by, which):
        amendment = self.one(which, Amendment, state="open")
        self.attempt([], lambda: amending.withdraw(by=getattr(self.cast, by), amendment=amendment))

    @rule(by=EVERYONE)
    def take_back(self, by):
        by = getattr(self.cast, by)
        if actions := own_actions(by):
            self.attempt([], lambda: undo(by=by, revision=actions[0].newest.revision))

    @invariant()
    def every_word_is_still_there(self):
        kept = json.dumps(
            [
                list(Event.objects.values_list("data", "summary")),
                list(Agreement.objects.values_list("title", "means")),
                list(Position.objects.values_list("reason", "stance")),
                list(Consent.objects.values_list("reason", "stance")),
                list(Amendment.objects.values_list("reason", "data")),
                list(PlanVersion.objects.values_list("note", "content")),
            ]
        )
        assert not [word for word in self.said if word not in kept]

    @invariant()
    def versions_never_change(self):
        for version in PlanVersion.objects.all():
            assert fingerprint(version.content) == version.fingerprint
            assert self.fixed.setdefault(version.number, version.fingerprint) == version.fingerprint
        assert PlanVersion.objects.count() == len(self.fixed)

    @invariant()
    def fixed_words_are_those_that_were_fixed_or_consented_to(self):
        """The words of a fixed agreement are in the last version, or in a change that was taken over since."""
        version = PlanVersion.objects.last()
        if version is None:
            return
        told = {a["number"]: a for a in version.content["agreements"]}
        for agreement in Agreement.objects.exclude(status="vervallen"):
            if not agreement.is_frozen or not agreement.is_promised:
                continue
            accepted = agreement.amendments.filter(state="overgenomen").last()
            agreed = {told.get(agreement.number, {}).get("means")}
            agreed |= {accepted.data["after"]["means"]} if accepted else set()
            assert agreement.means in agreed

    @invariant()
    def one_event_a_write(self):
        workshop = Workshop.objects.get(pk=self.cast.workshop.pk)
        revisions = list(workshop.events.order_by("revision").values_list("revision", flat=True))
        assert revisions == list(range(1, workshop.revision + 1))


@pytest.mark.django_db
def test_nothing_is_lost(workshop, cast):
    class Here(Session):
        pass

    Here.cast = cast
    run_state_machine_as_test(Here, settings=settings(
        max_examples=20, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
    ))  # fmt: skip
