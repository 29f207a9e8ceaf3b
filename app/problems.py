"""Problems as HTTP answers (RFC 9457): one shape for every error, whoever raised it."""

import json
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Receive, Scope, Send

from app.errors import Problem, field_error_of


class ProblemResponse(Response):
    """A problem as an ``application/problem+json`` body; its code is left in the scope, for whoever observes."""

    media_type = "application/problem+json"

    def __init__(self, problem: Problem) -> None:
        super().__init__(json.dumps(problem.to_dict()), problem.status, problem.headers)
        self.headers["Cache-Control"] = "no-store"
        if problem.status == 401:
            self.headers["WWW-Authenticate"] = 'Bearer realm="session"'
        self._code = problem.code

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["problem"] = self._code
        await super().__call__(scope, receive, send)


def add_problem_handlers(app: FastAPI) -> None:
    """Make `app` answer every error with a problem."""
    app.add_exception_handler(Problem, _answer_problem)
    app.add_exception_handler(HTTPException, answer_http_exception)
    app.add_exception_handler(RequestValidationError, _answer_invalid_request)


async def _answer_problem(_: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return ProblemResponse(error)


async def answer_http_exception(request: Request, error: Exception) -> Response:
    """Answer what the router has to say: an unknown path, a method that is not possible."""
    assert isinstance(error, HTTPException)
    title = HTTPStatus(error.status_code).phrase
    code = title.lower().replace(" ", "_")
    detail, headers = "", dict(error.headers or {})
    if error.status_code == 404:
        detail = f"{request.method} {request.url.path} is not known here."
    elif error.status_code == 405:
        # The router names the methods of the first route with this path only.
        headers["Allow"] = ", ".join(_possible_methods(request))
        detail = f"{request.method} is not possible here; use {headers['Allow']}."
    return ProblemResponse(Problem(error.status_code, code, title, detail, headers=headers))


def _possible_methods(request: Request) -> list[str]:
    return [
        method
        for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
        if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in request.app.routes)
    ]


async def _answer_invalid_request(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    # The first part of a location says query, path or header: the name alone is what the asker wrote.
    errors = [field_error_of({**line, "loc": line["loc"][1:]}, "") for line in error.errors()]
    detail = "; ".join(line["message"] for line in errors[:5])
    return ProblemResponse(Problem(422, "invalid", "Some fields are not valid", detail, errors))
