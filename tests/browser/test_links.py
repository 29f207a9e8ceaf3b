"""An experiment in a link: written by one browser, opened by another, or brought from TensorFlow Playground."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree

from playwright.sync_api import Browser, Page, expect

from tests.browser.checks import PHONE, assert_fit_for_reading, opened, spec_of
from tests.conftest import LiveServer

THEIRS = (
    "#activation=relu&regularization=L2&batchSize=12&dataset=spiral&regDataset=reg-plane&learningRate=0.1"
    "&regularizationRate=0.003&noise=80&networkShape=6,3&seed=0.12345&showTestData=false&discretize=true"
    "&percTrainData=70&x=true&y=true&xTimesY=false&xSquared=true&ySquared=false&cosX=false&sinX=true&cosY=false"
    "&sinY=true&collectStats=false&problem=classification&initZero=false&hideText=false&noise_hide=true"
    "&stepButton_hide=true&momentum=0.9"
)


def learns(page: Page) -> None:
    expect(page.locator("#status")).to_have_text(re.compile("Learning|Sta imparando"))
    expect(page.locator("#epoch")).not_to_have_text("0")


def setup(page: Page) -> str:
    return str(page.evaluate("location.hash.slice(1)"))


def test_a_setup_goes_by_its_address_into_a_second_browser(browser: Browser, live_server: LiveServer) -> None:
    with opened(browser, live_server) as first:
        first.goto("./")
        learns(first)
        assert setup(first) == "", "the default needs no words"
        first.get_by_role("radio", name="Circle", exact=True).check(force=True)
        first.get_by_role("button", name="Add a unit to Hidden layer 2").click()
        first.locator("#learning-rate").fill("0.1")
        first.locator("#learning-rate").press("Enter")
        expect(first).to_have_url(re.compile("#data=circle&noise=0.1&layers=4-tanh,3-tanh&rate=0.1$"))
        told = spec_of(first)

        # What the page itself has written there is no reason to begin anew.
        before = first.evaluate("sessionStorage.getItem('session')")
        first.reload()
        learns(first)
        assert first.evaluate("sessionStorage.getItem('session')") == before

        with opened(browser, live_server) as second:
            second.goto(first.url)
            learns(second)
            assert spec_of(second) == told
            expect(second.locator("#setup-notes")).to_have_count(0)

            # Another link in the same tab is another experiment.
            second.goto(f"./#{setup(second)}&batch=25&hide=progress,play,feature-sin_x")
            expect(second.locator("#progress-title")).to_be_hidden()
            expect(second.locator("#play")).to_be_hidden()
            expect(second.get_by_role("checkbox", name="sin x")).to_be_hidden()
            # Where steps are all that is left to be taken, it does not run away.
            expect(second.locator("#status")).to_have_text("Ready")
            second.get_by_role("button", name="One epoch").click()
            expect(second.locator("#epoch")).to_have_text("1")
            assert spec_of(second) == {**told, "training": {**told["training"], "batch_size": 25}}
            second.reload()
            expect(second.locator("#status")).to_have_text("Paused")
            expect(second.locator("#play")).to_be_hidden()


def test_a_link_of_tensorflow_playground_opens_with_its_notes(browser: Browser, live_server: LiveServer) -> None:
    with opened(browser, live_server) as page:
        page.goto(f"./{THEIRS}")
        learns(page)

        notes = page.get_by_role("region", name="Opened from TensorFlow Playground")
        expect(notes).to_contain_text("“momentum” means nothing here.")
        expect(notes).to_contain_text("0.003 there is 0.0015 here")
        notes.get_by_text("What is a little different here").click()
        expect(notes).to_contain_text("Biases start at 0.1 there, and at 0 here.")
        assert_fit_for_reading(page)

        spec = spec_of(page)
        assert spec["data"]["dataset"] == {"name": "spiral", "samples": 500, "noise": 0.8}
        assert [layer["units"] for layer in spec["network"]["layers"]] == [6, 3]
        assert spec["network"]["output_activation"]["name"] == "tanh"
        expect(page.locator("#learning-rate")).to_have_value("0.1")
        expect(page.get_by_role("button", name="One epoch")).to_be_hidden()
        expect(page.get_by_role("spinbutton", name="Noise")).to_be_hidden()
        # It is a setup of ours from now on.
        expect(page).to_have_url(
            re.compile("#data=spiral&noise=0.8&split=0.7-0-0.3&.*others=no&discretise=yes&hide=noise,step")
        )

        notes.get_by_role("button", name="Dismiss").click()
        expect(notes).to_have_count(0)


def test_a_broken_link_says_what_is_wrong_and_the_rest_is_taken(browser: Browser, live_server: LiveServer) -> None:
    with opened(browser, live_server, language="it", viewport=PHONE) as page:
        page.goto("./#data=moons&colour=red&layers=5-tanh,4-magic&rate=500&hide=noise,everything&batch=32")
        learns(page)

        notes = page.get_by_role("region", name="Questo link non è stato capito del tutto")
        for text in ("«colour» qui", "«magic»", "Tasso di apprendimento: 500", "«everything»"):
            expect(notes).to_contain_text(text)
        assert_fit_for_reading(page)
        spec = spec_of(page)
        assert spec["data"]["dataset"]["name"] == "moons" and spec["training"]["batch_size"] == 32
        assert [layer["units"] for layer in spec["network"]["layers"]] == [5, 4]


def test_a_setup_is_shared_with_parts_hidden_and_kept_in_files(browser: Browser, live_server: LiveServer) -> None:
    with opened(browser, live_server) as page:
        page.goto("./?tour=0#data=circle&layers=3-relu")
        learns(page)
        panel = page.get_by_role("dialog", name="Share")
        page.get_by_role("button", name="Share").click()
        panel.get_by_role("radio", name="This setup").check(force=True)
        panel.get_by_text("Hide from who opens this link").click()
        panel.get_by_role("checkbox", name="Noise").check()
        panel.get_by_role("checkbox", name="Optimizer").check()
        link = panel.locator("#setup-link")
        expect(link).to_contain_text("#data=circle&layers=3-relu&hide=noise,optimizer")
        assert_fit_for_reading(page)

        with opened(browser, live_server) as other:
            other.goto(link.inner_text())
            learns(other)
            assert spec_of(other) == spec_of(page)
            expect(other.get_by_role("button", name=re.compile("^Optimizer"))).to_be_hidden()
            expect(page.get_by_role("button", name=re.compile("^Optimizer"))).to_be_visible()

        panel.get_by_role("radio", name="Files").check(force=True)
        assert_fit_for_reading(page)
        files: dict[str, bytes] = {}
        for index in range(panel.locator(".save-list button").count()):
            with page.expect_download() as download:
                panel.locator(".save-list button").nth(index).click()
            files[download.value.suggested_filename] = download.value.path().read_bytes()
        assert sorted(files) == [
            "circle.csv",
            "curves.png",
            "curves.svg",
            "map.png",
            "map.svg",
            "network.png",
            "network.svg",
            "setup.json",
        ]
        # A blank picture of their size takes a tenth of that.
        pictures = [content for name, content in files.items() if name.endswith(".png")]
        assert all(content.startswith(b"\x89PNG") and len(content) > 30_000 for content in pictures)
        assert all(
            ElementTree.fromstring(content) is not None for name, content in files.items() if name.endswith("svg")
        )
        assert len(files["circle.csv"].splitlines()) == 1 + 500
        assert json.loads(files["setup.json"]) == spec_of(page)

        changed = json.loads(files["setup.json"])
        changed["network"]["layers"].append({"units": 2, "activation": "tanh"})
        changed["training"]["colour"] = "red"
        panel.locator("input[type=file]").set_input_files(
            {"name": "setup.json", "mimeType": "application/json", "buffer": json.dumps(changed).encode()}
        )
        notes = page.get_by_role("region", name="This file was not quite understood")
        expect(notes).to_contain_text("training.colour is not known here.")
        expect(page.locator("#layer-count")).to_have_text("2 hidden layers")
        learns(page)
