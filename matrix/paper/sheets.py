"""Sizes of paper, and how much goes on one sheet. Pure; millimetres and points."""

from dataclasses import dataclass
from functools import cache, lru_cache
from math import ceil

from django.contrib.staticfiles import finders

POINT = 0.3528  # millimetres


@dataclass(frozen=True)
class Size:
    key: str
    label: str
    width: float
    height: float
    margin: float
    filled: int  # buurten side by side, in print
    blank: int  # the same with room for a sticky note of 76 mm
    largest: float  # points of the text in a cell; smaller when that does not fit
    readable: float  # points that are worth another sheet
    zoom: float  # of the letters on the map
    labels: float  # millimetres for the names of the frameworks
    name: float  # points of the names of buurten
    below: float  # millimetres more at the foot, for the source


SIZES = {
    size.key: size
    for size in (
        Size("a3", "A3", 420, 297, 12, 6, 4, largest=15, readable=11, zoom=1.25, labels=48, name=15, below=9.5),
        Size("a2", "A2", 594, 420, 14, 9, 6, largest=19, readable=13, zoom=1.7, labels=62, name=19, below=12),
    )
}
SMALLEST = 9  # points; what does not fit then goes on to a next sheet


def spread(items: list, most: int) -> list[list]:
    """Over as few sheets as it takes, each about as full: eight at most six give four and four."""
    sheets = ceil(len(items) / most)
    each, more = divmod(len(items), sheets or 1)
    found, start = [], 0
    for i in range(sheets):
        end = start + each + (i < more)
        found.append(items[start:end])
        start = end
    return found


def text_height(texts: list[str], width: float, points: float) -> float:
    """What these texts take in millimetres, each from a new line."""
    return sum(lines_of(text, width / (points * POINT)) * points * POINT * LINE + AFTER for text in texts)


LINE, AFTER = 1.25, 1.5  # height of a line, in letters; millimetres between texts


def lines_of(text: str, width: float) -> int:
    """Lines that this text takes when each is `width` times as wide as the letters are high."""
    lines, used = 1, 0.0
    for word in text.split():
        needs = _width(word)
        if used and used + SPACE + needs > width:
            lines, used = lines + 1, 0.0
        lines += int(needs // width)  # a word that is broken
        used += (SPACE if used else 0) + needs % width
    return lines


SPACE, BOLDER = 0.2, 1.04  # of the letters' height; some words are bold


@lru_cache(20_000)
def _width(word: str) -> float:
    return sum(map(_advance, word))


def _advance(sign: str) -> float:
    return _advances().get(ord(sign), 0.9) * BOLDER


@cache
def _advances() -> dict[int, float]:
    """How wide each letter of our typeface is."""
    from fontTools.ttLib import TTFont

    font = TTFont(finders.find("fonts/SourceSans3[wght].ttf"), lazy=True)
    widths, high = font["hmtx"], font["head"].unitsPerEm
    return {code: widths[name][0] / high for code, name in font.getBestCmap().items()}


def fitted(rows: list[list[list[str]]], *, width: float, height: float, largest: float) -> tuple[float, list[float]]:
    """(points, millimetres per row) for a table of rows of cells of texts: the largest letter with which all fits in
    `height`, and what is left over shared by the rows."""
    points: float = largest
    needed = _needed(rows, width, points)
    while sum(needed) > height and points > SMALLEST:
        points -= 0.5
        needed = _needed(rows, width, points)
    spare = max(height - sum(needed), 0) / len(rows)
    return points, [round(need + spare, 1) for need in needed]


CODE_LINE = 9  # millimetres in each cell for its code and its margins


def _needed(rows, width, points) -> list[float]:
    least = 24.0
    return [max(least, *(CODE_LINE + text_height(cell, width - 6, points) for cell in row)) for row in rows]
