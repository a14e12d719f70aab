"""A session that looks back on an earlier one: making it, and the way from one to the other."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from maps.choices import offer
from maps.computing import CannotCompute, Choice, Mode, current_edition
from maps.models import SignalMap
from matrix import access
from matrix.actions import following as actions
from matrix.actions.recording import Refused
from matrix.following_forms import FollowUpForm
from matrix.models import Amendment, Workshop
from matrix.open_points import open_points

MOST = 6  # maps to choose from


def maps_of_now(edition: SignalMap) -> list[Choice]:
    """Films of the same municipality that the figures carry now, the latest first: the usual one, the one that begins
    where that of then ended, and those that somebody looked at."""
    then = Choice(Mode.FILM, edition.year_from, edition.year_to, edition.reference)
    offered = offer(edition.municipality)
    seen = SignalMap.objects.current().films().of_municipality(edition.municipality)
    found = [offered.default(Mode.FILM, edition.reference)]
    found += [
        Choice(Mode.FILM, start, end, edition.reference) for start, end in offered.films if start == edition.year_to
    ]
    found += [Choice(Mode.FILM, one.year_from, one.year_to, one.reference) for one in seen]
    carried = [choice for choice in dict.fromkeys(found) if choice and choice != then and not offered.objection(choice)]
    return sorted(carried, key=lambda choice: (-choice.year_to, choice.reference != edition.reference))[:MOST]


@require_http_methods(["GET", "POST"])
def follow_up(request, code):
    workshop = access.facilitator(request, code).workshop
    form = FollowUpForm(
        request.POST or None, workshop=workshop, maps=maps_of_now(workshop.signal_map), today=timezone.localdate()
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            chosen = form.chosen_map()
            edition = (
                workshop.signal_map if chosen is None else current_edition(workshop.signal_map.municipality, chosen)
            )
            carried = actions.follow_up(
                by_user=request.user, workshop=workshop, edition=edition, title=data["title"], date=data["date"],
                place=data["place"], with_ideas=data["with_ideas"],
            )  # fmt: skip
        except (Refused, CannotCompute) as refused:
            form.add_error("edition", str(refused))
        else:
            messages.success(request, "De terugbliksessie is klaar. Elke organisatie heeft een nieuwe stoelcode.")
            if carried.left_areas or carried.left_agreements:
                messages.warning(
                    request, "Niet alles kon mee. Hieronder staat wat, bij ‘Openstaand van de vorige keer’."
                )
            return redirect("prepare", carried.workshop.code)
    context = in_time(request, workshop) | {
        "form": form,
        "workshop": workshop,
        "organisations": workshop.organisations.all(),
        "count": workshop.agreements.promised().count(),
    }
    return render(request, "matrix/follow_up.html", context, status=422 if form.errors else 200)


def in_time(request, workshop) -> dict:
    """The session before and the one after, and whether whoever looks may open them; what was left open then."""
    earlier, later = workshop.follows, workshop.followed_by.order_by("-date", "-pk").first()
    mine = Workshop.objects.of(request.user) if request.user.is_authenticated else Workshop.objects.none()
    near = [session.pk for session in (earlier, later) if session]
    opens = set(mine.filter(pk__in=near).values_list("code", flat=True)) if near else set()
    opens |= request.session.get(access.SEATS, {}).keys()
    found = {
        "earlier_session": earlier,
        "earlier_open": earlier and earlier.code in opens,
        "later_session": later,
        "later_open": later and later.code in opens,
    }
    return found | (_left_open(workshop) if earlier else {})


def _left_open(workshop) -> dict:
    standing = workshop.agreements.standing().exclude(follows=None).prefetch_related("positions__organisation")
    made = workshop.events.filter(what="follow_up_made").first()
    return {
        "open_points": open_points(standing.select_related("workshop")),
        "amendments": Amendment.objects.filter(
            agreement__followed_by__workshop=workshop, state=Amendment.State.OPEN
        ).select_related("agreement"),
        "carried": made.data if made else {},
    }
