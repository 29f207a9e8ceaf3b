"""Every request and every socket, seen from outside: counted for the metrics, and a line in the log."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.client import client_of
from app.logs import fields, logger, short_id
from app.metrics import Metrics
from app.settings import Settings

_CREATION = ("POST", "/api/v1/sessions")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_READING = frozenset({"GET", "HEAD", "OPTIONS"})


class ObserverMiddleware:
    """Notes what was asked by its route's template and what came of it; never a path, a query, a header or a body."""

    def __init__(self, app: ASGIApp, owner: FastAPI, settings: Settings, metrics: Metrics) -> None:
        self.app = app
        self._owner = owner
        self._settings = settings
        self._metrics = metrics
        self._templates: Mapping[int, str] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._observe_request(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._observe_socket(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _observe_request(self, scope: Scope, receive: Receive, send: Send) -> None:
        start_s = time.perf_counter()
        status: int | None = None

        async def send_noting_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_noting_status)
        except Exception:
            status = status or 500  # What is answered further out.
            raise
        finally:
            # Without a status nobody was answered: the server stops, or the asker has gone.
            if status is not None:
                self._count(scope, status)
            is_worth_it = status is not None and (status >= 400 or scope["method"] not in _READING)
            self._log(logging.INFO if is_worth_it else logging.DEBUG, "request", start_s, scope, status=status)

    def _count(self, scope: Scope, status: int) -> None:
        method, route = _method(scope), self._template(scope)
        self._metrics.count_request(method, route, status)
        if (method, route) == _CREATION:
            outcome = "created" if status == 201 else scope.get("problem", "internal_error")
            self._metrics.count_creation(outcome)

    async def _observe_socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        start_s = time.perf_counter()
        try:
            # What flows on the socket passes through untouched.
            await self.app(scope, receive, send)
        finally:
            self._log(logging.INFO, "stream", start_s, scope, code=scope.get("close_code"))

    def _log(self, level: int, event: str, start_s: float, scope: Scope, **more: int | None) -> None:
        if not logger.isEnabledFor(level):
            return
        session_id = scope.get("path_params", {}).get("session_id")
        ms = round(1000 * (time.perf_counter() - start_s), 1)
        told = fields(
            method=_method(scope) if scope["type"] == "http" else None,
            route=self._template(scope),
            **more,
            ms=ms,
            problem=scope.get("problem"),
            session=short_id(session_id) if session_id else None,
            client=client_of(scope, self._settings.trusted_proxies) if self._settings.log_addresses else None,
        )
        logger.log(level, event, extra=told)

    def _template(self, scope: Scope) -> str:
        """Return the whole template of the route that was found; "none" where there was none."""
        if self._templates is None:
            # The route in the scope knows only its own part of the path, without what it was included under.
            contexts = iter_route_contexts(self._owner.routes)
            self._templates = {id(context.endpoint): str(context.path) for context in contexts}
        return self._templates.get(id(scope.get("endpoint")), "none")


def _method(scope: Scope) -> str:
    return scope["method"] if scope["method"] in _METHODS else "other"
