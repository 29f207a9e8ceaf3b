"""The share panel: the address, the links and their codes, in small and for a whole room."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Locator, Page, Response, expect

from tests.browser.checks import DESK, PHONE, ROOM, assert_fit_for_reading, opened
from tests.conftest import LiveServer, running_server


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A server that goes by the room's name as well."""
    folder = tmp_path_factory.mktemp("data")
    with running_server(folder, "--workers", "1", env={"PLAYGROUND_ALLOWED_HOSTS": ROOM}) as server:
        yield server


def in_the_room(server: LiveServer) -> str:
    return server.url.replace("127.0.0.1", ROOM)


def open_panel(page: Page, path: str = "./") -> Locator:
    page.goto(path)
    expect(page.locator("#status[data-connection=open]")).to_be_visible()
    page.locator("#share").click()
    panel = page.locator(".share")
    expect(panel).to_be_visible()
    return panel


def test_the_panel_shows_the_address_that_the_page_was_opened_by(browser: Browser, room: LiveServer) -> None:
    address = in_the_room(room)
    with opened(browser, room, viewport=DESK) as page:
        panel = open_panel(page, f"{address}/")

        expect(panel.locator("#share-address")).to_have_text(address.removeprefix("http://"))
        expect(panel.get_by_role("img", name="QR code of")).to_be_visible()
        drawn = panel.locator(".qr img")
        expect(drawn).to_have_js_property("complete", True)
        assert drawn.evaluate("image => image.naturalWidth") > 0


@pytest.mark.parametrize("path", ["/", "/mnist"])
def test_every_link_is_copied_as_it_is_drawn_and_none_is_asked_of_the_server(
    browser: Browser, room: LiveServer, path: str
) -> None:
    address = in_the_room(room)
    with opened(browser, room) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        with page.expect_response("**/qr") as answered:
            panel = open_panel(page, f"{address}{path}")
        key = "session" if path == "/" else "mnist.session"
        mine = page.evaluate(f"JSON.parse(sessionStorage.getItem('{key}'))")
        links = {
            "start their own": f"{address}/",
            "watch": f"{address}{path}#session={mine['id']}&token={mine['viewerToken']}",
            "drive": f"{address}{path}#session={mine['id']}&token={mine['token']}",
        }

        for purpose, link in links.items():
            if purpose != "start their own":  # That is chosen from the start.
                with page.expect_response("**/qr") as answered:
                    panel.get_by_role("radio", name=purpose).check()
            sent = sent_for(answered.value)
            drawn = sent["address"] + (f"#session={mine['id']}&token={sent['token']}" if sent["token"] else "")
            assert drawn == link
            panel.get_by_role("button", name="Copy").click()
            expect(page.locator(".notice")).to_have_text("It is in the clipboard.")
            assert pasted(page) == link
        tokens = (mine["token"], mine["viewerToken"])
        assert asked and [url for url in asked if any(token in url for token in tokens)] == []


def sent_for(code: Response) -> dict[str, Any]:
    """Return what the page sent to have a code drawn."""
    sent: dict[str, Any] = json.loads(code.request.post_data or "")
    return sent


def pasted(page: Page) -> str:
    """Return what is in the clipboard, as a person finds out."""
    page.evaluate("document.body.append(Object.assign(document.createElement('textarea'), { id: 'paste' }))")
    page.locator("#paste").focus()
    page.keyboard.press("Control+V")
    text = page.locator("#paste").input_value()
    page.locator("#paste").evaluate("field => field.remove()")
    return text


def test_a_link_to_watch_lets_others_watch(browser: Browser, room: LiveServer) -> None:
    with opened(browser, room) as page, opened(browser, room) as watching:
        panel = open_panel(page, in_the_room(room))
        expect(panel.locator("img")).to_be_visible()
        with page.expect_response("**/qr") as answered:
            panel.get_by_role("radio", name="watch").check()
        sent = sent_for(answered.value)
        mine = page.evaluate("JSON.parse(sessionStorage.getItem('session'))")

        watching.goto(f"{sent['address']}#session={mine['id']}&token={sent['token']}")

        expect(watching.locator("#status")).to_have_text("Learning · you are watching")
        panel = watching.locator(".share")
        watching.locator("#share").click()
        expect(panel.get_by_role("radio", name="watch")).to_be_checked(checked=False)
        expect(panel.get_by_role("radio", name="drive")).to_have_count(0)


def test_the_projector_shows_it_to_the_whole_room_until_escape(browser: Browser, room: LiveServer) -> None:
    address = in_the_room(room)
    with opened(browser, room, viewport=DESK) as page:
        panel = open_panel(page, address)
        panel.get_by_role("button", name="Projector").click()
        projector = page.get_by_role("dialog", name="Build your own network")

        expect(projector.locator(".projector-address")).to_have_text(address.removeprefix("http://"))
        expect(projector.locator("img")).to_be_visible()
        box = projector.locator("img").bounding_box()
        assert box is not None and box["height"] > 500
        assert (
            projector.locator(".projector-address").evaluate("text => parseFloat(getComputedStyle(text).fontSize)") > 48
        )
        assert projector.bounding_box() == {"x": 0, "y": 0, "width": 1440, "height": 900}

        page.keyboard.press("Escape")

        expect(projector).to_have_count(0)
        expect(page.locator("#share")).to_be_focused()


def test_a_server_for_this_machine_alone_says_how_to_let_others_in(browser: Browser, room: LiveServer) -> None:
    with opened(browser, room) as page:
        panel = open_panel(page)

        expect(panel).to_contain_text("Only this machine reaches the server.")
        expect(panel).to_contain_text("python3 run.py --host 0.0.0.0")
        expect(panel.locator("img")).to_have_count(0)
        expect(panel.get_by_role("button", name="Projector")).to_have_count(0)
        panel.get_by_role("radio", name="drive").check()
        expect(panel.get_by_role("button", name="Copy link")).to_be_visible()


@pytest.mark.parametrize(("scheme", "language", "size"), [("light", "en", DESK), ("dark", "it", PHONE)])
def test_every_state_of_the_panel_can_be_read(
    browser: Browser, room: LiveServer, scheme: Literal["light", "dark"], language: str, size: dict[str, int]
) -> None:
    with opened(browser, room, scheme, language, viewport=size) as page:
        panel = open_panel(page)
        page.locator("#play").click()
        assert_fit_for_reading(page)  # Nobody else reaches it.
        panel = open_panel(page, in_the_room(room))
        page.locator("#play").click(force=True)
        page.locator("#share").click()
        for purpose in panel.get_by_role("radio").all():
            purpose.check(force=True)
            expect(panel.locator("img")).to_be_visible()
            assert_fit_for_reading(page)
        panel.locator("button").last.click()
        expect(page.locator("#projector img")).to_be_visible()
        assert_fit_for_reading(page)
