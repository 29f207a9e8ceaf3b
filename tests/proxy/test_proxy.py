"""Everything works under a path, a name and TLS, and the proxy opens no way around what the server refuses."""

from __future__ import annotations

import itertools
import json
import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import sync_playwright
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection

from bench.page import CHROMIUM_FLAGS
from tests.conftest import LiveServer, console_errors
from tests.proxy.conftest import AT_ONCE
from tests.proxy.proxies import NAME, PREFIX, PROXY_ADDRESS, Proxy

SPEC = {"data": {"dataset": {"name": "xor", "samples": 40}}, "network": {"layers": [{"units": 2}]}}
# Some two million parameters: with what its optimizer keeps, a snapshot of 16 MB.
LARGE_SPEC = {
    "data": {"dataset": {"name": "xor", "samples": 40}},
    "network": {"layers": [{"units": 1024}, {"units": 1024}, {"units": 900}]},
    "training": {"optimizer": "rmsprop"},
}
UPLOAD = {"Content-Type": "application/octet-stream"}
ADDRESSES = (f"127.0.{number // 250}.{number % 250 + 2}" for number in itertools.count())
MOST_BYTES = 64 * 1024 * 1024


@pytest.fixture
def http(proxy: Proxy) -> Iterator[httpx.Client]:
    """A client of the site with an address, and thus a count, of its own."""
    with proxy.client(next(ADDRESSES)) as client:
        yield client


def create(http: httpx.Client, spec: dict[str, Any] | None = None, **options: Any) -> httpx.Response:
    return http.post("/api/v1/sessions", json={"spec": spec or SPEC}, **options)


def created(http: httpx.Client, spec: dict[str, Any] | None = None) -> dict[str, Any]:
    response = create(http, spec)
    assert response.status_code == 201, response.text
    return dict(response.json())


def bearer(session: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {session['token']}"}


def say(stream: ClientConnection, **message: Any) -> None:
    stream.send(json.dumps(message))


def event(stream: ClientConnection, kind: str) -> dict[str, Any]:
    """Return the next event of a type; frames and other events are passed over."""
    while True:
        message = stream.recv(timeout=20)
        if isinstance(message, str) and (found := json.loads(message))["type"] == kind:
            return dict(found)


def test_the_page_and_all_that_it_names_load_under_the_prefix(proxy: Proxy, http: httpx.Client) -> None:
    page = http.get("/")
    addresses = set(re.findall(r'(?:href|src)="(/[^"#]+)"', page.text))
    static = {address for address in addresses if "/static/" in address}

    assert page.status_code == 200
    assert len(static) > 5
    assert all(address.startswith(f"{PREFIX}/") for address in addresses), addresses
    for address in addresses:
        assert http.get(f"{proxy.origin}{address}").status_code == 200, address


def test_the_prefix_without_its_slash_leads_to_the_page(proxy: Proxy, http: httpx.Client) -> None:
    answer = http.get(f"{proxy.origin}{PREFIX}", follow_redirects=True)

    assert answer.status_code == 200
    assert str(answer.url).startswith(f"https://{PROXY_ADDRESS}:") and answer.url.path == f"{PREFIX}/"


def test_a_browser_draws_frames_and_finds_nothing_to_complain_of(proxy: Proxy, chromium_path: str) -> None:
    flags = [*CHROMIUM_FLAGS, f"--host-resolver-rules=MAP {NAME} {PROXY_ADDRESS}"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path, args=flags)
        page = chromium.new_page(ignore_https_errors=True)
        errors = console_errors(page)
        frames: list[bytes | str] = []
        page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: frames.append(frame)))
        page.goto(f"{proxy.origin}{PREFIX}/")

        deadline_s = time.monotonic() + 60
        while sum(isinstance(frame, bytes) for frame in frames) < 5 and time.monotonic() < deadline_s:
            page.wait_for_timeout(50)

        is_secure = page.evaluate("isSecureContext")
        chromium.close()
    assert sum(isinstance(frame, bytes) for frame in frames) >= 5
    assert is_secure
    assert errors == []


def test_a_session_trains_and_its_frames_come_over_tls(proxy: Proxy, http: httpx.Client) -> None:
    session = created(http)

    with proxy.stream(session) as stream:
        say(stream, type="hello", token=session["token"])
        assert event(stream, "welcome")["state"] == "idle"
        say(stream, type="run")
        frames = 0
        while frames < 20:
            message = stream.recv(timeout=20)
            if isinstance(message, bytes):
                frames += 1
                length = int.from_bytes(message[:4], "little")
                say(stream, type="seen", seq=json.loads(message[4 : 4 + length])["seq"])
        say(stream, type="pause")
        while event(stream, "state")["state"] != "paused":
            pass

    answer = http.get(f"/api/v1/sessions/{session['id']}", headers=bearer(session))
    assert answer.json()["state"] == "paused"


def test_the_address_of_a_new_session_is_one_that_the_proxy_shows(proxy: Proxy, http: httpx.Client) -> None:
    answer = create(http)

    location = answer.headers["location"]
    assert location.startswith(f"{PREFIX}/api/v1/sessions/")
    assert http.get(f"{proxy.origin}{location}", headers=bearer(answer.json())).status_code == 200


def test_pages_of_the_public_origin_pass_and_no_others(proxy: Proxy, http: httpx.Client) -> None:
    session = created(http)
    foreign = [
        "https://evil.example",
        f"https://{NAME}",  # Another port.
        f"https://sub.{proxy.authority}",
        f"http://127.0.0.1:{proxy.server_port}",
        "null",
    ]

    assert create(http, headers={"Origin": proxy.origin}).status_code == 201
    with proxy.stream(session, origin=proxy.origin) as stream:
        say(stream, type="hello", token=session["token"])
        assert event(stream, "welcome")
    for origin in foreign:
        refused = create(http, headers={"Origin": origin, "X-Forwarded-Host": "evil.example"})
        assert (refused.status_code, refused.json()["code"]) == (403, "origin_not_allowed"), origin
        with pytest.raises(InvalidStatus) as handshake, proxy.stream(session, origin=origin):
            pass
        assert handshake.value.response.status_code == 403, origin


@pytest.mark.parametrize("name", ["X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded", "X-Original-Host"])
def test_headers_that_are_not_read_change_nothing(http: httpx.Client, name: str) -> None:
    answer = create(http, headers={name: "evil.example"})

    assert answer.status_code == 201
    assert "evil" not in answer.text and "evil" not in str(answer.headers)


def test_a_name_that_nobody_allowed_is_not_answered(http: httpx.Client) -> None:
    # nginx has no other site and hands it on to the server, which refuses; Caddy has nothing for this name.
    page = http.get("/", headers={"Host": "evil.example"})
    made = create(http, headers={"Host": "evil.example", "Origin": "https://evil.example"})

    assert f"{PREFIX}/static/" not in page.text
    assert made.status_code != 201 and "token" not in made.text


def test_a_large_snapshot_goes_down_and_up_again(http: httpx.Client) -> None:
    session = created(http, LARGE_SPEC)

    snapshot = http.post(f"/api/v1/sessions/{session['id']}/snapshot", headers=bearer(session))
    restored = http.post("/api/v1/sessions", content=snapshot.content, headers=UPLOAD)

    assert len(snapshot.content) > 10_000_000
    assert restored.status_code == 201, restored.text
    assert restored.json()["parameters"] == session["parameters"] > 1_900_000


def test_a_body_of_64_mb_reaches_the_server_and_a_larger_one_does_not(http: httpx.Client) -> None:
    exact = http.post("/api/v1/sessions", content=b"x" * MOST_BYTES, headers=UPLOAD)
    assert (exact.status_code, exact.json()["code"]) == (422, "not_a_snapshot")

    assert http.post("/api/v1/sessions", content=b"x" * (MOST_BYTES + 1), headers=UPLOAD).status_code == 413


def test_security_headers_arrive_once(http: httpx.Client) -> None:
    answers = [http.get("/"), http.get("/api/v1/catalog"), create(http), http.get("/no/such/page")]

    for answer in answers:
        for name in ("content-security-policy", "x-content-type-options", "referrer-policy"):
            assert len(answer.headers.get_list(name)) == 1, (str(answer.url), name)
        assert "'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "path",
    ["/metrics", "//metrics", "/./metrics", "/x/../metrics", "/%6detrics", "/metrics/", "/metrics?x", "/METRICS"],
)
def test_figures_are_not_shown_outside_however_they_are_spelled(proxy: Proxy, path: str) -> None:
    # Raw: a client library would tidy the path up.
    with proxy.raw() as connection:
        request = f"GET {PREFIX}{path} HTTP/1.1\r\nHost: {proxy.authority}\r\nConnection: close\r\n\r\n"
        connection.sendall(request.encode())
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))

    assert answer.startswith(b"HTTP/1.1 404 "), answer[:200]


def test_figures_are_shown_to_who_looks_after_the_machine(proxy: Proxy) -> None:
    for path in ("/metrics", f"{PREFIX}/metrics"):
        answer = httpx.get(f"http://{PROXY_ADDRESS}:{proxy.server_port}{path}")
        assert (answer.status_code, "sessions" in answer.text) == (200, True)


def test_plain_http_leads_to_https(proxy: Proxy) -> None:
    answer = httpx.get(f"http://{PROXY_ADDRESS}:{proxy.plain_port}{PREFIX}/?lang=it", headers={"Host": NAME})

    assert answer.is_redirect
    assert answer.headers["location"] == f"https://{NAME}{PREFIX}/?lang=it"


def test_each_client_of_the_proxy_has_its_own_count(proxy: Proxy, http: httpx.Client) -> None:
    assert [create(http).status_code for _ in range(AT_ONCE + 1)] == [201] * AT_ONCE + [429]

    with proxy.client(next(ADDRESSES)) as other:
        assert create(other).status_code == 201


@pytest.mark.parametrize(
    "forged",
    ["198.51.100.{}", "198.51.100.{}, 127.0.0.1", "127.0.0.1, 198.51.100.{}", "2001:db8:{}::1", "{}", "127.0.0.1:{}"],
)
def test_a_forged_address_from_outside_does_not_help(http: httpx.Client, forged: str) -> None:
    headers = [{"X-Forwarded-For": forged.format(number)} for number in range(AT_ONCE + 2)]
    codes = [create(http, headers=header).status_code for header in headers]
    # Twice, and under names that other software takes for it.
    several = [("X-Forwarded-For", "198.51.100.8"), ("X-Forwarded-For", "198.51.100.9"), ("X_Forwarded_For", "::1")]
    codes.append(create(http, headers=[*several, ("X-Real-IP", "::2"), ("Forwarded", "for=192.0.2.1")]).status_code)

    assert codes == [201] * AT_ONCE + [429, 429, 429]


def test_a_proxy_that_is_not_trusted_counts_as_one_client(
    start_behind_proxy: Callable[..., tuple[LiveServer, Proxy]],
) -> None:
    _, proxy = start_behind_proxy(PLAYGROUND_TRUSTED_PROXIES="", PLAYGROUND_PLACEMENT="thread")

    with proxy.client("127.0.0.2") as one, proxy.client("127.0.0.3") as other:
        assert [create(one).status_code for _ in range(AT_ONCE)] == [201] * AT_ONCE
        assert create(other).status_code == 429


def test_when_the_proxy_starts_anew_a_client_comes_back_and_has_lost_no_point(proxy: Proxy, http: httpx.Client) -> None:
    numbers: list[int] = []
    session = created(http)

    with proxy.stream(session) as stream:
        say(stream, type="hello", token=session["token"])
        say(stream, type="run", speed=50)
        while len(numbers) < 20:
            numbers += [point["n"] for point in event(stream, "points")["points"]]
        proxy.stop()
        with pytest.raises(ConnectionClosed):
            while True:
                message = stream.recv(timeout=20)
                if isinstance(message, str) and (late := json.loads(message))["type"] == "points":
                    numbers += [point["n"] for point in late["points"]]
    proxy.start()
    with proxy.stream(session) as stream:
        say(stream, type="hello", token=session["token"], last_point=numbers[-1])
        welcome = event(stream, "welcome")
        numbers += [point["n"] for point in welcome["points"]]
        while len(numbers) < 100:
            numbers += [point["n"] for point in event(stream, "points")["points"]]

    assert welcome["state"] == "running"
    assert numbers == list(range(1, len(numbers) + 1))
