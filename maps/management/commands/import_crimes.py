from maps.importing import import_crimes
from maps.management.base import ImportCommand


class Command(ImportCommand):
    help = "Lees misdrijven per buurt in (CSV of xlsx met code, jaar, misdrijven). Alles of niets."
    importer = import_crimes
