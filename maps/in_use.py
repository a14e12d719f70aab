"""What other apps point to. This app does not know them, but their models say so."""

from collections.abc import Iterable

from django.db import models


def used_elsewhere(model: type[models.Model], pks: Iterable[int]) -> set[int]:
    """Which of these rows a row of another app points to."""
    pks = set(pks)
    used = set()
    for relation in model._meta.get_fields(include_hidden=True):
        if not relation.auto_created or relation.concrete:
            continue
        if relation.related_model._meta.app_label == model._meta.app_label:
            continue
        name = relation.field.name
        pointing = relation.related_model._base_manager.filter(**{f"{name}__in": pks})
        used |= set(pointing.values_list(name, flat=True)) & pks
    return used
