"""What a page with a map needs, in a session or outside it: the same region, the same words."""

import json

from django.http import HttpResponse
from django.urls import reverse
from django.utils.text import slugify

from maps.arranging import COLUMNS, Arrangement
from maps.choices import Asked, as_query
from maps.exporting import XLSX, shown_csv, shown_xlsx
from maps.models import SignalMap
from maps.payload import buurten, version_of
from maps.showing import ShownMap, show, signals_of
from maps.style import styles

BORDERLINE, OUTSIDE = 1, 2  # flags beside each buurt in the values


def map_context(edition: SignalMap, query, *, areas=None, inside=None, shapes: str, panel: str) -> dict:
    """`areas`: of which the table and the counts are (pks; None is all). `inside`: the buurten of the session, the others
    are drawn faintly. `shapes` and `panel`: addresses; that of a panel ends on the code of a buurt in place of BU."""
    shown = show(edition, areas=areas)
    arrangement = Arrangement.from_query(query)
    rows = arrangement.in_order(shown.signals)
    visible = {row.area.code for row in rows if arrangement.matches(row)}
    year = edition.division
    return {
        "edition": edition,
        "shown": shown,
        "arrangement": arrangement,
        "rows": [(row, row.area.code in visible) for row in rows],
        "visible": len(visible),
        "columns": COLUMNS,
        "values": _values(shown, edition, inside, panel),
        "shapes": f"{shapes}?v={version_of(buurten(edition.municipality, year))}",
        "panel_address": panel,
    }


def _values(shown: ShownMap, edition: SignalMap, inside, panel: str) -> dict:
    """What the map draws over the shapes: {code: [number of its class, flags, name]}."""
    numbers = {style.key: number for number, style in enumerate(styles(film=edition.is_film))}
    if inside is not None and len(shown.signals) < _count(edition):
        signals = signals_of(edition)  # the map shows the whole municipality, so that the place is recognised
    else:
        signals = [row.signal for row in shown.signals]
    return {
        "panel": panel,
        "classes": list(numbers),
        "buurten": {
            signal.area.code: [
                numbers[signal.signal_class],
                BORDERLINE * signal.borderline + OUTSIDE * (inside is not None and signal.area_id not in inside),
                signal.area.name,
            ]
            for signal in signals
        },
    }


def _count(edition: SignalMap) -> int:
    return edition.signals.count()


def table_file(edition: SignalMap, query, kind: str, *, areas=None) -> HttpResponse:
    """What is shown, as a file: `kind` is csv or xlsx."""
    shown = show(edition, areas=areas)
    rows = Arrangement.from_query(query).arranged(shown.signals)
    if kind == "csv":
        response = HttpResponse(shown_csv(shown, rows), content_type="text/csv; charset=utf-8")
    else:
        response = HttpResponse(shown_xlsx(shown, rows), content_type=XLSX)
    mode = "film" if edition.is_film else "foto"
    name = f"signalen-{slugify(shown.municipality.plain_name)}-{mode}-{slugify(edition.years)}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def choice_context(asked: Asked, offered) -> dict:
    """The controls that choose a map: film or foto, years, compared with what."""
    choice = asked.choice
    return {
        "asked": asked,
        "years": offered.years,
        "film_default": offered.default(SignalMap.Mode.FILM),
        "foto_default": offered.default(SignalMap.Mode.FOTO),
        "query": json.dumps(as_query(choice)) if choice else "{}",
    }


def panel_address(name: str, *args) -> str:
    return reverse(name, args=[*args, "BU"])
