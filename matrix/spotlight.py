"""What the screen for the whole room shows: a page of the session, or one buurt or agreement on it.

Written as `<page>` or `<page>/<which>`: `look`, `read`, `area/BU09960300`, `remarks`, `board`, `coverage`,
`agreements`, `agreement/3`, `progress`, `plan`. Empty is the page of the session's step.
"""

import re

from matrix.stages import INFO, Stage

PAGES = {
    "prepare",
    "look",
    "read",
    "area",
    "remarks",
    "board",
    "coverage",
    "agreements",
    "agreement",
    "plan",
    "looking_back",
    "review",
    "progress",
    "dots",
}
_FORM = re.compile(r"[a-z_]+(/[A-Z]{0,2}[0-9]{1,8})?")


def is_known(spotlight: str) -> bool:
    return not spotlight or (bool(_FORM.fullmatch(spotlight)) and spotlight.split("/")[0] in PAGES)


def shown(workshop) -> tuple[str, str]:
    """(page, which) of this moment."""
    page, _, which = (workshop.spotlight or INFO[Stage(workshop.stage)].page).partition("/")
    return page, which
