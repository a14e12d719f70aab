"""Back from paper: forty notes typed in by their codes, each stored once, none lost."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from matrix.models import Agreement, Event, Intervention, Workshop
from matrix.paper.codes import card_code
from matrix.stages import Stage
from matrix.views.saving import HEADER

JPEG = b"\xff\xd8\xff\xe0 een foto"


def sent(*rows, first=1):
    """What the browser sends for rows of (code, text, more)."""
    data = {}
    for row, (code, text, *more) in enumerate(rows, start=first):
        values = {"code": code, "text": text, "status": "idee", "key": str(uuid4())} | (more[0] if more else {})
        data |= {f"r{row}-{name}": value for name, value in values.items()}
    return data


@pytest.fixture
def enter(workshop, cast):
    address = reverse("paper_notes", args=[workshop.code])
    return lambda data, **how: cast.facilitator.post(address, data, **how)


def told(answer):
    return answer.content.decode()


def test_notes_are_stored_as_any_other_proposal(workshop, cast, enter):
    tenant = cast.as_tenant.organisation
    answer = enter(
        sent(
            ("L-01", "Bankjes terug op het plein", {"organisation": tenant.pk, "status": "voorstel"}),
            ("s2", "Spreekuur op dinsdag"),
            ("", ""),
            ("P1, P3", "Kleine woningen"),
        )
    )
    assert answer.status_code == 302
    first, second, third = workshop.agreements.all()
    areas = [sheet.area for sheet in workshop.workshop_areas.select_related("area")]
    assert (first.title, first.framework, first.status) == ("Bankjes terug op het plein", "leefomgeving", "voorstel")
    assert (first.proposed_by, list(first.areas.all())) == (tenant, areas[:1])
    assert (second.framework, list(second.areas.all()), second.proposed_by) == ("sociale_aanpak", areas[1:2], None)
    assert list(third.areas.order_by("name")) == [areas[0], areas[2]]
    events = Event.objects.filter(workshop=workshop, what="proposed")
    assert [event.organisation for event in events] == [tenant, None, None]
    assert "3 briefjes ingevoerd" in told(cast.facilitator.get(answer.url))


def test_what_is_right_is_stored_and_what_is_wrong_stays_with_its_row(workshop, enter):
    rows = [
        ("L-01", "Goed briefje"),
        ("L-09", "Buurt die er niet is"),
        ("W2", "Dubbelzinnig"),
        ("", "Zonder code"),
        ("S-01", "", {"card": "999"}),
        ("S-01", "x" * 201),
        ("S-01", ""),
        ("S-01", "Kaart van een ander kader", {"card": "101"}),
        ("L-02 <b>", "Met <script>"),
    ]
    answer = enter(sent(*rows))
    page = told(answer)
    assert answer.status_code == 422
    assert [a.title for a in workshop.agreements.all()] == ["Goed briefje"]
    for row, problem in (
        (2, "Buurt 9 is er niet. De nummers lopen van 1 tot en met 3."),
        (3, "W kan twee dingen zijn"),
        (4, "Typ de code van het vak"),
        (5, "Kaart 999 bestaat niet"),
        (6, "hooguit 200 tekens, en dit zijn er 201"),
        (7, "Schrijf wat er op het briefje staat"),
        (8, "Kaart 101 hoort bij Leefomgeving, en dit vak bij Sociale aanpak"),
        (9, "is geen code van een vak"),
    ):
        assert f'<a href="#id_r{row}-code">Rij {row}</a>: ' in page
        assert problem in page, row
    for text in ("Buurt die er niet is", "Dubbelzinnig", "Zonder code", "x" * 200, "Met &lt;script&gt;"):
        assert text in page
    assert "<script>" not in page.split("</head>")[1].replace('<script type="module"', "")


def test_the_same_row_sent_again_is_stored_once(workshop, enter):
    data = sent(("L-01", "Bankjes terug"), ("L-02", "Meer licht"))
    assert enter(data).status_code == 302
    assert enter(data).status_code == 302
    assert workshop.agreements.count() == 2


def test_a_note_twice_is_warned_about_and_can_still_be_entered(workshop, enter):
    enter(sent(("L-01", "Bankjes terug")))
    answer = enter(sent(("l1", "bankjes  TERUG."), ("S1", "Bankjes terug"), ("L2", "Bankjes terug")))
    assert answer.status_code == 422
    assert "Staat er al, als 1." in told(answer)
    assert workshop.agreements.count() == 3  # another cell is another note
    assert enter(sent(("l1", "bankjes  TERUG.", {"again": "on"}))).status_code == 302
    assert workshop.agreements.count() == 4


def test_the_same_note_twice_in_one_go_is_warned_about(workshop, enter):
    answer = enter(sent(("L-01", "Bankjes terug"), ("L-01", "Bankjes terug")))
    assert answer.status_code == 422
    assert workshop.agreements.count() == 1


def test_a_card_gives_its_title_and_its_marks(workshop, enter):
    card = Intervention.objects.filter(legal_check=True).first()
    letter = {"leefomgeving": "L", "sociale_aanpak": "S", "woninggebruik": "G", "woningprogramma": "P"}[card.framework]
    enter(
        sent(
            (f"{letter}1", "", {"card": f"kaart {card_code(card)}"}),
            (f"{letter}2", "Eigen woorden", {"card": card_code(card)}),
        )
    )
    from_card, own_words = workshop.agreements.all()
    assert (from_card.title, from_card.intervention, from_card.legal_check) == (card.title, card, True)
    assert (own_words.title, own_words.intervention) == ("Eigen woorden", card)


def test_the_number_of_a_card_where_the_words_go_is_that_card(workshop, enter):
    card = Intervention.objects.filter(framework="sociale_aanpak").first()
    enter(sent(("S1", card_code(card)), ("S2", f"kaart {card_code(card)}", {"card": card_code(card)})))
    assert {(a.title, a.intervention) for a in workshop.agreements.all()} == {(card.title, card)}
    answer = enter(sent(("L1", "999"), ("L2", card_code(card)), ("S1", card_code(card), {"card": "101"})))
    assert answer.status_code == 422
    assert "Kaart 999 bestaat niet" in told(answer)
    assert "hoort bij Sociale aanpak" in told(answer)
    assert "bij Kaart een andere" in told(answer)
    assert workshop.agreements.count() == 2


def test_a_card_of_another_session_is_none_of_ours(workshop, enter, outsider):
    other = Workshop.objects.get(code="elders")
    card = Intervention.objects.create(
        workshop=other, framework="leefomgeving", title="Van hen", occasion="a", approach="b", effect="c", lead="zorg"
    )
    answer = enter(sent(("L-01", "", {"card": f"E{card.pk}"})))
    assert answer.status_code == 422
    assert "Van hen" not in told(answer)


def test_an_organisation_of_another_session_is_refused(workshop, enter, outsider):
    stranger = Workshop.objects.get(code="elders").organisations.first()
    assert enter(sent(("L-01", "Iets", {"organisation": stranger.pk}))).status_code == 422
    assert not workshop.agreements.exists()


def test_forty_notes_go_together_and_each_can_be_undone(workshop, cast, enter):
    answer = enter(sent(*((f"{'LSGP'[i % 4]}{i % 3 + 1}", f"Briefje nummer {i}") for i in range(40))))
    assert answer.status_code == 302
    assert workshop.agreements.count() == 40
    page = told(cast.facilitator.get(answer.url))
    assert page.count("Ongedaan maken") >= 40
    first = Event.objects.filter(workshop=workshop, what="proposed").first()
    back = reverse("paper_notes", args=[workshop.code])
    undone = cast.facilitator.post(reverse("undo", args=[workshop.code, first.revision]), {"terug": back})
    assert undone.url == back
    assert workshop.agreements.get(number=1).status == Agreement.Status.DROPPED


def test_a_proposal_of_paper_can_be_undone_until_it_went_on(workshop, cast, enter):
    enter(sent(("L-01", "Bankjes terug", {"status": "voorstel"})))
    event = Event.objects.get(workshop=workshop, what="proposed")
    cast.facilitator.post(reverse("undo", args=[workshop.code, event.revision]))
    assert workshop.agreements.get().status == Agreement.Status.DROPPED


def test_a_row_by_itself_is_answered_by_itself(workshop, enter):
    how = {"headers": {HEADER: "1"}}
    answer = enter(sent(("L-01", "Mail aan jan@voorbeeld.nl"), first=7), **how).json()
    assert answer["state"] == "saved"
    assert answer["rows"][0]["row"] == 7
    assert answer["rows"][0]["number"] == 1
    assert "e-mailadres" in answer["warning"]
    answer = enter(sent(("L-09", "Elders"), first=8), **how)
    assert answer.status_code == 422
    assert answer.json()["rows"] == [
        {
            "row": 8,
            "problems": ["Buurt 9 is er niet. De nummers lopen van 1 tot en met 3."],
            "fields": ["code"],
            "double": False,
        }
    ]


@pytest.mark.parametrize("stage", [Stage.LOOK, Stage.SETTLE])
def test_at_another_step_nothing_is_stored_and_nothing_lost(stage, workshop, cast, enter):
    Workshop.objects.filter(pk=workshop.pk).update(stage=stage)
    tenant = cast.as_tenant.organisation_id
    answer = enter(sent(("L-01", "Bankjes terug op het plein", {"organisation": tenant})))
    assert answer.status_code == 422
    assert "Handelen" in told(answer)
    assert "Bankjes terug op het plein" in told(answer)
    assert not workshop.agreements.exists()


def test_the_rows_cost_no_query_each(workshop, cast, django_assert_max_num_queries):
    with django_assert_max_num_queries(40):
        page = told(cast.facilitator.get(reverse("paper_notes", args=[workshop.code])))
    assert page.count("data-row=") == 40
    assert "L-01" in page


# ---- photos ----


def photo(cast, name="muur.jpg", content=JPEG, of="De matrix aan de muur"):
    address = reverse("add_photo", args=[cast.workshop.code])
    return cast.facilitator.post(address, {"of": of, "file": SimpleUploadedFile(name, content)})


def test_a_photo_of_the_wall_is_kept_with_what_it_shows(workshop, cast):
    assert photo(cast).status_code == 302
    assert photo(cast, "IMG_2.JPEG").status_code == 302
    titles = list(workshop.documents.values_list("title", flat=True))
    assert titles == ["Foto: De matrix aan de muur", "Foto: De matrix aan de muur, nummer 2"]
    page = told(cast.facilitator.get(reverse("paper_notes", args=[workshop.code])))
    assert "Foto: De matrix aan de muur, nummer 2" in page
    assert cast.tenant.get(reverse("document", args=[workshop.code, workshop.documents.first().pk])).content == JPEG


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("plan.pdf", b"%PDF-1.7", "geen foto"),
        ("foto.jpg", b"<html>", "geen jpg"),
        ("foto.heic", b"ftypheic", "Dit soort bestand kan niet"),
    ],
)
def test_what_is_no_photo_is_refused(name, content, problem, workshop, cast):
    answer = photo(cast, name, content)
    assert answer.status_code == 422
    assert problem in told(answer)
    assert not workshop.documents.exists()
