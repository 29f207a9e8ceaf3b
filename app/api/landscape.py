"""A slice of a session's loss surface."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import Field, WithJsonSchema
from starlette.responses import JSONResponse, Response

from app.api.access import Reader
from app.api.content import raw
from app.api.examples import MOST_INDEX, Question, asked, body_of
from app.api.schemas import Document
from engine.spec import MAX_SEED

router = APIRouter(prefix="/sessions/{session_id}", tags=["sessions"])

_RESOLUTION = "Rows and columns; the catalogue tells the limit."
_SPAN = "How far it reaches to each side: in lengths of the random directions, or in units of the chosen weights."
_SEED = "Draws the two directions, in which every unit's weights are as long as its own."
_ROWS = {"type": "array", "items": {"type": "array", "items": {"type": "number"}}, "maxItems": 1000}

Place = Annotated[int, Field(ge=0, le=MOST_INDEX)]


class LandscapeQuestion(Question):
    """Which slice, and which way across it."""

    resolution: int = Field(25, ge=2, le=MOST_INDEX, description=_RESOLUTION)
    span: float = Field(1.0, gt=0, le=100, description=_SPAN)
    seed: int = Field(0, ge=0, le=MAX_SEED, description=_SEED)
    weights: list[Place] | None = Field(
        None,
        min_length=2,
        max_length=2,
        description="Two parameters by their places in the npy of `parameters`: these are the axes instead.",
    )
    path: Annotated[list[Any] | Literal["timeline"], WithJsonSchema({"anyOf": [_ROWS, {"const": "timeline"}]})] = Field(
        [],
        description="Vectors of all parameters, as they were at some times, or `timeline`, those of the session's own: "
        "where do they lie on the slice?",
    )


class Path(Document):
    """Where vectors of parameters lie on the slice."""

    points: list[list[float]] = Field(description="(α, β) of the nearest point of the slice.")
    seen: list[float] = Field(description="The share of the squared distance from here that lies within the slice.")
    steps: list[int] | None = Field(description="Of the session's own timeline: the steps at which it was there.")


class Landscape(Document):
    """The loss at θ + α d₁ + β d₂."""

    step: int
    weights: list[int] | None
    seed: int | None
    coordinates: list[float] = Field(description="α of the columns from left to right, β of the rows from below.")
    losses: list[list[float | None]] = Field(description="Row 0 has the largest β.")
    range: list[float] | None = Field(description="The least and the greatest loss.")
    examples: int = Field(description="Over how many training examples each loss is the mean.")
    center: list[float | None] | None = Field(description="θ; null: it has too many parameters to be told.")
    directions: list[list[float | None]] | None = Field(description="d₁ and d₂ in the same layout; null as well.")
    path: Path | None


_ANSWER: dict[int | str, dict[str, Any]] = {200: {"model": Landscape}}


@router.get(
    "/landscape",
    operation_id="readLandscape",
    summary="Read a slice of the loss surface",
    response_class=JSONResponse,
    responses=_ANSWER,
)
async def read_landscape(
    access: Reader,
    resolution: Annotated[int, Query(ge=2, le=MOST_INDEX, description=_RESOLUTION)] = 25,
    span: Annotated[float, Query(gt=0, le=100, description=_SPAN)] = 1.0,
    seed: Annotated[int, Query(ge=0, le=MAX_SEED, description=_SEED)] = 0,
    weights: Annotated[
        str | None,
        Query(
            pattern="^[0-9]{1,9},[0-9]{1,9}$",
            description="Two parameters by their places in the npy of `parameters`, such as 0,3: the axes instead.",
        ),
    ] = None,
    path: Annotated[
        Literal["timeline"] | None, Query(description="`timeline`: also where the session has come by.")
    ] = None,
) -> Response:
    """Return the loss around the weights as they are; training waits until it is done."""
    chosen = [int(place) for place in weights.split(",")] if weights else None
    body = await access.session.ask(
        "landscape", resolution=resolution, span=span, seed=seed, weights=chosen, path=path or []
    )
    return raw(body)


@router.post(
    "/landscape",
    operation_id="landscape",
    summary="Find a path on the loss surface",
    response_class=JSONResponse,
    responses=_ANSWER,
    openapi_extra=body_of(LandscapeQuestion),
)
async def landscape(request: Request, access: Reader) -> Response:
    """Return the same, and where the parameters of other times, which are sent along, lie on it; nothing changes."""
    return raw(await access.session.ask("landscape", **(await asked(request, LandscapeQuestion)).model_dump()))
