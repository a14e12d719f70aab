"""Priorities: dots on a phone, unseen by everybody until they are revealed; none is lost and nobody has one too many."""

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matrix import regions
from matrix.actions import agreement as agreements
from matrix.actions import dots as actions
from matrix.actions import workshop as workshop_actions
from matrix.actions.recording import Conflict, Refused
from matrix.audience import BEAMER
from matrix.dots import candidates
from matrix.exchange import carrying
from matrix.models import Agreement, Dot, DotRound, Workshop
from matrix.plan.priorities import priorities
from matrix.stages import NotNow, Stage
from tests import factories

ADDRESS = "/sessie/proef/prioriteiten/1/"


@pytest.fixture
def measures(cast):
    return [cast.propose(f"Maatregel {letter}") for letter in "ABC"]


@pytest.fixture
def round(cast, measures):
    return actions.open_round(by=cast.as_facilitator, about="voorstellen", question="Waar beginnen we mee?", each=5)


def give(by, round, subject, count, **more):
    return actions.give(by=by, round=round, subject=subject, count=count, **more)


def test_a_press_asks_the_same_of_the_database_however_many_spread(
    workshop, cast, round, measures, django_assert_max_num_queries
):
    for _ in range(8):
        give(factories.join(cast.as_partner.organisation), round, measures[0], 2)
    with django_assert_max_num_queries(24):
        cast.tenant.post(f"{ADDRESS}verdelen/", {"subject": measures[0].pk, "count": 1}, headers={"X-Bewaar": "1"})
    Agreement.objects.filter(pk=measures[0].pk).update(status="vervallen")
    cast.tenant.post(f"{ADDRESS}verdelen/", {"subject": measures[0].pk, "count": 0}, headers={"X-Bewaar": "1"})
    assert not Dot.objects.filter(participation=cast.as_tenant).exists()  # what is gone can still lose them


# ---- opening ----


def test_the_facilitator_opens_a_round_and_everyone_is_asked(workshop, cast, measures):
    answer = cast.facilitator.post(
        "/sessie/proef/prioriteiten/", {"question": "Waar eerst?", "about": "buurten", "each": "3"}
    )
    assert answer.url == ADDRESS
    found = DotRound.objects.get()
    assert (found.question, found.about, found.each) == ("Waar eerst?", "buurten", 3)
    assert "Verdeel uw stippen" in cast.tenant.get("/sessie/proef/afspraken/").content.decode()


@pytest.mark.parametrize("each", [2, 11])
def test_three_to_ten_dots(each, workshop, cast, measures):
    with pytest.raises(Refused, match="van 3 tot en met 10"):
        actions.open_round(by=cast.as_facilitator, about="voorstellen", question="?", each=each)


def test_one_round_at_a_time_and_something_to_choose_from(workshop, cast, round):
    with pytest.raises(Refused, match="loopt nog"):
        actions.open_round(by=cast.as_facilitator, about="buurten", question="?", each=5)


def test_nothing_to_choose_from(workshop, cast):
    with pytest.raises(Refused, match="nog geen twee ideeën"):
        actions.open_round(by=cast.as_facilitator, about="voorstellen", question="?", each=5)


def test_a_partner_opens_no_round(workshop, cast, measures):
    with pytest.raises(NotNow):
        actions.open_round(by=cast.as_partner, about="voorstellen", question="?", each=5)


# ---- spreading ----


def test_dots_can_be_moved_and_never_more_than_there_are(workshop, cast, round, measures):
    first, second, _ = measures
    give(cast.as_tenant, round, first, 3)
    give(cast.as_tenant, round, second, 2)
    with pytest.raises(Refused, match="Alle 5 stippen"):
        give(cast.as_tenant, round, second, 3)
    give(cast.as_tenant, round, first, 2)
    give(cast.as_tenant, round, second, 3)
    assert sorted(Dot.objects.values_list("agreement__title", "count")) == [("Maatregel A", 2), ("Maatregel B", 3)]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(presses=st.lists(st.tuples(st.integers(0, 1), st.integers(0, 2), st.integers(0, 7)), max_size=15))
def test_whatever_is_pressed_the_sum_holds(presses, workshop, cast, round, measures):
    people = cast.as_tenant, cast.as_partner
    for who, what, count in presses:
        with suppress(Refused):
            give(people[who], round, measures[what], count)
    for person in people:
        assert sum(dot.count for dot in Dot.objects.filter(participation=person)) <= round.each
    assert set(Dot.objects.values_list("ballot", "participation").distinct()) == {
        (dot.ballot, dot.participation_id) for dot in Dot.objects.all()
    }


def test_the_same_press_twice_counts_once(workshop, cast, round, measures):
    before = Workshop.objects.get().revision
    for _ in range(2):
        cast.tenant.post(f"{ADDRESS}verdelen/", {"subject": measures[0].pk, "seen": "0", "count": "1"})
    assert Dot.objects.get().count == 1
    assert Workshop.objects.get().revision == before + 1


def test_a_tab_that_is_behind_is_told_how_it_stands(workshop, cast, round, measures):
    give(cast.as_tenant, round, measures[0], 3)
    with pytest.raises(Conflict):
        give(cast.as_tenant, round, measures[0], 1, seen=0)
    answer = cast.tenant.post(
        f"{ADDRESS}verdelen/", {"subject": measures[0].pk, "seen": "0", "count": "1"}, headers={"X-Bewaar": "1"}
    )
    assert answer.status_code == 409
    assert (answer.json()["counts"][str(measures[0].pk)], answer.json()["left"]) == (3, 2)


def test_without_script_each_button_is_a_form(workshop, cast, round, measures):
    page = cast.tenant.get(ADDRESS).content.decode()
    assert "Nog <b>5</b> over" in page
    cast.tenant.post(f"{ADDRESS}verdelen/", {"subject": measures[1].pk, "seen": "0", "count": "1"})
    assert "Nog <b>4</b> over" in cast.tenant.get(ADDRESS).content.decode()


def test_two_people_of_one_organisation_each_have_their_own(workshop, cast, round, measures):
    other = factories.join(cast.as_tenant.organisation)
    for person in (cast.as_tenant, other):
        give(person, round, measures[0], 5)
    assert Dot.objects.values("ballot").distinct().count() == 2


def test_who_leaves_loses_no_dots(workshop, cast, round, measures):
    give(cast.as_tenant, round, measures[0], 4)
    workshop_actions.leave(participation=cast.as_tenant)
    dot = Dot.objects.get()
    assert (dot.count, dot.participation, dot.organisation.name) == (4, None, "Huurdersvereniging")


def test_an_organisation_that_gave_dots_stays(workshop, cast, round, measures):
    give(cast.as_tenant, round, measures[0], 4)
    workshop_actions.leave(participation=cast.as_tenant)
    with pytest.raises(Refused):
        workshop_actions.remove_organisation(by=cast.as_facilitator, organisation=cast.as_tenant.organisation)


def test_after_the_reveal_nothing_moves(workshop, cast, round, measures):
    actions.reveal(by=cast.as_facilitator, round=round)
    with pytest.raises(Refused, match="onthuld"):
        give(cast.as_tenant, round, measures[0], 1)


def test_a_measure_of_another_session_gets_none(workshop, cast, round, outsider):
    strange = Agreement.objects.create(
        workshop=Workshop.objects.get(code="elders"), number=1, framework="leefomgeving", title="Van elders"
    )
    answer = cast.tenant.post(f"{ADDRESS}verdelen/", {"subject": strange.pk, "count": "1"})
    assert answer.status_code == 404


# ---- for who has no phone ----


def test_the_facilitator_enters_for_several_people_without_a_phone(workshop, cast, round, measures):
    tenants = cast.as_tenant.organisation
    for name in ("eerste-stem", "tweede-stem"):
        for count in (1, 2):
            form = {"subject": measures[0].pk, "count": count, "namens": tenants.pk, "stem": name}
            assert cast.facilitator.post(f"{ADDRESS}verdelen/", form).status_code == 302
    assert list(Dot.objects.values_list("count", "on_behalf", "participation")) == [(2, True, None)] * 2
    page = cast.facilitator.get(ADDRESS).content.decode()
    assert "Huurdersvereniging, persoon 2: 2 van 5 stippen" in page


def test_nobody_but_the_facilitator_enters_for_another(workshop, cast, round, measures):
    form = {"subject": measures[0].pk, "count": 1, "namens": cast.as_tenant.organisation_id, "stem": "eerste-stem"}
    assert cast.partner.post(f"{ADDRESS}verdelen/", form).status_code == 409
    assert not Dot.objects.exists()


def test_the_facilitator_touches_no_dots_of_a_phone(workshop, cast, round, measures):
    ballot = give(cast.as_tenant, round, measures[0], 1)
    with pytest.raises(Refused, match="iemand anders"):
        give(cast.as_facilitator, round, measures[0], 3, on_behalf_of=cast.as_tenant.organisation, on_ballot=ballot)


# ---- unseen until it is revealed ----


def everything_shown(workshop, cast):
    """All pages and all live parts of every role, and the screen for the room."""
    workshop.refresh_from_db()
    Workshop.objects.filter(pk=workshop.pk).update(spotlight="dots/1")
    for client in (cast.facilitator, cast.partner, cast.corporation):
        for path in ("prioriteiten/", "prioriteiten/1/", "afspraken/", "matrix/", "plan/"):
            yield client.get(f"/sessie/proef/{path}").content.decode()
    yield cast.facilitator.get("/sessie/proef/logboek/").content.decode()
    yield cast.partner.get(f"/beamer/{workshop.beamer_code}/").content.decode()
    audiences = ["facilitator", BEAMER, str(cast.as_partner.organisation_id), str(cast.as_corporation.organisation_id)]
    for number, audience in enumerate(audiences):
        parts = ("beamer",) if audience == BEAMER else ("dots", "dot_round/1", "header/geen")
        found = regions.render(workshop.pk, 1000 + number, audience, parts, {"dots/1", "dots", "header"})
        assert found
        yield from (html for _, html in found)


def test_nobody_sees_where_the_dots_lie_before_they_are_revealed(workshop, cast, round, measures):
    give(cast.as_tenant, round, measures[1], 4)
    give(cast.as_tenant, round, measures[0], 1)
    for html in everything_shown(workshop, cast):
        for leak in ("4 stippen", "dot-bar", "dot-line", "persoon 1:"):
            assert leak not in html
    assert "Huurdersvereniging</b>: 1 mens" in cast.partner.get(ADDRESS).content.decode()


def test_afterwards_everyone_sees_the_order_and_the_shares(workshop, cast, round, measures):
    give(cast.as_tenant, round, measures[1], 4)
    give(cast.as_partner, round, measures[1], 1)
    give(cast.as_partner, round, measures[0], 4)
    cast.facilitator.post(f"{ADDRESS}onthullen/")
    workshop.refresh_from_db()
    Workshop.objects.filter(pk=workshop.pk).update(spotlight="dots/1")
    for page in (
        cast.tenant.get(ADDRESS).content.decode(),
        cast.tenant.get(f"/beamer/{workshop.beamer_code}/").content.decode(),
    ):
        assert page.index("Maatregel B") < page.index("Maatregel A") < page.index("Maatregel C")
        assert "5 stippen" in page
        assert 'width="80.00%"' in page
        assert "data-dots" not in page


def test_what_was_dropped_or_left_keeps_its_dots(workshop, cast, round, measures):
    give(cast.as_tenant, round, measures[1], 4)
    agreements.set_status(by=cast.as_partner, agreement=measures[1], status=Agreement.Status.DROPPED)
    assert "Maatregel B" in cast.tenant.get(ADDRESS).content.decode()
    assert "Maatregel B" not in cast.partner.get(ADDRESS).content.decode()
    actions.reveal(by=cast.as_facilitator, round=round)
    page = cast.partner.get(ADDRESS).content.decode()
    assert "staat nu niet meer open" in page
    assert "4 stippen" in page


def test_a_buurt_that_left_keeps_its_dots(workshop, cast):
    made = actions.open_round(by=cast.as_facilitator, about="buurten", question="Waar eerst?", each=3)
    first, *others = candidates(workshop, "buurten")
    give(cast.as_tenant, made, first, 3)
    workshop_actions.choose_areas(by=cast.as_facilitator, areas=others)
    actions.reveal(by=cast.as_facilitator, round=made)
    assert "3 stippen" in cast.tenant.get(ADDRESS).content.decode()


def test_rounds_are_kept(workshop, cast, round, measures):
    give(cast.as_tenant, round, measures[0], 2)
    actions.reveal(by=cast.as_facilitator, round=round)
    actions.open_round(by=cast.as_facilitator, about="buurten", question="En waar?", each=3)
    page = cast.tenant.get("/sessie/proef/prioriteiten/").content.decode()
    assert page.index("En waar?") < page.index("Waar beginnen we mee?")


def test_the_dots_travel_with_the_session(workshop, cast, round, measures, django_user_model):
    give(cast.as_tenant, round, measures[0], 2)
    give(cast.as_facilitator, round, measures[0], 3, on_behalf_of=cast.as_tenant.organisation, on_ballot="zonder-tel")
    copy = carrying.take_in(
        carrying.export(workshop), facilitator=django_user_model.objects.first(), as_copy=True
    ).workshop
    assert sorted(copy.dot_rounds.get().dots.values_list("count", "on_behalf")) == [(2, False), (3, True)]


def test_what_came_out_stands_in_the_plan(workshop, cast, round, measures):
    give(cast.as_tenant, round, measures[1], 4)
    Workshop.objects.filter(pk=workshop.pk).update(stage=Stage.SETTLE)
    assert "Waar beginnen we mee?" not in cast.tenant.get("/sessie/proef/plan/").content.decode()
    actions.reveal(by=cast.as_facilitator, round=round)
    page = cast.tenant.get("/sessie/proef/plan/").content.decode()
    assert "Waar beginnen we mee?" in page
    assert "Huurdersvereniging 4" in page


def test_what_came_after_the_reveal_was_not_passed_over(workshop, cast, round, measures):
    give(cast.as_tenant, round, measures[1], 4)
    actions.reveal(by=cast.as_facilitator, round=round)
    for letter in "DEF":
        cast.propose(f"Maatregel {letter}")
    Agreement.objects.filter(pk=measures[0].pk).update(status="afgesproken")  # it was a choice, and nobody took it
    (found,) = priorities(workshop)
    assert (found.choices, found.without) == (3, 2)
    shown = cast.tenant.get(ADDRESS).content.decode()
    assert "Maatregel A" in shown
    assert "Maatregel D" not in shown
    # Of a round that was revealed before the choices were kept, what came later is left out all the same.
    workshop.events.filter(what="dots_revealed").update(data={"number": 1})
    (found,) = priorities(workshop)
    assert (found.choices, found.without) == (2, 1)
