"""Schemathesis over the server's own OpenAPI document: every check, every phase, on sessions that really exist."""

from __future__ import annotations

import contextlib
import itertools
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
import schemathesis
from schemathesis import Case, HookContext, Response
from schemathesis.core.failures import Failure
from schemathesis.engine import Status, events, from_schema
from schemathesis.openapi.checks import AuthScenario, IgnoredAuth, RejectedPositiveData

from ..server import Server
from .siege import Report, ask, besieged, create

_ADMIN_TOKEN = "administrator-of-a-server-under-attack"
_SESSION = re.compile(r"/api/v1/sessions/([^/?#]+)")
_MOST_WAIT_S = 0.2
_MOST_RESPONSE_S = 5


def attack(examples: int, is_whole: bool = True) -> Report:
    """Send what Schemathesis makes up: up to `examples` cases an operation where chance makes them, and its fixed ones.

    Unless `is_whole`, the specs of new sessions are left to chance: they alone have more fixed cases than all others.
    """
    report = Report()
    with besieged(report, admin_token=_ADMIN_TOKEN) as server:
        tokens = _Tokens(server)
        with _hooks(tokens):
            schema = schemathesis.openapi.from_url(
                f"{server.url}/openapi.json", config=_config(tokens, examples, is_whole)
            )
            schema.auth.set_from_requests(tokens)
            for event in from_schema(schema).execute():
                _note(report, event)
    return report


def _config(tokens: _Tokens, examples: int, is_whole: bool) -> schemathesis.Config:
    chance = {"generation": {"max-examples": examples}}
    lighter = {"include-operation-id": "createSession", "phases": {"coverage": {"enabled": False}}}
    return schemathesis.Config.from_dict(
        {
            "continue-on-failure": True,
            "generation": {"deterministic": True, "no-shrink": True},
            "checks": {"enabled": True, "max_response_time": _MOST_RESPONSE_S},
            "parameters": {"path.session_id": tokens.session_id, "path.dataset_id": tokens.dataset_id},
            "phases": {"fuzzing": chance, "stateful": chance},
            "operations": [] if is_whole else [lighter],
        }
    )


class _Tokens(requests.auth.AuthBase):
    """Brings each request the token of what it names, as a client with several sessions and a few tables would."""

    def __init__(self, server: Server) -> None:
        self._address = server.address
        self._owners: dict[str, str] = {}
        self._collection = ""
        self._tables = itertools.count()
        self.session_id = self.another_session()
        self.dataset_id = self.another_dataset()

    def add(self, session: Mapping[str, Any]) -> None:
        """Learn the token of a session."""
        self._owners[session["id"]] = session["token"]

    def another_session(self) -> str:
        """Return the id of a new session."""
        session = create(self._address)
        self.add(session)
        return str(session["id"])

    def another_dataset(self) -> str:
        """Return the id of a table unlike all others, in the one collection."""
        number = next(self._tables)
        table = {"columns": ["a", "b"], "rows": [[row + number, row % 2] for row in range(10)]}
        created = ask(self._address, "POST", "/api/v1/datasets", table, self._collection).json()
        self._collection = self._collection or created["token"]
        return str(created["id"])

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the token, unless a header was made up: that stays as it was made up."""
        path = urlsplit(request.url or "").path
        named = _SESSION.match(path)
        token = self._owners.get(named[1] if named else "", self._owners[self.session_id])
        if path.startswith("/api/v1/datasets"):
            token = self._collection
        elif path.startswith("/api/v1/admin"):
            token = _ADMIN_TOKEN
        request.headers.setdefault("Authorization", f"Bearer {token}")
        return request


@contextlib.contextmanager
def _hooks(tokens: _Tokens) -> Iterator[None]:
    """Tell Schemathesis what it has to know about this server. Its hooks belong to the process, so they go again."""

    def before_call(context: HookContext, case: Case[Any], kwargs: dict[str, Any]) -> None:
        # What all cases share must survive, and nobody should wait for a run that has no end.
        if case.method == "DELETE" and case.path_parameters.get("session_id") == tokens.session_id:
            case.path_parameters["session_id"] = tokens.another_session()
        if case.method == "DELETE" and case.path_parameters.get("dataset_id") == tokens.dataset_id:
            case.path_parameters["dataset_id"] = tokens.another_dataset()
        wait = case.query.get("wait") if case.query else None
        if isinstance(wait, int | float) and not isinstance(wait, bool) and _MOST_WAIT_S < wait <= 60:
            case.query["wait"] = _MOST_WAIT_S

    def after_call(context: HookContext, case: Case[Any], response: Response) -> None:
        if case.operation.label == "POST /api/v1/sessions" and response.status_code == 201:
            tokens.add(response.json())

    def filter_failure(context: HookContext, failure: Failure, case: Case[Any], response: Response) -> bool:
        return not _is_promised(failure, case, response)

    installed = (before_call, after_call, filter_failure)
    for hook in installed:
        schemathesis.hook(hook)
    try:
        yield
    finally:
        for hook in installed:
            schemathesis.hooks.unregister(hook)


# What two fields say together, or a field and the session as it is now, or that a name may stand in a list once with
# whatever fields: no schema of one request knows that.
_BEYOND_SCHEMAS = {"contradiction", "duplicate", "split_sum", "wrong_shape", "unavailable"}
# How far these go depends on the session's network, its data, or the server's settings; the answer names the limit.
_LIMITED_ELSEWHERE = {
    "layer", "from", "to", "bias", "resolution", "data.features", "data.dataset.points",
    "index", "unit", "output", "weights[0]", "weights[1]",
}  # fmt: skip
# A text is an expression, or what another program writes, or it is not; and which components there are depends on the
# kind that is asked for beside them. That needs more than a schema.
_PARSED = ("expression", "values.", "text", "component")


def _is_promised(failure: Failure, case: Case[Any], response: Response) -> bool:
    """Return whether the protocol promises just what the check complains of."""
    if isinstance(failure, IgnoredAuth):
        # "With a wrong one, or another session's, it is 404, the same as where there is no such session": a 401 would
        # tell which ids exist. Without any token it has to be a 401, as this check says, too.
        return failure.scenario is AuthScenario.INVALID_AUTH and "got `404 " in failure.message
    if isinstance(failure, RejectedPositiveData) and response.status_code == 422:
        problem = response.json()
        if problem["code"] in ("over_limit", "not_a_snapshot", "not_a_table"):
            return True
        return bool(problem.get("errors")) and all(
            error["code"] in _BEYOND_SCHEMAS
            or error["field"].startswith(_PARSED)
            # JSON Schema takes 7.0 for an integer; the server wants integers written as such.
            or (error["code"] == "wrong_type" and isinstance(error["value"], float) and error["value"].is_integer())
            or (error["code"].startswith("too_") and error["field"] in _LIMITED_ELSEWHERE and "limit" in error)
            for error in problem["errors"]
        )
    return False


def _note(report: Report, event: events.EngineEvent) -> None:
    if isinstance(event, events.ScenarioFinished):
        report.cases += len(event.recorder.interactions)
        for case_id, checks in event.recorder.checks.items():
            for check in checks:
                if check.failure_info is not None:
                    response = event.recorder.interactions[case_id].response
                    report.find(*_finding(check.failure_info, response))
                elif check.status is not Status.SUCCESS:
                    report.find(f"the check {check.name} ended in {check.status}")
    elif isinstance(event, events.NonFatalError | events.FatalError):
        report.find(f"Schemathesis could not go on: {event}")


def _finding(info: Any, response: Response | None) -> tuple[str, str]:
    """Return what makes a failure different from others, and how to see it again."""
    said = response.content[:600].decode(errors="replace") if response is not None else "no answer"
    told = re.findall(r'"(?:code|field)": "[^"]*"', said)
    kind = f"{info.failure.operation}: {info.failure.title} {' '.join(told)}"
    return kind, f"{info.failure.message}\n{said}\n{info.code_sample}"
