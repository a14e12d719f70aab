"""What a proposal to change fixed words says, in words: the fixed text beside the proposed one. Pure."""

import datetime

from django.db.models import DateField
from django.utils.formats import date_format

from matrix.models import Agreement
from matrix.plan.comparing import LineChange

_ORDER = [field.name for field in Agreement._meta.get_fields()]


def line_changes(data: dict, *, organisations: dict[int, str], areas: dict[int, str]) -> list[LineChange]:
    """`organisations` and `areas`: names by key."""

    def words(name, value) -> str:
        field = Agreement._meta.get_field(name)
        if name == "areas":
            return ", ".join(areas.get(pk, "een andere buurt") for pk in value)
        if name == "lead":
            return organisations.get(value, "een andere organisatie") if value else ""
        if isinstance(value, bool):
            return "ja" if value else "nee"
        if isinstance(field, DateField):
            return date_format(datetime.date.fromisoformat(value), "j F Y") if value else ""
        return dict(field.choices).get(value, value or "") if field.choices else value or ""

    def label(name) -> str:
        verbose = str(Agreement._meta.get_field(name).verbose_name)
        return verbose[:1].upper() + verbose[1:]

    fields = sorted(data["after"], key=_ORDER.index)
    found = [LineChange(label(n), words(n, data["before"][n]), words(n, data["after"][n])) for n in fields]
    for pk, text in data["brought_after"].items():
        name = organisations.get(int(pk), "een andere organisatie")
        found.append(LineChange(f"Bijdrage van {name}", _brought(data["brought_before"].get(pk)), _brought(text)))
    return found


def _brought(text: str | None) -> str:
    return "doet niet mee" if text is None else text or "doet mee"
