from django.apps import AppConfig
from django.db.models.signals import post_migrate


class MapsConfig(AppConfig):
    name = "maps"
    verbose_name = "Signaleringskaart"

    def ready(self):
        post_migrate.connect(compare_divisions, sender=self)


def compare_divisions(**kwargs):
    """A database of before buurten were compared by their shapes gets what an import would have stored."""
    from maps.importing.successions import store_missing

    store_missing()
