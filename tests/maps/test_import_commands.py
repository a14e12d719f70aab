"""The commands: a short report when it went well; every problem on a line of its own when it did not."""

import io

import pytest
from django.core.management import CommandError, call_command

from maps.models import Area, Observation
from tests.maps.importfiles import buurten, geojson, text

pytestmark = pytest.mark.django_db

A = "BU03440111"


def run(name, *args, **options):
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command(name, *map(str, args), stdout=out, stderr=err, **options)
    except CommandError as error:
        return error.returncode, out.getvalue(), err.getvalue() + str(error)
    return 0, out.getvalue(), err.getvalue()


@pytest.fixture
def areas(tmp_path):
    return geojson(tmp_path / "b.geojson", buurten(A, "BU03449997", water=["NEE", "JA"]))


def test_a_report_of_what_was_stored(areas):
    status, out, err = run("import_areas", areas)
    assert (status, err) == (0, "")
    assert out.splitlines() == [
        "Ingelezen: Buurten 2024 (b.geojson), 1 regel, gemeente GM0344.",
        "Bron: CBS, Wijk- en Buurtkaart 2024 (CC BY 4.0).",
        "Weggelaten: 1 gebied met alleen water.",
    ]


def test_every_problem_on_its_own_line_and_status_1(areas, tmp_path):
    run("import_areas", areas)
    path = text(tmp_path / "k.csv", "buurtcode;aantal_inwoners", f"{A};1.2.3", f"{A};4")
    status, out, err = run("import_indicators", path, "--year", 2024)
    assert (status, out) == (1, "")
    assert err.splitlines() == [
        "regel 2, kolom aantal_inwoners: «1.2.3» is geen getal",
        "regel 3: BU03440111 staat ook op regel 2",
        f"Niets ingelezen uit {path}: verbeter het bovenstaande.",
    ]
    assert not Observation.objects.exists()


def test_a_command_names_its_own_option_for_the_year(areas, tmp_path):
    run("import_areas", areas)
    err = run("import_crimes", text(tmp_path / "m.csv", "code;misdrijven", f"{A};5"))[2]
    assert "Vul het jaar in met --year." in err


@pytest.mark.parametrize("kind", ["areas", "indicators", "leefbaarometer", "crimes", "own_signals"])
def test_a_missing_file(kind, tmp_path):
    status, _, err = run(f"import_{kind}", tmp_path / "weg.csv")
    assert status == 1
    assert "bestaat niet" in err


def test_options_reach_the_importers(areas, tmp_path):
    assert run("import_areas", areas, "--municipality", "GM0344", "--year", "2024")[0] == 0
    assert Area.objects.neighbourhoods().count() == 1
    path = text(tmp_path / "l.csv", "bu_code;jaar;onv", f"{A};2020;0,1")
    assert run("import_leefbaarometer", path, municipality="GM0344")[0] == 0
    path = text(tmp_path / "m.csv", "code;misdrijven", f"{A};5")
    assert run("import_crimes", path, year=2021)[0] == 0


def test_own_signals_are_reported_without_a_licence(areas, tmp_path):
    run("import_areas", areas)
    path = text(tmp_path / "e.csv", "buurtcode;klasse;bron;peiljaren", f"{A};Onder druk;Koepel;2018-2022")
    status, out, err = run("import_own_signals", path)
    assert (status, err) == (0, "")
    assert out.splitlines() == [
        "Ingelezen: Eigen signaal 2018, 2022 (e.csv), 1 regel, gemeente GM0344.",
        "Bron: Koepel.",
    ]
