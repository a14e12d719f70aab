"""Terugkijken: who reads what when, that nothing is lost, and what a decision does."""

import datetime
import io
import itertools
import random

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from pypdf import PdfReader

from matrix import regions
from matrix.actions import agreement as agreements
from matrix.actions import behalf, following
from matrix.actions import looking_back as actions
from matrix.actions import progress as progress_actions
from matrix.actions import workshop as workshops
from matrix.actions.recording import Conflict, Refused
from matrix.actions.undo import undo
from matrix.exchange.carrying import export, session_of, take_in
from matrix.looking_back import Answers, agreed_in
from matrix.models import Agreement, Event, Noticed, Participation, PlanVersion, Review
from matrix.own_actions import own_actions
from matrix.stages import NotNow, Role, Stage
from matrix.then_and_now import then_and_now
from tests import factories

HIDDEN_DONE, HIDDEN_NOTICED = "Drie portieken geverfd", "Het ruikt nog naar verf"


def held(workshop, cast):
    made = cast.propose("Portieken opknappen")
    agreements.edit(
        by=cast.as_partner, agreement=made, changes={"lead": cast.as_corporation.organisation, "measure": "Geen graffiti"},
        seen={"lead": None, "measure": ""},
    )  # fmt: skip
    agreements.set_status(by=cast.as_facilitator, agreement=made, status="afgesproken")
    return made


class Later:
    """The session a year later, with its cast and its one agreement."""

    def __init__(self, earlier):
        user = earlier.facilitators.get()
        self.workshop = following.follow_up(
            by_user=user, workshop=earlier, title="Terug", date=datetime.date(2027, 11, 25), place="",
            edition=earlier.signal_map, with_ideas=False,
        ).workshop  # fmt: skip
        by = Participation.objects.create(workshop=self.workshop, user=user)
        workshops.move(by=by, stage=Stage.LOOK_BACK)
        self.workshop.refresh_from_db()
        self.cast = factories.Cast(self.workshop)
        self.agreement = self.workshop.agreements.get()

    def page(self, who, name="review"):
        args = [self.workshop.code, self.agreement.number] if name == "review" else [self.workshop.code]
        return getattr(self.cast, who).get(reverse(name, args=args)).content.decode()

    def post(self, who, name, **data):
        return getattr(self.cast, who).post(reverse(name, args=[self.workshop.code, self.agreement.number]), data)

    def done(self, text=HIDDEN_DONE, **seen):
        by = self.cast.as_corporation
        return actions.tell_done(by=by, agreement=self.agreement, changes={"words": text}, seen={"words": "", **seen})

    def notice(self, by=None, answer="partly", words=HIDDEN_NOTICED, **more):
        return actions.notice(
            by=by or self.cast.as_tenant, agreement=self.agreement, answer=answer, words=words, **more
        )

    def decide(self, decision, reason="Omdat", by=None, **more):
        return actions.decide(
            by=by or self.cast.as_partner, agreement=self.agreement, decision=decision, reason=reason, **more
        )


@pytest.fixture
def later(workshop, cast):
    held(workshop, cast)
    return Later(workshop)


@pytest.fixture
def second(later):
    """Another tenant organisation at the table."""
    workshops.add_organisation(by=later.cast.as_facilitator, name="Bewonerscommissie", kind="bewonerscommissie")
    return factories.join(later.workshop.organisations.get(name="Bewonerscommissie"))


# ---- who reads what ----

T1, T2 = 1, 2
NOBODY, FIRST, BOTH = frozenset(), frozenset({T1}), frozenset({T1, T2})


@pytest.mark.parametrize(
    ("answered", "revealed", "role", "organisation", "reads"),
    [
        (NOBODY, False, Role.TENANT, T1, False),
        (FIRST, False, Role.TENANT, T1, True),
        (FIRST, False, Role.TENANT, T2, False),
        (BOTH, False, Role.TENANT, T2, True),
        (NOBODY, True, Role.TENANT, T1, True),
        (NOBODY, False, Role.PARTNER, 9, True),
        (NOBODY, False, Role.FACILITATOR, None, True),
        (NOBODY, False, "", None, False),  # the screen for the room
        (FIRST, False, "", None, False),
        (BOTH, False, "", None, True),
    ],
)
def test_who_may_read_what_was_done(answered, revealed, role, organisation, reads):
    answers = Answers(Stage.LOOK_BACK, revealed, BOTH, answered)
    assert answers.may_read_done(role, organisation) == reads


@pytest.mark.parametrize(
    ("answered", "revealed", "role", "organisation", "on_behalf", "reads"),
    [
        (FIRST, False, Role.TENANT, T1, False, True),
        (FIRST, False, Role.TENANT, T2, False, False),
        (FIRST, False, Role.PARTNER, 9, False, False),
        (FIRST, False, Role.FACILITATOR, None, False, False),
        (FIRST, False, Role.FACILITATOR, None, True, True),
        (FIRST, True, Role.PARTNER, 9, False, True),
        (BOTH, False, Role.PARTNER, 9, False, True),
        (BOTH, False, "", None, False, True),
    ],
)
def test_who_may_read_what_the_first_noticed(answered, revealed, role, organisation, on_behalf, reads):
    answers = Answers(Stage.LOOK_BACK, revealed, BOTH, answered)
    said = Noticed(organisation_id=T1, on_behalf=on_behalf)
    assert answers.may_read_noticed(said, role, organisation) == reads


def test_without_tenants_or_at_another_step_all_is_open():
    assert Answers(Stage.LOOK_BACK, False, NOBODY, NOBODY).is_open
    assert Answers(Stage.SETTLE, False, BOTH, NOBODY).is_open


def shown_live(later, audience, part="review"):
    found = regions.render(
        later.workshop.pk, Event.objects.filter(workshop=later.workshop).latest("revision").revision, audience,
        [f"{part}/{later.agreement.number}" if part != "beamer" else part], {"stage"},
    )  # fmt: skip
    return found[0][1]


def test_pages_live_parts_and_beamer_hide_what_may_not_be_read_yet(later, second):
    later.done()
    later.notice()
    workshops.show_on_beamer(by=later.cast.as_facilitator, spotlight=f"review/{later.agreement.number}")
    tenant, other = str(later.cast.as_tenant.organisation_id), str(second.organisation_id)
    partner = str(later.cast.as_partner.organisation_id)
    sees = {tenant: (True, True), other: (False, False), partner: (True, False), "facilitator": (True, False)}
    for audience, expected in sees.items():
        html = shown_live(later, audience)
        assert (HIDDEN_DONE in html, HIDDEN_NOTICED in html) == expected, audience
    assert HIDDEN_DONE not in shown_live(later, "beamer", "beamer")
    assert HIDDEN_NOTICED not in later.page("partner") + later.page("partner", "looking_back")
    assert "1 antwoord is binnen" in later.page("partner")
    actions.reveal(by=later.cast.as_facilitator, agreement=later.agreement)
    assert HIDDEN_NOTICED in later.page("partner") + later.page("partner", "looking_back")
    assert HIDDEN_DONE in shown_live(later, other)
    assert HIDDEN_DONE in shown_live(later, "beamer", "beamer")


def test_a_tenant_reads_what_was_done_after_its_own_answer(later):
    later.done()
    assert HIDDEN_DONE not in later.page("tenant") + later.page("tenant", "looking_back")
    later.notice()
    assert HIDDEN_DONE in later.page("tenant")


# ---- saying it ----


def test_done_is_compared_per_field(later):
    later.done("Eerst")
    with pytest.raises(Conflict):
        later.done("Daarna")
    actions.tell_done(by=later.cast.as_partner, agreement=later.agreement, changes={"done": "deels"}, seen={"done": ""})
    review = Review.objects.get()
    assert (review.done, review.words) == ("deels", "Eerst")


def test_done_saves_itself_and_shows_both_texts(later):
    address = reverse("tell_done", args=[later.workshop.code, later.agreement.number])
    form = {"done": "ja", "words": "Klaar", "initial-done": "", "initial-words": ""}
    answer = later.cast.corporation.post(address, form, headers={"X-Bewaar": "1"})
    assert answer.json()["start"] == {"initial-done": "ja", "initial-words": "Klaar"}
    other = later.cast.partner.post(address, form | {"done": "", "words": "Niet klaar"}, headers={"X-Bewaar": "1"})
    assert (other.status_code, other.json()["theirs"]["words"]["text"]) == (409, "Klaar")
    plain = later.cast.partner.post(address, form | {"done": "", "words": "Niet klaar"})
    assert plain.status_code == 422
    assert "Klaar" in plain.content.decode()
    assert "Niet klaar" in plain.content.decode()


def test_tenants_say_nothing_of_what_was_done_and_professionals_not_what_residents_notice(later):
    with pytest.raises(NotNow):
        actions.tell_done(
            by=later.cast.as_tenant, agreement=later.agreement, changes={"words": "x"}, seen={"words": ""}
        )
    with pytest.raises(NotNow):
        later.notice(by=later.cast.as_partner)


def test_on_behalf_of_the_tenants_and_taken_over(later):
    tenants = later.cast.as_tenant.organisation
    form = {"answer": "no", "words": "Niets van gezien", "on_behalf_of": tenants.pk}
    assert later.post("facilitator", "notice", **form).status_code == 302
    assert "namens u ingevoerd" in later.page("tenant")
    assert later.post("tenant", "take_over_noticed").status_code == 302
    assert not Noticed.objects.get().on_behalf
    assert later.post("facilitator", "notice", **form | {"words": "Anders"}).status_code == 409
    with pytest.raises(Refused):
        behalf.take_over(by=later.cast.as_partner, said=Noticed.objects.get())


def test_what_the_facilitator_enters_shows_both_texts_too(later):
    party = later.cast.as_tenant.organisation
    later.notice(by=later.cast.as_facilitator, on_behalf_of=party)
    answer = later.cast.facilitator.post(
        reverse("notice", args=[later.workshop.code, later.agreement.number]),
        {"on_behalf_of": party.pk, "answer": "no", "words": "Anders", "seen": ""}, headers={"X-Bewaar": "1"},
    )  # fmt: skip
    assert answer.status_code == 409
    assert HIDDEN_NOTICED in answer.json()["theirs"]["words"]["text"]


def test_what_was_stopped_goes_on_by_a_decision_only(later):
    later.decide("stoppen")
    with pytest.raises(Refused, match="Kies daar dan ‘Doorgaan’"):
        agreements.set_status(by=later.cast.as_partner, agreement=later.agreement, status="afgesproken")
    later.decide("doorgaan", seen="Stoppen. Omdat")
    later.agreement.refresh_from_db()
    assert later.agreement.is_frozen


def test_two_phones_of_one_organisation(later):
    later.notice(words="Eerst")
    with pytest.raises(Conflict):
        later.notice(words="Daarna", seen="")
    assert Noticed.objects.get().words == "Eerst"


# ---- how to go on ----


@pytest.mark.parametrize("decision", ["bijstellen", "stoppen"])
def test_change_and_stop_need_their_reason(later, decision):
    with pytest.raises(ValidationError):
        later.decide(decision, reason=" ")
    answer = later.post("partner", "decide", decision=decision, reason="")
    assert answer.status_code == 422
    assert "Schrijf erbij waarom" in answer.content.decode()


def status(later):
    return Agreement.objects.get(pk=later.agreement.pk).status


def test_what_stops_lapses_with_its_reason_and_can_go_on_again(later):
    progress_actions.report(
        by=later.cast.as_corporation, agreement=later.agreement, status="in_uitvoering", on=datetime.date(2026, 1, 1)
    )
    agreements.set_status(by=later.cast.as_partner, agreement=later.agreement, status="in_uitvoering")
    later.decide("stoppen", "Het geld is op")
    assert status(later) == "vervallen"
    assert later.agreement.progress.first().note == "Het geld is op"
    assert "Het geld is op" in later.page("partner", "looking_back")
    later.decide("doorgaan", "", seen=Review.objects.get().decided)
    assert status(later) == "in_uitvoering"


def test_what_was_finished_stays_finished(later):
    agreements.set_status(by=later.cast.as_partner, agreement=later.agreement, status="afgerond")
    later.decide("stoppen")
    assert status(later) == "afgerond"


def test_a_decision_is_not_overwritten_unseen(later):
    later.decide("doorgaan", "Gaat goed")
    with pytest.raises(Conflict):
        later.decide("stoppen")
    assert Review.objects.get().decision == "doorgaan"


# ---- undo, and nothing lost ----


def undo_last(by):
    undo(by=by, revision=own_actions(by)[0].newest.revision)


def test_each_is_undone_by_who_did_it(later):
    later.done()
    undo_last(later.cast.as_corporation)
    assert Review.objects.get().words == ""
    later.notice()
    undo_last(later.cast.as_tenant)
    assert not Noticed.objects.exists()
    later.decide("stoppen")
    lines = later.agreement.progress.count()
    undo_last(later.cast.as_partner)
    assert (status(later), Review.objects.get().decision) == ("afgesproken", "")
    assert later.agreement.progress.count() == lines - 1


@pytest.mark.parametrize("seed", range(8))
def test_whatever_they_do_no_word_is_lost(later, second, seed):
    """Each word that was ever stored is still somewhere: in its place, or in the log as what was replaced."""
    pick, counter, said = random.Random(seed), itertools.count(), []
    cast, agreement = later.cast, later.agreement

    def word():
        said.append(f"woord{next(counter)}x")
        return said[-1]

    def done():
        review = Review.objects.filter(agreement=agreement).first() or Review()
        by = pick.choice([cast.as_partner, cast.as_corporation, cast.as_facilitator])
        actions.tell_done(by=by, agreement=agreement, changes={"words": word()}, seen={"words": review.words})

    def noticed():
        later.notice(by=pick.choice([cast.as_tenant, second]), answer=pick.choice(["yes", "no"]), words=word())

    def decided():
        review = Review.objects.filter(agreement=agreement).first()
        later.decide(pick.choice(["doorgaan", "stoppen", "bijstellen"]), word(), seen=review.decided if review else "")

    def report():
        on = datetime.date(2026, 1, pick.randint(1, 28))
        progress_actions.report(by=cast.as_corporation, agreement=agreement, status="in_uitvoering", on=on, note=word())

    def withdraw():
        if line := agreement.progress.first():
            progress_actions.withdraw(by=cast.as_corporation, line=line)

    def take_back():
        by = pick.choice([cast.as_partner, cast.as_corporation, cast.as_tenant, second, cast.as_facilitator])
        if actions_done := own_actions(by):
            undo(by=by, revision=pick.choice(actions_done).newest.revision)

    for _ in range(25):
        before = len(said)
        try:
            pick.choice([done, noticed, decided, report, withdraw, take_back])()
        except (Refused, Conflict, NotNow):
            del said[before:]
        assert status(later) == (agreement.progress.first().status if agreement.progress.exists() else status(later))
    stored = repr([
        *Review.objects.values_list("words", "reason"), *Noticed.objects.values_list("words"),
        *agreement.progress.values_list("note"), *Event.objects.filter(workshop=later.workshop).values_list("data"),
    ])  # fmt: skip
    assert [one for one in said if one not in stored] == []


# ---- what was agreed, and the signal ----


def test_as_it_was_fixed_before_as_it_stands(later, workshop):
    assert "Zoals opgeschreven" in later.page("partner")
    content = {"agreements": [{
        "number": 1, "title": "Zoals vastgesteld", "lead": "Woonstichting", "start": "2027-01-01", "end": "",
        "contributions": [{"organisation": "Gemeente", "text": "Een container"}],
    }]}  # fmt: skip
    PlanVersion.objects.create(workshop=workshop, number=1, content={"agreements": []}, fingerprint="0" * 64)
    assert "Zoals opgeschreven" in later.page("partner")
    PlanVersion.objects.create(workshop=workshop, number=2, content=content, fingerprint="1" * 64)
    shown = later.page("partner")
    assert "Zoals vastgesteld in versie 2" in shown
    assert "Een container" in shown
    assert agreed_in(content, 1, 2).start == datetime.date(2027, 1, 1)


def test_the_signal_of_then_stands_beside_the_one_of_now(later, workshop):
    pair = then_and_now(later.workshop)[later.agreement.areas.get().pk]
    assert pair.then[0] == pair.now
    assert "dezelfde kaart" in pair.told
    shown = later.page("tenant")
    assert "Toen en nu, 2018–2022" in shown


def test_a_session_that_follows_none_looks_back_on_itself(workshop, cast):
    made = held(workshop, cast)
    workshops.move(by=cast.as_facilitator, stage=Stage.LOOK_BACK)
    shown = cast.tenant.get(reverse("review", args=[workshop.code, made.number])).content.decode()
    assert "Toen," not in shown
    assert "Nu, 2018–2022" in shown


def test_the_list_asks_the_same_for_one_and_for_thirty(later, django_assert_max_num_queries):
    later.page("facilitator", "looking_back")
    for number in range(30):
        made = Agreement.objects.create(
            workshop=later.workshop, number=100 + number, framework="leefomgeving", title=f"Nr. {number}",
            status="in_uitvoering", follows=later.agreement.follows,
        )  # fmt: skip
        made.areas.set([later.agreement.areas.get()])
        Noticed.objects.create(agreement=made, organisation=later.cast.as_tenant.organisation, answer="yes")
    with django_assert_max_num_queries(40):
        later.page("facilitator", "looking_back")


def test_each_page_leads_to_the_next(later):
    other = Agreement.objects.create(
        workshop=later.workshop, number=7, framework="leefomgeving", title="Later", status="afgesproken"
    )
    assert reverse("review", args=[later.workshop.code, other.number]) in later.page("tenant")
    assert "1 van 2" in later.page("tenant")


# ---- in the plan ----


def test_the_plan_of_a_session_that_looks_back_has_a_chapter_of_it(later, workshop):
    later.done()
    later.decide("bijstellen", "Meer tijd nodig")
    plan = reverse("plan", args=[later.workshop.code])
    hidden = later.cast.tenant.get(plan).content.decode()
    assert 'id="plan-terugblik"' in hidden
    assert HIDDEN_DONE not in hidden
    assert "Meer tijd nodig" not in hidden.split('id="plan-terugblik"')[1].split("</section>")[0]
    later.notice()
    shown = later.cast.tenant.get(plan).content.decode()
    for text in (HIDDEN_DONE, HIDDEN_NOTICED, "Bijstellen", "Meer tijd nodig", "Toen: "):
        assert text in shown
    own = later.cast.facilitator.get(reverse("plan", args=[workshop.code])).content.decode()
    assert "plan-terugblik" not in own


def test_the_chapter_is_a_real_table_on_paper(later):
    later.done()
    later.notice()
    body = later.cast.partner.get(reverse("plan_pdf", args=[later.workshop.code])).content
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages).split())
    assert "Terugblik" in text
    assert "Drie portieken" in text


# ---- in a file ----


def test_the_year_goes_along_in_the_file_of_the_session(later):
    later.done()
    later.notice()
    later.decide("stoppen", "Het geld is op")
    copy = take_in(export(later.workshop), facilitator=later.workshop.facilitators.get(), as_copy=True).workshop
    there, here = session_of(copy), session_of(later.workshop)
    for table in ("progress", "noticed", "reviews", "agreements"):
        assert there[table] == here[table], table
    assert copy.follows == later.workshop.follows
    assert copy.agreements.get().follows == later.agreement.follows
    decided = copy.events.get(what="decided")
    assert decided.data["line"] == copy.agreements.get().progress.first().pk
