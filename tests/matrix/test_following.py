"""A session that looks back on an earlier one: what goes along, what cannot, and what was left open."""

import datetime
import re

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from maps.computing import compute_signals
from maps.continuing import became
from maps.models import SignalMap
from matrix.actions import agreement as agreements
from matrix.actions import following, progress
from matrix.actions import workshop as workshops
from matrix.actions.reading import analyse
from matrix.actions.recording import Refused
from matrix.agenda import agenda
from matrix.deadlines import calendar_file, deadlines
from matrix.following import names, revisions
from matrix.models import Advice, Agreement, Event, Intervention, Participation, Progress, Workshop
from matrix.stages import Stage
from tests import factories
from tests.maps.division_world import REST, World, bu, figures, onv, rest, strip

DATE = datetime.date(2027, 11, 25)


def follow(workshop, *, edition=None, with_ideas=False, title="Een jaar later") -> Workshop:
    return following.follow_up(
        by_user=workshop.facilitators.get(), workshop=workshop, title=title, date=DATE, place="Buurthuis",
        edition=edition or workshop.signal_map, with_ideas=with_ideas,
    ).workshop  # fmt: skip


@pytest.fixture
def held(workshop, cast):
    """A session with an agreement that the tenants object to, one that was dropped, and an idea."""
    sheet = workshop.workshop_areas.select_related("area").first()
    analyse(by=cast.as_partner, sheet=sheet, field="definition_of_success", text="Rust op straat", seen="")
    card = Intervention.objects.create(
        workshop=workshop, organisation=cast.as_corporation.organisation, framework="leefomgeving", title="Onze kaart"
    )
    made = cast.propose("Portieken opknappen", intervention=card)
    agreements.edit(
        by=cast.as_partner, agreement=made, changes={"lead": cast.as_corporation.organisation, "means": "Fonds"},
        seen={"lead": None, "means": ""}, contributions={cast.as_tenant.organisation: "Meelopen"},
    )  # fmt: skip
    agreements.say_plainly(by=cast.as_partner, agreement=made, text="Wij verven de hal.", seen="")
    agreements.approve_plain(by=cast.as_tenant, agreement=made, version=1)
    agreements.take_position(by=cast.as_tenant, agreement=made, stance="niet_akkoord", reason="Te laat.")
    agreements.take_position(by=cast.as_partner, agreement=made, stance="achterban", back_by=datetime.date(2027, 1, 15))
    agreements.set_status(by=cast.as_facilitator, agreement=made, status="afgesproken")
    Advice.objects.create(agreement=made, organisation=cast.as_tenant.organisation, due_on=DATE)
    progress.report(
        by=cast.as_corporation, agreement=made, status="in_uitvoering", percent=20, on=datetime.date(2026, 11, 20)
    )
    agreements.set_status(by=cast.as_facilitator, agreement=cast.propose("Vervalt"), status="vervallen")
    cast.propose("Een idee")
    workshop.refresh_from_db()
    return workshop


def told(agreement) -> dict:
    """All that an agreement says, without keys of rows."""
    skip = {"id", "workshop_id", "follows_id", "lead_id", "proposed_by_id", "intervention_id", "frozen_wording"}
    plain = {f.attname: getattr(agreement, f.attname) for f in agreement._meta.concrete_fields}
    found = {name: value for name, value in plain.items() if name not in skip}
    found |= {name: str(getattr(agreement, name)) for name in ("lead", "proposed_by", "intervention")}
    found["areas"] = sorted(str(area) for area in agreement.areas.all())
    for name in ("contributions", "positions", "plain_approvals", "progress"):
        found[name] = [_row(row) for row in getattr(agreement, name).all()]
    return found | {"advice": _row(agreement.advice)}


def _row(row):
    skip = {"id", "agreement_id", "organisation_id"}
    plain = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if f.attname not in skip}
    return plain | {"organisation": str(row.organisation)}


def test_every_word_goes_along_and_the_earlier_session_stays(held):
    earlier = held.agreements.get(number=1)
    before = told(earlier), Event.objects.filter(workshop=held).count(), held.revision
    later = follow(held)
    agreement = later.agreements.get()
    assert told(agreement) == before[0]
    assert (agreement.follows, agreement.frozen_wording) == (earlier, agreement.wording)
    assert agreement.is_frozen
    held.refresh_from_db()
    assert (told(held.agreements.get(number=1)), held.events.count(), held.revision) == before
    assert later.follows == held
    assert later.workshop_areas.get(definition_of_success="Rust op straat")


def test_parties_come_along_with_new_codes_and_their_own_cards(held):
    later = follow(held)
    then, now = held.organisations.all(), later.organisations.all()
    assert [(o.name, o.kind) for o in then] == [(o.name, o.kind) for o in now]
    assert not {o.seat_code for o in then} & {o.seat_code for o in now}
    card = later.own_interventions.get()
    assert (card.title, card.organisation.workshop) == ("Onze kaart", later)
    assert later.agreements.get().intervention == card
    assert set(later.facilitators.all()) == set(held.facilitators.all())


def test_ideas_only_when_asked_and_what_was_dropped_never(held):
    later = follow(held, with_ideas=True)
    assert [a.title for a in later.agreements.all()] == ["Portieken opknappen", "Een idee"]
    assert not later.agreements.get(title="Een idee").is_frozen


def test_a_new_number_is_never_one_of_then(held):
    later = follow(held)
    workshops.move(by=Participation.objects.create(workshop=later, user=held.facilitators.get()), stage=Stage.ACT)
    assert factories.Cast(later).propose("Nieuw").number == 4


def test_the_same_form_twice_is_one_session(held):
    assert follow(held) == follow(held)
    assert held.followed_by.count() == 1


def test_the_agenda_looks_back_after_the_map(held):
    later = follow(held)
    assert [(item.info.stage.value, item.minutes) for item in agenda(later)] == [
        ("kijken", 15), ("terugkijken", 60), ("afspreken", 30), ("vaststellen", 15),
    ]  # fmt: skip


def test_the_chain_goes_on_and_a_day_keeps_its_name_in_calendars(held):
    Agreement.objects.filter(number=1).update(end=DATE)
    second = follow(held)
    third = follow(second, title="Twee jaar later")
    uids = []
    for session in (held, second, third):
        rows = list(session.agreements.promised().with_deadlines())
        body = calendar_file(
            deadlines(rows), title="", names=names(rows), sequence=revisions(session), address=lambda a: "x"
        )
        uids.append(sorted(line for line in body.decode().splitlines() if line.startswith("UID")))
    assert uids[0] == uids[1] == uids[2]
    assert len(uids[0]) == 3
    assert revisions(held) < revisions(second) < revisions(third)


# ---- what was left open ----


def page(client, workshop, name):
    return client.get(reverse(name, args=[workshop.code])).content.decode()


def test_the_bar_and_the_button_name_the_same_next_step(held):
    later = follow(held)
    _leads(later)
    cast = factories.Cast(later)
    workshops.move(by=cast.as_facilitator, stage=Stage.LOOK_BACK)
    shown = page(cast.facilitator, later, "looking_back")
    assert "Volgende stap: Afspreken" in shown
    assert "Duiden en Handelen staan niet op de agenda." in shown
    bar = shown.split('class="steps"')[1].split("</ol>")[0]
    assert [*re.findall(r"<b[^>]*>(.)</b><span>(\w+)</span>", bar)] == [
        ("1", "Kijken"), ("2", "Terugkijken"), ("–", "Duiden"), ("–", "Handelen"), ("3", "Afspreken"),
        ("4", "Vaststellen"),
    ]  # fmt: skip


def test_objections_and_what_the_members_would_say_are_on_the_agenda(held):
    later = follow(held)
    cast = factories.Cast(later) if _leads(later) else None
    for client, name in ((cast.facilitator, "prepare"), (cast.facilitator, "agenda"), (cast.tenant, "agenda")):
        shown = page(client, later, name)
        assert "Openstaand van de vorige keer" in shown
        assert "Huurdersvereniging: niet akkoord" in shown
        assert "Te laat." in shown
        assert "Gemeente: zou eerst terug naar de achterban" in shown
        assert "15 januari 2027" in shown
    workshops.move(by=cast.as_facilitator, stage=Stage.LOOK_BACK)
    agreements.take_position(by=cast.as_partner, agreement=later.agreements.get(), stance="akkoord")
    assert "Gemeente: zou" not in page(cast.tenant, later, "agenda")


def _leads(workshop):
    return Participation.objects.get_or_create(workshop=workshop, user=workshop.facilitators.get())


def test_each_links_to_the_other_for_who_may_open_it(held, cast):
    later = follow(held)
    _leads(later)
    other = factories.Cast(later)
    assert f'href="{held.get_absolute_url()}"' in page(cast.facilitator, later, "prepare")
    assert f'href="{later.get_absolute_url()}"' in page(cast.facilitator, held, "prepare")
    assert f'href="{held.get_absolute_url()}"' not in page(other.tenant, later, "agenda")
    assert held.title in page(other.tenant, later, "agenda").replace("&#x27;", "'")


# ---- the page ----


def test_the_facilitator_makes_one_on_the_map_of_now(held, cast):
    later_map = compute_signals(year_from=2018, year_to=2022, municipality="GM9901", reference="country")[0]
    shown = page(cast.facilitator, held, "follow_up")
    assert "2018–2022, vergeleken met zichzelf, eerder" in shown
    form = {"title": "Terug", "date": "2027-11-25", "place": "", "edition": "2018-2022-country"}
    answer = cast.facilitator.post(reverse("follow_up", args=[held.code]), form)
    made = Workshop.objects.get(title="Terug")
    assert answer.url == reverse("prepare", args=[made.code])
    assert made.signal_map == later_map
    assert "Er is al een terugbliksessie" in page(cast.facilitator, held, "follow_up")


def test_a_wrong_form_keeps_what_was_typed(held, cast):
    form = {"title": "Terug naar de buurt", "date": "", "edition": "1900-1901-country"}
    answer = cast.facilitator.post(reverse("follow_up", args=[held.code]), form)
    assert answer.status_code == 422
    assert "Terug naar de buurt" in answer.content.decode()
    assert Workshop.objects.count() == 1


# ---- buurten that changed ----


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


def session_on(world, buurten, names=None) -> Workshop:
    """On a map of 2018."""
    world.division(2018, strip(**buurten, **REST), names=names)
    world.figures(2016, {short: figures(1) for short in buurten} | rest(0))
    world.figures(2018, {short: figures(1) for short in buurten} | rest(1))
    world.scores({2016: onv(1, **dict.fromkeys(buurten, 0.1)), 2018: onv(2, **dict.fromkeys(buurten, 0.05))})
    film, _ = compute_signals(year_from=2016, year_to=2018, municipality="GM9901")
    own = {bu(short) for short in buurten}
    areas = [signal.area for signal in film.signals.select_related("area") if signal.area.code in own]
    user = User.objects.create_user("begeleider")
    made = workshops.create_workshop(
        by_user=user, title="Toen", date=datetime.date(2018, 6, 1), signal_map=film, areas=areas
    )
    by = Participation.objects.create(workshop=made, user=user)
    workshops.add_organisation(by=by, name="Gemeente", kind="gemeente")
    workshops.move(by=by, stage=Stage.AGREE)
    for sheet in made.workshop_areas.select_related("area"):
        analyse(by=by, sheet=sheet, field="problem_analysis", text=f"Over {sheet.area}", seen="")
        agreement = agreements.propose(
            by=by, framework="leefomgeving", areas=[sheet.area], title=f"In {sheet.area.name}"
        )
        agreements.set_status(by=by, agreement=agreement, status="afgesproken")
    both = agreements.propose(by=by, framework="leefomgeving", areas=areas, title="Overal")
    agreements.set_status(by=by, agreement=both, status="afgesproken")
    return made


def map_of_2022(world, buurten) -> SignalMap:
    world.division(2022, strip(**buurten, **REST))
    own = [short for short in buurten if short[0] != "_"]
    world.figures(2022, {short: figures(2) for short in own} | rest(2))
    world.scores({2018: onv(1, **dict.fromkeys(own, 0.1)), 2022: onv(2, **dict.fromkeys(own, 0.05))})
    return compute_signals(year_from=2018, year_to=2022, municipality="GM9901")[0]


def stands(workshop):
    return {a.title: sorted(area.code[-1] for area in a.areas.all()) for a in workshop.agreements.all()}


@pytest.mark.django_db
def test_a_buurt_under_another_code_is_found_by_its_land(world):
    held = session_on(world, {"a": 100, "b": 100})
    later = follow(held, edition=map_of_2022(world, {"c": 100, "a": 100}))  # the code of a stands for b now
    assert stands(later) == {"In A van 2018": ["C"], "In B van 2018": ["A"], "Overal": ["A", "C"]}
    texts = {sheet.area.code[-1]: sheet.problem_analysis for sheet in later.workshop_areas.select_related("area")}
    assert texts == {"C": "Over A van 2018", "A": "Over B van 2018"}


@pytest.mark.django_db
def test_buurten_that_became_one_keep_both_texts(world):
    held = session_on(world, {"a": 100, "b": 100})
    later = follow(held, edition=map_of_2022(world, {"c": 200}))
    assert stands(later) == {"In A van 2018": ["C"], "In B van 2018": ["C"], "Overal": ["C"]}
    assert later.workshop_areas.get().problem_analysis == "A van 2018: Over A van 2018\n\nB van 2018: Over B van 2018"


@pytest.mark.django_db
def test_a_buurt_that_was_split_goes_on_as_its_parts(world):
    held = session_on(world, {"a": 200})
    later = follow(held, edition=map_of_2022(world, {"c": 100, "d": 100}))
    assert stands(later)["Overal"] == ["C", "D"]


@pytest.mark.django_db
def test_a_buurt_without_a_place_is_named_and_its_agreements_told(world, client):
    held = session_on(world, {"a": 100, "b": 100})
    edition = map_of_2022(world, {"a": 100, "_": 100})
    carried = following.follow_up(
        by_user=held.facilitators.get(), workshop=held, title="Nu", date=DATE, place="", edition=edition,
        with_ideas=False,
    )  # fmt: skip
    assert carried.left_areas == ["B van 2018"]
    assert carried.left_agreements == ["2. In B van 2018"]
    assert carried.smaller == ["3. Overal"]
    assert stands(carried.workshop) == {"In A van 2018": ["A"], "Overal": ["A"]}
    client.force_login(held.facilitators.get())
    shown = page(client, carried.workshop, "prepare")
    assert "Niet meegekomen:</b> B van 2018" in shown
    assert "2. In B van 2018" in shown


@pytest.mark.django_db
def test_a_moved_border_goes_on_and_says_so(world):
    session_on(world, {"a": 100, "b": 100})
    map_of_2022(world, {"a": 120, "b": 80})
    found = became("GM9901", 2018, 2022, [bu("a"), bu("b")])
    assert found[bu("a")].codes == (bu("a"),)
    assert "grens" in found[bu("a")].told


@pytest.mark.django_db
def test_without_any_buurt_there_is_no_session(world):
    held = session_on(world, {"a": 100})
    edition = map_of_2022(world, {"_": 100})
    with pytest.raises(Refused, match="andere kaart"):
        follow(held, edition=edition)
    assert Workshop.objects.count() == 1
    assert not Progress.objects.exclude(agreement__workshop=held).exists()
