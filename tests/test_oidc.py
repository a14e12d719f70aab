"""Facilitators log in at their own organisation; every token that is not quite right is refused."""

from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.contrib.auth.models import User

from tests.oidc_provider import CLIENT, SECRET, Provider, a_key
from tests.test_limits import manage

pytestmark = pytest.mark.django_db
AXES, PASSWORD = "axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"
FAILED = "Het inloggen met Gemeente Merelveen is niet gelukt"


@pytest.fixture
def provider(settings):
    with Provider() as provider:
        settings.OIDC_ISSUER = provider.issuer
        settings.OIDC_RP_CLIENT_ID, settings.OIDC_RP_CLIENT_SECRET = CLIENT, SECRET
        settings.OIDC_NAME = "Gemeente Merelveen"
        settings.AUTHENTICATION_BACKENDS = [AXES, PASSWORD, "veerkracht_site.oidc.Backend"]
        yield provider


def log_in(client, path="/inloggen/organisatie/", **more):
    """Through the provider and back, as a browser does. `more` changes the address on which it comes back."""
    to_provider = client.get(path)
    if not to_provider["Location"].startswith("http://127.0.0.1"):  # it did not come so far
        return client.get(to_provider["Location"])
    back = requests.get(to_provider["Location"], allow_redirects=False, timeout=5).headers["Location"]
    parts = urlsplit(back)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()} | more
    return client.get(parts.path, query, follow=True)


def user_of(client):
    pk = client.session.get("_auth_user_id")
    return pk and User.objects.get(pk=pk)


def test_without_its_settings_it_is_not_there(client):
    assert "organisatie" not in client.get("/inloggen/").content.decode()
    assert client.get("/inloggen/organisatie/").status_code == 404
    assert client.get("/inloggen/organisatie/terug/").status_code == 404


def test_a_new_person_is_a_facilitator_without_any_session(client, provider, workshop):
    page = log_in(client)
    user = user_of(client)
    assert (user.first_name, user.last_name, user.email) == ("Noor", "Jansen", "noor@voorbeeld.nl")
    assert not any((user.is_staff, user.is_superuser, user.groups.exists(), user.has_usable_password()))
    assert "Hier komen uw sessies" in page.content.decode()
    assert client.get(workshop.get_absolute_url()).status_code == 404
    assert client.post("/gegevens/inlezen/").status_code in {302, 403}


def test_the_same_person_is_the_same_account_whatever_the_name_becomes(client, provider):
    log_in(client)
    first = user_of(client)
    client.logout()
    provider.person |= {"family_name": "de Wit", "email": "noor.dewit@voorbeeld.nl"}
    log_in(client)
    assert user_of(client) == first
    assert user_of(client).last_name == "de Wit"


def test_an_account_with_the_same_mail_address_is_not_taken_over(client, provider):
    known = User.objects.create_user("noor", "noor@voorbeeld.nl", "geheim-genoeg-12", is_staff=True)
    log_in(client)
    assert user_of(client) not in {None, known}
    assert not user_of(client).is_staff


def test_what_an_administrator_gave_stays_given(client, provider):
    log_in(client)
    User.objects.filter(pk=user_of(client).pk).update(is_staff=True)
    client.logout()
    log_in(client)
    assert user_of(client).is_staff


@pytest.mark.parametrize(
    ("told", "called"),
    [
        ({"given_name": None, "family_name": None, "name": "Noor Jansen"}, "Noor Jansen"),
        ({"given_name": None, "family_name": None, "preferred_username": "njansen"}, "njansen"),
        ({"given_name": None, "family_name": None}, "noor@voorbeeld.nl"),
        ({"given_name": "N" * 300, "family_name": None}, "N" * 150),
        ({"given_name": None, "family_name": None, "email": None}, ""),
    ],
)
def test_a_provider_that_tells_little_is_enough(client, provider, told, called):
    provider.person |= told
    log_in(client)
    assert user_of(client).get_full_name() == called


def test_a_provider_without_userinfo_tells_it_in_the_token(client, provider):
    provider.description, provider.token = {"userinfo_endpoint": None}, {"given_name": "Noor"}
    described = provider.describe
    provider.describe = lambda query: {k: v for k, v in described(query).items() if v}
    log_in(client)
    assert user_of(client).first_name == "Noor"
    assert "/userinfo" not in provider.asked


def test_who_was_on_the_way_to_a_page_arrives_there(client, provider):
    assert "next=/gemeenten/" in client.get("/inloggen/?next=/gemeenten/").content.decode()
    page = log_in(client, "/inloggen/organisatie/?next=/stijl/")
    assert page.redirect_chain[-1][0] == "/stijl/"


def test_another_site_is_no_page_to_arrive_at(client, provider):
    page = log_in(client, "/inloggen/organisatie/?next=https://kwaad.voorbeeld/")
    assert page.redirect_chain[-1][0] == "/"


@pytest.mark.parametrize(
    "token",
    [
        {"aud": "een-andere-site"},
        {"iss": "https://een.ander"},
        {"exp": 1_000_000_000},
        {"nonce": "van-een-andere-keer"},
        {"nonce": None},
        {"sub": None},
        {"aud": None},
        {"exp": None},
    ],
    ids=str,  # the same in every process: a name after the clock splits them
)
def test_a_token_that_is_not_for_us_now_is_refused(client, provider, token):
    provider.token = token
    assert FAILED in log_in(client).content.decode()
    assert user_of(client) is None
    assert not User.objects.exists()


def test_a_token_signed_by_somebody_else_is_refused(client, provider):
    provider.key = a_key("theirs")
    assert FAILED in log_in(client).content.decode()
    assert user_of(client) is None


def test_userinfo_about_somebody_else_is_refused(client, provider):
    provider.told = {"sub": "p-13"}
    assert FAILED in log_in(client).content.decode()
    assert user_of(client) is None


def test_an_answer_that_this_browser_did_not_ask_for_is_refused(client, provider):
    assert FAILED in log_in(client, state="verzonnen").content.decode()
    assert user_of(client) is None


def test_an_answer_counts_once(client, provider):
    to_provider = client.get("/inloggen/organisatie/")["Location"]
    back = requests.get(to_provider, allow_redirects=False, timeout=5).headers["Location"]
    client.get(back)
    assert user_of(client)
    client.logout()
    assert FAILED in client.get(back, follow=True).content.decode()
    assert user_of(client) is None


def test_who_says_no_over_there_comes_back_to_the_login_page(client, provider):
    provider.refuses = True
    assert FAILED in log_in(client).content.decode()


def test_who_was_switched_off_stays_out_and_is_put_out(client, provider):
    log_in(client)
    User.objects.update(is_active=False)
    assert "Uw sessies" not in client.get("/").content.decode()
    client.logout()
    assert FAILED in log_in(client).content.decode()


def test_a_provider_that_is_away_is_said_and_who_is_in_notices_nothing(client, provider):
    log_in(client)
    provider.silent = True
    from django.core.cache import cache

    cache.clear()
    assert "Uw sessies" in client.get("/").content.decode()
    client.logout()
    assert FAILED in client.get("/inloggen/organisatie/", follow=True).content.decode()


def test_a_provider_that_calls_itself_something_else_is_not_trusted(client, provider):
    provider.description = {"issuer": "https://een.ander"}
    assert FAILED in client.get("/inloggen/organisatie/", follow=True).content.decode()


def test_with_passwords_off_only_the_button_is_there(client, provider, settings):
    settings.PASSWORD_LOGIN = False
    page = client.get("/inloggen/").content.decode()
    assert "Inloggen met Gemeente Merelveen" in page
    assert "Wachtwoord" not in page
    assert client.post("/inloggen/", {"username": "noor", "password": "x"}).status_code == 405


def test_with_both_the_password_still_works(client, provider):
    User.objects.create_user("noor", password="geheim-genoeg-12")
    client.post("/inloggen/", {"username": "noor", "password": "geheim-genoeg-12"})
    assert user_of(client).username == "noor"


ISSUER = {"OIDC_ISSUER": "https://login.voorbeeld.nl"}
WHOLE = ISSUER | {"OIDC_CLIENT_ID": "veerkracht", "OIDC_CLIENT_SECRET": "geheim"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (ISSUER, "ontbreekt OIDC_CLIENT_ID, OIDC_CLIENT_SECRET"),
        ({"OIDC_CLIENT_SECRET": "geheim"}, "ontbreekt OIDC_ISSUER, OIDC_CLIENT_ID"),
        (WHOLE | {"OIDC_ISSUER": "http://login.voorbeeld.nl"}, "geen webadres met https"),
        (WHOLE | {"OIDC_ISSUER": "login.voorbeeld.nl"}, "geen webadres met https"),
        ({"PASSWORD_LOGIN": "off"}, "kan niemand inloggen"),
    ],
)
def test_half_a_configuration_stops_the_start(tmp_path, given, said):
    done = manage("check", VAR_DIR=str(tmp_path), **given)
    assert done.returncode != 0
    assert said in done.stderr


def test_without_passwords_the_administrators_too_log_in_at_their_organisation(tmp_path):
    """The addresses depend on the settings, so in a process of its own."""
    look = (
        "from django.test import Client; c = Client(headers={'host': 'localhost'}); print(c.get('/beheer/', follow=True).redirect_chain[-1][0]);"
        "from django.conf import settings; print(*settings.AUTHENTICATION_BACKENDS)"
    )
    given = {"VAR_DIR": str(tmp_path), "DATABASE_URL": "sqlite://:memory:", "DEBUG": "on", "PASSWORD_LOGIN": "off"}
    done = manage("shell", "-v0", "-c", look, **WHOLE, **given)
    assert done.stdout.splitlines() == [
        "/inloggen/?next=/beheer/",
        "axes.backends.AxesStandaloneBackend veerkracht_site.oidc.Backend",
    ], done.stderr
