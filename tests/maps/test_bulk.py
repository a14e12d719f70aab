"""Storing many rows, and that two who store wait for each other."""

import threading
import time

import pytest
from django.db import connection

from maps.bulk import one_at_a_time
from maps.models import Dataset
from tests.databases import on_postgresql


@on_postgresql  # SQLite has one writer anyhow
@pytest.mark.django_db(transaction=True)
def test_who_stores_waits_for_who_was_storing():
    """The second must see what the first stored: it replaces it."""
    inside, seen = threading.Event(), []

    def second():
        inside.wait(5)
        try:
            with one_at_a_time():
                seen.append(Dataset.objects.count())
        finally:
            connection.close()

    other = threading.Thread(target=second)
    other.start()
    with one_at_a_time():
        inside.set()
        time.sleep(0.3)  # long enough for one that does not wait
        assert seen == []
        Dataset.objects.create(kind=Dataset.Kind.AREAS, file_name="proef.gpkg", source="Proef", sha256="0" * 64)
    other.join(10)
    assert seen == [1]
