"""Out of one installation and into another: all of a session, in one transaction, or nothing."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, models, transaction
from django.utils import timezone

from maps.exchange import MapRefused, edition_name, pack, unpack
from maps.models import Area
from matrix import live
from matrix.actions.recording import Refused, in_turn, record
from matrix.exchange import file, following
from matrix.exchange.comparing import Compared, Relation, compare
from matrix.exchange.rows import Arriving, Leaving
from matrix.exchange.tables import TABLES
from matrix.models import Agreement, Organisation, Remark, Workshop, seat_code
from matrix.models.session import beamer_code, workshop_code
from matrix.plan import canonical

WRONG_INSIDE = (
    KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError,
    RecursionError, ValidationError, IntegrityError, DataError,
)  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    workshop: Workshop
    told: str  # what happened, in Dutch


# ---- out ----


def export(workshop: Workshop) -> bytes:
    """All of one moment: nobody writes meanwhile."""
    with in_turn():
        locked = Workshop.objects.select_for_update().get(pk=workshop.pk)
        content = {"session": session_of(locked), "map": pack(locked.signal_map), "follows": following.told(locked)}
        return file.write(content)


def session_of(workshop: Workshop) -> dict:
    """What of it is the same in every installation; so is its fingerprint."""
    areas = Area.objects.filter(municipality=workshop.signal_map.municipality).defer("geometry")
    leaving = Leaving(areas)
    return {
        "workshop": leaving.row(workshop),
        "edition": edition_name(workshop.signal_map),
        **{table.name: leaving.table(table, workshop) for table in TABLES},
    }


# ---- in ----


def take_in(body: bytes, *, facilitator=None, as_copy: bool = False, allowed=lambda workshop: True) -> Outcome:
    """Store the session of a file, or bring the one that is here up to date. `facilitator`: who leads it here;
    `allowed`: may this session that is here be changed? Raises file.BadFile or Refused, and then nothing changed."""
    content = file.read(body)
    try:
        with in_turn():
            return _take_in(content, facilitator, as_copy, allowed)
    except MapRefused as refused:
        raise Refused(str(refused)) from None
    except (models.ProtectedError, models.RestrictedError):
        raise Refused("Deze sessie is hier niet bij te werken. Lees haar in als kopie.") from None
    except WRONG_INSIDE as error:
        raise file.BadFile(f"{file.DAMAGED} (Onverwachte inhoud: {type(error).__name__}.)") from error


def _take_in(content, facilitator, as_copy, allowed) -> Outcome:
    session = content["session"]
    here = Workshop.objects.select_for_update().filter(code=session["workshop"]["code"]).first()
    if here is None or as_copy:
        return _take_in_new(content, facilitator, as_copy)
    if not allowed(here):
        raise Refused("Deze sessie is hier al, en u begeleidt haar niet. Vraag haar begeleider of een beheerder.")
    there = session_of(here)
    compared = compare(there["events"], session["events"])
    if compared.relation == Relation.FILE_AHEAD:
        _require_same_versions(here, session["versions"])
        _store(content, here)
        _lead(here, facilitator)
        transaction.on_commit(live.wake)
        count = f"{compared.file} {'gebeurtenis' if compared.file == 1 else 'gebeurtenissen'}"
        return Outcome(here, f"‘{here}’ is bijgewerkt met {count} uit het bestand.")
    if compared.relation == Relation.HERE_AHEAD:
        return Outcome(here, f"‘{here}’ is hier al verder dan het bestand ({compared.here} gebeurtenissen). "
                             "Er is niets veranderd.")  # fmt: skip
    if compared.relation == Relation.SAME and (compared.looked or file.fingerprint(there) == file.fingerprint(session)):
        following.connect(here, content.get("follows"))
        return Outcome(here, f"‘{here}’ is hier al, precies zo. Er is niets veranderd.")
    raise Refused(_went_apart(here, compared))


def _require_same_versions(here: Workshop, rows) -> None:
    """What was fixed never changes, by a file neither."""
    there = {row["number"]: canonical.fingerprint(row["content"]) for row in rows}
    for number, found in here.versions.values_list("number", "fingerprint"):
        if there.get(number) != found:
            raise Refused(
                f"Versie {number} van het plan is in het bestand een andere dan hier is vastgesteld. Er is niets "
                "veranderd. Lees het bestand in als kopie, dan staan ze naast elkaar."
            )


def _went_apart(here: Workshop, compared: Compared) -> str:
    if compared.since is None:
        told = "heeft hier hetzelfde logboek als in het bestand, maar niet dezelfde inhoud"
    else:
        since = timezone.localtime(compared.since)
        told = (
            f"is op beide plekken verdergegaan sinds {since:%d-%m-%Y %H:%M}: hier {compared.here} en in het bestand "
            f"{compared.file} gebeurtenissen die de ander niet heeft"
        )
    return f"‘{here}’ {told}. Er is niets veranderd. Lees het bestand in als kopie, dan staan ze naast elkaar."


def _take_in_new(content, facilitator, as_copy) -> Outcome:
    if facilitator is None:
        raise Refused("Zeg wie de sessie hier begeleidt: kies een account.")
    workshop = Workshop(code=workshop_code(), beamer_code=beamer_code()) if as_copy else Workshop()
    _store(content, workshop, as_copy=as_copy)
    _lead(workshop, facilitator)
    if as_copy:
        Workshop.objects.filter(pk=workshop.pk).update(revision=workshop.revision + 1)
        workshop.refresh_from_db()
        record(workshop, by=None, what="workshop_copied", summary=f"Ingelezen als kopie: «{workshop}»", subjects=[])
    return Outcome(workshop, f"‘{workshop}’ is ingelezen, met {len(content['session']['organisations'])} organisaties.")


def _lead(workshop, facilitator) -> None:
    if facilitator is not None:
        workshop.facilitators.add(facilitator)


def _store(content: dict, workshop: Workshop, *, as_copy: bool = False) -> None:
    """Make the session what the file says. Rows that are here already keep their keys, so that who sits at the table
    stays there and addresses stay right."""
    session = content["session"]
    unpacked = unpack(content["map"])
    arriving = Arriving(unpacked.areas)
    fresh = arriving.instance(Workshop, session["workshop"])
    fresh.pk, fresh.signal_map, fresh.follows_id = workshop.pk, unpacked.edition, workshop.follows_id
    if as_copy:
        fresh.code, fresh.beamer_code = workshop.code, workshop.beamer_code
        fresh.title = f"{fresh.title[:110]} (kopie)"
    _save(fresh)
    workshop.pk = fresh.pk
    before = {table.name: list(table.rows(workshop)) for table in TABLES}
    _make_room(before["organisations"])
    for table in TABLES:
        there = _There(table, before[table.name])
        arriving.pks[table.name] = pks = []
        for row in session[table.name]:
            instance = arriving.instance(table.model, row)
            if hasattr(instance, "workshop_id"):
                instance.workshop_id = workshop.pk
            if as_copy and table.model is Organisation:
                instance.seat_code = seat_code()
            there.store(instance)
            pks.append(instance.pk)
    _connect(session, arriving)
    for table in reversed(TABLES):
        gone = {instance.pk for instance in before[table.name]} - set(arriving.pks[table.name])
        table.model.objects.filter(pk__in=gone).delete()
    following.connect(workshop, content.get("follows"))
    workshop.refresh_from_db()


def _make_room(organisations) -> None:
    """Names can have changed places meanwhile; for a moment none is taken."""
    for organisation in organisations:
        Organisation.objects.filter(pk=organisation.pk).update(name=f"~{organisation.pk}")


class _There:
    """The rows of one table that are here already. What is the same stays untouched."""

    def __init__(self, table, instances):
        self._table = table
        self._by_name = {name: instance for instance in instances for name in table.named(instance)}
        self._kept = set()

    def store(self, instance) -> None:
        """Under the key of the row that it is, or as a new one."""
        found = (self._by_name.get(name) for name in self._table.named(instance))
        before = next((one for one in found if one and one.pk not in self._kept), None)
        instance.pk = before.pk if before else None
        if before and isinstance(instance, Agreement):
            instance.follows_id = before.follows_id
        if before is None or isinstance(instance, Organisation) or not _is_same(before, instance):
            _save(instance)
        self._kept.add(instance.pk)


def _is_same(before, instance) -> bool:
    fields = [field for field in instance._meta.concrete_fields if field.related_model is not type(instance)]
    return all(_plain(getattr(before, field.attname)) == _plain(getattr(instance, field.attname)) for field in fields)


def _plain(value):
    return bytes(value) if isinstance(value, memoryview) else value


def _connect(session, arriving) -> None:
    """What could not be said before all rows were there."""
    for row, pk in zip(session["agreements"], arriving.pks["agreements"], strict=True):
        Agreement(pk=pk).areas.set(arriving.area_pks(row["areas"]))
    remarks = arriving.pks["remarks"]
    for row, pk in zip(session["remarks"], remarks, strict=True):
        into = row["merged_into"]
        Remark.objects.filter(pk=pk).update(merged_into=None if into is None else remarks[into])


def _save(instance) -> None:
    """As it is: moments that the model would set to now are those of the file."""
    instance.save_base(raw=True, force_insert=instance.pk is None, force_update=instance.pk is not None)
