"""The days that an agreement brings with it: when it begins and ends, when the tenants' advice is due, and by when a
party would come back from its members. And the same as a file for a calendar."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils import timezone
from django.utils.text import slugify

from matrix.models import Agreement, Position


@dataclass(frozen=True)
class Deadline:
    key: str  # with the agreement it names the same day in every later file
    day: datetime.date
    what: str
    agreement: Agreement
    who: str  # the organisation that acts
    off: bool = False  # it lapsed: a calendar that has it, strikes it out


def deadlines(agreements: Iterable[Agreement], organisation=None) -> list[Deadline]:
    """Of one organisation, or of all. `agreements` with lead, contributions, positions and advice at hand."""
    found = [day for agreement in agreements for day in _of(agreement, organisation)]
    return sorted(found, key=lambda one: (one.day, one.agreement.number, one.key))


def _of(agreement, organisation) -> Iterable[Deadline]:
    off = agreement.status == Agreement.Status.DROPPED
    lead = str(agreement.lead or "nog niemand")
    if organisation is None or _takes_part(agreement, organisation):
        if agreement.start:
            yield Deadline("begin", agreement.start, "begint", agreement, lead, off)
        if agreement.end:
            yield Deadline("eind", agreement.end, "klaar", agreement, lead, off)
    advice = getattr(agreement, "advice", None)
    if advice and advice.due_on and not advice.received_on and _is(advice.organisation, organisation):
        adviser = str(advice.organisation or "de huurders")
        yield Deadline("advies", advice.due_on, "advies van de huurders uiterlijk", agreement, adviser, off)
    for position in agreement.positions.all():
        if position.stance == Position.Stance.CONSULT and position.back_by and _is(position.organisation, organisation):
            who = str(position.organisation)
            key = f"achterban-{slugify(who)}"  # by name: keys of rows are others in the session that looks back
            yield Deadline(key, position.back_by, "antwoord van de achterban uiterlijk", agreement, who, off)


def _is(whose, organisation) -> bool:
    return organisation is None or whose == organisation


def _takes_part(agreement, organisation) -> bool:
    brings = {contribution.organisation_id for contribution in agreement.contributions.all()}
    return organisation.pk in {agreement.lead_id, *brings}


def calendar_file(found: Iterable[Deadline], *, title: str, names: Mapping[int, str], sequence: int, address) -> bytes:
    """As iCalendar, whole days. A later file replaces the days of an earlier one: `names` gives per agreement a name
    that stays the same, also in the session that looks back on it, and `sequence` only rises. `address` gives that of
    an agreement. Organisations are in it; people are not."""
    from icalendar import Calendar, Event  # takes a while to import, and only this needs it

    calendar = Calendar()
    calendar.add("prodid", "-//Veerkracht//Termijnen//NL")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", title)
    now = timezone.now().astimezone(datetime.UTC)
    for one in found:
        event = Event()
        event.add("uid", f"{names[one.agreement.pk]}-{one.key}@veerkracht")
        event.add("sequence", sequence)
        event.add("dtstamp", now)
        event.add("summary", f"Afspraak {one.agreement.number}, {one.what}: {one.agreement.title}")
        event.add("dtstart", one.day)
        event.add("dtend", one.day + datetime.timedelta(days=1))
        event.add("description", f"{title}\n{one.who}: {one.agreement.title}\n{address(one.agreement)}")
        event.add("url", address(one.agreement))
        event.add("transp", "TRANSPARENT")
        if one.off:
            event.add("status", "CANCELLED")
        calendar.add_component(event)
    return calendar.to_ical()
