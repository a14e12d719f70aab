"""Small files as people send them, for the tests of the importers."""

import json
import zipfile

import numpy
import pyogrio
import shapely

RD = "EPSG:28992"


def square(number=0, *, east=150_000, north=460_000, size=1000):
    """Squares of a kilometre in a row, each beside the one before."""
    return shapely.box(east + number * size, north, east + (number + 1) * size, north + size)


def buurten(*codes, jaar=2024, **columns):
    """Columns of a map: one buurt a code."""
    return {
        "buurtcode": list(codes),
        "buurtnaam": [f"Buurt {code[-2:]}" for code in codes],
        "gemeentenaam": ["Teststad"] * len(codes),
        "jaar": [jaar] * len(codes),
        **columns,
    }


def geojson(path, columns, shapes=None, crs="urn:ogc:def:crs:EPSG::28992"):
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    shapes = [square(n) for n in range(len(rows))] if shapes is None else shapes
    features = [
        {
            "type": "Feature",
            "properties": row,
            "geometry": None if shape is None else json.loads(shapely.to_geojson(shape)),
        }
        for row, shape in zip(rows, shapes, strict=True)
    ]
    collection = {"type": "FeatureCollection", "features": features}
    if crs:
        collection["crs"] = {"type": "name", "properties": {"name": crs}}
    path.write_text(json.dumps(collection))
    return path


def geopackage(path, layers, crs=RD, driver="GPKG"):
    """`layers`: name -> (columns, shapes or None for squares)."""
    for name, (columns, shapes) in layers.items():
        count = len(next(iter(columns.values())))
        shapes = [square(n) for n in range(count)] if shapes is None else shapes
        pyogrio.raw.write(
            path,
            numpy.array([shapely.to_wkb(shape) for shape in shapes], dtype=object),
            [numpy.array(values) for values in columns.values()],
            list(columns),
            layer=name if driver == "GPKG" else None,
            driver=driver,
            geometry_type="Unknown" if driver == "GPKG" else "Polygon",
            crs=crs,
            append=path.exists(),
        )
    return path


def zipped_shapefile(path, columns, shapes=None, crs=RD):
    geopackage(path.with_name("buurt_2016.shp"), {"": (columns, shapes)}, crs=crs, driver="ESRI Shapefile")
    with zipfile.ZipFile(path, "w") as archive:
        for part in path.parent.glob("buurt_2016.*"):
            archive.write(part, f"buurt_2016/{part.name}")
    return path


def text(path, *lines, encoding="utf-8"):
    path.write_bytes(("\n".join(lines) + "\n").encode(encoding))
    return path


def workbook(path, *rows, above=()):
    """An xlsx file; `above` are sheets before the one with these rows."""
    from openpyxl import Workbook

    book = Workbook()
    book.active.title = "Toelichting"
    sheets = [*above, rows]
    for number, content in enumerate(sheets):
        sheet = book.active if number == 0 else book.create_sheet()
        for row in content:
            sheet.append(row)
    book.save(path)
    return path
