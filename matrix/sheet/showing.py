"""Changes as a page shows them: old and new, word by word where that is clearer."""

from matrix.actions.sheet import choice_key
from matrix.plan.worddiff import diff
from matrix.sheet.columns import areas_written, date_in_words
from matrix.sheet.comparing import Change, Changed

LONG = 30  # characters: what is shorter reads better side by side


def shown(changed: Changed, choices: dict[str, str]) -> dict:
    return {
        "number": changed.agreement and changed.agreement.number,
        "line": changed.line,
        "title": changed.title,
        "changes": [_shown(changed, change, choices) for change in changed.changes],
    }


def _shown(changed: Changed, change: Change, choices) -> dict:
    before, after = _told(change, change.before), _told(change, change.after)
    words = not change.is_conflict and change.column.width > LONG and change.column.name != "areas"
    key = choice_key(changed, change) if change.is_conflict else ""
    return {
        "label": change.column.heading,
        "before": before,
        "after": after,
        "words": diff(before, after) if words and before and after else [],
        "started": _told(change, change.started) if change.is_conflict else None,
        "key": key,
        "choice": choices.get(key, ""),
    }


def _told(change: Change, words: str) -> str:
    if change.column.is_date:
        return date_in_words(words)
    if change.column.name == "areas" and words == change.after:
        return areas_written(change.value)  # as we understood it
    return words
