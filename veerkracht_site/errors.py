"""Pages for what went wrong: plain Dutch, what to do now, and what was typed given back."""

from django.shortcuts import render

from matrix.actions.recording import Refused
from matrix.plan.pdf import PlanError
from matrix.stages import NotNow


def _page(request, status, heading, text):
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
                 "Ga terug, ververs de pagina en probeer het opnieuw.")  # fmt: skip


def not_found(request, exception=None):
    return _page(request, 404, "Deze pagina is er niet",
                 "Het adres klopt niet, of u zit hier niet aan tafel. Vraag de begeleider om een stoelcode, "
                 "of log in als u de begeleider bent.")  # fmt: skip


def forbidden(request, exception=None):
    return _page(
        request,
        403,
        "Hier mag u niet bij",
        "Alleen wie de gegevens beheert, kan dit doen. Vraag de beheerder.",
    )


class RefusalMiddleware:
    """What a rule refuses becomes a page that says why, whatever the view."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, NotNow):
            return _page(request, 409, "Dat kan nu niet", str(exception))
        if isinstance(exception, Refused | PlanError):
            return _page(request, 409, "Dat gaat niet", str(exception))
        return None
