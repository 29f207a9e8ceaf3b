"""What a newcomer is offered: a short tour, and experiments to begin with."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, expect

from engine.presets import GROUPS, PRESETS
from tests.browser.checks import PHONE, assert_fit_for_reading, opened, server_says, spec_of, wait_until
from tests.browser.test_links import learns
from tests.conftest import LiveServer


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement?.id"))


def test_the_tour_is_gone_through_by_keyboard_and_not_offered_again(browser: Browser, live_server: LiveServer) -> None:
    with opened(browser, live_server) as page:
        page.goto("./")
        learns(page)
        tour = page.get_by_role("region", name="A short tour of the page")
        expect(tour).to_contain_text("1 of 5")
        assert focused(page) != "tour", "nobody's focus is taken unasked"
        assert_fit_for_reading(page)
        next_step = tour.get_by_role("button", name="Next")
        for step in (2, 3, 4, 5):
            next_step.press("Enter")
            expect(tour).to_contain_text(f"{step} of 5")
        expect(page.locator("#status")).to_have_text("Learning")
        tour.get_by_role("button", name="Let me try").press("Enter")
        expect(tour).to_have_count(0)

        page.reload()
        learns(page)
        expect(tour).to_have_count(0)
        page.get_by_role("button", name="Help").press("Enter")
        page.get_by_role("button", name="A short tour of the page").press("Enter")
        expect(tour).to_be_focused()
        page.keyboard.press("Escape")
        expect(tour).to_have_count(0)

    with opened(browser, live_server, language="it", viewport=PHONE) as page:
        page.goto("./")
        learns(page)
        expect(page.get_by_role("region", name="Un breve giro della pagina")).to_contain_text("1 di 5")
        assert_fit_for_reading(page)
        for silent in ("./?tour=0", "./#hide=help", "./#hideText=true&noise=5"):
            page.goto(silent)
            learns(page)
            expect(page.locator("#tour")).to_have_count(0)


def test_an_experiment_of_the_gallery_begins_at_once(browser: Browser, live_server: LiveServer) -> None:
    with opened(browser, live_server, "dark") as page:
        page.goto("./?tour=0")
        learns(page)
        gallery = page.get_by_role("dialog", name="Presets")
        page.get_by_role("button", name="Presets").press("Enter")
        expect(gallery.get_by_role("heading", level=3)).to_have_text(
            [words["en"] for group, words in GROUPS.items() if group != "digits"]
        )
        on_plane = [preset.label["en"] for preset in PRESETS.values() if preset.group != "digits"]
        expect(gallery.locator(".gallery-take")).to_have_text(on_plane)
        assert_fit_for_reading(page)
        page.keyboard.press("Escape")
        expect(gallery).to_have_count(0)
        assert focused(page) == "presets"

        # Two that differ by their regularisation alone: what the first has learned must not stay.
        runs = []
        for name in ("overfitting", "regularised"):
            page.get_by_role("button", name="Presets").press("Enter")
            gallery.get_by_role("button", name=PRESETS[name].label["en"]).press("Enter")
            expect(gallery).to_have_count(0)
            expect(page.locator(".notice", has_text=PRESETS[name].look["en"])).to_be_visible()
            spec = PRESETS[name].spec.full()
            wait_until(page, lambda spec=spec: spec_of(page) == spec)  # type: ignore[misc]
            learns(page)
            runs.append(server_says(page)["run"])
        assert runs[1] > runs[0]
        expect(page).to_have_url(re.compile("data=moons.*regularizer=l2&regularizer.rate=0.01$"))
