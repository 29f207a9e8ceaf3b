"""Which inputs an output of a session's network heeds."""

from typing import Literal

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import JSONResponse, Response

from app.api.access import Reader
from app.api.content import raw
from app.api.examples import MOST_INDEX, ExampleQuestion, asked, body_of
from app.api.schemas import Document

router = APIRouter(prefix="/sessions/{session_id}", tags=["sessions"])

Of = Literal["output", "sum"]


class SaliencyQuestion(ExampleQuestion):
    """Of which output at which example."""

    output: int | None = Field(None, ge=0, le=MOST_INDEX, description="Which output; left out: the largest.")
    of: Of = Field("output", description="What changes: the output, or the sum from which its activation makes it.")


class Saliency(Document):
    """How fast an output changes with each input."""

    step: int
    input: list[float | None]
    label: float | None
    outputs: list[float | None]
    output: int
    of: Of
    gradient: list[float | None] = Field(description="d(output)/d(input), as many as the input has numbers.")


@router.post(
    "/saliency",
    operation_id="saliency",
    summary="Differentiate an output by its inputs",
    response_class=JSONResponse,
    responses={200: {"model": Saliency}},
    openapi_extra=body_of(SaliencyQuestion),
)
async def saliency(request: Request, access: Reader) -> Response:
    """Return the gradient of an output with respect to the inputs at one example; nothing changes."""
    return raw(await access.session.ask("saliency", **(await asked(request, SaliencyQuestion)).model_dump()))
