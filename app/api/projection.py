"""Examples with many inputs, seen on the plane along which they differ most."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import JSONResponse, Response

from app.api.access import Reader
from app.api.content import raw
from app.api.examples import MOST_INDEX, Split
from app.api.schemas import Document

router = APIRouter(prefix="/sessions/{session_id}", tags=["sessions"])

_MOST_EXAMPLES = 2_000


class Projection(Document):
    """Examples on the plane of their first two principal components."""

    step: int
    split: Split
    layer: int | None
    points: list[list[float]]
    targets: list[float] = Field(description="The class of each, or its number.")
    total: int = Field(description="How many examples the part has.")
    explained: list[float] = Field(description="The share of the variance along each component.")
    mean: list[float] = Field(description="What is taken from an example before it is multiplied by the components.")
    components: list[list[float]]


@router.get(
    "/projection",
    operation_id="readProjection",
    summary="Read the plane of the principal components",
    response_class=JSONResponse,
    responses={200: {"model": Projection}},
)
async def read_projection(
    access: Reader,
    layer: Annotated[
        int | None,
        Query(
            ge=0,
            le=MOST_INDEX,
            description="The layer whose activations are shown, 0 being the first hidden one; left out: the inputs.",
        ),
    ] = None,
    split: Annotated[Split, Query(description="Which part of the data.")] = "train",
    limit: Annotated[int, Query(ge=2, le=_MOST_EXAMPLES, description="How many examples at most.")] = 500,
) -> Response:
    """Return the first examples of a part as the network is given them, or as a layer makes them, in two numbers."""
    return raw(await access.session.ask("projection", layer=layer, split=split, limit=limit))
