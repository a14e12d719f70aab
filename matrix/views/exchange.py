"""A whole session as a file: its facilitator keeps it, staff of another installation reads it in."""

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from maps.views import data_manager_required
from matrix import access
from matrix.actions.recording import Refused
from matrix.exchange import carrying
from matrix.exchange.file import BadFile
from matrix.models import Workshop
from matrix.prepare_forms import ImportForm


@require_safe
def export(request, code):
    workshop = access.facilitator(request, code).workshop
    response = HttpResponse(carrying.export(workshop), content_type="application/gzip")
    name = slugify(workshop.title)[:60] or "sessie"
    response["Content-Disposition"] = f'attachment; filename="sessie-{name}-{workshop.revision}.json.gz"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "POST"])
@data_manager_required
def import_page(request):
    form = ImportForm(
        request.POST or None, request.FILES or None, users=get_user_model().objects.filter(is_active=True),
        initial={"facilitator": request.user}, too_large=getattr(request, "upload_too_large", False),
    )  # fmt: skip
    refused = None
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            outcome = carrying.take_in(
                data["file"].read(), facilitator=data["facilitator"], as_copy=data["as_copy"],
                allowed=lambda workshop: Workshop.objects.of(request.user).filter(pk=workshop.pk).exists(),
            )  # fmt: skip
        except (BadFile, Refused) as error:
            refused = error
        else:
            messages.success(request, outcome.told)
            return redirect("home")
    status = 422 if refused or form.errors else 200
    return render(request, "matrix/import_workshop.html", {"form": form, "refused": refused}, status=status)
