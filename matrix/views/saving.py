"""What a form that a script sends is answered, so that the page keeps standing and its writer keeps typing: JSON where
a browser without script gets a page. `start` holds the new values of the hidden fields that say what the writer started
from; with them the next save compares with what is stored now."""

from django.contrib import messages
from django.http import JsonResponse
from django.urls import reverse

from matrix.actions.agreement import as_plain
from matrix.own_actions import last_action
from matrix.views.frame import personal_warning

HEADER = "X-Bewaar"


def by_itself(request) -> bool:
    return request.headers.get(HEADER) == "1"


def saved(start: dict, *texts, warning: str = "", undo: str = "") -> JsonResponse:
    """`texts`: what was written, to look for what is about a person. `warning`: what else the writer should know.
    `undo`: the address that takes it back."""
    warnings = [warning, personal_warning(*texts)]
    told = {"undo": undo} if undo else {}
    return JsonResponse({"state": "saved", "start": start, "warning": " ".join(filter(None, warnings))} | told)


def done(request, back, message: str = ""):
    """A form with a button: with script the address to go on to, where the messages are then shown."""
    if message:
        messages.success(request, message)
    return JsonResponse({"state": "saved", "go": back.url}) if by_itself(request) else back


def moved(told: str, undo: str = "") -> JsonResponse:
    """A deed without words; `told` is what the screen says of it."""
    return JsonResponse({"state": "saved", "told": told, "undo": undo})


def undo_address(participation) -> str:
    """Where to take back what was done just now; empty when it cannot be."""
    action = last_action(participation)
    return reverse("undo", args=[participation.workshop.code, action.newest.revision]) if action else ""


def invalid(*forms) -> JsonResponse:
    errors = {form.add_prefix(name): " ".join(found) for form in forms for name, found in form.errors.items()}
    return JsonResponse({"state": "invalid", "errors": errors}, status=422)


def conflict(theirs: dict[str, dict]) -> JsonResponse:
    """Per field: `text` in words, `values` to put in which fields for who takes it over, `start` for who goes on from
    it. Nothing of the form was stored."""
    return JsonResponse({"state": "conflict", "theirs": theirs}, status=409)


def their(text, values: dict, start: dict) -> dict:
    return {"text": text, "values": {name: listed(value) for name, value in values.items()}, "start": start}


def listed(value) -> list[str]:
    """As the boxes of a form hold it."""
    plain = as_plain(value)
    if isinstance(plain, bool):
        return ["on"] if plain else []
    return [in_form(one) for one in plain] if isinstance(plain, list) else [in_form(plain)]


def in_form(value) -> str:
    """As a hidden field holds it."""
    plain = as_plain(value)
    return "" if plain is None else str(plain)


def seen_now(data, current: dict):
    """The same form, whose writer has now seen what the other wrote: saving again overwrites with open eyes."""
    data = data.copy()
    for name, value in current.items():
        if name == "areas":
            data.setlist("seen-areas", map(str, value))
        else:
            data[f"initial-{name}"] = "" if value is None else str(value)
            if name.startswith("brings_"):
                data[f"initial-takes_part_{name.removeprefix('brings_')}"] = str(value is not None)
    return data
