"""Which of the four frameworks a buurt has: agreed, empty on purpose, only ideas, or empty. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from maps.classification import FotoClass, SignalClass
from maps.style import SCALE, ClassStyle
from matrix.board import Board, Cell

# Of film or foto: in these buurten something is to be expected.
UNDER_PRESSURE = {SignalClass.UNDER_PRESSURE, SignalClass.EARLY_SIGNAL, FotoClass.DOUBLE_PRESSURE}
ENOUGH = 2  # frameworks with an agreement; fewer in a buurt under pressure is worth a word

_HOW_MANY = ("geen van de vier kaders", "één van de vier kaders")
STATES = {
    "agreed": "afgesproken",
    "deliberate": "bewust leeg",
    "busy": "alleen ideeën",
    "empty": "leeg",
}
LETTERS = {"agreed": "A", "deliberate": "B", "busy": "I", "empty": "–"}


@dataclass(frozen=True)
class AreaCoverage:
    area: object
    cells: list[Cell]  # in the order of the frameworks
    is_under_pressure: bool

    def count(self, state: str) -> int:
        return sum(cell.state == state for cell in self.cells)

    @property
    def agreed(self) -> int:
        return self.count("agreed")

    @property
    def deliberate(self) -> int:
        return self.count("deliberate")

    @property
    def filled(self) -> int:
        """With an agreement, or with the reason why not."""
        return self.agreed + self.deliberate

    @property
    def style(self) -> ClassStyle:
        return SCALE[self.filled]

    @property
    def told(self) -> str:
        """'2 van de 4 kaders gevuld, waarvan 1 bewust leeg. Alleen ideeën: … Leeg: …'"""
        purpose = f", waarvan {self.deliberate} bewust leeg" if self.deliberate else ""
        words = [f"{self.filled} van de {len(self.cells)} kaders gevuld{purpose}."]
        for state, word in (("busy", "Alleen ideeën"), ("empty", "Leeg")):
            names = [cell.framework.label for cell in self.cells if cell.state == state]
            if names:
                words.append(f"{word}: {', '.join(names)}.")
        return " ".join(words)

    @property
    def warning(self) -> str:
        """Soft: a reason to look once more, never a block."""
        if not self.is_under_pressure or self.agreed >= ENOUGH:
            return ""
        return f"Buurt onder druk, en in {_HOW_MANY[self.agreed]} iets afgesproken"


def cover(board: Board, classes: dict[int, Iterable[str]]) -> list[AreaCoverage]:
    """`classes`: what film and foto say of a buurt, by its key."""
    return [
        AreaCoverage(area, cells, bool(UNDER_PRESSURE.intersection(classes.get(area.pk, ()))))
        for area, cells in board.columns
    ]


SORTS = {
    "naam": lambda covered: "",
    "gevuld": lambda covered: covered.filled,
    "afgesproken": lambda covered: covered.agreed,
    "druk": lambda covered: not covered.warning,
}


def in_order(covered: Iterable[AreaCoverage], sort: str, descending: bool) -> list[AreaCoverage]:
    """By name within equals."""
    by_name = sorted(covered, key=lambda one: one.area.name.casefold())
    if sort == "naam":
        return by_name[::-1] if descending else by_name
    return sorted(by_name, key=SORTS[sort], reverse=descending)
