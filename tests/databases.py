"""For what only one of the two databases does."""

import pytest

on_postgresql = pytest.mark.skipif(
    "__import__('django.db').db.connection.vendor != 'postgresql'", reason="gaat over PostgreSQL: make test-postgres"
)
on_sqlite = pytest.mark.skipif(
    "__import__('django.db').db.connection.vendor != 'sqlite'", reason="gaat over SQLite: make test"
)
