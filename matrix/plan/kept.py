"""A piece of paper is laid out once: what came out is kept under a digest of all that it rests on."""

from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from matrix.plan import store
from matrix.plan.fonts import SOURCE, read_static
from matrix.plan.layout import STYLES, lay_out

FORMAT = 2  # raise it when the same HTML and styles are laid out in another way


def place(name: str, html: str) -> Path:
    return store.folder("stukken") / sha256(f"{_style_version()}\n{name}\n{html}".encode()).hexdigest()


@cache
def _style_version() -> str:
    styles = [read_static(name) for name in STYLES]
    return sha256(repr((FORMAT, version("weasyprint"), styles, read_static(SOURCE))).encode()).hexdigest()


def lay_out_and_keep(name: str, html: str) -> bytes:
    body = lay_out(html, name=name).packed()
    store.keep(place(name, html), body)
    return body
