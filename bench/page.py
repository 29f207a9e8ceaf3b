"""The playground's page in a real browser: what a first visit costs, what it paints, and how soon it answers.

The browser, Chromium without a screen and without a graphics card, has one core to itself, and the server another,
where the system can do that and has two. `page_watch.js` runs in the page beside it and notes the times.
"""

from __future__ import annotations

import contextlib
import importlib.util
import itertools
import json
import os
import shutil
import statistics
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .measure import Result, held
from .server import Server, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, CDPSession, Page

LARGEST = {"network": {"layers": [{"units": 8}] * 6}}
"""2-8-8-8-8-8-8-1 on XOR: the largest network of six layers as wide as is usual."""

_SIZE = {"width": 1440, "height": 900}
CHROMIUM_FLAGS = [
    "--no-sandbox",  # Whoever runs this as root, as containers do, has no other way.
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    # Beside every new window Chromium would load what its address bar may open: as much work as a page of ours. Of such
    # lists the last one counts, so that what Playwright turns off is named too.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,AimEnabled,AvoidUnnecessaryBeforeUnloadCheckSync,"
    "DestroyProfileOnBrowserClose,HttpsFirstBalancedModeAutoEnable,HttpsUpgrades,LensOverlay,MediaRouter,"
    "NetworkTimeServiceQuerying,OptimizationHints,PaintHolding,PreconnectToSearch,ThirdPartyStoragePartitioning",
]
"""How Chromium is started to be measured, or tested with: so that it asks nobody but the server."""
_VISITS = 7
_SETTLE_MS = 2_000
_PAINT_S = 20.0
_PLAY_S = 60.0
_INPUTS = 40
_MEMORY_MINUTES = 10.0
_TIMEOUT_MS = 60_000


def first_visit() -> Result:
    """Measure a first visit, nothing being cached: bytes on the wire, and when what is there; medians of a few.

    Bytes are what the browser got over HTTP, headers included, until two seconds after the network has learned for an
    epoch. `learning_s` is the time from the start of the navigation until that epoch is painted.
    """
    with _both() as (server, browser):
        visits = [_visit(browser, server.url + "/") for _ in range(_VISITS)]
    figures = {name: round(statistics.median(visit[name] for visit in visits), 3) for name in visits[0]}
    detail = held(figures, "kilobytes <= 350", "learning_s <= 1.5", "layout_shift <= 0.1")
    return Result("page_first_visit", figures["learning_s"], "s", {}, detail)


def frames() -> Result:
    """Measure the frames that are painted in a second while the largest network trains as fast as it can.

    A frame counts once for each animation frame in which the page drew it, that is between two pictures that the
    compositor takes. The page is made to ask the server for 60 a second, so that nothing but the work is a limit;
    `own` is what comes of the page's own wish.
    """
    with _both() as (server, browser):
        own, _ = _painted(browser, server)
        fps, detail = _painted(browser, server, 60)
    figures = held({"fps": fps, "own": own, **detail}, "fps >= 30", "own >= 28")
    return Result("page_frames", fps, "frames/s", {}, figures)


def tasks() -> Result:
    """Measure how long the main thread is busy at a stretch during a minute of play in which the rate is changed.

    `frame_p95_ms` is the work for a painted frame, from the start of its animation frame until past its paint;
    `late_p95_ms` by how much a timer of 5 ms came late; `long_tasks` counts what the browser itself calls long.
    """
    with _both() as (server, browser), _page(browser) as page:
        _open(page, server, LARGEST)
        _play(page)
        page.evaluate("() => { pageWatch.work = []; pageWatch.longTasks = []; pageWatch.keepLags(); }")
        start_s = time.monotonic()
        slider = page.locator("#learning-rate-slider")
        while time.monotonic() - start_s < _PLAY_S:
            slider.press("ArrowRight" if int(time.monotonic()) % 2 else "ArrowLeft")
            page.wait_for_timeout(500)
        noted = page.evaluate("() => ({ work: pageWatch.work, lags: pageWatch.lags, tasks: pageWatch.longTasks })")
    figures = {
        "frame_p95_ms": round(_share(noted["work"], 0.95), 1),
        "frame_median_ms": round(_share(noted["work"], 0.5), 1),
        "late_p95_ms": round(_share(noted["lags"], 0.95), 1),
        "long_tasks": len(noted["tasks"]),
        "longest_ms": max(noted["tasks"], default=0),
        "frames": len(noted["work"]),
    }
    detail = held(figures, "frame_p95_ms <= 50", "late_p95_ms <= 50")
    return Result("page_tasks", figures["frame_p95_ms"], "ms, 95th percentile", {}, detail)


def inputs() -> Result:
    """Measure the time from an input to its effect on the screen, while a network trains, in ms.

    The time runs from the browser's own time of the event (of the key, or of the button let go) until the animation
    frame that shows the effect has been painted: another number beside the slider; another state in the status line;
    a unit that was added in its place in the network (`unit`), and with what it answers (`map`), which only the rebuilt
    network can tell. `…_answer` is when the server's answer to the command was there.
    """
    with _both() as (server, browser), _page(browser) as page:
        _open(page, server, {"network": {"layers": [{"units": 4}, {"units": 2}]}})
        _play(page)
        times: dict[str, list[float]] = {}

        def measure(what: str, effect: str, command: str, act: Callable[[], None]) -> None:
            page.evaluate("([effect, command]) => pageWatch.await(effect, command)", [effect, command])
            act()
            seen, answered = _awaited(page)
            times.setdefault(what, []).append(seen)
            times.setdefault(f"{what}_answer", []).append(answered)
            page.wait_for_timeout(150)

        slider, play = page.locator("#learning-rate-slider"), page.locator("#play")
        slider.focus()
        more, fewer = (page.locator(".layer-buttons").first.get_by_role("button").nth(at) for at in (1, 0))
        for number in range(_INPUTS):
            key = "ArrowRight" if number % 8 < 4 else "ArrowLeft"
            measure("rate", "rate", "configure", lambda key=key: page.keyboard.press(key))  # type: ignore[misc]
        for _ in range(_INPUTS):
            measure("pause", "state", "pause", play.click)
            play.click()
            page.wait_for_timeout(150)
        for number in range(_INPUTS):
            effect = "map" if number % 2 else "unit"
            measure(effect, effect, "configure", more.click)
            fewer.click()
            page.wait_for_timeout(300)
    figures = {f"{what}_p95_ms": round(_share(found, 0.95), 1) for what, found in times.items()}
    detail = held(figures, "rate_p95_ms <= 100", "pause_p95_ms <= 100", "unit_p95_ms <= 100")
    worst = max(figures[f"{what}_p95_ms"] for what in ("rate", "pause", "unit"))
    return Result("page_inputs", worst, "ms, 95th percentile of the slowest", {}, detail)


def memory(minutes: float = _MEMORY_MINUTES) -> Result:
    """Measure what the page's memory grows by in ten minutes of play, garbage collected before and after.

    It begins when the curves have come to their full number of points, 4,096, which are kept by design. From then on
    that number swings between half and all, 1 MB or so; more than twice that is growth, and so are a hundred nodes.
    """
    with _both() as (server, browser), _page(browser) as page:
        _open(page, server, {"network": {"layers": [{"units": 4}, {"units": 2}]}})
        _play(page)
        session = page.context.new_cdp_session(page)
        _until(page, lambda: page.evaluate("() => pageWatch.thinned"))
        before = _memory(session)
        start_s = time.monotonic()
        slider = page.locator("#learning-rate-slider")
        while time.monotonic() - start_s < 60 * minutes:
            slider.press("ArrowRight" if int(time.monotonic() / 10) % 2 else "ArrowLeft")
            page.wait_for_timeout(5_000)
        after = _memory(session)
    grown = {f"{name}_grown": round(after[name] - before[name], 3) for name in after}
    figures = {**grown, **after, "minutes": minutes}
    detail = held(figures, "heap_mb_grown <= 2", "nodes_grown <= 100", "listeners_grown <= 20")
    return Result("page_memory", grown["heap_mb_grown"], "MB", {}, detail)


# What all of them do.


@contextlib.contextmanager
def _both() -> Iterator[tuple[Server, Browser]]:
    """Run a server and a Chromium, each on a core of its own where that is possible."""
    if importlib.util.find_spec("playwright") is None:
        print("This needs Playwright: pip install playwright, or the extra `test`.", file=sys.stderr)
        raise SystemExit(1)
    from playwright.sync_api import sync_playwright

    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    with contextlib.ExitStack() as stack:
        # Processes run where the one that starts them runs.
        with _on(cores[-1:]):
            server = stack.enter_context(serving())
        with _on(cores[:1]):
            playwright = stack.enter_context(sync_playwright())
            # Without an installed one, Playwright takes its own, or says how to get it.
            browser = playwright.chromium.launch(executable_path=_installed_chromium(), args=CHROMIUM_FLAGS)
        stack.callback(browser.close)
        yield server, browser


@contextlib.contextmanager
def _on(cores: Sequence[int]) -> Iterator[None]:
    """Let this process, and what it starts meanwhile, run on these cores only; without any, wherever it may."""
    before = os.sched_getaffinity(0) if cores else set()
    if cores:
        os.sched_setaffinity(0, cores)
    yield
    if cores:
        os.sched_setaffinity(0, before)


def _installed_chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
    return os.environ.get("CHROME_PATH") or next((path for path in map(shutil.which, names) if path), None)


@contextlib.contextmanager
def _page(browser: Browser) -> Iterator[Page]:
    """Open an empty tab that keeps nothing from before, with the watch that notes times."""
    context = browser.new_context(viewport=_SIZE, locale="en-GB")  # type: ignore[arg-type]
    context.set_default_timeout(_TIMEOUT_MS)
    context.add_init_script(path=Path(__file__).with_name("page_watch.js"))
    yield context.new_page()
    context.close()


def _open(page: Page, server: Server, spec: dict[str, Any]) -> None:
    """Open a session of a spec in the page."""
    request = urllib.request.Request(
        f"{server.url}/api/v1/sessions", json.dumps({"spec": spec}).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as response:
        session = json.load(response)
    page.goto(f"{server.url}/#session={session['id']}&token={session['token']}")
    page.locator("#play:enabled").wait_for()


def _play(page: Page) -> None:
    """Let it train as fast as it can."""
    page.locator("#speed").select_option(index=5)
    page.locator("#play").click()
    page.locator("#status[data-state=running]").wait_for()
    page.wait_for_timeout(_SETTLE_MS)


def _visit(browser: Browser, url: str) -> dict[str, float]:
    """Visit a page for the first time, and return what that took."""
    with _page(browser) as page:
        network = page.context.new_cdp_session(page)
        network.send("Network.enable")
        sizes: list[float] = []
        network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        page.goto(url)
        _until(page, lambda: page.evaluate("() => pageWatch.learningAt"))
        page.wait_for_timeout(_SETTLE_MS)
        noted = page.evaluate(
            """() => ({
                learning: pageWatch.learningAt,
                shift: pageWatch.shift,
                contentful: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN,
            })"""
        )
    return {
        "kilobytes": sum(sizes) / 1000,
        "requests": len(sizes),
        "learning_s": noted["learning"] / 1000,
        "contentful_s": noted["contentful"] / 1000,
        "layout_shift": noted["shift"],
    }


def _painted(browser: Browser, server: Server, fps: int | None = None) -> tuple[float, dict[str, Any]]:
    """Return the frames painted a second while the largest network trains, and what is known of them."""
    with _page(browser) as page:
        page.add_init_script(f"pageWatch.fps = {json.dumps(fps)}")
        _open(page, server, LARGEST)
        _play(page)
        page.evaluate("() => { pageWatch.painted = []; pageWatch.work = []; }")
        page.wait_for_timeout(1000 * _PAINT_S)
        noted = page.evaluate("() => ({ painted: pageWatch.painted, work: pageWatch.work })")
        page.locator("#play").click()
    painted = noted["painted"]
    gaps = [later - earlier for earlier, later in itertools.pairwise(painted)]
    fps_painted = 1000 * len(gaps) / sum(gaps)
    detail = {
        "gap_p95_ms": round(_share(gaps, 0.95), 1),
        "work_median_ms": round(_share(noted["work"], 0.5), 1),
        "work_p95_ms": round(_share(noted["work"], 0.95), 1),
    }
    return round(fps_painted, 1), detail


def _awaited(page: Page) -> tuple[float, float]:
    """Return how long the effect and the answer took that were awaited, in ms."""

    def took() -> Any:
        return page.evaluate("() => [pageWatch.awaited.took ?? null, pageWatch.answerAwaited.took ?? null]")

    _until(page, lambda: None not in took())
    seen, answered = took()
    return seen, answered


def _until(page: Page, is_so: Callable[[], Any]) -> None:
    start_s = time.monotonic()
    while not is_so():
        if time.monotonic() - start_s > _TIMEOUT_MS / 1000:
            raise TimeoutError("The page did not do what was awaited of it.")
        page.wait_for_timeout(30)


def _memory(session: CDPSession) -> dict[str, float]:
    """Return what the page holds once all garbage is collected."""
    for _ in range(3):
        session.send("HeapProfiler.collectGarbage")
    heap = session.send("Runtime.getHeapUsage")
    counters = session.send("Memory.getDOMCounters")
    return {
        "heap_mb": round(heap["usedSize"] / 1e6, 3),
        "nodes": counters["nodes"],
        "listeners": counters["jsEventListeners"],
    }


def _share(figures: Sequence[float], share: float) -> float:
    """Return the figure that this share of all do not exceed."""
    ordered = sorted(figures)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")
