"""What was fixed and what came of it: versions of the plan, proposals to change them, progress, and looking back."""

import secrets

from django.db import models

from maps.models import Area
from matrix.models.agreement import Agreement, Position, Stood
from matrix.models.session import Organisation, Participation, Workshop
from matrix.models.voices import Reading


class PlanVersion(models.Model):
    """The plan as it was fixed at Vaststellen: words, parties, positions, signal and sources. Never changed after."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField("versie")
    content = models.JSONField("inhoud")  # see matrix.plan.canonical
    fingerprint = models.CharField("vingerafdruk", max_length=64)  # SHA-256 of the canonical form, hexadecimal
    note = models.CharField("toelichting", max_length=200, blank=True)
    made_at = models.DateTimeField("vastgesteld op", auto_now_add=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["workshop", "number"], name="version_once_in_workshop")]

    def __str__(self):
        return f"versie {self.number}"


class Amendment(models.Model):
    """A proposal to change words that were fixed. Until the parties agree, the fixed words stand."""

    class State(models.TextChoices):
        OPEN = "open", "Ligt voor"
        ACCEPTED = "overgenomen", "Overgenomen"
        WITHDRAWN = "ingetrokken", "Ingetrokken"

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="amendments")
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, verbose_name="voorgesteld door", related_name="+"
    )
    # As an edit in the log: before, after {field: plain value}; brought_before, brought_after {organisation pk: text}.
    data = models.JSONField("wijziging")
    reason = models.CharField("waarom", max_length=400)
    state = models.CharField("stand", max_length=12, choices=State, default=State.OPEN)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement"],
                condition=models.Q(state="open"),
                name="one_open_amendment_per_agreement",
                violation_error_message="Er ligt al een wijzigingsvoorstel voor deze afspraak.",
            )
        ]

    def __str__(self):
        return f"wijziging van {self.agreement}"

    @property
    def is_open(self):
        return self.state == self.State.OPEN


class Consent(Stood, models.Model):
    """Where one organisation stands on an amendment."""

    amendment = models.ForeignKey(Amendment, models.CASCADE, related_name="consents")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="consents")
    stance = models.CharField("standpunt", max_length=15, choices=Position.Stance)
    reason = models.TextField("reden", max_length=2000, blank=True)
    back_by = models.DateField("antwoord uiterlijk", null=True, blank=True)
    on_behalf = models.BooleanField("namens hen ingevoerd", default=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["organisation_id"]
        constraints = [
            models.UniqueConstraint(fields=["amendment", "organisation"], name="one_consent_per_organisation"),
            models.CheckConstraint(
                name="refused_consent_has_its_reason",
                condition=~models.Q(stance__in=["voorbehoud", "niet_akkoord"], reason=""),
                violation_error_message="Schrijf de reden erbij, dan kunnen de anderen er iets mee.",
            ),
        ]


class Advice(models.Model):
    """The statutory advice of tenants on an agreement that touches it (Overlegwet), with its dates: at least six weeks
    to give it, and a reasoned answer within fourteen days where the landlord deviates."""

    class Outcome(models.TextChoices):
        POSITIVE = "positief", "Positief advies"
        CONDITIONS = "voorwaarden", "Positief, met voorwaarden"
        NEGATIVE = "negatief", "Negatief advies"

    agreement = models.OneToOneField(Agreement, models.CASCADE, related_name="advice")
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, verbose_name="advies van", related_name="+"
    )
    asked_on = models.DateField("advies gevraagd op", null=True, blank=True)
    due_on = models.DateField("advies uiterlijk", null=True, blank=True)
    received_on = models.DateField("advies gekregen op", null=True, blank=True)
    outcome = models.CharField("het advies", max_length=12, choices=Outcome, blank=True)
    text = models.TextField("in hun eigen woorden", max_length=4000, blank=True)
    on_behalf = models.BooleanField("namens hen ingevoerd", default=False)
    decided_on = models.DateField("besluit op", null=True, blank=True)
    deviates = models.BooleanField("het besluit wijkt af van het advies", default=False)
    decision = models.TextField("besluit, met de redenen", max_length=4000, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="deviating_decision_has_reasons",
                condition=~models.Q(deviates=True, decision=""),
                violation_error_message="Wijkt het besluit af van het advies, schrijf dan waarom.",
            )
        ]

    def __str__(self):
        return f"advies over {self.agreement}"


class Progress(models.Model):
    """One line of the progress log: how far it is, on which day, in whose words. Lines are added, never changed."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="progress")
    organisation = models.ForeignKey(Organisation, models.SET_NULL, null=True, blank=True, related_name="+")
    on = models.DateField("op")
    status = models.CharField("status", max_length=15, choices=Agreement.Status)
    percent = models.PositiveSmallIntegerField("hoeveel is gedaan, in %", null=True, blank=True)
    note = models.TextField("toelichting", max_length=1000, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="percent_up_to_hundred",
                condition=models.Q(percent__isnull=True) | models.Q(percent__lte=100),
                violation_error_message="Kies een getal van 0 tot en met 100.",
            )
        ]

    def __str__(self):
        return f"{self.on}: {self.get_status_display()}"


class Noticed(models.Model):
    """What residents notice of an agreement, a year later: a tenant organisation's own answer. Theirs alone to edit."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="noticed")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="noticed")
    answer = models.CharField("merken bewoners er iets van?", max_length=7, choices=Reading.Recognition)
    words = models.TextField("in uw eigen woorden", max_length=2000, blank=True)
    on_behalf = models.BooleanField("namens hen ingevoerd", default=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["organisation_id"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "organisation"], name="noticed_once_per_organisation")
        ]

    def __str__(self):
        return f"{self.organisation}: {self.get_answer_display()}"

    @property
    def stored(self) -> dict:
        """As the log keeps it."""
        return {"answer": str(self.answer), "words": self.words, "on_behalf": self.on_behalf}

    @property
    def told(self):
        """The whole answer in words: what a second writer is shown."""
        return f"{Reading.Recognition(self.answer).label}. {self.words}".strip()


class Review(models.Model):
    """Terugblik on one agreement: what the table says was done, and whether to go on, change or stop."""

    class Done(models.TextChoices):
        YES = "ja", "Gedaan"
        PARTLY = "deels", "Deels gedaan"
        NO = "nee", "Niet gedaan"

    class Decision(models.TextChoices):
        GO_ON = "doorgaan", "Doorgaan"
        CHANGE = "bijstellen", "Bijstellen"
        STOP = "stoppen", "Stoppen"

    agreement = models.OneToOneField(Agreement, models.CASCADE, related_name="review")
    done = models.CharField("is het gedaan?", max_length=5, choices=Done, blank=True)
    words = models.TextField("wat is er gedaan?", max_length=2000, blank=True)
    decision = models.CharField("hoe verder?", max_length=10, choices=Decision, blank=True)
    reason = models.TextField("waarom?", max_length=2000, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="change_or_stop_has_its_reason",
                condition=~models.Q(decision__in=["bijstellen", "stoppen"], reason=""),
                violation_error_message="Schrijf erbij waarom, dan is het over een jaar nog te begrijpen.",
            )
        ]

    def __str__(self):
        return f"terugblik op {self.agreement}"

    @property
    def stored(self) -> dict:
        """The decision, as the log keeps it."""
        return {"decision": str(self.decision), "reason": self.reason}

    @property
    def decided(self):
        """The whole decision in words: what a second writer is shown."""
        return f"{self.Decision(self.decision).label}. {self.reason}".strip() if self.decision else ""


class DotRound(models.Model):
    """Prioriteren: everyone spreads a few dots over buurten or proposals, unseen until the facilitator reveals."""

    class About(models.TextChoices):
        AREAS = "buurten", "Buurten"
        PROPOSALS = "voorstellen", "Ideeën en voorstellen"

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="dot_rounds")
    number = models.PositiveSmallIntegerField("ronde")
    about = models.CharField("verdelen over", max_length=12, choices=About)
    question = models.CharField("vraag", max_length=120)
    each = models.PositiveSmallIntegerField("stippen per persoon", default=5)
    revealed = models.BooleanField("onthuld", default=False)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["workshop", "number"], name="round_once_in_workshop")]

    def __str__(self):
        return self.question


def ballot() -> str:
    return secrets.token_urlsafe(9)


class DotQuerySet(models.QuerySet):
    def with_subject(self):
        return self.select_related("area", "agreement").defer("area__geometry")


class Dot(models.Model):
    """What one person gave to one buurt or proposal. It carries the organisation; who it was is never shown. `ballot`
    is of one person in one round, also when that person has no phone, or went home."""

    round = models.ForeignKey(DotRound, models.CASCADE, related_name="dots")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="dots")
    participation = models.ForeignKey(Participation, models.SET_NULL, null=True, blank=True, related_name="+")
    ballot = models.CharField("stem", max_length=16, default=ballot)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")
    agreement = models.ForeignKey(Agreement, models.CASCADE, null=True, blank=True, related_name="dots")
    count = models.PositiveSmallIntegerField("stippen")
    on_behalf = models.BooleanField("namens hen ingevoerd", default=False)

    objects = DotQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "ballot", "area"], name="dots_once_per_ballot_and_area"),
            models.UniqueConstraint(fields=["round", "ballot", "agreement"], name="dots_once_per_ballot_and_proposal"),
            models.CheckConstraint(
                name="dots_on_one_subject",
                condition=models.Q(area__isnull=True) ^ models.Q(agreement__isnull=True),
            ),
            models.CheckConstraint(name="dots_are_given", condition=models.Q(count__gt=0)),
        ]

    def __str__(self):
        return f"{self.count} × {self.subject}"

    @property
    def subject(self):
        return self.area or self.agreement


class SheetUpload(models.Model):
    """A worksheet that was read in and not yet carried out: what its writer changed, until the facilitator has seen it
    and says yes. One a person; it is no part of the session and does not travel with it."""

    participation = models.OneToOneField(Participation, models.CASCADE, related_name="sheet_upload")
    file_name = models.CharField("bestandsnaam", max_length=120)
    content = models.JSONField("inhoud")  # see matrix.sheet.reading.Filled
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return self.file_name
