"""The forms of the statutory advice: asked, given, decided. Each carries what its writer started from (`seen`)."""

from django import forms
from django.utils import timezone

from matrix import advice as rules
from matrix.forms import DateInput, OneLineEnd, SpeaksFor
from matrix.models import Advice, Organisation
from matrix.stages import Role

TENANTS = [kind for kind in Organisation.Kind if Organisation(kind=kind).role == Role.TENANT]


class AdviceForm(OneLineEnd, forms.ModelForm):
    part = ""
    seen = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = rules.told(self.instance if self.instance.pk else None, self.part)

    def _post_clean(self):
        """The action stores and checks."""


class AskForm(AdviceForm):
    part = rules.ASKED
    field_order = ["organisation", "asked_on", "due_on"]

    class Meta:
        model = Advice
        fields = ["organisation", "asked_on", "due_on"]
        labels = {"organisation": "Gevraagd aan", "asked_on": "Gevraagd op", "due_on": "Advies uiterlijk op"}
        help_texts = {"due_on": "Ten minste zes weken later. Leeg: precies zes weken."}
        widgets = {"asked_on": DateInput(), "due_on": DateInput()}

    def __init__(self, *args, workshop, **kwargs):
        super().__init__(*args, **kwargs)
        tenants = workshop.organisations.filter(kind__in=TENANTS)
        field = self.fields["organisation"]
        field.queryset, field.required, field.empty_label = tenants, True, "Kies een organisatie"
        field.error_messages = {"required": "Kies aan wie het advies is gevraagd."}
        self.fields["asked_on"].required = True
        self.fields["asked_on"].error_messages = {"required": "Vul in op welke dag het advies is gevraagd."}
        if self.instance.organisation_id is None and len(tenants) == 1:
            self.initial["organisation"] = tenants[0].pk


class GiveForm(SpeaksFor, AdviceForm):
    part = rules.GIVEN
    roles = frozenset({Role.TENANT})
    must = True
    outcome = forms.ChoiceField(
        label="Ons advies", choices=Advice.Outcome.choices, widget=forms.RadioSelect,
        error_messages={"required": "Kies een van de drie."},
    )  # fmt: skip

    class Meta:
        model = Advice
        fields = ["outcome", "text", "received_on"]
        labels = {"text": "In uw eigen woorden", "received_on": "Gegeven op"}
        widgets = {"text": forms.Textarea(attrs={"rows": 5}), "received_on": DateInput()}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["received_on"]
        field.required, field.error_messages = True, {"required": "Vul in op welke dag het advies is gegeven."}
        self.initial["received_on"] = self.instance.received_on or timezone.localdate()


class DecideForm(AdviceForm):
    part = rules.DECIDED

    class Meta:
        model = Advice
        fields = ["decided_on", "deviates", "decision"]
        labels = {
            "decided_on": "Besloten op", "decision": "Het besluit, met de redenen",
            "deviates": "Het besluit wijkt af van het advies",
        }  # fmt: skip
        help_texts = {"decision": "Wijkt het af, dan zijn de redenen verplicht."}
        widgets = {"decision": forms.Textarea(attrs={"rows": 4}), "decided_on": DateInput()}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["decided_on"]
        field.required, field.error_messages = True, {"required": "Vul in op welke dag is besloten."}
