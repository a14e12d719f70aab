"""The matrix as rows and cells, and what it shows by itself: coverage. Pure."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from matrix.models import FRAMEWORK_HELP, Agreement, Framework


@dataclass(frozen=True)
class Card:
    """A measure as it stands in one cell: in full in the first of its buurten, in the others as a line that leads
    there."""

    agreement: Agreement
    is_home: bool
    others: list[str]  # names of its other buurten
    objections: list

    @cached_property
    def facts(self) -> tuple[str, ...]:
        """What a filter can ask of it, one word each: the page carries them, so that a script filters as the server
        does."""
        agreement = self.agreement
        return (
            f"status-{agreement.status}",
            *([f"trekt-{agreement.lead_id}"] if agreement.lead_id else []),
            *(f"brengt-{contribution.organisation_id}" for contribution in agreement.contributions.all()),
            *([f"voorgesteld-{agreement.proposed_by_id}"] if agreement.proposed_by_id else []),
            *(["bezwaar"] if self.objections else []),
        )


def in_order(area):
    """Buurten stand by name everywhere."""
    return area.name, area.pk


def card_of(agreement, area) -> Card:
    areas = sorted(agreement.areas.all(), key=in_order)
    others = [other.name for other in areas if other.pk != area.pk]
    return Card(agreement, areas[0].pk == area.pk, others, agreement.objections)


@dataclass(frozen=True)
class Cell:
    area: object
    framework: Framework
    agreements: list
    empty: object | None  # the EmptyCell that says why

    @cached_property
    def cards(self) -> list[Card]:
        return [card_of(agreement, self.area) for agreement in self.agreements]

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
