"""The signal map without a workshop: for who prepares a session. Everything here asks for a login."""

import contextlib
import tempfile
from pathlib import Path

from django.contrib import messages
from django.contrib.auth.decorators import login_required, user_passes_test
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST, require_safe

from maps.computing import CannotCompute, compute_signals, years_with_figures
from maps.exporting import signals_csv
from maps.forms import ComputeForm, UploadForm
from maps.geojson import feature_collection, outlines
from maps.importing import ImportRefused
from maps.models import Area, Dataset, Signal, SignalMap
from maps.showing import municipality_of, show, show_area


def data_manager_required(view):
    """Who may replace the figures that everybody uses: staff. Others see a page that says so."""

    def check(user):
        if user.is_authenticated and not user.is_staff:
            raise PermissionDenied
        return user.is_authenticated

    return user_passes_test(check)(view)


@require_safe
@login_required
def index(request):
    """Every municipality that was imported, with how many buurten and which editions."""
    counts = dict(
        Area.objects.neighbourhoods().values_list("municipality").annotate(n=Count("code", distinct=True)).order_by()
    )
    computed = set(SignalMap.objects.current().films().values_list("municipality", flat=True).distinct())
    names = dict(Area.objects.municipalities().order_by("year").values_list("code", "name"))
    words = request.GET.get("zoek", "").strip()
    municipalities = [
        {"code": code, "name": name, "count": counts.get(code, 0), "computed": code in computed}
        for code, name in sorted(names.items(), key=lambda item: item[1])
        if words.lower() in name.lower() or words.upper() == code
    ]
    return render(request, "maps/index.html", {"municipalities": municipalities, "words": words, "total": len(names)})


def _municipality_or_404(code) -> Area:
    area = Area.objects.municipalities().filter(code=code).order_by("-year").first()
    if area is None:
        raise Http404
    return area


def _edition(code, query) -> SignalMap | None:
    """The edition that the address names, else the newest film."""
    editions = SignalMap.objects.of_municipality(code)
    if query.get("editie", "").isdecimal():
        return get_object_or_404(editions, pk=query["editie"])
    return editions.current().films().order_by("-computed_at").first()


@require_safe
@login_required
def signal_map(request, code):
    municipality = _municipality_or_404(code)
    edition = _edition(code, request.GET)
    context = {
        "municipality": municipality,
        "edition": edition,
        "editions": SignalMap.objects.current().of_municipality(code),
        "years": years_with_figures(code),
        "form": ComputeForm(years=years_with_figures(code)),
    }
    if edition:
        context["shown"] = show(edition)
    return render(request, "maps/signal_map.html", context)


@require_GET
@login_required
def signals_geojson(request, pk):
    edition = get_object_or_404(SignalMap, pk=pk)
    signals = Signal.objects.of(edition).for_map()
    body = feature_collection(signals, municipality=municipality_of(edition).plain_name)
    return HttpResponse(body, content_type="application/geo+json")


@require_GET
@login_required
def signals_table(request, pk):
    """The same signals as a CSV file, as `export_signals` writes it."""
    edition = get_object_or_404(SignalMap, pk=pk)
    response = HttpResponse(signals_csv([edition]), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = (
        f'attachment; filename="signalen-{edition.municipality}-{edition.year_from}-{edition.year_to}.csv"'
    )
    return response


@require_GET
@login_required
def outlines_geojson(request, code):
    """The newest shapes of a municipality, to pick buurten from before there is a signal."""
    municipality = _municipality_or_404(code)
    areas = Area.objects.neighbourhoods().in_municipality(code).in_division(municipality.year).for_map()
    return HttpResponse(outlines(areas), content_type="application/geo+json")


@require_safe
@login_required
def area(request, pk, code):
    """One buurt: as a panel beside the map (htmx) or as a page."""
    edition = get_object_or_404(SignalMap, pk=pk)
    signal = get_object_or_404(Signal.objects.of(edition).for_map(), area__code=code)
    municipality = municipality_of(edition)
    template = "components/area_panel.html" if request.htmx else "maps/area.html"
    return render(request, template, {"detail": show_area(signal, municipality), "municipality": municipality})


@require_POST
@data_manager_required
def compute(request, code):
    municipality = _municipality_or_404(code)
    form = ComputeForm(request.POST, years=years_with_figures(code))
    if form.is_valid():
        try:
            film, _ = compute_signals(municipality=code, **form.cleaned_data)
        except CannotCompute as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"De kaart van {municipality} over {film.years} is berekend.")
            return redirect(f"{request.path.removesuffix('berekenen/')}?editie={film.pk}")
    context = {"municipality": municipality, "form": form, "years": years_with_figures(code)}
    context["editions"] = SignalMap.objects.current().of_municipality(code)
    context["edition"] = edition = _edition(code, {})
    context["shown"] = edition and show(edition)
    return render(request, "maps/signal_map.html", context, status=422)


@require_safe
@data_manager_required
def datasets(request):
    return render(
        request, "maps/datasets.html", {"datasets": Dataset.objects.select_related("imported_by"), "form": UploadForm()}
    )


@require_POST
@data_manager_required
def upload(request):
    """The same importers as the commands; every problem is shown, and nothing of a bad file is stored."""
    form = UploadForm(request.POST, request.FILES, too_large=getattr(request, "upload_too_large", False))
    refused = None
    if form.is_valid():
        with _on_disk(form.cleaned_data["file"]) as path:
            try:
                dataset = form.run(path, by=request.user)
            except ImportRefused as error:
                refused = error
            else:
                messages.success(request, f"Ingelezen: {dataset}. {' '.join(dataset.notes)}")
                return redirect("datasets")
    context = {"datasets": Dataset.objects.select_related("imported_by"), "form": form, "refused": refused}
    return render(request, "maps/datasets.html", context, status=422)


@contextlib.contextmanager
def _on_disk(uploaded):
    """The upload under its own suffix in a folder of its own: the readers tell kinds by it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"bestand{Path(uploaded.name).suffix.lower()[:10]}"
        with path.open("wb") as target:
            for chunk in uploaded.chunks():
                target.write(chunk)
        yield path
