from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from maps.exporting import signals_csv
from maps.models import SignalMap


class Command(BaseCommand):
    help = "Schrijf de signalen als CSV: per gemeente de film die het laatst berekend is, of de gekozen editie."

    def add_arguments(self, parser):
        parser.add_argument("--municipality", metavar="GMxxxx")
        parser.add_argument("--output", metavar="BESTAND", help="anders naar het scherm")
        parser.add_argument("--mode", choices=SignalMap.Mode.values, default="film")
        parser.add_argument("--from", dest="year_from", type=int, metavar="JAAR")
        parser.add_argument("--to", dest="year_to", type=int, metavar="JAAR")
        parser.add_argument("--reference", choices=SignalMap.Reference.values)

    def handle(self, *, municipality, output, **options):
        chosen = {key: options[key] for key in ("mode", "year_from", "year_to", "reference") if options[key]}
        if municipality:
            chosen["municipality"] = municipality
        newest = {}
        for edition in SignalMap.objects.current().filter(**chosen).order_by("computed_at", "pk"):
            newest[edition.municipality] = edition
        if not newest:
            raise CommandError("Er is nog geen kaart berekend die hierbij past. Gebruik eerst compute_signals.")
        text = signals_csv(newest[code] for code in sorted(newest))
        if not output:
            self.stdout.write(text, ending="")
            return
        try:
            Path(output).write_text(text, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"Kan {output} niet schrijven: {error.strerror}.") from None
        self.stdout.write(f"{text.count(chr(10)) - 1} regels geschreven naar {output}.")
