"""The file that is read in."""

from django import forms

from matrix.workbooks import LARGEST, MB

TOO_LARGE = f"Dit bestand is te groot: hooguit {LARGEST // MB} MB. Haal de plaatjes weg, of maak er delen van."


class SheetForm(forms.Form):
    file = forms.FileField(
        label="Werkblad", help_text="Een Excel-werkblad: de naam eindigt op .xlsx.",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        error_messages={
            "required": "Kies eerst een bestand.", "empty": "Dit bestand is leeg. Kies een ander bestand.",
            "invalid": "Kies eerst een bestand.",
        },
    )  # fmt: skip

    def __init__(self, *args, too_large=False, **kwargs):
        super().__init__(*args, **kwargs)
        if too_large:
            self.fields["file"].error_messages["required"] = TOO_LARGE
