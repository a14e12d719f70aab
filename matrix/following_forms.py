"""The form of a session that looks back: it checks what was typed and keeps it."""

from django import forms

from matrix.forms import DateInput
from matrix.models import Workshop

SAME = "dezelfde"  # the map of then


def _key(choice) -> str:
    return f"{choice.year_from}-{choice.year_to}-{choice.reference}"


def _likely(maps, then) -> str:
    """A later map that compares as that of then did; without one, that of then."""
    alike = [one for one in maps if one.reference == then.reference and one.year_to > then.year_to]
    return _key(alike[0]) if alike else SAME


def a_year_later(day, today):
    """What we suggest: a year after the session, or today when that is past already."""
    try:
        later = day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        later = day.replace(year=day.year + 1, day=28)
    return max(later, today)


class FollowUpForm(forms.ModelForm):
    edition = forms.ChoiceField(
        label="Welke signaleringskaart is die van nu?", widget=forms.RadioSelect,
        help_text="Bij de terugblik staat het signaal van toen naast dat van nu.",
        error_messages={"required": "Kies een kaart.",
                        "invalid_choice": "Deze kaart is er niet meer; kies een andere."},
    )  # fmt: skip
    with_ideas = forms.BooleanField(
        label="Neem ook ideeën en voorstellen mee die nog geen afspraak zijn", required=False
    )

    class Meta:
        model = Workshop
        fields = ["title", "date", "place"]
        widgets = {"date": DateInput()}
        error_messages = {"title": {"required": "Geef de sessie een naam."}}

    def __init__(self, *args, workshop, maps, today, **kwargs):
        initial = {
            "title": f"Terugblik {workshop.title}"[:120], "place": workshop.place,
            "date": a_year_later(workshop.date, today), "edition": _likely(maps, workshop.signal_map),
        }  # fmt: skip
        super().__init__(*args, initial=initial, **kwargs)
        self.maps = {_key(choice): choice for choice in maps}
        then = workshop.signal_map
        self.fields["edition"].choices = [
            *((key, _named(choice, then)) for key, choice in self.maps.items()),
            (SAME, f"Dezelfde kaart als toen: {then.years}, {then.comparison}"),
        ]

    def chosen_map(self):
        """None: the map of then."""
        return self.maps.get(self.cleaned_data["edition"])


def _named(choice, then) -> str:
    from maps.models import SignalMap

    comparison = SignalMap(mode=choice.mode, reference=choice.reference).comparison
    goes_on = "; begint waar die van toen ophield" if choice.year_from == then.year_to else ""
    return f"{choice.years}, {comparison}{goes_on}"
