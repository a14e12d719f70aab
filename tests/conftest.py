"""The recurring cast: the facilitator, a partner, a tenant, and an outsider of another session who must see nothing."""

from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from xdist.scheduler import LoadFileScheduling

from tests import factories

SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "data"


class OneBrowser(LoadFileScheduling):
    """A file at a time, but all that needs the browser in one process: for one site and one Chromium. Two of them at a
    time had a computer of two processors so busy that pages came too late."""

    def _split_scope(self, nodeid):
        return "tests/e2e" if nodeid.startswith("tests/e2e/") else super()._split_scope(nodeid)


@pytest.hookimpl(trylast=True)  # pytest-django puts what needs no database of its own last
def pytest_collection_modifyitems(items):
    """What takes longest first, or at the end one process waits for the other."""
    items.sort(key=lambda item: "e2e" not in item.path.parts[:-1])


def pytest_xdist_make_scheduler(config, log):
    return OneBrowser(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.fixture(autouse=True)
def no_shared_cache(settings):
    settings.CACHES = settings.CACHES | {"shapes": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """A thread of an asynchronous test keeps its connection, and PostgreSQL removes no database that is in use."""
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(autouse=True)
def keeps_its_connection(monkeypatch):
    """The live pages give their connection back; a test that undoes everything at its end still needs its one."""
    close = BaseDatabaseWrapper.close
    monkeypatch.setattr(BaseDatabaseWrapper, "close", lambda self: None if self.in_atomic_block else close(self))


@pytest.fixture
def workshop(db):
    return factories.workshop()


@pytest.fixture
def cast(workshop):
    return factories.Cast(workshop)


@pytest.fixture
def outsider(db):
    """In the room of another session."""
    other = factories.workshop(code="elders", municipality="GM9902")
    return factories.Cast(other).partner


@pytest.fixture
def stranger():
    return Client()


@pytest.fixture(scope="session")
def shared_data():
    if not SHARED.is_dir():
        pytest.skip("de echte open data staan niet naast dit project")
    return SHARED
