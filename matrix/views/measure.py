"""One card of the matrix: opened in its place, moved along, put in other buurten."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from matrix import access
from matrix.actions import agreement as actions
from matrix.actions.recording import Conflict, Refused
from matrix.audience import Audience, audience
from matrix.board import in_order
from matrix.forms import MeasureAreasForm, workshop_areas
from matrix.models import Agreement
from matrix.views import saving
from matrix.views.agreement import find
from matrix.views.frame import shared

ALONG = (Agreement.Status.IDEA, Agreement.Status.PROPOSAL, Agreement.Status.AGREED)


def measure_context(seen_by: Audience, number) -> dict:
    """What is stored of it now."""
    agreement = find(seen_by, number)
    return {
        "agreement": agreement,
        "areas": sorted(agreement.areas.all(), key=in_order),
        "along": [(status, status.label) for status in ALONG],
    }


@require_safe
@vary_on_headers("HX-Request")
def measure(request, code, number):
    """What opens under a card; without a script the page of the measure."""
    participation = access.participant(request, code)
    seen_by = audience(participation)
    context = shared(seen_by) | measure_context(seen_by, number)
    if not request.htmx:
        return redirect(context["agreement"])
    context["form"] = MeasureAreasForm(agreement=context["agreement"])
    return render(request, "matrix/measure.html", context)


@require_POST
def move_measure(request, code):
    """`naar` is number:status, so that one form serves all cards of the matrix."""
    participation = access.participant(request, code)
    number, _, status = request.POST.get("naar", "").partition(":")
    found = get_object_or_404(participation.workshop.agreements, number=number if number.isdecimal() else 0)
    told = f"Maatregel {found.number} is niet verplaatst."
    if status in Agreement.Status.values:
        after = actions.set_status(by=participation, agreement=found, status=status)
        told = f"{after} staat nu bij: {after.get_status_display().lower()}."
    if saving.by_itself(request):
        return saving.moved(told, saving.undo_address(participation))
    messages.success(request, told)
    home = min(found.areas.all(), key=in_order)
    return redirect(f"{reverse('board', args=[code])}?buurt={home.pk}#maatregel-{found.number}")


@require_POST
def measure_areas(request, code, number):
    """In which buurten it holds, chosen on the card."""
    participation = access.participant(request, code)
    found = find(audience(participation), number)
    form, theirs = MeasureAreasForm(request.POST, agreement=found), None
    if form.is_valid():
        data = form.cleaned_data
        try:
            actions.edit(by=participation, agreement=found, changes={"areas": data["areas"]},
                         seen={"areas": data["seen"]})  # fmt: skip
        except Conflict as other:
            chosen = workshop_areas(participation.workshop).filter(pk__in=other.current["areas"])
            theirs, now = ", ".join(map(str, chosen)), ",".join(map(str, other.current["areas"]))
            if saving.by_itself(request):
                return saving.conflict({"areas": saving.their(theirs, {"areas": chosen}, {"seen": now})})
            data = request.POST.copy()
            data["seen"] = now
            form = MeasureAreasForm(data, agreement=found)
        except Refused as refused:
            form.add_error("areas", str(refused))
        else:
            if saving.by_itself(request):
                return saving.saved({"seen": ",".join(str(area.pk) for area in sorted_by_key(data["areas"]))})
            messages.success(request, "Bewaard.")
            return redirect(found)
    if saving.by_itself(request):
        return saving.invalid(form)
    seen_by = audience(participation)
    context = shared(seen_by) | measure_context(seen_by, number) | {"form": form, "theirs": theirs}
    return render(request, "matrix/measure.html", context, status=422)


def sorted_by_key(areas):
    return sorted(areas, key=lambda area: area.pk)
