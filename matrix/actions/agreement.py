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
    with writing(by, Right.PROPOSE) as workshop:
        _require_areas(workshop, areas)
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
    "effect_elsewhere", "reservation", "contributions", "legal_check", "touches_advice_right",
)  # fmt: skip


def edit(
    *,
    by: Participation,
    agreement: Agreement,
    changes: dict,
    seen: dict,
    contributions=None,
    seen_contributions=None,
) -> Agreement:
    """Store the fields in `changes`, each by itself. `seen` holds what the writer started from, per field: a field that
    another changed since is a Conflict and nothing is stored. The same for `contributions`, {organisation: text or
    None for takes no part}, of only the lines that this writer touched, with `seen_contributions` beside it."""
    contributions, seen_contributions = contributions or {}, seen_contributions or {}
    with writing(by, Right.EDIT) as workshop:
        fresh = workshop.agreements.get(pk=agreement.pk)
        if "areas" in changes:
            _require_areas(workshop, changes["areas"])
        before = {field: _plain(fresh, field) for field in changes}
        clash = {f: before[f] for f in changes if before[f] != seen[f] and before[f] != as_plain(changes[f])}
        given = {c.organisation_id: c.text for c in fresh.contributions.all()}
        clash |= {
            f"brings_{o.pk}": given.get(o.pk)
            for o, text in contributions.items()
            if given.get(o.pk) not in (seen_contributions.get(o), text)
        }
        if clash:
            raise Conflict(clash)
        changed = {field for field in changes if before[field] != as_plain(changes[field])}
        touched = {o: text for o, text in contributions.items() if given.get(o.pk) != text}
        if not changed and not touched:
            return fresh
        for field in changed - {"areas"}:
            setattr(fresh, field, changes[field])
        if (touched or changed.intersection(WORDING)) and fresh.positions.exists():
            fresh.wording += 1
        fresh.validate_constraints()
        fresh.save()
        if "areas" in changed:
            fresh.areas.set(changes["areas"])
        _store_contributions(fresh, touched)
        record(workshop, by=by, what="edited", summary=f"{by.speaks_for} werkte bij: {fresh}", regions=REGIONS,
               data={"number": fresh.number, "wording": fresh.wording,
                     "before": {f: before[f] for f in sorted(changed)},
                     "contributions_before": {str(o): given.get(o.pk) for o in touched}})  # fmt: skip
    return fresh


def _require_areas(workshop, areas) -> None:
    if not areas:
        raise Refused("Kies minstens één buurt.")
    inside = set(workshop.workshop_areas.values_list("area_id", flat=True))
    if not inside.issuperset(area.pk for area in areas):
        raise Refused("Deze buurt hoort niet bij de sessie.")


def _plain(agreement, field):
    return as_plain(agreement.areas.all() if field == "areas" else getattr(agreement, field))


def as_plain(value):
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


def _store_contributions(agreement, contributions: dict[Organisation, str | None]) -> None:
    for organisation, text in contributions.items():
        if text is None:
            agreement.contributions.filter(organisation=organisation).delete()
        else:
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


def take_position(
    *, by: Participation, agreement: Agreement, stance: str, reason="", back_by=None, seen: str | None = None
) -> Position:
    """Where the participant's organisation stands on the present wording; its last word counts, earlier ones are
    kept in the log. `seen` is the position (`Position.told`) that the writer started from; see `reading.recognise`."""
    with writing(by, Right.TAKE_POSITION) as workshop:
        fresh = workshop.agreements.get(pk=agreement.pk)
        before = Position.objects.filter(agreement=fresh, organisation=by.organisation).first()
        told, wording = (before.told, before.wording) if before else ("", None)
        position = before or Position(agreement=fresh, organisation=by.organisation)
        position.stance, position.reason, position.wording = Position.Stance(stance), reason.strip(), fresh.wording
        position.back_by = back_by if stance == Position.Stance.CONSULT else None
        if seen is not None and as_plain(seen) != told and told != position.told:
            raise Conflict({"reason": told})
        position.validate_constraints()
        position.save()
        record(workshop, by=by, what="position_taken", regions=REGIONS,
               summary=f"{by.organisation} over {fresh}: {position.get_stance_display().lower()}",
               data={"number": fresh.number, "before": told, "before_wording": wording})  # fmt: skip
    return position


def leave_empty(*, by: Participation, area, framework, reason: str) -> EmptyCell:
    """Say why a cell of the matrix is empty on purpose."""
    if not reason.strip():
        raise ValidationError({"reason": "Schrijf kort waarom dit vak leeg mag blijven."})
    with writing(by, Right.LEAVE_EMPTY) as workshop:
        _require_areas(workshop, [area])
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
