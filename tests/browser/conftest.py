"""What all tests in a browser share: the browser itself, a page of it, and patience."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from bench.page import CHROMIUM_FLAGS
from tests.browser.checks import PATIENCE_MS, ROOM
from tests.conftest import LiveServer, console_errors


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let these tests come last: once Playwright's event loop runs, no other test can run its own."""
    items.sort(key=lambda item: Path(__file__).parent in item.path.parents)


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[Browser]:
    """A headless Chromium that asks nobody but the server, and for which the room's name is this machine."""
    flags = [*CHROMIUM_FLAGS, f"--host-resolver-rules=MAP {ROOM} 127.0.0.1"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path, args=flags)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A page in a fresh context; the test fails on errors in its console (CSP violations are among them)."""
    context = browser.new_context(base_url=live_server.url + "/", locale="en-GB")
    page = context.new_page()
    errors = console_errors(page)
    yield page
    context.close()
    assert not errors, "\n".join(errors)


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """Machines that test are slow, and shared."""
    expect.set_options(timeout=PATIENCE_MS)
    yield
    expect.set_options(timeout=5_000)
