"""A file that a command writes: the place is checked before the work, and it comes whole or not at all."""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.core.management.base import CommandError


def require_place(path: Path) -> None:
    """Before the work, which takes a while."""
    if path.is_dir():
        raise CommandError(f"{path} is een map. Geef ook een bestandsnaam, bijvoorbeeld {path / 'plan.pdf'}.")
    if not path.parent.is_dir():
        raise CommandError(f"De map {path.parent} bestaat niet.")
    if not os.access(path.parent, os.W_OK):
        raise CommandError(f"Geen recht om in {path.parent} te schrijven.")


def write(path: Path, body: bytes, *, mode: int = 0o644) -> None:
    """Whole or not at all: a plan that was there stays until the new one is complete."""
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        temporary = Path(file.name)
        try:
            file.write(body)
            file.close()
            temporary.chmod(mode)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
