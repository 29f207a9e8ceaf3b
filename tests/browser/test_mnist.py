"""The page on handwritten digits as a person uses it: training, results, and the pad."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from engine.presets import PRESETS
from tests.browser.checks import PHONE, assert_fit_for_reading, server_says, session, wait_until
from tests.browser.relay import Relay
from tests.conftest import LiveServer

COURSE_ACCURACY = 0.9774

# Recorded as a hand draws them, each digit as strokes of points on the unit square.
STROKES: dict[str, list[list[list[float]]]] = json.loads((Path(__file__).parent / "strokes.json").read_text())

# A smaller network on fewer digits: what is tested here is the page.
SMALL = {
    "data": {"dataset": {"name": "mnist", "samples": 3000}},
    "network": {"layers": [{"units": 64, "activation": "relu"}]},
    "training": {"optimizer": "rmsprop", "loss": "categorical_crossentropy", "batch_size": 32},
}


@pytest.fixture
def small(page: Page) -> Page:
    """The page with a small network that has not learned yet."""
    open_session(page, create(page, {"spec": SMALL}))
    return page


@pytest.fixture(scope="module")
def trained(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """The page with a small network that has learned a little; for tests that leave it so."""
    context = browser.new_context(base_url=live_server.url + "/", locale="en-GB")
    page = context.new_page()
    mine = create(page, {"spec": SMALL})
    train(page, mine, epochs=3)
    open_session(page, mine)
    yield page
    context.close()


def create(page: Page, body: dict[str, Any]) -> dict[str, str]:
    """Return a new session, made without the page."""
    answer = page.request.post("api/v1/sessions", data=body)
    assert answer.ok, answer.text()
    made: dict[str, str] = answer.json()
    return made


def train(page: Page, mine: dict[str, str], epochs: int) -> dict[str, Any]:
    """Train a session without the page, and return how it then is."""
    command = {"type": "run", "epochs": epochs}
    path, headers = f"api/v1/sessions/{mine['id']}/commands?wait=60", {"Authorization": f"Bearer {mine['token']}"}
    for _ in range(3):  # Shared machines may take more than one wait.
        answer: dict[str, Any] = page.request.post(path, data=command, headers=headers, timeout=90_000).json()
        if answer["done"]:
            return answer
        command = {"type": "run", "epochs": epochs - answer["epoch"]}
    raise AssertionError("it was not trained in time")


def open_session(page: Page, mine: dict[str, str]) -> None:
    page.goto(f"./mnist#session={mine['id']}&token={mine['token']}")
    expect(page.locator("#digits")).to_be_visible()


def status(page: Page) -> Locator:
    return page.locator("#status")


def play(page: Page) -> Locator:
    return page.locator("#play")


def answer(page: Page) -> Locator:
    return page.locator("#answer .answer-digit")


def draw(page: Page, strokes: list[list[list[float]]]) -> None:
    """Draw strokes with the mouse."""
    pad = page.locator("#pad")
    pad.evaluate("pad => pad.scrollIntoView({ block: 'center' })")
    box = pad.bounding_box()
    assert box is not None
    for stroke in strokes:
        for index, (x, y) in enumerate(stroke):
            page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
            if index == 0:
                page.mouse.down()
        page.mouse.up()


def seen(page: Page) -> str:
    """Return the picture that the network sees, after it had time to be drawn."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return str(page.locator("#seen canvas").evaluate("canvas => canvas.toDataURL()"))


def test_ten_digits_drawn_by_hand_are_read_by_the_network_of_the_course(page: Page) -> None:
    mine = create(page, {"preset": "keras-mnist"})
    metrics = train(page, mine, epochs=5)["metrics"]
    open_session(page, mine)

    said = {}
    for digit, strokes in STROKES.items():
        draw(page, strokes)
        wait_for_answer(page)
        said[digit] = answer(page).inner_text()
        page.get_by_role("button", name="Clear").click()
        expect(answer(page)).to_have_count(0)

    right = [digit for digit in STROKES if said[digit] == digit]
    assert metrics["test_accuracy"] >= COURSE_ACCURACY
    assert len(right) >= 9, said


def wait_for_answer(page: Page) -> None:
    """Wait until the network was asked about the whole drawing."""
    before = None
    for _ in range(100):
        page.wait_for_timeout(60)
        now = page.locator("#probabilities").inner_text()
        if now == before and answer(page).count() == 1:
            return
        before = now
    raise AssertionError("the answer does not come to rest")


def test_a_first_visit_waits_with_the_network_of_the_course(page: Page) -> None:
    page.goto("./mnist")

    expect(play(page)).to_have_text("Start")
    expect(page.locator("#how-far")).to_have_text("5 epochs over 60,000 digits: up to a minute of computing.")
    expect(page.locator("#parameter-count")).to_have_text("407,050")
    expect(page.locator("#mistakes")).to_contain_text("It has learned nothing yet")
    assert server_says(page)["state"] == "idle"


def test_a_preset_brings_its_network_and_its_number_of_epochs(page: Page) -> None:
    better = PRESETS["mnist-best"]
    page.goto("./mnist")

    page.get_by_role("button", name="Presets").click()
    page.get_by_role("button", name=better.label["en"]).click()

    expect(page.locator("#how-far")).to_have_text(
        f"{better.epochs} epochs over 60,000 digits: up to a minute of computing."
    )
    expect(page.locator("#parameter-count")).to_have_text(f"{better.spec.parameter_count:,}")
    wait_until(page, lambda: bool(server_says(page)["spec"] == better.spec.full()))


def test_start_trains_with_progress_and_weights_that_change_and_shows_results_at_the_end(small: Page) -> None:
    weights = "canvas => canvas.toDataURL()"
    before = small.locator("#weights").evaluate(weights)
    play(small).click()

    expect(status(small)).to_have_text("Learning")
    expect(small.locator("#how-far")).to_contain_text(re.compile(r"Epoch \d of 5 · \d+ %"))
    wait_until(small, lambda: small.locator("#weights").evaluate(weights) != before)
    expect(status(small)).to_have_text("Done")
    expect(small.locator("#how-far")).to_contain_text("5 epochs done · test: 9")
    expect(play(small)).to_have_text("5 more epochs")
    expect(small.locator("#mistakes")).not_to_contain_text("It has learned nothing yet")
    assert 0.85 < float(small.locator("#test_accuracy").inner_text()) < 1
    assert server_says(small)["epoch"] == 5


def test_pause_is_heard_while_the_network_of_the_course_trains_and_continue_ends_where_it_was_to(page: Page) -> None:
    page.goto("./mnist")
    play(page).click()
    expect(page.locator("#how-far")).to_contain_text("% · about")

    start = time.monotonic()
    play(page).click()
    wait_until(page, lambda: server_says(page)["state"] == "paused")
    waited_s = time.monotonic() - start

    assert waited_s < 5, "generous, for machines with other things to do"
    expect(page.locator("#how-far")).to_contain_text("of 5.")
    expect(play(page)).to_have_text("Continue")


def test_another_network_can_be_built(small: Page) -> None:
    small.get_by_role("button", name="Add a hidden layer").click()
    expect(small.locator("#parameter-count")).to_have_text("55,050")
    small.get_by_label("Hidden layer 2", exact=True).fill("32")
    small.get_by_label("Hidden layer 2", exact=True).press("Enter")

    expect(small.locator("#parameter-count")).to_have_text("52,650")
    wait_until(small, lambda: server_says(small)["parameters"] == 52_650)

    for _ in range(2):
        small.get_by_role("button", name="Remove the last hidden layer").click()
    expect(small.locator("#parameter-count")).to_have_text("7,850")
    wait_until(small, lambda: server_says(small)["parameters"] == 7850)
    expect(small.get_by_text("The weights of 10 of its 10 units")).to_be_visible()


def test_fewer_digits_and_epochs_can_be_chosen(small: Page) -> None:
    small.get_by_label("Training examples").first.fill("500")
    small.get_by_label("Training examples").first.press("Enter")
    small.get_by_label("Epochs to run").first.fill("2")
    small.get_by_label("Epochs to run").first.press("Enter")
    wait_until(small, lambda: server_says(small)["spec"]["data"]["dataset"]["samples"] == 500)

    play(small).click()

    expect(status(small)).to_have_text("Done")
    assert server_says(small)["epoch"] == 2


def test_only_mistakes_are_shown_on_demand_page_by_page(trained: Page) -> None:
    wrong = trained.locator(".digit.is-wrong")
    trained.get_by_label("Only mistakes").check()

    expect(trained.locator(".digit:not(.is-wrong)")).to_have_count(0)
    expect(wrong.first).to_have_accessible_name(re.compile(r"read as \d, is \d, \d+ % sure"))
    expect(wrong.first).to_contain_text("✗")
    first = wrong.first.get_attribute("aria-label")
    trained.get_by_role("button", name="Next page").click()
    expect(wrong.first).not_to_have_accessible_name(first or "")
    expect(trained.locator("#digits-range")).to_contain_text("53–104")
    trained.get_by_label("Only mistakes").uncheck()


def test_a_cell_of_the_matrix_chooses_its_digits(trained: Page) -> None:
    cell = trained.locator("#confusion td:not(.is-right) button:not(:disabled)").first
    name = cell.get_attribute("aria-label") or ""
    actual, predicted, count = re.findall(r"\d+", name)

    cell.click()

    expect(cell).to_have_attribute("aria-pressed", "true")
    expect(trained.locator(".digit")).to_have_count(min(52, int(count)))
    expect(trained.locator(".digit").first).to_have_accessible_name(re.compile(f": read as {predicted}, is {actual}"))
    trained.locator("#cell-filter").click()
    expect(cell).to_have_attribute("aria-pressed", "false")


def test_a_test_digit_can_be_put_onto_the_pad_by_the_keyboard(trained: Page) -> None:
    digit = trained.locator(".digit").nth(1)

    digit.focus()
    trained.keyboard.press("Enter")

    expect(answer(trained)).to_have_text("2")
    trained.get_by_role("button", name="A test digit").focus()
    before = seen(trained)
    trained.keyboard.press("Enter")
    wait_until(trained, lambda: seen(trained) != before)
    trained.get_by_role("button", name="Clear").click()


def test_a_drawing_is_answered_undone_and_cleared(trained: Page) -> None:
    draw(trained, STROKES["4"][:1])
    wait_for_answer(trained)
    one_stroke = seen(trained)
    draw(trained, STROKES["4"][1:])
    wait_for_answer(trained)
    assert seen(trained) != one_stroke

    trained.get_by_role("button", name="Undo").click()
    assert seen(trained) == one_stroke

    trained.get_by_role("button", name="Clear").click()
    expect(trained.locator("#answer")).to_have_text("No answer yet")
    expect(trained.get_by_text("Draw a digit here")).to_be_visible()
    expect(trained.locator(".probability-number").first).to_have_text("–")


def test_the_answer_follows_the_drawing_while_it_trains(page: Page) -> None:
    page.goto("./mnist")
    play(page).click()
    expect(page.locator("#how-far")).to_contain_text("Epoch 2 of 5")

    draw(page, STROKES["0"])

    expect(answer(page)).to_have_text("0")
    assert server_says(page)["state"] == "running"
    play(page).click()


def test_a_scribble_all_over_is_answered_with_a_hint(trained: Page) -> None:
    draw(trained, [[[0.02 + 0.96 * (step % 2), 0.02 + 0.96 * step / 60] for step in range(61)]])

    expect(trained.get_by_text("So much ink is no digit.")).to_be_visible()
    expect(answer(trained)).to_have_count(1)
    trained.get_by_role("button", name="Clear").click()
    expect(trained.get_by_text("So much ink is no digit.")).to_have_count(0)


def test_a_thousand_strokes_end_with_a_message_and_undo_helps(trained: Page) -> None:
    trained.locator("#pad").evaluate("pad => pad.scrollIntoView({ block: 'center' })")
    box = trained.locator("#pad").bounding_box()
    assert box is not None
    for index in range(1000):
        trained.mouse.click(box["x"] + 20 + index % 40 * 5, box["y"] + 20 + index // 40 * 8)

    expect(trained.get_by_text("The pad is full")).to_be_visible()
    expect(answer(trained)).to_have_count(1)
    trained.get_by_role("button", name="Undo").click()
    expect(trained.get_by_text("The pad is full")).to_have_count(0)
    trained.get_by_role("button", name="Clear").click()


def test_a_second_finger_does_not_tear_the_stroke(browser: Browser, live_server: LiveServer) -> None:
    context = browser.new_context(base_url=live_server.url + "/", locale="en-GB", has_touch=True)
    page = context.new_page()
    open_session(page, create(page, {"spec": SMALL}))
    page.locator("#pad").scroll_into_view_if_needed()
    box = page.locator("#pad").bounding_box()
    assert box is not None
    devtools = context.new_cdp_session(page)

    def touch(kind: str, *fingers: tuple[float, float]) -> None:
        points = [
            {"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"], "id": index}
            for index, (x, y) in enumerate(fingers)
        ]
        devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    path = [(0.3, 0.2 + step / 20) for step in range(13)]
    touch("touchStart", path[0])
    for place in path[1:]:
        touch("touchMove", place)
    touch("touchEnd")
    one_finger = seen(page)
    page.get_by_role("button", name="Clear").click()

    touch("touchStart", path[0])
    for place in path[1:6]:
        touch("touchMove", place)
    touch("touchStart", path[5], (0.9, 0.9))
    for place in path[6:]:
        touch("touchMove", place, (0.9 - place[1] / 2, 0.9))
    touch("touchEnd")

    assert seen(page) == one_finger
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Draw a digit here")).to_be_visible()
    context.close()


def test_a_reload_comes_back_to_the_same_session_and_knows_its_end(page: Page) -> None:
    page.goto("./mnist")
    play(page).click()
    expect(page.locator("#how-far")).to_contain_text("of 5 ·")
    mine = session(page)

    page.reload()

    expect(status(page)).to_have_text("Learning")
    expect(page.locator("#how-far")).to_contain_text("of 5 ·")
    assert session(page) == mine
    play(page).click()


def test_the_two_pages_keep_sessions_of_their_own(page: Page) -> None:
    page.goto("./mnist")
    expect(play(page)).to_have_text("Start")
    expect(play(page)).to_be_enabled()
    mine = session(page)

    page.get_by_role("link", name="Playground", exact=True).click()
    expect(status(page)).to_have_text("Learning")
    assert session(page)["id"] != mine["id"]
    page.get_by_role("link", name="MNIST").click()

    expect(play(page)).to_have_text("Start")
    assert session(page) == mine
    expect(page.get_by_role("link", name="MNIST")).to_have_attribute("aria-current", "page")


def test_a_link_to_another_pages_session_leads_there(page: Page) -> None:
    plane = create(page, {})

    page.goto(f"./mnist#session={plane['id']}&token={plane['token']}")

    expect(page.locator("#map")).to_be_visible()
    assert "mnist" not in page.url
    assert "token" not in page.url


def test_a_viewer_sees_and_draws_but_can_not_train(page: Page) -> None:
    mine = create(page, {"spec": SMALL})

    open_session(page, {"id": mine["id"], "token": mine["viewer_token"]})

    expect(status(page)).to_contain_text("you are watching")
    expect(play(page)).to_be_disabled()
    expect(page.locator("#units-0")).to_be_disabled()
    draw(page, STROKES["1"])
    expect(answer(page)).to_have_count(1)


def test_a_session_that_is_gone_is_made_anew_and_waits(browser: Browser, live_server: LiveServer) -> None:
    # Not the `page` fixture: a browser writes failed connections into its console.
    context = browser.new_context(base_url=live_server.url + "/", locale="en-GB")
    page = context.new_page()
    mine = create(page, {"spec": SMALL})
    open_session(page, mine)

    page.request.delete(f"api/v1/sessions/{mine['id']}", headers={"Authorization": f"Bearer {mine['token']}"})

    expect(page.get_by_text("The server no longer had this session.")).to_be_visible()
    expect(page.locator("#parameter-count")).to_have_text("50,890")
    expect(status(page)).to_have_text("Ready")
    context.close()


def test_a_lost_connection_comes_back(browser: Browser, live_server: LiveServer) -> None:
    with Relay(live_server.url).running() as relay:
        context = browser.new_context(base_url=relay.url + "/", locale="en-GB")
        page = context.new_page()
        open_session(page, create(page, {"spec": SMALL}))
        play(page).click()
        expect(status(page)).to_have_text("Learning")
        # The page says so before the server does.
        expect(page.locator("#how-far")).to_contain_text("of 5 ·")

        relay.cut()
        expect(status(page)).to_have_text("Connection lost. Trying again…")
        relay.mend()

        expect(status(page)).to_have_text("Done")
        expect(page.locator("#mistakes")).not_to_contain_text("learned nothing")
        context.close()


def test_italian_keeps_the_session(small: Page) -> None:
    mine = session(small)

    small.locator("#language").click()

    expect(play(small)).to_have_text("Avvia")
    expect(small.get_by_text("Matrice di confusione")).to_be_visible()
    expect(small.locator("#parameter-count")).to_have_text("50.890")
    assert session(small) == mine
    assert small.get_by_text(re.compile(r"^(mnist|pad|digits|confusion|network|transport)\.")).count() == 0


def test_a_phone_has_no_sideways_scrolling(page: Page) -> None:
    for language in ("en", "it"):
        page.set_viewport_size(PHONE)
        page.goto(f"./mnist?lang={language}")
        expect(page.locator(".digit")).to_have_count(20)

        for width in (PHONE["width"], 360):
            page.set_viewport_size({"width": width, "height": PHONE["height"]})
            assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_what_it_has_learned_and_reads_can_be_read_by_everyone_in_light_and_dark(trained: Page) -> None:
    draw(trained, STROKES["3"])
    expect(answer(trained)).to_have_count(1)
    for scheme in ("dark", "light"):
        trained.emulate_media(color_scheme=scheme)
        assert_fit_for_reading(trained)
    trained.get_by_role("button", name="Clear").click()
