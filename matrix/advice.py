"""The statutory advice of tenants and its dates: at least six weeks to give it, the landlord waits, and where it
deviates the tenants have the reasons on paper within fourteen days (Overlegwet). Dates are plain facts. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format

TERM = timedelta(weeks=6)
ANSWER = timedelta(days=14)

# What is kept together, and the fields of each.
ASKED, GIVEN, DECIDED = "asked", "given", "decided"
PARTS = {
    ASKED: ("organisation", "asked_on", "due_on"),
    GIVEN: ("organisation", "received_on", "outcome", "text", "on_behalf"),
    DECIDED: ("decided_on", "deviates", "decision"),
}


@dataclass(frozen=True)
class Track:
    """Where it stands on a day: who waits for whom, until when, and how many days are left (negative: past)."""

    step: str  # ask, wait, late, decide, done
    words: str
    short: str
    until: date | None = None
    days: int | None = None

    @property
    def pressing(self) -> bool:
        """Somebody must do something."""
        return self.step in ("ask", "late") or (self.step == "decide" and self.days is not None and self.days < 0)


def answer_by(advice) -> date | None:
    """The day on which the tenants have the reasons, where the landlord deviates."""
    return advice.received_on + ANSWER if advice and advice.received_on else None


def track(advice, today: date) -> Track:
    who = str(advice.organisation) if advice and advice.organisation_id else "de huurdersorganisatie"
    if advice is None or not (advice.asked_on or advice.received_on or advice.decided_on):
        return Track(
            "ask",
            "Het advies is nog niet gevraagd. De verhuurder vraagt het, en wacht dan ten minste zes weken.",
            "advies nog niet gevraagd",
        )
    if advice.decided_on:
        return _decided(advice, who)
    if advice.received_on:
        return _to_decide(advice, who, today)
    return _waiting(advice, who, today)


def _waiting(advice, who, today) -> Track:
    due = advice.due_on or advice.asked_on + TERM
    days, until = (due - today).days, _day(due)
    if days < 0:
        return Track(
            "late",
            f"De termijn voor het advies van {who} liep tot en met {until}. Er is nog geen advies opgeschreven.",
            f"adviestermijn voorbij sinds {_short(due)}", due, days,
        )  # fmt: skip
    return Track(
        "wait",
        f"De verhuurder wacht op het advies van {who}: nog {_days(days)}, tot en met {until}.",
        f"advies tot {_short(due)}, nog {_days(days)}", due, days,
    )  # fmt: skip


def _to_decide(advice, who, today) -> Track:
    until = answer_by(advice)
    days = (until - today).days
    left = f"nog {_days(days)}" if days >= 0 else f"dat is {_days(-days)} geleden"
    return Track(
        "decide",
        f"Het advies is er. {_first(who)} wacht op het besluit van de verhuurder. Wijkt dat af van het advies, dan "
        f"krijgt {who} de redenen op papier uiterlijk op {_day(until)}: {left}.",
        f"besluit na advies, redenen uiterlijk {_short(until)}", until, days,
    )  # fmt: skip


def _decided(advice, who) -> Track:
    on = _day(advice.decided_on)
    if not advice.received_on:
        words, short = f"De verhuurder besloot op {on}, na de termijn en zonder advies.", "besluit zonder advies"
    elif not advice.deviates:
        words, short = f"De verhuurder besloot op {on}, volgens het advies van {who}.", "besluit volgens advies"
    else:
        late = (advice.decided_on - answer_by(advice)).days
        words = f"De verhuurder besloot op {on} en wijkt af van het advies van {who}, met redenen."
        short = "besluit wijkt af van advies"
        words += f" Dat was {_days(late)} na de veertien dagen." if late > 0 else ""
    return Track("done", words, short)


def problems(advice, today: date) -> dict[str, str]:
    """{field: why it cannot be so, in Dutch}; empty when all is well."""
    asked, due, received, decided = advice.asked_on, advice.due_on, advice.received_on, advice.decided_on
    found = {}
    if due and not asked:
        found["due_on"] = "Vul ook in op welke dag het advies is gevraagd."
    elif asked and due and due < asked + TERM:
        found["due_on"] = (
            "Dat is te vroeg. De huurdersorganisatie heeft ten minste zes weken de tijd: "
            f"tot en met {_day(asked + TERM)}."
        )
    if received and received > today:
        found["received_on"] = "Deze dag moet nog komen."
    elif received and asked and received < asked:
        found["received_on"] = f"Het advies kan niet eerder zijn gekregen dan het is gevraagd, op {_day(asked)}."
    if decided:
        found |= _problems_of_decision(advice, today)
    if advice.deviates and not received:
        found["deviates"] = "Er is nog geen advies om van af te wijken."
    elif advice.deviates and not advice.decision.strip():
        found["decision"] = "Wijkt het besluit af van het advies, schrijf dan de redenen voor de huurders op."
    return found


def _problems_of_decision(advice, today) -> dict[str, str]:
    due, received, decided = advice.due_on, advice.received_on, advice.decided_on
    if decided > today:
        return {"decided_on": "Deze dag moet nog komen."}
    if received and decided < received:
        return {"decided_on": f"Het besluit kan niet eerder zijn dan het advies, van {_day(received)}."}
    if not received and not due:
        return {"decided_on": "Vraag eerst het advies. De verhuurder wacht met zijn besluit tot het er is."}
    if not received and decided <= due:
        return {
            "decided_on": "De verhuurder wacht met zijn besluit tot het advies er is, of tot de termijn voorbij is: "
            f"na {_day(due)}."
        }
    return {}


def told(advice, part: str) -> str:
    """One part in words: what a second writer is shown. Empty when nothing was filled in."""
    if advice is None:
        return ""
    if part == ASKED:
        to = f" aan {advice.organisation}" if advice.organisation_id else ""
        due = f", advies uiterlijk {_day(advice.due_on)}" if advice.due_on else ""
        return f"Gevraagd{to} op {_day(advice.asked_on)}{due}." if advice.asked_on else ""
    if part == GIVEN:
        if not advice.outcome:
            return ""
        return f"{advice.get_outcome_display()}, gekregen op {_day(advice.received_on)}. {advice.text}".strip()
    if not advice.decided_on:
        return ""
    how = "wijkt af van het advies" if advice.deviates else "volgens het advies"
    return f"Besluit op {_day(advice.decided_on)}, {how}. {advice.decision}".strip()


def _day(day: date) -> str:
    return date_format(day, "j F Y")


def _short(day: date) -> str:
    return date_format(day, "j b Y")


def _days(days: int) -> str:
    return "1 dag" if days == 1 else f"{days} dagen"


def _first(words: str) -> str:
    return words[0].upper() + words[1:]
