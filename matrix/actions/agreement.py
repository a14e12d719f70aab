"""From idea to agreement: propose, edit, contribute, move, take a position, leave a cell empty on purpose."""

import json
from hashlib import sha256
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Max

from maps.models import Area
from matrix.actions.behalf import require_open
from matrix.actions.progress import log_status
from matrix.actions.recording import Conflict, Refused, record, voicing, writing
from matrix.actions.subjects import about
from matrix.models import (
    Agreement,
    Contribution,
    EmptyCell,
    Organisation,
    Participation,
    PlainApproval,
    Position,
    Review,
)
from matrix.stages import Right
from matrix.standings import is_fixed


def _counts(agreement) -> list[str]:
    """How many cells of its framework are filled may be other now."""
    return [f"filled/{agreement.framework}"]


def _row_left(agreement, before: dict) -> list[str]:
    """The cells of the framework to which it belonged before."""
    pks = {*agreement.areas.values_list("pk", flat=True), *before.get("areas", ())}
    return [f"filled/{before['framework']}", *(f"board/{pk}/{before['framework']}" for pk in sorted(pks))]


def propose(
    *,
    by: Participation,
    framework,
    areas,
    title: str,
    intervention=None,
    on_behalf_of: Organisation | None = None,
    key: UUID | None = None,
    status: str = Agreement.Status.IDEA,
) -> Agreement:
    """A new idea, or proposal, in a cell of the matrix, free or from the catalogue. It fills a cell that was empty on
    purpose."""
    if status not in (Agreement.Status.IDEA, Agreement.Status.PROPOSAL):
        raise Refused("Wat nieuw is, is een idee of een voorstel.")
    areas = list(areas)
    with voicing(by, Right.PROPOSE, on_behalf_of=on_behalf_of, key=key) as (workshop, organisation):
        _require_areas(workshop, areas)
        agreement = Agreement.objects.create(
            workshop=workshop,
            number=next_number(workshop),
            framework=framework,
            title=title,
            status=status,
            intervention=intervention,
            legal_check=bool(intervention and intervention.legal_check),
            touches_advice_right=bool(intervention and intervention.touches_advice_right),
            proposed_by=organisation,
        )
        agreement.areas.set(areas)
        refilled = workshop.empty_cells.filter(area__in=areas, framework=framework)
        reasons, emptied = [str(cell) for cell in refilled], [cell.stored for cell in refilled]
        refilled.delete()
        speaker = organisation or by.speaks_for
        record(workshop, by=by, what="proposed", summary=f"{speaker} bracht in: {title}", 
               organisation=organisation, key=key,
               subjects=[*about(agreement), *_counts(agreement), "agreements"],
               data={"number": agreement.number, "was_empty_because": reasons, "emptied": emptied,
                     "status": str(status)})  # fmt: skip
    return agreement


def next_number(workshop) -> int:
    """Also above those of the session that this one looks back on: a number means one agreement along the whole way."""
    highest = Agreement.objects.filter(workshop__in=[workshop.pk, workshop.follows_id]).aggregate(n=Max("number"))["n"]
    return (highest or 0) + 1


# Fields whose words the parties consent to: a change asks for new consent.
WORDING = (
    "title", "areas", "kind", "goal", "lead", "start", "end", "means", "measure", "residents_notice",
    "elsewhere", "effect_elsewhere", "asked_elsewhere", "compensation", "reservation", "contributions", "legal_check",
    "touches_advice_right",
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
    with writing(by, Right.EDIT) as workshop:
        fresh = workshop.agreements.get(pk=agreement.pk)
        before, given, changed, touched = difference(
            workshop, fresh, changes, seen, contributions or {}, seen_contributions or {}
        )
        if not changed and not touched:
            return fresh
        require_not_fixed(fresh)
        for field in changed - {"areas"}:
            setattr(fresh, field, changes[field])
        # One new wording for all that is changed until somebody has said something about it.
        wording = fresh.wording
        if (touched or changed.intersection(WORDING)) and fresh.positions.filter(wording=fresh.wording).exists():
            fresh.wording += 1
        fresh.validate_constraints()
        fresh.save()
        if "areas" in changed:
            fresh.areas.set(changes["areas"])
        store_contributions(fresh, touched)
        summary = f"{by.speaks_for} werkte bij: {fresh} ({_names(changed, touched)})"
        record(workshop, by=by, what="edited", summary=summary,
               subjects=about(fresh, areas=before.get("areas", ()))
               + (_counts(fresh) if changed & {"areas", "framework"} else [])
               + (_row_left(fresh, before) if "framework" in changed else [])
               + (["promises"] if touched or changed & {"title", "lead"} else []),
               data={"number": fresh.number, "wording": fresh.wording, "wording_before": wording,
                     "before": {f: before[f] for f in sorted(changed)},
                     "after": {f: plain(fresh, f) for f in sorted(changed)},
                     "contributions_before": {str(o): given.get(o.pk) for o in touched},
                     # By key, because names may be mended.
                     "brought_before": {str(o.pk): given.get(o.pk) for o in touched},
                     "brought_after": {str(o.pk): text for o, text in touched.items()}})  # fmt: skip
    return fresh


def difference(workshop, fresh: Agreement, changes: dict, seen: dict, contributions: dict, seen_contributions: dict):
    """What is stored of the fields in `changes` and what each organisation brings, and what of both this writer
    changes; see `edit`."""
    if "areas" in changes:
        _require_areas(workshop, changes["areas"])
    before = {field: plain(fresh, field) for field in changes}
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
    return before, given, changed, touched


class Fixed(Refused):
    """These words were fixed by the parties together: they change by an amendment."""


def require_not_fixed(agreement: Agreement) -> None:
    if agreement.is_frozen:
        raise Fixed(
            "De tekst van deze afspraak is vastgesteld. Stel een wijziging voor: die geldt zodra de betrokken partijen "
            "ermee instemmen. Er is niets veranderd."
        )


def _names(changed, touched) -> str:
    """Of the fields, as the journal tells them."""
    names = [field.verbose_name for field in Agreement._meta.get_fields() if field.name in changed]
    return ", ".join([*names, *(f"bijdrage van {organisation}" for organisation in touched)])


def _require_areas(workshop, areas) -> None:
    if not areas:
        raise Refused("Kies minstens één buurt.")
    inside = set(workshop.workshop_areas.values_list("area_id", flat=True))
    if not inside.issuperset(area.pk for area in areas):
        raise Refused("Deze buurt hoort niet bij de sessie.")


def plain(agreement, field):
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


def read_mark(agreement) -> str:
    """Of all words that the parties consent to: another mark is another text. A position carries the one that its
    writer had before them."""
    words = [plain(agreement, field) for field in WORDING if field != "contributions"]
    brought = sorted((c.organisation_id, c.text) for c in agreement.contributions.all())
    return sha256(json.dumps([words, brought]).encode()).hexdigest()[:16]


def store_contributions(agreement, contributions: dict[Organisation, str | None]) -> None:
    for organisation, text in contributions.items():
        if text is None:
            agreement.contributions.filter(organisation=organisation).delete()
        else:
            Contribution.objects.update_or_create(
                agreement=agreement, organisation=organisation, defaults={"text": text}
            )


def put_values(workshop, agreement: Agreement, values: dict) -> None:
    """Fields as the log keeps them, back into the agreement; who calls saves it."""
    for name, value in values.items():
        if name == "areas":
            areas = Area.objects.filter(pk__in=workshop.workshop_areas.values("area")).filter(pk__in=value)
            if len(areas) < len(value):
                raise Refused("Een buurt die hier stond, hoort niet meer bij de sessie. Er is niets veranderd.")
            agreement.areas.set(areas)
        elif name == "lead":
            agreement.lead_id = value
        else:
            setattr(agreement, name, agreement._meta.get_field(name).to_python(value))


def set_status(*, by: Participation, agreement: Agreement, status: str) -> Agreement:
    """Along idea → proposal → agreement and on; dropped ones stay in the log and can come back."""
    with writing(by, Right.PROGRESS) as workshop:
        fresh = workshop.agreements.get(pk=agreement.pk)
        if fresh.status == status:
            return fresh
        if fresh.is_promised and status not in Agreement.PROMISED:
            require_not_fixed(fresh)
        if fresh.status == Agreement.Status.DROPPED:
            _require_not_stopped(fresh)
        if fresh.status == Agreement.Status.DROPPED and fresh.is_frozen:
            fresh.wording += 1  # parties consented to its end; that it holds again, they are asked anew
        before, fresh.status = fresh.status, Agreement.Status(status)
        fresh.save(update_fields=["status", "wording", "updated_at"])
        line = log_status(fresh, before=before, by=by)
        record(workshop, by=by, what="status_set", summary=f"{fresh}: {fresh.get_status_display().lower()}",
               subjects=[*about(fresh), *_counts(fresh), "agreements"],
               data={"number": fresh.number, "before": before, "after": status,
                     "line": line and line.pk})  # fmt: skip
    return fresh


def _require_not_stopped(agreement) -> None:
    """Its words stay fixed when the table goes on with it after all: see `looking_back.decide`."""
    if Review.objects.filter(agreement=agreement, decision=Review.Decision.STOP).exists():
        raise Refused("Bij Terugkijken is besloten te stoppen. Gaat het toch door? Kies daar dan ‘Doorgaan’.")


def take_position(
    *,
    by: Participation,
    agreement: Agreement,
    stance: str,
    reason="",
    back_by=None,
    seen: str | None = None,
    read: str = "",
    note: str = "",
    on_behalf_of: Organisation | None = None,
) -> Position:
    """Where an organisation stands on the present wording; its last word counts, earlier ones are kept in the log.
    `seen` is the position (`Position.told`) that the writer started from; see `reading.recognise`. `read` is the
    `read_mark` of the words that stood before them: nobody agrees to a text that changed under their hands. `note`:
    how the facilitator came by the answer of who was not there."""
    with voicing(by, Right.TAKE_POSITION, on_behalf_of=on_behalf_of) as (workshop, organisation):
        fresh = workshop.agreements.get(pk=agreement.pk)
        if read and read != read_mark(fresh):
            raise Conflict({"words": read_mark(fresh)})
        before = Position.objects.filter(agreement=fresh, organisation=organisation).first()
        require_open(before, organisation, on_behalf_of is not None)
        _require_position_open(fresh, before, on_behalf_of is not None)
        position = before or Position(agreement=fresh, organisation=organisation)
        was = put_stance(
            position, stance=stance, reason=reason, back_by=back_by, seen=seen, on_behalf=on_behalf_of is not None,
            wording=fresh.wording, note=note.strip() if on_behalf_of else "",
        )  # fmt: skip
        if was == position.stored:
            return position
        position.save()
        record(workshop, by=by, what="position_taken", subjects=about(fresh),
               summary=f"{organisation} over {fresh}: {position.get_stance_display().lower()}"
               + (" (ingevoerd door de begeleider)" if position.on_behalf else ""), organisation=organisation,
               data={"number": fresh.number, "before": was, "after": position.stored,
                     "after_wording": fresh.wording})  # fmt: skip
    return position


def put_stance(said, *, stance: str, reason: str, back_by, on_behalf: bool, seen: str | None, **more) -> dict | None:
    """What an organisation says now, in its position or consent; who calls saves it. -> what it said before."""
    was, told = (said.stored, said.told) if said.pk else (None, "")
    said.stance, said.reason, said.on_behalf = Position.Stance(stance), reason.strip(), on_behalf
    said.back_by = back_by if stance == Position.Stance.CONSULT else None
    for name, value in more.items():
        setattr(said, name, value)
    if seen is not None and as_plain(seen) != told and told != said.told:
        raise Conflict({"reason": told})
    if stance in Position.NEEDS_REASON and not said.reason:
        raise ValidationError({"reason": "Schrijf de reden erbij, dan kunnen de anderen er iets mee."})
    return was


def _require_position_open(agreement, before: Position | None, on_behalf: bool) -> None:
    if is_fixed(agreement, before, on_behalf=on_behalf):
        raise Fixed(
            f"Het standpunt van {before.organisation} hoort bij de vastgestelde tekst en staat vast. Denkt u er nu "
            "anders over, stel dan een wijziging van de afspraak voor. Er is niets veranderd."
        )


def say_plainly(*, by: Participation, agreement: Agreement, text: str, seen: str) -> Agreement:
    """The agreement in plain words, beside its exact ones. New words ask the tenants for a new approval. `seen` is what
    the writer started from; see `edit`."""
    with writing(by, Right.EDIT) as workshop:
        fresh = workshop.agreements.get(pk=agreement.pk)
        before, after = fresh.plain_words, as_plain(text)
        if as_plain(before) not in (as_plain(seen), after):
            raise Conflict({"plain_words": before})
        if as_plain(before) == after:
            return fresh
        fresh.plain_words, fresh.plain_version = after, fresh.plain_version + 1
        fresh.save(update_fields=["plain_words", "plain_version", "updated_at"])
        record(workshop, by=by, what="said_plainly", summary=f"{by.speaks_for} schreef in gewone taal: {fresh}",
               subjects=about(fresh), data={"number": fresh.number, "before": before, "after": after,
                                           "version": fresh.plain_version})  # fmt: skip
    return fresh


def approve_plain(*, by: Participation, agreement: Agreement, version: int) -> None:
    """The tenant organisation finds that these plain words say what was agreed. `version` is the one that it read."""
    with writing(by, Right.APPROVE_PLAIN) as workshop:
        fresh = workshop.agreements.get(pk=agreement.pk)
        if not fresh.plain_words:
            raise Refused("Deze afspraak is nog niet in gewone taal opgeschreven.")
        if version != fresh.plain_version:
            raise Refused("De gewone taal is intussen gewijzigd. Lees haar nog eens en keur haar dan goed.")
        PlainApproval.objects.update_or_create(
            agreement=fresh, organisation=by.organisation, defaults={"version": version}
        )
        record(workshop, by=by, what="plain_approved", subjects=about(fresh), data={"number": fresh.number},
               summary=f"{by.organisation} keurde de gewone taal goed: {fresh}")  # fmt: skip


def leave_empty(*, by: Participation, area, framework, reason: str, seen: str | None = None) -> EmptyCell:
    """Say why a cell of the matrix is empty on purpose. `seen` is the reason that the writer started from."""
    if not reason.strip():
        raise ValidationError({"reason": "Schrijf kort waarom dit vak leeg mag blijven."})
    with writing(by, Right.LEAVE_EMPTY) as workshop:
        _require_areas(workshop, [area])
        if workshop.agreements.standing().filter(areas=area, framework=framework).exists():
            raise Refused("In dit vak staat al een maatregel, dus het is niet leeg.")
        before = workshop.empty_cells.filter(area=area, framework=framework).first()
        told = before.reason if before else ""
        if seen is not None and told not in (seen, reason.strip()):
            raise Conflict({"reason": told})
        if before and told == reason.strip():
            return before
        cell, _ = EmptyCell.objects.update_or_create(
            workshop=workshop, area=area, framework=framework,
            defaults={"reason": reason.strip(), "organisation": by.organisation},
        )  # fmt: skip
        record(workshop, by=by, what="left_empty", summary=f"Bewust leeg: {cell}",
               subjects=[f"board/{area.pk}/{framework}", f"filled/{framework}"],
               data={"area": area.pk, "framework": str(framework), "before": before and before.stored,
                     "after": cell.stored})  # fmt: skip
    return cell


def reopen_cell(*, by: Participation, cell: EmptyCell) -> None:
    with writing(by, Right.LEAVE_EMPTY) as workshop:
        summary, before = f"Weer open: {cell}", cell.stored
        cell.delete()
        record(workshop, by=by, what="cell_reopened", summary=summary,
               subjects=[f"board/{cell.area_id}/{cell.framework}", f"filled/{cell.framework}"],
               data={"area": cell.area_id, "framework": cell.framework, "before": before, "after": None})  # fmt: skip
