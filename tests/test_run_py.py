"""run.py as a newcomer meets it: on an old Python, without venv, cut in the middle, twice at once, offline."""

from __future__ import annotations

import ast
import contextlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout of a project that installs in a second: it has run.py and an `app` that prints its arguments."""
    return make_checkout(tmp_path)


@pytest.fixture(scope="module")
def ready_checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout that has been started once; shared, since making an environment takes seconds."""
    folder = make_checkout(tmp_path_factory.mktemp("ready"))
    assert run(folder).returncode == 0
    return folder


def make_checkout(parent: Path) -> Path:
    folder = parent / "a checkout with spaces"
    (folder / "app").mkdir(parents=True)
    (folder / "app" / "__init__.py").touch()
    (folder / "app" / "__main__.py").write_text("import sys; print(sys.prefix); print(sys.argv[1:])")
    (folder / "backend.py").write_text(_BACKEND)
    (folder / "pyproject.toml").write_text(_PYPROJECT)
    shutil.copy(ROOT / "run.py", folder)
    return folder


# A build backend of its own, so that no test asks a registry for one.
_PYPROJECT = """\
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "tiny"
version = "1"
"""
_BACKEND = '''\
"""The smallest build backend: an editable wheel is one .pth file."""
import os, pathlib, zipfile

def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    root = str(pathlib.Path(__file__).resolve().parent)
    with open(os.path.join(root, "installs.log"), "a") as log:
        log.write("x")
    if os.path.exists(os.path.join(root, "broken")):
        raise SystemExit("this build is broken")
    name = "tiny-1-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(wheel_directory, name), "w") as wheel:
        wheel.writestr("tiny.pth", root)
        wheel.writestr("tiny-1.dist-info/METADATA", "Metadata-Version: 2.1\\nName: tiny\\nVersion: 1\\n")
        wheel.writestr("tiny-1.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr("tiny-1.dist-info/RECORD", "")
    return name

def build_wheel(*arguments):
    raise NotImplementedError
'''


def run(checkout: Path, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(checkout / "run.py"), *words]
    return subprocess.run(
        command, cwd=checkout.parent, env={**os.environ, **environ}, capture_output=True, text=True, timeout=120
    )


def installs(checkout: Path) -> int:
    log = checkout / "installs.log"
    return len(log.read_text()) if log.exists() else 0


def load_run_py(path: Path) -> ModuleType:
    specification = importlib.util.spec_from_file_location("run_py_under_test", path)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_its_syntax_can_be_read_by_python_3_6() -> None:
    ast.parse((ROOT / "run.py").read_text(encoding="utf-8"), feature_version=(3, 6))


def test_it_imports_only_the_standard_library() -> None:
    tree = ast.parse((ROOT / "run.py").read_text(encoding="utf-8"))

    names = {
        alias.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    }
    names |= {str(node.module).split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}

    assert names <= sys.stdlib_module_names


def test_an_old_python_is_told_in_one_line_which_one_is_needed() -> None:
    run_py = load_run_py(ROOT / "run.py")

    with pytest.raises(run_py.Refusal) as refusal:
        run_py.require_python((3, 9, 2))

    assert "needs Python 3.11 or newer; this is Python 3.9.2" in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_python_without_ensurepip_is_told_in_one_line_what_to_install(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_py = load_run_py(checkout / "run.py")
    monkeypatch.setattr(run_py, "can_import", lambda module: module != "ensurepip")
    monkeypatch.setattr(run_py, "is_debian_like", lambda: True)

    with pytest.raises(run_py.Refusal) as refusal:
        run_py.ensure_environment([])

    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert f"apt-get install python{version}-venv" in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert not (checkout / ".venv").exists()


def test_the_first_start_makes_an_environment_and_the_second_uses_it(checkout: Path) -> None:
    first = run(checkout, "train", "--json")
    second = run(checkout, "--port", "0")

    assert first.stdout.splitlines() == [str(checkout / ".venv"), "['train', '--json']"]
    assert second.stdout.splitlines() == [str(checkout / ".venv"), "['--port', '0']"]
    assert second.stderr == ""
    assert installs(checkout) == 1


def test_stdout_belongs_to_the_command_even_while_installing(checkout: Path) -> None:
    result = run(checkout, "train")

    assert len(result.stdout.splitlines()) == 2
    assert "Installing" in result.stderr


def test_a_changed_pyproject_is_installed_into_the_same_environment(ready_checkout: Path) -> None:
    checkout = ready_checkout
    before = installs(checkout)
    (checkout / ".venv" / "kept").touch()
    (checkout / "pyproject.toml").write_text(_PYPROJECT + "# changed\n")

    run(checkout)
    run(checkout)

    assert installs(checkout) == before + 1
    assert (checkout / ".venv" / "kept").exists()


@pytest.mark.parametrize("what", ["python", "root", "machine"])
def test_another_python_or_a_moved_checkout_gets_a_new_environment(ready_checkout: Path, what: str) -> None:
    checkout = ready_checkout
    stamp_file = checkout / ".venv" / "nn-playground.json"
    stamp = json.loads(stamp_file.read_text())
    stamp_file.write_text(json.dumps({**stamp, what: "another"}))
    (checkout / ".venv" / "old").touch()

    result = run(checkout)

    assert result.returncode == 0
    assert not (checkout / ".venv" / "old").exists()


@pytest.mark.parametrize(
    "damage", ["no stamp", "cut while installing", "no python", "empty folder", "unreadable stamp"]
)
def test_a_half_made_environment_is_repaired(ready_checkout: Path, damage: str) -> None:
    checkout = ready_checkout
    venv = checkout / ".venv"
    if damage == "no stamp":
        (venv / "nn-playground.json").unlink()
    elif damage == "cut while installing":
        (venv / "nn-playground.unfinished").touch()
    elif damage == "no python":
        shutil.rmtree(venv / ("Scripts" if os.name == "nt" else "bin"))
    elif damage == "empty folder":
        shutil.rmtree(venv)
        venv.mkdir()
    else:
        (venv / "nn-playground.json").write_text("{")

    result = run(checkout)

    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith(str(venv))


def test_two_starts_at_once_install_once_and_both_go_on(checkout: Path) -> None:
    with ThreadPoolExecutor() as pool:
        results = list(pool.map(lambda word: run(checkout, word), ["one", "two"]))

    assert [result.returncode for result in results] == [0, 0], [result.stderr for result in results]
    assert ["['one']" in results[0].stdout, "['two']" in results[1].stdout] == [True, True]
    assert installs(checkout) == 1


def test_a_failed_install_says_so_and_leaves_the_old_environment_working(ready_checkout: Path) -> None:
    checkout = ready_checkout
    (checkout / "broken").touch()
    working = (checkout / "pyproject.toml").read_text()
    (checkout / "pyproject.toml").write_text(working + "# changed once more\n")

    failed = run(checkout)
    (checkout / "pyproject.toml").write_text(working)
    after = run(checkout)
    (checkout / "broken").unlink()

    assert failed.returncode == 1
    assert failed.stdout == ""
    assert "installing failed" in failed.stderr.splitlines()[-1]
    assert after.returncode == 0


def test_a_checkout_that_cannot_be_written_is_told_in_one_line(
    checkout: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    run_py = load_run_py(checkout / "run.py")
    (checkout / ".venv.lock").mkdir()  # As good as read-only, and for root too.

    code = run_py.main([])

    assert code == 1
    assert f"Cannot write into {checkout}" in capfd.readouterr().err


def test_a_failed_first_install_is_tried_again(checkout: Path) -> None:
    (checkout / "broken").touch()
    failed = run(checkout)
    (checkout / "broken").unlink()

    after = run(checkout)

    assert failed.returncode == 1
    assert after.returncode == 0


def test_it_can_be_run_by_the_python_of_its_own_environment(ready_checkout: Path) -> None:
    checkout = ready_checkout
    own_python = load_run_py(checkout / "run.py").venv_python()
    (checkout / ".venv" / "nn-playground.json").unlink()

    command = [str(own_python), str(checkout / "run.py"), "word"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=120)

    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines()[-1] == "['word']"


def test_variables_that_lead_pip_elsewhere_are_not_obeyed(checkout: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"

    result = run(checkout, PIP_TARGET=str(elsewhere), PIP_USER="1", PYTHONPATH=str(elsewhere))

    assert result.returncode == 0, result.stderr
    assert not elsewhere.exists()


def test_the_app_of_the_current_folder_is_not_taken_for_ours(checkout: Path) -> None:
    (checkout.parent / "app").mkdir()
    (checkout.parent / "app" / "__init__.py").write_text("raise SystemExit('the wrong app')")

    result = run(checkout, "word")

    assert result.stdout.splitlines()[-1] == "['word']", result.stderr


def test_chromium_is_looked_for_where_systems_keep_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    run_py = load_run_py(ROOT / "run.py")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROME_PATH", raising=False)
    monkeypatch.setenv("PROGRAMFILES", "/programs")
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "browsers"))
    chrome = tmp_path / "browsers" / "chromium-1234" / "chrome-linux" / "chrome"
    chrome.parent.mkdir(parents=True)
    chrome.touch()

    places = [str(place) for place in run_py.chromium_places()]

    assert "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" in places
    assert str(Path("/programs/Google/Chrome/Application/chrome.exe")) in places
    assert str(chrome) in places
    monkeypatch.setenv("CHROME_PATH", "/my/own/chrome")
    assert run_py.find_chromium() == "/my/own/chrome"


@pytest.fixture
def tested_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """run.py over a project of one test, which passes; the checks are the test's own to choose."""
    run_py = load_run_py(ROOT / "run.py")
    (tmp_path / "test_one.py").write_text("def test_one() -> None: pass\n")
    hook = "from tests.conftest import pytest_terminal_summary  # noqa: F401\n"
    (tmp_path / "conftest.py").write_text(hook)
    monkeypatch.setattr(run_py, "ROOT", tmp_path)
    monkeypatch.setattr(run_py, "venv_python", lambda: Path(sys.executable))
    monkeypatch.setattr(run_py, "ensure_environment", lambda extras: None)
    monkeypatch.setattr(run_py, "bring_chromium", lambda: True)
    monkeypatch.setattr(run_py, "bring_proxies", lambda: None)
    return run_py


def check(name: str, code: int) -> tuple[str, list[str]]:
    return name, [sys.executable, "-c", f"print('this is {name}'); raise SystemExit({code})"]


def test_all_checks_run_although_one_fails_and_pytest_has_the_last_word(
    tested_checkout: ModuleType, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    missing = ("missing", ["/no/such/program"])
    monkeypatch.setattr(tested_checkout, "checks", lambda: iter([check("one", 0), check("two", 3), missing]))

    code = tested_checkout.main(["test"])

    lines = capfd.readouterr().out.strip().splitlines()
    assert code != 0
    assert {"this is one", "this is two"} <= set(lines)
    assert "failed: two, missing" in lines[-2]
    assert "1 passed" in lines[-1]


def test_words_after_test_go_to_pytest_alone(
    tested_checkout: ModuleType, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tested_checkout, "checks", lambda: iter([check("one", 1)]))

    assert tested_checkout.main(["test", "test_one.py"]) == 0
    assert tested_checkout.main(["test", "-k", "nothing_of_that_name"]) == 5
    assert "this is one" not in capfd.readouterr().out


def test_where_no_chromium_can_be_had_the_reader_is_told_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    bring = load_run_py(ROOT / "run.py")
    for name in ("find_chromium", "is_root"):
        monkeypatch.setattr(bring, name, lambda: None)
    monkeypatch.setattr(bring.subprocess, "call", lambda *arguments, **options: 1)

    assert bring.bring_chromium() is False
    assert "install either one, or set CHROME_PATH" in capfd.readouterr().err


def installing(run_py: ModuleType, monkeypatch: pytest.MonkeyPatch, missing: set[str]) -> list[list[str]]:
    """Let run.py believe that it is root on a Debian that lacks programs; return what it asks apt-get for."""
    asked: list[list[str]] = []

    def call(words: list[str], **_: object) -> int:
        asked.append(words)
        missing.clear()
        return 0

    monkeypatch.setattr(run_py, "find_program", lambda name: None if name in missing else f"/usr/sbin/{name}")
    monkeypatch.setattr(run_py, "can_install_packages", lambda: True)
    monkeypatch.setattr(run_py, "no_service_started", contextlib.nullcontext)
    monkeypatch.setattr(run_py.subprocess, "call", call)
    return asked


def test_missing_proxies_are_installed_as_root_on_debian_and_present_ones_are_left_alone(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    run_py = load_run_py(ROOT / "run.py")
    asked = installing(run_py, monkeypatch, missing={"nginx"})

    run_py.bring_proxies()
    run_py.bring_proxies()

    assert [words[words.index("install") :] for words in asked if "install" in words] == [
        ["install", "-q", "-y", "--no-install-recommends", "nginx-light"]
    ]
    assert "skipped" not in capfd.readouterr().err


def test_where_proxies_cannot_be_had_one_line_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    run_py = load_run_py(ROOT / "run.py")
    monkeypatch.setattr(run_py, "find_program", lambda name: None)
    monkeypatch.setattr(run_py, "can_install_packages", lambda: False)

    run_py.bring_proxies()

    (line,) = capfd.readouterr().err.splitlines()
    assert "are skipped" in line and "apt-get install nginx-light caddy openssl" in line


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights.")
@pytest.mark.parametrize("had_one", [True, False])
def test_a_package_that_tests_need_starts_no_service(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, had_one: bool
) -> None:
    run_py = load_run_py(ROOT / "run.py")
    policy = tmp_path / "policy-rc.d"
    if had_one:
        policy.write_text("the machine's own")
    monkeypatch.setattr(run_py, "Path", lambda _: policy)

    with run_py.no_service_started():
        inside = policy.read_text()
        answer = 101 if had_one else subprocess.run([str(policy), "nginx", "start"]).returncode

    assert answer == 101
    assert (inside == "the machine's own") is had_one
    assert policy.exists() is had_one
