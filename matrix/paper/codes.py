"""Short codes on paper. A cell is a letter and the number of its buurt, `L-03`; a card is a number, `203`, or for an
own card of the session `E12`. They are typed as people write them: `l3`, `L 03`, `kaart 203`. Pure.

Both names with 'woning' would give a W, so their other half names them: G of gebruik, P of programma.
"""

import re

from matrix.models import Framework

LETTERS = {
    Framework.LIVING_ENVIRONMENT: "L",
    Framework.SOCIAL_APPROACH: "S",
    Framework.HOUSING_USE: "G",
    Framework.HOUSING_PROGRAMME: "P",
}
_FRAMEWORKS = {letter: framework for framework, letter in LETTERS.items()}
_CELL = re.compile(r"([a-z]*)\s*[-–—.]?\s*(\d+)", re.IGNORECASE)
_AND = re.compile(r"\s*(?:[,;+/&]|\ben\b)\s*", re.IGNORECASE)
_CARD = re.compile(r"(?:kaart|k)?\s*(e?)\s*[-–.]?\s*(\d{1,9})", re.IGNORECASE)


class CodeError(ValueError):
    """The message says in Dutch what is the matter with a code and how it should look."""


def numbers(sheets) -> dict[int, int]:
    """Area pk -> the number of that buurt on paper. Those that have none yet come after the others, by name."""
    found = {sheet.area_id: sheet.number for sheet in sheets if sheet.number}
    highest = max(found.values(), default=0)
    new = sorted((s for s in sheets if not s.number), key=lambda s: (s.area.name, s.area.code))
    return found | {sheet.area_id: highest + i for i, sheet in enumerate(new, start=1)}


def cell_code(framework: str, number: int) -> str:
    return f"{LETTERS[Framework(framework)]}-{number:02}"


def parse_cells(typed: str) -> tuple[Framework, list[int]]:
    """'L-03' and 'l3', or for a note about more buurten 'L3, L5' and 'l3+5': (framework, numbers of buurten)."""
    letter, found = "", []
    for part in _AND.split(typed.strip()):
        match = _CELL.fullmatch(part)
        if match is None:
            raise CodeError(f"‘{typed.strip()}’ is geen code van een vak. Typ een letter en een nummer, zoals L-03.")
        own = match[1].upper() or letter
        if own not in _FRAMEWORKS:
            raise CodeError(_no_letter(own))
        if letter and own != letter:
            raise CodeError("Eén briefje hoort bij één handelingskader. Maak er twee rijen van.")
        letter = own
        if int(match[2]) not in found:
            found.append(int(match[2]))
    return _FRAMEWORKS[letter], found


def _no_letter(letter: str) -> str:
    if letter == "W":
        return "W kan twee dingen zijn. Typ G voor woninggebruik of P voor woningprogramma."
    return "Begin met L (leefomgeving), S (sociale aanpak), G (woninggebruik) of P (woningprogramma)."


def card_code(card) -> str:
    """Ours: the hundred is the framework, the rest its place. Own cards are counted over all sessions."""
    if card.slug is None:
        return f"E{card.pk}"
    return str(100 * (list(Framework).index(Framework(card.framework)) + 1) + card.position + 1)


def parse_card(typed: str) -> str:
    """As `card_code` writes it."""
    match = _CARD.fullmatch(typed.strip())
    if match is None:
        raise CodeError(f"‘{typed.strip()}’ is geen nummer van een kaart. Typ het nummer dat erop staat, zoals 203.")
    return f"{match[1].upper()}{int(match[2])}"
