"""What people say at the table: the tenants' own perspective, and remarks that are written first and shown later."""

from django.db import models

from maps.models import Area
from matrix.models.session import Organisation, Participation, Workshop
from matrix.stages import Stage


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
    on_behalf = models.BooleanField("namens hen ingevoerd", default=False)  # by the facilitator, until they confirm
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["organisation_id"]
        constraints = [
            models.UniqueConstraint(fields=["workshop", "area", "organisation"], name="one_reading_per_organisation")
        ]

    def __str__(self):
        return f"{self.organisation} over {self.area}: {self.get_recognition_display()}"

    @property
    def stored(self) -> dict:
        """As the log keeps it."""
        return {"recognition": str(self.recognition), "words": self.words, "on_behalf": self.on_behalf}

    @property
    def told(self):
        """The whole answer in words: what a second writer is shown."""
        return f"{self.Recognition(self.recognition).label}. {self.words}".strip()


class Theme(models.Model):
    """A heading under which the table groups remarks."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="themes")
    stage = models.CharField("stap", max_length=15, choices=Stage)
    title = models.CharField("thema", max_length=80)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self):
        return self.title


class Remark(models.Model):
    """What an organisation wrote at a step, unseen by the others until the facilitator reveals it. It ends with an
    answer: taken up, and where; or not, and why."""

    class Answer(models.TextChoices):
        TAKEN_UP = "opgepakt", "Opgepakt"
        NOT_TAKEN_UP = "niet_opgepakt", "Niet opgepakt"

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="remarks")
    stage = models.CharField("stap", max_length=15, choices=Stage)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, verbose_name="buurt", related_name="+")
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, blank=True, related_name="remarks")
    participation = models.ForeignKey(Participation, models.SET_NULL, null=True, blank=True, related_name="+")
    text = models.TextField("opmerking", max_length=1000)
    on_behalf = models.BooleanField("namens hen ingevoerd", default=False)
    internal = models.BooleanField("alleen voor de tafel", default=False)  # in no file or plan that goes on to others
    theme = models.ForeignKey(Theme, models.SET_NULL, null=True, blank=True, related_name="remarks")
    position = models.PositiveSmallIntegerField(default=0)
    merged_into = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="merged")
    answer = models.CharField("antwoord", max_length=15, choices=Answer, blank=True)
    answer_text = models.CharField("toelichting", max_length=400, blank=True)
    agreement = models.ForeignKey("matrix.Agreement", models.SET_NULL, null=True, blank=True, related_name="remarks")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                name="not_taken_up_says_why",
                condition=~models.Q(answer="niet_opgepakt", answer_text=""),
                violation_error_message="Schrijf erbij waarom dit niet wordt opgepakt.",
            )
        ]

    def __str__(self):
        return self.text[:80]

    @property
    def speaker(self):
        return str(self.organisation) if self.organisation_id else "procesbegeleider"
