"""All settings, read from the environment; a value that cannot be right stops the start.

What an administrator sets is listed in docs/beheer.md.
"""

import secrets
import sys
from pathlib import Path
from urllib.parse import urlsplit

import environ
import fontpkg_source_sans_3
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()


def _read(kind, name, default):
    """A setting of the environment, or a clear stop."""
    try:
        return kind(name, default=default)
    except (ValueError, environ.ImproperlyConfigured, ImproperlyConfigured):
        raise ImproperlyConfigured(
            f"{name} heeft een waarde die niet kan: {env.str(name)!r}. Zie docs/beheer.md."
        ) from None


VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)  # the database holds seat codes and tenants' words

DEBUG = _read(env.bool, "DEBUG", False)

# The address that people type and that the QR codes carry. https:// switches every secure setting on.
BASE_URL = env.str("BASE_URL", default="http://127.0.0.1:8000").rstrip("/")
_base = urlsplit(BASE_URL)
if _base.scheme not in {"http", "https"} or not _base.hostname:
    raise ImproperlyConfigured(f"BASE_URL is geen webadres: {BASE_URL!r}. Voorbeeld: https://veerkracht.voorbeeld.nl")
HTTPS = _base.scheme == "https"

_LOOPBACK = {"127.0.0.1", "localhost", "[::1]"}
ALLOWED_HOSTS = sorted({_base.hostname, *env.list("ALLOWED_HOSTS", default=[])} | (_LOOPBACK if not HTTPS else set()))
CSRF_TRUSTED_ORIGINS = [f"{_base.scheme}://{_base.netloc}"]


def _own_secret_key() -> str:
    """Made once per installation, readable by its user only."""
    path = VAR_DIR / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(64))
    key = path.read_text().strip()
    if len(key) < 50:
        raise ImproperlyConfigured(f"{path} is beschadigd. Verwijder het bestand; er komt vanzelf een nieuw.")
    return key


SECRET_KEY = env.str("SECRET_KEY", default="") or _own_secret_key()

INSTALLED_APPS = [
    # SimpleAdminConfig: autodiscovery would load django-leaflet's GDAL widgets, and GDAL is not there.
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_htmx",
    "leaflet",
    "template_partials",
    "maps",
    "matrix",
    "demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "veerkracht_site.errors.RefusalMiddleware",
]

ROOT_URLCONF = "veerkracht_site.urls"
ASGI_APPLICATION = "veerkracht_site.asgi.application"
WSGI_APPLICATION = "veerkracht_site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
        },
    }
]

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'veerkracht.sqlite3'}")}
if not DATABASES["default"].get("ENGINE"):
    raise ImproperlyConfigured(
        f"DATABASE_URL is geen adres van een database: {env.str('DATABASE_URL')!r}. Zie docs/beheer.md."
    )
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # 2000 of 2000 writes by 200 writers with these; deferred transactions lost 78-90% to "database is locked".
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        transaction_mode="IMMEDIATE",
        timeout=20,
        init_command="PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    )
    DATABASES["default"]["CONN_MAX_AGE"] = None  # a thread keeps its connection: opening one costs a third of a write
# PostgreSQL: how many connections one server process shares among its requests, see `serve`.
DATABASE_POOL = _read(env.int, "DATABASE_POOL", 20)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Facilitators may log in at their own organisation (OpenID Connect). All three, or none.
OIDC_ISSUER = env.str("OIDC_ISSUER", default="")
OIDC_RP_CLIENT_ID = env.str("OIDC_CLIENT_ID", default="")
OIDC_RP_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET", default="")
OIDC_NAME = env.str("OIDC_NAME", default="uw organisatie")
_oidc = {"OIDC_ISSUER": OIDC_ISSUER, "OIDC_CLIENT_ID": OIDC_RP_CLIENT_ID, "OIDC_CLIENT_SECRET": OIDC_RP_CLIENT_SECRET}
if any(_oidc.values()) and not all(_oidc.values()):
    raise ImproperlyConfigured(
        f"Voor inloggen met OpenID Connect ontbreekt {', '.join(n for n, v in _oidc.items() if not v)}. "
        "Geef alle drie, of geen. Zie docs/beheer.md."
    )
_issuer = urlsplit(OIDC_ISSUER)
if OIDC_ISSUER and (not _issuer.hostname or (_issuer.scheme != "https" and _issuer.hostname not in _LOOPBACK)):
    raise ImproperlyConfigured(f"OIDC_ISSUER is geen webadres met https: {OIDC_ISSUER!r}. Zie docs/beheer.md.")
OIDC_RP_SIGN_ALGO = "RS256"  # what every provider must offer
OIDC_RP_SCOPES = "openid profile email"
OIDC_USE_PKCE = True
OIDC_TIMEOUT = 10  # seconds
OIDC_AUTHENTICATION_CALLBACK_URL = "oidc_callback"
PASSWORD_LOGIN = _read(env.bool, "PASSWORD_LOGIN", True)
if not PASSWORD_LOGIN and not OIDC_ISSUER:
    raise ImproperlyConfigured("Met PASSWORD_LOGIN uit en zonder OIDC_ISSUER kan niemand inloggen. Zie docs/beheer.md.")

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    *(["django.contrib.auth.backends.ModelBackend"] if PASSWORD_LOGIN else []),
    *(["veerkracht_site.oidc.Backend"] if OIDC_ISSUER else []),
]
if "pytest" in sys.modules:  # a slow hash protects nobody in a test
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "errors/lockout.html"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False

LANGUAGE_CODE = "nl"
TIME_ZONE = "Europe/Amsterdam"
USE_I18N = True  # Django's own messages (dates, form errors) in Dutch; our texts are Dutch in the source

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # Shapes of maps, compressed once per content; every process and the next start find them. Safe to throw away.
    "shapes": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": VAR_DIR / "cache",
        "OPTIONS": {"MAX_ENTRIES": 2000},
    },
}
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("fonts", fontpkg_source_sans_3.ROOT / "files"),
]
TESTING = "pytest" in sys.modules
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "veerkracht_site.static.GzipStaticStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG or TESTING

# A plan on paper is made by a process of its own, within these limits. A test makes it where it stands.
PLAN_SECONDS = _read(env.int, "PLAN_SECONDS", 600)
PLAN_MEMORY_MB = _read(env.int, "PLAN_MEMORY_MB", 2000)
PLAN_WARM = _read(env.bool, "PLAN_WARM", True)  # one may wait for the first job, where somebody looks at the plan
PLAN_IN_THIS_PROCESS = TESTING

# Uploads: the country's GeoPackage is 40 MB; beyond this a command is the way.
UPLOAD_LIMIT_MB = _read(env.int, "UPLOAD_LIMIT_MB", 100)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "maps.uploads.LimitedUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# Whom `fetch_open_data` asks. Nothing else in this program leaves the server.
PDOK_URL = env.str("PDOK_URL", default="https://api.pdok.nl/cbs")
CBS_URL = env.str("CBS_URL", default="https://opendata.cbs.nl/ODataFeed/odata")

LEAFLET_CONFIG = {
    "TILES": [],
    "ATTRIBUTION_PREFIX": "",
    "RESET_VIEW": False,
    "MINIMAP": False,
    "SCALE": None,
    "NO_GLOBALS": True,
}

# A background map under the buurten is a request from every browser to another host, so it is off until an
# administrator switches it on: BASEMAP=pdok, or a template of tiles. The map is complete without it.
PDOK_GREY = "https://service.pdok.nl/brt/achtergrondkaart/wmts/v2_0/grijs/EPSG:3857/{z}/{x}/{y}.png"
BASEMAP = env.str("BASEMAP", default="")
BASEMAP_URL = PDOK_GREY if BASEMAP == "pdok" else BASEMAP
BASEMAP_ATTRIBUTION = env.str("BASEMAP_ATTRIBUTION", default="Kaartgegevens © Kadaster" if BASEMAP == "pdok" else "")
_tiles = urlsplit(BASEMAP_URL)
_marks = all(mark in _tiles.path + _tiles.query for mark in ("{z}", "{x}", "{y}"))
if BASEMAP_URL and not (_tiles.scheme in {"http", "https"} and _tiles.netloc and "{" not in _tiles.netloc and _marks):
    raise ImproperlyConfigured(
        f"BASEMAP is geen achtergrondkaart: {BASEMAP!r}. Gebruik «pdok» of een webadres met {{z}}, {{x}} en {{y}} erin."
    )

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", *([f"{_tiles.scheme}://{_tiles.netloc}"] if BASEMAP_URL else [])],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_NAME = "veerkracht_sessie"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "veerkracht_site.errors.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
if not HTTPS:  # on a network without it browsers ignore this, and say so on every page
    SECURE_CROSS_ORIGIN_OPENER_POLICY = None
if HTTPS:
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    # For every other site under the same name too only when an administrator says so: it cannot be undone soon.
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _read(env.bool, "HSTS_SUBDOMAINS", False)
    SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"fontTools": {"level": "ERROR"}, "weasyprint": {"level": "ERROR"}},
}
