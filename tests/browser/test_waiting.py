"""What the pages say when the server has no place, or cannot save; and that both pass by themselves."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from typing import Any, Literal

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.checks import PHONE, assert_fit_for_reading, opened
from tests.conftest import LiveServer, StartServer

STATES: list[tuple[Literal["light", "dark"], str]] = [("light", "en"), ("dark", "it")]


def take_place(server: LiveServer) -> dict[str, Any]:
    """Make a session, so that there is one place less."""
    made: dict[str, Any] = httpx.post(f"{server.url}/api/v1/sessions").raise_for_status().json()
    return made


def give_back(server: LiveServer, session: dict[str, Any]) -> None:
    headers = {"Authorization": f"Bearer {session['token']}"}
    httpx.delete(f"{server.url}/api/v1/sessions/{session['id']}", headers=headers).raise_for_status()


def session_of(page: Page, key: str = "session") -> dict[str, Any]:
    remembered: dict[str, Any] = page.evaluate(f"JSON.parse(sessionStorage.getItem('{key}'))")
    return remembered


def test_who_finds_the_server_full_waits_in_line_and_begins_by_himself(
    browser: Browser, start_server: StartServer
) -> None:
    server = start_server("--workers", "1", env={"PLAYGROUND_MAX_SESSIONS": "1"})
    first = take_place(server)
    with opened(browser, server) as second, opened(browser, server, "dark", "it", viewport=PHONE) as third:
        second.goto("./")
        expect(second.locator("#queue-place")).to_contain_text("You are number 1 of 1.")
        third.goto("./mnist")
        expect(third.locator("#queue-place")).to_contain_text("Sei il numero 2 di 2.")
        expect(second.locator("#queue-place")).to_contain_text("You are number 1 of 2.")
        expect(second.locator("#status")).to_have_text("Waiting")
        expect(second.locator("#play")).to_have_count(0)
        assert_fit_for_reading(second)
        assert_fit_for_reading(third)

        # A reload keeps the place in the line.
        mine = session_of(second)
        second.reload()
        expect(second.locator("#queue-place")).to_contain_text("You are number 1 of 2.")
        assert session_of(second) == mine

        give_back(server, first)

        expect(second.locator("#status")).to_have_text("Learning")
        expect(second.locator("#speed")).to_have_value("20 epochs/s")
        expect(second.locator("#map canvas").first).to_be_visible()
        expect(second.locator("#epoch")).not_to_have_text("0")
        expect(second.get_by_role("button", name="Presets")).to_be_enabled()
        expect(third.locator("#queue-place")).to_contain_text("Sei il numero 1 di 1.")

        # The page on digits begins by itself too, and then is ready.
        second.close()
        give_back(server, mine)
        expect(third.locator("#status")).to_have_text("Pronta")
        expect(third.get_by_role("button", name="Avvia", exact=True)).to_be_enabled()


def test_who_comes_with_too_many_others_is_told_when_and_begins_then(
    browser: Browser, start_server: StartServer
) -> None:
    limits = {"PLAYGROUND_MAX_CREATIONS_AT_ONCE": "1", "PLAYGROUND_MAX_CREATIONS_PER_MINUTE": "12"}
    server = start_server("--workers", "1", env=limits)
    take_place(server)
    with opened(browser, server, "dark", "it") as page:
        page.goto("./")

        expect(page.get_by_text("In molti avete iniziato nello stesso momento.")).to_be_visible()
        expect(page.locator(".waiting-countdown")).to_have_text(
            re.compile(r"^La pagina riprova fra [1-6] second[oi]\.$")
        )
        assert_fit_for_reading(page)
        expect(page.locator("#status")).to_have_text("Sta imparando")


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"MAX_SESSIONS_PER_CLIENT": "1"}, "as many people work on the server as it allows"),
        ({"MAX_SESSIONS": "1", "MAX_QUEUE": "0"}, "The server is full, and so is its queue."),
    ],
)
def test_who_is_refused_for_the_moment_is_told_why_and_begins_when_he_may(
    browser: Browser, start_server: StartServer, limits: dict[str, str], words: str
) -> None:
    server = start_server("--workers", "1", env={f"PLAYGROUND_{name}": value for name, value in limits.items()})
    with opened(browser, server) as page:
        with opened(browser, server) as first:
            first.goto("./")
            expect(first.locator("#status")).to_have_text("Learning")
            page.goto("./")
            expect(page.get_by_text(words)).to_be_visible()
            expect(page.locator(".waiting-countdown")).to_contain_text("The page asks again in")
            assert_fit_for_reading(page)
            leaving = session_of(first)

        give_back(server, leaving)

        expect(page.locator("#status")).to_have_text("Learning")


def test_that_the_server_can_not_save_is_said_quietly_and_only_as_long(
    browser: Browser, live_server: LiveServer
) -> None:
    store = live_server.data_dir / "sessions.sqlite3"
    for scheme, language in STATES:
        with opened(browser, live_server, scheme, language) as page:
            page.goto("./")
            expect(page.locator("#epoch")).not_to_have_text("0")
            notice = page.locator("#saving")
            expect(notice).to_have_count(0)
            with closing(sqlite3.connect(store, isolation_level=None)) as other_program:
                other_program.execute("BEGIN IMMEDIATE")
                page.locator("#play").click()

                words = {"en": "The server's storage is busy.", "it": "L’archivio del server è occupato."}
                expect(notice).to_contain_text(words[language])
                assert_fit_for_reading(page)
                page.set_viewport_size(PHONE)
                assert_fit_for_reading(page)
                other_program.execute("ROLLBACK")

            expect(notice).to_have_count(0)
