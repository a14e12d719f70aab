"""Taking back what one did oneself. Only while everything still stands as that action left it: nobody's words are ever
overwritten by an undo. Each is itself one action with one event; what it takes back stays in the log, marked."""

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from matrix import stages
from matrix.actions import of_remarks, year_after
from matrix.actions.advice import stored
from matrix.actions.agreement import WORDING, plain, put_values, require_not_fixed, store_contributions
from matrix.actions.card import make_card
from matrix.actions.recording import Refused, record, writing
from matrix.actions.workshop import go_to
from matrix.advice import problems
from matrix.models import (
    Advice,
    Agreement,
    Amendment,
    Consent,
    EmptyCell,
    Event,
    Participation,
    Position,
    Progress,
    Reading,
    Remark,
    Workshop,
    WorkshopArea,
)
from matrix.own_actions import LOOK_BACK, OwnAction, own_actions, targets
from matrix.stages import Right


@dataclass(frozen=True)
class Undoing:
    workshop: Workshop
    by: Participation
    action: OwnAction

    @property
    def before(self):
        return self.action.oldest.data["before"]

    @property
    def after(self):
        return self.action.newest.data["after"]

    @property
    def data(self) -> dict:
        return self.action.newest.data

    def require(self, right: Right) -> None:
        """As the action itself did: also for what the facilitator entered in the name of an organisation."""
        speaker = self.action.newest.organisation
        if speaker is None or speaker.pk == self.by.organisation_id:
            stages.require(self.workshop.stage, right, self.by.role)
            return
        stages.require(self.workshop.stage, Right.ON_BEHALF, self.by.role)
        stages.require(self.workshop.stage, right, speaker.role)

    def expect(self, still_so: bool) -> None:
        if not still_so:
            self.refuse()

    def refuse(self):
        raise Refused(f"Dit kan niet meer ongedaan worden gemaakt. {self._who_came_after()} Er is niets veranderd.")

    def _who_came_after(self) -> str:
        newest = self.action.newest
        later = self.workshop.events.filter(revision__gt=newest.revision, undone=False).order_by("-revision")
        later = [event for event in later.select_related("organisation") if event.what != "shown"]
        found = next((e for e in later if targets(e) & self.action.targets), None) or next(
            (e for e in later if {*e.subjects} & {*newest.subjects}), None
        )
        if found is None:
            return "Er staat intussen iets anders."
        if found.participation_id == self.by.pk:
            return "U hebt het daarna zelf gewijzigd; maak dat eerst ongedaan."
        who = found.organisation or "De procesbegeleider"
        at = found.at.astimezone(ZoneInfo(settings.TIME_ZONE))
        return f"{who} heeft het daarna gewijzigd, om {at:%H:%M}."

    def agreement(self) -> Agreement:
        return self.workshop.agreements.get(number=self.data["number"])

    def remark(self) -> Remark:
        found = self.workshop.remarks.filter(pk=self.data["remark"]).first()
        if found is None:
            raise Refused("Deze opmerking is ingetrokken. Er is niets veranderd.")
        return found


def undo(*, by: Participation, revision: int) -> Event:
    """`revision` of the newest event of the action."""
    with writing(by) as workshop:
        action = next((a for a in own_actions(by, most=LOOK_BACK) if a.newest.revision == revision), None)
        if action is None:
            raise Refused("Dit is al ongedaan gemaakt, of het was niet uw laatste wijziging. Er is niets veranderd.")
        _UNDO[action.newest.what](Undoing(workshop, by, action))
        Event.objects.filter(pk__in=[event.pk for event in action.events]).update(undone=True)
        return record(workshop, by=by, what="undone", summary=f"Ongedaan gemaakt: {action.newest.summary}",
               subjects=_subjects(action), organisation=action.newest.organisation,
               data={"undid": [event.revision for event in action.events],
                     "targets": sorted(action.targets)})  # fmt: skip


def _subjects(action) -> list[str]:
    return list(dict.fromkeys(subject for event in action.events for subject in event.subjects))


def _analysed(u: Undoing):
    u.require(Right.ANALYSE)
    sheet, field = u.workshop.workshop_areas.get(area=u.data["area"]), u.data["field"]
    u.expect(getattr(sheet, field) == u.after)
    WorkshopArea.objects.filter(pk=sheet.pk).update(**{field: u.before})


def _recognised(u: Undoing):
    u.require(Right.RECOGNISE)
    said = {"area": u.data["area"], "organisation": u.action.newest.organisation}
    reading = u.workshop.readings.filter(**said).first()
    u.expect(reading is not None and reading.stored == u.after)
    _put_back(reading, u.before)


def _position_taken(u: Undoing):
    u.require(Right.TAKE_POSITION)
    agreement = u.agreement()
    if agreement.is_frozen and _fixed_since(u):
        require_not_fixed(agreement)
    position = agreement.positions.filter(organisation=u.action.newest.organisation).first()
    u.expect(position is not None and position.stored == u.after)
    _put_back(position, u.before)


def _fixed_since(u: Undoing) -> bool:
    return u.workshop.events.filter(what="frozen", revision__gt=u.action.newest.revision).exists()


def _amendment(u: Undoing) -> Amendment:
    """Of the action; while it is open."""
    every = list(u.agreement().amendments.all())
    found = every[u.data["amendment"] - 1]
    u.expect(found.is_open)
    return found


def _amended(u: Undoing):
    """It is withdrawn: nothing is ever wiped. Not when another organisation spoke of it."""
    u.require(Right.AMEND)
    amendment = _amendment(u)
    u.expect(not amendment.consents.exclude(organisation=u.action.newest.organisation).exists())
    amendment.state = Amendment.State.WITHDRAWN
    amendment.save(update_fields=["state"])


def _consent_given(u: Undoing):
    u.require(Right.AMEND)
    consent = _amendment(u).consents.filter(organisation=u.action.newest.organisation).first()
    u.expect(consent is not None and consent.stored == u.after)
    _put_back(consent, u.before)


def _put_back(said: Reading | Position | Consent, before: dict | None) -> None:
    """As `stored` told it; None: it was not there yet."""
    if before is None:
        said.delete()
        return
    for name, value in before.items():
        setattr(said, name, said._meta.get_field(name).to_python(value))
    said.save()


def _edited(u: Undoing):
    u.require(Right.EDIT)
    agreement = u.agreement()
    require_not_fixed(agreement)
    brought = u.action.oldest.data["brought_before"]
    now = {str(c.organisation_id): c.text for c in agreement.contributions.all()}
    u.expect(all(plain(agreement, name) == value for name, value in u.after.items()))
    u.expect(all(now.get(pk) == text for pk, text in u.data["brought_after"].items()))
    parties = {str(o.pk): o for o in u.workshop.organisations.all()}
    if not parties.keys() >= brought.keys() | {str(pk) for pk in [u.before.get("lead")] if pk}:
        raise Refused("De organisatie die hier stond, zit niet meer aan tafel. Er is niets veranderd.")
    put_values(u.workshop, agreement, u.before)
    store_contributions(agreement, {parties[pk]: text for pk, text in brought.items()})
    agreement.wording = _wording(u, agreement)
    agreement.save()


def _wording(u: Undoing, agreement) -> int:
    """When nobody said anything about the new words and nobody else changed any, the old words are there again, and
    with them the positions that were taken on them. Else they are new words once more."""
    if not (u.data["brought_after"] or set(u.after) & set(WORDING)):
        return agreement.wording
    spoken = agreement.positions.filter(wording=agreement.wording).exists()
    since = u.workshop.events.filter(revision__gt=u.action.oldest.revision, undone=False, what__in=("edited", "undone"))
    own = {event.pk for event in u.action.events}
    others = [e for e in since if e.pk not in own and f"agreements/{agreement.number}" in e.subjects]
    changed_number = u.action.oldest.data["wording_before"] != u.data["wording"]
    if changed_number and not spoken and agreement.wording == u.data["wording"] and not others:
        return u.action.oldest.data["wording_before"]
    return agreement.wording + spoken


def _advice(u: Undoing):
    """A part of the advice as it was. What came after it must still make sense."""
    part = u.action.newest.what.removeprefix("advice_")
    u.require(Right.GIVE_ADVICE if part == "given" else Right.ADVISE)
    advice = Advice.objects.filter(agreement=u.agreement()).select_related("organisation").first()
    u.expect(advice is not None and stored(advice, part) == u.after)
    for name, value in u.before.items():
        if name == "organisation":
            advice.organisation = u.workshop.organisations.filter(pk=value).first()
        else:
            setattr(advice, name, advice._meta.get_field(name).to_python(value))
    if found := problems(advice, timezone.localdate()):
        raise Refused(f"Dit kan niet meer ongedaan worden gemaakt. {next(iter(found.values()))} Er is niets veranderd.")
    advice.save()


def _status_set(u: Undoing):
    u.require(Right.PROGRESS)
    agreement = u.agreement()
    u.expect(agreement.status == u.after)
    if u.before not in Agreement.PROMISED and agreement.is_promised:
        require_not_fixed(agreement)
    agreement.status = Agreement.Status(u.before)
    agreement.save(update_fields=["status", "updated_at"])
    Progress.objects.filter(agreement=agreement, pk=u.data.get("line")).delete()


def _proposed(u: Undoing):
    """The measure lapses: nothing is ever wiped. What stood in its cell comes back."""
    u.require(Right.PROPOSE)
    agreement, event = u.agreement(), u.action.newest
    worked_on = u.workshop.events.filter(revision__gt=event.revision, undone=False).exclude(participation=u.by)
    about = f"agreements/{agreement.number}"
    began_as = u.data.get("status", Agreement.Status.IDEA)
    u.expect(agreement.status == began_as and not any(about in e.subjects for e in worked_on))
    agreement.status = Agreement.Status.DROPPED
    agreement.save(update_fields=["status", "updated_at"])
    for cell in u.data["emptied"]:
        _fill_cell(u.workshop, agreement.framework, cell)


def _fill_cell(workshop, framework, stored: dict) -> bool:
    """Empty on purpose again, unless a measure stands there now."""
    if workshop.agreements.standing().filter(areas=stored["area"], framework=framework).exists():
        return False
    organisation = workshop.organisations.filter(pk=stored["organisation"]).first()
    EmptyCell.objects.update_or_create(
        workshop=workshop, area_id=stored["area"], framework=framework,
        defaults={"reason": stored["reason"], "organisation": organisation},
    )  # fmt: skip
    return True


def _cell(u: Undoing):
    u.require(Right.LEAVE_EMPTY)
    cell = u.workshop.empty_cells.filter(area=u.data["area"], framework=u.data["framework"]).first()
    u.expect((cell and cell.stored) == u.after)
    if u.before is None:
        cell.delete()
    else:
        u.expect(_fill_cell(u.workshop, u.data["framework"], u.before))


def _said_plainly(u: Undoing):
    u.require(Right.EDIT)
    agreement = u.agreement()
    u.expect(agreement.plain_words == u.after)
    approved = agreement.plain_approvals.filter(version=agreement.plain_version).exists()
    same_number = agreement.plain_version == u.data["version"]
    agreement.plain_words = u.before
    if same_number and not approved:
        agreement.plain_version = u.action.oldest.data["version"] - 1  # what was approved of these words, is again
    else:
        agreement.plain_version += 1
    agreement.save(update_fields=["plain_words", "plain_version", "updated_at"])


def _workshop_described(u: Undoing):
    u.require(Right.ARRANGE)
    u.expect(all(str(getattr(u.workshop, name)) == value for name, value in u.after.items()))
    for name, value in u.before.items():
        setattr(u.workshop, name, u.workshop._meta.get_field(name).to_python(value))
    u.workshop.save(update_fields=list(u.before))


def _stage_moved(u: Undoing):
    u.require(Right.MOVE)
    u.expect(u.workshop.stage == u.after)
    go_to(u.workshop, u.before)


def _card_removed(u: Undoing):
    """As a new row: a measure that was made from it stood without meanwhile."""
    u.require(Right.OWN_CARD)
    make_card(workshop=u.workshop, organisation=u.action.newest.organisation, fields=u.before)


_UNDO: dict[str, Callable[[Undoing], None]] = {
    "analysed": _analysed,
    "recognised": _recognised,
    "edited": _edited,
    "status_set": _status_set,
    **year_after.UNDO,
    "advice_asked": _advice,
    "advice_given": _advice,
    "advice_decided": _advice,
    "proposed": _proposed,
    "said_plainly": _said_plainly,
    "position_taken": _position_taken,
    "amended": _amended,
    "consent_given": _consent_given,
    "left_empty": _cell,
    "cell_reopened": _cell,
    **of_remarks.UNDO,
    "card_removed": _card_removed,
    "workshop_described": _workshop_described,
    "stage_moved": _stage_moved,
}
