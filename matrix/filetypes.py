"""Which files can be added to a session. The name says what a file should be, its first bytes whether it is. Pure."""

from pathlib import PurePath

MB = 1024 * 1024
MOST_EACH = 10 * MB
MOST_TOGETHER = 50 * MB  # of one session

_ZIP = b"PK\x03\x04"
_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."

# ending: (type that is sent with it, beginning of such a file). Old Office files and those with macros are left out:
# they can do things when they are opened.
TYPES = {
    ".pdf": ("application/pdf", b"%PDF-"),
    ".png": ("image/png", b"\x89PNG\r\n\x1a\n"),
    ".jpg": ("image/jpeg", b"\xff\xd8\xff"),
    ".jpeg": ("image/jpeg", b"\xff\xd8\xff"),
    ".docx": (f"{_OFFICE}wordprocessingml.document", _ZIP),
    ".xlsx": (f"{_OFFICE}spreadsheetml.sheet", _ZIP),
    ".pptx": (f"{_OFFICE}presentationml.presentation", _ZIP),
    ".odt": (f"{_OPEN}text", _ZIP),
    ".ods": (f"{_OPEN}spreadsheet", _ZIP),
    ".odp": (f"{_OPEN}presentation", _ZIP),
    ".txt": ("text/plain", b""),
}
ACCEPT = ",".join(TYPES)
KINDS = "pdf, png, jpg, docx, xlsx, pptx, odt, ods, odp of txt"


class WrongFile(Exception):
    """The message says in Dutch what is the matter and what to do."""


def content_type_of(name: str, content: bytes) -> str:
    """The type under which it is sent to others."""
    suffix = PurePath(name).suffix.lower()
    if suffix not in TYPES:
        raise WrongFile(f"Dit soort bestand kan niet. Kies een bestand dat eindigt op {KINDS}.")
    if not content:
        raise WrongFile("Dit bestand is leeg. Kies een ander bestand.")
    content_type, beginning = TYPES[suffix]
    if not content.startswith(beginning) or (suffix == ".txt" and b"\0" in content):
        raise WrongFile(
            f"De inhoud van dit bestand is geen {suffix[1:]}. Open het in het programma waarmee het is gemaakt en "
            "bewaar het opnieuw."
        )
    return content_type


def clean_name(name: str, most: int = 120) -> str:
    """Without a path or signs that no disk takes; what is too long is cut before the ending."""
    path = PurePath("".join(sign for sign in name.replace("\\", "/") if sign.isprintable()))
    return path.stem[: most - len(path.suffix)] + path.suffix


def in_words(size: int) -> str:
    """1.4 MB as people write it."""
    return f"{size / MB:.1f} MB".replace(".", ",") if size >= MB else f"{max(1, round(size / 1024))} kB"
