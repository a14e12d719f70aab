from django.apps import AppConfig
from django.db.models.signals import post_migrate


class MatrixConfig(AppConfig):
    name = "matrix"
    verbose_name = "Matrix en afspraken"

    def ready(self):
        from matrix.catalogue import store_catalogue

        post_migrate.connect(store_catalogue, sender=self)
