import pytest

from maps.models import Dataset, OwnSignal


@pytest.fixture
def administrator(client, django_user_model):
    client.force_login(django_user_model.objects.create_superuser("beheer", password="geheim-genoeg-12"))
    return client


@pytest.mark.parametrize(
    "page",
    ["", "auth/user/", "auth/user/add/", "matrix/workshop/", "matrix/event/", "matrix/intervention/", "maps/dataset/"],
)
def test_every_page_of_the_administrator_opens(page, administrator, workshop):
    assert administrator.get(f"/beheer/{page}").status_code == 200


def test_a_session_is_not_rewritten_behind_its_back(administrator, workshop):
    administrator.post(
        f"/beheer/matrix/workshop/{workshop.pk}/change/",
        {"title": "Anders", "facilitators": [workshop.facilitators.get().pk]},
    )
    workshop.refresh_from_db()
    assert workshop.title == "Sessie proef"


def test_a_facilitator_is_no_administrator(workshop, cast):
    assert cast.facilitator.get("/beheer/").status_code == 302


@pytest.mark.parametrize(("kind", "removed"), [("own_signals", True), ("areas", False), ("indicators", False)])
def test_a_corporation_can_take_back_its_own_signal_and_nothing_else(kind, removed, administrator, workshop):
    dataset = Dataset.objects.create(kind=kind, file_name="eigen.csv", source="Koepel", sha256="0" * 64)
    OwnSignal.objects.create(dataset=dataset, area_code="BU99010000", signal_class="x", source="Koepel", years="2022")
    answer = administrator.post(f"/beheer/maps/dataset/{dataset.pk}/delete/", {"post": "yes"})
    assert answer.status_code == (302 if removed else 403)
    assert OwnSignal.objects.exists() is not removed
    assert workshop.signal_map.signals.count() == 6


def test_a_whole_session_can_be_removed(administrator, workshop):
    answer = administrator.post(f"/beheer/matrix/workshop/{workshop.pk}/delete/", {"post": "yes"})
    assert answer.status_code == 302
    assert not type(workshop).objects.filter(pk=workshop.pk).exists()
