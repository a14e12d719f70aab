"""The content that is fixed: the fingerprint changes if and only if it does."""

import copy
import datetime
import json
import random
import unicodedata

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matrix.actions import workshop as workshops
from matrix.exchange.carrying import export, take_in
from matrix.models import (
    Advice,
    Agreement,
    Contribution,
    EmptyCell,
    Organisation,
    Position,
    Reading,
    Remark,
    Workshop,
    WorkshopArea,
)
from matrix.plan.canonical import CHOSEN, TEXTS, canonical, content_of, fingerprint, shown
from matrix.plan.comparing import compare
from tests import factories
from tests.matrix.test_exchange import full, remove_all

# A slow computer is no reason to fail.
PATIENT = settings(deadline=None, suppress_health_check=list(HealthCheck))

# ---- the canonical form ----

plain = st.recursive(
    st.text() | st.integers() | st.booleans(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@PATIENT
@given(plain, plain)
def test_one_form_for_one_content(one, other):
    assert (canonical(one) == canonical(other)) == (_typed(one) == _typed(other))


def _typed(content):
    """As compared: true is no 1."""
    if isinstance(content, dict):
        return {key: _typed(value) for key, value in content.items()}
    if isinstance(content, list):
        return [_typed(value) for value in content]
    return (type(content).__name__, content)


@PATIENT
@given(plain)
def test_order_of_keys_and_a_journey_through_json_change_nothing(content):
    again = json.loads(json.dumps(content))
    assert fingerprint(_shuffled(again)) == fingerprint(content)


def _shuffled(content):
    if isinstance(content, dict):
        return {key: _shuffled(content[key]) for key in reversed(list(content))}
    return [_shuffled(value) for value in content] if isinstance(content, list) else content


def test_a_fraction_has_no_place_in_it():
    with pytest.raises(ValueError, match="JSON"):
        canonical({"x": float("nan")})


def test_a_fingerprint_as_people_compare_it():
    assert shown("0123456789abcdef" * 4) == "0123-4567-89ab-cdef"
    assert shown("0123456789abcdef" * 4, groups=16).replace("-", "") == "0123456789abcdef" * 4


# ---- of a session ----


@pytest.fixture
def session(db):
    found = full()
    agreement = found.agreements.get()
    asked = {"asked_on": datetime.date(2026, 11, 1), "due_on": datetime.date(2026, 12, 13)}
    Advice.objects.update_or_create(agreement=agreement, defaults=asked)
    Agreement.objects.update(status="afgesproken", plain_words="Wij maken schoon.", plain_version=1)
    return found


def of(workshop) -> str:
    return fingerprint(content_of(Workshop.objects.get(pk=workshop.pk)))


def leaves(content):
    if isinstance(content, dict):
        for value in content.values():
            yield from leaves(value)
    elif isinstance(content, list):
        for value in content:
            yield from leaves(value)
    else:
        yield content


def test_only_plain_content(session):
    content = content_of(session)
    assert {type(leaf) for leaf in leaves(content)} == {str, int, bool}
    assert json.loads(canonical(content)) == content


def test_it_says_all_that_was_said(session):
    told = canonical(content_of(session)).decode()
    for words in ("Wij zien het anders.", "Donkere portieken", "Meelopen", "Te weinig.", "Op orde", "Koepel", "Namens",
                  "Wij maken schoon.", "2026-12-13"):  # fmt: skip
        assert words in told, words


LEFT_OUT = {
    "id", "workshop", "follows", "status", "wording", "frozen_wording", "plain_version", "created_at", "updated_at",
    "lead", "start", "end", "proposed_by", "intervention", "number", "areas",  # in another form, or not words
    "paper_code", "sheet_number",
}  # fmt: skip


def test_no_field_of_an_agreement_is_forgotten():
    """A new field is in the content, or somebody decided here that it is not."""
    fields = {f.name for f in Agreement._meta.get_fields() if not f.auto_created or f.concrete}
    assert fields - LEFT_OUT == {*TEXTS, *CHOSEN}


def test_no_field_of_a_position_is_forgotten(session):
    agreement = content_of(session)["agreements"][0]
    fields = {f.name for f in Position._meta.concrete_fields} - {"id", "agreement", "wording", "updated_at"}
    assert {*agreement["positions"][0]} - {"earlier_text"} == fields
    fields = {f.name for f in Advice._meta.concrete_fields} - {"id", "agreement", "note"}
    assert {*agreement["advice"]} - {"note"} == fields


def test_dots_are_in_it_once_they_are_revealed_and_say_nothing_of_who(session):
    before = content_of(session)
    found = session.dot_rounds.create(number=1, about="buurten", question="Waar eerst?")
    area, organisation = session.workshop_areas.first().area, session.organisations.first()
    for count in (2, 1):
        found.dots.create(organisation=organisation, area=area, count=count)
    assert content_of(session) == before
    found.revealed = True
    found.save()
    given = content_of(session)["priorities"][0]["given"]
    assert given == [{"buurt": area.code, "agreement": 0, "organisation": organisation.name, "dots": 3}]
    assert compare(before, content_of(session))[0].entries[0].title == "Waar eerst?"
    del before["priorities"]  # as a version of before dots were known
    assert compare(before, content_of(session))


# Each a change that people see; the last value may not be there already.
CHANGES = [
    (Workshop, {"title": "Anders"}), (Workshop, {"place": "Elders"}), (Workshop, {"date": datetime.date(2026, 1, 1)}),
    (Organisation, {"kind": "overig"}), (WorkshopArea, {"problem_analysis": "Anders"}),
    (WorkshopArea, {"definition_of_success": "Anders"}), (WorkshopArea, {"practice_knowledge": "Anders"}),
    (WorkshopArea, {"went_on_without_tenants": True}), (Reading, {"recognition": "yes"}), (Reading, {"words": "Anders"}),
    (Reading, {"on_behalf": True}), (EmptyCell, {"reason": "Anders"}), (EmptyCell, {"organisation": None}),
    *((Agreement, {name: "Anders"}) for name in TEXTS),
    (Agreement, {"framework": "woninggebruik"}), (Agreement, {"kind": "proces"}), (Agreement, {"elsewhere": "geen"}),
    (Agreement, {"legal_check": True}), (Agreement, {"touches_advice_right": False}), (Agreement, {"lead": None}),
    (Agreement, {"start": datetime.date(2027, 1, 1)}), (Agreement, {"end": datetime.date(2027, 1, 1)}),
    (Agreement, {"proposed_by": None}), (Agreement, {"status": "voorstel"}), (Agreement, {"status": "vervallen"}),
    (Agreement, {"wording": 9}), (Contribution, {"text": "Anders"}), (Position, {"stance": "voorbehoud"}),
    (Position, {"reason": "Anders"}), (Position, {"on_behalf": True}), (Advice, {"outcome": "positief"}),
    (Advice, {"text": "Anders"}), (Advice, {"due_on": datetime.date(2027, 1, 1)}), (Advice, {"decision": "Anders"}),
    (Remark, {"text": "Anders"}), (Remark, {"answer": "opgepakt"}), (Remark, {"answer_text": "Anders"}), (Remark, {"internal": True}),
    (Remark, {"area": None, "theme": None, "merged_into": None}),
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(CHANGES)))
def test_what_changes_is_seen_in_the_fingerprint_and_in_the_comparison(number, session):
    model, change = CHANGES[number]
    if model is EmptyCell and "organisation" in change:
        EmptyCell.objects.update(organisation=session.organisations.first())
    before = content_of(session)
    model.objects.update(**change)
    after = content_of(Workshop.objects.get(pk=session.pk))
    assert fingerprint(after) != fingerprint(before)
    assert compare(before, after)
    assert compare(after, copy.deepcopy(after)) == []


NOTHING = [
    (Workshop, {"revision": 999}), (Workshop, {"spotlight": "plan"}), (Workshop, {"stage": "terugkijken"}),
    (Agreement, {"status": "in_uitvoering"}), (Agreement, {"frozen_wording": 1}), (Organisation, {"seat_open": False}),
    (Agreement, {"goal": "  \r\n "}), (Remark, {"position": 40}),
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(NOTHING)))
def test_what_nobody_reads_in_the_plan_changes_nothing(number, session):
    model, change = NOTHING[number]
    before = of(session)
    model.objects.update(**change)
    assert of(session) == before


def test_neither_time_nor_language_nor_place(session, settings):
    before = of(session)
    for language, zone in (("en", "Pacific/Kiritimati"), ("ar", "America/Los_Angeles")):
        settings.TIME_ZONE = zone
        with translation.override(language):
            assert of(session) == before


def test_letters_that_look_the_same_are_the_same(session):
    Agreement.objects.update(goal=unicodedata.normalize("NFD", "Één café\r\nniet méér"))
    before = of(session)
    Agreement.objects.update(goal="Één café\nniet méér")
    assert of(session) == before


def test_who_comes_in_while_it_is_fixed_changes_nothing(session):
    before = of(session)
    workshops.move(by=factories.Participation.objects.get(workshop=session, user__isnull=False), stage="vaststellen")
    workshops.join(organisation=session.organisations.first(), name="Nog iemand")
    assert of(session) == before


def test_who_comes_in_a_year_later_changes_nothing_of_what_was_fixed(session):
    by = factories.Participation.objects.get(workshop=session, user__isnull=False)
    police = workshops.add_organisation(by=by, name="Politie", kind="politie")
    workshops.move(by=by, stage="vaststellen")
    before = of(session)
    workshops.move(by=by, stage="terugkijken")
    late = workshops.join(organisation=police, name="Te laat")
    assert of(session) == before
    workshops.leave(participation=late)
    assert of(session) == before


def test_the_same_in_another_database(session, django_user_model):
    before, content = of(session), content_of(session)
    body = export(session)
    remove_all()
    workshop = take_in(body, facilitator=django_user_model.objects.create_user("leider")).workshop
    assert content_of(workshop) == content
    assert of(workshop) == before


@pytest.mark.django_db
def test_the_order_in_which_things_came_in_means_nothing():
    """The same session, its rows stored in another order."""
    found = []
    for seed in (1, 2):
        workshop = factories.workshop() if seed == 1 else _again(found[0][0])
        _fill(workshop, random.Random(seed))
        found.append((workshop, content_of(workshop)))
    assert found[0][1] == found[1][1]


def _again(first: Workshop) -> Workshop:
    second = Workshop.objects.create(
        code="volgorde-2",
        title=first.title,
        date=first.date,
        signal_map=first.signal_map,
        revision=1,
        stage=first.stage,
    )
    for sheet in reversed(first.workshop_areas.all()):
        second.workshop_areas.create(area=sheet.area)
    for organisation in reversed(first.organisations.all()):
        second.organisations.create(name=organisation.name, kind=organisation.kind)
    return second


def _fill(workshop, dice):
    Workshop.objects.filter(pk=workshop.pk).update(revealed=["kijken"])
    workshop.refresh_from_db()
    areas = [sheet.area for sheet in workshop.workshop_areas.order_by("area__code")]
    organisations = list(workshop.organisations.order_by("name"))
    agreement = workshop.agreements.create(number=1, framework="leefomgeving", title="Schoon", status="afgesproken")
    made = []
    for i, organisation in enumerate(organisations):
        made += [
            lambda o=organisation, i=i: agreement.positions.create(organisation=o, stance="akkoord", wording=1, reason=str(i)),
            lambda o=organisation, i=i: agreement.contributions.create(organisation=o, text=f"Bijdrage {i}"),
            lambda o=organisation, i=i: workshop.remarks.create(organisation=o, stage="kijken", text=f"Opmerking {i}"),
            lambda o=organisation, i=i: workshop.readings.create(organisation=o, area=areas[0], recognition="yes"),
            lambda i=i: workshop.empty_cells.create(area=areas[i], framework="woninggebruik", reason="Op orde"),
        ]  # fmt: skip
    dice.shuffle(made)
    for make in made:
        make()
    agreement.areas.set(dice.sample(areas, len(areas)))


# ---- words side by side ----


@settings(PATIENT, max_examples=300)
@given(st.text(alphabet="ab ,.\n€é", max_size=60), st.text(alphabet="ab ,.\n€é", max_size=60))
def test_the_pieces_together_are_both_texts(before, after):
    from matrix.plan.worddiff import after_of, before_of, diff

    pieces = diff(before, after)
    assert "".join(piece.text for piece in before_of(pieces)) == before
    assert "".join(piece.text for piece in after_of(pieces)) == after
    assert all(piece.kind == "same" for piece in pieces) == (before == after)


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("€ 1.000 per jaar", "€ 2.000 per jaar", [("same", "€ "), ("gone", "1.000"), ("new", "2.000"), ("same", " per jaar")]),
        ("Schoon en heel", "Schoon, heel en veilig",
         [("same", "Schoon"), ("new", ", heel"), ("same", " en "), ("gone", "heel"), ("new", "veilig")]),
        ("", "Nieuw", [("new", "Nieuw")]),
        ("Weg", "", [("gone", "Weg")]),
        ("een twee drie", "vier vijf zes", [("gone", "een twee drie"), ("new", "vier vijf zes")]),
    ],
)  # fmt: skip
def test_word_by_word(before, after, pieces):
    from matrix.plan.worddiff import diff

    assert [(piece.kind, piece.text) for piece in diff(before, after)] == pieces


def test_a_very_long_text_is_compared_quickly():
    import time

    from matrix.plan.worddiff import diff

    began = time.process_time()
    diff("een twee " * 20000, "een drie " * 20000)
    assert time.process_time() - began < 2
