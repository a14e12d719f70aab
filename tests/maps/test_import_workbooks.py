"""Two ways to read a sheet: out of its text where every row is plain, else by openpyxl. One outcome."""

import datetime
import zipfile

import pytest

from maps.importing import ImportRefused, workbooks
from maps.importing.figures import WANTED
from maps.importing.tables import read_table
from tests.maps.importfiles import workbook

A, B = "BU03440111", "BU0344AB10"
HEADER = ["jaar", "buurtcode", "buurtnaam", "aantal_inwoners", "toelichting", "percentage_koopwoningen"]
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OTHER = 'xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"'
SHEET = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
    f'<worksheet {MAIN} {OTHER}><dimension ref="A1:F9"/><sheetData>'
)
SHARED_STRINGS = (
    '<Override PartName="/xl/sharedStrings.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
)
TAIL = '</sheetData><mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells></worksheet>'


def header(number=1):
    cells = "".join(
        f'<c r="{letter}{number}" s="1" t="inlineStr"><is><t>{name}</t></is></c>'
        for letter, name in zip("ABCDEF", HEADER, strict=True)
    )
    return f'<row r="{number}" spans="1:6" x14ac:dyDescent="0.25">{cells}</row>'


def row(number, inhabitants="<v>1835</v>", attributes="", code=A):
    return (
        f'<row r="{number}"><c r="A{number}"><v>2024</v></c>'
        f'<c r="B{number}" t="inlineStr"><is><t xml:space="preserve">{code}</t></is></c>'
        f'<c r="D{number}" s="0"{attributes}>{inhabitants}</c><c r="E{number}" s="0"/></row>'
    )


def with_sheet(path, text: str):
    """A workbook with two shared strings, whose one sheet has this text."""
    workbook(path, [])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    parts["xl/worksheets/sheet1.xml"] = text
    parts["xl/sharedStrings.xml"] = f"<sst {MAIN}><si><t>een</t></si><si><t>twee</t></si></sst>"
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace("</Types>", f"{SHARED_STRINGS}</Types>")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def read(path):
    """Header, cells by line; or what is wrong."""
    try:
        table = read_table(path, path.name, WANTED)
    except ImportRefused as refused:
        return str(refused)
    return table.header, {position: dict(table.cells[position].items()) for position in table.cells.columns}


@pytest.fixture
def both_ways(monkeypatch):
    """Read in both ways; the outcome, and whether the sheet was plain."""

    def read_both_ways(path):
        plain, was_plain = workbooks._plain_rows, []

        def noticed(*args):
            was_plain.append(False)
            yield from plain(*args)
            was_plain.append(True)

        def never(*args):
            raise workbooks.NotPlain

        with monkeypatch.context() as patch:
            patch.setattr(workbooks, "_plain_rows", never)
            carefully = read(path)
            patch.setattr(workbooks, "_plain_rows", noticed)
            assert read(path) == carefully
        return carefully, bool(was_plain and was_plain[-1])

    return read_both_ways


def test_a_plain_sheet_is_read_out_of_its_text(tmp_path, both_ways):
    rows = [row(3), row(4, "<v>46.5</v>"), row(7, "<v>-99997</v>", code=B), row(9, "<v>1E3</v>")]
    text = SHEET + '<row r="1"><c r="A1" t="s"><v>0</v></c></row>' + header(2) + "".join(rows) + '<row r="12"/>' + TAIL
    (names, columns), was_plain = both_ways(with_sheet(tmp_path / "k.xlsx", text))
    assert was_plain
    assert names == HEADER
    assert columns[1] == {3: A, 4: A, 7: B, 9: A}
    assert columns[3] == {3: 1835, 4: 46.5, 7: -99997, 9: 1000}
    assert [type(cell) for cell in columns[3].values()] == [int, float, int, float]


@pytest.mark.parametrize(
    ("cell", "attributes", "read_as"),
    [
        ("<v>#N/A</v>", ' t="e"', "#N/A"),  # an error is never a missing figure
        ("<f>1/0</f><v>#DIV/0!</v>", ' t="e"', "#DIV/0!"),
        ('<f t="shared" si="0"/><v>12</v>', "", 12),
        ("<f>SUM(A1:A2)</f>", "", ""),  # never computed
        ("<f>A1</f><v>1,5</v>", ' t="str"', "1,5"),
        ("<v>1</v>", ' t="s"', "twee"),
        ("<v>0.1</v>", ' t="n"', 0.1),
        ("<v>12345678901234567890</v>", "", 12345678901234567890),
        ("<is><t> x </t></is>", ' t="inlineStr"', " x "),
        ("<v></v>", "", ""),
    ],
)
def test_cells_of_a_plain_sheet(tmp_path, both_ways, cell, attributes, read_as):
    text = SHEET + header() + row(2, cell, attributes) + row(3) + TAIL
    (_, columns), was_plain = both_ways(with_sheet(tmp_path / "k.xlsx", text))
    assert (was_plain, columns[3][2]) == (True, read_as)


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        (SHEET + header() + row(2, "<v>1</v>", ' t="b"') + TAIL, "True"),
        (SHEET + header() + row(2, "<v>2024-02-01T00:00:00</v>", ' t="d"') + TAIL, "2024-02-01 00:00:00"),
        (SHEET + header() + row(2, "<is><t>a&amp;b</t></is>", ' t="inlineStr"') + TAIL, "a&b"),
        (SHEET + header() + row(2, "<is><r><t>1</t></r><r><t>8</t></r></is>", ' t="inlineStr"') + TAIL, "18"),
        (SHEET + header() + row(2, "<v><![CDATA[18]]></v>") + TAIL, 18),
        (SHEET + header() + row(2, "<!-- <v>9</v> --><v>18</v>") + TAIL, 18),
        (
            SHEET.replace("<sheetData>", f"<!-- <sheetData>{header()}{row(2)}</sheetData> --><sheetData>")
            + header() + row(2, "<v>18</v>") + TAIL,
            18,
        ),
        (SHEET + header() + row(2, "<v>18</v>").replace('"', "'") + TAIL, 18),
        (SHEET + header() + row(2, "<v>18</v>").replace(' r="2"', "") + TAIL, 18),
        (SHEET + header() + row(2, "<v>18</v>").replace(' r="2"', ' spans="1:6" r="2"') + TAIL, 18),
        (SHEET + header() + row(2, "<v>18</v>") + row(2, "<v>19</v>") + TAIL, 18),
        ((SHEET + header() + row(2, "<v>18</v>") + TAIL).replace("UTF-8", "ISO-8859-1"), 18),
        (
            (SHEET + header() + row(2, "<v>18</v>") + TAIL)
            .replace("<", "<x:").replace("<x:/", "</x:").replace("<x:?", "<?").replace("xmlns=", "xmlns:x="),
            18,
        ),
    ],
)  # fmt: skip
def test_what_is_not_plain_goes_to_openpyxl(tmp_path, both_ways, text, outcome):
    (_, columns), was_plain = both_ways(with_sheet(tmp_path / "k.xlsx", text))
    assert not was_plain
    assert columns[3][2] == outcome


@pytest.mark.parametrize(
    "text",
    [
        SHEET + header() + row(2),  # cut off
        SHEET + header() + row(2) + row(9999)[:-20] + TAIL,
        SHEET + header() + row(2) + row(9999, "<v>veel</v>") + TAIL,
        SHEET + header() + row(2) + row(9999, "<v>nan</v>") + TAIL,
        SHEET + header() + row(2) + row(9999, "<v>99</v>", ' t="s"') + TAIL,
    ],
)
@pytest.mark.parametrize("rows", [0, 800])  # where the header is sought, and beyond
def test_a_damaged_sheet_is_refused(tmp_path, both_ways, text, rows):
    text = text.replace(row(2), "".join(map(row, range(2, 2 + rows))) + row(2 + rows))
    message, _ = both_ways(with_sheet(tmp_path / "k.xlsx", text))
    assert "is beschadigd" in message


def test_remarks_and_empty_rows_are_told_from_rows_without_figures(tmp_path, both_ways):
    remark = '<row r="{n}"><c r="E{n}" t="inlineStr"><is><t>Bron: CBS</t></is></c></row>'
    name = '<row r="{n}"><c r="C{n}" t="inlineStr"><is><t>Oost</t></is></c><c r="E{n}"><v>1</v></c></row>'
    blank = '<row r="{n}"><c r="C{n}" t="inlineStr"><is><t>  </t></is></c><c r="E{n}"/></row>'
    rows = [part.format(n=n) for n, part in enumerate([name, remark, blank], start=3)]
    text = SHEET + header() + row(2) + "".join(rows) + TAIL
    (_, columns), was_plain = both_ways(with_sheet(tmp_path / "k.xlsx", text))
    assert (was_plain, list(columns[1])) == (True, [2, 3])


def test_a_workbook_of_another_program(tmp_path, both_ways):
    """As openpyxl writes it: dates and words in columns that are not read do not matter."""
    path = workbook(
        tmp_path / "k.xlsx", ["Kerncijfers 2024"], [], HEADER,
        [2024, A, "Oost & West", 1835, datetime.date(2024, 2, 1), 46.5], [2024, B, None, "-99997", True, None],
        ["Bron: CBS"],
    )  # fmt: skip
    (_, columns), was_plain = both_ways(path)
    assert was_plain
    assert columns[3] == {4: 1835, 5: "-99997"}
    assert columns[5] == {4: 46.5, 5: ""}


def test_what_excel_made_a_date_of_is_never_a_number(tmp_path, both_ways):
    path = workbook(tmp_path / "k.xlsx", HEADER, [2024, A, "Oost", datetime.datetime(2024, 2, 1), None, 46.5])
    (_, columns), was_plain = both_ways(path)
    assert (was_plain, columns[3][2]) == (False, "2024-02-01 00:00:00")
