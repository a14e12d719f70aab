"""What the parties agree: measures on their way from idea to agreement, and where each party stands."""

from django.db import models
from django.urls import reverse

from maps.models import Area
from matrix.models.session import Organisation, Workshop


class Framework(models.TextChoices):
    """The four handelingskaders, in the order of the field."""

    LIVING_ENVIRONMENT = "leefomgeving", "Leefomgeving"
    SOCIAL_APPROACH = "sociale_aanpak", "Sociale aanpak"
    HOUSING_USE = "woninggebruik", "Woninggebruik"
    HOUSING_PROGRAMME = "woningprogramma", "Woningprogramma"


FRAMEWORK_HELP = {
    Framework.LIVING_ENVIRONMENT: "Schoon, heel en veilig: de straat, het groen, de portieken.",
    Framework.SOCIAL_APPROACH: "Hulp, ontmoeting en aanpak van overlast: de mensen.",
    Framework.HOUSING_USE: "Wie komt er wonen en tegen welke huur: toewijzen en verhuren.",
    Framework.HOUSING_PROGRAMME: "Bouwen, vernieuwen, verkopen: de woningen zelf.",
}


class InterventionQuerySet(models.QuerySet):
    def at(self, workshop):
        """The cards that this session may choose from: ours, and those that its parties added themselves."""
        return self.filter(models.Q(workshop=None) | models.Q(workshop=workshop))


class Intervention(models.Model):
    """A card of the catalogue: aanleiding, interventie, beoogd effect. Ours are kept equal to the files by `migrate`; a
    party can add its own, which belong to the session."""

    slug = models.SlugField(max_length=80, unique=True, null=True)  # of ours  # noqa: DJ001 (null: many without)
    workshop = models.ForeignKey(Workshop, models.CASCADE, null=True, blank=True, related_name="own_interventions")
    organisation = models.ForeignKey(Organisation, models.SET_NULL, null=True, blank=True, related_name="+")
    framework = models.CharField("handelingskader", max_length=20, choices=Framework)
    title = models.CharField("titel", max_length=80)
    occasion = models.TextField("aanleiding")
    approach = models.TextField("interventie")
    effect = models.TextField("beoogd effect")
    lead = models.CharField("gebruikelijke trekker", max_length=20, choices=Organisation.Kind)
    legal_check = models.BooleanField("juridische toets nodig", default=False)
    touches_advice_right = models.BooleanField("raakt het adviesrecht van huurders", default=False)
    position = models.PositiveSmallIntegerField(default=0)

    objects = InterventionQuerySet.as_manager()

    class Meta:
        ordering = ["framework", "position"]
        constraints = [
            models.CheckConstraint(
                name="card_is_ours_or_of_a_session",
                condition=models.Q(slug__isnull=True) ^ models.Q(workshop__isnull=True),
            )
        ]
        verbose_name, verbose_name_plural = "interventie", "catalogus van interventies"

    def __str__(self):
        return self.title

    @property
    def key(self) -> str:
        """What names it in an address."""
        return self.slug or f"eigen-{self.pk}"


class AgreementQuerySet(models.QuerySet):
    def standing(self):
        return self.exclude(status=Agreement.Status.DROPPED)

    def promised(self):
        return self.filter(status__in=Agreement.PROMISED)

    def dropped(self):
        return self.filter(status=Agreement.Status.DROPPED)

    def for_cards(self):
        """What a card of the matrix shows, in a fixed number of queries."""
        positions = models.Prefetch("positions", Position.objects.select_related("organisation"))
        areas = models.Prefetch("areas", Area.objects.defer("geometry"))
        return self.select_related("lead").prefetch_related(areas, positions, "contributions")

    def with_progress(self):
        """The log of each, newest line first, in a fixed number of queries."""
        return self.select_related("lead").prefetch_related(
            models.Prefetch("areas", Area.objects.defer("geometry")), "progress__organisation"
        )

    def for_looking_back(self):
        """What was agreed, done and noticed, in a fixed number of queries."""
        return self.select_related("lead", "review", "follows__lead").prefetch_related(
            models.Prefetch("areas", Area.objects.defer("geometry")), "contributions__organisation", "progress",
            "noticed__organisation", "follows__contributions__organisation",
        )  # fmt: skip

    def with_deadlines(self):
        """Every day that they bring with them, in a fixed number of queries."""
        parties = "contributions", "positions__organisation"
        return self.select_related("lead", "advice__organisation").prefetch_related(*parties)

    def with_everything(self):
        """All that a row, a page or the plan shows, in a fixed number of queries."""
        parts = (Contribution, "contributions"), (Position, "positions"), (PlainApproval, "plain_approvals")
        return self.select_related("lead", "intervention", "advice__organisation").prefetch_related(
            models.Prefetch("areas", Area.objects.defer("geometry")),
            *(models.Prefetch(name, part.objects.select_related("organisation")) for part, name in parts),
        )


class Agreement(models.Model):
    """A measure on its way from idea to agreement. One that holds for several buurten stands once."""

    class Status(models.TextChoices):
        IDEA = "idee", "Idee"
        PROPOSAL = "voorstel", "Voorstel"
        AGREED = "afgesproken", "Afgesproken"
        IN_PROGRESS = "in_uitvoering", "In uitvoering"
        DONE = "afgerond", "Afgerond"
        DROPPED = "vervallen", "Vervallen"

    PROMISED = (Status.AGREED, Status.IN_PROGRESS, Status.DONE)

    class Kind(models.TextChoices):
        RESULT = "resultaat", "Resultaatafspraak"
        PROCESS = "proces", "Procesafspraak"
        REQUEST = "verzoek", "Verzoek"

    class Elsewhere(models.TextChoices):
        """The city-wide check. Empty: nobody looked yet."""

        NONE = "geen", "Bekeken: geen effect elders"
        SOME = "wel", "Er is effect elders"

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="agreements")
    follows = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, verbose_name="vervolg op", related_name="followed_by"
    )
    number = models.PositiveSmallIntegerField("nummer")
    framework = models.CharField("handelingskader", max_length=20, choices=Framework)
    areas = models.ManyToManyField(Area, verbose_name="buurten", related_name="+")
    intervention = models.ForeignKey(
        Intervention, models.SET_NULL, null=True, blank=True, verbose_name="uit de catalogus"
    )
    title = models.CharField("wat", max_length=200)
    status = models.CharField("status", max_length=15, choices=Status, default=Status.IDEA)
    kind = models.CharField("soort afspraak", max_length=10, choices=Kind, blank=True)
    goal = models.TextField("doel", max_length=2000, blank=True)
    lead = models.ForeignKey(
        Organisation, models.RESTRICT, null=True, blank=True, verbose_name="trekker", related_name="leads"
    )
    start = models.DateField("begint", null=True, blank=True)
    end = models.DateField("klaar", null=True, blank=True)
    means = models.TextField("middelen en dekking", max_length=2000, blank=True)
    measure = models.TextField("we zien dat het werkt aan", max_length=2000, blank=True)
    residents_notice = models.TextField("bewoners merken", max_length=2000, blank=True)
    elsewhere = models.CharField("stadstoets", max_length=4, choices=Elsewhere, blank=True)
    effect_elsewhere = models.TextField("elders in de stad", max_length=2000, blank=True)
    asked_elsewhere = models.CharField("wat vraagt dit van welke andere gebieden", max_length=300, blank=True)
    compensation = models.TextField("hoe wordt dat elders opgevangen", max_length=2000, blank=True)
    reservation = models.CharField("voorbehoud van bestuur, RvC of college", max_length=200, blank=True)
    legal_check = models.BooleanField("juridische toets nodig", default=False)
    touches_advice_right = models.BooleanField("raakt het adviesrecht van huurders", default=False)
    wording = models.PositiveSmallIntegerField("tekstversie", default=1)
    frozen_wording = models.PositiveSmallIntegerField("vastgestelde tekstversie", default=0)  # 0: nothing fixed yet
    plain_words = models.TextField("in gewone taal", max_length=2000, blank=True)
    plain_version = models.PositiveSmallIntegerField("versie van de gewone taal", default=0)
    proposed_by = models.ForeignKey(
        Organisation,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name="voorgesteld door",
        related_name="+",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["workshop", "number"], name="number_once_in_workshop"),
            models.CheckConstraint(
                name="agreement_starts_before_it_ends",
                condition=models.Q(start__isnull=True)
                | models.Q(end__isnull=True)
                | models.Q(start__lte=models.F("end")),
                violation_error_message="De einddatum ligt voor de begindatum.",
            ),
        ]

    def __str__(self):
        return f"{self.number}. {self.title}"

    def get_absolute_url(self):
        return reverse("agreement", args=[self.workshop.code, self.number])

    @property
    def is_promised(self):
        return self.status in self.PROMISED

    @property
    def objections(self) -> list["Position"]:
        """Who does not agree, or only with a reservation: it travels with the agreement wherever that is shown."""
        return [position for position in self.positions.all() if position.stance in Position.NEEDS_REASON]

    @property
    def is_frozen(self):
        """Its words were fixed at Vaststellen: they change by an amendment that the parties consent to."""
        return self.frozen_wording == self.wording


class PlainApproval(models.Model):
    """A tenant organisation finds that the plain words say what was agreed. New words ask for it again."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="plain_approvals")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="plain_approvals")
    version = models.PositiveSmallIntegerField("over versie")

    class Meta:
        ordering = ["organisation_id"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "organisation"], name="one_approval_per_organisation")
        ]

    def __str__(self):
        return f"{self.organisation} keurde de gewone taal goed: {self.agreement}"


class Contribution(models.Model):
    """What one partner itself brings to an agreement."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="contributions")
    organisation = models.ForeignKey(Organisation, models.RESTRICT, related_name="contributions")
    text = models.CharField("eigen bijdrage", max_length=400, blank=True)

    class Meta:
        ordering = ["organisation_id"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "organisation"], name="one_contribution_per_organisation")
        ]

    def __str__(self):
        return f"{self.organisation}: {self.text}"


class Stood:
    """How a position, or the consent to a change, reads. Both have a stance, a reason, a day and who entered it."""

    def __str__(self):
        return f"{self.organisation}: {self.get_stance_display()}"

    @property
    def letter(self):
        return Position.LETTER[self.stance]

    @property
    def stored(self) -> dict:
        """As the log keeps it."""
        return {
            "stance": str(self.stance), "reason": self.reason, "on_behalf": self.on_behalf,
            "back_by": self.back_by and self.back_by.isoformat(),
        }  # fmt: skip

    @property
    def told(self):
        """All of it in words: what a second writer is shown."""
        back_by = f" Uiterlijk {self.back_by:%d-%m-%Y}." if self.back_by else ""
        return f"{Position.Stance(self.stance).label}. {self.reason}{back_by}".strip()


class Position(Stood, models.Model):
    """Where one organisation stands on one wording of an agreement."""

    class Stance(models.TextChoices):
        AGREE = "akkoord", "Akkoord"
        RESERVATION = "voorbehoud", "Akkoord met voorbehoud"
        DISAGREE = "niet_akkoord", "Niet akkoord"
        CONSULT = "achterban", "Eerst terug naar de achterban"

    LETTER = {Stance.AGREE: "A", Stance.RESERVATION: "V", Stance.DISAGREE: "N", Stance.CONSULT: "?"}
    NEEDS_REASON = (Stance.RESERVATION, Stance.DISAGREE)

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="positions")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="positions")
    stance = models.CharField("standpunt", max_length=15, choices=Stance)
    reason = models.TextField("reden", max_length=2000, blank=True)
    back_by = models.DateField("antwoord uiterlijk", null=True, blank=True)
    wording = models.PositiveSmallIntegerField("over tekstversie")
    on_behalf = models.BooleanField("namens hen ingevoerd", default=False)  # by the facilitator, until they confirm
    note = models.CharField("aantekening van de begeleider", max_length=200, blank=True)  # how the answer came
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["organisation_id"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "organisation"], name="one_position_per_organisation"),
            models.CheckConstraint(
                name="objection_has_its_reason",
                condition=~models.Q(stance__in=["voorbehoud", "niet_akkoord"], reason=""),
                violation_error_message="Schrijf de reden erbij, dan kunnen de anderen er iets mee.",
            ),
        ]

    @property
    def stored(self) -> dict:
        return super().stored | {"wording": self.wording, "note": self.note}


class EmptyCell(models.Model):
    """A cell of the matrix that is empty on purpose, and why: bewust leeg."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="empty_cells")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    framework = models.CharField(max_length=20, choices=Framework)
    reason = models.CharField("reden", max_length=200)
    organisation = models.ForeignKey(Organisation, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workshop", "area", "framework"], name="one_reason_per_cell"),
            models.CheckConstraint(name="empty_on_purpose_has_a_reason", condition=~models.Q(reason="")),
        ]

    def __str__(self):
        return f"{self.area}, {self.get_framework_display()}: {self.reason}"

    @property
    def stored(self) -> dict:
        """As the log keeps it."""
        return {"area": self.area_id, "reason": self.reason, "organisation": self.organisation_id}
