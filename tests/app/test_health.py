"""The health command of containers: asks the server that the settings describe."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from tests.app.conftest import Server
from tests.conftest import ROOT, LiveServer


def ask(url: str, **environment: str) -> subprocess.CompletedProcess[str]:
    told = {"PLAYGROUND_PORT": str(urlsplit(url).port), **environment}
    command = [sys.executable, "-P", "-m", "app.health"]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **told}, capture_output=True, text=True, timeout=30)


def test_a_server_that_can_take_work_is_healthy(live_server: LiveServer) -> None:
    answer = ask(live_server.url)

    assert (answer.returncode, answer.stdout, answer.stderr) == (0, "Ready.\n", "")


@pytest.mark.parametrize("listened_to", ["0.0.0.0", "::"])
def test_a_server_on_every_address_is_asked_on_this_machines_own(live_server: LiveServer, listened_to: str) -> None:
    answer = ask(live_server.url, PLAYGROUND_HOST=listened_to)

    # The server of the tests listens on 127.0.0.1 only.
    asked = {"0.0.0.0": "Ready.", "::": "No answer from ::1"}[listened_to]
    assert (answer.stdout + answer.stderr).startswith(asked)


def test_no_proxy_stands_between_the_command_and_the_server(live_server: LiveServer) -> None:
    assert ask(live_server.url, http_proxy="http://127.0.0.1:9", HTTP_PROXY="http://127.0.0.1:9").returncode == 0


def test_a_prefix_does_not_matter(start: Callable[..., Server]) -> None:
    url = f"http://127.0.0.1:{start(base_path='/prefix').port}"

    assert ask(url, PLAYGROUND_BASE_PATH="/prefix").returncode == 0
    assert ask(url).returncode == 0


def test_a_silent_port_is_told_in_one_line() -> None:
    answer = ask("http://127.0.0.1:1")

    assert answer.returncode == 1
    assert answer.stdout == ""
    assert answer.stderr.startswith("No answer from 127.0.0.1, port 1: ")
    assert answer.stderr.count("\n") == 1
