"""Forms: they check what was typed and keep it. Rules about who and when are in `stages` and `actions`."""

import re
from uuid import uuid4

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from maps.models import Area, SignalMap
from matrix.models import (
    Agreement,
    EmptyCell,
    Framework,
    Intervention,
    Organisation,
    Reading,
    Remark,
    Workshop,
    WorkshopArea,
)
from matrix.stages import WRITE_FIRST, Right, Role

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


def uncut(field) -> None:
    """A browser cuts what is pasted without a word; the form says how much too long it is, and keeps it."""
    field.widget.attrs.pop("maxlength", None)


class OneLineEnd:
    """For words: browsers send other line ends than they got, and each would count for two in the length of a text. And
    a text runs the way its own letters run."""

    def __init__(self, data=None, *args, **kwargs):
        if data:
            values = MultiValueDict(data if hasattr(data, "getlist") else {k: [v] for k, v in data.items()})
            data = MultiValueDict({k: [str(v).replace("\r\n", "\n") for v in vs] for k, vs in values.lists()})
        super().__init__(data, *args, **kwargs)
        for field in self.fields.values():
            if isinstance(field.widget, forms.Textarea | forms.TextInput):
                field.widget.attrs.setdefault("dir", "auto")
                uncut(field)
            for check in field.validators:
                if isinstance(check, MaxLengthValidator) and "max_length" not in field.error_messages:
                    check.message = TOO_LONG


class WorkshopForm(forms.ModelForm):
    class Meta:
        model = Workshop
        fields = ["title", "date", "place"]
        widgets = {"date": DateInput()}
        error_messages = {"title": {"required": "Geef de sessie een naam."}}


TOO_LONG = "Dit is te lang: hooguit %(limit_value)d tekens, en dit zijn er %(show_value)d. Kort het in."


class ComparesPerField:
    """A form of a model in which each field carries what its writer started from (`initial-<name>`), so that it is
    saved by itself and two people on two fields never hinder each other."""

    def _post_clean(self):
        """The action stores and checks; a form that changed the instance would hide what was there before."""

    def changes(self) -> dict:
        """Only what this writer changed."""
        return {name: self.cleaned_data[name] for name in self.changed_data if name in self.cleaned_data}

    def started(self, name):
        """What the writer of this field started from."""
        bound = self[name]
        raw = bound.field.hidden_widget().value_from_datadict(self.data, self.files, bound.html_initial_name)
        return bound.field.to_python(raw)


class DescribeForm(ComparesPerField, WorkshopForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.show_hidden_initial = True

    def seen(self) -> dict:
        return {name: self.started(name) for name in self.changed_data if f"initial-{name}" in self.data}


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


class SpeaksFor(forms.Form):
    """For who leads the session: in whose name is this entered? Others speak for their own organisation."""

    on_behalf_of = forms.ModelChoiceField(
        Organisation.objects.none(), label="Namens", required=False, empty_label="mijzelf, als begeleider",
        help_text="Voor wie geen telefoon heeft. Het komt er bij te staan.",
    )  # fmt: skip

    roles = frozenset({Role.PARTNER, Role.TENANT})  # for which it can be entered
    must = False  # the facilitator has no voice of their own here

    def __init__(self, *args, seen_by, **kwargs):
        super().__init__(*args, **kwargs)
        if not seen_by.may(Right.ON_BEHALF):
            del self.fields["on_behalf_of"]
            return
        field = self.fields["on_behalf_of"]
        kinds = [kind for kind in Organisation.Kind if Organisation(kind=kind).role in self.roles]
        field.queryset = seen_by.workshop.organisations.filter(kind__in=kinds)
        if self.must:
            field.required, field.empty_label = True, "Kies een organisatie"
            field.error_messages = {"required": "Kies namens wie u dit invoert."}


class SeenBefore(OneLineEnd):
    """A form for one answer of an organisation. It carries the answer that its writer started from, so that two phones
    of one organisation never overwrite each other unseen."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        told = self.instance.told if self.instance.pk else ""
        self.fields["seen"] = forms.CharField(required=False, strip=False, widget=forms.HiddenInput, initial=told)

    def _post_clean(self):
        """The action stores and checks; a form that changed the instance would hide what was there before."""


class ReadingForm(SeenBefore, SpeaksFor, forms.ModelForm):
    roles = frozenset({Role.TENANT})
    must = True
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


class SentOnce(forms.Form):
    """Carries a key of its own: the same form twice, by a second click or a connection that fell away, counts once."""

    key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid4


class RemarkForm(OneLineEnd, SpeaksFor, SentOnce):
    text = forms.CharField(
        label="Wat valt u op?", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": "Schrijf eerst iets op.",
            "max_length": "Dit is te lang: hooguit %(limit_value)d tekens, en dit zijn er %(show_value)d. Maak er twee "
            "opmerkingen van, of kort het in.",
        },
    )  # fmt: skip
    area = forms.ModelChoiceField(
        Area.objects.none(), label="Over welke buurt?", required=False, empty_label="over het hele gebied"
    )

    def __init__(self, *args, seen_by, **kwargs):
        super().__init__(*args, seen_by=seen_by, **kwargs)
        self.fields["area"].queryset = workshop_areas(seen_by.workshop)
        self.order_fields(["text", "area", "on_behalf_of"])


class RewriteForm(OneLineEnd, forms.Form):
    """Other words for one's remark, with the words that the writer started from."""

    text = forms.CharField(
        label="Uw opmerking", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Een lege opmerking kan niet. Intrekken kan wel."},
    )  # fmt: skip
    seen = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)


class ThemeForm(forms.Form):
    stage = forms.ChoiceField(choices=[(stage, stage.label) for stage in WRITE_FIRST], widget=forms.HiddenInput)
    title = forms.CharField(label="Nieuw thema", max_length=80, error_messages={"required": "Geef het thema een naam."})


class AnswerForm(OneLineEnd, forms.Form):
    """What happens with a remark."""

    verdict = forms.ChoiceField(
        label="Wat doen we hiermee?", choices=[*Remark.Answer.choices, ("", "Nog geen antwoord")], required=False,
        widget=forms.RadioSelect,
    )  # fmt: skip
    agreement = forms.ModelChoiceField(
        Agreement.objects.none(), label="Opgepakt bij deze maatregel", required=False, empty_label="een andere plek"
    )
    text = forms.CharField(
        label="Toelichting", max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Waar is het opgepakt? Of waarom niet?",
    )  # fmt: skip

    def __init__(self, data, *args, remark, **kwargs):
        initial = {"verdict": remark.answer, "agreement": remark.agreement_id, "text": remark.answer_text}
        super().__init__(data, *args, initial=initial, **kwargs)
        self.fields["agreement"].queryset = remark.workshop.agreements.standing()


class ProposeForm(SpeaksFor, SentOnce):
    area = forms.ModelChoiceField(
        Area.objects.none(), label="Buurt", empty_label=None, error_messages={"required": "Kies een buurt."}
    )
    framework = forms.ChoiceField(label="Handelingskader", choices=Framework.choices)
    title = forms.CharField(
        label="Wat gaan we doen?", max_length=200, required=False,
        widget=forms.TextInput(attrs={"placeholder": "Bijvoorbeeld: elke maand samen de buurt schoonmaken"}),
    )  # fmt: skip
    also = AreasField(
        Area.objects.none(),
        label="Ook in",
        required=False,
        help_text="Een maatregel voor meer buurten staat er één keer.",
    )
    intervention = forms.ModelChoiceField(Intervention.objects.none(), required=False, widget=forms.HiddenInput)

    def __init__(self, *args, seen_by, **kwargs):
        super().__init__(*args, seen_by=seen_by, **kwargs)
        self.fields["area"].queryset = workshop_areas(seen_by.workshop)
        self.fields["also"].queryset = workshop_areas(seen_by.workshop)
        self.fields["intervention"].queryset = Intervention.objects.at(seen_by.workshop)

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
    """With the reason that its writer started from: two people at one cell never overwrite each other unseen."""

    seen = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = self.instance.reason

    def _post_clean(self):
        """The action stores and checks; a form that changed the instance would hide what was there before."""

    class Meta:
        model = EmptyCell
        fields = ["reason"]
        labels = {"reason": "Waarom mag dit vak leeg blijven?"}
        error_messages = {"reason": {"required": "Schrijf kort waarom dit vak leeg mag blijven."}}


class MeasureAreasForm(forms.Form):
    """In which buurten a measure holds, with those that its writer started from."""

    areas = AreasField(Area.objects.none(), label="Buurten", error_messages={"required": "Kies minstens één buurt."})
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, *, agreement):
        now = sorted(area.pk for area in agreement.areas.all())
        super().__init__(
            data, auto_id=f"buurten-{agreement.number}-%s", initial={"areas": now, "seen": ",".join(map(str, now))}
        )
        self.fields["areas"].queryset = workshop_areas(agreement.workshop)

    def clean_seen(self):
        return [int(pk) for pk in self.cleaned_data["seen"].split(",") if pk.isdecimal()]
