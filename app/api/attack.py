"""An input changed by so little that a person hardly sees it, and so that a session's network errs."""

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import JSONResponse, Response

from app.api.access import Reader
from app.api.content import raw
from app.api.examples import ExampleQuestion, asked, body_of
from app.api.schemas import Document

router = APIRouter(prefix="/sessions/{session_id}", tags=["sessions"])


class AttackQuestion(ExampleQuestion):
    """Which example is changed, by how much, and whereto."""

    epsilon: float = Field(0.1, ge=0, le=12, description="By how much each number of the input may change at most.")
    steps: int = Field(1, ge=1, le=100, description="1: the fast gradient sign; more: its iterated form.")
    target: float | None = Field(None, description="The class to be taken for, or a number to come near.")


class Said(Document):
    """What the network says."""

    outputs: list[float | None]
    class_: int | None = Field(alias="class", description="null where a number is predicted.")
    loss: float | None = Field(description="For the label that is led away from, or for the target.")


class Attack(Document):
    """An input, what has become of it, and what the network says to each."""

    step: int
    input: list[float | None]
    changed: list[float | None]
    label: float | None = Field(description="Where none is known, what the network said before.")
    target: float | None
    epsilon: float
    steps: int
    distance: float = Field(description="The most by which a number has changed.")
    before: Said
    after: Said
    fooled: bool | None = Field(description="Whether it is now taken for another class, or for the target.")


@router.post(
    "/attack",
    operation_id="attack",
    summary="Attack the network",
    response_class=JSONResponse,
    responses={200: {"model": Attack}},
    openapi_extra=body_of(AttackQuestion),
)
async def attack(request: Request, access: Reader) -> Response:
    """Return an input changed within ±epsilon and the range of the data; the network itself stays as it is."""
    return raw(await access.session.ask("attack", **(await asked(request, AttackQuestion)).model_dump()))
