"""docs/protocol.md: its examples work as they stand, and it leaves nothing out."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from app import ws
from app.events import EVENTS
from app.main import create_app
from app.messages import Command
from app.sessions import stream
from app.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


def run(words, server, folder):
    words = [word.replace("127.0.0.1:8000", f"127.0.0.1:{server.port}") for word in words]
    result = subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stderr
    return result.stdout


@pytest.mark.parametrize("example", blocks("python"))
def test_the_python_examples_work_as_written(server, tmp_path, example):
    assert run([sys.executable, "-c", example], server, tmp_path)


@pytest.mark.skipif(shutil.which("curl") is None or shutil.which("bash") is None, reason="needs curl and bash")
@pytest.mark.parametrize("example", blocks("sh"))
def test_the_curl_examples_work_as_written(server, tmp_path, example):
    output = run(["bash", "-c", f"set -euo pipefail\n{example}"], server, tmp_path)

    assert '"token"' in output
    if "boundary.png" in example:
        assert (tmp_path / "boundary.png").read_bytes().startswith(b"\x89PNG")


def test_every_route_is_described():
    for path, operations in create_app(Settings()).openapi()["paths"].items():
        short = path.removeprefix("/api/v1").replace("{session_id}", "{id}")
        for method in operations:
            assert re.search(rf"`{method.upper()} {re.escape(short)}[`?]", TEXT) or re.search(
                rf"`{re.escape(short)}`", TEXT
            ), f"{method.upper()} {short}"


def test_every_command_and_every_event_is_described():
    for model in (*get_args(Command), *EVENTS):
        (name,) = get_args(model.model_fields["type"].annotation)
        assert f"`{name}`" in TEXT, name


def test_every_close_code_is_described():
    for code in (ws.UNAUTHORIZED, ws.SESSION_GONE, ws.TRY_LATER, stream.TOO_SLOW, stream.GOING_AWAY, 1009):
        assert f"| {code} |" in TEXT, code


def test_every_code_of_a_problem_is_described():
    sources = [file for file in (ROOT / "app").rglob("*.py") if file.name not in ("training.py", "cli.py")]
    codes = {code for file in sources for code in re.findall(r'Problem\(\s*\d+, "(\w+)"', file.read_text("utf-8"))}

    assert len(codes) > 15
    assert not {code for code in codes if f"`{code}`" not in TEXT}
