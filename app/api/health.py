"""Whether the server is alive, and whether it can take work."""

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from app.api.access import CurrentSessions
from app.api.content import answer
from app.api.schemas import Health
from app.errors import Problem

router = APIRouter(tags=["health"])


@router.get(
    "/healthz",
    operation_id="readHealth",
    summary="Alive",
    response_class=JSONResponse,
    responses={200: {"model": Health}},
)
async def read_health() -> Response:
    """Answer as long as the server answers at all."""
    return answer({"status": "ok"})


@router.get(
    "/readyz",
    operation_id="readReadiness",
    summary="Ready",
    response_class=JSONResponse,
    responses={200: {"model": Health}},
)
async def read_readiness(sessions: CurrentSessions) -> Response:
    """Answer 200 while every worker is alive, and 503 otherwise."""
    if not sessions.ready:
        raise Problem(503, "not_ready", "Not ready", "Not every worker is alive; try again in a moment.")
    return answer({"status": "ready"})
