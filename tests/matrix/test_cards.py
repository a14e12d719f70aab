"""Cards that a party adds to the catalogue: kept, chosen, changed by itself alone, and as a sheet out and in."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from matrix import card_sheet
from matrix.actions import card as actions
from matrix.actions import workshop as workshops
from matrix.actions.preparing import duplicate
from matrix.actions.recording import Conflict, Refused
from matrix.actions.undo import undo
from matrix.models import Event, Intervention
from matrix.own_actions import last_action

FIELDS = {
    "framework": "sociale_aanpak", "title": "Buurtontbijt", "occasion": "Buren kennen elkaar niet.",
    "approach": "Elke maand samen ontbijten.", "effect": "Buren groeten elkaar.", "lead": "welzijn",
    "legal_check": False, "touches_advice_right": True,
}  # fmt: skip


@pytest.fixture
def card(cast):
    return actions.add_card(by=cast.as_partner, **FIELDS)


def page(client, workshop, name, *args, **query):
    return client.get(reverse(name, args=[workshop.code, *args]), query).content.decode()


def test_it_stands_in_the_catalogue_with_whose_it_is_and_is_chosen(workshop, cast, card):
    found = page(cast.tenant, workshop, "catalogue", zoek="ontbijt")
    assert "eigen kaart van Gemeente" in found
    assert f"kaart={card.key}" in found
    assert "Wijzig of haal weg" not in found
    assert "Wijzig of haal weg" in page(cast.partner, workshop, "catalogue", zoek="ontbijt")
    assert 'value="Buurtontbijt"' in page(cast.tenant, workshop, "board", kaart=card.key)
    form = {"area": workshop.workshop_areas.first().area_id, "framework": "sociale_aanpak", "intervention": card.pk}
    cast.tenant.post(reverse("propose", args=[workshop.code]), form)
    made = workshop.agreements.get()
    assert (made.title, made.touches_advice_right, made.intervention) == ("Buurtontbijt", True, card)


def test_another_session_does_not_see_it(workshop, card, outsider):
    assert "Buurtontbijt" not in page_of(outsider, "catalogue")
    assert "Buurtontbijt" not in page_of(outsider, "suggestions", zoek="ontbijt")
    assert 'value="Buurtontbijt"' not in page_of(outsider, "board", kaart=card.key)


def page_of(client, name, **query):
    return client.get(reverse(name, args=["elders"]), query).content.decode()


def test_suggestions_explain_themselves(workshop, cast, card):
    found = page(cast.partner, workshop, "suggestions", zoek="ontbijt", kader="sociale_aanpak")
    assert "Adviesrecht:" in found
    assert "Juridische toets:" not in found
    assert page(cast.partner, workshop, "suggestions", zoek="ontbijt", kader="leefomgeving").strip() == ""


def test_a_measure_is_kept_as_a_card(workshop, cast):
    cast.propose("Samen de straat op")
    assert 'value="Samen de straat op"' in page(cast.partner, workshop, "add_card", van=1)


def test_only_its_own_organisation_changes_it(cast, card):
    for other in (cast.as_tenant, cast.as_facilitator):
        with pytest.raises(Refused):
            actions.edit_card(by=other, card=card, changes={"title": "Anders"}, seen={"title": card.title})
        with pytest.raises(Refused):
            actions.remove_card(by=other, card=card)


def test_two_of_one_organisation_do_not_overwrite_each_other(workshop, cast, card):
    actions.edit_card(by=cast.as_partner, card=card, changes={"title": "Soep"}, seen={"title": "Buurtontbijt"})
    with pytest.raises(Conflict):
        actions.edit_card(by=cast.as_partner, card=card, changes={"title": "Thee"}, seen={"title": "Buurtontbijt"})
    form = {name: value for name, value in FIELDS.items() if value} | {
        f"initial-{name}": value for name, value in FIELDS.items() if value
    }
    answer = cast.partner.post(reverse("edit_card", args=[workshop.code, card.pk]), form | {"title": "Thee"})
    assert answer.status_code == 422
    assert "Soep" in answer.content.decode()
    assert 'value="Thee"' in answer.content.decode()


def test_what_is_taken_away_stays_in_the_log_and_its_measures_stay(workshop, cast, card):
    made = cast.propose("Ontbijt", intervention=card)
    actions.remove_card(by=cast.as_partner, card=card)
    made.refresh_from_db()
    assert made.intervention is None
    assert Event.objects.get(what="card_removed").data["before"]["approach"] == FIELDS["approach"]


def test_taking_away_is_undone(cast, card):
    actions.remove_card(by=cast.as_partner, card=card)
    undo(by=cast.as_partner, revision=last_action(cast.as_partner).newest.revision)
    back = Intervention.objects.get(title="Buurtontbijt")
    assert (actions.stored(back), back.organisation) == (FIELDS, cast.as_partner.organisation)


def test_a_session_made_after_this_one_takes_the_cards_along(workshop, cast, card):
    actions.add_card(by=cast.as_facilitator, **FIELDS | {"title": "Van de begeleider"})
    made = duplicate(by_user=workshop.facilitators.get(), workshop=workshop, title="Nog eens", date=workshop.date)
    copies = {copy.title: copy for copy in made.own_interventions.all()}
    assert copies["Buurtontbijt"].organisation == made.organisations.get(kind="gemeente")
    assert copies["Van de begeleider"].organisation is None
    assert actions.stored(copies["Buurtontbijt"]) == actions.stored(card)


def test_an_organisation_with_a_card_of_its_own_stays(cast, card):
    with pytest.raises(Refused):
        workshops.remove_organisation(by=cast.as_facilitator, organisation=cast.as_partner.organisation)


# ---- as a sheet ----


def rows_of(body: bytes, tmp_path, known=()):
    path = tmp_path / "kaarten.xlsx"
    path.write_bytes(body)
    return card_sheet.read_cards(path, path.name, known=set(known))


def upload(client, workshop, body: bytes):
    file = SimpleUploadedFile("kaarten.xlsx", body)
    return client.post(reverse("cards_in", args=[workshop.code]), {"file": file})


def changed(body: bytes, change) -> bytes:
    book = load_workbook(io.BytesIO(body))
    change(book.worksheets[0])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_out_and_in_is_the_same_and_leaves_no_event(workshop, cast, card):
    body = cast.partner.get(reverse("cards_file", args=[workshop.code])).content
    before = Event.objects.count()
    assert upload(cast.partner, workshop, body).status_code == 302
    card.refresh_from_db()
    assert actions.stored(card) == FIELDS
    assert Event.objects.count() == before


@pytest.mark.parametrize("title", ["=1+1", "+31", "-5%", "@home", "'=A1", "''-x", "'t Zand", "gewoon", "a=b"])
def test_what_looks_like_a_formula_goes_out_harmless_and_comes_back_as_it_was(cast, tmp_path, title):
    card = actions.add_card(by=cast.as_partner, **FIELDS | {"title": title})
    body = card_sheet.write_cards([card])
    cell = load_workbook(io.BytesIO(body))["Kaarten"]["C2"]
    assert cell.data_type == "s"
    assert cell.value[0] not in "=+-@"
    assert rows_of(body, tmp_path, {card.key})[0].fields["title"] == title


@given(st.text(alphabet="'=+-@ab\t", max_size=12))
def test_guarding_a_text_is_undone_exactly(text):
    assert card_sheet._plain(card_sheet._safe(text)) == text


def test_a_new_row_and_a_changed_one(workshop, cast, card):
    def change(sheet):
        sheet["F2"] = "Iedereen kent elkaar."
        sheet.append(["", "Leefomgeving", "Lampen", "Donker", "Ophangen", "Licht", "Gemeente", "ja", ""])

    body = cast.partner.get(reverse("cards_file", args=[workshop.code])).content
    assert upload(cast.partner, workshop, changed(body, change)).status_code == 302
    card.refresh_from_db()
    assert card.effect == "Iedereen kent elkaar."
    new = Intervention.objects.get(title="Lampen")
    assert (new.organisation, new.lead, new.legal_check) == (cast.as_partner.organisation, "gemeente", True)


def test_one_wrong_row_and_nothing_is_taken_in(workshop, cast, card):
    def change(sheet):
        sheet["C2"] = "Anders"
        sheet.append(["", "Tuin", "", "a", "b", "c", "Bakker", "misschien", ""])
        sheet.append(["eigen-999999", "Leefomgeving", "Van een ander", "a", "b", "c", "Gemeente", "", ""])
        sheet.append([card.key, "Leefomgeving", "Dubbel", "a", "b", "c", "Gemeente", "", ""])

    body = cast.partner.get(reverse("cards_file", args=[workshop.code])).content
    answer = upload(cast.partner, workshop, changed(body, change))
    words = answer.content.decode()
    assert answer.status_code == 422
    for said in (
        "regel 3: Titel is leeg", "regel 3: handelingskader «Tuin» bestaat niet", "«Bakker» is geen soort organisatie",
        "«misschien»", "regel 4: de kaart eigen-999999 is niet van u", f"regel 5: de kaart {card.key} staat ook op regel 2",
    ):  # fmt: skip
        assert said in words, said
    card.refresh_from_db()
    assert card.title == "Buurtontbijt"
    assert not Intervention.objects.filter(title="Dubbel").exists()


def test_another_organisation_cannot_change_it_by_a_sheet(workshop, cast, card):
    body = cast.partner.get(reverse("cards_file", args=[workshop.code])).content
    assert "is niet van u" in upload(cast.tenant, workshop, body).content.decode()


def empty_book() -> bytes:
    out = io.BytesIO()
    Workbook().save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"geen excel", "beschadigd of geen Excelbestand"),
        (b"", "Kies|leeg"),
        (empty_book(), "geen blad met de kolom Titel"),
    ],
)
def test_a_file_that_is_no_sheet_of_cards_is_said_to_be_so(workshop, cast, body, said):
    import re

    answer = upload(cast.partner, workshop, body)
    assert answer.status_code == 422
    assert re.search(said, answer.content.decode())


def test_a_deleted_column_is_named(workshop, cast, card):
    body = cast.partner.get(reverse("cards_file", args=[workshop.code])).content
    answer = upload(cast.partner, workshop, changed(body, lambda sheet: sheet.delete_cols(5)))
    assert "ontbreekt de kolom Interventie" in answer.content.decode()


def test_too_many_rows_are_refused(workshop, cast):
    def change(sheet):
        for n in range(card_sheet.MOST + 1):
            sheet.append(["", "Leefomgeving", f"Kaart {n}", "a", "b", "c", "Gemeente", "", ""])

    body = cast.partner.get(reverse("cards_file", args=[workshop.code])).content
    assert "meer dan 500 kaarten" in upload(cast.partner, workshop, changed(body, change)).content.decode()
    assert not workshop.own_interventions.exists()


# ---- twice, and with a script ----


def sent(cast, workshop, **more):
    form = {name: value for name, value in FIELDS.items() if value} | more
    return cast.partner.post(reverse("add_card", args=[workshop.code]), form, headers={"X-Bewaar": "1"})


def test_a_script_hears_where_to_go_on(workshop, cast, card):
    assert sent(cast, workshop).json()["go"].startswith(reverse("catalogue", args=[workshop.code]))
    form = {name: value for name, value in FIELDS.items() if value} | {"title": "Soep"}
    answer = cast.partner.post(
        reverse("edit_card", args=[workshop.code, card.pk]), form, headers={"X-Bewaar": "1"}
    )  # fmt: skip
    assert answer.json()["state"] == "saved"


def test_the_same_form_twice_is_one_card(workshop, cast):
    key = "0b6d3c0e-5f0a-4d6e-9a39-2f5a1c1b7d10"
    assert [sent(cast, workshop, key=key).json()["state"] for _ in range(2)] == ["saved", "saved"]
    assert workshop.own_interventions.count() == 1


def test_a_sheet_that_is_too_large_is_not_unpacked(workshop, cast, monkeypatch):
    monkeypatch.setattr("matrix.card_forms.LARGEST", 100)
    file = SimpleUploadedFile("kaarten.xlsx", b"PK" + bytes(200))
    answer = cast.partner.post(reverse("cards_in", args=[workshop.code]), {"file": file})
    assert answer.status_code == 422
    assert "te groot" in answer.content.decode()
