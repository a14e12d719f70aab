"""What is fixed when a plan is fixed: a session as plain content, the one form in which it is written, its fingerprint.

Content is dict, list, str, int and bool; nothing in it depends on keys of a database, on the clock, on the language of
the server, or on the order in which things came in where that order means nothing. Two sessions have the same
fingerprint if and only if they say the same. How far an agreement is (in uitvoering, afgerond) is no part of what was
promised.
"""

import json
import unicodedata
from collections import defaultdict
from hashlib import sha256

from django.db.models import Exists, OuterRef, Prefetch

from maps.models import Area, Signal
from maps.showing import own_signals_of
from matrix.models import Advice, Agreement, Attendance, Dot, Workshop
from matrix.stages import WRITE_FIRST, Stage
from matrix.voices import is_revealed

FORM = 1  # of the content; a later form gets the next number

# Who comes in while the plan is being fixed, or a year later, changes nothing of what was fixed.
HELD = (Stage.LOOK, Stage.READ, Stage.ACT, Stage.AGREE)


def canonical(content) -> bytes:
    """The one way to write this content: keys in order, nothing between, UTF-8."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def fingerprint(content) -> str:
    """SHA-256 of the canonical form, hexadecimal."""
    return sha256(canonical(content)).hexdigest()


def shown(fingerprint: str, *, groups: int = 4) -> str:
    """As people compare it: 'ab12-cd34-…'. All of it with groups=16."""
    parts = [fingerprint[i : i + 4] for i in range(0, 4 * groups, 4)]
    return "-".join(part for part in parts if part)


def content_of(workshop: Workshop) -> dict:
    """In a fixed number of queries, however many buurten or agreements."""
    return {
        "form": FORM,
        "session": {
            "title": text(workshop.title),
            "date": workshop.date.isoformat(),
            "place": text(workshop.place),
            "fictional": workshop.fictional,
        },
        "parties": _unordered(_party(organisation) for organisation in _organisations(workshop)),
        "edition": _edition(workshop.signal_map),
        "buurten": _buurten(workshop),
        "agreements": [_agreement(agreement) for agreement in _agreements(workshop)],
        "remarks": _remarks(workshop),
        "priorities": _priorities(workshop),
        "attendance": _unordered(
            {"organisation": text(seen.organisation.name), "stage": seen.stage, "people": seen.people}
            for seen in Attendance.objects.filter(workshop=workshop, stage__in=HELD).select_related("organisation")
        ),
    }


def text(value) -> str:
    """As it is read: composed letters, one kind of line end, no space around."""
    plain = "" if value is None else str(value).replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", plain).strip()


def _day(value) -> str:
    return value.isoformat() if value else ""


def _axis(value: float | None) -> str:
    """Two decimals, as text: the same on every machine. Empty: no figure."""
    if value is None:
        return ""
    fixed = f"{value:.2f}"
    return "0.00" if fixed == "-0.00" else fixed


def _unordered(items) -> list:
    """Of which the order means nothing."""
    return sorted(items, key=canonical)


# ---- parties, map and buurten ----


def _organisations(workshop):
    """Each with `present`: at the session itself, also when that was at its last step. Who comes a year later to tell
    how far it is, was not there when it was promised."""
    was_in = Attendance.objects.filter(organisation=OuterRef("pk"), stage__in=(*HELD, Stage.SETTLE))
    return workshop.organisations.annotate(present=Exists(was_in))


def _party(organisation) -> dict:
    return {"name": text(organisation.name), "kind": organisation.kind, "present": organisation.present}


def _edition(edition) -> dict:
    # Of the division of this map: what is imported later says nothing about it.
    of_then = Area.objects.municipalities().filter(code=edition.municipality, year=edition.division)
    name = of_then.values_list("name", flat=True).first()
    return {
        "municipality": text(name or edition.municipality),
        "mode": edition.mode,
        "year_from": edition.year_from,
        "year_to": edition.year_to,
        "reference": edition.reference,
        "division": edition.division,
        "recipe_version": text(edition.recipe_version),
        "sources": _unordered(text(source) for source in edition.sources),
    }


def _buurten(workshop) -> list[dict]:
    sheets = list(workshop.workshop_areas.select_related("area").defer("area__geometry"))
    here = {sheet.area_id for sheet in sheets}
    signals = {s.area_id: s for s in Signal.objects.of(workshop.signal_map).filter(area__in=here).defer("inputs")}
    own = own_signals_of([sheet.area.code for sheet in sheets])
    readings, cells = defaultdict(list), defaultdict(list)
    for reading in workshop.readings.select_related("organisation"):
        readings[reading.area_id].append(_reading(reading))
    for cell in workshop.empty_cells.select_related("organisation"):
        by = text(cell.organisation or "")
        cells[cell.area_id].append({"framework": cell.framework, "reason": text(cell.reason), "by": by})
    found = [
        {
            "code": sheet.area.code,
            "name": text(sheet.area.name),
            "division": sheet.area.year,
            "signal": signal_said(signals.get(sheet.area_id)),
            "own_signals": _unordered(map(_own_signal, own.get(sheet.area.code, ()))),
            "readings": _unordered(readings[sheet.area_id]),
            "went_on_without_tenants": sheet.went_on_without_tenants,
            "problem_analysis": text(sheet.problem_analysis),
            "definition_of_success": text(sheet.definition_of_success),
            "practice_knowledge": text(sheet.practice_knowledge),
            "empty_on_purpose": _unordered(cells[sheet.area_id]),
        }
        for sheet in sheets
    ]
    return sorted(found, key=lambda buurt: (buurt["code"], buurt["division"]))


def signal_said(signal: Signal | None) -> dict:
    """What a version holds of the signal of a buurt."""
    if signal is None:
        return {}
    return {
        "class": signal.signal_class,
        "composition": _axis(signal.composition),
        "problems": _axis(signal.problems),
        "borderline": signal.borderline,
    }


def _own_signal(own) -> dict:
    return {"class": text(own.signal_class), "source": text(own.source), "years": text(own.years)}


def _reading(reading) -> dict:
    return {
        "organisation": text(reading.organisation.name),
        "recognition": reading.recognition,
        "words": text(reading.words),
        "on_behalf": reading.on_behalf,
    }


# ---- agreements ----

# Fields of an agreement that are in the content as they are.
TEXTS = (
    "title", "goal", "means", "measure", "residents_notice", "effect_elsewhere", "asked_elsewhere", "compensation",
    "reservation", "plain_words",
)  # fmt: skip
CHOSEN = ("framework", "kind", "elsewhere", "legal_check", "touches_advice_right")


def _agreements(workshop):
    """What stands; what lapsed is found in the versions before."""
    return (
        workshop.agreements.standing()
        .select_related("lead", "proposed_by", "intervention", "advice__organisation")
        .prefetch_related(
            Prefetch("areas", Area.objects.defer("geometry")),
            "contributions__organisation",
            "positions__organisation",
            "plain_approvals__organisation",
        )
        .order_by("number")
    )


def _agreement(agreement: Agreement) -> dict:
    approved = [a for a in agreement.plain_approvals.all() if a.version == agreement.plain_version]
    return {
        "number": agreement.number,
        # How far the work is, is no part of the promise.
        "state": str(Agreement.Status.AGREED) if agreement.is_promised else agreement.status,
        **{name: text(getattr(agreement, name)) for name in TEXTS},
        **{name: getattr(agreement, name) for name in CHOSEN},
        "buurten": sorted(area.code for area in agreement.areas.all()),
        "lead": text(agreement.lead or ""),
        "start": _day(agreement.start),
        "end": _day(agreement.end),
        "proposed_by": text(agreement.proposed_by or ""),
        "card": text(agreement.intervention or ""),
        "contributions": _unordered(
            {"organisation": text(c.organisation.name), "text": text(c.text)} for c in agreement.contributions.all()
        ),
        "positions": _unordered(_position(position, agreement.wording) for position in agreement.positions.all()),
        "plain_approved_by": sorted(text(approval.organisation.name) for approval in approved),
        "advice": _advice(agreement),
    }


def _position(position, wording: int) -> dict:
    return {
        "organisation": text(position.organisation.name),
        "stance": position.stance,
        "reason": text(position.reason),
        "back_by": _day(position.back_by),
        "on_behalf": position.on_behalf,
        "note": text(position.note),
        "earlier_text": position.wording != wording,
    }


def _advice(agreement) -> dict:
    """The track of the statutory advice; empty when there is none."""
    try:
        advice = agreement.advice
    except Advice.DoesNotExist:
        return {}
    return {
        "organisation": text(advice.organisation or ""),
        **{name: _day(getattr(advice, name)) for name in ("asked_on", "due_on", "received_on", "decided_on")},
        "outcome": advice.outcome,
        "text": text(advice.text),
        "on_behalf": advice.on_behalf,
        "deviates": advice.deviates,
        "decision": text(advice.decision),
    }


# ---- what was said ----


def _remarks(workshop) -> list[dict]:
    """Those that were revealed to the table, and what happened with them. One under another is a part of it."""
    steps = [stage for stage in WRITE_FIRST if is_revealed(workshop, stage)]
    rows = workshop.remarks.filter(stage__in=steps).select_related("organisation", "area", "theme", "agreement")
    under = defaultdict(list)
    for remark in rows.defer("area__geometry"):
        under[remark.merged_into_id].append(remark)
    return _unordered(_remark(remark, under[remark.pk]) for remark in under[None])


def _remark(remark, same) -> dict:
    return {
        "stage": remark.stage,
        "theme": text(remark.theme or ""),
        "buurt": remark.area.code if remark.area else "",
        **_said(remark),
        "answer": remark.answer,
        "answer_text": text(remark.answer_text),
        "taken_up_in": remark.agreement.number if remark.agreement else 0,
        "said_too": _unordered(map(_said, same)),
    }


def _said(remark) -> dict:
    return {"text": text(remark.text), "by": text(remark.speaker), "on_behalf": remark.on_behalf,
            "internal": remark.internal}  # fmt: skip


def _priorities(workshop) -> list[dict]:
    """Rounds of dots that were revealed: what each organisation gave, never who."""
    rounds = workshop.dot_rounds.filter(revealed=True).prefetch_related(
        Prefetch("dots", Dot.objects.with_subject().select_related("organisation"))
    )
    return [
        {
            "number": found.number,
            "question": text(found.question),
            "about": found.about,
            "each": found.each,
            "given": _given(found.dots.all()),
        }
        for found in rounds.order_by("number")
    ]


def _given(dots) -> list[dict]:
    counts: dict[tuple[str, int, str], int] = defaultdict(int)
    for dot in dots:
        to = (dot.area.code, 0) if dot.area else ("", dot.agreement.number)
        counts[*to, text(dot.organisation.name)] += dot.count
    return _unordered(
        {"buurt": code, "agreement": number, "organisation": name, "dots": count}
        for (code, number, name), count in counts.items()
    )
