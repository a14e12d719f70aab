"""The recipe, version 1: from figures to two axis values per buurt. Pure: no database, no request, no clock.

Our own choice (docs/adr/0002), on open data. Five inputs tell how many residents are in a vulnerable position;
`onv` of the Leefbaarometer tells of overlast and onveiligheid. A film compares two years, a foto shows one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from statistics import fmean, pstdev

from maps.classification import classify, neighbours

Figures = Mapping[str, float]  # indicator key -> value; a missing figure is absent


@dataclass(frozen=True)
class Series:
    """One figure that can serve as an input: an indicator, or it per 1,000 inhabitants of the same year."""

    indicator: str
    per_1000: bool = False
    sign: int = 1

    def value(self, figures: Figures) -> float | None:
        value = figures.get(self.indicator)
        if value is None:
            return None
        if not self.per_1000:
            return self.sign * value
        inhabitants = figures.get("inhabitants")
        return self.sign * value * 1000 / inhabitants if inhabitants else None


@dataclass(frozen=True)
class Input:
    """One of the inputs. The first series that the municipality has serves all its buurten, in both years."""

    key: str
    label: str
    unit: str
    choices: tuple[Series, ...]


@dataclass(frozen=True)
class Recipe:
    """Every number of the recipe. Stored with each result, so that an old map can be explained."""

    version: str = "1"
    band: float = 0.5  # standard deviations: from here a change or level counts
    borderline_shift: float = 0.2  # a class that changes when the band moves by this share is a grensgeval
    min_households: int = 100
    min_inputs: int = 3
    same_area: float = 0.95  # two shapes are the same place when they share at least this part of both
    clearly: float = 2.0  # a value of so many bands is called "duidelijk", a smaller one "iets"
    composition: tuple[Input, ...] = (
        Input(
            "income",
            "Laagste inkomens",
            "% van de huishoudens",
            (Series("lowest_income"), Series("low_income"), Series("social_minimum")),
        ),
        Input("bijstand", "Bijstand", "per 1.000 inwoners", (Series("bijstand", per_1000=True),)),
        Input("ao", "Arbeidsongeschiktheid (AO)", "per 1.000 inwoners", (Series("ao", per_1000=True),)),
        Input(
            "wmo",
            "Wmo-ondersteuning",
            "per 1.000 inwoners",
            (Series("wmo", per_1000=True), Series("wmo_rate")),
        ),
        Input("jeugdzorg", "Jeugdzorg", "% van de jongeren", (Series("jeugdzorg"),)),
    )
    problems: Input = Input("onv", "Overlast en onveiligheid", "score Leefbaarometer", (Series("onv", sign=-1),))

    @property
    def inputs(self) -> tuple[Input, ...]:
        return (*self.composition, self.problems)

    @property
    def indicators(self) -> list[str]:
        """Every figure that can have a say."""
        return [series.indicator for input_ in self.inputs for series in input_.choices]

    def as_dict(self) -> dict:
        return asdict(self)


RECIPE = Recipe()


@dataclass(frozen=True)
class Buurt:
    """What the recipe knows of one buurt. `start` and `end` are its figures in t0 and t1; of a foto they are equal.

    `households` is the number in t1, else of the nearest year that has one; `blocked` says why the two years
    cannot be compared (a changed border), if they cannot.
    """

    code: str
    municipality: str
    start: Figures
    end: Figures
    households: float | None
    blocked: str = ""


@dataclass(frozen=True)
class Measured:
    """One input of one buurt: its values, and what it adds to the axis (z)."""

    key: str
    indicator: str
    per_1000: bool
    start: float | None
    end: float | None
    z: float | None


@dataclass(frozen=True)
class Outcome:
    code: str
    composition: float | None
    problems: float | None
    signal_class: str
    neighbours: list[str]
    reason: str
    inputs: list[Measured] = field(default_factory=list)


@dataclass(frozen=True)
class Scale:
    sd: float
    means: Mapping[str, float]  # municipality -> mean of its counting buurten
    mean: float


def compute(buurten: Iterable[Buurt], *, film: bool, relative: bool, recipe: Recipe = RECIPE) -> dict[str, Outcome]:
    """Outcome per buurt code. The scale rests on all `buurten` that count, whatever their municipality."""
    buurten = list(buurten)
    chosen = {
        (input_.key, municipality): series
        for input_ in recipe.inputs
        for municipality, series in _chosen_series(input_, buurten, film=film).items()
    }
    series_of = lambda key, buurt: chosen.get((key, buurt.municipality))  # noqa: E731
    measures = {
        input_.key: {b.code: _measure(b, series_of(input_.key, b), film=film) for b in buurten}
        for input_ in recipe.inputs
    }
    scales = {
        input_.key: _scales(input_.key, buurten, measures[input_.key], series_of, recipe) for input_ in recipe.inputs
    }
    return {
        b.code: _outcome(b, measures, scales, series_of, film=film, relative=relative, recipe=recipe) for b in buurten
    }


def _chosen_series(input_: Input, buurten: list[Buurt], *, film: bool) -> dict[str, Series]:
    """Per municipality the first series of which some buurt has what is needed: never two in one municipality."""
    found: dict[str, int] = {}
    for buurt in buurten:
        for rank, series in enumerate(input_.choices[: found.get(buurt.municipality, len(input_.choices))]):
            if _measure(buurt, series, film=film) is not None:
                found[buurt.municipality] = rank
                break
    return {municipality: input_.choices[rank] for municipality, rank in found.items()}


def _measure(buurt: Buurt, series: Series | None, *, film: bool) -> float | None:
    """Film: the change of the series; foto: its level. None when a figure is missing."""
    if series is None:
        return None
    end = series.value(buurt.end)
    if not film or end is None:
        return end
    start = series.value(buurt.start)
    return None if start is None else end - start


def counts(buurt: Buurt, recipe: Recipe) -> bool:
    return not buurt.blocked and buurt.households is not None and buurt.households >= recipe.min_households


def _scales(key, buurten, measured, series_of, recipe) -> dict[Series, Scale]:
    """Per series the spread over all buurten that count, and the mean of each municipality."""
    values: dict[Series, dict[str, list[float]]] = {}
    for buurt in buurten:
        value = measured[buurt.code]
        if value is not None and counts(buurt, recipe):
            values.setdefault(series_of(key, buurt), {}).setdefault(buurt.municipality, []).append(value)
    scales = {}
    for series, by_municipality in values.items():
        all_values = [value for group in by_municipality.values() for value in group]
        scales[series] = Scale(
            sd=pstdev(all_values),
            means={municipality: fmean(group) for municipality, group in by_municipality.items()},
            mean=fmean(all_values),
        )
    return scales


# Below this share of the values' own size a spread is rounding of the computer, not a difference between buurten.
_NO_SPREAD = 1e-9


def _z(value, scale: Scale | None, buurt: Buurt, *, film: bool, relative: bool) -> float | None:
    if value is None or scale is None or scale.sd <= _NO_SPREAD * max(1.0, abs(scale.mean)):
        return None
    if relative:
        centre = scale.means.get(buurt.municipality)
        if centre is None:
            return None
    else:
        centre = 0.0 if film else scale.mean
    return (value - centre) / scale.sd


def _outcome(buurt, measures, scales, series_of, *, film, relative, recipe) -> Outcome:
    inputs = []
    for input_ in recipe.inputs:
        series = series_of(input_.key, buurt)
        if series is None:
            inputs.append(
                Measured(input_.key, input_.choices[0].indicator, input_.choices[0].per_1000, None, None, None)
            )
            continue
        z = None
        if counts(buurt, recipe):
            scale = scales[input_.key].get(series)
            z = _z(measures[input_.key][buurt.code], scale, buurt, film=film, relative=relative)
        start, end = (_shown(series, figures) for figures in (buurt.start, buurt.end))
        inputs.append(Measured(input_.key, series.indicator, series.per_1000, start if film else None, end, z))
    zs = [m.z for m in inputs[:-1] if m.z is not None]
    composition = fmean(zs) if len(zs) >= recipe.min_inputs else None
    problems = inputs[-1].z
    return Outcome(
        code=buurt.code,
        composition=composition,
        problems=problems,
        signal_class=classify(composition, problems, band=recipe.band, film=film),
        neighbours=neighbours(
            composition, problems, band=recipe.band, shift=recipe.borderline_shift, film=film,
            without_one=tuple((sum(zs) - z) / (len(zs) - 1) for z in zs) if len(zs) > 1 else (),
        ),
        reason=why_not(buurt, len(zs), problems, recipe),
        inputs=inputs,
    )  # fmt: skip


def _shown(series: Series, figures: Figures) -> float | None:
    """The figure as published, without the sign that the recipe gives it."""
    value = series.value(figures)
    return None if value is None else value * series.sign


def why_not(buurt: Buurt, inputs: int, problems: float | None, recipe: Recipe) -> str:
    """In Dutch, for the screen: why there is no class. Empty when there is one."""
    if buurt.blocked:
        return buurt.blocked
    if buurt.households is None:
        return "het aantal huishoudens is niet bekend"
    if buurt.households < recipe.min_households:
        return f"minder dan {recipe.min_households} huishoudens"
    reasons = []
    if inputs < recipe.min_inputs:
        reasons.append(
            f"{inputs} van de {len(recipe.composition)} cijfers over bewoners, {recipe.min_inputs} zijn nodig"
        )
    if problems is None:
        reasons.append("geen score voor overlast en onveiligheid")
    return "; ".join(reasons)
