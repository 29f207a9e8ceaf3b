"""The examples a session learns from and is measured on."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.api.access import Reader
from app.api.content import BINARY, JSON, NPY, preferred_type, raw
from app.api.schemas import Data

router = APIRouter(prefix="/sessions/{session_id}", tags=["sessions"])

_MAX_ROWS = 10_000

Split = Annotated[
    Literal["train", "validation", "test", "unknown"],
    Query(description="Which share of the examples; `unknown`: those of another kind, which no network is trained on."),
]
Offset = Annotated[int, Query(ge=0, le=2**31 - 1, description="The first example.")]
Limit = Annotated[int, Query(ge=0, le=_MAX_ROWS, description="How many examples at most.")]
Units = Annotated[
    Literal["network", "own"], Query(description="As the network is given them, or as they stand in a table.")
]
Array = Annotated[Literal["inputs", "targets"], Query(description="Which array, where npy is asked for.")]


@router.get(
    "/data",
    operation_id="readData",
    summary="Read the data",
    responses={200: {"model": Data, "content": {NPY: BINARY}}},
)
async def read_data(
    request: Request,
    access: Reader,
    split: Split = "train",
    offset: Offset = 0,
    limit: Limit = 1000,
    array: Array = "inputs",
    units: Units = "network",
) -> Response:
    """Return examples: inputs (images as bytes) and targets, as JSON, or one of the arrays as npy."""
    media = preferred_type(request, JSON, NPY)
    form = "npy" if media == NPY else "json"
    body = await access.session.ask(
        "data", split=split, offset=offset, limit=limit, form=form, array=array, units=units
    )
    return raw(body, media)
