"""The recipe, version 1: from figures to two axis values per buurt. Pure: no database, no request, no clock.

Our own choice (docs/adr/0002), on open data. Five inputs tell how many residents are in a vulnerable position;
`onv` of the Leefbaarometer tells of overlast and onveiligheid. A film compares two years, a foto shows one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from math import fsum, sqrt

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


@dataclass(frozen=True, slots=True)
class Buurt:
    """What the recipe knows of one buurt. `start` and `end` are its figures in t0 and t1; of a foto they are equal.

    `households` is the number in t1, else of the nearest year that has one; `blocked` says why the two years
    cannot be compared (a changed border), if they cannot. `weighs`: it is itself in both years, not put together from
    or cut out of others, and so has a say in the scale.
    """

    code: str
    municipality: str
    start: Figures
    end: Figures
    households: float | None
    blocked: str = ""
    weighs: bool = True


@dataclass(slots=True)
class Measured:
    """One input of one buurt: its values, and what it adds to the axis (z)."""

    key: str
    indicator: str
    per_1000: bool
    start: float | None
    end: float | None
    z: float | None

    def as_dict(self) -> dict:
        return {name: getattr(self, name) for name in self.__slots__}

    def complete(self, *, film: bool) -> bool:
        return self.end is not None and not (film and self.start is None)


@dataclass(slots=True)
class Outcome:
    code: str
    composition: float | None
    problems: float | None
    signal_class: str
    neighbours: list[str]
    reason: str
    inputs: list[Measured] = field(default_factory=list)


def compute(buurten: Iterable[Buurt], *, film: bool, relative: bool, recipe: Recipe = RECIPE) -> dict[str, Outcome]:
    """Outcome per buurt code. The scale rests on all `buurten` that count, whatever their municipality."""
    buurten = list(buurten)
    columns = [_column(input_, buurten, film=film, relative=relative, recipe=recipe) for input_ in recipe.inputs]
    return {
        buurt.code: _outcome(buurt, list(inputs), film=film, recipe=recipe)
        for buurt, *inputs in zip(buurten, *columns, strict=True)
    }


def counts(buurt: Buurt, recipe: Recipe) -> bool:
    return not buurt.blocked and buurt.households is not None and buurt.households >= recipe.min_households


def _column(input_: Input, buurten: list[Buurt], *, film: bool, relative: bool, recipe: Recipe) -> list[Measured]:
    """One input of every buurt, with its z where the buurt counts."""
    chosen = _chosen_series(input_, buurten, film=film)
    pairs = [_pair(chosen.get(b.municipality), b, film=film) for b in buurten]
    changes = [_change(pair, film=film) for pair in pairs]
    counting = [counts(b, recipe) for b in buurten]
    scales = _scales(chosen, buurten, changes, counting)
    column = []
    for buurt, (start, end), change, has_a_say in zip(buurten, pairs, changes, counting, strict=True):
        series = chosen.get(buurt.municipality)
        z = None
        if series is not None and change is not None and has_a_say and series in scales:
            z = scales[series].z(change, buurt.municipality, film=film, relative=relative)
        shown = series or input_.choices[0]
        column.append(
            Measured(
                input_.key,
                shown.indicator,
                shown.per_1000,
                shown.sign * start if film and start is not None else None,  # as published
                shown.sign * end if end is not None else None,
                z,
            )
        )
    return column


def _chosen_series(input_: Input, buurten: list[Buurt], *, film: bool) -> dict[str, Series]:
    """Per municipality the first series of which some buurt has what is needed: never two in one municipality."""
    chosen: dict[str, Series] = {}
    for series in input_.choices:
        for buurt in buurten:
            if buurt.municipality not in chosen and _change(_pair(series, buurt, film=film), film=film) is not None:
                chosen[buurt.municipality] = series
    return chosen


def _pair(series: Series | None, buurt: Buurt, *, film: bool) -> tuple[float | None, float | None]:
    if series is None:
        return None, None
    end = series.value(buurt.end)
    return (series.value(buurt.start) if film else end), end


def _change(pair: tuple[float | None, float | None], *, film: bool) -> float | None:
    """Film: the change of the series; foto: its level. None when a figure is missing."""
    start, end = pair
    if start is None or end is None:
        return None
    return end - start if film else end


# Below this share of the values' own size a spread is rounding of the computer, not a difference between buurten.
_NO_SPREAD = 1e-9


@dataclass(frozen=True, slots=True)
class Scale:
    sd: float
    mean: float
    means: Mapping[str, float]  # municipality -> mean of its counting buurten

    @classmethod
    def over(cls, by_municipality: Mapping[str, list[float]]) -> "Scale":
        every = [value for group in by_municipality.values() for value in group]
        mean = fsum(every) / len(every)
        sd = sqrt(fsum((value - mean) ** 2 for value in every) / len(every))  # of the population
        return cls(sd, mean, {code: fsum(group) / len(group) for code, group in by_municipality.items()})

    def z(self, value: float, municipality: str, *, film: bool, relative: bool) -> float | None:
        if self.sd <= _NO_SPREAD * max(1.0, abs(self.mean)):
            return None
        if relative:
            centre = self.means.get(municipality)
            return None if centre is None else (value - centre) / self.sd
        return (value - (0.0 if film else self.mean)) / self.sd


def _scales(chosen, buurten, changes, counting) -> dict[Series, Scale]:
    """Per series the spread over all buurten that count, and the mean of each municipality."""
    values: dict[Series, dict[str, list[float]]] = {series: {} for series in set(chosen.values())}
    for buurt, change, has_a_say in zip(buurten, changes, counting, strict=True):
        if change is not None and has_a_say and buurt.weighs:
            values[chosen[buurt.municipality]].setdefault(buurt.municipality, []).append(change)
    return {series: Scale.over(found) for series, found in values.items() if found}


def _outcome(buurt: Buurt, inputs: list[Measured], *, film: bool, recipe: Recipe) -> Outcome:
    zs = [m.z for m in inputs[:-1] if m.z is not None]
    total = fsum(zs)
    composition = total / len(zs) if len(zs) >= recipe.min_inputs else None
    problems = inputs[-1].z
    return Outcome(
        code=buurt.code,
        composition=composition,
        problems=problems,
        signal_class=classify(composition, problems, band=recipe.band, film=film),
        neighbours=neighbours(
            composition, problems, band=recipe.band, shift=recipe.borderline_shift, film=film,
            without_one=tuple((total - z) / (len(zs) - 1) for z in zs) if len(zs) > 1 else (),
        ),
        reason=why_not(buurt, inputs, recipe, film=film),
        inputs=inputs,
    )  # fmt: skip


def why_not(buurt: Buurt, inputs: list[Measured], recipe: Recipe, *, film: bool) -> str:
    """In Dutch, for the screen: why there is no class. Empty when there is one."""
    if buurt.blocked:
        return buurt.blocked
    if buurt.households is None:
        return "het aantal huishoudens is niet bekend"
    if buurt.households < recipe.min_households:
        return f"minder dan {recipe.min_households} huishoudens"
    *residents, problems = inputs
    reasons = []
    known = sum(m.complete(film=film) for m in residents)
    if known < recipe.min_inputs:
        reasons.append(f"{known} van de {len(residents)} cijfers over bewoners, {recipe.min_inputs} zijn nodig")
    elif sum(m.z is not None for m in residents) < recipe.min_inputs:
        reasons.append("de cijfers over bewoners zijn niet met andere buurten te vergelijken")
    if not problems.complete(film=film):
        reasons.append("geen score voor overlast en onveiligheid")
    elif problems.z is None:
        reasons.append("de score voor overlast en onveiligheid is niet met andere buurten te vergelijken")
    return "; ".join(reasons)
