"""The invitation of one organisation: a mail to copy and a file for its calendar. This program sends nothing itself."""

import datetime
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import dateformat, timezone

from matrix.agenda import agenda, begins, total_minutes


def when(workshop) -> str:
    """In words, as in the mail."""
    day = dateformat.format(workshop.date, "l j F Y")
    start = begins(workshop)
    if start is None:
        return day
    end = start + datetime.timedelta(minutes=total_minutes(workshop))
    return f"{day}, van {start:%H.%M} tot {end:%H.%M} uur"


def subject(workshop) -> str:
    return f"Uitnodiging: {workshop.title}, {dateformat.format(workshop.date, 'j F Y')}"


def mail_text(workshop, organisation, *, address: str, documents=()) -> str:
    """`address`: of the organisation's seat; `documents`: titles."""
    parts = [f"Beste mensen van {organisation.name},"]
    if workshop.invitation:
        parts.append(workshop.invitation.strip())
    facts = [f"Wat: {workshop.title}", f"Wanneer: {when(workshop)}"]
    if workshop.place:
        facts.append(f"Waar: {workshop.place}")
    parts += ["\n".join(facts), _agenda(workshop), _how(workshop, organisation, address)]
    if documents:
        parts.append("De stukken vindt u op hetzelfde adres, bij ‘Agenda en stukken’:\n" + _list(documents))
    return "\n\n".join(parts) + "\n"


def _agenda(workshop) -> str:
    lines = []
    for item in agenda(workshop):
        time = f"{item.start:%H.%M} uur" if item.start else f"{item.minutes} minuten"
        lines.append(f"{time}: {item.info.stage.label}. {item.info.question}")
    return "Agenda\n" + _list(lines)


def _list(lines) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _how(workshop, organisation, address) -> str:
    until = f" De code werkt tot en met {workshop.seats_until:%d-%m-%Y}." if workshop.seats_until else ""
    return (
        "Zo doet u mee\n"
        "U hebt geen account nodig. Neem een telefoon of laptop mee en open dit adres:\n"
        f"{address}\n"
        f"Of ga naar {settings.BASE_URL}{reverse('join')} en typ uw stoelcode: {organisation.seat_code}\n"
        f"De code is van uw organisatie. Geef hem alleen aan wie namens u aan tafel zit.{until}"
    )


def mailto(workshop, text: str) -> str:
    """Opens the mail program with the whole invitation; the address is for the sender to fill in."""
    query = {"subject": subject(workshop), "body": text.replace("\n", "\r\n")}
    return f"mailto:?{urlencode(query, quote_via=quote)}"


def calendar_file(workshop, *, address: str, text: str) -> bytes:
    """The session as iCalendar. A later file of the same session replaces the earlier one in the calendar: its UID
    stays and its SEQUENCE, the revision of the session, only rises."""
    from icalendar import Calendar, Event  # takes a while to import, and only this needs it

    event = Event()
    event.add("uid", f"{workshop.code}@veerkracht")
    event.add("sequence", workshop.revision)
    event.add("dtstamp", timezone.now().astimezone(datetime.UTC))
    event.add("summary", workshop.title)
    start = begins(workshop)
    if start is None:
        event.add("dtstart", workshop.date)
        event.add("dtend", workshop.date + datetime.timedelta(days=1))
    else:
        here = start.replace(tzinfo=ZoneInfo(settings.TIME_ZONE))
        event.add("dtstart", here)
        event.add("dtend", here + datetime.timedelta(minutes=total_minutes(workshop)))
    if workshop.place:
        event.add("location", workshop.place)
    event.add("url", address)
    event.add("description", text)
    calendar = Calendar()
    calendar.add("prodid", "-//Veerkracht//Gebiedssessie//NL")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    calendar.add_missing_timezones()
    return calendar.to_ical()
