"""Cards that a party adds to the catalogue of its session. Each keeps its own; only they change them."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Max

from matrix.actions.recording import Conflict, Refused, record, writing
from matrix.models import Intervention, Participation
from matrix.stages import Right

FIELDS = ("framework", "title", "occasion", "approach", "effect", "lead", "legal_check", "touches_advice_right")
MOST = 500  # own cards in one session
SUBJECTS = ["catalogue"]


def own_cards(by: Participation):
    """Those of the organisation of this person; of who leads the session those that are of no organisation."""
    return Intervention.objects.filter(workshop=by.workshop_id, organisation=by.organisation_id)


def stored(card) -> dict:
    """As the log keeps it."""
    return {field: getattr(card, field) for field in FIELDS}


def add_card(*, by: Participation, key: UUID | None = None, **fields) -> Intervention:
    with writing(by, Right.OWN_CARD, key=key) as workshop:
        _require_room(workshop, 1)
        card = make_card(workshop=workshop, organisation=by.organisation, fields=fields)
        record(workshop, by=by, what="card_added", summary=f"{by.speaks_for} bewaarde een kaart: {card}",
               subjects=SUBJECTS, data={"after": stored(card)}, key=key)  # fmt: skip
    return card


def edit_card(*, by: Participation, card: Intervention, changes: dict, seen: dict) -> Intervention:
    """Each field by itself; `seen` holds what the writer started from, see `agreement.edit`."""
    with writing(by, Right.OWN_CARD) as workshop:
        fresh = _own(by, card)
        before = stored(fresh)
        clash = {f: before[f] for f in changes if before[f] not in (seen.get(f, before[f]), changes[f])}
        if clash:
            raise Conflict(clash)
        changed = [field for field in changes if before[field] != changes[field]]
        if not changed:
            return fresh
        for field in changed:
            setattr(fresh, field, changes[field])
        fresh.save(update_fields=changed)
        record(workshop, by=by, what="card_changed", summary=f"{by.speaks_for} wijzigde de kaart {fresh}",
               subjects=SUBJECTS, data={"before": before, "after": stored(fresh)})  # fmt: skip
    return fresh


def remove_card(*, by: Participation, card: Intervention) -> None:
    """Measures that were made from it stay, and its words stay in the log."""
    with writing(by, Right.OWN_CARD) as workshop:
        fresh = _own(by, card)
        before = stored(fresh)
        fresh.delete()
        record(workshop, by=by, what="card_removed", summary=f"{by.speaks_for} haalde de kaart {before['title']} weg",
               subjects=SUBJECTS, data={"before": before})  # fmt: skip


def take_in_cards(*, by: Participation, rows: Iterable) -> tuple[int, int]:
    """The rows of a sheet, all of them: those that name a card change it, the others are new. A card that is not in the
    sheet stays. -> how many are new, how many changed."""
    rows = list(rows)
    with writing(by, Right.OWN_CARD) as workshop:
        mine = {card.key: card for card in own_cards(by)}
        new = [row.fields for row in rows if not row.key]
        _require_room(workshop, len(new))
        if strange := [row for row in rows if row.key and row.key not in mine]:
            raise Refused(f"Regel {strange[0].line}: deze kaart is niet van u, of zij is intussen weggehaald.")
        changed = [(mine[row.key], row.fields) for row in rows if row.key and stored(mine[row.key]) != row.fields]
        if not new and not changed:
            return 0, 0
        before = {card.key: stored(card) for card, _ in changed}
        for card, fields in changed:
            for name, value in fields.items():
                setattr(card, name, value)
            card.save()
        for fields in new:
            make_card(workshop=workshop, organisation=by.organisation, fields=fields)
        record(workshop, by=by, what="cards_taken_in", subjects=SUBJECTS,
               summary=f"{by.speaks_for} las kaarten in: {len(new)} nieuw, {len(changed)} gewijzigd",
               data={"before": list(before.values()), "after": [*(fields for _, fields in changed), *new]})  # fmt: skip
    return len(new), len(changed)


def make_card(*, workshop, organisation, fields: dict) -> Intervention:
    """Within a write."""
    last = workshop.own_interventions.aggregate(n=Max("position"))["n"] or 0
    return Intervention.objects.create(
        workshop=workshop, organisation=organisation, position=last + 1, **{name: fields[name] for name in FIELDS}
    )


def _own(by, card) -> Intervention:
    fresh = own_cards(by).filter(pk=card.pk).first()
    if fresh is None:
        raise Refused("Deze kaart is van een andere organisatie, of zij is intussen weggehaald.")
    return fresh


def _require_room(workshop, more: int) -> None:
    if workshop.own_interventions.count() + more > MOST:
        raise Refused(f"Er passen hooguit {MOST} eigen kaarten in een sessie.")
