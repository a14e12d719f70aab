"""How every write goes: one transaction that locks the workshop, checks the right, and leaves one event."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.models import F

from matrix import live, stages
from matrix.models import Event, Participation, Workshop


class Refused(Exception):
    """Cannot be done; the message says in Dutch why and what does work."""


class Conflict(Exception):
    """Somebody else changed the same field. `current` is {field: the text that is stored now}."""

    def __init__(self, current: dict[str, str]):
        super().__init__("Iemand anders heeft deze tekst intussen gewijzigd.")
        self.current = current


@contextmanager
def writing(by: Participation, right: stages.Right) -> Iterator[Workshop]:
    """The workshop, locked, its revision one higher. The right is checked against its stage of this moment."""
    with transaction.atomic():
        Workshop.objects.filter(pk=by.workshop_id).update(revision=F("revision") + 1)
        workshop = Workshop.objects.get(pk=by.workshop_id)
        stages.require(workshop.stage, right, by.role)
        yield workshop


def record(workshop: Workshop, *, by: Participation | None, what: str, summary: str, regions: list[str], data=None):
    """One event a write, at the revision that `writing` set. Open screens are woken when it is stored."""
    event = Event.objects.create(
        workshop=workshop,
        revision=workshop.revision,
        what=what,
        summary=summary[:300],
        regions=regions,
        organisation_id=by.organisation_id if by else None,
        participation=by,
        data=data or {},
    )
    transaction.on_commit(live.wake)
    return event
