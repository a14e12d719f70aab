"""Plays the demo session through the ordinary actions, step by step, so that its log is that of a real one.

Who says what stands in texts.toml, by short names for the organisations and by name for the buurten.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from maps.models import SignalMap
from matrix.actions import advice, reading, remark, workshop
from matrix.actions import agreement as agreements
from matrix.models import (
    Agreement,
    Intervention,
    Organisation,
    Participation,
    Position,
    Workshop,
    WorkshopArea,
)
from matrix.stages import Stage

TEXTS = Path(__file__).with_name("texts.toml")
FACILITATOR = "begeleider"
WRITERS = {
    "problem_analysis": "gemeente",
    "definition_of_success": FACILITATOR,
    "practice_knowledge": "welzijn",
}
DETAILS = (
    *("kind", "goal", "start", "end", "means", "measure"),
    *("residents_notice", "elsewhere", "effect_elsewhere", "asked_elsewhere", "compensation", "reservation"),
)
Status = Agreement.Status


@dataclass(frozen=True)
class Table:
    """Who sits at it and which buurten lie on it, by their names in the texts."""

    workshop: Workshop
    sheets: dict[str, WorkshopArea]
    organisations: dict[str, Organisation]
    seats: dict[str, Participation]

    def move(self, stage: Stage) -> None:
        workshop.move(by=self.seats[FACILITATOR], stage=stage)


@transaction.atomic
def play(*, code: str, user, signal_map: SignalMap) -> Workshop:
    """A session that is half-way: the parties read, filled the matrix, and are now agreeing."""
    texts = tomllib.loads(TEXTS.read_text(encoding="utf-8"))
    table = _lay(texts, code, user, signal_map)
    remarks = {}
    table.move(Stage.LOOK)
    _remark(table, Stage.LOOK, texts["remarks"], remarks)
    table.move(Stage.READ)
    _remark(table, Stage.READ, texts["remarks"], remarks)
    for name, buurt in texts["buurten"].items():
        _read(table, table.sheets[name], buurt)
    table.move(Stage.ACT)
    proposed = [(_propose(table, measure), measure) for measure in texts["measures"]]
    for cell in texts["empty"]:
        _leave_empty(table, **cell)
    table.move(Stage.AGREE)
    for agreement, measure in proposed:
        _settle(table, agreement, measure)
    _answer(table, texts["remarks"], remarks)
    table.workshop.refresh_from_db()
    return table.workshop


def _lay(texts, code, user, signal_map) -> Table:
    chosen = signal_map.signals.filter(area__name__in=texts["buurten"]).select_related("area")
    created = workshop.create_workshop(
        by_user=user,
        title=texts["title"],
        date=texts["date"],
        place=texts["place"],
        signal_map=signal_map,
        areas=[signal.area for signal in chosen],
    )
    Workshop.objects.filter(pk=created.pk).update(code=code, seats_until=None)  # a demo does not expire
    facilitator = Participation.objects.create(workshop=created, user=user, name=user.get_full_name())
    organisations, seats = {}, {FACILITATOR: facilitator}
    for key, party in texts["organisations"].items():
        organisations[key] = workshop.add_organisation(by=facilitator, name=party["name"], kind=party["kind"])
        for name in party["people"]:
            seats[key] = workshop.join(organisation=organisations[key], name=name)
    sheets = {sheet.area.name: sheet for sheet in created.workshop_areas.select_related("area")}
    return Table(created, sheets, organisations, seats)


def _read(table, sheet, buurt) -> None:
    for key, answer in buurt.get("readings", {}).items():
        reading.recognise(by=table.seats[key], sheet=sheet, **answer)
    if not buurt.get("readings"):
        reading.go_on_without_tenants(by=table.seats[FACILITATOR], sheet=sheet)
    for field, writer in WRITERS.items():
        if field in buurt:
            reading.analyse(by=table.seats[writer], sheet=sheet, field=field, text=buurt[field], seen="")


def _remark(table, stage, texts, remarks) -> None:
    """Everyone writes, the facilitator reveals, and the table puts together what belongs together."""
    for text in texts:
        if text["stage"] != stage:
            continue
        behalf = {"by": table.seats[FACILITATOR], "on_behalf_of": table.organisations[text["by"]]}
        who = behalf if text.get("on_behalf") else {"by": table.seats[text["by"]]}
        area = table.sheets[text["area"]].area if "area" in text else None
        remarks[text["text"]] = remark.write(text=text["text"], area=area, **who)
    facilitator, above = table.seats[FACILITATOR], None
    remark.reveal(by=facilitator, stage=stage)
    for text in texts:
        if text["stage"] == stage and "theme" in text:
            said = remarks[text["text"]]
            theme = remark.add_theme(by=facilitator, stage=stage, title=text["theme"])
            remark.place(by=facilitator, remark=said, theme=theme)
            if text.get("merged"):
                remark.merge(by=facilitator, remark=said, into=above)
            above = said


def _answer(table, texts, remarks) -> None:
    for text in texts:
        if "answer" in text:
            agreement = table.workshop.agreements.get(title=text["at"]) if "at" in text else None
            remark.answer(
                by=table.seats[FACILITATOR], remark=remarks[text["text"]], verdict=text["answer"],
                text=text["because"], agreement=agreement,
            )  # fmt: skip


def _propose(table, measure) -> Agreement:
    card = measure.get("card")
    agreement = agreements.propose(
        by=table.seats[measure["by"]],
        framework=measure["framework"],
        areas=[table.sheets[name].area for name in measure["areas"]],
        title=measure["title"],
        intervention=Intervention.objects.get(slug=card) if card else None,
    )
    if measure["status"] not in (Status.IDEA, Status.DROPPED):
        agreements.set_status(by=table.seats[FACILITATOR], agreement=agreement, status=Status.PROPOSAL)
    return agreement


def _leave_empty(table, *, area, framework, by, reason) -> None:
    sheet = table.sheets[area]
    agreements.leave_empty(by=table.seats[by], area=sheet.area, framework=framework, reason=reason)


def _settle(table, agreement, measure) -> None:
    """Fill in the details, agree, hear where each organisation stands; sometimes change words after that."""
    agreement = _describe(table, agreement, measure)
    if measure["status"] in Agreement.PROMISED:
        agreements.set_status(by=table.seats[FACILITATOR], agreement=agreement, status=Status.AGREED)
    _hear(table, agreement, measure)
    if later := measure.get("later"):
        words = {field: later[field] for field in ("title", "means")}
        agreement = _edit(table, agreement, measure, words)
        _hear(table, agreement, later)
    if asked := measure.get("advice"):
        advice.ask(
            by=table.seats[measure["lead"]], agreement=agreement, asked_on=asked["asked_on"],
            organisation=table.organisations[asked["of"]],
        )  # fmt: skip
    if measure["status"] in (Status.IN_PROGRESS, Status.DONE, Status.DROPPED):
        agreements.set_status(by=table.seats[measure["by"]], agreement=agreement, status=measure["status"])


def _describe(table, agreement, measure) -> Agreement:
    changes = {field: measure[field] for field in DETAILS if field in measure}
    if "lead" in measure:
        changes["lead"] = table.organisations[measure["lead"]]
    brought = {table.organisations[key]: text for key, text in measure.get("contributions", {}).items()}
    return _edit(table, agreement, measure, changes, brought or None) if changes else agreement


def _edit(table, agreement, measure, changes, contributions=None) -> Agreement:
    return agreements.edit(
        by=table.seats[measure.get("lead", measure["by"])],
        agreement=agreement,
        changes=changes,
        seen={field: getattr(agreement, field) for field in changes},
        contributions=contributions,
    )


def _hear(table, agreement, said) -> None:
    agreed = [{"by": key, "stance": Position.Stance.AGREE} for key in said.get("agree", [])]
    for position in [*agreed, *said.get("positions", [])]:
        seat = table.seats[position["by"]]
        words = {key: value for key, value in position.items() if key != "by"}
        agreements.take_position(by=seat, agreement=agreement, **words)
