"""The agreements as a workbook that goes along in the file of the plan, or of a version: all of them, and a sheet per
organisation. It says what the paper says, and nothing that the paper leaves out. Pure.
"""

import datetime
from collections.abc import Callable, Iterable
from functools import partial

from maps.exporting import XLSX
from matrix.files.measures import TAKES_PART, Measure, Table, of_party
from matrix.files.xlsx import as_xlsx
from matrix.models import Agreement, Framework
from matrix.plan.joint import PlanDocument
from matrix.plan.parts import PositionLine, Sheet
from matrix.plan.told import stands

NAME, TITLE = "afspraken.xlsx", "Afspraken"

HEAD = (
    ("Nummer", 9), ("Status", 15), ("Handelingskader", 18), ("Wat", 44), ("Buurten", 30), ("Soort", 16),
    ("Trekker", 24), ("Bijdragen", 40), ("Doel", 36), ("Begint", 12), ("Klaar", 12), ("Middelen en dekking", 32),
    ("We zien dat het werkt aan", 32), ("Bewoners merken", 32), ("Stadstoets", 20), ("Elders in de stad", 32),
    ("Vraagt dit van andere gebieden", 32), ("Hoe wordt dat elders opgevangen", 32),
    ("Voorbehoud van bestuur, RvC of college", 30), ("Juridische toets nodig", 14),
    ("Raakt het adviesrecht van huurders", 14), ("Voorgesteld door", 24), ("In gewone taal", 40), ("Standpunten", 50),
)  # fmt: skip


def workbook_attached(body: bytes) -> tuple[str, str, str, bytes]:
    return NAME, XLSX, "De afspraken als werkblad, met een blad per organisatie", body


def of_plan(plan: PlanDocument) -> bytes:
    sheets = sorted(plan.sheets, key=lambda sheet: int(sheet.number))
    measures = [_of_sheet(sheet) for sheet in sheets]
    rows = [_row(m, sheet.kind, partial(getattr, sheet)) for m, sheet in zip(measures, sheets, strict=True)]
    return _workbook(plan.title, plan.date, rows, measures, [party.name for party in plan.parties])


def of_content(content: dict) -> bytes:
    """Of a version, or of what of it may go on to others."""
    names = {buurt["code"]: buurt["name"] for buurt in content["buurten"]}
    measures = [_of_dict(agreement, names) for agreement in content["agreements"]]
    rows = [
        _row(m, dict(Agreement.Kind.choices).get(a["kind"], a["kind"]), a.__getitem__)
        for m, a in zip(measures, content["agreements"], strict=True)
    ]
    session = content["session"]
    parties = [party["name"] for party in content["parties"]]
    return _workbook(session["title"], datetime.date.fromisoformat(session["date"]), rows, measures, parties)


def _workbook(title, date, rows, measures, parties) -> bytes:
    every = Table(TITLE, HEAD, rows)
    return as_xlsx(
        [every, *(of_party(name, name, measures) for name in parties)], title=f"Afspraken van {title}", date=date
    )


def _row(m: Measure, kind: str, said: Callable) -> tuple:
    brings = "\n".join(f"{name}: {text or TAKES_PART}" for name, text in m.brings)
    marks = ["ja" if said(name) else "nee" for name in ("legal_check", "touches_advice_right")]
    looked = dict(Agreement.Elsewhere.choices).get(said("elsewhere"), said("elsewhere"))
    return (
        m.number, m.status, m.framework, m.title, "; ".join(m.buurten), kind, m.lead, brings, said("goal"),
        m.start, m.end, *map(said, ("means", "measure", "residents_notice")), str(looked),
        *map(said, ("effect_elsewhere", "asked_elsewhere", "compensation", "reservation")), *marks,
        *map(said, ("proposed_by", "plain_words")), "\n".join(f"{name}: {words}" for name, words in m.stands.items()),
    )  # fmt: skip


# ---- from the plan ----


def _of_sheet(sheet: Sheet) -> Measure:
    return Measure(
        number=int(sheet.number),
        title=sheet.title,
        framework=str(sheet.framework),
        status=str(sheet.status),
        promised=sheet.promised,
        buurten=sheet.areas,
        lead=sheet.lead,
        brings=tuple((brought.organisation, brought.text) for brought in sheet.contributions),
        start=sheet.start,
        end=sheet.end,
        stands={position.organisation: stands(_as_kept(position)) for position in sheet.given},
    )


def _as_kept(position: PositionLine) -> dict:
    return {
        "stance": position.stance,
        "reason": position.reason,
        "back_by": position.back_by.isoformat() if position.back_by else "",
        "on_behalf": position.on_behalf,
        "earlier_text": position.stale,
    }


# ---- from the content of a version ----


def _of_dict(a: dict, names: dict[str, str]) -> Measure:
    return Measure(
        number=a["number"],
        title=a["title"],
        framework=_label(Framework.choices, a["framework"]),
        status=_label(Agreement.Status.choices, a["state"]),
        promised=a["state"] == Agreement.Status.AGREED,
        buurten=tuple(names.get(code, code) for code in a["buurten"]),
        lead=a["lead"],
        brings=tuple((brought["organisation"], brought["text"]) for brought in a["contributions"]),
        start=_day(a["start"]),
        end=_day(a["end"]),
        stands={position["organisation"]: stands(position) for position in a["positions"]},
    )


def _label(choices: Iterable[tuple[str, str]], value: str) -> str:
    return str(dict(choices).get(value, value))


def _day(iso: str) -> datetime.date | None:
    return datetime.date.fromisoformat(iso) if iso else None
