"""The shapes as the browser gets them: compressed once per content, and kept by the browser until they change."""

import gzip
import json

import brotli
import pytest
from django.urls import reverse

from maps import payload
from maps.models import Area, Dataset
from tests import factories


@pytest.fixture
def staff(client, django_user_model, db):
    factories.municipality(buurten=12)
    client.force_login(django_user_model.objects.create_user("noor", password="geheim-genoeg-12"))
    return client


def ask(client, encoding="", **query):
    return client.get(reverse("shapes", args=["GM9901", 2022]), query, headers={"Accept-Encoding": encoding})


def test_every_encoding_holds_the_same(staff):
    plain = json.loads(ask(staff).content)
    assert len(plain["objects"]["buurten"]["geometries"]) == 12
    small, smaller = ask(staff, "gzip, deflate"), ask(staff, "gzip, deflate, br")
    assert (small["Content-Encoding"], smaller["Content-Encoding"]) == ("gzip", "br")
    assert json.loads(gzip.decompress(small.content)) == json.loads(brotli.decompress(smaller.content)) == plain
    assert "Accept-Encoding" in small["Vary"]


def test_compressed_once(staff, monkeypatch):
    ask(staff)
    monkeypatch.setattr(payload, "_compressed", lambda text: pytest.fail("nog een keer ingepakt"))
    assert ask(staff).status_code == 200


def test_the_browser_keeps_it_until_the_next_import(staff):
    page = staff.get(reverse("signal_map", args=["GM9901"]))
    address = page.context["shapes"]
    assert f'href="{address}"' in page.content.decode(), "al gevraagd voordat het script begint"
    answer = staff.get(address)
    assert "immutable" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]
    assert staff.get(address, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    fresh = Dataset.objects.create(kind="areas", file_name="nieuw.gpkg", source="Proef", sha256="1" * 64)
    Area.objects.neighbourhoods().update(dataset=fresh)
    assert staff.get(reverse("signal_map", args=["GM9901"])).context["shapes"] != address


def test_an_old_address_is_not_kept(staff):
    assert ask(staff, v="oud")["Cache-Control"] == "private, no-cache"


def test_shapes_that_are_not_there_are_not_there(staff):
    assert staff.get(reverse("shapes", args=["GM9901", 1999])).status_code == 404
    assert staff.get(reverse("shapes", args=["GM0000", 2022])).status_code == 404
