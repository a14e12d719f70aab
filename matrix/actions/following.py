"""A session that looks back on an earlier one: on the map of now, with the agreements that stand. The earlier session
stays as it is."""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import F

from maps.continuing import became
from maps.models import Area, SignalMap
from matrix.actions.preparing import copy_own_cards
from matrix.actions.recording import Refused, in_turn, record
from matrix.actions.workshop import SEATS_STAY
from matrix.models import Advice, Agreement, EmptyCell, Intervention, Workshop, WorkshopArea, seat_code

TEXTS = ("problem_analysis", "definition_of_success", "practice_knowledge")


@dataclass
class Carried:
    """What came of a follow-up session; names for what could not come along."""

    workshop: Workshop
    left_areas: list[str] = field(default_factory=list)
    left_agreements: list[str] = field(default_factory=list)
    smaller: list[str] = field(default_factory=list)  # agreements that hold for fewer buurten now


def follow_up(
    *, by_user, workshop: Workshop, title: str, date: datetime.date, place: str, edition: SignalMap, with_ideas: bool
) -> Carried:
    """With new seat codes, the same numbers, and words that were agreed: those change by an amendment only."""
    with in_turn():
        return _Following(workshop, edition).make(by_user, title, date, place, with_ideas)


class _Following:
    def __init__(self, workshop, edition):
        self.workshop, self.edition = workshop, edition
        self.sheets = list(workshop.workshop_areas.select_related("area").defer("area__geometry"))
        self.areas = _areas_now(workshop, edition, [sheet.area for sheet in self.sheets])
        self.parties = {None: None}
        self.ours = set(Intervention.objects.filter(workshop=None).values_list("pk", flat=True))

    def make(self, by_user, title, date, place, with_ideas) -> Carried:
        earlier = self.workshop
        Workshop.objects.filter(pk=earlier.pk).update(revision=F("revision"))  # nobody writes in it meanwhile
        if there := earlier.followed_by.filter(title=title, date=date).first():
            return Carried(there)  # the same form twice, by a second click
        if not any(self.areas.values()):
            raise Refused("Geen van de buurten staat op deze kaart. Kies een andere kaart.")
        made = Workshop.objects.create(
            title=title, date=date, place=place, follows=earlier, signal_map=self.edition, revision=1,
            fictional=earlier.fictional, start_time=earlier.start_time, seats_until=date + SEATS_STAY,
        )  # fmt: skip
        made.facilitators.set({*earlier.facilitators.all(), by_user})
        self.carried = Carried(made)
        self._take_areas(made)
        for organisation in earlier.organisations.all():
            self.parties[organisation.pk] = _copy(organisation, workshop_id=made.pk, seat_code=seat_code()).pk
        self.cards = copy_own_cards(earlier, made, self.parties)
        wanted = earlier.agreements.standing() if with_ideas else earlier.agreements.promised()
        for agreement in wanted.prefetch_related("areas"):
            self._take_agreement(made, agreement)
        self._take_empty_cells(made)
        record(made, by=None, what="follow_up_made", summary=f"Terugbliksessie «{title}» gemaakt bij «{earlier}»"[:300],
               subjects=[], data={"left_areas": self.carried.left_areas, "smaller": self.carried.smaller,
                                  "left_agreements": self.carried.left_agreements})  # fmt: skip
        return self.carried

    def _take_areas(self, made) -> None:
        """Two buurten that became one keep both texts, each under its name."""
        texts = defaultdict(list)
        for sheet in self.sheets:
            for area in self.areas[sheet.area_id]:
                texts[area.pk].append(sheet)
            if not self.areas[sheet.area_id]:
                self.carried.left_areas.append(sheet.area.name)
        WorkshopArea.objects.bulk_create(
            WorkshopArea(workshop=made, area_id=pk, **{name: _joined(sheets, name) for name in TEXTS})
            for pk, sheets in texts.items()
        )

    def _take_agreement(self, made, earlier: Agreement) -> None:
        before = [area for area in earlier.areas.all() if area.pk in self.areas]
        areas = {area.pk for old in before for area in self.areas[old.pk]}
        if not areas:
            self.carried.left_agreements.append(str(earlier))
            return
        if not all(self.areas[old.pk] for old in before):
            self.carried.smaller.append(str(earlier))
        card = earlier.intervention_id
        agreement = _copy(
            earlier, workshop_id=made.pk, follows_id=earlier.pk, lead_id=self.parties[earlier.lead_id],
            proposed_by_id=self.parties[earlier.proposed_by_id],
            intervention_id=card if card in self.ours else self.cards.get(card),
            frozen_wording=earlier.wording if earlier.is_promised else earlier.frozen_wording,
        )  # fmt: skip
        agreement.areas.set(areas)
        for name in ("contributions", "positions", "plain_approvals", "progress"):
            for row in reversed(list(getattr(earlier, name).all())):  # the log is newest first
                self._take_row(row, agreement)
        for row in Advice.objects.filter(agreement=earlier):
            self._take_row(row, agreement)

    def _take_row(self, row, agreement) -> None:
        _copy(row, agreement_id=agreement.pk, organisation_id=self.parties[row.organisation_id])

    def _take_empty_cells(self, made) -> None:
        cells = {}
        for cell in self.workshop.empty_cells.all():
            for area in self.areas.get(cell.area_id, ()):
                cells.setdefault((area.pk, cell.framework), cell)
        filled = set(made.agreements.values_list("areas", "framework"))
        EmptyCell.objects.bulk_create(
            EmptyCell(
                workshop=made, area_id=pk, framework=framework, reason=cell.reason,
                organisation_id=self.parties[cell.organisation_id],
            )
            for (pk, framework), cell in cells.items() if (pk, framework) not in filled
        )  # fmt: skip


def _areas_now(workshop, edition, areas) -> dict[int, list[Area]]:
    """Area of then -> the areas of the new map that it is now; none when it has no place there."""
    then, now = workshop.signal_map.division, edition.division
    found = became(edition.municipality, then, now, [area.code for area in areas])
    on_map = {area.code: area for area in Area.objects.filter(signals__signal_map=edition).defer("geometry")}
    return {
        area.pk: [on_map[code] for code in found[area.code].codes if code in on_map] if area.code in found else []
        for area in areas
    }


def _joined(sheets, name) -> str:
    texts = [(sheet, getattr(sheet, name)) for sheet in sheets if getattr(sheet, name)]
    if len(sheets) == 1:
        return texts[0][1] if texts else ""
    return "\n\n".join(f"{sheet.area.name}: {text}" for sheet, text in texts)


def _copy(row, **changes):
    """A row like this one, as it is: also its moments are those of then."""
    fields = [f.attname for f in row._meta.concrete_fields if not f.primary_key]
    made = type(row)(**{name: getattr(row, name) for name in fields} | changes)
    made.save_base(raw=True, force_insert=True)
    return made
