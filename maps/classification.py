"""Turn two axis values into one signal. No database, no request, no clock.

Axis values are in standard deviations, positive for more vulnerable residents or more problems.
The classes and their grid are our own choice (docs/adr/0002), not those of the Aedes maps.
"""

from django.db.models import TextChoices


class Direction(TextChoices):
    UP = "up"
    STABLE = "stable"
    DOWN = "down"


class SignalClass(TextChoices):
    """Classes of the film: how both axes developed."""

    UNDER_PRESSURE = "under_pressure", "Veerkracht onder druk"
    RESILIENT = "resilient", "Veerkrachtig"
    EARLY_SIGNAL = "early_signal", "Problemen nemen toe"
    OTHER_CAUSE = "other_cause", "Problemen ondanks ontlasting"
    IMPROVING = "improving", "Verbetering"
    NO_CLEAR_CHANGE = "no_clear_change", "Geen duidelijke verandering"
    INSUFFICIENT_DATA = "insufficient_data", "Onvoldoende gegevens"


class FotoClass(TextChoices):
    """Classes of the foto: how both axes stand. What is missing is SignalClass.INSUFFICIENT_DATA here too."""

    DOUBLE_PRESSURE = "double_pressure", "Dubbele druk"
    VULNERABLE_CALM = "vulnerable_calm", "Kwetsbaar, weinig problemen"
    PROBLEMS_ONLY = "problems_only", "Problemen zonder veel kwetsbaarheid"
    FAVOURABLE = "favourable", "Gunstig"
    AVERAGE = "average", "Gemiddeld"


UP, STABLE, DOWN = Direction.UP, Direction.STABLE, Direction.DOWN

# (composition, problems) -> class
FILM_CLASSES = {
    (UP, UP): SignalClass.UNDER_PRESSURE,
    (UP, STABLE): SignalClass.RESILIENT,
    (UP, DOWN): SignalClass.RESILIENT,
    (STABLE, UP): SignalClass.EARLY_SIGNAL,
    (DOWN, UP): SignalClass.OTHER_CAUSE,
    (STABLE, DOWN): SignalClass.IMPROVING,
    (DOWN, DOWN): SignalClass.IMPROVING,
    (STABLE, STABLE): SignalClass.NO_CLEAR_CHANGE,
    (DOWN, STABLE): SignalClass.NO_CLEAR_CHANGE,
}
FOTO_CLASSES = {
    (UP, UP): FotoClass.DOUBLE_PRESSURE,
    (UP, STABLE): FotoClass.VULNERABLE_CALM,
    (UP, DOWN): FotoClass.VULNERABLE_CALM,
    (STABLE, UP): FotoClass.PROBLEMS_ONLY,
    (DOWN, UP): FotoClass.PROBLEMS_ONLY,
    (DOWN, DOWN): FotoClass.FAVOURABLE,
    (STABLE, DOWN): FotoClass.AVERAGE,
    (STABLE, STABLE): FotoClass.AVERAGE,
    (DOWN, STABLE): FotoClass.AVERAGE,
}


def direction(value: float, *, band: float) -> Direction:
    """A value as large as the band counts."""
    if value >= band:
        return UP
    return DOWN if value <= -band else STABLE


def classify(composition: float | None, problems: float | None, *, band: float, film: bool = True) -> TextChoices:
    if composition is None or problems is None:
        return SignalClass.INSUFFICIENT_DATA
    grid = FILM_CLASSES if film else FOTO_CLASSES
    return grid[direction(composition, band=band), direction(problems, band=band)]


def neighbours(
    composition: float | None,
    problems: float | None,
    *,
    band: float,
    shift: float,
    without_one: tuple[float, ...] = (),
    film: bool = True,
) -> list[TextChoices]:
    """Other classes that this buurt would have with the band `shift` (a share) wider or narrower, or with one
    input left out (`without_one`: the composition without each). None: the class stands firm."""
    own = classify(composition, problems, band=band, film=film)
    if own == SignalClass.INSUFFICIENT_DATA:
        return []
    others = [classify(composition, problems, band=band * factor, film=film) for factor in (1 - shift, 1 + shift)]
    others += [classify(value, problems, band=band, film=film) for value in without_one]
    return [other for other in dict.fromkeys(others) if other != own]
