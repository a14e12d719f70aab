import os
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.core.management.base import BaseCommand, CommandError

from matrix.models import Workshop
from matrix.plan.document import build_document
from matrix.plan.pdf import PlanError, render


class Command(BaseCommand):
    help = "Schrijf het gezamenlijke plan van een sessie als PDF."

    def add_arguments(self, parser):
        parser.add_argument("code", help="de code van de sessie, zoals die in het webadres staat")
        parser.add_argument("--output", metavar="BESTAND", type=Path, required=True)

    def handle(self, *, code, output, **options):
        workshop = Workshop.objects.select_related("signal_map").filter(code=code).first()
        if workshop is None:
            raise CommandError(f"Er is geen sessie met code {code}. De code staat in het webadres: /sessie/CODE/.")
        _require_place(output)
        try:
            _write(output, render(build_document(workshop)))
        except PlanError as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"Kan {output} niet schrijven: {error.strerror}.") from None
        self.stdout.write(f"Het plan van {workshop} staat in {output}.")


def _require_place(path: Path) -> None:
    """Before the work, which takes a while."""
    if path.is_dir():
        raise CommandError(f"{path} is een map. Geef ook een bestandsnaam, bijvoorbeeld {path / 'plan.pdf'}.")
    if not path.parent.is_dir():
        raise CommandError(f"De map {path.parent} bestaat niet.")
    if not os.access(path.parent, os.W_OK):
        raise CommandError(f"Geen recht om in {path.parent} te schrijven.")


def _write(path: Path, body: bytes) -> None:
    """Whole or not at all: a plan that was there stays until the new one is complete."""
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        temporary = Path(file.name)
        try:
            file.write(body)
            file.close()
            temporary.chmod(0o644)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
