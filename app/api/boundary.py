"""The output over the plane, as numbers or as a picture."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.api.access import Reader
from app.api.content import BINARY, JSON, NPY, PNG, preferred_type, raw
from app.api.schemas import Boundary

router = APIRouter(prefix="/sessions/{session_id}", tags=["sessions"])

_FORMS = {JSON: "json", PNG: "png", NPY: "npy"}

Resolution = Annotated[int, Query(ge=2, description="Rows and columns; the catalogue tells the limit.")]


@router.get(
    "/boundary",
    operation_id="readBoundary",
    summary="Read the output over the plane",
    responses={200: {"model": Boundary, "content": {PNG: BINARY, NPY: BINARY}}},
)
async def read_boundary(request: Request, access: Reader, resolution: Resolution = 100) -> Response:
    """Return the output on a grid over the plane, row 0 the largest y: JSON, a grey picture, or npy."""
    media = preferred_type(request, *_FORMS)
    return raw(await access.session.ask("boundary", resolution=resolution, form=_FORMS[media]), media)
