"""Cards of A6, four on a sheet of A4: those of the catalogue with their number, and blank ones with room for a code."""

from dataclasses import dataclass

from django.utils.text import Truncator

from matrix.models import Framework, Intervention
from matrix.paper.codes import LETTERS, card_code

ON_SHEET = 4
LONGEST = 330  # characters of each text of a card; the catalogue on the screen has it whole


@dataclass(frozen=True)
class Card:
    code: str
    framework: str
    letter: str
    title: str
    occasion: str
    approach: str
    effect: str
    lead: str
    legal_check: bool
    touches_advice_right: bool

    @property
    def is_long(self) -> bool:
        return len(self.title + self.occasion + self.approach + self.effect) > 620


def cards_of(workshop, frameworks) -> list[Card]:
    """Ours and the session's own, in the order of the frameworks; own cards come last."""
    order = {framework: i for i, framework in enumerate(Framework.values)}
    found = Intervention.objects.at(workshop).filter(framework__in=frameworks)
    return [_card(c) for c in sorted(found, key=lambda c: (order[c.framework], c.slug is None, c.position, c.pk))]


def _card(card: Intervention) -> Card:
    cut = lambda text: Truncator(text).chars(LONGEST)  # noqa: E731
    return Card(
        code=card_code(card),
        framework=card.get_framework_display(),
        letter=LETTERS[Framework(card.framework)],
        title=card.title,
        occasion=cut(card.occasion),
        approach=cut(card.approach),
        effect=cut(card.effect),
        lead=card.get_lead_display().lower(),
        legal_check=card.legal_check,
        touches_advice_right=card.touches_advice_right,
    )


def on_sheets(cards: list) -> list[list]:
    return [cards[i : i + ON_SHEET] for i in range(0, len(cards), ON_SHEET)]
