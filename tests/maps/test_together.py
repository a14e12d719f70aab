"""The figures of several buurten as one."""

import pytest

from maps.indicators import together

A = {"inhabitants": 400, "households": 100, "dwellings": 90, "bijstand": 10, "lowest_income": 10.0, "onv": 0.1}
B = {"inhabitants": 1200, "households": 300, "dwellings": 10, "bijstand": 30, "lowest_income": 20.0, "onv": 0.3}
NOBODY = {"inhabitants": 0, "households": 0, "dwellings": 0, "bijstand": 0}


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([A, B], {"inhabitants": 1600, "households": 400, "dwellings": 100, "bijstand": 40, "lowest_income": 17.5}),
        ([A, NOBODY], {"inhabitants": 400, "households": 100, "dwellings": 90, "bijstand": 10, "lowest_income": 10.0}),
        ([NOBODY, NOBODY], NOBODY),
        # a share by what it is a share of; without that number, or without the share of one, there is none
        ([{"rental": 50, "dwellings": 100}, {"rental": 20, "dwellings": 50}], {"rental": 40, "dwellings": 150}),
        ([{"rental": 50, "dwellings": 100}, {"rental": 20}], {}),
        ([{"rental": 50, "dwellings": 100}, {"dwellings": 50}], {"dwellings": 150}),
        # a count that one of them lacks is no count
        ([{"crimes": 7}, {}], {}),
        # scores, and shares of something that nobody counted
        ([{"onv": 0.1, "lbm": 4.0, "jeugdzorg": 8.0, "participation": 70}] * 2, {}),
        ([{"wmo_rate": 10.0, "inhabitants": 100}, {"wmo_rate": 40.0, "inhabitants": 200}],
         {"wmo_rate": 30.0, "inhabitants": 300}),
        ([A], {key: value for key, value in A.items() if key != "onv"}),
    ],
)  # fmt: skip
def test_as_one(parts, expected):
    assert together(parts) == expected
    assert together(parts[::-1]) == expected
