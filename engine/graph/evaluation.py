"""A graph's values, and its derivatives by the chain rule, one step after the other.

Forward: each node's value from those before it. Backward, from the result, whose derivative by itself is 1: each edge
passes on df/d(argument) += df/d(node) · d(node)/d(argument), so that a node that is used twice gathers both.
Linnainmaa, Taylor expansion of the accumulated rounding error, 1976.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import NamedTuple

from engine.graph.operations import OPERATIONS
from engine.graph.parser import Graph, GraphError


class Edge(NamedTuple):
    """From an argument to the node that uses it, as its first argument (0) or second (1).

    `slope` is the local derivative d(node)/d(argument), None where there is no such number; `derivative` says it as a
    formula of the arguments a and b and the node's value f.
    """

    source: int
    target: int
    place: int
    slope: float | None
    derivative: str


class BackwardStep(NamedTuple):
    """What passes back along an edge: `product` = `upstream` · the edge's slope; then `gradient` is the sum so far.

    None stands for what is no number.
    """

    edge: int
    upstream: float | None
    product: float | None
    gradient: float | None


class Evaluation(NamedTuple):
    """Each node's value and df/d(node), the edges, and the steps backward in their order; forward goes by index.

    A node on which f does not depend has the gradient 0; a constant, and what is made of constants alone, has None,
    and nothing passes back to it.
    """

    values: list[float]
    gradients: list[float | None]
    edges: list[Edge]
    steps: list[BackwardStep]


def evaluate(graph: Graph, values: Mapping[str, float]) -> Evaluation:
    """Return all there is to know of a graph where its variables have these values. Raises GraphError."""
    numbers = _forward(graph, values)
    varies: list[bool] = []
    edges: list[Edge] = []
    edges_of: list[list[int]] = []
    for index, node in enumerate(graph.nodes):
        varies.append(node.operation == "variable" or any(varies[argument] for argument in node.arguments))
        edges_of.append(list(range(len(edges), len(edges) + len(node.arguments))))
        for place, argument in enumerate(node.arguments):
            derivative = OPERATIONS[node.operation].derivatives[place]
            edges.append(Edge(argument, index, place, _slope(graph, numbers, index, place), derivative))

    gradients: list[float | None] = [0.0 if is_varying else None for is_varying in varies]
    steps: list[BackwardStep] = []
    gradients[graph.result] = 1.0
    reached = {graph.result}
    for index in range(graph.result, -1, -1):  # Arguments come before what uses them: their sums are then complete.
        if index not in reached:
            continue
        for number in edges_of[index]:
            edge = edges[number]
            if not varies[edge.source]:
                continue
            reached.add(edge.source)
            upstream = gradients[index]
            product = _finite(upstream, edge.slope, lambda a, b: a * b)
            gradients[edge.source] = _finite(gradients[edge.source], product, lambda a, b: a + b)
            steps.append(BackwardStep(number, upstream, product, gradients[edge.source]))
    return Evaluation(numbers, gradients, edges, steps)


def _forward(graph: Graph, values: Mapping[str, float]) -> list[float]:
    variables = graph.variables
    for name, index in variables.items():
        if name not in values:
            raise GraphError("no_value", f"{name} has no value.", graph.nodes[index].start, name)
    for name in values:
        if name not in variables:
            message = f"There is no variable {str(name)[:40]} in the expression."
            raise GraphError("unknown_variable", message, 0, name, tuple(variables))
    numbers: list[float] = []
    for node in graph.nodes:
        if node.operation == "variable":
            number = float(values[str(node.name)])
        elif node.number is not None:
            number = node.number
        else:
            try:
                number = OPERATIONS[node.operation].value(*(numbers[argument] for argument in node.arguments))
            except (ValueError, ZeroDivisionError, OverflowError):
                number = math.nan
        if not math.isfinite(number):
            text = graph.text[node.start : node.stop]
            raise GraphError("undefined", f"{text[:40]} is no number here.", node.start, text[:80])
        numbers.append(number)
    return numbers


def _slope(graph: Graph, numbers: list[float], index: int, place: int) -> float | None:
    node = graph.nodes[index]
    try:
        slope = OPERATIONS[node.operation].slopes[place](numbers[index], *(numbers[at] for at in node.arguments))
    except (ValueError, ZeroDivisionError, OverflowError):
        return None
    return slope if math.isfinite(slope) else None


def _finite(one: float | None, other: float | None, combine: Callable[[float, float], float]) -> float | None:
    """Return what two numbers make, or None where either is none or the result is beyond all numbers."""
    if one is None or other is None:
        return None
    number = combine(one, other)
    return number if math.isfinite(number) else None
