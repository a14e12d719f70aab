"""The journal: what happened, for the facilitator."""

import csv
import io
import re

import pytest
from django.urls import reverse

from matrix.actions import agreement as agreements
from matrix.actions import workshop as workshops
from matrix.actions.undo import undo
from matrix.journal import HIDDEN, KINDS, OTHER, kind_of
from matrix.models import Event


@pytest.fixture
def made(cast):
    return cast.propose("Samen schoonmaken")


def page(cast, **query):
    return cast.facilitator.get(reverse("journal", args=[cast.workshop.code]), query).content.decode()


def rows(html):
    return re.findall(r'journal__what">(.*?)</span>', html)


def test_everything_is_there_newest_first_but_the_beamer_is_not(cast, made):
    workshops.show_on_beamer(by=cast.as_facilitator, spotlight="board")
    found = rows(page(cast))
    assert found[0] == "Gemeente bracht in: Samen schoonmaken"
    assert found[-1] == "Sessie «Sessie proef» gemaakt"
    assert not any("beamer" in row for row in found)


def test_it_is_filtered_by_organisation_and_by_kind(cast, made):
    agreements.take_position(by=cast.as_tenant, agreement=made, stance="akkoord")
    tenants = cast.as_tenant.organisation
    assert all("Huurdersvereniging" in row for row in rows(page(cast, organisatie=tenants.pk)))
    assert rows(page(cast, soort="standpunten")) == [f"Huurdersvereniging over {made}: akkoord"]
    assert rows(page(cast, soort="standpunten", organisatie=cast.as_partner.organisation_id)) == []
    assert "De sessie is nu bij Afspreken" in rows(page(cast, organisatie="begeleider"))
    assert len(rows(page(cast, organisatie="-1", soort="onzin", blad="x"))) == len(rows(page(cast)))


def test_what_was_undone_is_marked(cast, made):
    undo(by=cast.as_partner, revision=Event.objects.latest("revision").revision)
    html = page(cast)
    assert rows(html)[0] == "Ongedaan gemaakt: Gemeente bracht in: Samen schoonmaken"
    assert html.count('class="is-undone"') == 1


def test_long_logs_come_in_pages(cast, workshop):
    Event.objects.bulk_create(
        Event(workshop=workshop, revision=1000 + i, what="timer_set", summary=f"klok {i}") for i in range(120)
    )
    assert rows(page(cast))[0] == "klok 119"
    assert rows(page(cast, blad=2))[0] == "klok 69"
    assert "Ouder" in page(cast, blad=2, soort="sessie")


def test_a_page_costs_the_same_whatever_its_length(cast, workshop, django_assert_max_num_queries):
    for i in range(60):
        Event.objects.create(workshop=workshop, revision=1000 + i, what="timer_set", summary="klok",
                             participation=cast.as_facilitator)  # fmt: skip
    with django_assert_max_num_queries(14):
        page(cast)


def test_the_file_holds_all_and_no_formula(cast, workshop, made):
    cast.propose('=HYPERLINK("http://kwaad")')
    Event.objects.filter(what="proposed", summary__contains="HYPERLINK").update(summary="=1+1")
    answer = cast.facilitator.get(reverse("journal_file", args=[workshop.code]), {"soort": "maatregelen"})
    assert answer["Content-Type"].startswith("text/csv")
    table = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert table[0] == ["tijd", "wie", "soort", "wat", "ongedaan gemaakt"]
    assert [row[3] for row in table[1:]] == ["'=1+1", "Gemeente bracht in: Samen schoonmaken"]
    assert table[2][1:3] == ["Gemeente", "Maatregelen en afspraken"]


def test_every_event_of_the_program_has_a_kind():
    """So that none falls outside every filter."""
    from pathlib import Path

    actions = Path(__file__).resolve().parents[2] / "matrix" / "actions"
    source = "".join(path.read_text() for path in actions.glob("*.py"))
    recorded = set(re.findall(r'what="(\w+)"', source)) | {"seat_closed"}
    assert len(recorded) > 25
    assert [what for what in sorted(recorded - set(HIDDEN)) if kind_of(what) == OTHER] == []
    assert len({what for _, whats in KINDS.values() for what in whats}) == sum(len(w) for _, w in KINDS.values())
