"""The signal of a buurt at the session that is looked back on, beside the one of now."""

from collections import defaultdict
from dataclasses import dataclass

from maps.continuing import became
from maps.models import Area, Signal, SignalMap
from maps.style import STYLES, ClassStyle
from matrix.models import Workshop


@dataclass(frozen=True)
class Seen:
    """What one edition says of one buurt."""

    style: ClassStyle
    composition: float | None
    problems: float | None
    years: str
    borderline: bool
    name: str  # of the buurt in that edition


@dataclass(frozen=True)
class ThenAndNow:
    """`then` holds several where buurten became one, none without an earlier session. `told`: why the two cannot simply
    be laid side by side; empty when they can."""

    area: Area
    then: tuple[Seen, ...]
    now: Seen | None
    told: str

    @property
    def is_one(self) -> bool:
        """Both sessions see the very same signal: saying it once is enough."""
        return self.then == (self.now,)


def then_and_now(workshop: Workshop) -> dict[int, ThenAndNow]:
    """Area pk -> its signals, of all buurten of the session; a fixed number of queries."""
    areas = [sheet.area for sheet in workshop.workshop_areas.select_related("area").defer("area__geometry")]
    now = _seen(workshop.signal_map, [area.code for area in areas])
    earlier = workshop.follows
    if earlier is None:
        return {area.pk: ThenAndNow(area, (), now.get(area.code), "") for area in areas}
    codes = list(earlier.workshop_areas.values_list("area__code", flat=True))
    before = _seen(earlier.signal_map, codes)
    stood, told = _stood(earlier.signal_map, workshop.signal_map, codes)
    differs = not_comparable(earlier.signal_map, workshop.signal_map)
    return {
        area.pk: ThenAndNow(
            area, tuple(before[code] for code in stood[area.code] if code in before), now.get(area.code),
            " ".join(filter(None, [told.get(area.code, ""), differs])),
        )
        for area in areas
    }  # fmt: skip


def _stood(then: SignalMap, now: SignalMap, codes) -> tuple[dict[str, list[str]], dict[str, str]]:
    """Code of now -> codes of then; and what to say of it."""
    stood, told = defaultdict(list), {}
    for old, found in became(now.municipality, then.division, now.division, codes).items():
        for code in found.codes:
            stood[code].append(old)
            if found.told:
                told[code] = found.told
    return stood, told


def not_comparable(then: SignalMap, now: SignalMap) -> str:
    """Of the two editions as such."""
    if then.pk == now.pk:
        return "Beide sessies werkten met dezelfde kaart, dus het signaal is hetzelfde."
    if then.mode != now.mode:
        return "Toen een film en nu een foto, of andersom: niet te vergelijken."
    if then.reference != now.reference:
        return f"Toen {then.comparison}, nu {now.comparison}: niet zomaar te vergelijken."
    if then.recipe_version != now.recipe_version:
        return f"Anders uitgerekend (recept {then.recipe_version} en {now.recipe_version}): niet zomaar te vergelijken."
    return ""


def _seen(edition: SignalMap, codes) -> dict[str, Seen]:
    found = Signal.objects.of(edition).filter(area__code__in=codes).select_related("area")
    return {
        signal.area.code: Seen(
            STYLES[signal.signal_class], signal.composition, signal.problems, edition.years, signal.borderline,
            signal.area.name,
        )
        for signal in found.defer("area__geometry", "inputs")
    }  # fmt: skip
