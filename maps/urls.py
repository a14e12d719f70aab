from django.urls import path

from maps import views

urlpatterns = [
    path("kaart/", views.index, name="municipalities"),
    path("kaart/<str:code>/", views.signal_map, name="signal_map"),
    path("kaart/<str:code>/berekenen/", views.compute, name="compute"),
    path("kaart/<str:code>/buurten.geojson", views.outlines_geojson, name="outlines"),
    path("editie/<int:pk>/signalen.geojson", views.signals_geojson, name="signals_geojson"),
    path("editie/<int:pk>/signalen.csv", views.signals_table, name="signals_csv"),
    path("editie/<int:pk>/buurt/<str:code>/", views.area, name="map_area"),
    path("gegevens/", views.datasets, name="datasets"),
    path("gegevens/inlezen/", views.upload, name="upload"),
]
