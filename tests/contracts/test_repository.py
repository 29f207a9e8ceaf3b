"""What no tracked file may hold, and what every one must."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT

# Put together here, so that this file does not name what it looks for. Mirrors differ from place to place:
# a project that names one cannot be installed where another is used.
REGISTRIES = [
    ".".join(parts)
    for parts in [
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("registry", "yarnpkg", "com"),
        ("deb", "debian", "org"),
        ("archive", "ubuntu", "com"),
        ("cdn", "jsdelivr", "net"),
        ("unpkg", "com"),
        ("esm", "sh"),
        ("cdnjs", "cloudflare", "com"),
        ("fonts", "googleapis", "com"),
    ]
]
MOST_BYTES = 20_000_000


def tracked_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True)
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("registry", REGISTRIES)
def test_no_file_names_a_package_registry(registry: str) -> None:
    naming = [str(path.relative_to(ROOT)) for path in tracked_files() if registry.encode() in path.read_bytes()]

    assert naming == []


def test_the_lock_file_has_versions_and_hashes_but_no_addresses() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]

    locked = {name: package for name, package in packages.items() if name}
    assert locked
    assert all("version" in package and "integrity" in package for package in locked.values())
    assert [name for name, package in locked.items() if "resolved" in package] == []


def test_the_repository_stays_small_enough_to_clone() -> None:
    assert sum(path.stat().st_size for path in tracked_files()) < MOST_BYTES


def test_every_vendored_module_has_its_licence_beside_it() -> None:
    folders = [folder for folder in (ROOT / "static" / "vendor").iterdir() if folder.is_dir()]

    without = [folder.name for folder in folders if not list(folder.glob("LICEN[CS]E*"))]

    assert without == []


def test_texts_end_with_a_newline_and_have_unix_line_ends() -> None:
    kinds = {".py", ".js", ".css", ".html", ".md", ".toml", ".json"}
    texts = [path for path in tracked_files() if path.suffix in kinds and "vendor" not in path.parts]

    bad = [str(path) for path in texts if (text := path.read_bytes()) and (not text.endswith(b"\n") or b"\r\n" in text)]

    assert bad == []
