"""How every write goes: one transaction that locks the workshop, checks the right, and leaves one event."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F

from matrix import live, stages, waking
from matrix.models import Event, Organisation, Participation, Workshop

# SQLite has one writer. Waiting for one's turn here is far cheaper than asking the file again and again: two hundred
# people who send at once are done in a quarter of the time. PostgreSQL queues by itself, at the row of the workshop.
_turn = threading.RLock()


class Refused(Exception):
    """Cannot be done; the message says in Dutch why and what does work."""


class Conflict(Exception):
    """Somebody else changed the same field. `current` is {field: the text that is stored now}."""

    def __init__(self, current: dict[str, str]):
        super().__init__("Iemand anders heeft deze tekst intussen gewijzigd.")
        self.current = current


class Repeated(Exception):
    """The same form came twice, by a second click or a connection that fell away. `event` is of the first time."""

    def __init__(self, event: Event):
        super().__init__("Dit was al bewaard.")
        self.event = event


@contextmanager
def in_turn() -> Iterator[None]:
    """One transaction; on SQLite after those of this process that came before."""
    with _turn if connection.vendor == "sqlite" else nullcontext(), transaction.atomic():
        yield


@contextmanager
def opened(workshop_pk) -> Iterator[Workshop]:
    """The workshop, locked, its revision one higher: for who comes and goes, which no step forbids."""
    with in_turn():
        Workshop.objects.filter(pk=workshop_pk).update(revision=F("revision") + 1)
        workshop = Workshop.objects.get(pk=workshop_pk)
        workshop.is_recorded = False
        yield workshop
        if not workshop.is_recorded:  # it was so already: nothing happened, and no screen need look
            Workshop.objects.filter(pk=workshop_pk).update(revision=F("revision") - 1)


@contextmanager
def writing(by: Participation, *rights: stages.Right, key: UUID | None = None) -> Iterator[Workshop]:
    """The workshop, locked, its revision one higher. The rights are checked against its stage of this moment. `key` is
    of the form that was sent: when it is in the log already, Repeated carries the event of the first time."""
    with opened(by.workshop_id) as workshop:
        if key and (event := Event.objects.filter(workshop=workshop, key=key).first()):
            raise Repeated(event)
        for right in rights:
            stages.require(workshop.stage, right, by.role)
        yield workshop


@contextmanager
def voicing(
    by: Participation, right: stages.Right, *, on_behalf_of: Organisation | None = None, key: UUID | None = None
) -> Iterator[tuple[Workshop, Organisation | None]]:
    """Like `writing`, for what is said in the name of an organisation: the speaker's own, or the one for which the
    facilitator enters what it says."""
    if on_behalf_of is None:
        with writing(by, right, key=key) as workshop:
            yield workshop, by.organisation
        return
    with writing(by, stages.Right.ON_BEHALF, key=key) as workshop:
        if on_behalf_of.workshop_id != workshop.pk:
            raise Refused("Deze organisatie zit niet aan tafel.")
        stages.require(workshop.stage, right, on_behalf_of.role)
        yield workshop, on_behalf_of


def record(
    workshop: Workshop, *, by: Participation | None, what: str, summary: str, subjects: list[str], data=None, key=None,
    organisation: Organisation | None = None,
):  # fmt: skip
    """One event a write, at the revision that `writing` set. Open screens are woken when it is stored. `organisation`
    is the one that speaks, when that is not the writer's own. `data`: what it replaced, so that no word is lost and
    the writer can undo it."""
    event = Event.objects.create(
        workshop=workshop,
        revision=workshop.revision,
        what=what,
        summary=summary[:300],
        subjects=subjects,
        organisation_id=organisation.pk if organisation else by.organisation_id if by else None,
        participation=by,
        data=data or {},
        key=key,
    )
    workshop.is_recorded = True
    waking.announce(workshop.pk)  # other processes
    transaction.on_commit(live.wake)  # this one
    return event
