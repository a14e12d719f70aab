"""Which maps can be chosen, and what is said of a choice that the figures cannot carry."""

import pytest

from maps.choices import as_query, from_query, offer, offer_from, usual_foto
from maps.computing import Choice, Mode, Reference
from maps.models import Dataset
from tests import factories

RESIDENTS = {"inhabitants": 1000, "low_income": 9.0, "bijstand": 40, "jeugdzorg": 8.0}
NUISANCE = {"onv": 0.1}


@pytest.fixture
def offered():
    """2014 nuisance only, 2016 both, 2019 residents only, 2020 both, 2022 both; 2023 another income column."""
    return offer_from(
        [
            (2014, NUISANCE),
            (2016, RESIDENTS | NUISANCE),
            (2019, RESIDENTS),
            (2020, RESIDENTS | NUISANCE),
            (2022, RESIDENTS | NUISANCE),
            (2023, {"inhabitants": 1000, "social_minimum": 7.0, "bijstand": 41, "jeugdzorg": 9.0} | NUISANCE),
            (2024, {"crimes": 12}),
        ]
    )


def test_a_year_says_what_it_has(offered):
    assert [year.label for year in offered.years] == [
        "2014 (alleen overlast)", "2016", "2019 (alleen bewoners)", "2020", "2022", "2023",
    ]  # fmt: skip


def test_a_film_needs_both_axes_in_both_years_and_the_same_columns(offered):
    assert offered.films == [(2016, 2020), (2016, 2022), (2020, 2022)], "2023 heeft een andere kolom voor inkomen"


def test_without_a_choice_the_newest_years_that_can(offered):
    assert offered.default(Mode.FILM) == Choice(Mode.FILM, 2016, 2022)
    assert offered.default(Mode.FOTO) == Choice(Mode.FOTO, 2023, 2023)


def test_a_foto_takes_its_residents_and_its_nuisance_from_two_years():
    offered = offer_from([(2021, RESIDENTS), (2024, NUISANCE)])
    assert offered.default(Mode.FOTO) == Choice(Mode.FOTO, 2021, 2024)
    assert offered.objection(Choice(Mode.FOTO, 2021, 2024)) == ""


@pytest.mark.parametrize(
    ("choice", "says", "instead"),
    [
        (Choice(Mode.FILM, 2016, 2022), "", None),
        (Choice(Mode.FILM, 2014, 2022), "is er geen enkel zowel in 2014 als in 2022; 3 zijn nodig", (2016, 2022)),
        (Choice(Mode.FILM, 2019, 2022), "In 2019 is er geen score", (2020, 2022)),
        (Choice(Mode.FILM, 2020, 2023), "zijn er 2 zowel in 2020 als in 2023", (2020, 2022)),
        (Choice(Mode.FILM, 2022, 2016), "eerder jaar", (2020, 2022)),
        (Choice(Mode.FILM, 2011, 2022), "Van 2011 zijn er geen cijfers", (2016, 2022)),
        (Choice(Mode.FOTO, 2014, 2014), "in 2014; 3 zijn nodig", (2016, 2016)),
        (Choice(Mode.FOTO, 2019, 2019), "In 2019 is er geen score", (2019, 2020)),
        (Choice(Mode.FOTO, 2016, 2030), "Van 2030 zijn er geen cijfers", (2016, 2016)),
    ],
)
def test_a_choice_that_cannot_be_says_why_and_what_can(choice, says, instead, offered):
    objection = offered.objection(choice)
    assert (says in objection) if says else objection == ""
    if instead and choice.mode == Mode.FILM:
        assert instead in [(c.year_from, c.year_to) for c in offered.instead(choice)]
        assert all(offered.objection(c) == "" for c in offered.instead(choice))


@pytest.mark.parametrize(
    ("query", "choice", "says"),
    [
        ({}, Choice(Mode.FILM, 2016, 2022), ""),
        ({"kaart": "foto"}, Choice(Mode.FOTO, 2023, 2023), ""),
        ({"van": "2016", "tot": "2022", "met": "nederland"}, Choice(Mode.FILM, 2016, 2022, Reference.COUNTRY), ""),
        ({"kaart": "foto", "bewoners": "2019", "overlast": "2020"}, Choice(Mode.FOTO, 2019, 2020), ""),
        ({"van": "2022", "tot": "2016"}, Choice(Mode.FILM, 2016, 2022), "eerder jaar"),
        ({"van": "2014", "tot": "2022"}, Choice(Mode.FILM, 2014, 2022), "geen enkel"),
        ({"van": "gisteren"}, Choice(Mode.FILM, 2016, 2022), "geen jaartal"),
        ({"van": "²⁰¹⁶"}, Choice(Mode.FILM, 2016, 2022), "geen jaartal"),
        ({"van": "<script>"}, Choice(Mode.FILM, 2016, 2022), "geen jaartal"),
        ({"kaart": "schilderij", "met": "mars"}, Choice(Mode.FILM, 2016, 2022), ""),
    ],
)
def test_an_address_asks_for_a_map(query, choice, says, offered):
    asked = from_query(query, offered)
    assert asked.choice == choice
    assert (says in asked.objection) if says else asked.objection == ""


def test_the_address_of_a_choice_gives_that_choice(offered):
    for choice in (Choice(Mode.FILM, 2016, 2022, Reference.COUNTRY), Choice(Mode.FOTO, 2019, 2020)):
        assert from_query(as_query(choice), offered).choice == choice


def test_without_figures_there_is_nothing_to_choose():
    assert from_query({}, offer_from([])).choice is None
    assert from_query({"kaart": "foto"}, offer_from([])).choice is None


def test_what_is_offered_changes_with_an_import(db, django_assert_num_queries):
    factories.municipality(years=(2018, 2022))
    assert [year.year for year in offer("GM9901").years] == [2018, 2022]
    with django_assert_num_queries(1):
        offer("GM9901")
    factories.municipality("GM9902", years=(2020,))
    assert [year.year for year in offer("GM9902").years] == [2020]


def test_the_country_shows_what_most_municipalities_can_and_nothing_made_up(db):
    assert usual_foto(Reference.COUNTRY) is None
    invented = factories.municipality("GM9901", years=(2018, 2024))
    Dataset.objects.filter(areas__in=invented).update(fictional=True)
    assert usual_foto(Reference.COUNTRY) == Choice(Mode.FOTO, 2024, 2024, Reference.COUNTRY)
    for code, years in (("GM0001", (2022,)), ("GM0002", (2022,)), ("GM0003", (2022, 2023))):
        factories.municipality(code, years=years)
    assert usual_foto(Reference.COUNTRY) == Choice(Mode.FOTO, 2022, 2022, Reference.COUNTRY)
