"""Files that cannot be read at all: always a Dutch sentence that says what to do, never a traceback."""

import io
import struct
import tracemalloc
import zipfile

import pytest

from maps.importing import (
    ImportRefused,
    import_areas,
    import_indicators,
    import_leefbaarometer,
    import_own_signals,
    reading,
    tables,
)
from maps.models import Dataset
from tests.maps.importfiles import buurten, geopackage, square, text, workbook, zipped_shapefile

pytestmark = pytest.mark.django_db


def message_of(importer, path, **options):
    with pytest.raises(ImportRefused) as refused:
        importer(path, **options)
    assert not Dataset.objects.exists()
    return str(refused.value)


def zip_with(path, entries):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


def truncated(path, share):
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    return path


PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 8
VRT = b"<OGRVRTDataSource><OGRVRTLayer name='x'><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer>"


@pytest.mark.parametrize("importer", [import_areas, import_indicators, import_leefbaarometer])
@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("leeg.csv", b"", "is leeg"),
        ("leeg.gpkg", b"", "is leeg"),
        ("plaatje.png", PNG, "is geen bestand dat hier kan worden ingelezen"),
        ("kern.xls", PNG, "is geen bestand dat hier kan worden ingelezen"),
        ("zonder", b"x", "is geen bestand dat hier kan worden ingelezen"),
    ],
)
def test_wrong_kinds(tmp_path, importer, name, content, message):
    path = tmp_path / name
    path.write_bytes(content)
    assert message in message_of(importer, path)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("junk.csv", PNG, "is geen tekst"),
        ("junk.csv", b"PK\x03\x04rest", "geen CSV maar een zip- of Excelbestand"),
        ("oud.csv", b"\xd0\xcf\x11\xe0rest", "geen CSV maar een oud Excelbestand"),
        ("junk.csv", "buurtcode;jaar".encode("utf-16"), "tekst in UTF-16"),
        ("junk.csv", b"buurtcode;jaar\n\x81\x8d;5\n", "is geen leesbare tekst"),
        ("een.csv", b"hallo\n", "geen kolom met buurtcodes gevonden"),
        ("kop.csv", b"buurtcode;aantal_inwoners;jaar\n", "heeft een kop, maar geen regels"),
        ("af.csv", b"buurtcode;jaar;woningen\nBU03440111;2024;5\nBU0344", "regel 3: het bestand is hier"),
        ("junk.xlsx", b"buurtcode;jaar\n", "is geen Excelbestand"),
        ("slot.xlsx", b"\xd0\xcf\x11\xe0rest", "of het heeft een wachtwoord"),
        ("half.xlsx", b"PK\x03\x04rest", "is beschadigd of afgebroken"),
    ],
)  # fmt: skip
def test_tables_that_are_something_else(tmp_path, name, content, message):
    path = tmp_path / name
    path.write_bytes(content)
    assert message in message_of(import_indicators, path)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("junk.gpkg", PNG, "is geen GeoPackage"),
        ("vrt.gpkg", VRT, "is geen GeoPackage"),  # GDAL would open what it points to
        ("leeg.gpkg", b"SQLite format 3\x00" + bytes(84), "is beschadigd"),
        ("junk.geojson", b"hallo", "is geen GeoJSON"),
        ("vrt.geojson", VRT, "is geen GeoJSON"),
        ("ander.json", b'{"naam": 1}', "is beschadigd"),
        (
            "half.geojson",
            b'{"type": "FeatureCollection", "features": [{"type": "Feature", "prop',
            "is beschadigd",
        ),
        ("junk.zip", PNG, "is geen zipbestand"),
    ],
)
def test_maps_that_are_something_else(tmp_path, name, content, message):
    path = tmp_path / name
    path.write_bytes(content)
    assert message in message_of(import_areas, path)


@pytest.mark.parametrize("share", [0.05, 0.5, 0.95])
def test_a_truncated_geopackage(tmp_path, share):
    path = geopackage(tmp_path / "b.gpkg", {"buurten": (buurten(*(f"BU0344{n:04}" for n in range(50))), None)})
    assert "is beschadigd" in message_of(import_areas, truncated(path, share))


@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_truncated_zip(tmp_path, share):
    path = zipped_shapefile(tmp_path / "b.zip", {"BU_CODE": ["BU03440111"]})
    assert "afgebroken" in message_of(import_areas, truncated(path, share), year=2016)


def test_missing_files_and_folders(tmp_path):
    assert "bestaat niet" in message_of(import_areas, tmp_path / "weg.gpkg")
    assert "is een map" in message_of(import_indicators, tmp_path)


def test_a_file_that_may_not_be_read(tmp_path, monkeypatch):
    path = text(tmp_path / "k.csv", "buurtcode;jaar")

    def refuse(*args, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "open", refuse)
    assert "is niet te lezen" in message_of(import_indicators, path)


@pytest.mark.parametrize("importer", [import_indicators, import_own_signals])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_two_million_rows_are_refused_before_they_fill_the_memory(tmp_path, importer, end):
    path = tmp_path / "k.csv"
    path.write_bytes(b"buurtcode;klasse;bron;jaar;aantal_inwoners" + end + (b"BU03440111;A;B;2024;5" + end) * 2_000_100)
    tracemalloc.start()
    try:
        assert "meer dan 2.000.000 regels. Neem een kleiner deel." in message_of(importer, path)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_limits_on_size_and_rows(tmp_path, monkeypatch):
    path = text(tmp_path / "k.csv", "buurtcode;jaar;aantal_inwoners", *["BU03440111;2024;5"] * 20)
    monkeypatch.setattr(tables, "MAX_ROWS", 10)
    assert "meer dan 2.000.000 regels" in message_of(import_indicators, path)
    monkeypatch.setattr(reading, "MAX_BYTES", 10)
    assert "groter dan 1 GB" in message_of(import_indicators, path)


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ({"../../weg.shp": b"x"}, "onveilige bestandsnaam"),
        ({"/etc/weg.shp": b"x"}, "onveilige bestandsnaam"),
        ({"C:\\weg.shp": b"x"}, "onveilige bestandsnaam"),
        ({"lees.txt": b"x"}, "bevat geen shapefile"),
        ({"b.shp": b"x"}, "horen ook een .dbf en een .shx"),
        ({"b.shp": VRT, "b.dbf": b"x", "b.shx": b"x"}, "is geen shapefile"),
        ({"b.gpkg": VRT}, "is geen GeoPackage"),
    ],
)
def test_zips_that_are_refused(tmp_path, entries, message):
    assert message in message_of(import_areas, zip_with(tmp_path / "b.zip", entries))


@pytest.mark.parametrize(("importer", "name"), [(import_areas, "bom.zip"), (import_indicators, "bom.xlsx")])
def test_a_zip_bomb_is_not_unpacked(tmp_path, importer, name):
    """42 kB that claim to be 4 GB."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("b.shp", bytes(100_000))
    raw = bytearray(content.getvalue())
    entry = raw.index(b"PK\x01\x02")
    raw[entry + 24 : entry + 28] = struct.pack("<I", 4_000_000_000)
    (tmp_path / name).write_bytes(raw)
    assert "uitgepakt groter dan 1 GB" in message_of(importer, tmp_path / name)


def test_a_zip_with_a_password(tmp_path):
    path = zip_with(tmp_path / "b.zip", {"b.shp": b"x"})
    raw = bytearray(path.read_bytes())
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(raw)
    assert "heeft een wachtwoord" in message_of(import_areas, path)


def test_an_xlsx_without_a_table(tmp_path):
    assert "geen kolom met buurtcodes" in message_of(import_indicators, workbook(tmp_path / "k.xlsx", ["a", "b"]))
    assert "beschadigd" in message_of(import_indicators, zip_with(tmp_path / "k.xlsx", {"xl/workbook.xml": "<"}))


def test_a_map_without_buurten_says_what_it_found(tmp_path):
    path = geopackage(tmp_path / "b.gpkg", {"wegen": ({"naam": ["A1"]}, [square()])})
    assert "Gevonden: «wegen»" in message_of(import_areas, path)
