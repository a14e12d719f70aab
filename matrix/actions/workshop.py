"""Arranging a session: its buurten, its parties and their seats, its step."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.utils import timezone

from maps.models import Area, SignalMap
from matrix.actions.recording import Conflict, Refused, in_turn, opened, record, writing
from matrix.live import FACILITATORS
from matrix.models import Advice, Attendance, Organisation, Participation, Workshop, WorkshopArea, name_of, seat_code
from matrix.paper.codes import numbers
from matrix.stages import Right, Stage

SEATS_STAY = timedelta(days=7)  # after the date of the session


def create_workshop(*, by_user, title, date, signal_map: SignalMap, areas: list[Area], place="") -> Workshop:
    """A session on the buurten of one edition of the signal map; `by_user` becomes its facilitator. Its seat codes
    work until a week after its date, unless the facilitator chooses another day."""
    if not areas:
        raise Refused("Kies minstens één buurt.")
    with in_turn():
        workshop = Workshop.objects.create(
            title=title, date=date, place=place, signal_map=signal_map, fictional=signal_map.fictional, revision=1,
            seats_until=date + SEATS_STAY,
        )  # fmt: skip
        workshop.facilitators.add(by_user)
        WorkshopArea.objects.bulk_create(WorkshopArea(workshop=workshop, area=area) for area in areas)
        record(workshop, by=None, what="workshop_created", summary=f"Sessie «{title}» gemaakt", subjects=[])
    return workshop


def describe(*, by: Participation, seen: dict | None = None, **changes) -> Workshop:
    """`changes`: title, date or place. `seen` holds per field what the writer started from; see `agreement.edit`."""
    with writing(by, Right.ARRANGE) as workshop:
        before = {field: getattr(workshop, field) for field in changes}
        clash = {f: before[f] for f in seen or {} if f in changes and before[f] not in (seen[f], changes[f])}
        if clash:
            raise Conflict(clash)
        changed = [field for field in changes if before[field] != changes[field]]
        if not changed:
            return workshop
        for field in changed:
            setattr(workshop, field, changes[field])
        workshop.save(update_fields=changed)
        record(workshop, by=by, what="workshop_described", summary=f"Sessie heet «{workshop.title}»",
               subjects=["header", "beamer"],
               data={"before": {field: str(before[field]) for field in changed},
                     "after": {field: str(changes[field]) for field in changed}})  # fmt: skip
    return workshop


def choose_areas(*, by: Participation, areas: list[Area]) -> None:
    """The buurten of the session. One that something was written about stays: nothing entered is ever lost."""
    if not areas:
        raise Refused("Kies minstens één buurt.")
    with writing(by, Right.ARRANGE) as workshop:
        leaving = workshop.workshop_areas.exclude(area__in=areas).select_related("area")
        if used := [sheet.area.name for sheet in leaving if _is_used(workshop, sheet)]:
            raise Refused(f"Over {', '.join(used)} is al iets ingevuld; die buurt kan niet weg.")
        highest = _fix_numbers(workshop)
        leaving.delete()
        staying = set(workshop.workshop_areas.values_list("area_id", flat=True))
        new = [area for area in areas if area.pk not in staying]
        WorkshopArea.objects.bulk_create(
            WorkshopArea(workshop=workshop, area=area, number=number)
            for number, area in enumerate(sorted(new, key=lambda area: (area.name, area.code)), start=highest + 1)
        )
        record(workshop, by=by, what="areas_chosen", summary=f"{len(areas)} buurten gekozen",
               subjects=["areas"])  # fmt: skip


def _fix_numbers(workshop) -> int:
    """What is on the wall stays true when buurten come or go. The highest number that was given."""
    sheets = list(workshop.workshop_areas.select_related("area").defer("area__geometry"))
    given = numbers(sheets)
    for sheet in sheets:
        sheet.number = given[sheet.area_id]
    WorkshopArea.objects.bulk_update(sheets, ["number"])
    return max(given.values(), default=0)


def _is_used(workshop, sheet: WorkshopArea) -> bool:
    return bool(
        sheet.problem_analysis
        or sheet.definition_of_success
        or sheet.practice_knowledge
        or workshop.agreements.filter(areas=sheet.area).exists()
        or workshop.readings.filter(area=sheet.area).exists()
        or workshop.empty_cells.filter(area=sheet.area).exists()
    )


def require_its_own_name(organisation: Organisation) -> None:
    """One organisation sits at the table once, also when somebody writes it with other capitals."""
    alike = organisation.workshop.organisations.exclude(pk=organisation.pk).filter(
        name__iexact=organisation.name.strip()
    )
    if alike.exists():
        raise ValidationError("Deze organisatie doet al mee.")
    organisation.validate_constraints()


def add_facilitator(*, by: Participation, username: str) -> User:
    """A colleague with an account runs the session too, with the same rights. The log names no persons."""
    with writing(by, Right.ARRANGE) as workshop:
        alike = User.objects.filter(username__iexact=username.strip(), is_active=True)
        user = alike.filter(username=username.strip()).first() or alike.first()
        if user is None:
            raise Refused(
                "Er is geen account met deze gebruikersnaam. Klopt de naam? Vraag anders de beheerder om een account."
            )
        if workshop.facilitators.filter(pk=user.pk).exists():
            raise Refused(f"{name_of(user)} begeleidt deze sessie al.")
        workshop.facilitators.add(user)
        record(workshop, by=by, what="facilitator_added", summary="Een collega begeleidt mee", subjects=[])
    return user


def remove_facilitator(*, by: Participation, user: User) -> None:
    """At once, also on the screens that are open. What was written stays; somebody always runs the session."""
    with writing(by, Right.ARRANGE) as workshop:
        if not workshop.facilitators.exclude(pk=user.pk).exists():
            raise Refused("Een sessie heeft altijd een begeleider. Voeg eerst iemand anders toe.")
        workshop.facilitators.remove(user)
        record(workshop, by=by, what="facilitator_removed", summary="Een begeleider stopt",
               subjects=[FACILITATORS])  # fmt: skip


def add_organisation(*, by: Participation, name: str, kind: str) -> Organisation:
    with writing(by, Right.ARRANGE) as workshop:
        organisation = Organisation(workshop=workshop, name=name, kind=kind)
        require_its_own_name(organisation)
        organisation.save()
        record(workshop, by=by, what="organisation_added", summary=f"{name} doet mee",
               subjects=["organisations"])  # fmt: skip
    return organisation


def remove_organisation(*, by: Participation, organisation: Organisation) -> None:
    """Only one that has said nothing yet: leaving a session never deletes words."""
    with writing(by, Right.ARRANGE) as workshop:
        said = (
            organisation.readings.exists()
            or organisation.leads.exists()
            or organisation.contributions.exists()
            or organisation.positions.exists()
            or organisation.consents.exists()
            or organisation.plain_approvals.exists()
            or organisation.remarks.exists()
            or organisation.dots.exists()
            or workshop.agreements.filter(proposed_by=organisation).exists()
            or Advice.objects.filter(organisation=organisation).exists()
            or workshop.empty_cells.filter(organisation=organisation).exists()
            or workshop.own_interventions.filter(organisation=organisation).exists()
        )
        if said:
            raise Refused(f"{organisation} heeft al iets ingevuld of toegezegd en kan niet weg.")
        if organisation.participations.exists():
            raise Refused(f"Van {organisation} zit al iemand aan tafel. Laat die eerst de stoel verlaten.")
        name = organisation.name
        organisation.delete()
        record(workshop, by=by, what="organisation_removed", summary=f"{name} doet niet mee",
               subjects=["organisations"])  # fmt: skip


def renew_seat(*, by: Participation, organisation: Organisation) -> None:
    """A new code; the old one is worthless at once. Who is in stays in."""
    with writing(by, Right.ARRANGE) as workshop:
        organisation.seat_code = seat_code()
        organisation.save(update_fields=["seat_code"])
        record(workshop, by=by, what="seat_renewed", summary=f"Nieuwe stoelcode voor {organisation}",
               subjects=["seats"])  # fmt: skip


def set_seat_open(*, by: Participation, organisation: Organisation, is_open: bool) -> None:
    """A closed seat lets nobody in any more; who is in stays in."""
    with writing(by, Right.ARRANGE) as workshop:
        organisation.seat_open = is_open
        organisation.save(update_fields=["seat_open"])
        state = "open" if is_open else "gesloten"
        record(workshop, by=by, what="seat_opened" if is_open else "seat_closed",
               summary=f"De stoel van {organisation} is {state}", subjects=["seats"])  # fmt: skip


def join(*, organisation: Organisation, name: str) -> Participation:
    """Someone takes a seat with the organisation's code. The name may be empty."""
    with opened(organisation.workshop_id) as workshop:
        participation = Participation.objects.create(workshop=workshop, organisation=organisation, name=name)
        _attend(workshop, [organisation])
        record(workshop, by=participation, what="joined", summary=f"Iemand van {organisation} kwam binnen",
               subjects=["seats"])  # fmt: skip
    return participation


def _attend(workshop, organisations) -> None:
    """Who is in now, at the step of now: the plan tells it, also of who left before the end."""
    people = dict(
        workshop.participations.exclude(organisation=None)
        .values_list("organisation")
        .annotate(n=Count("pk"))
        .order_by()
    )
    for organisation in organisations:
        if not people.get(organisation.pk):
            continue
        seen, _ = Attendance.objects.get_or_create(workshop=workshop, organisation=organisation, stage=workshop.stage)
        Attendance.objects.filter(pk=seen.pk, people__lt=people[organisation.pk]).update(people=people[organisation.pk])


def leave(*, participation: Participation) -> None:
    """The seat is free again. What was said stays: it is the organisation's, not the person's."""
    with opened(participation.workshop_id) as workshop:
        organisation = participation.organisation
        participation.delete()
        record(workshop, by=None, what="left", summary=f"Iemand van {organisation} ging weg",
               subjects=["seats"], organisation=organisation)  # fmt: skip


def move(*, by: Participation, stage: Stage, seen: str = "") -> None:
    """Everyone to this step; back is allowed, and logged like the rest. `seen` is the step at which the session was on
    the screen of who pressed: when another has moved it since, nothing happens but a word about it."""
    with writing(by, Right.MOVE) as workshop:
        before = workshop.stage
        if before == stage:  # two facilitators with one thought; the clock and the beamer stay as they are
            return
        if seen and seen != before:
            raise Refused(
                f"De sessie is intussen al bij {Stage(before).label} gezet, door u op een ander scherm of door een "
                "andere begeleider. Kijk waar de sessie is, en kies dan opnieuw."
            )
        go_to(workshop, stage)
        record(workshop, by=by, what="stage_moved", summary=f"De sessie is nu bij {Stage(stage).label}",
               subjects=["stage"], data={"before": before, "after": stage})  # fmt: skip


def go_to(workshop: Workshop, stage: str) -> None:
    """Within a write."""
    workshop.stage, workshop.stage_since = Stage(stage), timezone.now()
    workshop.timer_until, workshop.spotlight = None, ""
    workshop.save(update_fields=["stage", "stage_since", "timer_until", "spotlight"])
    _attend(workshop, workshop.organisations.all())


def set_timer(*, by: Participation, minutes: int) -> None:
    """A countdown that everyone sees, from now; 0 takes it away. It only tells: nothing closes when it ends."""
    if not 0 <= minutes <= 180:
        raise Refused("Kies een tijd van 1 tot en met 180 minuten.")
    with writing(by, Right.MOVE) as workshop:
        until = timezone.now() + timedelta(minutes=minutes) if minutes else None
        Workshop.objects.filter(pk=workshop.pk).update(timer_until=until)
        record(workshop, by=by, what="timer_set", subjects=["header"],
               summary=f"De klok staat op {minutes} minuten" if minutes else "De klok is uit")  # fmt: skip


def show_on_beamer(*, by: Participation, spotlight: str) -> None:
    """What the screen for the whole room shows now, see `matrix.spotlight`."""
    with writing(by, Right.MOVE) as workshop:
        Workshop.objects.filter(pk=workshop.pk).update(spotlight=spotlight)
        record(workshop, by=by, what="shown", summary="De beamer toont een andere pagina", subjects=["beamer"])
