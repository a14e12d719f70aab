"""The content of a version in words: what a page shows and what is compared, from the content alone; also of content
that may go on to others (matrix/files/sharing.py), which does not say who entered something. Pure.

A version is a few sections; a section has entries (a buurt, an agreement); an entry has lines (a label and its text).
All three have a key by which the same thing is found in another version.
"""

import datetime
from dataclasses import dataclass, field

from django.utils.formats import date_format

from maps.style import STYLES
from matrix.models import Advice, Agreement, Framework, Organisation, Position, Reading, Remark
from matrix.stages import Stage

FEW_HOUSEHOLDS = "te weinig huishoudens om te tonen"


@dataclass(frozen=True)
class Line:
    key: str
    label: str
    text: str


@dataclass(frozen=True)
class Objection:
    """Not a plain yes: it goes with the agreement wherever that is shown."""

    organisation: str
    stance: str
    label: str
    reason: str


@dataclass(frozen=True)
class Entry:
    key: str
    title: str
    lines: tuple[Line, ...]
    objections: tuple[Objection, ...] = ()
    number: int = 0  # of an agreement


@dataclass(frozen=True)
class Section:
    key: str
    title: str
    entries: tuple[Entry, ...]
    empty: str = field(default="Hier staat niets.")


def told(content: dict) -> list[Section]:
    names = {buurt["code"]: buurt["name"] for buurt in content["buurten"]}
    promised = [a for a in content["agreements"] if a["state"] == Agreement.Status.AGREED]
    others = [a for a in content["agreements"] if a["state"] != Agreement.Status.AGREED]
    return [
        Section("session", "De sessie", (_session(content), _parties(content), _edition(content["edition"]))),
        Section("buurten", "De buurten", tuple(_buurt(buurt) for buurt in content["buurten"])),
        Section(
            "agreements", "De afspraken", tuple(_agreement(a, names) for a in promised), "Er waren nog geen afspraken."
        ),
        Section(
            "proposals", "Nog geen afspraak", tuple(_agreement(a, names) for a in others),
            "Alles wat op tafel lag, was afgesproken.",
        ),
        Section(
            # Versions of before know none.
            "priorities", "Prioriteiten", tuple(_round(r, names) for r in content.get("priorities", ())),
            "Er waren geen stippen onthuld.",
        ),
        Section(
            "remarks", "Opmerkingen", tuple(_remark(r, names) for r in content["remarks"]),
            "Er waren geen opmerkingen onthuld.",
        ),
    ]  # fmt: skip


def _label(choices, value: str) -> str:
    """In the words of today; a value that this program does not know (any more) as it was kept."""
    return dict(choices.choices).get(value, value)


def day(iso: str) -> str:
    return date_format(datetime.date.fromisoformat(iso), "j F Y") if iso else ""


def _lines(*rows) -> tuple[Line, ...]:
    """Those that say something."""
    return tuple(Line(*row) for row in rows if row[2])


def _yes(value: bool, words: str = "ja") -> str:
    return words if value else ""


# ---- the session ----


def _session(content) -> Entry:
    session = content["session"]
    here = {a["organisation"]: [] for a in content["attendance"]}
    for seen in content["attendance"]:
        here[seen["organisation"]].append(f"{_label(Stage, seen['stage'])} {seen['people']}")
    attendance = [(f"was/{name}", f"Mensen van {name}", ", ".join(steps)) for name, steps in sorted(here.items())]
    return Entry(
        "session", "Titel en datum",
        _lines(
            ("title", "Titel", session["title"]), ("date", "Datum", day(session["date"])),
            ("place", "Plaats", session["place"]),
            ("fictional", "Fictief", _yes(session["fictional"], "gemeente en cijfers zijn verzonnen")),
            *attendance,
        ),
    )  # fmt: skip


def _parties(content) -> Entry:
    def row(party):
        here = "aanwezig" if party["present"] else "niet aangemeld"
        return (f"party/{party['name']}", party["name"], f"{_label(Organisation.Kind, party['kind'])}, {here}")

    return Entry("parties", "De partijen", _lines(*(row(party) for party in content["parties"])))


def _edition(edition) -> Entry:
    years = f"{edition['year_from']}–{edition['year_to']}"
    compared = {"municipality": "vergeleken met de eigen gemeente"}.get(edition["reference"], "niet relatief")
    return Entry(
        "edition", "De signaleringskaart",
        _lines(
            ("municipality", "Gemeente", edition["municipality"]),
            ("mode", "Kaart", f"{edition['mode']} {years}, {compared}"),
            ("division", "Indeling", f"buurten van {edition['division']}"),
            ("recipe", "Recept", f"versie {edition['recipe_version']}"),
            ("sources", "Bronnen", "\n".join(edition["sources"])),
        ),
    )  # fmt: skip


# ---- buurten ----


def _buurt(buurt) -> Entry:
    own = "\n".join(f"{o['class']} ({o['source']}, {o['years']})" for o in buurt["own_signals"])
    readings = [
        (f"reading/{r['organisation']}", f"Herkent {r['organisation']} dit?", _reading(r)) for r in buurt["readings"]
    ]
    cells = [
        (f"empty/{c['framework']}", f"{_label(Framework, c['framework'])} bewust leeg", _signed(c["reason"], c["by"]))
        for c in buurt["empty_on_purpose"]
    ]
    return Entry(
        f"{buurt['code']}/{buurt['division']}", buurt["name"],
        _lines(
            ("name", "Naam", buurt["name"]), ("signal", "Signaal", _signal(buurt)),
            ("own", "Eigen signaal", own), *readings,
            ("went_on", "Zonder de huurders",
             _yes(buurt["went_on_without_tenants"], "doorgegaan voordat zij hadden geantwoord")),
            ("problem_analysis", "Probleemanalyse", buurt["problem_analysis"]),
            ("definition_of_success", "Definitie van succes", buurt["definition_of_success"]),
            ("practice_knowledge", "Kennis uit de praktijk", buurt["practice_knowledge"]),
            *cells,
        ),
    )  # fmt: skip


def _signed(words: str, by: str) -> str:
    return f"{words} ({by})" if by else words


_DUTCH = str.maketrans(".-", ",−")  # of a number as it was kept


def _signal(buurt) -> str:
    signal = buurt["signal"]
    if buurt.get("few_households"):
        return FEW_HOUSEHOLDS
    if not signal:
        return "niet op de kaart"
    style = STYLES.get(signal["class"])
    name = f"{style.letter} {style.label}".strip() if style else signal["class"]
    axes = (("bewonerssamenstelling", signal["composition"]), ("problemen", signal["problems"]))
    values = [f"{label} {value.translate(_DUTCH) or 'onbekend'}" for label, value in axes]
    return ", ".join([name, *values, *(["grensgeval"] if signal["borderline"] else [])])


def _reading(reading) -> str:
    by = " (ingevoerd door de begeleider)" if reading.get("on_behalf") else ""
    return f"{_label(Reading.Recognition, reading['recognition'])}{by}. {reading['words']}".strip()


# ---- agreements ----


def _agreement(a, names) -> Entry:
    brought = [
        (f"brings/{c['organisation']}", f"Samen met {c['organisation']}", c["text"] or "doet mee")
        for c in a["contributions"]
    ]
    positions = [
        (f"position/{p['organisation']}", f"Standpunt van {p['organisation']}", stands(p)) for p in a["positions"]
    ]
    return Entry(
        f"{a['number']}", f"{a['number']}. {a['title']}",
        _lines(
            ("lead", "Trekker", a["lead"]), ("title", "Wat", a["title"]),
            ("framework", "Handelingskader", _label(Framework, a["framework"])),
            ("buurten", "Buurten", ", ".join(names.get(code, code) for code in a["buurten"])),
            ("state", "Stand", _label(Agreement.Status, a["state"])),
            ("start", "Begint", day(a["start"])), ("end", "Klaar", day(a["end"])),
            *brought,
            ("means", "Middelen en dekking", a["means"]), ("measure", "We zien dat het werkt aan", a["measure"]),
            ("residents_notice", "Bewoners merken", a["residents_notice"]),
            ("elsewhere", "Stadstoets", _label(Agreement.Elsewhere, a["elsewhere"])),
            ("effect_elsewhere", "Elders in de stad", a["effect_elsewhere"]),
            ("asked_elsewhere", "Vraagt van andere gebieden", a["asked_elsewhere"]),
            ("compensation", "Opgevangen door", a["compensation"]), ("goal", "Doel", a["goal"]),
            ("kind", "Soort afspraak", _label(Agreement.Kind, a["kind"])),
            ("reservation", "Onder voorbehoud van", a["reservation"]),
            ("legal_check", "Juridische toets", _yes(a["legal_check"], "nodig")),
            ("touches_advice_right", "Adviesrecht",
             _yes(a["touches_advice_right"], "raakt het adviesrecht van huurders")),
            ("plain_words", "In gewone taal", a["plain_words"]),
            ("plain_approved_by", "Gewone taal goedgekeurd door", ", ".join(a["plain_approved_by"])),
            ("card", "Uit de catalogus", a["card"]), ("proposed_by", "Voorgesteld door", a["proposed_by"]),
            ("advice", "Wettelijk advies", _advice(a["advice"])),
            *positions,
        ),
        tuple(_objection(p) for p in a["positions"] if p["stance"] in Position.NEEDS_REASON),
        a["number"],
    )  # fmt: skip


def _objection(position) -> Objection:
    label = _label(Position.Stance, position["stance"])
    return Objection(position["organisation"], position["stance"], label, position["reason"])


def stands(position) -> str:
    words = _label(Position.Stance, position["stance"])
    if position["back_by"]:
        words += f", antwoord uiterlijk {day(position['back_by'])}"
    marks = [_yes(position["earlier_text"], "over een eerdere tekst")]
    note = position.get("note", "")
    marks.append(_yes(position.get("on_behalf", False), "ingevoerd door de begeleider" + (f": {note}" if note else "")))
    marks = ", ".join(mark for mark in marks if mark)
    return f"{words}{f' ({marks})' if marks else ''}. {position['reason']}".strip()


def _advice(advice) -> str:
    if not advice:
        return ""
    days = (
        ("gevraagd op", "asked_on"),
        ("uiterlijk", "due_on"),
        ("gekregen op", "received_on"),
        ("besluit op", "decided_on"),
    )
    parts = [f"van {advice['organisation']}"] if advice["organisation"] else []
    parts += [f"{words} {day(advice[name])}" for words, name in days if advice[name]]
    if advice["outcome"]:
        parts.append(_label(Advice.Outcome, advice["outcome"]).lower())
    said = "\n".join(filter(None, (advice["text"], advice["decision"])))
    return f"{', '.join(parts)}{' (het besluit wijkt af)' if advice['deviates'] else ''}\n{said}".strip()


# ---- remarks ----


def _remark(remark, names) -> Entry:
    about = [_label(Stage, remark["stage"])]
    if remark["buurt"]:
        about.append(names.get(remark["buurt"], remark["buurt"]))
    answer = _label(Remark.Answer, remark["answer"]) or "nog geen antwoord"
    if remark["taken_up_in"]:
        answer += f" bij {remark['taken_up_in']}"
    same = "\n".join(f"{said['text']} ({said['by']})" for said in remark["said_too"])
    return Entry(
        f"{remark['stage']}/{remark['by']}/{remark['text']}", f"{remark['by']}, {' over '.join(about)}",
        _lines(
            ("text", "Opmerking", remark["text"]), ("theme", "Thema", remark["theme"]), ("same", "Ook gezegd", same),
            ("kept", "Wie mag dit lezen", "alleen de tafel" if remark.get("internal") else ""),
            ("answer", "Antwoord", f"{answer}. {remark['answer_text']}".strip()),
        ),
    )  # fmt: skip


# ---- priorities ----


def _round(found, names) -> Entry:
    """What got most dots comes first."""
    given: dict[tuple[str, int], list] = {}
    for part in found["given"]:
        given.setdefault((part["buurt"], part["agreement"]), []).append(part)
    in_order = sorted(given.items(), key=lambda item: (-sum(p["dots"] for p in item[1]), item[0]))
    lines = [
        (f"dots/{code}/{number}", names.get(code, code) or f"Maatregel {number}", _dots(parts))
        for (code, number), parts in in_order
    ]
    about = ("each", "Stippen per persoon", str(found["each"]))
    return Entry(
        f"{found['number']}", found["question"], _lines(("question", "Vraag", found["question"]), about, *lines)
    )


def _dots(parts) -> str:
    each = ", ".join(f"{part['organisation']} {part['dots']}" for part in parts)
    total = sum(part["dots"] for part in parts)
    return f"{total} {'stip' if total == 1 else 'stippen'}: {each}"
