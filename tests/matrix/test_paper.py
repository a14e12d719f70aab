"""Paper for the room: codes that can be typed back, and sheets that say what the matrix says."""

import io
import re

import pytest
from django.urls import reverse
from pypdf import PdfReader

from maps.models import Area
from matrix.actions import agreement as agreement_actions
from matrix.actions import workshop as workshop_actions
from matrix.models import Framework, Intervention, WorkshopArea
from matrix.paper.codes import CodeError, card_code, cell_code, numbers, parse_card, parse_cells
from matrix.paper.poster import poster_sheets
from matrix.paper.sheets import spread
from matrix.views.covering import board_of
from tests import factories

L, S, G, P = Framework


@pytest.mark.parametrize(
    ("typed", "framework", "found"),
    [
        ("L-03", L, [3]),
        ("l3", L, [3]),
        (" S 12 ", S, [12]),
        ("g–07", G, [7]),
        ("P.4", P, [4]),
        ("L3, L5", L, [3, 5]),
        ("l3+5", L, [3, 5]),
        ("L3 en 5", L, [3, 5]),
        ("L-03 L-03".replace(" ", ","), L, [3]),
        ("P120", P, [120]),
    ],
)
def test_a_code_is_read_as_people_type_it(typed, framework, found):
    assert parse_cells(typed) == (framework, found)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "geen code"),
        ("3", "Begin met L"),
        ("L", "geen code"),
        ("W3", "W kan twee dingen zijn"),
        ("X3", "Begin met L"),
        ("L3, S4", "twee rijen"),
        ("Samen schoonmaken", "geen code"),
        ("L-03 en nog wat", "geen code"),
    ],
)
def test_a_wrong_code_is_told_with_what_to_do(typed, told):
    with pytest.raises(CodeError, match=told):
        parse_cells(typed)


@pytest.mark.parametrize("framework", Framework)
def test_every_cell_has_a_code_that_reads_back(framework):
    assert parse_cells(cell_code(framework, 7)) == (framework, [7])


def test_every_card_has_its_own_number_that_reads_back(db):
    codes = [card_code(card) for card in Intervention.objects.all()]
    assert len(set(codes)) == len(codes) > 40
    assert [parse_card(f"kaart {code}") for code in codes] == codes
    assert parse_card("e12") == "E12"
    with pytest.raises(CodeError):
        parse_card("L-03")


def test_the_number_of_a_buurt_stays_when_others_come_and_go(workshop, cast):
    sheets = list(workshop.workshop_areas.select_related("area"))
    before = numbers(sheets)
    assert sorted(before.values()) == [1, 2, 3]
    _, *stay = [sheet.area for sheet in sheets]
    new = Area.objects.exclude(pk__in=before).filter(kind="neighbourhood").first()
    workshop_actions.choose_areas(by=cast.as_facilitator, areas=[*stay, new])
    after = numbers(list(workshop.workshop_areas.select_related("area")))
    assert {area.pk: before[area.pk] for area in stay} == {area.pk: after[area.pk] for area in stay}
    assert after[new.pk] == 4  # not that of the buurt that left
    assert WorkshopArea.objects.filter(workshop=workshop, number=0).count() == 0


@pytest.mark.parametrize(
    ("count", "most", "lengths"), [(8, 6, [4, 4]), (3, 6, [3]), (13, 6, [5, 4, 4]), (0, 6, []), (24, 9, [8, 8, 8])]
)
def test_buurten_are_spread_over_sheets_that_are_about_as_full(count, most, lengths):
    parts = spread(list(range(count)), most)
    assert [len(part) for part in parts] == lengths
    assert [item for part in parts for item in part] == list(range(count))


# ---- what is printed ----


def printed(cast, piece, **chosen):
    """(text of the PDF, its reader)."""
    answer = cast.facilitator.get(reverse("paper_pdf", args=[cast.workshop.code, piece]), chosen)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    reader = PdfReader(io.BytesIO(answer.content))
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages)), reader


def size_of(page):
    return tuple(round(float(side) / 72 * 25.4) for side in (page.mediabox.width, page.mediabox.height))


def test_the_poster_says_what_the_matrix_says(workshop, cast):
    areas = [sheet.area for sheet in workshop.workshop_areas.select_related("area")]
    for number, framework in enumerate(Framework):
        cast.propose(f"Maatregel {number} <b>& meer</b>", framework=framework, areas=areas[: number + 1][:3])
    agreement_actions.set_status(
        by=cast.as_facilitator, agreement=workshop.agreements.get(number=2), status="afgesproken"
    )
    agreement_actions.leave_empty(by=cast.as_partner, area=areas[2], framework=L, reason="De straat is net klaar")

    (sheet,) = poster_sheets(workshop, size="a3", blank=False)
    shown = {cell.code: [line.number for line in cell.lines] for row in sheet.rows for cell in row.cells}
    number = {place.area.pk: place.number for place in sheet.places}
    board = {
        cell_code(cell.framework, number[cell.area.pk]): [a.number for a in cell.agreements]
        for row in board_of(workshop).rows
        for cell in row.cells
    }
    assert shown == board

    text, reader = printed(cast, "matrix", size="a3", fill="vol")
    assert len(reader.pages) == 1
    assert size_of(reader.pages[0]) == (420, 297)
    assert all(code in text for code in board)
    for told in ("1 Maatregel 0 <b>& meer</b> idee", "afgesproken", "Bewust leeg: De straat is net klaar", "Buurt 000 't Zand",
                 "een signaal, geen oordeel", "niet de Aedes-kaart", "Bron: Proef"):  # fmt: skip
        assert told in text, told
    assert reader.trailer["/Root"]["/Lang"] == "nl"


def test_a_full_matrix_loses_nothing(workshop, cast):
    titles = [f"Nummer {i} " + "een heel lange zin over de buurt " * 5 for i in range(36)]
    for i, title in enumerate(titles):
        cast.propose(title[:200], framework=list(Framework)[i % 4])
    for size in ("a3", "a2"):
        text, _ = printed(cast, "matrix", size=size, fill="vol")
        assert all(f"Nummer {i} een" in text for i in range(36))
        assert all(f"{letter}-0{n}" in text for letter in "LSGP" for n in (1, 2, 3))


def test_a_blank_poster_has_only_codes(workshop, cast):
    cast.propose("Samen schoonmaken")
    text, reader = printed(cast, "matrix", size="a2", fill="leeg")
    assert size_of(reader.pages[0]) == (594, 420)
    assert "L-01" in text
    assert "P-03" in text
    assert "Samen schoonmaken" not in text


def test_many_buurten_go_on_to_more_sheets(db):
    workshop = factories.workshop(buurten=24, of=24)
    cast = factories.Cast(workshop)
    text, reader = printed(cast, "matrix", size="a3", fill="vol")
    assert len(reader.pages) == 4
    assert "blad 4 van 4" in text
    assert all(f"L-{n:02}" in text for n in range(1, 25))


def test_the_map_has_numbers_legend_scale_and_source(workshop, cast):
    text, reader = printed(cast, "kaart", size="a3")
    assert len(reader.pages) == 1
    for told in (
        "Een signaal, geen oordeel",
        "Veerkracht onder druk",
        "Bron: Proef",
        "1 Buurt 000 't Zand",
        "2018–2022",
    ):
        assert told in text, told
    assert re.search(r"\d (km|m)\b", text)


def test_a_worksheet_per_buurt_and_of_one_buurt(workshop, cast):
    text, reader = printed(cast, "werkbladen")
    assert len(reader.pages) == 3
    for told in ("Herkennen we dit?", "Probleemanalyse", "Definitie van succes", "S-02", "Woningprogramma"):
        assert told in text, told
    area = workshop.workshop_areas.select_related("area").last().area
    text, reader = printed(cast, "werkbladen", area=area.pk)
    assert len(reader.pages) == 1
    assert area.name in text


def test_cards_of_the_chosen_frameworks_and_of_the_session(workshop, cast):
    own = Intervention.objects.create(
        workshop=workshop,
        framework=G,
        title="Een eigen kaart 😀",
        occasion="a",
        approach="b",
        effect="c",
        lead="gemeente",
    )
    text, reader = printed(cast, "kaarten", frameworks=["woninggebruik"])
    ours = Intervention.objects.filter(workshop=None, framework=G)
    assert len(reader.pages) == -(-(len(ours) + 1) // 4)
    assert all(f"Kaart {card_code(card)}" in text and card.title in text for card in ours)
    assert f"Kaart E{own.pk}" in text
    assert "Een eigen kaart" in text
    assert "Juridische toets nodig" in text
    assert "Leefomgeving" not in text


def test_own_cards_of_another_session_are_not_printed(workshop, cast, outsider):
    other = type(workshop).objects.get(code="elders")
    Intervention.objects.create(
        workshop=other, framework=L, title="Van een ander", occasion="a", approach="b", effect="c", lead="zorg"
    )
    text, _ = printed(cast, "kaarten", frameworks=["leefomgeving"])
    assert "Van een ander" not in text


def test_blank_cards_by_the_sheet(workshop, cast):
    text, reader = printed(cast, "lege-kaarten", count=2)
    assert len(reader.pages) == 2
    assert text.count("Namens") == 8
    assert size_of(reader.pages[0]) == (210, 297)


@pytest.mark.parametrize(
    ("piece", "chosen", "told"),
    [
        ("lege-kaarten", {"count": 0}, "Kies een aantal van 1 tot en met 25."),
        ("lege-kaarten", {"count": "veel"}, "Kies een aantal van 1 tot en met 25."),
        ("kaarten", {"frameworks": "zolder"}, "zolder"),
        ("matrix", {"size": "a0", "fill": "vol"}, "a0"),
    ],
)
def test_a_choice_that_cannot_be_printed_is_told_on_the_page(piece, chosen, told, workshop, cast):
    answer = cast.facilitator.get(reverse("paper_pdf", args=[workshop.code, piece]), chosen)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert "Papier voor de zaal" in answer.content.decode()


def test_the_page_offers_every_piece_in_words(workshop, cast):
    page = cast.facilitator.get(reverse("prepare_paper", args=[workshop.code])).content.decode()
    for title in (
        "De matrix aan de muur",
        "De signaleringskaart aan de muur",
        "Werkbladen per buurt",
        "Kaarten uit de catalogus",
        "Lege kaarten",
    ):
        assert title in page
    assert cast.facilitator.get(reverse("paper_pdf", args=[workshop.code, "zomaar"])).status_code == 404


def test_of_many_buurten_the_names_have_a_sheet_beside_the_map(db):
    workshop = factories.workshop(buurten=40, of=40)
    text, reader = printed(factories.Cast(workshop), "kaart", size="a3")
    first, second = (page.extract_text() for page in reader.pages)
    assert "Een signaal, geen oordeel" in first
    assert re.search(r"\d (km|m)\b", first)  # the map is on the sheet of its legend
    assert "De namen bij de nummers staan op het volgende blad" in text
    assert all(f"Buurt {n:03}" in second for n in range(40))


def test_a_buurt_with_much_to_read_asks_for_room_on_its_own_sheet_only(db):
    workshop = factories.workshop(buurten=18, of=18)
    cast = factories.Cast(workshop)
    areas = [sheet.area for sheet in workshop.workshop_areas.select_related("area")]
    for i in range(14):
        cast.propose(f"Maatregel {i} " + "een lange zin over de buurt " * 3, framework=L, areas=[areas[0]])
    sheets = poster_sheets(workshop, size="a3", blank=False)
    assert sum(len(sheet.places) for sheet in sheets) == 18
    assert len(sheets[0].places) < 6
    assert len(sheets) == 4
    assert all(sheet.points >= 11 for sheet in sheets[1:])


def test_a_worksheet_is_one_sheet_however_long_its_name(workshop, cast):
    sheet = workshop.workshop_areas.select_related("area").first()
    Area.objects.filter(pk=sheet.area_id).update(name="Breedstraat en Plompetorengracht en omgeving van de singel")
    _, reader = printed(cast, "werkbladen", area=sheet.area_id)
    assert len(reader.pages) == 1
