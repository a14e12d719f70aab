"""Open data over the internet: fetched whole, or nothing changes and the reader learns what to do."""

import io
import json
import time
from email.utils import formatdate

import pytest
import shapely
from django.core.management import CommandError, call_command

from maps.computing import compute_signals
from maps.fetching import Order, Sources, fetch_open_data, pages
from maps.fetching.client import Client, FetchRefused, Limits
from maps.importing import import_areas, import_indicators, import_leefbaarometer
from maps.management.commands.fetch_open_data import TABLES as ALL_TABLES
from maps.models import Area, Dataset, Observation, Signal
from tests.maps.open_data_server import (
    OpenDataServer,
    cut_off,
    half_json,
    hang_up,
    moved_to,
    next_at,
    one_less,
    silent,
    status,
    with_,
)  # fmt: skip
from tests.maps.open_data_world import (
    ANDERSTAD,
    STEP,
    TABLES,
    TESTSTAD,
    buurten,
    layers,
    leefbaarometer,
    real_layers,
    real_rows,
    rows,
)  # fmt: skip

pytestmark = pytest.mark.django_db

FIRST, *_ = buurten(TESTSTAD)
AGAIN = "Voer de opdracht later opnieuw uit: zij gaat verder bij de eerste bladzijde die nog ontbreekt."


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    monkeypatch.setenv("no_proxy", "*")


@pytest.fixture
def server():
    maps = {year: layers(year) for year in (2018, 2022, 2025)}
    tables = {TABLES[year]: rows(year, late=year == 2025) for year in maps}
    with OpenDataServer(maps, tables) as running:
        yield running


@pytest.fixture
def work(tmp_path):
    return tmp_path / "opgehaald"


class Run:
    """The run without the command: quick limits, no sleep, and what it slept and told."""

    def __init__(self, server, work):
        self.server, self.work = server, work
        self.slept, self.told = [], []

    def __call__(self, *municipalities, years=(2022,), map_years=None, **limits):
        clients = [
            Client(url, limits=Limits(**limits), sleep=self.slept.append) for url in self.server.addresses.values()
        ]
        order = Order(municipalities, years, years if map_years is None else map_years)
        told = lambda *words: self.told.append(words)  # noqa: E731
        return fetch_open_data(order, Sources(*clients, ALL_TABLES), work=self.work, told=told)

    def refused(self, *municipalities, **options):
        before = list(Dataset.objects.values_list("pk", flat=True))
        with pytest.raises(FetchRefused) as refused:
            self(*municipalities, **options)
        assert list(Dataset.objects.values_list("pk", flat=True)) == before
        return str(refused.value)


@pytest.fixture
def run(server, work):
    return Run(server, work)


def command(server, *words, **options):
    out = io.StringIO()
    call_command("fetch_open_data", *words, stdout=out, **server.addresses | options)
    return out.getvalue().splitlines()


# --- when all goes well ---


def test_the_command_brings_buurten_names_and_figures_of_both_years(server, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    report = command(server, TESTSTAD, "--years", "2018", "2022")
    assert report == [
        "Ingelezen: Buurten 2018 (pdok-wijken-en-buurten-2018.gpkg), 7 regels, gemeente GM0344.",
        "Bron: CBS, Wijk- en Buurtkaart 2018, via PDOK (CC BY 4.0).",
        f"Opgehaald van {server.root}/cbs/wijken-en-buurten-2018/ogc/v1.",
        "Weggelaten: 1 gebied met alleen water.",
        "Ingelezen: Buurten 2022 (pdok-wijken-en-buurten-2022.gpkg), 7 regels, gemeente GM0344.",
        "Bron: CBS, Wijk- en Buurtkaart 2022, via PDOK (CC BY 4.0).",
        f"Opgehaald van {server.root}/cbs/wijken-en-buurten-2022/ogc/v1.",
        "Weggelaten: 1 gebied met alleen water.",
        "De buurten van 2022 naast die van 2018: 7 met dezelfde grens en code.",
        "Ingelezen: Kerncijfers 2018 (statline-84286NED-2018.csv), 8 regels, gemeente GM0344.",
        "Bron: CBS, Kerncijfers wijken en buurten 2018, StatLine 84286NED (CC BY 4.0).",
        f"Opgehaald van {server.root}/ODataFeed/odata/84286NED.",
        "Ingelezen: Kerncijfers 2022 (statline-85318NED-2022.csv), 8 regels, gemeente GM0344.",
        "Bron: CBS, Kerncijfers wijken en buurten 2022, StatLine 85318NED (CC BY 4.0).",
        f"Opgehaald van {server.root}/ODataFeed/odata/85318NED.",
        "Hierna: lees de Leefbaarometer in als dat nog niet is gedaan (import_leefbaarometer), en bereken de kaart "
        "(compute_signals).",
    ]
    area = Area.objects.get(code=FIRST, year=2022)
    assert (area.name, area.district, area.change) == ("Buurt 0101", "WK034401", 1)
    assert shapely.from_geojson(area.geometry).equals_exact(
        shapely.box(5, 52, 5 + STEP, 52 + STEP), 1e-5, normalize=True
    )
    wider = Area.objects.in_division(2022).exclude(kind=Area.Kind.NEIGHBOURHOOD)
    assert dict(wider.values_list("code", "name")) == {
        "GM0344": "Teststad", "WK034401": "Wijk 1 van Teststad", "WK034402": "Wijk 2 van Teststad",
    }  # fmt: skip
    assert wider.get(code=TESTSTAD).geometry != ""
    of_map, of_table = Observation.objects.filter(area_code=FIRST, year=2022).order_by("dataset_id")
    assert of_map.values == {"inhabitants": 1000, "households": 500}
    assert of_map.missing == {
        "low_income": "geheim of te weinig waarnemingen", "owner_occupied": "niet ingevuld in de bron",
    }  # fmt: skip
    assert of_table.values == {
        "inhabitants": 1030, "households": 503, "lowest_income": 33.125, "bijstand": 60, "ao": 55, "jeugdzorg": 8.5,
        "wmo": 50,
    }  # fmt: skip
    assert not (tmp_path / "opgehaald").exists()


def test_the_map_computes_as_from_files(server, run, tmp_path):
    run(TESTSTAD, years=(2018, 2022))
    import_leefbaarometer(leefbaarometer(tmp_path / "l.csv", buurten(TESTSTAD)[:-1]))
    film, foto = compute_signals(year_from=2018, year_to=2022, municipality=TESTSTAD)
    classes = dict(film.signals.values_list("area__code", "signal_class"))
    assert len(classes) == 7
    assert "insufficient_data" not in classes.values()
    assert len(set(classes.values())) > 1
    assert "CBS, Kerncijfers wijken en buurten 2022, StatLine 85318NED (CC BY 4.0)" in film.sources
    assert foto.signals.count() == 7


def test_only_what_is_needed_is_asked(server, run):
    run(TESTSTAD)
    (typed,) = {address.split("&$skip")[0] for address in server.asked if "TypedDataSet?$format" in address}
    assert typed.split("?")[1] == (
        "$format=json&$select=WijkenEnBuurten,AantalInwoners_5,HuishoudensTotaal_28,k_40HuishoudensMetLaagsteInkomen_76,"
        "PersonenPerSoortUitkeringBijstand_83,PersonenPerSoortUitkeringAO_84,PercentageJongerenMetJeugdzorg_88,"
        "WmoClienten_89&$filter=startswith(WijkenEnBuurten,%27BU0344%27)"
    )
    assert server.asked[0] == (
        "/cbs/wijken-en-buurten-2022/ogc/v1/collections/buurten/items?f=json&limit=1000&gemeentecode=GM0344"
    )
    assert [words for words in run.told if words[0] == "PDOK 2022 buurten GM0344"][-1][1:] == (4, 8)


def test_several_municipalities_and_the_whole_country(server, run):
    run(TESTSTAD, ANDERSTAD)
    assert Area.objects.neighbourhoods().count() == 14
    assert Dataset.objects.get(kind="indicators").municipalities == [TESTSTAD, ANDERSTAD]
    server.asked.clear()
    run()
    assert Area.objects.neighbourhoods().count() == 14
    assert not any("GM0" in address or "BU03" in address for address in server.asked)


def test_features_of_another_municipality_are_left_out(server, run):
    """A server that ignores the filter sends the country."""
    for collection in ("buurten", "wijken", "gemeenten"):
        page = {"features": layers(2022)[collection], "links": [], "numberReturned": len(layers(2022)[collection])}
        server.fail(f"collections/{collection}", with_(**page))
    run(TESTSTAD)
    assert set(Area.objects.values_list("municipality", flat=True)) == {TESTSTAD}


def test_a_year_without_late_figures_says_which_are_missing(run):
    *_, figures = run(TESTSTAD, years=(2025,))
    assert figures.notes[1] == (
        "Over 2025 zijn er (nog) geen cijfers van: Laagste inkomens, Bijstand, Arbeidsongeschiktheid (AO), "
        "Wmo-ondersteuning. CBS vult inkomen, uitkeringen en Wmo later aan. Voer deze opdracht dan opnieuw uit."
    )
    assert Observation.objects.get(area_code=FIRST, dataset=figures).values["jeugdzorg"] > 8


def test_missing_in_one_of_two_municipalities_is_said_of_that_one(server, run):
    for row in server.tables["85318NED"]:
        if ANDERSTAD[2:] in row["WijkenEnBuurten"]:
            row["WmoClienten_89"] = None
    *_, figures = run(TESTSTAD, ANDERSTAD)
    assert "geen cijfers van: Wmo-ondersteuning (niet in GM0355). CBS" in figures.notes[1]


def test_the_map_may_be_of_another_year_than_the_figures(server, run):
    run(TESTSTAD, years=(2018, 2022), map_years=(2025,))
    assert set(Area.objects.values_list("year", flat=True)) == {2025}
    assert set(Dataset.objects.filter(kind="indicators").values_list("source", flat=True)) == {
        "CBS, Kerncijfers wijken en buurten 2018, StatLine 84286NED",
        "CBS, Kerncijfers wijken en buurten 2022, StatLine 85318NED",
    }
    server.asked.clear()
    run(TESTSTAD, map_years=())
    assert not any("wijken-en-buurten" in address for address in server.asked)


def test_made_up_municipalities_keep_their_own_source(server, run):
    for collection in server.maps[2022].values():
        for feature in collection:
            feature["properties"]["gemeentenaam"] += " (fictief)"
    areas, figures = run(TESTSTAD)
    assert areas.source == figures.source == "Fictieve gegevens (demo)"


def test_progress_is_for_who_watches(server, settings, tmp_path):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    settings.VAR_DIR = tmp_path
    out = Terminal()
    call_command("fetch_open_data", TESTSTAD, "--years", "2022", stdout=out, **server.addresses)
    assert out.getvalue().splitlines()[:5] == [
        "PDOK 2022 buurten GM0344: bladzijde 1, 2 regels",
        "PDOK 2022 buurten GM0344: bladzijde 2, 4 regels",
        "PDOK 2022 buurten GM0344: bladzijde 3, 6 regels",
        "PDOK 2022 buurten GM0344: bladzijde 4, 8 regels",
        "PDOK 2022 wijken GM0344: bladzijde 1, 2 regels",
    ]


# --- when the connection is poor ---


@pytest.mark.parametrize(
    "fault",
    [status(500), status(503), status(429), cut_off, half_json, hang_up, one_less, silent, status(200, b"<html>")],
)
@pytest.mark.parametrize("where", ["collections/buurten", "TypedDataSet"])
def test_a_page_that_fails_once_is_asked_for_again(server, run, fault, where, monkeypatch):
    monkeypatch.setattr("maps.fetching.run._store", lambda maps, figures: [])  # half a second each
    if fault is one_less and where == "TypedDataSet":
        fault = with_(value="niets")  # OData says no number; there the form must be right
    server.fail(where, fault)
    run(TESTSTAD, silence=0.1 if fault is silent else 10)
    assert {("PDOK 2022 buurten GM0344", 4, 8), ("StatLine 85318NED GM0344", 4, 8)} <= set(run.told)
    assert run.slept == [1]
    first = next(address for address in server.asked if where in address)
    assert server.asked.count(first) == 2


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (status(500), "een storing (HTTP 500)"),
        (status(429), "te druk (HTTP 429)"),
        (cut_off, "een bladzijde is afgebroken"),
        (half_json, "een bladzijde is geen geldige JSON of is afgebroken"),
        (status(200, b'{"features": [NaN]}'), "een bladzijde is geen geldige JSON of is afgebroken"),
        (status(200, b"[" * 100_000), "een bladzijde is geen geldige JSON of is afgebroken"),
        (status(200, b"[]"), "een bladzijde heeft een andere vorm dan is afgesproken"),
        (with_(features=[1, 2]), "een bladzijde heeft een andere vorm dan is afgesproken"),
        (with_(features=[{"properties": []}]), "een bladzijde heeft een andere vorm dan is afgesproken"),
        (with_(links={"next": "x"}), "een bladzijde heeft een andere vorm dan is afgesproken"),
        (with_(links=["x"]), "een bladzijde heeft een andere vorm dan is afgesproken"),
        (hang_up, "de verbinding brak af"),
        (one_less, "een bladzijde heeft 1 van de 2 gebieden"),
        (silent, "geen antwoord binnen 0 seconden"),
    ],
)
def test_a_page_that_keeps_failing_is_refused_after_five_tries(server, run, fault, words):
    server.fail("collections/buurten", *[fault] * 5)
    message = run.refused(TESTSTAD, silence=0.1 if fault is silent else 10)
    assert message.startswith(f"127.0.0.1: {words}")
    assert message.endswith(f"(5 keer geprobeerd). Wat al binnen is, blijft bewaard. {AGAIN}")
    assert run.slept == [1, 2, 4, 8]
    assert len(server.asked) == 5


def test_retry_after_is_kept_to(server, run):
    soon = formatdate(time.time() + 20, usegmt=True)
    server.fail(
        "collections/buurten", status(429, Retry_After="7"), status(503, Retry_After=soon), status(503, Retry_After="?")
    )
    run(TESTSTAD)
    assert run.slept[0] == 7
    assert 15 < run.slept[1] <= 20
    assert run.slept[2:] == [4]


def test_who_is_asked_to_wait_too_long_is_told_so(server, run):
    server.fail("collections/buurten", status(429, Retry_After="3600"))
    assert run.refused(TESTSTAD).startswith("127.0.0.1 vraagt om 60 minuten te wachten. Wat al binnen is")
    assert run.slept == []


def test_nobody_there(work):
    with OpenDataServer({}, {}) as gone:
        pass
    run = Run(gone, work)
    assert run.refused(TESTSTAD).startswith("127.0.0.1: niet te bereiken (")


def test_a_page_that_drips_in_is_given_up(server, run):
    server.fail("collections/buurten", *[silent_drip] * 2)
    assert "na 0 seconden nog niet binnen (2 keer geprobeerd)" in run.refused(TESTSTAD, tries=2, page_time=0.05)


def silent_drip(handler, page):
    handler.send(b"{", announce=1000)
    while not handler.server.released.wait(0.02):
        handler.wfile.write(b" ")
        handler.wfile.flush()


# --- a second run ---


def test_a_second_run_asks_only_for_the_pages_that_are_missing(server, run, work):
    server.fail("cursor=4", *[status(500)] * 5)
    run.refused(TESTSTAD, years=(2018, 2022))
    assert sorted(path.name for path in (work / "PDOK-2018-buurten-GM0344").iterdir()) == [
        "manifest.json", "page-0001.json", "page-0002.json",
    ]  # fmt: skip
    server.asked.clear()
    run(TESTSTAD, years=(2018, 2022))
    assert "cursor=4" in server.asked[0]
    assert len(server.asked) == len(set(server.asked))
    assert not any("2018" in address and "buurten/items" in address for address in server.asked[2:])
    assert Area.objects.neighbourhoods().count() == 14


def test_what_came_in_whole_is_not_asked_for_again_when_the_other_source_fails(server, run):
    server.fail("TypedDataSet", *[status(503)] * 5)
    run.refused(TESTSTAD)
    server.asked.clear()
    run(TESTSTAD)
    assert all("TypedDataSet" in address for address in server.asked)


@pytest.mark.parametrize("damage", ["changed", "gone"])
def test_a_kept_page_that_is_damaged_is_fetched_again_with_all_after_it(server, run, work, damage):
    server.fail("cursor=6", *[status(500)] * 5)
    run.refused(TESTSTAD)
    page = work / "PDOK-2022-buurten-GM0344" / "page-0002.json"
    page.write_bytes(page.read_bytes()[:-1]) if damage == "changed" else page.unlink()
    server.asked.clear()
    run(TESTSTAD)
    assert [address.split("cursor=")[1][0] for address in server.asked if "buurten/items" in address] == ["2", "4", "6"]
    assert Area.objects.neighbourhoods().count() == 7


def test_a_next_page_that_is_gone_means_start_again(server, run):
    server.fail("cursor=4", status(404))
    assert run.refused(TESTSTAD).endswith("Eerdere bladzijden waren er wel. Begin opnieuw met --fresh.")


@pytest.mark.parametrize("damage", ["{", "[]", '{"pages": []}', '{"pages": [{"url": 1}]}'])
def test_a_damaged_manifest_means_all_over_again(server, run, work, damage):
    server.fail("cursor=6", *[status(500)] * 5)
    run.refused(TESTSTAD)
    (work / "PDOK-2022-buurten-GM0344" / "manifest.json").write_text(damage)
    server.asked.clear()
    run(TESTSTAD)
    assert server.asked[0].endswith("limit=1000&gemeentecode=GM0344")


def test_pages_of_more_than_a_week_ago_or_of_another_address_are_not_used(server, run, work, monkeypatch):
    server.fail("cursor=6", *[status(500)] * 5)
    run.refused(TESTSTAD)
    manifest = work / "PDOK-2022-buurten-GM0344" / "manifest.json"
    good = manifest.read_text()
    old = json.loads(good)
    old["pages"][0]["at"] = "2020-01-01T00:00:00+00:00"
    elsewhere = good.replace(server.root, "http://elders.voorbeeld")
    for kept in (json.dumps(old), elsewhere):
        manifest.write_text(kept)
        server.asked.clear()
        server.fail("cursor=6", *[status(500)] * 5)
        run.refused(TESTSTAD)
        assert server.asked[0].endswith("limit=1000&gemeentecode=GM0344")


def test_fresh_forgets_what_was_kept(server, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    server.fail("TypedDataSet", status(404))
    with pytest.raises(CommandError):
        command(server, TESTSTAD, "--years", "2022")
    assert (tmp_path / "opgehaald").exists()
    server.asked.clear()
    command(server, TESTSTAD, "--years", "2022", "--fresh")
    assert "buurten/items" in server.asked[0]


def test_an_interrupted_command_says_that_it_goes_on(server, settings, tmp_path, monkeypatch):
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(pages.Collection, "_fetch", lambda *args: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(CommandError, match="^Gestopt. Er is niets opgeslagen. Wat al binnen is") as stopped:
        command(server, TESTSTAD, "--years", "2022")
    assert stopped.value.returncode == 130


# --- what is never done ---


@pytest.mark.parametrize(
    "address",
    [
        "http://elders.voorbeeld/cbs",
        "https://127.0.0.1/cbs",
        "http://127.0.0.1:1/cbs",
        "//elders.voorbeeld/cbs",
        "file:///etc/passwd",
        "ftp://127.0.0.1/cbs",
        "http://geheim@127.0.0.1/cbs",
        "http://127.0.0.1:geen/cbs",
    ],
)
@pytest.mark.parametrize("where", ["collections/buurten", "TypedDataSet"])
@pytest.mark.parametrize("fault", [next_at, moved_to])
def test_another_host_is_never_asked(server, run, address, where, fault):
    server.fail(where, fault(address))
    message = run.refused(TESTSTAD)
    assert "verwijst naar een ander adres: " in message
    assert "Daar wordt niets opgehaald." in message


def test_a_next_page_on_the_same_host_stays_on_https():
    client = Client("https://api.pdok.nl/cbs")
    of = "https://api.pdok.nl/cbs/x?f=json"
    assert client.address("http://api.pdok.nl/cbs/x?p=2", of=of) == "https://api.pdok.nl/cbs/x?p=2"
    assert client.address("https://api.pdok.nl:443/y", of=of) == "https://api.pdok.nl:443/y"
    assert client.address("x?p=2", of=of) == "https://api.pdok.nl/cbs/x?p=2"
    with pytest.raises(FetchRefused):
        client.address("http://api.pdok.nl:8080/y", of=of)


def test_pages_that_go_round_are_refused(server, run):
    server.fail("collections/buurten", next_at("?f=json&limit=1000&gemeentecode=GM0344"))
    assert "verwijst steeds naar een volgende bladzijde" in run.refused(TESTSTAD)


def test_sizes_have_a_limit(server, run):
    assert "een bladzijde van meer dan 0 MB" in run.refused(TESTSTAD, page_bytes=100)
    assert "stuurt meer dan 0 MB" in run.refused(TESTSTAD, all_bytes=3000)


def test_fewer_than_there_are_is_refused_and_not_kept(server, run, work):
    features = layers(2022)["buurten"][:2]
    server.fail("collections/buurten", with_(features=features, links=[], numberReturned=2, numberMatched=8))
    assert "heeft 8 gebieden, maar stuurde er 2" in run.refused(TESTSTAD)
    run(TESTSTAD)
    assert Area.objects.neighbourhoods().count() == 7


@pytest.mark.parametrize(
    "url", ["api.pdok.nl", "file:///etc/passwd", "https://naam:wachtwoord@api.pdok.nl", "http://a:b", "http://"]
)
def test_an_address_that_cannot_be_is_refused(server, settings, tmp_path, url):
    settings.VAR_DIR = tmp_path
    for option in ("pdok_url", "cbs_url"):
        with pytest.raises(CommandError, match="is geen adres dat kan"):
            command(server, TESTSTAD, "--years", "2022", **{option: url})
    assert server.asked == []


# --- what is not there, or not right ---


def test_a_year_without_a_map_says_which_there_are(server, run):
    message = run.refused(TESTSTAD, years=(2020,))
    assert message.startswith(
        "PDOK heeft geen kaart van 2020; wel van 2018, 2022, 2025. De kaart kan van een ander jaar zijn dan de cijfers: "
        "geef --map-years 2018 op."
    )
    assert run.slept == []


def test_an_address_without_any_map_says_so(server, run):
    server.maps.clear()
    assert "Ook van andere jaren is daar geen kaart. Controleer het adres (--pdok-url)." in run.refused(TESTSTAD)


def test_a_year_without_a_table_says_which_there_are(server, run, settings, tmp_path):
    message = run.refused(TESTSTAD, years=(2012,))
    assert message.startswith("Van 2012 is hier geen tabel van StatLine bekend; wel van 2013, 2014,")
    assert server.asked == []
    settings.VAR_DIR = tmp_path
    server.maps[2026], server.tables["87000NED"] = layers(2026), rows(2026)
    assert "StatLine 87000NED" in "".join(command(server, TESTSTAD, "--years", "2026", "--cbs-table", "2026=87000NED"))


def test_a_table_that_is_gone(server, run):
    del server.tables["85318NED"]
    assert run.refused(TESTSTAD).startswith("StatLine heeft geen tabel 85318NED.")


def test_a_table_about_something_else(server, run):
    server.tables["85318NED"] = [{"ID": 1, "WijkenEnBuurten": "NL00", "Zonnestroom_1": 2}]
    assert "heeft geen enkele bekende kolom" in run.refused(TESTSTAD)


@pytest.mark.parametrize("collection", ["buurten", "wijken", "gemeenten"])
def test_an_empty_collection(server, run, collection):
    server.maps[2022][collection] = []
    message = run.refused(TESTSTAD)
    assert message.startswith(
        f"PDOK heeft op de kaart van 2022 geen {collection} van GM0344. Controleer de gemeentecode."
    )
    server.maps[2022] = layers(2022)
    run(TESTSTAD)  # nothing of the empty one was kept


def test_a_municipality_without_figures(server, run):
    server.tables["85318NED"] = rows(2022, [ANDERSTAD])
    assert run.refused(TESTSTAD).startswith("StatLine heeft over 2022 geen cijfers van GM0344.")


def test_a_refusal_that_waiting_does_not_help_is_not_tried_again(server, run):
    server.fail("collections/buurten", status(403))
    assert "weigert het verzoek (HTTP 403)" in run.refused(TESTSTAD)
    assert len(server.asked) == 1


def test_old_data_stay_in_force_when_the_new_are_not_right(server, run):
    run(TESTSTAD)
    stored = Observation.objects.order_by("pk").values_list("pk", "values")
    before = list(stored)
    server.tables["85318NED"][5]["PersonenPerSoortUitkeringBijstand_83"] = -3
    server.maps[2022]["buurten"][0]["properties"]["buurtnaam"] = "Anders"
    message = run.refused(TESTSTAD)
    assert "kolom PersonenPerSoortUitkeringBijstand_83: «-3» kan niet negatief zijn" in message
    assert f"Niets opgeslagen: wat van {server.root}/ODataFeed/odata/85318NED kwam, klopt niet" in message
    assert list(stored.all()) == before
    assert not Area.objects.filter(name="Anders").exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"geometry": {"type": "Polygon", "coordinates": [[[5, 52]]]}}, "stuurt bij BU03440101 een vorm die niet te lezen is"),
        ({"geometry": None}, "BU03440101 heeft geen vorm"),
        ({"geometry": {"type": "Point", "coordinates": [5, 52]}}, "is een punt of lijn, geen vlak"),
        ({"properties": {"aantal_inwoners": "veel"}}, "in kolom aantal_inwoners «veel». Dat is geen getal."),
        ({"properties": {"aantal_inwoners": 10**30}}, "Dat is geen getal."),
        ({"properties": {"aantal_inwoners": True}}, "Dat is geen getal."),
        ({"properties": {"buurtcode": "BU0344"}}, "«BU0344» is geen buurtcode"),
        ({"properties": {"jaar": 2021}}, "een kaart is van één jaar"),
    ],
)  # fmt: skip
def test_a_feature_that_is_not_right_is_named(server, run, change, words):
    feature = server.maps[2022]["buurten"][0]
    change = {key: feature[key] | value if key == "properties" else value for key, value in change.items()}
    server.maps[2022]["buurten"][0] = feature | change
    assert words in run.refused(TESTSTAD)


def test_a_page_without_any_shape_is_named_by_feature(server, run):
    for feature in server.maps[2022]["buurten"][2:4]:
        feature["geometry"] = None
    assert "regel 3: BU03440103 heeft geen vorm\nregel 4: BU03440104 heeft geen vorm" in run.refused(TESTSTAD)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--years", "2022"], "Noem een of meer gemeenten"),
        ([TESTSTAD, "--all", "--years", "2022"], "of geef --all op voor heel Nederland"),
        (["Teststad", "--years", "2022"], "is geen gemeentecode"),
        ([TESTSTAD, "--years", "1066"], "1066 kan niet"),
        (["--years", "2022", TESTSTAD], "«GM0344» is geen jaar. Zet gemeenten vóór --years."),
        ([TESTSTAD, "--years", "2022", "--cbs-table", "85318NED"], "schrijf --cbs-table als JAAR=TABEL"),
        ([TESTSTAD, "--years", "2022", "--cbs-table", "2022=../geheim"], "schrijf --cbs-table als JAAR=TABEL"),
    ],
)  # fmt: skip
def test_a_wrong_order_asks_nobody(server, settings, tmp_path, words, message):
    settings.VAR_DIR = tmp_path
    with pytest.raises(CommandError) as refused:
        command(server, *words)
    assert message in str(refused.value)
    assert server.asked == []


def test_a_full_disk_is_no_traceback(server, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    (tmp_path / "opgehaald").write_text("geen map")
    with pytest.raises(CommandError, match="Kan niet schrijven in"):
        command(server, TESTSTAD, "--years", "2022")


# --- real data in the form of the services ---


def test_baarn_over_the_line_is_baarn_from_files(shared_data, work, db):
    """Map of 2024, figures of 2018 and 2022: the same figures and classes, and shapes within a metre."""
    folder = shared_data / "baarn"
    maps = {2024: real_layers(folder / "wijkenbuurten_2024.gpkg", "GM0308", "Baarn")}
    tables = {TABLES[year]: real_rows(folder / f"kerncijfers_{year}.csv") for year in (2018, 2022)}
    with OpenDataServer(maps, tables, page=10) as server:
        Run(server, work)("GM0308", years=(2018, 2022), map_years=(2024,))
    fetched = _everything(folder)
    Dataset.objects.all().delete()
    import_areas(folder / "wijkenbuurten_2024.gpkg")
    for year in (2018, 2022):
        import_indicators(folder / f"kerncijfers_{year}.csv")
    from_files = _everything(folder)
    assert fetched[:3] == from_files[:3]
    assert len(fetched[0]) == 21
    for code, shape in fetched[3].items():
        assert shape.hausdorff_distance(from_files[3][code]) < 1e-5, code


def _everything(folder):
    import_leefbaarometer(folder / "leefbaarometer_buurten_2002_2024.csv")
    compute_signals(year_from=2018, year_to=2022, municipality="GM0308")
    neighbourhoods = Area.objects.neighbourhoods()
    return (
        sorted(neighbourhoods.values_list("code", "name", "district", "change", "year")),
        sorted(Observation.objects.values_list("area_code", "year", "dataset__kind", "values", "missing"), key=str),
        sorted(Signal.objects.values_list("area__code", "signal_map__mode", "signal_class", "composition"), key=str),
        {area.code: shapely.from_geojson(area.geometry) for area in neighbourhoods},
    )
