"""The administrator's page: who may see it, that it shows what happens, and that it stays up to date."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.checks import DESK, PHONE, assert_fit_for_reading, opened
from tests.conftest import LiveServer, StartServer, running_server

TOKEN = "chosen-by-the-administrator"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A server whose administrator has chosen a token."""
    folder = tmp_path_factory.mktemp("data")
    with running_server(folder, "--workers", "1", env={"PLAYGROUND_ADMIN_TOKEN": TOKEN}) as server:
        yield server


def open_admin(page: Page) -> None:
    page.goto(f"./admin#token={TOKEN}")
    expect(page.locator("#figure-sessions")).to_be_visible()


def test_the_page_asks_for_the_token_and_refuses_another(browser: Browser, server: LiveServer) -> None:
    with opened(browser, server) as page:
        page.goto("./admin")
        field = page.get_by_label("Administrator's token")
        expect(field).to_be_focused()

        field.fill("not-the-administrators-token")
        field.press("Enter")
        expect(page.get_by_role("alert")).to_have_text("This is not the token of this server.")
        field.fill(TOKEN)
        field.press("Enter")

        expect(page.locator("#figure-sessions")).to_be_visible()
        page.reload()
        expect(page.locator("#figure-sessions")).to_be_visible()


def test_a_link_opens_it_and_leaves_the_address(browser: Browser, server: LiveServer) -> None:
    with opened(browser, server) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))

        open_admin(page)

        assert page.url == f"{server.url}/admin"
        assert not any(TOKEN in url for url in asked if "#" not in url)


def test_the_printed_line_opens_it(browser: Browser, live_server: LiveServer) -> None:
    assert live_server.process.stdout is not None
    link = live_server.process.stdout.readline().removeprefix("Admin: ").strip()
    with opened(browser, live_server) as page:
        page.goto(link)

        expect(page.locator("#figure-sessions")).to_be_visible()


def test_what_happens_on_the_server_is_seen_there(browser: Browser, server: LiveServer) -> None:
    with opened(browser, server) as page, opened(browser, server) as student:
        open_admin(page)
        student.goto("./")
        expect(student.locator("#status")).to_have_text("Learning")

        expect(page.locator("#figure-running")).to_have_text("1")
        expect(page.locator("#figure-streams")).to_have_text("1")
        expect(page.locator("#state-running")).to_have_text("1")
        expect(page.locator("#figure-rate")).to_have_text(re.compile(r"^(1\d|2\d)$"))
        expect(page.locator("#saving")).to_have_text("Everything is saved: it survives a restart.")
        expect(page.locator("#stored-sessions")).to_contain_text("of 2,000")
        workers = page.locator(".admin-table tbody tr")
        expect(workers).to_have_count(2)
        expect(workers.last).to_contain_text("MB")
        expect(workers.last).to_contain_text("%")
        expect(page.locator(".spark canvas")).to_have_count(2)
        student.locator("#play").click()
        expect(page.locator("#figure-running")).to_have_text("0")


def test_a_page_that_nobody_looks_at_asks_nothing(browser: Browser, server: LiveServer) -> None:
    with opened(browser, server) as page:
        open_admin(page)
        hide(page, True)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.wait_for_timeout(3000)
        assert asked == []

        hide(page, False)

        expect(page.locator("#figure-sessions")).to_be_visible()
        page.wait_for_timeout(500)
        assert len(asked) == 1


def hide(page: Page, is_hidden: bool) -> None:
    page.evaluate(
        """isHidden => {
          Object.defineProperty(document, "hidden", { value: isHidden, configurable: true });
          document.dispatchEvent(new Event("visibilitychange"));
        }""",
        is_hidden,
    )


def test_a_server_that_has_gone_is_told_and_its_last_figures_stay(browser: Browser, start_server: StartServer) -> None:
    server = start_server("--workers", "1", env={"PLAYGROUND_ADMIN_TOKEN": TOKEN})
    httpx.post(f"{server.url}/api/v1/sessions").raise_for_status()
    with opened(browser, server) as page:
        open_admin(page)
        expect(page.locator("#figure-sessions")).to_contain_text("1")

        server.stop()

        expect(page.get_by_role("alert")).to_contain_text("These figures are old.")
        expect(page.locator("#figure-sessions")).to_contain_text("1")


@pytest.mark.parametrize(("scheme", "language", "size"), [("light", "en", DESK), ("dark", "it", PHONE)])
def test_the_page_can_be_read(
    browser: Browser, server: LiveServer, scheme: Literal["light", "dark"], language: str, size: dict[str, int]
) -> None:
    with opened(browser, server, scheme, language, viewport=size) as page:
        page.goto("./admin")
        expect(page.locator("form")).to_be_visible()
        assert_fit_for_reading(page)
        page.goto(f"./admin#token={TOKEN}")
        expect(page.locator("#figure-sessions")).to_be_visible()
        page.locator("summary").click()
        assert_fit_for_reading(page)
