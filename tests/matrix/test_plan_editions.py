"""Editions of the plan: for the table and to share, for one organisation, one buurt, residents; and a version."""

import datetime
import io
import json
import re
from html import escape

import page
import pytest
from django.core.management import CommandError, call_command
from django.template.loader import render_to_string
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from maps.computing import compute_signals
from maps.models import Area, Observation, Signal, SignalMap
from maps.style import STYLES
from matrix.actions import agreement as agreements
from matrix.actions import freezing
from matrix.actions import remark as remarks
from matrix.actions.reading import recognise
from matrix.actions.remark import keep_internal
from matrix.models import Participation, PlanVersion, Position, Reading, Workshop, WorkshopArea
from matrix.plan import jobs, kept, pdf
from matrix.plan.canonical import content_of, fingerprint, shown
from matrix.plan.document import build_document
from matrix.plan.errors import PlanError
from matrix.plan.extracts import ForBuurt, ForParty, ForResidents
from matrix.plan.papers import paper_of
from matrix.plan.printing import INTERNAL, RESIDENTS, SHAREABLE, VERSION, Printing, printing
from matrix.plan.told import FEW_HOUSEHOLDS, told
from matrix.stages import Stage
from tests.matrix.test_plan import agree, seats, words, written
from tests.matrix.test_plan_making import (  # noqa: F401 (nothing is kept from another test)
    own_folder,
    require_verapdf_finds_nothing,
)


def fresh(workshop):
    return Workshop.objects.select_related("signal_map", "follows").get(pk=workshop.pk)


def text_of(body: bytes) -> str:
    return words("".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages))


def inside_of(body: bytes) -> str:
    """All that is said in the data and the workbook that go along."""
    files = PdfReader(io.BytesIO(body)).attachments
    return " ".join(
        " ".join(cells_of(content[0])) if name.endswith(".xlsx") else content[0].decode()
        for name, content in files.items()
    )


def cells_of(workbook: bytes) -> list[str]:
    book = load_workbook(io.BytesIO(workbook))
    return [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]


def html_of(paper) -> str:
    return "".join(piece.html for piece in paper.pieces)


# ---- names ----


@pytest.mark.parametrize(
    "name",
    ["intern", "deelbaar", "bewoners", "bewoners-BU99010101", "organisatie-12", "organisatie-12-deelbaar", "buurt-BU1",
     "buurt-BU1-deelbaar", "versie-3", "versie-3-deelbaar"],
)  # fmt: skip
def test_the_name_of_an_edition_is_read_back(name):
    assert printing(name).name == name


@pytest.mark.parametrize(
    "name", ["", "geheim", "organisatie-", "bewoners-deelbaar-x", "../intern", "versie-deelbaar-1", "versie-"]
)
def test_another_name_is_no_edition(name):
    assert printing(name) is None


# ---- to share ----


HIDDEN_NAMES = "Ingevoerd bij de koffie"


@pytest.fixture
def with_secrets(db):
    """A session in which everything that is not for others was written once."""
    workshop, clean, _ = written()
    sheets = list(workshop.workshop_areas.select_related("area"))
    tenant = workshop.organisations.get(kind="huurdersorganisatie")
    partner = workshop.organisations.get(kind="gemeente")
    # The tenants answered the first buurt only: what the table wrote about the second is not open yet.
    by = Participation.objects.filter(organisation__kind="woningcorporatie", workshop=workshop).first()
    WorkshopArea.objects.filter(pk=sheets[1].pk).update(problem_analysis="NOGDICHT verhaal van de tafel")
    Reading.objects.filter(organisation=tenant).update(on_behalf=True)
    Position.objects.filter(agreement=clean, organisation=partner).update(on_behalf=True, note=HIDDEN_NAMES)
    workshop.remarks.create(stage=Stage.LOOK, organisation=tenant, text="ONONTHULD wat nog van ons is")
    first = workshop.remarks.create(stage=Stage.READ, organisation=partner, text="ALLEENHIER onder ons", internal=True)
    workshop.remarks.create(stage=Stage.READ, organisation=partner, text="OOKHIER eronder", merged_into=first)
    other = workshop.remarks.create(stage=Stage.READ, organisation=partner, text="Dit mag verder")
    workshop.remarks.create(
        stage=Stage.READ, organisation=tenant, text="DAARONDER niet", merged_into=other, internal=True
    )
    Workshop.objects.filter(pk=workshop.pk).update(revealed=[Stage.READ])
    for row in Observation.objects.filter(area_code=sheets[0].area.code, values__has_key="households"):
        row.values = row.values | {"households": 40}
        row.save()
    return workshop, sheets, by


def test_what_is_hidden_is_nowhere_in_the_file_to_share(with_secrets):
    workshop, _sheets, _ = with_secrets
    Workshop.objects.filter(pk=workshop.pk).update(stage=Stage.READ)
    plan = build_document(fresh(workshop))
    small = plan.chapters[0]
    body = pdf.render(paper_of(fresh(workshop), SHAREABLE))
    said = text_of(body) + words(inside_of(body))
    hidden = [
        "ALLEENHIER",
        "OOKHIER",
        "DAARONDER",
        "NOGDICHT",
        "ONONTHULD",
        HIDDEN_NAMES,
        "ingevoerd door de begeleider",
        small.signal.sentence,
    ]
    rows = [line.start + line.end + line.effect for axis in small.signal.axes for line in axis.inputs]
    hidden += [row for row in rows if any(sign.isdigit() for sign in row)]
    for secret in hidden:
        assert words(secret) not in said, secret
    assert words("Dit mag verder") in said
    assert words("Hier wonen te weinig huishoudens") in said
    assert words("Een signaal, geen oordeel") in said
    inside = text_of(pdf.render(paper_of(fresh(workshop), INTERNAL)))
    assert words("ingevoerd door de begeleider") in inside
    assert words(small.signal.sentence) in inside
    assert words("ALLEENHIER onder ons") in inside
    assert "ONONTHULD" not in inside
    assert "NOGDICHT" not in inside


@pytest.mark.parametrize("kind", ["organisatie", "buurt"])
def test_a_part_to_share_hides_the_same(with_secrets, kind):
    workshop, sheets, by = with_secrets
    about = {"organisatie": by.organisation_id, "buurt": sheets[0].area.code}[kind]
    html = html_of(paper_of(fresh(workshop), Printing(kind, str(about), shareable=True)))
    for secret in ("ONONTHULD", HIDDEN_NAMES, "ingevoerd door de begeleider"):
        assert secret not in html
    assert "Deze uitgave is om te delen." in html


def test_what_is_left_out_is_told_on_the_cover(with_secrets):
    plan = build_document(fresh(with_secrets[0]), shareable=True)
    html = render_to_string("matrix/plan/cover.html", {"plan": plan})
    assert "minder dan 100 huishoudens" in html
    assert "Deelbaar" in html


# ---- concept and fixed ----


def test_a_concept_says_so_on_every_page_and_fixing_lays_out_nothing_anew(db, monkeypatch):
    workshop, *_ = written()
    facilitator = Participation.objects.get(workshop=workshop, organisation=None)
    Workshop.objects.filter(pk=workshop.pk).update(stage=Stage.SETTLE)
    before = pdf.render(paper_of(fresh(workshop), INTERNAL))
    pages = PdfReader(io.BytesIO(before)).pages
    assert all("CONCEPT" in page.extract_text() for page in pages)
    assert all(b"/Subtype /Watermark" in page.get_contents().get_data() for page in pages)
    laid = []
    monkeypatch.setattr(
        kept, "lay_out", lambda html, name, real=kept.lay_out: laid.append(name) or real(html, name=name)
    )
    freezing.freeze(by=facilitator, seen=fingerprint(content_of(fresh(workshop))), note="")
    after = PdfReader(io.BytesIO(pdf.render(paper_of(fresh(workshop), INTERNAL)))).pages
    assert not any("CONCEPT" in page.extract_text() for page in after)
    assert words("Vastgesteld, versie 1") in words(after[5].extract_text())
    assert set(laid) <= {"voorblad", "signatures", "sources"}  # where the fingerprint stands


def test_a_version_is_printed_from_what_it_holds(db):
    workshop, clean, _ = written()
    facilitator = Participation.objects.get(workshop=workshop, organisation=None)
    Workshop.objects.filter(pk=workshop.pk).update(stage=Stage.SETTLE)
    freezing.freeze(by=facilitator, seen=fingerprint(content_of(fresh(workshop))), note="Met elkaar")
    type(clean).objects.filter(pk=clean.pk).update(title="Heel anders nu")
    body = pdf.render(paper_of(fresh(workshop), Printing(VERSION, "1")))
    said, version = text_of(body), workshop.versions.get()
    for expected in (
        "Portieken schoon",
        "Dit is te weinig.",
        shown(version.fingerprint, groups=16),
        "Met elkaar",
        "De afspraken",
        "Nog geen afspraak",
    ):
        assert words(expected) in said
    assert "Heelandersnu" not in said
    attached = PdfReader(io.BytesIO(body)).attachments["versie.json"][0]
    assert fingerprint(json.loads(attached)) == version.fingerprint
    assert "Heel anders nu" not in inside_of(body)
    assert pdf.render(paper_of(fresh(workshop), Printing(VERSION, "1"))) == body
    PlanVersion.objects.filter(pk=version.pk).update(content=version.content | {"remarks": ["vervalst"]})
    with pytest.raises(PlanError, match="klopt niet met haar vingerafdruk"):
        paper_of(fresh(workshop), Printing(VERSION, "1"))


# ---- a version: its map, and to share ----

V1, V1_SHARED = Printing(VERSION, "1"), Printing(VERSION, "1", shareable=True)


def fixed(workshop):
    """Fixes the plan as it is; gives the version."""
    facilitator = Participation.objects.get(workshop=workshop, organisation=None)
    Workshop.objects.filter(pk=workshop.pk).update(stage=Stage.SETTLE)
    freezing.freeze(by=facilitator, seen=fingerprint(content_of(fresh(workshop))), note="")
    return workshop.versions.last()


def map_of_version(workshop, asked=V1) -> str:
    return next(piece.html for piece in paper_of(fresh(workshop), asked).pieces if piece.name == "kaart")


def test_a_version_shows_the_map_that_it_rests_on(db):
    workshop, *_ = written()
    fixed(workshop)
    before = map_of_version(workshop)
    assert '<svg xmlns="http://www.w3.org/2000/svg" class="plan-svg" role="img"' in before
    title = re.search(r"<title>(Signaleringskaart van .*?)</title>", before)[1]
    for buurt in workshop.versions.get().content["buurten"]:
        style = STYLES[buurt["signal"]["class"]]
        assert escape(buurt["name"]) in title
        assert f'<th scope="row">{style.label}</th>' in before
    assert "Klasse en letter van elke buurt zijn die van de versie" in before
    assert "In de gemeente" not in before
    Observation.objects.filter(area_code__endswith="0").update(values={})
    compute_signals(year_from=2018, year_to=2022)  # later figures make another edition beside it
    assert SignalMap.objects.films().of_municipality("GM9901").count() == 2
    assert map_of_version(workshop) == before
    assert words("De signaleringskaart") in text_of(pdf.render(paper_of(fresh(workshop), V1)))


def test_a_version_whose_map_is_gone_says_so_and_draws_no_other(db):
    workshop, *_ = written()
    fixed(workshop)
    Signal.objects.filter(signal_map=workshop.signal_map).update(signal_class="improving")
    html = map_of_version(workshop)
    assert "De kaart staat er niet bij." in html
    assert "zit niet meer in dit programma" in html
    assert "plan-svg" in html  # the swatches of the legend
    assert 'class="plan-map"' not in html
    assert "Wit met een dun lijntje" not in html


def test_a_version_of_buurten_without_shapes_says_so(db):
    workshop, *_ = written()
    fixed(workshop)
    Area.objects.update(geometry="")
    html = map_of_version(workshop)
    assert "van deze buurten is geen kaart ingelezen" in html
    assert 'class="plan-map"' not in html


def test_what_is_hidden_is_nowhere_in_a_version_to_share(with_secrets):
    workshop, sheets, _ = with_secrets
    version = fixed(workshop)
    # Marked as only for the table after the plan was fixed.
    partner = workshop.organisations.get(kind="gemeente")
    late = workshop.remarks.create(stage=Stage.READ, organisation=partner, text="LATER bedacht", internal=False)
    second = fixed(workshop)
    type(late).objects.filter(pk=late.pk).update(internal=True)
    shared = pdf.render(paper_of(fresh(workshop), Printing(VERSION, "2", shareable=True)))
    inside = pdf.render(paper_of(fresh(workshop), Printing(VERSION, "2")))
    said, told_inside = text_of(shared) + words(inside_of(shared)), text_of(inside) + words(inside_of(inside))
    small = next(b for b in version.content["buurten"] if b["code"] == sheets[0].area.code)["signal"]
    figures = [small["composition"], small["problems"]]
    for secret in ("ALLEENHIER", "OOKHIER", "DAARONDER", "LATER", HIDDEN_NAMES, "ingevoerd door de begeleider"):
        assert words(secret) in told_inside, secret
        assert words(secret) not in said, secret
    own = re.search(r"Buurt000'tZand.*?Signaal(.*?)Herkent", text_of(shared))[1]
    assert own == words("te weinig huishoudens om te tonen")
    assert all(figure.replace(".", ",") in text_of(inside) for figure in figures)
    data = json.loads(PdfReader(io.BytesIO(shared)).attachments["versie-deelbaar.json"][0])
    assert next(b for b in data["buurten"] if b["code"] == sheets[0].area.code)["signal"] == {}
    assert data["version"] == {"number": 2, "fingerprint": second.fingerprint}
    assert words("Dit mag verder") in said
    assert words("Dit is te weinig.") in said  # an objection goes along
    assert "ONONTHULD" not in said + told_inside


def test_the_map_of_a_version_to_share_says_nothing_of_a_small_buurt(with_secrets):
    workshop, sheets, _ = with_secrets
    fixed(workshop)
    shown, hidden = map_of_version(workshop), map_of_version(workshop, V1_SHARED)
    name = escape(sheets[0].area.name)
    assert name in re.search(r"<title>(Signaleringskaart.*?)</title>", shown)[1]
    assert name not in re.search(r"<title>(Signaleringskaart.*?)</title>", hidden)[1]
    letters = [
        len(re.findall(r'font-weight="600" text-anchor="middle" fill="#1b1b1b">[A-Z]<', h)) for h in (shown, hidden)
    ]
    assert letters[0] == letters[1] + 1


def test_every_page_of_a_version_to_share_says_what_it_is(with_secrets):
    workshop, *_ = with_secrets
    version = fixed(workshop)
    body = pdf.render(paper_of(fresh(workshop), V1_SHARED))
    cover, *others = [words(found.extract_text()) for found in PdfReader(io.BytesIO(body)).pages]
    for expected in (
        "Dit is de deelbare vorm van versie 1.", "De tekst verschilt van de vastgestelde tekst alleen door wat is weggelaten.",
        "De vingerafdruk hoort bij de hele tekst", shown(version.fingerprint, groups=16), "minder dan 100 huishoudens",
    ):  # fmt: skip
        assert words(expected) in cover
    assert "Dit is precies wat toen is vastgesteld" not in cover
    assert others
    for text in others:
        assert words("Deelbare vorm van versie 1") in text
        assert words(shown(version.fingerprint)) in text
        assert words("alleen weggelaten, niets gewijzigd") in text


def test_a_version_to_share_differs_only_by_what_was_left_out(with_secrets):
    """Each line of it stands in the version, or is the one that says that figures were left out."""
    workshop, *_ = with_secrets
    version = fixed(workshop)
    whole = {(s.key, e.key, line.key): line.text for s in told(version.content) for e in s.entries for line in e.lines}
    content = json.loads(
        next(
            body for name, *_, body in paper_of(fresh(workshop), V1_SHARED).attached() if name == "versie-deelbaar.json"
        )
    )
    lines = {(s.key, e.key, line.key): line.text for s in told(content) for e in s.entries for line in e.lines}
    assert lines.keys() < whole.keys()
    changed = {key: text for key, text in lines.items() if text != whole[key]}
    for key, text in changed.items():
        if key[-1] == "signal":
            assert text == FEW_HOUSEHOLDS
        else:  # without who entered it
            entered = rf"ingevoerd door de begeleider(: {HIDDEN_NAMES})?"
            assert re.sub(rf", {entered}| \({entered}\)", "", whole[key]) == text != whole[key]
    assert changed


@pytest.mark.parametrize("asked", [V1, V1_SHARED])
def test_validators_find_nothing_in_a_version(with_secrets, tmp_path, asked):
    workshop, *_ = with_secrets
    fixed(workshop)
    body = pdf.render(paper_of(fresh(workshop), asked))
    report = page.validate_pdf_bytes(body, profile=page.ValidationProfile.PDF_UA_1)
    assert report.is_compliant, [(failure.rule_id, failure.message) for failure in report.failures]
    root = PdfReader(io.BytesIO(body)).trailer["/Root"]
    kinds = {str(one.get_object()["/F"]): one.get_object() for one in root["/AF"]}
    assert set(kinds) == {"afspraken.xlsx", "versie-deelbaar.json" if asked.shareable else "versie.json"}
    for found in kinds.values():
        assert found["/AFRelationship"] == "/Data"
        assert found["/Desc"]
        assert found["/EF"]["/F"].get_object()["/Params"]["/ModDate"] == "D:20000101000000Z"


@pytest.mark.parametrize("asked", [V1, V1_SHARED])
def test_verapdf_finds_nothing_in_a_version(with_secrets, tmp_path, asked):
    workshop, *_ = with_secrets
    fixed(workshop)
    require_verapdf_finds_nothing(pdf.render(paper_of(fresh(workshop), asked)), tmp_path)


def test_a_version_to_share_is_made_anew_when_more_must_be_left_out(with_secrets):
    workshop, *_ = with_secrets
    fixed(workshop)
    keys = {asked: jobs.key_of(fresh(workshop), asked) for asked in (V1, V1_SHARED)}
    assert keys[V1].endswith("-versie-1")
    assert keys[V1_SHARED].endswith("-versie-1-deelbaar")
    remark = workshop.remarks.get(text="Dit mag verder")
    keep_internal(by=Participation.objects.get(workshop=workshop, organisation=None), remark=remark, internal=True)
    assert jobs.key_of(fresh(workshop), V1) == keys[V1]
    assert jobs.key_of(fresh(workshop), V1_SHARED) != keys[V1_SHARED]


@pytest.mark.parametrize("after", ["nothing", "rewrite", "rewrite twice", "withdraw", "rewrite and withdraw", "merge"])
def test_what_was_kept_at_the_table_since_stays_there_whatever_became_of_it(with_secrets, after):
    """The version holds the words of then: they are not there any more under the remark of now."""
    workshop, *_ = with_secrets
    by, facilitator = seats(workshop)["gemeente"], Participation.objects.get(workshop=workshop, organisation=None)
    remark = workshop.remarks.create(
        stage=Stage.READ, organisation=by.organisation, text="MEVROUW op nummer 12", participation=by
    )
    host = workshop.remarks.create(stage=Stage.READ, organisation=by.organisation, text="Over de hele straat")
    fixed(workshop)
    before = "".join(piece.html for piece in paper_of(fresh(workshop), V1_SHARED).pieces)
    assert "MEVROUW" in before
    keep_internal(by=facilitator, remark=host if after == "merge" else remark, internal=True)
    if after == "merge":
        remark.merged_into = host
        remark.save()
    for words_now in {
        "rewrite": ["Anders"],
        "rewrite twice": ["Anders", "Nog anders"],
        "rewrite and withdraw": ["Anders"],
    }.get(after, []):
        remarks.rewrite(by=by, remark=remark, text=words_now)
    if "withdraw" in after:
        remarks.withdraw(by=by, remark=remark)
    paper = paper_of(fresh(workshop), V1_SHARED)
    said = "".join(piece.html for piece in paper.pieces) + "".join(
        body.decode() for name, *_, body in paper.attached() if name.endswith(".json")
    )
    assert "MEVROUW" not in said
    assert "Dit mag verder" in said


def test_the_map_of_a_version_to_share_says_that_it_does_not_tell_of_small_buurten(with_secrets):
    workshop, *_ = with_secrets
    fixed(workshop)
    words_of_it = "Van een buurt met te weinig huishoudens is de klasse hier weggelaten"
    assert words_of_it in map_of_version(workshop, V1_SHARED)
    assert words_of_it not in map_of_version(workshop)


def test_a_version_is_made_anew_when_there_are_other_maps(with_secrets):
    """One of them has the shapes of its map."""
    workshop, *_ = with_secrets
    fixed(workshop)
    before = jobs.key_of(fresh(workshop), V1)
    edition = workshop.signal_map
    edition.pk, edition.superseded = None, True
    edition.save()
    assert jobs.key_of(fresh(workshop), V1) != before


# ---- the workbook that goes along ----


@pytest.mark.parametrize("asked", [INTERNAL, SHAREABLE, V1, V1_SHARED])
def test_the_agreements_go_along_as_a_workbook(with_secrets, asked):
    workshop, *_ = with_secrets
    fixed(workshop)
    files = {name: body for name, *_, body in paper_of(fresh(workshop), asked).attached()}
    book = load_workbook(io.BytesIO(files["afspraken.xlsx"]))
    assert book.sheetnames[0] == "Afspraken"
    assert set(book.sheetnames[1:]) == {"Woonstichting", "Gemeente", "Huurdersvereniging", "Politie"}
    head, first, second = book["Afspraken"].iter_rows(values_only=True)
    row = dict(zip(head, first, strict=True))
    assert (row["Nummer"], row["Wat"], row["Trekker"]) == (1, "Portieken schoon", "Woonstichting")
    assert row["Klaar"] == datetime.datetime(2028, 12, 31)
    assert row["Bijdragen"] == "Gemeente: Zorgt voor lampen"
    assert "Huurdersvereniging: Niet akkoord. Dit is te weinig." in row["Standpunten"]
    assert dict(zip(head, second, strict=True))["Status"] == "Idee"
    said = " ".join(cells_of(files["afspraken.xlsx"]))
    assert (HIDDEN_NAMES in said) == (asked == V1)  # the plan for the table tells that it was entered, not how
    assert ("ingevoerd door de begeleider" in said) == (not asked.shareable)
    again = {name: body for name, *_, body in paper_of(fresh(workshop), asked).attached()}
    assert again == files


@pytest.mark.parametrize("name", ["bewoners", "organisatie", "buurt"])
def test_parts_for_one_reader_carry_no_files(db, name):
    workshop, *_ = written()
    about = {"bewoners": "", "organisatie": str(workshop.organisations.first().pk), "buurt": "BU99010000"}[name]
    assert paper_of(fresh(workshop), Printing(name, about, name == "bewoners")).attached() == ()


# ---- parts ----


def test_an_organisation_reads_what_it_promises_and_what_is_promised(db):
    workshop, clean, _ = written()
    plan = build_document(fresh(workshop))
    by_kind = {party.kind: party for party in plan.parties}
    corporation, municipality, tenant = (
        ForParty(plan, by_kind[kind]) for kind in ("Woningcorporatie", "Gemeente", "Huurdersorganisatie")
    )
    number = str(clean.number)
    assert [sheet.number for sheet in corporation.leads] == [number]
    assert [b.text for _, brought in corporation.receives for b in brought] == ["Zorgt voor lampen"]
    assert [(sheet.number, text) for sheet, text in municipality.brings] == [(number, "Zorgt voor lampen")]
    assert tenant.is_tenant
    assert [lead for lead, _ in tenant.promised_here] == [corporation.name]
    assert [position.reason for _, position in tenant.worded] == ["Dit is te weinig."]
    assert [(one.what, one.day.year) for one in corporation.days] == [
        ("begint", 2027), ("ons antwoord na overleg met de achterban", 2027), ("klaar", 2028),
    ]  # fmt: skip


def test_a_buurt_stands_alone_with_all_its_agreements_and_no_dead_link(db):
    workshop, _clean, _ = written()
    sheets = list(workshop.workshop_areas.select_related("area"))
    agree(seats(workshop)["gemeente"], [sheets[2].area], "Alleen in de derde buurt")
    body = pdf.render(paper_of(fresh(workshop), Printing("buurt", sheets[0].area.code)))
    reader = PdfReader(io.BytesIO(body))
    said = text_of(body)
    assert words("Portieken schoon") in said
    assert words("Dit is te weinig.") in said
    assert words("Alleen in de derde buurt") not in said
    links = [a.get_object() for page in reader.pages for a in page.get("/Annots", ())]
    assert links
    assert all(link["/Dest"] in reader.named_destinations for link in links)
    found = ForBuurt(build_document(fresh(workshop)), build_document(fresh(workshop)).chapters[2])
    assert "Alleen in de derde buurt" in [sheet.title for sheet in found.agreements]


def test_residents_read_what_they_will_notice_who_approved_and_whom_to_ask(db):
    workshop, clean, _ = written()
    by = seats(workshop)
    agreements.say_plainly(by=by["woningcorporatie"], agreement=clean, text="Wij maken elke week schoon.", seen="")
    clean.refresh_from_db()
    agreements.approve_plain(by=by["huurdersorganisatie"], agreement=clean, version=clean.plain_version)
    html = html_of(paper_of(fresh(workshop), Printing(RESIDENTS, shareable=True)))
    for expected in (
        "Wij maken elke week schoon.", "Een schoon portiek", "Bij Woonstichting.", "goedgekeurd door Huurdersvereniging",
        "Niet iedereen is het eens.", "Het plan is nog niet vastgesteld.",
    ):  # fmt: skip
        assert expected in html
    one = ForResidents(build_document(fresh(workshop), shareable=True), "BU99010103")
    assert len(one.streets) <= 1


# ---- asked for ----


def test_each_edition_is_a_job_of_its_own(workshop, cast, monkeypatch):
    monkeypatch.setattr(pdf, "render", lambda paper, progress, **how: b"%PDF " + paper.title.encode())
    address = reverse("edition_pdf", args=[workshop.code])
    own = cast.as_tenant.organisation
    answer = cast.tenant.get(address, {"uitgave": f"organisatie-{own.pk}", "deelbaar": "ja"})
    assert f"wat belooft {own.name}".encode() in answer.content
    assert f"-organisatie-{own.pk}-deelbaar.pdf" in answer["Content-Disposition"]
    assert b"voor bewoners" in cast.tenant.get(address, {"uitgave": "bewoners"}).content
    assert cast.tenant.get(address, {"uitgave": "geheim"}).status_code == 404
    keys = {jobs.key_of(fresh(workshop), printing(name)) for name in ("intern", "deelbaar", "bewoners")}
    assert len(keys) == 3
    assert {jobs.asked_for(key).name for key in keys} == {"intern", "deelbaar", "bewoners"}


@pytest.mark.parametrize(
    "name", ["organisatie-999999", "buurt-BU00000000", "bewoners-BU00000000", "versie-9", "versie-9-deelbaar"]
)
def test_what_is_not_in_this_session_is_said(workshop, cast, name):
    answer = cast.tenant.get(reverse("edition_pdf", args=[workshop.code]), {"uitgave": name}, follow=True)
    assert "is er niet meer" in answer.content.decode()


def test_the_page_offers_each_edition_and_knows_the_own_organisation(workshop, cast):
    html = cast.tenant.get(reverse("print_plan", args=[workshop.code])).content.decode()
    assert f'value="organisatie-{cast.as_tenant.organisation_id}" selected' in html
    assert "Dit plan is een concept." in html
    assert "uitgave=bewoners" in html
    assert html.count("<option") >= 2 * workshop.workshop_areas.count() + workshop.organisations.count()


def test_the_page_offers_a_version_to_share_too(workshop, cast):
    fixed(workshop)
    html = cast.tenant.get(reverse("print_plan", args=[workshop.code])).content.decode()
    form = html.partition('id="versies"')[2].partition("</form>")[0]
    assert 'value="versie-1"' in form
    assert 'name="deelbaar" value="ja"' in form
    page_of_version = cast.tenant.get(reverse("version", args=[workshop.code, 1])).content.decode()
    assert "uitgave=versie-1-deelbaar" in page_of_version


def test_only_the_table_prints_a_version(workshop, cast, outsider, stranger, monkeypatch):
    fixed(workshop)
    monkeypatch.setattr(pdf, "render", lambda paper, progress, **how: b"%PDF " + paper.title.encode())
    address = reverse("edition_pdf", args=[workshop.code])
    for asked in ({"uitgave": "versie-1-deelbaar"}, {"uitgave": "versie-1", "deelbaar": "ja"}):
        answer = cast.tenant.get(address, asked)
        assert answer.content.endswith(b"versie 1, deelbaar")
        assert "-versie-1-deelbaar.pdf" in answer["Content-Disposition"]
        for other in (outsider, stranger):
            assert other.get(address, asked).status_code == 404
    key = jobs.key_of(fresh(workshop), V1_SHARED)
    for other in (outsider, stranger):
        for name in ("plan_file", "plan_progress"):
            assert other.get(reverse(name, args=[workshop.code, key])).status_code == 404
    # Nor through the room of another session.
    assert outsider.get(reverse("plan_file", args=["elders", key])).status_code == 404


def test_an_edition_by_command(db, tmp_path, monkeypatch):
    workshop, *_ = written()
    asked = []
    monkeypatch.setattr(
        "matrix.management.commands.export_plan.render", lambda paper, **how: asked.append(paper.title) or b"%PDF"
    )
    target = tmp_path / "plan.pdf"
    for edition in ("deelbaar", "organisatie-huurdersvereniging-deelbaar", "bewoners"):
        call_command("export_plan", workshop.code, output=target, edition=edition)
    assert "wat belooft Huurdersvereniging" in asked[1]
    with pytest.raises(CommandError, match="Onbekende uitgave"):
        call_command("export_plan", workshop.code, output=target, edition="alles")


def test_recognising_is_what_opens_a_buurt(db):
    """The joint text of a buurt that the tenants did not answer yet is on no paper; after their answer it is."""
    workshop, *_ = written()
    Workshop.objects.filter(pk=workshop.pk).update(stage=Stage.READ)
    workshop = fresh(workshop)
    sheet = list(workshop.workshop_areas.select_related("area"))[2]
    WorkshopArea.objects.filter(pk=sheet.pk).update(problem_analysis="Nog dicht verhaal")
    assert build_document(workshop).chapters[2].problem_analysis == ""
    assert build_document(workshop).chapters[2].tenants_first
    tenant = Participation.objects.filter(workshop=workshop, organisation__kind="huurdersorganisatie").first()
    recognise(by=tenant, sheet=sheet, recognition="yes", words="")
    assert build_document(fresh(workshop)).chapters[2].problem_analysis == "Nog dicht verhaal"
