"""Back from paper: the notes of the wall, typed in row after row, and photos of it as evidence."""

from django.contrib import messages
from django.db.models import Q
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from matrix import access
from matrix.actions import agreement as actions
from matrix.actions.document import add_document
from matrix.actions.recording import Refused, Repeated
from matrix.models import Event
from matrix.paper.codes import cell_code
from matrix.paper.note_forms import NoteForm, PhotoForm, Wall, note_forms
from matrix.stages import NotNow, Stage
from matrix.views import saving
from matrix.views.frame import frame, personal_warning, warn_of_persons

JUST_ENTERED = 60  # measures in the list below the rows


def _page(request, participation, *, status=200, forms=None, photo_form=None):
    """`forms`: rows that are not stored yet; empty ones follow them."""
    workshop = participation.workshop
    wall = Wall(workshop)
    left = {form.row: form for form in forms or ()}
    first = next(iter(wall.areas), 1)
    context = frame(participation, Stage.ACT) | {
        "rows": [left.get(form.row, form) for form in note_forms(None, wall)],
        "refused": list(left.values()),
        "entered": _just_entered(participation),
        "places": list(wall.areas.items()),
        "example": cell_code("leefomgeving", first),
        "short": f"l{first}",
        "photo_form": photo_form or PhotoForm(workshop=workshop),
        "photos": workshop.documents.filter(content_type__startswith="image/").defer("content"),
        "shows": "",
    }
    return render(request, "matrix/paper_notes.html", context, status=status)


def _just_entered(participation) -> list[Event]:
    """What this person added to the matrix, newest first: each can be undone by itself."""
    added = Event.objects.filter(participation=participation, what="proposed", undone=False)
    return list(added.select_related("organisation").order_by("-revision")[:JUST_ENTERED])


@require_http_methods(["GET", "HEAD", "POST"])
def paper_notes(request, code):
    """With script a row goes by itself at Enter; without, all rows go together. Rows that are right are stored, the
    others stay with what is the matter."""
    participation = access.facilitator(request, code)
    if request.method != "POST":
        return _page(request, participation)
    wall = Wall(participation.workshop)
    forms = note_forms(request.POST, wall)
    stored = {form.row: event for form in forms if (event := _store(participation, form, wall))}
    left = [form for form in forms if form.row not in stored]
    texts = [form.cleaned_data["text"] for form in forms if form.row in stored]
    if saving.by_itself(request):
        rows = [_told(code, form, stored.get(form.row)) for form in forms]
        answer = {"state": "invalid" if left else "saved", "rows": rows, "warning": personal_warning(*texts)}
        return JsonResponse(answer, status=422 if left else 200)
    warn_of_persons(request, *texts)
    if stored:
        messages.success(request, f"{len(stored)} {'briefje' if len(stored) == 1 else 'briefjes'} ingevoerd.")
    if left:
        return _page(request, participation, status=422, forms=left)
    return redirect("paper_notes", code)


def _store(participation, form: NoteForm, wall: Wall) -> Event | None:
    """The event that stored this row, now or when it was sent before; None with the problems in the form."""
    if not form.is_valid():
        return None
    data = form.cleaned_data
    before = data["key"] and participation.workshop.events.filter(key=data["key"]).first()
    if before:
        return before
    form.warn_of_double()
    if form.errors:
        return None
    try:
        made = actions.propose(
            by=participation, framework=form.framework, areas=form.areas, title=data["text"],
            intervention=data["card"], on_behalf_of=data["organisation"], key=data["key"],
            status=data["status"] or form.fields["status"].initial,
        )  # fmt: skip
    except Repeated as repeated:
        return repeated.event
    except (Refused, NotNow) as refused:
        form.add_error(None, str(refused))
        return None
    wall.remember(made, [area.pk for area in form.areas])
    return participation.workshop.events.filter(what="proposed", data__number=made.number).latest("revision")


def _told(code, form: NoteForm, event: Event | None) -> dict:
    if event is None:
        wrong = [name for name in form.errors if name != "__all__"]
        return {"row": form.row, "problems": form.problems, "fields": wrong, "double": form.double}
    number = event.data.get("number")
    return {"row": form.row, "number": number, "undo": reverse("undo", args=[code, event.revision]),
            "address": reverse("agreement", args=[code, number])}  # fmt: skip


@require_POST
def add_photo(request, code):
    participation = access.facilitator(request, code)
    form = PhotoForm(
        request.POST, request.FILES, workshop=participation.workshop,
        too_large=getattr(request, "upload_too_large", False),
    )  # fmt: skip
    if form.is_valid():
        try:
            added = add_document(by=participation, title=_numbered(participation, form), **form.document)
        except Refused as refused:
            form.add_error("file", str(refused))
        else:
            messages.success(request, f"‘{added}’ staat bij de stukken, voor iedereen aan tafel.")
            return redirect(reverse("paper_notes", args=[code]) + "#foto")
    return _page(request, participation, status=422, photo_form=form)


def _numbered(participation, form) -> str:
    title = form.chosen_title()
    same = Q(title=title) | Q(title__startswith=f"{title}, nummer ")
    there = participation.workshop.documents.filter(same).count()
    return f"{title}, nummer {there + 1}" if there else title
