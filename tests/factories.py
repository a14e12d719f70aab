"""Small worlds for tests: a municipality of square buurten with figures, a session on it, and its cast."""

import datetime
import json

from django.contrib.auth.models import User
from django.test import Client

from maps.computing import compute_signals
from maps.models import Area, Dataset, Observation
from matrix.access import SEATS
from matrix.actions import agreement as agreement_actions
from matrix.actions import workshop as workshop_actions
from matrix.models import Framework, Participation
from matrix.stages import Stage

STEP = 0.01


def square(column, row):
    x, y = 5 + column * STEP, 52 + row * STEP
    ring = [[x, y], [x + STEP, y], [x + STEP, y + STEP], [x, y + STEP], [x, y]]
    return json.dumps({"type": "Polygon", "coordinates": [ring]})


def municipality(code="GM9901", *, buurten=6, years=(2018, 2022), name="Testdam"):
    """Buurten in rows of ten, in the division of the last year, with figures that differ from buurt to buurt."""
    dataset = Dataset.objects.create(kind=Dataset.Kind.AREAS, file_name="proef.gpkg", source="Proef", sha256="0" * 64)
    year = years[-1]
    Area.objects.create(kind="municipality", code=code, year=year, name=name, municipality=code, dataset=dataset)
    areas = Area.objects.bulk_create(
        Area(
            kind="neighbourhood", code=f"BU{code[2:]}{i:04}", year=year, name=f"Buurt {i:03} 't Zand", municipality=code,
            district=f"WK{code[2:]}00", change=1, geometry=square(i % 10, i // 10), dataset=dataset,
            label_x=5 + (i % 10 + 0.5) * STEP, label_y=52 + (i // 10 + 0.5) * STEP,
        )
        for i in range(buurten)
    )  # fmt: skip
    scores = Dataset.objects.create(
        kind=Dataset.Kind.LEEFBAAROMETER, file_name="proef.csv", source="Proef", sha256="1" * 64, years=list(years)
    )
    Observation.objects.bulk_create(
        Observation(dataset=file, area_code=area.code, year=y, values=values(i, t))
        for i, area in enumerate(areas)
        for t, y in enumerate(years)
        for file, values in ((dataset, figures), (scores, score))
    )
    return areas


def figures(i, t):
    """Buurt i at moment t: every third grows more vulnerable."""
    worse = (i % 3 == 0) * t
    return {
        "inhabitants": 1000 + 10 * i,
        "households": 450 + i,
        "lowest_income": 35 + i % 7 + 4.0 * worse,
        "bijstand": 30 + i % 5 + 20 * worse,
        "ao": 40 + i % 4 + 10 * worse,
        "jeugdzorg": 8 + i % 3 + 2.0 * worse,
        "corporation": 20 + i,
    }


def score(i, t):
    """Every second sees more problems."""
    return {"onv": 0.05 - 0.01 * (i % 4) - 0.06 * (i % 2 == 0) * t}


def workshop(code="proef", *, municipality="GM9901", buurten=3, of=6, stage=Stage.AGREE):
    areas = globals()["municipality"](municipality, buurten=of)
    film, _ = compute_signals(year_from=2018, year_to=2022, municipality=municipality)
    user = User.objects.create_user(f"begeleider-{code}", password="geheim-genoeg-12")
    made = workshop_actions.create_workshop(
        by_user=user,
        title=f"Sessie {code}",
        date=datetime.date(2026, 11, 26),
        signal_map=film,
        areas=areas[:buurten],
    )
    made.code = code
    made.save()
    facilitator = Participation.objects.create(workshop=made, user=user, name="Begeleider")
    for name, kind in (
        ("Woonstichting", "woningcorporatie"),
        ("Gemeente", "gemeente"),
        ("Huurdersvereniging", "huurdersorganisatie"),
    ):
        workshop_actions.add_organisation(by=facilitator, name=name, kind=kind)
    workshop_actions.move(by=facilitator, stage=stage)
    made.refresh_from_db()
    return made


def join(organisation, name="Jo"):
    return workshop_actions.join(organisation=organisation, name=name)


class Cast:
    """Clients of everybody in one session, and their participations."""

    def __init__(self, workshop):
        self.workshop = workshop
        user = workshop.facilitators.get()
        self.facilitator = Client()
        self.facilitator.force_login(user)
        self.as_facilitator = Participation.objects.get(workshop=workshop, user=user)
        self.corporation, self.as_corporation = self._join("woningcorporatie")
        self.partner, self.as_partner = self._join("gemeente")
        self.tenant, self.as_tenant = self._join("huurdersorganisatie")

    def _join(self, kind):
        """Without the pages of joining, which have tests of their own: nearly every test begins with this."""
        seat = join(self.workshop.organisations.get(kind=kind))
        client = Client()
        session = client.session
        session[SEATS] = {self.workshop.code: seat.pk}
        session.save()
        return client, seat

    def propose(
        self,
        title="Samen schoonmaken",
        *,
        by=None,
        areas=None,
        framework=Framework.LIVING_ENVIRONMENT,
        **more,
    ):
        sheets = self.workshop.workshop_areas.select_related("area")
        return agreement_actions.propose(
            by=by or self.as_partner, framework=framework, title=title,
            areas=areas or [sheets.first().area], **more,
        )  # fmt: skip

    def propose_anyway(self):
        """A measure, whatever the step."""
        found = self.workshop.agreements.first()
        if found is None:
            stage = type(self.workshop).objects.get(pk=self.workshop.pk).stage
            workshop_actions.move(by=self.as_facilitator, stage=Stage.ACT)
            found = self.propose()
            type(self.workshop).objects.filter(pk=self.workshop.pk).update(stage=stage)
        return found
