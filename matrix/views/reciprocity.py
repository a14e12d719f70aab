"""Two looks across all agreements: who promises what (and who nothing), and what they do elsewhere in the city."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from maps.models import Area
from matrix import access
from matrix.audience import Audience, audience
from matrix.citywide import city_check
from matrix.models import Framework
from matrix.reciprocity import gaps, reciprocity
from matrix.stages import Stage
from matrix.views.agreement import parties
from matrix.views.agreement_list import in_order
from matrix.views.frame import frame

ALL = "alle"


def _areas(workshop) -> list[Area]:
    inside = workshop.workshop_areas.values("area")
    return list(Area.objects.filter(pk__in=inside).defer("geometry").order_by("name"))


def reciprocity_context(seen_by: Audience, framework=ALL, area=ALL) -> dict:
    workshop, areas = seen_by.workshop, _areas(seen_by.workshop)
    organisations = parties(workshop)
    made = list(workshop.agreements.promised().with_everything())
    inside = [
        agreement for agreement in made
        if (framework == ALL or agreement.framework == framework)
        and (area == ALL or any(str(one.pk) == area for one in agreement.areas.all()))
    ]  # fmt: skip
    frameworks, buurten = gaps(made, organisations, areas)
    return {
        "view": reciprocity(inside, organisations),
        "framework_gaps": frameworks,
        "area_gaps": buurten,
        "areas": areas,
        "framework": framework,
        "area": area,
        "narrowed": framework != ALL or area != ALL,
    }


@require_safe
def who_promises(request, code):
    participation = access.participant(request, code)
    framework, area = request.GET.get("kader") or ALL, request.GET.get("buurt") or ALL
    if framework not in (*Framework.values, ALL) or not (area == ALL or area.isdecimal()):
        raise Http404
    context = frame(participation, Stage.AGREE) | reciprocity_context(audience(participation), framework, area)
    return render(request, "matrix/reciprocity.html", context | {"frameworks": Framework.choices})


def city_context(seen_by: Audience) -> dict:
    standing = seen_by.workshop.agreements.standing().with_everything()
    return {"check": city_check(sorted(in_order(standing), key=lambda agreement: not agreement.is_promised))}


@require_safe
def city(request, code):
    participation = access.participant(request, code)
    context = frame(participation, Stage.AGREE) | city_context(audience(participation))
    return render(request, "matrix/city_check.html", context)
