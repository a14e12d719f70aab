"""The recurring cast: the facilitator, a partner, a tenant, and an outsider of another session who must see nothing."""

from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client

from tests import factories

SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "data"


@pytest.fixture(autouse=True)
def no_shared_cache(settings):
    settings.CACHES = settings.CACHES | {"shapes": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()


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
