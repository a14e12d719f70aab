"""A database of before buurten were compared by their shapes."""

from django.apps import apps

from maps.apps import compare_divisions
from maps.computing import compute_signals
from maps.models import Area, Succession
from tests import factories


def test_two_divisions_of_an_older_database_are_compared_after_migrating(db):
    new = factories.municipality(buurten=6)
    for area in new:
        Area.objects.create(
            kind="neighbourhood", code=area.code, year=2018, name=area.name, municipality=area.municipality,
            geometry=area.geometry, label_x=area.label_x, label_y=area.label_y, dataset=area.dataset, change=1,
        )  # fmt: skip
    assert not Succession.objects.exists()
    compare_divisions(sender=apps.get_app_config("maps"))
    stored = Succession.objects.get()
    assert (stored.old_year, stored.new_year, len(stored.units)) == (2018, 2022, 6)
    film = compute_signals(year_from=2018, year_to=2022, municipality="GM9901")[0]
    assert film.signals.exclude(signal_class="insufficient_data").count() == 6


def test_what_an_import_stored_is_left_alone(db):
    factories.municipality()
    Succession.objects.create(municipality="GM9901", old_year=2018, new_year=2022, units=[["same", ["A"], ["A"]]])
    compare_divisions(sender=apps.get_app_config("maps"))
    assert Succession.objects.get().units == [["same", ["A"], ["A"]]]
