"""Which paper is asked for: the whole plan, or a part of it for one reader; for the table only, or to share. Pure."""

import re
from dataclasses import dataclass

PLAN, ORGANISATION, BUURT, RESIDENTS, VERSION = "plan", "organisatie", "buurt", "bewoners", "versie"
ROOM = "zaal"  # in the key of a job: no plan, but one piece of paper for the room
_NAMED = re.compile(
    r"(intern|deelbaar|bewoners)|(organisatie|buurt|versie)-([a-zA-Z0-9]+)(-deelbaar)?|bewoners-([a-zA-Z0-9]+)"
)


@dataclass(frozen=True)
class Printing:
    kind: str = PLAN
    about: str = ""  # key of an organisation, code of a buurt, number of a version; residents: of one buurt, or all
    shareable: bool = False  # without what may not go on to others, see matrix/files/sharing.py

    @property
    def name(self) -> str:
        """In an address, and of a file."""
        if self.kind == PLAN:
            return "deelbaar" if self.shareable else "intern"
        named = "-".join(filter(None, [self.kind, self.about]))
        return f"{named}-deelbaar" if self.shareable and self.kind != RESIDENTS else named

    @property
    def words(self) -> str:
        """At the foot of each page."""
        if self.kind in (RESIDENTS, VERSION):
            return ""
        return "deelbaar" if self.shareable else "intern"


INTERNAL, SHAREABLE = Printing(), Printing(shareable=True)


def printing(name: str) -> Printing | None:
    found = _NAMED.fullmatch(name)
    if found is None:
        return None
    whole, part, about, shareable, street = found.groups()
    if whole == RESIDENTS:
        return Printing(RESIDENTS, shareable=True)
    if whole:
        return SHAREABLE if whole == "deelbaar" else INTERNAL
    if street:
        return Printing(RESIDENTS, street, shareable=True)
    return Printing(part, about, bool(shareable))
