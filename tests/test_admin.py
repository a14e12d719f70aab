import pytest


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


def test_a_whole_session_can_be_removed(administrator, workshop):
    answer = administrator.post(f"/beheer/matrix/workshop/{workshop.pk}/delete/", {"post": "yes"})
    assert answer.status_code == 302
    assert not type(workshop).objects.filter(pk=workshop.pk).exists()
