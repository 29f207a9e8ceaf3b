"""The spec of a session, changed by a JSON merge patch."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import JSONResponse, Response

from app.api.access import Writer
from app.api.content import JSON, MERGE_PATCH, answer, read_json
from app.api.schemas import Configured
from app.messages import parse_command

router = APIRouter(prefix="/sessions/{session_id}", tags=["sessions"])

_PATCH_SCHEMA = {"type": "object", "example": {"training": {"optimizer": {"learning_rate": 0.1}}}}


@router.patch(
    "/spec",
    operation_id="patchSpec",
    summary="Change the spec",
    response_class=JSONResponse,
    responses={200: {"model": Configured}},
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {JSON: {"schema": _PATCH_SCHEMA}, MERGE_PATCH: {"schema": _PATCH_SCHEMA}},
        }
    },
)
async def patch_spec(
    request: Request,
    access: Writer,
    keep: Annotated[bool, Query(description="Whether a network that is built anew keeps what it has learned.")] = False,
) -> Response:
    """Apply a JSON merge patch: what can change while training does, anything else builds the network anew."""
    patch = await read_json(request, JSON, MERGE_PATCH)
    done = await access.session.command(parse_command({"type": "configure", "patch": patch, "keep": keep}))
    return answer(done)
