"""What is still open when a plan is about to be fixed. Soft: it never blocks, the table decides. Pure."""

from dataclasses import dataclass

from matrix.models import Agreement, Position
from matrix.plan.told import day


@dataclass(frozen=True)
class LooseEnd:
    title: str
    items: tuple[str, ...]
    page: str  # name of the url where it can be tied up


def loose_ends(content: dict, open_amendments=()) -> list[LooseEnd]:
    """`open_amendments`: the agreements for which a change lies open."""
    promised = [a for a in content["agreements"] if a["state"] == Agreement.Status.AGREED]
    found = [
        LooseEnd("Zeiden nog niets", tuple(_silent(content, promised)), "agreements"),
        LooseEnd("Nog geen standpunt", tuple(_without_position(content, promised)), "agreements"),
        LooseEnd("Eerst terug naar de achterban", tuple(_consulting(promised)), "agreements"),
        LooseEnd("Opmerkingen zonder antwoord", tuple(_unanswered(content)), "remarks"),
        LooseEnd("Wijzigingen die nog voorliggen", tuple(map(str, open_amendments)), "agreements"),
        LooseEnd("Het wettelijke advies van de huurders", tuple(_advice(promised)), "agreements"),
    ]
    return [one for one in found if one.items]


def _spoke(agreement) -> set[str]:
    return {p["organisation"] for p in agreement["positions"] if not p["earlier_text"]}


def _silent(content, promised):
    """Organisations that took no position on any agreement."""
    spoken = {name for agreement in promised for name in _spoke(agreement)}
    return [party["name"] for party in content["parties"] if promised and party["name"] not in spoken]


def _without_position(content, promised):
    silent = set(_silent(content, promised))
    for agreement in promised:
        waiting = [p["name"] for p in content["parties"] if p["name"] not in _spoke(agreement) | silent]
        if waiting:
            yield f"{agreement['number']}. {agreement['title']}: {', '.join(waiting)}"


def _consulting(promised):
    for agreement in promised:
        for position in agreement["positions"]:
            if position["stance"] == Position.Stance.CONSULT and not position["earlier_text"]:
                until = f", antwoord uiterlijk {day(position['back_by'])}" if position["back_by"] else ""
                yield f"{agreement['number']}. {agreement['title']}: {position['organisation']}{until}"


def _unanswered(content):
    return [f"{remark['by']}: {remark['text']}" for remark in content["remarks"] if not remark["answer"]]


def _advice(promised):
    """A track that is not at its end, of agreements that touch the right."""
    for agreement in promised:
        advice = agreement["advice"]
        if not agreement["touches_advice_right"] or advice.get("decided_on"):
            continue
        if advice.get("received_on"):
            state = "gekregen, er is nog geen besluit"
        elif advice.get("asked_on"):
            until = f", uiterlijk {day(advice['due_on'])}" if advice["due_on"] else ""
            state = f"gevraagd op {day(advice['asked_on'])}, de termijn loopt{until}"
        else:
            state = "nog niet gevraagd"
        yield f"{agreement['number']}. {agreement['title']}: {state}"
