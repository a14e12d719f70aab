from django import forms

from maps import importing
from maps.models import Dataset


class UploadForm(forms.Form):
    """Which file, what is in it, and for which year or municipality if the file does not say."""

    RUN = {
        Dataset.Kind.AREAS: importing.import_areas,
        Dataset.Kind.INDICATORS: importing.import_indicators,
        Dataset.Kind.LEEFBAAROMETER: importing.import_leefbaarometer,
        Dataset.Kind.CRIMES: importing.import_crimes,
        Dataset.Kind.OWN_SIGNALS: importing.import_own_signals,
    }

    kind = forms.ChoiceField(
        label="Wat staat er in het bestand?", choices=[(k.value, k.label) for k in RUN], widget=forms.RadioSelect,
        initial=Dataset.Kind.AREAS,
        help_text="Eigen signaal: de klasse die uw corporatie zelf kreeg, met de kolommen buurtcode, klasse, bron en "
        "peiljaren (zoals 2018-2022). Iedereen in de sessie en elke begeleider ziet die klasse. Zorg dat dat mag.",
    )  # fmt: skip
    file = forms.FileField(
        label="Bestand",
        help_text="GeoPackage, GeoJSON of gezipte shapefile voor buurten; CSV of xlsx voor cijfers.",
    )
    year = forms.IntegerField(
        label="Jaar", required=False, min_value=1995, max_value=2100,
        help_text="Alleen nodig als het bestand geen kolom ‘jaar’ heeft.",
    )  # fmt: skip
    municipality = forms.RegexField(
        label="Gemeentecode", required=False, regex=r"^GM[0-9]{4}$", help_text="Bijvoorbeeld GM0308. Leeg: alles.",
        error_messages={"invalid": "Een gemeentecode is GM met vier cijfers, zoals GM0308."},
    )  # fmt: skip

    def __init__(self, *args, too_large=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.too_large = too_large

    def clean(self):
        if self.too_large:
            from django.conf import settings

            self.errors.clear()
            raise forms.ValidationError(
                f"Dit bestand is groter dan {settings.UPLOAD_LIMIT_MB} MB. Kies een kleiner bestand (bijvoorbeeld "
                "één gemeente) of vraag de beheerder het met een opdracht in te lezen."
            )
        return super().clean()

    def run(self, path, *, by) -> Dataset:
        data = self.cleaned_data
        return self.RUN[data["kind"]](
            path, year=data["year"], municipality=data["municipality"] or None, by=by, file_name=data["file"].name
        )
