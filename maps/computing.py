"""From stored figures to stored signals: fetch, hand to the recipe, store. The only writer of SignalMap and Signal."""

import contextlib
from itertools import groupby

from django.db import transaction
from django.db.models import ProtectedError

from maps.models import Area, Dataset, Observation, Signal, SignalMap
from maps.recipe import RECIPE, Buurt, compute, counts

Reference, Mode = SignalMap.Reference, SignalMap.Mode
EDITION = ("municipality", "mode", "year_from", "year_to", "reference")  # what names an edition


class CannotCompute(Exception):
    """Says in Dutch what is missing and what to do."""


def divisions(**only) -> dict[str, list[int]]:
    """Municipality code -> the years of which its buurten were imported, newest first."""
    rows = (
        Area.objects.neighbourhoods()
        .filter(**only)
        .order_by("municipality", "-year")
        .values_list("municipality", "year")
        .distinct()
    )
    return {code: [year for _, year in group] for code, group in groupby(rows, key=lambda row: row[0])}


def years_with_figures(municipality: str | None = None) -> list[int]:
    """Years of which at least one figure of the recipe was imported."""
    figures = Observation.objects.filter(values__has_any_keys=RECIPE.indicators)
    if municipality:
        figures = figures.in_municipality(municipality)
    return sorted(figures.values_list("year", flat=True).distinct())


def compute_signals(
    *, year_from: int, year_to: int, reference: str = Reference.MUNICIPALITY, municipality: str | None = None
) -> list[SignalMap]:
    """Compute the film of both years and the foto of the last, for one municipality or all that were imported.

    A session keeps the edition that it began with. Raises CannotCompute with nothing stored.
    """
    if year_from >= year_to:
        raise CannotCompute(f"Het eerste jaar ({year_from}) moet vóór het laatste jaar ({year_to}) liggen.")
    # What is made up never weighs in the scale of what is real, nor the other way round.
    worlds = [divisions(dataset__fictional=fictional) for fictional in (False, True)]
    if municipality:
        worlds = [world for world in worlds if municipality in world]
        if not worlds:
            raise CannotCompute(
                f"Van gemeente {municipality} zijn nog geen buurten ingelezen. Lees eerst de Wijk- en Buurtkaart in."
            )
        _require_years(year_from, year_to, municipality)
    elif not any(worlds):
        raise CannotCompute("Er zijn nog geen buurten ingelezen. Lees eerst de Wijk- en Buurtkaart in.")
    else:
        _require_years(year_from, year_to)
    # All reading and arithmetic first: a write lock would keep every session of this installation waiting.
    computed = [
        result
        for world in worlds
        if world
        for result in _compute_world(world, year_from, year_to, reference, [municipality] if municipality else world)
    ]
    with transaction.atomic():
        return [_store(*result) for result in computed]


def _compute_world(available, year_from, year_to, reference, chosen) -> list[tuple[SignalMap, list[Signal]]]:
    """Editions with their signals, not stored yet."""
    areas = _areas(available)
    buurten = _buurten(areas, available, year_from, year_to)
    basis = {"buurten": sum(counts(b, RECIPE) for b in buurten), "municipalities": len(available)}
    computed = []
    for mode in (Mode.FILM, Mode.FOTO):
        film = mode == Mode.FILM
        outcomes = compute(
            (b if film else _as_foto(b) for b in buurten), film=film, relative=reference == Reference.MUNICIPALITY
        )
        for code in sorted(chosen):
            first = next(iter(areas[code].values()))
            edition = SignalMap(
                municipality=code,
                mode=mode,
                year_from=year_from if film else year_to,
                year_to=year_to,
                reference=reference,
                division=first.year,
                recipe_version=RECIPE.version,
                recipe=RECIPE.as_dict(),
                basis=basis,
                sources=_sources(code, {year_from, year_to} if film else {year_to}),
                fictional=first.dataset.fictional,
            )
            computed.append((edition, [_signal(edition, area, outcomes[c]) for c, area in areas[code].items()]))
    return computed


FIRST_YEAR = 1995  # nothing that we read is older


def _require_years(year_from, year_to, municipality=None):
    """One of the two is enough: without the other the film says of every buurt what is missing, and the foto stands."""
    present = years_with_figures(municipality)
    absent = [str(year) for year in (year_from, year_to) if year not in present]
    if len(absent) == 2 or year_from < FIRST_YEAR:
        raise CannotCompute(
            f"Van {' en '.join(absent)} zijn geen cijfers ingelezen{f' voor {municipality}' if municipality else ''}. "
            f"Wel van: {', '.join(map(str, present)) or 'geen enkel jaar'}."
        )


def _areas(available) -> dict[str, dict[str, Area]]:
    """Municipality -> buurt code -> Area of its newest division: the map that is shown."""
    found: dict[str, dict[str, Area]] = {code: {} for code in available}
    for area in Area.objects.neighbourhoods().select_related("dataset").defer("geometry"):
        if area.municipality in available and area.year == available[area.municipality][0]:
            found[area.municipality][area.code] = area
    return found


def _buurten(areas, available, year_from, year_to) -> list[Buurt]:
    figures = merged_figures(years=(year_from, year_to))
    households = _households(year_to)
    blocked = _blocked(available, year_from)
    known = {
        (code[2:6], year) for (code, year), values in figures.items() if not values.keys().isdisjoint(RECIPE.indicators)
    }
    for municipality, by_code in areas.items():
        if absent := [str(year) for year in (year_from, year_to) if (municipality[2:], year) not in known]:
            blocked |= dict.fromkeys(by_code, f"van {' en '.join(absent)} zijn geen cijfers ingelezen")
    return [
        Buurt(
            code=code,
            municipality=municipality,
            start=figures.get((code, year_from), {}),
            end=figures.get((code, year_to), {}),
            households=households.get(code),
            blocked=blocked.get(code, ""),
        )
        for municipality, by_code in areas.items()
        for code in by_code
    ]


def _as_foto(buurt: Buurt) -> Buurt:
    """A level needs one year, so a border that changed before it does not matter."""
    return Buurt(buurt.code, buurt.municipality, buurt.end, buurt.end, buurt.households)


def merged_figures(*, years=None, municipality=None) -> dict[tuple[str, int], dict[str, float]]:
    """(buurt code, year) -> {indicator: value} over all datasets; of two values the later import counts."""
    rows = Observation.objects.all()
    if years is not None:
        rows = rows.in_years(*years)
    if municipality is not None:
        rows = rows.in_municipality(municipality)
    figures: dict[tuple[str, int], dict[str, float]] = {}
    for code, year, values in rows.order_by("dataset_id").values_list("area_code", "year", "values").iterator():
        figures.setdefault((code, year), {}).update(values)
    return figures


def _households(year_to) -> dict[str, float]:
    """Of year_to, else of the nearest year that has a number; of two equally near the later one."""
    found: dict[str, tuple[tuple[int, int], float]] = {}
    rows = (
        Observation.objects.filter(values__has_key="households")
        .order_by("dataset_id")
        .values_list("area_code", "year", "values__households")
    )
    for code, year, value in rows.iterator():
        distance = (abs(year - year_to), -year)
        if code not in found or distance <= found[code][0]:
            found[code] = (distance, value)
    return {code: value for code, (_, value) in found.items()}


def _blocked(available, year_from) -> dict[str, str]:
    """Buurten whose two years are not about the same place, with the reason in Dutch.

    A division after year_from that says so (`indelingswijziging`), up to the one that the map shows; or the shapes
    of the division then and of the one that is shown, when both were imported, do not cover each other.
    """
    return _blocked_by_shape(available, year_from) | _blocked_by_flag(year_from)


def _blocked_by_flag(year_from) -> dict[str, str]:
    words = {Area.Change.RECODED: "kreeg een andere code", Area.Change.BOUNDARY: "kreeg een andere grens"}
    return {
        code: f"de buurt {words[change]} in {year}; cijfers van eerder gaan over een ander gebied dan op de kaart"
        for code, year, change in Area.objects.neighbourhoods()
        .filter(year__gt=year_from, change__in=words)
        .order_by("-year")
        .values_list("code", "year", "change")
    }


def _blocked_by_shape(available, year_from) -> dict[str, str]:
    """A code can point to an entirely different place in another year, so where both shapes are known they decide."""
    from shapely import from_geojson

    blocked = {}
    for municipality, (shown, *older) in available.items():
        then = next((year for year in older if year <= year_from), None)
        if then is None:
            continue
        shapes = {year: {} for year in (shown, then)}
        areas = Area.objects.neighbourhoods().in_municipality(municipality).filter(year__in=shapes)
        for code, year, geometry in areas.values_list("code", "year", "geometry"):
            shapes[year][code] = from_geojson(geometry)
        for code, shape in shapes[shown].items():
            before = shapes[then].get(code)
            if before is None:
                blocked[code] = f"de buurt bestond in {then} nog niet onder deze code"
            elif shape.intersection(before).area < RECIPE.same_area * max(shape.area, before.area):
                blocked[code] = f"de grens van {then} is een andere dan die van {shown}"
    return blocked


def _store(edition: SignalMap, signals: list[Signal]) -> SignalMap:
    """Store a new edition beside the old one. A session keeps the edition that it started with; one that nobody uses
    any more is removed, and one that would be the same stays."""
    before = SignalMap.objects.current().filter(**{key: getattr(edition, key) for key in EDITION}).first()
    if before:
        if _content(before, before.signals.all()) == _content(edition, signals):
            before.save(update_fields=["computed_at"])
            return before
        SignalMap.objects.filter(pk=before.pk).update(superseded=True)
    edition.save()
    Signal.objects.bulk_create(signals)
    if before:
        with contextlib.suppress(ProtectedError), transaction.atomic():
            before.delete()
    return edition


def _content(edition, signals):
    """What makes an edition the same as another: everything but its key and its moment."""
    return (
        [getattr(edition, name) for name in ("division", "recipe_version", "basis", "sources")],
        sorted((s.area_id, s.composition, s.problems, s.signal_class, s.neighbours, s.reason) for s in signals),
    )


def _signal(edition, area, outcome) -> Signal:
    return Signal(
        signal_map=edition,
        area=area,
        composition=outcome.composition,
        problems=outcome.problems,
        signal_class=outcome.signal_class,
        neighbours=outcome.neighbours,
        reason=outcome.reason,
        inputs=[dict(vars(measured)) for measured in outcome.inputs],
    )


def _sources(municipality, years) -> list[str]:
    """The sources of the figures of these years, each once, as printed under a map."""
    rows = (
        Observation.objects.in_municipality(municipality)
        .in_years(*years)
        .exclude(dataset__kind=Dataset.Kind.CRIMES)  # shown beside the signal, never in it
        .values_list("dataset__source", "dataset__licence")
        .distinct()
    )
    return sorted({f"{source} ({licence})" if licence else source for source, licence in rows})
