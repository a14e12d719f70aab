"""The matrix as rows and cells, and what it shows by itself: coverage, hints, who promises nothing. Pure."""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from matrix.models import FRAMEWORK_HELP, Agreement, Framework, Position


@dataclass(frozen=True)
class Cell:
    area: object
    framework: Framework
    agreements: list
    empty: object | None  # the EmptyCell that says why

    @property
    def promised(self):
        return sum(a.is_promised for a in self.agreements)

    @property
    def state(self):
        """agreed, busy (only ideas and proposals), deliberate (empty on purpose) or empty."""
        if self.promised:
            return "agreed"
        if self.agreements:
            return "busy"
        return "deliberate" if self.empty else "empty"

    @property
    def counts(self):
        """'2 afspraken, 1 voorstel': what is in it, in words."""
        words = []
        for statuses, one, many in _COUNTED:
            n = sum(a.status in statuses for a in self.agreements)
            if n:
                words.append(f"{n} {one if n == 1 else many}")
        return ", ".join(words)


_COUNTED = (
    (Agreement.PROMISED, "afspraak", "afspraken"),
    ((Agreement.Status.PROPOSAL,), "voorstel", "voorstellen"),
    ((Agreement.Status.IDEA,), "idee", "ideeën"),
)


@dataclass(frozen=True)
class Row:
    framework: Framework
    cells: list[Cell]

    @property
    def help(self):
        return FRAMEWORK_HELP[self.framework]

    @property
    def complete(self):
        """How many buurten have an agreement here, or a reason why not."""
        return sum(cell.state in {"agreed", "deliberate"} for cell in self.cells)


@dataclass(frozen=True)
class Board:
    areas: list
    rows: list[Row]

    @cached_property
    def by_area(self) -> dict[int, list[Cell]]:
        """Area pk -> its four cells, in the order of the frameworks."""
        found = defaultdict(list)
        for row in self.rows:
            for cell in row.cells:
                found[cell.area.pk].append(cell)
        return dict(found)

    @property
    def columns(self):
        return [(area, self.by_area[area.pk]) for area in self.areas]


def build_board(areas, agreements, empty_cells) -> Board:
    """`agreements` with their areas at hand, dropped ones left out."""
    areas = list(areas)
    inside = defaultdict(list)
    for agreement in agreements:
        for area in agreement.areas.all():
            inside[area.pk, agreement.framework].append(agreement)
    empty = {(cell.area_id, cell.framework): cell for cell in empty_cells}
    rows = [
        Row(
            framework,
            [Cell(area, framework, inside[area.pk, framework], empty.get((area.pk, framework))) for area in areas],
        )
        for framework in Framework
    ]
    return Board(areas, rows)


def hints(agreement) -> list[str]:
    """What is not concrete yet. Soft: it never blocks anyone."""
    missing = [
        (agreement.lead_id is None, "geen trekker"),
        (agreement.start is None, "geen begindatum"),
        (agreement.end is None, "geen einddatum"),
        (not agreement.means, "geen middelen"),
        (not agreement.measure, "niet gezegd waaraan we zien dat het werkt"),
        (not agreement.residents_notice, "niet gezegd wat bewoners merken"),
    ]
    return [text for absent, text in missing if absent]


@dataclass(frozen=True)
class Standing:
    """Where one organisation stands on one agreement; position None when it has not said."""

    organisation: object
    position: Position | None
    stale: bool  # said about an earlier wording


def standings(agreement, organisations) -> list[Standing]:
    by_organisation = {position.organisation_id: position for position in agreement.positions.all()}
    found = []
    for organisation in organisations:
        position = by_organisation.get(organisation.pk)
        found.append(Standing(organisation, position, bool(position and position.wording != agreement.wording)))
    return found


@dataclass
class Promise:
    """What one organisation promises: the agreements that it leads, and those to which it brings something."""

    organisation: object
    leads: list = field(default_factory=list)
    contributes: list = field(default_factory=list)  # (agreement, text)

    @property
    def nothing(self):
        return not self.leads and not self.contributes


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
