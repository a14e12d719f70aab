"""Words go out as words and come back as they were; what is no plain workbook is refused in one sentence."""

import datetime
import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.xml.constants import SHEET_MAIN_NS

from matrix import workbooks


def saved(*words, change=None):
    book = Workbook()
    sheet = book.active
    sheet.title = "Blad"
    for row, word in enumerate(words, start=1):
        workbooks.put(sheet.cell(row, 1), word)
    if change:
        change(sheet)
    out = io.BytesIO()
    book.save(out)
    return out


def read(file, name="blad.xlsx", title="Blad"):
    with workbooks.opened(file, name) as book:
        return [cells[0] for _, cells in book.rows(title)]


WORDS = "xl/sharedStrings.xml"
ODD = [
    "=1+1", "+31", "-x", "@SOM(A1)", "\tx", "\rx", "'=x", "'", "007", "2026-01-01", " met ruimte ", "regel\nregel",
    "klokje 🕐", "שלום עולם", "_x000B_", "_x005F_x000B_", "a\x0bb", "\uffff", "WAAR", "#N/B", "x" * 2000,
]  # fmt: skip


def test_odd_words_come_back_as_they_were():
    assert read(saved(*ODD)) == ODD


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60), min_size=1, max_size=8))
def test_any_words_come_back_as_they_were(words):
    assert read(saved(*words)) == words


@settings(max_examples=60, deadline=None)
@given(st.text("_x0F5B" + "\x0b", max_size=30))
def test_what_looks_like_an_escape_is_no_escape(text):
    assert workbooks.decoded(workbooks.encoded(text)) == text


@pytest.mark.parametrize("word", ["=1+1", "+1", "-1", "@A1", "\tx"])
def test_what_looks_like_a_formula_is_text_and_stays_text(word):
    cell = load_workbook(saved(word)).active["A1"]
    assert cell.data_type == "s"
    assert cell.quotePrefix


def test_other_cells_keep_their_looks():
    assert not load_workbook(saved("=1", "gewoon")).active["A2"].quotePrefix


def test_a_formula_is_told_from_words():
    file = saved("=1+1", change=lambda sheet: sheet.cell(2, 1, "=1+1"))
    words, formula = read(file)
    assert not isinstance(words, workbooks.Formula)
    assert isinstance(formula, workbooks.Formula)


def test_shared_words_of_excel_keep_their_escapes():
    """Excel keeps words in a list of their own, of which openpyxl takes the escapes away."""
    main = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    out = io.BytesIO()
    with zipfile.ZipFile(saved("hier")) as before, zipfile.ZipFile(out, "w") as after:
        for part in before.infolist():
            text = before.read(part).decode()
            text = text.replace('t="inlineStr"><is><t>hier</t></is>', 't="s"><v>0</v>')
            text = text.replace("</Types>", f'<Override PartName="/{WORDS}" ContentType="{main}"/></Types>')
            after.writestr(part, text)
        after.writestr(WORDS, f'<sst xmlns="{SHEET_MAIN_NS}"><si><t>_x005F_x000B_</t></si></sst>')
    assert read(out) == ["_x000B_"]


def test_a_list_to_choose_from_lies_on_a_hidden_sheet():
    def change(sheet):
        found = workbooks.lists(sheet.parent, "Keuzes", {"status": ["Idee", "=Voorstel, later"]})
        workbooks.offer(sheet, "B2:B50", found["status"], what="Status")

    book = load_workbook(saved("x", change=change))
    assert book["Keuzes"].sheet_state == "hidden"
    (rule,) = book.active.data_validations.dataValidation
    assert rule.formula1 == "'Keuzes'!$A$1:$A$2"


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("blad.xlsm", b"PK\x03\x04", "macro"),
        ("blad.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "wachtwoord"),
        ("blad.csv", b"a;b", ".xlsx"),
        ("blad.xlsx", b"", ".xlsx"),
        ("blad.xlsx", b"PK\x03\x04rommel", "beschadigd"),
        ("blad.docx", b"PK\x03\x04", ".xlsx"),
    ],
)
def test_another_file_is_refused(name, content, says):
    with pytest.raises(workbooks.Unreadable, match=says):
        read(io.BytesIO(content), name)


def packed(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", content)
    return out


def test_a_file_with_macros_under_another_name_is_refused():
    out = saved("x")
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    with pytest.raises(workbooks.Unreadable, match="macro"):
        read(out)


def test_a_zip_of_something_else_is_refused():
    with pytest.raises(workbooks.Unreadable, match=r"\.xlsx"):
        read(packed(word__document="<x/>"))


def test_much_in_little_is_refused_before_it_is_unpacked():
    with pytest.raises(workbooks.Unreadable, match="te groot"):
        read(packed(**{"[Content_Types]": "<x/>", "xl__workbook": b" " * (workbooks.LARGEST_UNPACKED + 1)}))


def test_entities_are_refused():
    with pytest.raises(workbooks.Unreadable, match="beschadigd"):
        read(packed(**{"[Content_Types]": "<!DOCTYPE x><x/>", "xl__workbook": "<x/>"}))


def test_a_sheet_without_end_is_refused(monkeypatch):
    monkeypatch.setattr(workbooks, "MOST_LINES", 20)
    with pytest.raises(workbooks.Unreadable, match="voorbij rij 20"):
        read(saved("x", change=lambda sheet: sheet.cell(25, 1, "ver weg")))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""), (12, "12"), (12.0, "12"), (0.5, "0,5"), (True, "ja"), (" a\r\nb ", "a\nb"),
        (datetime.datetime(2026, 12, 31), "31-12-2026"), (datetime.date(2026, 1, 2), "02-01-2026"),
        (datetime.time(9, 30), "09:30"),
    ],
)  # fmt: skip
def test_what_a_program_made_of_words_is_words_again(value, text):
    assert workbooks.as_text(value) == text


# ---- names of sheets ----


@pytest.mark.parametrize(
    ("names", "titles"),
    [
        (["Gemeente", "gemeente", "GEMEENTE"], ["Gemeente", "gemeente (2)", "GEMEENTE (3)"]),
        (["a/b\\c", "[x]:y?*"], ["a b c", "x y"]),
        (["'t Zand'", "'", ""], ["t Zand", "Blad", "Blad (2)"]),
        (["History", "Uitleg"], ["History (2)", "Uitleg (2)"]),
        (["x" * 40, "x" * 41], ["x" * 31, "x" * 27 + " (2)"]),
        (["🏘" * 20], ["🏘" * 15]),
        (["een\nnaam\x07"], ["een naam"]),
    ],
)
def test_a_name_of_a_sheet(names, titles):
    assert workbooks.sheet_titles(names, taken=["Uitleg"]) == titles


@given(
    st.lists(st.text(max_size=60) | st.sampled_from(["'", "a", "A", "[]", "History", "Blad", "x" * 31]), max_size=30)
)
def test_any_names_are_names_that_excel_takes(names):
    titles = workbooks.sheet_titles(names)
    assert len(titles) == len({title.casefold() for title in titles}) == len(names)
    for title in titles:
        assert 1 <= len(title.encode("utf-16-le")) / 2 <= 31
        assert not set("[]:*?/\\") & set(title)
        assert title.strip("'") == title
        assert not any(ord(sign) < 32 for sign in title)
    book = Workbook()
    for title in titles:
        book.create_sheet(title)
