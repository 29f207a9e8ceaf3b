"""Sessions on data of a user's own, which as yet are made over REST: the page shows those that it can."""

from __future__ import annotations

from typing import Any

import httpx
from playwright.sync_api import Page, expect

from tests.conftest import LiveServer


def link_to_session_on(live_server: LiveServer, text: str) -> str:
    """Return the link to a session on a table."""
    base = f"{live_server.url}/api/v1"
    table: dict[str, Any] = (
        httpx.post(f"{base}/datasets", content=text, headers={"Content-Type": "text/csv"}).raise_for_status().json()
    )
    spec = {"data": {"dataset": table["suggested"]}}
    session = httpx.post(f"{base}/sessions", json={"spec": spec}).raise_for_status().json()
    return f"#session={session['id']}&token={session['token']}"


def test_a_table_with_two_columns_is_shown_and_learnt_on_the_plane(page: Page, live_server: LiveServer) -> None:
    rows = "".join(f"{age},{150 + age % 7},{'cats' if age > 30 else 'dogs'}\n" for age in range(20, 60))

    page.goto(link_to_session_on(live_server, f"age,height,likes\n{rows}"))

    expect(page.get_by_text("A table of your own")).to_be_visible()
    expect(page.locator("input[name=dataset]:checked")).to_have_count(0)  # It is none of those to choose from.
    page.locator("#play").click()
    expect(page.locator("#epoch")).not_to_have_text("0")


def test_a_table_with_more_columns_is_shown_from_where_its_examples_differ_most(
    page: Page, live_server: LiveServer
) -> None:
    rows = "".join(f"{row},{row % 7},{row % 5},{'x' if row % 2 else 'y'}\n" for row in range(3, 40))

    page.goto(link_to_session_on(live_server, f"a,b,c,kind\n{rows}"))

    expect(page.get_by_role("img", name="The examples on the plane along which they differ most")).to_be_visible()
    expect(page.locator(".columns li")).to_have_text(["a", "b", "c"])
    page.locator("#play").click()
    expect(page.locator("#epoch")).not_to_have_text("0")
