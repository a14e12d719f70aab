"""The steps of a session and what each role may do in each: data, not ifs. The one table that access rests on."""

from dataclasses import dataclass

from django.db.models import TextChoices


class Role(TextChoices):
    FACILITATOR = "facilitator", "procesbegeleider"
    PARTNER = "partner", "partner"
    TENANT = "tenant", "huurdersorganisatie"


class Stage(TextChoices):
    PREPARE = "voorbereiden", "Voorbereiden"
    LOOK = "kijken", "Kijken"
    READ = "duiden", "Duiden"
    ACT = "handelen", "Handelen"
    AGREE = "afspreken", "Afspreken"
    SETTLE = "vaststellen", "Vaststellen"


class Right(TextChoices):
    """What a person can do; the value is how a refusal names it."""

    ARRANGE = "arrange", "de sessie inrichten"
    MOVE = "move", "de stap kiezen"
    RECOGNISE = "recognise", "vertellen of de huurders dit herkennen"
    ANALYSE = "analyse", "de probleemanalyse en de definitie van succes schrijven"
    PROPOSE = "propose", "een maatregel toevoegen"
    EDIT = "edit", "een maatregel of afspraak wijzigen"
    LEAVE_EMPTY = "leave_empty", "een vak bewust leeg laten"
    TAKE_POSITION = "take_position", "een standpunt innemen"


@dataclass(frozen=True)
class StageInfo:
    """What a step is for: its question to the room, and the page that it opens."""

    stage: Stage
    question: str
    hint: str
    page: str  # name of the url


STAGES = (
    StageInfo(Stage.PREPARE, "Is alles klaar voor de sessie?",
              "Kies de buurten, noem de organisaties en deel de stoelcodes uit.", "prepare"),
    StageInfo(Stage.LOOK, "Wat valt u op?",
              "Bekijk de kaart. De kleur is een signaal, geen oordeel.", "look"),
    StageInfo(Stage.READ, "Herkennen we dit?",
              "Eerst vertellen de huurders wat zij zien. Daarna schrijft u samen op wat er aan de hand is.", "read"),
    StageInfo(Stage.ACT, "Wat kunnen wij doen?",
              "Zet per buurt maatregelen in de matrix. Eén regel is genoeg; de details komen later.", "board"),
    StageInfo(Stage.AGREE, "Wie doet wat, wanneer en met welke middelen?",
              "Maak van voorstellen afspraken. Elke organisatie zegt waar zij staat.", "agreements"),
    StageInfo(Stage.SETTLE, "Is dit wat we hebben afgesproken?",
              "Lees het plan samen terug en druk het af.", "plan"),
)  # fmt: skip

INFO = {info.stage: info for info in STAGES}


def after(stage: str) -> StageInfo | None:
    """The next step, or None at the last."""
    order = list(INFO)
    here = order.index(Stage(stage))
    return INFO[order[here + 1]] if here + 1 < len(order) else None


_PREPARE, _LOOK, _READ, _ACT, _AGREE, _SETTLE = Stage
_F, _P, _T = Role.FACILITATOR, Role.PARTNER, Role.TENANT
_ALL = frozenset(Role)

# right -> {stage: who may}
RIGHTS: dict[Right, dict[Stage, frozenset[Role]]] = {
    Right.ARRANGE: dict.fromkeys(Stage, frozenset({_F})),
    Right.MOVE: dict.fromkeys(Stage, frozenset({_F})),
    # Only tenants tell whether tenants recognise it.
    Right.RECOGNISE: dict.fromkeys((_LOOK, _READ, _ACT, _AGREE), frozenset({_T})),
    Right.ANALYSE: dict.fromkeys((_READ, _ACT, _AGREE), _ALL) | {_PREPARE: frozenset({_F})},
    Right.PROPOSE: dict.fromkeys((_ACT, _AGREE), _ALL) | dict.fromkeys((_PREPARE, _LOOK, _READ), frozenset({_F})),
    Right.EDIT: dict.fromkeys((_ACT, _AGREE), _ALL) | dict.fromkeys((_PREPARE, _LOOK, _READ), frozenset({_F})),
    Right.LEAVE_EMPTY: dict.fromkeys((_ACT, _AGREE), _ALL),
    # The facilitator is of no party, so takes no position.
    Right.TAKE_POSITION: dict.fromkeys((_AGREE, _SETTLE), frozenset({_P, _T})),
}


class NotNow(Exception):
    """The stage or the role does not allow it; the message says in Dutch what does."""


def allows(stage: str, right: Right, role: str) -> bool:
    return role in RIGHTS[right].get(Stage(stage), frozenset())


def require(stage: str, right: Right, role: str) -> None:
    if allows(stage, right, role):
        return
    later = [s for s in Stage if role in RIGHTS[right].get(s, frozenset())]
    if not later:
        who = sorted({r.label for roles in RIGHTS[right].values() for r in roles})
        raise NotNow(f"Dit kan alleen de {' of de '.join(who)}: {right.label}.")
    raise NotNow(
        f"U kunt nu niet {right.label}. Dat kan bij de stap {' of '.join(s.label for s in later)}; "
        f"de procesbegeleider zet de stap. De sessie is nu bij {Stage(stage).label}."
    )
