"""The country before a municipality: which were imported, and how many of their buurten stand out.

Municipalities are only put beside each other on one scale: the foto against the Netherlands. A film against the own
municipality says nothing about another one.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Max, QuerySet

from maps.arranging import sort_from
from maps.classification import FotoClass, SignalClass
from maps.computing import Mode, Reference
from maps.models import Area, Signal, SignalMap

DOUBLE = FotoClass.DOUBLE_PRESSURE


@dataclass(frozen=True)
class Level:
    """A step of the colours on the map of the country: the share of buurten with double pressure."""

    key: str
    label: str
    fill: str
    least: float  # share of the buurten with a class, from here


# One hue, darker is more; in greyscale they keep their order. Without a figure: the hatch of every map.
LEVELS = (
    Level("veel", "een op de vijf of meer", "#5b1e52", 0.2),
    Level("wat", "een op de tien of meer", "#a25f98", 0.1),
    Level("weinig", "minder", "#dcbfd8", 1e-9),
    Level("geen", "geen enkele", "#f7f4f0", 0),
)
UNKNOWN = Level("onbekend", "niet berekend of te weinig gegevens", "#ffffff", -1)


@dataclass(frozen=True)
class Municipality:
    code: str
    name: str
    buurten: int
    counts: Mapping[str, int]  # class -> buurten, of the edition that is shown

    @property
    def known(self) -> int:
        return sum(count for key, count in self.counts.items() if key != SignalClass.INSUFFICIENT_DATA)

    @property
    def double(self) -> int:
        return self.counts.get(DOUBLE, 0)

    @property
    def share(self) -> float | None:
        return self.double / self.known if self.known else None

    @property
    def level(self) -> Level:
        return UNKNOWN if self.share is None else next(level for level in LEVELS if self.share >= level.least)


SORTS = {
    "naam": lambda m: m.name.casefold(),
    "buurten": lambda m: m.buurten,
    "aandeel": lambda m: -1 if m.share is None else m.share,
}


@dataclass(frozen=True)
class Overview:
    municipalities: list[Municipality]  # those that match, in order
    total: int
    edition: SignalMap | None  # any of those that the counts are of
    sources: list[str]
    words: str
    sort: str
    descending: bool

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Overview":
        words = " ".join(query.get("zoek", "")[:100].split())
        sort, descending = sort_from(query, SORTS)
        every, edition, sources = _municipalities()
        chosen = [m for m in every if words.casefold() in m.name.casefold() or words.upper() == m.code]
        chosen.sort(key=SORTS["naam"])
        chosen.sort(key=SORTS[sort], reverse=descending)
        return cls(chosen, len(every), edition, sources, words, sort, descending)

    @staticmethod
    def areas() -> QuerySet[Area]:
        """The municipalities of the newest division that has outlines of them."""
        drawn = Area.objects.municipalities().exclude(geometry="")
        newest = drawn.aggregate(year=Max("year"))["year"]
        return drawn.in_division(newest)

    @cached_property
    def has_map(self) -> bool:
        """A map of one or two municipalities tells nothing that their names do not."""
        return self.areas().count() > 2

    @property
    def legend(self) -> list[tuple[Level, int]]:
        counts = Counter(m.level for m in self.municipalities)
        return [(level, counts[level]) for level in (*LEVELS, UNKNOWN)]

    @property
    def values(self) -> dict:
        """For the map: {code: [level, name, double, known]}."""
        return {m.code: [m.level.key, m.name, m.double, m.known] for m in self.municipalities}

    @property
    def levels(self) -> tuple[Level, ...]:
        return (*LEVELS, UNKNOWN)


def _municipalities() -> tuple[list[Municipality], SignalMap | None, list[str]]:
    buurten = Area.objects.neighbourhoods().order_by().values_list("municipality", "year").annotate(n=Count("pk"))
    newest: dict[str, tuple[int, int]] = {}
    for code, year, count in buurten:
        newest[code] = max(newest.get(code, (0, 0)), (year, count))
    names = dict(Area.objects.municipalities().order_by("year").values_list("code", "name"))
    edition = _edition_of_most()
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    sources: set[str] = set()
    if edition:
        same = SignalMap.objects.current().filter(
            mode=edition.mode, reference=edition.reference, year_from=edition.year_from, year_to=edition.year_to,
            fictional=edition.fictional,
        )  # fmt: skip
        rows = (
            Signal.objects.filter(signal_map__in=same)
            .order_by()
            .values_list("signal_map__municipality", "signal_class")
        )
        for code, key, count in rows.annotate(n=Count("pk")):
            counts[code][key] = count
        sources = {source for found in same.values_list("sources", flat=True) for source in found}
    found = [Municipality(code, name, newest.get(code, (0, 0))[1], counts[code]) for code, name in names.items()]
    return found, edition, sorted(sources)


def _edition_of_most() -> SignalMap | None:
    """The foto against the Netherlands that most municipalities have; of equals the newest."""
    fotos = SignalMap.objects.current().filter(mode=Mode.FOTO, reference=Reference.COUNTRY).order_by()
    named = ("year_from", "year_to", "fictional")
    order = ("fictional", "-n", "-year_to", "-year_from")  # what is real first
    most = fotos.values(*named).annotate(n=Count("pk")).order_by(*order).first()
    return most and fotos.filter(**{name: most[name] for name in named}).first()
