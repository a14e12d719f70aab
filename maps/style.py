"""How a class looks: one table that screen, legend, table and paper all read.

Any two colours differ by ΔE2000 ≥ 15 in normal sight and under simulated deuteranopia, protanopia and tritanopia,
and in lightness for greyscale; a test computes it. Each class also has a letter and a hatch: colour never carries
meaning alone.
"""

from dataclasses import dataclass

from maps.classification import FILM_CLASSES, FOTO_CLASSES, Direction, FotoClass, SignalClass


@dataclass(frozen=True)
class ClassStyle:
    key: str
    label: str
    letter: str
    fill: str
    ink: str  # the letter's colour, at least 4.5:1 on the fill
    hatch: str  # of the lines drawn over the fill: "", "diagonal", "back", "cross", "horizontal", "dots"
    meaning: str

    @property
    def is_missing(self):
        return self.key == SignalClass.INSUFFICIENT_DATA


DARK, LIGHT = "#1b1b1b", "#ffffff"

_FILM = (
    ClassStyle("under_pressure", SignalClass.UNDER_PRESSURE.label, "A", "#5b1e52", LIGHT, "",
               "De bewonerssamenstelling én de overlast ontwikkelden zich ongunstig."),
    ClassStyle("resilient", SignalClass.RESILIENT.label, "B", "#2b6cb0", LIGHT, "back",
               "De bewonerssamenstelling ontwikkelde zich ongunstig, maar de overlast niet."),
    ClassStyle("early_signal", SignalClass.EARLY_SIGNAL.label, "C", "#d4661a", DARK, "diagonal",
               "De bewonerssamenstelling bleef in de pas, maar de overlast ontwikkelde zich ongunstig."),
    ClassStyle("other_cause", SignalClass.OTHER_CAUSE.label, "D", "#f2c35e", DARK, "cross",
               "De bewonerssamenstelling ontwikkelde zich gunstig, en toch ontwikkelde de overlast zich ongunstig."),
    ClassStyle("improving", SignalClass.IMPROVING.label, "E", "#58b09c", DARK, "horizontal",
               "De overlast ontwikkelde zich gunstig, en de bewonerssamenstelling niet ongunstig."),
    ClassStyle("no_clear_change", SignalClass.NO_CLEAR_CHANGE.label, "F", "#f3f1ec", DARK, "",
               "De overlast bleef in de pas, en de bewonerssamenstelling ontwikkelde zich niet ongunstig."),
)  # fmt: skip
_FOTO = (
    ClassStyle("double_pressure", FotoClass.DOUBLE_PRESSURE.label, "A", "#5b1e52", LIGHT, "",
               "Veel kwetsbare bewoners én veel overlast."),
    ClassStyle("vulnerable_calm", FotoClass.VULNERABLE_CALM.label, "B", "#2b6cb0", LIGHT, "back",
               "Veel kwetsbare bewoners, maar niet veel overlast."),
    ClassStyle("problems_only", FotoClass.PROBLEMS_ONLY.label, "C", "#d4661a", DARK, "diagonal",
               "Veel overlast, terwijl er niet veel kwetsbare bewoners zijn."),
    ClassStyle("favourable", FotoClass.FAVOURABLE.label, "E", "#58b09c", DARK, "horizontal",
               "Weinig kwetsbare bewoners en weinig overlast."),
    ClassStyle("average", FotoClass.AVERAGE.label, "F", "#f3f1ec", DARK, "",
               "Niet opvallend hoog of laag op beide punten samen."),
)  # fmt: skip
MISSING = ClassStyle(
    "insufficient_data", SignalClass.INSUFFICIENT_DATA.label, "", "#ffffff", DARK, "missing",
    "Te weinig gegevens voor een uitspraak. Dit is geen laag of gunstig cijfer.",
)  # fmt: skip

# For who colours buurten by a number from none to four: light to dark, each with its digit and a hatch of its own.
SCALE = (
    ClassStyle("scale_0", "Geen van de vier", "0", "#ffffff", DARK, "", "Nog nergens iets, en geen reden waarom niet."),
    ClassStyle("scale_1", "Eén van de vier", "1", "#b9d5de", DARK, "dots", "In één van de vier."),
    ClassStyle("scale_2", "Twee van de vier", "2", "#76a9b8", DARK, "diagonal", "In twee van de vier."),
    ClassStyle("scale_3", "Drie van de vier", "3", "#37788a", LIGHT, "cross", "In drie van de vier."),
    ClassStyle("scale_4", "Alle vier", "4", "#0b2f38", LIGHT, "", "In alle vier."),
)
# A buurt that is drawn so that the place is recognised, and of which nothing is said.
BESIDE = ClassStyle("beside", "Geen buurt van deze sessie", "", "#e9e6de", DARK, "", "")

STYLES = {style.key: style for style in (*_FILM, *_FOTO, MISSING)}


def styles(*, film: bool) -> tuple[ClassStyle, ...]:
    return (*(_FILM if film else _FOTO), MISSING)


@dataclass(frozen=True)
class GridCell:
    composition: Direction
    problems: Direction
    style: ClassStyle


_ROWS = (Direction.UP, Direction.STABLE, Direction.DOWN)
_COLUMNS = (Direction.DOWN, Direction.STABLE, Direction.UP)


def grid(*, film: bool) -> list[list[GridCell]]:
    """The legend: rows are problems from more to less, columns composition from less to more."""
    classes = FILM_CLASSES if film else FOTO_CLASSES
    return [[GridCell(c, p, STYLES[classes[c, p]]) for c in _COLUMNS] for p in _ROWS]


DIRECTION_WORDS = {
    True: {  # film
        "composition": {
            Direction.DOWN: "minder kwetsbaar",
            Direction.STABLE: "in de pas",
            Direction.UP: "kwetsbaarder",
        },
        "problems": {
            Direction.DOWN: "overlast gunstiger",
            Direction.STABLE: "in de pas",
            Direction.UP: "overlast ongunstiger",
        },
    },
    False: {  # foto
        "composition": {
            Direction.DOWN: "weinig kwetsbaar",
            Direction.STABLE: "gemiddeld",
            Direction.UP: "veel kwetsbaar",
        },
        "problems": {
            Direction.DOWN: "weinig overlast",
            Direction.STABLE: "gemiddeld",
            Direction.UP: "veel overlast",
        },
    },
}
