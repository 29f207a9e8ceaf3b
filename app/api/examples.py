"""How a request names one example: by its place in the session's data, or by sending it along."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeVar

from fastapi import Request
from pydantic import BaseModel, Field, ValidationError, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from app.api.content import JSON, read_json
from app.errors import Problem

MOST_INDEX = 2**31 - 1

Split = Literal["train", "validation", "test"]
_NUMBERS = {"type": "array", "items": {"type": "number"}}


class Question(BaseModel, extra="forbid", strict=True):
    """What a route that only reads is asked."""


class ExampleQuestion(Question):
    """A question about one example: `input`, perhaps with its `label`, or else an `index` in a `split`."""

    input: Annotated[list[Any], WithJsonSchema(_NUMBERS)] | None = Field(
        None, description="Raw x and y, or 784 grey values 0 to 1."
    )
    label: float | None = Field(None, description="The class of this input, or its number, if it is known.")
    split: Split = Field("test", description="In which part of the data the example lies, if none is sent along.")
    index: int = Field(0, ge=0, le=MOST_INDEX, description="Which example of that part.")

    @model_validator(mode="after")
    def _check(self) -> ExampleQuestion:
        chosen = self.model_fields_set
        if self.input is not None and chosen & {"split", "index"}:
            raise PydanticCustomError("contradiction", "an example is sent along or named by its index, not both")
        if self.input is None and self.label is not None:
            raise PydanticCustomError("contradiction", "a label belongs to an input; send both, or an index alone")
        return self


AnyQuestion = TypeVar("AnyQuestion", bound=Question)


async def asked(request: Request, model: type[AnyQuestion]) -> AnyQuestion:
    """Return the question in the body; Problem 415 or 422."""
    try:
        return model.model_validate(await read_json(request))
    except ValidationError as error:
        raise Problem.from_validation(error) from None


def body_of(model: type[Question]) -> dict[str, Any]:
    """Return how OpenAPI describes a body that is read by `asked`."""
    return {"requestBody": {"required": True, "content": {JSON: {"schema": model.model_json_schema()}}}}
