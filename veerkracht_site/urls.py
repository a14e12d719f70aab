from django.contrib.auth import views as auth
from django.urls import include, path

from veerkracht_site.admin import admin

handler404 = "veerkracht_site.errors.not_found"
handler403 = "veerkracht_site.errors.forbidden"

urlpatterns = [
    path("inloggen/", auth.LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("uitloggen/", auth.LogoutView.as_view(), name="logout"),
    path("beheer/", admin.site.urls),
    path("", include("maps.urls")),
    path("", include("matrix.urls")),
]
