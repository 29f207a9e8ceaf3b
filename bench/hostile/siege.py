"""A server under attack: what it is asked, and what must be as it was when the attack is over."""

from __future__ import annotations

import contextlib
import http.client
import json
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO, Any

from ..server import Server, serving

SMALL_SPEC = {"data": {"dataset": {"name": "xor", "samples": 40}}, "network": {"layers": [{"units": 2}]}}

# An attack makes as many sessions as it likes: how many there may be is the matter of other tests.
_SETTINGS = {
    "max_sessions": 10_000,
    "max_sessions_per_client": 10_000,
    "max_stored_sessions": 20_000,
    "max_creations_at_once": 10_000,
    "max_creations_per_minute": 100_000,
    "max_datasets_per_client": 10_000,
    "workers": 1,
}
_TIMEOUT_S = 90.0
_MOST_HEALTH_S = 2.0


@dataclass
class Report:
    """How many cases an attack consisted of, and what was found: a sentence for each way in which the server erred."""

    cases: int = 0
    findings: dict[str, str] = field(default_factory=dict)
    detail: dict[str, Any] = field(default_factory=dict)

    def find(self, finding: str, example: str = "") -> None:
        """Note a finding, once, with an example of it."""
        self.findings.setdefault(finding, example)

    def __str__(self) -> str:
        return "\n".join(f"- {finding}\n{example}".rstrip() for finding, example in self.findings.items())


@dataclass(frozen=True)
class Answer:
    """What a request was answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Return the body as JSON."""
        return json.loads(self.body)


def ask(
    address: tuple[str, int], method: str, path: str, body: Any = None, token: str = "", timeout_s: float = _TIMEOUT_S
) -> Answer:
    """Return the answer to a request on a connection of its own."""
    connection = http.client.HTTPConnection(*address, timeout=timeout_s)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    if body is not None:
        headers["Content-Type"] = "application/json"
    with contextlib.closing(connection):
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        response = connection.getresponse()
        return Answer(response.status, dict(response.getheaders()), response.read())


def create(address: tuple[str, int], spec: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return a new session with its tokens."""
    answer = ask(address, "POST", "/api/v1/sessions", {"spec": spec or SMALL_SPEC})
    assert answer.status == 201, answer.body
    session: dict[str, Any] = answer.json()
    return session


class Bystander:
    """A session of somebody who has no part in the attack; nothing of it may change."""

    def __init__(self, address: tuple[str, int]) -> None:
        self._address = address
        self.session = create(address)
        self._ask("POST", "/commands?wait=30", {"type": "run", "epochs": 2})
        self._ask("POST", "/commands?wait=30", {"type": "edit", "layer": 0, "bias": 0, "value": 0.25})
        self._before = self.standing()

    def standing(self) -> list[Any]:
        """Return all that there is to see of the session."""
        return [self._ask("GET", path).json() for path in ("", "/log", "/history", "/parameters")]

    def changes(self) -> list[str]:
        """Return a sentence for each part of the session that is not as it was."""
        names = ("description", "log", "history", "parameters")
        pairs = zip(names, self._before, self.standing(), strict=True)
        return [f"the {name} of another session has changed" for name, before, after in pairs if before != after]

    def _ask(self, method: str, path: str, body: Any = None) -> Answer:
        answer = ask(self._address, method, f"/api/v1/sessions/{self.session['id']}{path}", body, self.session["token"])
        assert answer.status == 200, answer.body
        return answer


@contextlib.contextmanager
def besieged(report: Report, **settings: object) -> Iterator[Server]:
    """Run a server to be attacked, and add to `report` what is not as it has to be when the block ends."""
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as log,
        serving({**_SETTINGS, **settings}, log) as server,
    ):
        bystander = Bystander(server.address)
        yield server
        started_s = time.perf_counter()
        if ask(server.address, "GET", "/healthz").status != 200:
            report.find("/healthz does not say that the server is well")
        health_s = time.perf_counter() - started_s
        if health_s > _MOST_HEALTH_S:
            report.find(f"/healthz took {health_s:.1f} s")
        for change in bystander.changes():
            report.find(change)
        for complaint, excerpt in complaints(log).items():
            report.find(f"the server's log: {complaint}", excerpt)
        report.detail["healthz_ms"] = round(health_s * 1e3, 1)


def complaints(log: IO[str]) -> dict[str, str]:
    """Return each kind of error in a log by its last line, with the lines of the first of its kind."""
    log.seek(0)
    found: dict[str, str] = {}
    traceback: list[str] = []
    for line in log:
        if line.startswith("Traceback"):
            traceback = [line]
        elif traceback:
            traceback.append(line)
            if line.strip() and not line.startswith((" ", "\t")):
                found.setdefault(line.strip()[:300], "".join(traceback)[-3000:])
                traceback = []
        elif line.startswith(("ERROR", "CRITICAL")) or " ERROR " in line:
            found.setdefault(line.strip()[:300], "")
    return found
