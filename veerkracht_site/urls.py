from django.conf import settings
from django.contrib.auth import views as auth
from django.urls import include, path

from veerkracht_site import oidc
from veerkracht_site.admin import admin
from veerkracht_site.login import LoginView, administrators

handler404 = "veerkracht_site.errors.not_found"
handler403 = "veerkracht_site.errors.forbidden"

urlpatterns = [
    path("inloggen/", LoginView.as_view(), name="login"),
    path("inloggen/organisatie/", oidc.start, name="oidc_start"),
    path("inloggen/organisatie/terug/", oidc.callback, name="oidc_callback"),
    path("uitloggen/", auth.LogoutView.as_view(), name="logout"),
    *([] if settings.PASSWORD_LOGIN else [path("beheer/login/", administrators)]),
    path("beheer/", admin.site.urls),
    path("", include("maps.urls")),
    path("", include("matrix.urls")),
]
