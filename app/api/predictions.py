"""What the network says of its own data: every example of a part, and the figures that judge it."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from starlette.responses import JSONResponse, Response

from app.api.access import Reader
from app.api.content import raw
from app.api.schemas import Predictions

router = APIRouter(prefix="/sessions/{session_id}", tags=["sessions"])

Split = Annotated[str, Query(description="Which part: train, validation or test.")]
Threshold = Annotated[
    float | None,
    Query(
        ge=-1e15,
        le=1e15,
        description="Two classes: an output above it means class 1. Without it, half-way between the classes' targets.",
    ),
]
Units = Annotated[
    Literal["network", "own"], Query(description="Numbers as the network gives them, or as they stand in a table.")
]


@router.get(
    "/predictions",
    operation_id="readPredictions",
    summary="Read the predictions",
    response_class=JSONResponse,
    responses={200: {"model": Predictions}},
)
async def read_predictions(
    access: Reader, split: Split = "test", threshold: Threshold = None, units: Units = "network"
) -> Response:
    """Return what the network says of each example of a part, as of now, or while it trains of its last evaluation.

    With it come the figures that judge it: of classes the confusion matrix, precision, recall, F1 and Jaccard index, of
    two classes the ROC curve too; of numbers the mean squared and absolute error and R².
    """
    return raw(await access.session.ask("predictions", split=split, threshold=threshold, units=units))
