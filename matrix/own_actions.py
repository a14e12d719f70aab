"""What a person did last, as that person would count it: from the log. A text that saves itself leaves an event at each
pause in typing; together they are one action."""

from dataclasses import dataclass
from datetime import timedelta

from matrix.models import Event, Participation

# A longer pause begins a new action.
PAUSE = timedelta(minutes=2)
SHOWN, LOOK_BACK = 20, 300  # actions on the page; events in which they are sought

_TEXTS = {
    "analysed", "edited", "said_plainly", "recognised", "remark_rewritten", "workshop_described", "reviewed", "noticed",
}  # fmt: skip
_CHOICE = {"recognised": "recognition", "noticed": "answer"}  # the field beside the text that is a choice


def targets(event: Event) -> set[str]:
    """What exactly was written, finer than the subjects of the event: two people on two fields of one agreement have no
    target in common. Empty: this cannot be undone."""
    data = event.data
    match event.what:
        case "analysed":
            return {f"analysis/{data['area']}/{data['field']}"} if "field" in data else set()
        case "recognised":
            return {f"reading/{data['area']}/{event.organisation_id}"} if "area" in data else set()
        case "edited":
            number, fields = data["number"], {*data.get("after", ())}
            return {f"agreement/{number}/{name}" for name in fields} | {
                f"agreement/{number}/brings/{pk}" for pk in data.get("brought_after", ())
            }
        case "status_set":
            return {f"agreement/{data['number']}/status"} if "after" in data else set()
        case "reported":
            return {f"agreement/{data['number']}/status", f"progress/{data['line']}"}
        case "reviewed":
            return {f"agreement/{data['number']}/review/{name}" for name in data["after"]}
        case "decided":
            return {f"agreement/{data['number']}/review/decision"}
        case "noticed":
            return {f"agreement/{data['number']}/noticed/{event.organisation_id}"}
        case "progress_withdrawn":
            return {f"agreement/{data['number']}/status"}
        case "proposed":
            return {f"agreement/{data['number']}/status"} if "emptied" in data else set()
        case "said_plainly":
            return {f"agreement/{data['number']}/plain"} if "version" in data else set()
        case "position_taken":
            return {f"agreement/{data['number']}/position/{event.organisation_id}"} if "after" in data else set()
        case "advice_asked" | "advice_given" | "advice_decided":
            return {f"agreement/{data['number']}/{event.what}"}
        case "amended":
            return {f"amendment/{data['number']}/{data['amendment']}"}
        case "consent_given":
            return {f"amendment/{data['number']}/{data['amendment']}/{event.organisation_id}"}
        case "left_empty" | "cell_reopened":
            return set(event.subjects) if "after" in data else set()
        case "remarked" | "remark_rewritten":
            return {f"remark/{data['remark']}/text"} if "after" in data else set()
        case "remark_withdrawn":
            return {f"remark/-{event.pk}"} if "position" in data else set()
        case "remark_answered":
            return {f"remark/{data['remark']}/answer"} if "after" in data else set()
        case "remark_placed":
            return {f"remark/{data['remark']}/place"} if "after" in data else set()
        case "remark_merged":
            return {f"remark/{pk}/place" for pk in data.get("after", ())}
        case "theme_added":
            return {f"theme/{data['theme']}"} if "theme" in data else set()
        case "theme_removed":
            return {f"theme/-{event.pk}"} if "remarks" in data else set()
        case "card_removed":
            return {f"card/-{event.pk}"}
        case "workshop_described":
            return {f"session/{name}" for name in data.get("after", ())}
        case "stage_moved":
            return {"session/stage"}
        case "undone":
            return set(data["targets"])
    return set()


def _left(event, moment):
    """What stood there `before` or `after`, of all that the event wrote."""
    data = event.data
    brought = {f"brings/{pk}": text for pk, text in data.get(f"brought_{moment}", {}).items()}
    return [data.get(moment), brought]


def _goes_on(earlier: Event, later: Event) -> bool:
    """Is `later` more of the same text by the same person? Other events of that person lie not between them."""
    if not (earlier.what == later.what and later.what in _TEXTS and targets(earlier) == targets(later)):
        return False
    if later.at - earlier.at > PAUSE or _left(earlier, "after") != _left(later, "before"):
        return False
    before = later.data["before"]  # another answer is another action, other words are not
    choice = _CHOICE.get(later.what)
    return choice is None or (before is not None and before[choice] == later.data["after"][choice])


@dataclass(frozen=True)
class OwnAction:
    events: tuple[Event, ...]  # oldest first; mostly one

    @property
    def newest(self) -> Event:
        return self.events[-1]

    @property
    def oldest(self) -> Event:
        return self.events[0]

    @property
    def targets(self) -> set[str]:
        return targets(self.newest)


def own_actions(by: Participation, *, most: int = SHOWN) -> list[OwnAction]:
    """Of this person, newest first, as far as each can be undone."""
    events = Event.objects.filter(participation=by, undone=False).exclude(what__in=("shown", "undone"))
    groups: list[list[Event]] = []  # newest first, within a group too
    for event in events.order_by("-revision")[:LOOK_BACK]:
        if groups and _goes_on(event, groups[-1][-1]):
            groups[-1].append(event)
        else:
            groups.append([event])
    return [OwnAction(tuple(reversed(group))) for group in groups if targets(group[0])][:most]


def last_action(by: Participation) -> OwnAction | None:
    """The very last thing that this person did, when it can be undone: what a message of just now is about."""
    last = Event.objects.filter(participation=by).exclude(what="shown").order_by("-revision").first()
    if last is None or last.undone or not targets(last):
        return None
    return next((action for action in own_actions(by) if action.newest.pk == last.pk), None)
