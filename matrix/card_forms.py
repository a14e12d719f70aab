"""The form of a card of the catalogue, and the sheet of cards that is read in."""

from django import forms

from matrix.forms import ComparesPerField, OneLineEnd, SentOnce
from matrix.models import Framework, Intervention, Organisation
from matrix.workbooks import LARGEST, MB

LONGEST = 1000  # characters of a text


class CardForm(ComparesPerField, OneLineEnd, forms.ModelForm):
    class Meta:
        model = Intervention
        fields = [
            "framework", "title", "occasion", "approach", "effect", "lead", "legal_check", "touches_advice_right",
        ]  # fmt: skip
        labels = {
            "framework": "Handelingskader", "title": "Titel", "occasion": "Aanleiding: wanneer past dit?",
            "approach": "Interventie: wat doen we?", "effect": "Beoogd effect: wat verandert er?",
            "lead": "Wie trekt dit meestal?",
        }  # fmt: skip
        help_texts = {
            "legal_check": "Laat een jurist meekijken voordat u dit afspreekt.",
            "touches_advice_right": "De huurdersorganisatie heeft hier wettelijk adviesrecht.",
        }
        error_messages = {
            "title": {"required": "Geef de kaart een titel."},
            "occasion": {"required": "Schrijf op wanneer dit past."},
            "approach": {"required": "Schrijf op wat u doet."},
            "effect": {"required": "Schrijf op wat er dan verandert."},
        }
        widgets = {name: forms.Textarea(attrs={"rows": 3}) for name in ("occasion", "approach", "effect")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["framework"].choices = Framework.choices
        self.fields["lead"].choices = Organisation.Kind.choices
        for name in ("occasion", "approach", "effect"):
            self.fields[name] = forms.CharField(
                label=self.fields[name].label, max_length=LONGEST, widget=self.fields[name].widget,
                error_messages=self.Meta.error_messages[name],
            )  # fmt: skip
        for field in self.fields.values():
            field.show_hidden_initial = bool(self.instance.pk)

    def seen(self) -> dict:
        return {name: self.started(name) for name in self.changed_data if f"initial-{name}" in self.data}


class NewCardForm(SentOnce, CardForm):
    """The same card twice, by a second click or a connection that fell away, is one."""


class SheetForm(forms.Form):
    file = forms.FileField(label="Excelbestand", error_messages={"required": "Kies eerst een bestand."})

    def clean_file(self):
        if self.cleaned_data["file"].size > LARGEST:
            raise forms.ValidationError(f"Dit bestand is te groot: hooguit {LARGEST // MB} MB.")
        return self.cleaned_data["file"]
