import pytest

from tests.maps.division_world import World


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)
