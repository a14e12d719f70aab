"""Which maps can be chosen: years from what was imported, and what to say of a choice that the figures cannot carry."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

from django.core.cache import cache

from maps.computing import Choice, Mode, Reference, last_import
from maps.models import Observation
from maps.places import observations_of
from maps.recipe import RECIPE

Have = frozenset[tuple[str, int]]  # (input, number of the series): what a year has figures of

FILM, FOTO = "film", "foto"
REFERENCES = {"gemeente": Reference.MUNICIPALITY, "nederland": Reference.COUNTRY}
REFERENCE_NAMES = {value: name for name, value in REFERENCES.items()}
YEARS = {Mode.FILM: ("van", "tot"), Mode.FOTO: ("bewoners", "overlast")}  # as an address names them
USUAL_SPAN = 6  # years, as in 2012–2018 and 2014–2020: what a film shows when nobody chose


@dataclass(frozen=True)
class Year:
    """What one year has to offer to the recipe."""

    year: int
    have: Have

    @property
    def inputs(self) -> int:
        return len({key for key, _ in self.have} - {RECIPE.problems.key})

    @property
    def residents(self) -> bool:
        return self.inputs >= RECIPE.min_inputs

    @property
    def nuisance(self) -> bool:
        return any(key == RECIPE.problems.key for key, _ in self.have)

    @property
    def label(self) -> str:
        """As it stands in a list of years."""
        if self.residents and self.nuisance:
            return str(self.year)
        if self.residents:
            return f"{self.year} (alleen bewoners)"
        return f"{self.year} (alleen overlast)" if self.nuisance else f"{self.year} (te weinig cijfers)"


@dataclass(frozen=True)
class Offer:
    """The years of one municipality, oldest first, and the choices that they carry."""

    years: tuple[Year, ...]

    @property
    def by_year(self) -> Mapping[int, Year]:
        return {year.year: year for year in self.years}

    @property
    def with_residents(self) -> list[int]:
        return [year.year for year in self.years if year.residents]

    @property
    def with_nuisance(self) -> list[int]:
        return [year.year for year in self.years if year.nuisance]

    @property
    def films(self) -> list[tuple[int, int]]:
        return [(a.year, b.year) for a, b in combinations(self.years, 2) if not _film_lacks(a, b)]

    def default(self, mode: str, reference: str = Reference.MUNICIPALITY) -> Choice | None:
        """What the page shows when nobody chose: the latest that the figures carry, else the latest there is."""
        if not self.years:
            return None
        if mode == Mode.FILM:
            return self._default_film(reference)
        last = [self.years[-1].year]
        residents, nuisance = (self.with_residents or last)[-1], self.with_nuisance or last
        return Choice(Mode.FOTO, residents, residents if residents in nuisance else nuisance[-1], reference)

    def _default_film(self, reference: str) -> Choice | None:
        if films := self.films:
            last = max(end for _, end in films)
            first = min((a for a, b in films if b == last), key=lambda year: (abs(last - year - USUAL_SPAN), year))
            return Choice(Mode.FILM, first, last, reference)
        if len(self.years) > 1:
            return Choice(Mode.FILM, self.years[-2].year, self.years[-1].year, reference)
        return None

    def objection(self, choice: Choice) -> str:
        """Why the figures cannot carry this choice; empty when they do. In Dutch; `instead` says which they can."""
        first, last = self.by_year.get(choice.year_from), self.by_year.get(choice.year_to)
        if first is None or last is None:
            absent = choice.year_from if first is None else choice.year_to
            return f"Van {absent} zijn er geen cijfers."
        if choice.is_film:
            if choice.year_from >= choice.year_to:
                return "Kies bij ‘van’ een eerder jaar dan bij ‘tot’."
            return _film_lacks(first, last)
        lacks = [] if first.residents else [_few(first.inputs, f"in {first.year}")]
        if not last.nuisance:
            lacks.append(_no_score([last]))
        return " ".join(lacks)

    def instead(self, choice: Choice, *, at_most: int = 4) -> list[Choice]:
        """Choices of the same kind that the figures do carry, the nearest years first."""
        if choice.is_film:
            pairs = self.films
        else:
            nuisance = self.with_nuisance
            pairs = [(a, min(nuisance, key=lambda b: (abs(b - a), -b))) for a in self.with_residents if nuisance]
        first, last = choice.year_from, choice.year_to
        if choice.is_film:
            first, last = min(first, last), max(first, last)  # years swapped: most likely that is what was meant
        distance = lambda pair: abs(pair[0] - first) + abs(pair[1] - last)  # noqa: E731
        nearest = sorted(pairs, key=lambda pair: (distance(pair), -pair[1]))[:at_most]
        return [Choice(choice.mode, a, b, choice.reference) for a, b in nearest]


def _film_lacks(first: Year, last: Year) -> str:
    """Each input needs one and the same column in both years."""
    common = first.have & last.have
    inputs = len({key for key, _ in common} - {RECIPE.problems.key})
    lacks = []
    if inputs < RECIPE.min_inputs:
        lacks.append(_few(inputs, f"zowel in {first.year} als in {last.year}"))
    if without := [year for year in (first, last) if not year.nuisance]:
        lacks.append(_no_score(without))
    return " ".join(lacks)


def _no_score(years: list[Year]) -> str:
    return f"In {' en '.join(str(year.year) for year in years)} is er geen score voor overlast en onveiligheid."


def _few(inputs: int, where: str) -> str:
    has = {0: "is er geen enkel", 1: "is er 1"}.get(inputs, f"zijn er {inputs}")
    return f"Van de {len(RECIPE.composition)} cijfers over bewoners {has} {where}; {RECIPE.min_inputs} zijn nodig."


def offer(municipality: str) -> Offer:
    """One query over all figures of the land of the municipality; remembered until the next import."""
    key = f"offer:{municipality}:{last_import()}"
    if (found := cache.get(key)) is None:
        rows = observations_of(municipality).values_list("year", "values")
        found = offer_from(rows.iterator(chunk_size=2000))
        cache.set(key, found, 3600)
    return found


def usual_foto(reference: str) -> Choice | None:
    """The foto that most municipalities can show. What is made up has no say where anything real was imported."""
    observations = Observation.objects.filter(dataset__fictional=False)
    if not observations.exists():
        observations = Observation.objects.all()
    rows: dict[str, dict[int, set[str]]] = {}
    for code, year, values in observations.values_list("area_code", "year", "values").iterator(chunk_size=5000):
        rows.setdefault(code[2:6], {}).setdefault(year, set()).update(values)
    offers = (_offer_of(known) for known in rows.values())
    fotos = Counter(foto for offered in offers if (foto := offered.default(Mode.FOTO, reference)))
    return max(fotos, key=lambda foto: (fotos[foto], foto.year_to), default=None)


def offer_from(rows) -> Offer:
    """`rows`: (year, {indicator: value}) of every buurt."""
    keys: dict[int, set[str]] = {}
    for year, values in rows:
        keys.setdefault(year, set()).update(values)
    return _offer_of(keys)


def _offer_of(keys: Mapping[int, set[str]]) -> Offer:
    """`keys`: year -> the indicators that any buurt has then."""
    years = []
    for year, known in sorted(keys.items()):
        have = frozenset(
            (input_.key, number)
            for input_ in RECIPE.inputs
            for number, series in enumerate(input_.choices)
            if series.indicator in known and (not series.per_1000 or "inhabitants" in known)
        )
        if have:
            years.append(Year(year, have))
    return Offer(tuple(years))


# --- the address ---


@dataclass(frozen=True)
class Asked:
    """What an address asks for: a choice, or what is wrong with it (`objection`) and the nearest that can be shown."""

    choice: Choice | None
    objection: str = ""
    instead: tuple[Choice, ...] = ()


def from_query(query: Mapping[str, str], offered: Offer) -> Asked:
    """`kaart=film&van=2018&tot=2022&met=gemeente` or `kaart=foto&bewoners=2021&overlast=2024&met=nederland`; what is
    absent is chosen for you."""
    mode = Mode.FOTO if query.get("kaart") == FOTO else Mode.FILM
    reference = REFERENCES.get(query.get("met", ""), Reference.MUNICIPALITY)
    default = offered.default(mode, reference)
    given = [query.get(name, "") for name in YEARS[mode]]
    wrong = [text for text in given if text and not (text.isascii() and text.isdecimal() and len(text) == 4)]
    if wrong:
        return Asked(default, f"«{wrong[0][:20]}» is geen jaartal. Kies een jaar uit de lijst.")
    if default is None and not any(given):
        return Asked(None)
    known = (default.year_from, default.year_to) if default else (0, 0)
    first, last = (int(text) if text else year for text, year in zip(given, known, strict=True))
    choice = Choice(mode, first, last, reference)
    objection = offered.objection(choice)
    instead = tuple(offered.instead(choice)) if objection else ()
    possible = first in offered.by_year and last in offered.by_year and (mode == Mode.FOTO or first < last)
    return Asked(choice if possible else default, objection, instead)


def as_query(choice: Choice) -> dict[str, str]:
    first, last = YEARS[choice.mode]
    return {
        "kaart": FILM if choice.is_film else FOTO,
        first: str(choice.year_from),
        last: str(choice.year_to),
        "met": REFERENCE_NAMES[choice.reference],
    }
