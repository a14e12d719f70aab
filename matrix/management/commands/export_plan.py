from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.text import slugify

from matrix.management.writing import require_place, write
from matrix.models import Workshop
from matrix.plan.errors import PlanError
from matrix.plan.hands import crew
from matrix.plan.papers import paper_of
from matrix.plan.pdf import render
from matrix.plan.printing import ORGANISATION, Printing, printing

AT_A_TIME = 2  # processes


class Command(BaseCommand):
    help = "Schrijf het gezamenlijke plan van een sessie als PDF."

    def add_arguments(self, parser):
        parser.add_argument("code", help="de code van de sessie, zoals die in het webadres staat")
        parser.add_argument(
            "--edition", metavar="UITGAVE", default="intern",
            help="intern (gewoon), deelbaar, organisatie-NAAM, buurt-CODE of versie-NUMMER (alle drie ook met "
            "-deelbaar erachter), bewoners, of bewoners-CODE",
        )  # fmt: skip
        parser.add_argument("--output", metavar="BESTAND", type=Path, required=True)

    def handle(self, *, code, output, edition, **options):
        workshop = Workshop.objects.select_related("signal_map").filter(code=code).first()
        if workshop is None:
            raise CommandError(f"Er is geen sessie met code {code}. De code staat in het webadres: /sessie/CODE/.")
        asked = _asked(workshop, edition)
        require_place(output)
        try:
            with crew(AT_A_TIME) as hands:
                write(output, render(paper_of(workshop, asked), hands=hands))
        except PlanError as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"Kan {output} niet schrijven: {error.strerror}.") from None
        self.stdout.write(f"Het plan van {workshop} staat in {output}.")


def _asked(workshop, edition: str) -> Printing:
    """As the page names it; an organisation also by its name, in small letters with dashes."""
    for organisation in workshop.organisations.all():
        named = f"{ORGANISATION}-{slugify(organisation.name)}"
        if edition.lower() in (named, f"{named}-deelbaar"):
            return Printing(ORGANISATION, str(organisation.pk), edition.lower() != named)
    asked = printing(edition)
    if asked is None:
        raise CommandError(f"Onbekende uitgave: {edition}. Kijk met --help wat er kan.")
    return asked
