"""The login page: with a password, at the own organisation, or both; see the settings."""

from django.conf import settings
from django.contrib.auth import views
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed


class LoginView(views.LoginView):
    redirect_authenticated_user = True

    def get_context_data(self, **more):
        return super().get_context_data(
            oidc_name=settings.OIDC_ISSUER and settings.OIDC_NAME, password_login=settings.PASSWORD_LOGIN, **more
        )

    def post(self, request, *args, **kwargs):
        if not settings.PASSWORD_LOGIN:
            return HttpResponseNotAllowed(["GET"])
        return super().post(request, *args, **kwargs)


def administrators(request):
    """In place of the administrator pages' own form, where there are no passwords."""
    if request.user.is_authenticated:  # and yet sent here: no administrator
        raise PermissionDenied
    return redirect_to_login("/beheer/")
