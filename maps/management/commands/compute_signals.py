from django.core.management.base import BaseCommand, CommandError

from maps.classification import SignalClass
from maps.computing import CannotCompute, compute_signals
from maps.models import Signal, SignalMap


class Command(BaseCommand):
    help = "Bereken de signaleringskaart: de foto van een jaar, en met --from ook de film daarheen."

    def add_arguments(self, parser):
        parser.add_argument("--from", dest="year_from", type=int, metavar="JAAR", help="anders alleen de foto")
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
        shown = [edition for edition in editions if edition.is_film] or editions
        for edition in shown if len(shown) <= 5 else ():
            classless = edition.signals.filter(signal_class=SignalClass.INSUFFICIENT_DATA)
            if classless.count() == edition.signals.count():
                self.stdout.write(
                    f"Let op: in {edition.municipality} heeft geen buurt een klasse: {classless.first().reason}."
                )
        total = Signal.objects.filter(signal_map__in=shown).count()
        film = f"Film {year_from}–{year_to} en foto" if year_from else "Foto"
        self.stdout.write(f"{film} {year_to}: {total} buurten in {len(shown)} gemeente(n).")
