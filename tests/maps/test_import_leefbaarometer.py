"""Leefbaarometer and misdrijven: official columns, older ones, and rows that say nothing."""

import pytest

from maps.importing import ImportRefused, import_areas, import_crimes, import_leefbaarometer
from maps.indicators import MISSING_EMPTY
from maps.models import Dataset, Observation
from tests.maps.importfiles import buurten, geojson, text

pytestmark = pytest.mark.django_db

A, B = "BU03440111", "BU03440112"
OFFICIAL = "bu_code,bu_naam,jaar,lbm,afw,fys,onv,soc,vrz,won"


@pytest.fixture(autouse=True)
def areas(tmp_path):
    return import_areas(geojson(tmp_path / "b.geojson", buurten(A, B)))


def stored(code=A, year=2024):
    observation = Observation.objects.get(area_code=code, year=year)
    return observation.values, observation.missing


def test_the_official_columns(tmp_path):
    scores = "4.168064,0.0657989,-0.0324632,-0.0210412,-0.00444356,0.166909,-0.0431622"
    row = f'{A},"Welgelegen, Den Hommel",2024,{scores}'
    dataset = import_leefbaarometer(text(tmp_path / "l.csv", OFFICIAL, row))
    assert stored() == (
        {
            "lbm": 4.168064,
            "fys": -0.0324632,
            "onv": -0.0210412,
            "soc": -0.00444356,
            "vrz": 0.166909,
            "won": -0.0431622,
        },
        {},
    )
    assert (dataset.source, dataset.licence) == ("Leefbaarometer 3.0, ministerie van BZK", "CC0")


def test_an_older_file_with_rows_that_say_nothing(tmp_path):
    path = text(tmp_path / "l.csv", "bu_code;jaar;lbm;onv", f"{A};2020;4,15;", f"{B};2020;;")
    dataset = import_leefbaarometer(path)
    assert stored(A, 2020) == ({"lbm": 4.15}, {"onv": MISSING_EMPTY})
    assert dataset.notes == ["Niet opgeslagen: 1 regel zonder enkele score."]
    assert (dataset.rows, Observation.objects.count()) == (1, 1)


def test_a_score_that_was_withdrawn_goes(tmp_path):
    import_leefbaarometer(text(tmp_path / "l.csv", "bu_code;jaar;lbm", f"{A};2020;4,15"))
    import_leefbaarometer(text(tmp_path / "l.csv", "bu_code;jaar;lbm", f"{A};2020;", f"{B};2020;4,1"))
    assert [o.area_code for o in Observation.objects.all()] == [B]


def test_all_its_years_are_in_one_division(tmp_path):
    """So a code of 2024 is right in a row of 2016, even where the division of 2016 was imported too."""
    import_areas(geojson(tmp_path / "c.geojson", buurten(A, jaar=2016)))
    assert import_leefbaarometer(text(tmp_path / "l.csv", "bu_code;jaar;lbm", f"{B};2016;4,15")).notes == []


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (f"{A};2024;4,1;2,5", "regel 2, kolom onv: «2,5» ligt niet tussen -2 en 2"),
        (f"{A};2024;41,5;0,1", "regel 2, kolom lbm: «41,5» ligt niet tussen 0 en 10"),
        ("BU03449999;2024;4,1;0,1", "regel 2: onbekend gebied BU03449999"),
        ("BU03630000;2024;4,1;0,1", "gemeente GM0363 is niet ingelezen"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path, row, problem):
    with pytest.raises(ImportRefused, match=problem):
        import_leefbaarometer(text(tmp_path / "l.csv", "bu_code;jaar;lbm;onv", row))
    assert not Observation.objects.exists()


def test_crimes(tmp_path):
    dataset = import_crimes(text(tmp_path / "m.csv", "code,jaar,misdrijven", f"{A},2021,48", f"{A},2022,"))
    assert stored(A, 2021) == ({"crimes": 48}, {})
    assert stored(A, 2022) == ({}, {"crimes": MISSING_EMPTY})
    assert (dataset.kind, dataset.source) == (
        Dataset.Kind.CRIMES,
        "Politie, geregistreerde misdrijven 2021, 2022",
    )
