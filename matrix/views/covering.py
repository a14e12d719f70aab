"""What covers a session: the board, each buurt with its four frameworks, and the second face of the signal map."""

from dataclasses import dataclass, replace

from maps.arranging import sort_from
from maps.models import Signal
from maps.pages import OUTSIDE
from maps.style import BESIDE, SCALE, STYLES, ClassStyle
from matrix.board import Board, build_board
from matrix.board import in_order as area_order
from matrix.coverage import SORTS, AreaCoverage, cover, in_order
from matrix.models import Framework

WARNED = 4  # a flag beside a buurt on the map, after those of maps.pages
COLUMNS = (("naam", "Buurt"), ("druk", "Onder druk"), ("gevuld", "Gevuld"), ("afgesproken", "Afgesproken"))


# Of both faces, so that the map can change over.
MAP_STYLES = (*STYLES.values(), *SCALE, BESIDE)


def board_of(workshop) -> Board:
    sheets = workshop.workshop_areas.select_related("area").defer("area__geometry")
    areas = sorted((sheet.area for sheet in sheets), key=area_order)
    return build_board(areas, workshop.agreements.standing().for_cards(), workshop.empty_cells.all())


def classes_of(workshop, areas=None) -> dict[int, list[str]]:
    """What film and foto say, by key of the buurt; one query. `areas`: keys of only those."""
    film = workshop.signal_map
    found: dict[int, list[str]] = {}
    signals = Signal.objects.filter(signal_map__in=[film.pk, *([film.foto_id] if film.foto_id else [])])
    if areas is not None:
        signals = signals.filter(area__in=areas)
    for pk, signal_class in signals.values_list("area", "signal_class"):
        found.setdefault(pk, []).append(signal_class)
    return found


def covered_of(workshop) -> list[AreaCoverage]:
    return cover(board_of(workshop), classes_of(workshop))


def totals(covered: list[AreaCoverage]) -> dict:
    return {
        "deliberate": sum(one.deliberate for one in covered),
        "warned": sum(bool(one.warning) for one in covered),
        "steps": [(style, sum(one.filled == step for one in covered)) for step, style in enumerate(SCALE)],
    }


@dataclass(frozen=True)
class Step:
    """As the legend and the filter of the map take a class."""

    style: ClassStyle
    count: int


def face(context: dict, query, workshop) -> dict:
    """The second face of the map: the same page, shapes and filters, other values. `context` is that of the signal."""
    covered = covered_of(workshop)
    asked = query.get("klasse", "")
    chosen = asked if asked in {style.key for style in SCALE} else ""
    asking = replace(context["arrangement"], signal_class="")
    fitting = {shown.area.code for shown in context["shown"].signals if asking.matches(shown)}
    left_out = {
        one.area.code for one in covered if one.area.code not in fitting or chosen not in ("", one.style.key)
    }  # fmt: skip
    sort, descending = sort_from(query, SORTS)
    told = totals(covered)
    return {
        "beeld": "afspraken",
        "legend_template": "matrix/coverage_legend.html",
        "table_template": "matrix/coverage_face.html",
        "words_template": "matrix/coverage_words.html",
        "class_label": "Kaders gevuld",
        "classes": [Step(*step) for step in told["steps"]],
        "chosen_class": chosen,
        "covered": in_order(covered, sort, descending),
        "left_out": left_out,
        "visible": len(covered) - len(left_out),
        "frameworks": list(Framework),
        "columns": COLUMNS,
        "sort": sort,
        "descending": descending,
        "values": _values(context["values"], covered),
        **told,
    }


def _values(signals: dict, covered: list[AreaCoverage]) -> dict:
    """As `maps.pages` sends those of the signal: {code: [number of its class, flags, name, what is told of it]}."""
    by_code = {one.area.code: one for one in covered}
    buurten = {}
    for code, (_, _, name, *_) in signals["buurten"].items():
        one = by_code.get(code)
        told = one and " ".join(filter(None, [one.told, one.warning and f"{one.warning}."]))
        buurten[code] = (
            [one.filled, WARNED * bool(one.warning), name, told] if one else [len(SCALE), OUTSIDE, name]
        )  # fmt: skip
    return {"panel": signals["panel"], "classes": [*(style.key for style in SCALE), BESIDE.key], "buurten": buurten}
