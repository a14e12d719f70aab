"""What the site does before any page looks: the size of a request, and the settings of a real installation."""

import asyncio
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from veerkracht_site.asgi import MB, BodyLimit

ROOT = Path(__file__).resolve().parent.parent


def send_body(path, *, announced=None, chunks=(), stranger=False):
    """What the limit answers, or "app" when the request reached the site."""
    answers, left = [], list(chunks)

    async def app(scope, receive, send):
        while (await receive()).get("more_body"):
            pass
        answers.append("app")

    async def receive():
        return (
            {"type": "http.request", "body": left.pop(0), "more_body": bool(left)} if left else {"type": "http.request"}
        )

    async def send(message):
        answers.append(message.get("status", "body"))

    headers = [(b"content-length", str(announced).encode())] if announced is not None else []
    if not stranger:
        headers.append((b"cookie", b"veerkracht_sessie=iets"))
    asyncio.run(BodyLimit(app)({"type": "http", "method": "POST", "path": path, "headers": headers}, receive, send))
    return answers[0]


@pytest.mark.parametrize(
    ("path", "announced", "chunks", "answer"),
    [
        ("/meedoen/", 100, [b"x" * 100], "app"),
        ("/meedoen/", 50 * MB, [], 413),
        ("/meedoen/", None, [b"x" * MB] * 5, 413),  # nothing announced: counted as it comes
        ("/gegevens/inlezen/", 300 * MB, [], "app"),  # the form itself explains
        ("/gegevens/inlezen/", 900 * MB, [], 413),
    ],
)
def test_a_body_that_no_page_can_use_is_ended(path, announced, chunks, answer):
    assert send_body(path, announced=announced, chunks=chunks) == answer


def test_a_stranger_has_no_room_for_a_file():
    assert send_body("/gegevens/inlezen/", announced=50 * MB, stranger=True) == 413


@pytest.mark.parametrize(
    ("address", "cookie"),
    [("/?zoek=%00", ""), ("/meedoen/%00/", ""), ("/sessie/proef%00/", ""), ("/", "een\0twee")],
)
def test_a_sign_that_no_database_can_hold_is_refused_before_any_page_looks(client, address, cookie):
    client.cookies["veerkracht_sessie"] = cookie
    answer = client.get(address)
    assert answer.status_code == 400
    assert "Dit adres klopt niet" in answer.content.decode()


PAPERS = "/sessie/proef-1/voorbereiden/stukken/toevoegen/"


@pytest.mark.parametrize(("leads", "answer"), [(True, "app"), (False, 413)])
def test_only_who_leads_the_session_has_room_for_its_papers(leads, answer, monkeypatch):
    asked = []
    monkeypatch.setattr("veerkracht_site.asgi._leads_now", lambda key, code: asked.append((key, code)) or leads)
    assert send_body(PAPERS, announced=12 * MB) == answer  # above the limit: the form itself explains
    assert asked == [("iets", "proef-1")]
    assert send_body(PAPERS, announced=12 * MB, stranger=True) == 413
    assert send_body(PAPERS, announced=50 * MB) == 413


def manage(*words, **settings):
    env = {k: v for k, v in os.environ.items() if k not in ("DJANGO_SETTINGS_MODULE", "DEBUG")} | settings
    return subprocess.run(
        [sys.executable, "manage.py", *words], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )


def test_a_real_installation_passes_djangos_own_check(tmp_path):
    done = manage(
        "check",
        "--deploy",
        "--fail-level",
        "WARNING",
        VAR_DIR=str(tmp_path),
        BASE_URL="https://veerkracht.voorbeeld.nl",
    )
    assert done.returncode == 0, done.stderr


def test_each_installation_makes_its_own_key_for_its_user_only(tmp_path):
    manage("check", VAR_DIR=str(tmp_path / "a"))
    manage("check", VAR_DIR=str(tmp_path / "b"))
    one, other = (tmp_path / name / "secret_key" for name in "ab")
    assert one.read_text() != other.read_text()
    assert one.stat().st_mode & 0o777 == 0o600


def test_an_address_that_is_none_stops_the_start(tmp_path):
    done = manage("check", VAR_DIR=str(tmp_path), BASE_URL="veerkracht")
    assert done.returncode != 0
    assert "BASE_URL is geen webadres" in done.stderr


@pytest.mark.parametrize(
    ("path", "page"),
    [("afspraken/1/advies/vragen/", "afspraken/1/"), ("terugblik/1/verder/", "terugblik/1/"), ("stap/", "")],
)
def test_the_address_of_a_form_leads_to_its_page(path, page, workshop, cast):
    """After a refusal it stands in the bar of the browser."""
    cast.propose()
    answer = cast.facilitator.get(f"/sessie/{workshop.code}/{path}")
    assert (answer.status_code, answer["Location"]) == (302, f"/sessie/{workshop.code}/{page}")


def test_a_browser_cuts_no_text_by_itself(workshop, cast):
    html = cast.partner.get(cast.propose().get_absolute_url()).content.decode()
    assert "<textarea" in html
    assert not re.search(r"<textarea[^>]*maxlength", html)
