"""Sessions: made, read, deleted."""

from typing import Any

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.responses import JSONResponse, Response

from app.api.access import Client, CurrentSessions, CurrentSettings, Reader, Writer
from app.api.content import JSON, answer, require_type
from app.api.schemas import CreateRequest, SessionCreated, SessionRead
from app.body_limit import UPLOAD_TYPE
from app.errors import Problem
from app.rates import take_turn
from app.strict_json import parse_object
from engine import ExperimentSpec
from engine.presets import PRESETS

router = APIRouter(prefix="/sessions", tags=["sessions"])

_CREATE_SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "spec": {"anyOf": [{"$ref": "#/components/schemas/ExperimentSpec"}, {"type": "null"}]},
        "preset": {"enum": [*PRESETS, None]},
    },
    # Not both.
    "anyOf": [{"properties": {"spec": {"type": "null"}}}, {"properties": {"preset": {"type": "null"}}}],
}


@router.post(
    "",
    operation_id="createSession",
    summary="Create a session",
    status_code=201,
    response_class=JSONResponse,
    responses={201: {"model": SessionCreated}},
    openapi_extra={
        "requestBody": {
            "content": {
                JSON: {"schema": _CREATE_SCHEMA},
                UPLOAD_TYPE: {"schema": {"type": "string", "format": "binary"}},
            }
        }
    },
)
async def create_session(
    request: Request, sessions: CurrentSessions, settings: CurrentSettings, client: Client
) -> Response:
    """Start a session from a spec, a preset or a snapshot (an octet stream); without a body, from the default spec."""
    # Before the body is read: one who asks too often must not fill the memory with it either.
    take_turn(request.app.state.creations, client, settings)
    body = await request.body()
    is_typed = body or "content-type" in request.headers
    if is_typed and require_type(request, JSON, UPLOAD_TYPE) == UPLOAD_TYPE:
        created = await sessions.restore(body, client)
    else:
        created = await sessions.create(_wanted_spec(parse_object(body, "spec") if body else {}), client)
    tokens = {"id": created.session.id, "token": created.token, "viewer_token": created.viewer_token}
    location = f"{request.scope.get('root_path', '')}/api/v1/sessions/{created.session.id}"
    return answer({**tokens, **created.description}, 201, {"Location": location})


@router.get(
    "/{session_id}",
    operation_id="readSession",
    summary="Read a session",
    response_class=JSONResponse,
    responses={200: {"model": SessionRead}},
)
async def read_session(access: Reader) -> Response:
    """Return the spec, the state and the metrics of a session."""
    description = await access.session.describe()
    return answer({**description, "role": access.role.value})


@router.delete("/{session_id}", operation_id="deleteSession", summary="Delete a session", status_code=204)
async def delete_session(access: Writer, sessions: CurrentSessions) -> Response:
    """End a session for good and close its streams."""
    await sessions.delete(access.session)
    return Response(status_code=204)


def _wanted_spec(body: dict[str, Any]) -> ExperimentSpec:
    try:
        wanted = CreateRequest.model_validate(body)
        if wanted.preset is None:
            return ExperimentSpec.model_validate(wanted.spec or {})
    except ValidationError as error:
        raise Problem.from_validation(error) from None
    if wanted.spec is not None:
        raise Problem.field("preset", "contradiction", "preset and spec exclude each other; give one of them.")
    if wanted.preset not in PRESETS:
        names = ", ".join(PRESETS)
        message = f"preset {wanted.preset[:80]!r} is not known; one of {names}."
        raise Problem.field("preset", "unknown_name", message, wanted.preset, names)
    return PRESETS[wanted.preset].spec
