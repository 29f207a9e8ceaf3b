"""Curves of components: an activation over sums, a loss over outputs, a schedule over epochs."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from pydantic import Field, TypeAdapter, ValidationError, WithJsonSchema
from starlette.responses import JSONResponse, Response

from app.api.content import answer
from app.api.examples import Question, asked, body_of
from app.api.schemas import Document
from app.errors import Problem
from engine.activations import Activation
from engine.curves import Curve, activation_curve, loss_curve, regularizer_curve, schedule_curve
from engine.losses import Loss
from engine.regularizers import Regularizer
from engine.schedules import Schedule

router = APIRouter(prefix="/curves", tags=["catalog"])


class CurveQuestion(Question):
    """A component as it stands in a spec, by its bare name or with its fields."""

    kind: Literal["activation", "loss", "regularizer", "schedule"]
    component: Annotated[Any, WithJsonSchema({"type": ["string", "object"]})]
    warmup_epochs: float = Field(0.0, ge=0, le=1000, description="Of a schedule: the warm-up in front of it.")


class LineDocument(Document):
    """Values over `x`."""

    values: list[float]
    target: float | None = Field(description="Of a loss: the target that this line is for.")


class CurveDocument(Document):
    """Lines over the same numbers; none where the component is no function of a single number."""

    x: list[float]
    lines: list[LineDocument]


@router.post(
    "",
    operation_id="readCurve",
    summary="Read the curve of a component",
    response_class=JSONResponse,
    responses={200: {"model": CurveDocument}},
    openapi_extra=body_of(CurveQuestion),
)
async def read_curve(request: Request) -> Response:
    """Return what a component does with a number, sampled by the code that trains. Nothing is kept."""
    question = await asked(request, CurveQuestion)
    base, draw = _DRAWN[question.kind]
    try:
        component = TypeAdapter(base).validate_python(question.component)
    except ValidationError as error:
        raise Problem.from_validation(error, "component") from None
    curve: Curve = draw(component, question.warmup_epochs)
    return answer({"x": curve.x, "lines": [line._asdict() for line in curve.lines]})


_DRAWN: dict[str, tuple[type[Any], Callable[[Any, float], Curve]]] = {
    "activation": (Activation, lambda component, _: activation_curve(component)),
    "loss": (Loss, lambda component, _: loss_curve(component)),
    "regularizer": (Regularizer, lambda component, _: regularizer_curve(component)),
    "schedule": (Schedule, schedule_curve),
}
