"""What is kept of plans between two times of making them: files under VAR_DIR/plannen, safe to throw away.

A name is a digest of what made the file, so a file is never wrong, only old; the oldest go when there are too many.
Several processes may read and write at once: a file appears whole, under its last name, or not at all.
"""

import os
import time
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings

LIMIT = 300 * 1024 * 1024  # bytes in one folder: some hundred plans of forty buurten


def folder(name: str) -> Path:
    """One of the folders, for this user only: they hold the words of tenants."""
    path = Path(settings.VAR_DIR) / "plannen" / name
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def keep(path: Path, body: bytes) -> None:
    with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        temporary = Path(file.name)
        try:
            file.write(body)
            file.close()
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


def read(path: Path) -> bytes | None:
    """None when it is not there (any more). Reading makes it the youngest."""
    try:
        body = path.read_bytes()
        os.utime(path)
    except OSError:
        return None
    return body


def tidy(path: Path, limit: int = LIMIT, *, older: int = 0) -> None:
    """Takes away the files that were not asked for longest, until the folder is within its limit; none that is younger
    than so many seconds."""
    files = []
    for entry in os.scandir(path):
        with suppress(OSError):
            if not entry.is_file():
                continue
            about = entry.stat()
            files.append((about.st_mtime, about.st_size, entry))
    total = sum(size for _, size, _ in files)
    for age, size, entry in sorted(files, key=lambda file: file[0]):
        stale = entry.name.startswith(".") and age < time.time() - 3600  # of a process that was ended half way
        if (total <= limit and not stale) or age > time.time() - older:
            continue
        with suppress(OSError):
            os.unlink(entry.path)
            total -= size
