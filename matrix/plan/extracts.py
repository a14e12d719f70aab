"""Parts of the plan, each for one reader: an organisation, a buurt, residents. From the plan alone; no database."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby

from django.utils.safestring import SafeString, mark_safe

from maps.svgmap import signal_map_svg
from matrix.models import Position
from matrix.plan.joint import PlanDocument
from matrix.plan.parts import Brought, Chapter, ConfirmLine, Party, PositionLine, Sheet

# ---- what do we promise, what is promised to us ----


@dataclass(frozen=True)
class Day:
    day: datetime.date
    what: str
    sheet: Sheet


@dataclass(frozen=True)
class ForParty:
    """The plan as one organisation keeps it at hand."""

    plan: PlanDocument
    party: Party

    @property
    def name(self) -> str:
        return self.party.name

    @cached_property
    def leads(self) -> list[Sheet]:
        return [sheet for sheet in self.plan.agreements if sheet.lead == self.name]

    @cached_property
    def brings(self) -> list[tuple[Sheet, str]]:
        return [
            (sheet, brought.text)
            for sheet in self.plan.agreements
            for brought in sheet.contributions
            if brought.organisation == self.name and sheet.lead != self.name
        ]

    @property
    def receives(self) -> list[tuple[Sheet, list[Brought]]]:
        """What others bring to what this party leads."""
        found = [(s, [b for b in s.contributions if b.organisation != self.name]) for s in self.leads]
        return [(sheet, brought) for sheet, brought in found if brought]

    @cached_property
    def is_tenant(self) -> bool:
        heard = (name for c in self.plan.chapters for name in (*c.waiting, *(r.organisation for r in c.readings)))
        return self.name in heard

    @cached_property
    def buurten(self) -> set[str]:
        """Where it has a task; tenants are at home in all of them."""
        if self.is_tenant:
            return {chapter.name for chapter in self.plan.chapters}
        mine = [*self.leads, *(sheet for sheet, _ in self.brings)]
        return {area for sheet in mine for area in sheet.areas}

    @cached_property
    def promised_here(self) -> list[tuple[str, list[Sheet]]]:
        """What others lead in its buurten, by who leads."""
        mine = {sheet.number for sheet in self.leads}
        found = [s for s in self.plan.agreements if s.number not in mine and self.buurten & set(s.areas)]
        by_lead = sorted(found, key=lambda sheet: (not sheet.lead, sheet.lead))
        return [(lead, list(sheets)) for lead, sheets in groupby(by_lead, key=lambda sheet: sheet.lead)]

    @cached_property
    def positions(self) -> list[tuple[Sheet, PositionLine]]:
        return [(s, p) for s in self.plan.sheets for p in s.given if p.organisation == self.name]

    @property
    def worded(self) -> list[tuple[Sheet, PositionLine]]:
        """All but the plain yeses."""
        return [(s, p) for s, p in self.positions if p.stance != Position.Stance.AGREE or p.reason or p.stale]

    @property
    def agreed(self) -> list[Sheet]:
        worded = {sheet.number for sheet, _ in self.worded}
        return in_order(sheet for sheet, _ in self.positions if sheet.number not in worded)

    @property
    def silent(self) -> list[Sheet]:
        return in_order(s for s in self.plan.agreements if any(p.organisation == self.name for p in s.silent))

    @property
    def to_confirm(self) -> list[tuple[Sheet, ConfirmLine]]:
        return [(s, line) for s in self.plan.agreements for line in s.to_confirm if line.organisation == self.name]

    @cached_property
    def days(self) -> list[Day]:
        mine = [*self.leads, *(sheet for sheet, _ in self.brings)]
        found = [Day(sheet.start, "begint", sheet) for sheet in mine if sheet.start]
        found += [Day(sheet.end, "klaar", sheet) for sheet in mine if sheet.end]
        found += [
            Day(position.back_by, "ons antwoord na overleg met de achterban", sheet)
            for sheet, position in self.positions
            if position.stance == Position.Stance.CONSULT and position.back_by
        ]
        found += [
            Day(sheet.advice.due_on, "ons advies uiterlijk", sheet)
            for sheet in self.plan.advised
            if sheet.advice.organisation == self.name and sheet.advice.due_on and not sheet.advice.received_on
        ]
        return sorted(found, key=lambda day: (day.day, int(day.sheet.number), day.what))


def in_order(sheets: Iterable[Sheet]) -> list[Sheet]:
    """Where only their numbers stand."""
    return sorted(sheets, key=lambda sheet: int(sheet.number))


# ---- one buurt ----


@dataclass(frozen=True)
class ForBuurt:
    plan: PlanDocument
    chapter: Chapter

    @cached_property
    def agreements(self) -> tuple[Sheet, ...]:
        return tuple(sheet for sheet in self.plan.agreements if self.chapter.name in sheet.areas)

    @cached_property
    def proposals(self) -> tuple[Sheet, ...]:
        return tuple(sheet for sheet in self.plan.proposals if self.chapter.name in sheet.areas)

    @property
    def objections(self) -> list:
        here = {sheet.number for sheet in (*self.agreements, *self.proposals)}
        return [objection for objection in self.plan.objections if objection.sheet.number in here]

    @property
    def only_here(self) -> PlanDocument:
        """The plan with these agreements alone, for the pages that show agreements."""
        return replace(self.plan, agreements=self.agreements, proposals=self.proposals)

    @cached_property
    def map(self) -> SafeString:
        """This buurt among those around it."""
        areas = [a if a.code == self.chapter.code else replace(a, style=None) for a in self.plan.map_areas]
        title = f"Waar {self.chapter.name} ligt in {self.plan.municipality}"
        return mark_safe(signal_map_svg(areas, width_mm=166, max_height_mm=62, title=title, prefix="plan-buurt"))


# ---- residents ----


@dataclass(frozen=True)
class Street:
    """What happens in one buurt, for who lives there."""

    name: str
    code: str
    sheets: tuple[Sheet, ...]

    @property
    def anchor(self) -> str:
        return f"bewoners-{self.code}"


@dataclass(frozen=True)
class ForResidents:
    plan: PlanDocument
    code: str = ""  # of one buurt; empty: all

    @cached_property
    def everywhere(self) -> tuple[Sheet, ...]:
        """Said once, where all buurten stand in one paper."""
        return () if self.code else tuple(sheet for sheet in self.plan.agreements if sheet.everywhere)

    @cached_property
    def streets(self) -> list[Street]:
        said = {sheet.number for sheet in self.everywhere}
        return [
            Street(c.name, c.code, tuple(s for s in self.plan.agreements if c.name in s.areas and s.number not in said))
            for c in self.plan.chapters
            if self.code in ("", c.code)
        ]

    @property
    def with_something(self) -> list[Street]:
        return [street for street in self.streets if street.sheets]

    @property
    def with_nothing(self) -> list[Street]:
        return [street for street in self.streets if not street.sheets]

    @property
    def to_ask(self) -> list[str]:
        """Who leads something, in the order of the table."""
        leading = {sheet.lead for street in self.streets for sheet in street.sheets} | {s.lead for s in self.everywhere}
        return [party.name for party in self.plan.parties if party.name in leading]
