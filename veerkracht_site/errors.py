"""Pages for what went wrong: plain Dutch, what to do now, and what was typed given back."""

from contextlib import suppress
from urllib.parse import unquote

from django.http import Http404, HttpResponseBadRequest, JsonResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve

from matrix import access
from matrix.actions.recording import Refused
from matrix.plan.errors import PlanError
from matrix.stages import NotNow
from matrix.views import saving


def _page(request, status, heading, text, state="refused"):
    if saving.by_itself(request):
        return JsonResponse({"state": state, "why": text}, status=status)
    context = {"heading": heading, "text": text, "typed": _typed(request), "back": _session_address(request)}
    return render(request, "errors/message.html", context, status=status)


def _typed(request) -> list[str]:
    """The words of a form that could not be taken. Short values are choices, not work."""
    if request.method != "POST":
        return []
    hidden = ("csrf", "password", "initial-", "seen")
    return [
        v
        for name, v in request.POST.items()
        if not name.startswith(hidden) and len(v.strip()) > 6 and not v.strip().isdecimal()
    ]


def _session_address(request):
    match = request.resolver_match
    code = match and match.kwargs.get("code")
    return f"/sessie/{code}/" if code and request.path.startswith("/sessie/") else None


def csrf_failure(request, reason=""):
    return _page(request, 403, "Dit formulier is verlopen",
                 "De pagina stond te lang open, of u bent intussen opnieuw begonnen. Er is niets bewaard. "
                 "Ga terug, ververs de pagina en probeer het opnieuw.", "token")  # fmt: skip


def not_found(request, exception=None):
    return _page(request, 404, "Deze pagina is er niet",
                 "Het adres klopt niet, of u zit hier niet aan tafel. Vraag de begeleider om een stoelcode, "
                 "of log in als u de begeleider bent.", "away" if _is_away(request) else "gone")  # fmt: skip


def _is_away(request) -> bool:
    """Is it the person who is not at the table (any more), rather than the page that is not there?"""
    match = request.resolver_match
    if not (match and "code" in match.kwargs):
        return False
    try:
        access.participant(request, match.kwargs["code"])
    except Http404:
        return True
    return False


def forbidden(request, exception=None):
    return _page(
        request,
        403,
        "Hier mag u niet bij",
        "Alleen wie de gegevens beheert, kan dit doen. Vraag de beheerder.",
    )


def _page_of(path: str):
    """To the page that a form stands on, for who opens the address where the form was sent: it stays in the bar of the
    browser after a refusal."""
    while "/" in (path := path.rstrip("/")):
        path = path[: path.rindex("/") + 1]
        with suppress(Resolver404):
            resolve(path)
            return redirect(path)
    return None


class RefusalMiddleware:
    """What a rule refuses becomes a page that says why, whatever the view."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        # PostgreSQL has no NUL in a text, not even to look for; forms refuse it themselves. No browser sends one.
        if any("\0" in text for text in (unquote(request.get_full_path()), *request.COOKIES.values())):
            return HttpResponseBadRequest("Dit adres klopt niet.", content_type="text/plain; charset=utf-8")
        response = self.get_response(request)
        if response.status_code == 405 and request.method in ("GET", "HEAD"):
            return _page_of(request.path) or response
        return response

    def process_exception(self, request, exception):
        if isinstance(exception, NotNow):
            return _page(request, 409, "Dat kan nu niet", str(exception))
        if isinstance(exception, Refused | PlanError):
            return _page(request, 409, "Dat gaat niet", str(exception))
        return None
