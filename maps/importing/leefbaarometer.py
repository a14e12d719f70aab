"""Leefbaarometer 3.0, scores per buurt: `bu_code, bu_naam, jaar, lbm, afw, fys, onv, soc, vrz, won`.

Older files lack afw, won and names. A row without any score is a buurt that has none: not stored.
"""

from pathlib import Path

from maps.importing.figures import Source, import_figures
from maps.indicators import BZK
from maps.models import Dataset

LEEFBAAROMETER = Source(
    kind=Dataset.Kind.LEEFBAAROMETER,
    publisher=BZK,
    name=BZK,
    licence="CC0",
    name_has_years=False,
    own_year=False,
    skip_empty_rows=True,
)


def import_leefbaarometer(path: Path, *, year=None, municipality=None, by=None, file_name=None) -> Dataset:
    return import_figures(LEEFBAAROMETER, path, year=year, municipality=municipality, by=by, file_name=file_name)
