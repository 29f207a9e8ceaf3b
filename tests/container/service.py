"""compose.yaml as whoever starts its service understands it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import yaml

from tests.conftest import ROOT

_UNITS = {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3}


def compose_document() -> dict[str, Any]:
    """Return compose.yaml as it stands, with `${NAME:-default}` unresolved."""
    document: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    return document


@dataclass(frozen=True)
class Service:
    """What compose.yaml asks for by default: how the container is confined, and what it is told."""

    environment: dict[str, str]
    volume: str
    is_read_only: bool
    tmpfs: dict[str, str]
    """The options of a temporary folder in memory, by its path."""
    cap_drop: list[str]
    security_opt: list[str]
    memory_bytes: int
    cpus: float
    pids: int
    grace_s: float

    @classmethod
    def read(cls) -> Service:
        service = _resolved(compose_document()["services"]["playground"])
        (volume,) = service["volumes"]
        return cls(
            environment=service["environment"],
            volume=volume.split(":")[1],
            is_read_only=service["read_only"],
            tmpfs=dict(mount.split(":", 1) for mount in service["tmpfs"]),
            cap_drop=service["cap_drop"],
            security_opt=service["security_opt"],
            memory_bytes=_bytes(service["mem_limit"]),
            cpus=float(service["cpus"]),
            pids=service["pids_limit"],
            grace_s=float(service["stop_grace_period"].removesuffix("s")),
        )


def _resolved(value: Any) -> Any:
    """Return `value` with every `${NAME:-default}` replaced by its default."""
    if isinstance(value, str):
        return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value)
    if isinstance(value, list):
        return [_resolved(item) for item in value]
    if isinstance(value, dict):
        return {key: _resolved(item) for key, item in value.items()}
    return value


def _bytes(size: str) -> int:
    number, unit = re.fullmatch(r"(\d+)([kmg]?)", size).groups()  # type: ignore[union-attr]
    return int(number) * _UNITS[unit]
