"""Make the documents' pictures afresh from the running program: ``python docs/pictures/make.py [NAME …]``.

Each state of the program that is shown is a `State` below; docs/screens.md and its Italian twin are written from them.
Needs what the tests need (a Chromium, the `test` extra), and Pillow, which is part of it.
"""

from __future__ import annotations

import io
import json
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent))

from run import find_chromium  # noqa: E402 - found by the line above
from tests.conftest import running_server  # noqa: E402

DESKTOP, TABLET, PHONE, PROJECTOR = (1440, 900), (820, 1180), (390, 844), (1600, 900)
QUALITY = 55
FRAMES, FRAME_MS, ANIMATION_WIDTH = 36, 160, 720


def _nothing(page: Page) -> None:
    """Show the page as it opens."""


def _lens(name: str) -> Callable[[Page], None]:
    """Open a lens and bring it into view."""

    def show(page: Page) -> None:
        page.get_by_role("tab", name=name).click()
        page.locator(".lenses").scroll_into_view_if_needed()
        page.wait_for_timeout(2500)

    return show


def _press(name: str) -> Callable[[Page], None]:
    """Press what has this name."""
    return lambda page: page.get_by_role("button", name=name, exact=True).click()


def _paint(page: Page) -> None:
    page.get_by_role("radio", name="Own").check(force=True)
    page.locator("#paint").click()
    box = page.get_by_role("application", name="The plane to paint on").bounding_box()
    assert box is not None

    def stroke(*places: tuple[float, float]) -> None:
        for number, (x, y) in enumerate(places):
            page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=8)
            if not number:
                page.mouse.down()
        page.mouse.up()

    page.get_by_role("radio", name="Brush").check(force=True)
    stroke((0.2, 0.3), (0.35, 0.2), (0.5, 0.3), (0.6, 0.5))
    page.get_by_role("radio", name="class 1").check(force=True)
    stroke((0.3, 0.8), (0.45, 0.65), (0.75, 0.8), (0.85, 0.6))
    page.locator("#play").click()
    page.wait_for_timeout(6000)  # Until the network has learned them.
    page.locator("#play").click()


def _diverge(page: Page) -> None:
    """Turn the learning rate far up and let it run until nothing can be computed any more."""
    rate = page.locator("#learning-rate")
    rate.fill("10")
    rate.press("Enter")
    page.locator("#play").click()
    page.locator("#diverged").wait_for()


def _look_at_unit(page: Page) -> None:
    page.get_by_role("button", name="Hidden layer 2 · unit 3", exact=True).click()


def _draw_test_digit(page: Page) -> None:
    page.get_by_role("button", name="A test digit").click()
    page.wait_for_timeout(3000)  # Until the digits, the matrix and the first layer are drawn.


@dataclass(frozen=True)
class State:
    """What is shown, and how; `epochs` is how long it has learned, `words` what stands below it in both languages."""

    name: str
    words: tuple[str, str]
    preset: str | None = None
    epochs: int = 0
    path: str = "/?tour=0"
    size: tuple[int, int] = DESKTOP
    theme: str = "light"
    language: str = "en"
    act: Callable[[Page], None] = _nothing
    part: str | None = None
    patch: dict[str, Any] = field(default_factory=dict)
    remembers: dict[str, str] = field(default_factory=dict)


MNIST = "/mnist?tour=0"
STATES = [
    State("playground-light", ("The playground", "Il playground"), "xor-2-2-4-1", 120),
    State(
        "playground-dark",
        ("The same in the dark", "Lo stesso al buio"),
        "xor-2-2-4-1",
        120,
        theme="dark",
    ),
    State(
        "tour",
        ("A first visit, with its tour in five steps", "La prima visita, con il giro in cinque passi"),
        "xor-2-2-4-1",
        60,
        path="/",
    ),
    State(
        "gallery",
        ("Experiments to start from", "Esperimenti da cui partire"),
        "xor-2-2-4-1",
        60,
        act=_press("Presets"),
    ),
    State(
        "unit",
        ("One unit, its map and its formula", "Un’unità, la sua mappa e la sua formula"),
        "xor-2-2-4-1",
        120,
        act=_look_at_unit,
    ),
    State(
        "spiral",
        ("The spiral, learned by three layers", "La spirale, imparata da tre strati"),
        "spiral-deep",
        150,
    ),
    State(
        "classes",
        ("Three classes, by colour and shape", "Tre classi, per colore e forma"),
        "three-arms",
        120,
    ),
    State("numbers", ("Numbers instead of classes", "Numeri invece di classi"), "hills", 120),
    State("painting", ("Points painted by hand", "Punti dipinti a mano"), "xor-2-2-4-1", 60, act=_paint),
    State(
        "diverged",
        ("A learning rate that is too large", "Un tasso di apprendimento troppo grande"),
        "xor-2-2-4-1",
        patch={
            "network": {"layers": [{"units": 8, "activation": "relu"}] * 3, "output_activation": "linear"},
            "training": {"loss": "mean_squared_error", "optimizer": {"name": "sgd", "learning_rate": 0.01}},
        },
        epochs=5,
        act=_diverge,
    ),
    State(
        "lens-example",
        ("One example, forward and backward", "Un esempio, in avanti e all’indietro"),
        "xor-2-2-4-1",
        60,
        act=_lens("Example"),
        part=".lenses",
    ),
    State(
        "lens-space",
        ("The plane as a layer sees it", "Il piano come lo vede uno strato"),
        "circle-three-units",
        100,
        act=_lens("Space"),
        part=".lenses",
    ),
    State(
        "lens-surface",
        ("A slice of the loss surface", "Una sezione della superficie di perdita"),
        "xor-2-2-4-1",
        60,
        act=_lens("surface"),
        part=".lenses",
    ),
    State(
        "lens-histograms",
        ("Weights, gradients and activations", "Pesi, gradienti e attivazioni"),
        "xor-2-4-8-8-1",
        60,
        act=_lens("Histograms"),
        part=".lenses",
    ),
    State("italian", ("In Italian", "In italiano"), "circle-two-units", 80, language="it"),
    State("tablet", ("On a tablet", "Su un tablet"), "circle-three-units", 80, size=TABLET),
    State(
        "phone",
        ("On a phone", "Su un telefono"),
        "xor-2-2-4-1",
        120,
        size=PHONE,
        language="it",
    ),
    State(
        "projector",
        ("Large type, for the back row", "Caratteri grandi, per l’ultima fila"),
        "spiral-deep",
        150,
        size=PROJECTOR,
        remembers={"large-type": "true"},
    ),
    State("mnist-light", ("Handwritten digits", "Cifre scritte a mano"), "keras-mnist", 5, MNIST, act=_draw_test_digit),
    State(
        "mnist-dark",
        ("Digits in the dark", "Cifre al buio"),
        "keras-mnist",
        5,
        MNIST,
        theme="dark",
        act=_draw_test_digit,
    ),
]


def main(names: list[str]) -> None:
    """Write the pictures that are named, or all of them with the documents that show them, beside this file."""
    with tempfile.TemporaryDirectory() as folder, running_server(Path(folder)) as server, _browser() as browser:
        for state in STATES:
            if not names or state.name in names:
                _take(browser, server.url, state)
        if not names or "learning" in names:
            _animate(browser, server.url)
    for language, file in (("en", "screens.md"), ("it", "screens.it.md")):
        (HERE.parent / file).write_text(_document(language), encoding="utf-8")


def _take(browser: Browser, url: str, state: State) -> None:
    with _page(browser, state) as page:
        page.goto(url + state.path + _trained(url, state))
        page.locator("#play").wait_for()
        page.wait_for_timeout(2000)  # Until the first picture and the thumbnails are drawn.
        state.act(page)
        page.wait_for_timeout(700)
        shot = page.locator(state.part).screenshot() if state.part else page.screenshot()
    image = Image.open(io.BytesIO(shot)).convert("RGB")
    image.save(HERE / f"{state.name}.webp", quality=QUALITY, method=6)


@contextmanager
def _browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield browser
        browser.close()


@contextmanager
def _page(browser: Browser, state: State) -> Iterator[Page]:
    width, height = state.size
    settings: Any = {"color_scheme": state.theme, "locale": {"en": "en-GB", "it": "it-IT"}[state.language]}
    context = browser.new_context(viewport={"width": width, "height": height}, **settings)
    context.set_default_timeout(60_000)
    for name, value in state.remembers.items():
        context.add_init_script(f"localStorage.setItem({json.dumps(name)}, {json.dumps(value)})")
    yield context.new_page()
    context.close()


def _trained(url: str, state: State) -> str:
    """Train a state's network over REST and return the fragment that opens its session."""
    if state.preset is None:
        return ""
    created = _post(f"{url}/api/v1/sessions", {"preset": state.preset}, {})
    session, token = created["id"], created["token"]
    headers = {"Authorization": f"Bearer {token}"}
    commands = f"{url}/api/v1/sessions/{session}/commands?wait=60"
    if state.patch:
        _post(commands, {"type": "configure", "patch": state.patch}, headers)
    _post(commands, {"type": "run", "epochs": state.epochs}, headers)
    return f"#session={session}&token={token}"


def _post(url: str, body: dict[str, Any], headers: dict[str, str]) -> dict[str, Any]:
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json", **headers})
    with urllib.request.urlopen(request, timeout=90) as response:
        answer: dict[str, Any] = json.load(response)
        return answer


def _animate(browser: Browser, url: str) -> None:
    """Write a network that learns, as a moving picture."""
    with _page(browser, State("learning", ("", ""))) as page:
        page.goto(url + "/?tour=0")
        while page.locator("#epoch").inner_text() in ("0", "1"):
            page.wait_for_timeout(100)
        shots = []
        for _ in range(FRAMES):
            shots.append(page.screenshot())
            page.wait_for_timeout(FRAME_MS)
    frames = [Image.open(io.BytesIO(shot)).convert("RGB") for shot in shots]
    size = (ANIMATION_WIDTH, ANIMATION_WIDTH * frames[0].height // frames[0].width)
    small = [frame.resize(size, Image.Resampling.LANCZOS) for frame in frames]
    small[0].save(
        HERE / "learning.webp",
        save_all=True,
        append_images=small[1:],
        duration=FRAME_MS * 2,
        loop=0,
        quality=35,
        method=6,
    )


def _document(language: str) -> str:
    """Return the document that shows every state."""
    is_english = language == "en"
    title = "# What it looks like" if is_english else "# Che aspetto ha"
    twin = "[In italiano](screens.it.md)" if is_english else "[In English](screens.md)"
    made = (
        "Made by [pictures/make.py](pictures/make.py) from the running program."
        if is_english
        else "Fatte da [pictures/make.py](pictures/make.py) con il programma in funzione."
    )
    parts = [f"{title}\n\n{made} {twin}\n"]
    for state in STATES:
        words = state.words[0 if is_english else 1]
        width = min(960, state.size[0])
        parts.append(f'## {words}\n\n<img alt="{words}" src="pictures/{state.name}.webp" width="{width}">\n')
    return "\n".join(parts)


if __name__ == "__main__":
    main(sys.argv[1:])
