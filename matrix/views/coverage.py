"""Dekking: which frameworks each buurt has, as an overview that renews itself row by row."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from maps.arranging import sort_from
from matrix import access
from matrix.audience import Audience, audience
from matrix.board import build_board
from matrix.coverage import SORTS, cover, in_order
from matrix.models import Framework
from matrix.stages import Stage
from matrix.views.covering import COLUMNS, classes_of, covered_of, totals
from matrix.views.frame import frame


def coverage_context(seen_by: Audience, query=None) -> dict:
    covered = covered_of(seen_by.workshop)
    sort, descending = sort_from(query or {}, SORTS)
    return {
        "covered": in_order(covered, sort, descending),
        "frameworks": list(Framework),
        "columns": COLUMNS,
        "sort": sort,
        "descending": descending,
        **totals(covered),
    }


def covered_context(seen_by: Audience, area_pk) -> dict:
    """One buurt: a live change renders this and nothing more."""
    workshop = seen_by.workshop
    sheet = workshop.workshop_areas.select_related("area").defer("area__geometry").filter(area=area_pk).first()
    if sheet is None:
        raise Http404
    inside = workshop.agreements.standing().filter(areas=area_pk).for_cards()
    board = build_board([sheet.area], inside, workshop.empty_cells.filter(area=area_pk))
    return {"one": cover(board, classes_of(workshop, [sheet.area_id]))[0]}


@require_safe
def coverage(request, code):
    participation = access.participant(request, code)
    context = frame(participation, Stage.ACT) | coverage_context(audience(participation), request.GET)
    return render(request, "matrix/coverage.html", context | {"shows": "coverage"})
