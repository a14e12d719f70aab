"""What screens and paper show of an edition: signals with their words, the legend with its counts, one buurt's figures,
and beside these the class that a corporation received itself.

Reads only; a fixed number of queries, however many buurten.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cached_property, partial

from maps.classification import direction
from maps.indicators import INDICATORS
from maps.models import Area, OwnSignal, Signal, SignalMap
from maps.places import Past, histories
from maps.recipe import RECIPE
from maps.sentences import sentence_of
from maps.style import DIRECTION_WORDS, MISSING, STYLES, ClassStyle, grid, styles


@dataclass(frozen=True)
class ShownSignal:
    signal: Signal
    style: ClassStyle
    sentence: str
    own_signals: list[OwnSignal] = field(default_factory=list)  # newest years first
    district: str = ""  # the name of its wijk

    @property
    def area(self):
        return self.signal.area

    @property
    def words(self) -> str:
        """What a search for words looks through; the page marks the same texts."""
        border = " grensgeval" if self.signal.borderline else ""
        own = "".join(f" {own.signal_class}" for own in self.own_signals)
        return f"{self.area.name} {self.district} {self.style.label}{border}{own} {self.sentence}"

    @property
    def neighbour_labels(self):
        return [STYLES[key].label for key in self.signal.neighbours]


@dataclass(frozen=True)
class LegendCell:
    style: ClassStyle
    count: int


@dataclass(frozen=True)
class LegendRow:
    words: str
    cells: list[LegendCell]


@dataclass(frozen=True)
class ShownMap:
    edition: SignalMap
    municipality: Area
    signals: list[ShownSignal]
    legend: list[list[LegendCell]] = field(repr=False)
    classes: list[LegendCell] = field(repr=False)
    everywhere: list[Signal] = field(repr=False)  # of the whole municipality, also where `signals` are of a part

    @property
    def missing(self):
        return next(cell for cell in self.classes if cell.style is MISSING)

    @property
    def axis_words(self):
        return DIRECTION_WORDS[self.edition.is_film]

    @property
    def problem_words(self):
        words = self.axis_words["problems"]
        return [words[key] for key in ("up", "stable", "down")]

    @property
    def legend_rows(self) -> list[LegendRow]:
        return [LegendRow(words, cells) for words, cells in zip(self.problem_words, self.legend, strict=True)]

    @property
    def composition_words(self):
        words = self.axis_words["composition"]
        return [words[key] for key in ("down", "stable", "up")]

    @property
    def by_code(self):
        return {shown.area.code: shown for shown in self.signals}

    @property
    def districts(self) -> list[tuple[str, str]]:
        """(code, name) of the wijken that have a name, by name."""
        found = {(shown.area.district, shown.district) for shown in self.signals if shown.district}
        return sorted(found, key=lambda pair: (pair[1].casefold(), pair[0]))

    @cached_property
    def own_signals(self) -> dict[str, list[OwnSignal]]:
        """By buurt code, of the buurten that have any."""
        return {shown.area.code: shown.own_signals for shown in self.signals if shown.own_signals}


def municipality_of(edition: SignalMap) -> Area:
    return Area.objects.municipalities().filter(code=edition.municipality).order_by("-year").first()


def own_signals_of(codes) -> dict[str, list[OwnSignal]]:
    """Code -> its own signals, newest years first, of the buurten that have any; one query.

    `codes` are those of the division that is shown: the file that brought them says of no other.
    """
    found = defaultdict(list)
    for own in OwnSignal.objects.filter(area_code__in=codes).order_by("source"):
        found[own.area_code].append(own)
    newest_first = partial(sorted, key=lambda own: (own.years[-4:], own.years[:4]), reverse=True)
    return {code: newest_first(several) for code, several in found.items()}


def show_signal(signal: Signal, municipality: Area, own_signals=None, districts=None) -> ShownSignal:
    """`own_signals`: what `own_signals_of` found; `districts`: names of wijken by code."""
    sentence = sentence_of(signal, municipality=municipality.plain_name)
    own = (own_signals or {}).get(signal.area.code, [])
    district = (districts or {}).get(signal.area.district, "")
    return ShownSignal(signal, STYLES[signal.signal_class], sentence, own, district)


def show(edition: SignalMap, *, areas=None) -> ShownMap:
    """All buurten of the edition, or only `areas` (a set of Area pks)."""
    municipality = municipality_of(edition)
    everywhere = _signals_of(edition)
    found = [signal for signal in everywhere if areas is None or signal.area_id in areas]
    own_signals = own_signals_of([signal.area.code for signal in found])
    districts = _districts(edition)
    signals = [show_signal(signal, municipality, own_signals, districts) for signal in found]
    counts = Counter(shown.style.key for shown in signals)
    cells = _count_cells(signals, edition.recipe["band"])
    legend = [
        [LegendCell(cell.style, cells[cell.composition, cell.problems]) for cell in row]
        for row in grid(film=edition.is_film)
    ]
    classes = [LegendCell(style, counts[style.key]) for style in styles(film=edition.is_film)]
    return ShownMap(edition, municipality, signals, legend, classes, everywhere)


def _signals_of(edition: SignalMap) -> list[Signal]:
    """By name, with their areas but without shapes and inputs; one query."""
    found = list(
        Signal.objects.of(edition)
        .select_related("area")
        .defer("area__geometry", "inputs")
        .order_by("area__name", "area__code")
    )
    for signal in found:
        signal.signal_map = edition
    return found


def _districts(edition: SignalMap) -> dict[str, str]:
    found = Area.objects.filter(kind=Area.Kind.DISTRICT).in_municipality(edition.municipality)
    return dict(found.in_division(edition.division).values_list("code", "name"))


def _count_cells(signals: list[ShownSignal], band: float) -> Counter:
    """(direction of composition, of problems) -> how many buurten."""
    return Counter(
        (direction(shown.signal.composition, band=band), direction(shown.signal.problems, band=band))
        for shown in signals
        if shown.style is not MISSING
    )


@dataclass(frozen=True)
class Point:
    year: int
    value: float | None
    missing: str  # why there is none
    source: str


@dataclass(frozen=True)
class Figure:
    """One figure of a buurt over all years that were imported, oldest first."""

    label: str
    unit: str
    decimals: int
    points: list[Point]

    @property
    def latest(self) -> Point | None:
        return next((point for point in reversed(self.points) if point.value is not None), None)

    @property
    def gaps(self) -> dict[str, list[int]]:
        """Why there is no figure -> in which years."""
        found = defaultdict(list)
        for point in self.points:
            if point.value is None:
                found[point.missing].append(point.year)
        return dict(found)

    @property
    def last_word(self) -> str:
        """Why there is nothing to show."""
        return self.points[-1].missing if self.points else NOT_IMPORTED


@dataclass(frozen=True)
class ShownInput:
    """One input of the signal, with what it was, what it is and what it adds."""

    label: str
    unit: str
    decimals: int
    start: float | None
    end: float | None
    z: float | None
    figure: Figure


NOT_IMPORTED = "niet ingelezen"
KEY_FIGURES = ("inhabitants", "households", "corporation", "rental", "home_value", "participation", "lbm")


@dataclass(frozen=True)
class ShownArea:
    shown: ShownSignal
    composition: list[ShownInput]
    problems: list[ShownInput]
    key_figures: list[Figure]
    crimes: Figure

    @property
    def own_signals(self) -> list[OwnSignal]:
        return self.shown.own_signals


def show_area(signal: Signal, municipality: Area) -> ShownArea:
    """Everything of one buurt for the panel."""
    edition, code = signal.signal_map, signal.area.code
    past = histories(edition.municipality, edition.division, [code])[code]
    return area_from_past(show_signal(signal, municipality, own_signals_of([code])), past)


def area_from_past(shown: ShownSignal, past: list[Past]) -> ShownArea:
    """`past`: the figures of this buurt, by year and then by time of import."""
    inputs = [_shown_input(measured, past) for measured in shown.signal.inputs]
    return ShownArea(
        shown=shown,
        composition=inputs[:-1],
        problems=inputs[-1:],
        key_figures=[_figure(key, past) for key in KEY_FIGURES],
        crimes=_figure("crimes", past, per_1000=True),
    )


def _shown_input(measured: dict, past: list[Past]) -> ShownInput:
    names = {input_.key: input_ for input_ in RECIPE.inputs}
    indicator = INDICATORS[measured["indicator"]]
    figure = _figure(measured["indicator"], past, per_1000=measured["per_1000"])
    label = indicator.label if measured["key"] == "income" else names[measured["key"]].label
    decimals = 1 if measured["per_1000"] else indicator.decimals
    return ShownInput(label, figure.unit, decimals, measured["start"], measured["end"], measured["z"], figure)


def _figure(key: str, past: list[Past], *, per_1000: bool = False) -> Figure:
    indicator = INDICATORS[key]
    points: dict[int, Point] = {}
    inhabitants = {file.year: file.values["inhabitants"] for file in past if file.values.get("inhabitants")}
    for file in past:
        year, source = file.year, file.source
        if key in file.values:
            points[year] = Point(year, _per_1000(file.values[key], inhabitants.get(year), per_1000), "", source)
        elif year not in points:
            points[year] = Point(year, None, file.missing.get(key, NOT_IMPORTED), source)
        elif key in file.missing and points[year].value is None:
            points[year] = Point(year, None, file.missing[key], source)
    known = [points[year] for year in sorted(points)]
    while known and known[0].missing == NOT_IMPORTED:
        known.pop(0)
    unit = "per 1.000 inwoners" if per_1000 else indicator.unit
    return Figure(indicator.label, unit, 1 if per_1000 else indicator.decimals, known)


def _per_1000(value, inhabitants, per_1000):
    if not per_1000:
        return value
    return value * 1000 / inhabitants if inhabitants else None
