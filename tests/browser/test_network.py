"""The network changed by hand: weights, biases, units and layers, by mouse, finger and keyboard."""

from __future__ import annotations

import io
import re

import numpy as np
from playwright.sync_api import Browser, Page, expect

from tests.browser.checks import ask, assert_fit_for_reading, opened, wait_until
from tests.conftest import LiveServer


def parameter(page: Page, index: int) -> float:
    """Return what the server knows of one weight or bias."""
    return float(np.load(io.BytesIO(ask(page, "/parameters", "application/x-npy")))[index])


def open_paused(page: Page, language: str = "en") -> None:
    page.goto(f"./?lang={language}")
    expect(page.locator("#epoch")).not_to_have_text("0")
    page.locator("#play").click()
    wait_until(page, lambda: b'"state":"paused"' in ask(page, ""))


def link_to(page: Page, name: str) -> tuple[float, float]:
    """Return a point of the window on the uppermost of the links that lead straight to a unit."""
    box = page.get_by_role("button", name=name).bounding_box()
    assert box is not None
    return box["x"] - 14, box["y"] + box["height"] / 2


def test_a_weight_is_set_by_click_and_dragged_and_stays_open_while_it_learns(page: Page) -> None:
    open_paused(page)
    page.mouse.move(*link_to(page, "Hidden layer 2 · unit 1"))
    expect(page.locator("#network-tip")).to_contain_text(
        re.compile(r"Weight h1\.\d → h2\.1.*gradient\s*−?0\.\d{4}", re.S)
    )

    page.mouse.down()
    page.mouse.up()
    card = page.get_by_role("dialog", name=re.compile(r"^Weight h1\.\d → h2\.1$"))
    name = card.get_attribute("aria-label") or ""
    index = 12 + 2 * (int(name.split("h1.")[1][0]) - 1)
    field = card.get_by_role("spinbutton")
    expect(field).to_be_focused()
    field.fill("")
    field.press("Enter")
    expect(card.get_by_role("alert")).to_have_text("Write a number.")
    field.press("Escape")
    field.fill("1.25")
    field.press("Enter")
    wait_until(page, lambda: abs(parameter(page, index) - 1.25) < 1e-6)
    expect(field).to_have_value("1.25")

    # Dragged up by 50 pixels, it is larger by 1.
    x, y = link_to(page, "Hidden layer 2 · unit 1")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 20, steps=4)
    page.mouse.move(x, y - 50, steps=4)
    page.mouse.up()
    wait_until(page, lambda: abs(parameter(page, index) - 2.25) < 1e-6)

    page.mouse.move(5, 5)
    assert_fit_for_reading(page)
    page.locator("#play").click()
    wait_until(page, lambda: abs(parameter(page, index) - 2.25) > 1e-3)
    expect(card).to_be_visible()
    wait_until(page, lambda: field.input_value() != "2.25")


def test_by_keyboard_alone_every_weight_and_the_layers_change(page: Page) -> None:
    open_paused(page)
    page.get_by_role("button", name="Output · unit 1").focus()
    page.keyboard.press("Enter")

    card = page.get_by_role("dialog", name="Output · unit 1")
    expect(card.get_by_role("spinbutton", name="Weight h2.1 → out.1")).to_be_focused()
    for _ in range(2):
        page.keyboard.press("Tab")
    expect(card.get_by_role("spinbutton", name="Bias of out.1")).to_be_focused()
    page.keyboard.type("-0.5")
    page.keyboard.press("Enter")
    wait_until(page, lambda: parameter(page, 24) == -0.5)
    assert_fit_for_reading(page)
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(page.get_by_role("button", name="Output · unit 1")).to_be_focused()

    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("button", name="Hidden layer 2 · unit 1")).to_be_focused()
    page.keyboard.press("+")
    expect(page.locator("#arithmetic")).to_contain_text("(4·3 + 3)")

    page.get_by_role("button", name="Insert a hidden layer before Hidden layer 1").press("Enter")
    expect(page.locator("#layer-count")).to_have_text("3 hidden layers")
    units = page.get_by_role("spinbutton", name="Units of Hidden layer 2")
    units.focus()
    units.press("PageUp")
    expect(page.locator("#arithmetic")).to_contain_text("(2·4 + 4) + (4·14 + 14) + (14·3 + 3) + (3·1 + 1)")


def test_a_large_layer_folds_and_gives_all_its_units(page: Page) -> None:
    page.goto("./")
    units = page.get_by_role("spinbutton", name="Units of Hidden layer 1")
    units.focus()
    for _ in range(5):
        units.press("PageUp")
    units.press("ArrowDown")
    expect(page.locator("#arithmetic")).to_contain_text("(2·53 + 53)")

    more = page.get_by_role("button", name="Hidden layer 1: show others (and 41 more)")
    more.click()

    expect(page.get_by_role("button", name="Hidden layer 1 · unit 13", exact=True)).to_be_visible()
    expect(page.get_by_text("12 above")).to_be_visible()
    expect(page.locator("button.unit")).to_have_count(12 + 2 + 1)
    page.get_by_role("button", name="Hidden layer 1 · unit 24", exact=True).focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("button", name="Hidden layer 1 · unit 25", exact=True)).to_be_focused()


def test_on_a_phone_a_tap_opens_a_unit_in_italian(browser: Browser, live_server: LiveServer) -> None:
    phone = {"width": 390, "height": 844}
    with opened(browser, live_server, language="it", viewport=phone, has_touch=True) as page:
        open_paused(page, "it")

        page.get_by_role("button", name="Strato nascosto 1 · unità 1", exact=True).tap()

        card = page.get_by_role("dialog", name="Strato nascosto 1 · unità 1")
        expect(card.get_by_role("spinbutton")).to_have_count(3)
        expect(card).to_contain_text("250 esempi di addestramento")
        box = card.bounding_box()
        assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 390 and box["y"] + box["height"] <= 844
        assert_fit_for_reading(page)
