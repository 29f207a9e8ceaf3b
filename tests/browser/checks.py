"""What every state of every page has to stand: axe, readable text, no scrolling sideways."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page

from tests.conftest import ROOT, LiveServer, console_errors

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}


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
