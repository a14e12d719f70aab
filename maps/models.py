"""What we know of areas: shapes per year, figures per year, and the signals computed from them."""

from django.conf import settings
from django.db import models

from maps.classification import FotoClass, SignalClass


class Dataset(models.Model):
    """One import: which file, from which source, by whom. Every figure points back to one."""

    class Kind(models.TextChoices):
        AREAS = "areas", "Buurten"
        INDICATORS = "indicators", "Kerncijfers"
        LEEFBAAROMETER = "leefbaarometer", "Leefbaarometer"
        CRIMES = "crimes", "Geregistreerde misdrijven"
        OWN_SIGNALS = "own_signals", "Eigen signaal"

    kind = models.CharField("soort", max_length=20, choices=Kind)
    file_name = models.CharField("bestand", max_length=255)
    source = models.CharField("bron", max_length=255)
    licence = models.CharField("licentie", max_length=60, blank=True)
    years = models.JSONField("jaren", default=list)
    municipalities = models.JSONField("gemeenten", default=list)
    rows = models.PositiveIntegerField("regels", default=0)
    notes = models.JSONField("opmerkingen", default=list)
    dropped_codes = models.JSONField("weggelaten gebieden", default=list)  # water: known, but not on any map
    sha256 = models.CharField(max_length=64)
    fictional = models.BooleanField("fictief", default=False)
    imported_at = models.DateTimeField("ingelezen op", auto_now_add=True)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name="ingelezen door"
    )

    class Meta:
        ordering = ["-imported_at", "-pk"]
        verbose_name, verbose_name_plural = "gegevensbestand", "ingelezen gegevens"

    def __str__(self):
        return f"{self.get_kind_display()} {', '.join(map(str, self.years))} ({self.file_name})"


class AreaQuerySet(models.QuerySet):
    def neighbourhoods(self):
        return self.filter(kind=Area.Kind.NEIGHBOURHOOD)

    def municipalities(self):
        return self.filter(kind=Area.Kind.MUNICIPALITY)

    def in_division(self, year):
        return self.filter(year=year)

    def in_municipality(self, code):
        return self.filter(municipality=code)

    def for_map(self):
        return self.order_by("name", "code")


class Area(models.Model):
    """A buurt, wijk or gemeente in the division of one year. A code without its year means nothing."""

    class Kind(models.TextChoices):
        NEIGHBOURHOOD = "neighbourhood", "Buurt"
        DISTRICT = "district", "Wijk"
        MUNICIPALITY = "municipality", "Gemeente"

    class Change(models.IntegerChoices):
        """`indelingswijziging_wijken_en_buurten` of CBS: against the division of the year before."""

        NONE = 1, "ongewijzigd"
        RECODED = 2, "andere code of naam"
        BOUNDARY = 3, "grens gewijzigd"

    kind = models.CharField(max_length=15, choices=Kind)
    code = models.CharField("code", max_length=10)
    year = models.PositiveSmallIntegerField("indelingsjaar")
    name = models.CharField("naam", max_length=120)
    municipality = models.CharField("gemeentecode", max_length=6, db_index=True)
    district = models.CharField("wijkcode", max_length=8, blank=True)
    change = models.PositiveSmallIntegerField(choices=Change, null=True, blank=True)
    geometry = models.TextField(blank=True)  # GeoJSON geometry, WGS84, simplified jointly with its neighbours
    label_x = models.FloatField(null=True, blank=True)  # longitude and latitude of a point inside
    label_y = models.FloatField(null=True, blank=True)
    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="areas")

    objects = AreaQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["code", "year"], name="one_area_per_code_and_year")]
        indexes = [models.Index(fields=["kind", "municipality", "year"])]

    def __str__(self):
        return self.name

    @property
    def plain_name(self):
        """As it reads in a sentence; the mark of a fictional one stands beside it already."""
        return self.name.removesuffix(" (fictief)")


class Succession(models.Model):
    """How the buurten of one municipality came out of those of an earlier division, found by their shapes.

    `units` holds [kind, codes then, codes now] for every piece of land whose outer border stayed the same, and for
    what did not: see `maps.succession.Kind`. A code alone says nothing: it can be given to another place.
    """

    municipality = models.CharField(max_length=6)
    old_year = models.PositiveSmallIntegerField()
    new_year = models.PositiveSmallIntegerField()
    units = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["municipality", "old_year", "new_year"], name="one_succession_per_pair")
        ]

    def __str__(self):
        return f"{self.municipality} {self.old_year} → {self.new_year}"


class ObservationQuerySet(models.QuerySet):
    def in_municipality(self, code):
        return self.filter(area_code__startswith=f"BU{code[2:]}")

    def in_years(self, *years):
        return self.filter(year__in=years)


class Observation(models.Model):
    """All figures of one buurt in one year out of one dataset: {indicator key: value}, and why one is missing.

    Keys are those of `maps.indicators`. A figure that is missing is absent from `values` and has its reason
    in `missing`; it is never a zero. See docs/adr/0003.
    """

    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="observations")
    area_code = models.CharField(max_length=10)
    year = models.PositiveSmallIntegerField()
    values = models.JSONField(default=dict)
    missing = models.JSONField(default=dict)

    objects = ObservationQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dataset", "area_code", "year"], name="one_observation_per_row")]
        indexes = [models.Index(fields=["year", "area_code"])]

    def __str__(self):
        return f"{self.area_code} {self.year}"


class SignalMapQuerySet(models.QuerySet):
    def current(self):
        """Without those that were computed anew since, and live on only in the sessions that began with them."""
        return self.filter(superseded=False)

    def films(self):
        return self.filter(mode=SignalMap.Mode.FILM)

    def of_municipality(self, code):
        return self.filter(municipality=code)


class SignalMap(models.Model):
    """One computed edition for one municipality: film or foto, years, reference; and the recipe that made it."""

    class Mode(models.TextChoices):
        FILM = "film", "Film: hoe het zich ontwikkelde"
        FOTO = "foto", "Foto: hoe het ervoor staat"

    class Reference(models.TextChoices):
        MUNICIPALITY = "municipality", "vergeleken met de eigen gemeente"
        COUNTRY = "country", "vergeleken met Nederland"

    municipality = models.CharField(max_length=6)
    mode = models.CharField(max_length=4, choices=Mode)
    year_from = models.PositiveSmallIntegerField()  # of a foto: the year of the composition
    year_to = models.PositiveSmallIntegerField()  # of a foto: the year of the problems
    reference = models.CharField(max_length=12, choices=Reference)
    division = models.PositiveSmallIntegerField("indelingsjaar")
    recipe_version = models.CharField(max_length=10)
    recipe = models.JSONField()  # every number of the recipe, as it was
    basis = models.JSONField(default=dict)  # how many buurten and gemeenten the scale rests on
    imports = models.PositiveIntegerField(default=0)  # the last Dataset then: a later one, and it must be computed anew
    sources = models.JSONField(default=list)
    fictional = models.BooleanField(default=False)
    superseded = models.BooleanField(default=False)
    foto = models.ForeignKey(  # of a film: the level at its end, computed with it and kept with it
        "self", models.PROTECT, null=True, blank=True, related_name="films"
    )
    computed_at = models.DateTimeField(auto_now=True)

    objects = SignalMapQuerySet.as_manager()

    class Meta:
        ordering = ["municipality", "-year_to", "year_from", "mode"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "mode", "year_from", "year_to", "reference"],
                condition=models.Q(superseded=False),
                name="one_current_edition",
            )
        ]

    def __str__(self):
        return f"{self.get_mode_display()} {self.years}, {self.comparison}"

    @property
    def comparison(self):
        """With what the buurt is compared, in words. An absolute film compares it with itself before."""
        if self.is_film and self.reference == self.Reference.COUNTRY:
            return "vergeleken met zichzelf, eerder"
        return self.get_reference_display()

    @property
    def is_film(self):
        return self.mode == self.Mode.FILM

    @property
    def years(self):
        if self.year_from == self.year_to:
            return f"{self.year_to}"
        if self.is_film:
            return f"{self.year_from}–{self.year_to}"
        return f"bewoners {self.year_from}, overlast {self.year_to}"


class SignalQuerySet(models.QuerySet):
    def of(self, signal_map):
        return self.filter(signal_map=signal_map)

    def for_map(self):
        """Everything the map draws, in one query."""
        return self.select_related("area", "signal_map").order_by("area__name", "area__code")


class Signal(models.Model):
    """What the recipe found for one buurt. Axis values in standard deviations, positive for more pressure."""

    signal_map = models.ForeignKey(SignalMap, models.CASCADE, related_name="signals")
    area = models.ForeignKey(Area, models.CASCADE, related_name="signals")
    composition = models.FloatField("bewonerssamenstelling", null=True)
    problems = models.FloatField("zichtbare problemen", null=True)
    signal_class = models.CharField("klasse", max_length=24, choices=SignalClass.choices + FotoClass.choices)
    neighbours = models.JSONField("ligt dicht bij", default=list)  # classes it would have with a slightly other recipe
    reason = models.CharField("reden", max_length=255, blank=True)  # why there is no class
    note = models.CharField(
        "toelichting", max_length=255, blank=True
    )  # over which areas it was computed, if not its own
    inputs = models.JSONField(default=list)  # one dict an input, see maps.recipe.Measured

    objects = SignalQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["signal_map", "area"], name="one_signal_per_area")]

    def __str__(self):
        return f"{self.area}: {self.signal_class}"

    @property
    def borderline(self):
        return bool(self.neighbours)


class OwnSignal(models.Model):
    """The class that a corporation received itself, for instance from its branch organisation. Shown as such, beside
    ours, in the words of its source; it never weighs in our signal."""

    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="own_signals")
    area_code = models.CharField("buurtcode", max_length=10, db_index=True)
    signal_class = models.CharField("klasse", max_length=60)
    source = models.CharField("bron", max_length=120)
    years = models.CharField("peiljaren", max_length=20)

    class Meta:
        ordering = ["area_code", "source"]
        constraints = [
            models.UniqueConstraint(fields=["area_code", "source", "years"], name="one_own_signal_per_source_and_years")
        ]

    def __str__(self):
        return f"{self.area_code}: {self.signal_class} ({self.source}, {self.years})"
