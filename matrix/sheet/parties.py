"""A sheet per organisation in the worksheet: what it promises and what is promised to it. To read; reading the
worksheet in passes them over."""

from matrix import workbooks
from matrix.files.measures import Measure, Table, of_party
from matrix.models import Agreement

# How each of these sheets begins, so that reading in knows one whatever it is called by then.
TO_READ = "Alleen om te lezen."
WHERE = f"{TO_READ} Wijzigen doet u op het blad ‘Afspraken’; deze bladen worden niet ingelezen."


HEAD = 4  # the line of the headings


def add_parties(book, of_session, agreements, parties: list[str]) -> None:
    """After the sheets that are there; `parties`: their names in the order of the table."""
    measures = [
        _measure(agreement, of_session) for agreement in agreements if agreement.status != Agreement.Status.DROPPED
    ]
    titles = workbooks.sheet_titles(parties, taken=book.sheetnames)
    looks = workbooks.Looks(_look)
    for name, title in zip(parties, titles, strict=True):
        _fill(book.create_sheet(title), of_party(name, title, measures), looks)


def _measure(agreement, of_session) -> Measure:
    stands = {c.organisation.name: c.written(agreement) for c in of_session if c.name == "stance"}
    return Measure(
        number=agreement.number,
        title=agreement.title,
        framework=agreement.get_framework_display(),
        status=agreement.get_status_display(),
        promised=agreement.is_promised,
        buurten=tuple(area.name for area in agreement.areas.all()),
        lead=agreement.lead.name if agreement.lead else "",
        brings=tuple((c.organisation.name, c.text) for c in agreement.contributions.all()),
        start=agreement.start,
        end=agreement.end,
        stands=stands,
    )


def _fill(sheet, table: Table, looks: workbooks.Looks) -> None:
    title, told = table.above
    for line, (words, look) in enumerate([(WHERE, "note"), (title, "title"), (told, "note")], start=1):
        _put(looks, sheet.cell(line, 1), words, look)
    sheet.row_dimensions[2].height = 21
    for place, (words, width) in enumerate(table.head, start=1):
        cell = _put(looks, sheet.cell(HEAD, place), words, "head")
        sheet.column_dimensions[cell.column_letter].width = width
    for line, row in enumerate(table.rows, start=HEAD + 1):
        for place, value in enumerate(row, start=1):
            if value:
                _put(looks, sheet.cell(line, place), value)
        sheet.row_dimensions[line].height = table.height(row)
    sheet.freeze_panes = f"A{HEAD + 1}"
    sheet.auto_filter.ref = f"A{HEAD}:{sheet.cell(HEAD, len(table.head)).column_letter}{HEAD + len(table.rows)}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight = "landscape", "9", 0
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{HEAD}:{HEAD}"
    # Without a password: it keeps people from typing where it is lost. Narrower columns and a filter are fine.
    sheet.protection.enable()
    sheet.protection.formatColumns = sheet.protection.formatRows = False
    sheet.protection.autoFilter = sheet.protection.sort = False


def _put(looks: workbooks.Looks, cell, value, look: str = "text"):
    kind = workbooks.write(cell, value)
    looks.give(cell, look if kind == "text" else kind)
    return cell


def _look(cell, look: str) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    workbooks.write_as(cell, look)
    if look not in ("title", "note"):  # those run on over the columns beside them
        cell.alignment = Alignment(horizontal="left", vertical="center" if look == "head" else "top", wrap_text=True)
    if look == "title":
        cell.font = Font(name="Calibri", bold=True, size=14, color="14505C")
    if look == "head":
        cell.font, cell.fill = Font(name="Calibri", bold=True, color="FFFFFF"), PatternFill("solid", fgColor="6F7577")
