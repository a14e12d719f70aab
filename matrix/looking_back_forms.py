"""Forms of the looking back: what was done, what residents notice, and how to go on."""

from django import forms

from matrix.forms import ComparesPerField, OneLineEnd, SeenBefore, SpeaksFor
from matrix.models import Noticed, Reading, Review
from matrix.stages import Role


class DoneForm(ComparesPerField, OneLineEnd, forms.ModelForm):
    done = forms.ChoiceField(
        label="Is het gedaan?", choices=Review.Done.choices, widget=forms.RadioSelect, required=False,
        show_hidden_initial=True,
    )  # fmt: skip

    class Meta:
        model = Review
        fields = ["done", "words"]
        widgets = {"words": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="gedaan-%s", **kwargs)
        self.fields["words"].show_hidden_initial = True
        self.fields["words"].required = False

    def seen(self) -> dict:
        return {name: self.started(name) for name in self.changed_data}


class NoticedForm(SeenBefore, SpeaksFor, forms.ModelForm):
    roles = frozenset({Role.TENANT})
    must = True
    answer = forms.ChoiceField(
        label="Merken bewoners er iets van?", choices=Reading.Recognition.choices, widget=forms.RadioSelect,
        error_messages={"required": "Kies een van de vier antwoorden."},
    )  # fmt: skip

    class Meta:
        model = Noticed
        fields = ["answer", "words"]
        labels = {"words": "Vertel het in uw eigen woorden"}
        widgets = {"words": forms.Textarea(attrs={"rows": 5})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="gemerkt-%s", **kwargs)


class DecideForm(OneLineEnd, forms.Form):
    decision = forms.ChoiceField(
        label="Hoe verder?", choices=Review.Decision.choices, widget=forms.RadioSelect,
        error_messages={"required": "Kies: doorgaan, bijstellen of stoppen."},
    )  # fmt: skip
    reason = forms.CharField(
        label="Waarom?", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Nodig bij bijstellen en stoppen.",
    )  # fmt: skip
    seen = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def __init__(self, data=None, *args, review: Review, **kwargs):
        initial = {"decision": review.decision or None, "reason": review.reason, "seen": review.decided}
        super().__init__(data, *args, initial=initial, auto_id="verder-%s", **kwargs)
