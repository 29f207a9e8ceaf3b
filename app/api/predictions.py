"""What the network says of its own data: every example of a part, and the confusion matrix."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import JSONResponse, Response

from app.api.access import Reader
from app.api.content import raw
from app.api.schemas import Predictions

router = APIRouter(prefix="/sessions/{session_id}", tags=["sessions"])

Split = Annotated[str, Query(description="Which part: train, validation or test.")]


@router.get(
    "/predictions",
    operation_id="readPredictions",
    summary="Read the predictions",
    response_class=JSONResponse,
    responses={200: {"model": Predictions}},
)
async def read_predictions(access: Reader, split: Split = "test") -> Response:
    """Return what the network says of each example of a part, as of now, or while it trains of its last evaluation."""
    return raw(await access.session.ask("predictions", split=split))
