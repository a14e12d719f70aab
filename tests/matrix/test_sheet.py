"""The worksheet both ways: what did not change changes nothing, what changed changes exactly that, and nothing that
anybody wrote is overwritten unseen."""

import datetime
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from matrix.actions import agreement as actions
from matrix.actions import sheet as sheet_actions
from matrix.actions import workshop as workshop_actions
from matrix.actions.agreement import plain
from matrix.forms import workshop_areas
from matrix.models import Agreement, Event, SheetUpload, Workshop
from matrix.sheet import reading
from matrix.sheet.comparing import compare
from matrix.sheet.writing import write
from matrix.stages import Stage
from matrix.workbooks import Unreadable
from tests import factories

TEXTS = ("title", "goal", "means", "measure", "residents_notice", "effect_elsewhere", "asked_elsewhere", "compensation",
         "reservation")  # fmt: skip


class Sheet:
    """A workbook as somebody at a desk has it open."""

    def __init__(self, workshop):
        self.book = load_workbook(io.BytesIO(write(workshop)))
        self.sheet = self.book["Afspraken"]

    def column(self, heading):
        return next(cell.column for cell in self.sheet[1] if cell.value == heading)

    def line(self, number):
        return next(cell.row for cell in self.sheet["A"] if str(cell.value) == str(number))

    def cell(self, number, heading):
        return self.sheet.cell(self.line(number), self.column(heading))

    def set(self, number, **cells):
        for heading, value in cells.items():
            self.cell(number, heading.replace("_", " ")).value = value
        return self

    def add(self, **cells):
        line = self.sheet.max_row + 1
        for heading, value in cells.items():
            self.sheet.cell(line, self.column(heading.replace("_", " ")), value)
        return self

    @property
    def file(self):
        out = io.BytesIO()
        self.book.save(out)
        out.seek(0)
        out.name = "afspraken.xlsx"
        return out

    def outcome(self, workshop):
        return compare(reading.read(self.file, "afspraken.xlsx"), workshop)


def told(outcome):
    return [(problem.line, problem.heading, problem.text) for problem in outcome.problems]


def changes(outcome):
    return {
        changed.agreement.number: {change.column.heading: change.after for change in changed.changes}
        for changed in outcome.edited
    }


@pytest.fixture
def agreement(cast):
    made = cast.propose("Samen schoonmaken")
    return actions.edit(
        by=cast.as_partner, agreement=made,
        changes={"lead": cast.as_corporation.organisation, "end": datetime.date(2027, 6, 30), "means": "Uit het fonds"},
        seen={"lead": None, "end": None, "means": ""},
        contributions={cast.as_partner.organisation: "Twee uur per week", cast.as_tenant.organisation: ""},
        seen_contributions={cast.as_partner.organisation: None, cast.as_tenant.organisation: None},
    )  # fmt: skip


# ---- out ----


def test_the_worksheet_reads_like_the_agreements(workshop, cast, agreement):
    actions.take_position(by=cast.as_tenant, agreement=agreement, stance="voorbehoud", reason="Als de bankjes blijven")
    sheet = Sheet(workshop)
    assert sheet.cell(1, "Handelingskader").value == "Leefomgeving"
    assert sheet.cell(1, "Buurten").value == "Buurt 000 't Zand (BU99010000)"
    assert sheet.cell(1, "Trekker").value == "Woonstichting"
    assert sheet.cell(1, "Klaar").value == datetime.datetime(2027, 6, 30)
    assert sheet.cell(1, "Bijdrage: Gemeente").value == "Twee uur per week"
    assert sheet.cell(1, "Bijdrage: Huurdersvereniging").value == "doet mee"
    assert sheet.cell(1, "Bijdrage: Woonstichting").value is None
    heading = "Standpunt: Huurdersvereniging (alleen lezen)"
    assert sheet.cell(1, heading).value == "Akkoord met voorbehoud. Als de bankjes blijven"
    agreement.positions.update(on_behalf=True)
    assert Sheet(workshop).cell(1, heading).value.endswith("blijven (ingevoerd door de begeleider)")
    assert sheet.sheet.freeze_panes == "B2"
    offered = {str(rule.sqref)[0] for rule in sheet.sheet.data_validations.dataValidation}
    assert {"B", "E", "F", "H"} <= offered
    states = {title: sheet.book[title].sheet_state for title in sheet.book.sheetnames}
    assert states == {
        "Afspraken": "visible", "Uitleg": "visible", "Keuzes": "hidden", "Stand bij downloaden": "hidden",
        "Woonstichting": "visible", "Gemeente": "visible", "Huurdersvereniging": "visible",
    }  # fmt: skip


# ---- a sheet per organisation ----


def lines_of(book, title):
    """{heading: words} of each row, and the line above the head."""
    rows = list(book[title].iter_rows(values_only=True))
    assert rows[0][0].startswith("Alleen om te lezen.")
    return [dict(zip(rows[3], row, strict=True)) for row in rows[4:]], rows[2][0]


def test_each_organisation_has_a_sheet_with_what_it_promises_and_what_it_is_promised(workshop, cast, agreement):
    actions.take_position(by=cast.as_tenant, agreement=agreement, stance="voorbehoud", reason="Als de bankjes blijven")
    other = cast.propose("Alleen een idee")
    actions.take_position(by=cast.as_tenant, agreement=other, stance="niet_akkoord", reason="=Te duur")
    dropped = cast.propose("Vervallen")
    Agreement.objects.filter(pk=dropped.pk).update(status="vervallen", lead=cast.as_corporation.organisation)
    Agreement.objects.filter(pk=agreement.pk).update(status="afgesproken")
    book = Sheet(workshop).book
    corporation, said = lines_of(book, "Woonstichting")
    assert [(row["Wat het is"], row["Door wie"], row["Bijdrage"]) for row in corporation] == [
        ("Wij trekken", "Woonstichting", None),
        ("Ons beloofd", "Gemeente", "Twee uur per week"),
        ("Ons beloofd", "Huurdersvereniging", "doet mee, bijdrage nog niet genoemd"),
    ]
    assert {row["Nummer"] for row in corporation} == {1}
    assert corporation[0]["Wat"] == "Samen schoonmaken"
    assert corporation[0]["Klaar"] == datetime.datetime(2027, 6, 30)
    assert said == "Nog geen standpunt bij afspraak 1."
    partner, _ = lines_of(book, "Gemeente")
    assert [(row["Wat het is"], row["Trekker"], row["Bijdrage"]) for row in partner] == [
        ("Wij dragen bij", "Woonstichting", "Twee uur per week")
    ]
    tenant, said = lines_of(book, "Huurdersvereniging")
    assert [(row["Wat het is"], row["Nummer"], row["Standpunt van deze organisatie"]) for row in tenant] == [
        ("Wij dragen bij", 1, "Akkoord met voorbehoud. Als de bankjes blijven"),
        ("Ons standpunt", 2, "Niet akkoord. =Te duur"),
    ]
    assert said is None
    for title in ("Woonstichting", "Gemeente", "Huurdersvereniging"):
        assert book[title].protection.sheet
        assert not any(cell.data_type == "f" for row in book[title].iter_rows() for cell in row)


def test_who_promises_nothing_reads_so(workshop, cast, agreement):
    Agreement.objects.filter(pk=agreement.pk).update(status="afgesproken")
    workshop.organisations.create(name="Politie", kind="politie")
    rows, said = lines_of(Sheet(workshop).book, "Politie")
    assert rows == []
    assert said == "Deze organisatie belooft nog niets. Nog geen standpunt bij afspraak 1."


NASTY = [
    "=1+1",
    "'t Zand [oost]: a/b\\c?*",
    "Afspraken",
    "afspraken",
    "Keuzes",
    "History",
    "x" * 80,
    "x" * 79 + "y",
    "🏘" * 40,
    "'",
    "[]",
]


def test_names_that_are_no_names_of_sheets(workshop, cast, agreement):
    """Formulas in names and texts stay words, and the file is read back as if those sheets were not there."""
    for name in NASTY:
        workshop.organisations.create(name=name, kind="overig")
    first = workshop.organisations.get(name="=1+1")
    Agreement.objects.filter(pk=agreement.pk).update(status="afgesproken", lead=first, title="=HYPERLINK(1)")
    book = Sheet(workshop).book
    titles = book.sheetnames
    assert len(titles) == 4 + workshop.organisations.count()
    assert len({title.casefold() for title in titles}) == len(titles)
    assert {"Afspraken (2)", "afspraken (3)", "Keuzes (2)", "t Zand oost a b c", "Blad", "Blad (2)"} < set(titles)
    rows, _ = lines_of(book, "=1+1")
    assert rows[0]["Wat"] == "=HYPERLINK(1)"
    cell = next(cell for row in book["=1+1"].iter_rows() for cell in row if cell.value == "=HYPERLINK(1)")
    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    for file in (io.BytesIO(write(workshop)), Sheet(workshop).file):
        outcome = compare(reading.read(file, "a.xlsx"), workshop)
        assert (told(outcome), changes(outcome), outcome.new) == ([], {}, [])


def test_what_is_typed_on_the_sheet_of_an_organisation_changes_nothing(workshop, cast, agreement):
    Agreement.objects.filter(pk=agreement.pk).update(status="afgesproken")
    sheet = Sheet(workshop)
    for row in sheet.book["Gemeente"].iter_rows():
        for cell in row:
            cell.value = "heel anders"
    outcome = sheet.outcome(workshop)
    assert (told(outcome), changes(outcome), outcome.new) == ([], {}, [])


def test_a_renamed_sheet_is_still_found_and_a_missing_one_is_named(workshop, cast, agreement):
    sheet = Sheet(workshop)
    sheet.book.move_sheet("Afspraken", len(sheet.book.sheetnames))
    sheet.sheet.title = "Onze lijst"
    assert changes(sheet.set(1, Doel="Anders").outcome(workshop)) == {1: {"Doel": "Anders"}}
    sheet = Sheet(workshop)
    del sheet.book["Afspraken"]
    with pytest.raises(Unreadable, match="geen blad ‘Afspraken’"):
        reading.read(sheet.file, "a.xlsx")


def test_the_number_of_queries_does_not_grow(workshop, cast, django_assert_max_num_queries):
    for i in range(20):
        cast.propose(f"Maatregel {i}")
    with django_assert_max_num_queries(10):
        write(workshop)


# ---- out and in is the identity ----

words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40) | st.sampled_from(
    ["=1+1", "+31", "-", "@x", "\tx", "'=1", "007", "0", "2026-12-31", "31-12-2026", "ja", "doet mee", "  ", "é\r\nü", "a\rb",
     "_x000D_", "x" * 200, "שלום 🏘", "Waar", "1,5", "#N/B", "a\x0b"]
)  # fmt: skip
dates = st.none() | st.dates()


@st.composite
def contents(draw):
    found = {name: draw(words)[: Agreement._meta.get_field(name).max_length].strip() for name in TEXTS}
    start, end = draw(dates), draw(dates)
    if start and end and end < start:
        start, end = end, start
    return found | {
        "title": found["title"] or "=titel",
        "start": start,
        "end": end,
        "kind": draw(st.sampled_from(["", *Agreement.Kind.values])),
        "status": draw(st.sampled_from(Agreement.Status.values)),
        "elsewhere": draw(st.sampled_from(["", *Agreement.Elsewhere.values])),
        "legal_check": draw(st.booleans()),
        "touches_advice_right": draw(st.booleans()),
        "lead": draw(st.none() | st.integers(0, 2)),
        "areas": draw(st.sets(st.integers(0, 2), min_size=1)),
        "brings": draw(st.lists(st.none() | words.map(lambda text: text[:400].strip()), min_size=3, max_size=3)),
    }


def store(workshop, agreement, content):
    organisations, areas = list(workshop.organisations.all()), list(workshop_areas(workshop))
    for name, value in content.items():
        if name not in ("areas", "brings", "lead"):
            setattr(agreement, name, value)
    agreement.lead = None if content["lead"] is None else organisations[content["lead"]]
    agreement.save()
    agreement.areas.set(areas[i] for i in content["areas"])
    actions.store_contributions(agreement, dict(zip(organisations, content["brings"], strict=True)))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=contents(), second=contents())
def test_out_and_in_changes_nothing_whatever_was_filled_in(first, second, workshop, cast, agreement):
    other = workshop.agreements.filter(number=2).first() or cast.propose("Tweede")
    store(workshop, agreement, first)
    store(workshop, other, second)
    for file in (
        io.BytesIO(write(workshop)),
        Sheet(workshop).file,
    ):  # as we wrote it; as another program saved it again
        outcome = compare(reading.read(file, "a.xlsx"), workshop)
        assert (told(outcome), changes(outcome), outcome.new) == ([], {}, [])


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=contents(), name=st.sampled_from(["Doel", "Wat", "Bewoners merken"]), text=words)
def test_one_cell_that_changed_is_exactly_that_change(content, name, text, workshop, cast, agreement):
    field = {"Doel": "goal", "Wat": "title", "Bewoners merken": "residents_notice"}[name]
    text = text.replace("\r\n", "\n").strip()
    store(workshop, agreement, content)
    sheet = Sheet(workshop)
    from matrix.workbooks import put

    put(sheet.cell(1, name), text)
    outcome = sheet.outcome(workshop)
    if name == "Wat" and not text:
        assert [problem[:2] for problem in told(outcome)] == [(2, "Wat")]
    elif text == plain(agreement, field):
        assert (told(outcome), changes(outcome)) == ([], {})
    else:
        assert (told(outcome), changes(outcome)) == ([], {1: {name: text}})


# ---- what is wrong is named with its row and column ----


@pytest.mark.parametrize(
    ("cells", "heading", "says"),
    [
        ({"Handelingskader": "Groen"}, "Handelingskader", "Kies uit: Leefomgeving"),
        ({"Trekker": "Politie"}, "Trekker", "zit niet aan tafel"),
        ({"Buurten": "Nergenshuizen"}, "Buurten", "hoort niet bij deze sessie"),
        ({"Buurten": "BU99010005"}, "Buurten", "hoort niet bij deze sessie"),
        ({"Buurten": None}, "Buurten", "minstens één buurt"),
        ({"Wat": None}, "Wat", "in één regel"),
        ({"Wat": "x" * 201}, "Wat", "hooguit 200 tekens, en dit zijn er 201"),
        ({"Status": "Klaar"}, "Status", "Kies uit: Idee"),
        ({"Begint": "gisteren"}, "Begint", "geen datum"),
        ({"Begint": 2026}, "Begint", "Klopt het jaar 1905?"),
        ({"Begint": "30-02-2027"}, "Begint", "geen datum"),
        ({"Begint": datetime.date(2027, 7, 1)}, "Klaar", "ligt voor de begindatum (01-07-2027)"),
        ({"Doel": "=1+1"}, "Doel", "formule"),
        ({"Juridische_toets_nodig": "misschien"}, "Juridische toets nodig", "ja of nee"),
        ({"Bijdrage:_Gemeente": "x" * 401}, "Bijdrage: Gemeente", "hooguit 400"),
    ],
)
def test_a_wrong_cell_is_named(cells, heading, says, workshop, agreement):
    ((line, named, text),) = told(Sheet(workshop).set(1, **cells).outcome(workshop))
    assert (line, named) == (2, heading)
    assert says in text


@pytest.mark.parametrize(
    ("words", "date"),
    [("1-2-2027", (2027, 2, 1)), ("31/12/2026", (2026, 12, 31)), ("2027-03-04", (2027, 3, 4)),
     ("5 maart 2027", (2027, 3, 5)), ("5 mrt. 2027", (2027, 3, 5))],
)  # fmt: skip
def test_a_day_may_be_written_as_people_write_it(words, date, workshop, agreement):
    (changed,) = Sheet(workshop).set(1, Begint=words).outcome(workshop).edited
    assert changed.changes[0].value == datetime.date(*date)


def test_buurten_by_name_or_code(workshop, agreement):
    sheet = Sheet(workshop).set(1, Buurten="buurt 001 't zand; BU99010002\nBuurt 001 't Zand")
    (change,) = sheet.outcome(workshop).edited[0].changes
    assert [area.code for area in change.value] == ["BU99010001", "BU99010002"]


def test_numbers_that_were_changed_are_found(workshop, cast, agreement):
    cast.propose("De tweede")
    sheet = Sheet(workshop)
    sheet.sheet["A2"], sheet.sheet["A3"] = 2, 1
    assert ["staat de tekst van nummer" in text for *_, text in told(sheet.outcome(workshop))] == [True, True]


@pytest.mark.parametrize(("number", "says"), [(9, "bestaat niet"), ("één", "geen nummer"), (1.5, "geen nummer")])
def test_a_number_that_is_none_of_ours(number, says, workshop, agreement):
    sheet = Sheet(workshop)
    sheet.sheet["A2"] = number
    assert says in told(sheet.outcome(workshop))[0][2]


def test_a_number_twice(workshop, agreement):
    assert told(Sheet(workshop).add(Nummer=1, Wat="Nog eens").outcome(workshop)) == [
        (3, "Nummer", "Nummer 1 staat ook op rij 2.")
    ]


def test_a_measure_of_after_the_download_is_not_in_it(workshop, cast, agreement):
    sheet = Sheet(workshop)
    cast.propose("Later")
    assert "stond niet in dit werkblad" in told(sheet.add(Nummer=2, Wat="Later").outcome(workshop))[0][2]


def test_what_an_unknown_organisation_brings_is_refused(workshop, agreement):
    sheet = Sheet(workshop)
    sheet.sheet.cell(1, sheet.column("Bijdrage: Gemeente")).value = "Bijdrage: Politie"
    ((_, heading, text),) = told(sheet.outcome(workshop))
    assert heading == "Bijdrage: Politie"
    assert "zit niet aan tafel" in text


def test_a_position_is_not_read_and_that_is_said(workshop, agreement):
    outcome = Sheet(workshop).set(1, **{"Standpunt:_Gemeente_(alleen_lezen)": "Akkoord"}).outcome(workshop)
    assert outcome.count == 0
    assert "geeft haar eigen standpunt" in outcome.notes[0]


def test_a_column_of_ones_own_is_left_alone(workshop, agreement):
    sheet = Sheet(workshop)
    sheet.sheet.cell(1, 60, "Notitie van Jan")
    sheet.sheet.cell(2, 60, "bellen")
    outcome = sheet.outcome(workshop)
    assert outcome.count == 0
    assert "Notitie van Jan" in outcome.notes[0]


def test_a_missing_column_changes_nothing(workshop, agreement):
    sheet = Sheet(workshop)
    sheet.sheet.delete_cols(sheet.column("Doel"), 6)
    assert sheet.outcome(workshop).count == 0


@pytest.mark.parametrize("heading", ["Nummer", "Wat"])
def test_without_number_or_words_it_is_refused(heading, workshop, agreement):
    sheet = Sheet(workshop)
    sheet.sheet.delete_cols(sheet.column(heading))
    with pytest.raises(Unreadable, match=f"De kolom ‘{heading}’ ontbreekt"):
        sheet.outcome(workshop)


def test_a_column_twice_is_refused(workshop, agreement):
    sheet = Sheet(workshop)
    sheet.sheet.cell(1, 60, "DOEL ")
    with pytest.raises(Unreadable, match="twee keer"):
        sheet.outcome(workshop)


def test_ten_thousand_rows_are_refused(workshop, agreement):
    sheet = Sheet(workshop)
    for _ in range(10_000):
        sheet.sheet.append([None, None, None, "Weer een"])
    with pytest.raises(Unreadable, match="meer dan 5000 regels"):
        sheet.outcome(workshop)


def test_a_worksheet_of_another_session_is_refused(workshop, agreement):
    other = factories.workshop(code="elders", municipality="GM9902")
    assert "andere sessie" in told(Sheet(other).outcome(workshop))[0][2]


def test_without_its_hidden_sheet_it_changes_nothing_that_is_there(workshop, agreement):
    sheet = Sheet(workshop).set(1, Doel="Anders")
    del sheet.book["Stand bij downloaden"]
    assert "stond niet in dit werkblad" in told(sheet.outcome(workshop))[0][2]


def test_an_empty_workbook_is_refused(workshop):
    out = io.BytesIO()
    Workbook().save(out)
    with pytest.raises(Unreadable, match="leeg"):
        reading.read(out, "a.xlsx")


# ---- new ones ----


def test_a_new_row_becomes_a_proposal_with_all_that_it_says(workshop, cast, agreement):
    sheet = Sheet(workshop).add(
        Handelingskader="Sociale aanpak", Buurten="Buurt 001 't Zand", Wat="=Koffie", Status="Voorstel", Trekker="Gemeente",
        Doel="Elkaar kennen", Klaar=datetime.date(2027, 1, 1), **{"Bijdrage:_Woonstichting": "de zaal"},
    )  # fmt: skip
    sheet.sheet.cell(3, sheet.column("Wat")).data_type = "s"
    carry_out(cast, sheet)
    made = workshop.agreements.get(number=2)
    assert (made.title, made.status, made.goal, made.lead.name) == ("=Koffie", "voorstel", "Elkaar kennen", "Gemeente")
    assert made.contributions.get().text == "de zaal"


@pytest.mark.parametrize(
    ("cells", "heading"),
    [
        ({"Wat": "Nieuw", "Handelingskader": "Leefomgeving"}, "Buurten"),
        ({"Wat": "Nieuw", "Buurten": "Buurt 001 't Zand"}, "Handelingskader"),
        ({"Handelingskader": "Leefomgeving", "Buurten": "Buurt 001 't Zand"}, "Wat"),
        (
            {
                "Wat": "Nieuw",
                "Handelingskader": "Leefomgeving",
                "Buurten": "Buurt 001 't Zand",
                "Status": "Afgesproken",
            },
            "Status",
        ),
    ],
)
def test_a_new_row_says_what_it_is(cells, heading, workshop, agreement):
    assert [problem[1] for problem in told(Sheet(workshop).add(**cells).outcome(workshop))] == [heading]


# ---- carrying out ----


def carry_out(cast, sheet, **choices):
    cast.workshop.refresh_from_db()
    filled = reading.read(sheet.file, "afspraken.xlsx")
    kept = sheet_actions.keep(by=cast.as_facilitator, filled=filled, file_name="afspraken.xlsx")
    digest = sheet_actions.outcome_of(kept, cast.workshop).digest
    return sheet_actions.carry_out(by=cast.as_facilitator, digest=digest, choices=choices)


def test_each_measure_leaves_the_events_of_editing_by_hand(workshop, cast, agreement):
    cast.propose("De tweede")
    before = Event.objects.filter(workshop=workshop).count()
    done = carry_out(
        cast, Sheet(workshop).set(1, Doel="Schoon", Status="Voorstel").set(2, Handelingskader="Woningprogramma")
    )
    assert (done.changes, done.measures, done.new) == (3, 2, 0)
    events = list(Event.objects.filter(workshop=workshop)[before:])
    assert [event.what for event in events] == ["edited", "status_set", "edited"]
    assert {f"board/{workshop_areas(workshop)[0].pk}/{name}" for name in ("leefomgeving", "woningprogramma")} <= {
        *events[2].subjects
    }
    agreement.refresh_from_db()
    assert (agreement.goal, agreement.status, agreement.means) == ("Schoon", "voorstel", "Uit het fonds")


def test_new_words_ask_for_a_new_position(workshop, cast, agreement):
    actions.take_position(by=cast.as_tenant, agreement=agreement, stance="akkoord")
    carry_out(cast, Sheet(workshop).set(1, Doel="Schoon"))
    agreement.refresh_from_db()
    assert agreement.wording == 2


def test_all_or_nothing(workshop, cast, agreement, monkeypatch):
    cast.propose("De tweede")
    monkeypatch.setattr(sheet_actions.agreements, "set_status", lambda **_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        carry_out(cast, Sheet(workshop).set(1, Doel="Schoon").set(2, Status="Voorstel"))
    agreement.refresh_from_db()
    assert agreement.goal == ""
    assert SheetUpload.objects.count() == 1


def test_rows_that_were_left_out_stay(workshop, cast, agreement):
    cast.propose("De tweede")
    sheet = Sheet(workshop)
    sheet.sheet.delete_rows(2)
    outcome = sheet.outcome(workshop)
    assert (outcome.count, outcome.absent) == (0, 1)


def change_on_screen(cast, agreement, before="Uit het fonds", **changed):
    actions.edit(by=cast.as_partner, agreement=agreement, changes=changed, seen=dict.fromkeys(changed, before))


@pytest.mark.parametrize(
    ("choice", "stands"), [("werkblad", "Uit het werkblad"), ("scherm", "Van het scherm"), ("", "Van het scherm")]
)
def test_what_two_people_changed_one_of_them_chooses(choice, stands, workshop, cast, agreement):
    sheet = Sheet(workshop).set(1, Middelen_en_dekking="Uit het werkblad", Doel="Schoon")
    change_on_screen(cast, agreement, means="Van het scherm")
    outcome = sheet.outcome(workshop)
    ((_, change),) = outcome.conflicts
    assert (change.started, change.before, change.after) == ("Uit het fonds", "Van het scherm", "Uit het werkblad")
    if choice:
        carry_out(cast, sheet, **{"keuze-1-means": choice})
    else:
        with pytest.raises(sheet_actions.Undecided):
            carry_out(cast, sheet)
    agreement.refresh_from_db()
    assert (agreement.means, agreement.goal) == (stands, "Schoon" if choice else "")


def test_the_same_change_on_both_sides_is_no_conflict(workshop, cast, agreement):
    sheet = Sheet(workshop).set(1, Middelen_en_dekking="Anders")
    change_on_screen(cast, agreement, means="Anders")
    assert sheet.outcome(workshop).count == 0


def test_what_changed_elsewhere_in_the_measure_is_no_conflict(workshop, cast, agreement):
    sheet = Sheet(workshop).set(1, Doel="Schoon")
    change_on_screen(cast, agreement, means="Van het scherm")
    carry_out(cast, sheet)
    agreement.refresh_from_db()
    assert (agreement.goal, agreement.means) == ("Schoon", "Van het scherm")


def test_what_brings_an_organisation_can_be_in_conflict_too(workshop, cast, agreement):
    party = cast.as_partner.organisation
    sheet = Sheet(workshop).set(1, **{"Bijdrage:_Gemeente": "Drie uur"})
    actions.edit(by=cast.as_partner, agreement=agreement, changes={}, seen={}, contributions={party: "Vier uur"},
                 seen_contributions={party: "Twee uur per week"})  # fmt: skip
    carry_out(cast, sheet, **{f"keuze-1-brings-{party.pk}": "werkblad"})
    assert agreement.contributions.get(organisation=party).text == "Drie uur"


def test_nothing_is_carried_out_that_was_not_shown(workshop, cast, agreement):
    sheet = Sheet(workshop).set(1, Middelen_en_dekking="Uit het werkblad")
    kept = sheet_actions.keep(
        by=cast.as_facilitator, filled=reading.read(sheet.file, "a.xlsx"), file_name="afspraken.xlsx"
    )
    digest = sheet_actions.outcome_of(kept, workshop).digest
    change_on_screen(cast, agreement, means="Van het scherm")
    with pytest.raises(sheet_actions.Outdated):
        sheet_actions.carry_out(by=cast.as_facilitator, digest=digest, choices={})


def test_words_that_were_fixed_change_by_a_proposal_only(workshop, cast, agreement):
    Agreement.objects.filter(pk=agreement.pk).update(frozen_wording=1)
    sheet = Sheet(workshop).set(1, Doel="Anders")
    ((_, heading, text),) = told(sheet.outcome(workshop))
    assert heading == "Doel"
    assert "wijzigingsvoorstel" in text
    actions.set_status(by=cast.as_partner, agreement=agreement, status="afgesproken")
    assert told(Sheet(workshop).set(1, Status="In uitvoering").outcome(workshop)) == []
    assert [problem[1] for problem in told(Sheet(workshop).set(1, Status="Vervallen").outcome(workshop))] == ["Status"]


# ---- the pages ----


def upload(cast, sheet, who="facilitator"):
    return getattr(cast, who).post(f"/sessie/{cast.workshop.code}/afspraken/werkblad/", {"file": sheet.file})


CHANGES = "/sessie/proef/afspraken/werkblad/wijzigingen/"


def digest_on(page):
    return page.split('name="digest" value="')[1].split('"')[0]


def test_the_facilitator_sees_what_changes_and_then_does_it(workshop, cast, agreement):
    answer = upload(cast, Sheet(workshop).set(1, Doel="Schoon", Middelen_en_dekking="Uit het nieuwe fonds"))
    assert (answer.status_code, answer.url) == (302, CHANGES)
    page = cast.facilitator.get(CHANGES).content.decode()
    assert "Voer deze 2 wijzigingen door" in page
    assert '<ins><span class="visually-hidden">nieuw: </span>nieuwe ' in page
    agreement.refresh_from_db()
    assert agreement.goal == ""
    answer = cast.facilitator.post(CHANGES, {"digest": digest_on(page)}, follow=True)
    assert "Doorgevoerd: 2 wijzigingen bij 1 maatregel." in answer.content.decode()
    agreement.refresh_from_db()
    assert agreement.goal == "Schoon"
    again = cast.facilitator.post(CHANGES, {"digest": digest_on(page)})
    assert again.status_code == 409
    assert "al doorgevoerd" in again.content.decode()


def test_the_page_asks_who_is_right(workshop, cast, agreement):
    sheet = Sheet(workshop).set(1, Middelen_en_dekking="Uit het werkblad")
    change_on_screen(cast, agreement, means="Van het scherm")
    upload(cast, sheet)
    page = cast.facilitator.get(CHANGES).content.decode()
    for words in ("Uit het fonds", "Van het scherm", "Uit het werkblad"):
        assert words in page
    refused = cast.facilitator.post(CHANGES, {"digest": digest_on(page)})
    assert refused.status_code == 422
    assert "Kies een van de twee" in refused.content.decode()
    cast.facilitator.post(CHANGES, {"digest": digest_on(page), "keuze-1-means": "werkblad"})
    agreement.refresh_from_db()
    assert agreement.means == "Uit het werkblad"


def test_a_worksheet_with_anything_wrong_is_not_kept(workshop, cast, agreement):
    answer = upload(cast, Sheet(workshop).set(1, Trekker="Politie"))
    assert answer.status_code == 422
    assert "zit niet aan tafel" in answer.content.decode()
    assert not SheetUpload.objects.exists()


def test_putting_it_aside_changes_nothing(workshop, cast, agreement):
    upload(cast, Sheet(workshop).set(1, Doel="Schoon"))
    assert cast.facilitator.post(CHANGES, {"weg": "1"}).status_code == 302
    assert not SheetUpload.objects.exists()


def test_another_file_is_refused_in_one_sentence(workshop, cast):
    file = io.BytesIO(b"a;b")
    file.name = "afspraken.xlsm"
    answer = cast.facilitator.post(f"/sessie/{workshop.code}/afspraken/werkblad/", {"file": file})
    assert answer.status_code == 422
    assert "macro" in answer.content.decode()


def test_everybody_at_the_table_downloads_and_only_the_facilitator_reads_in(workshop, cast, agreement):
    answer = cast.tenant.get(f"/sessie/{workshop.code}/afspraken/werkblad/afspraken.xlsx")
    assert answer["Content-Disposition"].endswith('.xlsx"')
    assert load_workbook(io.BytesIO(answer.content))["Afspraken"]["D2"].value == "Samen schoonmaken"
    assert 'type="file"' not in cast.tenant.get(f"/sessie/{workshop.code}/afspraken/werkblad/").content.decode()
    assert upload(cast, Sheet(workshop).set(1, Doel="Schoon"), "tenant").status_code == 409


def test_after_fixing_the_plan_nothing_is_read_in(workshop, cast, agreement):
    workshop_actions.move(by=cast.as_facilitator, stage=Stage.SETTLE)
    assert upload(cast, Sheet(workshop).set(1, Doel="Schoon")).status_code == 409
    assert Workshop.objects.get(pk=workshop.pk).agreements.get().goal == ""
