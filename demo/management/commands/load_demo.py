from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from demo.loading import USERNAME, CannotLoad, load, password
from matrix.models import Organisation

SHOWN = (Organisation.Kind.CORPORATION, Organisation.Kind.TENANTS)


class Command(BaseCommand):
    help = "Zet de fictieve gemeente Merelveen met een halve gebiedssessie klaar. Wat er al staat, blijft."

    def add_arguments(self, parser):
        parser.add_argument(
            "--reset", action="store_true", help="bouw de demo opnieuw op; wat er is ingevuld, gaat weg"
        )

    def handle(self, *, reset, **options):
        try:
            workshop = load(reset=reset)
        except CannotLoad as error:
            raise CommandError(str(error)) from None
        lines = [
            f"De demo staat klaar: {workshop}",
            "Gemeente, organisaties, mensen en cijfers zijn verzonnen.",
            "",
            f"Open        {settings.BASE_URL}{reverse('home')}",
            f"Begeleider  {USERNAME}",
            f"Wachtwoord  {password()}",
            "",
            "Of doe mee met een stoelcode, zonder account:",
        ]
        for organisation in workshop.organisations.filter(kind__in=SHOWN).order_by("pk"):
            address = settings.BASE_URL + reverse("seat", args=[organisation.seat_code])
            lines.append(f"  {organisation.seat_code}  {organisation.name}: {address}")
        self.stdout.write("\n".join(lines))
