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


def session(title="Proefsessie", stage="handelen", parties=PARTIES, measures=()):
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
    for measure in measures:
        propose(made.code, measure)
    return describe(made.code)


def propose(code, title):
    from matrix.actions import agreement as actions
    from matrix.models import Workshop

    workshop = Workshop.objects.get(code=code)
    facilitator = workshop.participations.get(organisation=None)
    first = workshop.workshop_areas.first().area
    return actions.propose(by=facilitator, framework="leefomgeving", areas=[first], title=title).number


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
        "buurten": {s.area.name: {"code": s.area.code, "pk": s.area_id} for s in sheets},
    }


def main():
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "veerkracht_site.settings")
    django.setup()
    from django.db import connection

    known = {"session": session, "propose": propose, "describe": describe}
    for line in sys.stdin:
        what, details = json.loads(line)
        print(json.dumps(known[what](**details)), flush=True)
        connection.close()


if __name__ == "__main__":
    main()
