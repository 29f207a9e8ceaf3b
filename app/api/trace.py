"""One example's way through a session's network and back, every product and every sum by its name."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import JSONResponse, Response

from app.api.access import Reader
from app.api.content import raw
from app.api.examples import MOST_INDEX, ExampleQuestion, Split, asked, body_of
from app.api.schemas import Document

router = APIRouter(prefix="/sessions/{session_id}", tags=["sessions"])

Row = list[float | None]
Rows = list[Row]

_NEXT = "Instead of the one at `index`, the training example from which the next step by a single example learns."
_LAYER = "The layer of which every product is told, 0 being the first hidden one; left out: all layers."
_UNIT = "The unit of that layer of which every product is told; left out: all its units."


class TraceQuestion(ExampleQuestion):
    """Which example is followed, and how closely."""

    layer: int | None = Field(None, ge=0, le=MOST_INDEX, description=_LAYER)
    unit: int | None = Field(None, ge=0, le=MOST_INDEX, description=_UNIT)


class TracedLayer(Document):
    """What a layer does: z = sum of products + bias, a = f(z), and backward its part of the gradient.

    Of products the rows are inputs and the columns units. null: not asked for, or there is no such thing.
    """

    inputs: Row = Field(description="x: what the layer before gave.")
    sums: Row = Field(description="z, of each unit.")
    activations: Row = Field(description="a = f(z), of each unit.")
    biases: Row
    errors: Row | None = Field(description="dL/da; null in a last layer that is fused with its loss.")
    slopes: Row | None = Field(description="f'(z); null there, and where an activation mixes units.")
    deltas: Row | None = Field(description="dL/dz, which is dL/d(bias) too.")
    weights: Rows | None
    products: Rows | None = Field(description="x · w.")
    weight_gradients: Rows | None = Field(description="dL/dw = x · dL/dz.")
    penalties: Rows | None = Field(description="What the regularizer adds to each dL/dw.")
    error_products: Rows | None = Field(description="w · dL/dz: in each row, they add up to dL/da of the layer before.")


class Trace(Document):
    """An example's way, layer by layer, the output's last."""

    step: int
    split: Split | None = Field(description="Where the example lies; null: it was sent along.")
    index: int | None
    learning_rate: float = Field(description="That of the next update.")
    input: Row
    label: float | None = Field(description="The class, or the number to predict; null: unknown, and no way back.")
    targets: Row | None = Field(description="The same as the loss compares it with the outputs.")
    outputs: Row
    loss: float | None = Field(description="Without the regularizer's penalty.")
    fused: bool = Field(description="Whether the output's dL/dz comes in one step from the loss.")
    layers: list[TracedLayer]


@router.get(
    "/trace",
    operation_id="readTrace",
    summary="Trace an example of the session",
    response_class=JSONResponse,
    responses={200: {"model": Trace}},
)
async def read_trace(
    access: Reader,
    split: Annotated[Split, Query(description="In which part of the data the example lies.")] = "test",
    index: Annotated[int, Query(ge=0, le=MOST_INDEX, description="Which example of that part.")] = 0,
    next_: Annotated[bool, Query(alias="next", description=_NEXT)] = False,
    layer: Annotated[int | None, Query(ge=0, le=MOST_INDEX, description=_LAYER)] = None,
    unit: Annotated[int | None, Query(ge=0, le=MOST_INDEX, description=_UNIT)] = None,
) -> Response:
    """Return all numbers of one example's way through the network and back; nothing changes."""
    place = {"next": True} if next_ else {"split": split, "index": index}
    return raw(await access.session.ask("trace", **place, layer=layer, unit=unit))


@router.post(
    "/trace",
    operation_id="trace",
    summary="Trace any example",
    response_class=JSONResponse,
    responses={200: {"model": Trace}},
    openapi_extra=body_of(TraceQuestion),
)
async def trace(request: Request, access: Reader) -> Response:
    """Return the same of an input that is sent along; without its label, there is no way back."""
    return raw(await access.session.ask("trace", **(await asked(request, TraceQuestion)).model_dump()))
