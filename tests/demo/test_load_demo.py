"""The demo: a session that lives, that stays as it was left, and that touches nothing real."""

import json
import stat
from collections import Counter
from datetime import date
from io import StringIO
from tempfile import TemporaryDirectory

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.test import TestCase, override_settings

from demo.workshop import TEXTS
from maps.models import Area, Dataset, Observation, Signal, SignalMap
from matrix.actions.workshop import create_workshop
from matrix.board import build_board
from matrix.forms import looks_personal
from matrix.models import Agreement, Event, Organisation, Participation, Position, Workshop
from matrix.reciprocity import promises
from matrix.stages import Role, Stage
from matrix.standings import standings

GM = "GM9901"


@pytest.fixture
def load(db, settings, tmp_path, monkeypatch, capsys):
    """Run the command and return what it prints."""
    settings.VAR_DIR = tmp_path
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.delenv("DEMO_PASSWORD", raising=False)

    def run(*options):
        call_command("load_demo", *options)
        return capsys.readouterr().out

    return run


def counts():
    models = (Workshop, Organisation, Participation, Agreement, Position, Event, Area, Dataset, Observation)
    return {model.__name__: model.objects.count() for model in (*models, SignalMap, Signal, get_user_model())}


def of_demo():
    """Everything that --reset may touch, by keys that change when it is built anew."""
    return {
        Workshop: Workshop.objects.filter(code="demo"),
        Dataset: Dataset.objects.filter(fictional=True),
        SignalMap: SignalMap.objects.of_municipality(GM),
    }


class TheSession(TestCase):
    """Loaded once; these only look."""

    @classmethod
    def setUpTestData(cls):
        with TemporaryDirectory() as folder, override_settings(VAR_DIR=folder):
            call_command("load_demo", stdout=StringIO())
        cls.workshop = Workshop.objects.get(code="demo")

    def test_every_class_lies_on_the_table(self):
        inside = self.workshop.workshop_areas.values("area")
        classes = Counter(
            self.workshop.signal_map.signals.filter(area__in=inside).values_list("signal_class", flat=True)
        )
        assert classes == {
            "under_pressure": 2,
            **dict.fromkeys(("resilient", "early_signal", "other_cause", "improving"), 1),
            **dict.fromkeys(("no_clear_change", "insufficient_data"), 1),
        }
        assert (self.workshop.stage, self.workshop.date) == (Stage.AGREE, date(2026, 11, 26))

    def test_the_matrix_is_half_way(self):
        assert Counter(self.workshop.agreements.values_list("status", flat=True)) == {
            "idee": 6,
            "voorstel": 7,
            "afgesproken": 10,
            "in_uitvoering": 1,
            "afgerond": 1,
            "vervallen": 1,
        }
        areas = [sheet.area for sheet in self.workshop.workshop_areas.select_related("area")]
        board = build_board(
            areas, self.workshop.agreements.standing().with_everything(), self.workshop.empty_cells.all()
        )
        states = Counter(cell.state for row in board.rows for cell in row.cells)
        assert states["deliberate"] == 2
        assert min(states["agreed"], states["busy"], states["empty"]) >= 5
        assert all(cell.empty.reason for row in board.rows for cell in row.cells if cell.state == "deliberate")

    def test_the_parties_differ_and_say_why(self):
        positions = Position.objects.filter(agreement__workshop=self.workshop)
        assert Counter(positions.exclude(stance="akkoord").values_list("stance", flat=True)) == {
            "voorbehoud": 6,
            "niet_akkoord": 1,
            "achterban": 1,
        }
        no = positions.get(stance="niet_akkoord")
        assert no.organisation.role == Role.TENANT
        assert len(no.reason) > 100
        assert positions.get(stance="achterban").back_by
        assert self.workshop.agreements.filter(touches_advice_right=True, status="afgesproken").exists()
        assert self.workshop.agreements.exclude(reservation="").exists()

    def test_one_text_was_changed_after_the_parties_said_yes_to_it(self):
        parties = self.workshop.organisations.all()
        changed = [a for a in self.workshop.agreements.with_everything() if any(s.stale for s in standings(a, parties))]
        assert [a.title for a in changed] == ["Drempels en eenrichtingsverkeer op de Tulpenlaan"]
        assert Counter(s.stale for s in standings(changed[0], parties) if s.position) == {True: 3, False: 1}

    def test_only_the_police_promises_nothing_and_is_not_in(self):
        parties = self.workshop.organisations.all()
        promised = promises(self.workshop.agreements.with_everything(), parties)
        assert [p.organisation.kind for p in promised if p.nothing] == ["politie"]
        assert [o.kind for o in parties.filter(participations=None)] == ["politie"]

    def test_two_buurten_wait_for_the_tenants(self):
        tenants = {o.pk for o in self.workshop.organisations.all() if o.role == Role.TENANT}
        waiting = {
            sheet.area.name: len(tenants) - self.workshop.readings.filter(area=sheet.area).count()
            for sheet in self.workshop.workshop_areas.select_related("area")
        }
        assert len(tenants) == 2
        assert {name: n for name, n in waiting.items() if n} == {"De Weide": 2, "Sterrenkamp": 1}
        assert set(self.workshop.readings.values_list("recognition", flat=True)) == {
            "yes",
            "partly",
            "no",
            "unknown",
        }

    def test_what_is_said_could_have_been_typed_in_the_forms(self):
        written = [
            self.workshop.agreements,
            self.workshop.workshop_areas,
            self.workshop.organisations,
            self.workshop.empty_cells,
        ]
        answers = [self.workshop.readings, Position.objects.filter(agreement__workshop=self.workshop)]
        for thing in (thing for things in (*written, *answers) for thing in things.all()):
            thing.full_clean()
        assert not looks_personal(TEXTS.read_text(encoding="utf-8"))

    def test_the_log_tells_the_session_in_order(self):
        events = list(self.workshop.events.values_list("revision", "what"))
        assert [revision for revision, _ in events] == list(range(1, self.workshop.revision + 1))
        steps = [event.data["after"] for event in self.workshop.events.filter(what="stage_moved")]
        assert steps == [Stage.LOOK, Stage.READ, Stage.ACT, Stage.AGREE]

    def test_nothing_of_the_demo_is_unmarked(self):
        assert self.workshop.fictional
        assert "fictief" in self.workshop.title
        assert all(Dataset.objects.values_list("fictional", flat=True))
        assert all(SignalMap.objects.values_list("fictional", flat=True))
        assert SignalMap.objects.count() == 4
        assert "fictief" in Area.objects.municipalities().first().name
        assert "fictief" in get_user_model().objects.get().get_full_name()


def test_it_prints_how_to_come_in(load, settings, monkeypatch):
    out = load()
    password = (settings.VAR_DIR / "demo_login.txt").read_text().strip()
    assert stat.S_IMODE((settings.VAR_DIR / "demo_login.txt").stat().st_mode) == 0o600
    assert get_user_model().objects.get(username="begeleider").check_password(password)
    assert password in out
    for kind in ("woningcorporatie", "huurdersorganisatie"):
        code = Organisation.objects.get(kind=kind).seat_code
        assert f"{settings.BASE_URL}/meedoen/{code}/" in out

    monkeypatch.setenv("DEMO_PASSWORD", "zeven-hoge-bomen")
    assert "zeven-hoge-bomen" in load()
    assert get_user_model().objects.get().check_password("zeven-hoge-bomen")


def test_a_second_start_keeps_everything(load, django_assert_max_num_queries):
    first = load()
    Workshop.objects.update(title="Onze oefensessie (fictief)")
    before = counts()
    with django_assert_max_num_queries(15):
        second = load()
    assert counts() == before
    assert Workshop.objects.get().title == "Onze oefensessie (fictief)"
    assert second.splitlines()[1:] == first.splitlines()[1:]


def test_reset_builds_anew_and_leaves_the_rest(load):
    user = get_user_model().objects.create_user("eigen")
    mine = real_session(user)
    load()
    built = counts()
    before = {model: set(rows.values_list("pk", flat=True)) for model, rows in of_demo().items()}
    Workshop.objects.get(code="demo").agreements.first().delete()
    load("--reset")
    assert counts() == built
    for model, rows in of_demo().items():
        assert not before[model].intersection(rows.values_list("pk", flat=True))
    mine.refresh_from_db()
    assert (mine.title, mine.workshop_areas.get().area.name) == ("Echte sessie", "Eigen buurt")
    assert mine.signal_map.signals.count() == 1


def test_reset_keeps_the_figures_under_a_session_that_somebody_made_to_practise(load):
    load()
    demo = Workshop.objects.get(code="demo")
    area = demo.workshop_areas.first().area
    practice = create_workshop(
        by_user=get_user_model().objects.get(),
        title="Oefenen",
        date=demo.date,
        signal_map=demo.signal_map,
        areas=[area],
    )
    load("--reset")
    assert Workshop.objects.get(pk=practice.pk).signal_map == Workshop.objects.get(code="demo").signal_map
    assert Workshop.objects.get(code="demo").pk != demo.pk


def test_it_never_takes_over_what_is_real(load):
    user = get_user_model().objects.create_user("begeleider", last_name="de Wit")
    with pytest.raises(CommandError, match="niet van de demo"):
        load("--reset")
    user.delete()
    real = real_session(get_user_model().objects.create_user("eigen"))
    Workshop.objects.filter(pk=real.pk).update(code="demo")
    with pytest.raises(CommandError, match="niet fictief"):
        load("--reset")
    assert Workshop.objects.get().title == "Echte sessie"


def real_session(user):
    """A municipality, its map and a session that are nobody's demo."""
    dataset = Dataset.objects.create(
        kind="areas", file_name="b.gpkg", source="CBS", sha256="0", municipalities=["GM0308"]
    )
    square = json.dumps({"type": "Polygon", "coordinates": [[[5, 52], [5.1, 52], [5.1, 52.1], [5, 52]]]})
    area = Area.objects.create(
        kind="neighbourhood",
        code="BU03080101",
        year=2024,
        name="Eigen buurt",
        municipality="GM0308",
        dataset=dataset,
        geometry=square,
    )
    edition = SignalMap.objects.create(
        municipality="GM0308",
        mode="film",
        year_from=2018,
        year_to=2024,
        reference="municipality",
        division=2024,
        recipe_version="1",
        recipe={},
    )
    Signal.objects.create(signal_map=edition, area=area, signal_class="insufficient_data")
    return create_workshop(by_user=user, title="Echte sessie", date=date(2026, 3, 5), signal_map=edition, areas=[area])
