"""The agreements of a session as a workbook to fill in."""

import datetime
import io

from django.utils import timezone

from matrix import workbooks
from matrix.sheet.columns import Column, columns
from matrix.sheet.explaining import explained
from matrix.sheet.parties import add_parties

SHEET, EXPLAINED, CHOICES, START = "Afspraken", "Uitleg", "Keuzes", "Stand bij downloaden"
ROOM = 300  # empty rows below the last, with the same lists to choose from


def write(workshop) -> bytes:
    from openpyxl import Workbook

    of_session = columns(workshop)
    agreements = list(workshop.agreements.with_everything())
    rows = [[column.written(agreement) for column in of_session] for agreement in agreements]
    book = Workbook()
    _fill(book.active, of_session, rows)
    _offer(book, of_session, len(rows))
    _explain(book.create_sheet(EXPLAINED, 1), workshop)
    _remember(book.create_sheet(START), workshop, of_session, rows)
    parties = [column.organisation.name for column in of_session if column.name == "stance"]
    add_parties(book, of_session, agreements, parties)
    book.properties.creator, book.properties.title = "Veerkracht", f"Afspraken van {workshop}"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(sheet, of_session: list[Column], rows) -> None:
    sheet.title = SHEET
    sheet.append([None] * len(of_session))
    for place, column in enumerate(of_session, start=1):
        _head(workbooks.put(sheet.cell(1, place), column.heading), column)
        sheet.column_dimensions[sheet.cell(1, place).column_letter].width = column.width
    sheet.row_dimensions[1].height = 48
    looks = workbooks.Looks(_look)
    for line, row in enumerate(rows, start=2):
        for place, (column, words) in enumerate(zip(of_session, row, strict=True), start=1):
            _put(looks, sheet.cell(line, place), column, words)
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{sheet.cell(1, len(of_session)).column_letter}{len(rows) + 1}"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"


def _head(cell, column: Column) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    cell.font = Font(name="Calibri", bold=True, color="FFFFFF")
    cell.fill = PatternFill("solid", fgColor="6F7577" if column.read_only else "14505C")
    cell.alignment = Alignment(vertical="center", wrap_text=True)


def _put(looks: workbooks.Looks, cell, column: Column, words: str) -> None:
    date = words and column.is_date and datetime.date.fromisoformat(words)
    kind = workbooks.write(cell, date or (int(words) if column.name == "number" else words))
    looks.give(cell, "date" if column.is_date and kind == "text" else kind, column.read_only)


def _look(cell, kind: str, read_only: bool) -> None:
    from openpyxl.styles import Alignment, PatternFill

    workbooks.write_as(cell, kind)
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    if read_only:
        cell.fill = PatternFill("solid", fgColor="ECE9E2")


def _offer(book, of_session, filled: int) -> None:
    from openpyxl.utils import get_column_letter

    choosing = [(place, column) for place, column in enumerate(of_session, start=1) if column.choices]
    sources = workbooks.lists(book, CHOICES, {column.heading: column.choices for _, column in choosing})
    for place, column in choosing:
        letter = get_column_letter(place)
        area = f"{letter}2:{letter}{filled + ROOM + 1}"
        workbooks.offer(book[SHEET], area, sources[column.heading], what=column.heading)


def _remember(sheet, workshop, of_session, rows) -> None:
    """What every cell said when it went out, so that reading in knows what its writer started from."""
    sheet.sheet_state = "hidden"
    for words in (
        ["sessie", workshop.code],
        ["revisie", str(workshop.revision)],
        ["gemaakt", timezone.now().isoformat(timespec="seconds")],
        [column.heading for column in of_session],
        *rows,
    ):
        sheet.append([None] * len(words))
        for cell, text in zip(sheet[sheet.max_row], words, strict=False):
            if text:
                cell.value = workbooks.encoded(text)
                cell.data_type = "s"


def _explain(sheet, workshop) -> None:
    from openpyxl.styles import Alignment, Font

    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 28, 96
    for line, pair in enumerate(explained(workshop), start=1):
        for place, words in enumerate(pair, start=1):
            cell = workbooks.put(sheet.cell(line, place), words)
            cell.alignment = Alignment(vertical="top", wrap_text=True)
        sheet.cell(line, 1).font = Font(name="Calibri", bold=True)
