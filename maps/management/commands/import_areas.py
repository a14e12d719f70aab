from maps.importing import import_areas
from maps.management.base import ImportCommand


class Command(ImportCommand):
    help = "Lees de CBS Wijk- en Buurtkaart in (GeoPackage, GeoJSON of gezipte shapefile). Alles of niets."
    importer = import_areas
