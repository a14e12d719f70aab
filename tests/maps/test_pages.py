import csv
import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from maps.computing import compute_signals
from maps.models import Dataset, Observation, SignalMap
from tests import factories


@pytest.fixture
def staff(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("noor", password="geheim-genoeg-12", is_staff=True))
    return client


@pytest.fixture
def film(db):
    factories.municipality(buurten=12)
    return compute_signals(year_from=2018, year_to=2022, municipality="GM9901")[0]


def page(client, name, *args, status=200, **query):
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == status
    return answer.content.decode()


def test_an_empty_site_says_where_to_begin(staff):
    assert "nog geen buurten ingelezen" in page(staff, "municipalities")


def test_a_municipality_without_a_map_says_what_is_needed(staff, db):
    factories.municipality(years=(2022,))
    shown = page(staff, "signal_map", "GM9901")
    assert "Hier komt de kaart" in shown
    assert "2022" in shown
    assert "twee jaren nodig" in shown


def test_the_map_page_says_source_years_recipe_and_that_it_is_a_signal(staff, film):
    shown = page(staff, "signal_map", "GM9901")
    for words in (
        "2018–2022",
        "Recept versie 1",
        "Een signaal, geen oordeel",
        "niet de Aedes-kaart",
        "12 buurten die meetellen",
    ):
        assert words in shown


def test_an_unknown_municipality_is_not_there(staff, db):
    page(staff, "signal_map", "GM0000", status=404)


def test_map_table_and_file_tell_the_same(staff, film):
    shapes = json.loads(page(staff, "signals_geojson", film.pk))["features"]
    rows = list(csv.DictReader(io.StringIO(page(staff, "signals_file", film.pk, "csv"))))
    table = page(staff, "signal_map", "GM9901")
    assert len(shapes) == len(rows) == 12
    classes = {row["buurtcode"]: row["class"] for row in rows}
    for shape in shapes:
        properties = shape["properties"]
        assert classes[properties["code"]] == properties["class"]
        assert f'data-code="{properties["code"]}" data-class="{properties["class"]}"' in table
        assert properties["sentence"].replace("'", "&#x27;").replace("«", "«") in table


@pytest.mark.parametrize("page_name", ["signal_map", "geojson", "area"])
def test_no_page_asks_a_query_per_buurt(page_name, staff, db):
    factories.municipality("GM9901", buurten=24)
    factories.municipality("GM9902", buurten=106)
    few, many = (compute_signals(year_from=2018, year_to=2022, municipality=code)[0] for code in ("GM9901", "GM9902"))

    def queries(edition):
        address = {
            "signal_map": reverse("signal_map", args=[edition.municipality]),
            "geojson": reverse("signals_geojson", args=[edition.pk]),
            "area": reverse("map_area", args=[edition.pk, edition.signals.first().area.code]),
        }[page_name]
        with CaptureQueriesContext(connection) as captured:
            assert staff.get(address).status_code == 200
        return len(captured)

    assert queries(few) == queries(many) <= 13


def test_a_buurt_beside_the_map_has_sentence_figures_and_sources(staff, film):
    code = film.signals.select_related("area").first().area.code
    answer = staff.get(reverse("map_area", args=[film.pk, code]), headers={"HX-Request": "true"})
    shown = answer.content.decode()
    assert "<html" not in shown
    assert "2018–2022" in shown
    assert "Laagste inkomens" in shown or "laagste inkomens" in shown
    assert "Bron:" in shown


def test_gaps_in_the_years_are_gaps_in_the_line(db):
    from maps.showing import Figure, Point
    from maps.templatetags.kaart import sparkline

    points = [Point(year, value, "", "") for year, value in ((2016, 1.0), (2018, 2.0), (2020, None), (2022, 3.0))]
    drawn = sparkline(Figure("x", "", 0, points))
    assert drawn.count("M") == 2, "na het gat begint een nieuwe lijn"
    assert "2016: 1, 2018: 2, 2022: 3" in drawn


def upload(client, name, content, **form):
    return client.post(reverse("upload"), {"kind": "indicators", "file": SimpleUploadedFile(name, content)} | form)


def test_an_uploaded_table_is_stored(staff, db):
    factories.municipality()
    answer = upload(staff, "cijfers.csv", b"jaar;buurtcode;aantal_inwoners\n2022;BU99010001;1234\n")
    assert answer.status_code == 302, answer.content.decode()
    assert Observation.objects.filter(dataset__kind=Dataset.Kind.INDICATORS).get().values == {"inhabitants": 1234}
    assert Dataset.objects.get(kind=Dataset.Kind.INDICATORS).imported_by.username == "noor"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("leeg.csv", b""),
        ("fout.csv", b"jaar;buurtcode;aantal_inwoners\n2022;BU99990000;12\n2022;BU99010001;1.2.3\n"),
        ("plaatje.csv", bytes(range(256)) * 20),
        ("virus.exe", b"MZ"),
    ],
)
def test_a_bad_file_is_refused_in_words_and_changes_nothing(name, content, staff, db):
    factories.municipality()
    before = Observation.objects.count(), Dataset.objects.count()
    answer = upload(staff, name, content)
    assert answer.status_code == 422
    assert "message--error" in answer.content.decode() or "field--invalid" in answer.content.decode()
    assert (Observation.objects.count(), Dataset.objects.count()) == before


@pytest.mark.parametrize(
    ("rows", "points"), [(1, "1 punt om"), (61, "61 punten"), (60, "60 punten"), (1500, "1.500 punten")]
)
def test_the_page_says_how_many_problems_there_truly_are(rows, points, staff, db):
    factories.municipality()
    content = b"jaar;buurtcode;aantal_inwoners\n"
    content += "".join(f"2022;BU9901{1000 + n};1\n" for n in range(rows)).encode()
    shown = upload(staff, "fout.csv", content).content.decode()
    assert points in shown
    assert f"regel {min(rows, 200) + 1}: onbekend gebied" in shown
    more = f"En nog {rows - 60:,} andere".replace(",", ".")
    assert (more in shown) is (rows > 60)
    assert ("en nog 1300 andere" in shown) is (rows == 1500)


def test_a_file_that_is_too_large_is_refused_in_words(staff, db, settings):
    settings.UPLOAD_LIMIT_MB = 1
    answer = upload(staff, "groot.csv", b"x" * (1024 * 1024 + 500_000))
    assert answer.status_code == 422
    assert "groter dan 1 MB" in answer.content.decode()


def test_no_file_at_all_is_refused_in_words(staff, db):
    answer = staff.post(reverse("upload"), {"kind": "areas"})
    assert answer.status_code == 422


def test_export_writes_the_newest_film(film, tmp_path, capsys):
    compute_signals(year_from=2018, year_to=2022, municipality="GM9901", reference="country")
    call_command("export_signals", municipality="GM9901", output=str(tmp_path / "uit.csv"))
    rows = list(csv.DictReader((tmp_path / "uit.csv").open(encoding="utf-8")))
    assert {row["reference"] for row in rows} == {"country"}
    assert list(rows[0]) == [
        "buurtcode", "buurtnaam", "composition", "problems", "class", "borderline", "reason", "years", "reference", "recipe_version",
        "own_class", "own_source", "own_years",
    ]  # fmt: skip
    assert {row["years"] for row in rows} == {"2018-2022"}


def test_export_without_a_map_says_what_to_do(db):
    with pytest.raises(CommandError, match="compute_signals"):
        call_command("export_signals")


def test_the_command_says_which_years_there_are(db):
    factories.municipality()
    with pytest.raises(CommandError, match="Wel van: 2018, 2022"):
        call_command("compute_signals", year_from=2019, year_to=2021)


def test_fictional_and_real_never_share_a_scale(db):
    factories.municipality("GM0308", buurten=6)
    alone = compute_signals(year_from=2018, year_to=2022, municipality="GM0308")[0]
    values = list(alone.signals.order_by("area__code").values_list("composition", flat=True))
    invented = factories.municipality("GM9901", buurten=30)
    Dataset.objects.filter(areas__in=invented).update(fictional=True)
    again = compute_signals(year_from=2018, year_to=2022, municipality="GM0308")[0]
    assert list(again.signals.order_by("area__code").values_list("composition", flat=True)) == values
    assert again.basis == {"buurten": 6, "municipalities": 1}


def test_a_session_keeps_the_map_it_began_with(db):
    """New shapes and figures make a new edition beside it; the session reads on as it was."""
    workshop = factories.workshop()
    before = {s.area_id: s.composition for s in workshop.signal_map.signals.all()}
    Observation.objects.filter(year=2022, area_code="BU99010000").update(values=factories.figures(0, 3))
    film = compute_signals(year_from=2018, year_to=2022, municipality="GM9901")[0]
    workshop.signal_map.refresh_from_db()
    assert film.pk != workshop.signal_map_id
    assert workshop.signal_map.superseded
    assert {s.area_id: s.composition for s in workshop.signal_map.signals.all()} == before
    assert SignalMap.objects.current().films().get() == film


def test_computing_the_same_again_keeps_the_edition(film):
    assert compute_signals(year_from=2018, year_to=2022, municipality="GM9901")[0] == film
    assert SignalMap.objects.count() == 2


def test_a_year_with_nothing_of_the_recipe_is_not_offered(film):
    from maps.computing import years_with_figures

    dataset = Dataset.objects.first()
    Observation.objects.create(dataset=dataset, area_code="BU99010000", year=2021, values={"crimes": 12})
    assert years_with_figures("GM9901") == [2018, 2022]


def test_a_year_without_figures_gives_no_class_and_says_why(staff, db, capsys):
    factories.municipality()
    call_command("compute_signals", year_from=2019, year_to=2022)
    assert "van 2019 zijn geen cijfers ingelezen" in capsys.readouterr().out
    assert "Van 2019 zijn er geen cijfers" in page(staff, "signal_map", "GM9901", van=2019, tot=2022)
