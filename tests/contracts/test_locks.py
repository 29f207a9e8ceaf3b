"""The locks for the container: they hold all that pyproject.toml asks for, by exact versions and hashes."""

from __future__ import annotations

import re
import tomllib
from importlib import metadata

import pytest
from packaging.markers import Marker, default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
WANTED = {
    "requirements.lock": PROJECT["project"]["dependencies"],
    "requirements-build.lock": PROJECT["build-system"]["requires"],
}
# Where the container runs, and the oldest Python that a base image may have.
MACHINES = [(python, machine) for python in ("3.11", "3.13") for machine in ("x86_64", "aarch64")]
_ENTRY = re.compile(
    r"^(?P<name>\S+)==(?P<version>\S+)(?: ; (?P<marker>.+))? \\\n(?P<hashes>(?: +--hash=\S+(?: \\)?\n)+)"
)


def locked(file: str, python: str, machine: str) -> dict[str, str]:
    """Return the versions that a machine gets, by name; AssertionError for a line that is no such entry."""
    text = re.sub(r"^ *#.*\n", "", (ROOT / file).read_text(encoding="utf-8"), flags=re.MULTILINE)
    environment = environment_of(python, machine)
    versions: dict[str, str] = {}
    while text:
        entry = _ENTRY.match(text)
        assert entry, f"{file}: no version with hashes in {text[:80]!r}"
        text = text[entry.end() :]
        assert re.fullmatch(r"( +--hash=sha256:[0-9a-f]{64}( \\)?\n)+", entry["hashes"]), entry["name"]
        if entry["marker"] is None or Marker(entry["marker"]).evaluate(environment):
            assert entry["name"] not in versions, f"{file}: {entry['name']} stands twice for Python {python}"
            versions[entry["name"]] = entry["version"]
    return versions


def environment_of(python: str, machine: str) -> dict[str, str]:
    on_linux = {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "platform_machine": machine}
    return {**default_environment(), **on_linux, "python_version": python, "python_full_version": f"{python}.0"}  # type: ignore[dict-item]


def lacking(requirements: list[str], versions: dict[str, str], environment: dict[str, str]) -> list[str]:
    """Return those of the requirements that the versions do not satisfy."""
    return [text for text in requirements if not _is_satisfied(Requirement(text), versions, environment)]


def _is_satisfied(requirement: Requirement, versions: dict[str, str], environment: dict[str, str]) -> bool:
    if requirement.marker and not requirement.marker.evaluate({**environment, "extra": ""}):
        return True  # Not asked for on this machine.
    version = versions.get(canonicalize_name(requirement.name))
    return version is not None and Version(version) in requirement.specifier


@pytest.mark.parametrize(("python", "machine"), MACHINES)
@pytest.mark.parametrize("file", WANTED)
def test_a_lock_satisfies_what_the_project_asks_for(file: str, python: str, machine: str) -> None:
    versions = locked(file, python, machine)

    assert lacking(WANTED[file], versions, environment_of(python, machine)) == [], (
        "write the locks anew: CONTRIBUTING.md"
    )


@pytest.mark.parametrize(("python", "machine"), MACHINES)
@pytest.mark.parametrize("file", WANTED)
def test_what_is_locked_brings_its_own_dependencies(file: str, python: str, machine: str) -> None:
    """As far as the same versions are installed here: what others ask for is not in the lock itself."""
    versions = locked(file, python, machine)
    installed: dict[str, metadata.Distribution] = {
        canonicalize_name(one.metadata["Name"]): one for one in metadata.distributions()
    }
    same = [
        installed[name]
        for name, version in versions.items()
        if name in installed and installed[name].version == version
    ]

    for distribution in same:
        assert lacking(distribution.requires or [], versions, environment_of(python, machine)) == [], (
            distribution.metadata["Name"]
        )


@pytest.mark.parametrize("file", WANTED)
def test_a_lock_names_no_place_to_fetch_from(file: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")

    assert "://" not in text and "--index-url" not in text and "--find-links" not in text


def test_a_requirement_that_the_lock_lacks_would_be_noticed() -> None:
    versions = locked("requirements.lock", "3.13", "x86_64")
    environment = environment_of("3.13", "x86_64")

    assert lacking(["numpy>=99"], versions, environment) == ["numpy>=99"]
    assert lacking(["no-such-package"], versions, environment) == ["no-such-package"]
