"""The past of a run as a person uses it: scrub, branch, go on, undo, and recover from a divergence."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.checks import assert_fit_for_reading, session

EPOCHS = 30


def give(page: Page, command: dict[str, object]) -> dict[str, object]:
    """Give the page's session a command over REST, as another program would, and wait until it is done."""
    mine = session(page)
    headers = {"Authorization": f"Bearer {mine['token']}"}
    answer = page.request.post(f"api/v1/sessions/{mine['id']}/commands?wait=30", headers=headers, data=command)
    assert answer.ok, answer.text()
    done: dict[str, object] = answer.json()
    return done


def outputs(page: Page) -> str:
    """Return what the page's session says to one point now."""
    mine = session(page)
    headers = {"Authorization": f"Bearer {mine['token']}"}
    address = f"api/v1/sessions/{mine['id']}/predict"
    return page.request.post(address, headers=headers, data={"inputs": [[1, 2]]}).text()


@pytest.fixture
def trained(page: Page) -> Page:
    """The page with a network that has trained for 30 epochs and rests."""
    page.goto("./")
    expect(page.locator("#epoch")).not_to_have_text("0")
    give(page, {"type": "pause"})
    give(page, {"type": "reset"})
    give(page, {"type": "run", "epochs": EPOCHS})
    expect(page.locator("#epoch")).to_have_text(str(EPOCHS))
    return page


def test_a_run_is_scrubbed_branched_from_and_gone_on_from(trained: Page) -> None:
    page, slider = trained, trained.locator("#timeline")
    newest, loss = outputs(page), page.locator("#loss").inner_text()

    # By keyboard: to the beginning, and ten epochs on.
    slider.focus()
    slider.press("Home")
    expect(page.locator("#epoch")).to_have_text("0")
    for _ in range(10):
        slider.press("ArrowRight")
    expect(page.locator("#epoch")).to_have_text("10")
    expect(page.locator("#timeline-where")).to_have_text(f"Epoch 10 of {EPOCHS}")
    expect(page.locator("#loss")).not_to_have_text(loss)
    assert "Epoch 10 of 30" in str(slider.get_attribute("aria-valuetext"))
    past = outputs(page)
    assert past != newest
    assert_fit_for_reading(page, ".timeline")

    # A branch opens beside it, standing at the same step.
    page.locator("#branch").click()
    link = page.locator("#branch-made a")
    with page.context.expect_page() as opening:
        link.click()
    branch = opening.value
    expect(branch.locator("#epoch")).to_have_text("10")
    assert outputs(branch) == past
    branch.close()
    expect(page.locator("#epoch")).to_have_text("10")

    # Back, and back again; then on from there.
    page.locator("#to-present").click()
    expect(page.locator("#epoch")).to_have_text(str(EPOCHS))
    expect(page.locator("#timeline-where")).to_be_empty()
    assert outputs(page) == newest
    slider.focus()
    for _ in range(5):
        slider.press("ArrowLeft")
    expect(page.locator("#epoch")).to_have_text("25")
    page.locator("#go-on").click()
    expect(page.locator("#status")).to_have_attribute("data-state", "running")
    expect(page.locator("#go-on")).to_have_count(0)
    page.locator("#play").click()
    expect(page.locator("#status")).to_have_attribute("data-state", "paused")

    # What came later is one step back.
    page.keyboard.press("Control+z")
    expect(page.locator("#epoch")).to_have_text(str(EPOCHS))
    assert outputs(page) == newest


def test_changes_are_undone_and_made_again_and_a_rebuilt_network_has_its_weights_back(trained: Page) -> None:
    page, rate, undo = trained, trained.locator("#learning-rate"), trained.locator("#undo")
    newest = outputs(page)

    give(page, {"type": "configure", "patch": {"network": {"layers": [{"units": 3}]}}})
    expect(page.locator("#epoch")).to_have_text("0")
    undo.click()
    expect(page.locator("#epoch")).to_have_text(str(EPOCHS))
    assert outputs(page) == newest

    rate.fill("0.5")
    rate.press("Enter")
    expect(undo).to_be_enabled()
    page.locator("#play").focus()
    page.keyboard.press("Control+z")
    expect(rate).to_have_value("0.03")
    page.keyboard.press("Control+Shift+z")
    expect(rate).to_have_value("0.5")
    # In a field, Ctrl+Z belongs to what is typed there.
    rate.focus()
    page.keyboard.press("Control+z")
    expect(rate).to_have_value("0.5")
    page.reload()
    expect(undo).to_be_enabled()


def test_a_divergence_is_explained_in_numbers_and_one_click_goes_back_before_it(page: Page) -> None:
    page.goto("./")
    expect(page.locator("#epoch")).not_to_have_text("0")
    give(page, {"type": "pause"})
    patch = {
        "network": {"layers": [{"units": 8, "activation": "relu"}] * 3, "output_activation": "linear"},
        "training": {"loss": "mean_squared_error", "optimizer": {"name": "sgd", "learning_rate": 0.01}},
    }
    give(page, {"type": "configure", "patch": patch})
    give(page, {"type": "run", "epochs": 5})
    expect(page.locator("#epoch")).to_have_text("5")
    rate = page.locator("#learning-rate")
    rate.fill("10")
    rate.press("Enter")
    expect(rate).to_have_value("10")
    page.locator("#play").click()

    explanation = page.locator("#diverged")
    expect(explanation).to_contain_text("The learning rate 10 made the weights grow: the loss went from 0.")
    expect(explanation).to_contain_text("to infinity in")
    assert_fit_for_reading(page, "#diverged")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    page.set_viewport_size({"width": 1440, "height": 900})

    page.get_by_role("button", name="Back to epoch 5, and on with learning rate 1").click()

    expect(rate).to_have_value("1")
    expect(page.locator("#epoch")).not_to_have_text("0")
