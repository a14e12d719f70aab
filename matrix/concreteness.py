"""How concrete an agreement is: five questions, and what each still misses. Soft: it never blocks anyone. Pure."""

from dataclasses import dataclass

from matrix.models import Agreement

# Words that promise less than they seem to. Few on purpose: a hint at every second word is read by nobody.
VAGUE = (
    "waar mogelijk", "zo mogelijk", "indien mogelijk", "zo nodig", "indien nodig", "streven naar", "streeft naar",
    "inzetten op", "inzet op", "aandacht voor", "in gesprek gaan", "onderzoeken of", "kijken naar",
)  # fmt: skip
VAGUE_WHEN = ("zo snel mogelijk", "op termijn", "te zijner tijd", "binnenkort")
VAGUE_MEANS = ("nader te bepalen", "nog te bepalen", "n.t.b.", "bestaande middelen")


@dataclass(frozen=True)
class Question:
    word: str
    missing: tuple[str, ...]  # in words; empty: it is answered

    @property
    def answered(self) -> bool:
        return not self.missing


@dataclass(frozen=True)
class Concreteness:
    questions: tuple[Question, ...]

    @property
    def done(self) -> int:
        return sum(question.answered for question in self.questions)

    @property
    def whole(self) -> bool:
        return self.done == len(self.questions)

    @property
    def missing(self) -> list[str]:
        return [text for question in self.questions for text in question.missing]


def concreteness(agreement, contributions=()) -> Concreteness:
    """`contributions`: what its partners bring, each with `organisation` and `text`."""
    asked = {"wie": _who, "wat": _what, "wanneer": _when, "waarmee": _means, "waaraan": _measure}
    return Concreteness(tuple(Question(word, tuple(find(agreement, contributions))) for word, find in asked.items()))


def hints(agreement) -> list[str]:
    """What is not concrete yet, of an agreement with its contributions at hand."""
    return of(agreement).missing


def of(agreement) -> Concreteness:
    return concreteness(agreement, agreement.contributions.all())


def _who(agreement, contributions):
    if agreement.lead_id is None:
        yield "geen trekker"


def _what(agreement, contributions):
    if len(agreement.title.split()) < 2 and not agreement.goal:
        yield "één woord: schrijf wat er gebeurt, of welk doel het heeft"
    if agreement.kind == Agreement.Kind.PROCESS:
        return  # there talking is what was agreed
    for words in _found(VAGUE, agreement.title, agreement.goal):
        yield f"‘{words}’ laat open wat er gebeurt"


def _when(agreement, contributions):
    if agreement.start is None:
        yield "geen begindatum"
    if agreement.end is None:
        yield "geen einddatum"
        for words in _found(VAGUE_WHEN, agreement.title, agreement.goal):
            yield f"‘{words}’ zegt niet wanneer"


def _means(agreement, contributions):
    if not agreement.means:
        yield "geen middelen"
    for words in _found(VAGUE_MEANS, agreement.means):
        yield f"‘{words}’ zegt niet wie wat betaalt"
    for contribution in contributions:
        if not contribution.text and contribution.organisation_id != agreement.lead_id:
            yield f"bijdrage van {contribution.organisation} niet genoemd"


def _measure(agreement, contributions):
    if not agreement.measure:
        yield "niet gezegd waaraan we zien dat het werkt"
    if not agreement.residents_notice:
        yield "niet gezegd wat bewoners merken"


def _found(vague, *texts):
    whole = " ".join(texts).lower()
    return [words for words in vague if words in whole]
