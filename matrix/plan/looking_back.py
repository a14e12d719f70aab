"""The chapter Terugblik: what came of the agreements of the session before. The plan is for everyone, so of what some
may not read yet it says so."""

from matrix.audience import BEAMER, Audience
from matrix.looked_back import LookedBack, reviewed, rows
from matrix.plan.parts import BackLine
from matrix.stages import Stage


def looked_back(workshop) -> tuple[BackLine, ...]:
    """None for a session that does not look back."""
    if not workshop.follows_id and workshop.stage != Stage.LOOK_BACK:
        return ()
    return tuple(map(_line, rows(Audience(workshop, BEAMER), reviewed(workshop))))


def _line(row: LookedBack) -> BackLine:
    review, sees = row.review, row.sees_done
    return BackLine(
        number=str(row.agreement.number),
        title=row.agreed.title,
        lead=row.agreed.lead,
        done=review.get_done_display() if sees else "",
        done_words=review.words if sees else "",
        noticed=tuple((str(said.organisation), said.get_answer_display(), said.words) for said in row.noticed),
        signals=tuple(
            (pair.area.name, "; ".join(map(_seen, pair.then)), _seen(pair.now) if pair.now else "")
            for pair in row.signals
        ),
        remarks=tuple(dict.fromkeys(pair.told for pair in row.signals if pair.told)),
        decision=review.get_decision_display() if sees else "",
        reason=review.reason if sees else "",
        hidden=not row.is_open,
        waiting=tuple(map(str, row.waiting)),
    )


def _seen(seen) -> str:
    """A Veerkracht onder druk, 2018–2022. The values of now stand in the chapter of the buurt."""
    return f"{seen.style.letter} {seen.style.label}, {seen.years}".strip()
