"""A workbook to read, written part by part. The same tables give the same bytes: no clock is inside. Pure.

The worksheet that people fill in is made with openpyxl (matrix/sheet/writing.py). This one goes along in each plan,
which is made while people wait: to import openpyxl alone takes longer than all that is done here.
"""

import datetime
import io
import zipfile
from collections.abc import Iterable
from xml.sax.saxutils import escape

from matrix.files.measures import Cell, Table
from matrix.workbooks import FIRST_DAY, FORMULA_LIKE, encoded, sheet_titles

_THEN = (1980, 1, 1, 0, 0, 0)  # of each part in the file
_DAY_0 = datetime.date(1899, 12, 30)
_MOST = 16_000  # signs in a cell: Excel takes 32,767, and counts some signs twice

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"

_HEAD, _TEXT, _FORMULA_LIKE, _DATE, _NUMBER, _TITLE, _NOTE = range(1, 8)  # places in cellXfs below
_STYLES = (
    f'{_XML}<styleSheet xmlns="{_MAIN}"><numFmts count="1">'
    '<numFmt numFmtId="164" formatCode="dd\\-mm\\-yyyy"/></numFmts>'
    '<fonts count="3"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><color rgb="FFFFFFFF"/><name val="Calibri"/></font>'
    '<font><b/><sz val="14"/><color rgb="FF14505C"/><name val="Calibri"/></font></fonts>'
    '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FF14505C"/></patternFill></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="8">'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="1" fillId="2" borderId="0" xfId="0" applyFont="1" applyFill="1" applyAlignment="1">'
    '<alignment vertical="center" wrapText="1"/></xf>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1">'
    '<alignment vertical="top" wrapText="1"/></xf>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyNumberFormat="1" '
    'applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1">'
    '<alignment horizontal="left" vertical="top"/></xf>'
    '<xf numFmtId="1" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1">'
    '<alignment horizontal="left" vertical="top"/></xf>'
    '<xf numFmtId="49" fontId="2" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def as_xlsx(tables: Iterable[Table], *, title: str, date: datetime.date) -> bytes:
    """`date` is what the file says of itself: that of the session."""
    tables = list(tables)
    titles = sheet_titles(table.title for table in tables)
    parts = {
        "[Content_Types].xml": _content_types(len(tables)),
        "_rels/.rels": _links(
            (f"{_OFFICE}/officeDocument", "xl/workbook.xml"),
            (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        ),
        "docProps/core.xml": _about(title, date),
        "xl/workbook.xml": _workbook(titles),
        "xl/_rels/workbook.xml.rels": _links(
            *((f"{_OFFICE}/worksheet", f"worksheets/sheet{i}.xml") for i in range(1, len(tables) + 1)),
            (f"{_OFFICE}/styles", "styles.xml"),
        ),
        "xl/styles.xml": _STYLES,
        **{f"xl/worksheets/sheet{i}.xml": _sheet(table) for i, table in enumerate(tables, start=1)},
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, text in parts.items():
            file.writestr(zipfile.ZipInfo(name, _THEN), text.encode(), zipfile.ZIP_DEFLATED)
    return out.getvalue()


# ---- what holds the sheets together ----


def _content_types(count: int) -> str:
    sheets = "".join(
        f'<Override PartName="/xl/worksheets/sheet{i}.xml" ContentType="{_KIND}.worksheet+xml"/>'
        for i in range(1, count + 1)
    )
    return (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/>'
        '<Override PartName="/docProps/core.xml" '
        f'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>{sheets}</Types>'
    )


def _links(*targets: tuple[str, str]) -> str:
    links = "".join(
        f'<Relationship Id="rId{i}" Type="{kind}" Target="{target}"/>'
        for i, (kind, target) in enumerate(targets, start=1)
    )
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'


def _workbook(titles: list[str]) -> str:
    sheets = "".join(
        f'<sheet name={_quoted(title)} sheetId="{i}" r:id="rId{i}"/>' for i, title in enumerate(titles, start=1)
    )
    return (
        f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><bookViews><workbookView/></bookViews>'
        f"<sheets>{sheets}</sheets></workbook>"
    )


def _quoted(text: str) -> str:
    return f'"{escape(text, {chr(34): "&quot;"})}"'


def _about(title: str, date: datetime.date) -> str:
    day = f'<dcterms:{{0}} xsi:type="dcterms:W3CDTF">{date.isoformat()}T00:00:00Z</dcterms:{{0}}>'
    return (
        f'{_XML}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(encoded(title))}</dc:title><dc:creator>Veerkracht</dc:creator><dc:language>nl-NL</dc:language>"
        f"{day.format('created')}{day.format('modified')}</cp:coreProperties>"
    )


# ---- a sheet ----


def _sheet(table: Table) -> str:
    top = len(table.above) + 1  # the row of the head
    last = _letter(len(table.head))
    widths = "".join(
        f'<col min="{i}" max="{i}" width="{width}" customWidth="1"/>'
        for i, (_, width) in enumerate(table.head, start=1)
    )
    lines = [
        f'<row r="{i}">{_string(f"A{i}", words, _TITLE if i == 1 else _NOTE)}</row>'
        for i, words in enumerate(table.above, start=1)
        if words
    ]
    head = tuple(words for words, _ in table.head)
    lines.append(_row(top, head, table.height(head), _HEAD))
    lines += [_row(i, row, table.height(row)) for i, row in enumerate(table.rows, start=top + 1)]
    return (
        f'{_XML}<worksheet xmlns="{_MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<sheetViews><sheetView workbookViewId="0"><pane ySplit="{top}" topLeftCell="A{top + 1}" '
        f'activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>{widths}</cols>'
        f'<sheetData>{"".join(lines)}</sheetData><autoFilter ref="A{top}:{last}{top + len(table.rows)}"/>'
        '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.5" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>'
    )


def _row(number: int, row: tuple[Cell, ...], height: int, style: int = 0) -> str:
    cells = (_cell(f"{_letter(i)}{number}", value, style) for i, value in enumerate(row, start=1))
    return f'<row r="{number}" ht="{height}" customHeight="1">{"".join(cells)}</row>'


def _cell(place: str, value: Cell, style: int) -> str:
    if value in (None, ""):
        return ""
    if isinstance(value, datetime.date):
        if value < FIRST_DAY:
            return _string(place, value.isoformat(), _TEXT)
        return f'<c r="{place}" s="{_DATE}"><v>{(value - _DAY_0).days}</v></c>'
    if isinstance(value, int):
        return f'<c r="{place}" s="{_NUMBER}"><v>{value}</v></c>'
    return _string(place, value, style or (_FORMULA_LIKE if value.startswith(FORMULA_LIKE) else _TEXT))


def _string(place: str, text: str, style: int) -> str:
    """Words, never a formula: not now, and not when somebody clicks in it later and presses Enter."""
    text = text if len(text) <= _MOST else f"{text[:_MOST]}…"
    return f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(encoded(text))}</t></is></c>'


def _letter(column: int) -> str:
    return chr(64 + column) if column <= 26 else chr(64 + (column - 1) // 26) + chr(65 + (column - 1) % 26)
