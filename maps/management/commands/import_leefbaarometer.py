from maps.importing import import_leefbaarometer
from maps.management.base import ImportCommand


class Command(ImportCommand):
    help = "Lees scores van de Leefbaarometer 3.0 per buurt in (CSV of xlsx). Alles of niets."
    importer = import_leefbaarometer
