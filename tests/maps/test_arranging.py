"""The same rows in the same order on screen, in files and on paper."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from maps.arranging import Arrangement
from maps.computing import compute_signals
from maps.models import Area
from maps.showing import show
from tests import factories


@pytest.fixture
def film(db):
    areas = factories.municipality(buurten=12)
    dataset = areas[0].dataset
    for code, name in (("WK990100", "Noord"), ("WK990101", "'t Zuid")):
        Area.objects.create(kind="district", code=code, year=2022, name=name, municipality="GM9901", dataset=dataset)
    Area.objects.filter(code__in=[a.code for a in areas[6:]]).update(district="WK990101")
    Area.objects.filter(code=areas[0].code).update(name='=HYPERLINK("x")')
    return compute_signals(year_from=2018, year_to=2022, municipality="GM9901")[0]


@pytest.fixture
def staff(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("noor", password="geheim-genoeg-12", is_staff=True))
    return client


def names(film, **query):
    return [row.area.name for row in Arrangement.from_query(query).arranged(show(film).signals)]


def test_all_of_them_by_name(film):
    assert names(film) == sorted(names(film), key=str.casefold)
    assert len(names(film)) == 12
    assert names(film, sorteer="-naam") == names(film)[::-1]


def test_by_a_value_what_is_missing_comes_last_both_ways(film):
    missing = film.signals.first()
    missing.problems, missing.signal_class = None, "insufficient_data"
    missing.save()
    up, down = names(film, sorteer="overlast"), names(film, sorteer="-overlast")
    assert up[-1] == down[-1] == missing.area.name
    values = {s.area.name: s.problems for s in film.signals.select_related("area")}
    assert [values[name] for name in up[:-1]] == sorted(values[name] for name in up[:-1])


def test_class_wijk_and_words_narrow_together(film):
    pressed = names(film, klasse="under_pressure")
    assert 0 < len(pressed) < 12
    south = names(film, wijk="WK990101")
    assert len(south) == 6
    assert names(film, klasse="under_pressure", wijk="WK990101") == [name for name in pressed if name in south]
    assert names(film, zoek="'t zuid") == south, "woorden zoeken ook in de wijk"
    assert names(film, zoek="buurt 00 ONDER druk") == [n for n in pressed if "Buurt 00" in n]
    assert names(film, zoek="bestaat niet") == []


@pytest.mark.parametrize("query", [{"klasse": "onzin"}, {"sorteer": "onzin"}, {"sorteer": "--"}, {"zoek": " "}])
def test_nonsense_in_the_address_shows_everything(film, query):
    assert len(names(film, **query)) == 12


def test_page_and_files_show_the_same_rows(film, staff):
    query = {"klasse": "under_pressure", "sorteer": "-overlast"}
    page = staff.get(reverse("signal_map", args=["GM9901"]), query)
    assert [row.name for row in page.context["rows"] if row.visible] == names(film, **query)
    book = staff.get(reverse("signals_file", args=[film.pk, "xlsx"]), query)
    sheet = load_workbook(io.BytesIO(book.content))["Signalen"]
    assert [row[1].value for row in sheet.iter_rows(min_row=2)] == names(film, **query)
    assert "signalen-testdam-film-2018-2022" in book["Content-Disposition"]
    text = staff.get(reverse("signals_file", args=[film.pk, "csv"]), query).content.decode()
    assert text.count("\n") - 1 == len(names(film, **query))


def test_a_workbook_says_what_it_is_and_takes_no_name_for_a_formula(film, staff):
    book = load_workbook(io.BytesIO(staff.get(reverse("signals_file", args=[film.pk, "xlsx"])).content))
    cell = next(cell for row in book["Signalen"].iter_rows() for cell in row if cell.value == '=HYPERLINK("x")')
    assert cell.data_type == "s"
    told = " ".join(str(cell.value) for row in book["Toelichting"].iter_rows() for cell in row)
    assert "Een signaal, geen oordeel" in told
    assert "versie 1" in told
    assert "Proef" in told, "de bron"


def test_paper_shows_the_chosen_rows_and_says_how_many(film, staff):
    page = staff.get(reverse("print_map", args=["GM9901"]), {"klasse": "under_pressure"}).content.decode()
    chosen = names(film, klasse="under_pressure")
    assert f"Getoond: {len(chosen)} van 12 buurten" in page
    assert page.count('<tr><th scope="row">') == len(chosen)
    assert "<svg" in page
