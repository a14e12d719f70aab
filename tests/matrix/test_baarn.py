"""The whole journey on real open data of Baarn: import, signals, a session on six buurten with twelve agreements, the plan."""

import re

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from maps.computing import compute_signals
from maps.importing import import_areas, import_crimes, import_indicators, import_leefbaarometer
from matrix.models import Framework, Workshop

# Nieuwe-Oosterhei, Professorenwijk, Staatsliedenwijk, Schilderswijk, Eemdal-Noord, Pr. Hendrikpark (no class: 2 of 5 figures).
BUURTEN = ("BU03080005", "BU03080101", "BU03080102", "BU03080103", "BU03080104", "BU03080201")
MEASURES = {
    Framework.LIVING_ENVIRONMENT: ("Portieken opknappen", "Elke maand samen opruimen", "Meer licht op de achterpaden"),
    Framework.SOCIAL_APPROACH: ("Een vast gezicht in de wijk", "Spreekuur in de buurtkamer", "Koffie met nieuwe buren"),
    Framework.HOUSING_USE: (
        "Kennismakingsgesprek vóór verhuur",
        "Een deel toewijzen aan leraren",
        "Woningruil makkelijker maken",
    ),
    Framework.HOUSING_PROGRAMME: ("Onderzoek naar renovatie", "Plek voor middenhuur", "Kleine woningen voor ouderen"),
}


@pytest.fixture
def session(shared_data, db, django_user_model):
    folder = shared_data / "baarn"
    import_areas(folder / "wijkenbuurten_2024.gpkg")
    for year in (2018, 2020, 2022):
        import_indicators(folder / f"kerncijfers_{year}.csv")
    import_leefbaarometer(folder / "leefbaarometer_buurten_2002_2024.csv")
    import_crimes(folder / "misdrijven_2021_2025.csv")
    film, _ = compute_signals(year_from=2018, year_to=2022, municipality="GM0308")
    facilitator = Client()
    facilitator.force_login(django_user_model.objects.create_user("b", password="geheim-genoeg-12"))
    areas = list(film.signals.filter(area__code__in=BUURTEN).values_list("area_id", flat=True))
    facilitator.post(
        reverse("new_workshop", args=[film.pk]),
        {"title": "Gebiedssessie Baarn-Oost", "date": "2026-11-26", "areas": areas},
    )
    workshop = Workshop.objects.get()
    seats = {}
    for name, kind in (
        ("Woonstichting", "woningcorporatie"),
        ("Gemeente Baarn", "gemeente"),
        ("Huurders", "huurdersorganisatie"),
    ):
        facilitator.post(reverse("add_organisation", args=[workshop.code]), {"name": name, "kind": kind})
        seats[kind] = Client()
        seats[kind].post(reverse("seat", args=[workshop.organisations.get(kind=kind).seat_code]), {"name": ""})
    return workshop, facilitator, seats


def test_from_real_files_to_a_printed_plan(session, tmp_path):
    workshop, facilitator, seats = session
    corporation, municipality, tenant = (seats[k] for k in ("woningcorporatie", "gemeente", "huurdersorganisatie"))
    at = lambda name, *args: reverse(name, args=[workshop.code, *args])  # noqa: E731

    facilitator.post(at("move"), {"stage": "duiden"})
    words = "Het is hier rustiger dan vroeger, maar 's avonds mist er toezicht."
    assert tenant.post(at("recognise", BUURTEN[0]), {"recognition": "partly", "words": words}).status_code == 302

    facilitator.post(at("move"), {"stage": "handelen"})
    areas = list(workshop.workshop_areas.values_list("area_id", flat=True))
    number = 0
    for framework, titles in MEASURES.items():
        for title in titles:
            form = {"area": areas[number % 6], "framework": framework, "title": title}
            assert municipality.post(at("propose"), form).status_code == 302
            number += 1

    facilitator.post(at("move"), {"stage": "afspreken"})
    lead = workshop.organisations.get(kind="woningcorporatie")
    for measure in workshop.agreements.all():
        form = {"title": measure.title, "initial-title": measure.title, "lead": lead.pk, "start": "2027-01-04", "end": "2027-12-31",
                "areas": [a.pk for a in measure.areas.all()], "seen-areas": [a.pk for a in measure.areas.all()]}  # fmt: skip
        assert corporation.post(at("edit_agreement", measure.number), form).status_code == 302
        corporation.post(at("set_status", measure.number), {"status": "afgesproken"})
        corporation.post(at("take_position", measure.number), {"stance": "akkoord"})
    objection = "Eerst willen wij weten wat de huur wordt."
    tenant.post(at("take_position", 10), {"stance": "niet_akkoord", "reason": objection})
    assert workshop.agreements.promised().count() == 12

    for page in ("look", "read", "board", "agreements", "plan"):
        assert facilitator.get(at(page)).status_code == 200
    target = tmp_path / "plan.pdf"
    call_command("export_plan", workshop.code, "--output", str(target))
    reader = PdfReader(target)
    text = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))
    for expected in (
        "Gebiedssessie Baarn-Oost",
        "Nieuwe-Oosterhei",
        words,
        objection,
        "Leefbaarometer 3.0",
        "Onvoldoende gegevens",
    ):
        assert expected in text
    for titles in MEASURES.values():
        assert all(title in text for title in titles)
    assert "fictief" not in text.lower()
    assert reader.trailer["/Root"]["/Lang"] == "nl"
    assert municipality.get(at("plan_pdf"))["Content-Type"] == "application/pdf"
