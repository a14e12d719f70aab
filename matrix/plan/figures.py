"""What the figures say about one buurt, as the plan prints it."""

from django.utils.safestring import mark_safe

from maps.classification import direction
from maps.sentences import number
from maps.showing import Figure, ShownArea, ShownInput
from maps.style import DIRECTION_WORDS
from maps.svgmap import axis_svg
from matrix.plan.parts import AxisPart, FigureLine, InputLine, SignalPart


def signal_part(detail: ShownArea) -> SignalPart:
    shown = detail.shown
    return SignalPart(
        style=shown.style,
        sentence=shown.sentence,
        neighbours=tuple(shown.neighbour_labels),
        axes=(
            _axis("composition", "Bewonerssamenstelling", shown.signal, detail.composition),
            _axis("problems", "Zichtbare problemen", shown.signal, detail.problems),
        ),
        figures=tuple(sorted(map(_figure_line, detail.key_figures), key=lambda line: line.year, reverse=True)),
        crimes=_figure_line(detail.crimes) if detail.crimes.latest else None,
    )


def _axis(key, label, signal, inputs) -> AxisPart:
    edition, value = signal.signal_map, getattr(signal, key)
    band = edition.recipe["band"]
    words = "onbekend" if value is None else DIRECTION_WORDS[edition.is_film][key][direction(value, band=band)]
    text = number(value, signed=True)
    strip = axis_svg(value, band=band, title=f"{label} van {signal.area.name}: {text}, {words}")
    return AxisPart(label, text, tuple(_input_line(measured) for measured in inputs), mark_safe(strip))


def _input_line(shown: ShownInput) -> InputLine:
    return InputLine(
        label=shown.label,
        unit=shown.unit,
        start=number(shown.start, shown.decimals),
        end=number(shown.end, shown.decimals),
        effect=number(shown.z, signed=True),
        missing=shown.figure.last_word if shown.end is None else "",
    )


def _figure_line(figure: Figure) -> FigureLine:
    latest = figure.latest
    if latest is None:
        return FigureLine(figure.label, number(None), "", "", figure.last_word)
    unit = "" if figure.unit == figure.label.lower() else figure.unit
    unit = f" {unit}" if unit and not unit.startswith("%") else unit
    return FigureLine(figure.label, number(latest.value, figure.decimals), unit, str(latest.year), "")
