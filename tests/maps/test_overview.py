"""The country before a municipality."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from maps.models import Area, SignalMap
from tests import factories


@pytest.fixture
def country(db):
    for i, name in enumerate(("Aalst", "'s-Gravendorp", "Zuidstad")):
        factories.municipality(f"GM999{i}", buurten=6 + i, name=name)
    Area.objects.municipalities().update(geometry=factories.square(0, 0), label_x=5.005, label_y=52.005)


@pytest.fixture
def staff(client, django_user_model, country):
    client.force_login(django_user_model.objects.create_user("noor", password="geheim-genoeg-12", is_staff=True))
    return client


def index(client, **query):
    answer = client.get(reverse("municipalities"), query)
    assert answer.status_code == 200
    return answer


def names(answer):
    return [m.name for m in answer.context["overview"].municipalities]


def test_search_and_sort(staff):
    assert names(index(staff)) == ["'s-Gravendorp", "Aalst", "Zuidstad"]
    assert names(index(staff, zoek="'s-grav")) == ["'s-Gravendorp"]
    assert names(index(staff, zoek="gm9992")) == ["Zuidstad"]
    assert names(index(staff, sorteer="-buurten")) == ["Zuidstad", "'s-Gravendorp", "Aalst"]
    assert "Toon alle gemeenten" in index(staff, zoek="Atlantis").content.decode()


def test_without_a_foto_of_the_country_it_has_no_colours_and_says_so(staff):
    shown = index(staff).content.decode()
    assert "nog geen foto berekend" in shown
    assert "Dubbele druk" not in shown


def test_staff_compares_all_municipalities(staff):
    assert staff.post(reverse("compare")).status_code == 302
    assert SignalMap.objects.filter(mode="foto", reference="country").count() == 3
    overview = index(staff).context["overview"]
    total = sum(SignalMap.objects.filter(signals__signal_class="double_pressure").count() for _ in range(1))
    assert sum(m.double for m in overview.municipalities) == total
    assert all(m.level.key != "onbekend" for m in overview.municipalities)
    assert "Foto 2022, vergeleken met Nederland" in index(staff).content.decode()


def test_the_map_of_the_country_has_every_municipality_once(staff):
    shapes = json.loads(staff.get(reverse("municipality_shapes")).content)
    assert [g["id"] for g in shapes["objects"]["buurten"]["geometries"]] == ["GM9990", "GM9991", "GM9992"]


def test_one_municipality_has_no_map_of_the_country(client, django_user_model, db):
    factories.municipality()
    client.force_login(django_user_model.objects.create_user("noor", password="geheim-genoeg-12"))
    answer = index(client)
    assert not answer.context["overview"].has_map
    assert "data-country" not in answer.content.decode()
    assert "Vergelijk alle" not in answer.content.decode(), "alleen een beheerder rekent voor iedereen"


def test_no_query_per_municipality(staff):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            index(staff)
        return len(captured)

    few = queries()
    for i in range(3, 9):
        factories.municipality(f"GM999{i}", name=f"Dorp {i}")
    assert queries() == few
