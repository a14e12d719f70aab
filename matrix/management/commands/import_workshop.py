from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from matrix.actions.recording import Refused
from matrix.exchange.carrying import take_in
from matrix.exchange.file import BadFile


class Command(BaseCommand):
    help = "Lees een sessie in die met export_workshop, of op haar pagina, is bewaard."

    def add_arguments(self, parser):
        parser.add_argument("path", metavar="BESTAND", type=Path)
        parser.add_argument(
            "--facilitator", metavar="NAAM", help="het account dat de sessie hier begeleidt; accounts reizen niet mee"
        )
        parser.add_argument(
            "--als-kopie", dest="as_copy", action="store_true",
            help="als tweede sessie naast de sessie die er al is, met nieuwe stoelcodes",
        )  # fmt: skip

    def handle(self, *, path, facilitator, as_copy, **options):
        try:
            body = path.read_bytes()
        except OSError as error:
            raise CommandError(f"Kan {path} niet lezen: {error.strerror}.") from None
        try:
            outcome = take_in(body, facilitator=_account(facilitator), as_copy=as_copy)
        except (BadFile, Refused) as error:
            raise CommandError(f"{error} (Met --facilitator NAAM kiest u een account, met --als-kopie leest u het "
                               "bestand in naast wat er is.)") from None  # fmt: skip
        self.stdout.write(f"{outcome.told} Code: {outcome.workshop.code}.")


def _account(name):
    if not name:
        return None
    users = get_user_model()
    found = users.objects.filter(username=name, is_active=True).first()
    if found is None:
        raise CommandError(f"Er is geen account {name}. Maak het eerst op /beheer/, of met createsuperuser.")
    return found
