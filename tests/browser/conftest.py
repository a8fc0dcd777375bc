"""A real Chromium on the real pages. What it must never see on any page is collected here and asked for afterwards."""

import os
from io import StringIO
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.core.management import call_command
from playwright.sync_api import sync_playwright

from tests import make

FLAGS = ["--no-sandbox", "--disable-background-networking", "--no-first-run"]
DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
LISTENER = """
    window.violations = [];
    document.addEventListener("securitypolicyviolation", event =>
        window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));
"""


@pytest.fixture(scope="session")
def chromium():
    path = os.environ.get("CHROMIUM")
    if not path:
        if os.environ.get("CI", "").lower() in {"true", "1"}:
            pytest.fail("CI may not leave out the browser tests: CHROMIUM does not name a browser.")
        pytest.skip("CHROMIUM does not name a browser; .ci/test.py sets it.")
    # Playwright keeps an event loop running in this thread, and Django would refuse its database there.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class Watch:
    """A page and everything that went wrong on it: errors, foreign requests, broken answers, blocked content."""

    def __init__(self, context, site):
        self.site = site
        self.faults = []
        context.add_init_script(LISTENER)
        self.page = context.new_page()
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("request", self._asked)
        self.page.on("response", self._answered)

    def _said(self, message):
        if message.type in ("error", "warning"):
            self.faults.append(f"console: {message.text}")

    def _asked(self, request):
        if urlsplit(request.url).netloc not in (urlsplit(self.site).netloc, "") and "data:" not in request.url[:5]:
            self.faults.append(f"request elsewhere: {request.url}")

    def _answered(self, response):
        if response.status >= 400:
            self.faults.append(f"{response.status}: {response.url}")

    def open(self, address):
        self.page.goto(self.site + address)
        return self.page

    def taken_faults(self) -> list[str]:
        """What went wrong since the last time; to be asked before axe, which injects styles of its own."""
        found = [*self.faults, *(f"policy: {text}" for text in self.page.evaluate("window.violations || []"))]
        self.faults.clear()
        return found


@pytest.fixture
def visit(chromium, live_server):
    """Makes browsers: visit(viewport=..., color_scheme=..., java_script_enabled=...)."""
    contexts = []

    def make_watch(**options):
        context = chromium.new_context(locale="id-ID", viewport=options.pop("viewport", DESK), **options)
        context.set_default_timeout(15_000)
        contexts.append(context)
        return Watch(context, live_server.url)

    yield make_watch
    for context in contexts:
        context.close()


def sign_in(watch, username, password=make.PASSWORD):
    page = watch.open("/masuk/")
    page.get_by_label("Nama pengguna").fill(username)
    page.get_by_label("Kata sandi").fill(password)
    page.get_by_role("button", name="Masuk").click()
    page.wait_for_url(lambda url: "/masuk/" not in url)
    return page


@pytest.fixture
def reference(transactional_db):
    cache.clear()  # kept pages outlive the database of a test
    call_command("load_reference", stdout=StringIO())


@pytest.fixture
def sample(reference, settings, monkeypatch):
    """A year as `make run` shows it, smaller."""
    settings.DEBUG = True
    monkeypatch.setenv("SAMPLE_PASSWORD", make.PASSWORD)
    call_command("load_sample", activities=60, stdout=StringIO())
    settings.DEBUG = False
