from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from matrix.exchange.carrying import export
from matrix.management.writing import require_place, write
from matrix.models import Workshop


class Command(BaseCommand):
    help = "Bewaar een hele sessie in één bestand, om haar op een andere computer in te lezen."

    def add_arguments(self, parser):
        parser.add_argument("code", help="de code van de sessie, zoals die in het webadres staat")
        parser.add_argument("--output", metavar="BESTAND", type=Path, required=True)

    def handle(self, *, code, output, **options):
        workshop = Workshop.objects.filter(code=code).first()
        if workshop is None:
            raise CommandError(f"Er is geen sessie met code {code}. De code staat in het webadres: /sessie/CODE/.")
        require_place(output)
        try:
            write(output, export(workshop), mode=0o600)
        except OSError as error:
            raise CommandError(f"Kan {output} niet schrijven: {error.strerror}.") from None
        self.stdout.write(f"{workshop} staat in {output}. Bewaar dit bestand goed: er staan stoelcodes in.")
