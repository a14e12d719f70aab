"""A session: its buurten, the parties at its table, who sits where, and the log of all that happened."""

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
    code = secrets.token_urlsafe(12)
    return workshop_code() if code.startswith("-") else code  # on a command line it would be an option


def beamer_code() -> str:
    """Whoever has the address sees what is shown to the whole room, and can change nothing."""
    return secrets.token_urlsafe(9)


class WorkshopQuerySet(models.QuerySet):
    def of(self, user):
        """The workshops that this facilitator runs; an administrator sees all."""
        return self if user.is_superuser else self.filter(facilitators=user)


class Workshop(models.Model):
    code = models.SlugField(max_length=40, unique=True, default=workshop_code)
    title = models.CharField("titel", max_length=120)
    date = models.DateField("datum")
    place = models.CharField("plaats", max_length=120, blank=True)
    follows = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, verbose_name="terugblik op", related_name="followed_by"
    )
    signal_map = models.ForeignKey(SignalMap, models.PROTECT, verbose_name="signaleringskaart", related_name="+")
    stage = models.CharField("stap", max_length=15, choices=Stage, default=Stage.PREPARE)
    stage_since = models.DateTimeField("bij deze stap sinds", null=True, blank=True)
    timer_until = models.DateTimeField("de tijd loopt tot", null=True, blank=True)
    revealed = models.JSONField("onthuld", default=list)  # the stages whose remarks all may read; matrix.looking_back
    beamer_code = models.SlugField(max_length=40, unique=True, default=beamer_code)
    spotlight = models.CharField("op de beamer", max_length=60, blank=True)  # see matrix.spotlight
    start_time = models.TimeField("begintijd", null=True, blank=True)
    minutes = models.JSONField("tijd per stap", default=dict)  # {stage: minutes}; what is missing is as suggested
    invitation = models.TextField("tekst van de uitnodiging", max_length=4000, blank=True)
    seats_until = models.DateField("stoelcodes werken tot en met", null=True, blank=True)
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
    # In the code of its cells on paper (L-03): kept when other buurten come or go. 0: none yet, see matrix.paper.codes.
    number = models.PositiveSmallIntegerField("nummer op papier", default=0)
    problem_analysis = models.TextField("probleemanalyse", max_length=4000, blank=True)
    definition_of_success = models.TextField("definitie van succes", max_length=4000, blank=True)
    practice_knowledge = models.TextField("kennis uit de praktijk", max_length=4000, blank=True)
    # The facilitator let the table go on here before the tenants had answered: seen by all, and on paper.
    went_on_without_tenants = models.BooleanField("doorgegaan zonder antwoord van de huurders", default=False)

    class Meta:
        ordering = ["area__name"]
        constraints = [models.UniqueConstraint(fields=["workshop", "area"], name="area_once_in_workshop")]

    def __str__(self):
        return str(self.area)

    def get_absolute_url(self):
        return reverse("area", args=[self.workshop.code, self.area.code])


class OrganisationQuerySet(models.QuerySet):
    def people_in(self):
        """Each with `people`: how many of it are in."""
        return self.annotate(people=models.Count("participations"))

    def with_presence(self):
        """Each with `present`: somebody of it was in, also when they left before the end."""
        of_it = {"organisation": models.OuterRef("pk")}
        sat, attended = (models.Exists(model.objects.filter(**of_it)) for model in (Participation, Attendance))
        return self.annotate(present=sat | attended)


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
    seat_open = models.BooleanField("stoel open", default=True)

    objects = OrganisationQuerySet.as_manager()

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

    def lets_in(self, today) -> bool:
        """Does the seat code work on this day? A closed seat, or one of a session long past, is worthless."""
        until = self.workshop.seats_until
        return self.seat_open and (until is None or today <= until)

    @property
    def role(self):
        return Role.TENANT if self.kind in {self.Kind.TENANTS, self.Kind.RESIDENTS} else Role.PARTNER


NAME_LENGTH = 60


def name_of(user) -> str:
    """How a facilitator is called, in at most `NAME_LENGTH` characters."""
    return (user.get_full_name() or user.username)[:NAME_LENGTH]


class Participation(models.Model):
    """One person (or phone) at the table: of an organisation by its seat code, or the facilitator by login."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="participations")
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, blank=True, related_name="participations")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True)
    name = models.CharField("naam", max_length=NAME_LENGTH, blank=True)
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


class Attendance(models.Model):
    """How many people of an organisation were in at a step: for the plan, long after they went home."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="attendances")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="attendances")
    stage = models.CharField("stap", max_length=15, choices=Stage)
    people = models.PositiveSmallIntegerField("mensen", default=0)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["workshop", "organisation", "stage"], name="attendance_once_per_stage")
        ]

    def __str__(self):
        return f"{self.organisation}: {self.people} bij {self.get_stage_display()}"


class Document(models.Model):
    """A file that belongs to the session: an agenda, a photo of a wall, a report. Its bytes lie in the database, so
    that one backup and one exchange file hold everything."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="documents")
    title = models.CharField("titel", max_length=120)
    file_name = models.CharField("bestandsnaam", max_length=120)
    content_type = models.CharField("soort bestand", max_length=100)
    content = models.BinaryField("inhoud")
    size = models.PositiveIntegerField("grootte in bytes")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.title


class Event(models.Model):
    """The log: every write, in the order of the workshop's revision. Screens catch up from it."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="events")
    revision = models.PositiveIntegerField()
    what = models.CharField(max_length=30)
    summary = models.CharField(max_length=300)
    subjects = models.JSONField(default=list)  # what it changed, see matrix.regions: which parts of screens that is
    organisation = models.ForeignKey(Organisation, models.SET_NULL, null=True, related_name="+")
    participation = models.ForeignKey(Participation, models.SET_NULL, null=True, related_name="+")
    data = models.JSONField(default=dict)  # what it replaced, so that no word is ever lost
    key = models.UUIDField(null=True, blank=True)  # of the form that was sent: sent twice, it is stored once
    undone = models.BooleanField("ongedaan gemaakt", default=False)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["revision"]
        verbose_name, verbose_name_plural = "gebeurtenis", "logboek van de sessies"
        constraints = [
            models.UniqueConstraint(fields=["workshop", "revision"], name="one_event_per_revision"),
            models.UniqueConstraint(fields=["workshop", "key"], name="one_event_per_form"),
        ]

    def __str__(self):
        return self.summary
