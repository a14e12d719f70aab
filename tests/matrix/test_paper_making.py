"""Paper for the room is made as the plan is: once for who asks at once, kept by content, with its progress on a page."""

import errno
import fcntl

import pytest
from django.urls import reverse

from matrix.models import Workshop
from matrix.paper import pieces
from matrix.plan import jobs, store
from matrix.plan.errors import ENDED
from matrix.plan.fonts import WEIGHTS, place
from tests.matrix.test_plan_making import own_folder  # noqa: F401 (nothing is kept from another test)


@pytest.fixture
def made(monkeypatch):
    """What was laid out, in short."""
    found = []
    monkeypatch.setattr(pieces, "to_pdf", lambda html, progress: found.append(html) or b"%PDF papier")
    return found


def ask(client, workshop, piece="kaart", **chosen):
    return client.get(reverse("paper_pdf", args=[workshop.code, piece]), chosen or {"size": "a3"})


@pytest.fixture
def busy(workshop, cast, monkeypatch):
    """Its process is busy: the test holds the lock."""
    monkeypatch.setattr(jobs, "make", lambda *args, **how: None)
    monkeypatch.setattr("matrix.views.paper.PATIENCE", 0)
    key = ask(cast.facilitator, workshop)["Location"].split("/")[-2]
    with jobs._lock(key).open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield key


def test_paper_is_made_once_until_something_on_it_changes(workshop, cast, made):
    for size in ("a3", "a3", "a2", "a3"):
        assert ask(cast.facilitator, workshop, size=size).content == b"%PDF papier"
    assert len(made) == 2
    cast.propose("Samen schoonmaken")  # the session changed, the map did not
    ask(cast.facilitator, workshop, size="a3")
    assert len(made) == 2
    Workshop.objects.filter(pk=workshop.pk).update(title="Een andere naam")
    ask(cast.facilitator, workshop, size="a3")
    assert len(made) == 3
    assert "Een andere naam" in made[-1]


def test_who_waits_sees_which_sheet_it_is_and_keeps_the_choice(workshop, cast, busy):
    jobs.tell(busy, done=3, of=12)
    answer = ask(cast.facilitator, workshop)
    assert answer.status_code == 302
    html = cast.facilitator.get(answer["Location"]).content.decode()
    for told in ("De signaleringskaart aan de muur", "Blad 3 van 12.", '<noscript><meta http-equiv="refresh"',
                 "Terug naar Papier voor de zaal", f'hx-get="{answer["Location"]}"'):  # fmt: skip
        assert told in html, told
    part = cast.facilitator.get(answer["Location"], headers={"HX-Request": "true"}).content.decode()
    assert "Blad 3 van 12." in part
    assert "<html" not in part
    store.keep(jobs._pdf(busy), b"%PDF papier")
    html = cast.facilitator.get(answer["Location"]).content.decode()
    ready = reverse("paper_file", args=[workshop.code, busy])
    assert f'href="{ready}?size=a3">Open de PDF' in html
    assert cast.facilitator.get(ready).content == b"%PDF papier"


def test_two_who_ask_at_once_share_one_job(workshop, cast, busy, monkeypatch):
    monkeypatch.setattr(jobs, "make", lambda *args, **how: pytest.fail("a second job"))
    assert ask(cast.facilitator, workshop).status_code == 302


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "schijf van de server is vol"),
        (MemoryError(), "te weinig geheugen"),
    ],
)
def test_what_goes_wrong_is_said_with_a_way_to_try_again(workshop, cast, monkeypatch, error, says):
    def fail(html, progress):
        raise error

    monkeypatch.setattr(pieces, "to_pdf", fail)
    html = cast.facilitator.get(ask(cast.facilitator, workshop, size="a2")["Location"]).content.decode()
    assert says in html
    again = reverse("paper_pdf", args=[workshop.code, "kaart"])
    assert f'href="{again}?size=a2">Probeer het opnieuw' in html
    monkeypatch.setattr(pieces, "to_pdf", lambda html, progress: b"%PDF papier")
    assert ask(cast.facilitator, workshop, size="a2").content == b"%PDF papier"


def test_a_full_disk_when_it_is_asked(workshop, cast, monkeypatch):
    def full(path, body):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(store, "keep", full)
    answer = ask(cast.facilitator, workshop)
    assert answer.status_code == 409
    assert "schijf van de server is vol" in answer.content.decode()


def test_a_session_that_was_deleted_meanwhile(workshop, made):
    key = jobs.key_of_page(workshop, "kaart", "<p>kaart</p>")
    store.keep(jobs._page(key), b"<p>kaart</p>")
    jobs.make("weg", key)
    assert "Deze sessie is er niet meer" in jobs.look(key).error
    assert made == []


def test_a_page_that_was_tidied_away_is_made_again(workshop, cast, made):
    ask(cast.facilitator, workshop)
    (ready,) = store.folder("klaar").glob("*.pdf")
    ready.unlink()
    answer = cast.facilitator.get(reverse("paper_file", args=[workshop.code, ready.stem]), {"size": "a3"})
    assert answer["Location"] == reverse("paper_pdf", args=[workshop.code, "kaart"]) + "?size=a3"
    assert cast.facilitator.get(answer["Location"]).content == b"%PDF papier"
    jobs._pdf(ready.stem).unlink()
    jobs.make(workshop.code, ready.stem)
    assert jobs.look(ready.stem).error == ENDED


def test_paper_is_for_who_leads_and_of_this_session_only(workshop, cast, outsider, made):
    ask(cast.facilitator, workshop)
    (ready,) = store.folder("klaar").glob("*.pdf")
    for name in ("plan_file", "plan_progress"):  # where everyone at the table may look
        assert cast.tenant.get(reverse(name, args=[workshop.code, ready.stem])).status_code == 404
    for name in ("paper_file", "paper_progress"):
        assert cast.tenant.get(reverse(name, args=[workshop.code, ready.stem])).status_code in (403, 404)
        assert cast.facilitator.get(reverse(name, args=[workshop.code, f"{workshop.pk}-abc"])).status_code == 404
        other = ready.stem.replace(f"{workshop.pk}-", f"{workshop.pk + 1}-", 1)
        assert cast.facilitator.get(reverse(name, args=[workshop.code, other])).status_code == 404


def test_a_sheet_of_a4_needs_no_process_and_a_poster_does(workshop, cast, made, settings, monkeypatch):
    settings.PLAN_IN_THIS_PROCESS = False
    started = []
    monkeypatch.setattr(jobs, "start_maker", lambda code, key, lock: started.append(jobs.for_room(key)))
    monkeypatch.setattr("matrix.views.paper.PATIENCE", 0)
    area = workshop.workshop_areas.first().area_id
    for face in store.folder("lettertype").iterdir():
        face.unlink()
    ask(cast.facilitator, workshop, "lege-kaarten", count=1)
    assert (len(made), started) == (0, ["lege-kaarten"])  # the typeface comes first, and takes seconds
    for weight in WEIGHTS:
        store.keep(place(weight), b"letters")
    ask(cast.facilitator, workshop, "werkbladen", area=area)
    ask(cast.facilitator, workshop, "lege-kaarten", count=1)
    assert (len(made), started) == (2, ["lege-kaarten"])
    ask(cast.facilitator, workshop, "lege-kaarten", count=2)
    ask(cast.facilitator, workshop, "werkbladen", area="")
    ask(cast.facilitator, workshop, "matrix", size="a3", fill="vol")
    assert (len(made), started) == (2, ["lege-kaarten", "lege-kaarten", "werkbladen", "matrix"])


def test_progress_counts_sheets(workshop, cast):
    found = pieces.PIECES["werkbladen"].html(workshop, {"area": None})
    told = []
    assert pieces.to_pdf(found, lambda done, of: told.append((done, of))).startswith(b"%PDF")
    assert told == [(0, 3), (0, 3), (1, 3), (2, 3)]
