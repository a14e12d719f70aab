"""What the facilitator chooses per piece of paper. They come by GET: the address of a piece says all that is in it."""

from django import forms

from matrix.forms import workshop_areas
from matrix.models import Framework
from matrix.paper.sheets import SIZES

FILLED, BLANK = "vol", "leeg"


class SizeField(forms.ChoiceField):
    def __init__(self):
        super().__init__(label="Papier", choices=[(size.key, size.label) for size in SIZES.values()], initial="a3")


class MatrixForm(forms.Form):
    size = SizeField()
    fill = forms.ChoiceField(
        label="Wat staat erin?", initial=FILLED,
        choices=[(FILLED, "Wat er nu in de matrix staat"), (BLANK, "Alleen de codes: plek voor briefjes")],
    )  # fmt: skip

    def __init__(self, *args, workshop, **kwargs):
        super().__init__(*args, auto_id="matrix-%s", **kwargs)


class MapForm(forms.Form):
    size = SizeField()

    def __init__(self, *args, workshop, **kwargs):
        super().__init__(*args, auto_id="kaart-%s", **kwargs)


class WorksheetForm(forms.Form):
    area = forms.ModelChoiceField(None, label="Buurt", required=False, empty_label="Alle buurten, elk op een blad")

    def __init__(self, *args, workshop, **kwargs):
        super().__init__(*args, auto_id="werkblad-%s", **kwargs)
        self.fields["area"].queryset = workshop_areas(workshop)


class CardsForm(forms.Form):
    frameworks = forms.MultipleChoiceField(
        label="Handelingskaders", choices=Framework.choices, initial=list(Framework.values),
        widget=forms.CheckboxSelectMultiple, error_messages={"required": "Kies minstens één handelingskader."},
    )  # fmt: skip

    def __init__(self, *args, workshop, **kwargs):
        super().__init__(*args, auto_id="kaarten-%s", **kwargs)


MOST_BLANK = 25
_COUNT = f"Kies een aantal van 1 tot en met {MOST_BLANK}."


class BlankCardsForm(forms.Form):
    count = forms.IntegerField(
        label="Hoeveel bladen?", min_value=1, max_value=MOST_BLANK, initial=3, help_text="Vier kaartjes op een blad.",
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), _COUNT),
    )  # fmt: skip

    def __init__(self, *args, workshop, **kwargs):
        super().__init__(*args, auto_id="leeg-%s", **kwargs)
