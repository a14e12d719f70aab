"""A session goes to another installation and comes back: whole, recognised, brought up to date, or left alone."""

import datetime
import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import transaction
from django.urls import reverse

from maps.models import Area, Dataset, Observation, OwnSignal, Signal, SignalMap, Succession
from matrix.actions import advice, document, preparing, remark
from matrix.actions import agreement as agreements
from matrix.actions import workshop as workshops
from matrix.actions.freezing import freeze
from matrix.actions.reading import analyse, recognise
from matrix.actions.recording import Refused
from matrix.exchange import file
from matrix.exchange.carrying import export, session_of, take_in
from matrix.exchange.comparing import Relation, compare
from matrix.exchange.file import BadFile
from matrix.models import Agreement, Framework, Organisation, Participation, Position, Remark, Workshop
from tests import factories
from tests.matrix.elsewhere import shown

ROOT = Path(__file__).resolve().parents[2]
SESSION = (Workshop, Organisation, Participation, Agreement, Position, Remark)
MAP = (Area, Dataset, Observation, OwnSignal, Signal, SignalMap, Succession)
NAME = "Huurders van 't Zand 😀"


def full(**options) -> Workshop:
    """Everything that a session can hold, once."""
    workshop = factories.workshop(**options)
    cast = factories.Cast(workshop)
    by, tenant = cast.as_facilitator, cast.as_tenant
    preparing.rename_organisation(by=by, organisation=tenant.organisation, name=NAME)
    preparing.set_agenda(by=by, start_time=datetime.time(19, 30), minutes={"duiden": 60})
    preparing.write_invitation(by=by, text="Kom 'ook'\n\nTot dan")
    document.add_document(
        by=by, title="Foto", file_name="foto.png", content_type="image/png", content=bytes(range(256))
    )
    own = Dataset.objects.create(
        kind="own_signals", file_name="eigen.csv", source="Koepel", sha256="2" * 64, years=[2024]
    )
    sheets = list(workshop.workshop_areas.select_related("area"))
    OwnSignal.objects.create(
        dataset=own, area_code=sheets[0].area.code, signal_class="Rood", source="Koepel", years="2024"
    )
    workshops.move(by=by, stage="kijken")
    said = [remark.write(by=cast.as_partner, text=f"Opmerking {i}\nregel twee") for i in range(3)]
    remark.write(by=by, text="Namens", on_behalf_of=tenant.organisation)
    remark.reveal(by=by, stage="kijken")
    remark.add_theme(by=by, stage="kijken", title="Groen")
    Remark.objects.filter(pk=said[0].pk).update(theme=workshop.themes.get())
    Remark.objects.filter(pk=said[0].pk).update(merged_into=said[2].pk)
    workshops.move(by=by, stage="duiden")
    recognise(by=tenant, sheet=sheets[0], recognition="no", words="Wij zien het anders.")
    workshops.move(by=by, stage="afspreken")
    analyse(by=cast.as_partner, sheet=sheets[0], field="problem_analysis", text="Donkere portieken", seen="")
    made = cast.propose("Schoon", areas=[sheet.area for sheet in sheets[:2]])
    agreements.edit(
        by=cast.as_partner, agreement=made, seen={"lead": None, "areas": sorted(sheet.area_id for sheet in sheets[:2])},
        changes={"lead": cast.as_corporation.organisation, "areas": [sheets[0].area]},
        contributions={tenant.organisation: "Meelopen"},
    )  # fmt: skip
    agreements.take_position(by=tenant, agreement=made, stance="niet_akkoord", reason="Te weinig.")
    Agreement.objects.filter(pk=made.pk).update(touches_advice_right=True)
    asked = {"agreement": made, "organisation": tenant.organisation, "asked_on": datetime.date(2026, 1, 5)}
    advice.ask(by=cast.as_corporation, **asked)
    advice.give(by=tenant, agreement=made, outcome="negatief", text="Te weinig", received_on=datetime.date(2026, 2, 2))
    agreements.leave_empty(by=by, area=sheets[1].area, framework=Framework.HOUSING_USE, reason="Op orde")
    return Workshop.objects.select_related("signal_map__foto").get(pk=workshop.pk)


def remove_all():
    """An installation without any data."""
    Agreement.objects.all().delete()
    Workshop.objects.all().delete()
    SignalMap.objects.films().delete()
    for model in (SignalMap, Succession, Dataset):
        model.objects.all().delete()
    assert not any(model.objects.exists() for model in (*SESSION, *MAP))


def counts(*models):
    return {model.__name__: model.objects.count() for model in models}


@pytest.fixture
def leader(db, django_user_model):
    return django_user_model.objects.create_user("leider")


def later(workshop, write) -> bytes:
    """The file of what the session becomes elsewhere; here it stays as it is."""
    with transaction.atomic():
        write()
        body = export(workshop)
        transaction.set_rollback(True)
    return body


# ---- two databases ----


@pytest.mark.parametrize("buurten", [3, 60])
def test_there_and_back_everything_is_equal(buurten, db, tmp_path):
    """Through a real second database, that holds nothing."""
    workshop = full(buurten=buurten, of=buurten)
    source, told, back = (tmp_path / name for name in ("sessie.json.gz", "verteld.json", "terug.json.gz"))
    call_command("export_workshop", workshop.code, output=source, verbosity=0)
    assert source.stat().st_mode & 0o777 == 0o600
    settings = {"DATABASE_URL": f"sqlite:///{tmp_path / 'elders.sqlite3'}", "VAR_DIR": str(tmp_path), "DEBUG": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.matrix.elsewhere", str(source), str(told), str(back)],
        cwd=ROOT, env=os.environ | settings, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(told.read_text()) == shown(workshop)
    assert back.read_bytes() == source.read_bytes()
    assert "niets veranderd" in take_in(back.read_bytes()).told


# ---- one database ----


def test_an_installation_without_data_gets_it_all(leader):
    workshop = full()
    body, told, before = export(workshop), shown(workshop), counts(*MAP)
    session = session_of(workshop)
    remove_all()
    made = take_in(body, facilitator=leader).workshop
    assert counts(*MAP) == before
    assert session_of(made) == session
    assert shown(Workshop.objects.select_related("signal_map__foto").get()) == told
    assert [user.username for user in made.facilitators.all()] == ["leider"]
    assert bytes(made.documents.get().content) == bytes(range(256))


def test_the_log_keeps_its_moments_and_what_it_replaced(leader):
    workshop = full()
    moments = list(workshop.events.values_list("revision", "at", "summary"))
    body = export(workshop)
    remove_all()
    Organisation.objects.all().delete()
    made = take_in(body, facilitator=leader).workshop
    assert list(made.events.values_list("revision", "at", "summary")) == moments
    edited = made.events.get(what="edited")
    assert set(edited.data["before"]["areas"]) == {sheet.area_id for sheet in made.workshop_areas.all()[:2]}
    assert edited.subjects[0] == "agreements/1"
    told = made.events.get(what="recognised")
    assert told.data["area"] == made.readings.get().area_id
    assert told.subjects == [f"readings/{made.readings.get().area_id}"]


def test_data_that_are_here_are_recognised_and_never_doubled(leader):
    workshop = full()
    body, before = export(workshop), counts(*MAP)
    Agreement.objects.all().delete()
    Workshop.objects.all().delete()
    made = take_in(body, facilitator=leader).workshop
    assert counts(*MAP) == before
    assert made.signal_map == SignalMap.objects.films().get()


def test_figures_that_are_here_are_not_replaced(leader):
    workshop = full()
    body = export(workshop)
    remove_all()
    other = Dataset.objects.create(kind="areas", file_name="nieuw.gpkg", source="Proef", sha256="9" * 64)
    Observation.objects.create(dataset=other, area_code="BU99010000", year=2022, values={"inhabitants": 7})
    take_in(body, facilitator=leader)
    found = Observation.objects.filter(area_code="BU99010000", year=2022, dataset__kind="areas")
    assert [o.values["inhabitants"] for o in found if "inhabitants" in o.values] == [7]
    assert any("bijstand" in o.values for o in found), "wat hier ontbrak, kwam mee"


def test_the_same_file_again_changes_nothing(leader):
    workshop = full()
    body = export(workshop)
    outcome = take_in(body, facilitator=leader)
    assert "precies zo" in outcome.told
    assert export(workshop) == body


def test_a_file_that_is_ahead_brings_the_session_up_to_date(leader):
    workshop = full()
    cast_pks = dict(workshop.organisations.values_list("name", "pk"))
    seats = set(workshop.participations.values_list("pk", flat=True))
    tenant = workshop.organisations.get(kind="huurdersorganisatie")

    def write():
        by = workshop.participations.get(user__isnull=False)
        preparing.rename_organisation(by=by, organisation=tenant, name="Huurders Zuid")
        workshops.renew_seat(by=by, organisation=workshop.organisations.get(kind="gemeente"))
        agreements.set_status(by=by, agreement=workshop.agreements.get(), status="afgesproken")
        document.remove_document(by=by, document=workshop.documents.get())
        workshops.add_organisation(by=by, name="Politie", kind="politie")
        workshops.leave(participation=workshop.participations.get(organisation=tenant))

    body = later(workshop, write)
    told = take_in(body, facilitator=leader).told
    assert "bijgewerkt met 6 gebeurtenissen" in told
    assert export(workshop) == body
    names = dict(workshop.organisations.values_list("name", "pk"))
    assert names["Huurders Zuid"] == cast_pks[NAME], "dezelfde organisatie, met haar woorden"
    assert workshop.readings.get().organisation_id == names["Huurders Zuid"]
    assert set(workshop.participations.values_list("pk", flat=True)) < seats, "wie aan tafel zit, blijft zitten"
    assert not workshop.documents.exists()
    assert "precies zo" in take_in(body).told


def test_no_file_changes_what_was_fixed(leader):
    workshop = full()
    by = workshop.participations.get(user__isnull=False)
    workshops.move(by=by, stage="vaststellen")
    freeze(by=by)
    body = later(workshop, lambda: workshops.move(by=by, stage="terugkijken"))
    before = export(workshop)
    spoiled = changed(body, lambda c: c["session"]["versions"][0]["content"]["session"].update(title="Iets anders"))
    with pytest.raises(Refused, match="Versie 1 van het plan is in het bestand een andere"):
        take_in(spoiled)
    assert export(workshop) == before
    take_in(body)


def test_two_organisations_that_changed_names_are_no_problem(leader):
    workshop = full()
    by = workshop.participations.get(user__isnull=False)
    one, other = workshop.organisations.all()[:2]

    def write():
        first, second = one.name, other.name
        for organisation, name in ((one, "tijdelijk"), (other, first), (one, second)):
            preparing.rename_organisation(by=by, organisation=organisation, name=name)

    body = later(workshop, write)
    take_in(body)
    assert export(workshop) == body
    assert Organisation.objects.get(pk=one.pk).name == other.name


def test_a_session_that_is_ahead_here_is_left_alone(leader):
    workshop = full()
    body = export(workshop)
    preparing.write_invitation(by=workshop.participations.get(user__isnull=False), text="Anders")
    now = export(workshop)
    assert "hier al verder dan het bestand (1 gebeurtenis" in take_in(body).told
    assert export(workshop) == now


def test_who_only_looked_at_a_session_gets_its_update(leader):
    """The beamer follows the facilitator from page to page: that is in the log, and is no history of its own."""
    workshop = full()
    by = workshop.participations.get(user__isnull=False)
    before = export(workshop)
    body = later(workshop, lambda: preparing.write_invitation(by=by, text="Anders"))
    workshops.show_on_beamer(by=by, spotlight="board")
    assert "precies zo" in take_in(before).told
    assert "bijgewerkt met 1 gebeurtenis" in take_in(body).told
    workshop.refresh_from_db()
    assert workshop.invitation == "Anders"


def test_both_went_on_says_since_when_and_changes_nothing(leader):
    workshop = full()
    by = workshop.participations.get(user__isnull=False)
    body = later(workshop, lambda: [preparing.write_invitation(by=by, text=text) for text in ("a", "b")])
    preparing.write_invitation(by=by, text="hier")
    now = export(workshop)
    with pytest.raises(Refused, match=r"sinds \d\d-\d\d-\d{4} \d\d:\d\d: hier 1 en in het bestand 2 .*kopie"):
        take_in(body, facilitator=leader)
    assert export(workshop) == now


def test_as_a_copy_it_stands_beside_with_new_codes(leader):
    workshop = full()
    body, before = export(workshop), counts(*MAP)
    made = take_in(body, facilitator=leader, as_copy=True).workshop
    assert (made.title, made.code == workshop.code) == (f"{workshop.title} (kopie)", False)
    assert made.beamer_code != workshop.beamer_code
    codes = [set(w.organisations.values_list("seat_code", flat=True)) for w in (made, workshop)]
    assert codes[0].isdisjoint(codes[1])
    assert export(workshop) == body, "de eerste is onaangeroerd"
    assert counts(*MAP) == before
    assert made.agreements.get().positions.get().reason == "Te weinig."


def test_whoever_does_not_lead_it_changes_no_session_that_is_here(leader):
    workshop = full()
    by = workshop.participations.get(user__isnull=False)
    body = later(workshop, lambda: preparing.write_invitation(by=by, text="a"))
    with pytest.raises(Refused, match="u begeleidt haar niet"):
        take_in(body, facilitator=leader, allowed=lambda workshop: False)


def test_a_card_that_is_not_in_the_catalogue_here_is_left_out(leader):
    from matrix.models import Intervention

    workshop = full()
    card = Intervention.objects.first()
    workshop.agreements.update(intervention=card)
    body = export(workshop)
    remove_all()
    card.delete()
    assert take_in(body, facilitator=leader).workshop.agreements.get().intervention is None


def test_real_and_made_up_places_do_not_mix(leader):
    workshop = full()
    body = export(workshop)
    remove_all()
    made_up = Dataset.objects.create(kind="areas", file_name="x", source="y", sha256="3" * 64, fictional=True)
    Area.objects.create(
        kind="neighbourhood", code="BU99010000", year=2022, name="X", municipality="GM9901", dataset=made_up
    )
    with pytest.raises(Refused, match="verzonnen"):
        take_in(body, facilitator=leader)
    assert not Workshop.objects.exists()


# ---- files that are not right ----


def changed(body, change) -> bytes:
    """Inside another, with a checksum that is right."""
    content = file.read(body)
    change(content)
    return file.write(content)


def headed(body, **head) -> bytes:
    first, _, rest = gzip.decompress(body).partition(b"\n")
    return gzip.compress(json.dumps(json.loads(first) | head).encode() + b"\n" + rest)


BROKEN = {
    "leeg": (lambda body: b"", "geen bestand van een sessie"),
    "iets anders": (lambda body: b"%PDF-1.7", "geen bestand van een sessie"),
    "andere json": (lambda body: gzip.compress(b'{"a": 1}\n'), "geen bestand van een sessie"),
    "geen json": (lambda body: gzip.compress(b"hallo"), "geen bestand van een sessie"),
    "afgebroken": (lambda body: body[: len(body) // 2], "beschadigd"),
    "vooraan afgebroken": (lambda body: body[:3], "beschadigd"),
    "een teken anders": (lambda body: gzip.compress(gzip.decompress(body).replace(b"Schoon", b"Schaan")), "beschadigd"),
    "nieuwer": (lambda body: headed(body, version=3), "nieuwere versie"),
    "ouder": (lambda body: headed(body, version=0), "oudere versie"),
    "zonder sessie": (lambda body: changed(body, lambda c: c.pop("session")), "beschadigd"),
    "zonder tabel": (lambda body: changed(body, lambda c: c["session"].pop("remarks")), "beschadigd"),
    "onbekende buurt": (
        lambda body: changed(body, lambda c: c["session"]["areas"][0].update(area="BU0:1")), "beschadigd",
    ),
    "onbekende stap": (lambda body: changed(body, lambda c: c["session"]["workshop"].update(stage="x")), "beschadigd"),
    "verwijst nergens heen": (
        lambda body: changed(body, lambda c: c["session"]["readings"][0].update(organisation=99)), "beschadigd",
    ),
    "verwijst achteruit": (
        lambda body: changed(body, lambda c: c["session"]["readings"][0].update(organisation=-1)), "beschadigd",
    ),
    "een lijst": (lambda body: changed(body, lambda c: c.update(session=[1])), "beschadigd"),
    "geen vorm": (
        lambda body: changed(body, lambda c: c["map"]["areas"][1].update(geometry='{"type": "Script"}')), "beschadigd",
    ),
    "twee keer dezelfde naam": (
        lambda body: changed(body, lambda c: c["session"]["organisations"][0].update(name="Gemeente")), "beschadigd",
    ),
}  # fmt: skip


def test_a_file_that_is_not_right_stores_nothing(leader):
    body = export(full())
    remove_all()
    for name, (spoil, told) in BROKEN.items():
        with pytest.raises(BadFile, match=told):
            take_in(spoil(body), facilitator=leader)
        assert not any(model.objects.exists() for model in (*SESSION, *MAP)), name
    take_in(body, facilitator=leader)


def test_a_file_of_the_first_version_is_still_read(leader):
    made = full()
    content = file.read(export(made))
    session = content["session"]
    for row in session["agreements"]:
        for name in ("elsewhere", "asked_elsewhere", "compensation", "frozen_wording", "follows"):
            del row[name]
    for row in session["positions"]:
        del row["note"]
    for row in session["areas"]:
        del row["number"]
    for name in (
        "interventions", "amendments", "consents", "advices", "progress", "noticed", "reviews", "dot_rounds", "dots",
        "versions",
    ):  # fmt: skip
        del session[name]
    session["events"] = [row for row in session["events"] if row["what"] in ("created", "joined")]
    for row in session["agreements"]:
        row["intervention"] = None if isinstance(row["intervention"], int) else row["intervention"]
    body = headed(file.write({"session": session, "map": content["map"]}), version=1)
    remove_all()
    read = take_in(body, facilitator=leader).workshop
    assert read.agreements.count() == len(session["agreements"])
    assert {a.frozen_wording for a in read.agreements.all()} == {0}


def test_a_file_that_unpacks_to_too_much_is_refused(monkeypatch):
    monkeypatch.setattr(file, "MOST", 1000)
    with pytest.raises(BadFile, match="te groot"):
        file.read(gzip.compress(b"x" * 5000))


# ---- the logs ----


def log(*names):
    return [
        {"revision": i, "what": n, "summary": n, "at": f"2026-01-0{i}T10:00:00+00:00"} for i, n in enumerate(names, 1)
    ]


@pytest.mark.parametrize(
    ("here", "there", "relation", "counted"),
    [
        ("ab", "ab", Relation.SAME, (0, 0)),
        ("ab", "abcd", Relation.FILE_AHEAD, (0, 2)),
        ("abc", "a", Relation.HERE_AHEAD, (2, 0)),
        ("abc", "abd", Relation.BOTH, (1, 1)),
        ("abc", "axyz", Relation.BOTH, (2, 3)),
        ("a", "b", Relation.BOTH, (1, 1)),
    ],
)
def test_which_history_is_ahead(here, there, relation, counted):
    found = compare(log(*here), log(*there))
    assert (found.relation, (found.here, found.file)) == (relation, counted)


def test_since_is_when_they_went_apart():
    assert compare(log("a", "b"), log("a", "c")).since.day == 2


# ---- the command and the pages ----


def test_the_commands_say_what_happened(leader, tmp_path, capsys):
    workshop = full()
    path = tmp_path / "sessie.json.gz"
    call_command("export_workshop", workshop.code, output=path)
    remove_all()
    with pytest.raises(CommandError, match="kies een account"):
        call_command("import_workshop", str(path))
    with pytest.raises(CommandError, match="geen account wie"):
        call_command("import_workshop", str(path), facilitator="wie")
    call_command("import_workshop", str(path), facilitator="leider")
    call_command("import_workshop", str(path), "--als-kopie", facilitator="leider")
    assert Workshop.objects.count() == 2
    assert "ingelezen" in capsys.readouterr().out
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(CommandError, match="beschadigd"):
        call_command("import_workshop", str(path))
    with pytest.raises(CommandError, match="Kan .* niet lezen"):
        call_command("import_workshop", str(tmp_path / "niets"))
    with pytest.raises(CommandError, match="geen sessie met code niets"):
        call_command("export_workshop", "niets", output=path)


def test_the_facilitator_keeps_it_and_staff_reads_it_in(workshop, cast, django_user_model, client):
    answer = cast.facilitator.get(reverse("export_workshop", args=[workshop.code]))
    assert answer["Content-Disposition"].startswith("attachment")
    staff = django_user_model.objects.create_user("staf", is_staff=True)
    client.force_login(staff)

    def send(body, **more):
        upload = {"file": SimpleUploadedFile("s.json.gz", body), "facilitator": staff.pk}
        return client.post(reverse("import_workshop"), upload | more)

    assert "u begeleidt haar niet" in send(answer.content).content.decode()
    assert "beschadigd" in send(answer.content[:50]).content.decode()
    assert send(answer.content[:50]).status_code == 422
    assert send(answer.content, as_copy="on").status_code == 302
    assert Workshop.objects.of(staff).get().title == f"{workshop.title} (kopie)"


def test_every_table_of_a_session_travels():
    """A table that hangs from the session and is in no list would be lost on the way."""
    from matrix.exchange.tables import TABLES

    hanging = {relation.related_model for relation in Workshop._meta.related_objects}
    hanging |= {relation.related_model for relation in Agreement._meta.related_objects}
    assert hanging - {table.model for table in TABLES} == {Workshop}  # what follows it is another session


# ---- a session that looks back on another ----


def follow(workshop) -> Workshop:
    """Another session of the same installation that looks back on this one."""
    later = factories.workshop(code="terug", municipality="GM9903")
    made = factories.Cast(later).propose("Schoon")
    Workshop.objects.filter(pk=later.pk).update(follows=workshop)
    Agreement.objects.filter(pk=made.pk).update(follows=workshop.agreements.get())
    later.refresh_from_db()
    return later


def looks_back(workshop):
    workshop = Workshop.objects.get(code=workshop.code)
    return workshop.follows_id, list(workshop.agreements.values_list("follows", flat=True))


def test_what_a_session_follows_survives_an_update(db):
    workshop = full()
    back = follow(workshop)
    before = looks_back(back)
    made = back.agreements.get()
    by = Participation.objects.get(workshop=back, user__isnull=False)

    def elsewhere():
        """On a laptop that never saw the earlier session."""
        Workshop.objects.filter(pk=back.pk).update(follows=None)
        Agreement.objects.filter(pk=made.pk).update(follows=None)
        agreements.edit(by=by, agreement=made, changes={"means": "Fonds"}, seen={"means": ""})

    assert "bijgewerkt" in take_in(later(back, elsewhere)).told
    assert looks_back(back) == before
    assert None not in before
    assert back.agreements.get().means == "Fonds"


@pytest.mark.parametrize("first", ["proef", "terug"])
def test_what_a_session_follows_is_restored_where_both_arrive(first, db, leader):
    workshop = full()
    back = follow(workshop)
    files = {"proef": export(workshop), "terug": export(back)}
    remove_all()
    take_in(files[first], facilitator=leader)
    for code in ("proef", "terug"):
        take_in(files[code], facilitator=leader)
    earlier = Workshop.objects.get(code="proef")
    assert looks_back(back) == (earlier.pk, [earlier.agreements.get().pk])
