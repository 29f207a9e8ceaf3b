"""How large a session's weights are, their gradients, and what units give."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import JSONResponse, Response

from app.api.access import Reader
from app.api.content import raw
from app.api.examples import MOST_INDEX
from app.api.schemas import Document

router = APIRouter(prefix="/sessions/{session_id}", tags=["sessions"])


class Histogram(Document):
    """Numbers counted in bins of equal width, from `low` to `high`."""

    low: float
    high: float
    counts: list[int]
    mean: float
    deviation: float
    not_finite: int


class LayerHistograms(Document):
    """A layer's weights and biases, the gradients of the training loss, regularizer included, and the activations."""

    weights: Histogram
    biases: Histogram
    weight_gradients: Histogram
    bias_gradients: Histogram
    activations: Histogram = Field(description="What the units say to the same training examples.")


class Histograms(Document):
    """Every layer's, the output's last."""

    step: int
    bins: int
    layers: list[LayerHistograms]


@router.get(
    "/histograms",
    operation_id="readHistograms",
    summary="Read histograms of weights and gradients",
    response_class=JSONResponse,
    responses={200: {"model": Histograms}},
)
async def read_histograms(
    access: Reader, bins: Annotated[int, Query(ge=1, le=200, description="How many bins.")] = 30
) -> Response:
    """Return how weights and biases are spread; gradients and activations over up to 1,024 training examples."""
    return raw(await access.session.ask("histograms", bins=bins))


class Activity(Document):
    """What a unit gives for the first 1,024 training examples, or as many as there are."""

    step: int
    layer: int
    unit: int
    activations: Histogram
    examples: int
    zeros: float = Field(description="The share of examples for which it gives exactly 0.")
    flat: float | None = Field(
        description="The share at which |f'(z)| < 0.05; null where an activation mixes its units."
    )


@router.get(
    "/activity",
    operation_id="readActivity",
    summary="Read what a unit gives for the training examples",
    response_class=JSONResponse,
    responses={200: {"model": Activity}},
)
async def read_activity(
    access: Reader,
    layer: Annotated[
        int, Query(ge=0, le=MOST_INDEX, description="The unit's layer, 0 being the first hidden one.")
    ] = 0,
    unit: Annotated[int, Query(ge=0, le=MOST_INDEX, description="Which unit of that layer.")] = 0,
    bins: Annotated[int, Query(ge=1, le=200, description="How many bins.")] = 30,
) -> Response:
    """Return how the activations of one unit are spread, over the bounds of its activation where it has some."""
    return raw(await access.session.ask("activity", layer=layer, unit=unit, bins=bins))
