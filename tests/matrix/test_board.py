"""The matrix page: cards, filters, moving, several buurten, and that a full one costs no more questions."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from matrix import regions
from matrix.actions import agreement as actions
from matrix.models import Agreement, Event, Framework
from matrix.narrowing import Narrowing

JSON = {"X-Bewaar": "1"}


@pytest.fixture
def areas(workshop):
    return [sheet.area for sheet in workshop.workshop_areas.select_related("area")]


@pytest.fixture
def address(workshop):
    return reverse("board", args=[workshop.code])


def shown(page: str) -> set[int]:
    """Numbers of the cards that are not left out."""
    cards = re.findall(r'<article class="measure[^>]*data-card="(\d+)"([^>]*)>', page)
    return {int(number) for number, rest in cards if not rest.endswith(" hidden")}


# ---- one measure, several buurten ----


def test_a_measure_for_two_buurten_stands_in_full_once(workshop, cast, areas, address):
    cast.propose("Buurtschouw", areas=areas[1:])
    page = cast.tenant.get(address).content.decode()
    assert page.count("maatregel-1") == 1
    assert page.count("ook hier: 1. Buurtschouw") == 1
    assert "1 maatregel" in page


def test_several_buurten_are_chosen_while_adding(workshop, cast, areas):
    form = {"area": areas[0].pk, "framework": "leefomgeving", "title": "Schouw", "also": [areas[2].pk, areas[0].pk]}
    cast.partner.post(reverse("propose", args=[workshop.code]), form)
    assert set(workshop.agreements.get().areas.all()) == {areas[0], areas[2]}


def test_buurten_are_chosen_on_the_card_and_not_over_those_of_another(workshop, cast, areas):
    measure = cast.propose(areas=areas[:1])
    there = reverse("measure_areas", args=[workshop.code, 1])
    form = {"areas": [areas[0].pk, areas[1].pk], "seen": str(areas[0].pk)}
    assert cast.partner.post(there, form, headers=JSON).json()["state"] == "saved"
    other = cast.corporation.post(there, form | {"areas": [areas[2].pk]}, headers=JSON)
    assert other.status_code == 409
    assert other.json()["theirs"]["areas"]["text"] == f"{areas[0]}, {areas[1]}"
    assert set(measure.areas.all()) == {areas[0], areas[1]}
    assert cast.partner.post(there, {"areas": [], "seen": ""}, headers=JSON).status_code == 422


# ---- adding in the cell ----


def test_a_line_in_the_cell_stays_on_the_page_and_leaves_no_message_behind(workshop, cast, areas, address):
    form = {"area": areas[0].pk, "framework": "leefomgeving", "title": "Bel 06 12345678", "blijft": "1"}
    answer = cast.partner.post(reverse("propose", args=[workshop.code]), form, headers=JSON).json()
    assert answer["state"] == "saved"
    assert "telefoonnummer" in answer["warning"]
    assert cast.partner.post(answer["undo"], headers=JSON).json()["told"].startswith("Ongedaan gemaakt")
    assert workshop.agreements.get().status == "vervallen"
    assert "Toegevoegd" not in cast.partner.get(address).content.decode()


def test_the_same_line_twice_counts_once(workshop, cast, areas):
    form = {"area": areas[0].pk, "framework": "leefomgeving", "title": "Schouw", "blijft": "1",
            "key": "5b0a6e4e-6f3c-4b8e-9d0e-0a3a3b6f1c11"}  # fmt: skip
    for _ in range(2):
        answer = cast.partner.post(reverse("propose", args=[workshop.code]), form, headers=JSON)
        assert answer.json()["state"] == "saved"
    assert workshop.agreements.count() == 1


def test_a_cell_is_left_empty_and_another_is_not_overwritten(workshop, cast, areas):
    there = reverse("empty_cell", args=[workshop.code, areas[0].pk, "woninggebruik"])
    assert cast.partner.post(there, {"reason": "is op orde", "seen": ""}, headers=JSON).json()["state"] == "saved"
    other = cast.corporation.post(there, {"reason": "geen geld", "seen": ""}, headers=JSON)
    assert (other.status_code, other.json()["theirs"]["reason"]["text"]) == (409, "is op orde")
    assert workshop.empty_cells.get().reason == "is op orde"
    page = cast.corporation.post(there, {"reason": "geen geld", "seen": ""})
    assert page.status_code == 422
    assert "is op orde" in page.content.decode()
    assert "geen geld" in page.content.decode()
    assert cast.partner.post(there, {"weer-open": "1"}, headers=JSON).json()["state"] == "saved"
    assert not workshop.empty_cells.exists()


# ---- moving ----


def test_a_card_moves_with_one_form_for_all_and_says_where_it_is(workshop, cast):
    measure = cast.propose()
    there = reverse("move_measure", args=[workshop.code])
    answer = cast.tenant.post(there, {"naar": "1:afgesproken"}, headers=JSON).json()
    assert answer["told"] == "1. Samen schoonmaken staat nu bij: afgesproken."
    back = cast.tenant.post(there, {"naar": "1:idee"})
    assert back.url.endswith("#maatregel-1")
    measure.refresh_from_db()
    assert measure.status == "idee"
    for wrong in ("9:idee", "1:weg", "", "x:y"):
        assert cast.tenant.post(there, {"naar": wrong}).status_code in (302, 404)
    assert Event.objects.filter(what="status_set").count() == 2


def test_objections_stand_on_the_card_in_words(workshop, cast, address):
    measure = cast.propose()
    actions.take_position(by=cast.as_tenant, agreement=measure, stance="niet_akkoord", reason="Te duur")
    actions.take_position(by=cast.as_partner, agreement=measure, stance="voorbehoud", reason="Als de raad wil")
    page = cast.corporation.get(address).content.decode()
    assert "<b>Niet akkoord:</b> Huurdersvereniging" in page
    assert "<b>Voorbehoud:</b> Gemeente" in page
    opened = cast.corporation.get(reverse("measure", args=[workshop.code, 1]), headers={"HX-Request": "true"})
    assert "Te duur" in opened.content.decode()


# ---- filters ----


def test_filters_of_the_address(workshop, cast, areas, address):
    first, second = cast.propose("Een", areas=areas[:1]), cast.propose("Twee", areas=areas[1:2])
    cast.propose("Drie", by=cast.as_tenant)
    party, other = cast.as_corporation.organisation, cast.as_tenant.organisation
    actions.edit(by=cast.as_partner, agreement=first, changes={"lead": party}, seen={"lead": None})
    actions.edit(by=cast.as_partner, agreement=second, changes={}, seen={}, contributions={party: "Uren"},
                 seen_contributions={party: None})  # fmt: skip
    actions.set_status(by=cast.as_partner, agreement=second, status="voorstel")
    actions.take_position(by=cast.as_tenant, agreement=second, stance="niet_akkoord", reason="Nee")
    for query, numbers in {
        "": {1, 2, 3},
        f"organisatie={party.pk}": {1, 2},
        f"organisatie={party.pk}&rol=brengt": {2},
        f"organisatie={party.pk}&rol=trekt": {1},
        f"organisatie={other.pk}&rol=voorgesteld": {3},
        "status=voorstel": {2},
        "bezwaar=1": {2},
        "status=idee&bezwaar=1": set(),
        "organisatie=999&status=weg&rol=x&alleen=y": {1, 2, 3},  # an address outlives what it asks
    }.items():
        assert shown(cast.partner.get(f"{address}?{query}").content.decode()) == numbers, query
    page = cast.partner.get(f"{address}?alleen={areas[1].pk}").content.decode()
    assert re.search(rf'<td data-area="{areas[0].pk}" hidden>', page)
    assert f'<td data-area="{areas[1].pk}">' in page


def test_a_narrowing_asks_one_fact_of_each_kind():
    narrowing = Narrowing(organisation=3, status="idee")
    assert narrowing.fits(("status-idee", "brengt-3"))
    assert not narrowing.fits(("status-idee", "brengt-4"))
    assert not narrowing.fits(("status-voorstel", "trekt-3"))


# ---- size ----


def queries(client, address) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


@pytest.mark.parametrize("page", ["board", "coverage", "look"])
def test_as_many_queries_for_one_card_as_for_three_hundred(page, workshop, cast, areas):
    address = reverse(page, args=[workshop.code]) + ("?beeld=afspraken" if page == "look" else "")
    measure = cast.propose()
    actions.take_position(by=cast.as_tenant, agreement=measure, stance="akkoord")
    queries(cast.partner, address)  # what is remembered is remembered
    one = queries(cast.partner, address)
    many = Agreement.objects.bulk_create(
        Agreement(workshop=workshop, number=n, title=f"Maatregel {n}", framework=list(Framework)[n % 4],
                  lead=cast.as_partner.organisation)
        for n in range(2, 301)
    )  # fmt: skip
    through = Agreement.areas.through
    through.objects.bulk_create(
        through(agreement_id=made.pk, area_id=area.pk) for made in many for area in areas[: 1 + made.number % 2]
    )
    assert queries(cast.partner, address) == one


def test_a_change_of_one_card_sends_its_cells_and_what_hangs_on_them(workshop, cast, areas):
    cast.propose("Een", areas=areas[:2])
    cast.propose("Twee", areas=areas[2:])
    actions.set_status(by=cast.as_partner, agreement=workshop.agreements.get(number=1), status="afgesproken")
    event = Event.objects.order_by("-revision").first()
    workshop.refresh_from_db()
    regions._made.clear()
    parts = ("board", "coverage", "measure/1", "measure/2")
    sent = dict(regions.render(workshop.pk, workshop.revision, "facilitator", parts, set(event.subjects)))
    here = [area.pk for area in areas[:2]]
    assert set(sent) == {
        *(f"vak-{pk}-leefomgeving" for pk in here), "compleet-leefomgeving", *(f"dekking-{pk}" for pk in here), "kaart-1",
    }  # fmt: skip
    assert "ook hier: 1. Een" in sent[f"vak-{here[1]}-leefomgeving"]
    assert 'aria-pressed="true"' in sent["kaart-1"]
