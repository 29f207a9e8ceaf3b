"""The card of lenses: an example walked through, runs side by side, and every tab fit to be read."""

from __future__ import annotations

import io
import json
import re
from typing import Any, Literal

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.checks import DESK, PHONE, ask, assert_fit_for_reading, opened, pause
from tests.conftest import LiveServer

# What each tab shows when its answer is there.
SHOWN = {
    "layers": "#lens table",
    "example": ".walk-lines",
    "space": ".space-marks >> nth=1",
    "histograms": ".histogram",
    "surface": ".surface-frame",
    "runs": "#keep-run",
}


def parameters(page: Page) -> np.ndarray[Any, Any]:
    vector: np.ndarray[Any, Any] = np.load(io.BytesIO(ask(page, "/parameters", "application/x-npy")))
    return vector


def open_lens(page: Page, lens: str) -> None:
    page.locator(f"#lens-tab-{lens}").click()
    expect(page.locator(SHOWN[lens]).first).to_be_visible()


def start(page: Page) -> None:
    page.goto("./")
    expect(page.locator("#epoch")).not_to_have_text("0")


def forget(page: Page) -> None:
    """Let the server forget what it was asked to remember, as when it is started anew."""
    page.evaluate(
        """async (moments) => {
            const { id, token } = JSON.parse(sessionStorage.getItem("session"));
            const headers = { "Content-Type": "application/json", Authorization: `Bearer ${token}` };
            for (const moment of moments) {
                const body = JSON.stringify({ type: "forget", moment });
                await fetch(`api/v1/sessions/${id}/commands`, { method: "POST", headers, body });
            }
        }""",
        json.loads(ask(page, ""))["timeline"]["moments"],
    )


def numbers(cells: list[str]) -> list[float]:
    """Return what cells say, such as −0.25, +1,000 or 6.2·10⁻⁶."""
    plain = str.maketrans({"−": "-", "+": None, ",": None, **dict(zip("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789", strict=True))})
    return [float(cell.translate(plain).replace("·10", "e")) for cell in cells]


def test_a_walk_tells_the_servers_numbers_and_ends_in_the_update_that_it_explained(page: Page) -> None:
    start(page)
    pause(page)
    before = parameters(page)
    trace = json.loads(ask(page, "/trace?next=true"))
    open_lens(page, "example")
    expect(page.locator(".walk")).to_contain_text(f"number {trace['index'] + 1} of Train")

    # Forward through the first layer: its sums and activations, in the lens and on the graph.
    page.locator("#lens").get_by_role("button", name="Next").click()
    units = page.locator(".walk-phase table").first
    shown = numbers(units.locator("tbody td").all_inner_texts())
    layer = trace["layers"][0]
    expected = [value for pair in zip(layer["sums"], layer["activations"], strict=True) for value in pair]
    assert shown == pytest.approx(expected, abs=6e-5)
    on_graph = numbers(page.locator(".graph-walk-unit").all_inner_texts())
    assert on_graph == pytest.approx(layer["inputs"] + layer["activations"], abs=6e-3)

    # By keyboard back to the loss and on to the update.
    page.get_by_role("list", name="Phases").get_by_role("button", name="Loss").click()
    expect(page.locator(".walk-lines")).to_contain_text(f"= {trace['loss']:.4f}")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", name="Update")).to_be_visible()
    page.get_by_role("button", name="Make the update").click()

    expect(page.locator(".walk-status")).to_contain_text("each number has moved by −η times its gradient")
    rows = page.locator(".walk-changes tbody tr")
    table = [numbers(row.locator("td").all_inner_texts()) for row in rows.all()]
    after, rate = parameters(page), trace["learning_rate"]
    expected_rows = []
    start_of_layer = 0
    for layer in trace["layers"]:
        inputs, count = len(layer["inputs"]), len(layer["sums"])
        gradient = np.vstack([layer["weight_gradients"], layer["deltas"]])
        old, new = (
            vector[start_of_layer : start_of_layer + gradient.size].reshape(inputs + 1, count)
            for vector in (before, after)
        )
        assert new == pytest.approx(old - rate * gradient, abs=1e-6)
        expected_rows += np.stack([old.T, gradient.T, new.T, (new - old).T], axis=-1).reshape(-1, 4).tolist()
        start_of_layer += gradient.size
    np.testing.assert_allclose(table, expected_rows, atol=6e-5)


def test_an_example_is_chosen_on_the_map_where_it_is_walked_through(page: Page) -> None:
    start(page)
    pause(page)
    parts = {split: json.loads(ask(page, f"/data?split={split}&limit=600"))["inputs"] for split in ("train", "test")}
    chosen, lonely = loneliest(parts)
    walk, map_ = page.locator(".walk"), page.locator("#map")

    def press(place: list[float]) -> None:
        box = map_.bounding_box()
        assert box is not None
        x, y = (box["width"] * (place[0] + 6) / 12, box["height"] * (6 - place[1]) / 12)
        map_.click(position={"x": x, "y": y})

    # Nobody walks: the map is the probe's alone. Whoever steps by example has the walk opened by an example.
    press(lonely)
    expect(page.locator(".readout")).to_contain_text("=")
    expect(page.locator("#lens-tab-example")).to_have_attribute("aria-selected", "false")
    page.locator("#step-unit").select_option(label="example")
    expect(page.locator(".example-picks")).to_be_attached()
    press(lonely)
    expect(page.locator("#lens-tab-example")).to_have_attribute("aria-selected", "true")
    expect(walk.get_by_label("number")).to_have_value(str(chosen["index"] + 1))
    expect(walk.get_by_role("combobox").first).to_have_value(chosen["split"])
    expect(page.locator(".example-ring:not(.is-near)")).to_be_visible()

    # Beside all examples a press changes nothing; by keys the one nearest to the cross is chosen.
    page.locator("#step-unit").select_option(label="epoch")
    press([0.0, 5.99])
    map_.focus()
    for key in ("Escape", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    said, split = re.fullmatch(r"number (\d+) of (\w+)", page.locator("#example-picked").inner_text()).groups()  # type: ignore[union-attr]
    middle = parts[split.lower()][int(said) - 1]
    everyone = [place for inputs in parts.values() for place in inputs]
    assert np.hypot(*middle) <= min(np.hypot(x, y) for x, y in everyone) + 0.2
    expect(walk.get_by_label("number")).to_have_value(said)

    # While one paints, a press is a point and nothing else.
    page.get_by_role("radio", name="Own").check()
    page.locator("#paint").click()
    expect(page.locator(".example-picks")).to_have_count(0)


def loneliest(parts: dict[str, list[list[float]]]) -> tuple[dict[str, Any], list[float]]:
    """Return the example that is farthest from all others, and where it lies."""
    names = [{"split": split, "index": index} for split, inputs in parts.items() for index in range(len(inputs))]
    places = np.array([place for inputs in parts.values() for place in inputs])
    distances = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    np.fill_diagonal(distances, np.inf)
    place = int(distances.min(axis=1).argmax())
    return names[place], places[place].tolist()


def test_runs_are_kept_compared_and_taken_up_again_also_after_a_reload(page: Page) -> None:
    start(page)
    open_lens(page, "runs")
    expect(page.locator("#lens")).to_contain_text("No run has been kept yet")
    pause(page)
    kept, epoch = parameters(page), page.locator("#epoch").inner_text()

    page.locator("#keep-run").click()
    expect(page.get_by_role("button", name="Bring back")).to_be_visible()
    page.locator("#play").click()
    page.locator("#learning-rate").fill("0.3")
    page.locator("#learning-rate").press("Enter")
    expect(page.locator("#lens")).to_contain_text("Optimizer: Learning rate")
    page.locator("#keep-run").click()
    name = page.get_by_label("Name of the run XOR · 4-2").first
    name.fill("slow")
    name.press("Enter")
    page.get_by_label("Compare: The present run").uncheck()

    # Two are left: what lies between their maps, and in what they differ.
    expect(page.locator(".runs-map")).to_have_count(3)
    expect(page.locator(".runs-map").last).to_contain_text("difference of the outputs")
    settings = page.locator("#lens table").last.locator("tbody tr")
    expect(settings).to_have_text([r"Optimizer: Learning rate0.030.3"])
    assert_fit_for_reading(page)

    # Their curves are read, looked into and drawn on another axis as the others are.
    loss = page.get_by_role("application", name="Loss over the epochs. A: slow; B: XOR · 4-2")
    loss.focus()
    page.keyboard.press("Home")
    expect(page.locator(".runs-chart .chart-reading").first).to_have_text(
        re.compile(r"^epoch 1 · A \d\.\d{4} · B \d\.\d{4}$")
    )
    page.keyboard.press("End")
    expect(page.locator(".runs-chart .chart-reading").first).to_contain_text(f"(epoch {epoch})")
    page.keyboard.press("+")
    everything = page.locator(".runs-chart").get_by_role("button", name="All", exact=True)
    expect(everything).to_have_count(2)
    everything.last.click()
    expect(everything).to_have_count(0)
    page.get_by_role("combobox", name="Figure").select_option(label="F1")
    expect(page.get_by_role("application", name="F1 over the epochs")).to_be_visible()
    expect(page.locator(".runs-list thead")).to_contain_text("F1, Test")

    page.reload()
    expect(page.locator("#lens-tab-runs")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_label("Name of the run slow")).to_have_value("slow")
    page.get_by_role("button", name="Restore setup: slow").click()
    expect(page.locator("#learning-rate")).to_have_value("0.03")

    # The network comes back with its weights, whatever stands there now, for as long as the server remembers it.
    page.get_by_role("button", name="Add a hidden layer").first.click()
    expect(page.locator("#epoch")).not_to_have_text(epoch)
    page.get_by_role("button", name="Bring back: slow").click()
    expect(page.locator("#epoch")).to_have_text(epoch)
    np.testing.assert_array_equal(parameters(page), kept)
    forget(page)
    expect(page.get_by_role("button", name="Bring back: slow")).to_have_count(0)
    expect(page.locator(".runs-list")).to_contain_text("Setup only: the server no longer has its weights.")
    page.get_by_role("button", name="Delete: slow").click()

    expect(page.get_by_label("Name of the run slow")).to_have_count(0)
    expect(page.locator(".runs-list tbody tr")).to_have_count(2)


@pytest.mark.parametrize(("scheme", "language", "window"), [("light", "en", DESK), ("dark", "it", PHONE)])
def test_every_lens_is_fit_for_reading(
    browser: Browser,
    live_server: LiveServer,
    scheme: Literal["light", "dark"],
    language: str,
    window: dict[str, int],
) -> None:
    with opened(browser, live_server, scheme, language, viewport=window) as page:
        start(page)
        pause(page)  # Pictures that stand still are looked at sooner.
        for lens in SHOWN:
            open_lens(page, lens)
            if lens == "runs":
                page.locator("#keep-run").click()
                expect(page.locator(".runs-list")).to_be_visible()
            assert_fit_for_reading(page, "#lens")
            table = page.locator("#lens").get_by_label("Come tabella" if language == "it" else "As a table")
            if table.count() > 0:
                table.check()
                expect(page.locator("#lens table")).to_be_visible()
                assert_fit_for_reading(page, "#lens")
