import os
import random
from datetime import date
from pathlib import Path

import pytest
from django.utils import translation

from malaka_portal.actors import acting
from malaka_portal.models import Parameter

# Playwright's sync interface runs an event loop in this thread, which Django takes for async code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

CHROMIUM = next(
    (p for p in ("/usr/bin/chromium", "/usr/bin/google-chrome") if Path(p).exists()), None
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
# Of the messy spreadsheets that tests make; the processes that share the tests share it too.
os.environ.setdefault("PORTAL_SEED", str(random.randrange(10**6)))
REQUIRED_BROWSER_TESTS = int(os.environ.get("PORTAL_BROWSER_TESTS", "0"))
passed_in_browser = set()


def pytest_report_header(config):
    return f"PORTAL_SEED={os.environ['PORTAL_SEED']}"


@pytest.fixture(autouse=True)
def indonesian():
    """A request to /en/ leaves its thread in English; every test starts in Indonesian."""
    translation.activate("id")


@pytest.fixture(autouse=True)
def actor():
    """What a test writes is written by the test; requests name actors of their own."""
    with acting(command="test", by="pytest"):
        yield


@pytest.fixture(autouse=True)
def hours_of_the_law(request, actor):
    """Tests that truncate the tables take the law away too; without it nobody withdraws."""
    marker = request.node.get_closest_marker("django_db")
    if marker and marker.kwargs.get("transaction"):
        request.getfixturevalue("transactional_db")
        law = {"value": 72, "regulation": "UU 27/2022 pasal 40"}
        Parameter.objects.get_or_create(
            key="consent.withdrawal.hours", valid_from=date(2022, 10, 17), defaults=law
        )


@pytest.fixture(scope="session")
def browser():
    if not CHROMIUM:
        pytest.skip("No Chromium: install the package chromium to run the browser tests.")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, headless=True)
        yield found
        found.close()


@pytest.fixture(params=["with JavaScript", "without JavaScript"])
def page(browser, request):
    """A phone's page, 360 px wide; every journey runs with and without JavaScript."""
    context = browser.new_context(
        viewport={"width": 360, "height": 740},
        locale="id-ID",
        timezone_id="Asia/Makassar",
        java_script_enabled=request.param == "with JavaScript",
    )
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda m: page.complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    yield page
    context.close()


def pytest_runtest_logreport(report):
    if report.when == "call" and report.passed and "tests/browser/" in report.nodeid:
        passed_in_browser.add(report.nodeid)


def pytest_sessionfinish(session, exitstatus):
    """CI says how many browser tests there must be, so that none is skipped unseen."""
    if not REQUIRED_BROWSER_TESTS or hasattr(session.config, "workerinput"):
        return
    if len(passed_in_browser) < REQUIRED_BROWSER_TESTS:
        print(f"\n{len(passed_in_browser)} browser tests passed, {REQUIRED_BROWSER_TESTS} wanted")
        session.exitstatus = 1
