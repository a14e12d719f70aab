"""Cells to figures: Dutch and English notation, sentinels, and what is refused because it could be either."""

import numpy
import pandas
import pytest

from maps.importing.numbers import bounds_of, read_column
from maps.importing.problems import ImportRefused, Problems
from maps.indicators import INDICATORS, MISSING_EMPTY, MISSING_REASONS

COUNT, SHARE, SCORE, LBM, MONEY = (INDICATORS[key] for key in ("inhabitants", "low_income", "onv", "lbm", "home_value"))


def read(cells, indicator=MONEY, rows=None):
    problems = Problems()
    mask = numpy.ones(len(cells), dtype=bool) if rows is None else numpy.array(rows)
    series = pandas.Series(cells, index=range(2, len(cells) + 2), dtype=object)
    values, reasons = read_column(series, "kolom", bounds_of(indicator), rows=mask, problems=problems)
    problems.stop_if_any()
    return [reason or value for value, reason in zip(values.tolist(), reasons.tolist(), strict=True)]


def refused(cells, indicator=MONEY, rows=None):
    with pytest.raises(ImportRefused) as caught:
        read(cells, indicator, rows)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["46,5", "19", "9,7"], [46.5, 19, 9.7]),  # Dutch decimals
        (["498.0", "6.25", "30"], [498, 6.25, 30]),  # English decimals
        (["1685,0", "950,0"], [1685, 950]),  # whole numbers with a tail
        (["1.234", "46,5"], [1234, 46.5]),  # a decimal comma elsewhere: the point is for thousands
        (["1,234", "46.5"], [1234, 46.5]),  # and the reverse
        (["1.234", "0.5"], [1.234, 0.5]),  # a decimal point elsewhere
        (["1,234", "12,5"], [1.234, 12.5]),
        (["1.234", "1.234.567"], [1234, 1234567]),  # two points can only be for thousands
        (["1.234,5", "1.234"], [1234.5, 1234]),
        (["1,234.5", "1,234"], [1234.5, 1234]),
        (["0.123", "1.234"], [0.123, 1.234]),  # thousands do not start with a zero
        (["1835.000", "1.234"], [1835, 1.234]),  # nor have they four digits before the point
        (["46,5", "498.0"], [46.5, 498]),  # both, but each leaves no doubt
        (["-0.00444356", "1e-05"], [-0.00444356, 0.00001]),
        ([1835, 46.5, 12], [1835, 46.5, 12]),  # numbers out of a workbook
        ([" 46,5 ", '"19"', "\u00a07"], [46.5, 19, 7]),
    ],
)
def test_a_column_is_read_in_the_notation_that_it_proves(cells, values):
    assert read(cells, INDICATORS["std_income"] if min(values) >= 0 else SCORE) == values


@pytest.mark.parametrize("cell", ["", " ", ".", "x", "X", "-", "nan", "NaN", float("nan")])
def test_what_is_not_filled_in_is_missing_and_not_zero(cell):
    assert read([cell, "3"], COUNT) == [MISSING_EMPTY, 3]


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("-99997", MISSING_REASONS[-99997]),
        ("-99997,0", MISSING_REASONS[-99997]),
        ("-99997.0", MISSING_REASONS[-99997]),
        (
            "-99.997",
            MISSING_REASONS[-99997],
        ),  # with a point for thousands; a share of -99,997% does not exist
        (-99995, MISSING_REASONS[-99995]),
        (-99995.0, MISSING_REASONS[-99995]),
        (-99991, MISSING_REASONS[-99991]),
        ("-99999999", MISSING_REASONS[-99999999]),
        (-99990, "niet gepubliceerd"),
    ],
)
@pytest.mark.parametrize("indicator", [COUNT, SHARE, SCORE])
def test_a_sentinel_is_missing_with_its_reason(cell, reason, indicator):
    assert read([cell, "1"], indicator) == [reason, 1]


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (["1.234", "12"], "regel 2, kolom kolom: niet is te zien of «1.234» 1234 is of 1,234 (1 cel)"),
        (
            ["12", "1,234", "5,678"],
            "regel 3, kolom kolom: niet is te zien of «1,234» 1234 is of 1,234 (2 cellen)",
        ),
        (["1.234", "5,678"], "niet is te zien of «1.234» 1234 is of 1,234"),
        (
            ["7", "46,5", "498.0", "1.234"],
            "regel 5, kolom kolom: de kolom bevat een decimale punt op regel 4 («498.0») én een decimale "
            "komma op regel 3 («46,5»), dus niet is te zien wat «1.234» is",
        ),
    ],
)
def test_a_column_that_can_be_read_in_two_ways_is_refused(cells, message):
    (problem,) = refused(cells)
    assert message in problem


def test_counts_that_can_be_read_in_two_ways_are_refused_too():
    assert "niet is te zien" in refused(["1.835", "950"], COUNT)[0]


@pytest.mark.parametrize(
    ("cells", "indicator", "values"),
    [
        (["12.345", "7"], SHARE, [12.345, 7]),  # 12345% does not exist
        (["4.175", "4.168"], LBM, [4.175, 4.168]),
        (["1,234"], SCORE, [1.234]),
    ],
)
def test_what_a_figure_can_be_settles_the_notation_too(cells, indicator, values):
    assert read(cells, indicator) == values


@pytest.mark.parametrize(
    ("cell", "indicator", "message"),
    [
        ("1.2.3", COUNT, "«1.2.3» is geen getal"),
        ("veel", COUNT, "«veel» is geen getal"),
        ("12%", SHARE, "«12%» is geen getal"),
        ("1 234", COUNT, "«1 234» is geen getal"),
        ("1e999", COUNT, "«1e999» is geen getal"),
        ("True", COUNT, "«True» is geen getal"),
        ("2024-02-01 00:00:00", SHARE, "«2024-02-01 00:00:00» is geen getal"),  # what Excel makes of 1-2
        (float("inf"), COUNT, "«inf» is geen getal"),
        ("-5", COUNT, "«-5» kan niet negatief zijn"),
        ("12,5", COUNT, "«12,5» is geen heel getal"),
        ("100,1", SHARE, "«100,1» ligt niet tussen 0 en 100"),
        ("-0,1", SHARE, "«-0,1» ligt niet tussen 0 en 100"),
        ("1234", SHARE, "«1234» ligt niet tussen 0 en 100"),
        ("2.5", SCORE, "«2.5» ligt niet tussen -2 en 2"),
        ("11", LBM, "«11» ligt niet tussen 0 en 10"),
    ],
)
def test_a_cell_that_cannot_be_is_refused_by_row(cell, indicator, message):
    assert refused(["1", cell], indicator) == [f"regel 3, kolom kolom: {message}"]


def test_settled_thousands_do_not_escape_the_bounds():
    assert refused(["46,5", "1.234"], SHARE) == ["regel 3, kolom kolom: «1.234» ligt niet tussen 0 en 100"]


def test_rows_that_are_not_stored_give_evidence_but_no_problems():
    rows = [False, True]
    assert read(["46,5", "1.234"], rows=rows) == [46.5, 1234]
    assert read(["onzin", "12"], rows=rows)[1] == 12
