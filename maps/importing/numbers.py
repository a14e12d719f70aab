"""Cells to figures, a column at a time, in Dutch or English notation and never silently wrong.

`1.234` is 1234 to a Dutch reader and 1,234 to an English one. A column is read in the notation that its other
cells prove; where nothing proves one, it is refused. Different cells are few, so each is interpreted once.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from math import inf, isfinite, isnan
from typing import TYPE_CHECKING

from maps.importing.problems import Problems
from maps.importing.tables import Cell
from maps.importing.words import number_of
from maps.indicators import MISSING_EMPTY, MISSING_FROM, Indicator, missing_reason

if TYPE_CHECKING:
    import numpy
    import pandas


class Notation(Enum):
    POINT = "decimale punt"
    COMMA = "decimale komma"

    __hash__ = object.__hash__  # that of Enum is Python code; every different cell makes a dict of these


NOTATIONS = tuple(Notation)

EMPTY = {"", ".", "x", "-", "nan"}
BLANKS = " \t\r\n\u00a0\u202f\"'"
NUMBER = {
    Notation.POINT: re.compile(r"(?=\D*\d)[+-]?(\d+|[1-9]\d{0,2}(,\d{3})+)?(\.\d*)?([eE][+-]?\d{1,3})?"),
    Notation.COMMA: re.compile(r"(?=\D*\d)[+-]?(\d+|[1-9]\d{0,2}(\.\d{3})+)?(,\d*)?([eE][+-]?\d{1,3})?"),
}


COUNTED = {"inwoners", "huishoudens", "woningen", "personen", "misdrijven"}


@dataclass(frozen=True)
class Bounds:
    """What a figure can be. Beyond it the column holds something else, or another notation."""

    low: float
    high: float
    whole: bool = False

    def holds(self, value: float) -> bool:
        """What CBS marks as missing is no figure, so it is within any bounds."""
        return self.low <= value <= self.high or value <= MISSING_FROM

    def complaint(self, value: float) -> str | None:
        if not self.holds(value):
            return "kan niet negatief zijn" if self.high == inf else f"ligt niet tussen {self.low} en {self.high}"
        return "is geen heel getal" if self.whole and not float(value).is_integer() else None


def bounds_of(indicator: Indicator) -> Bounds:
    if indicator.key == "lbm":
        return Bounds(0, 10)
    if indicator.unit == "verschil met Nederland":
        return Bounds(-2, 2)
    return Bounds(0, 100) if indicator.unit.startswith("%") else Bounds(0, inf, whole=indicator.unit in COUNTED)


@lru_cache(maxsize=10_000)
def readings(cell: Cell) -> Mapping[Notation, float]:
    """What the cell says in each notation in which it is a number at all. A missing figure is NaN in both."""
    if isinstance(cell, str):
        text = cell.strip(BLANKS)
        if text.isdecimal() and text.isascii():
            found = dict.fromkeys(NOTATIONS, float(text))
        elif text.lower() in EMPTY:
            return dict.fromkeys(NOTATIONS, float("nan"))
        else:
            found = {n: _value(text, n) for n in NOTATIONS if NUMBER[n].fullmatch(text)}
    else:
        found = dict.fromkeys(NOTATIONS, float(cell))
    return {notation: value for notation, value in found.items() if isfinite(value) or isnan(value)}


def _value(text: str, notation: Notation) -> float:
    thousands, decimal = (",", ".") if notation is Notation.POINT else (".", ",")
    return float(text.replace(thousands, "").replace(decimal, "."))


def _is_open(reading: Mapping[Notation, float]) -> bool:
    """Both notations read it, and not as the same number."""
    values = list(reading.values())
    return len(values) == 2 and values[0] != values[1] and not isnan(values[0])


@dataclass(frozen=True)
class Column:
    """The different cells of a column with their readings; `numbers` says per row which of them it holds."""

    name: str
    lines: "numpy.ndarray"
    numbers: "numpy.ndarray"
    cells: list[Cell]
    readings: list[Mapping[Notation, float]]

    def rows_with(self, chosen: Collection[int], rows: "numpy.ndarray") -> list[tuple[int, int]]:
        """Line number and which cell, of these rows that hold one of these cells."""
        import numpy

        mask = rows & numpy.isin(self.numbers, list(chosen))
        return list(zip(self.lines[mask].tolist(), self.numbers[mask].tolist(), strict=True))

    def written_in(self, notation: Notation) -> list[int]:
        """The cells that only this notation can read."""
        return [n for n, reading in enumerate(self.readings) if len(reading) == 1 and notation in reading]

    def settled_notation(self, unclear: Collection[int], bounds: Bounds) -> Notation | None:
        """The one notation of the cells without doubt, else the one in which the unclear are possible."""
        settled = [notation for notation in Notation if self.written_in(notation)]
        if not settled:
            settled = [n for n in Notation if all(bounds.holds(self.readings[i][n]) for i in unclear)]
        return settled[0] if len(settled) == 1 else None


def read_column(
    cells: "pandas.Series", name: str, bounds: Bounds, *, rows: "numpy.ndarray", problems: Problems
) -> tuple["numpy.ndarray", "numpy.ndarray"]:
    """Values (NaN when missing) and reasons (None when there is a value), one a cell.

    The whole column settles the notation. Only problems in `rows` (a mask) count: the rest is not stored.
    """
    import numpy

    numbers, different = _different(cells)
    read = [readings(cell) for cell in different]
    column = Column(name, cells.index.to_numpy(), numbers, different, read)
    stored = set(numpy.unique(numbers[rows]).tolist())
    unclear = {n for n in stored if _is_open(column.readings[n])}
    notation = column.settled_notation(unclear, bounds)
    if notation:
        unclear = set()
    if unclear:
        _report_unclear(column, unclear, rows, problems)
    chosen = [reading.get(notation, next(iter(reading.values()), None)) for reading in read]
    complaints = {n: text for n in stored if (text := _complaint(chosen[n], bounds)) and n not in unclear}
    _report(column, complaints, rows, problems)
    reasons = [_reason(value) for value in chosen]
    values = [float("nan") if reason else value for value, reason in zip(chosen, reasons, strict=True)]
    return numpy.array(values, dtype=float)[numbers], numpy.array(reasons, dtype=object)[numbers]


def _different(cells: "pandas.Series") -> tuple["numpy.ndarray", list[Cell]]:
    """The different cells, and per row which of them it holds."""
    import numpy
    import pandas

    if isinstance(cells.dtype, pandas.CategoricalDtype):
        return cells.cat.codes.to_numpy(), cells.cat.categories.tolist()
    different: dict[Cell, int] = {}
    numbers = [different.setdefault(cell, len(different)) for cell in cells.tolist()]
    return numpy.array(numbers), list(different)


def _reason(value: float | None) -> str | None:
    return MISSING_EMPTY if value is None or isnan(value) else missing_reason(value)


def _complaint(value: float | None, bounds: Bounds) -> str | None:
    if value is None:
        return "is geen getal"
    return None if isnan(value) else bounds.complaint(value)


def _report(column: Column, complaints: dict[int, str], rows, problems: Problems) -> None:
    if complaints:
        found = column.rows_with(complaints, rows)
        problems.add_rows(
            [line for line, _ in found],
            column.name,
            lambda i: f"«{column.cells[found[i][1]]}» {complaints[found[i][1]]}",
        )


def _report_unclear(column: Column, unclear: Collection[int], rows, problems: Problems) -> None:
    import numpy

    found = column.rows_with(unclear, rows)
    line, first = found[0]
    cell = column.cells[first]
    proofs = []
    for notation in Notation:
        for proof_line, n in column.rows_with(column.written_in(notation), numpy.ones_like(rows))[:1]:
            proofs.append(f"een {notation.value} op regel {proof_line} («{column.cells[n]}»)")
    if len(proofs) == 2:
        why = f"de kolom bevat {' én '.join(proofs)}, dus niet is te zien wat «{cell}» is"
    else:
        low, high = sorted(readings(cell).values())
        why = f"niet is te zien of «{cell}» {high:.0f} is of {str(low).replace('.', ',')}"
    cells = number_of(len(found), "cel", "cellen")
    problems.add(line, column.name, f"{why} ({cells}). Bewaar de kolom zonder tekens tussen duizendtallen.")
