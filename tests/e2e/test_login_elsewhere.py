"""A facilitator logs in at the own organisation: a real browser, a real server, a provider of our own."""

from playwright.sync_api import expect

from tests.e2e.installation import Installation
from tests.e2e.people import LAPTOP, PHONE, Browsers
from tests.oidc_provider import Provider


def test_one_button_leads_through_the_organisation_to_ones_own_sessions(browser, site, tmp_path):
    made = Installation(tmp_path / "inloggen").copy_of(site)
    with Provider() as provider:
        made.more = provider.settings | {"OIDC_NAME": "Gemeente Merelveen", "PASSWORD_LOGIN": "off"}
        made.start()
        browsers = Browsers(browser, made.url)
        browsers.trouble.expect(provider.issuer)  # the one request to another that is meant
        try:
            for size in (LAPTOP, PHONE):
                page = browsers.open(size)
                page.goto("/inloggen/")
                expect(page.get_by_label("Wachtwoord")).to_have_count(0)
                page.get_by_role("link", name="Inloggen met Gemeente Merelveen").click()
                expect(page.get_by_role("heading", name="Uw sessies")).to_be_visible()
            assert provider.asked.count("/.well-known/openid-configuration") == 1, "onthouden"
            page.goto("/beheer/")
            expect(page.get_by_role("heading", name="Hier mag u niet bij")).to_be_visible()
        finally:
            browsers.close()
            made.remove()
    browsers.trouble.expect("status of 403")
    assert browsers.trouble.unexpected() == []
