"""What the administrator's page shows: the server's load."""

import math
import os
import time
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import Field
from starlette.responses import JSONResponse, Response

from app import __version__
from app.admin import Admin
from app.api.access import Client, CurrentSessions, CurrentSettings
from app.api.content import answer
from app.api.schemas import Document
from app.errors import Problem
from app.process import processor_seconds, resident_bytes


class WebLoad(Document):
    """What the web process takes of the machine; null where the system does not tell."""

    memory_bytes: int | None
    processor_s: float | None = Field(description="How long it has computed since it started.")


class WorkerLoad(WebLoad):
    """What a worker does, and what it takes."""

    sessions: int
    running: int
    lateness_s: float = Field(description="How late a frame was at worst in the last half second.")


class StoreLoad(Document):
    """What is kept on disk."""

    sessions: int
    bytes: int


class Load(Document):
    """How much the server has to do; totals count from its start."""

    sessions: dict[str, int] = Field(description="How many there are in each state.")
    streams: int
    frames: int
    events: int
    workers: list[WorkerLoad]
    worker_restarts: int
    web: WebLoad
    saving: str = Field(description="ok, disk_full, locked, failed or off.")
    store: StoreLoad
    time_s: float = Field(description="When this was so, on a clock that only serves to take differences.")
    uptime_s: float
    version: str
    limits: dict[str, int]


_bearer = HTTPBearer(
    auto_error=False, scheme_name="admin_token", description="The administrator's token; no session's token is one."
)


async def _check_admin(
    request: Request, client: Client, credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]
) -> None:
    """Let the administrator pass; Problem 401 without a token, 404 with a wrong one, 429 after too many."""
    admin: Admin = request.app.state.admin
    if credentials is None or not credentials.credentials:
        raise Problem(401, "no_token", "A token is needed", "Send the administrator's as Authorization: Bearer …")
    wait_s = math.ceil(admin.wait_s(client))
    if wait_s > 0:
        detail = f"Too many wrong tokens came from your address. Try again in {wait_s} s."
        raise Problem(429, "too_many_tries", "Too many tries", detail, headers={"Retry-After": str(wait_s)})
    if not admin.opens(credentials.credentials, client):
        raise Problem(404, "not_found", "Not Found", "There is nothing here for this token.")


router = APIRouter(prefix="/admin", tags=["admin"], dependencies=[Depends(_check_admin)])


@router.get(
    "/load",
    operation_id="readLoad",
    summary="Read the server's load",
    response_class=JSONResponse,
    responses={200: {"model": Load}},
)
async def read_load(request: Request, sessions: CurrentSessions, settings: CurrentSettings) -> Response:
    """Return how much the server has to do, what it takes of the machine, and what it keeps."""
    load = sessions.load()
    pid = os.getpid()
    workers = [
        {**{name: worker[name] for name in ("sessions", "running", "lateness_s", "memory_bytes")}, **_processor(worker)}
        for worker in load["workers"]
    ]
    now_s = time.monotonic()
    return answer(
        {
            **load,
            "workers": workers,
            "web": {"memory_bytes": resident_bytes(pid), "processor_s": processor_seconds(pid)},
            "time_s": now_s,
            "uptime_s": now_s - request.app.state.started_s,
            "version": __version__,
            "limits": settings.limits(),
        }
    )


def _processor(worker: dict[str, int | None]) -> dict[str, float | None]:
    pid = worker["pid"]
    # A thread's share is the web process's own.
    return {"processor_s": None if pid is None else processor_seconds(pid)}
