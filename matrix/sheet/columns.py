"""The columns of the worksheet: what each is called, how an agreement reads in its cell, and what a cell means."""

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from matrix.models import Agreement, Contribution, Framework, Organisation

NUMBER, FRAMEWORK, AREAS, TITLE, STATUS, LEAD = "Nummer", "Handelingskader", "Buurten", "Wat", "Status", "Trekker"
START, END = "Begint", "Klaar"
BRINGS, STANCE, READ_ONLY = "Bijdrage: ", "Standpunt: ", " (alleen lezen)"
TAKES_PART = "doet mee"  # takes part and did not say yet what it brings
YES, NO = "ja", "nee"


class WrongCell(Exception):
    """What stands in this cell means nothing; the message says in Dutch what does."""


@dataclass(frozen=True)
class Column:
    """`written`: agreement -> words of its cell; a date as ISO. `meant`: words -> value, or WrongCell."""

    name: str  # field of Agreement, or `brings` and `stance` of an organisation
    heading: str
    width: int
    written: Callable[[Agreement], str]
    meant: Callable[[str], Any]
    choices: tuple[str, ...] = ()
    is_date: bool = False
    organisation: Organisation | None = None

    @property
    def read_only(self):
        return self.name == "stance"


def columns(workshop) -> list[Column]:
    """Of this session: a column for what each of its organisations brings, and for where each stands."""
    organisations = list(workshop.organisations.all())
    areas = [sheet.area for sheet in workshop.workshop_areas.select_related("area").defer("area__geometry")]
    names = {organisation.name: organisation for organisation in organisations}
    return _told_apart([
        Column("number", NUMBER, 9, lambda a: str(a.number), _number),
        _choice("framework", FRAMEWORK, 18, Framework.choices),
        Column("areas", AREAS, 30, lambda a: areas_written(a.areas.all()), lambda words: _areas(words, areas)),
        _text("title", TITLE, 44, required=True),
        _choice("status", STATUS, 15, Agreement.Status.choices),
        _choice("kind", "Soort", 18, Agreement.Kind.choices, may_be_empty=True),
        _text("goal", "Doel", 36),
        Column(
            "lead", LEAD, 24, lambda a: a.lead.name if a.lead else "", lambda words: _organisation(words, names),
            tuple(names),
        ),
        *(_brings(organisation) for organisation in organisations),
        _date("start", START),
        _date("end", END),
        _text("means", "Middelen en dekking", 32),
        _text("measure", "We zien dat het werkt aan", 32),
        _text("residents_notice", "Bewoners merken", 32),
        _choice("elsewhere", "Stadstoets", 22, Agreement.Elsewhere.choices, may_be_empty=True),
        _text("effect_elsewhere", "Elders in de stad", 32),
        _text("asked_elsewhere", "Vraagt dit van andere gebieden", 32),
        _text("compensation", "Hoe wordt dat elders opgevangen", 32),
        _text("reservation", "Voorbehoud van bestuur, RvC of college", 30),
        _mark("legal_check", "Juridische toets nodig"),
        _mark("touches_advice_right", "Raakt het adviesrecht van huurders"),
        *(_stance(organisation) for organisation in organisations),
    ])  # fmt: skip


def normal(heading: str) -> str:
    """As headings are compared: whatever their capitals and spaces."""
    return " ".join(heading.split()).casefold()


def _told_apart(found: list[Column]) -> list[Column]:
    """Two organisations can have names that differ only in capitals or spaces."""
    seen, apart = set(), []
    for column in found:
        heading, times = column.heading, 1
        while normal(heading) in seen:
            times += 1
            heading = f"{column.heading} ({times})"
        seen.add(normal(heading))
        apart.append(replace(column, heading=heading))
    return apart


def areas_written(areas) -> str:
    return "; ".join(f"{area.name} ({area.code})" for area in areas)


def date_in_words(iso: str) -> str:
    """A cell of a date as people read it."""
    found = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", iso)
    return f"{found[3]}-{found[2]}-{found[1]}" if found else iso


# ---- kinds of columns ----


def _text(name, heading, width, *, required=False) -> Column:
    most = Agreement._meta.get_field(name).max_length
    return Column(
        name, heading, width, lambda a: getattr(a, name), lambda words: _words(words, most, required=required)
    )


def _choice(name, heading, width, choices, *, may_be_empty=False) -> Column:
    labels = {value: str(label) for value, label in choices}
    values = {label.casefold(): value for value, label in labels.items()}

    def meant(words):
        if not words and may_be_empty:
            return ""
        if words.casefold() in values:
            return values[words.casefold()]
        raise WrongCell(f"‘{_short(words)}’ kennen wij hier niet. Kies uit: {', '.join(labels.values())}.")

    return Column(
        name, heading, width, lambda a: labels.get(getattr(a, name), ""), meant, tuple(labels.values())
    )  # fmt: skip


def _date(name, heading) -> Column:
    def written(agreement):
        date = getattr(agreement, name)
        return date.isoformat() if date else ""

    return Column(name, heading, 13, written, _day, is_date=True)


def _mark(name, heading) -> Column:
    def meant(words):
        if words.casefold() in (YES, "x", "waar", "true"):
            return True
        if words.casefold() in (NO, "", "onwaar", "false"):
            return False
        raise WrongCell(f"‘{_short(words)}’ kan hier niet. Kies ja of nee.")

    return Column(name, heading, 14, lambda a: YES if getattr(a, name) else NO, meant, (YES, NO))


def _brings(organisation) -> Column:
    most = Contribution._meta.get_field("text").max_length

    def written(agreement):
        found = next((c for c in agreement.contributions.all() if c.organisation_id == organisation.pk), None)
        return "" if found is None else found.text or TAKES_PART

    def meant(words):
        """None: it takes no part."""
        if not words:
            return None
        return "" if words.casefold() == TAKES_PART else _words(words, most)

    return Column("brings", f"{BRINGS}{organisation.name}", 30, written, meant, organisation=organisation)


def _stance(organisation) -> Column:
    def written(agreement):
        position = next((p for p in agreement.positions.all() if p.organisation_id == organisation.pk), None)
        if position is None:
            return ""
        by_whom = " (ingevoerd door de begeleider)" if position.on_behalf else ""
        return position.told + by_whom + (" (over een eerdere tekst)" if position.wording != agreement.wording else "")

    heading = f"{STANCE}{organisation.name}{READ_ONLY}"
    return Column("stance", heading, 30, written, lambda words: words, organisation=organisation)


# ---- what a cell means ----


def _number(words) -> int | None:
    if not words:
        return None
    if not words.isascii() or not words.isdecimal() or len(words) > 5:
        raise WrongCell(f"‘{_short(words)}’ is geen nummer. Laat de cel leeg voor een nieuwe maatregel.")
    return int(words)


def _words(words, most, *, required=False) -> str:
    if required and not words:
        raise WrongCell("Schrijf in één regel wat er gaat gebeuren.")
    if len(words) > most:
        raise WrongCell(f"Dit is te lang: hooguit {most} tekens, en dit zijn er {len(words)}. Kort het in.")
    return words


_MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
    "december",
)  # fmt: skip
_NAMED = {name[:length]: i for i, name in enumerate(_MONTHS, start=1) for length in {3, len(name)}} | {"mrt": 3}
YEARS = range(1990, 2101)
_DAY = re.compile(r"(\d{1,2})[-/. ]+(\d{1,2}|[a-z]+)\.?[-/. ]+(\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")


def _day(words) -> datetime.date | None:
    if not words:
        return None
    iso, found = _ISO.fullmatch(words), _DAY.fullmatch(words.lower())
    day, month, year = (iso[3], iso[2], iso[1]) if iso else found.groups() if found else ("", "", "")
    month = int(month) if month.isdecimal() else _NAMED.get(month, 0)
    try:
        date = datetime.date(int(year or 0), month, int(day or 0))
    except ValueError:
        raise WrongCell(f"‘{_short(words)}’ is geen datum. Schrijf bijvoorbeeld 31-12-2026.") from None
    if date.year not in YEARS:  # who types 2026 in a cell for dates gets a day in 1905
        raise WrongCell(f"Klopt het jaar {date.year}? Schrijf een hele datum, bijvoorbeeld 31-12-2026.")
    return date


def _organisation(words, names) -> Organisation | None:
    if not words:
        return None
    if words in names:
        return names[words]
    found = [organisation for name, organisation in names.items() if name.casefold() == words.casefold()]
    if len(found) == 1:
        return found[0]
    raise WrongCell(f"De organisatie ‘{_short(words)}’ zit niet aan tafel. Aan tafel: {', '.join(names)}.")


_CODE = re.compile(r"\b(BU[0-9A-Z]{8})\b")


def _areas(words, areas) -> list:
    by_code = {area.code: area for area in areas}
    found = []
    for piece in filter(None, (piece.strip() for piece in re.split(r"[;\n]", words))):
        for area in _areas_in(piece, by_code):
            if area not in found:
                found.append(area)
    if not found:
        raise WrongCell("Noem minstens één buurt. Zet tussen twee buurten een puntkomma.")
    return found


def _areas_in(piece, by_code) -> list:
    """Named by code, by name, or several by name with a comma between them."""
    if codes := _CODE.findall(piece.upper()):
        if unknown := [code for code in codes if code not in by_code]:
            raise WrongCell(f"De buurt {unknown[0]} hoort niet bij deze sessie. Op het blad ‘Uitleg’ staan ze alle.")
        return [by_code[code] for code in codes]
    named = [area for area in by_code.values() if area.name.casefold() == piece.casefold()]
    if len(named) == 1:
        return named
    if named:
        raise WrongCell(f"Er zijn {len(named)} buurten die ‘{_short(piece)}’ heten. Schrijf de code erbij, als "
                        f"{named[0].name} ({named[0].code}).")  # fmt: skip
    if "," in piece:
        return [area for part in piece.split(",") if part.strip() for area in _areas_in(part.strip(), by_code)]
    raise WrongCell(f"De buurt ‘{_short(piece)}’ hoort niet bij deze sessie. Op het blad ‘Uitleg’ staan ze alle.")


def _short(words) -> str:
    return words if len(words) <= 40 else f"{words[:40]}…"
