"""What the facilitator arranges before the session: agenda, invitation, seats, parties, and a session like an earlier
one."""

import datetime

from django.core.exceptions import ValidationError

from matrix.actions.recording import Refused, in_turn, record, writing
from matrix.actions.workshop import SEATS_STAY, require_its_own_name
from matrix.models import Organisation, Participation, Workshop, WorkshopArea
from matrix.stages import Right


def set_agenda(*, by: Participation, start_time: datetime.time | None, minutes: dict[str, int]) -> None:
    """`minutes`: of the steps that take another time than usual; 0 leaves a step out."""
    with writing(by, Right.ARRANGE) as workshop:
        before = {"start_time": str(workshop.start_time or ""), "minutes": workshop.minutes}
        Workshop.objects.filter(pk=workshop.pk).update(start_time=start_time, minutes=minutes)
        record(workshop, by=by, what="agenda_set", summary="De agenda is gewijzigd", subjects=["header"],
               data={"before": before})  # fmt: skip


def write_invitation(*, by: Participation, text: str) -> None:
    """The facilitator's own words in it; the rest of the invitation follows from the session."""
    with writing(by, Right.ARRANGE) as workshop:
        Workshop.objects.filter(pk=workshop.pk).update(invitation=text)
        record(workshop, by=by, what="invitation_written", summary="De uitnodiging is gewijzigd", subjects=[],
               data={"before": workshop.invitation, "after": text})  # fmt: skip


def set_seats_until(*, by: Participation, until: datetime.date | None) -> None:
    """The last day on which seat codes work. Who is in stays in."""
    with writing(by, Right.ARRANGE) as workshop:
        before = str(workshop.seats_until or "")
        Workshop.objects.filter(pk=workshop.pk).update(seats_until=until)
        told = f"De stoelcodes werken tot en met {until:%d-%m-%Y}" if until else "De stoelcodes werken zonder einddatum"
        record(workshop, by=by, what="seats_until_set", summary=told, subjects=["seats"], data={"before": before})


def set_all_seats(*, by: Participation, is_open: bool) -> None:
    with writing(by, Right.ARRANGE) as workshop:
        changed = list(workshop.organisations.exclude(seat_open=is_open).values_list("name", flat=True))
        workshop.organisations.update(seat_open=is_open)
        record(workshop, by=by, what="seats_opened" if is_open else "seats_closed",
               summary=f"Alle stoelen zijn {'open' if is_open else 'gesloten'}", subjects=["seats"],
               data={"changed": changed})  # fmt: skip


def add_organisations(*, by: Participation, partners: list[tuple[str, str]]) -> list[Organisation]:
    """Several at once, (kind, name) each. All of them, or none."""
    if not partners:
        raise Refused("Er is geen organisatie om toe te voegen. Vul minstens één naam in.")
    with writing(by, Right.ARRANGE) as workshop:
        added = []
        for kind, name in partners:
            organisation = Organisation(workshop=workshop, kind=kind, name=name)
            _require_its_own_name(organisation)
            organisation.save()
            added.append(organisation)
        names = ", ".join(organisation.name for organisation in added)
        record(workshop, by=by, what="organisations_added", summary=f"Doen mee: {names}", subjects=["organisations"])
    return added


def rename_organisation(*, by: Participation, organisation: Organisation, name: str) -> None:
    """Its seat code, its people and its words stay."""
    with writing(by, Right.ARRANGE) as workshop:
        fresh = workshop.organisations.get(pk=organisation.pk)
        before, fresh.name = fresh.name, name
        _require_its_own_name(fresh)
        fresh.save(update_fields=["name"])
        record(workshop, by=by, what="organisation_renamed", summary=f"{before} heet nu {name}",
               subjects=["organisations"], data={"before": before})  # fmt: skip


def _require_its_own_name(organisation) -> None:
    try:
        require_its_own_name(organisation)
    except ValidationError:
        raise Refused(f"Er doet al een organisatie mee die {organisation.name} heet. Kies een andere naam.") from None


def duplicate(*, by_user, workshop: Workshop, title: str, date: datetime.date, place: str = "") -> Workshop:
    """A new session on the same map, with the same buurten, parties and agenda, and the cards that the parties added to
    the catalogue. Seat codes are new; nothing that was said or agreed goes along."""
    with in_turn():
        made = Workshop.objects.create(
            title=title, date=date, place=place, signal_map=workshop.signal_map, fictional=workshop.fictional,
            start_time=workshop.start_time, minutes=workshop.minutes, seats_until=date + SEATS_STAY, revision=1,
        )  # fmt: skip
        made.facilitators.add(by_user)
        WorkshopArea.objects.bulk_create(
            WorkshopArea(workshop=made, area_id=pk) for pk in workshop.workshop_areas.values_list("area_id", flat=True)
        )
        there = {}
        for organisation in workshop.organisations.all():
            fresh = Organisation.objects.create(workshop=made, name=organisation.name, kind=organisation.kind)
            there[organisation.pk] = fresh.pk
        copy_own_cards(workshop, made, there)
        record(made, by=None, what="workshop_created", summary=f"Sessie «{title}» gemaakt naar «{workshop}»"[:300],
               subjects=[])  # fmt: skip
    return made


def copy_own_cards(workshop: Workshop, made: Workshop, organisations: dict[int, int]) -> dict[int, int]:
    """Within a write. `organisations`: key of a party here -> its key in the session that was made. -> the same of the
    cards."""
    found = {}
    for card in workshop.own_interventions.order_by("pk"):
        before = card.pk
        card.pk, card.workshop_id, card._state.adding = None, made.pk, True
        card.organisation_id = organisations.get(card.organisation_id)
        card.save(force_insert=True)
        found[before] = card.pk
    return found
