"""The agenda of a session: its steps with the minutes that each takes, and the clock times that follow. Pure."""

import datetime
from dataclasses import dataclass

from matrix.stages import Stage, StageInfo, course

# A year later most time goes to what came of it; what is new there is the exception.
LOOKING_BACK = {
    Stage.LOOK: 15, Stage.LOOK_BACK: 60, Stage.READ: 0, Stage.ACT: 0, Stage.AGREE: 30, Stage.SETTLE: 15,
}  # fmt: skip


def steps(workshop) -> tuple[StageInfo, ...]:
    """Preparing comes before. Looking back a year later is only on the agenda when it is given minutes."""
    return tuple(info for info in course(looks_back=bool(workshop.follows_id)) if info.stage != Stage.PREPARE)


@dataclass(frozen=True)
class Item:
    info: StageInfo
    minutes: int
    start: datetime.time | None  # None: the session has no time yet
    end: datetime.time | None


def usual_minutes(workshop, info: StageInfo) -> int:
    if workshop.follows_id:
        return LOOKING_BACK[info.stage]
    return 0 if info.stage == Stage.LOOK_BACK else info.minutes


def minutes_of(workshop, info: StageInfo) -> int:
    return workshop.minutes.get(info.stage, usual_minutes(workshop, info))


def total_minutes(workshop) -> int:
    return sum(minutes_of(workshop, info) for info in steps(workshop))


def begins(workshop) -> datetime.datetime | None:
    """On the clock of the room, without a time zone."""
    return datetime.datetime.combine(workshop.date, workshop.start_time) if workshop.start_time else None


def agenda(workshop) -> list[Item]:
    """The steps that get any time, in their order."""
    found, at = [], begins(workshop)
    for info in steps(workshop):
        minutes = minutes_of(workshop, info)
        if not minutes:
            continue
        until = at and at + datetime.timedelta(minutes=minutes)
        found.append(Item(info, minutes, at and at.time(), until and until.time()))
        at = until
    return found
