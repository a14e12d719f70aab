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
    LOOK_BACK = "terugkijken", "Terugkijken"


class Right(TextChoices):
    """What a person can do; the value is how a refusal names it."""

    ARRANGE = "arrange", "de sessie inrichten"
    MOVE = "move", "de stap, de tijd en de beamer kiezen"
    REVEAL = "reveal", "opmerkingen onthullen en ordenen"
    ON_BEHALF = "on_behalf", "iets namens een organisatie invoeren"
    REMARK = "remark", "opschrijven wat u opvalt"
    RECOGNISE = "recognise", "vertellen of de huurders dit herkennen"
    ANALYSE = "analyse", "de probleemanalyse en de definitie van succes schrijven"
    PROPOSE = "propose", "een maatregel toevoegen"
    EDIT = "edit", "een maatregel of afspraak wijzigen"
    PROGRESS = "progress", "zeggen hoe ver een maatregel is"
    LEAVE_EMPTY = "leave_empty", "een vak bewust leeg laten"
    ANSWER = "answer", "een opmerking beantwoorden"
    TAKE_POSITION = "take_position", "een standpunt innemen"
    APPROVE_PLAIN = "approve_plain", "de gewone taal goedkeuren"
    CONFIRM = "confirm", "overnemen wat namens u is ingevoerd"
    OWN_CARD = "own_card", "een eigen kaart in de catalogus zetten"
    SHEET = "sheet", "afspraken uit een werkblad inlezen"
    PRIORITISE = "prioritise", "stippen verdelen"
    ADVISE = "advise", "bijhouden hoe het met het wettelijke advies staat"
    GIVE_ADVICE = "give_advice", "het advies van de huurders opschrijven"
    FREEZE = "freeze", "het plan vaststellen"
    AMEND = "amend", "een wijziging van een vastgestelde afspraak voorstellen"
    REPORT = "report", "de voortgang bijhouden"
    LOOK_BACK = "look_back", "zeggen wat er van een afspraak is gekomen"
    NOTICE = "notice", "vertellen wat bewoners merken"


@dataclass(frozen=True)
class StageInfo:
    """What a step is for: its question to the room, the page that it opens, the minutes that it usually takes, and
    what the facilitator can say, one sentence after another."""

    stage: Stage
    question: str
    hint: str
    page: str  # name of the url
    minutes: int
    script: tuple[str, ...]


STAGES = (
    StageInfo(
        Stage.PREPARE, "Is alles klaar voor de sessie?",
        "Kies de buurten, noem de organisaties en deel de stoelcodes uit.", "prepare", 0,
        ("Zet de beamerpagina klaar op het tweede scherm.",
         "Leg bij elke plek de stoelcode van die organisatie.",
         "Kijk bovenaan wie er al binnen is, en begin dan."),
    ),
    StageInfo(
        Stage.LOOK, "Wat valt u op?",
        "Bekijk de kaart en schrijf op wat u opvalt. De kleur is een signaal, geen oordeel.", "look", 20,
        ("Zeg: dit is een signaal uit open cijfers, geen oordeel over de buurt of haar bewoners.",
         "Zeg: kijk eerst zelf, vijf minuten in stilte. Wat valt u op? Schrijf het op; niemand ziet het nog.",
         "Wacht tot elke organisatie iets heeft geschreven. Druk dan op ‘Onthul alles’.",
         "Vraag: wat zien wij allemaal? Wat ziet maar één van ons?"),
    ),
    StageInfo(
        Stage.READ, "Herkennen we dit?",
        "Eerst vertellen de huurders wat zij zien. Daarna schrijft u samen op wat er aan de hand is.", "read", 40,
        ("Zeg: de huurders beginnen. Per buurt: herkent u dit?",
         "Zeg: de anderen schrijven intussen hun eigen kennis op. Die ziet nog niemand.",
         "Heeft iemand geen telefoon? Voer in wat hij of zij zegt, namens de organisatie.",
         "Onthul daarna alles, en schrijf samen de probleemanalyse en de definitie van succes."),
    ),
    StageInfo(
        Stage.ACT, "Wat kunnen wij doen?",
        "Zet per buurt maatregelen in de matrix. Eén regel is genoeg; de details komen later.", "board", 40,
        ("Zeg: wat kunnen wij doen? En welke acties mag de ander van ons verwachten?",
         "Zeg: één regel per maatregel is genoeg.",
         "Open ‘Dekking’: welke buurt heeft nog lege vakken? Hoort daar iets, of is dat vak bewust leeg?",
         "Zijn er veel ideeën? Laat iedereen stippen verdelen, en onthul ze samen.",
         "Geef opmerkingen die nog geen antwoord hebben hun plek."),
    ),
    StageInfo(
        Stage.AGREE, "Wie doet wat, wanneer en met welke middelen?",
        "Maak van voorstellen afspraken. Elke organisatie zegt waar zij staat.", "agreements", 40,
        ("Zeg: wie trekt dit? Wanneer begint het, wanneer is het klaar, en wie betaalt?",
         "Vraag elke partij: wat brengt u zelf in?",
         "Vraag elke partij om een standpunt. Een bezwaar mag blijven staan, met de reden erbij.",
         "Open ‘Wie belooft wat’: welke organisatie belooft nog niets?",
         "Open ‘Stadstoets’: wat doet dit elders in de stad?"),
    ),
    StageInfo(
        Stage.SETTLE, "Is dit wat we hebben afgesproken?",
        "Lees het plan samen terug en stel het vast.", "plan", 20,
        ("Lees de afspraken hardop voor, per buurt.",
         "Vraag: staat er iets dat u niet hebt gezegd? Ontbreekt er iets?",
         "Heeft elke opmerking een antwoord? Kies dan ‘Plan vaststellen’. Daar ziet u wat nog open is.",
         "Vastgesteld? Druk het plan af en laat tekenen."),
    ),
    StageInfo(
        Stage.LOOK_BACK, "Wat is ervan gekomen?",
        "Zeg per afspraak hoe ver het is, en wat bewoners ervan merken.", "looking_back", 60,
        ("Zeg: we lopen de afspraken een voor een langs.",
         "Vraag de huurders als eersten: wat merkt u ervan?",
         "Vraag daarna: wat is gedaan, en wat niet?",
         "Kies per afspraak: doorgaan, bijstellen of stoppen. Bijstellen gaat met een wijzigingsvoorstel."),
    ),
)  # fmt: skip

INFO = {info.stage: info for info in STAGES}


def course(*, looks_back: bool) -> tuple[StageInfo, ...]:
    """The steps in the order in which a session goes through them. One that looks back on an earlier session does so
    once the table has seen the map of now; what it changes is agreed and fixed after it."""
    if not looks_back:
        return STAGES
    rest = [info for info in STAGES if info.stage != Stage.LOOK_BACK]
    at = [info.stage for info in rest].index(Stage.LOOK) + 1
    return (*rest[:at], INFO[Stage.LOOK_BACK], *rest[at:])


def after(stage: str, *, looks_back: bool = False) -> StageInfo | None:
    """The next step, or None at the last."""
    order = course(looks_back=looks_back)
    here = [info.stage for info in order].index(Stage(stage))
    return order[here + 1] if here + 1 < len(order) else None


# The steps in which everyone writes unseen, until the facilitator reveals.
WRITE_FIRST = (Stage.LOOK, Stage.READ)

_PREPARE, _LOOK, _READ, _ACT, _AGREE, _SETTLE, _BACK = Stage
_F, _P, _T = Role.FACILITATOR, Role.PARTNER, Role.TENANT
_ALL = frozenset(Role)
_LEADS = frozenset({_F})
_SEATED = frozenset({_P, _T})

# right -> {stage: who may}
RIGHTS: dict[Right, dict[Stage, frozenset[Role]]] = {
    Right.ARRANGE: dict.fromkeys(Stage, _LEADS),
    Right.MOVE: dict.fromkeys(Stage, _LEADS),
    Right.REVEAL: dict.fromkeys((_LOOK, _READ, _ACT, _AGREE, _SETTLE, _BACK), _LEADS),
    Right.ON_BEHALF: dict.fromkeys((_LOOK, _READ, _ACT, _AGREE, _SETTLE, _BACK), _LEADS),
    Right.REMARK: dict.fromkeys(WRITE_FIRST, _ALL),
    # Only tenants tell whether tenants recognise it.
    Right.RECOGNISE: dict.fromkeys((_LOOK, _READ, _ACT, _AGREE, _BACK), frozenset({_T})),
    Right.ANALYSE: dict.fromkeys((_READ, _ACT, _AGREE), _ALL) | {_PREPARE: _LEADS},
    Right.PROPOSE: dict.fromkeys((_ACT, _AGREE), _ALL) | dict.fromkeys((_PREPARE, _LOOK, _READ), _LEADS),
    Right.EDIT: dict.fromkeys((_ACT, _AGREE), _ALL) | dict.fromkeys((_PREPARE, _LOOK, _READ), _LEADS),
    Right.PROGRESS: dict.fromkeys((_ACT, _AGREE, _BACK), _ALL) | dict.fromkeys((_PREPARE, _LOOK, _READ), _LEADS),
    Right.LEAVE_EMPTY: dict.fromkeys((_ACT, _AGREE), _ALL),
    Right.ANSWER: dict.fromkeys((_READ, _ACT, _AGREE, _SETTLE), _ALL),
    # The facilitator is of no party, so takes no position.
    Right.TAKE_POSITION: dict.fromkeys((_AGREE, _SETTLE, _BACK), _SEATED),
    Right.APPROVE_PLAIN: dict.fromkeys((_AGREE, _SETTLE), frozenset({_T})),
    Right.CONFIRM: dict.fromkeys((_LOOK, _READ, _ACT, _AGREE, _SETTLE, _BACK), _SEATED),
    Right.OWN_CARD: dict.fromkeys((_ACT, _AGREE), _ALL) | {_PREPARE: _LEADS},
    Right.SHEET: dict.fromkeys((_PREPARE, _LOOK, _READ, _ACT, _AGREE), _LEADS),
    Right.PRIORITISE: dict.fromkeys((_LOOK, _READ, _ACT, _AGREE), _SEATED),
    Right.ADVISE: dict.fromkeys((_AGREE, _SETTLE, _BACK), _ALL),
    # The statutory advice is the tenants' own; the landlord decides after it.
    Right.GIVE_ADVICE: dict.fromkeys((_AGREE, _SETTLE, _BACK), frozenset({_T})),
    Right.FREEZE: dict.fromkeys((_SETTLE, _BACK), _LEADS),
    Right.AMEND: dict.fromkeys((_AGREE, _SETTLE, _BACK), _ALL),
    # Of the lead and the facilitator: the action asks who leads.
    Right.REPORT: dict.fromkeys((_AGREE, _SETTLE, _BACK), _ALL),
    Right.LOOK_BACK: dict.fromkeys((_BACK,), frozenset({_F, _P})),
    Right.NOTICE: dict.fromkeys((_BACK,), frozenset({_T})),
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
