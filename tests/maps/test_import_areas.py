"""The Wijk- en Buurtkaart in the forms in which it comes: shapes and names right, or refused by feature."""

import numpy
import pytest
import shapely

from maps.importing import ImportRefused, import_areas
from maps.importing.shapes import WGS84_RANGE
from maps.indicators import MISSING_REASONS
from maps.models import Area, Dataset, Observation, Signal, SignalMap
from tests.maps.importfiles import buurten, geojson, geopackage, square, zipped_shapefile

pytestmark = pytest.mark.django_db

A, B, C = "BU03440111", "BU03440112", "BU0344AB10"
ABROAD = f"regel 1: {A} ligt buiten Nederland"


def lines_of(path, **options):
    before = Dataset.objects.count()
    with pytest.raises(ImportRefused) as refused:
        import_areas(path, **options)
    assert Dataset.objects.count() == before
    return [str(problem) for problem in refused.value.problems]


def shape(code, year=2024):
    return shapely.from_geojson(Area.objects.get(code=code, year=year).geometry)


def test_a_map_becomes_buurten_wijken_and_gemeenten(tmp_path):
    columns = buurten(
        A, B, C, wijkcode=["WK034401", "WK034401", "WK0344AB"], aantal_inwoners=[100, -99997, 300],
        indelingswijziging_wijken_en_buurten=[1, 2, 3], percentage_koopwoningen=[46.5, 50, -99995],
    )  # fmt: skip
    dataset = import_areas(geopackage(tmp_path / "b.gpkg", {"buurten": (columns, None)}))
    area = Area.objects.get(code=B)
    assert (area.kind, area.name, area.municipality, area.district, area.year, area.change) == (
        Area.Kind.NEIGHBOURHOOD, "Buurt 12", "GM0344", "WK034401", 2024, Area.Change.RECODED,
    )  # fmt: skip
    assert dict(Area.objects.exclude(kind=Area.Kind.NEIGHBOURHOOD).values_list("code", "name")) == {
        "WK034401": "Wijk 01", "WK0344AB": "Wijk AB", "GM0344": "Teststad",
    }  # fmt: skip
    assert (dataset.rows, dataset.years, dataset.municipalities) == (3, [2024], ["GM0344"])
    assert (dataset.source, dataset.licence) == ("CBS, Wijk- en Buurtkaart 2024", "CC BY 4.0")
    stored = {o.area_code: (o.values, o.missing) for o in Observation.objects.filter(dataset=dataset, year=2024)}
    assert stored[A] == ({"inhabitants": 100, "owner_occupied": 46.5}, {})
    assert stored[B] == ({"owner_occupied": 50}, {"inhabitants": MISSING_REASONS[-99997]})
    assert stored[C] == ({"inhabitants": 300}, {"owner_occupied": MISSING_REASONS[-99995]})


def test_shapes_come_out_in_degrees_with_a_label_inside_and_shared_borders(tmp_path):
    wavy = numpy.linspace(0, 1000, 400)
    border = numpy.column_stack([151_000 + 30 * numpy.sin(wavy / 40), 460_000 + wavy])
    left = shapely.Polygon([(150_000, 460_000), *border, (150_000, 461_000)])
    right = shapely.Polygon([*border, (152_000, 461_000), (152_000, 460_000)])
    import_areas(geojson(tmp_path / "b.geojson", buurten(A, B), [left, right]))
    one, other = shape(A), shape(B)
    assert shapely.coverage_is_valid([one, other])
    assert len(one.exterior.coords) < 150  # of 402
    west, south, east, north = WGS84_RANGE
    assert shapely.within(shapely.union(one, other), shapely.box(west, south, east, north))
    assert one.exterior.coords[0] == tuple(round(value, 6) for value in one.exterior.coords[0])
    for area in Area.objects.neighbourhoods():
        assert shape(area.code).contains(shapely.Point(area.label_x, area.label_y))
    # Utrecht's Dom tower stands at 5.1213 east, 52.0907 north; RD 136 788, 455 872.
    import_areas(geojson(tmp_path / "d.geojson", buurten(A), [square(east=136_288, north=455_372)]))
    assert shape(A).centroid.distance(shapely.Point(5.1213, 52.0907)) < 0.001


def test_seams_between_neighbours_are_closed(tmp_path):
    """A gap of ten metres between left and right, and an overlap of ten metres with what lies above."""
    left, right = (
        shapely.box(150_000, 460_000, 150_995, 461_000),
        shapely.box(151_005, 460_000, 152_000, 461_000),
    )
    above, below = (
        shapely.box(150_000, 460_990, 152_000, 462_000),
        shapely.box(150_000, 459_000, 152_000, 460_000),
    )
    codes = [A, B, C, "BU0344AB11"]
    import_areas(geojson(tmp_path / "b.geojson", buurten(*codes), [left, right, above, below]))
    stored = [shape(code) for code in codes]
    assert shapely.coverage_is_valid(stored)
    assert stored[0].intersection(stored[1]).length > 0
    assert len(shapely.union_all(stored).interiors) == 0


def test_an_overlap_after_many_buurten_that_fit_is_taken_away_too(tmp_path):
    codes = [f"BU034401{number:02}" for number in range(30)]
    shapes = [square(number) for number in range(29)] + [square(29, east=149_990)]
    import_areas(geojson(tmp_path / "b.geojson", buurten(*codes), shapes))
    stored = [shape(code) for code in codes]
    assert shapely.coverage_is_valid(stored)
    assert stored[28].intersection(stored[29]).length > 0


OLD = {
    "BU_CODE": [A, B],
    "BU_NAAM": ["Hommel", "Oog in Al"],
    "WK_CODE": ["WK034401", "WK034401"],
    "GM_CODE": ["GM0344", "GM0344"],
    "GM_NAAM": ["Utrecht", "Utrecht"],
    "IND_WBI": ["1", "3"],
    "H2O": ["NEE", "NEE"],
    "AANT_INW": [1835, -99999999],
}


def test_an_old_shapefile(tmp_path):
    path = zipped_shapefile(tmp_path / "buurt_2016.zip", OLD)
    (problem,) = lines_of(path)
    assert "geen kolom «jaar»" in problem
    assert "Vul het jaar in bij ‘Jaar’" in problem
    assert "In de bestandsnaam staat 2016." in problem
    import_areas(path, year=2016)
    area = Area.objects.get(code=B)
    assert (area.name, area.year, area.change) == ("Oog in Al", 2016, Area.Change.BOUNDARY)
    assert Observation.objects.get(area_code=B).missing == {"inhabitants": "niet gepubliceerd"}


def test_a_zipped_geopackage_as_cbs_gives_it(tmp_path):
    import zipfile

    geopackage(tmp_path / "b.gpkg", {"buurten": (buurten(A), None)})
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.write(tmp_path / "b.gpkg", "WijkBuurtkaart_2024/b.gpkg")
    assert import_areas(tmp_path / "b.zip").rows == 1


@pytest.mark.parametrize("upper", [str.upper, str.title])
def test_columns_in_any_letter_case(tmp_path, upper):
    columns = {upper(name): values for name, values in buurten(A).items()}
    assert import_areas(geojson(tmp_path / "b.geojson", columns)).years == [2024]


def test_layers_of_wijken_and_gemeenten_give_names_and_outlines(tmp_path):
    layers = {
        "cbs_gemeenten_2024": (
            {"gemeentecode": ["GM0344", "GM0344", "GM9999"], "gemeentenaam": ["Utrecht", "Utrecht", "Elders"],
             "water": ["NEE", "JA", "NEE"]},
            [shapely.box(150_000, 460_000, 152_000, 461_000), square(5), square(9)],
        ),
        "cbs_wijken_2024": (
            {"wijkcode": ["WK034401"], "wijknaam": ["West"], "gemeentecode": ["GM0344"]},
            [square()],
        ),
        "cbs_buurten_2024": (buurten(A, B), None),
    }  # fmt: skip
    import_areas(geopackage(tmp_path / "b.gpkg", layers))
    municipality = Area.objects.municipalities().get()
    assert municipality.name == "Utrecht"
    outline = shapely.from_geojson(municipality.geometry)
    assert outline.symmetric_difference(shapely.union(shape(A), shape(B))).area < outline.area / 100
    assert municipality.label_x is not None
    assert Area.objects.get(kind=Area.Kind.DISTRICT).name == "West"


def test_water_is_left_out_and_remembered(tmp_path):
    columns = buurten(A, "BU03449997", "BU03449998", water=["NEE", "JA", "B"])
    dataset = import_areas(geojson(tmp_path / "b.geojson", columns, [square(), None, square(4)]))
    assert [area.code for area in Area.objects.neighbourhoods()] == [A]
    assert dataset.dropped_codes == ["BU03449997", "BU03449998"]
    assert dataset.notes == ["Weggelaten: 2 gebieden met alleen water."]


@pytest.mark.parametrize(
    ("crs", "degrees"),
    [
        ("urn:ogc:def:crs:EPSG::28992", False),
        (None, False),  # old GeoJSON in RD without saying so
        (None, True),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", True),
    ],
)
def test_both_coordinate_systems_by_name_or_by_range(tmp_path, crs, degrees):
    shapes = [shapely.box(5.29, 52.13, 5.30, 52.14)] if degrees else [square(east=147_000, north=457_500)]
    import_areas(geojson(tmp_path / "b.geojson", buurten(A), shapes, crs=crs))
    assert shape(A).centroid.distance(shapely.Point(5.29, 52.13)) < 0.03


@pytest.mark.parametrize(
    ("crs", "box", "problem"),
    [
        ("EPSG:3857", shapely.box(589_000, 6_800_000, 590_000, 6_801_000), "ander coördinatenstelsel (WGS"),
        ("EPSG:28992", shapely.box(5.29, 52.13, 5.30, 52.14), ABROAD),
        ("EPSG:4326", square(), ABROAD),
        ("EPSG:4326", shapely.box(52.13, 5.29, 52.14, 5.30), ABROAD),  # turned round
        ("EPSG:28992", shapely.box(0, 0, 1000, 1000), ABROAD),
    ],
)  # fmt: skip
def test_what_is_not_in_the_netherlands_is_refused(tmp_path, crs, box, problem):
    path = geopackage(tmp_path / "b.gpkg", {"buurten": (buurten(A), [box])}, crs=crs)
    assert problem in lines_of(path)[0]


def test_every_feature_without_a_usable_shape_is_named(tmp_path):
    codes = [f"BU0344010{n}" for n in range(6)]
    shapes = [square(), None, shapely.Polygon(), shapely.Point(150_000, 460_000), square(300), square(5)]
    path = geojson(tmp_path / "b.geojson", buurten(*codes), shapes)
    assert lines_of(path) == [
        "regel 2: BU03440101 heeft geen vorm",
        "regel 3: BU03440102 heeft geen vorm",
        "regel 4: BU03440103 is een punt of lijn, geen vlak",
        "regel 5: BU03440104 ligt buiten Nederland; is het bestand in RD (EPSG:28992) of WGS84?",
    ]


def test_a_shape_that_crosses_itself_is_repaired_and_noted(tmp_path):
    bow = shapely.Polygon([(150_000, 460_000), (151_000, 461_000), (151_000, 460_000), (150_000, 461_000)])
    dataset = import_areas(geojson(tmp_path / "b.geojson", buurten(A, B), [bow, square(3)]))
    assert dataset.notes == ["Hersteld: 1 vorm met een grens die zichzelf kruist."]
    assert shape(A).geom_type == "MultiPolygon"
    assert shape(A).is_valid


def test_a_shape_without_a_surface_is_refused(tmp_path):
    flat = shapely.Polygon([(150_000, 460_000), (151_000, 460_000), (150_000, 460_000)])
    assert lines_of(geojson(tmp_path / "b.geojson", buurten(A, B), [square(), flat])) == [
        "regel 2: BU03440112 heeft een vorm zonder oppervlak"
    ]


@pytest.mark.parametrize(
    ("codes", "columns", "problem"),
    [
        ([A, A], {}, "regel 2, kolom buurtcode: BU03440111 staat ook op regel 1"),
        ([A, "BU034"], {}, "regel 2, kolom buurtcode: «BU034» is geen buurtcode"),
        ([A, "3440112"], {}, "regel 2, kolom buurtcode: «3440112» is een getal"),
        ([A, ""], {}, "regel 2, kolom buurtcode: de buurtcode ontbreekt"),
        ([A, B], {"gemeentecode": ["GM0344", "GM0345"]}, "GM0345 past niet bij BU03440112"),
        ([A, B], {"wijkcode": ["WK034401", "034401"]}, "regel 2, kolom wijkcode: «034401» is geen wijkcode"),
        ([A, B], {"aantal_inwoners": ["1.2.3", "5"]}, "kolom aantal_inwoners: «1.2.3» is geen getal"),
        ([A, B], {"jaar": [2024, 2023]}, "een kaart is van één jaar; in het bestand staat 2023, 2024."),
        ([A, B], {"jaar": ["vorig", "vorig"]}, "kolom jaar: een kaart is van één jaar"),
        ([A, B], {"AANT_INW": [1, 2], "aantal_inwoners": [1, 2]}, "is hetzelfde als"),
        ([A, B], {"BU_CODE": [A, B]}, "kolom BU_CODE: is hetzelfde als buurtcode"),
    ],
)  # fmt: skip
def test_problems_by_row(tmp_path, codes, columns, problem):
    found = lines_of(geojson(tmp_path / "b.geojson", buurten(*codes) | columns))
    assert len(found) == 1
    assert problem in found[0]


def test_padded_codes_are_stripped(tmp_path):
    import_areas(geojson(tmp_path / "b.geojson", buurten(f"{A}  ")))
    assert Area.objects.neighbourhoods().get().code == A


def test_the_year_of_the_file_and_of_the_command_must_agree(tmp_path):
    path = geojson(tmp_path / "b.geojson", buurten(A))
    assert lines_of(path, year=2018) == ["kolom jaar: 2024, terwijl 2018 is opgegeven. Laat het opgegeven jaar weg."]
    assert import_areas(path, year=2024).years == [2024]


def test_one_municipality_out_of_the_country(tmp_path):
    path = geojson(tmp_path / "b.geojson", buurten(A, "BU03630000"))
    dataset = import_areas(path, municipality="GM0344")
    assert dataset.notes == ["Overgeslagen: 1 buurt van andere gemeenten dan GM0344."]
    assert set(Area.objects.values_list("municipality", flat=True)) == {"GM0344"}
    assert "wel van GM0344, GM0363" in lines_of(path, municipality="GM0001")[0]


def test_a_broken_code_is_not_lost_when_one_municipality_is_chosen(tmp_path):
    assert "«03440112»" in lines_of(geojson(tmp_path / "b.geojson", buurten(A, "03440112")), municipality="GM0344")[0]


def test_two_layers_of_buurten_are_not_guessed(tmp_path):
    layers = {"buurten_2023": (buurten(A), None), "buurten_2024": (buurten(A), None)}
    assert "meer dan één laag met buurten" in lines_of(geopackage(tmp_path / "b.gpkg", layers))[0]


def test_fictional_areas_say_so(tmp_path):
    columns = buurten("BU99010101", gemeentenaam=["Merelveen (fictief)"])
    dataset = import_areas(geojson(tmp_path / "b.geojson", columns))
    assert (dataset.fictional, dataset.source) == (True, "Fictieve gegevens (demo)")
    columns = buurten("BU99010101", A, gemeentenaam=["Merelveen (fictief)", "Utrecht"])
    assert "fictieve en echte gemeenten door elkaar" in lines_of(geojson(tmp_path / "c.geojson", columns))[0]


def test_importing_again_keeps_the_rows_that_others_point_to(tmp_path):
    first = import_areas(geojson(tmp_path / "b.geojson", buurten(A, B, aantal_inwoners=[1, 2])))
    kept, gone = Area.objects.get(code=A), Area.objects.get(code=B)
    edition = SignalMap.objects.create(
        municipality="GM0344", mode="foto", year_from=2024, year_to=2024, reference="country", division=2024,
        recipe_version="1", recipe={},
    )  # fmt: skip
    signal = Signal.objects.create(signal_map=edition, area=kept, signal_class="average")
    columns = buurten(A, C, buurtnaam=["Nieuwe naam", "Erbij"])
    second = import_areas(geojson(tmp_path / "c.geojson", columns))
    signal.refresh_from_db()
    assert (signal.area_id, signal.area.name, signal.area.dataset) == (kept.pk, "Nieuwe naam", second)
    assert not Area.objects.filter(pk=gone.pk).exists()
    assert not Dataset.objects.filter(pk=first.pk).exists()
    assert not Observation.objects.exists()  # the new file carries no figures


def test_importing_one_municipality_again_leaves_the_others_alone(tmp_path):
    path = geojson(tmp_path / "b.geojson", buurten(A, "BU03630000", aantal_inwoners=[1, 2]))
    first = import_areas(path)
    import_areas(path, municipality="GM0363")
    first.refresh_from_db()
    assert (first.municipalities, first.rows) == (["GM0344"], 1)
    assert Observation.objects.count() == 2
    assert Area.objects.count() == 6


def test_another_year_is_another_area(tmp_path):
    import_areas(geojson(tmp_path / "b.geojson", buurten(A)))
    import_areas(geojson(tmp_path / "c.geojson", buurten(A, jaar=2016)))
    assert Area.objects.filter(code=A).count() == 2


def test_an_area_that_people_worked_on_is_never_deleted(tmp_path, workshop):
    """The session is on the first three of six buurten; the new file has only the first and the fourth."""
    codes = list(Area.objects.neighbourhoods().order_by("code").values_list("code", flat=True))
    columns = buurten(codes[0], codes[3], jaar=workshop.workshop_areas.first().area.year)
    dataset = import_areas(geojson(tmp_path / "b.geojson", columns))
    left = Area.objects.neighbourhoods().order_by("code").values_list("code", flat=True)
    assert list(left) == codes[:4]
    assert dataset.notes == [
        f"Niet meer in het bestand, maar in gebruik in een sessie en dus bewaard: {codes[1]}, {codes[2]}."
    ]
    assert workshop.workshop_areas.count() == 3


def test_a_refused_map_leaves_everything_as_it_was(tmp_path):
    import_areas(geojson(tmp_path / "b.geojson", buurten(A, B)))
    before = list(Area.objects.order_by("pk").values())
    lines_of(geojson(tmp_path / "c.geojson", buurten(A, "BU1")))
    assert list(Area.objects.order_by("pk").values()) == before
