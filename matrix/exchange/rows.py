"""Rows as plain data and back. A row points to another by its place in the file, to an area by code and year, and to a
card of the catalogue by its slug: keys of one database mean nothing in another."""

import base64
import datetime
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db.models import JSONField, Model

from maps.exchange import area_key, check
from maps.models import Area, SignalMap
from matrix.exchange.tables import TABLES
from matrix.models import (
    Agreement,
    Amendment,
    Event,
    Intervention,
    Organisation,
    Participation,
    Progress,
    Remark,
    Theme,
    Workshop,
)

# Do not travel: what the session hangs from, accounts, and a map that is described apart.
LEFT_OUT = (Workshop, SignalMap, get_user_model())
NAME_OF = {table.model: table.name for table in TABLES}
# In what an event replaced, these names hold keys of rows.
POINTS_TO = {
    "area": Area, "areas": Area, "lead": Organisation, "organisation": Organisation, "proposed_by": Organisation,
    "remark": Remark, "remarks": Remark, "stood_above": Remark,
    "into": Remark, "merged_into": Remark, "theme": Theme, "agreement": Agreement,
    "participation": Participation, "line": Progress,
}  # fmt: skip
# What the log keeps under keys that are themselves those of rows.
KEYED_BY = {
    "brought_before": Organisation, "brought_after": Organisation, "positions_before": Organisation,
    "positions_after": Organisation,
}  # fmt: skip
AREA_SUBJECTS = ("readings", "analysis", "board")  # subjects of the log that name a buurt by its key


def travels(field) -> bool:
    return not field.primary_key and field.related_model not in LEFT_OUT


class Leaving:
    """Turns rows into data. `places`: {model: {pk: what stands for it in the file}}."""

    def __init__(self, areas):
        slugs = dict(Intervention.objects.filter(workshop=None).values_list("pk", "slug"))
        self.places: dict[type[Model], dict] = {Area: {a.pk: area_key(a) for a in areas}, Intervention: slugs}

    def table(self, table, workshop) -> list[dict]:
        instances = list(table.rows(workshop))
        self.places.setdefault(table.model, {}).update({instance.pk: place for place, instance in enumerate(instances)})
        return [self.row(instance) for instance in instances]

    def row(self, instance) -> dict:
        row = {
            field.name: self._value(field, getattr(instance, field.attname))
            for field in instance._meta.concrete_fields
            if travels(field)
        }
        if isinstance(instance, Agreement):
            row["areas"] = sorted(self.places[Area][area.pk] for area in instance.areas.defer("geometry"))
        if isinstance(instance, Event | Amendment):
            row["data"] = self._data(row["data"])
        if isinstance(instance, Event):
            row["subjects"] = [self._subject(subject) for subject in row["subjects"]]
        return row

    def _value(self, field, value):
        if value is None:
            return None
        if field.is_relation:  # of a facilitator's participation there is none
            return self.places[field.related_model].get(value)
        if isinstance(value, datetime.datetime):
            return value.astimezone(datetime.UTC).isoformat()
        if isinstance(value, datetime.date | datetime.time):
            return value.isoformat()
        if isinstance(value, bytes | memoryview):
            return base64.b64encode(value).decode()
        return str(value) if isinstance(value, UUID) else value

    def _data(self, data, model=None):
        if isinstance(data, dict):
            return {
                key: self._keyed(value, KEYED_BY[key]) if key in KEYED_BY else self._data(value, POINTS_TO.get(key))
                for key, value in data.items()
            }
        if isinstance(data, list):
            return [self._data(value, model) for value in data]
        if model and isinstance(data, int) and not isinstance(data, bool):
            return {"@": [NAME_OF.get(model, "area"), self.places[model].get(data)]}
        return data

    def _keyed(self, data: dict, model) -> dict:
        """By place instead of key; what went away since is left out."""
        places = self.places[model]
        return {str(places[int(pk)]): value for pk, value in data.items() if int(pk) in places}

    def _subject(self, subject: str) -> str:
        name, _, rest = subject.partition("/")
        pk, slash, more = rest.partition("/")
        if name in AREA_SUBJECTS and pk.isdecimal():
            return f"{name}/{self.places[Area].get(int(pk), '')}{slash}{more}"
        return subject


class Arriving:
    """Turns data into instances that are not stored yet. `pks`: {name of a table: [pk by place]}."""

    def __init__(self, areas: dict[str, int]):
        self._areas = areas
        self._slugs = dict(Intervention.objects.filter(workshop=None).values_list("slug", "pk"))
        self.pks: dict[str, list[int]] = {}

    def instance(self, model, row: dict):
        """Without what other rows of its own table it points to: those may come later."""
        instance = model()
        for field in model._meta.concrete_fields:
            if travels(field) and field.related_model is not model:
                setattr(instance, field.attname, self._value(field, row[field.name]))
        if model in (Event, Amendment):
            instance.data = self._data(instance.data)
        if model is Event:
            instance.subjects = [self._subject(subject) for subject in instance.subjects]
        check(instance)
        return instance

    def area_pks(self, keys: list[str]) -> list[int]:
        return [self._areas[key] for key in keys]

    def _value(self, field, value):
        if value is None or isinstance(field, JSONField):
            return value
        if field.related_model is Area:
            return self._areas[value]
        if field.related_model is Intervention and isinstance(value, str):
            return self._slugs.get(value)  # a card that this installation does not have
        if field.is_relation:
            return self._pk(NAME_OF[field.related_model], value)
        found = field.to_python(value)
        return bytes(found) if isinstance(found, memoryview) else found

    def _pk(self, name: str, place: int) -> int:
        if place < 0:
            raise IndexError(place)
        return self.pks[name][place]

    def _data(self, data):
        if isinstance(data, list):
            return [self._data(value) for value in data]
        if not isinstance(data, dict):
            return data
        if set(data) == {"@"}:
            name, place = data["@"]
            if place is None:
                return None
            return self._areas[place] if name == "area" else self._pk(name, place)
        return {
            key: {str(self._pk(NAME_OF[KEYED_BY[key]], int(place))): text for place, text in value.items()}
            if key in KEYED_BY
            else self._data(value)
            for key, value in data.items()
        }

    def _subject(self, subject: str) -> str:
        name, _, rest = subject.partition("/")
        key, slash, more = rest.partition("/")
        return f"{name}/{self._areas[key]}{slash}{more}" if key in self._areas else subject
