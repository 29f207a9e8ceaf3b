"""The playground as a person uses it, in a real browser against a real server."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.checks import PHONE, pause, server_says, session, spec_of, wait_until
from tests.browser.relay import Relay
from tests.conftest import LiveServer


@pytest.fixture
def playground(page: Page) -> Page:
    """The page after a first visit: a network that learns."""
    page.goto("./")
    expect(status(page)).to_have_text("Learning")
    # The page says so as soon as it has asked; an epoch shows that the server has heard it.
    expect(page.locator("#epoch")).not_to_have_text("0")
    return page


def status(page: Page) -> Locator:
    return page.locator("#status")


def play(page: Page) -> Locator:
    return page.locator("#play")


def number(page: Page, what: str) -> float:
    """Return a number that the page shows, such as the epoch or the test_loss."""
    return float(page.locator(f"#{what}").inner_text().replace(",", ""))


def picture(page: Page) -> str:
    """Return what the large map shows."""
    canvas = page.locator("#map canvas").first
    return str(canvas.evaluate("canvas => canvas.toDataURL()"))


def test_a_first_visit_learns_xor_within_seconds(playground: Page) -> None:
    wait_until(playground, lambda: number(playground, "epoch") >= 2)
    first_loss, first_picture = number(playground, "loss"), picture(playground)

    wait_until(playground, lambda: number(playground, "loss") < 0.7 * first_loss)

    assert picture(playground) != first_picture
    assert number(playground, "accuracy") > 0.7


def test_pausing_stops_and_playing_goes_on_by_button_and_by_space_bar(playground: Page) -> None:
    pause(playground)
    stopped = number(playground, "epoch")
    playground.get_by_role("button", name="One epoch").click()
    wait_until(playground, lambda: number(playground, "epoch") == stopped + 1)

    # While typing, the space bar is a space.
    playground.locator("#learning-rate").focus()
    playground.keyboard.press("Space")
    expect(status(playground)).to_have_text("Paused")
    playground.locator("#learning-rate").blur()
    playground.keyboard.press("Space")

    expect(status(playground)).to_have_text("Learning")
    wait_until(playground, lambda: number(playground, "epoch") > stopped + 5)
    playground.keyboard.press("Space")
    expect(status(playground)).to_have_text("Paused")
    play(playground).click()
    expect(status(playground)).to_have_text("Learning")


def test_two_quick_presses_of_play_cancel_each_other(playground: Page) -> None:
    play(playground).dblclick()

    wait_until(playground, lambda: server_says(playground)["state"] == "running")
    expect(status(playground)).to_have_text("Learning")


def test_layers_and_units_can_be_added_and_removed_while_it_learns_and_quick_presses_are_all_counted(
    playground: Page,
) -> None:
    expect(playground.locator("#arithmetic")).to_contain_text("25 parameters")

    playground.get_by_role("button", name="Add a hidden layer").click()
    expect(playground.locator("#layer-count")).to_have_text("3 hidden layers")
    expect(playground.locator("#arithmetic")).to_contain_text(
        "(2·4 + 4) + (4·2 + 2) + (2·2 + 2) + (2·1 + 1) = 31 parameters"
    )
    playground.get_by_role("button", name="Add a unit to Hidden layer 3").click()
    expect(playground.locator("#arithmetic")).to_contain_text("35 parameters")
    expect(playground.locator("button.unit")).to_have_count(4 + 2 + 3 + 1)
    playground.get_by_role("button", name="Remove the last hidden layer").click()

    expect(playground.locator("#arithmetic")).to_contain_text("25 parameters")
    expect(status(playground)).to_have_text("Learning")

    add = playground.get_by_role("button", name="Add a unit to Hidden layer 1")
    for _ in range(4):
        add.click(no_wait_after=True)

    expect(playground.locator("#arithmetic")).to_contain_text("(2·8 + 8)")


def test_the_learning_rate_changes_while_it_learns_by_number_and_by_slider(playground: Page) -> None:
    wait_until(playground, lambda: number(playground, "epoch") >= 3)
    before = number(playground, "epoch")

    playground.locator("#learning-rate").fill("0.1")
    playground.locator("#learning-rate").press("Enter")

    wait_until(playground, lambda: number(playground, "epoch") > before + 3)
    assert spec_of(playground)["training"]["optimizer"] == {"name": "sgd", "learning_rate": 0.1}

    # The slider ends where it was let go.
    playground.locator("#learning-rate-slider").focus()
    for _ in range(4):
        playground.keyboard.press("ArrowRight")
    expect(playground.locator("#learning-rate")).to_have_value("0.5")
    wait_until(playground, lambda: spec_of(playground)["training"]["optimizer"]["learning_rate"] == 0.5)


def test_an_optimizer_opens_its_own_parameters(playground: Page) -> None:
    playground.get_by_role("button", name="Optimizer").click()
    dialog = playground.get_by_role("dialog", name="Optimizer")

    dialog.get_by_role("radio", name="Momentum").check()

    expect(dialog.get_by_label("Momentum", exact=True).last).to_be_visible()
    playground.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(playground.get_by_role("button", name="Optimizer")).to_contain_text("Momentum")


def test_other_data_and_features_can_be_chosen(playground: Page) -> None:
    playground.locator(".thumbnail", has_text="Circle").click()
    playground.locator(".thumbnail", has_text="x²").click()

    expect(playground.locator("#arithmetic")).to_contain_text("(3·4 + 4)")
    wait_until(playground, lambda: "circle" in str(server_says(playground)["spec"]))


def test_resetting_keeps_the_weights_or_draws_new_ones(playground: Page) -> None:
    pause(playground)
    seed = server_says(playground)["spec"]["network"]["seed"]

    playground.get_by_role("button", name="Start again with the same weights").click()
    expect(playground.locator("#epoch")).to_have_text("0")
    assert server_says(playground)["spec"]["network"]["seed"] == seed

    playground.get_by_role("button", name="Start again with new weights").click()
    wait_until(playground, lambda: server_says(playground)["spec"]["network"]["seed"] != seed)


def test_a_reload_comes_back_to_the_same_session_running_or_paused_as_it_was(playground: Page) -> None:
    wait_until(playground, lambda: number(playground, "epoch") >= 5)
    before, mine = number(playground, "epoch"), session(playground)

    playground.reload()

    expect(status(playground)).to_have_text("Learning")
    wait_until(playground, lambda: number(playground, "epoch") > before)
    assert session(playground) == mine

    pause(playground)
    epoch, loss = playground.locator("#epoch").inner_text(), playground.locator("#loss").inner_text()
    playground.reload()

    expect(status(playground)).to_have_text("Paused")
    expect(playground.locator("#epoch")).to_have_text(epoch)
    expect(playground.locator("#loss")).to_have_text(loss)
    assert session(playground) == mine


def test_a_second_tab_and_a_link_drive_the_same_session_and_a_viewer_sees_but_can_not_touch(playground: Page) -> None:
    mine = session(playground)
    playground.get_by_role("button", name="Share").click()
    with playground.context.expect_page() as opened:
        playground.get_by_role("link", name="Open in a second tab").click()
    second = opened.value
    expect(status(second)).to_have_text("Learning")
    assert "token" not in second.url
    other = playground.context.new_page()
    other.goto(f"./#session={mine['id']}&token={mine['token']}")
    expect(status(other)).to_have_text("Learning")
    assert "#" not in other.url
    watching = playground.context.new_page()
    watching.goto(f"./#session={mine['id']}&token={mine['viewerToken']}")
    expect(status(watching)).to_contain_text("you are watching")
    expect(play(watching)).to_be_disabled()
    expect(watching.locator("#learning-rate")).to_be_disabled()

    play(second).click()

    for tab in (playground, other):
        expect(status(tab)).to_have_text("Paused")
    assert {session(tab)["id"] for tab in (playground, second, other)} == {mine["id"]}


def test_a_lost_connection_comes_back_without_losing_a_point(browser: Browser, live_server: LiveServer) -> None:
    with Relay(live_server.url).running() as relay:
        # Not the `page` fixture: a browser writes failed connections into its console.
        context = browser.new_context(base_url=relay.url + "/", locale="en-GB")
        page = context.new_page()
        received: list[str] = []
        page.on("websocket", lambda socket: socket.on("framereceived", lambda data: keep_points(data, received)))
        page.goto("./")
        wait_until(page, lambda: number(page, "epoch") >= 3)
        before = number(page, "epoch")

        relay.cut()
        expect(status(page)).to_have_text("Connection lost. Trying again…")
        # What is asked for meanwhile is said to be out of reach, and is there when the connection is.
        page.get_by_role("tab", name="Histograms").click()
        page.get_by_role("button", name="Presets").click()
        expect(page.locator(".notice")).to_contain_text("This part of the page can’t be fetched.")
        relay.mend()

        expect(status(page)).to_have_text("Learning")
        expect(page.locator(".notice")).to_have_count(0)
        expect(page.get_by_role("tabpanel").get_by_role("img").first).to_be_visible()
        wait_until(page, lambda: number(page, "epoch") > before + 5)
        numbers = [int(n) for text in received for n in re.findall(r'"n": ?(\d+)', text)]
        assert numbers == list(range(1, len(numbers) + 1))
        context.close()


def keep_points(data: str | bytes, received: list[str]) -> None:
    if isinstance(data, str) and '"points"' in data:
        received.append(data)


def test_a_session_that_is_gone_is_made_anew(browser: Browser, live_server: LiveServer) -> None:
    context = browser.new_context(base_url=live_server.url + "/", locale="en-GB")
    page = context.new_page()
    page.goto("./")
    page.get_by_role("button", name="Add a hidden layer").click()
    expect(page.locator("#arithmetic")).to_contain_text("31 parameters")
    mine = session(page)

    page.request.delete(f"api/v1/sessions/{mine['id']}", headers={"Authorization": f"Bearer {mine['token']}"})

    expect(page.get_by_text("The server no longer had this session.")).to_be_visible()
    expect(status(page)).to_have_text("Learning")
    expect(page.locator("#arithmetic")).to_contain_text("31 parameters")
    assert session(page)["id"] != mine["id"]
    context.close()


def test_italian_keeps_the_session(playground: Page) -> None:
    mine = session(playground)

    playground.locator("#language").click()

    expect(status(playground)).to_have_text("Sta imparando")
    expect(playground.locator("html")).to_have_attribute("lang", "it")
    expect(playground.get_by_text("2 strati nascosti")).to_be_visible()
    expect(playground.get_by_text("Tasso di apprendimento", exact=True)).to_be_visible()
    assert session(playground) == mine
    assert playground.get_by_text(re.compile(r"^(network|transport|data|errors)\.")).count() == 0


def test_a_number_out_of_bounds_is_refused_in_the_readers_language(playground: Page) -> None:
    playground.goto("./?lang=it")
    rate = playground.locator("#learning-rate")

    rate.fill("100000")
    rate.press("Enter")

    expect(playground.locator(".notice")).to_contain_text(
        "Tasso di apprendimento: 100.000 è troppo grande; il limite è"
    )
    expect(rate).to_have_value("0,03")
    expect(status(playground)).to_have_text("Sta imparando")


def test_a_divergence_is_explained_and_one_click_helps(playground: Page) -> None:
    playground.evaluate(
        """async () => {
          const { id, token } = JSON.parse(sessionStorage.getItem("session"));
          const patch = {
            network: { layers: Array(4).fill({ units: 8, activation: "relu" }), output_activation: "linear" },
            training: { loss: "mean_squared_error", optimizer: { name: "sgd", learning_rate: 10 } },
          };
          const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
          await fetch(`api/v1/sessions/${id}/spec`, { method: "PATCH", headers, body: JSON.stringify(patch) });
        }"""
    )
    expect(status(playground)).to_have_text("Diverged")

    playground.get_by_role("button", name="Back to epoch 0, and on with learning rate 1").click()

    expect(playground.locator("#learning-rate")).to_have_value("1")


def test_the_theme_is_kept(playground: Page) -> None:
    background = "getComputedStyle(document.body).backgroundColor"
    light = playground.evaluate(background)

    playground.locator("#display").click()
    playground.get_by_role("radio", name="Dark").check()
    dark = playground.evaluate(background)
    playground.reload()
    expect(status(playground)).to_have_text("Learning")

    assert dark != light
    assert playground.evaluate(background) == dark


def test_a_unit_tells_its_formula_to_the_keyboard(playground: Page) -> None:
    unit = playground.get_by_role("button", name="Hidden layer 1 · unit 2")

    playground.get_by_role("button", name="Hidden layer 1 · unit 1").focus()
    playground.keyboard.press("ArrowDown")

    expect(unit).to_be_focused()
    expect(playground.locator("#network-tip")).to_contain_text(re.compile(r"h1\.2 = tanh\(.*·x .*·y .*\)"))
    expect(playground.locator("#output-title")).to_have_text("Hidden layer 1 · unit 2")


def test_a_phone_has_no_sideways_scrolling(page: Page) -> None:
    page.set_viewport_size(PHONE)
    for language in ("en", "it"):
        page.goto(f"./?lang={language}")
        expect(page.locator("button.unit")).to_have_count(7)

        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_every_control_has_a_name_and_can_be_reached_by_the_keyboard(playground: Page) -> None:
    pause(playground)
    nameless = playground.evaluate(
        """() => [...document.querySelectorAll("button, a, input, select")]
          .filter((element) => !(element.getAttribute("aria-label") || element.textContent.trim()
            || document.getElementById(element.getAttribute("aria-labelledby"))?.textContent.trim()
            || element.labels?.length || element.title)).map((element) => element.outerHTML)"""
    )
    assert nameless == []
    playground.evaluate("document.activeElement.blur()")
    name_of_focus = """() => {
      const element = document.activeElement;
      return element.id || element.getAttribute("aria-label") || element.textContent.trim();
    }"""
    seen: set[str] = set()

    for _ in range(90):
        playground.keyboard.press("Tab")
        seen.add(playground.evaluate(name_of_focus))

    controls = {
        "play",
        "speed",
        "learning-rate",
        "learning-rate-slider",
        "language",
        "step",
        "step-unit",
        "more",
        "display",
        "help",
        "New data",
    }
    graph = {"Add a hidden layer", "Add a unit to Hidden layer 1", "Hidden layer 2 · unit 1", "Output · unit 1"}
    assert controls | graph <= seen


def test_what_was_drawn_before_does_not_stay_in_memory(page: Page) -> None:
    page.goto("./")
    expect(page.locator("#status")).to_have_attribute("data-state", "running")
    slider = page.locator("#learning-rate-slider")
    heap = page.context.new_cdp_session(page)

    def held_bytes(changes: int) -> int:
        for number in range(changes):
            slider.press("ArrowRight" if number % 4 < 2 else "ArrowLeft")
            page.wait_for_timeout(50)
        for _ in range(3):
            heap.send("HeapProfiler.collectGarbage")
        used: int = heap.send("Runtime.getHeapUsage")["usedSize"]
        return used

    before = held_bytes(10)
    # Each change that kept the drawing before it took 50 KB.
    assert held_bytes(60) - before < 1_500_000
