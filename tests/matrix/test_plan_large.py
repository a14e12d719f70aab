"""A plan of many buurten or many measures: the map to be read, the contents to be found, no page for a few lines."""

import io
import re
from dataclasses import replace

import pytest
from pypdf import PdfReader

from benchmarks.plan_world import make_session
from maps.models import Area
from matrix.plan import layout, paper
from matrix.plan.document import build_document
from matrix.plan.joint import map_height
from matrix.plan.parts import Reference
from tests.matrix.test_plan import one_piece, words, written


def pages_of(html):
    return [words(page.extract_text()) for page in PdfReader(io.BytesIO(layout.to_pdf(html))).pages]


@pytest.mark.parametrize("count", [31, 60, 130])
def test_the_map_of_many_buurten_has_a_page_with_their_names_and_the_legend_follows_whole(db, count):
    workshop, *_ = written(buurten=count, of=count)
    for i, area in enumerate(Area.objects.filter(kind="neighbourhood")):
        Area.objects.filter(pk=area.pk).update(name=f"Rubicondreef en omgeving {i}")
    plan = build_document(workshop)
    pages = pages_of(one_piece(plan, "map"))
    assert len(pages) == 2
    assert words("Een signaal, geen oordeel") in pages[0]
    assert words(f"Rubicondreef en omgeving {count - 1}") in pages[0]
    assert "Legenda" not in pages[0]
    assert "Legenda" in pages[1]


def test_the_map_is_as_high_as_the_names_leave_room_for():
    names = ["Taag- en Rubicondreef en omgeving"] * 130
    assert map_height(names[:6]) == map_height(names[:30])
    assert map_height(names[:40]) > map_height(names[:106]) > map_height(names) >= 60


def test_contents_of_a_hundred_buurten_are_one_page(db):
    workshop, *_ = written()
    plan = build_document(workshop)
    entries = [paper.Entry(2 if i % 10 == 0 else 3, f"Buurt nummer {i} en omgeving", i, f"kop-{i}") for i in range(125)]
    (page,) = pages_of(one_piece(plan, "contents", **paper.in_leaves(entries)))
    assert all(words(f"Buurt nummer {i} en omgeving") in page for i in range(125))


def test_a_part_that_goes_on_has_its_heading_at_the_head_of_each_page(db):
    workshop, *_ = written()
    html = one_piece(build_document(workshop), "guide").replace("</section>", "<p>Regel</p>" * 120 + "</section>")
    pages = pages_of(html)
    assert len(pages) > 1
    assert all("Zoleestuditplan" in page for page in pages)


@pytest.mark.parametrize("measures", [6, 9])
def test_a_buurt_with_words_of_everybody_is_one_page(db, measures):
    """Nobody turns a leaf for the last two lines of a table."""
    plan = build_document(make_session(2, code="proef", measures=(measures, measures)))
    laid = [layout.lay_out(paper.of_chapter(plan, chapter).html, name="buurt") for chapter in plan.chapters]
    assert [piece.pages for piece in laid] == [1, 1]
    assert any(chapter.is_full for chapter in plan.chapters) == (measures == 9)


def test_a_cell_with_many_measures_goes_on_where_the_page_ends(db):
    workshop, *_ = written()
    plan = build_document(workshop)
    chapter = plan.chapters[0]
    some = Reference("7", "Een maatregel van een regel", "Afgesproken")
    cells = tuple(replace(cell, agreements=(some,) * 30, proposals=()) for cell in chapter.cells)
    pages = pages_of(one_piece(plan, "chapter", chapter=replace(chapter, cells=cells)))
    assert len(pages) <= 4
    assert pages[0].count("Eenmaatregelvaneenregel") > 3


def test_a_dozen_parties_leave_the_map_of_the_cover_its_room(db):
    workshop, *_ = written(buurten=106, of=106)
    plan = build_document(workshop)
    names = ["Woonstichting De Nieuwe Linde", "Gemeente", "Huurdersvereniging", "Politie Midden-Nederland"] * 4
    for count, least in ((6, 90), (12, 70), (16, 55)):
        parties = tuple(replace(plan.parties[0], name=f"{name} {i}") for i, name in enumerate(names[:count]))
        cover = replace(plan, parties=parties)
        assert float(re.search(r' height="([\d.]+)mm"', cover.cover_map)[1]) > least, count
        (page,) = pages_of(one_piece(cover, "cover"))
        assert all(words(party.name) in page for party in parties)


def test_the_longest_party_names_keep_the_cover_one_page(db):
    workshop, *_ = written(buurten=4)
    plan = build_document(workshop)
    for length in (20, 60, 120):
        parties = tuple(replace(plan.parties[0], name=f"{i} " + "Een vereniging van huurders en bewoners in de stad " * 3)
                        for i in range(14))  # fmt: skip
        cover = replace(plan, parties=tuple(replace(party, name=party.name[:length]) for party in parties))
        assert len(pages_of(one_piece(cover, "cover"))) == 1, length
