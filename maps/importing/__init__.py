"""Read a file, check it, store all of it or nothing. The same code for the commands and the upload page."""

from maps.importing.areas import import_areas
from maps.importing.crimes import import_crimes
from maps.importing.indicators import import_indicators
from maps.importing.leefbaarometer import import_leefbaarometer
from maps.importing.own_signals import import_own_signals
from maps.importing.problems import ImportRefused, Problem

__all__ = [
    "ImportRefused",
    "Problem",
    "import_areas",
    "import_crimes",
    "import_indicators",
    "import_leefbaarometer",
    "import_own_signals",
]
