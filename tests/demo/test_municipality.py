"""The demo municipality: a sound map, every class of the film, and the traps of real data."""

import csv
import json
import os
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path
from statistics import fmean, pstdev

import pytest
import shapely
from shapely.geometry import shape

from demo.files import write_files
from demo.shapes import PLACES, buurten

ROOT = Path(__file__).parents[2]
INTENDED = {
    "under_pressure": {"Vogelbuurt", "Componistenhof", "Kruidenbuurt", "Schildersbuurt"},
    "resilient": {"De Hoven", "Rietveen", "Edelstenenbuurt"},
    "early_signal": {"Oude Haven", "Stationskwartier", "Lindekwartier"},
    "other_cause": {"Bloemhof", "Over het Water"},
    "improving": {"'t Zand", "Molenkamp", "Schippersbuurt", "Tuindorp-Zuid"},
    "no_clear_change": {
        "De Weide",
        "Noorderpolder",
        "Lage Veen",
        "Buitenveen, verspreide huizen",
        "Hoge Akkers",
    },
    "insufficient_data": {"Merelpark", "Sterrenkamp", "Oosterdijk"},
}
COUNTS = (
    "aantal_personen_met_een_alg_bijstandsuitkering_tot",
    "aantal_personen_met_een_ao_uitkering_totaal",
    "aantal_wmo_clienten",
)
SHARES = ("percentage_huishoudens_met_laagste_inkomen", "percentage_jongeren_met_jeugdzorg_in_natura")
PROBLEMS = "onv"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("merelveen")
    write_files(folder)
    return folder


def rows(path, delimiter):
    with path.open(encoding="utf-8", newline="") as file:
        return [*csv.DictReader(file, delimiter=delimiter)]


def features(folder, year):
    return json.loads((folder / f"buurten_{year}.geojson").read_text(encoding="utf-8"))["features"]


def figures(folder, year):
    """Code -> households and the inputs of the recipe; what is missing is absent."""
    found = {row["buurtcode"]: known_figures(row) for row in rows(folder / f"kerncijfers_{year}.csv", ";")}
    for row in rows(folder / "leefbaarometer_2018_2024.csv", ","):
        if row["jaar"] == str(year):
            found[row["bu_code"]][PROBLEMS] = -float(row["onv"])
    return found


def known_figures(row):
    names = ("aantal_huishoudens", *SHARES, *COUNTS)
    values = {name: float(row[name].replace(",", ".")) for name in names}
    per = {name: float(row["aantal_inwoners"]) / 1000 if name in COUNTS else 1 for name in names}
    return {name: value / per[name] for name, value in values.items() if value > -99990}


def film(folder):
    """Code -> (composition, problems) from 2018 to 2024, relative, of the buurten that count."""
    before, after = figures(folder, 2018), figures(folder, 2024)
    changed = {
        feature["properties"]["buurtcode"]
        for feature in features(folder, 2024)
        if feature["properties"]["indelingswijziging_wijken_en_buurten"] == 3
    }
    counting = [code for code in after if after[code]["aantal_huishoudens"] >= 100 and code not in changed]
    z = defaultdict(dict)
    for name in (*SHARES, *COUNTS, PROBLEMS):
        both = [code for code in counting if name in before[code] and name in after[code]]
        change = {code: after[code][name] - before[code][name] for code in both}
        mean, sd = fmean(change.values()), pstdev(change.values())
        for code in both:
            z[code][name] = (change[code] - mean) / sd
    axes = {}
    for code in counting:
        problems = z[code].pop(PROBLEMS)
        if len(z[code]) >= 3:
            axes[code] = fmean(z[code].values()), problems
    return axes


def class_of(composition, problems):
    if problems >= 0.5:
        if composition >= 0.5:
            return "under_pressure"
        return "other_cause" if composition <= -0.5 else "early_signal"
    if composition >= 0.5:
        return "resilient"
    return "improving" if problems <= -0.5 else "no_clear_change"


def test_every_class_of_the_film_occurs_where_it_was_meant_to(folder):
    axes = film(folder)
    found = defaultdict(set)
    for code, place in PLACES.items():
        found[class_of(*axes[code]) if code in axes else "insufficient_data"].add(place.name)
    assert found == INTENDED


def test_a_few_signals_are_borderline_and_most_are_not(folder):
    near = [code for code, axes in film(folder).items() if any(0.4 < abs(value) < 0.6 for value in axes)]
    assert 2 <= len(near) <= 5


@pytest.mark.parametrize("year", [2018, 2024])
def test_the_buurten_and_the_river_fit_without_gap_or_overlap(folder, year):
    shapes = [shape(feature["geometry"]) for feature in features(folder, year)]
    assert len(shapes) == 25
    assert shapely.coverage_is_valid(shapes)
    assert not shapely.coverage_union_all(shapes).interiors
    assert all(one.is_valid and one.geom_type == "Polygon" for one in shapes)
    assert all(len(one.exterior.coords) <= 70 for one in shapes[:24])


def test_24_buurten_in_5_wijken_that_each_hang_together():
    by_district = defaultdict(list)
    for code, polygon in buurten(2024).items():
        by_district[code[:8]].append(polygon)
    assert len(PLACES) == 24
    assert len(by_district) == 5
    assert all(shapely.coverage_union_all(shapes).geom_type == "Polygon" for shapes in by_district.values())


def test_two_neighbours_exchange_a_clear_part_and_the_others_stay_as_they_were():
    before, after = buurten(2018), buurten(2024)
    changed = {PLACES[code].name for code in PLACES if before[code] != after[code]}
    assert changed == INTENDED["insufficient_data"] - {"Merelpark"}
    for code in PLACES:
        shared = before[code].intersection(after[code]).area / max(before[code].area, after[code].area)
        assert shared < 0.95 if PLACES[code].name in changed else shared > 0.9999


def test_another_process_writes_the_same_bytes(folder, tmp_path):
    script = "from pathlib import Path; from demo.files import write_files; write_files(Path({!r}))"
    run = [sys.executable, "-c", script.format(str(tmp_path / "opnieuw"))]
    subprocess.run(run, check=True, cwd=ROOT, env=os.environ | {"PYTHONHASHSEED": "7"})
    assert contents(tmp_path / "opnieuw") == contents(folder)
    assert len(contents(folder)) == 8


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_traps_of_real_figures_are_in_it(folder):
    markers = Counter(
        value for row in rows(folder / "kerncijfers_2024.csv", ";") for value in row.values() if value[:4] == "-999"
    )
    assert markers["-99995"] == 3
    assert markers["-99997"] > 10
    park = next(row for row in rows(folder / "kerncijfers_2024.csv", ";") if row["buurtnaam"] == "Merelpark")
    assert (park["aantal_inwoners"], park["aantal_huishoudens"]) == ("10", "5")
    assert "Merelpark" not in {row["bu_naam"] for row in rows(folder / "leefbaarometer_2018_2024.csv", ",")}


def test_it_is_a_town_of_some_24000_and_says_everywhere_that_it_is_fictional(folder):
    buurt = [f["properties"] for f in features(folder, 2024) if f["properties"]["water"] == "NEE"]
    assert 23_500 < sum(area["aantal_inwoners"] for area in buurt) < 24_700
    assert {area["gemeentenaam"] for area in buurt} == {"Merelveen (fictief)"}
    assert max(area["perc_huurwoningen_in_bezit_woningcorporaties"] for area in buurt) > 66
