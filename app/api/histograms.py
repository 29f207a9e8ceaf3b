"""How large a session's weights are, and their gradients."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import JSONResponse, Response

from app.api.access import Reader
from app.api.content import raw
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
    """A layer's weights and biases, and the gradients of the training loss, regularizer included."""

    weights: Histogram
    biases: Histogram
    weight_gradients: Histogram
    bias_gradients: Histogram


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
    """Return how weights, biases and their gradients are spread; gradients over up to 1,024 training examples."""
    return raw(await access.session.ask("histograms", bins=bins))
