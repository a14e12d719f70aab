"""The signal map without a workshop: for who prepares a session. Everything here asks for a login."""

import contextlib
import tempfile
from pathlib import Path
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required, user_passes_test
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from maps.choices import as_query, from_query, offer, usual_foto
from maps.computing import CannotCompute, Choice, compute_choices, current_edition
from maps.forms import UploadForm
from maps.geojson import feature_collection
from maps.importing import ImportRefused
from maps.models import Area, Dataset, Signal, SignalMap
from maps.overview import Overview
from maps.pages import drawing, map_context, table_file
from maps.payload import buurten, buurten_answer, municipalities_answer, version_of
from maps.showing import municipality_of, show_area


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
    """Every municipality that was imported: first the country, then one of them."""
    overview = Overview.of(request.GET)
    sorts = [("naam", "Gemeente", False), ("buurten", "Buurten", True)]
    if overview.edition:
        sorts.append(("aandeel", "Dubbele druk", True))
    context = {"overview": overview, "sorts": sorts, "version": version_of(Overview.areas())}
    return render(request, "maps/index.html", context)


@require_POST
@data_manager_required
def compare(request):
    """Compute the newest foto of every municipality against the Netherlands, so that the country has colours."""
    choice = usual_foto(SignalMap.Reference.COUNTRY)
    try:
        editions = compute_choices([choice]) if choice else []
    except CannotCompute as error:
        messages.error(request, str(error))
    else:
        if editions:
            count = f"{len(editions)} gemeente{'' if len(editions) == 1 else 'n'}"
            messages.success(request, f"De foto van {editions[0].years} is berekend voor {count}.")
        else:
            messages.error(request, "Er zijn nog geen cijfers ingelezen.")
    return redirect("municipalities")


@require_GET
@login_required
def municipality_shapes(request):
    """Outlines of the municipalities, for the map of the country."""
    return municipalities_answer(request, Overview.areas())


def _municipality_or_404(code) -> Area:
    area = Area.objects.municipalities().filter(code=code).order_by("-year").first()
    if area is None:
        raise Http404
    return area


@require_safe
@login_required
@vary_on_headers("HX-Request")  # or Back shows the part that a script asked for
def signal_map(request, code):
    """The map that the address asks for, or the nearest that the figures carry, and why."""
    municipality = _municipality_or_404(code)
    context = {"municipality": municipality} | _map(municipality, request.GET)
    template = "maps/signal_map.html#map" if request.htmx and context["edition"] else "maps/signal_map.html"
    return render(request, template, context)


@require_safe
@login_required
def print_map(request, code):
    """The same map for a printer: drawn by us, in letters and hatches, with the table under it."""
    municipality = _municipality_or_404(code)
    context = {"municipality": municipality} | _map(municipality, request.GET)
    if not context["edition"]:
        return redirect("signal_map", code)
    visible = {row.code for row in context["rows"] if row.visible}
    context["drawing"] = drawing(context["shown"], municipality, only=visible)
    return render(request, "maps/print.html", context)


KEPT = ("klasse", "wijk", "zoek", "sorteer")  # goes along to paper


def _map(municipality: Area, query) -> dict:
    offered = offer(municipality.code)
    edition, objection, instead = _asked_edition(municipality, query, offered)
    context = {"edition": edition, "years": offered.years, "objection": objection}
    context["instead"] = [(choice.years, urlencode(as_query(choice))) for choice in instead]
    if edition is None:
        return context
    choice = Choice(edition.mode, edition.year_from, edition.year_to, edition.reference)
    names = as_query(choice)
    context |= {
        "film_choice": choice if choice.is_film else offered.default(SignalMap.Mode.FILM),
        "foto_choice": choice if not choice.is_film else offered.default(SignalMap.Mode.FOTO),
        "kept": list(names.items()),
        "print_address": urlencode(names | {key: query[key] for key in KEPT if query.get(key)}),
        "files": [
            *((kind, reverse("signals_file", args=[edition.pk, kind])) for kind in ("csv", "xlsx")),
            ("geojson (alle buurten)", reverse("signals_geojson", args=[edition.pk])),
        ],
    }
    return context | map_context(
        edition,
        query,
        shapes=reverse("shapes", args=[edition.municipality, edition.division]),
        panel=reverse("map_area", args=[edition.pk, "BU"]),
    )


def _asked_edition(municipality: Area, query, offered) -> tuple[SignalMap | None, str, tuple[Choice, ...]]:
    """The edition, what to say of the choice, and what could be chosen instead. `editie` names one that is kept, as
    that of a session is."""
    if query.get("editie", "").isdecimal():
        kept = SignalMap.objects.of_municipality(municipality.code)
        return get_object_or_404(kept, pk=int(query["editie"][:9])), "", ()
    asked = from_query(query, offered)
    if asked.choice is None:
        return None, asked.objection, asked.instead
    try:
        edition = current_edition(municipality.code, asked.choice)
    except CannotCompute as error:
        return None, str(error), asked.instead
    return edition, asked.objection, asked.instead


@require_GET
@login_required
def signals_geojson(request, pk):
    edition = get_object_or_404(SignalMap, pk=pk)
    signals = Signal.objects.of(edition).for_map()
    body = feature_collection(signals, municipality=municipality_of(edition).plain_name)
    return HttpResponse(body, content_type="application/geo+json")


@require_GET
@login_required
def signals_file(request, pk, kind):
    """The table as it is shown, as CSV or xlsx."""
    return table_file(get_object_or_404(SignalMap, pk=pk), request.GET, kind)


@require_GET
@login_required
def shapes(request, code, year):
    """The buurten of a municipality in the division of one year, for a map in the browser."""
    if not buurten(code, year).exists():
        raise Http404
    return buurten_answer(request, code, year)


@require_safe
@login_required
@vary_on_headers("HX-Request")
def area(request, pk, code):
    """One buurt: as a panel beside the map (htmx) or as a page."""
    edition = get_object_or_404(SignalMap, pk=pk)
    signal = get_object_or_404(Signal.objects.of(edition).for_map(), area__code=code)
    municipality = municipality_of(edition)
    template = "components/area_panel.html" if request.htmx else "maps/area.html"
    return render(request, template, {"detail": show_area(signal, municipality), "municipality": municipality})


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
