"""Workbooks (xlsx) that people fill in and give back: words stay words on the way out and come back as they were, lists
to choose from, and reading without trust.

Out: `put` writes text as text, also where it begins like a formula. In: `opened` refuses what is no plain workbook,
before it takes any memory, and gives the cells of a sheet row by row.
"""

import copy
import datetime
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import PurePath

from maps.exporting import XLSX

__all__ = [
    "XLSX",
    "Book",
    "Formula",
    "Unreadable",
    "as_text",
    "lists",
    "offer",
    "opened",
    "put",
    "put_date",
    "sheet_titles",
]

MB = 1024 * 1024
LARGEST, LARGEST_UNPACKED = 10 * MB, 120 * MB
MOST_LINES = 50_000  # of a sheet, empty ones counted: programs write a million empty rows with a colour
MOST_COLUMNS = 200

FORMULA_LIKE = ("=", "+", "-", "@", "\t", "\r")
DATE = "dd-mm-yyyy"
FIRST_DAY = datetime.date(1900, 3, 1)  # Excel counts a day in 1900 that never was


class Unreadable(Exception):
    """This file cannot be read; the message says in Dutch why and what to do."""


class Formula(str):
    """What stands in a cell that reckons. We read no outcomes: those are as old as the last program that saved it."""


# ---- out ----

# As Excel itself writes signs that XML cannot hold, and words that look like such a sign.
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_CANNOT = re.compile("[\x00-\x08\x0b\x0c\x0d\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def encoded(text: str) -> str:
    text = _LOOKS_ESCAPED.sub("_x005F_", text)
    return _CANNOT.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def decoded(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def put(cell, text: str):
    """Text, never a formula: not now, and not when somebody clicks in it later and presses Enter (`quotePrefix` is the
    apostrophe that Excel keeps out of sight). Format '@' keeps the zeros of 007."""
    write_as(cell, write(cell, text))
    return cell


def write(cell, value: str | int | datetime.date | None) -> str:
    """Returns what it is: date, number, text or formula-like; `write_as` gives a cell what goes with that."""
    if isinstance(value, datetime.date) and value >= FIRST_DAY:
        cell.value = value
        return "date"
    if isinstance(value, int):
        cell.value = value
        return "number"
    words = str(value or "")
    cell.value = encoded(words) or None
    if words:
        cell.data_type = "s"
    return "formula-like" if words.startswith(FORMULA_LIKE) else "text"


def write_as(cell, kind: str) -> None:
    cell.number_format = {"date": DATE, "number": "0"}.get(kind, "@")
    if kind == "formula-like":
        cell.quotePrefix = True


class Looks:
    """A cell takes over the look of an earlier one like it: making one anew costs more than all the rest."""

    def __init__(self, style):
        self.style, self._made = style, {}

    def give(self, cell, *kind) -> None:
        if kind not in self._made:
            self.style(cell, *kind)
            self._made[kind] = copy.copy(cell._style)
        cell._style = copy.copy(self._made[kind])


_NOT_IN_TITLE = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_LONGEST_TITLE = 31  # counted as Excel does, in which an emoji is two


def sheet_titles(names: Iterable[str], *, taken: Iterable[str] = ()) -> list[str]:
    """What a sheet may be called: not all signs, not an apostrophe at either end, not too long, and each name once
    whatever its capitals. Excel keeps one name for itself."""
    used = {"history", *(title.casefold() for title in taken)}
    found = []
    for name in names:
        words = " ".join(_NOT_IN_TITLE.sub(" ", name).split())
        title, times = _cut(words, _LONGEST_TITLE) or "Blad", 1
        while title.casefold() in used:
            times += 1
            tail = f" ({times})"
            title = (_cut(words, _LONGEST_TITLE - len(tail)) or "Blad") + tail
        used.add(title.casefold())
        found.append(title)
    return found


def _cut(words: str, most: int) -> str:
    while len(words.encode("utf-16-le")) > 2 * most:
        words = words[:-1]
    return words.strip("' ")


def put_date(cell, date: datetime.date | None):
    cell.value, cell.number_format = date, DATE
    return cell


def lists(book, title: str, choices: dict[str, Sequence[str]]) -> dict[str, str]:
    """A hidden sheet with the words of each list. Returns per list what `offer` needs: Excel takes no more than 255
    characters in a cell's own list, and no comma in a word."""
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(title)
    sheet.sheet_state = "hidden"
    found = {}
    for column, (name, words) in enumerate(choices.items(), start=1):
        for row, word in enumerate(words, start=1):
            put(sheet.cell(row, column), word)
        letter = get_column_letter(column)
        found[name] = f"'{title}'!${letter}$1:${letter}${max(1, len(words))}"
    return found


def offer(sheet, area: str, source: str, *, what: str) -> None:
    """A list to choose from, for the cells of an area as B2:B500."""
    from openpyxl.worksheet.datavalidation import DataValidation

    rule = DataValidation(
        type="list", formula1=source, allow_blank=True, showErrorMessage=True, errorTitle="Kies uit de lijst",
        error=f"Kies bij ‘{what}’ een van de woorden uit de lijst, of laat de cel leeg."[:255],
    )  # fmt: skip
    rule.add(area)
    sheet.add_data_validation(rule)


# ---- in ----

_NOT_PLAIN = (
    "Dit is geen Excel-werkblad, of er zit een wachtwoord op. Kies een werkblad dat eindigt op .xlsx. Is het van een "
    "ander programma? Bewaar het daar als Excel-werkblad."
)
_DAMAGED = "Dit bestand is beschadigd of geen werkblad. Open het in uw programma en bewaar het opnieuw als .xlsx."


class Book:
    """The sheets of a file, as long as it is open."""

    def __init__(self, workbook):
        self._sheets = {sheet.title: sheet for sheet in workbook.worksheets}

    @property
    def titles(self) -> list[str]:
        return list(self._sheets)

    def rows(self, title: str) -> Iterator[tuple[int, list]]:
        """Line number and cells of each row that holds anything: str, Formula, int, float, bool, a date or a time, and
        None for an empty cell."""
        sheet = self._sheets[title]
        with _damage_is_told():
            sheet.reset_dimensions()  # other programs claim too few rows, or a million
            for line, row in enumerate(sheet.iter_rows(), start=1):
                if line > MOST_LINES:
                    raise Unreadable(
                        f"Het blad ‘{title}’ loopt door tot voorbij rij {MOST_LINES}. Haal de lege rijen onderaan weg "
                        "en bewaar het opnieuw."
                    )
                cells = [_value(cell) for cell in row[:MOST_COLUMNS]]
                if any(cell not in (None, "") for cell in cells):
                    yield line, cells


def _value(cell):
    value = cell.value
    if value is None:
        return None
    if cell.data_type == "f":
        return Formula(value if isinstance(value, str) else getattr(value, "text", None) or "=")
    if cell.data_type == "e":
        return Formula(str(value))
    if isinstance(value, str):
        return decoded(value)
    return value


@contextmanager
def opened(file, name: str) -> Iterator[Book]:
    """`file` is open for reading bytes, `name` what its owner calls it. Raises Unreadable; and so do its rows."""
    _require_plain(file, name)
    with _damage_is_told():
        workbook = _load(file)
    with closing(workbook):
        yield Book(workbook)


@contextmanager
def _damage_is_told():
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and extensions that we do not read
            yield
    except _INSIDE as error:
        raise Unreadable(_DAMAGED) from error


# What openpyxl and what it stands on let through when the inside of a file is not as it should be.
_INSIDE = (
    ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError, SyntaxError, OSError, EOFError,
    NotImplementedError, RecursionError, zipfile.BadZipFile,
)  # fmt: skip


def _require_plain(file, name: str) -> None:
    suffix = PurePath(name).suffix.lower()
    if suffix in (".xlsm", ".xltm", ".xlam", ".xlsb"):
        raise Unreadable(_WITH_MACRO)
    file.seek(0, io.SEEK_END)
    size = file.tell()
    file.seek(0)
    beginning = file.read(8)
    file.seek(0)
    if beginning.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable("Dit werkblad is beveiligd met een wachtwoord of van een oude Excel. Bewaar het als .xlsx, "
                         "zonder wachtwoord.")  # fmt: skip
    if suffix != ".xlsx" or not beginning.startswith(b"PK"):
        raise Unreadable(_NOT_PLAIN)
    if size > LARGEST:
        raise Unreadable(f"Dit bestand is te groot: hooguit {LARGEST // MB} MB. Haal de plaatjes weg, of maak er delen "
                         "van.")  # fmt: skip
    with _damage_is_told(), zipfile.ZipFile(file) as archive:
        _require_plain_inside(archive)
    file.seek(0)


_WITH_MACRO = "In dit bestand zitten macro’s. Bewaar het als gewoon Excel-werkblad (.xlsx), dan kan het worden gelezen."


def _require_plain_inside(archive: zipfile.ZipFile) -> None:
    names = {part.filename.lower() for part in archive.infolist()}
    if any("vbaproject" in name or "macrosheets/" in name for name in names):
        raise Unreadable(_WITH_MACRO)
    if "[content_types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise Unreadable(_NOT_PLAIN)
    # No more than it says can come out of a part: the reader of zip files stops there.
    if sum(part.file_size for part in archive.infolist()) > LARGEST_UNPACKED:
        raise Unreadable("Dit bestand is uitgepakt veel te groot. Maak er delen van van hooguit 5.000 rijen.")
    for part in archive.infolist():
        if part.filename.lower().endswith((".xml", ".rels")):
            with archive.open(part) as inside:
                if b"<!DOCTYPE" in inside.read(2048):  # no program writes one; it can make much of little
                    raise Unreadable(_DAMAGED)


def _load(file):
    """As `openpyxl.load_workbook`, but what stands for a sign stays what it is: see `encoded`."""
    from openpyxl.cell.text import Text
    from openpyxl.reader.excel import SHARED_STRINGS, ExcelReader
    from openpyxl.xml.constants import SHEET_MAIN_NS
    from openpyxl.xml.functions import iterparse

    class Reader(ExcelReader):
        def read_strings(self):
            part = self.package.find(SHARED_STRINGS)
            if part is None:
                return
            with self.archive.open(part.PartName[1:]) as source:
                for _, node in iterparse(source):
                    if node.tag == f"{{{SHEET_MAIN_NS}}}si":
                        self.shared_strings.append(Text.from_tree(node).content)
                        node.clear()

    reader = Reader(file, read_only=True, keep_links=False)
    reader.read()
    return reader.wb


def as_text(value) -> str:
    """A cell as its writer sees it, with one kind of line end. Programs make numbers and dates of what was words."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.15g}".replace(".", ",")
    if isinstance(value, datetime.datetime):
        return f"{value:%d-%m-%Y}" if value.time() == datetime.time() else f"{value:%d-%m-%Y %H:%M}"
    if isinstance(value, datetime.date):
        return f"{value:%d-%m-%Y}"
    if isinstance(value, datetime.time):
        return f"{value:%H:%M}"
    return str(value).replace("\r\n", "\n").strip()
