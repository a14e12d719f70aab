from maps.importing import import_indicators
from maps.management.base import ImportCommand


class Command(ImportCommand):
    help = "Lees kerncijfers per buurt van CBS in (CSV of xlsx). Alles of niets."
    importer = import_indicators
