"""Make the README's pictures afresh from the running program: ``python docs/pictures/make.py``.

Needs what the tests need (a Chromium, the `test` extra), and Pillow, which is part of it.
"""

from __future__ import annotations

import io
import json
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent))

from run import find_chromium  # noqa: E402 - found by the line above
from tests.conftest import running_server  # noqa: E402

SIZE = {"width": 1440, "height": 900}
FRAMES, FRAME_MS = 48, 125
ANIMATION_WIDTH = 960


def main() -> None:
    """Write all pictures beside this file."""
    with tempfile.TemporaryDirectory() as folder, running_server(Path(folder)) as server, _browser() as browser:
        for theme in ("light", "dark"):
            with _page(browser, theme) as page:
                page.goto(server.url + "/")
                _wait_for_epoch(page, 150)
                _write(page, f"playground-{theme}")
            with _page(browser, theme) as page:
                page.goto(f"{server.url}/mnist{_trained_on_mnist(server.url)}")
                page.get_by_role("button", name="A test digit").click()
                page.wait_for_timeout(3000)  # Until the digits, the matrix and the first layer are drawn.
                _write(page, f"mnist-{theme}")
        with _page(browser, "light") as page:
            page.goto(server.url + "/")
            _wait_for_epoch(page, 2)
            _write_animation([page.screenshot() for _ in _every(page, FRAMES, FRAME_MS)])


@contextmanager
def _browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield browser
        browser.close()


@contextmanager
def _page(browser: Browser, theme: Any) -> Iterator[Page]:
    context = browser.new_context(viewport=SIZE, color_scheme=theme, locale="en-GB")  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


def _write(page: Page, name: str) -> None:
    Image.open(io.BytesIO(page.screenshot())).convert("RGB").save(HERE / f"{name}.webp", quality=90, method=6)


def _wait_for_epoch(page: Page, epoch: int) -> None:
    while int(page.locator("#epoch").inner_text().replace(",", "")) < epoch:
        page.wait_for_timeout(100)


def _every(page: Page, count: int, period_ms: int) -> Iterator[int]:
    for number in range(count):
        yield number
        page.wait_for_timeout(period_ms)


def _trained_on_mnist(url: str) -> str:
    """Train the course's network for five epochs over REST and return the fragment that opens its session."""
    created = _post(f"{url}/api/v1/sessions", {"preset": "keras-mnist"}, {})
    session, token = created["id"], created["token"]
    headers = {"Authorization": f"Bearer {token}"}
    _post(f"{url}/api/v1/sessions/{session}/commands?wait=60", {"type": "run", "epochs": 5}, headers)
    return f"#session={session}&token={token}"


def _post(url: str, body: dict[str, Any], headers: dict[str, str]) -> dict[str, Any]:
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json", **headers})
    with urllib.request.urlopen(request, timeout=90) as response:
        answer: dict[str, Any] = json.load(response)
        return answer


def _write_animation(shots: list[bytes]) -> None:
    frames = [Image.open(io.BytesIO(shot)).convert("RGB") for shot in shots]
    size = (ANIMATION_WIDTH, ANIMATION_WIDTH * frames[0].height // frames[0].width)
    small = [frame.resize(size, Image.Resampling.LANCZOS) for frame in frames]
    small[0].save(
        HERE / "learning.webp",
        save_all=True,
        append_images=small[1:],
        duration=FRAME_MS * 2,
        loop=0,
        quality=60,
        method=6,
    )


if __name__ == "__main__":
    main()
