"""The signal map as SVG for paper, from the same style table as the screen. Pure: stored shapes in, text out.

Units are millimetres of paper. Drawn for WeasyPrint too: no mask, no paint-order, no rotated pattern. A solid fill
first, then per hatch one path with lines only, borders last: a ground inside the tile would leave white seams.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from html import escape
from itertools import pairwise
from math import cos, pi, radians

from maps.style import ClassStyle

METRES_PER_DEGREE = 6_371_008.8 * pi / 180
FONT = "Source Sans 3, sans-serif"
INK, SOFT, LINE, PALE = "#1b1b1b", "#5a564d", "#c9c3b6", "#f4f2ed"
ACCENT = "#14505c"
NO_BREAK = "\u00a0"

Point = tuple[float, float]


# ---- hatches: the names of maps.style ----


@dataclass(frozen=True)
class Hatch:
    """Lines in a tile of `width` by `height`; they run on past its edges, so that tiles join without a gap."""

    width: float
    height: float
    path: tuple[tuple[float, float, float, float], ...]
    stroke: str
    opacity: float
    line: float


HATCHES = {
    "back": Hatch(9, 9, ((-1, 8, 1, 10), (-1, -1, 10, 10), (8, -1, 10, 1)), "#ffffff", 0.75, 1.5),
    "diagonal": Hatch(8, 8, ((-1, 1, 1, -1), (-1, 9, 9, -1), (7, 9, 9, 7)), INK, 0.7, 1.3),
    "cross": Hatch(9, 9, ((-1, -1, 10, 10), (-1, 10, 10, -1)), INK, 0.5, 1.1),
    "horizontal": Hatch(8, 7, ((-1, 3.5, 9, 3.5),), INK, 0.6, 1.3),
    "dots": Hatch(7, 7, ((3, 3.5, 4.2, 3.5),), INK, 0.7, 1.3),
    # Broken, so that nobody takes it for the unbroken diagonal of a class.
    "missing": Hatch(8, 8, ((0.8, 7.2, 3.2, 4.8), (4.8, 3.2, 7.2, 0.8)), "#77736a", 1, 1.1),
}


def hatch_patterns(*, prefix: str = "hatch-", scale: float = 1, names: Iterable[str] = HATCHES) -> str:
    """`<pattern>` elements, ids prefix + name. Tiles are drawn for pixels; `scale` turns them to other units."""
    return "".join(_pattern(prefix + name, HATCHES[name], scale) for name in names)


def _pattern(id_: str, hatch: Hatch, scale: float) -> str:
    n = lambda value: f"{value * scale:.3f}".rstrip("0").rstrip(".")  # noqa: E731
    path = "".join(f"M{n(a)} {n(b)}L{n(c)} {n(d)}" for a, b, c, d in hatch.path)
    return (
        f'<pattern id="{escape(id_)}" width="{n(hatch.width)}" height="{n(hatch.height)}" '
        f'patternUnits="userSpaceOnUse"><path d="{path}" fill="none" stroke="{hatch.stroke}" '
        f'stroke-opacity="{hatch.opacity}" stroke-width="{n(hatch.line)}"/></pattern>'
    )


# ---- shapes on paper ----


@dataclass(frozen=True)
class MapArea:
    """A buurt to draw. Without a style it lies outside the session: pale, and without a name."""

    code: str
    name: str
    geometry: str  # GeoJSON, WGS84
    style: ClassStyle | None = None
    label: Point | None = None  # longitude, latitude of a point inside
    borderline: bool = False  # a second ring round its letter, as on the screen
    number: str = ""  # stands before its name, and in its place where that finds no room

    @cached_property
    def rings(self) -> list[list[Point]]:
        if not self.geometry:
            return []
        shape = json.loads(self.geometry)
        polygons = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
        return [[(point[0], point[1]) for point in ring] for polygon in polygons for ring in polygon]

    @property
    def at(self) -> Point:
        """Where its letter stands: the stored point inside, else the middle of its largest ring."""
        if self.label and None not in self.label:
            return self.label
        west, south, east, north = _box(max(self.rings, key=len))
        return (west + east) / 2, (south + north) / 2


@dataclass(frozen=True)
class Frame:
    """From longitude and latitude to millimetres on a sheet of `width` by `height`, north up.

    Local equirectangular: within a municipality the difference with RD is far below the width of a line.
    """

    middle: Point
    scale: float  # millimetres per metre
    width: float
    height: float

    def place(self, point: Point) -> Point:
        east = (point[0] - self.middle[0]) * METRES_PER_DEGREE * cos(radians(self.middle[1]))
        north = (point[1] - self.middle[1]) * METRES_PER_DEGREE
        return self.width / 2 + east * self.scale, self.height / 2 - north * self.scale

    def rings(self, area: MapArea) -> list[list[Point]]:
        return [[self.place(point) for point in ring] for ring in area.rings]

    def holds(self, box) -> bool:
        """Does any of this box (in millimetres) lie on the sheet?"""
        return box[0] < self.width and box[2] > 0 and box[1] < self.height and box[3] > 0


def fit(areas: list[MapArea], *, width: float, max_height: float, min_height: float, edge: float) -> Frame:
    """The largest frame of this width that shows all these areas, with `edge` millimetres around them."""
    west, south, east, north = _box([point for area in areas for ring in area.rings for point in ring])
    middle = ((west + east) / 2, (south + north) / 2)
    across = max((east - west) * METRES_PER_DEGREE * cos(radians(middle[1])), 1)
    up = max((north - south) * METRES_PER_DEGREE, 1)
    scale = min((width - 2 * edge) / across, (max_height - 2 * edge) / up)
    return Frame(middle, scale, width, max(min_height, up * scale + 2 * edge))


def _box(points) -> tuple[float, float, float, float]:
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return min(xs), min(ys), max(xs), max(ys)


def _path(rings: list[list[Point]], decimals: int = 2) -> str:
    """Points that round to the same place are drawn once; rounding is alike for both neighbours, so no gap opens."""
    parts = []
    for ring in rings:
        points = [(round(x, decimals), round(y, decimals)) for x, y in ring]
        kept = [p for p, before in zip(points, [None, *points], strict=False) if p != before]
        if len(set(kept)) > 2:
            parts.append("M" + "L".join(f"{x:g} {y:g}" for x, y in kept[:-1]) + "Z")
    return "".join(parts)


def _shape(d: str, **attributes) -> str:
    if not d:
        return ""
    words = "".join(f' {key.replace("_", "-")}="{value}"' for key, value in attributes.items())
    return f'<path d="{d}" fill-rule="evenodd" stroke-linejoin="round"{words}/>'


# ---- the map ----


def signal_map_svg(
    areas: Iterable[MapArea], *, width_mm: float, max_height_mm: float, title: str, prefix: str,
    names: bool = True, source: str = "", zoom: float = 1, fill: bool = False, key: bool = True,
    letters: bool = True,
) -> str:  # fmt: skip
    """The whole map: the session's buurten in their class, letter and name, what lies around them pale, a scale
    bar and the north. A name that finds no room becomes a number, explained below the map.

    `prefix` makes the ids unique where several maps share a page. Empty when no buurt has a shape. `zoom` enlarges
    letters, names and lines, for who stands before a sheet on the wall; the map stays as large. `fill`: always of the
    full height, with more of what lies around. Without `key` the numbers are explained elsewhere on the paper; without
    `letters` fill and hatch alone say the class.
    """
    areas = [area for area in areas if area.rings]
    own = [area for area in areas if area.style]
    if not own:
        return ""
    width_mm, max_height_mm = width_mm / zoom, max_height_mm / zoom
    least = max_height_mm if fill else min(45, max_height_mm)
    frame = fit(own, width=width_mm, max_height=max_height_mm, min_height=least, edge=4)
    labels, numbered = _labels(own, frame) if names else ("", [])
    foot, height = _foot(numbered if key else [], source, frame)
    clip = f'<clipPath id="{prefix}-vak"><rect width="{frame.width:g}" height="{frame.height:.2f}"/></clipPath>'
    hatches = sorted({area.style.hatch for area in own} - {""})
    return (
        _open(width_mm, height, title, zoom)
        + f"<defs>{clip}{hatch_patterns(prefix=f'{prefix}-', scale=0.22, names=hatches)}</defs>"
        + f'<g clip-path="url(#{prefix}-vak)">{_grounds(areas, frame, prefix)}</g>'
        + f"{_badges(own, frame) if letters else ''}{labels}{_scale_bar(frame)}{_north(frame)}{foot}</svg>"
    )


def _open(width: float, height: float, title: str, zoom: float = 1) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="plan-svg" role="img" viewBox="0 0 {width:g} {height:.2f}" '
        f'width="{width * zoom:g}mm" height="{height * zoom:.2f}mm" font-family="{FONT}"><title>{escape(title)}</title>'
    )


def _grounds(areas: list[MapArea], frame: Frame, prefix: str) -> str:
    paths, around = {}, []
    for area in areas:
        rings = frame.rings(area)
        if area.style:
            paths.setdefault(area.style.key, []).append((area.style, _path(rings)))
        elif frame.holds(_box([point for ring in rings for point in ring])):
            around.append(_path(rings))
    own = "".join(d for group in paths.values() for _, d in group)
    by_style = [(group[0][0], "".join(d for _, d in group)) for group in paths.values()]
    return "".join(
        (
            _shape("".join(around), fill="#ffffff", stroke=LINE, stroke_width=0.2),
            _shape(own, fill="none", stroke=INK, stroke_width=0.9),  # what stays visible is the outer border
            *(_shape(d, fill=style.fill) for style, d in by_style),
            *(_shape(d, fill=f"url(#{prefix}-{style.hatch})") for style, d in by_style if style.hatch),
            _shape(own, fill="none", stroke=INK, stroke_width=0.22),
        )
    )


# ---- letters and names ----

NAME_SIZE, LINE_HEIGHT = 2.7, 3.0
RADIUS = 2.1


def _radius(own: list[MapArea], frame: Frame) -> float:
    """Of the badges: smaller where two buurten lie close together."""
    points = [frame.place(area.at) for area in own]
    nearest = min(
        (((ax - bx) ** 2 + (ay - by) ** 2) ** 0.5 for i, (ax, ay) in enumerate(points) for bx, by in points[:i]),
        default=99,
    )
    return max(1.1, min(RADIUS, nearest / 2 - 0.1))


def _badges(own: list[MapArea], frame: Frame) -> str:
    """The letter on a white disc: readable on every fill and hatch, and after a photocopier."""
    r = _radius(own, frame)
    ring = lambda x, y, r: (  # noqa: E731
        f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{r:.2f}" fill="#ffffff" stroke="{INK}" stroke-width="0.2"/>'
    )
    return "".join(
        (ring(x, y, r * 1.28) if area.borderline else "")
        + ring(x, y, r)
        + f'<text x="{x:.2f}" y="{y + r * 0.48:.2f}" font-size="{r * 1.4:.2f}" font-weight="600" text-anchor="middle" '
        f'fill="{INK}">{escape(area.style.letter)}</text>'
        for area in own
        if area.style.letter
        for x, y in [frame.place(area.at)]
    )


def _labels(own: list[MapArea], frame: Frame) -> tuple[str, list[tuple[str, str]]]:
    """Names where they fit, the roomiest buurten first; and the (number, name) of those that do not."""
    r = _radius(own, frame)
    taken = [_around(frame.place(area.at), r, r) for area in own if area.style.letter]
    drawn, homeless = [], []
    for area in sorted(own, key=lambda area: -_room(frame.rings(area))):
        lines = _wrapped(f"{area.number}{NO_BREAK}{area.name}" if area.number else area.name)
        box = _free(area, lines, frame, r, taken, inside=3)
        if box is None:
            homeless.append(area)
            continue
        taken.append(box)
        drawn.append(_text(lines, box))
    numbered = []
    for count, area in enumerate(sorted(homeless, key=lambda area: (area.number.zfill(4), area.name)), start=1):
        number = area.number or str(count)
        box = _free(area, [number], frame, r, taken, inside=0) or _beside(area, frame, r)
        taken.append(box)
        drawn.append(_text([number], box))
        numbered.append((number, area.name))
    return "".join(drawn), numbered


def _room(rings) -> float:
    west, north, east, south = _box([point for ring in rings for point in ring])
    return (east - west) * (south - north)


def _wrapped(name: str, most: int = 15) -> list[str]:
    """At most three lines, broken between words; a longer name is cut, the title of the map has it whole."""
    lines = [""]
    for word in filter(None, name.split(" ")):
        if len(lines[-1]) + len(word) >= most and lines[-1]:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    if len(lines) > 3:
        lines = [*lines[:2], lines[2] + " …"]
    return [line if len(line) <= 24 else line[:23] + "…" for line in lines]


def _around(point: Point, dx: float, dy: float):
    return point[0] - dx, point[1] - dy, point[0] + dx, point[1] + dy


def _free(area, lines, frame, r, taken, *, inside: int):
    """The box beside the badge that lies most within its own buurt, of those that touch nothing else."""
    rings = frame.rings(area)
    best = None
    for box in _places(area, lines, frame, r):
        if any(box[0] < t[2] and box[2] > t[0] and box[1] < t[3] and box[3] > t[1] for t in taken):
            continue
        if box[0] < 0.5 or box[1] < 0.5 or box[2] > frame.width - 0.5 or box[3] > frame.height - 0.5:
            continue
        score = sum(_within(point, rings) for point in _samples(box))
        if score >= inside and (best is None or score > best[0]):
            best = (score, box)
    return best and best[1]


def _places(area, lines, frame, r):
    x, y = frame.place(area.at)
    half = max(len(line) for line in lines) * NAME_SIZE * 0.26 + 0.4
    tall = len(lines) * LINE_HEIGHT / 2
    gap = r + 0.5 if area.style.letter else 0
    if not gap:
        yield _around((x, y), half, tall)
    for dx, dy in ((0, gap + tall), (0, -gap - tall), (gap + half, 0), (-gap - half, 0)):
        yield _around((x + dx, y + dy), half, tall)
        for shift in (-half * 0.6, half * 0.6):
            if not dx:
                yield _around((x + shift, y + dy), half, tall)


def _beside(area, frame, r):
    x, y = frame.place(area.at)
    return _around((x + r + 1.2, y - r), 1, LINE_HEIGHT / 2)


def _samples(box):
    west, north, east, south = box
    return [(x, y) for x in (west, (west + east) / 2, east) for y in (north, south)]


def _within(point: Point, rings) -> bool:
    """Even-odd: a ray to the east crosses the borders an odd number of times."""
    x, y = point
    inside = False
    for ring in rings:
        for (ax, ay), (bx, by) in pairwise(ring):
            if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
                inside = not inside
    return inside


def _text(lines: list[str], box) -> str:
    """Twice: a white halo first, since paint-order does not work on paper."""
    x = (box[0] + box[2]) / 2
    one = "".join(
        f'<text x="{x:.2f}" y="{box[1] + LINE_HEIGHT * (i + 0.78):.2f}">{escape(line)}</text>'
        for i, line in enumerate(lines)
    )
    shared = f'font-size="{NAME_SIZE}" font-weight="600" text-anchor="middle"'
    return (
        f'<g {shared} fill="#ffffff" stroke="#ffffff" stroke-width="0.9" stroke-linejoin="round" aria-hidden="true">'
        f'{one}</g><g {shared} fill="{INK}">{one}</g>'
    )


# ---- scale, north, what stands below ----


STRIP = 6  # below the map, for scale and north: on the map they would lie on a dark fill


def _scale_bar(frame: Frame) -> str:
    length = max((n for n in _LENGTHS if n * frame.scale <= frame.width * 0.22), default=_LENGTHS[0])
    end = 0.2 + length * frame.scale
    y = frame.height + 4
    words = f"{length // 1000} km" if length >= 1000 else f"{length} m"
    return (
        f'<path d="M0.2 {y - 1.3:.2f}V{y:.2f}H{end:.2f}V{y - 1.3:.2f}" fill="none" stroke="{INK}" stroke-width="0.3"/>'
        f'<text x="{end + 1.2:.2f}" y="{y + 0.2:.2f}" font-size="2.6" fill="{INK}">{words}</text>'
    )


_LENGTHS = (10, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000)


def _north(frame: Frame) -> str:
    x, y = frame.width - 1.6, frame.height + 1.2
    return (
        f'<path d="M{x:.2f} {y:.2f}L{x + 1.3:.2f} {y + 3.4:.2f}L{x:.2f} {y + 2.6:.2f}L{x - 1.3:.2f} {y + 3.4:.2f}Z" '
        f'fill="{INK}"/><text x="{x - 2:.2f}" y="{y + 3:.2f}" font-size="2.6" font-weight="600" text-anchor="end" '
        f'fill="{INK}">N</text>'
    )


def _foot(numbered, source: str, frame: Frame) -> tuple[str, float]:
    """Lines under the map, and how high the whole becomes."""
    key = " ".join(f"{number} {name} ·".replace(" ", NO_BREAK) for number, name in numbered).removesuffix("·")
    lines = [line for text in (key, source) for line in _filled(text, frame.width / 2.5)]
    top = frame.height + STRIP
    text = "".join(
        f'<text x="0" y="{top + 2.6 + i * 3.4:.2f}" font-size="2.5" fill="{SOFT}">{escape(line)}</text>'
        for i, line in enumerate(lines)
    )
    return text, top + (1 + 3.4 * len(lines) if lines else 0)


def _filled(text: str, most: float) -> list[str]:
    """Lines of at most so many times the height of the letters."""
    lines = [""] if text else []
    for word in text.split(" "):
        if lines and lines[-1] and _wide(f"{lines[-1]} {word}") > most:
            lines.append("")
        if lines:
            lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
    return lines


def _wide(text: str) -> float:
    """About, and rather too much: of our typeface, in heights of its letters."""
    return sum(_WIDE.get(sign, 0.62 if sign.isupper() else 0.54) for sign in text)


_WIDE = dict.fromkeys(f" .,:;'·ijlI-{NO_BREAK}", 0.27) | dict.fromkeys("frt", 0.36) | dict.fromkeys("mwMW", 0.84)


# ---- small ones ----


def locator_svgs(areas: Iterable[MapArea], *, width_mm: float, max_height_mm: float) -> dict[str, str]:
    """For each buurt of the session, by code, a small map that shows where it lies."""
    areas = [area for area in areas if area.rings]
    own = [area for area in areas if area.style]
    if not own:
        return {}
    frame = fit(own, width=width_mm, max_height=max_height_mm, min_height=12, edge=1)
    paths = {area.code: _path(frame.rings(area), 1) for area in own}
    ground = _shape("".join(paths.values()), fill=PALE, stroke="#8c867a", stroke_width=0.15)
    return {
        area.code: _open(frame.width, frame.height, f"Waar {area.name} ligt tussen de buurten van deze sessie")
        + ground
        + _shape(paths[area.code], fill=ACCENT, stroke=ACCENT, stroke_width=0.3)
        + "</svg>"
        for area in own
    }


def swatch_svg(style: ClassStyle, *, prefix: str, width_mm: float = 9, height_mm: float = 6) -> str:
    """A block of the legend: fill and hatch. Its words stand beside it."""
    size = f'width="{width_mm:g}" height="{height_mm:g}"'
    hatch = ""
    if style.hatch:
        hatch = (
            f"<defs>{hatch_patterns(prefix=f'{prefix}-', scale=0.22, names=[style.hatch])}</defs>"
            f'<rect {size} fill="url(#{prefix}-{style.hatch})"/>'
        )
    return (
        _open(width_mm, height_mm, f"Kleur en arcering van {style.label}")
        + f'<rect {size} fill="{style.fill}"/>{hatch}'
        + f'<rect x="0.1" y="0.1" width="{width_mm - 0.2:g}" height="{height_mm - 0.2:g}" fill="none" stroke="{INK}" '
        'stroke-width="0.2"/></svg>'
    )


AXIS_REACH = 2.5  # standard deviations to either side; what lies further is drawn at the end, with an arrow


def axis_svg(value: float | None, *, band: float, title: str, width_mm: float = 34) -> str:
    """Where a buurt stands on one axis: less pressure on the left, more on the right; between the marks it does not
    count as a difference."""
    if value is None:
        return ""
    middle, high = width_mm / 2, 3.4
    place = lambda sd: middle + sd / AXIS_REACH * (middle - 1.5)  # noqa: E731
    x = place(max(-AXIS_REACH, min(AXIS_REACH, value)))
    beyond = ""
    if abs(value) > AXIS_REACH:
        tip = 1.4 if value > 0 else -1.4
        arrow = f"M{x:.2f} {high / 2 - 1.1:g}L{x + tip:.2f} {high / 2:g}L{x:.2f} {high / 2 + 1.1:g}Z"
        beyond = f'<path d="{arrow}" fill="{ACCENT}"/>'
    return (
        _open(width_mm, high, title)
        + f'<rect x="{place(-band):.2f}" y="0.5" width="{place(band) - place(-band):.2f}" height="2.4" fill="#e9e5da"/>'
        + f'<path d="M0 1.7H{width_mm:g}" stroke="#8c867a" stroke-width="0.2"/>'
        + f'<path d="M{middle:g} 0.5V2.9" stroke="#8c867a" stroke-width="0.3"/>'
        + (beyond or f'<circle cx="{x:.2f}" cy="1.7" r="1.1" fill="{ACCENT}"/>')
        + "</svg>"
    )
