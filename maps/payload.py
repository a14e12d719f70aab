"""The shapes of a map as the browser gets them: small, apart from what they mean, compressed once per content.

A year of shapes changes only when it is imported again, so the address carries that import and the browser keeps what
it has. The values of an edition travel with the page: 500 of them are a few kilobytes.
"""

import gzip
import json
from dataclasses import dataclass

from django.core.cache import caches
from django.db.models import Max
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified

from maps.models import Area
from maps.topology import Shape, as_text, topojson

TOLERANCE = 18e-5  # degrees, 20 metres north and 12 east: a pixel on a map of a municipality
COUNTRY_TOLERANCE = 300e-5
COUNTRY_STEP = 200e-5
FORMAT = 1  # raise it when the same shapes are written in another way
YEAR = 60 * 60 * 24 * 365


@dataclass(frozen=True)
class Compressed:
    brotli: bytes
    gzip: bytes


def version_of(areas) -> str:
    """Changes when any of these areas (a queryset) is imported again, also into another database."""
    last = areas.aggregate(last=Max("dataset__imported_at"))["last"]
    return f"{FORMAT}-{int(last.timestamp() * 1_000_000):x}" if last else f"{FORMAT}"


def buurten(municipality: str, year: int):
    return Area.objects.neighbourhoods().in_municipality(municipality).in_division(year)


def buurten_answer(request: HttpRequest, municipality: str, year: int) -> HttpResponse:
    """The shapes of one municipality as TopoJSON."""
    areas = buurten(municipality, year)
    return _answer(request, f"{municipality}-{year}", areas, tolerance=TOLERANCE)


def municipalities_answer(request: HttpRequest, areas) -> HttpResponse:
    """Outlines of municipalities, for the map of the country."""
    return _answer(request, "gemeenten", areas, tolerance=COUNTRY_TOLERANCE, step=COUNTRY_STEP)


def _answer(request: HttpRequest, name: str, areas, **how) -> HttpResponse:
    version = version_of(areas)
    etag = f'"{name}-{version}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified()
    key = f"shapes:{name}:{version}"
    found = caches["shapes"].get(key)
    if found is None:
        found = _compressed(_topology(areas, **how))
        caches["shapes"].set(key, found, None)
    response = _encoded(request, found)
    response["ETag"] = etag
    response["Vary"] = "Accept-Encoding, Cookie"
    fresh = request.GET.get("v") == version
    response["Cache-Control"] = f"private, max-age={YEAR}, immutable" if fresh else "private, no-cache"
    return response


def _topology(areas, *, tolerance: float, **how) -> str:
    import numpy
    import shapely

    rows = list(areas.exclude(geometry="").order_by("code").values_list("code", "geometry", "label_x", "label_y"))
    shapes = shapely.from_geojson([geometry for _, geometry, *_ in rows])
    simple = shapely.coverage_simplify(shapes, tolerance) if len(rows) else shapes
    kept = numpy.where(shapely.is_empty(simple), shapes, simple) if len(rows) else shapes
    return as_text(
        topojson(
            (
                Shape(code, json.loads(text), (x, y))
                for (code, _, x, y), text in zip(rows, shapely.to_geojson(kept), strict=True)
            ),
            **how,
        )
    )


def _compressed(text: str) -> Compressed:
    import brotli

    body = text.encode()
    return Compressed(brotli.compress(body, quality=11), gzip.compress(body, 9, mtime=0))


def _encoded(request: HttpRequest, found: Compressed) -> HttpResponse:
    """Browsers take brotli over https only; in a community centre without it they take gzip."""
    accepted = {part.split(";")[0].strip() for part in request.headers.get("Accept-Encoding", "").split(",")}
    for encoding, body in (("br", found.brotli), ("gzip", found.gzip)):
        if encoding in accepted:
            return HttpResponse(body, content_type="application/json", headers={"Content-Encoding": encoding})
    return HttpResponse(gzip.decompress(found.gzip), content_type="application/json")
