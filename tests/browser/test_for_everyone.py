"""The page for everyone: by keyboard, by ear, on paper, in large type, and without a barrier in any of its states."""

from __future__ import annotations

import re
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.checks import PHONE, assert_fit_for_reading, opened
from tests.conftest import LiveServer


@pytest.fixture
def playground(page: Page) -> Page:
    page.goto("./")
    expect(page.locator("#epoch")).not_to_have_text("0")
    return page


def paused(page: Page) -> Page:
    """A page whose pictures stand still, so that looking at it is cheap."""
    page.goto("./")
    expect(page.locator("#status")).to_have_attribute("data-state", "running")
    expect(page.locator("#epoch")).not_to_have_text("0")
    page.locator("#play").click()
    expect(page.locator("#status")).to_have_attribute("data-state", "paused")
    return page


# What opens something: found in the page, so that no new state is forgotten.
OPENERS = "button[popovertarget], button[aria-haspopup=dialog]"
TABS = "#main .tabs > [role=tab]"
LOADING = re.compile(r"^\s*(One moment|Un momento)…\s*$")


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("it", "dark")])
def test_no_state_of_the_page_has_a_barrier(
    browser: Browser, live_server: LiveServer, language: str, scheme: Literal["light", "dark"]
) -> None:
    with opened(browser, live_server, scheme, language) as page:
        paused(page)
        assert_fit_for_reading(page)
        for tab in page.locator(TABS).all():
            tab.click()
            expect(page.locator("#lens")).not_to_have_text(LOADING)
            assert_fit_for_reading(page, "#lens")
        look_at_all_that_opens(page)


def look_at_all_that_opens(page: Page) -> None:
    seen: set[str] = set()
    for index in range(page.locator(OPENERS).count()):
        opener = page.locator(OPENERS).nth(index)
        # Of many units one card is enough; a button with a panel of its own is one of a kind.
        kind = opener.get_attribute("popovertarget") or opener.get_attribute("class") or ""
        if kind in seen or not opener.is_visible() or not opener.is_enabled():
            continue
        seen.add(kind)
        opener.click()
        panel = page.locator("[role=dialog]:visible, dialog[open]").last
        expect(panel).to_be_visible()
        # All that unfolds within, at once.
        panel.evaluate("panel => panel.querySelectorAll('details').forEach((part) => part.removeAttribute('name'))")
        panel.evaluate("panel => panel.querySelectorAll('details').forEach((part) => { part.open = true; })")
        panel.evaluate("panel => panel.classList.add('looked-at')")
        assert_fit_for_reading(page, ".looked-at")
        page.keyboard.press("Escape")
        expect(page.locator(".looked-at:visible")).to_have_count(0)
        page.evaluate("document.querySelector('.looked-at')?.classList.remove('looked-at')")


def test_large_type_and_hints_on_a_phone_have_no_barrier_either(browser: Browser, live_server: LiveServer) -> None:
    with opened(browser, live_server, "dark", "it", viewport=PHONE) as page:
        page.add_init_script("localStorage['large-type'] = localStorage.hints = 'true'")
        paused(page)
        assert_fit_for_reading(page)
        sizes = page.evaluate(
            """() => [...document.querySelectorAll("button, select, summary, input:not([type=checkbox], [type=radio])")]
              .filter((element) => element.checkVisibility({ visibilityProperty: true }))
              .map((element) => [element, element.getBoundingClientRect()])
              .filter(([, { width, height }]) => width > 1 && Math.min(width, height) < 24)
              .map(([element, { width, height }]) => `${width}x${height} ${element.outerHTML.slice(0, 100)}`)"""
        )
        assert sizes == []


def test_single_keys_press_what_the_list_says_but_not_while_typing(playground: Page) -> None:
    status, epoch = playground.locator("#status"), playground.locator("#epoch")
    playground.keyboard.press("?")
    keys = playground.get_by_role("dialog", name="Help")
    expect(keys).to_contain_text("Start again with the same weights")
    playground.keyboard.press("s")  # A panel that is open has the keys for itself.
    playground.keyboard.press("Escape")
    expect(status).to_have_text("Learning")

    playground.keyboard.press("r")
    expect(epoch).to_have_text("0")
    playground.keyboard.press("s")
    expect(epoch).to_have_text("1")
    playground.keyboard.press("l")
    playground.keyboard.press("ArrowRight")
    expect(playground.locator("#learning-rate")).to_have_value("0.05")
    playground.locator("#learning-rate").focus()
    playground.keyboard.type("s")
    playground.keyboard.press("Escape")
    expect(epoch).to_have_text("1")
    playground.locator("#learning-rate").blur()
    playground.keyboard.press("1")
    expect(playground.locator(TABS).first).to_be_focused()

    playground.locator("#display").click()
    playground.get_by_label("Single-key shortcuts").uncheck()
    playground.keyboard.press("Escape")
    playground.keyboard.press("s")
    playground.keyboard.press(" ")  # On the button that was left it opens the menu, as everywhere.
    expect(playground.get_by_label("Single-key shortcuts")).to_be_visible()
    expect(epoch).to_have_text("1")


def test_steps_by_batch_and_example_are_counted_and_heard(playground: Page) -> None:
    within, said = playground.locator("#within-epoch"), playground.locator("#announcer")
    playground.locator("#play").click()
    expect(said).to_contain_text(re.compile(r"Paused, epoch \d+, (example \d+ of 250, )?loss 0\.\d+, accuracy \d+ %"))
    playground.locator("#reset").click()
    playground.locator("#step-unit").select_option("batch")

    playground.locator("#step").click()
    expect(within).to_have_text("batch 1 of 25")
    playground.locator("#step").click()
    expect(within).to_have_text("batch 2 of 25")
    playground.locator("#step-unit").select_option("example")
    playground.locator("#step").click()

    expect(within).to_have_text("example 21 of 250")
    expect(said).to_contain_text("example 21 of 250")
    playground.reload()
    expect(within).to_have_text("example 21 of 250")
    expect(playground.locator("#step-unit")).to_have_value("example")
    expect(playground.locator("#speed")).to_have_value("20 epochs/s")


def test_the_loss_can_be_heard_while_it_runs_and_not_on_pause(playground: Page) -> None:
    playground.evaluate(
        """() => {
          const Real = AudioContext;
          window.heard = [];
          window.AudioContext = class extends Real { constructor(...more) { super(...more); heard.push(this); } };
        }"""
    )
    loudness = "() => heard.at(-1)?.state ?? 'none'"

    playground.keyboard.press("m")
    wait_for(playground, loudness, "running")
    playground.keyboard.press("m")

    wait_for(playground, loudness, "closed")


def wait_for(page: Page, script: str, value: str) -> None:
    """Wait until a script of the page's says so."""
    for _ in range(200):
        if page.evaluate(script) == value:
            return
        page.wait_for_timeout(50)
    assert page.evaluate(script) == value


def test_large_type_folds_what_is_set_up_once_and_is_kept(playground: Page) -> None:
    size = "getComputedStyle(document.body).fontSize"
    before = playground.evaluate(size)

    playground.locator("#display").click()
    playground.get_by_label("Large type").check()
    playground.keyboard.press("Escape")
    expect(playground.locator(".card.data details")).not_to_have_attribute("open", "")
    playground.reload()

    expect(playground.locator("#status")).to_have_text("Learning")
    assert float(playground.evaluate(size)[:-2]) > float(before[:-2])
    playground.locator(".card.data summary").click()
    expect(playground.get_by_text("New data")).to_be_visible()


def test_letters_and_colours_of_the_readers_system_are_taken_and_maps_keep_theirs(
    browser: Browser, live_server: LiveServer
) -> None:
    with opened(browser, live_server, forced_colors="active") as page:
        # As if the browser's own letters were set to very large ones.
        page.add_init_script(
            """new MutationObserver((_, observer) => {
              observer.disconnect();
              document.documentElement.style.fontSize = "24px";
            }).observe(document, { childList: true });"""
        )
        paused(page)
        expect(page.locator("html")).to_have_attribute("data-type", "large")
        colours = page.locator("#map canvas").first.evaluate(
            """canvas => {
              const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
              return new Set(new Uint32Array(data.buffer)).size;
            }"""
        )
        assert colours > 5, "the map has the colour of texts"

        page.locator("#display").click()
        page.get_by_role("checkbox", name="Large type").uncheck()
        page.reload()
        expect(page.locator("#epoch")).not_to_have_text("0")
        expect(page.locator("html")).not_to_have_attribute("data-type", "large")


def test_a_hint_is_given_with_its_numbers_to_who_wants_it_and_one_press_tries_it(page: Page) -> None:
    page.add_init_script("localStorage.hints = 'true'")
    page.goto("./?tour=0")
    page.locator("#learning-rate").fill("0,0003")
    page.locator("#learning-rate").press("Enter")
    page.locator("#speed").select_option("200 epochs/s")
    hint = page.locator("#hint")

    expect(hint).to_contain_text(re.compile(r"Over the last 40 epochs the loss has fallen by only [\d.]+ %"))
    hint.get_by_role("button", name="Learning rate 0.0009").click()

    expect(page.locator("#learning-rate")).to_have_value("0.0009")
    expect(hint).to_have_count(0)


def test_on_paper_the_setup_is_a_table_and_there_is_nothing_to_press(page: Page) -> None:
    page.emulate_media(media="print", color_scheme="dark")
    page.goto("./?tour=0&lang=it")
    setup = page.locator(".printed-setup")

    expect(setup).to_contain_text("Dimensione del batch")
    expect(setup).to_contain_text("XOR (Punti 500, Rumore 0,1)")
    expect(page.locator("#map")).to_be_visible()
    # What stays is read: names, values, and the heads of the columns of figures.
    expect(page.locator("#main button:visible:not(.unit, .picker, .metric-choice)")).to_have_count(0)
    assert page.evaluate("getComputedStyle(document.querySelector('.card')).backgroundColor") == "rgb(255, 255, 255)"

    # Printing draws pictures that fit the sheet, in the place of what is laid out for the screen.
    expect(page.locator("#epoch")).not_to_have_text("0")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator(".printed-pictures svg")).to_have_count(3)
    expect(page.locator(".printed-pictures svg title")).to_have_text(["Rete", "Uscita", "Entropia incrociata binaria"])
    expect(page.locator("#map")).to_be_hidden()
    expect(setup).to_contain_text(re.compile(r"Perdita: Addestramento \d,\d{4}, Test \d,\d{4}"))
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator("#map")).to_be_visible()


def test_a_run_that_a_rule_has_ended_says_why_and_goes_on_if_wanted(page: Page) -> None:
    page.goto("./?tour=0")
    page.locator("#more").click()
    more = page.get_by_role("dialog", name="More about how it learns")
    more.locator("summary", has_text="Stop rules").click()
    expect(more.get_by_role("button", name="Early stopping")).to_be_disabled()
    more.get_by_role("button", name="After epochs").click()
    more.locator(".stop-rule .number-input").fill("12")
    more.locator(".stop-rule .number-input").press("Enter")
    page.keyboard.press("Escape")

    ended = page.locator("#ended")
    expect(ended).to_contain_text(re.compile(r"Stopped at epoch \d+: after epochs. It was to stop at epoch 12."))
    ended.get_by_role("button", name="Go on all the same").click()

    expect(page.locator("#status")).to_have_text("Learning")
    expect(ended).to_have_count(0)
