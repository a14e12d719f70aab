"""Forms of fixing and changing what was fixed."""

from django import forms

from matrix.agreement_forms import StanceForm
from matrix.forms import OneLineEnd, SentOnce
from matrix.models import Amendment, Consent, PlanVersion


class ReasonForm(OneLineEnd, SentOnce):
    """Beside the sentence of the agreement itself: why it should read differently."""

    reason = forms.CharField(
        label="Waarom wilt u dit wijzigen?", max_length=Amendment._meta.get_field("reason").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="De andere partijen lezen dit voordat zij zeggen of zij instemmen.",
        error_messages={"required": "Schrijf waarom u dit wilt wijzigen."},
    )  # fmt: skip
    lapses = forms.BooleanField(label="De afspraak geheel laten vervallen", required=False)


class ConsentForm(StanceForm):
    """As a position, about the proposed words."""

    class Meta(StanceForm.Meta):
        model = Consent

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["stance"].label = "Waar staat uw organisatie bij deze wijziging?"


class NoteForm(OneLineEnd, forms.Form):
    """Fixing the plan: what it carries along, and the fingerprint of what the facilitator looked at."""

    note = forms.CharField(
        label="Toelichting bij deze versie", required=False,
        max_length=PlanVersion._meta.get_field("note").max_length, help_text="Mag leeg blijven.",
    )  # fmt: skip
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
