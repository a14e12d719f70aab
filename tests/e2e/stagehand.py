"""Makes sessions on the demo municipality through the ordinary actions, in a process beside the server.

Reads one line of JSON, [what, details], and answers with one; runs until its input ends. See installation.Stagehand.
"""

import datetime
import json
import os
import sys

PARTIES = (
    ("Woonstichting De Veenplas", "woningcorporatie"),
    ("Gemeente Merelveen", "gemeente"),
    ("Huurdersvereniging Samen", "huurdersorganisatie"),
)
BUURTEN = ("Vogelbuurt", "De Hoven", "'t Zand")


def session(title="Proefsessie", stage="handelen", parties=PARTIES, measures=(), answered=False):
    """A session at this step with its parties, and measures of the municipality in the first buurt."""
    from django.contrib.auth import get_user_model

    from demo.loading import CODE, USERNAME
    from maps.models import Area
    from matrix.actions import workshop as actions
    from matrix.models import Participation, Workshop
    from matrix.stages import Stage

    edition = Workshop.objects.get(code=CODE).signal_map
    user = get_user_model().objects.get(username=USERNAME)
    areas = list(Area.objects.filter(signals__signal_map=edition, name__in=BUURTEN).order_by("name"))
    made = actions.create_workshop(
        by_user=user, title=title, date=datetime.date(2026, 11, 26), signal_map=edition, areas=areas
    )
    by = Participation.objects.create(workshop=made, user=user, name=user.get_full_name())
    for name, kind in parties:
        actions.add_organisation(by=by, name=name, kind=kind)
    actions.move(by=by, stage=Stage(stage))
    if answered:
        made.workshop_areas.update(went_on_without_tenants=True)
    for measure in measures:
        propose(made.code, measure)
    return describe(made.code)


def real_session(title, municipality, folder, figures, years, parties, buurten):
    """A session on imported open data: the files in `folder`, the film of `years`, the buurten by name."""
    from pathlib import Path

    from django.contrib.auth import get_user_model

    from demo.loading import USERNAME
    from maps.computing import compute_signals
    from maps.importing import import_areas, import_indicators, import_leefbaarometer
    from matrix.actions import workshop as actions
    from matrix.models import Participation

    files = Path(folder)
    import_areas(next(files.glob("wijkenbuurten_*.gpkg")))
    for year in figures:
        import_indicators(files / f"kerncijfers_{year}.csv")
    import_leefbaarometer(next(files.glob("leefbaarometer_*.csv")))
    film, _ = compute_signals(year_from=years[0], year_to=years[1], municipality=municipality)
    user = get_user_model().objects.get(username=USERNAME)
    areas = [signal.area for signal in film.signals.select_related("area") if signal.area.name in buurten]
    made = actions.create_workshop(
        by_user=user, title=title, date=datetime.date(2026, 11, 26), signal_map=film, areas=areas
    )
    by = Participation.objects.create(workshop=made, user=user, name=user.get_full_name())
    for name, kind in parties:
        actions.add_organisation(by=by, name=name, kind=kind)
    return describe(made.code)


def propose(code, title):
    from matrix.actions import agreement as actions
    from matrix.models import Workshop

    workshop = Workshop.objects.get(code=code)
    facilitator = workshop.participations.get(organisation=None)
    first = workshop.workshop_areas.first().area
    return actions.propose(by=facilitator, framework="leefomgeving", areas=[first], title=title).number


def agreed(code, title):
    """A promise with an objection of the tenants, at Vaststellen."""
    from matrix.actions import agreement as actions
    from matrix.actions import workshop as workshops
    from matrix.models import Workshop

    number = propose(code, title)
    workshop = Workshop.objects.get(code=code)
    facilitator = workshop.participations.get(organisation=None)
    agreement = workshop.agreements.get(number=number)
    actions.set_status(by=facilitator, agreement=agreement, status="afgesproken")
    workshops.move(by=facilitator, stage="afspreken")
    tenants = workshop.organisations.get(kind="huurdersorganisatie")
    actions.take_position(
        by=facilitator, agreement=agreement, stance="niet_akkoord", reason="Te weinig.", on_behalf_of=tenants
    )
    workshops.move(by=facilitator, stage="vaststellen")
    return number


def fixed(code, title):
    """The same, fixed as version 1, with a change of it that lies open."""
    from matrix.actions import amending
    from matrix.actions.freezing import freeze
    from matrix.models import Workshop

    number = agreed(code, title)
    workshop = Workshop.objects.get(code=code)
    facilitator = workshop.participations.get(organisation=None)
    freeze(by=facilitator)
    agreement = workshop.agreements.get(number=number)
    amending.propose_change(
        by=facilitator, agreement=agreement, changes={"means": "€ 2.000 van de gemeente"}, seen={"means": ""},
        reason="Het geld was nog niet genoemd.",
    )  # fmt: skip
    return number


def describe(code):
    """What a test needs to find its way: addresses and seat codes."""
    from matrix.models import Workshop

    workshop = Workshop.objects.get(code=code)
    sheets = workshop.workshop_areas.select_related("area")
    return {
        "code": code,
        "title": workshop.title,
        "edition": workshop.signal_map_id,
        "seats": {o.kind: o.seat_code for o in workshop.organisations.all()},
        "beamer": workshop.beamer_code,
        "remark": workshop.remarks.values_list("pk", flat=True).first(),
        "absent": workshop.organisations.filter(participations=None).values_list("pk", flat=True).first(),
        "buurten": {s.area.name: {"code": s.area.code, "pk": s.area_id} for s in sheets},
    }


def main():
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "veerkracht_site.settings")
    django.setup()
    from django.db import connection

    made = (session, real_session, propose, describe, agreed, fixed)
    known = {function.__name__: function for function in made}
    for line in sys.stdin:
        what, details = json.loads(line)
        print(json.dumps(known[what](**details)), flush=True)
        connection.close()


if __name__ == "__main__":
    main()
