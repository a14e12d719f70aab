"""Layers of a GeoPackage, GeoJSON or zipped shapefile, opened by GDAL but never by guessing.

GDAL looks at the content, not at the name: a text file called .gpkg can point it to any other file or web
address. So the content is first compared with what the name promises.
"""

import re
import shutil
import tempfile
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from maps.importing.problems import ImportRefused
from maps.importing.reading import MAX_ROWS, check_file, checked_zip, starts_with

if TYPE_CHECKING:
    import numpy
    import pandas

GEOPACKAGE = b"SQLite format 3\x00"
SHAPEFILE = b"\x00\x00\x27\x0a"
GEOJSON_DRIVER = "GeoJSON:"
JSON_START = re.compile(rb"(\xef\xbb\xbf)?\s*\{")
SHAPE_SUFFIXES = {".gpkg", ".geojson", ".json", ".zip"}
SHAPEFILE_PARTS = {".shp", ".shx", ".dbf", ".prj", ".cpg"}


@dataclass(frozen=True)
class Layer:
    source: str  # for GDAL
    name: str
    columns: list[str]

    @property
    def is_geojson(self) -> bool:
        return self.source.startswith(GEOJSON_DRIVER)


@dataclass(frozen=True)
class Features:
    """`table` has the chosen columns by feature, numbered from 1; `shapes` goes with it."""

    table: "pandas.DataFrame"
    shapes: "numpy.ndarray"
    crs: str | None

    def where(self, mask: "numpy.ndarray") -> "Features":
        return Features(self.table[mask], self.shapes[mask], self.crs)


@contextmanager
def open_layers(path: Path, name: str) -> Iterator[list[Layer]]:
    suffix = check_file(path, name, SHAPE_SUFFIXES)
    with tempfile.TemporaryDirectory() as folder:
        sources = _unpack(path, name, Path(folder)) if suffix == ".zip" else [_source(path, name, suffix)]
        yield [layer for source in sources for layer in _layers(source, name)]


def _source(path: Path, name: str, suffix: str) -> str:
    if suffix == ".gpkg" and not starts_with(path, GEOPACKAGE):
        raise ImportRefused(f"«{name}» is geen GeoPackage. Download het bestand opnieuw.")
    if suffix == ".shp" and not starts_with(path, SHAPEFILE):
        raise ImportRefused(f"«{path.name}» in «{name}» is geen shapefile. Download het bestand opnieuw.")
    if suffix in {".geojson", ".json"}:
        with path.open("rb") as file:
            if not JSON_START.match(file.read(1024)):
                raise ImportRefused(f"«{name}» is geen GeoJSON. Download het bestand opnieuw.")
        return f"{GEOJSON_DRIVER}{path.resolve()}"
    return str(path.resolve())


def _unpack(path: Path, name: str, folder: Path) -> list[str]:
    """The shapefiles in the archive, else its one GeoPackage (CBS packs it so); names are our own."""
    if not zipfile.is_zipfile(path):
        raise ImportRefused(f"«{name}» is geen zipbestand of is afgebroken. Download het bestand opnieuw.")
    entries = checked_zip(path, name)
    chosen = [entry for entry in entries if Path(entry.filename).suffix.lower() in SHAPEFILE_PARTS]
    if not any(entry.filename.lower().endswith(".shp") for entry in chosen):
        chosen = [entry for entry in entries if entry.filename.lower().endswith(".gpkg")][:1]
    if not chosen:
        raise ImportRefused(f"«{name}» bevat geen shapefile (.shp) en geen GeoPackage (.gpkg).")
    unpacked = []
    try:
        with zipfile.ZipFile(path) as archive:
            for entry in chosen:
                target = folder / re.sub(r"[^\w.-]", "_", Path(entry.filename.replace("\\", "/")).name)
                target = target.with_suffix(target.suffix.lower())
                with archive.open(entry) as source, target.open("wb") as file:
                    shutil.copyfileobj(source, file)
                unpacked.append(target)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise ImportRefused(f"«{name}» is beschadigd of afgebroken. Download het opnieuw.") from error
    openable = [file for file in unpacked if file.suffix in {".shp", ".gpkg"}]
    for file in openable:
        if file.suffix == ".shp" and not all(file.with_suffix(part).exists() for part in (".dbf", ".shx")):
            raise ImportRefused(f"«{name}»: bij {file.name} horen ook een .dbf en een .shx. Pak die mee in.")
    return [_source(file, name, file.suffix) for file in openable]


def _damaged(name: str) -> ImportRefused:
    return ImportRefused(f"«{name}» is beschadigd, afgebroken of van een andere soort. Download het opnieuw.")


def _layers(source: str, name: str) -> list[Layer]:
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about kinds of geometry; every shape is checked later
            found = []
            for layer, kind in pyogrio.list_layers(source):
                info = pyogrio.read_info(source, layer=layer)
                if info["features"] > MAX_ROWS:
                    raise ImportRefused(f"«{name}» heeft meer dan 2.000.000 vormen. Neem een kleiner deel.")
                if kind is not None:
                    found.append(Layer(source, layer, [str(column) for column in info["fields"]]))
    except (DataSourceError, DataLayerError, RuntimeError, ValueError) as error:
        raise _damaged(name) from error
    return found


def read_features(layer: Layer, columns: list[str], name: str) -> Features:
    import numpy
    import pandas
    import pyogrio
    import shapely
    from pyogrio.errors import DataSourceError, FeatureError, FieldError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            meta, _, geometries, fields = pyogrio.raw.read(
                layer.source, layer=layer.name, columns=columns, force_2d=True
            )
    except (DataSourceError, FeatureError, FieldError, RuntimeError, ValueError) as error:
        raise _damaged(name) from error
    table = pandas.DataFrame(dict(zip(meta["fields"], map(_plain, fields), strict=True)), dtype=object)
    table.index = numpy.arange(1, len(geometries) + 1)
    shapes = shapely.from_wkb(geometries, on_invalid="ignore")
    return Features(table, shapes, meta["crs"])


def _plain(values: "numpy.ndarray") -> "numpy.ndarray":
    """Numbers and text as they are, nothing as ''. A 4-byte 34.2 would become 34.200001 in 8 bytes."""
    import numpy
    import pandas

    if values.dtype == numpy.float32:
        values = values.astype(float).round(5)
    plain = values.astype(object)
    plain[pandas.isna(plain)] = ""
    return plain
