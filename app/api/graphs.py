"""Expressions as graphs: values, local derivatives, and the chain rule step by step."""

from typing import Any

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from app.api.content import answer
from app.api.examples import Question, asked, body_of
from app.api.schemas import Document
from app.errors import Problem, field_error
from engine.graph import OPERATIONS, GraphError, evaluate, parse

router = APIRouter(prefix="/graphs", tags=["graphs"])

# Beyond these, derivatives would leave what floating point can hold.
_LARGEST = 1e15


class GraphQuestion(Question):
    """An expression, and what its variables are."""

    expression: str = Field(description="Such as f = (x + y) * z; several assignments stand in lines of their own.")
    values: dict[str, float] | None = Field(
        None, description="A number for each variable; left out: the graph alone, without values."
    )


class NodeDocument(Document):
    """A variable, a constant, or an operation."""

    operation: str = Field(description="`variable`, `constant`, or what is done with the arguments.")
    arguments: list[int] = Field(description="Nodes, by their places in the list; they come before this one.")
    name: str | None = Field(description="A variable's, or the one that it was given.")
    start: int = Field(description="Where its part of the expression begins, in letters.")
    stop: int
    formula: str | None = Field(description="What an operation does with its arguments a and b.")
    value: float | None
    gradient: float | None = Field(description="df/d(node); null for constants, and where there is none.")


class EdgeDocument(Document):
    """From an argument to the node that uses it."""

    source: int
    target: int
    place: int = Field(description="0: the first argument, a; 1: the second, b.")
    derivative: str = Field(description="The local derivative as a formula of a, b and the node's value f.")
    slope: float | None = Field(description="The local derivative here; null where there is no such number.")


class ForwardStep(Document):
    """One node gets its value."""

    node: int
    value: float


class BackwardStep(Document):
    """One edge passes on a derivative: product = upstream · slope, which adds to the gradient of its source."""

    edge: int
    upstream: float | None
    product: float | None
    gradient: float | None = Field(description="The sum so far.")


class GraphDocument(Document):
    """A graph; its last steps backward give the derivatives by the variables."""

    result: int = Field(description="The node that is f.")
    variables: dict[str, int] = Field(description="Each variable's node, in the order of their first use.")
    names: dict[str, int] = Field(description="What every name stands for.")
    nodes: list[NodeDocument]
    edges: list[EdgeDocument]
    forward: list[ForwardStep]
    backward: list[BackwardStep]


@router.post(
    "",
    operation_id="makeGraph",
    summary="Make a graph of an expression",
    response_class=JSONResponse,
    responses={200: {"model": GraphDocument}},
    openapi_extra=body_of(GraphQuestion),
)
async def make_graph(request: Request) -> Response:
    """Return the graph of an expression with every step forward and backward. Nothing is kept."""
    question = await asked(request, GraphQuestion)
    return answer(await run_in_threadpool(_written, question))


def _written(question: GraphQuestion) -> dict[str, Any]:
    _check_values(question.values or {})
    try:
        graph = parse(question.expression)
        found = None if question.values is None else evaluate(graph, question.values)
    except GraphError as error:
        raise _problem(error) from None
    nodes = [
        {
            "operation": node.operation,
            "arguments": list(node.arguments),
            "name": node.name,
            "start": node.start,
            "stop": node.stop,
            "formula": OPERATIONS[node.operation].formula if node.operation in OPERATIONS else None,
            "value": found and found.values[index],
            "gradient": found and found.gradients[index],
        }
        for index, node in enumerate(graph.nodes)
    ]
    operations = [index for index, node in enumerate(graph.nodes) if node.arguments]
    return {
        "result": graph.result,
        "variables": graph.variables,
        "names": graph.names,
        "nodes": nodes,
        "edges": [edge._asdict() for edge in found.edges] if found else [],
        "forward": [{"node": index, "value": found.values[index]} for index in operations] if found else [],
        "backward": [step._asdict() for step in found.steps] if found else [],
    }


def _check_values(values: dict[str, float]) -> None:
    for name, value in values.items():
        if abs(value) > _LARGEST:
            field = f"values.{name[:40]}"
            raise Problem.field(field, "too_large", f"{field} is {value}; it must lie within ±1e15.", value, _LARGEST)


def _problem(error: GraphError) -> Problem:
    is_value = error.code in ("no_value", "unknown_variable")
    field = f"values.{str(error.found)[:40]}" if is_value else "expression"
    told = field_error(field, error.code, str(error), error.found, error.limit)
    told |= {"position": error.position, "expected": list(error.expected)}
    return Problem(422, "invalid", "Some fields are not valid", str(error), [told])
