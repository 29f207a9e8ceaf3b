"""The container tests' engine where no Docker runs: buildah builds the Dockerfile, runc runs what comes out.

The base image is a STAND-IN: a minimal Debian 13 with Debian's own Python 3.13, made by mmdebstrap, since no registry
of images is asked; the Dockerfile's base is the same Debian with a Python of its own. All else is as it would be:
buildah reads the same Dockerfile, and runc is what Docker itself starts containers with, here with the user, the
read-only root, the dropped capabilities and the limits of compose.yaml. What differs: no network of the container's own
(the server listens on 127.0.0.1 of this machine), no init process before the server, no seccomp filter.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from run import can_install_packages, install_packages, is_root
from tests.conftest import ROOT
from tests.container.engine import Container, Unavailable, Volume, build_secrets, wait_until_healthy
from tests.container.service import Service

TOOLS = ("buildah", "mmdebstrap", "runc")
RELEASE = "trixie"
PACKAGES = ("python3", "python3-venv", "python-is-python3", "ca-certificates")
BASE = "localhost/stand-in-python"
IMAGE = "localhost/nn-playground"
_BASE_DAYS = 7


class StandIn:
    """buildah and runc in a folder of their own; nothing of the machine's own containers is touched."""

    description = (
        "buildah and runc, since no Docker runs here. The base image is a STAND-IN (Debian 13 and its Python 3.13, "
        "made by mmdebstrap), not the one that the Dockerfile names; Docker's own network, init and seccomp filter are "
        "left out"
    )

    def __init__(self) -> None:
        bring_tools()
        self._service = Service.read()
        self._folder = Path(tempfile.mkdtemp(prefix="nn-playground-container-"))
        # In memory (1 GB while the tests run): vfs copies whole trees, and disks are slow to forget them.
        try:
            _run("mount", "-t", "tmpfs", "-o", "size=4g", "tmpfs", str(self._folder))
        except subprocess.CalledProcessError as error:
            self._folder.rmdir()
            raise Unavailable(f"Containers need Docker, or leave to mount: {error.stderr.strip()}") from None
        self._root: Path | None = None
        self._config: dict[str, Any] = {}

    def build(self) -> None:
        self._make_base()
        words = ["bud", "--isolation", "chroot", "--format", "docker", "--build-arg", f"PYTHON_IMAGE={BASE}"]
        words += build_secrets(self._folder, [sys.executable, "-m", "pip"])
        self._buildah(*words, "--tag", IMAGE, str(ROOT))
        self._config = json.loads(self._buildah("inspect", "--type", "image", IMAGE))["Docker"]["config"]
        self._root = Path(self._buildah("mount", self._buildah("from", IMAGE)))

    def config(self) -> dict[str, Any]:
        return self._config

    @contextmanager
    def run(self, volume: Volume = "writable", environment: dict[str, str] | None = None) -> Iterator[Container]:
        port = _free_port()
        # The machine's network is the container's: only this machine may come in.
        told = {**self._service.environment, "PLAYGROUND_HOST": "127.0.0.1", "PLAYGROUND_PORT": str(port)}
        name = f"nn-playground-{port}"
        bundle = self._folder / name
        bundle.mkdir()
        with self._mounted(volume, bundle) as source:
            specification = self._specification(source, volume, {**told, **(environment or {})}, name)
            (bundle / "config.json").write_text(json.dumps(specification))
            log_file = bundle / "log"
            with log_file.open("wb") as log:
                process = subprocess.Popen(self._runc("run", "--bundle", bundle, name), stdout=log, stderr=log)

            def execute(*words: str) -> subprocess.CompletedProcess[str]:
                return subprocess.run(self._runc("exec", name, *words), capture_output=True, text=True, timeout=120)

            def stop() -> int:
                subprocess.run(self._runc("kill", name, "TERM"), check=True)
                return process.wait(timeout=self._service.grace_s)

            container = Container(f"http://127.0.0.1:{port}", execute, stop, log_file.read_text)
            try:
                wait_until_healthy(container, self._config, lambda: process.poll() is None)
                yield container
            finally:
                subprocess.run(self._runc("delete", "--force", name), capture_output=True)
                process.wait(timeout=30)

    def close(self) -> None:
        if self._root:
            self._buildah("umount", "--all")
        _run("umount", str(self._folder))
        self._folder.rmdir()

    def _make_base(self) -> None:
        container = self._buildah("from", "scratch")
        self._buildah("add", "--quiet", container, str(base_archive()), "/")
        self._buildah("commit", "--quiet", "--rm", container, BASE)

    def _buildah(self, *words: str) -> str:
        place = ["--root", f"{self._folder}/storage", "--runroot", f"{self._folder}/run", "--storage-driver", "vfs"]
        done = subprocess.run(["buildah", *place, *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"buildah {words[0]} failed:\n{done.stdout}")
        return done.stdout.strip()

    def _runc(self, *words: str | Path) -> list[str]:
        return ["runc", "--root", f"{self._folder}/runc", *map(str, words)]

    @contextmanager
    def _mounted(self, volume: Volume, bundle: Path) -> Iterator[Path]:
        """Give the folder that becomes /data, owned as a new volume is: by whom the image says."""
        name = {"writable": "volume", "read-only": "empty", "full": f"{bundle.name}/full"}[volume]
        source = self._folder / name
        source.mkdir(exist_ok=True)
        if volume == "full":
            _run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(source))
        try:
            owner, group = map(int, self._config["User"].split(":"))
            os.chown(source, owner, group)
            yield source
        finally:
            if volume == "full":
                _run("umount", str(source))

    def _specification(self, source: Path, volume: Volume, told: dict[str, str], name: str) -> dict[str, Any]:
        """Return what the OCI runtime specification calls config.json, from the image and from compose.yaml."""
        service, config = self._service, self._config
        assert service.cap_drop == ["ALL"] and service.security_opt == ["no-new-privileges:true"]
        user, group = map(int, config["User"].split(":"))
        told = {**dict(entry.split("=", 1) for entry in config["Env"]), **told}
        hidden = ["nosuid", "noexec", "nodev"]
        mounts: list[dict[str, Any]] = [
            {"destination": "/proc", "type": "proc", "source": "proc"},
            {"destination": "/sys", "type": "sysfs", "source": "sysfs", "options": [*hidden, "ro"]},
            {"destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup", "options": [*hidden, "ro"]},
            {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "mode=755", "size=64k"]},
            {"destination": "/dev/shm", "type": "tmpfs", "source": "shm", "options": [*hidden, "size=64m"]},
            {"destination": service.volume, "type": "bind", "source": str(source), "options": ["bind"]},
        ]
        mounts[-1]["options"] += ["ro"] if volume == "read-only" else ["rw"]
        for path, options in service.tmpfs.items():
            mounts.append({"destination": path, "type": "tmpfs", "source": "tmpfs", "options": options.split(",")})
        return {
            "ociVersion": "1.0.2",
            "root": {"path": str(self._root), "readonly": service.is_read_only},
            "hostname": "stand-in",
            "process": {
                "user": {"uid": user, "gid": group},
                "args": [*config["Entrypoint"], *config["Cmd"]],
                "env": [f"{key}={value}" for key, value in told.items()],
                "cwd": config["WorkingDir"],
                "noNewPrivileges": True,
                "capabilities": {},
            },
            "mounts": mounts,
            "linux": {
                "cgroupsPath": f"/{name}",
                "namespaces": [{"type": kind} for kind in ("pid", "mount", "ipc", "uts", "cgroup")],
                "resources": {
                    "memory": {"limit": service.memory_bytes},
                    "cpu": {"quota": int(service.cpus * 100_000), "period": 100_000},
                    "pids": {"limit": service.pids},
                },
            },
        }


def bring_tools() -> None:
    """Install what is missing where that is possible. Raises Unavailable."""
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    if missing and can_install_packages():
        install_packages(missing)
        missing = [tool for tool in TOOLS if not shutil.which(tool)]
    if missing or not is_root():
        raise Unavailable(f"Containers need Docker, or root on a Debian with {', '.join(TOOLS)}.")


def base_archive() -> Path:
    """Return an archive of the stand-in base; one made in the last days is taken again."""
    version = hashlib.sha256(" ".join([RELEASE, *PACKAGES]).encode()).hexdigest()[:12]
    archive = ROOT / "build" / "container" / f"base-{version}.tar"
    if archive.exists() and time.time() - archive.stat().st_mtime < _BASE_DAYS * 86_400:
        return archive
    archive.parent.mkdir(parents=True, exist_ok=True)
    partial = archive.with_suffix(f".{os.getpid()}.partial")
    with tempfile.TemporaryDirectory() as folder:
        # Where packages come from, and by which way, is the machine's affair.
        sources, settings = Path(folder) / "sources.list", Path(folder) / "apt.conf"
        line = "deb $(REPO_URI) $(RELEASE) $(COMPONENT)"
        kinds = ["Created-By: Packages", "Origin: Debian", "Component: main"]
        mirrors = _run("apt-get", "indextargets", "--format", line, *kinds).replace(f" {_codename()}", f" {RELEASE}")
        sources.write_text(mirrors)
        acquire = [line for line in _run("apt-config", "dump", "Acquire").splitlines() if _concerns_the_way(line)]
        settings.write_text("\n".join(acquire) + "\n")
        words = ["mmdebstrap", "--quiet", "--variant=minbase", f"--include={','.join(PACKAGES)}", "--format=tar"]
        done = subprocess.run(
            [*words, f"--aptopt={settings}", RELEASE, str(partial), *([str(sources)] if mirrors else [])],
            capture_output=True,
            text=True,
        )
    if done.returncode != 0:
        partial.unlink(missing_ok=True)
        raise RuntimeError(f"mmdebstrap failed:\n{done.stderr}")
    return partial.replace(archive)


def _concerns_the_way(line: str) -> bool:
    names = ("Acquire::http::", "Acquire::https::", "Acquire::Check-")
    return line.startswith(names) and "::Verify-" not in line


def _codename() -> str:
    lines = Path("/etc/os-release").read_text(encoding="utf-8").splitlines()
    return next(line.split("=")[1].strip('"') for line in lines if line.startswith("VERSION_CODENAME="))


def _free_port() -> int:
    with contextlib.closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _run(*words: str) -> str:
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout
