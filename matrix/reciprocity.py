"""Who promises what, and who promises nothing. Pure."""

from dataclasses import dataclass, field

from matrix.confirming import ToConfirm, to_confirm
from matrix.models import Framework


@dataclass
class Promise:
    """What one organisation promises: the agreements that it leads, and those to which it brings something."""

    organisation: object
    leads: list = field(default_factory=list)
    contributes: list = field(default_factory=list)  # (agreement, text)

    @property
    def nothing(self):
        return not self.leads and not self.contributes

    @property
    def unnamed(self):
        """The agreements in which it takes part without having said what it brings."""
        return [agreement for agreement, text in self.contributes if not text]


def promises(agreements, organisations) -> list[Promise]:
    """Per organisation, over agreements that were made (not ideas)."""
    found = {organisation.pk: Promise(organisation) for organisation in organisations}
    for agreement in sorted(agreements, key=lambda a: a.number):
        if not agreement.is_promised:
            continue
        if agreement.lead_id in found:
            found[agreement.lead_id].leads.append(agreement)
        for contribution in agreement.contributions.all():
            if contribution.organisation_id != agreement.lead_id and contribution.organisation_id in found:
                found[contribution.organisation_id].contributes.append((agreement, contribution.text))
    return list(found.values())


@dataclass(frozen=True)
class Mark:
    """What one organisation does in one agreement."""

    organisation: object
    letter: str  # T, D or –
    unnamed: bool  # takes part, and has not said with what
    to_confirm: bool

    @property
    def words(self) -> str:
        return {"T": "trekt", "D": "draagt bij"}.get(self.letter, "niets")


@dataclass(frozen=True)
class Line:
    agreement: object
    marks: list[Mark]

    @property
    def alone(self) -> bool:
        """Only one party does anything."""
        return sum(mark.letter != "–" for mark in self.marks) < 2


@dataclass(frozen=True)
class Party:
    """One column of the view, and all that stands in it."""

    promise: Promise
    of: int  # agreements in the view
    to_confirm: set[int]  # pks of agreements

    @property
    def organisation(self):
        return self.promise.organisation

    @property
    def nothing(self) -> int:
        return self.of - len(self.promise.leads) - len(self.promise.contributes)

    @property
    def lines(self) -> list[tuple]:
        """(letter, agreement, text, to be confirmed), by number."""
        led = [("T", agreement, "") for agreement in self.promise.leads]
        brought = [("D", agreement, text) for agreement, text in self.promise.contributes]
        lines = sorted([*led, *brought], key=lambda line: line[1].number)
        return [(*line, line[1].pk in self.to_confirm) for line in lines]


@dataclass(frozen=True)
class Reciprocity:
    lines: list[Line]
    parties: list[Party]

    @property
    def nothing(self) -> list:
        """Organisations that promise nothing at all here."""
        return [party.organisation for party in self.parties if party.promise.nothing]

    @property
    def unnamed(self) -> list[Party]:
        return [party for party in self.parties if party.promise.unnamed]

    @property
    def alone(self) -> list:
        return [line.agreement for line in self.lines if line.alone]


def reciprocity(agreements, organisations) -> Reciprocity:
    """Agreements that were made, against organisations (with `present`)."""
    agreements = sorted((a for a in agreements if a.is_promised), key=lambda a: a.number)
    waiting = {agreement.pk: to_confirm(agreement, organisations) for agreement in agreements}
    parties = [
        Party(promise, len(agreements), {pk for pk, found in waiting.items() if _has(found, promise.organisation)})
        for promise in promises(agreements, organisations)
    ]
    return Reciprocity([_line(a, organisations, waiting[a.pk]) for a in agreements], parties)


def _has(found: list[ToConfirm], organisation) -> bool:
    return any(one.organisation.pk == organisation.pk for one in found)


def _line(agreement, organisations, waiting) -> Line:
    brought = {c.organisation_id: c.text for c in agreement.contributions.all()}
    marks = []
    for organisation in organisations:
        leads, brings = organisation.pk == agreement.lead_id, organisation.pk in brought
        letter = "T" if leads else "D" if brings else "–"
        unnamed = letter == "D" and not brought[organisation.pk]
        marks.append(Mark(organisation, letter, unnamed, _has(waiting, organisation)))
    return Line(agreement, marks)


@dataclass(frozen=True)
class Gap:
    """A framework or buurt with agreements, and who promises nothing in it."""

    name: str
    agreements: int
    organisations: list


def gaps(agreements, organisations, areas) -> tuple[list[Gap], list[Gap]]:
    """Per framework and per buurt: who promises nothing there. Without agreements there is nothing to promise."""
    made = [_Made(a) for a in agreements if a.is_promised]
    frameworks = [_gap(f.label, [m for m in made if m.framework == f], organisations) for f in Framework]
    buurten = [_gap(area.name, [m for m in made if area.pk in m.areas], organisations) for area in areas]
    return [gap for gap in frameworks if gap.agreements], [gap for gap in buurten if gap.agreements]


class _Made:
    """What `gaps` asks of one agreement, looked up once."""

    def __init__(self, agreement):
        self.framework = agreement.framework
        self.areas = {area.pk for area in agreement.areas.all()}
        self.parties = {agreement.lead_id, *(c.organisation_id for c in agreement.contributions.all())}


def _gap(name, made, organisations) -> Gap:
    involved = {pk for one in made for pk in one.parties}
    return Gap(name, len(made), [organisation for organisation in organisations if organisation.pk not in involved])
