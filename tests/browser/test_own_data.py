"""Data of a reader's own on the page: painted, brought as a table, saved, used again, and learned."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.checks import assert_fit_for_reading, opened, spec_of, wait_until
from tests.conftest import LiveServer

# Three kinds, which two numbers tell apart; the decimals come after a comma.
ANIMALS = ("cane", "gatto", "pesce")
CATS_DOGS_FISH = "età;altezza;animale\n" + "".join(
    f"{10 + 5 * (row % 3) + row % 7 / 4};{1 + 0.5 * (row % 3 == 1) + row % 5 / 20};{ANIMALS[row % 3]}\n"
    for row in range(60)
).replace(".", ",")


def link_to_session_on(live_server: LiveServer, text: str) -> str:
    """Return the link to a session on a table."""
    base = f"{live_server.url}/api/v1"
    table: dict[str, Any] = (
        httpx.post(f"{base}/datasets", content=text, headers={"Content-Type": "text/csv"}).raise_for_status().json()
    )
    spec = {"data": {"dataset": table["suggested"]}}
    session = httpx.post(f"{base}/sessions", json={"spec": spec}).raise_for_status().json()
    return f"#session={session['id']}&token={session['token']}"


def test_a_table_with_two_columns_is_shown_and_learnt_on_the_plane(page: Page, live_server: LiveServer) -> None:
    rows = "".join(f"{age},{150 + age % 7},{'cats' if age > 30 else 'dogs'}\n" for age in range(20, 60))

    page.goto(link_to_session_on(live_server, f"age,height,likes\n{rows}"))

    expect(page.locator(".own-present")).to_contain_text("age, height → likes")
    expect(page.locator(".plane-x")).to_contain_text("age")
    expect(page.locator("input[name=dataset]:checked")).to_have_count(0)  # It is none of those to choose from.
    page.locator("#play").click()
    expect(page.locator("#epoch")).not_to_have_text("0")


def test_a_table_with_more_columns_is_shown_from_where_its_examples_differ_most(
    page: Page, live_server: LiveServer
) -> None:
    rows = "".join(f"{row},{row % 7},{row % 5},{'x' if row % 2 else 'y'}\n" for row in range(3, 40))

    page.goto(link_to_session_on(live_server, f"a,b,c,kind\n{rows}"))

    expect(page.get_by_role("img", name="The examples on the plane along which they differ most")).to_be_visible()
    expect(page.locator(".columns li")).to_have_text(["a", "b", "c"])
    page.locator("#play").click()
    expect(page.locator("#epoch")).not_to_have_text("0")
    assert_fit_for_reading(page)


def test_names_of_any_length_stay_within_their_places(page: Page, live_server: LiveServer) -> None:
    name, label = "lunghissimo_nome_di_colonna_" * 6, "w" * 150
    rows = "".join(f"{row % 7},{row % 5},{row % 3},{label if row % 2 else 'v'}\n" for row in range(40))

    page.goto(link_to_session_on(live_server, f"{name}a,{name}b,{name}c,{name}d\n{rows}"))
    expect(page.get_by_role("img", name="The examples on the plane")).to_be_visible()
    page.get_by_role("tab", name="Example").click()
    expect(page.get_by_role("tabpanel")).to_contain_text(label)

    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


def expect_learned(page: Page) -> None:
    """Wait until the network is right about every training example."""
    expect(page.locator("#accuracy")).to_have_text("1.0000")


def test_points_are_painted_learned_saved_and_used_again(page: Page) -> None:
    page.goto("./")
    expect(page.locator("#epoch")).not_to_have_text("0")
    page.get_by_role("radio", name="Own").check(force=True)
    page.locator("#paint").click()
    surface = page.get_by_role("application", name="The plane to paint on, with 0 points")
    expect(surface).to_be_focused()
    box = surface.bounding_box()
    assert box is not None

    def at(x: float, y: float) -> tuple[float, float]:
        return box["x"] + (x + 6) / 12 * box["width"], box["y"] + (6 - y) / 12 * box["height"]

    for place in [(-4, 3), (-3, 4), (-2, 3), (-3, 2)]:
        page.mouse.click(*at(*place))
    page.get_by_role("radio", name="class 1").check(force=True)
    page.get_by_role("radio", name="Brush").check(force=True)
    page.mouse.move(*at(2, -4))
    page.mouse.down()
    page.mouse.move(*at(4, -2), steps=8)
    page.mouse.up()
    count = page.locator(".paint-count")
    expect(count).not_to_have_text("4 / 200")
    wait_until(page, lambda: count.inner_text() == f"{len(spec_of(page)['data']['dataset']['points'])} / 200")
    expect_learned(page)
    points = spec_of(page)["data"]["dataset"]["points"]
    assert points[0] == pytest.approx([-4, 3, 0], abs=0.05)
    assert {target for _, _, target in points} == {0, 1}
    assert spec_of(page)["data"]["split"] == {"train": 1, "validation": 0, "test": 0}

    # A point is dragged, and one undo each takes back the drag and the whole stroke of the brush.
    page.get_by_role("radio", name="Point").check(force=True)
    page.mouse.move(*at(-4, 3))
    page.mouse.down()
    page.mouse.move(*at(-5, 5), steps=3)
    page.mouse.up()
    page.get_by_role("button", name="Undo the last stroke").click()
    page.get_by_role("button", name="Undo the last stroke").click()
    expect(count).to_have_text("4 / 200")
    page.get_by_role("button", name="Redo the stroke").click()
    expect(count).to_have_text(f"{len(points)} / 200")
    assert_fit_for_reading(page)
    page.get_by_role("button", name="Done").click()
    expect(page.locator("#paint")).to_be_focused()

    page.get_by_role("button", name="Save", exact=True).click()
    saved = page.get_by_role("button", name=f"Painted: {len(points)} points", exact=True)
    page.get_by_role("radio", name="2 classes").check(force=True)
    page.locator(".thumbnail", has_text="Circle").click()
    expect(page.get_by_role("spinbutton", name="Train")).to_have_value("50")
    page.get_by_role("radio", name="Own").check(force=True)
    saved.click()
    expect(page.locator(".own-present")).to_contain_text(f"{len(points)} painted points")
    assert spec_of(page)["data"]["dataset"]["points"] == points

    page.get_by_role("button", name="Delete “Painted").click()
    expect(page.get_by_role("button", name="Keep")).to_be_focused()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.locator(".saved")).to_have_count(0)


def test_points_are_painted_by_keyboard_alone(page: Page) -> None:
    page.goto("./")
    expect(page.locator("#epoch")).not_to_have_text("0")
    page.get_by_role("radio", name="2 classes").focus()
    page.keyboard.press("ArrowLeft")  # From the first kind of data to the last.
    page.locator("#paint").press("Enter")
    expect(page.get_by_role("application", name="The plane to paint on")).to_be_focused()

    for key in ["ArrowLeft", "ArrowUp", "Enter", "1", "ArrowRight", "ArrowRight", "Enter", "2", "ArrowDown", "Enter"]:
        page.keyboard.press(key)
    expect(page.locator(".paint-count")).to_have_text("3 / 200")
    page.keyboard.press("m")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("m")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Delete")
    page.keyboard.press("Control+z")
    page.keyboard.press("Escape")

    expect(page.locator("#paint")).to_be_focused()
    expect(page.locator(".own-present")).to_contain_text("3 painted points")
    assert spec_of(page)["data"]["dataset"] == {
        "name": "points", "points": [[-0.5, 0.5, 0], [0.5, 0.5, 1], [0.5, -0.1, 2]], "task": "multiclass",
    }  # fmt: skip


def test_a_table_is_pasted_chosen_from_and_learned_in_italian_by_keyboard_alone(
    browser: Browser, live_server: LiveServer
) -> None:
    with opened(browser, live_server, language="it", permissions=["clipboard-read", "clipboard-write"]) as page:
        page.goto("./")
        expect(page.locator("#epoch")).not_to_have_text("0")
        page.evaluate("text => navigator.clipboard.writeText(text)", CATS_DOGS_FISH)
        page.get_by_role("radio", name="2 classi").focus()
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("Tab")  # The tools of painting come first.
        page.keyboard.press("Tab")
        expect(page.locator("#table")).to_be_focused()
        page.keyboard.press("Enter")
        dialog = page.get_by_role("dialog", name="Una tabella tua")
        dialog.get_by_label("Incolla qui le celle").focus()
        page.keyboard.press("Control+v")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        expect(dialog.get_by_role("button", name="Leggi")).to_be_focused()
        page.keyboard.press("Enter")

        dialog = page.get_by_role("dialog", name="Tabella incollata")
        expect(dialog).to_contain_text("60 righe, 3 colonne.")
        expect(dialog).to_contain_text("In «età» la virgola introduce i decimali.")
        expect(dialog.get_by_label("A che cosa serve «animale»")).to_have_value("target")
        assert_fit_for_reading(page)
        # One input alone would be a line; two are the axes of the map.
        role = dialog.get_by_label("A che cosa serve «altezza»")
        role.focus()
        role.select_option("unused")
        expect(dialog).to_contain_text("1 ingresso: al posto della mappa c’è una linea.")
        role.select_option("input")
        dialog.get_by_label("Nome").fill("Animali")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")

        expect(dialog).to_have_count(0)
        expect(page.locator("#table")).to_be_focused()
        expect(page.locator(".own-present")).to_contain_text("età, altezza → animale")
        expect(page.locator(".legend-classes")).to_contain_text("pesce")
        expect(page.get_by_role("button", name="Animali", exact=True)).to_be_visible()
        expect(page.locator("#accuracy")).to_have_text("1,0000")


def test_a_wrong_table_names_the_line_and_loses_nothing(browser: Browser, live_server: LiveServer) -> None:
    with opened(browser, live_server) as page:
        page.goto("./")
        expect(page.locator("#epoch")).not_to_have_text("0")
        page.get_by_role("radio", name="Own").check(force=True)
        page.locator("#table").click()
        dialog = page.get_by_role("dialog")
        cells = dialog.get_by_label("Paste the cells")
        cells.fill("age,height,likes\n12,1.5,cats\n13,1.6,dogs,9\n11,1.4,cats")
        dialog.get_by_role("button", name="Read").click()

        expect(dialog.get_by_role("alert")).to_contain_text("Line 3 has 4 cells where the first has 3.")
        dialog.get_by_role("button", name="To line 3").click()
        selected = cells.evaluate("area => area.value.slice(area.selectionStart, area.selectionEnd)")
        assert selected == "13,1.6,dogs,9"
        assert_fit_for_reading(page)

        # The very line is typed over, and the table is read.
        page.keyboard.type("13,1.6,dogs")
        dialog.get_by_role("button", name="Read").click()
        expect(dialog).to_contain_text("3 rows, 3 columns.")
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        expect(page.locator(".saved")).to_have_count(0)  # What was only looked at is not kept.
        assert spec_of(page)["data"]["dataset"]["name"] == "xor"


def test_more_points_than_a_spec_holds_stay_where_they_were_painted(page: Page) -> None:
    page.goto("./")
    expect(page.locator("#epoch")).not_to_have_text("0")
    page.get_by_role("radio", name="Own").check(force=True)
    page.locator("#paint").click()
    page.get_by_role("button", name="Begin with 200 of those there").click()
    expect(page.locator(".paint-count")).to_have_text("200 / 200")
    expect(page.locator(".own-present")).to_contain_text("200 painted points")
    surface = page.get_by_role("application", name="The plane to paint on")
    surface.press("Enter")

    expect(page.locator(".paint-count")).to_have_text("201 / 2,000")
    use = page.get_by_role("button", name="Painted points", exact=True)
    expect(use).to_have_attribute("aria-current", "true")
    dataset = spec_of(page)["data"]["dataset"]
    assert (dataset["name"], dataset["scaled"], dataset["columns"]) == ("table", False, ["x", "y"])
    # The next stroke takes the place of what this one made, and one point less is in the spec again.
    surface.press("ArrowRight")
    surface.press("Enter")
    expect(page.locator(".paint-count")).to_have_text("202 / 2,000")
    wait_until(page, lambda: spec_of(page)["data"]["dataset"]["id"] != dataset["id"])
    expect(page.locator(".saved li")).to_have_count(1)
    expect(use).to_have_attribute("aria-current", "true")
    surface.press("Control+z")
    surface.press("Control+z")
    expect(page.locator(".own-present")).to_contain_text("200 painted points")
    expect(page.locator(".saved li")).to_have_count(0)
