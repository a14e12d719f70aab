"""Many rows at once. For tens of thousands of computed rows the making of model instances is most of the work."""

import json
from collections.abc import Iterable, Sequence
from itertools import islice

from django.db import connections, models, router

BATCH = 5_000


def insert(model: type[models.Model], fields: Sequence[str], rows: Iterable[tuple]) -> None:
    """Insert rows of plain values in the order of `fields`; a JSON field takes a Python value, a foreign key a pk.

    No signals, defaults or validation: for what our own code has just computed. Inside the caller's transaction.
    """
    connection = connections[router.db_for_write(model)]
    found = [model._meta.get_field(name) for name in fields]
    as_json = [i for i, field in enumerate(found) if isinstance(field, models.JSONField)]
    quote = connection.ops.quote_name
    columns, marks = ", ".join(quote(field.column) for field in found), ", ".join(["%s"] * len(found))
    table = quote(model._meta.db_table)
    statement = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608 (names of our own models)
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

    def prepared(row: tuple) -> list:
        values = list(row)
        for i in as_json:
            values[i] = encode(values[i])
        return values

    rows = iter(rows)
    with connection.cursor() as cursor:
        while batch := [prepared(row) for row in islice(rows, BATCH)]:
            cursor.executemany(statement, batch)
