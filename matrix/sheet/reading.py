"""A filled in workbook as plain rows: only what its writer changed, beside what the writer started from."""

import datetime
from dataclasses import asdict, dataclass, field

from matrix.sheet.columns import NUMBER, TITLE, normal
from matrix.sheet.parties import TO_READ
from matrix.sheet.writing import CHOICES, EXPLAINED, SHEET, START
from matrix.workbooks import Formula, Unreadable, as_text, opened

MOST_ROWS = 5000


@dataclass(frozen=True)
class Row:
    """`number` is empty for a new measure. `cells`: {heading: words}, of an existing one only what differs from `base`,
    what it was when it went out."""

    line: int
    number: str
    cells: dict[str, str]
    base: dict[str, str] | None
    formulas: tuple[str, ...] = ()  # headings of the cells that reckon


@dataclass(frozen=True)
class Filled:
    """What JSON can hold, so that it can wait on the server until somebody has seen what it would change."""

    code: str  # of the session; empty: the workbook does not say
    revision: int
    rows: tuple[Row, ...]
    titles: dict[str, str] = field(default_factory=dict)  # what each measure that went out was called, by number
    absent: tuple[str, ...] = ()  # numbers that went out and did not come back
    double: tuple[tuple[int, str, int], ...] = ()  # line, number, line on which it stands too

    def stored(self) -> dict:
        return asdict(self)

    @classmethod
    def from_stored(cls, data: dict) -> "Filled":
        rows = tuple(Row(**row | {"formulas": tuple(row["formulas"])}) for row in data["rows"])
        double = tuple(tuple(one) for one in data["double"])
        return cls(**data | {"rows": rows, "absent": tuple(data["absent"]), "double": double})


def read(file, name: str) -> Filled:
    """Raises Unreadable when it is no worksheet of ours."""
    with opened(file, name) as book:
        code, revision, base = _start(book)
        return _compared(code, revision, base, list(_rows(book)))


def _start(book) -> tuple[str, int, dict[str, dict[str, str]]]:
    """Session, revision and {number: {heading: words}} of when it went out."""
    if START not in book.titles:
        return "", 0, {}
    rows = [[as_text(cell) for cell in cells] for _, cells in book.rows(START)]
    if (
        len(rows) < 4
        or [row[:1] for row in rows[:2]] != [["sessie"], ["revisie"]]
        or not rows[1][1].isdecimal()
        or len(rows[3]) < 2
    ):
        raise Unreadable("Het verborgen blad van dit werkblad is gewijzigd. Download een nieuw werkblad en zet uw "
                         "wijzigingen daarin.")  # fmt: skip
    headings = _headings(rows[3])
    found = (dict(zip(headings, [*row, *[""] * (len(headings) - len(row))], strict=False)) for row in rows[4:])
    return rows[0][1], int(rows[1][1]), {row[NUMBER]: row for row in found}


def _rows(book):
    """(line, {heading: cell})"""
    title = SHEET if SHEET in book.titles else next(_perhaps(book), "")
    if not title:
        raise Unreadable(f"In dit werkblad zit geen blad ‘{SHEET}’. Download een nieuw werkblad.")
    headings = None
    for count, (line, cells) in enumerate(book.rows(title)):
        if headings is None:
            headings = _headings(cells)
            continue
        if count > MOST_ROWS:
            raise Unreadable(f"Dit werkblad heeft meer dan {MOST_ROWS} regels. Maak er delen van.")
        yield line, {heading: cell for heading, cell in zip(headings, cells, strict=False) if heading}
    if headings is None:
        raise Unreadable(f"Het blad ‘{title}’ is leeg. Download een nieuw werkblad.")


def _perhaps(book):
    """Sheets that can be the one of the agreements under another name."""
    for title in book.titles:
        _, first = next(book.rows(title), (0, [""]))
        if title not in (EXPLAINED, CHOICES, START) and not as_text(first[0]).startswith(TO_READ):
            yield title


def _headings(cells) -> list[str]:
    headings = [" ".join(as_text(cell).split()) for cell in cells]
    folded = [normal(heading) for heading in headings]
    for needed in (NUMBER, TITLE):
        if normal(needed) not in folded:
            raise Unreadable(
                f"De kolom ‘{needed}’ ontbreekt. Zonder die kolom weten wij niet wat bij wat hoort. Download een nieuw "
                "werkblad, of zet de kolom terug."
            )
    if double := next((heading for heading in headings if heading and folded.count(normal(heading)) > 1), ""):
        raise Unreadable(f"De kolom ‘{double}’ staat er twee keer in. Haal er een weg.")
    ours = {normal(needed): needed for needed in (NUMBER, TITLE)}
    return [ours.get(normal(heading), heading) for heading in headings]


def _compared(code, revision, base, rows) -> Filled:
    found, seen, double = [], {}, []
    for line, cells in rows:
        words = {heading: _canonical(cell) for heading, cell in cells.items()}
        number = words.pop(NUMBER, "")
        if number and number in seen:
            double.append((line, number, seen[number]))
            continue
        seen[number] = line
        formulas = tuple(heading for heading, cell in cells.items() if isinstance(cell, Formula))
        known = _folded(base.get(number), words) if number else None
        changed = {h: text for h, text in words.items() if (text != known.get(h, "") if known is not None else text)}
        if changed or formulas or (number and known is None):
            start = None if known is None else {heading: known.get(heading, "") for heading in changed}
            found.append(Row(line, number, changed, start, formulas))
    titles = {number: row.get(TITLE, "") for number, row in base.items()}
    absent = tuple(number for number in base if number not in seen)
    return Filled(code, revision, tuple(found), titles, absent, tuple(double))


def _folded(base, words):
    """With the headings as this writer wrote them, capitals or not."""
    if base is None:
        return None
    by_heading = {normal(heading): text for heading, text in base.items()}
    return {heading: by_heading[normal(heading)] for heading in words if normal(heading) in by_heading}


def _canonical(cell) -> str:
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        return cell.date().isoformat()
    if isinstance(cell, datetime.date) and not isinstance(cell, datetime.datetime):
        return cell.isoformat()
    return as_text(cell)
