"""The space as a layer of a session's network sees it."""

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
_MOST_LINES = 61


class LayerField(Document):
    """The network's outputs over the layer's plane."""

    range: list[float] = Field(description="The ends of the output's activation; where it is open, of what is seen.")
    values: list[list[list[float | None]]] = Field(description="A map for each output; row 0 has the largest y.")


class Space(Document):
    """Where a layer puts examples, and the points of a grid of the plane."""

    step: int
    split: Split
    layer: int
    units: int
    projected: bool = Field(description="Whether the axes are principal components; else they are the layer's units.")
    points: list[list[float]]
    targets: list[float] = Field(description="The class of each, or its number.")
    total: int = Field(description="How many examples the part has.")
    explained: list[float] = Field(description="The share of the variance along each axis.")
    components: list[list[float]] = Field(description="The axes, as directions among the layer's units.")
    grid: list[list[list[float]]] | None = Field(
        description="Row by row from the largest y, where the layer puts the grid's points; null: there is no plane."
    )
    ranges: list[list[float]] = Field(description="The ends of both axes, within which all of this lies.")
    field: LayerField | None = Field(description="null: more than these two numbers decide on the outputs.")


@router.get(
    "/space",
    operation_id="readSpace",
    summary="Read the space as a layer sees it",
    response_class=JSONResponse,
    responses={200: {"model": Space}},
)
async def read_space(
    access: Reader,
    layer: Annotated[int, Query(ge=0, le=MOST_INDEX, description="The layer, 0 being the first hidden one.")],
    split: Annotated[Split, Query(description="Which part of the data.")] = "train",
    limit: Annotated[int, Query(ge=2, le=_MOST_EXAMPLES, description="How many examples at most.")] = 300,
    lines: Annotated[int, Query(ge=0, le=_MOST_LINES, description="Rows and columns of the grid; 0: none.")] = 25,
    resolution: Annotated[int, Query(ge=2, le=_MOST_LINES, description="Rows and columns of the field.")] = 41,
) -> Response:
    """Return the examples and the plane as a layer makes them: by its two units, or by two principal components."""
    return raw(
        await access.session.ask("space", layer=layer, split=split, limit=limit, lines=lines, resolution=resolution)
    )
