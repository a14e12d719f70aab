"""Open files that people send. Whatever is wrong with one becomes a Dutch sentence that says what to do."""

import hashlib
import re
import zipfile
from pathlib import Path

from maps.importing.problems import ImportRefused

MAX_BYTES = 1_000_000_000  # of a file, and of what an archive unpacks to
MAX_ROWS = 2_000_000
MAX_ENTRIES = 1_000


def check_file(path: Path, name: str, suffixes: set[str]) -> str:
    """Refuse what cannot be opened at all. Return the suffix, lower case."""
    suffix = Path(name).suffix.lower()
    try:
        if path.is_dir():
            raise ImportRefused(f"«{path}» is een map. Geef het bestand zelf op.")
        if not path.exists():
            raise ImportRefused(f"«{path}» bestaat niet. Controleer de naam en de map.")
        if not path.is_file():
            raise ImportRefused(f"«{path}» is geen gewoon bestand.")
        size = path.stat().st_size
        with path.open("rb") as file:
            file.read(1)
    except OSError as error:
        raise ImportRefused(f"«{name}» is niet te lezen ({error.strerror}). Controleer de rechten.") from error
    if size == 0:
        raise ImportRefused(f"«{name}» is leeg. Download het bestand opnieuw.")
    if size > MAX_BYTES:
        raise ImportRefused(f"«{name}» is groter dan 1 GB. Neem een kleiner deel, bijvoorbeeld één gemeente.")
    if suffix not in suffixes:
        allowed = ", ".join(sorted(suffixes))
        advice = " Open het in Excel en bewaar het als .xlsx of .csv." if suffix == ".xls" else ""
        raise ImportRefused(f"«{name}» is geen bestand dat hier kan worden ingelezen ({allowed}).{advice}")
    return suffix


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def starts_with(path: Path, *signatures: bytes) -> bool:
    with path.open("rb") as file:
        return file.read(32).startswith(signatures)


def checked_zip(path: Path, name: str) -> list[zipfile.ZipInfo]:
    """The files in an archive; refuses one that is damaged, locked, a bomb or tries to leave its folder."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise ImportRefused(f"«{name}» is beschadigd of afgebroken. Download het opnieuw.") from error
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_BYTES:
        raise ImportRefused(f"«{name}» is uitgepakt groter dan 1 GB of bevat meer dan {MAX_ENTRIES} bestanden.")
    for entry in entries:
        parts = re.split(r"[\\/]", entry.filename)
        if ".." in parts or parts[0] == "" or ":" in parts[0]:
            raise ImportRefused(f"«{name}» bevat een onveilige bestandsnaam: «{entry.filename}». Pak het opnieuw in.")
        if entry.flag_bits & 0x1:
            raise ImportRefused(f"«{name}» heeft een wachtwoord. Maak een zipbestand zonder wachtwoord.")
    return entries
