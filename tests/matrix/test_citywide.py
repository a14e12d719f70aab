"""The city-wide check: what a measure does elsewhere."""

from types import SimpleNamespace

import pytest

from matrix.citywide import Elsewhere, city_check


def measure(elsewhere="", effect="", asked="", compensation=""):
    return SimpleNamespace(
        elsewhere=elsewhere, effect_elsewhere=effect, asked_elsewhere=asked, compensation=compensation
    )


@pytest.mark.parametrize(
    ("agreement", "state", "is_open"),
    [
        (measure(), "", False),
        (measure("geen"), "geen", False),
        (measure("wel"), "wel", True),
        (measure("wel", "Zuid krijgt meer instroom"), "wel", True),
        (measure("wel", "Zuid krijgt meer instroom", "Zuid", "Twee extra huismeesters"), "wel", False),
        (measure("", "Zuid krijgt meer instroom"), "wel", True),  # who wrote an effect has looked
        (measure("geen", "De rondes daar blijven"), "geen", False),  # why there is none
    ],
)
def test_what_was_looked_at(agreement, state, is_open):
    one = Elsewhere(agreement)
    assert (one.state, one.open) == (state, is_open)


def test_the_overview_counts_what_is_not_compensated():
    found = city_check([measure(), measure("geen"), measure("wel"), measure("wel", compensation="Meer toezicht")])
    assert (len(found.effects), len(found.none), len(found.not_looked), found.open) == (2, 1, 1, 1)
