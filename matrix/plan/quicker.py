"""WeasyPrint lays a plan out in three quarters of its time when a few of its steps are not taken again and again. What
comes out is the same, byte for byte but for how hard it is pressed: tests/matrix/test_plan_quicker.py compares.

Only for the version that was looked at; with any other one nothing is changed, and a test asks to look again.
"""

from functools import cache, lru_cache
from math import inf

VERSION = "70.0"


@cache
def hurry() -> bool:
    """Once per process. False when this is another WeasyPrint than the one that was looked at."""
    import weasyprint

    if weasyprint.__version__ != VERSION:
        return False
    for step in STEPS:
        step()
    return True


def browser_styles():
    """Its style sheet for elements, without the rules for footnotes and the marks of lists that match every element:
    each would get six styles more than it has. Our papers have neither."""
    from weasyprint.html import UA_STYLESHEET as SHEET

    return [_without_notes(SHEET) if hurry() else SHEET]


@cache
def _without_notes(sheet):
    from copy import copy

    own = copy(sheet)
    own.matcher = copy(sheet.matcher)
    own.matcher.other_selectors = [
        entry for entry in sheet.matcher.other_selectors if not str(entry[3] or "").endswith(_NOTES)
    ]
    return own


_NOTES = ("marker", "-call", "-callback")


# ---- a line of text: shaped once, not a second time when it is drawn ----


def _keep_lines() -> None:
    """And a Pango context, a description of the font and its features once for each kind of text, not for each line."""
    from weasyprint.text.ffi import ffi, gobject, pango
    from weasyprint.text.line_break import Layout

    set_up, draw_again = Layout.setup, Layout.reactivate

    def setup(layout, style):
        if style["text_decoration_line"] != "none" or style["font_language_override"] != "normal":
            set_up(layout, style)
            return
        context, language, description, features = _kind_of_text(style)
        layout.style, layout.language, layout.first_line_direction = style, language, 0
        layout.ascent = layout.underline_position = layout.strikethrough_position = None
        layout.layout = ffi.gc(pango.pango_layout_new(context), gobject.g_object_unref)
        pango.pango_layout_set_auto_dir(layout.layout, False)
        pango.pango_layout_set_font_description(layout.layout, description)
        if features is not None:
            attributes = pango.pango_attr_list_new()
            pango.pango_attr_list_insert(attributes, features)
            pango.pango_layout_set_attributes(layout.layout, attributes)

    def reactivate(layout, style):
        if layout.style is not style or layout.justification_spacing:
            draw_again(layout, style)

    Layout.setup, Layout.reactivate = setup, reactivate
    Layout.deactivate = lambda layout: None


def _kind_of_text(style):
    from weasyprint.text.fonts import get_font_description

    try:
        return style.kind_of_text
    except AttributeError:
        kind = *_context(style), get_font_description(style), _features(style)
        style.kind_of_text = kind
        return kind


def _context(style):
    from weasyprint.text.constants import PANGO_DIRECTION
    from weasyprint.text.ffi import ffi, gobject, pango, unicode_to_char_p

    contexts = style.font_config.__dict__.setdefault("contexts", {})
    key = style["direction"], style["lang"]
    if key not in contexts:
        context = ffi.gc(pango.pango_font_map_create_context(style.font_config.font_map), gobject.g_object_unref)
        pango.pango_context_set_round_glyph_positions(context, False)
        pango.pango_context_set_base_dir(context, PANGO_DIRECTION[style["direction"]])
        if style["lang"]:
            pointer, _ = unicode_to_char_p(style["lang"])
            language = pango.pango_language_from_string(pointer)
            pango.pango_context_set_language(context, language)
        else:
            language = pango.pango_language_get_default()
        contexts[key] = context, language
    return contexts[key]


def _features(style):
    from weasyprint.text.ffi import pango
    from weasyprint.text.fonts import font_features

    asked = (
        "font_kerning", "font_variant_ligatures", "font_variant_position", "font_variant_caps",
        "font_variant_numeric", "font_variant_alternates", "font_variant_east_asian", "font_feature_settings",
    )  # fmt: skip
    features = font_features(*(style[name] for name in asked))
    if not features:
        return None
    words = ",".join(f"{key} {value}" for key, value in features.items()).encode()
    known = style.font_config.font_features
    if words not in known:
        known[words] = pango.pango_attr_font_features_new(words)
    return known[words]


# ---- words of one style in one width: broken once. What does not fit on a page is laid out again on the next ----


def _remember_lines() -> None:
    from weasyprint.text import line_break

    split, may_break = line_break.split_first_line, line_break.can_break_text

    def split_first_line(text, style, context, max_width, justification_spacing, is_line_start=True, minimum=False):
        if justification_spacing:
            return split(text, style, context, max_width, justification_spacing, is_line_start, minimum)
        try:
            lines = style.lines
        except AttributeError:
            lines = style.lines = {}
        line, width = lines.get(text, (None, inf))
        if line is not None and (max_width is None or width <= max_width):
            return line
        key = text, max_width, is_line_start, minimum
        if key not in lines:
            line = lines[key] = split(text, style, context, max_width, 0, is_line_start, minimum)
            layout, _, rest, width, _, _ = line
            # All of it, so in any wider place too; without its last space it is not, and says that nothing is left.
            if rest is None and layout.text == text and (max_width is None or width <= max_width):
                lines[text] = line, width
        return lines[key]

    _everywhere(split, split_first_line)
    _everywhere(may_break, lru_cache(maxsize=10_000)(may_break))


# ---- drawing a line: its signs read at once, and what is written for each of them remembered ----


def _draw_at_once() -> None:
    """As long as a line is of one face, from left to right and with every sign on its place; any other is drawn as
    ever."""
    from weasyprint.draw import text
    from weasyprint.text.ffi import FROM_UNITS, ffi, pango

    if pango.pango_version() < 14802:  # WeasyPrint helps that one along
        return
    draw, size_of_sign = text.draw_first_line, ffi.sizeof("PangoGlyphInfo")

    def draw_first_line(stream, textbox, text_overflow, block_ellipsis, matrix):
        layout = textbox.pango_layout
        ordinary = text_overflow != "ellipsis" and block_ellipsis == "none" and textbox.style["font_size"] > 1
        runs = ordinary and textbox.text.strip() and _NEW_LINES.isdisjoint(layout.text) and runs_of(layout)
        if not runs:
            return draw(stream, textbox, text_overflow, block_ellipsis, matrix)
        pango_font = runs[0][0].item.analysis.font
        font, size = stream.add_font(pango_font)
        if font.bitmap or font.svg or font.png or font.colr:
            return draw(stream, textbox, text_overflow, block_ellipsis, matrix)
        known, written = font.__dict__.setdefault("written", {}).setdefault(size, {}), []
        for item, pairs in runs:
            for place, pair in enumerate(pairs):
                if pair not in known:
                    known[pair] = first_time(stream, font, size, item, place, pair, layout.text)
            written.append("".join([known[pair] for pair in pairs]))
        stream.set_text_matrix(*matrix.values)
        stream.set_font_size(font.hash, size)
        stream.show_text("".join(f"<{signs}>" for signs in written if signs).replace("<>", ""))
        return []

    def runs_of(layout) -> list | None:
        """Each run with pairs of a sign and its width; None when the line is not an ordinary one."""
        runs = []
        run = pango.pango_layout_get_line_readonly(layout.layout, 0).runs
        while run != ffi.NULL:
            string, about = run.data.glyphs, run.data.item.analysis
            numbers = memoryview(ffi.buffer(string.glyphs, string.num_glyphs * size_of_sign)).cast("i").tolist()
            moved = any(numbers[2::5]) or any(numbers[3::5])
            if moved or about.level % 2 or max(numbers[0::5], default=0) >= pango.PANGO_GLYPH_EMPTY:
                return None
            if runs and about.font != runs[0][0].item.analysis.font:
                return None
            runs.append((run.data, list(zip(numbers[0::5], numbers[1::5], strict=True))))
            run = run.next
        return runs

    def first_time(stream, font, size, item, place, pair, words) -> str:
        """In this file: which letters the sign stands for, how wide it is, and what is written for it."""
        sign, width = pair
        if sign not in font.to_unicode:
            clusters, last = item.glyphs.log_clusters, place == item.glyphs.num_glyphs - 1
            begin = item.item.offset + clusters[place]
            end = item.item.offset + (item.item.length if last else clusters[place + 1])
            font.to_unicode[sign] = words.encode()[begin:end].decode()
        if sign not in font.widths:
            face = item.item.analysis.font
            pango.pango_font_get_glyph_extents(face, sign, stream.ink_rect, stream.logical_rect)
            font.widths[sign] = round(stream.logical_rect.width * 1000 * FROM_UNITS / size)
        gap = font.widths[sign] - width * 1000 * FROM_UNITS / size
        return f"{sign:04x}>{int(gap)}<" if gap else f"{sign:04x}"

    _everywhere(draw, draw_first_line)


_NEW_LINES = frozenset("\n\r\u2029")


# ---- the outline of all buurten stands in each chapter: read once ----


def _outlines_once() -> None:
    from weasyprint import svg
    from weasyprint.svg.path import path

    read = lru_cache(maxsize=16)(lambda outline: [])

    def outline(picture, node, font_size):
        words = node.get("d", "")
        if len(words) < LONG_OUTLINE:
            return path(picture, node, font_size)
        drawn, known = picture.stream.stream, read(words)
        if not known:
            before = len(drawn)
            path(picture, node, font_size)
            known += [drawn[before:], list(node.vertices)]
        else:
            drawn += known[0]
            node.vertices += known[1]

    svg.TAGS["path"] = outline


LONG_OUTLINE = 500  # signs


# ---- styles: most properties of most elements are what they are by themselves, or those of the element around it ----


def _styles_by_rule() -> None:
    from weasyprint.css import ComputedStyle
    from weasyprint.css.computed_values import PHYSICAL_FUNCTIONS
    from weasyprint.css.properties import INHERITED, INITIAL_NOT_COMPUTED, INITIAL_VALUES

    work_out = ComputedStyle.__missing__
    special = {"position", "float", "display", "page", *INITIAL_NOT_COMPUTED}
    logical = {name for name in INITIAL_VALUES if "_block" in name or "_inline" in name or name.startswith("inset")}
    logical |= {"block_size", "inline_size", "border_start_start_radius", "border_start_end_radius"}
    logical |= {"border_end_start_radius", "border_end_end_radius"}
    plain = {
        name: value
        for name, value in INITIAL_VALUES.items()
        if name not in INHERITED and name not in special and not name.startswith("text_decoration_")
    }
    inherited = {name for name in INHERITED if name not in special and not name.startswith("text_decoration_")}

    def missing(style, name):
        if name not in style.cascaded:
            if name in plain:
                if name not in PHYSICAL_FUNCTIONS or logical.isdisjoint(style.cascaded):
                    value = style[name] = plain[name]
                    return value
            elif name in inherited and style.parent_style is not None:
                value = style[name] = style.parent_style[name]
                return value
        return work_out(style, name)

    ComputedStyle.__missing__ = missing


# ---- lengths without a percentage: read once for each style, not for each box at each step ----


def _fixed_lengths() -> None:
    from weasyprint.layout import percent

    work_out, work_out_radii = percent.resolve_percentages, percent.resolve_radii_percentages

    def resolve_percentages(box, containing_block):
        style = box.style
        try:
            fixed, borders = style.fixed_lengths
        except AttributeError:
            fixed, borders = style.fixed_lengths = _all_fixed(style)
        own = box.__dict__
        if fixed is None or "_box" in own:  # the latter stands in for another, that goes its own way
            work_out(box, containing_block)
            return
        own.update(fixed)
        for name, width in borders:  # of a table whose borders are joined: those are known already
            if name not in own:
                own[name] = width

    def resolve_radii_percentages(box):
        style = box.style
        try:
            square = style.square
        except AttributeError:
            square = style.square = all((0, "px") in style[name] for name in _RADII)
        if square and "_box" not in box.__dict__:
            box.__dict__.update(_SQUARE)
        else:
            work_out_radii(box)

    _everywhere(work_out, resolve_percentages)
    _everywhere(work_out_radii, resolve_radii_percentages)


_SIDES = ("top", "right", "bottom", "left")
_LENGTHS = (
    *(f"{kind}_{side}" for kind in ("margin", "padding") for side in _SIDES),
    "width", "height", "min_width", "min_height", "max_width", "max_height",
)  # fmt: skip
_RADII = tuple(f"border_{corner}_radius" for corner in ("top_left", "top_right", "bottom_right", "bottom_left"))
_SQUARE = dict.fromkeys(_RADII, (0, 0))


def _all_fixed(style) -> tuple[dict | None, tuple]:
    """What resolve_percentages sets on a box of this style, and on a box that has it not yet; None when it depends on
    the box around it, or when a given size holds the padding too."""
    found = {}
    for name in _LENGTHS:
        value = style[name]
        if value == "auto" or value is None:
            found[name] = 0 if name.startswith("min_") else value
        elif getattr(value, "unit", None) == "px":
            found[name] = value.value
        else:
            return None, ()
    if style["box_sizing"] != "content-box" and _sizes(found) != ("auto", "auto", 0, 0, inf, inf):
        return None, ()
    borders = {f"border_{side}_width": style[f"border_{side}_width"] for side in _SIDES}
    if style["border_collapse"] == "collapse":
        return found, tuple(borders.items())
    return found | borders, ()


def _sizes(lengths) -> tuple:
    return tuple(lengths[name] for name in _LENGTHS[-6:])


# ---- what is written into the file ----


def _bytes_by_kind() -> None:
    import pydyf

    other = pydyf._to_bytes

    def to_bytes(item):
        kind = type(item)
        if kind is bytes:
            return item
        if kind is str:
            return item.encode("ascii")
        if kind is int:
            return b"%d" % item
        return other(item)

    pydyf._to_bytes = to_bytes


def press_lightly() -> None:
    """A piece is a tenth larger, and it is a tenth less work."""
    import zlib
    from types import SimpleNamespace

    import pydyf

    pydyf.zlib = SimpleNamespace(compressobj=lambda level: zlib.compressobj(4))


# ---- what only the style decides ----


def _once_for_each_style() -> None:
    from weasyprint.formatting_structure.boxes import Box
    from weasyprint.text import line_break

    look, measure = Box.is_in_normal_flow, line_break.strut

    def is_in_normal_flow(box):
        style = box.style
        try:
            return style.in_normal_flow
        except AttributeError:
            found = style.in_normal_flow = look(box)
            return found

    def strut(style):
        try:
            return style.strut
        except AttributeError:
            found = style.strut = measure(style)
            return found

    Box.is_in_normal_flow = is_in_normal_flow
    _everywhere(measure, strut)


STEPS = (
    _keep_lines,
    _remember_lines,
    _draw_at_once,
    _outlines_once,
    _styles_by_rule,
    _fixed_lengths,
    _bytes_by_kind,
    _once_for_each_style,
    press_lightly,
)


def _everywhere(old, new) -> None:
    """In each module of WeasyPrint that took it by name."""
    import sys

    for name, module in list(sys.modules.items()):
        if name.startswith("weasyprint"):
            for key, value in list(vars(module).items()):
                if value is old:
                    setattr(module, key, new)
