from django.core.management.base import BaseCommand, CommandError

from matrix.models import PlanVersion
from matrix.plan.canonical import fingerprint, shown


class Command(BaseCommand):
    help = "Reken de vingerafdruk van een vastgestelde versie na, uit wat ervan is bewaard."

    def add_arguments(self, parser):
        parser.add_argument("code", help="de code van de sessie, zoals die in het webadres staat")
        parser.add_argument("number", type=int, metavar="VERSIE")

    def handle(self, *, code, number, **options):
        version = PlanVersion.objects.filter(workshop__code=code, number=number).first()
        if version is None:
            raise CommandError(f"Er is geen versie {number} van een sessie met code {code}.")
        found = fingerprint(version.content)
        if found != version.fingerprint:
            raise CommandError(
                f"Versie {number} klopt niet: de inhoud heeft vingerafdruk {shown(found, groups=16)}, "
                f"vastgesteld is {shown(version.fingerprint, groups=16)}."
            )
        self.stdout.write(f"Versie {number} klopt. Vingerafdruk {shown(found, groups=16)}.")
