"""CBS Kerncijfers wijken en buurten: a wide CSV or xlsx, one row a buurt, of one year or more."""

from pathlib import Path

from maps.importing.figures import Source, import_figures
from maps.indicators import CBS
from maps.models import Dataset

KERNCIJFERS = Source(kind=Dataset.Kind.INDICATORS, publisher=CBS, name=CBS, licence="CC BY 4.0")


def import_indicators(path: Path, *, year=None, municipality=None, by=None, file_name=None) -> Dataset:
    return import_figures(KERNCIJFERS, path, year=year, municipality=municipality, by=by, file_name=file_name)
