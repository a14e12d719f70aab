"""Looking back on an agreement: what was agreed, what was done, what residents notice, and who may read that when.

As at the reading of the signal, tenants answer by themselves first: before that they do not see what the professionals
say, and nobody sees their answers until all are in. Nothing waits for it: the facilitator can reveal. Pure."""

import datetime
from dataclasses import dataclass

from matrix.stages import Role, Stage


def revealed_as(number: int) -> str:
    """How `Workshop.revealed` tells that all may read about this agreement."""
    return f"{Stage.LOOK_BACK}/{number}"


@dataclass(frozen=True)
class Answers:
    """Who answered on one agreement. `tenants`: pks of the tenant organisations at the table; `answered`: those that
    told what residents notice."""

    stage: str
    revealed: bool
    tenants: frozenset[int]
    answered: frozenset[int]

    @property
    def is_open(self) -> bool:
        """All may read all: there is nobody left to influence."""
        return self.stage != Stage.LOOK_BACK or self.revealed or self.tenants <= self.answered

    def may_read_done(self, role: str, organisation_id) -> bool:
        """What the professionals say that was done, and how to go on. The screen for the room has no role."""
        return self.is_open or role in (Role.FACILITATOR, Role.PARTNER) or organisation_id in self.answered

    def may_read_noticed(self, said, role: str, organisation_id) -> bool:
        """What one tenant organisation answered. Whoever entered it in their name knows it already."""
        if self.is_open or said.organisation_id == organisation_id:
            return True
        return role == Role.FACILITATOR and said.on_behalf


@dataclass(frozen=True)
class Agreed:
    """The words of the promise, as they were fixed or as they stand."""

    title: str
    lead: str
    start: datetime.date | None
    end: datetime.date | None
    partners: tuple[tuple[str, str], ...]  # organisation, what it brings
    means: str
    measure: str
    residents_notice: str
    plain_words: str
    version: int = 0  # of the plan in which they were fixed; 0: never fixed

    @property
    def has_more(self) -> bool:
        """Than its first sentence."""
        return bool(self.partners or self.measure or self.residents_notice or self.plain_words)


def agreed_in(content: dict, number: int, version: int) -> Agreed | None:
    """As a version of the plan holds it (`matrix.plan.canonical`); None when it was not in there."""
    found = next((one for one in content.get("agreements", ()) if one.get("number") == number), None)
    if found is None:
        return None
    partners = tuple((one["organisation"], one["text"]) for one in found.get("contributions", ()))
    words = {name: found.get(name, "") for name in ("title", "lead", "means", "measure", "residents_notice")}
    return Agreed(
        **words, start=_day(found.get("start")), end=_day(found.get("end")), partners=partners,
        plain_words=found.get("plain_words", ""), version=version,
    )  # fmt: skip


def _day(text) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def agreed_now(agreement) -> Agreed:
    """`agreement` with lead and contributions at hand."""
    words = {name: getattr(agreement, name) for name in ("title", "start", "end", "means", "measure")}
    return Agreed(
        **words, lead=str(agreement.lead or ""), residents_notice=agreement.residents_notice,
        plain_words=agreement.plain_words,
        partners=tuple((str(c.organisation), c.text) for c in agreement.contributions.all()),
    )  # fmt: skip
