"""Many rows at once. For tens of thousands of computed rows the making of model instances is most of the work."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice

from django.db import connection, models, transaction

BATCH = 2_000
MOST_PARAMETERS = 900  # of one statement: an old SQLite takes 999
STORING = 4_711  # the lock of `one_at_a_time`

as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def batches(items: Iterable, size: int = BATCH) -> Iterator[list]:
    items = iter(items)
    while batch := list(islice(items, size)):
        yield batch


def insert(model: type[models.Model], fields: Sequence[str], rows: Iterable[tuple], *, unique: Sequence[str] = ()):
    """Store rows, each with the values of `fields`; with `unique`, one that is there already is overwritten.

    Values are as the database takes them: JSON is text (`as_json`), a foreign key is a number. No two rows may be the
    same by `unique`. No signals, defaults or validation: for what our own code has just computed or checked. Inside the
    caller's transaction.
    """
    quote = connection.ops.quote_name
    columns = {field: quote(model._meta.get_field(field).column) for field in fields}
    # Names come from our own models, values go apart.
    into = f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(columns.values())}) VALUES "  # noqa: S608
    overwrite = ""
    if unique:
        changes = ", ".join(f"{name} = EXCLUDED.{name}" for field, name in columns.items() if field not in unique)
        overwrite = f" ON CONFLICT ({', '.join(columns[field] for field in unique)}) DO UPDATE SET {changes}"
    places = f"({', '.join(['%s'] * len(columns))})"
    with connection.cursor() as cursor:
        for batch in batches(rows, MOST_PARAMETERS // len(columns)):  # many rows a statement: half the cost of one
            cursor.execute(into + ", ".join([places] * len(batch)) + overwrite, [*chain.from_iterable(batch)])


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """A transaction in which nobody else stores an import or an edition: each replaces what it finds of the others.

    SQLite has one writer anyhow. On PostgreSQL a lock of our own (any number will do) is held until the end; sessions
    do not ask for it and go on.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [STORING])
        yield
