"""Numbers in Dutch notation, the letter of a class, a small line of years: what map pages and paper share."""

import json

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from maps import sentences
from maps.style import STYLES
from maps.svgmap import hatch_patterns

register = template.Library()


@register.filter
def getal(value, decimals=0):
    """1234.5 -> 1.234,5; a missing figure is a dash."""
    return sentences.number(value, int(decimals))


@register.filter
def verschil(value, decimals=1):
    """With its sign: +0,9 or −0,6."""
    return sentences.number(value, int(decimals), signed=True)


SYLLABLES = {
    "gemiddeld": "gemid\u00addeld",
    "kwetsbaarder": "kwets\u00adbaarder",
    "kwetsbaar": "kwets\u00adbaar",
    "ongunstiger": "ongun\u00adstiger",
}


@register.filter
def afbreken(words):
    """Where the long words of the legend may break on a phone; browsers do not know Dutch syllables everywhere."""
    return " ".join(SYLLABLES.get(word, word) for word in words.split())


@register.simple_tag
def klasse(key):
    return STYLES[key]


@register.simple_tag(takes_context=True)
def import_map(context, modules):
    """Address of a module as another imports it -> its fingerprinted address."""
    imports = {f"{settings.STATIC_URL}{name}": static(name) for name in modules}
    return format_html(
        '<script type="importmap" nonce="{}">{}</script>',
        context["request"].csp_nonce,
        mark_safe(json.dumps({"imports": imports})),
    )


@register.simple_tag
def hatches():
    """The lines of the hatches, once a page: swatches, legend and map point to them by id, and so does paper."""
    return mark_safe(
        '<svg class="hatches" width="0" height="0" aria-hidden="true" focusable="false"><defs>'
        f"{hatch_patterns()}</defs></svg>"
    )


WIDTH, HEIGHT, EDGE = 96, 28, 3


@register.simple_tag
def sparkline(figure):
    """The figure over its years as one SVG: a gap in the years is a gap in the line. The words stand in its title."""
    known = [point for point in figure.points if point.value is not None]
    if len(known) < 2:
        return ""
    first, last = figure.points[0].year, figure.points[-1].year
    low, high = min(p.value for p in known), max(p.value for p in known)
    x = lambda year: EDGE + (WIDTH - 2 * EDGE) * (year - first) / ((last - first) or 1)  # noqa: E731
    y = lambda value: HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * (value - low) / ((high - low) or 1)  # noqa: E731
    path, pen_down = [], False
    for point in figure.points:
        if point.value is None:
            pen_down = False
            continue
        path.append(f"{'L' if pen_down else 'M'}{x(point.year):.1f} {y(point.value):.1f}")
        pen_down = True
    dots = format_html_join(
        "", '<circle cx="{}" cy="{}" r="{}"/>',
        ((f"{x(p.year):.1f}", f"{y(p.value):.1f}", 2.6 if p is known[-1] else 1.3) for p in known),
    )  # fmt: skip
    words = ", ".join(f"{p.year}: {sentences.number(p.value, figure.decimals)}" for p in known)
    for reason, years in figure.gaps.items():
        words += f"; {', '.join(map(str, years))}: {reason}"
    return format_html(
        '<svg class="sparkline" viewBox="0 0 {} {}" width="{}" height="{}" role="img"><title>{}</title>'
        '<path d="{}" fill="none" stroke="currentColor" stroke-width="1.5"/><g fill="currentColor">{}</g></svg>',
        WIDTH, HEIGHT, WIDTH, HEIGHT, words, " ".join(path), dots,
    )  # fmt: skip
