"""What a node of a graph can do: its value f of one argument a or of two, a and b, and its derivative by each."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple


class Operation(NamedTuple):
    """`value(a, …)` is f; `slopes` hold df/da and df/db as functions of (f, a, …), `derivatives` the same in writing.

    Where there is no such number, ValueError, ZeroDivisionError or OverflowError is raised. At a corner the slope is
    that of the side on which a function is flat, or 0, as in automatic differentiation elsewhere.
    """

    name: str
    formula: str
    value: Callable[..., float]
    derivatives: tuple[str, ...]
    slopes: tuple[Callable[..., float], ...]


def _sigmoid(a: float) -> float:
    return 0.5 * (1 + math.tanh(0.5 * a))  # 1 / (1 + e^-a), which cannot overflow.


def _power_slope(f: float, a: float, b: float) -> float:
    return b * math.pow(a, b - 1) if b else 0.0


_SIGNS = (
    Operation("add", "a + b", lambda a, b: a + b, ("1", "1"), (lambda f, a, b: 1.0, lambda f, a, b: 1.0)),
    Operation("subtract", "a - b", lambda a, b: a - b, ("1", "-1"), (lambda f, a, b: 1.0, lambda f, a, b: -1.0)),
    Operation("multiply", "a * b", lambda a, b: a * b, ("b", "a"), (lambda f, a, b: b, lambda f, a, b: a)),
    Operation(
        "divide", "a / b", lambda a, b: a / b, ("1 / b", "-f / b"), (lambda f, a, b: 1 / b, lambda f, a, b: -f / b)
    ),
    Operation("power", "a ^ b", math.pow, ("b a^(b - 1)", "f log(a)"), (_power_slope, lambda f, a, b: f * math.log(a))),
    Operation("negate", "-a", lambda a: -a, ("-1",), (lambda f, a: -1.0,)),
)

_FUNCTIONS = (
    Operation("exp", "exp(a)", math.exp, ("f",), (lambda f, a: f,)),
    Operation("log", "log(a)", math.log, ("1 / a",), (lambda f, a: 1 / a,)),
    Operation("sqrt", "sqrt(a)", math.sqrt, ("1 / (2 f)",), (lambda f, a: 1 / (2 * f),)),
    Operation("sin", "sin(a)", math.sin, ("cos(a)",), (lambda f, a: math.cos(a),)),
    Operation("cos", "cos(a)", math.cos, ("-sin(a)",), (lambda f, a: -math.sin(a),)),
    Operation("tan", "tan(a)", math.tan, ("1 + f^2",), (lambda f, a: 1 + f * f,)),
    Operation("tanh", "tanh(a)", math.tanh, ("1 - f^2",), (lambda f, a: 1 - f * f,)),
    Operation("sigmoid", "1 / (1 + exp(-a))", _sigmoid, ("f (1 - f)",), (lambda f, a: f * (1 - f),)),
    Operation("relu", "max(0, a)", lambda a: max(0.0, a), ("1 if a > 0, else 0",), (lambda f, a: float(a > 0),)),
    Operation(
        "softplus",
        "log(1 + exp(a))",
        lambda a: max(a, 0.0) + math.log1p(math.exp(-abs(a))),
        ("sigmoid(a)",),
        (lambda f, a: _sigmoid(a),),
    ),
    Operation("step", "1 if a > 0, else 0", lambda a: float(a > 0), ("0",), (lambda f, a: 0.0,)),
    Operation("abs", "|a|", abs, ("sign(a)",), (lambda f, a: float((a > 0) - (a < 0)),)),
    Operation(
        "max",
        "max(a, b)",
        max,
        ("1 if a >= b, else 0", "1 if a < b, else 0"),
        (lambda f, a, b: float(a >= b), lambda f, a, b: float(a < b)),
    ),
    Operation(
        "min",
        "min(a, b)",
        min,
        ("1 if a <= b, else 0", "1 if a > b, else 0"),
        (lambda f, a, b: float(a <= b), lambda f, a, b: float(a > b)),
    ),
)

OPERATIONS = {operation.name: operation for operation in (*_SIGNS, *_FUNCTIONS)}
FUNCTIONS = {operation.name: operation for operation in _FUNCTIONS} | {"ln": OPERATIONS["log"]}
"""Those that are called by name, and their other names."""
CONSTANTS = {"pi": math.pi}
