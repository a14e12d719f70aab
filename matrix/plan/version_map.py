"""The signal map that a version rests on. What it says of each buurt comes from the version; an edition of the map is
looked up for the shapes, and only one that says of every buurt the very same will do: an edition is never rewritten.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from maps.models import Area, Signal, SignalMap
from maps.style import STYLES, styles
from maps.svgmap import MapArea, signal_map_svg
from matrix.models import Workshop
from matrix.plan.canonical import signal_said
from matrix.plan.joint import map_height, map_words
from matrix.plan.parts import LegendLine

GONE = (
    "De kaart staat er niet bij. De editie van de signaleringskaart waarop deze versie rust, zit niet meer in dit "
    "programma. Wat zij van elke buurt zei, is met de versie bewaard en staat bij de buurten."
)
NO_SHAPES = "De kaart staat er niet bij: van deze buurten is geen kaart ingelezen. Hun signaal staat bij de buurten."


@dataclass(frozen=True)
class MapEdition:
    """Which map this is, as the version names it."""

    film: bool
    years: str
    reference: str
    recipe_version: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class VersionMap:
    edition: MapEdition
    drawn: SafeString
    missing: str  # why there is no map
    hides: bool  # buurten of which this form does not tell the class
    legend: tuple[LegendLine, ...]


def map_of(workshop: Workshop, content: dict, shown: dict) -> VersionMap:
    """`shown`: the content, or what of it may go on to others; the map says no more than that."""
    named = content["edition"]
    as_then = SignalMap(**{name: named[name] for name in ("mode", "year_from", "year_to", "reference")})
    edition = MapEdition(
        as_then.is_film, as_then.years, as_then.comparison, named["recipe_version"], tuple(named["sources"])
    )
    classes = {buurt["code"]: buurt["signal"].get("class", "insufficient_data") for buurt in shown["buurten"]}
    counts = Counter(classes.values())
    legend = tuple(LegendLine(style, counts[style.key], 0) for style in styles(film=as_then.is_film))
    hides = any(buurt.get("few_households") for buurt in shown["buurten"])
    found = _edition(workshop, content)
    if found is None or not classes.keys() or not set(classes.values()) <= STYLES.keys():
        return VersionMap(edition, SafeString(), GONE, hides, legend)
    drawn = signal_map_svg(
        _areas(found, content, shown), width_mm=166, prefix="plan-kaart",
        max_height_mm=map_height([buurt["name"] for buurt in shown["buurten"]]),
        title=_in_words(named["municipality"], edition, shown, legend),
    )  # fmt: skip
    return VersionMap(edition, mark_safe(drawn), NO_SHAPES, hides, legend)


def _edition(workshop, content) -> SignalMap | None:
    """The one of the session itself first; a session that came in a file may have found another."""
    named = content["edition"]
    names = ("mode", "year_from", "year_to", "reference", "division", "recipe_version")
    like_it = SignalMap.objects.of_municipality(workshop.signal_map.municipality).filter(
        **{name: named[name] for name in names}
    )
    said = {buurt["code"]: buurt["signal"] for buurt in content["buurten"]}
    for edition in sorted(like_it, key=lambda one: (one.pk != workshop.signal_map_id, one.pk)):
        signals = Signal.objects.of(edition).filter(area__code__in=said).select_related("area")
        now = {signal.area.code: signal_said(signal) for signal in signals.defer("inputs", "area__geometry")}
        if all(now.get(code, {}) == signal for code, signal in said.items()):
            return edition
    return None


def _areas(edition, content, shown) -> list[MapArea]:
    """Those of the version in its words; around them, pale, the others of that map."""
    said = {buurt["code"]: buurt for buurt in shown["buurten"]}
    here = Area.objects.neighbourhoods().filter(code__in=said, year=content["edition"]["division"])
    around = Area.objects.filter(signals__signal_map=edition).exclude(code__in=said)
    return [
        *(_area(area, said[area.code]) for area in here.order_by("name", "code")),
        *(_area(area, None) for area in around.order_by("name", "code")),
    ]


def _area(area: Area, buurt: dict | None) -> MapArea:
    signal = buurt["signal"] if buurt else {}
    return MapArea(
        area.code,
        buurt["name"] if buurt else area.name,
        area.geometry,
        STYLES[signal.get("class", "insufficient_data")] if buurt else None,
        (area.label_x, area.label_y),
        signal.get("borderline", False),
    )


def _in_words(municipality, edition, shown, legend) -> str:
    by_class = defaultdict(list)
    for buurt in shown["buurten"]:
        if buurt["signal"]:
            by_class[buurt["signal"]["class"]].append(buurt["name"])
    return map_words(municipality, edition.years, [line.style for line in legend], by_class)
