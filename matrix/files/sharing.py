"""What is left out of a file that may go on to others (deelbaar), and why. The one place that decides it. Pure.

What nobody revealed never comes this far: `canonical.content_of` does not hold it.
"""

MIN_HOUSEHOLDS = 100

CLOSED = ("De samen geschreven tekst over een buurt die voor u nog dicht is", "eerst antwoorden de huurders")
# (what is hidden, why) as the page tells it.
HIDDEN = (
    ("Opmerkingen die nog niet zijn onthuld", "die zijn nog van wie ze schreef"),
    ("Opmerkingen die alleen voor de tafel zijn", "zo zijn zij gemerkt"),
    (f"Cijfers van buurten met minder dan {MIN_HOUSEHOLDS} huishoudens", "daarin zijn mensen te herkennen"),
    CLOSED,
    ("Wie iets heeft ingevoerd, en stoelcodes", "het gaat om wat een organisatie zegt"),
)

# Who typed it and how it came in: of the session, not of the words.
_OF_ENTERING = {"on_behalf", "note"}
_ANALYSIS = ("problem_analysis", "definition_of_success", "practice_knowledge")


def shareable(
    content: dict, *, small: frozenset[str] = frozenset(), closed: frozenset[str] = frozenset(),
    kept: frozenset[str] = frozenset(),
) -> dict:  # fmt: skip
    """The content of a session (see `matrix.plan.canonical`) as it may go on to others. `small`: codes of buurten with
    few households; `closed`: codes of those whose joint analysis this reader may not see yet; `kept`: words of remarks
    that were marked as only for the table after this content was fixed."""
    found = _without_entering(content)
    found["buurten"] = [_buurt(b, hide=b["code"] in small, shut=b["code"] in closed) for b in found["buurten"]]
    found["remarks"] = [
        remark | {"said_too": _to_share(remark.get("said_too", []), kept)}
        for remark in _to_share(found["remarks"], kept)
    ]
    return found


def _to_share(remarks: list[dict], kept: frozenset[str]) -> list[dict]:
    """What is under one that stays at the table, stays with it."""
    return [remark for remark in remarks if not remark.get("internal") and remark["text"] not in kept]


def _buurt(buurt: dict, *, hide: bool, shut: bool) -> dict:
    if hide:
        buurt |= {"signal": {}, "own_signals": [], "few_households": True}
    if shut:
        buurt |= dict.fromkeys(_ANALYSIS, "")
    return buurt


def _without_entering(value):
    """A copy of it all."""
    if isinstance(value, dict):
        return {key: _without_entering(inner) for key, inner in value.items() if key not in _OF_ENTERING}
    if isinstance(value, list):
        return [_without_entering(inner) for inner in value]
    return value
