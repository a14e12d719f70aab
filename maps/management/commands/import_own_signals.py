from maps.importing import import_own_signals
from maps.management.base import ImportCommand


class Command(ImportCommand):
    help = (
        "Lees de klasse per buurt in die een corporatie zelf kreeg (CSV of xlsx met buurtcode, klasse, bron, "
        "peiljaren). Zorg dat iedereen in de sessie die klasse mag zien. Alles of niets."
    )
    importer = import_own_signals
