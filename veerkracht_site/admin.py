"""The administrator's pages: accounts, who facilitates what, and a look at data and logs. Content is written in the
sessions themselves, by actions that check and log; here it can only be read."""

import django.contrib.auth.admin  # noqa: F401  registers users and groups, which no autodiscovery does here
from django.contrib import admin

from maps.models import Dataset
from matrix.models import Event, Intervention, Workshop

admin.site.site_header = admin.site.site_title = "Veerkracht: beheer"
admin.site.index_title = "Accounts en overzicht"


class ReadOnly(admin.ModelAdmin):
    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Workshop)
class WorkshopAdmin(admin.ModelAdmin):
    """Only who facilitates it can be changed; removing removes the whole session."""

    list_display = ["title", "date", "stage", "fictional"]
    fields = ["title", "date", "stage", "code", "facilitators"]
    readonly_fields = ["title", "date", "stage", "code"]
    filter_horizontal = ["facilitators"]

    def has_add_permission(self, request):
        return False


@admin.register(Dataset)
class DatasetAdmin(ReadOnly):
    list_display = ["kind", "file_name", "source", "rows", "imported_at", "imported_by"]
    list_filter = ["kind", "fictional"]

    def has_delete_permission(self, request, obj=None):
        """Figures are replaced, never missing; but a corporation may take back what it was given in trust."""
        own = obj is not None and obj.kind == Dataset.Kind.OWN_SIGNALS
        return own and admin.ModelAdmin.has_delete_permission(self, request, obj)


@admin.register(Intervention)
class InterventionAdmin(ReadOnly):
    list_display = ["title", "framework", "lead", "legal_check", "touches_advice_right"]
    list_filter = ["framework"]


@admin.register(Event)
class EventAdmin(ReadOnly):
    list_display = ["at", "workshop", "revision", "organisation", "summary"]
    list_filter = ["what"]
    search_fields = ["summary"]

    def has_delete_permission(self, request, obj=None):
        """Only along with the whole session."""
        return request.path.startswith("/beheer/matrix/workshop/")
