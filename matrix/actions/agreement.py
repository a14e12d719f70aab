"""From idea to agreement: propose, edit, contribute, move, take a position, leave a cell empty on purpose."""

from django.core.exceptions import ValidationError
from django.db.models import Max

from matrix.actions.recording import Conflict, Refused, record, writing
from matrix.models import Agreement, Contribution, EmptyCell, Organisation, Participation, Position
from matrix.stages import Right

REGIONS = ["board", "agreements"]


def propose(*, by: Participation, framework, areas, title: str, intervention=None) -> Agreement:
    """A new idea in a cell of the matrix, free or from the catalogue. It fills a cell that was empty on purpose."""
    areas = list(areas)
    if not areas:
        raise Refused("Kies minstens één buurt.")
    with writing(by, Right.PROPOSE) as workshop:
        highest = workshop.agreements.aggregate(n=Max("number"))["n"] or 0
        agreement = Agreement.objects.create(
            workshop=workshop,
            number=highest + 1,
            framework=framework,
            title=title,
            intervention=intervention,
            legal_check=bool(intervention and intervention.legal_check),
            touches_advice_right=bool(intervention and intervention.touches_advice_right),
            proposed_by=by.organisation,
        )
        agreement.areas.set(areas)
        refilled = workshop.empty_cells.filter(area__in=areas, framework=framework)
        reasons = [str(cell) for cell in refilled]
        refilled.delete()
        record(workshop, by=by, what="proposed", summary=f"{by.speaks_for} bracht in: {title}", regions=REGIONS,
               data={"number": agreement.number, "was_empty_because": reasons})  # fmt: skip
    return agreement


# Fields whose words the parties consent to: a change asks for new consent.
WORDING = (
    "title", "areas", "kind", "goal", "lead", "start", "end", "means", "measure", "residents_notice",
    "effect_elsewhere", "reservation", "contributions",
)  # fmt: skip


def edit(*, by: Participation, agreement: Agreement, changes: dict, seen: dict, contributions=None) -> Agreement:
    """Store the fields in `changes`, one by one. `seen` holds what the writer started from, per field: a field that
    another changed since is a Conflict and nothing is stored. `contributions` is {organisation: text} or None."""
    with writing(by, Right.EDIT) as workshop:
        fresh = workshop.agreements.get(pk=agreement.pk)
        before = {field: _plain(fresh, field) for field in changes}
        clash = {f: before[f] for f in changes if before[f] != seen[f] and before[f] != _as_plain(changes[f])}
        if clash:
            raise Conflict(clash)
        areas = changes.pop("areas", None)
        for field, value in changes.items():
            setattr(fresh, field, value)
        changed = {f for f in before if f != "areas" and before[f] != _plain(fresh, f)}
        if areas is not None and _as_plain(areas) != before["areas"]:
            changed.add("areas")
        given = _contributions(fresh) if contributions is not None else None
        if contributions is not None and given != {o.pk: text for o, text in contributions.items()}:
            before["contributions"] = given
            changed.add("contributions")
        if changed.intersection(WORDING) and fresh.positions.exists():
            fresh.wording += 1
        fresh.validate_constraints()
        fresh.save()
        if "areas" in changed:
            fresh.areas.set(areas)
        if "contributions" in changed:
            _store_contributions(fresh, contributions)
        record(workshop, by=by, what="edited", summary=f"{by.speaks_for} werkte bij: {fresh}", regions=REGIONS,
               data={"number": fresh.number, "wording": fresh.wording,
                     "before": {f: before[f] for f in sorted(changed)}})  # fmt: skip
    return fresh


def _plain(agreement, field):
    return _as_plain(agreement.areas.all() if field == "areas" else getattr(agreement, field))


def _as_plain(value):
    """As JSON can hold it and two moments can be compared: keys for objects, ISO dates, one kind of line end."""
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if hasattr(value, "pk"):
        return value.pk
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip()
    if value is None or isinstance(value, bool | int):
        return value
    return sorted(item.pk for item in value)


def _contributions(agreement) -> dict[int, str]:
    return dict(agreement.contributions.values_list("organisation_id", "text"))


def _store_contributions(agreement, contributions: dict[Organisation, str]) -> None:
    agreement.contributions.exclude(organisation__in=contributions).delete()
    for organisation, text in contributions.items():
        Contribution.objects.update_or_create(
            agreement=agreement, organisation=organisation, defaults={"text": text}
        )


def set_status(*, by: Participation, agreement: Agreement, status: str) -> Agreement:
    """Along idea → proposal → agreement and on; dropped ones stay in the log and can come back."""
    with writing(by, Right.EDIT) as workshop:
        fresh = workshop.agreements.get(pk=agreement.pk)
        before, fresh.status = fresh.status, Agreement.Status(status)
        fresh.save(update_fields=["status", "updated_at"])
        record(workshop, by=by, what="status_set", summary=f"{fresh}: {fresh.get_status_display().lower()}",
               regions=REGIONS, data={"number": fresh.number, "before": before})  # fmt: skip
    return fresh


def take_position(*, by: Participation, agreement: Agreement, stance: str, reason="", back_by=None) -> Position:
    """Where the participant's organisation stands on the present wording; its last word counts, earlier ones are
    kept in the log."""
    with writing(by, Right.TAKE_POSITION) as workshop:
        fresh = workshop.agreements.get(pk=agreement.pk)
        position = Position.objects.filter(agreement=fresh, organisation=by.organisation).first()
        before = {"stance": position.stance, "reason": position.reason, "wording": position.wording} if position else None
        position = position or Position(agreement=fresh, organisation=by.organisation)
        position.stance, position.reason, position.wording = stance, reason.strip(), fresh.wording
        position.back_by = back_by if stance == Position.Stance.CONSULT else None
        position.validate_constraints()
        position.save()
        record(workshop, by=by, what="position_taken", regions=REGIONS,
               summary=f"{by.organisation} over {fresh}: {position.get_stance_display().lower()}",
               data={"number": fresh.number, "before": before})  # fmt: skip
    return position


def leave_empty(*, by: Participation, area, framework, reason: str) -> EmptyCell:
    """Say why a cell of the matrix is empty on purpose."""
    if not reason.strip():
        raise ValidationError({"reason": "Schrijf kort waarom dit vak leeg mag blijven."})
    with writing(by, Right.LEAVE_EMPTY) as workshop:
        if workshop.agreements.standing().filter(areas=area, framework=framework).exists():
            raise Refused("In dit vak staat al een maatregel, dus het is niet leeg.")
        cell, _ = EmptyCell.objects.update_or_create(
            workshop=workshop, area=area, framework=framework,
            defaults={"reason": reason.strip(), "organisation": by.organisation},
        )  # fmt: skip
        record(workshop, by=by, what="left_empty", summary=f"Bewust leeg: {cell}", regions=["board"])
    return cell


def reopen_cell(*, by: Participation, cell: EmptyCell) -> None:
    with writing(by, Right.LEAVE_EMPTY) as workshop:
        summary = f"Weer open: {cell}"
        cell.delete()
        record(workshop, by=by, what="cell_reopened", summary=summary, regions=["board"])
