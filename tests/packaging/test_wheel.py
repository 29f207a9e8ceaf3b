"""The wheel, installed into an environment of its own and driven from a folder that contains another `app`."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.conftest import ROOT, LiveServer, running_server

MOST_MEGABYTES = 150


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)],
        check=True,
        capture_output=True,
    )
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment that holds the wheel, what it needs, and nothing else."""
    folder = tmp_path_factory.mktemp("elsewhere") / "venv"
    venv.create(folder, with_pip=True)
    pip = [str(program(folder, "python")), "-m", "pip", "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "--quiet", str(wheel)], check=True, capture_output=True)
    subprocess.run([*pip, "uninstall", "--quiet", "--yes", "setuptools", "pip"], check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def foreign_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A current folder with packages of the same names, which must not be taken for ours."""
    folder = tmp_path_factory.mktemp("foreign")
    for name in ("app", "engine", "bench"):
        (folder / name).mkdir()
        (folder / name / "__init__.py").write_text(f"raise SystemExit('the wrong {name}')")
    return folder


@pytest.fixture(scope="module")
def server(environment: Path, foreign_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    command = (str(program(environment, "nn-playground")),)
    with running_server(
        tmp_path_factory.mktemp("data"), "--base-path", "/prefix", command=command, cwd=foreign_folder, env=plain()
    ) as server:
        yield server


def program(environment: Path, name: str) -> Path:
    return environment / ("Scripts" if os.name == "nt" else "bin") / name


def plain() -> dict[str, str]:
    """What keeps this checkout from being found by the installed program."""
    return {"PYTHONPATH": ""}


def test_the_wheel_holds_the_page_the_data_and_the_licences_and_no_tests(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())

    assert {"app/_assets/templates/base.html", "app/_assets/static/locales/it.json"} <= names
    assert "engine/datasets/data/mnist/train-images-idx3-ubyte.gz" in names
    assert any(name.endswith("engine/datasets/data/mnist/LICENSE") and "dist-info" in name for name in names)
    assert {name.split("/")[0] for name in names if "dist-info" not in name} == {"app", "engine"}


def test_the_wheel_holds_every_tracked_file_of_the_page(wheel: Path) -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "static", "templates"], cwd=ROOT, check=True, capture_output=True, text=True
    )

    names = set(zipfile.ZipFile(wheel).namelist())

    assert {f"app/_assets/{path}" for path in tracked.stdout.splitlines()} <= names


def test_a_default_install_is_small(environment: Path) -> None:
    packages = next(environment.rglob("site-packages"))

    megabytes = sum(file.stat().st_size for file in packages.rglob("*") if file.is_file()) / 1e6

    assert megabytes <= MOST_MEGABYTES


def test_it_serves_the_page_and_its_files_under_a_prefix(server: LiveServer) -> None:
    assert server.url.endswith("/prefix")
    assert httpx.get(f"{server.url}/healthz").status_code == 200
    assert httpx.get(f"{server.url}/readyz").status_code == 200

    page = httpx.get(f"{server.url}/")

    assert page.status_code == 200
    files = set(re.findall(r'(?:src|href)="(/prefix/static/[^"]+)"', page.text))
    assert any(file.endswith(".js") for file in files)
    assert any(file.endswith(".css") for file in files)
    origin = server.url.removesuffix("/prefix")
    assert {file: httpx.get(origin + file).status_code for file in files} == dict.fromkeys(files, 200)


def test_a_session_over_rest_learns(server: LiveServer) -> None:
    with httpx.Client(base_url=f"{server.url}/api/v1", timeout=60) as client:
        session = client.post("/sessions", json={"preset": "xor-2-4-8-8-1"}).raise_for_status().json()
        client.headers["Authorization"] = f"Bearer {session['token']}"
        place = f"/sessions/{session['id']}"

        answer = client.post(f"{place}/commands", params={"wait": 30}, json={"type": "run", "epochs": 100})

        assert answer.raise_for_status().json()["done"] is True
        assert answer.json()["metrics"]["loss"] < session["metrics"]["loss"] / 2
        assert client.delete(place).is_success


def test_it_trains_on_the_command_line(environment: Path, foreign_folder: Path) -> None:
    words = ["train", "--preset", "xor-2-2-1", "--epochs", "3", "--seed", "4", "--json"]

    result = run_installed(environment, foreign_folder, *words)

    document = json.loads(result.stdout)
    assert document["parameters"] == 9
    assert document["seed"] == 4
    assert [epoch["epoch"] for epoch in document["epochs"]] == [1, 2, 3]
    assert document["test_accuracy"] == document["epochs"][-1]["test_accuracy"]


def test_it_finds_mnist_in_the_package(environment: Path, foreign_folder: Path) -> None:
    words = ["train", "--preset", "keras-mnist", "--epochs", "1", "--json"]

    document = json.loads(run_installed(environment, foreign_folder, *words).stdout)

    assert document["parameters"] == 407_050
    assert document["test_accuracy"] > 0.93


def test_the_bench_comes_with_it(environment: Path, foreign_folder: Path) -> None:
    report = foreign_folder / "bench.json"

    run_installed(environment, foreign_folder, "bench", "--only", "update_small_b10", "--json", str(report))

    results = json.loads(report.read_text())["results"]
    assert [result["name"] for result in results] == ["update_small_b10"]


def run_installed(environment: Path, cwd: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [str(program(environment, "nn-playground")), *words]
    result = subprocess.run(
        command, cwd=cwd, env={**os.environ, **plain()}, capture_output=True, text=True, timeout=240
    )
    assert result.returncode == 0, result.stderr
    return result
