"""What the parties agree: a workshop, who sits at it, how they read the signal, and what they promise each other."""

import secrets

from django.conf import settings
from django.db import models
from django.urls import reverse

from maps.models import Area, SignalMap
from matrix.stages import Role, Stage

# Without 0/O, 1/I/L and vowels: easy to read aloud, and no words by accident.
CODE_SIGNS = "23456789BCDFGHJKMNPQRSTVWXYZ"


def seat_code() -> str:
    """Eight of 28 signs, 38 bits: with the limit on tries nobody guesses one."""
    signs = "".join(secrets.choice(CODE_SIGNS) for _ in range(8))
    return f"{signs[:4]}-{signs[4:]}"


def workshop_code() -> str:
    return secrets.token_urlsafe(12)


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


class WorkshopQuerySet(models.QuerySet):
    def of(self, user):
        """The workshops that this facilitator runs; an administrator sees all."""
        return self if user.is_superuser else self.filter(facilitators=user)


class Workshop(models.Model):
    code = models.SlugField(max_length=40, unique=True, default=workshop_code)
    title = models.CharField("titel", max_length=120)
    date = models.DateField("datum")
    place = models.CharField("plaats", max_length=120, blank=True)
    signal_map = models.ForeignKey(SignalMap, models.PROTECT, verbose_name="signaleringskaart", related_name="+")
    stage = models.CharField("stap", max_length=15, choices=Stage, default=Stage.PREPARE)
    revision = models.PositiveIntegerField(default=0)
    facilitators = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name="begeleiders", related_name="workshops"
    )
    fictional = models.BooleanField("fictief", default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = WorkshopQuerySet.as_manager()

    class Meta:
        ordering = ["-date", "title"]
        verbose_name, verbose_name_plural = "sessie", "sessies"

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("workshop", args=[self.code])


class WorkshopArea(models.Model):
    """A buurt of the workshop, with what the table makes of it together."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="workshop_areas")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    problem_analysis = models.TextField("probleemanalyse", max_length=4000, blank=True)
    definition_of_success = models.TextField("definitie van succes", max_length=4000, blank=True)
    practice_knowledge = models.TextField("kennis uit de praktijk", max_length=4000, blank=True)

    class Meta:
        ordering = ["area__name"]
        constraints = [models.UniqueConstraint(fields=["workshop", "area"], name="area_once_in_workshop")]

    def __str__(self):
        return str(self.area)

    def get_absolute_url(self):
        return reverse("area", args=[self.workshop.code, self.area.code])


class Organisation(models.Model):
    """A party at the table of one workshop. Its seat code lets its people in, without an account."""

    class Kind(models.TextChoices):
        CORPORATION = "woningcorporatie", "Woningcorporatie"
        MUNICIPALITY = "gemeente", "Gemeente"
        TENANTS = "huurdersorganisatie", "Huurdersorganisatie"
        RESIDENTS = "bewonerscommissie", "Bewonerscommissie"
        WELFARE = "welzijn", "Welzijn"
        CARE = "zorg", "Zorg"
        POLICE = "politie", "Politie"
        EDUCATION = "onderwijs", "Onderwijs"
        OTHER = "overig", "Overig"

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="organisations")
    name = models.CharField("naam", max_length=80)
    kind = models.CharField("soort", max_length=20, choices=Kind)
    seat_code = models.CharField("stoelcode", max_length=9, unique=True, default=seat_code)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["workshop", "name"],
                name="organisation_once_in_workshop",
                violation_error_message="Deze organisatie doet al mee.",
            )
        ]

    def __str__(self):
        return self.name

    @property
    def role(self):
        return Role.TENANT if self.kind in {self.Kind.TENANTS, self.Kind.RESIDENTS} else Role.PARTNER


class Participation(models.Model):
    """One person (or phone) at the table: of an organisation by its seat code, or the facilitator by login."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="participations")
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, blank=True, related_name="participations")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True)
    name = models.CharField("naam", max_length=60, blank=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="participation_by_seat_or_login",
                condition=models.Q(organisation__isnull=True) ^ models.Q(user__isnull=True),
            ),
            models.UniqueConstraint(fields=["workshop", "user"], name="facilitator_once_in_workshop"),
        ]

    def __str__(self):
        return self.name or str(self.organisation or "procesbegeleider")

    @property
    def role(self):
        return self.organisation.role if self.organisation_id else Role.FACILITATOR

    @property
    def speaks_for(self):
        """What the log and the screens call the giver: the organisation, never the person."""
        return str(self.organisation) if self.organisation_id else "procesbegeleider"


class Reading(models.Model):
    """The tenant perspective on one buurt: herkennen we dit, and in their own words. Theirs alone to edit."""

    class Recognition(models.TextChoices):
        YES = "yes", "Ja"
        PARTLY = "partly", "Deels"
        NO = "no", "Nee"
        UNKNOWN = "unknown", "Weet ik niet"

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="readings")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="readings")
    recognition = models.CharField("herkent u dit?", max_length=7, choices=Recognition)
    words = models.TextField("in uw eigen woorden", max_length=4000, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["organisation_id"]
        constraints = [
            models.UniqueConstraint(fields=["workshop", "area", "organisation"], name="one_reading_per_organisation")
        ]

    def __str__(self):
        return f"{self.organisation} over {self.area}: {self.get_recognition_display()}"

    @property
    def told(self):
        """The whole answer in words: what a second writer is shown."""
        return f"{self.Recognition(self.recognition).label}. {self.words}".strip()


class Intervention(models.Model):
    """A card of the catalogue: aanleiding, interventie, beoogd effect. Kept equal to the files by `migrate`."""

    slug = models.SlugField(max_length=80, unique=True)
    framework = models.CharField("handelingskader", max_length=20, choices=Framework)
    title = models.CharField("titel", max_length=80)
    occasion = models.TextField("aanleiding")
    approach = models.TextField("interventie")
    effect = models.TextField("beoogd effect")
    lead = models.CharField("gebruikelijke trekker", max_length=20, choices=Organisation.Kind)
    legal_check = models.BooleanField("juridische toets nodig", default=False)
    touches_advice_right = models.BooleanField("raakt het adviesrecht van huurders", default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["framework", "position"]
        verbose_name, verbose_name_plural = "interventie", "catalogus van interventies"

    def __str__(self):
        return self.title


class AgreementQuerySet(models.QuerySet):
    def standing(self):
        return self.exclude(status=Agreement.Status.DROPPED)

    def promised(self):
        return self.filter(status__in=Agreement.PROMISED)

    def dropped(self):
        return self.filter(status=Agreement.Status.DROPPED)

    def with_everything(self):
        """All that a card, a row or the plan shows, in a fixed number of queries."""
        return self.select_related("lead", "intervention").prefetch_related(
            "areas", "contributions__organisation", "positions__organisation"
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

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="agreements")
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
    effect_elsewhere = models.TextField("elders in de stad", max_length=2000, blank=True)
    reservation = models.CharField("voorbehoud van bestuur, RvC of college", max_length=200, blank=True)
    legal_check = models.BooleanField("juridische toets nodig", default=False)
    touches_advice_right = models.BooleanField("raakt het adviesrecht van huurders", default=False)
    wording = models.PositiveSmallIntegerField("tekstversie", default=1)
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


class Position(models.Model):
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

    def __str__(self):
        return f"{self.organisation}: {self.get_stance_display()}"

    @property
    def letter(self):
        return self.LETTER[self.stance]

    @property
    def told(self):
        """The whole position in words: what a second writer is shown."""
        back_by = f" Uiterlijk {self.back_by:%d-%m-%Y}." if self.back_by else ""
        return f"{self.Stance(self.stance).label}. {self.reason}{back_by}".strip()


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


class Event(models.Model):
    """The log: every write, in the order of the workshop's revision. Screens catch up from it."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="events")
    revision = models.PositiveIntegerField()
    what = models.CharField(max_length=30)
    summary = models.CharField(max_length=300)
    regions = models.JSONField(default=list)  # which regions of which pages it concerns, see matrix.live
    organisation = models.ForeignKey(Organisation, models.SET_NULL, null=True, related_name="+")
    participation = models.ForeignKey(Participation, models.SET_NULL, null=True, related_name="+")
    data = models.JSONField(default=dict)  # what it replaced, so that no word is ever lost
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["revision"]
        verbose_name, verbose_name_plural = "gebeurtenis", "logboek van de sessies"
        constraints = [models.UniqueConstraint(fields=["workshop", "revision"], name="one_event_per_revision")]

    def __str__(self):
        return self.summary
