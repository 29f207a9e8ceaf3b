"""What the network says and how well, as a person reads it from the map, in a real browser against a real server."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.checks import PATIENCE_MS, assert_fit_for_reading

# The map has so many points a side, from -6 to 6.
LINES = 100


def ask(page: Page, method: str, path: str, body: Any = None, token: str = "") -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = page.request.fetch(f"api/v1/{path}", method=method, headers=headers, data=body)
    assert answer.ok, answer.text()
    return answer.json()


def open_trained(page: Page, spec: dict[str, Any], epochs: int) -> tuple[str, str]:
    """Train a session over REST, open it by its link, and return its path and token."""
    made = ask(page, "POST", "sessions", {"spec": spec})
    path, token = f"sessions/{made['id']}", made["token"]
    done = ask(page, "POST", f"{path}/commands?wait=60", {"type": "run", "epochs": epochs}, token)
    assert done["done"]
    page.goto(f"./#session={made['id']}&token={token}")
    expect(page.locator("#status")).to_have_text("Done")
    return path, token


def number_in(text: str) -> float:
    """Return the number that a text ends with, as the page writes it."""
    return float(text.split()[-1].replace("\N{MINUS SIGN}", "-").replace(",", ""))


CASES: dict[str, dict[str, Any]] = {
    "two classes": {"dataset": "spiral", "features": ["x", "y", "sin_x", "x_times_y"]},
    "three classes": {"dataset": "blobs", "features": ["x", "y_squared", "sin_y"]},
    "numbers": {"dataset": "saddle", "features": ["x", "y", "x_squared"]},
}


@pytest.mark.parametrize("data", CASES.values(), ids=CASES)
def test_the_map_says_what_the_server_predicts(page: Page, data: dict[str, Any]) -> None:
    """Everywhere: now, after a reload, at a past step, and on a branch from there."""
    path, token = open_trained(page, {"data": data}, 30)
    assert_probe_tells_the_truth(page, path, token)
    discretise(page, data["dataset"] == "blobs")

    newest = assert_map_tells_the_truth(page, path, token)
    page.reload()
    np.testing.assert_array_equal(assert_map_tells_the_truth(page, path, token), newest)
    step = ask(page, "GET", path, token=token)["step"] // 3
    assert ask(page, "POST", f"{path}/commands?wait=30", {"type": "seek", "step": step}, token)
    past = assert_map_tells_the_truth(page, path, token)
    assert np.abs(past - newest).max() > 0.01
    branch = ask(page, "POST", f"{path}/commands?wait=30", {"type": "branch", "step": step}, token)
    page.goto(f"./#session={branch['session']}&token={branch['token']}")
    expect(page.locator("#status[data-connection=open]")).to_be_visible()
    discretise(page, data["dataset"] == "blobs")
    there = assert_map_tells_the_truth(page, f"sessions/{branch['session']}", branch["token"])
    np.testing.assert_array_equal(there, past)


def discretise(page: Page, has_classes: bool) -> None:
    """Of several classes mixed colours would tell less surely which is the likeliest."""
    if has_classes:
        page.get_by_role("button", name="View").click()
        page.get_by_role("radio", name="Only the class (discretised)").check()
        page.keyboard.press("Escape")


def assert_map_tells_the_truth(page: Page, path: str, token: str) -> Any:
    """Fail unless each point of the map has the colour of what the server predicts there, to 1/255; return that."""
    axis = np.linspace(-6, 6, LINES)
    points = [[x, y] for y in axis[::-1].tolist() for x in axis.tolist()]
    outputs = np.array(ask(page, "POST", f"{path}/predict", {"inputs": points}, token)["outputs"])
    colours: dict[str, list[int]] = {}
    for name in ("cold", "cold-soft", "mid", "warm-soft", "warm", *(f"class-{index}" for index in range(3))):
        colours[name] = page.evaluate(
            """token => {
              const probe = document.body.appendChild(document.createElement("i"));
              probe.style.color = `var(${token})`;
              const colour = getComputedStyle(probe).color.match(/[\\d.]+/g).map(Number);
              probe.remove();
              return colour;
            }""",
            f"--{name}",
        )
    canvas = page.locator("#map canvas").first
    pixels_of = "canvas => [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data]"
    wrong = -1
    for _ in range(PATIENCE_MS // 200):  # Until the picture has come.
        pixels = np.array(canvas.evaluate(pixels_of)).reshape(-1, 4)[:, :3]
        if len(pixels) == len(points):
            wrong = wrong_pixels(page, pixels, outputs, colours)
        if wrong == 0:
            return outputs
        page.wait_for_timeout(200)
    raise AssertionError(f"{wrong} of {len(points)} points have another colour")


def wrong_pixels(page: Page, pixels: Any, outputs: Any, colours: dict[str, list[int]]) -> int:
    """Count the points whose colour is not that of the outputs, nor of one that is one step of a byte away."""
    if outputs.shape[1] > 1:
        first, second = np.sort(outputs, axis=1)[:, :-3:-1].T
        own = np.array([colours[f"class-{index}"] for index in range(3)])[outputs.argmax(axis=1)]
        # Where two classes are level to a byte, either may have the point.
        return int(((np.abs(pixels - own).max(axis=1) > 1) & (first - second > 2 / 255)).sum())
    ends = [number_in(tick) for tick in page.locator(".ramp-ticks i").all_inner_texts()]
    stops = np.array([colours[name] for name in ("cold", "cold-soft", "mid", "warm-soft", "warm")], dtype=float)
    ramp = np.stack([np.interp(np.linspace(0, 4, 256), range(5), stops[:, channel]) for channel in range(3)], axis=1)
    steps = np.rint(255 * np.clip((outputs[:, 0] - ends[0]) / (ends[-1] - ends[0]), 0, 1)).astype(int)
    # A byte spans the range of the outputs, which may be more than the ramp shows.
    by = 1 + int(np.ceil(np.ptp(outputs) / (ends[-1] - ends[0]) / 2))
    near = [np.abs(pixels - ramp[np.clip(steps + shift, 0, 255)]).max(axis=1) for shift in range(-by, by + 1)]
    return int((np.min(near, axis=0) > 1).sum())


def assert_probe_tells_the_truth(page: Page, path: str, token: str) -> None:
    held: list[Route] = []
    answers = False
    page.route("**/predict", lambda route: route.continue_() if answers else held.append(route))
    readout = page.locator("#map .readout b")
    page.locator("#map").focus()
    page.keyboard.press("ArrowUp")

    # From the middle to points that lie apart, in both directions.
    column, row = LINES // 2, LINES // 2
    for key, times in [("Shift+ArrowLeft", 3), ("ArrowUp", 4), ("Shift+ArrowRight", 6), ("Shift+ArrowDown", 5)]:
        for _ in range(times):
            page.keyboard.press(key)
        by = times * (10 if "Shift" in key else 1)
        column += by * ("Right" in key) - by * ("Left" in key)
        row += by * ("Up" in key) - by * ("Down" in key)
        point = [-6 + 12 * place / (LINES - 1) for place in (column, row)]
        outputs = ask(page, "POST", f"{path}/predict", {"inputs": [point]}, token)["outputs"][0]
        low, high = ask(page, "GET", f"{path}/boundary?resolution={LINES}", token=token)["range"]

        expect(readout).to_contain_text("≈")
        said = number_in(readout.inner_text())

        # Half a step of the byte, and half a step of the third decimal.
        assert said == pytest.approx(max(outputs), abs=(high - low) / 255 / 2 + 0.0006)

    wait_for_held(page, held)
    answers = True
    held[0].continue_()
    expect(readout).to_contain_text("=")
    assert number_in(readout.inner_text()) == pytest.approx(max(outputs), abs=0.00006)
    expect(page.locator("#probe-spoken")).to_contain_text(readout.inner_text())
    page.unroute("**/predict")


def wait_for_held(page: Page, held: list[Route]) -> None:
    for _ in range(PATIENCE_MS // 50):
        if held:
            return
        page.wait_for_timeout(50)
    raise AssertionError("the page did not ask what the network predicts")


def test_curves_are_read_by_keyboard_and_tell_what_was_changed(page: Page) -> None:
    path, token = open_trained(page, {"data": {"dataset": "xor"}}, 20)
    ask(page, "PATCH", f"{path}/spec", {"training": {"optimizer": {"learning_rate": 0.1}}}, token)
    assert ask(page, "POST", f"{path}/commands?wait=60", {"type": "run", "epochs": 20}, token)["done"]
    expect(page.locator("#epoch")).to_have_text("40")
    points = {point["epoch"]: point for point in ask(page, "GET", f"{path}/history", token=token)["points"]}
    reading = page.locator(".chart-reading")

    page.locator(".chart").focus()
    page.keyboard.press("Home")
    expect(reading).to_have_text(
        re.compile(rf"^epoch {min(points)} · Train {points[min(points)]['loss']:.4f} · Test \d\.\d{{4}}$")
    )
    page.keyboard.press("End")
    expect(reading).to_have_text(re.compile(rf"^epoch 40 · Train {points[40]['loss']:.4f}"))
    for _ in range(2):
        page.keyboard.press("Shift+ArrowLeft")
    expect(reading).to_contain_text("epoch 20")
    expect(page.locator(".chart-change")).to_have_text("▾ Learning rate 0.03 → 0.1")

    page.get_by_role("button", name="Accuracy").click()
    page.locator(".chart").focus()
    page.keyboard.press("End")
    expect(reading).to_contain_text(f"Train {points[40]['accuracy']:.4f}")
    page.keyboard.press("+")
    expect(page.get_by_role("button", name="All", exact=True)).to_be_visible()
    page.keyboard.press("0")
    expect(page.get_by_role("button", name="All", exact=True)).to_be_hidden()

    page.get_by_role("button", name="Other figures, and their curves").click()
    page.get_by_role("button", name=re.compile("^Recall")).click()
    expect(page.locator("#recall")).to_have_text(f"{points[40]['recall']:.4f}")
    page.locator(".chart").focus()
    page.keyboard.press("End")
    expect(reading).to_contain_text(f"Train {points[40]['recall']:.4f} · Test {points[40]['test_recall']:.4f}")

    page.locator(".progress").get_by_role("button", name="Show as a table").click()
    table = page.locator("#curves-table")
    expect(table.get_by_role("row").last).to_contain_text(f"{points[40]['loss']:.4f}")
    expect(table).to_contain_text("epoch 20: Learning rate 0.03 → 0.1")


def test_measures_are_the_servers_for_every_part_threshold_and_task(page: Page) -> None:
    split = {"train": 0.6, "validation": 0.0, "test": 0.4}
    path, token = open_trained(page, {"data": {"dataset": {"name": "xor", "noise": 0.4}, "split": split}}, 30)
    page.get_by_role("tab", name="Measures").click()

    def measured(name: str) -> Locator:
        return page.locator(f"#measure-{name}")

    def assert_same(query: str) -> None:
        said = ask(page, "GET", f"{path}/predictions?{query}", token=token)
        (tn, fp), (fn, tp) = said["confusion"]
        expect(measured("true_positives")).to_have_text(str(tp))
        expect(measured("false_positives")).to_have_text(str(fp))
        expect(measured("true_negatives")).to_have_text(str(tn))
        expect(measured("false_negatives")).to_have_text(str(fn))
        for name in ("accuracy", "precision", "recall", "f1", "jaccard", "auc"):
            value = said["figures"][name]
            expect(measured(name)).to_have_text("–" if value is None else f"{value:.4f}")
        cells = page.locator("#confusion td .confusion-count")
        assert [int(re.sub(r"\D", "", text) or 0) for text in cells.all_inner_texts()] == [tn, fp, fn, tp]

    assert_same("split=test")
    page.get_by_role("radio", name="Train").check()
    assert_same("split=train")
    page.get_by_role("slider", name="Threshold").fill("0.8")
    assert_same("split=train&threshold=0.8")
    page.get_by_role("button", name="Half-way").click()
    assert_same("split=train")
    expect(page.get_by_role("img", name=re.compile("^ROC curve, area 0"))).to_be_visible()
    assert_fit_for_reading(page)


def test_three_classes_and_numbers_have_measures_of_their_own(page: Page) -> None:
    path, token = open_trained(page, {"data": {"dataset": "blobs"}}, 5)
    page.get_by_role("tab", name="Measures").click()
    said = ask(page, "GET", f"{path}/predictions?split=test", token=token)
    expect(page.locator("#measure-f1")).to_have_text(f"{said['figures']['f1']:.4f}")
    expect(page.locator("#confusion tbody tr")).to_have_count(3)
    row = page.get_by_role("row", name=re.compile("^class 2"))
    expect(row.last).to_contain_text(f"{said['figures']['classes'][2]['recall']:.4f}")

    path, token = open_trained(page, {"data": {"dataset": "saddle"}}, 30)
    said = ask(page, "GET", f"{path}/predictions?split=test", token=token)
    for name in ("mean_squared_error", "mean_absolute_error", "r_squared"):
        expect(page.locator(f"#measure-{name}")).to_have_text(f"{said['figures'][name]:.4f}".replace("-", "−"))
    expect(page.get_by_role("img", name=re.compile("^Predicted against actual values of 250 examples"))).to_be_visible()
    # Of numbers each has its curve beside the loss, which here is the squared error itself.
    for name, label in (("r_squared", "R²"), ("mean_absolute_error", "MAE")):
        page.get_by_role("button", name="Other figures, and their curves").click()
        page.get_by_role("button", name=re.compile(f"^{label}.")).click()
        page.get_by_label(f"Curves over the epochs: {label}").focus()
        page.keyboard.press("End")
        expect(page.locator(".progress .chart-reading")).to_contain_text(f"Test {said['figures'][name]:.4f}")
    expect(page.locator("#mean_squared_error")).to_have_count(0)


def test_a_paused_page_shows_just_the_servers_state_after_a_reload(page: Page) -> None:
    path, token = open_trained(
        page, {"data": {"dataset": "blobs", "split": {"train": 0.5, "validation": 0.25, "test": 0.25}}}, 250
    )

    def drawn() -> list[str]:
        """The map and the newest values of the curves, when all that is to come has come."""
        expect(page.locator("#epoch")).to_have_text("250")
        page.locator(".chart").focus()
        page.keyboard.press("End")
        expect(page.locator(".chart-reading")).to_contain_text("epoch 250")
        field = page.locator("#map canvas").first
        return [str(field.evaluate("canvas => canvas.toDataURL()")), page.locator(".chart-reading").inner_text()]

    before = drawn()
    page.reload()
    expect(page.locator("#status")).to_have_text("Done")
    for _ in range(PATIENCE_MS // 50):
        if drawn() == before:
            break
        page.wait_for_timeout(50)

    assert drawn() == before
    metrics = ask(page, "GET", path, token=token)["metrics"]
    for name in ("loss", "accuracy", "validation_loss", "validation_accuracy", "test_loss", "test_accuracy"):
        expect(page.locator(f"#{name}")).to_have_text(f"{metrics[name]:.4f}")
    # Every pixel of the map is the colour of what the server says there: where it is sure, the class's own.
    boundary = ask(page, "GET", f"{path}/boundary?resolution={LINES}", token=token)["values"]
    sure = [
        (max(range(3), key=lambda index: boundary[index][row][column]), row, column)
        for row in range(0, LINES, 7)
        for column in range(0, LINES, 7)
        if max(boundary[index][row][column] for index in range(3)) > 0.995
    ]
    colours = page.locator("#map canvas").first.evaluate(
        """(canvas, places) => places.map(([, row, column]) =>
             [...canvas.getContext("2d").getImageData(column, row, 1, 1).data].slice(0, 3))""",
        sure,
    )
    own = [(0, 114, 178), (230, 159, 0), (0, 158, 115)]
    assert len(sure) > 5
    for (index, _, _), colour in zip(sure, colours, strict=True):
        assert colour == pytest.approx(own[index], abs=10)
