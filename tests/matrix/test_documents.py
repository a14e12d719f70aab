"""The papers of a session: what can be added, who may read them, and that none is ever a page."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from matrix import filetypes
from matrix.actions.document import add_document
from matrix.actions.recording import Refused
from matrix.filetypes import MB, WrongFile, clean_name, content_type_of
from matrix.models import Document

PDF = b"%PDF-1.7 een stuk"


def zipped():
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
    return body.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("Plan.PDF", PDF, "application/pdf"),
        ("foto.jpeg", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("foto.png", b"\x89PNG\r\n\x1a\n", "image/png"),
        ("brief.docx", zipped(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("lijst.ods", zipped(), "application/vnd.oasis.opendocument.spreadsheet"),
        ("notitie.txt", "Een é".encode(), "text/plain"),
    ],
)
def test_what_can_be_added(name, content, expected):
    assert content_type_of(name, content) == expected


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("pagina.html", b"<script>", "Dit soort bestand kan niet"),
        ("tekening.svg", b"<svg>", "Dit soort bestand kan niet"),
        ("macro.docm", zipped(), "Dit soort bestand kan niet"),
        ("zonder", b"x", "Dit soort bestand kan niet"),
        ("nep.pdf", b"<html><script>", "geen pdf"),
        ("nep.docx", b"MZ\x90", "geen docx"),
        ("nep.txt", b"MZ\0\0", "geen txt"),
        ("leeg.pdf", b"", "leeg"),
    ],
)
def test_what_cannot(name, content, told):
    with pytest.raises(WrongFile, match=told):
        content_type_of(name, content)


def test_a_name_keeps_its_ending_and_no_path():
    assert clean_name("C:\\map\\O'Neil 😀\n.pdf") == "O'Neil 😀.pdf"
    assert clean_name("a" * 300 + ".pdf").endswith(".pdf")
    assert len(clean_name("a" * 300 + ".pdf")) == 120


def send(client, workshop, name="verslag.pdf", content=PDF, title=""):
    address = reverse("add_document", args=[workshop.code])
    return client.post(address, {"file": SimpleUploadedFile(name, content), "title": title})


def test_a_paper_reaches_everyone_at_the_table_as_a_file(workshop, cast, outsider):
    send(cast.facilitator, workshop, 'Verslag van \'t "overleg" 😀.pdf', title="Verslag 'Zand' 😀")
    found = Document.objects.get()
    address = reverse("document", args=[workshop.code, found.pk])
    for client in (cast.facilitator, cast.tenant):
        assert "Verslag &#x27;Zand&#x27; 😀" in client.get(reverse("agenda", args=[workshop.code])).content.decode()
        answer = client.get(address)
        assert answer.content == PDF
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Type"] == "application/pdf"
    assert outsider.get(address).status_code == 404


def test_text_never_becomes_a_page(workshop, cast):
    send(cast.facilitator, workshop, "a.txt", b"<script>alert(1)</script>")
    answer = cast.partner.get(reverse("document", args=[workshop.code, Document.objects.get().pk]))
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("text/plain", "nosniff")
    assert answer["Content-Disposition"] == 'attachment; filename="a.txt"'


def test_without_a_title_the_name_of_the_file_is_it(workshop, cast):
    send(cast.facilitator, workshop, "Verslag maart.pdf")
    assert Document.objects.get().title == "Verslag maart"


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("leeg.pdf", b"", "leeg"),
        ("nep.pdf", b"<html>", "geen pdf"),
        ("pagina.html", b"<html>", "Dit soort bestand kan niet"),
        ("groot.pdf", b"%PDF-" + b"x" * (10 * MB), "te groot"),
    ],
)
def test_what_is_wrong_is_told_on_the_page(name, content, told, workshop, cast):
    answer = send(cast.facilitator, workshop, name, content, title="Mijn 'titel'")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert told in page
    assert "Mijn &#x27;titel&#x27;" in page, "wat was getypt, blijft staan"
    assert not Document.objects.exists()


def test_nothing_chosen_is_told(workshop, cast):
    answer = cast.facilitator.post(reverse("add_document", args=[workshop.code]), {"title": "x"})
    assert "Kies eerst een bestand." in answer.content.decode()


def test_together_they_have_a_limit(workshop, cast, monkeypatch):
    monkeypatch.setattr("matrix.actions.document.MOST_TOGETHER", 30)
    given = {"by": cast.as_facilitator, "title": "t", "file_name": "a.pdf", "content_type": "application/pdf"}
    add_document(content=PDF, **given)
    with pytest.raises(Refused, match="samen"):
        add_document(content=PDF, **given)
    assert Document.objects.count() == 1


def test_a_paper_can_be_taken_away(workshop, cast):
    send(cast.facilitator, workshop)
    cast.facilitator.post(reverse("remove_document", args=[workshop.code, Document.objects.get().pk]))
    assert not Document.objects.exists()


def test_another_session_does_not_reach_it(workshop, cast, outsider):
    from matrix.models import Workshop

    send(cast.facilitator, workshop)
    other = Workshop.objects.exclude(pk=workshop.pk).get()
    assert outsider.get(reverse("document", args=[other.code, Document.objects.get().pk])).status_code == 404


def test_the_site_in_front_knows_the_same_limit():
    from veerkracht_site.asgi import PAPER_MB

    assert PAPER_MB * MB == filetypes.MOST_EACH


def test_room_for_a_paper_is_for_who_leads_that_session(workshop, cast, outsider, django_user_model):
    from django.test import Client

    from veerkracht_site.asgi import leads

    elsewhere = Client()
    elsewhere.force_login(django_user_model.objects.get(username="begeleider-elders"))

    def key(client):
        return client.cookies["veerkracht_sessie"].value

    assert leads(key(cast.facilitator), workshop.code)
    assert not leads(key(cast.tenant), workshop.code)
    assert not leads(key(elsewhere), workshop.code)
    assert not leads("verzonnen", workshop.code)
