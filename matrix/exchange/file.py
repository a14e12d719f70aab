"""The bytes of a session: compressed JSON with a format, a version and a checksum. Whatever is wrong with a file is
told in Dutch before anything is stored."""

import gzip
import json
import zlib
from hashlib import sha256

from matrix.exchange.earlier import as_now

FORMAT, VERSION = "veerkracht-sessie", 2
OLDEST = 1  # that is still read
MOST = 1024 * 1024 * 1024  # unpacked; a small file can be made to fill any memory


class BadFile(Exception):
    """Why it cannot be read, and what to do."""


DAMAGED = "Dit bestand is beschadigd of niet compleet. Bewaar de sessie opnieuw en haal het nieuwe bestand op."
NOT_OURS = "Dit is geen bestand van een sessie. Kies het bestand dat u hebt bewaard bij ‘Aanwezig en bewaren’."


def canonical(content) -> bytes:
    """The same content gives the same bytes, whatever the order it was made in."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def fingerprint(content) -> str:
    return sha256(canonical(content)).hexdigest()


def write(content: dict) -> bytes:
    body = canonical(content)
    head = {"format": FORMAT, "version": VERSION, "checksum": sha256(body).hexdigest()}
    return gzip.compress(json.dumps(head).encode() + b"\n" + body, compresslevel=6, mtime=0)


def read(body: bytes) -> dict:
    head, _, content = _unpacked(body).partition(b"\n")
    head = _json(head, NOT_OURS)
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise BadFile(NOT_OURS)
    version = head.get("version")
    if not isinstance(version, int) or version < OLDEST:
        raise BadFile("Dit bestand is gemaakt met een oudere versie van Veerkracht die wij niet meer kunnen lezen.")
    if version > VERSION:
        raise BadFile(
            "Dit bestand is gemaakt met een nieuwere versie van Veerkracht. Werk eerst dit programma bij, en lees het "
            "bestand dan in."
        )
    if sha256(content).hexdigest() != head.get("checksum"):
        raise BadFile(DAMAGED)
    found = _json(content, DAMAGED)
    if not isinstance(found, dict):
        raise BadFile(DAMAGED)
    return as_now(found, version)


def _unpacked(body: bytes) -> bytes:
    if not body.startswith(b"\x1f\x8b"):
        raise BadFile(NOT_OURS)
    unzip = zlib.decompressobj(wbits=31)
    try:
        plain = unzip.decompress(body, MOST)
    except zlib.error:
        raise BadFile(DAMAGED) from None
    if unzip.unconsumed_tail:
        raise BadFile("Dit bestand is te groot om in te lezen.")
    if not unzip.eof:
        raise BadFile(DAMAGED)
    return plain


def _json(text: bytes, otherwise: str):
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise BadFile(otherwise) from None
