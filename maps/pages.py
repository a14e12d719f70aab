"""What a page with a map needs, in a session or outside it: the same region, the same words."""

from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify

from maps.arranging import COLUMNS, Arrangement
from maps.exporting import XLSX, shown_csv, shown_xlsx
from maps.models import Area, Signal, SignalMap
from maps.payload import buurten, version_of
from maps.sentences import number
from maps.showing import ShownMap, ShownSignal, show
from maps.style import STYLES, styles
from maps.svgmap import MapArea, signal_map_svg

MODULES = ("js/shapes.js", "js/signal-layer.js", "js/signal-table.js")  # so that the browser asks for all at once

BORDERLINE, OUTSIDE = 1, 2  # flags beside each buurt in the values


def map_context(
    edition: SignalMap, query, *, areas=None, inside=None, shapes: str, panel: str, told: dict[int, str] | None = None
) -> dict:
    """`areas`: of which the table and the counts are (pks; None is all). `inside`: the buurten of the session, the
    others are drawn faintly. `shapes` and `panel`: addresses; in that of a panel BU stands for the code of a buurt.
    `told`: what people say of a buurt (by pk), to stand beside its signal."""
    told = told or {}
    shown = show(edition, areas=areas)
    arrangement = Arrangement.from_query(query).on(shown)
    rows = [_row(item, arrangement, panel, told) for item in arrangement.in_order(shown.signals)]
    year = edition.division
    return {
        "edition": edition,
        "shown": shown,
        "arrangement": arrangement,
        "rows": rows,
        "visible": sum(row.visible for row in rows),
        "districts": shown.districts,
        "columns": COLUMNS,
        "values": _values(shown, edition, inside, panel, told),
        "shapes": f"{shapes}?v={version_of(buurten(edition.municipality, year))}",
        "map_styles": STYLES.values(),
        "map_modules": MODULES,
        "basemap": basemap(),
    }


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table, as it is printed: a page with 500 of them has no time to look things up."""

    code: str
    name: str
    key: str  # of its class
    letter: str
    class_name: SafeString
    borderline: bool
    district: str
    district_name: str
    address: str
    composition: str
    composition_value: str
    problems: str
    problems_value: str
    sentence: str
    own_signals: list
    told: str
    visible: bool


def _row(shown: ShownSignal, arrangement: Arrangement, panel: str, told: dict[int, str]) -> Row:
    signal, area, style = shown.signal, shown.area, shown.style
    return Row(
        area.code, area.name, style.key, style.letter, _class_name(style.key), signal.borderline,
        area.district, shown.district, panel.replace("/BU/", f"/{area.code}/"),
        number(signal.composition, 1, signed=True), _plain(signal.composition),
        number(signal.problems, 1, signed=True), _plain(signal.problems),
        shown.sentence, shown.own_signals, told.get(signal.area_id, ""), arrangement.matches(shown),
    )  # fmt: skip


def _plain(value: float | None) -> str:
    """For a script, whatever the language."""
    return "" if value is None else f"{value:.6g}"


@cache
def _class_name(key: str) -> SafeString:
    """Swatch, letter and words of a class: the same for every buurt of it."""
    return render_to_string("components/class_name.html", {"style": STYLES[key]})


def basemap() -> dict | None:
    """The background under the buurten, when an administrator switched it on."""
    if not settings.BASEMAP_URL:
        return None
    return {"url": settings.BASEMAP_URL, "attribution": settings.BASEMAP_ATTRIBUTION}


def _values(shown: ShownMap, edition: SignalMap, inside, panel: str, told: dict[int, str]) -> dict:
    """What the map draws over the shapes: {code: [number of its class, flags, name, what is told of it]}."""
    numbers = {style.key: number for number, style in enumerate(styles(film=edition.is_film))}
    return {
        "panel": panel,
        "classes": list(numbers),
        "buurten": {
            signal.area.code: [
                numbers[signal.signal_class],
                BORDERLINE * signal.borderline + OUTSIDE * (inside is not None and signal.area_id not in inside),
                signal.area.name,
                *([told[signal.area_id]] if signal.area_id in told else []),
            ]
            for signal in shown.everywhere  # in a session too, so that the place is recognised
        },
    }


def table_file(edition: SignalMap, query, kind: str, *, areas=None) -> HttpResponse:
    """What is shown, as a file: `kind` is csv or xlsx."""
    shown = show(edition, areas=areas)
    rows = Arrangement.from_query(query).on(shown).arranged(shown.signals)
    if kind == "csv":
        response = HttpResponse(shown_csv(shown, rows), content_type="text/csv; charset=utf-8")
    else:
        response = HttpResponse(shown_xlsx(shown, rows), content_type=XLSX)
    mode = "film" if edition.is_film else "foto"
    years = slugify(edition.years.replace("–", "-"))
    name = f"signalen-{slugify(shown.municipality.plain_name)}-{mode}-{years}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def drawing(shown: ShownMap, municipality: Area, *, only: set[str]) -> SafeString:
    """The map for paper as SVG, from the same style table; `only` these buurten (codes) in their class."""
    areas = [
        MapArea(
            signal.area.code,
            signal.area.plain_name,
            signal.area.geometry,
            STYLES[signal.signal_class] if signal.area.code in only else None,
            (signal.area.label_x, signal.area.label_y),
            signal.borderline,
        )
        for signal in Signal.objects.of(shown.edition).for_map()
    ]
    words = f"Kaart van {municipality}: " + ", ".join(
        f"{cell.count} keer {cell.style.label}" for cell in shown.classes if cell.count
    )
    source = f"Een signaal, geen oordeel. Bron: {'; '.join(shown.edition.sources)}."
    return mark_safe(
        signal_map_svg(areas, width_mm=180, max_height_mm=150, title=words, prefix="afdruk", source=source)
    )
