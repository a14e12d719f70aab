"""From stored figures to signals: fetch, hand to the recipe, and give to `maps.editions` to store."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Max
from django.db.models.functions import Substr

from maps.bulk import one_at_a_time
from maps.editions import EDITION, Computed, store
from maps.lineage import Lineage, divisions, municipality_of
from maps.memory import without_garbage_collection
from maps.models import Area, Dataset, Observation, SignalMap
from maps.places import Found, Places, Row, describe, observations_of, rows_of
from maps.recipe import RECIPE, Buurt, compute, counts

Reference, Mode = SignalMap.Reference, SignalMap.Mode
PROBLEMS = RECIPE.problems.choices[0].indicator
FIRST_YEAR = 1995  # nothing that we read is older


class CannotCompute(Exception):
    """Says in Dutch what is missing and what to do."""


@dataclass(frozen=True)
class Choice:
    """Which map: a film over two years; or a foto, of the composition in `year_from` and the problems in `year_to`."""

    mode: str
    year_from: int
    year_to: int
    reference: str = Reference.MUNICIPALITY

    @property
    def is_film(self):
        return self.mode == Mode.FILM

    @property
    def years(self) -> str:
        """As they are printed: 2018–2022, 2022, or bewoners 2021, overlast 2024."""
        return SignalMap(mode=self.mode, year_from=self.year_from, year_to=self.year_to).years


def compute_signals(
    *, year_to: int, year_from: int | None = None, reference: str = Reference.MUNICIPALITY,
    municipality: str | None = None,
) -> list[SignalMap]:  # fmt: skip
    """Compute the film of both years and the foto of the last (without `year_from` only that), for one municipality or
    all that were imported.

    A session keeps the edition that it began with. Raises CannotCompute with nothing stored.
    """
    choices = [Choice(Mode.FOTO, year_to, year_to, reference)]
    if year_from is not None:
        choices.insert(0, Choice(Mode.FILM, year_from, year_to, reference))
    return compute_choices(choices, municipality=municipality)


def compute_choices(choices: list[Choice], *, municipality: str | None = None) -> list[SignalMap]:
    """One edition per municipality and choice; of two choices a film comes first and keeps the foto beside it."""
    for choice in choices:
        if choice.is_film and choice.year_from >= choice.year_to:
            raise CannotCompute(
                f"Het eerste jaar ({choice.year_from}) moet vóór het laatste jaar ({choice.year_to}) liggen."
            )
    # What is made up never weighs in the scale of what is real, nor the other way round.
    worlds = {fictional: divisions(dataset__fictional=fictional) for fictional in (False, True)}
    if municipality:
        worlds = {fictional: world for fictional, world in worlds.items() if municipality in world}
        if not worlds:
            raise CannotCompute(
                f"Van gemeente {municipality} zijn nog geen buurten ingelezen. Lees eerst de Wijk- en Buurtkaart in."
            )
    elif not any(worlds.values()):
        raise CannotCompute("Er zijn nog geen buurten ingelezen. Lees eerst de Wijk- en Buurtkaart in.")
    present = years_with_figures(municipality)
    for choice in choices:
        _require_years(choice, present, municipality)
    # All reading and arithmetic first: a write lock would keep every session of this installation waiting.
    with without_garbage_collection():
        computed = [
            edition
            for fictional, world in worlds.items()
            if world
            for edition in _World(world, choices, fictional=fictional, only=municipality).editions()
        ]
    with one_at_a_time():  # two who open the same map at once must not both store it
        return store(computed)


def current_edition(municipality: str, choice: Choice) -> SignalMap:
    """The edition as the figures are now; computed if that was not done since the last import.

    An edition follows from the figures alone, so who may see it may have it computed. Raises CannotCompute.
    """
    names = {name: getattr(choice, name) for name in EDITION[1:]}
    edition = SignalMap.objects.current().of_municipality(municipality).filter(**names).first()
    if edition and edition.imports == last_import():
        return edition
    choices = [choice]
    if choice.is_film and choice.year_to in years_with_figures(municipality):
        choices.append(Choice(Mode.FOTO, choice.year_to, choice.year_to, choice.reference))  # to switch to in a session
    return compute_choices(choices, municipality=municipality)[0]


def years_with_figures(municipality: str | None = None) -> list[int]:
    """Years of which at least one figure of the recipe was imported."""
    figures = observations_of(municipality) if municipality else Observation.objects.all()
    years = figures.filter(values__has_any_keys=RECIPE.indicators).order_by().values_list("year", flat=True)
    return sorted(years.distinct())


def _require_years(choice: Choice, present: list[int], municipality: str | None) -> None:
    """One of the two is enough: without the other the film says of every buurt what is missing."""
    years = {choice.year_from, choice.year_to}
    absent = sorted(years.difference(present))
    if len(absent) == len(years) or choice.year_from < FIRST_YEAR:
        raise CannotCompute(
            f"Van {' en '.join(map(str, absent))} zijn geen cijfers ingelezen"
            f"{f' voor {municipality}' if municipality else ''}. "
            f"Wel van: {', '.join(map(str, present)) or 'geen enkel jaar'}."
        )


def last_import() -> int:
    """Grows with every import, so that an edition knows whether it is older than the figures."""
    return Dataset.objects.aggregate(last=Max("pk"))["last"] or 0


class _World:
    """All that shares a scale: every real municipality that was imported, or every fictional one. `only`: the one that
    editions are asked of."""

    def __init__(
        self, available: dict[str, list[int]], choices: list[Choice], *, fictional: bool, only: str | None = None
    ):
        self._choices, self._fictional, self._only = choices, fictional, only
        self._shown = {code: years[0] for code, years in available.items()}
        self._lineage = Lineage(self._shown, available)
        self._areas = self._shown_areas()
        self._names = _names(code for code in self._areas if len(self._lineage.years(code)) > 1)
        years = {year for choice in choices for year in (choice.year_from, choice.year_to)}
        rows = rows_of(years)
        self._known = {
            (municipality, row.year)
            for row in rows
            if not row.values.keys().isdisjoint(_INDICATORS)
            for municipality in self._lineage.maps_of(row.code)
        }
        self._places = Places(rows, self._lineage)
        self._sources = _sources(years, self._lineage)
        self._last_import = last_import()
        self._recipe = RECIPE.as_dict()

    def _shown_areas(self) -> dict[str, dict[str, int]]:
        """Municipality -> buurt code -> pk in its newest division: the map that is shown. Without a municipality whose
        land is on the newer map of another: it would weigh twice."""
        found: dict[str, dict[str, int]] = {code: {} for code in self._shown}
        areas = Area.objects.neighbourhoods().filter(municipality__in=self._shown).order_by()
        if len(self._shown) > 500:  # more names than a database takes in one question
            areas = Area.objects.neighbourhoods().order_by()
        for pk, code, municipality, year in areas.values_list("pk", "code", "municipality", "year").iterator():
            if self._shown.get(municipality) == year:
                found[municipality][code] = pk
        return {
            municipality: codes
            for municipality, codes in found.items()
            if municipality == self._only
            or 2 * sum(self._lineage.lives_on(code, self._shown[municipality]) for code in codes) <= len(codes)
        }

    def editions(self) -> list[Computed]:
        return [edition for choice in self._choices for edition in self._of_choice(choice)]

    def _of_choice(self, choice: Choice) -> list[Computed]:
        households = _Households(choice.year_to, self._lineage)
        buurten, notes = [], {}
        for municipality, areas in self._areas.items():
            absent = self._absent(choice, municipality)
            for code in areas:
                start, end = self._figures(choice, code)
                blocked = absent or start.blocked or end.blocked
                known = end.values.get("households")
                if known is None and not blocked:
                    known = households.nearest(code)
                of_itself = start.of_itself and end.of_itself
                buurten.append(Buurt(code, municipality, start.values, end.values, known, blocked, of_itself))
                if not (of_itself or blocked):
                    found = [(choice.year_from, start), (choice.year_to, end)]
                    notes[code] = describe(found, self._names, self._shown[municipality])[:255]
        outcomes = compute(buurten, film=choice.is_film, relative=choice.reference == Reference.MUNICIPALITY)
        basis = {
            "buurten": sum(buurt.weighs and counts(buurt, RECIPE) for buurt in buurten),
            "municipalities": len(self._areas),
        }
        return [
            Computed(
                self._edition(choice, municipality, basis),
                [_signal(pk, outcomes[code], notes.get(code, "")) for code, pk in self._areas[municipality].items()],
            )
            for municipality in ([self._only] if self._only else sorted(self._areas))
        ]

    def _figures(self, choice: Choice, code: str) -> tuple[Found, Found]:
        """What the recipe takes for the start and for the end; of a foto both are one."""
        if choice.is_film:
            start, end = self._places.pair(code, choice.year_from, choice.year_to)
            return start.beside(self._places.scores(code, choice.year_from)), self._with_scores(end, code, choice)
        both = self._with_scores(self._places.residents(code, choice.year_from), code, choice)
        return both, both

    def _with_scores(self, residents: Found, code: str, choice: Choice) -> Found:
        return residents.beside(self._places.scores(code, choice.year_to))

    def _absent(self, choice: Choice, municipality: str) -> str:
        years = sorted({choice.year_from, choice.year_to})
        absent = [str(year) for year in years if (municipality, year) not in self._known]
        return f"van {' en '.join(absent)} zijn geen cijfers ingelezen" if absent else ""

    def _edition(self, choice: Choice, municipality: str, basis: dict) -> SignalMap:
        years = (choice.year_from, choice.year_to)
        return SignalMap(
            municipality=municipality,
            mode=choice.mode,
            year_from=choice.year_from,
            year_to=choice.year_to,
            reference=choice.reference,
            division=self._shown[municipality],
            recipe_version=RECIPE.version,
            recipe=self._recipe,
            basis=basis,
            imports=self._last_import,
            sources=sorted({source for year in years for source in self._sources.get((municipality, year), ())}),
            fictional=self._fictional,
        )


_INDICATORS = frozenset(RECIPE.indicators)


def _names(municipalities: Iterable[str]) -> dict[int, dict[str, str]]:
    """By division; only asked where there are several: elsewhere every buurt is itself."""
    municipalities = list(municipalities)
    found: dict[int, dict[str, str]] = {}
    areas = Area.objects.neighbourhoods().order_by().values_list("year", "code", "name")
    for year, code, name in areas.iterator() if municipalities else ():
        found.setdefault(year, {})[code] = name
    return found


class _Households:
    """Of the year, else of the nearest year that has a number for the same place; of two equally near the later one.
    Only read when the year itself has none."""

    def __init__(self, year: int, lineage: Lineage):
        self._year, self._lineage = year, lineage

    @cached_property
    def _years(self) -> list[int]:
        years = {row.year for row in self._rows}
        return sorted(years, key=lambda year: (abs(year - self._year), -year))

    @cached_property
    def _rows(self) -> list[Row]:
        found = Observation.objects.filter(values__has_key="households").order_by("dataset_id")
        columns = ("area_code", "year", "dataset__kind", "dataset_id", "values__households")
        return [Row(*row, {"households": value}) for *row, value in found.values_list(*columns).iterator()]

    @cached_property
    def _places(self) -> Places:
        return Places(self._rows, self._lineage)

    def nearest(self, code: str) -> float | None:
        for year in self._years:
            found = self._places.residents(code, year)
            if len(found.frame) == 1 and "households" in found.values:
                return found.values["households"]
        return None


def _sources(years, lineage: Lineage) -> dict[tuple[str, int], set[str]]:
    """(municipality, year) -> sources of the figures of these years, as printed under a map."""
    rows = (
        Observation.objects.in_years(*years)
        .exclude(dataset__kind=Dataset.Kind.CRIMES)  # shown beside the signal, never in it
        .annotate(digits=Substr("area_code", 3, 4))
        .order_by()
        .values_list("digits", "year", "dataset__source", "dataset__licence")
        .distinct()
    )
    origins = defaultdict(set)  # a municipality of then -> on whose map its land is
    for code in lineage.elsewhere:
        origins[municipality_of(code)] |= lineage.maps_of(code)
    found = defaultdict(set)
    for digits, year, source, licence in rows:
        for municipality in {f"GM{digits}"} | origins[f"GM{digits}"]:
            found[municipality, year].add(f"{source} ({licence})" if licence else source)
    return found


def _signal(area: int, outcome, note: str) -> tuple:
    return (
        area,
        outcome.composition,
        outcome.problems,
        str(outcome.signal_class),
        [str(key) for key in outcome.neighbours],
        outcome.reason[:255],
        note,
        [measured.as_dict() for measured in outcome.inputs],
    )
