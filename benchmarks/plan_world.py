"""A session as large as asked, with everything that a plan can hold: for measuring and looking at the plan on paper."""

import datetime
import random

WORDS = [
    "portieken",
    "bewoners",
    "samen",
    "huismeester",
    "verlichting",
    "afval",
    "buurtkamer",
    "corporatie",
    "gemeente",
    "aanspreken",
    "groen",
    "spelen",
    "renovatie",
    "doorstroming",
    "toewijzing",
    "jongeren",
    "ouderen",
    "overlast",
    "schoonmaken",
    "gesprek",
    "achterpad",
    "plein",
    "ontmoeten",
    "toezicht",
]
PARTIES = (
    ("Woonstichting", "woningcorporatie"),
    ("Gemeente", "gemeente"),
    ("Huurdersvereniging", "huurdersorganisatie"),
    ("Bewonerscommissie Zuid", "bewonerscommissie"),
    ("Welzijn in de wijk", "welzijn"),
    ("Politie", "politie"),
)


def make_session(buurten: int, *, code: str, measures=(6, 12), seed: int = 7):
    """A made-up municipality, with all its buurten."""
    from django.db import transaction

    from tests import factories

    with transaction.atomic():
        workshop = factories.workshop(code, municipality=f"GM{9000 + buurten}", buurten=buurten, of=buurten)
    return fill(workshop, measures=measures, seed=seed)


def fill(workshop, *, measures=(6, 12), seed: int = 7):
    """`measures`: least and most for each buurt. Six of ten are agreed, one in five holds for two buurten."""
    from django.db import transaction

    from matrix.models import Workshop

    chance = random.Random(seed)
    with transaction.atomic():
        parties = _parties(workshop)
        sheets = list(workshop.workshop_areas.select_related("area"))
        _readings(workshop, sheets, parties, chance)
        _agreements(workshop, sheets, parties, measures, chance)
    return Workshop.objects.select_related("signal_map").get(pk=workshop.pk)


def text(chance, least, most) -> str:
    return " ".join(chance.choice(WORDS) for _ in range(chance.randint(least, most))).capitalize() + "."


def _parties(workshop):
    from matrix.models import Organisation

    workshop.organisations.all().delete()
    return Organisation.objects.bulk_create(
        Organisation(workshop=workshop, name=name, kind=kind, seat_code=f"{workshop.code}-{i}")
        for i, (name, kind) in enumerate(PARTIES)
    )


def _readings(workshop, sheets, parties, chance):
    from matrix.models import Reading, WorkshopArea

    for sheet in sheets:
        sheet.problem_analysis, sheet.definition_of_success = text(chance, 25, 60), text(chance, 15, 35)
    WorkshopArea.objects.bulk_update(sheets, ["problem_analysis", "definition_of_success"])
    Reading.objects.bulk_create(
        Reading(
            workshop=workshop, area=sheet.area, organisation=parties[2],
            recognition=chance.choice(("yes", "partly", "no")), words=text(chance, 15, 40),
        )
        for sheet in sheets
    )  # fmt: skip


def _agreements(workshop, sheets, parties, measures, chance):
    from matrix.models import Agreement, Contribution, Framework, Position

    areas = [sheet.area for sheet in sheets]
    made, of = [], []
    for i, area in enumerate(areas):
        for k in range(chance.randint(*measures)):
            number = len(made) + 1
            agreed = chance.random() < 0.6
            start = datetime.date(2027, chance.randint(1, 12), 1)
            made.append(
                Agreement(
                    workshop=workshop, number=number, framework=list(Framework)[k % 4],
                    title=text(chance, 4, 9)[:-1], status="afgesproken" if agreed else "voorstel",
                    lead=chance.choice(parties) if agreed else None, proposed_by=parties[1],
                    goal=text(chance, 8, 20) if agreed else "", start=start if agreed else None,
                    end=start + datetime.timedelta(days=chance.randint(200, 900)) if agreed else None,
                    means="€ 12.500 uit het fonds voor leefbaarheid" if agreed else "",
                    measure=text(chance, 5, 12) if agreed else "", residents_notice=text(chance, 6, 14) if agreed else "",
                    effect_elsewhere=text(chance, 5, 12) if agreed and chance.random() < 0.5 else "",
                    touches_advice_right=chance.random() < 0.1,
                )
            )  # fmt: skip
            of.append([area, *([areas[(i + 1) % len(areas)]] if len(areas) > 1 and chance.random() < 0.2 else [])])
    made = Agreement.objects.bulk_create(made)
    through = Agreement.areas.through
    through.objects.bulk_create(
        through(agreement=agreement, area=area) for agreement, mine in zip(made, of, strict=True) for area in mine
    )
    agreed = [agreement for agreement in made if agreement.status == "afgesproken"]
    Contribution.objects.bulk_create(
        Contribution(agreement=agreement, organisation=party, text=text(chance, 4, 9))
        for agreement in agreed
        for party in chance.sample(parties, 2)
        if party != agreement.lead
    )
    Position.objects.bulk_create(
        Position(agreement=agreement, organisation=party, stance=stance, wording=agreement.wording,
                 reason="" if stance == "akkoord" else text(chance, 6, 15))
        for agreement in agreed
        for party in parties[:5]
        for stance in [chance.choices(("akkoord", "voorbehoud", "niet_akkoord"), (12, 2, 1))[0]]
    )  # fmt: skip
