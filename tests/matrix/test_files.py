"""Files that go out: what is agreed is in them, and what may not be shared is not."""

import csv
import io
import json

import pytest
from django.urls import reverse

from matrix.actions import agreement as actions
from matrix.actions import remark as remark_actions
from matrix.files.content import shared_content
from matrix.files.sharing import MIN_HOUSEHOLDS, shareable
from matrix.files.tables import cell, figure
from matrix.models import Agreement, Progress, WorkshopArea
from matrix.stages import Stage
from matrix.views.files import FILES

FORMULA = '=HYPERLINK("http://kwaad.voorbeeld";"klik")'
NASTY = "Rij\x0b met \x07 besturing, 😀 emoji, עברית en <b>html</b>"


@pytest.fixture
def agreed(workshop, cast):
    """One agreement with all that can be said of it, an objection, a proposal, and progress."""
    first = cast.propose(
        "Elke maand samen schoonmaken", areas=[s.area for s in workshop.workshop_areas.select_related("area")]
    )
    actions.set_status(by=cast.as_facilitator, agreement=first, status="afgesproken")
    corporation, gemeente = cast.as_corporation.organisation, cast.as_partner.organisation
    Agreement.objects.filter(pk=first.pk).update(
        lead=corporation, goal="Een schone straat", start="2027-01-04", end="2027-12-31", means="€ 12.500,50 per jaar",
        reservation="besluit RvC", touches_advice_right=True, legal_check=True, kind="resultaat",
    )  # fmt: skip
    first.contributions.create(organisation=gemeente, text=FORMULA)
    actions.take_position(
        by=cast.as_tenant, agreement=first, stance="niet_akkoord", reason='Eerst overleggen;\n"echt" waar'
    )
    actions.take_position(by=cast.as_corporation, agreement=first, stance="akkoord")
    Progress.objects.create(
        agreement=first, organisation=corporation, on="2027-02-01", status="in_uitvoering", percent=40, note="@begonnen"
    )
    cast.propose(NASTY, framework="woninggebruik")
    return first


def fetch(client, workshop, name):
    answer = client.get(reverse("download", args=[workshop.code, name]))
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    return answer.content


def table(client, workshop, name):
    body = fetch(client, workshop, name)
    assert body.startswith(b"\xef\xbb\xbf")
    head, *rows = csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""), delimiter=";")
    return [dict(zip(head, row, strict=True)) for row in rows]


# ---- tables ----


def test_the_tables_say_what_is_agreed(workshop, cast, agreed):
    first, second = table(cast.partner, workshop, "afspraken.csv")
    assert first["nummer"] == "1"
    assert first["status"] == "Afgesproken"
    assert first["trekker"] == "Woonstichting"
    assert first["middelen en dekking"] == "€ 12.500,50 per jaar"
    assert first["buurten"].count("Buurt") == 3
    assert first["raakt adviesrecht"] == "ja"
    assert second["status"] == "Idee"
    positions = table(cast.partner, workshop, "standpunten.csv")
    assert {p["organisatie"]: p["standpunt"] for p in positions} == {
        "Huurdersvereniging": "Niet akkoord",
        "Woonstichting": "Akkoord",
    }
    assert 'Eerst overleggen;\n"echt" waar' in [p["reden"] for p in positions]
    brought = table(cast.partner, workshop, "bijdragen.csv")
    assert [(b["organisatie"], b["rol"]) for b in brought] == [("Woonstichting", "trekker"), ("Gemeente", "partner")]
    line = table(cast.partner, workshop, "voortgang.csv")[-1]
    assert (line["op"], line["gedaan in %"], line["status"]) == ("2027-02-01", "40", "In uitvoering")


def test_no_text_is_a_formula(workshop, cast, agreed):
    assert table(cast.partner, workshop, "bijdragen.csv")[1]["eigen bijdrage"] == "'" + FORMULA
    assert table(cast.partner, workshop, "voortgang.csv")[-1]["toelichting"] == "'@begonnen"
    for name in (name for name in FILES if name.endswith(".csv")):
        for row in table(cast.partner, workshop, name):
            assert not any(value.lstrip()[:1] in tuple("=+-@") for value in row.values()), name


@pytest.mark.parametrize(
    ("value", "told"),
    [("=1+1", "'=1+1"), ("  +31", "'  +31"), ("-", "'-"), ("@x", "'@x"), ("\tx", "'\tx"), ("gewoon", "gewoon"), ("", ""),
     (True, "ja"), (False, "nee"), (12, "12"), (None, "")],
)  # fmt: skip
def test_a_cell_of_a_table(value, told):
    assert cell(value) == told


def test_figures_are_written_as_in_the_netherlands(workshop, cast):
    assert figure("-0.93") == "−0,93"
    rows = table(cast.partner, workshop, "buurten.csv")
    assert [row["nummer"] for row in rows] == ["1", "2", "3"]
    assert all("," in row["bewoners"] and "." not in row["bewoners"] for row in rows)
    assert rows[0]["Leefomgeving"] == "leeg"


# ---- json and geojson ----


def test_the_json_holds_all_that_may_be_shared(workshop, cast, agreed):
    found = json.loads(fetch(cast.tenant, workshop, "sessie.json"))
    assert found["session"]["title"] == workshop.title
    assert {party["name"] for party in found["parties"]} == {"Woonstichting", "Gemeente", "Huurdersvereniging"}
    agreement = found["agreements"][0]
    assert agreement["title"] == "Elke maand samen schoonmaken"
    assert agreement["progress"][-1] == {
        "on": "2027-02-01", "by": "Woonstichting", "status": "in_uitvoering", "percent": 40, "note": "@begonnen"
    }  # fmt: skip
    assert {p["stance"] for p in agreement["positions"]} == {"niet_akkoord", "akkoord"}
    assert [b["number"] for b in found["buurten"]] == [1, 2, 3]


def test_the_geojson_has_shapes_signals_and_coverage(workshop, cast, agreed):
    found = json.loads(fetch(cast.partner, workshop, "buurten.geojson"))
    assert found["type"] == "FeatureCollection"
    assert len(found["features"]) == 3
    first = found["features"][0]
    assert first["geometry"]["type"] == "Polygon"
    assert first["properties"]["dekking_leefomgeving"] == "afspraak"
    assert first["properties"]["dekking_woninggebruik"] == "voorstel"
    assert isinstance(first["properties"]["bewoners"], float)
    assert "geen oordeel" in found["let_op"]


# ---- what is left out ----


def test_what_was_not_revealed_is_in_no_file(workshop, cast, agreed):
    type(workshop).objects.filter(pk=workshop.pk).update(stage=Stage.LOOK)
    remark_actions.write(by=cast.as_corporation, text="Nog geheim gebleven")
    for client in (cast.facilitator, cast.corporation, cast.tenant):
        for name in FILES:
            assert "Nog geheim gebleven" not in words_of(fetch(client, workshop, name), name)
    type(workshop).objects.filter(pk=workshop.pk).update(revealed=["kijken"])
    assert "Nog geheim gebleven" in fetch(cast.tenant, workshop, "sessie.json").decode()


def words_of(body, name) -> str:
    if not name.endswith(".docx"):
        return body.decode()
    from docx import Document

    document = Document(io.BytesIO(body))
    cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def test_the_joint_analysis_is_for_a_tenant_after_its_own_answer(workshop, cast):
    type(workshop).objects.filter(pk=workshop.pk).update(stage=Stage.READ)
    sheet = workshop.workshop_areas.first()
    WorkshopArea.objects.filter(pk=sheet.pk).update(problem_analysis="Wat de tafel schreef")
    assert "Wat de tafel schreef" not in fetch(cast.tenant, workshop, "sessie.json").decode()
    workshop.readings.create(area=sheet.area, organisation=cast.as_tenant.organisation, recognition="yes")
    assert "Wat de tafel schreef" in fetch(cast.tenant, workshop, "sessie.json").decode()


def test_small_numbers_internal_remarks_and_who_entered_are_left_out():
    content = {
        "buurten": [{"code": "BU1", "signal": {"class": "resilient", "composition": "1.00"}, "own_signals": [1],
                     "problem_analysis": "tekst", "readings": [{"words": "eigen", "on_behalf": True}]}],
        "remarks": [{"text": "open", "on_behalf": True, "said_too": [{"text": "ook", "internal": True}]}, {"text": "dicht", "internal": True}],
        "agreements": [{"positions": [{"reason": "r", "note": "belde", "on_behalf": True}]}],
    }  # fmt: skip
    found = shareable(content, small=frozenset({"BU1"}), closed=frozenset({"BU1"}))
    buurt = found["buurten"][0]
    assert (buurt["signal"], buurt["own_signals"], buurt["problem_analysis"]) == ({}, [], "")
    assert buurt["readings"] == [{"words": "eigen"}]
    assert found["remarks"] == [{"text": "open", "said_too": []}]
    assert found["agreements"][0]["positions"] == [{"reason": "r"}]
    assert content["buurten"][0]["problem_analysis"] == "tekst"  # the content itself is untouched


def test_a_buurt_with_few_households_shows_no_figures(workshop, cast):
    from maps.models import Observation

    area = workshop.workshop_areas.select_related("area").first().area
    for row in Observation.objects.filter(area_code=area.code, values__has_key="households"):
        row.values = row.values | {"households": MIN_HOUSEHOLDS - 1}
        row.save()
    first, second, _ = shared_content(workshop, None)["buurten"]
    assert first["signal"] == {}
    assert second["signal"]["class"]
    assert table(cast.partner, workshop, "buurten.csv")[0]["signaal"] == "te weinig huishoudens om te tonen"
    feature = json.loads(fetch(cast.partner, workshop, "buurten.geojson"))["features"][0]
    assert feature["properties"]["bewoners"] is None


# ---- word ----


def test_the_word_file_reads_as_agreements(workshop, cast, agreed):
    body = fetch(cast.partner, workshop, "afspraken.docx")
    from docx import Document

    document = Document(io.BytesIO(body))
    headings = [(p.style.name, p.text) for p in document.paragraphs if p.style.name.startswith(("Heading", "Title"))]
    assert ("Title", f"Afspraken van {workshop.title}") in headings
    assert ("Heading 3", "1. Elke maand samen schoonmaken") in headings
    assert ("Heading 1", "Wat beloven wij") in headings
    assert ("Heading 2", "Woonstichting") in headings
    facts = {row.cells[0].text: row.cells[1].text for row in document.tables[0].rows}
    assert facts["Trekker"] == "Woonstichting"
    assert facts["Periode"] == "4 januari 2027 tot 31 december 2027"
    assert facts["Middelen en dekking"] == "€ 12.500,50 per jaar"
    assert "Huurdersvereniging: niet akkoord. Eerst overleggen;" in facts["Standpunten"]
    assert "Raakt het adviesrecht" in facts["Let op"]
    words = words_of(body, "x.docx")
    for told in ("trekt 1. Elke maand", f"brengt in bij 1. Elke maand samen schoonmaken: {FORMULA}", "belooft nog niets",
                 "niet het wettelijke advies", "Een signaal, geen oordeel", "Bron: Proef", "emoji", "<b>html</b>"):  # fmt: skip
        assert told in words, told


def test_the_same_content_gives_the_same_bytes(workshop, cast, agreed):
    for name in FILES:
        assert fetch(cast.partner, workshop, name) == fetch(cast.tenant, workshop, name), name


def test_a_session_without_anything_gives_every_file(workshop, cast):
    for name in FILES:
        assert fetch(cast.tenant, workshop, name), name
    assert "Er is nog niets afgesproken." in words_of(fetch(cast.tenant, workshop, "afspraken.docx"), "x.docx")


# ---- the page ----


def test_the_page_offers_every_file_and_says_what_is_left_out(workshop, cast):
    page = cast.tenant.get(reverse("files", args=[workshop.code])).content.decode()
    for name in FILES:
        assert reverse("download", args=[workshop.code, name]) in page
    assert reverse("deadlines_file", args=[workshop.code]) in page
    assert "nog niet zijn onthuld" in page
    assert cast.tenant.get(reverse("download", args=[workshop.code, "zomaar.exe"])).status_code == 404


@pytest.mark.parametrize("name", FILES)
def test_no_file_is_for_an_outsider(name, workshop, cast, agreed, outsider, stranger):
    for client in (outsider, stranger):
        assert client.get(reverse("download", args=[workshop.code, name])).status_code == 404


def test_more_agreements_cost_no_more_queries(workshop, cast, agreed, django_assert_max_num_queries):
    with django_assert_max_num_queries(45):
        fetch(cast.partner, workshop, "sessie.json")
    for i in range(10):
        cast.propose(f"Nog een {i}")
    with django_assert_max_num_queries(45):
        fetch(cast.partner, workshop, "sessie.json")
