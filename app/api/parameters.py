"""The weights and biases of a session's network."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.api.access import Reader
from app.api.content import BINARY, JSON, NPY, preferred_type, raw
from app.api.schemas import Parameters

router = APIRouter(prefix="/sessions/{session_id}", tags=["sessions"])


@router.get(
    "/parameters",
    operation_id="readParameters",
    summary="Read the parameters",
    responses={200: {"model": Parameters, "content": {NPY: BINARY}}},
)
async def read_parameters(request: Request, access: Reader) -> Response:
    """Return weights and biases layer by layer as JSON, or all of them as one npy vector."""
    media = preferred_type(request, JSON, NPY)
    return raw(await access.session.ask("parameters", form="npy" if media == NPY else "json"), media)
