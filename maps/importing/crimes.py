"""Police-registered crimes: `code, jaar, misdrijven`. Shown beside the signal, never mixed in.

The police give all years in the division of today, so a code of any imported division is right.
"""

from pathlib import Path

from maps.importing.figures import Source, import_figures
from maps.indicators import POLICE
from maps.models import Dataset

MISDRIJVEN = Source(
    kind=Dataset.Kind.CRIMES,
    publisher=POLICE,
    name=POLICE,
    licence="CC BY 4.0",
    own_year=False,
)


def import_crimes(path: Path, *, year=None, municipality=None, by=None, file_name=None) -> Dataset:
    return import_figures(MISDRIJVEN, path, year=year, municipality=municipality, by=by, file_name=file_name)
