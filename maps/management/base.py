"""What the import commands share: a file, its year and municipality, and a report that helps to repair it."""

from collections.abc import Callable
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from maps.importing import ImportRefused
from maps.importing.codes import WHERE_YEAR
from maps.importing.words import number_of
from maps.models import Dataset


class ImportCommand(BaseCommand):
    """A command names its `importer`; problems go to stderr, one a line, and nothing is stored."""

    importer = None

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path, metavar="BESTAND")
        parser.add_argument(
            "--year", type=int, metavar="JAAR", help="alleen nodig als het bestand geen kolom «jaar» heeft"
        )
        parser.add_argument(
            "--municipality", metavar="GMxxxx", help="lees alleen deze gemeente in, bijvoorbeeld GM0308"
        )

    def handle(self, *, path, year, municipality, **options):
        try:
            dataset = type(self).importer(path, year=year, municipality=municipality)
        except ImportRefused as refused:
            for problem in refused.problems:
                self.stderr.write(str(problem).replace(WHERE_YEAR, "met --year"))
            raise CommandError(f"Niets ingelezen uit {path}: verbeter het bovenstaande.") from None
        report(dataset, self.stdout.write)


def report(dataset: Dataset, write: Callable[[str], None]) -> None:
    """What was stored, from which source, and what the reader should know of it; a line each."""
    write(f"Ingelezen: {dataset}, {number_of(dataset.rows, 'regel', 'regels')}, {_municipalities(dataset)}.")
    write(f"Bron: {dataset.source}" + (f" ({dataset.licence})." if dataset.licence else "."))
    for note in dataset.notes:
        write(note)


def _municipalities(dataset) -> str:
    names = dataset.municipalities
    return f"gemeente {names[0]}" if len(names) == 1 else f"{len(names)} gemeenten"
