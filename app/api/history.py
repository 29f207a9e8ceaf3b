"""What has happened in a session: the points of its curves, and the log of its commands."""

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from app.api.access import Reader
from app.api.content import raw
from app.api.schemas import History, Log

router = APIRouter(prefix="/sessions/{session_id}", tags=["sessions"])


@router.get(
    "/history",
    operation_id="readHistory",
    summary="Read the points",
    response_class=JSONResponse,
    responses={200: {"model": History}},
)
async def read_history(access: Reader) -> Response:
    """Return the points that are kept, of all runs, in order."""
    return raw(await access.session.ask("history"))


@router.get(
    "/log",
    operation_id="readLog",
    summary="Read the log",
    response_class=JSONResponse,
    responses={200: {"model": Log}},
)
async def read_log(access: Reader) -> Response:
    """Return the commands that changed the session and the step before which each took effect."""
    return raw(await access.session.ask("log"))
