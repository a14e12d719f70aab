"""Joining with a seat code: no account, no e-mail."""

import io

import segno
from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from matrix import access
from matrix.actions import workshop as actions
from matrix.forms import NameForm, SeatForm
from matrix.models import Organisation, Participation

# Wrong codes from one address in ten minutes. A room shares one address, so this is wide; a code has 38 bits.
TRIES, WINDOW = 300, 600
UNKNOWN = "Deze stoelcode kennen we niet. Kijk of elke letter klopt, of vraag de begeleider om de code."
CLOSED = "Deze stoel is gesloten. Vraag de begeleider om de stoel weer open te zetten."
TOO_MANY = "Er is te vaak een verkeerde code geprobeerd. Wacht tien minuten, of vraag de begeleider om hulp."


def _tries_key(request):
    return f"seat-tries-{request.META.get('REMOTE_ADDR', '')}"


def _find(request, form) -> Organisation | None:
    """The organisation of a seat code; a wrong one is counted and told in the form."""
    key = _tries_key(request)
    if cache.get(key, 0) >= TRIES:
        form.add_error("code", TOO_MANY)
        return None
    organisation = Organisation.objects.filter(seat_code=form.cleaned_data["code"]).select_related("workshop").first()
    if organisation is None:
        cache.set(key, cache.get(key, 0) + 1, WINDOW)
        form.add_error("code", UNKNOWN)
    elif not organisation.lets_in(timezone.localdate()):
        form.add_error("code", CLOSED)
        return None
    return organisation


@require_http_methods(["GET", "POST"])
def join(request):
    """Type a code. A good one goes on to the seat, where the name is asked."""
    form = SeatForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        organisation = _find(request, form)
        if organisation:
            return redirect("seat", organisation.seat_code)
    return render(request, "matrix/join.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def seat(request, code):
    """The address in the QR code."""
    lookup = SeatForm({"code": code})
    organisation = _find(request, lookup) if lookup.is_valid() else None
    if organisation is None:
        return render(request, "matrix/join.html", {"form": lookup}, status=404)
    form = NameForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not _sits_here(request, organisation):
            participation = actions.join(organisation=organisation, name=form.cleaned_data["name"])
            access.take_seat(request, participation)
        return redirect(organisation.workshop)
    context = {"form": form, "organisation": organisation, "workshop": organisation.workshop}
    return render(request, "matrix/seat.html", context, status=422 if form.errors else 200)


def _sits_here(request, organisation) -> bool:
    """Scanning the code twice is one person, not two."""
    seat = request.session.get(access.SEATS, {}).get(organisation.workshop.code)
    return organisation.participations.filter(pk=seat).exists()


@require_POST
def leave(request, code):
    """Leave the seat in this browser; what was entered stays."""
    seats = dict(request.session.get(access.SEATS, {}))
    participation = Participation.objects.filter(pk=seats.pop(code, None), workshop__code=code).first()
    if participation:
        actions.leave(participation=participation)
    request.session[access.SEATS] = seats
    return redirect("home")


def seat_address(organisation) -> str:
    return settings.BASE_URL + reverse("seat", args=[organisation.seat_code])


def with_address(workshop) -> list:
    """(organisation, address of its seat), with how many are in."""
    return [(organisation, seat_address(organisation)) for organisation in workshop.organisations.people_in()]


@require_safe
def qr(request, code, pk):
    """The seat's address as a QR code, for the facilitator's screen and paper."""
    participation = access.facilitator(request, code)
    organisation = get_object_or_404(participation.workshop.organisations, pk=pk)
    image = io.BytesIO()
    segno.make(seat_address(organisation), error="m").save(image, kind="svg", scale=4, border=2)
    return HttpResponse(image.getvalue(), content_type="image/svg+xml")
