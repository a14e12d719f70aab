"""Forms: they check what was typed and keep it. Rules about who and when are in `stages` and `actions`."""

import re

from django import forms
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from maps.models import Area, SignalMap
from matrix.models import (
    Agreement,
    Contribution,
    EmptyCell,
    Framework,
    Intervention,
    Organisation,
    Position,
    Reading,
    Workshop,
    WorkshopArea,
)

# What looks like a resident's data. Areas and organisations are recorded, never residents (AVG).
_STREETS = "straat|laan|weg|plein|hof|kade|singel|dijk|steeg|pad|gracht|park|plantsoen"
_PERSONAL = (
    (re.compile(r"\b\d{9}\b|\b\d{4}\.\d{2}\.\d{3}\b"), "een burgerservicenummer"),
    (re.compile(r"(?:\+31|\(?\b0)[\s-]?[1-9](?:[\s()-]{0,2}\d){8}\b"), "een telefoonnummer"),
    (re.compile(r"[\w.+-]+@[\w-]+\.\w+"), "een e-mailadres"),
    (
        re.compile(
            rf"\b\w[\w'’-]*(?:{_STREETS})\s+\d+\s?[a-z]?\b(?!\s*(?:woningen|huizen|jaar|procent|%))", re.IGNORECASE
        ),
        "een adres",
    ),
)


def looks_personal(text: str) -> list[str]:
    """In Dutch, what the text seems to hold of a person: a warning, never a refusal."""
    return [words for pattern, words in _PERSONAL if pattern.search(text or "")]


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **kwargs):
        super().__init__(format="%Y-%m-%d", **kwargs)


class AreaBoxes(forms.CheckboxSelectMultiple):
    """Ticks that a map can find by the code of the buurt."""

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        option["attrs"]["data-code"] = value.instance.code
        return option


class AreasField(forms.ModelMultipleChoiceField):
    widget = AreaBoxes

    def label_from_instance(self, area):
        """Two buurten of one name are told apart by their code."""
        if not hasattr(self, "_doubles"):
            names = [other.name for other in self.queryset]
            self._doubles = {name for name in names if names.count(name) > 1}
        return f"{area.name} ({area.code})" if area.name in self._doubles else area.name


class OneLineEnd:
    """Browsers send other line ends than they got, and each would count for two in the length of a text."""

    def __init__(self, data=None, *args, **kwargs):
        if data:
            values = MultiValueDict(data if hasattr(data, "getlist") else {k: [v] for k, v in data.items()})
            data = MultiValueDict({k: [str(v).replace("\r\n", "\n") for v in vs] for k, vs in values.lists()})
        super().__init__(data, *args, **kwargs)


class WorkshopForm(forms.ModelForm):
    class Meta:
        model = Workshop
        fields = ["title", "date", "place"]
        widgets = {"date": DateInput()}
        error_messages = {"title": {"required": "Geef de sessie een naam."}}


class NewWorkshopForm(WorkshopForm):
    areas = AreasField(
        Area.objects.none(), label="Buurten",
        error_messages={"required": "Kies minstens één buurt, op de kaart of in de lijst."},
    )  # fmt: skip

    def __init__(self, *args, signal_map: SignalMap, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["areas"].queryset = areas_of(signal_map)
        self.fields["date"].initial = timezone.localdate


def areas_of(signal_map: SignalMap):
    return Area.objects.filter(signals__signal_map=signal_map).defer("geometry").order_by("name")


class AreasForm(forms.Form):
    areas = AreasField(
        Area.objects.none(), label="Buurten",
        error_messages={"required": "Kies minstens één buurt."},
    )  # fmt: skip

    def __init__(self, *args, workshop, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["areas"].queryset = areas_of(workshop.signal_map)


class OrganisationForm(forms.ModelForm):
    class Meta:
        model = Organisation
        fields = ["name", "kind"]
        labels = {"name": "Naam van de organisatie", "kind": "Soort"}
        error_messages = {"kind": {"required": "Kies wat voor organisatie het is."}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", "Kies een soort"), *Organisation.Kind.choices]


class SeatForm(forms.Form):
    code = forms.CharField(label="Stoelcode", max_length=20)

    def clean_code(self):
        """As people type it: lower case, without or with another dash, with spaces."""
        signs = re.sub(r"[^A-Z0-9]", "", self.cleaned_data["code"].upper())
        return f"{signs[:4]}-{signs[4:]}"


class NameForm(forms.Form):
    name = forms.CharField(label="Uw naam", max_length=60, required=False, help_text="Mag leeg blijven.")


class SeenBefore(OneLineEnd):
    """A form for one answer of an organisation. It carries the answer that its writer started from, so that two phones
    of one organisation never overwrite each other unseen."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        told = self.instance.told if self.instance.pk else ""
        self.fields["seen"] = forms.CharField(required=False, strip=False, widget=forms.HiddenInput, initial=told)

    def _post_clean(self):
        """The action stores and checks; a form that changed the instance would hide what was there before."""


class ReadingForm(SeenBefore, forms.ModelForm):
    recognition = forms.ChoiceField(
        label="Herkent u dit?", choices=Reading.Recognition.choices, widget=forms.RadioSelect,
        error_messages={"required": "Kies een van de vier antwoorden."},
    )  # fmt: skip

    class Meta:
        model = Reading
        fields = ["recognition", "words"]
        labels = {"words": "Vertel het in uw eigen woorden"}
        widgets = {"words": forms.Textarea(attrs={"rows": 5})}


class AnalysisForm(OneLineEnd, forms.Form):
    """One field of the joint analysis: its text, and the text that the writer started from."""

    text = forms.CharField(required=False, max_length=4000, strip=False, widget=forms.Textarea(attrs={"rows": 5}))
    seen = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def __init__(self, *args, sheet: WorkshopArea, field: str, **kwargs):
        stored = getattr(sheet, field)
        super().__init__(*args, initial={"text": stored, "seen": stored}, auto_id=f"{field}-%s", **kwargs)
        self.field = field
        self.fields["text"].label = WorkshopArea._meta.get_field(field).verbose_name.capitalize()


class ProposeForm(forms.Form):
    area = forms.ModelChoiceField(
        Area.objects.none(), label="Buurt", empty_label=None, error_messages={"required": "Kies een buurt."}
    )
    framework = forms.ChoiceField(label="Handelingskader", choices=Framework.choices)
    title = forms.CharField(
        label="Wat gaan we doen?", max_length=200, required=False,
        widget=forms.TextInput(attrs={"placeholder": "Bijvoorbeeld: elke maand samen de buurt schoonmaken"}),
    )  # fmt: skip
    intervention = forms.ModelChoiceField(Intervention.objects.all(), required=False, widget=forms.HiddenInput)

    def __init__(self, *args, workshop, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = workshop_areas(workshop)

    def clean(self):
        data = super().clean()
        if not data.get("title") and data.get("intervention"):
            data["title"] = data["intervention"].title
        if not data.get("title") and "title" not in self.errors:
            self.add_error("title", "Schrijf in één regel wat u wilt gaan doen.")
        return data


def workshop_areas(workshop):
    return Area.objects.filter(pk__in=workshop.workshop_areas.values("area")).defer("geometry").order_by("name")


class EmptyCellForm(forms.ModelForm):
    class Meta:
        model = EmptyCell
        fields = ["reason"]
        labels = {"reason": "Waarom mag dit vak leeg blijven?"}
        error_messages = {"reason": {"required": "Schrijf kort waarom dit vak leeg mag blijven."}}


class AgreementForm(OneLineEnd, forms.ModelForm):
    """Reads as a sentence. Each field carries what its writer started from, so that it is saved by itself and two
    people on two fields never hinder each other."""

    class Meta:
        model = Agreement
        fields = [
            "lead", "title", "areas", "start", "end", "means", "measure", "residents_notice", "effect_elsewhere",
            "goal", "kind", "reservation", "legal_check", "touches_advice_right",
        ]  # fmt: skip
        widgets = {
            "start": DateInput(),
            "end": DateInput(),
            "areas": forms.CheckboxSelectMultiple,
            **{
                name: forms.Textarea(attrs={"rows": 2})
                for name in ("goal", "means", "measure", "residents_notice", "effect_elsewhere")
            },
        }
        error_messages = {"areas": {"required": "Kies minstens één buurt."}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        workshop = self.instance.workshop
        self.fields["lead"].queryset = workshop.organisations.all()
        self.fields["lead"].empty_label = "Nog niemand"
        self.fields["areas"].queryset = workshop_areas(workshop)
        self.fields["kind"].choices = [("", "Nog niet gekozen"), *Agreement.Kind.choices]
        for name, field in self.fields.items():
            field.show_hidden_initial = name != "areas"

    def _post_clean(self):
        """The action stores and checks; a form that changed the instance would hide what was there before."""

    def clean(self):
        data = super().clean()
        if data.get("start") and data.get("end") and data["end"] < data["start"]:
            self.add_error("end", "De einddatum ligt voor de begindatum.")
        return data

    def changes(self) -> dict:
        """Only what this writer changed."""
        changes = {name: self.cleaned_data[name] for name in self.changed_data if name in self.cleaned_data}
        if "areas" in changes and self.data.getlist("areas") == self.data.getlist("seen-areas"):
            del changes["areas"]  # another changed them since; this writer did not
        return changes

    def seen(self) -> dict:
        """What the writer started from, as `actions.agreement.edit` compares it."""
        from matrix.actions.agreement import as_plain

        started = {}
        for name in self.changed_data:
            bound = self[name]
            if name == "areas":
                started[name] = sorted(int(pk) for pk in self.data.getlist("seen-areas") if pk.isdecimal())
            else:
                raw = bound.field.hidden_widget().value_from_datadict(self.data, self.files, bound.html_initial_name)
                started[name] = as_plain(bound.field.to_python(raw))
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
                widget=forms.TextInput(attrs={"placeholder": "wat brengt deze partij zelf in?"}),
            )  # fmt: skip

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
            text = self.cleaned_data[f"brings_{o.pk}"]
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


class PositionForm(SeenBefore, forms.ModelForm):
    stance = forms.ChoiceField(
        label="Waar staat uw organisatie?", choices=Position.Stance.choices, widget=forms.RadioSelect,
        error_messages={"required": "Kies een van de vier standpunten."},
    )  # fmt: skip

    class Meta:
        model = Position
        fields = ["stance", "reason", "back_by"]
        labels = {"reason": "Reden of voorbehoud", "back_by": "Antwoord uiterlijk op"}
        help_texts = {"back_by": "Bij ‘eerst terug naar de achterban’."}
        widgets = {"reason": forms.Textarea(attrs={"rows": 3}), "back_by": DateInput()}

    def clean(self):
        data = super().clean()
        if data.get("stance") in Position.NEEDS_REASON and not data.get("reason", "").strip():
            self.add_error("reason", "Schrijf de reden erbij, dan kunnen de anderen er iets mee.")
        return data
