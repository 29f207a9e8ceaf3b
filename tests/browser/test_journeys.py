"""Whole journeys, in Italian and by keyboard alone: what a student does in an hour, without ever touching a mouse."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.checks import opened, server_says
from tests.conftest import LiveServer

# So many stops the whole page has not.
MOST_STOPS = 250


@pytest.fixture
def page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """The playground in Italian, on which a network learns already."""
    with opened(browser, live_server, language="it", permissions=["clipboard-read", "clipboard-write"]) as page:
        page.goto("./?tour=0")
        expect(page.locator("#epoch")).not_to_have_text("0")
        yield page


def go_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus, as someone without a mouse does."""
    for _ in range(MOST_STOPS):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{target} is not reached by Tab")


def press(page: Page, target: Locator, key: str = "Enter") -> None:
    go_to(page, target)
    page.keyboard.press(key)


def type_into(page: Page, target: Locator, text: str) -> None:
    go_to(page, target)
    page.keyboard.press("Control+a")
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def choose(page: Page, first: Locator, wanted: Locator, key: str = "ArrowRight") -> None:
    """Walk with an arrow from the chosen one of a group of radio buttons to the wanted one."""
    go_to(page, first)
    for _ in range(MOST_STOPS):
        if wanted.is_checked():
            return
        page.keyboard.press(key)
    raise AssertionError(f"{wanted} is not reached by {key}")


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def test_the_spiral_is_solved(page: Page) -> None:
    datasets = page.locator("input[name=dataset]")
    choose(page, page.locator("input[name=dataset]:checked"), datasets.and_(page.get_by_role("radio", name="Spirale")))
    for feature in ("sin x", "sin y"):
        press(page, page.get_by_role("checkbox", name=feature, exact=True), "Space")
    for layer in (1, 1, 2, 2, 2, 2):
        press(page, button(page, f"Aggiungi un’unità: Strato nascosto {layer}"))
    expect(page.locator("#arithmetic")).to_contain_text("79 parametri")

    press(page, page.locator(".picker", has_text="Ottimizzatore").first)
    choose(
        page,
        page.locator("[popover]:popover-open input:checked").first,
        page.get_by_role("radio", name="Adam", exact=True),
    )
    page.keyboard.press("Escape")
    type_into(page, page.locator("#learning-rate"), "0,02")
    go_to(page, page.locator("#speed"))
    page.keyboard.press("End")

    # "Test accuracy" as a student reads it.
    expect(page.locator("#test_accuracy")).to_have_text(re.compile(r"^(0,9[5-9]|1,0)\d+$"))
    press(page, page.locator("#play"), "Space")
    expect(page.locator("#status")).to_have_text("In pausa")
    assert server_says(page)["metrics"]["test_accuracy"] >= 0.9


def test_a_run_is_broken_and_recovered(page: Page) -> None:
    # Numbers to predict, a network without bounds, and a rate of ten: it can't go well.
    choose(
        page,
        page.get_by_role("radio", name="2 classi"),
        page.get_by_role("radio", name="Numeri", exact=True),
    )
    press(page, page.locator("input[name=dataset]").first, "Space")
    expect(page.locator("#status")).to_have_text("Sta imparando")
    type_into(page, page.locator("#learning-rate"), "10")

    diverged = page.locator("#diverged")
    expect(diverged).to_contain_text("Il tasso di apprendimento 10 ha fatto crescere i pesi")
    press(page, diverged.get_by_role("button", name=re.compile("^Torna all’epoca")))
    expect(diverged).to_have_count(0)
    expect(page.locator("#learning-rate")).to_have_value("1")
    assert server_says(page)["spec"]["training"]["optimizer"]["learning_rate"] == 1


def test_a_set_is_painted_and_learned(page: Page) -> None:
    choose(page, page.get_by_role("radio", name="2 classi"), page.get_by_role("radio", name="Tuoi"), "ArrowLeft")
    press(page, page.locator("#paint"))
    expect(page.get_by_role("application", name="Il piano su cui disegnare")).to_be_focused()

    # Class 0 to the left, class 1 to the right.
    for key in [
        *["ArrowLeft"] * 3,
        "Enter",
        "ArrowUp",
        "Enter",
        "1",
        *["ArrowRight"] * 6,
        "Enter",
        "ArrowDown",
        "Enter",
    ]:
        page.keyboard.press(key)
    expect(page.locator(".paint-count")).to_have_text("4 / 200")
    page.keyboard.press("Escape")

    expect(page.locator(".own-present")).to_contain_text("4 punti disegnati")
    expect(page.locator("#accuracy")).to_have_text("1,0000")
    points = server_says(page)["spec"]["data"]["dataset"]["points"]
    assert [target for _, _, target in points] == [0, 0, 1, 1]
    assert max(x for x, _, target in points if target == 0) < min(x for x, _, target in points if target == 1)


def test_a_setup_is_shared_and_opened_in_a_second_browser(
    page: Page, browser: Browser, live_server: LiveServer
) -> None:
    datasets = page.locator("input[name=dataset]")
    choose(page, page.locator("input[name=dataset]:checked"), datasets.and_(page.get_by_role("radio", name="Cerchio")))
    type_into(page, page.locator("#learning-rate"), "0,1")
    expect(page).to_have_url(re.compile("data=circle.*rate=0.1"))

    press(page, page.locator("#share"))
    panel = page.get_by_role("dialog", name="Condividi")
    choose(page, panel.get_by_role("radio", name="Invita"), panel.get_by_role("radio", name="Impostazioni"))
    press(page, panel.get_by_role("button", name="Copia il link"))
    expect(page.get_by_text("È negli appunti.")).to_be_visible()
    link = str(page.evaluate("navigator.clipboard.readText()"))

    with opened(browser, live_server, language="it") as second:
        second.goto(f"{live_server.url}/#{link.partition('#')[2]}")
        expect(second.locator("#epoch")).not_to_have_text("0")
        assert server_says(second)["spec"] == server_says(page)["spec"]
        assert server_says(second)["id"] != server_says(page)["id"]


def test_a_run_is_scrubbed_and_branched_from(page: Page) -> None:
    press(page, page.locator("#play"), "Space")
    expect(page.locator("#status")).to_have_text("In pausa")
    go_to(page, page.locator("#timeline"))
    page.keyboard.press("Home")
    where = page.locator("#timeline-where")
    expect(where).to_have_text(re.compile(r"^Epoca 0 di \d+$"))
    newest = where.inner_text().rpartition(" ")[2]
    page.keyboard.press("ArrowRight")
    expect(where).to_have_text(f"Epoca 1 di {newest}")

    press(page, page.locator("#branch"))
    with page.context.expect_page() as opening:
        press(page, page.get_by_role("link", name="Apri in una nuova scheda"))
    branch = opening.value
    expect(branch.locator("#epoch")).to_have_text("1")
    assert server_says(branch)["id"] != server_says(page)["id"]
    branch.close()

    press(page, page.locator("#to-present"))
    expect(page.locator("#epoch")).to_have_text(newest)
    assert server_says(page)["timeline"]["is_past"] is False
