import pytest

from maps.recipe import RECIPE, Buurt, compute

GM = "GM0001"


def figures(**values):
    return {"inhabitants": 1000, **values}


def buurt(code, start, end, *, municipality=GM, households=500, blocked=""):
    return Buurt(code, municipality, figures(**start), figures(**end), households, blocked)


THREE = {"low_income": 10.0, "bijstand": 50, "jeugdzorg": 10.0}


def moved(by, **more):
    return {"low_income": 10.0 + by, "bijstand": 50 + by, "jeugdzorg": 10.0 + by} | more


def film(buurten, **how):
    return compute(buurten, film=True, **{"relative": True} | how)


def test_film_is_the_mean_of_changes_in_standard_deviations():
    # Changes 0 and 2: mean 1, population standard deviation 1. So z = −1 and +1 in every input.
    found = film(
        [
            buurt("A", THREE | {"onv": 0.0}, moved(0, onv=0.0)),
            buurt("B", THREE | {"onv": 0.0}, moved(2, onv=-0.2)),
        ]
    )
    assert found["A"].composition == pytest.approx(-1)
    assert found["B"].composition == pytest.approx(1)
    assert found["B"].problems == pytest.approx(1), "een lagere onv is meer overlast"
    assert found["B"].signal_class == "under_pressure"


def test_absolute_film_compares_with_no_change():
    found = film([buurt("A", THREE, moved(0)), buurt("B", THREE, moved(2))], relative=False)
    assert (found["A"].composition, found["B"].composition) == (pytest.approx(0), pytest.approx(2))


def test_relative_takes_the_own_municipality_and_the_scale_of_the_country():
    # Own municipality: 0 and 2 (mean 1). Elsewhere 8: changes 0, 2, 8, mean 10/3, variance 104/9, sd 3.399.
    found = film(
        [
            buurt("A", THREE, moved(0)),
            buurt("B", THREE, moved(2)),
            buurt("C", THREE, moved(8), municipality="GM0002"),
        ]
    )
    assert found["B"].composition == pytest.approx(1 / (104 / 9) ** 0.5)
    assert found["C"].composition == pytest.approx(0)


def test_foto_compares_levels():
    one, other = figures(**THREE, onv=0.1), figures(**moved(4, onv=-0.1))
    found = compute([Buurt("A", GM, one, one, 500), Buurt("B", GM, other, other, 500)], film=False, relative=False)
    assert found["B"].composition == pytest.approx(1)
    assert found["B"].problems == pytest.approx(1)
    assert found["B"].signal_class == "double_pressure"


def test_bijstand_counts_per_thousand_inhabitants_of_its_own_year():
    start = {"inhabitants": 1000, "bijstand": 50, "low_income": 1.0, "ao": 10}
    end = {"inhabitants": 2000, "bijstand": 50, "low_income": 1.0, "ao": 10}
    found = film([Buurt("A", GM, start, end, 500), Buurt("B", GM, start, start, 500)])
    bijstand = next(m for m in found["A"].inputs if m.key == "bijstand")
    assert (bijstand.start, bijstand.end) == (50, 25)


def test_income_is_one_series_per_municipality_in_both_years():
    """B lacks the lowest incomes in one year; A has them, so the municipality uses them and B has no income input."""
    a = buurt("A", {"lowest_income": 40, "low_income": 8}, {"lowest_income": 41, "low_income": 9})
    b = buurt("B", {"low_income": 8}, {"lowest_income": 41, "low_income": 9})
    c = buurt("C", {"low_income": 8}, {"low_income": 9}, municipality="GM0002")
    found = film([a, b, c])
    income = {code: outcome.inputs[0] for code, outcome in found.items()}
    assert income["A"].indicator == income["B"].indicator == "lowest_income"
    assert income["B"].z is None
    assert income["C"].indicator == "low_income"


def test_two_of_five_inputs_is_not_enough():
    two = [
        buurt("A", {"bijstand": 1, "ao": 1}, {"bijstand": 2, "ao": 2}),
        buurt("B", {"bijstand": 1, "ao": 1}, {"bijstand": 5, "ao": 5}),
    ]
    found = film(two)["A"]
    assert found.composition is None
    assert found.signal_class == "insufficient_data"
    assert "2 van de 5" in found.reason


@pytest.mark.parametrize(
    ("households", "blocked", "reason"),
    [
        (99, "", "minder dan 100 huishoudens"),
        (None, "", "het aantal huishoudens is niet bekend"),
        (500, "de buurt kreeg een andere grens in 2024", "de buurt kreeg een andere grens in 2024"),
    ],
)
def test_a_buurt_that_does_not_count_has_no_class_and_no_weight(households, blocked, reason):
    outlier = buurt("C", THREE | {"onv": 0.0}, moved(100, onv=-5.0), households=households, blocked=blocked)
    pair = [
        buurt("A", THREE | {"onv": 0.0}, moved(0, onv=0.0)),
        buurt("B", THREE | {"onv": 0.0}, moved(2, onv=-0.2)),
    ]
    found = film([*pair, outlier])
    assert found["C"].signal_class == "insufficient_data"
    assert found["C"].reason == reason
    assert found["B"].composition == pytest.approx(film(pair)["B"].composition)


def test_exactly_a_hundred_households_count():
    found = film([buurt("A", THREE, moved(0), households=100), buurt("B", THREE, moved(2), households=100)])
    assert found["B"].composition == pytest.approx(1)


def test_no_spread_gives_no_z():
    """0.1 + 0.2 is not 0.3 to a computer; that is not a difference between buurten."""
    found = film(
        [
            buurt("A", {"low_income": 0.1}, {"low_income": 0.3}),
            buurt("B", {"low_income": 0.2}, {"low_income": 0.4}),
        ]
    )
    assert found["A"].inputs[0].z is None


def test_a_missing_figure_is_never_a_zero():
    found = film([buurt("A", THREE, moved(0)), buurt("B", THREE, {"low_income": 12.0, "bijstand": 52})])
    assert found["B"].inputs[-2].z is None
    assert found["B"].composition is None


def test_leaning_on_one_input_is_a_borderline():
    start = THREE | {"onv": 0.0}
    a = buurt("A", start, {"low_income": 10.0, "bijstand": 50, "jeugdzorg": 10.0, "onv": 0.0})
    b = buurt("B", start, {"low_income": 14.0, "bijstand": 50.6, "jeugdzorg": 10.12, "onv": -1.0})
    c = buurt("C", start, {"low_income": 10.0, "bijstand": 51, "jeugdzorg": 10.2, "onv": 0.0})
    found = film([a, b, c])["B"]
    zs = [m.z for m in found.inputs if m.z is not None][:-1]
    without_income = sum(zs[1:]) / 2
    assert found.composition > 0.5 > without_income
    assert found.neighbours


def test_the_recipe_keeps_its_numbers_in_one_place():
    stored = RECIPE.as_dict()
    assert {"version": "1", "band": 0.5, "min_households": 100, "min_inputs": 3}.items() <= stored.items()
