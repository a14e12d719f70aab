"""The workbook that goes along in a plan: readable by other programs, the same bytes for the same words, never a formula."""

import datetime
import io
import zipfile
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from matrix.files.measures import Measure, Table, of_party
from matrix.files.xlsx import as_xlsx
from matrix.workbooks import opened

DAY = datetime.date(2027, 6, 30)
HEAD = (("Nummer", 9), ("Wat", 40), ("Klaar", 12))


def table(*rows, title="Afspraken", above=()):
    return Table(title, HEAD, rows, above)


def book_of(*tables):
    return load_workbook(io.BytesIO(as_xlsx(tables, title="Proef & <zo>", date=DAY)))


@pytest.mark.filterwarnings("error")
def test_another_program_reads_what_was_written():
    book = book_of(
        table((1, "Schoon & <heel>\n'veilig'", DAY), (2, "", None)), table(title="Tweede", above=("Kop", "Regel"))
    )
    assert book.sheetnames == ["Afspraken", "Tweede"]
    assert list(book["Afspraken"].iter_rows(values_only=True)) == [
        ("Nummer", "Wat", "Klaar"),
        (1, "Schoon & <heel>\n'veilig'", datetime.datetime(2027, 6, 30)),
        (2, None, None),
    ]
    assert book["Afspraken"]["C2"].number_format == r"dd\-mm\-yyyy"
    assert [row[0] for row in book["Tweede"].iter_rows(values_only=True)] == ["Kop", "Regel", "Nummer"]
    assert (book["Tweede"].freeze_panes, book["Tweede"].auto_filter.ref) == ("A4", "A3:C3")
    assert book["Afspraken"].column_dimensions["B"].width == 40
    assert book.properties.title == "Proef & <zo>"


def test_no_clock_is_inside():
    first, second = (as_xlsx([table((1, "Zo", DAY))], title="Proef", date=DAY) for _ in range(2))
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as file:
        assert {part.date_time for part in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        for part in file.infolist():
            ElementTree.fromstring(file.read(part))
    made = load_workbook(io.BytesIO(first)).properties
    assert made.created == made.modified == datetime.datetime(2027, 6, 30)
    assert as_xlsx([table((1, "Anders", DAY))], title="Proef", date=DAY) != first


@pytest.mark.parametrize("text", ["=1+1", '=HYPERLINK("http://kwaad.voorbeeld")', "+31", "-", "@x", "\tx"])
def test_what_looks_like_a_formula_stays_words(text):
    cell = book_of(table((1, text, None)))["Afspraken"]["B2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60))
def test_any_words_come_back(text):
    body = as_xlsx([table((1, text, None))], title=text, date=DAY)
    with opened(io.BytesIO(body), "a.xlsx") as book:
        _, row = list(book.rows("Afspraken"))[1]
    assert row[1] == text


def test_what_does_not_fit_in_a_cell_is_cut_and_an_early_day_is_words():
    sheet = book_of(table((1, "🏘" * 40_000, datetime.date(1899, 1, 1))))["Afspraken"]
    assert sheet["B2"].value == "🏘" * 16_000 + "…"
    assert sheet["C2"].value == "1899-01-01"


def test_a_row_is_as_high_as_its_words():
    sheet = book_of(
        table((1, "kort", None), (2, "een woord " * 20, None), (3, "a\nb\nc", None), (4, "x" * 9999, None))
    )["Afspraken"]
    heights = [sheet.row_dimensions[line].height for line in range(2, 6)]
    assert heights[0] == 15
    assert heights[1] >= 15 * 200 / 40
    assert heights[2] == 45
    assert heights[3] < 409


# ---- per organisation ----


def measure(number, *, lead="", brings=(), promised=True, stands=None):
    return Measure(
        number=number, title=f"Maatregel {number}", framework="Leefomgeving", status="Afgesproken", promised=promised,
        buurten=("Zuid", "Oost"), lead=lead, brings=tuple(brings), start=None, end=DAY, stands=stands or {},
    )  # fmt: skip


def test_what_one_organisation_promises_and_is_promised():
    found = of_party(
        "Gemeente", "Gemeente",
        [
            measure(1, lead="Gemeente", brings=[("Gemeente", "zelf"), ("Welzijn", "uren")]),
            measure(2, lead="Welzijn", brings=[("Gemeente", "")], stands={"Gemeente": "Akkoord."}),
            measure(3, lead="Gemeente", promised=False),
            measure(4, lead="Welzijn", promised=False, stands={"Gemeente": "Niet akkoord. Te duur"}),
            measure(5, lead="Welzijn"),
        ],
    )  # fmt: skip
    assert [(row[0], row[1], row[3], row[4], row[-1]) for row in found.rows] == [
        ("Wij trekken", 1, "Gemeente", "", ""),
        ("Wij dragen bij", 2, "Gemeente", "doet mee, bijdrage nog niet genoemd", "Akkoord."),
        ("Ons beloofd", 1, "Welzijn", "uren", ""),
        ("Ons standpunt", 4, "", "", "Niet akkoord. Te duur"),
    ]
    assert found.above == ("Wat belooft Gemeente, en wat is haar beloofd", "Nog geen standpunt bij de afspraken 1, 5.")
    assert found.rows[0][7] == "Zuid; Oost"
