"""The limit on uploads: kept as the bytes come in, and told to the page."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

MB = 1024 * 1024


@pytest.fixture(autouse=True)
def limit(settings):
    settings.UPLOAD_LIMIT_MB = 1


def post(*files, announced=None):
    data = {"voor": "ervoor"}
    data |= {f"file{n}": SimpleUploadedFile(f"{n}.csv", bytes(size)) for n, size in enumerate(files)}
    request = RequestFactory().post("/", data | {"na": "erna"})
    if announced:
        request.META["CONTENT_LENGTH"] = str(announced)
    return request


def test_a_file_up_to_the_limit_comes_through():
    request = post(MB)
    assert request.FILES["file0"].size == MB
    assert not hasattr(request, "upload_too_large")


@pytest.mark.parametrize("files", [(MB + 1,), (3 * MB,), (MB // 2, MB)])
def test_more_is_dropped_and_marked_and_the_form_is_kept(files):
    request = post(*files)
    assert request.POST.dict() == {"voor": "ervoor", "na": "erna"}
    assert f"file{len(files) - 1}" not in request.FILES
    assert request.upload_too_large is True


def test_an_announced_length_is_refused_before_the_first_byte(monkeypatch):
    from django.core.files.uploadhandler import TemporaryFileUploadHandler

    def never(*args, **kwargs):
        raise AssertionError("a file was opened")

    monkeypatch.setattr(TemporaryFileUploadHandler, "new_file", never)
    request = post(10, announced=5 * MB)
    assert "file0" not in request.FILES
    assert request.upload_too_large is True
