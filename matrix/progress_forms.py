"""Forms of the year after: a line of progress, and what came of an agreement."""

from django import forms
from django.utils import timezone

from matrix.forms import DateInput, OneLineEnd, SentOnce
from matrix.progress import REPORTED


class ReportForm(OneLineEnd, SentOnce):
    status = forms.ChoiceField(
        label="Hoe ver is het?", choices=list(REPORTED.items()), widget=forms.RadioSelect,
        error_messages={"required": "Kies hoe ver het is."},
    )  # fmt: skip
    percent = forms.IntegerField(
        label="Hoeveel is gedaan, in procenten", required=False, min_value=0, max_value=100,
        help_text="Een schatting is genoeg. Leeg laten mag.",
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), "Vul een heel getal in van 0 tot en met 100, of laat het leeg."
        ),
    )  # fmt: skip
    note = forms.CharField(
        label="Wat is er gebeurd?", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Iedereen aan tafel leest dit. Noem geen bewoners.",
    )  # fmt: skip
    on = forms.DateField(
        label="Op welke dag?", widget=DateInput(),
        error_messages={"required": "Vul een dag in.", "invalid": "Vul een dag in."},
    )  # fmt: skip

    def __init__(self, data=None, *args, agreement, **kwargs):
        status = agreement.status if agreement.status in REPORTED else None
        super().__init__(data, *args, initial={"status": status, "on": timezone.localdate()}, **kwargs)
