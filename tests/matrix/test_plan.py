"""The joint plan: what it says, that it hides no disagreement, and that nothing typed can break or open it."""

import datetime
import io
import itertools
import re
import sys
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.template.loader import render_to_string
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from fontTools.ttLib import TTFont
from pypdf import PdfReader

from matrix.actions import agreement as agreements
from matrix.actions import workshop as workshops
from matrix.actions.reading import analyse, recognise
from matrix.models import Agreement, Framework, Organisation, Participation, Position, Workshop
from matrix.plan import layout, paper, pdf
from matrix.plan.document import build_document
from matrix.plan.errors import PlanError
from matrix.plan.joint import SECTIONS
from matrix.stages import Stage
from tests import factories

SCRIPT = "<script>alert('x')</script> \"citaat\" & 'zo'"
LOAD = (
    '<img src="http://127.0.0.1:9/a.png"><link rel=stylesheet href="http://127.0.0.1:9/b.css">'
    "<style>@import 'file:///etc/passwd'; * { background: url(file:///etc/hostname) }</style>"
)
EMOJI = "Wat fijn 😀👍🏽 en ook ✓ ☃"
WORD = "Meervoudigepersoonlijkheidsstoornisbehandelcentrumoverdrachtsprotocolcommissieleden"
RTL = "שלום לכולם en السلام عليكم"
ODD = "a\x0bb\x1fc\u202e\u200bd"
OWN_WORDS = "Wij zien het   anders.\n\nDe lift staat al weken stil."


def seats(workshop):
    """Everybody takes a seat: participations by kind."""
    return {o.kind: workshops.join(organisation=o, name="") for o in workshop.organisations.all()}


def agree(by, areas, title="Samen schoonmaken", *, status=Agreement.Status.AGREED, framework=None, **changes):
    made = agreements.propose(by=by, framework=framework or Framework.LIVING_ENVIRONMENT, title=title, areas=areas)
    Agreement.objects.filter(pk=made.pk).update(status=status, **changes)
    made.refresh_from_db()
    return made


def written(**options):
    """A session in which every kind of thing was said once."""
    workshop = factories.workshop(**options)
    at = seats(workshop)
    corporation, municipality, tenant = at["woningcorporatie"], at["gemeente"], at["huurdersorganisatie"]
    sheets = list(workshop.workshop_areas.select_related("area"))
    areas = [sheet.area for sheet in sheets]
    recognise(by=tenant, sheet=sheets[0], recognition="no", words=OWN_WORDS)
    analyse(by=corporation, sheet=sheets[0], field="problem_analysis", text="De portieken zijn donker.", seen="")
    analyse(by=corporation, sheet=sheets[0], field="definition_of_success", text="Buren groeten elkaar.", seen="")
    clean = agree(
        corporation, areas[:2], "Portieken schoon", lead=corporation.organisation, means="€ 1.000 van de corporatie",
        start=datetime.date(2027, 1, 4), end=datetime.date(2028, 12, 31), residents_notice="Een schoon portiek",
        effect_elsewhere="Geen", touches_advice_right=True, legal_check=True, reservation="de RvC",
    )  # fmt: skip
    agreements.edit(
        by=corporation,
        agreement=clean,
        changes={},
        seen={},
        contributions={municipality.organisation: "Zorgt voor lampen"},
    )
    clean.refresh_from_db()
    agreements.take_position(by=municipality, agreement=clean, stance="akkoord")
    agreements.edit(by=corporation, agreement=clean, changes={"goal": "Elke week"}, seen={"goal": ""})
    agreements.take_position(by=tenant, agreement=clean, stance="niet_akkoord", reason="Dit is te weinig.")
    agreements.take_position(by=corporation, agreement=clean, stance="achterban", back_by=datetime.date(2027, 2, 1))
    agree(corporation, areas[:1], "Buurtfeest", status=Agreement.Status.IDEA, framework=Framework.SOCIAL_APPROACH)
    agreements.leave_empty(by=corporation, area=areas[0], framework=Framework.HOUSING_USE, reason="Dat is op orde")
    police = Organisation.objects.create(workshop=workshop, name="Politie", kind="politie")
    return workshop, clean, police


class Structure(HTMLParser):
    """Tags that were opened, with their parents."""

    def __init__(self, html):
        super().__init__()
        self.open, self.seen = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs), list(self.open)))
        if tag not in {"br", "meta", "path", "rect", "circle"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        while self.open and self.open.pop() != tag:
            pass


def html_of(document):
    """All pieces of the paper, one after the other, with inner links as the screen has them."""
    entries = [paper.Entry(2, "Kort, voor het bestuur", 2, "plan-kort")]
    first, *rest = paper.pieces(document)
    pieces = [first, paper.front(document, entries), *rest]
    return "".join(piece.html for piece in pieces).replace(f'href="{layout.LINK}', 'href="#')


def one_piece(document, *names, **more):
    return paper.page(document, "", names, **more)


def words(text):
    """Without the line ends and spaces that a page adds."""
    return re.sub(r"\s+", "", text)


# ---- the document ----


def test_a_fixed_number_of_queries(db):
    def count(workshop):
        workshop = Workshop.objects.select_related("signal_map").get(pk=workshop.pk)
        with CaptureQueriesContext(connection) as queries:
            html_of(build_document(workshop))
        return len(queries)

    few, *_ = written(code="twee", buurten=2)
    many, *_ = written(code="twaalf", municipality="GM9902", buurten=12, of=14)
    by = Participation.objects.get(workshop=many, organisation__kind="gemeente")
    areas = [sheet.area for sheet in many.workshop_areas.select_related("area")]
    for i in range(15):
        agreements.take_position(
            by=by, agreement=agree(by, areas[i % 12 :], f"Maatregel {i}", lead=by.organisation), stance="akkoord"
        )
    assert count(few) == count(many) <= 22


def test_what_was_said_stands_in_the_document(db):
    workshop, clean, _ = written()
    document = build_document(workshop)
    first, second, _ = document.chapters
    assert (document.date, document.municipality) == (datetime.date(2026, 11, 26), "Testdam")
    assert first.readings[0].words == OWN_WORDS
    assert (first.readings[0].recognition, first.waiting, second.waiting) == ("Nee", (), ("Huurdersvereniging",))
    assert first.problem_analysis == "De portieken zijn donker."
    assert [cell.state for cell in first.cells] == ["agreed", "busy", "deliberate", "empty"]
    assert first.cells[2].reason == "Dat is op orde"
    assert [sheet.title for sheet in document.agreements] == ["Portieken schoon"]
    assert [sheet.title for sheet in document.proposals] == ["Buurtfeest"]
    assert document.agreements[0].anchor == f"afspraak-{clean.number}"


def test_disagreement_and_silence_are_never_hidden(db):
    workshop, *_ = written()
    document = build_document(workshop)
    positions = {p.organisation: p for p in document.agreements[0].positions}
    assert (positions["Gemeente"].letter, positions["Gemeente"].stale) == ("A", True)
    assert [r.position.reason for r in document.objections] == ["Dit is te weinig."]
    assert [r.position.organisation for r in document.consulting] == ["Woonstichting"]
    assert [r.position.organisation for r in document.stale] == ["Gemeente"]
    assert [p.name for p in document.promising_nothing] == ["Huurdersvereniging", "Politie"]
    assert [p.name for p in document.absent] == ["Politie"]
    assert document.open_positions == 1
    assert [c.name for c in document.not_recognised] == [document.chapters[0].name]


def test_what_was_dropped_is_not_in_the_plan(db):
    workshop, clean, _ = written()
    agreements.set_status(
        by=Participation.objects.filter(workshop=workshop).last(), agreement=clean, status="vervallen"
    )
    assert "Portieken schoon" not in html_of(build_document(workshop))


def test_agreements_stand_in_the_order_of_the_frameworks(db):
    workshop = factories.workshop()
    by = seats(workshop)["gemeente"]
    areas = [workshop.workshop_areas.first().area]
    for framework in (Framework.HOUSING_PROGRAMME, Framework.LIVING_ENVIRONMENT, Framework.SOCIAL_APPROACH):
        agree(by, areas, str(framework), framework=framework)
        agree(by, areas, f"nog een {framework}", framework=framework)
    numbers = [sheet.number for sheet in build_document(workshop).agreements]
    assert numbers == ["3", "4", "5", "6", "1", "2"]


def test_the_fingerprint_follows_the_words_and_nothing_else(db):
    workshop, clean, _ = written()
    before = build_document(workshop).fingerprint
    assert build_document(Workshop.objects.get(pk=workshop.pk)).fingerprint == before
    Position.objects.filter(agreement=clean, stance="niet_akkoord").update(reason="Dit is veel te weinig.")
    assert build_document(workshop).fingerprint != before


def test_a_buurt_without_a_signal_in_this_map_still_has_its_chapter(db):
    workshop, *_ = written()
    workshop.signal_map.signals.all().delete()
    document = build_document(workshop)
    assert [chapter.signal for chapter in document.chapters] == [None, None, None]
    assert "geen signaal berekend" in html_of(document)


def test_an_empty_session_has_a_plan_too(db):
    document = build_document(factories.workshop())
    html = html_of(document)
    assert "Er zijn nog geen afspraken" in html


def test_nine_parties_are_shown_in_two_tables(db):
    workshop, *_ = written()
    Organisation.objects.bulk_create(
        Organisation(workshop=workshop, name=f"Partij {i}", kind="overig", seat_code=f"code-{i}") for i in range(5)
    )
    tables = build_document(workshop).position_tables
    assert [len(parties) for parties, _ in tables] == [7, 2]
    assert all(len(positions) == len(parties) for parties, rows in tables for _, positions in rows)


# ---- the page ----


def test_the_page_is_well_made(db):
    workshop, *_ = written()
    page = Structure(html_of(build_document(workshop)))
    ids = [attrs["id"] for _, attrs, _ in page.seen if "id" in attrs]
    links = [attrs["href"] for tag, attrs, _ in page.seen if tag == "a"]
    levels = [int(tag[1]) for tag, *_ in page.seen if re.fullmatch("h[1-6]", tag)]
    assert len(ids) == len(set(ids))
    assert all(href[1:] in ids for href in links)
    assert all(attrs.get("scope") for tag, attrs, _ in page.seen if tag == "th")
    assert not [attrs for tag, attrs, _ in page.seen if {"rowspan", "colspan", "style"} & attrs.keys()]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    # WeasyPrint tags an element inside a link as another link, outside the Link element.
    assert not [tag for tag, _, parents in page.seen if "a" in parents]
    assert not [tag for tag, *_ in page.seen if tag in {"img", "script", "iframe", "object"}]


def test_years_have_no_thousands_separator(db):
    workshop, *_ = written()
    html = html_of(build_document(workshop))
    assert "2018–2022" in html
    assert "2.018" not in html
    assert "2.022" not in html


def test_the_preview_on_the_screen_is_the_same_text(db):
    workshop, *_ = written()
    document = build_document(workshop)
    said = lambda html: words(re.sub("<title>.*?</title>|<[^>]+>", "", html))  # noqa: E731
    on_paper = said(html_of(document))
    for section in ("summary", *(name for together in SECTIONS for name in together)):
        assert said(render_to_string(f"matrix/plan/{section}.html", {"plan": document})) in on_paper, section


def test_advice_is_named_wherever_a_position_on_it_stands(db):
    workshop, *_ = written()
    document = build_document(workshop)
    for part in ("agreements", "remarks", "positions", "signatures", "summary"):
        html = render_to_string(f"matrix/plan/{part}.html", {"plan": document})
        assert "Overlegwet" in html, part
    untouched = tuple(replace(sheet, touches_advice_right=False) for sheet in document.agreements)
    html = render_to_string("matrix/plan/positions.html", {"plan": replace(document, agreements=untouched)})
    assert "Overlegwet" not in html


# ---- the file ----


class ThePdf(TestCase):
    """Rendered once, with the worst that can be typed; these only read it back."""

    @classmethod
    def setUpTestData(cls):
        workshop, *_ = written()
        at = {p.organisation.kind: p for p in workshop.participations.exclude(organisation=None)}
        sheets = list(workshop.workshop_areas.select_related("area"))
        areas = [sheet.area for sheet in sheets]
        recognise(by=at["huurdersorganisatie"], sheet=sheets[1], recognition="partly", words=f"{LOAD}\n{RTL}\n{ODD}")
        analyse(by=at["gemeente"], sheet=sheets[1], field="problem_analysis", text=f"{EMOJI}\n{WORD} einde", seen="")
        analyse(by=at["gemeente"], sheet=sheets[2], field="problem_analysis", text="lange tekst " * 330, seen="")
        agree(at["gemeente"], areas, SCRIPT + " en dan verder " + "x" * 110, lead=at["gemeente"].organisation)
        agree(at["gemeente"], areas[:1], WORD * 2, goal="Regel één\nRegel twee", means="m " * 900)
        Workshop.objects.filter(pk=workshop.pk).update(title=f"Sessie {SCRIPT} {'lang ' * 12}"[:120], fictional=True)
        cls.document = build_document(Workshop.objects.get(pk=workshop.pk))
        cls.bytes = pdf.render(cls.document)
        cls.reader = PdfReader(io.BytesIO(cls.bytes))
        cls.pages = [page.extract_text() for page in cls.reader.pages]
        cls.text = words("\n".join(cls.pages))

    def test_what_was_typed_comes_back_as_it_was_typed(self):
        for said in (SCRIPT, OWN_WORDS, "Dit is te weinig.", WORD, LOAD.split("<link")[0], "Dat is op orde", "fijn"):
            assert words(said) in self.text, said
        assert self.text.count("lange") >= 330

    def test_a_sign_without_a_form_is_a_box_and_the_rest_stays_readable(self):
        assert "□" in self.text
        assert words("zoals een emoji") in self.text
        assert "\x00" not in self.text
        assert not {"\x0b", "\x1f", "\u202e"} & set(self.text)

    def test_it_says_that_it_is_a_draft_and_fictional(self):
        assert "CONCEPT" in self.pages[0]
        assert "Fictief" in self.pages[0]
        assert all("Concept · intern · fictief" in page for page in self.pages[1:])

    def test_every_page_but_the_cover_says_which_of_how_many(self):
        total = len(self.pages)
        assert [f"pagina {n} van {total}" in page for n, page in enumerate(self.pages, start=1)] == [False] + [True] * (
            total - 1
        )

    def test_it_is_tagged_dutch_and_titled(self):
        root = self.reader.trailer["/Root"]
        assert root["/StructTreeRoot"]["/K"]
        assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712 (a pypdf object)
        assert root["/Lang"] == "nl"
        assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712
        assert self.reader.metadata.title == f"{self.document.title}: gezamenlijk plan"
        assert b"pdfuaid" in root["/Metadata"].get_data()

    def test_the_bookmarks_are_the_chapters(self):
        titles = []

        def walk(items):
            for item in items:
                walk(item) if isinstance(item, list) else titles.append(item.title)

        walk(self.reader.outline)
        for title in ("Kort, voor het bestuur", "De buurten", self.document.chapters[0].name, "Ondertekening"):
            assert title in titles

    def test_the_contents_give_the_pages(self):
        contents = self.reader.pages[2].extract_text(extraction_mode="layout")
        for page, title in ((2, "Kort, voor het bestuur"), (4, "Zo leest u dit plan"), (5, "De signaleringskaart")):
            assert re.search(rf"{title} *{page}\b", contents), title
            assert title in self.pages[page - 1]
        assert len(self.reader.pages[2]["/Annots"]) >= 12

    def test_every_figure_has_a_description(self):
        def walk(element):
            element = element.get_object()
            if element.get("/S") == "/Figure":
                yield element
            kids = element.get("/K", [])
            for kid in kids if isinstance(kids, list) else [kids]:
                if hasattr(kid.get_object(), "get"):
                    yield from walk(kid)

        figures = [*walk(self.reader.trailer["/Root"]["/StructTreeRoot"])]
        assert len(figures) > 10
        assert all(figure.get("/Alt") for figure in figures)

    def test_no_page_ends_on_a_lone_heading(self):
        headings = {
            "Herkennen de huurders dit?", "Wat de tafel ervan maakt", "Wat wij doen, in vier handelingskaders",
            "Niet akkoord", "Akkoord met voorbehoud", "Eerst terug naar de achterban", "Stadstoets",
            "Standpunten op een rij", *(framework.label for framework in Framework),
        }  # fmt: skip
        for page in self.pages[2:]:
            lines = [line.strip() for line in page.splitlines() if line.strip()]
            body = [line for line in lines if not line.startswith(("pagina ", "Concept"))]
            assert body[-1] not in headings

    def test_nothing_runs_off_the_sheet(self):
        for page in self.reader.pages:
            right = float(page.mediabox.right)
            spots = []
            page.extract_text(
                visitor_text=lambda text, cm, tm, font, size, spots=spots: spots.append(
                    (tm[4] * cm[0] + cm[4], text.strip())
                )
            )
            assert not [text for x, text in spots if text and not 0 <= x <= right]

    def test_letters_are_set_in_the_width_of_the_weight_that_is_drawn(self):
        """With a font-weight in @font-face, text was laid out in the widths of the lightest weight."""
        weights = set()
        for page in self.reader.pages:
            for font in page["/Resources"]["/Font"].values():
                font = font.get_object()
                if "Source-Sans" not in font["/BaseFont"]:
                    continue
                descendant = font["/DescendantFonts"][0].get_object()
                embedded = TTFont(io.BytesIO(descendant["/FontDescriptor"]["/FontFile2"].get_data()))
                weights.add(embedded["OS/2"].usWeightClass)
                order, width_of = embedded.getGlyphOrder(), embedded["hmtx"]
                for first, widths in zip(descendant["/W"][::2], descendant["/W"][1::2], strict=True):
                    for glyph, width in enumerate(widths, start=int(first)):
                        if glyph < len(order):
                            assert float(width) == pytest.approx(width_of[order[glyph]][0], abs=1)
        assert weights == {400, 600}


def test_the_board_page_and_the_cover_are_one_page_each_even_when_everything_is_long(db):
    workshop, *_ = written(buurten=24, of=24)
    name = "Een hele lange naam van een partij in de regio Zuid-Oost, nummer"
    Organisation.objects.bulk_create(
        Organisation(workshop=workshop, name=f"{name} {i}", kind="overig", seat_code=f"code-{i}") for i in range(10)
    )
    at = Participation.objects.filter(workshop=workshop, organisation__kind="huurdersorganisatie").get()
    areas = [sheet.area for sheet in workshop.workshop_areas.select_related("area")]
    for i in range(8):
        made = agree(at, areas[i : i + 3], f"Een maatregel met een titel van behoorlijke lengte die doorloopt {i} " * 2)
        agreements.take_position(by=at, agreement=made, stance="niet_akkoord", reason="Nee.")
    Workshop.objects.filter(pk=workshop.pk).update(
        title=("Gebiedssessie over alle buurten van het noorden en het zuiden " * 2)[:120]
    )
    document = build_document(Workshop.objects.get(pk=workshop.pk))
    for part in ("summary", "cover"):
        body = layout.to_pdf(one_piece(document, part))
        assert len(PdfReader(io.BytesIO(body)).pages) == 1, part


def test_the_cover_is_one_page_whatever_the_shape_of_the_map(db):
    workshop, *_ = written(buurten=1)
    document = build_document(workshop)
    for parties in (2, 10, 18):
        for title in ("Kort", "Zo lang als een titel zijn mag " * 4):
            cover = replace(document, title=title[:120], parties=document.parties[:1] * parties)
            body = layout.to_pdf(one_piece(cover, "cover"))
            assert len(PdfReader(io.BytesIO(body)).pages) == 1, (parties, title)


def test_with_many_buurten_the_cover_still_holds_its_parties(db):
    """Names without room would fill half a page below the map."""
    workshop, *_ = written(buurten=130, of=130)
    for fixed in ("", "ABCD-EF01-2345"):
        cover = replace(build_document(workshop), fixed=fixed)
        assert "svg" in cover.cover_map
        assert len(PdfReader(io.BytesIO(layout.to_pdf(one_piece(cover, "cover")))).pages) == 1


def test_a_heading_and_its_introduction_stay_with_what_they_introduce(db):
    workshop, *_ = written()
    workshop.agreements.update(touches_advice_right=True)
    html = one_piece(build_document(workshop), "advices")
    for lines in range(20, 33):
        start = '<section class="plan-part" id="plan-adviezen">'
        filled = html.replace(start, "<p>Regel</p>" * lines + start)
        pages = [words(page.extract_text()) for page in PdfReader(io.BytesIO(layout.to_pdf(filled))).pages]
        at = next(i for i, text in enumerate(pages) if "Eenakkoordineensessie" in text)
        assert "Nognietgevraagd" in pages[at], lines


def signal_row(document):
    html = render_to_string("matrix/plan/summary.html", {"plan": document})
    return " ".join(re.sub(r"<[^>]+>", "", html.split("Signaal</th>")[1].split("</tr>")[0]).split())


def test_a_figure_that_is_missing_is_no_nought(db):
    workshop, *_ = written()
    document = build_document(workshop)
    first = document.chapters[0]
    calm = [c for c in document.chapters if c not in document.pressing]
    none = tuple(replace(chapter, signal=None) for chapter in document.chapters)
    assert signal_row(replace(document, chapters=none)) == (
        "Over geen enkele buurt is genoeg bekend om te zeggen hoe de overlast zich ontwikkelde."
    )
    mixed = replace(document, chapters=(*calm, replace(first, signal=None, name="Leegveld")))
    assert signal_row(mixed) == (
        "In geen van de buurten waarover genoeg bekend is, ontwikkelde de overlast zich ongunstig. "
        "Over 1 buurt is te weinig bekend: Leegveld."
    )
    assert "te weinig bekend" not in signal_row(document)


def test_who_spoke_is_who_was_in(db):
    workshop, *_ = written()
    document = build_document(workshop)
    here = replace(document.parties[0], name="De Haard", present=True)
    away = replace(here, name="Gemeente Verweg", present=False)
    for parties, says in (
        ((here, away), "sprak 1 partij in"), ((here, here, away), "spraken 2 partijen in"),
        ((here, away), "Niet aangemeld: Gemeente Verweg."), ((away,), "Geen enkele partij meldde zich aan."),
    ):  # fmt: skip
        assert says in render_to_string("matrix/plan/summary.html", {"plan": replace(document, parties=parties)})


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/x.png", "https://x.nl/", "file:///etc/passwd", "data:text/css,", "plan:../x"]
)
def test_nothing_is_fetched_from_anywhere(url):
    with pytest.raises(ValueError, match="niets van buiten"):
        layout._only_our_font().fetch(url)


def test_even_markup_of_our_own_cannot_fetch(monkeypatch):
    """Should an escape ever be forgotten, the door is still shut."""

    opened = []

    def record(*args, **kwargs):  # a mere raise would be caught on the way
        opened.append(args)
        raise OSError

    monkeypatch.setattr("urllib.request.OpenerDirector.open", record)
    monkeypatch.setattr("urllib.request.urlopen", record)
    body = layout.to_pdf(f'<html lang="nl"><head><title>t</title>{LOAD}</head><body><p>tekst</p>{LOAD}</body></html>')
    assert "tekst" in PdfReader(io.BytesIO(body)).pages[0].extract_text()
    assert opened == []


@pytest.fixture
def without_libraries(monkeypatch):
    class Missing:
        def find_spec(self, name, path=None, target=None):
            if name == "weasyprint":
                raise OSError("cannot load library 'libpango-1.0-0'")

    for name in [name for name in sys.modules if name.split(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [Missing(), *sys.meta_path])


def test_missing_libraries_are_named_with_the_line_that_helps(without_libraries):
    with pytest.raises(PlanError, match=r"apt-get install libpango-1\.0-0 libpangoft2-1\.0-0 libharfbuzz-subset0"):
        layout.to_pdf("<p>x</p>")


# ---- the command ----


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr("matrix.management.commands.export_plan.render", lambda document, **how: b"%PDF nieuw")


def test_the_command_writes_the_plan(workshop, quick, tmp_path, capsys):
    target = tmp_path / "plan.pdf"
    call_command("export_plan", workshop.code, output=target)
    assert target.read_bytes() == b"%PDF nieuw"
    assert [*tmp_path.iterdir()] == [target]
    assert str(target) in capsys.readouterr().out


def test_the_command_says_what_is_wrong(workshop, quick, tmp_path):
    with pytest.raises(CommandError, match="geen sessie met code onbekend"):
        call_command("export_plan", "onbekend", output=tmp_path / "plan.pdf")
    with pytest.raises(CommandError, match=r"De map .*weg bestaat niet"):
        call_command("export_plan", workshop.code, output=tmp_path / "weg" / "plan.pdf")
    with pytest.raises(CommandError, match="is een map"):
        call_command("export_plan", workshop.code, output=tmp_path)


def test_a_plan_that_fails_leaves_the_old_one(workshop, monkeypatch, tmp_path):
    target = tmp_path / "plan.pdf"
    target.write_bytes(b"%PDF oud")
    monkeypatch.setattr(
        "matrix.management.commands.export_plan.render",
        lambda document, **how: (_ for _ in ()).throw(PlanError("Kan niet.")),
    )
    with pytest.raises(CommandError, match=r"Kan niet\."):
        call_command("export_plan", workshop.code, output=target)
    monkeypatch.setattr("matrix.management.commands.export_plan.render", lambda document, **how: "geen bytes")
    with pytest.raises(TypeError):
        call_command("export_plan", workshop.code, output=target)
    assert target.read_bytes() == b"%PDF oud"
    assert [*tmp_path.iterdir()] == [target]


def test_what_tenants_may_not_read_yet_is_not_in_the_plan(workshop, cast):
    """The plan is for everyone, so it waits for the last tenant organisation."""
    workshops.add_organisation(by=cast.as_facilitator, name="Bewonerscommissie", kind="bewonerscommissie")
    workshops.move(by=cast.as_facilitator, stage=Stage.READ)
    sheet = workshop.workshop_areas.select_related("area").first()
    recognise(by=cast.as_tenant, sheet=sheet, recognition="yes", words="Wij zien het ook.")
    analyse(by=cast.as_partner, sheet=sheet, field="problem_analysis", text="Te weinig toezicht", seen="")
    workshop.refresh_from_db()
    chapter = next(one for one in build_document(workshop).chapters if one.code == sheet.area.code)
    assert (chapter.problem_analysis, chapter.tenants_first) == ("", True)
    page = cast.tenant.get(f"/sessie/{workshop.code}/plan/").content.decode()
    assert "Te weinig toezicht" not in page
    assert "als alle huurders hebben geantwoord" in page
    workshops.move(by=cast.as_facilitator, stage=Stage.ACT)
    assert "Te weinig toezicht" in cast.tenant.get(f"/sessie/{workshop.code}/plan/").content.decode()
