"""What a session is made of: each table, its rows in an order that is the same in every installation, and what names a
row within the session. In the order in which they are stored: what a row points to comes before it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Model, QuerySet

from matrix.models import (
    Advice,
    Agreement,
    Amendment,
    Attendance,
    Consent,
    Contribution,
    Document,
    Dot,
    DotRound,
    EmptyCell,
    Event,
    Intervention,
    Noticed,
    Organisation,
    Participation,
    PlainApproval,
    PlanVersion,
    Position,
    Progress,
    Reading,
    Remark,
    Review,
    Theme,
    Workshop,
    WorkshopArea,
)


@dataclass(frozen=True)
class Table:
    name: str
    model: type[Model]
    rows: Callable[[Workshop], QuerySet]
    keys: tuple[tuple[str, ...], ...]  # columns that name a row; when the first finds none, the next

    def named(self, instance) -> list[tuple]:
        return [(key, *(getattr(instance, column) for column in key)) for key in self.keys]


def _of(model, *order):
    return lambda workshop: model.objects.filter(workshop=workshop).order_by(*order)


def _of_agreements(model, *order, within="agreement"):
    order = order or ("organisation",)
    return lambda workshop: model.objects.filter(**{f"{within}__workshop": workshop}).order_by(
        f"{within}__number", *order
    )


def _consents(workshop):
    found = Consent.objects.filter(amendment__agreement__workshop=workshop)
    return found.order_by("amendment__agreement__number", "amendment__made_at", "organisation")


def _seated(workshop):
    """Who sits by a seat code. Facilitators sit by their account, and accounts do not travel."""
    return Participation.objects.filter(workshop=workshop, user=None).order_by("pk")


_BY_ORGANISATION = (("agreement_id", "organisation_id"),)

TABLES = (
    Table("organisations", Organisation, _of(Organisation, "pk"), (("seat_code",), ("name",))),
    Table("participations", Participation, _seated, (("joined_at", "organisation_id"),)),
    Table("areas", WorkshopArea, _of(WorkshopArea, "area__code", "area__year"), (("area_id",),)),
    Table("themes", Theme, _of(Theme, "pk"), (("stage", "title", "position"), ("stage", "title"))),
    Table(
        "interventions",
        Intervention,
        _of(Intervention, "framework", "position", "pk"),
        (("framework", "title", "organisation_id"), ("framework", "title")),
    ),
    Table("agreements", Agreement, _of(Agreement, "number"), (("number",),)),
    Table("contributions", Contribution, _of_agreements(Contribution), _BY_ORGANISATION),
    Table("positions", Position, _of_agreements(Position), _BY_ORGANISATION),
    Table("plain_approvals", PlainApproval, _of_agreements(PlainApproval), _BY_ORGANISATION),
    Table("amendments", Amendment, _of_agreements(Amendment, "made_at", "pk"), (("agreement_id", "made_at"),)),
    Table("consents", Consent, _consents, (("amendment_id", "organisation_id"),)),
    Table("advices", Advice, _of_agreements(Advice, "pk"), (("agreement_id",),)),
    Table("progress", Progress, _of_agreements(Progress, "created_at", "pk"), (("agreement_id", "created_at"),)),
    Table("noticed", Noticed, _of_agreements(Noticed), _BY_ORGANISATION),
    Table("reviews", Review, _of_agreements(Review, "pk"), (("agreement_id",),)),
    Table("dot_rounds", DotRound, _of(DotRound, "number"), (("number",),)),
    Table(
        "dots",
        Dot,
        _of_agreements(Dot, "organisation", "pk", within="round"),
        (("round_id", "ballot", "area_id", "agreement_id"),),
    ),
    Table("versions", PlanVersion, _of(PlanVersion, "number"), (("number",),)),
    Table(
        "empty_cells", EmptyCell, _of(EmptyCell, "area__code", "area__year", "framework"), (("area_id", "framework"),)
    ),
    Table("readings", Reading, _of(Reading, "area__code", "organisation"), (("area_id", "organisation_id"),)),
    Table("remarks", Remark, _of(Remark, "created_at", "pk"), (("created_at",),)),
    Table("attendances", Attendance, _of(Attendance, "organisation", "pk"), (("organisation_id", "stage"),)),
    Table("documents", Document, _of(Document, "added_at", "pk"), (("added_at", "file_name"),)),
    Table("events", Event, _of(Event, "revision"), (("revision",),)),
)
