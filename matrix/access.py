"""May this person do this? Each function finds and checks in one; who may not see a thing gets a 404."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from matrix.models import Participation, Workshop, name_of

SEATS = "seats"  # in the browser's session: {workshop code: participation pk}


def take_seat(request, participation: Participation) -> None:
    """Remember in this browser who sits where. A new session key, so that an older one is of no use."""
    seats = request.session.get(SEATS, {})
    request.session.cycle_key()
    request.session[SEATS] = seats | {participation.workshop.code: participation.pk}


def participant(request, code: str) -> Participation:
    """The participation of this browser in the workshop: as its facilitator by login, else by seat."""
    if request.user.is_authenticated and Workshop.objects.of(request.user).filter(code=code).exists():
        return _as_facilitator(request, code)
    seat = request.session.get(SEATS, {}).get(code)
    found = seat and (
        Participation.objects.select_related("workshop", "organisation").filter(pk=seat, workshop__code=code).first()
    )
    if not found:
        raise Http404
    return found


def facilitator(request, code: str) -> Participation:
    return _as_facilitator(request, code)


def _as_facilitator(request, code) -> Participation:
    if not request.user.is_authenticated:
        raise Http404
    workshop = get_object_or_404(Workshop.objects.of(request.user), code=code)
    participation, _ = Participation.objects.get_or_create(
        workshop=workshop,
        user=request.user,
        defaults={"name": name_of(request.user)},
    )
    participation.workshop = workshop
    return participation
