"""Which of two histories of one session is ahead: by their logs, which only ever grow. Pure."""

import datetime
from dataclasses import dataclass
from enum import Enum, auto
from itertools import takewhile

# The beamer that follows its facilitator from page to page: looking is no history.
QUIET = ("shown",)


class Relation(Enum):
    SAME = auto()
    FILE_AHEAD = auto()
    HERE_AHEAD = auto()
    BOTH = auto()  # each went on by itself


@dataclass(frozen=True)
class Compared:
    relation: Relation
    since: datetime.datetime | None  # when they went apart
    here: int  # events that only this installation has
    file: int
    looked: bool = False  # no more than looking sets them apart


def compare(here: list[dict], file: list[dict]) -> Compared:
    """Of the logs as rows of a file."""
    common = sum(1 for _ in takewhile(lambda pair: _is_same(*pair), zip(here, file, strict=False)))
    only_here, only_file = _told(here[common:]), _told(file[common:])
    relation = {
        (False, False): Relation.SAME,
        (False, True): Relation.FILE_AHEAD,
        (True, False): Relation.HERE_AHEAD,
        (True, True): Relation.BOTH,
    }[bool(only_here), bool(only_file)]
    after = [log[common]["at"] for log in (here, file) if len(log) > common]
    since = min(map(datetime.datetime.fromisoformat, after), default=None)
    looked = relation == Relation.SAME and len(here) + len(file) > 2 * common
    return Compared(relation, since, only_here, only_file, looked)


def _told(events: list[dict]) -> int:
    return sum(event["what"] not in QUIET for event in events)


def _is_same(one: dict, other: dict) -> bool:
    """What happened, and when to the microsecond. Names of who did it may have changed since."""
    return all(one[name] == other[name] for name in ("revision", "what", "summary", "at"))
