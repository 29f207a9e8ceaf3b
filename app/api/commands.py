"""Commands to a session, one a request; the stream takes the same ones."""

import asyncio
from typing import Annotated, Any, get_args

from fastapi import APIRouter, Query, Request
from starlette.responses import JSONResponse, Response

from app.api.access import Client, CurrentSettings, Writer
from app.api.content import JSON, answer, read_json
from app.api.schemas import CommandDone
from app.messages import Branch, Command, parse_command
from app.rates import take_turn
from app.sessions import Session

router = APIRouter(prefix="/sessions/{session_id}", tags=["sessions"])

# What only says how a stream is to be drawn has no place here.
_SCHEMAS = [kind.model_json_schema() for kind in get_args(Command) if kind.changes_state]

Wait = Annotated[float, Query(ge=0, le=60, allow_inf_nan=False, description="Seconds to wait for the work to be done.")]


@router.post(
    "/commands",
    operation_id="sendCommand",
    summary="Send a command",
    response_class=JSONResponse,
    responses={200: {"model": CommandDone}},
    openapi_extra={"requestBody": {"required": True, "content": {JSON: {"schema": {"oneOf": _SCHEMAS}}}}},
)
async def send_command(
    request: Request, access: Writer, settings: CurrentSettings, client: Client, wait: Wait = 0.0
) -> Response:
    """Carry out a command; the answer comes when its work is done or `wait` seconds have passed."""
    command = parse_command(await read_json(request, inside="patch"))
    if isinstance(command, Branch):
        take_turn(request.app.state.creations, client, settings)
        branch = await access.session.branch(command.step, client)
        done = {"id": branch["session"], **branch}
    else:
        done = await access.session.command(command)
    return answer({**done, **await _wait(access.session, wait, request.app.state.stopping)})


async def _wait(session: Session, timeout_s: float, stopping: asyncio.Event) -> dict[str, Any]:
    """Wait for the session to be at rest, though not if the server stops: it would have to wait as well."""
    work = asyncio.create_task(session.wait(timeout_s))
    stop = asyncio.create_task(stopping.wait())
    try:
        await asyncio.wait({work, stop}, return_when=asyncio.FIRST_COMPLETED)
        return work.result() if work.done() else await session.wait(0)
    finally:
        work.cancel()
        stop.cancel()
