"""The matrix for the wall: four frameworks by as many buurten as stay readable, each cell with its code."""

from dataclasses import dataclass

from django.db.models import Prefetch

from maps.models import Area
from matrix.board import build_board
from matrix.models import FRAMEWORK_HELP, Framework
from matrix.paper.codes import LETTERS, cell_code
from matrix.paper.places import Place, places_of
from matrix.paper.sheets import SIZES, Size, fitted, spread, text_height


@dataclass(frozen=True)
class PosterLine:
    number: int
    title: str
    status: str
    promised: bool
    lead: str

    @property
    def text(self) -> str:
        return f"{self.number} {self.title} {self.told}"

    @property
    def told(self) -> str:
        return f"{self.status}, {self.lead}" if self.lead else self.status


@dataclass(frozen=True)
class PosterCell:
    code: str
    lines: tuple[PosterLine, ...]
    reason: str  # why it is empty on purpose

    @property
    def texts(self) -> list[str]:
        return [line.text for line in self.lines] or ([f"Bewust leeg: {self.reason}"] if self.reason else [])


@dataclass(frozen=True)
class PosterRow:
    label: str
    letter: str
    help: str
    height: float  # millimetres
    cells: tuple[PosterCell, ...]


@dataclass(frozen=True)
class PosterSheet:
    places: tuple[Place, ...]
    rows: tuple[PosterRow, ...]
    points: float

    @property
    def called(self) -> str:
        first, last = self.places[0].number, self.places[-1].number
        return f"buurt {first}" if first == last else f"buurt {first} tot en met {last}"

    def css(self, within: str) -> str:
        """Letters and rows as large as this sheet has room for."""
        rows = (f"{within} .poster-row-{i} > th {{ height: {r.height}mm; }}" for i, r in enumerate(self.rows, start=1))
        return "".join((f"{within} tbody td {{ font-size: {self.points}pt; }}", *rows))


def poster_sheets(workshop, *, size: str, blank: bool) -> list[PosterSheet]:
    """`blank`: only the codes, for notes on paper, with wider cells."""
    form, places = SIZES[size], places_of(workshop)
    if blank:
        return [_sheet(part, _blank_cells(places), form) for part in spread(places, form.blank)]
    cells = _cells(workshop, places)
    return min(_evenly(places, cells, form), _one_by_one(places, cells, form), key=len)


def _evenly(places, cells, form) -> list[PosterSheet]:
    for most in range(form.filled, FEWEST - 1, -1):
        sheets = [_sheet(part, cells, form) for part in spread(places, most)]
        if all(sheet.points >= form.readable for sheet in sheets):
            break
    return sheets


def _one_by_one(places, cells, form) -> list[PosterSheet]:
    """As many buurten on each sheet as stay readable there: much to read asks for room on its own sheet only."""
    sheets, start = [], 0
    while start < len(places):
        for many in range(form.filled, FEWEST - 1, -1):
            sheet = _sheet(places[start : start + many], cells, form)
            if sheet.points >= form.readable:
                break
        sheets.append(sheet)
        start += len(sheet.places)
    return sheets


FEWEST = 3  # buurten side by side, however much there is to read


def _sheet(places: list[Place], cells: dict, form: Size) -> PosterSheet:
    table = [[cells[place.area.pk, framework] for place in places] for framework in Framework]
    wide = (form.width - 2 * form.margin - form.labels) / len(places)
    head = max(
        text_height([f"00 {place.area.name}"], wide - 10, form.name)
        + text_height([f"A · {place.style.label}"], wide - 14, form.name * 0.68)
        for place in places
    )
    high = form.height - 2 * form.margin - form.below - head - form.name * 1.3
    points, heights = fitted([[cell.texts for cell in row] for row in table], width=wide, height=high,
                             largest=form.largest)  # fmt: skip
    rows = (
        PosterRow(framework.label, LETTERS[framework], FRAMEWORK_HELP[framework], height, tuple(row))
        for framework, height, row in zip(Framework, heights, table, strict=True)
    )
    return PosterSheet(tuple(places), tuple(rows), points)


def _blank_cells(places) -> dict:
    return {
        (place.area.pk, framework): PosterCell(cell_code(framework, place.number), (), "")
        for place in places
        for framework in Framework
    }


def _cells(workshop, places) -> dict:
    """As the matrix on the screen has them."""
    areas = Prefetch("areas", Area.objects.defer("geometry"))
    standing = workshop.agreements.standing().select_related("lead").prefetch_related(areas)
    board = build_board([place.area for place in places], standing, workshop.empty_cells.all())
    number = {place.area.pk: place.number for place in places}
    return {
        (cell.area.pk, cell.framework): PosterCell(
            cell_code(cell.framework, number[cell.area.pk]),
            tuple(
                PosterLine(a.number, a.title, a.get_status_display().lower(), a.is_promised, str(a.lead or ""))
                for a in cell.agreements
            ),
            cell.empty.reason if cell.empty else "",
        )
        for row in board.rows
        for cell in row.cells
    }
