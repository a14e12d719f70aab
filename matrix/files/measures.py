"""The agreements as tables of a workbook: per organisation what it promises and what is promised to it. Pure; made of
the agreements themselves, of the plan, or of the content of a version, which each give `Measure`s."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

Cell = str | int | datetime.date | None


@dataclass(frozen=True)
class Measure:
    """An agreement or proposal in words."""

    number: int
    title: str
    framework: str
    status: str
    promised: bool
    buurten: tuple[str, ...]
    lead: str
    brings: tuple[tuple[str, str], ...]  # (organisation, what it brings; empty: not said yet)
    start: datetime.date | None
    end: datetime.date | None
    stands: dict[str, str] = field(default_factory=dict)  # organisation -> where it stands, of those that said so


@dataclass(frozen=True)
class Table:
    """One sheet of a workbook."""

    title: str
    head: tuple[tuple[str, int], ...]  # (words, width in characters)
    rows: Sequence[tuple[Cell, ...]]
    above: tuple[str, ...] = ()  # lines over the head; the first is the title

    def height(self, row: tuple[Cell, ...]) -> int:
        """In points. Not every program makes a row as high as its words when it opens a file."""
        lines = [_lines(cell, width) for cell, (_, width) in zip(row, self.head, strict=True) if isinstance(cell, str)]
        return min(_LINE * max([1, *lines]), _HIGHEST)


_LINE, _HIGHEST = 15, 405  # Excel makes no row higher than 409


def _lines(text: str, width: int) -> int:
    """How many it takes in a column so wide; rather one too many."""
    if len(text) < width and "\n" not in text:
        return 1
    return sum(1 + int(1.1 * len(part)) // width for part in text.split("\n"))


TAKES_PART = "doet mee, bijdrage nog niet genoemd"
FOR_PARTY = (
    ("Wat het is", 15), ("Nummer", 9), ("Wat", 36), ("Door wie", 22), ("Bijdrage", 36), ("Trekker", 22),
    ("Handelingskader", 17), ("Buurten", 24), ("Status", 13), ("Begint", 11), ("Klaar", 11),
    ("Standpunt van deze organisatie", 36),
)  # fmt: skip
LEADS, BRINGS, RECEIVES, STANDS = "Wij trekken", "Wij dragen bij", "Ons beloofd", "Ons standpunt"


def of_party(name: str, title: str, measures: Iterable[Measure]) -> Table:
    """Wat beloven wij, wat is ons beloofd: of agreements that were made. And where it stands, also on all others."""
    measures = list(measures)
    return Table(
        title, FOR_PARTY, _rows(name, measures), (f"Wat belooft {name}, en wat is haar beloofd", _told(name, measures))
    )


def _rows(name, measures) -> list[tuple[Cell, ...]]:
    made = [measure for measure in measures if measure.promised]
    leads = [measure for measure in made if measure.lead == name]
    brings = [(m, text) for m in made for who, text in m.brings if who == name != m.lead]
    receives = [(m, who, text) for m in leads for who, text in m.brings if who != name]
    shown = {measure.number for measure in leads} | {measure.number for measure, _ in brings}
    return [
        *(_row(name, LEADS, measure, name, "") for measure in leads),
        *(_row(name, BRINGS, measure, name, text or TAKES_PART) for measure, text in brings),
        *(_row(name, RECEIVES, measure, who, text or TAKES_PART) for measure, who, text in receives),
        *(_row(name, STANDS, m, "", "") for m in measures if m.number not in shown and m.stands.get(name)),
    ]


def _row(name, what, m: Measure, who, brought) -> tuple[Cell, ...]:
    stands = m.stands.get(name, "")
    return (
        what,
        m.number,
        m.title,
        who,
        brought,
        m.lead,
        m.framework,
        "; ".join(m.buurten),
        m.status,
        m.start,
        m.end,
        stands,
    )


def _told(name, measures) -> str:
    """In a line what the rows do not say."""
    made = [measure for measure in measures if measure.promised]
    busy = any(name in (measure.lead, *(who for who, _ in measure.brings)) for measure in made)
    silent = [str(measure.number) for measure in made if not measure.stands.get(name)]
    told = [] if busy else ["Deze organisatie belooft nog niets."]
    if silent:
        told.append(f"Nog geen standpunt bij {'afspraak' if len(silent) == 1 else 'de afspraken'} {', '.join(silent)}.")
    return " ".join(told)
