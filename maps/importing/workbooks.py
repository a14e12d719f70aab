"""Sheets of an xlsx file. openpyxl opens it, knows its words and its styles, and can read any cell of it.

A national table has two million cells, of which we want a fifth. Where every row of a sheet is written as Excel,
LibreOffice and openpyxl do, those are taken straight out of its text, at an eighth of the cost; a sheet that has
anything else goes to openpyxl, to the same result.
"""

import re
import warnings
from codecs import getincrementaldecoder
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path

from maps.importing.problems import ImportRefused
from maps.importing.reading import MAX_ROWS

Cell = str | int | float
Row = tuple[int, list[Cell]]

MOST_LINES = MAX_ROWS + 30
CHUNK = 1 << 20  # bytes
LONGEST_ROW = 8 * CHUNK  # characters
ENOUGH = 2  # filled cells: what has as many is a row of a table, and no remark

# The parts of a sheet as programs write them. `++` and `*+` never look back: a row that differs is refused at once.
ATTRIBUTES = r'(?: [\w:]++="[^"<]*+")*+'
FORMULA = rf"(?:<f{ATTRIBUTES}(?:/>|>[^<]*+</f>))?+"
CONTENT = rf"{FORMULA}(?:<v>([^<]*+)</v>|<is><t{ATTRIBUTES}>([^<]*+)</t></is>)?+"
REST_OF_CELL = rf'[0-9]++"({ATTRIBUTES})(?:/>|>{CONTENT}</c>)'
ANY_CELL = rf'<c r="([A-Z]{{1,3}}+){REST_OF_CELL}'
PLAIN_ROW = re.compile(
    rf'\s*+<row r="([0-9]{{1,7}})"{ATTRIBUTES}(?:/>|>((?:{re.sub(r"[(](?![?])", "(?:", ANY_CELL)})*+)</row>)'
)
HEAD = re.compile(
    r'\ufeff?(?:<\?xml version="1.0"(?: encoding="[uU][tT][fF]-8")?(?: standalone="yes")?\?>)?\s*'
    r'<worksheet [^>]*?xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
)
ROWS = "<sheetData>"
TAIL = re.compile(rf"(?:\s*<row{ATTRIBUTES}/>)*+\s*</sheetData>")
KIND = re.compile(r' t="(\w+)"')
STYLE = re.compile(r' s="([0-9]+)"')


class NotPlain(Exception):
    """Something that openpyxl must read."""


@contextmanager
def open_sheets(path: Path, name: str) -> Iterator[list["Sheet"]]:
    """Whatever goes wrong inside the file while it is open, is said in one sentence."""
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and extensions that we do not read
            with closing(load_workbook(path, read_only=True, data_only=True)) as workbook:
                yield [Sheet(sheet) for sheet in workbook.worksheets]
    except ImportRefused:
        raise
    except Exception as error:  # openpyxl lets through whatever goes wrong inside it
        raise ImportRefused(
            f"«{name}» is beschadigd of geen Excelbestand. Open het in Excel en bewaar het opnieuw."
        ) from error


class Sheet:
    def __init__(self, sheet):
        self._sheet = sheet  # of openpyxl, read-only
        sheet.reset_dimensions()  # other programs claim too few rows, or a million

    def top(self, lines: int) -> list[list[str]]:
        """Every cell of the first lines, as text."""
        return [[str(cell) for cell in row] for _, row in islice(self._every_cell(), lines)]

    def rows(self, *, after: int, width: int, wanted: Collection[int]) -> Iterator[Row]:
        """Line number and `width` cells of every row after that line, empty ones perhaps not. Cells that are not wanted
        may be empty, but at least two that are filled are there where a row has them.
        """
        try:
            rows = list(_plain_rows(self._sheet, after, width, wanted))
        except (NotPlain, AttributeError):  # openpyxl may keep its words and styles elsewhere some day
            rows = ((line, row) for line, row in self._every_cell() if line > after)
        for line, row in rows:
            yield line, row if len(row) == width else (row + [""] * (width - len(row)))[:width]

    def _every_cell(self) -> Iterator[Row]:
        rows = islice(self._sheet.iter_rows(values_only=True), MOST_LINES)
        for line, row in enumerate(rows, start=1):
            yield line, [_as_cell(value) for value in row]


def _as_cell(value) -> Cell:
    """Numbers stay numbers. True (1 to Python) becomes a word, and so do dates that Excel made of 1.2."""
    return "" if value is None else value if type(value) in (float, int) else str(value)


# --- a plain sheet ---


def _plain_rows(sheet, after: int, width: int, wanted: Collection[int]) -> Iterator[Row]:
    """As `Sheet.rows`; raises NotPlain at whatever this cannot read."""
    from openpyxl.utils import get_column_letter

    position_of = {get_column_letter(position + 1): position for position in range(width)}
    letters = sorted((get_column_letter(position + 1) for position in wanted), key=len, reverse=True)
    wanted_cells = re.compile(rf'<c r="({"|".join(letters)}){REST_OF_CELL}')
    any_cell = re.compile(ANY_CELL)
    value_of = _Values(sheet)
    for line, text in _row_texts(sheet):
        if line <= after:
            continue
        for cells in (wanted_cells, any_cell):
            row, filled = [""] * width, 0
            for column, *content in cells.findall(text):
                if column in position_of:
                    row[position_of[column]] = cell = value_of(*content)
                    filled += cell != "" and not str(cell).isspace()
            if filled >= ENOUGH:
                break
        if filled:  # programs write a million empty rows with a colour
            yield line, row


def _row_texts(sheet) -> Iterator[tuple[int, str]]:
    """Number and text of every row, each of them checked to be plain."""
    decoder = getincrementaldecoder("utf-8")()
    last, text, is_first = 0, "", True
    with sheet._get_source() as source:
        while chunk := source.read(CHUNK):
            try:
                text += decoder.decode(chunk)
            except UnicodeDecodeError:
                raise NotPlain from None
            if is_first:
                text, is_first = _after_head(text), False
            place, complete = 0, text.rfind("</row>")
            while place < complete:
                row = PLAIN_ROW.match(text, place)
                if not row or int(row[1]) <= last:
                    raise NotPlain
                last, place = int(row[1]), row.end()
                yield last, row[2] or ""
            text = text[place:]
            if len(text) > LONGEST_ROW:
                raise NotPlain
    if is_first or not TAIL.match(text):
        raise NotPlain


def _after_head(text: str) -> str:
    head, rows, text = text.partition(ROWS)
    if not HEAD.match(head) or not rows:
        raise NotPlain
    return text


class _Values:
    """What a cell says, as openpyxl would."""

    def __init__(self, sheet):
        self._words = sheet._shared_strings
        self._dates = sheet.parent._date_formats
        self._kinds: dict[str, str] = {}  # by attributes, of which a sheet has few

    def __call__(self, attributes: str, value: str, inline: str) -> Cell:
        kind = self._kinds.get(attributes)
        if kind is None:
            kind = self._kinds[attributes] = self._kind(attributes)
        text = inline if kind == "inlineStr" else value
        if text != (value or inline) or "&" in text or "\r" in text:
            raise NotPlain
        if text == "":
            return ""
        if kind == "n":
            return float(text) if "." in text or "E" in text or "e" in text else int(text)
        return self._words[int(text)] if kind == "s" else text

    def _kind(self, attributes: str) -> str:
        style = STYLE.search(attributes)
        kind = KIND.search(attributes)
        kind = kind[1] if kind else "n"
        if kind not in {"n", "s", "str", "e", "inlineStr"} or (style and int(style[1]) in self._dates and kind == "n"):
            raise NotPlain  # dates and True: openpyxl knows what they become
        return kind
