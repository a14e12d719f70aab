"""Facilitators log in at their own organisation, by OpenID Connect. Only when its settings are there; see ADR 0013.

The library does the protocol (state, nonce, PKCE, keys). Here: where the provider's addresses are, that a token is
really meant for us, who a person is, and what a page says when it fails.
"""

import hashlib
import logging
from functools import wraps

import jwt
import requests
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.core.cache import cache
from django.core.exceptions import SuspiciousOperation
from django.http import Http404
from django.shortcuts import redirect
from mozilla_django_oidc import auth, views
from mozilla_django_oidc.utils import import_from_settings

logger = logging.getLogger(__name__)

KEPT = 60 * 60  # seconds that the provider's addresses are remembered
CLOCKS_DIFFER = 60  # seconds
ENDPOINTS = {
    "OIDC_OP_AUTHORIZATION_ENDPOINT": "authorization_endpoint",
    "OIDC_OP_TOKEN_ENDPOINT": "token_endpoint",
    "OIDC_OP_USER_ENDPOINT": "userinfo_endpoint",
    "OIDC_OP_JWKS_ENDPOINT": "jwks_uri",
}


class Failed(Exception):
    """The provider does not answer, or not as it must."""


def discover() -> dict:
    """The provider's own description: its addresses stand there, so that nobody has to copy them."""
    return cache.get_or_set(f"oidc-{settings.OIDC_ISSUER}", _fetch_description, KEPT)


def _fetch_description() -> dict:
    address = f"{settings.OIDC_ISSUER.rstrip('/')}/.well-known/openid-configuration"
    answer = requests.get(address, timeout=settings.OIDC_TIMEOUT)
    answer.raise_for_status()
    described = answer.json()
    if described.get("issuer") != settings.OIDC_ISSUER:
        raise Failed(f"{address} noemt zich {described.get('issuer')!r}; dat moet gelijk zijn aan OIDC_ISSUER")
    return described


class _Described:
    @staticmethod
    def get_settings(name, *default):
        if name not in ENDPOINTS:
            return import_from_settings(name, *default)
        return discover()[ENDPOINTS[name]]


class Backend(_Described, auth.OIDCAuthenticationBackend):
    """Made on every request of somebody who is logged in, so it asks the provider nothing until it must."""

    OIDC_RP_IDP_SIGN_KEY = None
    get_user = ModelBackend.get_user  # not the library's: that lets in who was switched off

    def __init__(self):
        self.UserModel = get_user_model()

    def __getattr__(self, name):
        if name.startswith("OIDC_"):
            return self.get_settings(name)
        raise AttributeError(name)

    def _verify_jws(self, payload, key):
        """The library checks the signature; this also from whom it is, for whom, and until when."""
        try:
            return jwt.decode(
                payload,
                key,
                algorithms=[settings.OIDC_RP_SIGN_ALGO],
                audience=settings.OIDC_RP_CLIENT_ID,
                issuer=settings.OIDC_ISSUER,
                leeway=CLOCKS_DIFFER,
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )
        except jwt.PyJWTError as error:
            raise SuspiciousOperation(f"id-token geweigerd: {error}") from error

    def get_or_create_user(self, access_token, id_token, payload):
        """A person is who the provider says, never an e-mail address: that can be given to somebody else.

        So an account with a password is never taken over, and a new person has no right to any session.
        """
        claims = dict(payload)
        if "userinfo_endpoint" in discover():
            told = self.get_userinfo(access_token, id_token, payload)
            if told.get("sub") != payload["sub"]:
                raise Failed("userinfo gaat over een ander dan het id-token")
            claims |= told
        user, is_new = self.UserModel.objects.get_or_create(username=username_of(payload["sub"]))
        if is_new:
            user.set_unusable_password()
        for field, text in _person(claims).items():
            setattr(user, field, text[: self.UserModel._meta.get_field(field).max_length])
        user.save()
        return user


def username_of(subject: str) -> str:
    """The same for the same person at the same provider, always; and no address or number of that person."""
    return "oidc-" + hashlib.sha256(f"{settings.OIDC_ISSUER}\n{subject}".encode()).hexdigest()[:32]


def _person(claims: dict) -> dict[str, str]:
    """How the person is called on our pages, from what the provider is willing to tell."""
    given, family, email = (str(claims.get(name) or "") for name in ("given_name", "family_name", "email"))
    if not given and not family:
        given = str(claims.get("name") or claims.get("preferred_username") or email)
    return {"first_name": given, "last_name": family, "email": email}


class _Start(_Described, views.OIDCAuthenticationRequestView):
    pass


class _Callback(_Described, views.OIDCAuthenticationCallbackView):
    def login_failure(self):
        raise Failed("geweigerd of afgebroken")


def _or_back_to_login(view):
    """Whatever goes wrong between two servers, a person reads what to do; the administrator finds why in the log."""

    @wraps(view)
    def answer(request):
        if not settings.OIDC_ISSUER:
            raise Http404
        try:
            return view(request)
        except (Failed, SuspiciousOperation, requests.RequestException, jwt.PyJWTError, KeyError, ValueError) as error:
            logger.warning("Inloggen met %s mislukte: %s", settings.OIDC_NAME, error)
        messages.error(
            request,
            f"Het inloggen met {settings.OIDC_NAME} is niet gelukt. Probeer het opnieuw. Lukt het weer niet, vraag dan "
            "de beheerder om hulp.",
        )
        return redirect("login")

    return answer


start = _or_back_to_login(_Start.as_view())
callback = _or_back_to_login(_Callback.as_view())
