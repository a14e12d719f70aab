"""The content of a session as tables in CSV: for a spreadsheet in the Netherlands, so `;`, a decimal comma, and a mark
that says that it is UTF-8."""

import csv
import io
from collections.abc import Iterable

from maps.style import STYLES
from matrix.models import Agreement, Framework, Position
from matrix.plan.told import FEW_HOUSEHOLDS

BOM = "\ufeff"  # or a spreadsheet reads é as Ã©


def as_csv(head: list[str], rows: Iterable[list]) -> bytes:
    out = io.StringIO()
    table = csv.writer(out, delimiter=";", lineterminator="\r\n")
    table.writerow(head)
    table.writerows([cell(value) for value in row] for row in rows)
    return (BOM + out.getvalue()).encode()


def cell(value) -> str:
    """A text that a spreadsheet would take for a formula gets a mark before it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, int):
        return str(value)
    return f"'{value}" if value.lstrip()[:1] in tuple("=+-@") or value[:1] in ("\t", "\r", "\n") else value


def figure(text: str) -> str:
    """'-0.93' of the content -> '−0,93'; a real minus, which no spreadsheet takes for a formula."""
    return text.replace("-", "−").replace(".", ",")


def agreements(content: dict) -> bytes:
    names = buurt_names(content)
    head = ["nummer", "status", "handelingskader", "wat", "buurten", "soort", "trekker", "doel", "begint", "klaar",
            "middelen en dekking", "we zien dat het werkt aan", "bewoners merken", "elders in de stad", "compensatie",
            "voorbehoud", "juridische toets", "raakt adviesrecht", "ingebracht door", "in gewone taal"]  # fmt: skip
    rows = (
        [
            a["number"], Agreement.Status(a["status"]).label, Framework(a["framework"]).label, a["title"],
            ", ".join(names[code] for code in a["buurten"]), kind(a), a["lead"], a["goal"], a["start"], a["end"],
            a["means"], a["measure"], a["residents_notice"], a["effect_elsewhere"], a["compensation"],
            a["reservation"], a["legal_check"], a["touches_advice_right"], a["proposed_by"], a["plain_words"],
        ]
        for a in content["agreements"]
    )  # fmt: skip
    return as_csv(head, rows)


def positions(content: dict) -> bytes:
    rows = (
        [a["number"], a["title"], p["organisation"], Position.Stance(p["stance"]).label, p["reason"], p["back_by"],
         p["earlier_text"]]
        for a in content["agreements"]
        for p in a["positions"]
    )  # fmt: skip
    head = ["nummer", "wat", "organisatie", "standpunt", "reden", "antwoord uiterlijk", "over een eerdere tekst"]
    return as_csv(head, rows)


def contributions(content: dict) -> bytes:
    rows = (
        [a["number"], a["title"], organisation, role, text]
        for a in content["agreements"]
        for organisation, role, text in [
            *([(a["lead"], "trekker", "")] if a["lead"] else []),
            *((c["organisation"], "partner", c["text"]) for c in a["contributions"]),
        ]
    )
    return as_csv(["nummer", "wat", "organisatie", "rol", "eigen bijdrage"], rows)


def progress(content: dict) -> bytes:
    rows = (
        [a["number"], a["title"], line["on"], line["by"], Agreement.Status(line["status"]).label, line["percent"],
         line["note"]]
        for a in content["agreements"]
        for line in a["progress"]
    )  # fmt: skip
    return as_csv(["nummer", "wat", "op", "door", "status", "gedaan in %", "toelichting"], rows)


def buurten(content: dict) -> bytes:
    head = ["nummer", "buurtcode", "buurt", "letter", "signaal", "grensgeval", "bewoners", "overlast",
            *(framework.label for framework in Framework)]  # fmt: skip
    rows = (
        [
            b["number"], b["code"], b["name"], style(b).letter, signal_words(b), b["signal"].get("borderline"),
            figure(b["signal"].get("composition", "")), figure(b["signal"].get("problems", "")),
            *coverage(content, b).values(),
        ]
        for b in sorted(content["buurten"], key=lambda b: b["number"])
    )  # fmt: skip
    return as_csv(head, rows)


def style(buurt: dict):
    return STYLES[buurt["signal"].get("class", "insufficient_data")]


def signal_words(buurt: dict) -> str:
    return FEW_HOUSEHOLDS if buurt.get("few_households") else style(buurt).label


def kind(agreement: dict) -> str:
    return Agreement.Kind(agreement["kind"]).label if agreement["kind"] else ""


def buurt_names(content: dict) -> dict[str, str]:
    return {buurt["code"]: buurt["name"] for buurt in content["buurten"]}


def coverage(content: dict, buurt: dict) -> dict[str, str]:
    """Framework -> what is there: afspraak, voorstel, bewust leeg or leeg. As the matrix on the screen tells it."""
    on_purpose = {cell["framework"] for cell in buurt["empty_on_purpose"]}
    found = {}
    for framework in Framework:
        inside = [a for a in content["agreements"] if a["framework"] == framework and buurt["code"] in a["buurten"]]
        if any(a["state"] == Agreement.Status.AGREED for a in inside):
            found[framework.value] = "afspraak"
        elif inside:
            found[framework.value] = "voorstel"
        else:
            found[framework.value] = "bewust leeg" if framework in on_purpose else "leeg"
    return found
