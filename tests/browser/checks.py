"""What every state of every page has to stand: axe, readable text, no scrolling sideways."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.conftest import ROOT, LiveServer, console_errors

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
PATIENCE_MS = 30_000
# A name of this machine that is none of its loopback addresses: as in a room where it is opened by its number. What
# browsers grant to loopback alone, a page at this name does not get.
ROOM = "room.example"


@contextmanager
def opened(
    browser: Browser, server: LiveServer, scheme: Literal["light", "dark"] = "light", language: str = "en", **more: Any
) -> Iterator[Page]:
    """A page in a fresh context of that server; it fails on errors in its console."""
    locale = {"en": "en-GB", "it": "it-IT"}[language]
    context = browser.new_context(base_url=server.url + "/", locale=locale, color_scheme=scheme, **more)
    page = context.new_page()
    errors = console_errors(page)
    try:
        yield page
    finally:
        context.close()
    # A refusal that the page takes care of is written into the console all the same, and so is a header of which
    # browsers take no notice without HTTPS.
    known = ("Failed to load resource", "The Cross-Origin-Opener-Policy header has been ignored")
    assert [error for error in errors if not error.startswith(known)] == []


def assert_fit_for_reading(page: Page, within: str | None = None) -> None:
    """Fail if axe complains, if text is tiny, if a phrase is missing, or if the page scrolls sideways.

    `within` names by a selector the part that has changed, where the whole has been looked at before.
    """
    if not AXE.exists():
        pytest.fail("axe-core is missing: `python3 run.py test` installs it, and so does `npm ci`.")
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("within => axe.run(within ?? document, { resultTypes: ['violations'] })", within)
    assert [f"{rule['id']}: {node['html']}" for rule in found["violations"] for node in rule["nodes"]] == []

    tiny = page.evaluate(
        """within => [...document.querySelector(within ?? "body").querySelectorAll("*")]
          .filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
          .map((element) => [element, parseFloat(getComputedStyle(element).fontSize)])
          .filter(([element, size]) => size < 12 && size > 0) // At 0 a word is there for those who listen.
          .map(([element]) => element)
          .map((element) => element.outerHTML.slice(0, 120))""",
        within,
    )
    assert tiny == []

    words = json.loads((ROOT / "static" / "locales" / "en.json").read_text(encoding="utf-8"))
    text = page.locator(within or "body").first.inner_text()
    assert [key for key in words if key in text.split()] == []

    sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert sideways <= 0


def wait_until(page: Page, condition: Callable[[], bool]) -> None:
    """Wait for what no locator can say. (`wait_for_function` needs eval, which the page's policy forbids.)"""
    for _ in range(PATIENCE_MS // 50):
        if condition():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it did not happen in time")


def session(page: Page) -> dict[str, str]:
    """Return id and token of the page's session; that of the page on digits has a place of its own."""
    key = "mnist.session" if urlsplit(page.url).path.endswith("/mnist") else "session"
    remembered: dict[str, str] = page.evaluate(f"JSON.parse(sessionStorage.getItem('{key}'))")
    return remembered


def ask(page: Page, path: str = "", accept: str = "application/json") -> bytes:
    """Return what the server answers about the page's session; `path` comes after its address."""
    mine = session(page)
    headers = {"Authorization": f"Bearer {mine['token']}", "Accept": accept}
    answer = page.request.get(f"api/v1/sessions/{mine['id']}{path}", headers=headers)
    assert answer.ok
    return answer.body()


def server_says(page: Page) -> dict[str, Any]:
    """Return what the server knows of the page's session."""
    said: dict[str, Any] = json.loads(ask(page))
    return said


def spec_of(page: Page) -> dict[str, Any]:
    """Return the spec that the server has."""
    spec: dict[str, Any] = server_says(page)["spec"]
    return spec


def pause(page: Page) -> None:
    """Press pause, and wait until page and server agree on where that was: the page says it before the server does."""
    page.locator("#play").click()
    expect(page.locator("#status")).to_have_attribute("data-state", "paused")
    wait_until(page, lambda: server_says(page)["state"] == "paused")
    expect(page.locator("#epoch")).to_have_text(f"{server_says(page)['epoch']:,}")
