"""Computed editions of the map into the database, beside those that sessions began with. The only writer of SignalMap
and Signal; always inside the transaction of the caller."""

from dataclasses import dataclass, field

from django.utils import timezone

from maps.bulk import as_json, insert
from maps.in_use import used_elsewhere
from maps.models import Signal, SignalMap

EDITION = ("municipality", "mode", "year_from", "year_to", "reference")  # what names an edition


@dataclass
class Computed:
    edition: SignalMap
    signals: list[tuple] = field(repr=False)  # as SIGNAL_COLUMNS, without the edition


SIGNAL_COLUMNS = (
    "signal_map", "area", "composition", "problems", "signal_class", "neighbours", "reason", "note", "inputs",
)  # fmt: skip


def store(computed: list[Computed]) -> list[SignalMap]:
    """Store new editions beside the old ones. A session keeps the edition that it started with, and its foto; one that
    nobody uses any more is removed, and one that would be the same stays."""
    before = _before(computed)
    stored: dict[tuple, SignalMap] = {}
    for films in (False, True):  # fotos first: a film points to the one at its end
        _store([one for one in computed if one.edition.is_film == films], before, stored)
    _remove_unused()
    return [stored[_name(one.edition)] for one in computed]


def _store(computed: list[Computed], before: dict[tuple, Computed], stored: dict[tuple, SignalMap]) -> None:
    """Adds to `stored`, by name. All at once: the country has hundreds."""
    new, same, old = [], [], []
    for one in computed:
        name = _name(one.edition)
        foto, earlier = stored.get(_foto_of(one.edition)), before.get(name)
        if earlier and _is_same(earlier, one, foto):
            earlier.edition.imports = one.edition.imports
            same.append(earlier.edition)
            stored[name] = earlier.edition
        else:
            new.append(one)
            old += [earlier.edition.pk] if earlier else []
            stored[name] = one.edition
        if one.edition.is_film and foto and stored[name].foto_id != foto.pk:
            stored[name].foto = foto
            SignalMap.objects.filter(pk=stored[name].pk).update(foto=foto)  # of a new one it is stored below
    if same:
        known = {"imports": same[0].imports, "computed_at": timezone.now()}
        SignalMap.objects.filter(pk__in=[edition.pk for edition in same]).update(**known)
    SignalMap.objects.filter(pk__in=old).update(superseded=True)
    SignalMap.objects.bulk_create(one.edition for one in new)
    insert(Signal, SIGNAL_COLUMNS, (_as_row(one.edition, signal) for one in new for signal in one.signals))


def _as_row(edition: SignalMap, signal: tuple) -> tuple:
    named = zip(SIGNAL_COLUMNS, (edition.pk, *signal), strict=True)
    return tuple(as_json(value) if name in ("neighbours", "inputs") else value for name, value in named)


def _foto_of(film: SignalMap) -> tuple:
    """A session that switches from film to foto sees the level at its end, computed with it."""
    return (film.municipality, SignalMap.Mode.FOTO, film.year_to, film.year_to, film.reference)


def _is_same(earlier: Computed, now: Computed, foto: SignalMap | None) -> bool:
    """Also with the same foto: a film that got another one would change under a session."""
    keeps_foto = foto is None or earlier.edition.foto_id in (None, foto.pk)
    return keeps_foto and _content(earlier.edition, earlier.signals) == _content(now.edition, now.signals)


def _remove_unused() -> None:
    """Superseded editions that no session began with, nor shows as the foto of its film."""
    old = set(SignalMap.objects.filter(superseded=True).values_list("pk", flat=True))
    unused = old - used_elsewhere(SignalMap, old)
    SignalMap.objects.filter(pk__in=unused, mode=SignalMap.Mode.FILM).delete()
    SignalMap.objects.filter(pk__in=unused, films=None).delete()


def _name(edition: SignalMap) -> tuple:
    return tuple(getattr(edition, name) for name in EDITION)


def _before(computed: list[Computed]) -> dict[tuple, Computed]:
    """The current editions of the same names, with their signals."""
    modes = {one.edition.mode for one in computed}
    years = {one.edition.year_to for one in computed}
    current = SignalMap.objects.current().filter(mode__in=modes, year_to__in=years)
    if len({one.edition.municipality for one in computed}) == 1:
        current = current.of_municipality(computed[0].edition.municipality)
    names = {_name(one.edition) for one in computed}
    found = {edition.pk: Computed(edition, []) for edition in current if _name(edition) in names}
    if found:
        columns = ["signal_map_id"] + [f"{name}_id" if name == "area" else name for name in SIGNAL_COLUMNS[1:]]
        signals = Signal.objects.filter(signal_map__in=current).order_by()
        for pk, *signal in signals.values_list(*columns).iterator():
            if pk in found:
                found[pk].signals.append(tuple(signal))
    return {_name(one.edition): one for one in found.values()}


def _content(edition: SignalMap, signals: list[tuple]) -> tuple:
    """What makes an edition the same as another: everything but its key and its moment."""
    named = (edition.division, edition.recipe_version, edition.basis, edition.sources)
    return *named, sorted(signals, key=lambda signal: signal[0])
