"""A worksheet of agreements, read in: kept until it was seen, then carried out in one go by the rules of editing by
hand. Each measure leaves the events that it would leave when edited by hand: journal, undo and other screens are right.
"""

from dataclasses import dataclass

from matrix import stages
from matrix.actions import agreement as agreements
from matrix.actions.agreement import plain
from matrix.actions.recording import Refused, in_turn
from matrix.models import Agreement, Participation, SheetUpload, Workshop
from matrix.sheet.comparing import Change, Changed, Outcome, compare
from matrix.sheet.reading import Filled
from matrix.stages import Right

MINE, THEIRS = "werkblad", "scherm"


class Outdated(Exception):
    """What was shown is not what would happen now. Nothing was changed."""


class Undecided(Exception):
    """Two people changed the same, and nobody chose yet. Nothing was changed."""


@dataclass(frozen=True)
class CarriedOut:
    changes: int
    measures: int
    new: int
    texts: tuple[str, ...]


def keep(*, by: Participation, filled: Filled, file_name: str) -> SheetUpload:
    """Until it was seen: nothing of the session changes, so this leaves no event. An earlier one makes place for it."""
    stages.require(by.workshop.stage, Right.SHEET, by.role)
    kept, _ = SheetUpload.objects.update_or_create(
        participation=by, defaults={"file_name": file_name[:120], "content": filled.stored()}
    )
    return kept


def kept_by(by: Participation) -> SheetUpload | None:
    return SheetUpload.objects.filter(participation=by).first()


def forget(*, by: Participation) -> None:
    SheetUpload.objects.filter(participation=by).delete()


def outcome_of(kept: SheetUpload, workshop: Workshop) -> Outcome:
    """What it would change now."""
    return compare(Filled.from_stored(kept.content), workshop)


def carry_out(*, by: Participation, digest: str, choices: dict[str, str]) -> CarriedOut:
    """All that the kept worksheet changes, or nothing. `digest` is of the changes that were shown. `choices`: for what
    two people changed, by `choice_key`: MINE takes the words of the worksheet, THEIRS leaves what is on the screen."""
    with in_turn():
        workshop = Workshop.objects.select_for_update().get(pk=by.workshop_id)
        stages.require(workshop.stage, Right.SHEET, by.role)
        kept = kept_by(by)
        if kept is None:
            raise Refused("Dit werkblad is al doorgevoerd, of het is weggehaald. Lees het opnieuw in.")
        found = outcome_of(kept, workshop)
        if found.problems or found.digest != digest:
            raise Outdated
        chosen = {choice_key(*pair): choices.get(choice_key(*pair)) for pair in found.conflicts}
        if not all(choice in (MINE, THEIRS) for choice in chosen.values()):
            raise Undecided
        leave = {key for key, choice in chosen.items() if choice == THEIRS}
        done = [_edit(by, changed, _wanted(changed, leave)) for changed in found.edited]
        done += [_propose(by, changed) for changed in found.new]
        kept.delete()
    texts = tuple(change.value for changes in done for change in changes if isinstance(change.value, str))
    return CarriedOut(
        changes=sum(len(changes) for changes in done[: len(found.edited)]),
        measures=sum(bool(changes) for changes in done[: len(found.edited)]), new=len(found.new), texts=texts,
    )  # fmt: skip


def choice_key(changed: Changed, change: Change) -> str:
    return f"keuze-{changed.agreement.number}-{change.key}"


def _wanted(changed: Changed, leave: set[str]) -> list[Change]:
    return [change for change in changed.changes if not (change.is_conflict and choice_key(changed, change) in leave)]


def _edit(by, changed: Changed, changes: list[Change]) -> list[Change]:
    _write(by, changed.agreement, changes)
    return changes


def _propose(by, changed: Changed) -> list[Change]:
    values = {change.column.name: change.value for change in changed.changes}
    first = {name: values[name] for name in ("framework", "areas", "title")}
    made = agreements.propose(by=by, **first)
    _write(by, made, [change for change in changed.changes if change.column.name not in first])
    return changed.changes


def _write(by, agreement: Agreement, changes: list[Change]) -> None:
    """The lock is ours, so what is stored now is what was compared."""
    brings = {c.column.organisation: c.value for c in changes if c.column.name == "brings"}
    fields = {c.column.name: c.value for c in changes if c.column.name not in ("brings", "status")}
    if fields or brings:
        brought = {c.organisation_id: c.text for c in agreement.contributions.all()}
        agreements.edit(
            by=by, agreement=agreement, changes=fields, seen={name: plain(agreement, name) for name in fields},
            contributions=brings, seen_contributions={o: brought.get(o.pk) for o in brings},
        )  # fmt: skip
    for change in changes:
        if change.column.name == "status":
            agreements.set_status(by=by, agreement=agreement, status=change.value)
