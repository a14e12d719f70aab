"""Before the session: the checklist, the agenda, the invitation, the seats, and a session like an earlier one."""

import datetime
from types import SimpleNamespace
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from django.urls import reverse
from icalendar import Calendar

from matrix import invitation
from matrix.actions import preparing
from matrix.actions import workshop as actions
from matrix.actions.recording import Refused
from matrix.agenda import agenda, total_minutes
from matrix.models import Attendance, Event, Organisation, Workshop
from matrix.preparation import tasks, usual_partners
from matrix.stages import NotNow
from matrix.views.seats import seat_address


def session(**fields):
    given = {"date": datetime.date(2026, 11, 26), "start_time": datetime.time(19, 30), "minutes": {}, "place": "Buurthuis",
             "invitation": "", "seats_until": None, "title": "Sessie 't Zand", "code": "abc", "revision": 7,
             "follows_id": None}  # fmt: skip
    return SimpleNamespace(**given | fields)


def url(name, workshop, *args):
    return reverse(name, args=[workshop.code, *args])


# ---- the agenda ----


def test_clock_times_follow_from_the_start_and_the_minutes():
    rows = [(item.info.stage.label, f"{item.start:%H:%M}", f"{item.end:%H:%M}") for item in agenda(session())]
    assert rows == [
        ("Kijken", "19:30", "19:50"), ("Duiden", "19:50", "20:30"), ("Handelen", "20:30", "21:10"),
        ("Afspreken", "21:10", "21:50"), ("Vaststellen", "21:50", "22:10"),
    ]  # fmt: skip


def test_a_step_of_no_minutes_is_not_on_it_and_looking_back_only_when_given_time():
    changed = session(minutes={"kijken": 0, "terugkijken": 30})
    assert [item.info.stage.value for item in agenda(changed)] == [
        "duiden", "handelen", "afspreken", "vaststellen", "terugkijken",
    ]  # fmt: skip
    assert total_minutes(changed) == 170


def test_without_a_start_there_are_minutes_but_no_times():
    assert {(item.start, item.end) for item in agenda(session(start_time=None))} == {(None, None)}


def minutes(**changed):
    usual = {"kijken": 20, "duiden": 40, "handelen": 40, "afspreken": 40, "vaststellen": 20, "terugkijken": 0}
    return {f"minutes_{stage}": value for stage, value in (usual | changed).items()}


def test_the_facilitator_sets_the_agenda_and_everyone_reads_it(workshop, cast):
    cast.facilitator.post(url("prepare_agenda", workshop), {"start_time": "19:30", **minutes(duiden=60)})
    workshop.refresh_from_db()
    assert (workshop.start_time, workshop.minutes) == (datetime.time(19, 30), {"duiden": 60})
    for client in (cast.facilitator, cast.partner, cast.tenant):
        page = client.get(url("agenda", workshop)).content.decode()
        assert "19.50 – 20.50" in page
        assert "van 19.30 tot 22.30 uur" in page


@pytest.mark.parametrize("typed", ["", "-5", "601", "veel"])
def test_minutes_that_cannot_be_are_refused_by_the_name_of_the_step(typed, workshop, cast):
    answer = cast.facilitator.post(url("prepare_agenda", workshop), {"start_time": "", **minutes(duiden=typed)})
    assert answer.status_code == 422
    assert "Vul bij Duiden een aantal minuten in" in answer.content.decode()


# ---- the invitation ----


def test_the_mail_says_what_where_when_and_how(workshop, cast, settings):
    workshop.place, workshop.start_time, workshop.invitation = (
        "Buurthuis",
        datetime.time(19, 30),
        "Fijn als u 'komt' 😀",
    )
    organisation = workshop.organisations.first()
    text = invitation.mail_text(workshop, organisation, address=seat_address(organisation), documents=["Agenda"])
    for words in (
        "Fijn als u 'komt' 😀", "donderdag 26 november 2026, van 19.30 tot 22.10 uur", "Waar: Buurthuis",
        "19.50 uur: Duiden. Herkennen we dit?", seat_address(organisation), organisation.seat_code, "geen account",
        "werkt tot en met 03-12-2026", "- Agenda",
    ):  # fmt: skip
        assert words in text
    other = workshop.organisations.last()
    assert other.seat_code not in text


def test_the_mail_link_carries_the_whole_text():
    link = urlsplit(invitation.mailto(session(), "Regel één & 'twee'\nRegel drie"))
    assert parse_qs(link.query)["body"] == ["Regel één & 'twee'\r\nRegel drie"]
    assert "+" not in link.query, "een plus blijft in een mailprogramma een plus"
    assert "Sessie 't Zand" in unquote(link.query)


def event_of(workshop):
    calendar = Calendar.from_ical(invitation.calendar_file(workshop, address="http://x/", text="Kom\nook"))
    return calendar, calendar.walk("VEVENT")[0]


def test_the_calendar_file_is_in_local_time_and_an_update_replaces_it():
    calendar, event = event_of(session())
    _, later = event_of(session(revision=9, start_time=datetime.time(20, 0)))
    assert event.decoded("dtstart").isoformat() == "2026-11-26T19:30:00+01:00"
    assert event.decoded("dtend") - event.decoded("dtstart") == datetime.timedelta(minutes=160)
    assert [str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")] == ["Europe/Amsterdam"]
    assert (event["uid"], event["sequence"]) == (later["uid"], 7)
    assert later["sequence"] > event["sequence"]


def test_without_a_time_it_fills_the_day():
    _, event = event_of(session(start_time=None))
    assert event.decoded("dtstart") == datetime.date(2026, 11, 26)


def test_summer_time_counts():
    _, event = event_of(session(date=datetime.date(2027, 6, 1)))
    assert event.decoded("dtstart").isoformat() == "2027-06-01T19:30:00+02:00"


def test_own_words_are_kept_and_stand_in_each_invitation(workshop, cast):
    cast.facilitator.post(url("prepare_invitations", workshop), {"invitation": "Samen 'kijken' <b>nu</b>"})
    page = cast.facilitator.get(url("prepare_invitations", workshop)).content.decode()
    assert page.count("Samen &#x27;kijken&#x27; &lt;b&gt;nu&lt;/b&gt;") >= 1 + workshop.organisations.count()
    answer = cast.facilitator.get(url("calendar", workshop, workshop.organisations.first().pk))
    assert answer["Content-Type"].startswith("text/calendar")
    assert answer["Content-Disposition"].startswith("attachment")


# ---- the checklist ----


def test_the_checklist_says_what_is_still_to_do():
    def todo(**fields):
        found = tasks(session(**fields), organisations=[], areas=3, documents=0, today=datetime.date(2026, 11, 1))
        return {task.label: task for task in found}

    bare = todo(start_time=None, place="")
    assert "een huurdersorganisatie of bewonerscommissie" in bare["Wie zit er aan tafel"].told
    assert not bare["Agenda"].done
    assert "waar de sessie is" in bare["Naam, plaats en buurten"].told
    assert todo()["Agenda"].done
    assert "niet meer" in todo(seats_until=datetime.date(2026, 10, 1))["Stoelcodes"].told
    assert "vóór de dag" in todo(seats_until=datetime.date(2026, 11, 20))["Stoelcodes"].told


# ---- the table ----


def test_one_press_adds_the_usual_partners_that_are_missing(workshop, cast):
    fields = dict(usual_partners("Testdam", ["gemeente", "woningcorporatie", "huurdersorganisatie"]))
    assert set(fields) == {"welzijn", "zorg", "politie"}
    fields |= {"politie": "Wijkagent O'Neil 😀", "zorg": ""}
    cast.facilitator.post(url("add_usual_partners", workshop), fields)
    assert set(workshop.organisations.values_list("name", flat=True)) >= {"Welzijnsorganisatie", "Wijkagent O'Neil 😀"}
    assert not workshop.organisations.filter(kind="zorg").exists()


def test_all_of_them_or_none(workshop, cast):
    with pytest.raises(Refused, match="Er doet al een organisatie mee die Gemeente heet"):
        preparing.add_organisations(by=cast.as_facilitator, partners=[("zorg", "Zorg"), ("welzijn", "Gemeente")])
    assert not workshop.organisations.filter(name="Zorg").exists()
    with pytest.raises(Refused, match="minstens één naam"):
        preparing.add_organisations(by=cast.as_facilitator, partners=[])


def test_an_organisation_gets_another_name_and_keeps_its_code(workshop, cast):
    organisation = cast.as_tenant.organisation
    address = url("rename_organisation", workshop, organisation.pk)
    assert cast.facilitator.post(address, {"name": "Gemeente"}).status_code == 422
    assert cast.facilitator.post(address, {"name": ""}).status_code == 422
    cast.facilitator.post(address, {"name": "Huurders van 't Zand"})
    again = Organisation.objects.get(pk=organisation.pk)
    assert (again.name, again.seat_code) == ("Huurders van 't Zand", organisation.seat_code)


def test_seats_close_together_and_open_again(workshop, cast, client):
    code = cast.as_tenant.organisation.seat_code
    cast.facilitator.post(url("all_seats", workshop), {"open": "0"})
    assert "gesloten" in client.get(reverse("seat", args=[code])).content.decode()
    assert cast.tenant.get(url("look", workshop)).status_code == 200, "wie binnen is, blijft binnen"
    cast.facilitator.post(url("all_seats", workshop), {"open": "1"})
    assert client.get(reverse("seat", args=[code])).status_code == 200


def test_the_page_says_so_when_the_codes_work_no_more(workshop, cast, client):
    cast.facilitator.post(url("seats_until", workshop), {"seats_until": "2020-01-31"})
    page = cast.facilitator.get(url("prepare", workshop)).content.decode()
    assert "De stoelcodes werken niet meer." in page
    assert "31 januari 2020" in page
    assert client.get(reverse("seat", args=[cast.as_tenant.organisation.seat_code])).status_code == 404
    cast.facilitator.post(url("seats_until", workshop), {"seats_until": ""})
    assert client.get(reverse("seat", args=[cast.as_tenant.organisation.seat_code])).status_code == 200


def test_who_only_wrote_a_remark_cannot_be_removed_either(workshop, cast):
    from matrix.actions import remark

    Workshop.objects.filter(pk=workshop.pk).update(stage="kijken")
    remark.write(by=cast.as_tenant, text="De lift is stuk")
    with pytest.raises(Refused, match="heeft al iets ingevuld"):
        actions.remove_organisation(by=cast.as_facilitator, organisation=cast.as_tenant.organisation)


def test_the_page_shows_who_was_in_at_which_step(workshop, cast):
    Attendance.objects.filter(workshop=workshop).delete()
    Attendance.objects.create(workshop=workshop, organisation=cast.as_tenant.organisation, stage="duiden", people=3)
    page = cast.facilitator.get(url("prepare_record", workshop)).content.decode()
    assert "Duiden" in page
    assert '<td class="num">3</td>' in page


# ---- a session like an earlier one ----


def test_a_like_session_has_the_parties_and_no_words(workshop, cast):
    cast.propose()
    workshop.invitation, workshop.start_time, workshop.minutes = "Kom", datetime.time(9), {"kijken": 5}
    workshop.save()
    answer = cast.facilitator.post(url("duplicate", workshop), {"title": "Nog eens", "date": "2027-01-31", "place": ""})
    made = Workshop.objects.get(title="Nog eens")
    assert answer.url == url("prepare", made)
    assert (made.start_time, made.minutes, made.signal_map_id) == (
        datetime.time(9),
        {"kijken": 5},
        workshop.signal_map_id,
    )
    assert made.seats_until == datetime.date(2027, 2, 7)
    assert [o.name for o in made.organisations.all()] == [o.name for o in workshop.organisations.all()]
    codes = [set(w.organisations.values_list("seat_code", flat=True)) for w in (made, workshop)]
    assert codes[0].isdisjoint(codes[1])
    assert made.workshop_areas.count() == workshop.workshop_areas.count()
    assert (made.agreements.count(), made.readings.count(), made.invitation) == (0, 0, "")
    assert made.facilitators.get() == workshop.facilitators.get()
    assert Event.objects.filter(workshop=made).count() == 1


def test_the_earlier_sessions_are_offered(workshop, cast):
    for page in (reverse("home"), reverse("choose_map")):
        assert url("duplicate", workshop) in cast.facilitator.get(page).content.decode()


def test_the_same_organisation_sits_at_the_table_once_also_with_other_capitals(workshop, cast):
    answer = cast.facilitator.post(
        reverse("add_organisation", args=[workshop.code]), {"name": "GEMEENTE", "kind": "gemeente"}
    )
    assert answer.status_code == 422
    assert "Deze organisatie doet al mee." in answer.content.decode()
    assert "GEMEENTE" in answer.content.decode(), "wat getypt was, staat er nog"


# ---- who runs it ----


@pytest.fixture
def colleague(django_user_model):
    return django_user_model.objects.create_user("Noor.d'Hont", first_name="Noor", last_name="d'Hont " + "x" * 60)


def with_colleague(cast, name="noor.d'hont "):
    return cast.facilitator.post(url("add_facilitator", cast.workshop), {"username": name}, follow=True)


def test_a_colleague_with_an_account_runs_the_session_too(cast, colleague, client):
    client.force_login(colleague)
    assert client.get(url("prepare", cast.workshop)).status_code == 404
    assert "Noor d&#x27;Hont" in with_colleague(cast).content.decode()
    assert client.get(url("prepare", cast.workshop)).status_code == 200
    assert "Noor" not in Event.objects.get(workshop=cast.workshop, what="facilitator_added").summary


def test_of_two_names_that_differ_in_capitals_the_one_that_was_typed_is_meant(cast, django_user_model):
    django_user_model.objects.create_user("NOOR")
    noor = django_user_model.objects.create_user("noor")
    with_colleague(cast, "noor")
    assert noor in cast.workshop.facilitators.all()
    assert cast.workshop.facilitators.count() == 2


def test_who_stops_is_led_to_the_own_sessions(cast, colleague, client):
    with_colleague(cast)
    client.force_login(colleague)
    answer = client.post(url("remove_facilitator", cast.workshop, colleague.pk), follow=True)
    assert answer.redirect_chain == [("/", 302)]
    assert "begeleidt deze sessie niet meer" in answer.content.decode()


@pytest.mark.parametrize(("name", "told"), [
    ("", "Vul de gebruikersnaam in"), ("niemand", "Er is geen account met deze gebruikersnaam"),
    ("begeleider-proef", "begeleidt deze sessie al"), ("x" * 151, "niet meer dan 150 tekens"),
])  # fmt: skip
def test_who_cannot_run_it_is_refused_with_the_reason(name, told, cast):
    answer = cast.facilitator.post(url("add_facilitator", cast.workshop), {"username": name})
    assert answer.status_code == 422
    assert told in answer.content.decode()


def test_an_account_that_was_closed_runs_nothing(cast, colleague):
    colleague.is_active = False
    colleague.save()
    with_colleague(cast)
    assert cast.workshop.facilitators.count() == 1


def test_who_stops_sees_nothing_more_and_the_last_one_stays(cast, colleague, client):
    with_colleague(cast)
    client.force_login(colleague)
    first = cast.workshop.facilitators.exclude(pk=colleague.pk).get()
    client.post(url("remove_facilitator", cast.workshop, first.pk))
    assert cast.facilitator.get(url("prepare", cast.workshop)).status_code == 404
    answer = client.post(url("remove_facilitator", cast.workshop, colleague.pk), follow=True)
    assert "Een sessie heeft altijd een begeleider" in answer.content.decode()
    assert list(cast.workshop.facilitators.all()) == [colleague]


def test_a_participant_adds_nobody(cast, colleague):
    assert cast.tenant.post(url("add_facilitator", cast.workshop), {"username": colleague.username}).status_code == 404
    with pytest.raises(NotNow):
        actions.add_facilitator(by=cast.as_partner, username=colleague.username)
    assert cast.workshop.facilitators.count() == 1
