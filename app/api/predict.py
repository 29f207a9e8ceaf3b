"""What the network says to examples from outside."""

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.responses import JSONResponse, Response

from app.api.access import Reader
from app.api.content import JSON, raw, read_json
from app.api.schemas import Prediction, PredictRequest
from app.errors import Problem

router = APIRouter(prefix="/sessions/{session_id}", tags=["sessions"])


@router.post(
    "/predict",
    operation_id="predict",
    summary="Predict",
    response_class=JSONResponse,
    responses={200: {"model": Prediction}},
    openapi_extra={
        "requestBody": {"required": True, "content": {JSON: {"schema": PredictRequest.model_json_schema()}}}
    },
)
async def predict(request: Request, access: Reader) -> Response:
    """Return the outputs for raw inputs; nothing changes, so that a viewer's token is enough."""
    try:
        wanted = PredictRequest.model_validate(await read_json(request))
    except ValidationError as error:
        raise Problem.from_validation(error) from None
    return raw(await access.session.ask("predict", inputs=wanted.inputs, units=wanted.units))
