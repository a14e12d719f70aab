"""Arranging a session: its buurten, its parties and their seats, its step."""

from django.db import transaction
from django.db.models import F

from maps.models import Area, SignalMap
from matrix.actions.recording import Refused, record, writing
from matrix.models import Organisation, Participation, Workshop, WorkshopArea, seat_code
from matrix.stages import Right, Stage


@transaction.atomic
def create_workshop(*, by_user, title, date, signal_map: SignalMap, areas: list[Area], place="") -> Workshop:
    """A session on the buurten of one edition of the signal map; `by_user` becomes its facilitator."""
    if not areas:
        raise Refused("Kies minstens één buurt.")
    workshop = Workshop.objects.create(
        title=title, date=date, place=place, signal_map=signal_map, fictional=signal_map.fictional, revision=1
    )
    workshop.facilitators.add(by_user)
    WorkshopArea.objects.bulk_create(WorkshopArea(workshop=workshop, area=area) for area in areas)
    record(workshop, by=None, what="workshop_created", summary=f"Sessie «{title}» gemaakt", regions=[])
    return workshop


def describe(*, by: Participation, title, date, place) -> None:
    with writing(by, Right.ARRANGE) as workshop:
        Workshop.objects.filter(pk=workshop.pk).update(title=title, date=date, place=place)
        record(workshop, by=by, what="workshop_described", summary=f"Sessie heet «{title}»", regions=["header"],
               data={"before": {"title": workshop.title, "place": workshop.place}})  # fmt: skip


def choose_areas(*, by: Participation, areas: list[Area]) -> None:
    """The buurten of the session. One that something was written about stays: nothing entered is ever lost."""
    if not areas:
        raise Refused("Kies minstens één buurt.")
    with writing(by, Right.ARRANGE) as workshop:
        leaving = workshop.workshop_areas.exclude(area__in=areas).select_related("area")
        if used := [sheet.area.name for sheet in leaving if _is_used(workshop, sheet)]:
            raise Refused(f"Over {', '.join(used)} is al iets ingevuld; die buurt kan niet weg.")
        leaving.delete()
        WorkshopArea.objects.bulk_create(
            (WorkshopArea(workshop=workshop, area=area) for area in areas), ignore_conflicts=True
        )
        record(workshop, by=by, what="areas_chosen", summary=f"{len(areas)} buurten gekozen",
               regions=["areas", "board", "readings"])  # fmt: skip


def _is_used(workshop, sheet: WorkshopArea) -> bool:
    return bool(
        sheet.problem_analysis
        or sheet.definition_of_success
        or sheet.practice_knowledge
        or workshop.agreements.filter(areas=sheet.area).exists()
        or workshop.readings.filter(area=sheet.area).exists()
        or workshop.empty_cells.filter(area=sheet.area).exists()
    )


def add_organisation(*, by: Participation, name: str, kind: str) -> Organisation:
    with writing(by, Right.ARRANGE) as workshop:
        organisation = Organisation(workshop=workshop, name=name, kind=kind)
        organisation.validate_constraints()
        organisation.save()
        record(workshop, by=by, what="organisation_added", summary=f"{name} doet mee",
               regions=["organisations", "agreements"])  # fmt: skip
    return organisation


def remove_organisation(*, by: Participation, organisation: Organisation) -> None:
    """Only one that has said nothing yet: leaving a session never deletes words."""
    with writing(by, Right.ARRANGE) as workshop:
        said = (
            organisation.readings.exists()
            or organisation.leads.exists()
            or organisation.contributions.exists()
            or organisation.positions.exists()
            or workshop.agreements.filter(proposed_by=organisation).exists()
            or workshop.empty_cells.filter(organisation=organisation).exists()
        )
        if said:
            raise Refused(f"{organisation} heeft al iets ingevuld of toegezegd en kan niet weg.")
        if organisation.participations.exists():
            raise Refused(f"Van {organisation} zit al iemand aan tafel. Laat die eerst de stoel verlaten.")
        name = organisation.name
        organisation.delete()
        record(workshop, by=by, what="organisation_removed", summary=f"{name} doet niet mee",
               regions=["organisations", "agreements"])  # fmt: skip


def renew_seat(*, by: Participation, organisation: Organisation) -> None:
    """A new code; the old one is worthless at once. Who is in stays in."""
    with writing(by, Right.ARRANGE) as workshop:
        organisation.seat_code = seat_code()
        organisation.save(update_fields=["seat_code"])
        record(workshop, by=by, what="seat_renewed", summary=f"Nieuwe stoelcode voor {organisation}",
               regions=["organisations"])  # fmt: skip


def _opened(workshop_pk) -> Workshop:
    """The workshop, locked, its revision one higher: for who comes and goes, which no step forbids."""
    Workshop.objects.filter(pk=workshop_pk).update(revision=F("revision") + 1)
    return Workshop.objects.get(pk=workshop_pk)


@transaction.atomic
def join(*, organisation: Organisation, name: str) -> Participation:
    """Someone takes a seat with the organisation's code. The name may be empty."""
    workshop = _opened(organisation.workshop_id)
    participation = Participation.objects.create(workshop=workshop, organisation=organisation, name=name)
    record(workshop, by=participation, what="joined", summary=f"Iemand van {organisation} kwam binnen",
           regions=["header", "organisations"])  # fmt: skip
    return participation


@transaction.atomic
def leave(*, participation: Participation) -> None:
    """The seat is free again. What was said stays: it is the organisation's, not the person's."""
    workshop = _opened(participation.workshop_id)
    organisation = participation.organisation
    participation.delete()
    record(workshop, by=None, what="left", summary=f"Iemand van {organisation} ging weg",
           regions=["header", "organisations"])  # fmt: skip


def move(*, by: Participation, stage: Stage) -> None:
    """Everyone to this step; back is allowed, and logged like the rest."""
    with writing(by, Right.MOVE) as workshop:
        Workshop.objects.filter(pk=workshop.pk).update(stage=stage)
        record(workshop, by=by, what="stage_moved", summary=f"De sessie is nu bij {Stage(stage).label}",
               regions=["header", "stage"], data={"from": workshop.stage, "to": stage})  # fmt: skip
