"""The forms of one agreement: its sentence, what each party brings, where a party stands, and its plain words."""

from django import forms

from matrix.forms import TOO_LONG, ComparesPerField, DateInput, OneLineEnd, SeenBefore, SpeaksFor, uncut, workshop_areas
from matrix.models import Agreement, Contribution, Position


def _one_line(text: str) -> str:
    """Of a box that grows with its text, in which somebody pressed Enter."""
    return " ".join(text.splitlines())


class PlainWordsForm(OneLineEnd, forms.Form):
    text = forms.CharField(
        label="In gewone taal", required=False, max_length=2000, strip=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Zo kort dat een buurtbewoner het in één keer begrijpt.",
    )  # fmt: skip
    seen = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def __init__(self, *args, agreement, **kwargs):
        stored = agreement.plain_words
        super().__init__(*args, initial={"text": stored, "seen": stored}, auto_id="gewoon-%s", **kwargs)


class AgreementForm(ComparesPerField, OneLineEnd, forms.ModelForm):
    """Reads as a sentence."""

    class Meta:
        model = Agreement
        fields = [
            "lead", "title", "areas", "start", "end", "means", "measure", "residents_notice", "elsewhere",
            "effect_elsewhere", "asked_elsewhere", "compensation", "goal", "kind", "reservation", "legal_check",
            "touches_advice_right",
        ]  # fmt: skip
        widgets = {
            "start": DateInput(),
            "end": DateInput(),
            "areas": forms.CheckboxSelectMultiple,
            **{
                name: forms.Textarea(attrs={"rows": 2})
                for name in ("goal", "means", "measure", "residents_notice", "effect_elsewhere", "compensation")
            },
            **{name: forms.Textarea(attrs={"rows": 1}) for name in ("title", "asked_elsewhere", "reservation")},
        }
        error_messages = {
            "title": {"required": "Schrijf in één regel wat er gebeurt."},
            "areas": {"required": "Kies minstens één buurt."},
            "lead": {"invalid_choice": "Deze organisatie zit niet meer aan tafel. Kies een andere trekker."},
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        workshop = self.instance.workshop
        self.fields["lead"].queryset = workshop.organisations.all()
        self.fields["lead"].empty_label = "Nog niemand"
        self.fields["areas"].queryset = workshop_areas(workshop)
        self.fields["kind"].choices = [("", "Nog niet gekozen"), *Agreement.Kind.choices]
        self.fields["elsewhere"].choices = [("", "Nog niet bekeken"), *Agreement.Elsewhere.choices]
        for name, field in self.fields.items():
            field.show_hidden_initial = name != "areas"

    def clean_title(self):
        return _one_line(self.cleaned_data["title"])

    def clean_asked_elsewhere(self):
        return _one_line(self.cleaned_data["asked_elsewhere"])

    def clean_reservation(self):
        return _one_line(self.cleaned_data["reservation"])

    def clean(self):
        data = super().clean()
        if data.get("start") and data.get("end") and data["end"] < data["start"]:
            self.add_error("end", "De einddatum ligt voor de begindatum.")
        return data

    def changes(self) -> dict:
        changes = super().changes()
        if "areas" in changes and self.data.getlist("areas") == self.data.getlist("seen-areas"):
            del changes["areas"]  # another changed them since; this writer did not
        return changes

    def seen(self) -> dict:
        """What the writer started from, as `actions.agreement.edit` compares it."""
        from matrix.actions.agreement import as_plain

        started = {name: as_plain(self.started(name)) for name in self.changed_data if name != "areas"}
        if "areas" in self.changed_data:
            started["areas"] = sorted(int(pk) for pk in self.data.getlist("seen-areas") if pk.isdecimal())
        return started


class ContributionForm(forms.Form):
    """One line a party: does it take part, and what does it bring?"""

    def __init__(self, *args, agreement, **kwargs):
        super().__init__(*args, **kwargs)
        stored = {c.organisation_id: c.text for c in agreement.contributions.all()}
        self.organisations = list(agreement.workshop.organisations.all())
        for organisation in self.organisations:
            self.fields[f"takes_part_{organisation.pk}"] = forms.BooleanField(
                label=organisation.name,
                required=False,
                initial=organisation.pk in stored,
                show_hidden_initial=True,
            )
            self.fields[f"brings_{organisation.pk}"] = forms.CharField(
                label=f"Eigen bijdrage van {organisation.name}", required=False,
                initial=stored.get(organisation.pk, ""), show_hidden_initial=True,
                max_length=Contribution._meta.get_field("text").max_length,
                widget=forms.Textarea(attrs={"rows": 1, "dir": "auto", "placeholder": "wat brengt deze partij in?"}),
                error_messages={"max_length": TOO_LONG},
            )  # fmt: skip
            uncut(self.fields[f"brings_{organisation.pk}"])

    def clean(self):
        """A party that left meanwhile has no line any more: what was typed for it is told, not dropped."""
        data = super().clean()
        for name, text in self.data.items():
            gone = name.startswith("brings_") and name not in self.fields and text.strip()
            if gone and text != self.data.get(f"initial-{name}", ""):
                self.add_error(
                    None,
                    f"De organisatie van deze bijdrage zit niet meer aan tafel: ‘{text}’. Zet de tekst bij een ander.",
                )
        return data

    def rows(self):
        return [(o, self[f"takes_part_{o.pk}"], self[f"brings_{o.pk}"]) for o in self.organisations]

    def _touched(self):
        return [
            o for o in self.organisations
            if {f"takes_part_{o.pk}", f"brings_{o.pk}"}.intersection(self.changed_data)
        ]  # fmt: skip

    def contributions(self) -> dict:
        """{organisation: text, or None when it takes no part} of the lines that this writer touched. Who types a
        contribution takes part."""
        found = {}
        for o in self._touched():
            text = _one_line(self.cleaned_data[f"brings_{o.pk}"])
            typed = bool(text) and f"brings_{o.pk}" in self.changed_data
            found[o] = text if typed or self.cleaned_data[f"takes_part_{o.pk}"] else None
        return found

    def seen(self) -> dict:
        """What the writer started from, of the same lines."""
        started = {}
        for o in self._touched():
            took_part = self.data.get(f"initial-takes_part_{o.pk}") == "True"
            started[o] = self.data.get(f"initial-brings_{o.pk}", "") if took_part else None
        return started


class StanceForm(SeenBefore, SpeaksFor, forms.ModelForm):
    """Where an organisation stands: on an agreement, or on a change of one."""

    must = True
    stance = forms.ChoiceField(
        choices=Position.Stance.choices, widget=forms.RadioSelect,
        error_messages={"required": "Kies een van de vier standpunten."},
    )  # fmt: skip

    class Meta:
        fields = ["stance", "reason", "back_by"]
        labels = {"reason": "Reden of voorbehoud", "back_by": "Antwoord uiterlijk op"}
        help_texts = {"back_by": "Bij ‘eerst terug naar de achterban’."}
        widgets = {"reason": forms.Textarea(attrs={"rows": 3}), "back_by": DateInput()}

    def clean(self):
        data = super().clean()
        if data.get("stance") in Position.NEEDS_REASON and not data.get("reason", "").strip():
            self.add_error("reason", "Schrijf de reden erbij, dan kunnen de anderen er iets mee.")
        return data


class PositionForm(StanceForm):
    class Meta(StanceForm.Meta):
        model = Position
        fields = [*StanceForm.Meta.fields, "note"]
        help_texts = StanceForm.Meta.help_texts | {
            "note": "Hoe en wanneer kreeg u dit antwoord? Bijvoorbeeld: op papier, 3 december.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["stance"].label = "Waar staat uw organisatie?"
        if "on_behalf_of" not in self.fields:
            del self.fields["note"]  # who speaks for themselves needs none
