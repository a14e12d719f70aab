"""Files of an earlier version, as those of now: what did not exist then gets what a session has without it."""

# Version 1 knew no more than the session itself: no own cards, versions, amendments, advice, dots or year after.
_TABLES_OF_2 = (
    "interventions", "amendments", "consents", "advices", "progress", "noticed", "reviews", "dot_rounds", "dots",
    "versions",
)  # fmt: skip
_FIELDS_OF_2 = {
    "areas": {"number": 0},
    "agreements": {
        "elsewhere": "", "asked_elsewhere": "", "compensation": "", "frozen_wording": 0, "follows": None,
    },
    "positions": {"note": ""},
    "remarks": {"internal": False},
}  # fmt: skip


def as_now(content: dict, version: int) -> dict:
    """What else is wrong with it is told by who reads on."""
    session = content.get("session")
    if version < 2 and isinstance(session, dict):
        for table in _TABLES_OF_2:
            session.setdefault(table, [])
        for table, fields in _FIELDS_OF_2.items():
            rows = session.get(table, ())
            session[table] = [fields | row for row in rows]
    return content
