"""What a first visit costs: every file that a page loads is one that somebody on a slow line waits for."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from tests.conftest import LiveServer, console_errors

MOST_KILOBYTES = 350
PATIENCE_MS = 60_000


@pytest.mark.parametrize("name", ["", "mnist"], ids=["playground", "mnist"])
def test_a_first_visit_loads_little_and_nothing_that_is_not_needed(
    browser: Browser, live_server: LiveServer, count: Callable[[str, int], None], name: str
) -> None:
    context = browser.new_context(base_url=live_server.url + "/", locale="en-GB")
    page = context.new_page()
    errors = console_errors(page)
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    sizes: list[float] = []
    network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    responses: list[Response] = []
    page.on("response", lambda response: responses.append(response))

    page.goto(f"./{name}")
    expect(page.locator("#play")).to_be_enabled(timeout=PATIENCE_MS)
    if not name:
        expect(page.locator("#epoch")).not_to_have_text("0", timeout=PATIENCE_MS)
    page.wait_for_load_state("networkidle")

    assert sum(sizes) <= 1000 * MOST_KILOBYTES
    count(f"KB on a first visit of /{name}", round(sum(sizes) / 1000))
    assert plain(responses) == []
    assert fetched(responses) - announced(page) - open_lens(responses) == set()
    assert announced(page) - fetched(responses) == set()
    made = [answer.request for answer in responses if answer.request.method == "POST"]
    assert [urlsplit(request.url).path.rsplit("/", 1)[-1] for request in made] == ["sessions"]
    # The playground's head asks for what the server makes of nothing: no module is there yet that knew better.
    assert (made[0].post_data == "{}") is (not name)
    context.close()
    assert errors == []


def plain(responses: list[Response]) -> list[str]:
    """Return what came uncompressed although it is longer than a packet."""
    return [
        answer.url
        for answer in responses
        if "content-encoding" not in answer.headers
        and int(answer.headers.get("content-length", "0")) > 1400
        and not answer.headers["content-type"].startswith("application/x-npy")  # Images: bytes as they are.
    ]


def fetched(responses: list[Response]) -> set[str]:
    paths = (urlsplit(answer.url).path for answer in responses)
    return {path for path in paths if path.endswith((".js", ".mjs")) and "/boot/" not in path}


def announced(page: Page) -> set[str]:
    """Return what the page itself names: the modules, and the scripts that are none."""
    named = page.locator('link[rel="modulepreload"], script[src]:not([src*="/boot/"])')
    hrefs = named.evaluate_all("all => all.map(one => one.href ?? one.src)")
    return {urlsplit(href).path for href in hrefs}


def open_lens(responses: list[Response]) -> set[str]:
    """Return the module of the one lens that is open at first; each of the others is fetched when it is."""
    lenses = {path for path in fetched(responses) if "/panels/lenses/" in path and path.count("/lenses/") == 1}
    return lenses if len(lenses) == 1 else set()
