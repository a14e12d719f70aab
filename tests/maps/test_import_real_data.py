"""Real open data beside the repository; checked by hand against the files. Skipped where they are not."""

import csv
import sqlite3
import statistics
from contextlib import closing

import numpy
import pytest
import shapely

from maps.computing import compute_signals
from maps.importing import (
    ImportRefused,
    import_areas,
    import_crimes,
    import_indicators,
    import_leefbaarometer,
    layers,
    shapes,
)
from maps.indicators import MISSING_REASONS
from maps.models import Area, Dataset, Observation, Signal

pytestmark = pytest.mark.django_db


def values(code, year, kind=Dataset.Kind.INDICATORS):
    return Observation.objects.get(area_code=code, year=year, dataset__kind=kind).values


def test_baarn_is_complete(shared_data):
    folder = shared_data / "baarn"
    dataset = import_areas(folder / "wijkenbuurten_2024.gpkg")
    assert (dataset.rows, dataset.municipalities, dataset.notes) == (21, ["GM0308"], [])
    area = Area.objects.get(code="BU03080000")
    assert (area.name, area.district, area.change) == ("Centrum", "WK030800", 1)
    municipality = Area.objects.municipalities().get()
    assert (municipality.name, municipality.geometry) == ("Baarn", "")
    shapes = [shapely.from_geojson(area.geometry) for area in Area.objects.neighbourhoods()]
    assert shapely.is_valid(shapes).all()
    observation = Observation.objects.get(area_code="BU03080000")
    assert observation.values == {"inhabitants": 1825, "households": 1075}
    assert observation.missing["low_income"] == MISSING_REASONS[-99995]

    for year in range(2016, 2026):
        assert import_indicators(folder / f"kerncijfers_{year}.csv").notes == []
    assert Observation.objects.filter(dataset__kind=Dataset.Kind.INDICATORS).count() == 210
    assert values("BU03080005", 2018) == {
        "low_income": 11.1, "social_minimum": 10.5, "std_income": 25.7, "bijstand": 110, "participation": 66,
        "jeugdzorg": 9.3, "inhabitants": 2615,
    }  # fmt: skip
    assert values("BU03080000", 2025) == {"inhabitants": 1830}

    dataset = import_leefbaarometer(folder / "leefbaarometer_buurten_2002_2024.csv")
    assert (dataset.rows, dataset.years[0], dataset.years[-1]) == (173, 2002, 2024)
    assert values("BU03080000", 2024, "leefbaarometer")["onv"] == -0.0222
    assert values("BU03080002", 2002, "leefbaarometer") == {"lbm": 4.2406}
    assert import_crimes(folder / "misdrijven_2021_2025.csv").rows == 105
    assert values("BU03080007", 2023, "crimes") == {"crimes": 129}


def test_utrecht_in_two_divisions(shared_data):
    folder = shared_data / "utrecht"
    with pytest.raises(ImportRefused, match="bij ‘Jaar’"):
        import_areas(folder / "buurten_2016.gpkg")
    assert import_areas(folder / "buurten_2016.gpkg", year=2016).rows == 111
    assert import_areas(folder / "wijkenbuurten_2024.gpkg").rows == 106
    assert Area.objects.get(code="BU03440721", year=2016).municipality == "GM0344"
    dataset = import_indicators(folder / "kerncijfers_2021.csv")
    assert (dataset.rows, dataset.notes) == (102, [])
    assert values("BU03440114", 2021) == {
        "inhabitants": 1720, "households": 855, "lowest_income": 48.9, "low_income": 13.8,
        "social_minimum": 12.6, "bijstand": 170, "ao": 80, "flats": 91,
    }  # fmt: skip
    dataset = import_leefbaarometer(folder / "leefbaarometer_buurten_2020.csv")
    assert dataset.notes == ["Niet opgeslagen: 5 regels zonder enkele score."]
    assert values("BU03440114", 2020, "leefbaarometer")["onv"] == -0.21
    assert import_leefbaarometer(folder / "leefbaarometer_buurten_2024.csv").rows == 106
    assert import_crimes(folder / "misdrijven_2021_2025.csv").rows == 555


def test_every_cell_of_a_real_table_is_read_right(shared_data):
    """Against a reading by the simplest means."""
    import_areas(shared_data / "utrecht" / "buurten_2016.gpkg", year=2016)
    path = shared_data / "utrecht" / "kerncijfers_2021.csv"
    import_indicators(path)
    names = {
        "aantal_inwoners": "inhabitants",
        "percentage_huishoudens_met_laagste_inkomen": "lowest_income",
        "aantal_personen_met_een_ao_uitkering_totaal": "ao",
    }
    with path.open() as file:
        for row in csv.DictReader(file, delimiter=";"):
            found = values(row["buurtcode"], 2021)
            for column, key in names.items():
                assert found[key] == float(row[column].replace(",", "."))


def test_real_neighbours_have_one_border(shared_data):
    """The source has two almost everywhere, some metres apart."""
    (layer,) = (
        layer
        for layer in layers._layers(str(shared_data / "nl" / "wijkenbuurten_2024.gpkg"), "nl")
        if layer.name == "buurten"
    )
    features = layers.read_features(layer, ["gemeentecode"], "nl")
    for municipality in ("GM0363", "GM0344", "GM0518", "GM0308", "GM1904"):
        source = features.shapes[(features.table["gemeentecode"] == municipality).to_numpy()]
        drawn = shapes.simplify(shapes.close_seams(source, [numpy.arange(len(source))]))
        assert not shapely.coverage_is_valid(source)
        assert shapely.coverage_is_valid(drawn)
        assert shapely.is_valid(drawn).all()
        moved = shapely.area(shapely.symmetric_difference(source, drawn)).sum()
        assert moved < shapely.area(source).sum() / 100
        assert shapely.union_all(drawn).area == pytest.approx(shapely.area(drawn).sum(), rel=1e-9)


@pytest.fixture
def country(shared_data):
    return import_areas(shared_data / "nl" / "wijkenbuurten_2024.gpkg")


def test_the_country(country, shared_data):
    """About 20 seconds: 12,147 shapes, cleaned and simplified."""
    assert (country.rows, len(country.municipalities), country.notes) == (12147, 342, [])
    areas = Area.objects.neighbourhoods()
    assert areas.count() == 12147
    assert not areas.filter(geometry="").exists()
    shapes = shapely.from_geojson(list(areas.values_list("geometry", flat=True)))
    assert shapely.is_valid(shapes).all()
    amsterdam = Area.objects.get(code="GM0363")
    assert (amsterdam.name, amsterdam.geometry != "") == ("Amsterdam", True)
    assert Area.objects.get(code="BU0363AA02").name == "Westelijke eilanden"
    assert import_leefbaarometer(shared_data / "nl" / "leefbaarometer_buurten_2024.csv").rows == 12147
    assert values("BU00140000", 2024, "leefbaarometer")["onv"] == -0.113587
    check_the_foto_of_the_country(shared_data / "nl")

    bad = shared_data / "bad"
    with pytest.raises(ImportRefused, match=r"(?s)onbekend gebied BU0363AD01.*BU0363BA01") as refused:
        import_indicators(bad / "kerncijfers_2024_mixed_decimals.csv", year=2024)
    assert len(refused.value.problems) == 76  # buurten without a score, so not on this map
    dataset = import_indicators(bad / "statline_2023_income_raw.csv", year=2023)
    assert dataset.notes[0] == "Overgeslagen: 111 regels over land, gemeente of wijk."
    assert dataset.rows == 517
    assert values("BU0363AA01", 2023) == {"lowest_income": 57.8, "low_income": 11.9}


def check_the_foto_of_the_country(folder):
    """Of the residents there are no figures here; the scores of all buurten that count are on one scale."""
    editions = compute_signals(year_to=2024, reference="country")
    assert len(editions) == 342
    with closing(sqlite3.connect(folder / "wijkenbuurten_2024.gpkg")) as geopackage:
        households = dict(geopackage.execute("SELECT buurtcode, aantal_huishoudens FROM buurten"))
    with (folder / "leefbaarometer_buurten_2024.csv").open() as file:
        onv = {row["bu_code"]: float(row["onv"]) for row in csv.DictReader(file)}
    counting = [code for code, number in households.items() if number >= 100]
    mean, sd = statistics.fmean(onv[code] for code in counting), statistics.pstdev(onv[code] for code in counting)
    assert {edition.basis["buurten"] for edition in editions} == {len(counting)}
    found = dict(Signal.objects.values_list("area__code", "problems"))
    assert found.keys() == onv.keys()
    assert {code for code, problems in found.items() if problems is not None} == set(counting)
    for code in counting:
        assert found[code] == pytest.approx(-(onv[code] - mean) / sd, abs=1e-9)


def test_the_table_with_mixed_decimals_is_read_right(shared_data, db):
    """Its columns differ in notation; each by itself leaves no doubt."""
    path = shared_data / "bad" / "kerncijfers_2024_mixed_decimals.csv"
    with pytest.raises(ImportRefused, match="geen kolom «jaar»"):
        import_indicators(path)
    dataset = Dataset.objects.create(kind="areas", file_name="", source="", sha256="", years=[2020])
    Area.objects.create(
        kind="neighbourhood", code="BU03639999", year=2020, name="x", municipality="GM0363", dataset=dataset
    )
    import_indicators(path, year=2024)
    assert values("BU0363AA02", 2024) == {
        "inhabitants": 2895, "home_value": 598, "owner_occupied": 34, "rental": 66, "std_income": 45.1,
        "lowest_income": 52.2, "low_income": 9.6,
    }  # fmt: skip
    with path.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file, delimiter=";") if row["Area_Code"].startswith("BU")]
    for row in rows:
        found = values(row["Area_Code"], 2024)
        assert found["inhabitants"] == int(row["Population_Total"])
        assert str(float(found.get("home_value", "nan"))) == (row["Avg_Property_Value_1000EUR"] or "nan")
        share = row["Pct_Lowest_40Pct_Income"].replace(",", ".") or "nan"
        assert f"{found.get('lowest_income', float('nan')):g}" == f"{float(share):g}"
