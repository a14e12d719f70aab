"""The buurten of a session as paper shows them: numbered, each with its signal in letter, words and hatch."""

from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from maps.models import Area, Signal
from maps.sentences import sentence_of
from maps.showing import municipality_of
from maps.style import STYLES, ClassStyle
from maps.svgmap import MapArea, swatch_svg
from matrix.paper.codes import numbers


@dataclass(frozen=True)
class Place:
    area: Area
    number: int
    style: ClassStyle
    borderline: bool
    sentence: str  # what the signal says; empty when there is none

    @property
    def swatch(self) -> SafeString:
        return mark_safe(swatch_svg(self.style, prefix=f"vak-{self.number}", width_mm=7, height_mm=5))


def places_of(workshop) -> list[Place]:
    """By number; the shapes of the buurten are at hand."""
    edition = workshop.signal_map
    sheets = list(workshop.workshop_areas.select_related("area"))
    given = numbers(sheets)
    signals = Signal.objects.of(edition).filter(area__in=given).for_map()
    by_area = {signal.area_id: signal for signal in signals}
    municipality = municipality_of(edition)
    name = municipality.plain_name if municipality else edition.municipality
    found = [_place(sheet.area, given[sheet.area_id], by_area.get(sheet.area_id), name) for sheet in sheets]
    return sorted(found, key=lambda place: place.number)


def _place(area, number, signal, municipality) -> Place:
    if signal is None:
        return Place(area, number, STYLES["insufficient_data"], False, "")
    sentence = sentence_of(signal, municipality=municipality)
    return Place(area, number, STYLES[signal.signal_class], signal.borderline, sentence)


def map_areas(workshop, places: list[Place]) -> list[MapArea]:
    """The buurten of the session with their number, and those around them."""
    inside = {place.area.pk for place in places}
    around = Signal.objects.of(workshop.signal_map).exclude(area__in=inside).for_map()
    return [
        *(
            MapArea(p.area.code, p.area.plain_name, p.area.geometry, p.style, (p.area.label_x, p.area.label_y),
                    p.borderline, str(p.number))
            for p in places
        ),
        *(MapArea(s.area.code, s.area.name, s.area.geometry) for s in around),
    ]  # fmt: skip
