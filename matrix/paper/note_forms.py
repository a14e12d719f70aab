"""Notes that come back from the wall: one small form a row, checked against the codes that were printed."""

from collections import defaultdict

from django import forms

from matrix.forms import TOO_LONG, OneLineEnd, SentOnce
from matrix.models import Agreement, Framework, Intervention
from matrix.paper.codes import CodeError, card_code, numbers, parse_card, parse_cells
from matrix.prepare_forms import DocumentForm

ROWS = 40
Status = Agreement.Status


class Wall:
    """What the notes of a session are checked against, fetched once for all rows."""

    def __init__(self, workshop):
        sheets = list(workshop.workshop_areas.select_related("area").defer("area__geometry"))
        areas = {sheet.area_id: sheet.area for sheet in sheets}
        self.areas = {number: areas[pk] for pk, number in sorted(numbers(sheets).items(), key=lambda pair: pair[1])}
        self.cards = {card_code(card): card for card in Intervention.objects.at(workshop)}
        self.organisations = {str(o.pk): o for o in workshop.organisations.all()}
        self.there = defaultdict(dict)  # (framework, area pk) -> {title without capitals and spaces: number}
        for agreement in workshop.agreements.standing().prefetch_related("areas"):
            self.remember(agreement, [area.pk for area in agreement.areas.all()])

    def remember(self, agreement, area_pks) -> None:
        for pk in area_pks:
            self.there[str(agreement.framework), pk].setdefault(_plain(agreement.title), agreement.number)

    def standing(self, framework, areas, title) -> int | None:
        """The number of a measure with these words in one of these cells."""
        found = (self.there[str(framework), area.pk].get(_plain(title)) for area in areas)
        return next((number for number in found if number), None)

    @property
    def choices(self):
        return [("", "niemand in het bijzonder"), *((pk, o.name) for pk, o in self.organisations.items())]


def _plain(title: str) -> str:
    return " ".join(title.casefold().split()).rstrip(".!")


class NoteForm(OneLineEnd, SentOnce):
    code = forms.CharField(
        label="Vak", max_length=40, error_messages={"required": "Typ de code van het vak, zoals L-03."}
    )
    text = forms.CharField(label="Wat er op het briefje staat", max_length=200, required=False)
    organisation = forms.ChoiceField(label="Namens", required=False)
    status = forms.ChoiceField(
        label="Status", choices=[(s.value, s.label) for s in (Status.IDEA, Status.PROPOSAL)], required=False,
        initial=Status.IDEA,
    )  # fmt: skip
    card = forms.CharField(label="Kaart", max_length=20, required=False)
    again = forms.BooleanField(label="Toch invoeren", required=False)

    def __init__(self, data=None, *, row: int, wall: Wall):
        self.row, self.wall, self.double = row, wall, False
        super().__init__(data, prefix=f"r{row}", use_required_attribute=False)
        self.fields["organisation"].choices = wall.choices
        for field in self.fields.values():
            field.widget.attrs |= {"aria-label": f"Rij {row}: {field.label}"}
        self.fields["code"].widget.attrs |= {
            "autocomplete": "off",
            "autocapitalize": "characters",
            "spellcheck": "false",
        }
        self.fields["card"].widget.attrs |= {"autocomplete": "off", "inputmode": "numeric"}
        self.fields["text"].widget.attrs |= {"autocomplete": "off"}
        self.fields["text"].error_messages["max_length"] = TOO_LONG

    @property
    def is_empty(self) -> bool:
        """Nobody typed in this row."""
        typed = (self.data.get(self.add_prefix(name), "") for name in ("code", "text", "card"))
        return not any(value.strip() for value in typed)

    @property
    def problems(self) -> list[str]:
        return [message for messages in self.errors.values() for message in messages]

    def clean_code(self):
        try:
            framework, found = parse_cells(self.cleaned_data["code"])
        except CodeError as error:
            raise forms.ValidationError(str(error)) from None
        if missing := [number for number in found if number not in self.wall.areas]:
            known = list(self.wall.areas)
            raise forms.ValidationError(
                f"Buurt {missing[0]} is er niet. De nummers lopen van {known[0]} tot en met {known[-1]}."
            )
        self.framework, self.areas = framework, [self.wall.areas[number] for number in found]
        return self.cleaned_data["code"]

    def clean_organisation(self):
        return self.wall.organisations.get(self.cleaned_data["organisation"])

    def clean_card(self) -> Intervention | None:
        if not (typed := self.cleaned_data["card"]):
            return None
        try:
            code = parse_card(typed)
        except CodeError as error:
            raise forms.ValidationError(str(error)) from None
        if code not in self.wall.cards:
            raise forms.ValidationError(f"Kaart {code} bestaat niet. Kijk nog eens op de kaart.")
        return self.wall.cards[code]

    def clean(self):
        data = super().clean()
        self._card_in_text(data)
        card, framework = data.get("card"), getattr(self, "framework", None)
        if card and framework and card.framework != framework:
            self.add_error("card", f"Kaart {card_code(card)} hoort bij {card.get_framework_display()}, en dit vak bij "
                           f"{Framework(framework).label}.")  # fmt: skip
        data["text"] = " ".join(data.get("text", "").split()) or (card.title if card else "")
        if not data["text"] and not self.errors.keys() & {"text", "card"}:
            self.add_error("text", "Schrijf wat er op het briefje staat, of typ het nummer van de kaart.")
        return data

    def _card_in_text(self, data) -> None:
        """The number of a card alone, typed where the words go: who enters fifty notes does not look for a column."""
        try:
            code = parse_card(data.get("text", ""))
        except CodeError:
            return
        card = self.wall.cards.get(code)
        if card is None:
            self.add_error("text", f"Kaart {code} bestaat niet. Kijk nog eens op de kaart, of schrijf wat er op het "
                           "briefje staat.")  # fmt: skip
        elif data.get("card") not in (None, card):
            self.add_error("text", f"Hier staat kaart {code}, en bij Kaart een andere. Laat er één staan.")
        elif "card" not in self.errors:
            data["card"], data["text"] = card, ""

    def warn_of_double(self) -> None:
        """Told once: with a tick it is stored all the same."""
        data = self.cleaned_data
        if data["again"] or (number := self.wall.standing(self.framework, self.areas, data["text"])) is None:
            return
        self.double = True
        self.add_error("again", f"Staat er al, als {number}. Zet een vinkje bij ‘toch invoeren’ als het een ander is.")


def note_forms(data, wall: Wall) -> list[NoteForm]:
    """A form per row; of what was sent the rows in which something was typed."""
    if data is None:
        return [NoteForm(row=row, wall=wall) for row in range(1, ROWS + 1)]
    every = (NoteForm(data, row=row, wall=wall) for row in range(1, ROWS + 1) if f"r{row}-code" in data)
    return [form for form in every if not form.is_empty]


class PhotoForm(DocumentForm):
    """Evidence of what hung on the wall. Without `capture`: then a phone offers its camera and its photos both."""

    of = forms.ChoiceField(label="Waarvan is de foto?")

    def __init__(self, *args, workshop, **kwargs):
        super().__init__(*args, auto_id="foto-%s", **kwargs)
        del self.fields["title"]
        file = self.fields["file"]
        file.label, file.help_text = "Foto", "Een jpg of png, hooguit 10 MB."
        file.widget.attrs["accept"] = "image/jpeg,image/png"
        names = workshop.workshop_areas.order_by("area__name").values_list("area__name", flat=True)
        sheets = ["De matrix aan de muur", "De signaleringskaart aan de muur", *(f"Werkblad {name}" for name in names)]
        self.fields["of"].choices = [(name[:100], name) for name in [*sheets, "Losse briefjes en kaarten"]]
        self.order_fields(["of", "file"])

    def clean_file(self):
        file = super().clean_file()
        if not self.document["content_type"].startswith("image/"):
            raise forms.ValidationError("Dit is geen foto. Kies een jpg of png.")
        return file

    def chosen_title(self) -> str:
        return f"Foto: {self.cleaned_data['of']}"
