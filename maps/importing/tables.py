"""Tables that people send, CSV or xlsx, as raw cells with the row numbers that their own program shows.

Nothing is interpreted here: `numbers.py` and `figures.py` do.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

from maps.importing.problems import ImportRefused
from maps.importing.reading import MAX_ROWS, check_file, checked_zip, starts_with
from maps.importing.regular import read_regular
from maps.importing.workbooks import Cell, Row, open_sheets

if TYPE_CHECKING:
    import pandas

TEXT_SUFFIXES = {".csv", ".txt", ".tsv"}
WORKBOOK_SUFFIXES = {".xlsx", ".xlsm"}
HEADER_WITHIN = 30  # StatLine and Excel put titles above the header
REMARK = re.compile(r"[a-z]:? \w|©")
CONTROL_CHARACTERS = re.compile(rb"[\x00-\x08\x0b\x0e-\x19\x1b-\x1f]")
OTHER_CONTENT = {
    b"PK": "een zip- of Excelbestand",
    b"\xd0\xcf\x11\xe0": "een oud Excelbestand (.xls) of een Excelbestand met een wachtwoord",
    b"SQLite format 3\x00": "een GeoPackage",
    b"%PDF": "een pdf",
    b"\xff\xfe": "tekst in UTF-16",
    b"\xfe\xff": "tekst in UTF-16",
}


@dataclass(frozen=True)
class Wanted:
    """Which columns a reader needs, by the text of the header. The header is the first row that has a key."""

    is_key: Callable[[str], bool]
    is_wanted: Callable[[str], bool]
    no_key: str  # what to say when no row has one


@dataclass(frozen=True)
class Table:
    """`cells` has a row a line of the file, indexed by its number, and a column a position in `header`.

    A column holds objects, or categories where the different cells are known already.
    """

    header: list[str]
    cells: "pandas.DataFrame"


def read_table(path: Path, name: str, wanted: Wanted) -> Table:
    suffix = check_file(path, name, TEXT_SUFFIXES | WORKBOOK_SUFFIXES)
    if suffix in TEXT_SUFFIXES:
        _refuse_too_many_lines(path, name)
    read = _read_text if suffix in TEXT_SUFFIXES else _read_workbook
    return read(path, name, wanted)


def _too_many(name: str) -> ImportRefused:
    return ImportRefused(f"«{name}» heeft meer dan 2.000.000 regels. Neem een kleiner deel.")


def _frame(name: str, positions: list[int], rows: Iterable[Row]) -> "pandas.DataFrame":
    import pandas

    lines, kept = [], []
    for line, cells in rows:
        if _is_empty_or_remark(cells):
            continue
        lines.append(line)
        kept.append([cells[position] for position in positions])
        if len(lines) > MAX_ROWS:
            raise _too_many(name)
    if not lines:
        raise ImportRefused(f"«{name}» heeft een kop, maar geen regels. Download het bestand opnieuw.")
    return pandas.DataFrame(kept, index=lines, columns=positions, dtype=object)


def _refuse_too_many_lines(path: Path, name: str) -> None:
    """Counted before anything is read: millions of rows fill the memory long before the last one is refused."""
    ends = {b"\n": 0, b"\r": 0}
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            for end in ends:
                ends[end] += chunk.count(end)
    if max(ends.values()) > MAX_ROWS + HEADER_WITHIN:
        raise _too_many(name)


def _wanted_positions(header: list[str], wanted: Wanted) -> list[int]:
    return [position for position, column in enumerate(header) if wanted.is_wanted(column)]


def _is_empty_or_remark(cells: list[Cell]) -> bool:
    """A remark is one cell with words under the table, such as «Bron: CBS»."""
    filled = None
    for cell in cells:
        if cell != "" and str(cell).strip():
            if filled is not None:
                return False
            filled = cell
    return filled is None or (len(cells) > 1 and bool(REMARK.search(str(filled))))


def _find_header(rows: Iterable[list[str]], wanted: Wanted) -> tuple[int, list[str]] | None:
    """How many rows up to and including the header, and the header."""
    for count, row in enumerate(rows, start=1):
        if len(row) > 1 and any(wanted.is_key(column) for column in row):
            return count, [column.strip() for column in row]
    return None


def _no_header(name: str, rows: Iterable[list[str]], wanted: Wanted) -> ImportRefused:
    longest = max(rows, key=len, default=[])
    seen = ", ".join(f"«{column.strip()[:40]}»" for column in longest[:8] if column.strip())
    return ImportRefused(f"«{name}»: {wanted.no_key} Gevonden: {seen or 'niets'}.")


# --- text ---


def _read_text(path: Path, name: str, wanted: Wanted) -> Table:
    _refuse_other_content(path, name)
    encoding = _encoding_of(path, name)
    tops = {delimiter: _top(path, encoding, delimiter) for delimiter in (";", ",", "\t")}
    found = [(delimiter, header) for delimiter, top in tops.items() if (header := _find_header(top, wanted))]
    if not found:
        raise _no_header(name, [row for top in tops.values() for row in top], wanted)
    delimiter, (count, header) = max(found, key=lambda candidate: len(candidate[1][1]))
    positions = _wanted_positions(header, wanted)
    form = {"encoding": encoding, "delimiter": delimiter, "header_at": count, "width": len(header)}
    cells = read_regular(path, positions=positions, **form)
    if cells is None:
        cells = _frame(name, positions, _text_rows(path, **form))
    if len(cells) > MAX_ROWS:
        raise _too_many(name)
    return Table(header, cells)


def _refuse_other_content(path: Path, name: str) -> None:
    with path.open("rb") as file:
        start = file.read(65536)
    kind = next((kind for signature, kind in OTHER_CONTENT.items() if start.startswith(signature)), None)
    if kind or CONTROL_CHARACTERS.search(start):
        what = f"geen CSV maar {kind}" if kind else "geen tekst"
        raise ImportRefused(f"«{name}» is {what}. Bewaar de tabel als CSV (UTF-8) of als .xlsx.")


def _encoding_of(path: Path, name: str) -> str:
    """UTF-8 if every byte of the file is; else what Excel on Windows writes."""
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            with path.open(encoding=encoding) as file:
                while file.read(1 << 20):
                    pass
        except UnicodeDecodeError:
            continue
        return encoding
    raise ImportRefused(f"«{name}» is geen leesbare tekst. Bewaar de tabel als CSV (UTF-8) of als .xlsx.")


def _top(path: Path, encoding: str, delimiter: str) -> list[list[str]]:
    """The first rows if this were the delimiter; a wrong one may read nonsense."""
    with path.open(encoding=encoding, newline="") as file, suppress(csv.Error):
        return list(islice(csv.reader(file, delimiter=delimiter), HEADER_WITHIN))
    return []


def _records(path: Path, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line on which it starts; a quoted cell may hold line breaks."""
    with path.open(encoding=encoding, newline="") as file:
        line = 1
        for text in file:
            if '"' in text:
                break
            yield line, text.rstrip("\r\n").split(delimiter)  # at half the cost of the reader
            line += 1
        else:
            return
        reader = csv.reader(chain([text], file), delimiter=delimiter, strict=True)
        before = line - 1
        try:
            for row in reader:
                yield line, row
                line = before + reader.line_num + 1
        except csv.Error as error:
            raise ImportRefused(
                f"regel {line}: een aanhalingsteken wordt niet of verkeerd afgesloten, of het bestand is "
                "afgebroken. Verbeter de regel of download het bestand opnieuw."
            ) from error


def _text_rows(path: Path, *, encoding: str, delimiter: str, header_at: int, width: int) -> Iterator[Row]:
    line, short = 0, False
    for line, row in islice(_records(path, encoding, delimiter), header_at, None):
        if len(row) > width and any(cell.strip() for cell in row[width:]):
            raise ImportRefused(
                f"regel {line}: {len(row)} cellen, terwijl de kop er {width} heeft. Een cel waar een "
                f"«{delimiter}» in staat, moet tussen aanhalingstekens staan."
            )
        # Excel leaves empty cells at the end of a row out of its CSV.
        short = len(row) < width
        yield line, row if len(row) == width else (row + [""] * (width - len(row)))[:width]
    if short and not _ends_with_newline(path):
        raise ImportRefused(f"regel {line}: het bestand is hier afgebroken. Download het bestand opnieuw.")


def _ends_with_newline(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, 2)
        return file.read(1) in b"\r\n"


# --- xlsx ---


def _read_workbook(path: Path, name: str, wanted: Wanted) -> Table:
    """The first sheet that has a key column."""
    if not starts_with(path, b"PK"):
        raise ImportRefused(
            f"«{name}» is geen Excelbestand (.xlsx), of het heeft een wachtwoord. Open het in Excel en "
            "bewaar het opnieuw als .xlsx of als CSV (UTF-8)."
        )
    checked_zip(path, name)
    seen = []
    with open_sheets(path, name) as sheets:
        for sheet in sheets:
            top = sheet.top(HEADER_WITHIN)
            if found := _find_header(top, wanted):
                header_at, header = found
                positions = _wanted_positions(header, wanted)
                rows = sheet.rows(after=header_at, width=len(header), wanted=positions)
                return Table(header, _frame(name, positions, rows))
            seen += top
    raise _no_header(name, seen, wanted)
