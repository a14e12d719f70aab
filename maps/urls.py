from django.urls import path, re_path

from maps import converters, views  # noqa: F401 (gives the addresses below their codes)

urlpatterns = [
    path("kaart/", views.index, name="municipalities"),
    path("kaart/vergelijken/", views.compare, name="compare"),
    path("kaart/gemeenten.json", views.municipality_shapes, name="municipality_shapes"),
    path("kaart/<gemeente:code>/", views.signal_map, name="signal_map"),
    path("kaart/<gemeente:code>/afdrukken/", views.print_map, name="print_map"),
    path("kaart/<gemeente:code>/vormen/<int:year>.json", views.shapes, name="shapes"),
    path("editie/<int:pk>/signalen.geojson", views.signals_geojson, name="signals_geojson"),
    re_path(r"^editie/(?P<pk>[0-9]{1,9})/signalen\.(?P<kind>csv|xlsx)$", views.signals_file, name="signals_file"),
    path("editie/<int:pk>/buurt/<buurt:code>/", views.area, name="map_area"),
    path("gegevens/", views.datasets, name="datasets"),
    path("gegevens/inlezen/", views.upload, name="upload"),
]
