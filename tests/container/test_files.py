"""Dockerfile and compose.yaml, read without building anything."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from app.settings import Settings
from tests.conftest import ROOT
from tests.container.service import compose_document

SETTINGS = {f"PLAYGROUND_{name.upper()}" for name in Settings.model_fields}
SCHEMA = Path(__file__).parent / "vendor" / "compose-spec" / "compose-spec.json"


def test_hadolint_finds_nothing_in_the_dockerfile_and_nothing_is_hidden_from_it() -> None:
    hadolint = shutil.which("hadolint", path=str(Path(sys.executable).parent)) or shutil.which("hadolint")
    if hadolint is None and sys.platform == "win32":
        pytest.skip("Nobody packs hadolint for Windows.")
    assert hadolint is not None

    words = [hadolint, "--no-color", "--disable-ignore-pragma", "--config", "/dev/null", str(ROOT / "Dockerfile")]
    found = subprocess.run(words, capture_output=True, text=True)

    assert (found.returncode, found.stdout) == (0, ""), found.stdout + found.stderr


def test_the_image_takes_only_what_the_locks_name_by_version_and_hash() -> None:
    steps = re.split(r"^(?=[A-Z]+ )", (ROOT / "Dockerfile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    commands = [command for step in steps if step.startswith("RUN ") for command in re.split(r"&&|\[", step)]
    fetching = [command for command in commands if re.search(r"\bpip (install|wheel|download)\b", command)]

    locked = [command for command in fetching if "--require-hashes -r requirements" in command]
    assert len(locked) == 2
    assert all("--only-binary :all:" in command for command in locked)
    assert all("--no-index" in command for command in fetching if command not in locked)


def test_compose_yaml_is_what_the_compose_specification_asks_for() -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))

    jsonschema.Draft202012Validator.check_schema(schema)
    errors = list(jsonschema.Draft202012Validator(schema).iter_errors(compose_document()))

    assert [f"{error.json_path}: {error.message}" for error in errors] == []


def test_the_schema_would_notice_a_mistake() -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    document = compose_document()
    document["services"]["playground"]["read-only"] = True

    assert not jsonschema.Draft202012Validator(schema).is_valid(document)


def test_the_service_has_no_more_rights_than_it_needs_and_every_limit() -> None:
    service = compose_document()["services"]["playground"]

    assert service["read_only"] is True
    assert service["init"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service and "cap_add" not in service
    assert {"mem_limit", "cpus", "pids_limit", "stop_grace_period", "tmpfs"} <= set(service)


def test_the_settings_file_may_be_missing_and_is_not_committed() -> None:
    service = compose_document()["services"]["playground"]

    assert service["env_file"] == [{"path": ".env", "required": False}]
    assert "/.env" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("file", ["Dockerfile", "compose.yaml", ".env.example", "docs/docker.md", "docs/docker.it.md"])
def test_every_setting_that_is_named_exists(file: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")

    named = set(re.findall(r"PLAYGROUND_[A-Z_]+", text)) - {"PLAYGROUND_"}

    assert named
    assert named - SETTINGS == set()


@pytest.mark.parametrize("file", ["docs/docker.md", "docs/docker.it.md"])
def test_the_links_of_the_documents_lead_to_files_and_headings(file: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")

    for target in [target for target in re.findall(r"\]\(([^)]+)\)", text) if "://" not in target]:
        name, _, heading = target.partition("#")
        other = ROOT / "docs" / name if name else ROOT / file
        headings = re.findall(r"^#+ (.*)$", other.read_text(encoding="utf-8"), re.MULTILINE)
        anchors = {re.sub(r"[^\w -]", "", words).lower().replace(" ", "-") for words in headings}
        assert not heading or heading in anchors, target


def test_what_the_document_says_of_the_limits_is_what_compose_yaml_sets() -> None:
    document = (ROOT / "docs" / "docker.md").read_text(encoding="utf-8")
    service = compose_document()["services"]["playground"]

    assert f"allows {service['pids_limit']} processes" in document
    assert f"within {service['stop_grace_period'].removesuffix('s')} seconds" in document
    assert "128 MB in `/tmp`" in document and service["tmpfs"][0].startswith("/tmp:size=128m,")
    for name, default in re.findall(r"\$\{(\w+_LIMIT):-([^}]*)\}", str(service)):
        assert f"| `{name}` | {default} |" in document


def test_what_compose_yaml_takes_from_the_settings_file_stands_in_the_example_with_its_default() -> None:
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    example = (ROOT / ".env.example").read_text(encoding="utf-8")

    taken = set(re.findall(r"\$\{(\w+):-([^}]*)\}", text))

    assert {f"#{name}={default}" for name, default in taken} <= set(example.splitlines())


def test_every_line_of_the_example_is_a_setting_that_the_server_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    examples = dict(line[1:].split("=", 1) for line in lines if re.match(r"#\w+=", line))
    assert examples

    for name, value in examples.items():
        monkeypatch.setenv(name, value)

    assert Settings().allowed_hosts == ("playground.school.example", "classroom-pc")


def test_the_build_sees_all_that_the_wheel_is_made_of_and_little_else() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    admitted = {line[1:] for line in lines if line.startswith("!")}
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (packed,) = re.findall(r"^only-include = \[(.*)\]$", project, re.MULTILINE)

    assert "*" in lines
    locks = {"requirements.lock", "requirements-build.lock"}
    assert admitted == {"pyproject.toml", "README.md", "LICENSE", *locks, *re.findall(r'"(\w+)"', packed)}
