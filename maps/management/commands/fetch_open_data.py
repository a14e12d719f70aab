import shutil
from argparse import ArgumentTypeError
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from maps.fetching import FetchRefused, Order, Sources, fetch_open_data
from maps.fetching.cbs import TABLES
from maps.fetching.client import GOES_ON, Client
from maps.importing import ImportRefused
from maps.importing.codes import checked_municipality, checked_year
from maps.management.base import report

WORK = "opgehaald"


class Command(BaseCommand):
    help = (
        "Haal buurten (PDOK) en kerncijfers (CBS StatLine) op en lees ze in. Alles of niets. Dit is de enige opdracht "
        "die andere websites vraagt, en alleen terwijl zij loopt."
    )

    def add_arguments(self, parser):
        add = parser.add_argument
        add("municipalities", nargs="*", metavar="GMxxxx", help="een of meer gemeenten")
        add("--all", action="store_true", help="heel Nederland; dat duurt lang")
        add("--years", type=_year, nargs="+", required=True, metavar="JAAR", help="van de cijfers en de kaart")
        add("--map-years", type=_year, nargs="*", metavar="JAAR", help="van de kaart, als dat andere zijn; leeg: geen")
        add("--fresh", action="store_true", help="begin opnieuw; gebruik niets van een eerdere keer")
        add("--pdok-url", metavar="ADRES", help="anders de instelling PDOK_URL")
        add("--cbs-url", metavar="ADRES", help="anders de instelling CBS_URL")
        add(
            "--cbs-table",
            action="append",
            default=[],
            metavar="JAAR=TABEL",
            help="tabel in StatLine van een nieuw jaar",
        )

    def handle(self, *, municipalities, years, map_years, fresh, pdok_url, cbs_url, cbs_table, **options):
        if bool(municipalities) == options["all"]:
            raise CommandError("Noem een of meer gemeenten (GMxxxx), of geef --all op voor heel Nederland.")
        work = Path(settings.VAR_DIR) / WORK
        if fresh:
            shutil.rmtree(work, ignore_errors=True)
        try:
            order = _order(municipalities, years, years if map_years is None else map_years)
            tables = TABLES | dict(map(_table, cbs_table))
            sources = Sources(Client(pdok_url or settings.PDOK_URL), Client(cbs_url or settings.CBS_URL), tables)
            datasets = fetch_open_data(order, sources, work=work, told=self._told)
        except (FetchRefused, ImportRefused) as refused:
            raise CommandError(str(refused)) from None
        except OSError as error:
            raise CommandError(f"Kan niet schrijven in {work}: {error.strerror}. {GOES_ON}") from None
        except KeyboardInterrupt:
            raise CommandError(f"Gestopt. Er is niets opgeslagen. {GOES_ON}", returncode=130) from None
        for dataset in datasets:
            report(dataset, self.stdout.write)
        self.stdout.write(
            "Hierna: lees de Leefbaarometer in als dat nog niet is gedaan (import_leefbaarometer), en bereken de kaart "
            "(compute_signals)."
        )

    def _told(self, name: str, pages: int, items: int) -> None:
        """For who watches; a log of a scheduled job stays short."""
        if self.stdout.isatty():
            self.stdout.write(f"{name}: bladzijde {pages}, {items} regels")


def _year(text: str) -> int:
    if not text.isdecimal():
        raise ArgumentTypeError(f"«{text}» is geen jaar. Zet gemeenten vóór --years.")
    return int(text)


def _order(municipalities: list[str], years: list[int], map_years: list[int]) -> Order:
    codes = dict.fromkeys(checked_municipality(code) for code in municipalities)
    return Order(tuple(codes), *(tuple(sorted({checked_year(year) for year in some})) for some in (years, map_years)))


def _table(text: str) -> tuple[int, str]:
    year, _, table = text.partition("=")
    if not (year.isdecimal() and table.isalnum() and table.isascii()):
        raise FetchRefused(f"«{text}» kan niet: schrijf --cbs-table als JAAR=TABEL, bijvoorbeeld 2024=85984NED.")
    return int(year), table.upper()
