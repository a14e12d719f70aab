import pytest

from maps.classification import FotoClass, SignalClass, classify, neighbours

S, F = SignalClass, FotoClass


@pytest.mark.parametrize(
    ("composition", "problems", "film", "foto"),
    [
        (0.5, 0.5, S.UNDER_PRESSURE, F.DOUBLE_PRESSURE),  # exactly the band counts
        (0.5, 0.49, S.RESILIENT, F.VULNERABLE_CALM),
        (0.9, -0.9, S.RESILIENT, F.VULNERABLE_CALM),
        (0.0, 0.5, S.EARLY_SIGNAL, F.PROBLEMS_ONLY),
        (-0.5, 0.5, S.OTHER_CAUSE, F.PROBLEMS_ONLY),
        (0.0, -0.5, S.IMPROVING, F.AVERAGE),
        (-0.5, -0.5, S.IMPROVING, F.FAVOURABLE),
        (0.0, 0.0, S.NO_CLEAR_CHANGE, F.AVERAGE),
        (-0.5, 0.0, S.NO_CLEAR_CHANGE, F.AVERAGE),
        (None, 0.9, S.INSUFFICIENT_DATA, S.INSUFFICIENT_DATA),
        (0.9, None, S.INSUFFICIENT_DATA, S.INSUFFICIENT_DATA),
    ],
)
def test_two_axes_make_one_class(composition, problems, film, foto):
    assert classify(composition, problems, band=0.5) == film
    assert classify(composition, problems, band=0.5, film=False) == foto


@pytest.mark.parametrize(
    ("composition", "problems", "without_one", "expected"),
    [
        (2.0, 2.0, (), []),
        (0.55, 2.0, (), [S.EARLY_SIGNAL]),  # a band of 0.6 makes it stable
        (0.45, 2.0, (), [S.UNDER_PRESSURE]),  # a band of 0.4 makes it up
        (0.8, 2.0, (0.3, 0.9), [S.EARLY_SIGNAL]),  # it leans on one input
        (None, 2.0, (), []),  # what has no class has no neighbours
    ],
)
def test_a_signal_on_the_border_names_its_neighbours(composition, problems, without_one, expected):
    assert neighbours(composition, problems, band=0.5, shift=0.2, without_one=without_one) == expected
