"""The typeface of the plan: two weights, made once from the variable font and kept beside the other caches.

With fixed faces every piece of a plan embeds the very same bytes, so that joining them keeps one copy, and the seconds
that instancing and subsetting cost are paid once per installation.
"""

import io
from fcntl import LOCK_EX, flock
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.contrib.staticfiles import finders

from matrix.plan.errors import PlanError
from matrix.plan.store import folder, keep

SOURCE = "fonts/SourceSans3[wght].ttf"
WEIGHTS = (400, 600)  # only these two are used: an italic or another weight would be another font in the file
# Kerning, fixed-width figures, ligatures and marks on letters; of its alternates we use none.
FEATURES = ["kern", "tnum", "lnum", "liga", "calt", "ccmp", "locl", "mark", "mkmk"]


def read_static(name: str) -> bytes:
    path = finders.find(name)
    if path is None:
        raise PlanError(f"Het bestand {name} van het plan ontbreekt in deze installatie.")
    return Path(path).read_bytes()


@cache
def face(weight: int) -> bytes:
    source, path = read_static(SOURCE), place(weight)
    if not path.exists():
        with path.with_suffix(".lock").open("a") as held:  # the processes that make one plan ask for it at once
            flock(held, LOCK_EX)
            if not path.exists():
                keep(path, _instance(source, weight))
    return path.read_bytes()


def has_faces() -> bool:
    """Else the first paper of this installation takes seconds more."""
    return all(place(weight).exists() for weight in WEIGHTS)


def place(weight: int) -> Path:
    digest = sha256(read_static(SOURCE) + repr((FEATURES, weight)).encode()).hexdigest()[:16]
    return folder("lettertype") / f"{digest}.ttf"


def _instance(source: bytes, weight: int) -> bytes:
    from fontTools import subset
    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont

    font = TTFont(io.BytesIO(source), recalcTimestamp=False)
    options = subset.Options(layout_features=FEATURES, notdef_outline=True, name_IDs=["*"])
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=font.getBestCmap())
    subsetter.subset(font)
    font = instantiateVariableFont(font, {"wght": weight}, static=True)
    body = io.BytesIO()
    font.save(body)
    return body.getvalue()


@cache
def signs() -> frozenset[int]:
    """The characters that the typeface has a form for."""
    from fontTools.ttLib import TTFont

    return frozenset(TTFont(io.BytesIO(face(WEIGHTS[0])), lazy=True).getBestCmap())
