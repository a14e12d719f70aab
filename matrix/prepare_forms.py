"""Forms of the facilitator's preparation: they check what was typed and keep it."""

from django import forms

from matrix.agenda import minutes_of, steps, usual_minutes
from matrix.filetypes import ACCEPT, KINDS, MB, MOST_EACH, WrongFile, clean_name, content_type_of
from matrix.forms import DateInput, OneLineEnd
from matrix.models import Organisation, Workshop
from matrix.preparation import usual_partners

LONGEST_STEP = 600  # minutes


class AgendaForm(forms.Form):
    start_time = forms.TimeField(
        label="Begint om", required=False, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"invalid": "Typ een tijd als 19:30."},
    )  # fmt: skip

    def __init__(self, *args, workshop, **kwargs):
        super().__init__(*args, initial={"start_time": workshop.start_time}, **kwargs)
        self.workshop = workshop
        for info in steps(workshop):
            wrong = f"Vul bij {info.stage.label} een aantal minuten in van 0 tot en met {LONGEST_STEP}."
            self.fields[f"minutes_{info.stage}"] = forms.IntegerField(
                label=info.stage.label, min_value=0, max_value=LONGEST_STEP, initial=minutes_of(workshop, info),
                error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong),
            )  # fmt: skip

    def steps(self):
        return [(info, self[f"minutes_{info.stage}"]) for info in steps(self.workshop)]

    def minutes(self) -> dict[str, int]:
        """Only what differs from usual, so that another suggestion later reaches sessions that kept it."""
        found = {info: self.cleaned_data[f"minutes_{info.stage}"] for info in steps(self.workshop)}
        return {info.stage.value: n for info, n in found.items() if n != usual_minutes(self.workshop, info)}


class InvitationForm(OneLineEnd, forms.ModelForm):
    class Meta:
        model = Workshop
        fields = ["invitation"]
        labels = {"invitation": "Uw eigen woorden"}
        help_texts = {"invitation": "Waarom deze sessie, en wat u van de mensen vraagt. De rest staat er vanzelf bij."}
        widgets = {"invitation": forms.Textarea(attrs={"rows": 6})}


class SeatsForm(forms.ModelForm):
    class Meta:
        model = Workshop
        fields = ["seats_until"]
        labels = {"seats_until": "Stoelcodes werken tot en met"}
        help_texts = {"seats_until": "Leeg: zonder einddatum."}
        widgets = {"seats_until": DateInput()}


class FacilitatorForm(forms.Form):
    username = forms.CharField(
        label="Gebruikersnaam van uw collega", max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": "Vul de gebruikersnaam in waarmee uw collega inlogt."},
    )  # fmt: skip


class RenameForm(forms.ModelForm):
    class Meta:
        model = Organisation
        fields = ["name"]
        labels = {"name": "Naam van de organisatie"}
        error_messages = {"name": {"required": "Vul een naam in."}}


class UsualPartnersForm(forms.Form):
    """The parties that usually sit at the table and are not there yet; an empty name is left out."""

    def __init__(self, *args, workshop, municipality: str, **kwargs):
        super().__init__(*args, **kwargs)
        present = {organisation.kind for organisation in workshop.organisations.all()}
        for kind, name in usual_partners(municipality, present):
            self.fields[kind] = forms.CharField(
                label=Organisation.Kind(kind).label, initial=name[:80], max_length=80, required=False
            )

    def partners(self) -> list[tuple[str, str]]:
        return [(kind, name) for kind, name in self.cleaned_data.items() if name]


class DocumentForm(forms.Form):
    file = forms.FileField(
        label="Bestand",
        help_text=f"Een {KINDS}, hooguit {MOST_EACH // MB} MB.",
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
        error_messages={
            "required": "Kies eerst een bestand.",
            "empty": "Dit bestand is leeg. Kies een ander bestand.",
            "invalid": "Kies eerst een bestand.",
        },
    )
    title = forms.CharField(
        label="Titel", max_length=120, required=False, help_text="Leeg: de naam van het bestand."
    )  # fmt: skip

    def __init__(self, *args, too_large=False, **kwargs):
        super().__init__(*args, **kwargs)
        if too_large:
            self.fields["file"].error_messages["required"] = TOO_LARGE

    def clean_file(self):
        """Sets `document`: what is stored of the file."""
        file = self.cleaned_data["file"]
        if file.size > MOST_EACH:
            raise forms.ValidationError(TOO_LARGE)
        name, content = clean_name(file.name), file.read()
        try:
            content_type = content_type_of(name, content)
        except WrongFile as wrong:
            raise forms.ValidationError(str(wrong)) from None
        self.document = {"file_name": name, "content_type": content_type, "content": content}
        return file

    def chosen_title(self) -> str:
        return self.cleaned_data["title"] or self.document["file_name"].rpartition(".")[0][:120] or "Zonder titel"


TOO_LARGE = f"Dit bestand is te groot: hooguit {MOST_EACH // MB} MB. Maak het kleiner, of deel het in stukken."


class DuplicateForm(forms.ModelForm):
    class Meta:
        model = Workshop
        fields = ["title", "date", "place"]
        widgets = {"date": DateInput()}
        error_messages = {"title": {"required": "Geef de sessie een naam."}}


class ImportForm(forms.Form):
    file = forms.FileField(
        label="Bestand", help_text="De naam eindigt op .json.gz.",
        widget=forms.ClearableFileInput(attrs={"accept": ".gz"}),
        error_messages={"required": "Kies eerst een bestand.", "empty": "Dit bestand is leeg. Kies een ander bestand."},
    )  # fmt: skip
    facilitator = forms.ModelChoiceField(
        None, label="Wie begeleidt de sessie hier?", empty_label=None,
        error_messages={"required": "Kies wie de sessie begeleidt."},
    )  # fmt: skip
    as_copy = forms.BooleanField(
        label="Lees in als kopie", required=False,
        help_text="Als tweede sessie naast de sessie die hier al is, met nieuwe stoelcodes.",
    )  # fmt: skip

    def __init__(self, *args, users, too_large=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["facilitator"].queryset = users
        if too_large:
            self.fields["file"].error_messages["required"] = (
                "Dit bestand is te groot. Gebruik de opdracht op de server."
            )
