"""What the documents say is true: the settings, the commands, the examples."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from app import __version__
from app.cli import cli
from app.settings import Settings
from tests.conftest import ROOT, LiveServer

README = (ROOT / "README.md").read_text(encoding="utf-8")
ADDRESS = "http://127.0.0.1:8000"
DOCUMENTS = ["README.md", "README.it.md", "CONTRIBUTING.md"]


def settings_table() -> str:
    """Return the README's table of settings as it has to be."""
    lines = ["| variable | default | what it is |", "| --- | --- | --- |"]
    for name, field in Settings.model_fields.items():
        default = "the user's data folder"
        if field.default_factory is None:
            default = ",".join(field.default) if isinstance(field.default, tuple) else str(field.default)
            default = f"`{default}`" if default else "empty"
        lines.append(f"| `PLAYGROUND_{name.upper()}` | {default} | {field.description} |")
    return "\n".join(lines)


def blocks(language: str, document: str = "README.md") -> list[str]:
    text = (ROOT / document).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def test_the_readme_lists_every_setting_with_its_default_and_its_sentence() -> None:
    assert settings_table() in README, f"put this table into README.md:\n\n{settings_table()}\n"


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_commands_of_the_documents_exist(document: str) -> None:
    commands = [line for block in blocks("sh", document) for line in block.splitlines() if "run.py" in line]
    assert commands

    for line in commands:
        words = shlex.split(line, comments=True)
        words = words[words.index("run.py") + 1 :]
        if words[:1] == ["test"]:
            assert all((ROOT / word).exists() for word in words[1:] if not word.startswith("-")), line
            continue
        if not words or words[0].startswith("-"):
            words = ["serve", *words]
        command = get_command(cli).commands[words[0]]  # type: ignore[attr-defined]
        known = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= known, line


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_links_of_the_documents_lead_somewhere(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")

    targets = [target.split("#")[0] for target in re.findall(r"\]\(([^)]+)\)", text) if "://" not in target]

    assert [target for target in targets if target and not (ROOT / target).exists()] == []


def test_the_curl_examples_work_as_written(live_server: LiveServer, tmp_path: Path) -> None:
    examples = [block for block in blocks("sh") if "curl" in block]
    assert examples

    for block in examples:
        script = "set -euo pipefail\n" + block.replace(ADDRESS, live_server.url)
        result = subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=120)
        assert result.returncode == 0, result.stderr
        assert "problem" not in result.stdout
        json.loads(result.stdout.splitlines()[-1])


def test_the_python_examples_work_as_written(live_server: LiveServer, tmp_path: Path) -> None:
    examples = blocks("python")
    assert examples

    for block in examples:
        script = block.replace(ADDRESS, live_server.url)
        result = subprocess.run(
            [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=120
        )
        assert result.returncode == 0, result.stderr


def test_every_option_of_the_command_line_says_what_it_does() -> None:
    for name, command in get_command(cli).commands.items():  # type: ignore[attr-defined]
        help_text = CliRunner().invoke(cli, [name, "--help"]).output
        assert command.help, name
        for parameter in command.params:
            assert getattr(parameter, "hidden", False) or parameter.help, f"{name} {parameter.name} has no help"
        assert "Usage" in help_text


def test_the_changelog_tells_of_this_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    assert re.search(rf"^## (\[)?{re.escape(__version__)}", changelog, re.MULTILINE)


def test_the_optimizer_of_contributing_is_taken_as_it_stands() -> None:
    (example,) = blocks("python", "CONTRIBUTING.md")
    script = f"""{example}
from engine import ExperimentSpec, Trainer
trainer = Trainer(ExperimentSpec.model_validate({{"training": {{"optimizer": "sign_sgd"}}}}))
before = trainer.metrics()["loss"]
trainer.advance(200)
assert trainer.metrics()["loss"] < before
"""

    result = subprocess.run([sys.executable, "-P", "-c", script], capture_output=True, text=True, timeout=60)

    assert result.returncode == 0, result.stderr
