"""The signal map: what goes over the wire, how soon it is painted, how quick it switches, and the whole country.

python -m benchmarks.map        needs Chromium; the real data where ../shared/data is there
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"
BUURTEN = 500
SEED = 7
CODE = "GM9500"
PASSWORD = "meten-is-weten-500"
RUNS = 5


def measure():
    """In a fresh folder and database; prints a line a figure."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"VAR_DIR": folder, "DATABASE_URL": f"sqlite:///{folder}/kaart.sqlite3", "DEBUG": "off"}
        from benchmarks.__main__ import setup

        setup()
        from django.core.management import call_command

        call_command("collectstatic", verbosity=0, interactive=False)
        call_command("migrate", verbosity=0)
        raw = make_municipality(Path(folder))
        payload("500 gemaakte buurten", CODE, raw)
        for name, code, path in (
            ("Baarn", "GM0308", DATA / "baarn/wijkenbuurten_2024.gpkg"),
            ("Utrecht", "GM0344", DATA / "utrecht/wijkenbuurten_2024.gpkg"),
        ):
            if path.exists():
                from maps.importing import import_areas

                import_areas(path)
                payload(name, code, raw_geojson(path))
        queries()
        with served(folder) as address:
            browser(address)
        if DATA.exists():
            country()


# --- a municipality of our own ---


def make_municipality(folder: Path) -> str:
    """500 wriggling Voronoi cells of some 370 vertices that share their borders exactly; their raw GeoJSON."""
    import numpy
    import pyogrio
    import shapely
    from django.contrib.auth.models import User

    from maps.importing import import_areas
    from maps.models import Area, Observation
    from tests.factories import figures

    random = numpy.random.default_rng(SEED)
    points = random.random((BUURTEN, 2)) * 15_000 + [140_000, 450_000]
    square = shapely.box(140_000, 450_000, 155_000, 465_000)
    cells = shapely.intersection(shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(points))), square)

    def wriggle(xy):
        x, y = xy.T
        along = 18 * numpy.sin(x / 20) + 14 * numpy.cos(y / 14) + 6 * numpy.sin((x + y) * 0.31)
        across = 16 * numpy.cos(x * 0.06 + y * 0.04)
        return xy + numpy.column_stack([along, across])

    shapes = shapely.make_valid(shapely.transform(shapely.segmentize(cells, 8.0), wriggle))
    codes = [f"BU9500{i:04}" for i in range(BUURTEN)]
    path = folder / "kaart.gpkg"
    fields = {
        "buurtcode": codes, "buurtnaam": [f"Buurt {i}" for i in range(BUURTEN)], "wijkcode": ["WK950000"] * BUURTEN,
        "gemeentecode": [CODE] * BUURTEN, "gemeentenaam": ["Meetdorp"] * BUURTEN, "jaar": [2022] * BUURTEN,
    }  # fmt: skip
    pyogrio.raw.write(
        path, shapely.to_wkb(shapes), [numpy.array(v) for v in fields.values()], list(fields), layer="buurten",
        geometry_type="MultiPolygon", crs="EPSG:28992", promote_to_multi=True, driver="GPKG",
    )  # fmt: skip
    dataset = import_areas(path, year=2022)
    assert Area.objects.neighbourhoods().in_municipality(CODE).count() == BUURTEN
    Observation.objects.bulk_create(
        Observation(dataset=dataset, area_code=code, year=year, values=figures(i, t))
        for i, code in enumerate(codes)
        for t, year in enumerate((2018, 2022))
    )
    User.objects.create_user("meter", password=PASSWORD)
    vertices = shapely.get_num_coordinates(shapes).mean()
    print(f"{BUURTEN} gemaakte buurten van gemiddeld {vertices:.0f} hoekpunten")
    return raw_geojson(path)


def raw_geojson(path: Path) -> str:
    """Every feature of the source as GeoJSON at full precision, in WGS84."""
    import pyogrio
    import shapely
    from pyproj import Transformer

    _, _, geometries, (codes,) = pyogrio.raw.read(path, layer="buurten", columns=["buurtcode"], force_2d=True)
    transformer = Transformer.from_crs(28992, 4326, always_xy=True)
    shapes = shapely.transform(shapely.from_wkb(geometries), transformer.transform, interleaved=False)
    features = ",".join(
        f'{{"type":"Feature","properties":{{"code":"{code}"}},"geometry":{shape}}}'
        for code, shape in zip(codes, shapely.to_geojson(shapes), strict=True)
    )
    return f'{{"type":"FeatureCollection","features":[{features}]}}'


# --- over the wire ---


def payload(name: str, code: str, raw: str):
    import brotli

    from maps import payload as shapes
    from maps.models import Area

    year = Area.objects.neighbourhoods().in_municipality(code).order_by("-year").first().year
    start = time.process_time()
    text = shapes._topology(shapes.buurten(code, year), tolerance=shapes.TOLERANCE)
    built = time.process_time() - start
    sent, whole = len(shapes._compressed(text).brotli), len(brotli.compress(raw.encode(), quality=11))
    print(
        f"vormen {name}: {sent / 1000:.1f} kB, {sent / whole:.1%} van de ruwe GeoJSON ({whole / 1000:.0f} kB), "
        f"beide met brotli; {built:.2f} CPU s, één keer per inhoud"
    )


# --- on the server ---


def queries():
    """The page with its table: milliseconds, bytes and queries for few and for many buurten."""
    from tests import factories

    for buurten in (24, 106):
        factories.municipality(f"GM9{buurten:03}", buurten=buurten)
    for code, buurten in (("GM9024", 24), ("GM9106", 106), (CODE, BUURTEN)):
        page(f"kaart en tabel, {buurten} buurten", f"/kaart/{code}/")


def page(name: str, address: str):
    from django.contrib.auth.models import User
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(SERVER_NAME="127.0.0.1", headers={"Accept-Encoding": "br"})
    client.force_login(User.objects.get())
    client.get(address)
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        answer = client.get(address)
        times.append(time.perf_counter() - start)
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    assert answer.status_code == 200, address
    found = f"{statistics.median(times) * 1000:.0f} ms, {len(answer.content) / 1000:.0f} kB"
    print(f"{name}: {found}, {len(captured)} queries")


# --- in the browser ---


@contextmanager
def served(folder):
    port = 8765
    address = f"http://127.0.0.1:{port}"
    environment = os.environ | {"BASE_URL": address}
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--port", str(port)], cwd=ROOT, env=environment,
        stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        for _ in range(100):
            try:
                urllib.request.urlopen(address, timeout=5).close()
                break
            except OSError:
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait()


WATCH = """
window.painted = new Promise((done) => {
  const look = () => {
    const map = document.querySelector("[data-painted]");
    if (map) requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now())));
    else requestAnimationFrame(look);
  };
  look();
});
window.bare = new Promise((done) => addEventListener("DOMContentLoaded", () =>
  requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now())))));
"""
SWITCH = """async (mode) => {
  const map = document.querySelector("[data-signal-map]");
  const before = map.dataset.shown;
  const start = performance.now();
  document.querySelector(`input[name=kaart][value=${mode}]`).click();
  while (map.dataset.shown === before) await new Promise((next) => setTimeout(next, 1));
  await new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)));
  return performance.now() - start;
}"""


def browser(address: str):
    from playwright.sync_api import sync_playwright

    from tests.e2e.installation import chromium

    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        chrome = playwright.chromium.launch(executable_path=chromium(), args=arguments)
        state = log_in(chrome, address)
        page = f"{address}/kaart/{CODE}/"
        with_map, without = [], []
        for _ in range(RUNS + 1):  # the first warms the server
            with_map.append(paint(chrome, state, page, "painted"))
            without.append(paint(chrome, state, page, "bare", block=("/vormen/", "leaflet.js", "signal-map")))
        both = statistics.median(with_map[1:]), statistics.median(without[1:])
        print(f"{BUURTEN} buurten: kaart getekend na {both[0]:.0f} ms; dezelfde pagina zonder kaart {both[1]:.0f} ms")
        switches(chrome, state, page)
        chrome.close()


def log_in(chrome, address) -> dict:
    context = chrome.new_context(base_url=address)
    page = context.new_page()
    page.goto("/inloggen/")
    page.fill("#id_username", "meter")
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    page.wait_for_url(f"{address}/")
    state = context.storage_state()
    context.close()
    return state


def paint(chrome, state, address, moment, block=()) -> float:
    """Milliseconds since navigation, in a browser that has nothing of the site yet."""
    context = chrome.new_context(storage_state=state, viewport={"width": 1366, "height": 768})
    context.add_init_script(WATCH)
    for part in block:
        context.route(f"**/*{part}*", lambda route: route.abort())
    page = context.new_page()
    page.goto(address, wait_until="commit")
    found = page.evaluate(f"window.{moment}")
    context.close()
    return found


def switches(chrome, state, address):
    context = chrome.new_context(storage_state=state, viewport={"width": 1366, "height": 768})
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector("[data-painted]")
    found = []
    for i in range(2 * RUNS):
        page.wait_for_timeout(900)  # somebody looks; meanwhile the page fetches the other of the two
        found.append(page.evaluate(SWITCH, ("foto", "film")[i % 2]))
    print(
        f"wisselen tussen film en foto, {BUURTEN} buurten: {statistics.median(found):.0f} ms (hoogste {max(found):.0f})"
    )
    context.close()


# --- the country ---


def country():
    """All buurten of the real data: import, compute, show."""
    from maps.computing import compute_signals
    from maps.importing import import_areas, import_leefbaarometer

    for name, work in (
        ("buurten inlezen", lambda: import_areas(DATA / "nl/wijkenbuurten_2024.gpkg")),
        ("Leefbaarometer inlezen", lambda: import_leefbaarometer(DATA / "nl/leefbaarometer_buurten_2024.csv")),
        ("foto 2024 berekenen", lambda: compute_signals(year_to=2024, reference="country")),
        ("nog eens, ongewijzigd", lambda: compute_signals(year_to=2024, reference="country")),
    ):
        start, begun = time.process_time(), time.perf_counter()
        work()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        cpu, wall = time.process_time() - start, time.perf_counter() - begun
        print(f"land, {name}: {cpu:.1f} CPU s ({wall:.1f} s), hoogste geheugen tot nu {peak:.0f} MB")
    for name, address in (
        ("overzicht van het land", "/kaart/"),
        ("vormen van de gemeenten", "/kaart/gemeenten.json"),
        ("kaart van Amsterdam (441 buurten)", "/kaart/GM0363/?kaart=foto&met=nederland"),
        ("kaart van Utrecht (106 buurten)", "/kaart/GM0344/?kaart=foto&met=nederland"),
    ):
        page(name, address)


if __name__ == "__main__":
    measure()
