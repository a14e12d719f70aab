"""Browser tests against the real thing: live streams are asynchronous, so Django's own live server cannot serve them.

Everything that is shared lives as long as this package and no longer: a running Playwright is an event loop in this
thread, in which Django would refuse the tests of the other packages their database.
"""

from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Error, Locator, expect, sync_playwright

from tests.e2e.installation import Installation, Stagehand, chromium, ended_after
from tests.e2e.people import TIMEOUT, Browsers, Room, log_in

HERE = Path(__file__).parent
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="package", autouse=True)
def patience():
    """A person sees a page before pressing anything on it; on a busy computer Playwright would be there before the scripts."""
    expect.set_options(timeout=TIMEOUT)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("click", "fill", "press", "check"):
            patch.setattr(Locator, name, _patient(getattr(Locator, name)))
        yield


def _patient(act):
    def look_first(self, *args, **options):
        self.wait_for(state="attached")
        self.page.wait_for_load_state("domcontentloaded")
        return act(self, *args, **options)

    return look_first


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """What was on the screens when a test failed: a picture of each, and where it is."""
    report = yield
    if call.when == "call" and report.failed and "browsers" in item.funcargs:
        folder = item.funcargs["tmp_path_factory"].mktemp("schermen")
        report.sections.append(("schermen", "\n".join(item.funcargs["browsers"].picture(folder))))
    return report


@pytest.fixture(scope="package")
def site(tmp_path_factory):
    made = Installation(tmp_path_factory.mktemp("site"))
    made.set_up()
    made.start()
    yield made
    made.remove()


@pytest.fixture(scope="package")
def stagehand(site):
    hand = Stagehand(site)
    yield hand
    hand.leave()


@pytest.fixture(scope="package")
def browser():
    """A Chromium that does not go when it is asked to is made to, and with it what waits for it."""
    with ended_after(20, "run-driver") as leaving, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield browser
        leaving.set()
        with suppress(Error):
            browser.close()


@pytest.fixture(scope="package")
def facilitator_state(browser, site):
    """Logged in once: a password takes its time to check."""
    context = browser.new_context(base_url=site.url)
    page = context.new_page()
    log_in(page)
    expect(page.get_by_role("heading", name="Uw sessies")).to_be_visible()
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def browsers(browser, site, tmp_path_factory):
    """Browsers for this test; it fails when one of them heard trouble that it did not expect."""
    opened = Browsers(browser, site.url)
    yield opened
    opened.close()
    assert opened.trouble.unexpected() == []


@pytest.fixture
def make_room(browsers, facilitator_state, stagehand):
    """A fresh session, so that no test meets what another wrote."""

    def make(**details) -> Room:
        return Room(browsers, facilitator_state, **stagehand.ask("session", **details))

    return make


@pytest.fixture
def demo(browsers, facilitator_state, stagehand):
    """The demo session: to look at, not to write in."""
    return Room(browsers, facilitator_state, **stagehand.ask("describe", code="demo"))
