"""The whole state of a session as a file, from which a session can be made again bit for bit."""

from fastapi import APIRouter
from starlette.responses import Response

from app.api.access import Reader
from app.api.content import BINARY, raw
from app.body_limit import UPLOAD_TYPE

router = APIRouter(prefix="/sessions/{session_id}", tags=["sessions"])


@router.post(
    "/snapshot",
    operation_id="takeSnapshot",
    summary="Take a snapshot",
    responses={200: {"content": {UPLOAD_TYPE: BINARY}}},
)
async def take_snapshot(access: Reader) -> Response:
    """Return the state between two steps as an npz file; nothing changes, so that a viewer's token is enough."""
    response = raw(await access.session.ask("snapshot"), UPLOAD_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="session-{access.session.id}.npz"'
    return response
