"""The front door: what this is, a seat code to join with, and the facilitator's own sessions."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from matrix.access import SEATS
from matrix.forms import SeatForm
from matrix.models import Participation, Workshop


@require_safe
def home(request):
    seats = Participation.objects.filter(pk__in=request.session.get(SEATS, {}).values()).select_related(
        "workshop", "organisation"
    )
    workshops = Workshop.objects.none()
    if request.user.is_authenticated:
        workshops = Workshop.objects.of(request.user).prefetch_related("organisations", "workshop_areas")
    return render(request, "home.html", {"form": SeatForm(), "seats": seats, "workshops": workshops})


@require_safe
def style_guide(request):
    """Every component on one page, to look at and to test."""
    from maps.style import grid, styles

    context = {
        "styles": styles(film=True),
        "foto_styles": styles(film=False),
        "form": SeatForm(),
        "grid": grid(film=True),
    }
    return render(request, "style_guide.html", context)
