from django.core.management.base import BaseCommand, CommandError

from maps.classification import SignalClass
from maps.computing import CannotCompute, compute_signals
from maps.models import SignalMap


class Command(BaseCommand):
    help = "Bereken de signaleringskaart: de film van het ene jaar naar het andere, en de foto van het laatste jaar."

    def add_arguments(self, parser):
        parser.add_argument("--from", dest="year_from", type=int, required=True, metavar="JAAR")
        parser.add_argument("--to", dest="year_to", type=int, required=True, metavar="JAAR")
        parser.add_argument("--reference", choices=SignalMap.Reference.values, default="municipality")
        parser.add_argument("--municipality", metavar="GMxxxx")

    def handle(self, *, year_from, year_to, reference, municipality, **options):
        try:
            editions = compute_signals(
                year_from=year_from, year_to=year_to, reference=reference, municipality=municipality
            )
        except CannotCompute as error:
            raise CommandError(str(error)) from None
        films = [edition for edition in editions if edition.is_film]
        total = sum(edition.signals.count() for edition in films)
        for edition in films:
            classless = edition.signals.filter(signal_class=SignalClass.INSUFFICIENT_DATA)
            if len(films) <= 5 and classless.count() == edition.signals.count():
                self.stdout.write(
                    f"Let op: in {edition.municipality} heeft geen buurt een klasse: {classless.first().reason}."
                )
        self.stdout.write(f"Film {year_from}–{year_to} en foto {year_to}: {total} buurten in {len(films)} gemeente(n).")
