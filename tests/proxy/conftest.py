"""A real server behind a real proxy, both set up as docs/reverse-proxy.md says."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from run import PROXY_PACKAGES, find_program
from tests.conftest import LiveServer, running_server
from tests.proxy.proxies import Certificate, Proxy, server_environment

# So few that a test sees where they end; every test comes from an address of its own.
AT_ONCE = 3


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """A certificate for the public name."""
    _need("openssl")
    return Certificate.make(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(scope="session", params=["nginx", "caddy"])
def program(request: pytest.FixtureRequest) -> str:
    """The proxy's program, which run.py brings; without it, the tests are skipped with a word on what they need."""
    name: str = request.param
    if sys.platform != "linux":
        pytest.skip("The proxies are tested on Linux, where all of 127.0.0.0/8 is this machine.")
    _need(name)
    return name


@pytest.fixture(scope="session")
def behind_proxy(
    program: str, certificate: Certificate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[LiveServer, Proxy]]:
    """One server with its proxy for all tests that leave them as they found them."""
    with ExitStack() as stack:
        yield _start(stack, program, certificate, tmp_path_factory.mktemp("proxied"))


@pytest.fixture
def proxy(behind_proxy: tuple[LiveServer, Proxy]) -> Proxy:
    """The proxy that tests share."""
    return behind_proxy[1]


@pytest.fixture
def start_behind_proxy(
    program: str, certificate: Certificate, tmp_path: Path
) -> Iterator[Callable[..., tuple[LiveServer, Proxy]]]:
    """A function that starts a server of the test's own, with further settings, and a proxy before it."""
    with ExitStack() as stack:

        def start(**settings: str) -> tuple[LiveServer, Proxy]:
            return _start(stack, program, certificate, tmp_path, settings)

        yield start


def _start(
    stack: ExitStack, program: str, certificate: Certificate, folder: Path, settings: dict[str, str] | None = None
) -> tuple[LiveServer, Proxy]:
    counts = {"PLAYGROUND_MAX_CREATIONS_AT_ONCE": str(AT_ONCE), "PLAYGROUND_MAX_CREATIONS_PER_MINUTE": "1"}
    environment = {**server_environment(), **counts, **(settings or {})}
    server = stack.enter_context(running_server(folder / "data", env=environment))
    port = urlsplit(server.url).port
    assert port is not None
    (folder / "proxy").mkdir()
    proxy = Proxy(program, folder / "proxy", certificate, port)
    stack.callback(proxy.stop)
    proxy.start()
    return server, proxy


def _need(name: str) -> None:
    if find_program(name):
        return
    text = f"{name} is missing: on Debian, apt-get install {PROXY_PACKAGES[name]} (as root, run.py does it)."
    if os.environ.get("CI"):
        pytest.fail(text)
    pytest.skip(text)
