"""The application: routes, middleware and sessions put together; importing this does no work."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response

from app import __version__, api, ws
from app.admin import Admin
from app.assets import assets_dir
from app.base_path import BasePathMiddleware
from app.body_limit import BodyLimitMiddleware
from app.body_room import BodyRoomMiddleware
from app.errors import Problem
from app.metrics import Metrics
from app.observer import ObserverMiddleware
from app.openapi import openapi_document
from app.pages import Pages
from app.problems import ProblemResponse, add_problem_handlers, answer_http_exception
from app.rates import TokenBuckets
from app.security import SecurityMiddleware, allowed_hosts, security_headers
from app.sessions import Sessions
from app.settings import Settings
from app.untaken import UntakenMiddleware

_DESCRIPTION = """\
A neural network playground: make a session from an ExperimentSpec, train it by commands, read what it has learnt.
What happens while it trains comes over a WebSocket, `/api/v1/sessions/{id}/stream` (see asyncapi.yaml).
"""


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return the application for `settings`, by default those of the environment; its workers start with it."""
    settings = settings or Settings()
    pages = Pages(assets_dir("templates"), assets_dir("static"), settings.base_path)
    headers = security_headers(pages.import_maps.values())

    @asynccontextmanager
    async def run_sessions(app: FastAPI) -> AsyncIterator[None]:
        app.state.sessions = Sessions(settings)
        # Set by the server as soon as it is asked to stop, while requests are still being answered.
        app.state.stopping = asyncio.Event()
        app.state.reading = asyncio.Lock()
        await app.state.sessions.start()
        try:
            yield
        finally:
            await app.state.sessions.close()

    app = FastAPI(
        title="NN Playground",
        version=__version__,
        description=_DESCRIPTION,
        lifespan=run_sessions,
        # The pages of Swagger and ReDoc load scripts from elsewhere; the document itself is enough for any tool.
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.openapi = partial(openapi_document, app)  # type: ignore[method-assign]  # FastAPI's way to extend it.
    app.state.settings = settings
    app.state.started_s = time.monotonic()
    app.state.admin = Admin(settings.admin_token.get_secret_value())
    app.state.metrics = Metrics(lambda: app.state.sessions.load())
    app.state.creations = TokenBuckets(settings.max_creations_at_once, settings.max_creations_per_minute)
    app.state.uploads = TokenBuckets(settings.max_creations_at_once, settings.max_creations_per_minute)
    api.add_routes(app)
    app.include_router(ws.router, prefix="/api/v1")
    app.include_router(pages.router())

    # The last one added sees a request first.
    app.add_middleware(GZipMiddleware, compresslevel=5)
    app.add_middleware(
        BodyRoomMiddleware,
        message_bytes=settings.max_message_bytes,
        upload_bytes=settings.max_upload_bytes,
        trusted_proxies=settings.trusted_proxies,
    )
    app.add_middleware(
        BodyLimitMiddleware, message_bytes=settings.max_message_bytes, upload_bytes=settings.max_upload_bytes
    )
    app.add_middleware(SecurityMiddleware, hosts=allowed_hosts(settings.allowed_hosts), headers=headers)
    app.add_middleware(UntakenMiddleware, most_bytes=settings.max_upload_bytes)
    app.add_middleware(ObserverMiddleware, owner=app, settings=settings, metrics=app.state.metrics)
    app.add_middleware(BasePathMiddleware, base_path=settings.base_path)

    async def answer_failure(_: Request, __: Exception) -> Response:
        # This answer is sent outside of all middleware, so that it has to bring the headers itself. Starlette raises
        # the error once more after it, so that the server logs it.
        detail = "Something went wrong on the server; it has been logged."
        return ProblemResponse(Problem(500, "internal_error", "Internal error", detail, headers=headers))

    async def answer_unknown(request: Request, error: Exception) -> Response:
        answer = await answer_http_exception(request, error)
        return pages.error_page(request, answer.status_code) if pages.suits(request) else answer

    add_problem_handlers(app)
    app.add_exception_handler(HTTPException, answer_unknown)
    app.add_exception_handler(Exception, answer_failure)
    return app
