"""Expressions become graphs: read as mathematics reads them, with the derivatives that differences confirm."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine import ExperimentSpec, Trainer
from engine.graph import (
    FUNCTIONS,
    MOST_DEPTH,
    MOST_LETTERS,
    MOST_NODES,
    Evaluation,
    Graph,
    GraphError,
    evaluate,
    expression_of,
    parse,
)


def value_of(text: str, **values: float) -> float:
    graph = parse(text)
    return evaluate(graph, values).values[graph.result]


def gradients_of(text: str, values: dict[str, float]) -> dict[str, float | None]:
    graph = parse(text)
    found = evaluate(graph, values).gradients
    return {name: found[node] for name, node in graph.variables.items()}


def refusal_of(text: str, values: dict[str, float] | None = None) -> GraphError:
    with pytest.raises(GraphError) as refused:
        evaluate(parse(text), values or {})
    return refused.value


def test_the_course_s_first_graph_step_by_step() -> None:
    graph = parse("q = x + y; f = q * z")

    found = evaluate(graph, {"x": -2, "y": 5, "z": -4})

    assert [(node.operation, node.name) for node in graph.nodes] == [
        ("variable", "x"),
        ("variable", "y"),
        ("add", "q"),
        ("variable", "z"),
        ("multiply", "f"),
    ]
    assert found.values == [-2, 5, 3, -4, -12]
    assert found.gradients == [-4, -4, -4, 3, 1]
    assert [(edge.source, edge.target, edge.slope, edge.derivative) for edge in found.edges] == [
        (0, 2, 1, "1"),
        (1, 2, 1, "1"),
        (2, 4, -4, "b"),
        (3, 4, 3, "a"),
    ]
    assert [tuple(step) for step in found.steps] == [(2, 1, -4, -4), (3, 1, 3, 3), (0, -4, -4, -4), (1, -4, -4, -4)]


def test_a_node_that_is_used_twice_gathers_both_parts() -> None:
    graph = parse("f = x * x + x")

    found = evaluate(graph, {"x": 3.0})

    assert found.gradients[0] == 7
    sums = [step.gradient for step in found.steps if found.edges[step.edge].source == 0]
    assert sums[-1] == 7 and len(sums) == 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-2^2", -4),
        ("2^-1", 0.5),
        ("2^3^2", 512),
        ("2 - 3 - 4", -5),
        ("16 / 4 / 2", 2),
        ("2 + 3 * 4", 14),
        ("(2 + 3) * 4", 20),
        ("--2", 2),
        ("-(2)^2", -4),
        ("+2", 2),
        ("2 ** 3", 8),
        ("6 ÷ 2 × 3 · 2 − 1", 17),
        ("1.5e1 + .5 + 1.", 16.5),
        ("max(1, 4, 2) - min(3, 2)", 2),
        ("ln(exp(2))", 2),
        ("cos(pi)", -1),
        ("a = 2\nb = a ^ 2\n\nb + a", 6),
        ("(1 +\n 2)", 3),
        ("a = 2;; a;", 2),
        ("θ1 = 3; θ1 * 2", 6),
        ("max = 1", None),
    ],
)
def test_an_expression_means_what_mathematics_says(text: str, expected: float | None) -> None:
    if expected is None:
        assert refusal_of(text).code == "reserved_name"
    else:
        assert value_of(text) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("text", "code", "position", "expected"),
    [
        ("", "missing", 0, {"value"}),
        (" ; ;", "missing", 0, {"value"}),
        ("x +", "unexpected", 3, {"value"}),
        ("x + * y", "unexpected", 4, {"value"}),
        ("(x + 1", "unexpected", 6, {")", "operator"}),
        ("x + 1)", "unexpected", 5, {"operator", ";", "end"}),
        ("x y", "unexpected", 2, {"operator", "=", ";", "end"}),
        ("2 x", "unexpected", 2, {"operator", ";", "end"}),
        ("x + y = 2", "unexpected", 6, {"operator", ";", "end"}),
        ("1,5", "unexpected", 1, {"operator", ";", "end"}),
        ("sin x", "unexpected", 4, {"("}),
        ("sin", "unexpected", 3, {"("}),
        ("sin()", "unexpected", 4, {"value"}),
        ("max(1 2)", "unexpected", 6, {"operator", ",", ")"}),
        ("x; y", "unexpected", 1, {"="}),
        ("x = ", "unexpected", 4, {"value"}),
        ("x = y = 2", "unexpected", 6, {"operator", ";", "end"}),
        ("max(1)", "wrong_count", 0, set()),
        ("exp(1, 2)", "wrong_count", 0, set()),
        ("2 * foo(1)", "unknown_function", 4, set(FUNCTIONS)),
        ("x = x + 1", "already_defined", 0, set()),
        ("a = 1; a = 2", "already_defined", 7, set()),
        ("pi = 3", "reserved_name", 0, set()),
        ("x & y", "unknown_character", 2, set()),
        ("__import__", "unknown_character", 0, set()),
        ("'x'", "unknown_character", 0, set()),
        ("x.y", "unknown_character", 1, set()),
        ("1 + 1e999", "not_finite", 4, set()),
        ("1 / 0", "undefined", 0, set()),
        ("2 + log(-1)", "undefined", 4, set()),
        ("exp(1000)", "undefined", 0, set()),
        ("(-8) ^ 0.5", "undefined", 0, set()),
    ],
)
def test_an_error_names_the_letter_and_what_could_stand_there(
    text: str, code: str, position: int, expected: set[str]
) -> None:
    error = refusal_of(text)

    assert (error.code, error.position, set(error.expected)) == (code, position, expected)


def test_values_are_given_for_the_variables_and_nothing_else() -> None:
    assert refusal_of("2 + x", {}).code == "no_value"
    assert refusal_of("2 + x", {"x": 1, "y": 2}).code == "unknown_variable"
    assert refusal_of("q = x; q", {"x": 1, "q": 2}).code == "unknown_variable"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1" * (MOST_LETTERS + 1), "too_long"),
        ("x" * 33, "too_long"),
        ("(" * (MOST_DEPTH + 1) + "x", "too_deep"),
        ("-" * (MOST_DEPTH + 1) + "x", "too_deep"),
        ("2^" * (MOST_DEPTH + 1) + "x", "too_deep"),
        ("sin(" * (MOST_DEPTH + 1) + "x", "too_deep"),
        ("x" + "+x" * MOST_NODES, "too_many_nodes"),
    ],
)
def test_what_is_too_long_too_deep_or_too_much_is_refused(text: str, code: str) -> None:
    error = refusal_of(text, {"x": 1})

    assert error.code == code and error.limit


def test_as_deep_and_as_many_as_may_be_are_taken() -> None:
    assert value_of("(" * (MOST_DEPTH - 1) + "x" + ")" * (MOST_DEPTH - 1), x=2) == 2
    assert len(parse("x" + "+x" * (MOST_NODES - 1)).nodes) == MOST_NODES


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="xyzf01.eE+-*/^=(),;\n sincoexpmax−×²_$θ", max_size=60))
def test_no_text_of_any_kind_raises_anything_else(text: str) -> None:
    try:
        graph = parse(text)
        evaluate(graph, dict.fromkeys(graph.variables, 0.5))
    except GraphError as error:
        assert 0 <= error.position <= len(text) and str(error)


# Expressions made at random, each with what it means told by Python's own operators.

Expression = tuple[str, Any]
SIGNS: dict[str, Any] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
}
CALLS: dict[str, Any] = {
    "exp": math.exp,
    "log": math.log,
    "sqrt": math.sqrt,
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "tanh": math.tanh,
    "sigmoid": lambda a: 1 / (1 + math.exp(-a)),
    "softplus": lambda a: math.log(1 + math.exp(a)),
    "relu": lambda a: max(0.0, a),
    "abs": abs,
    "step": lambda a: float(a > 0),
}


def combined(children: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    def infix(sign: str, a: Expression, b: Expression) -> Expression:
        return f"({a[0]} {sign} {b[0]})", lambda env: SIGNS[sign](a[1](env), b[1](env))

    def call(name: str, a: Expression) -> Expression:
        return f"{name}({a[0]})", lambda env: CALLS[name](a[1](env))

    def choice(name: str, a: Expression, b: Expression) -> Expression:
        return f"{name}({a[0]}, {b[0]})", lambda env: {"max": max, "min": min}[name](a[1](env), b[1](env))

    def power(a: Expression, exponent: int) -> Expression:
        return f"({a[0]}) ^ {exponent}", lambda env: a[1](env) ** exponent

    def negation(a: Expression) -> Expression:
        return f"(-{a[0]})", lambda env: -a[1](env)

    return st.one_of(
        st.builds(infix, st.sampled_from(sorted(SIGNS)), children, children),
        st.builds(call, st.sampled_from(sorted(CALLS)), children),
        st.builds(choice, st.sampled_from(["max", "min"]), children, children),
        st.builds(power, children, st.integers(-2, 3)),
        st.builds(negation, children),
    )


def leaf(name: str) -> Expression:
    return name, lambda env: env[name]


EXPRESSIONS = st.recursive(
    st.sampled_from([leaf("x"), leaf("y"), leaf("z"), ("0.5", lambda env: 0.5), ("3", lambda env: 3.0)]),
    combined,
    max_leaves=8,
)


def test_the_random_expressions_hold_every_function() -> None:
    assert set(CALLS) | {"max", "min", "ln"} == set(FUNCTIONS)


@settings(max_examples=300, deadline=None)
@given(EXPRESSIONS, st.tuples(*[st.floats(-3, 3)] * 3))
def test_any_expression_has_the_value_and_the_slopes_that_python_and_differences_find(
    expression: Expression, numbers: tuple[float, float, float]
) -> None:
    text, meaning = expression
    values = dict(zip("xyz", numbers, strict=True))
    graph = parse(text)
    used = {name: values[name] for name in graph.variables}
    try:
        expected = meaning(values)
        found = evaluate(graph, used)
    except (GraphError, ValueError, ZeroDivisionError, OverflowError):
        assume(False)  # There is no such number; the cases above say how that is told.
        raise
    assert found.values[graph.result] == pytest.approx(expected, rel=1e-9, abs=1e-12)

    for name, node in graph.variables.items():
        slope, difference = found.gradients[node], difference_of(meaning, values, name)
        if is_moderate(found) and not is_at_a_corner(graph, found) and slope is not None and difference is not None:
            assert slope == pytest.approx(difference, rel=1e-3, abs=1e-3), name


def is_moderate(found: Evaluation) -> bool:
    """Return whether differences tell something: beside huge numbers on the way, small ones are lost to rounding."""
    return max(abs(number) for number in [*found.values, *filter(None, found.gradients)]) < 1e3


def is_at_a_corner(graph: Graph, found: Evaluation) -> bool:
    """Return whether a function bends just here: max(x, -abs(x)) is x, but the chain rule cannot know it at 0."""
    for node in graph.nodes:
        arguments = [found.values[argument] for argument in node.arguments]
        if node.operation in ("relu", "abs", "step") and abs(arguments[0]) < 0.01:
            return True
        if node.operation in ("max", "min") and abs(arguments[0] - arguments[1]) < 0.01:
            return True
    return False


def difference_of(meaning: Any, values: dict[str, float], name: str) -> float | None:
    """Return the central difference where three widths agree on it: elsewhere is a corner, a pole or mere rounding."""
    slopes = []
    for width in (1e-5, 2e-5, 4e-5):
        try:
            above, below = (meaning({**values, name: values[name] + move}) for move in (width, -width))
            here = meaning(values)
        except (ValueError, ZeroDivisionError, OverflowError):
            return None
        slopes += [(above - below) / (2 * width), (above - here) / width, (here - below) / width]
    spread = max(slopes) - min(slopes)
    return slopes[0] if spread < 1e-2 * max(1.0, abs(slopes[0])) else None


# A network is such a graph too.


@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "relu", "leaky_relu", "swish", "mish", "sine", "softplus"])
def test_a_networks_weights_have_the_gradients_of_its_graph(activation: str) -> None:
    check_network({}, activation, 1)


HALVED = {"name": "mean_squared_error", "coefficient": 0.5}


@pytest.mark.parametrize("loss", ["mean_squared_error", HALVED, "mean_absolute_error", "hinge", "perceptron"])
def test_a_networks_loss_is_one_of_the_graphs(loss: Any) -> None:
    check_network({}, "tanh", 1, loss)


@pytest.mark.parametrize("loss", ["auto", "mean_squared_error"])
def test_several_classes_are_a_graph_too(loss: str) -> None:
    check_network({"dataset": {"name": "blobs", "classes": 3}, "features": ["x", "y", "x_squared"]}, "tanh", 2, loss)


def check_network(data: dict[str, Any], activation: str, target: int, loss: Any = "auto") -> None:
    layers = [{"units": 3, "activation": activation}, {"units": 2, "activation": activation}]
    spec = {"data": data, "network": {"layers": layers}, "training": {"loss": loss}}
    trainer = Trainer(ExperimentSpec.model_validate(spec), "float64")
    trainer.advance(20)
    inputs = [1.5, -0.7]

    text, values = expression_of(trainer, inputs, target)
    graph = parse(text)
    found = evaluate(graph, values)

    assert found.values[graph.result] == pytest.approx(trainer.objective([inputs], [target]), rel=1e-10)
    np.testing.assert_allclose(flat(trainer, graph, found), trainer.gradient([inputs], [target]), rtol=1e-9, atol=1e-15)


def flat(trainer: Trainer, graph: Graph, found: Evaluation) -> Any:
    gradient = np.zeros_like(trainer.parameters)
    for depth, layer in enumerate(trainer.network.layers, 1):
        matrix = layer.matrix(gradient)
        for unit in range(layer.units):
            for source in range(layer.inputs):
                matrix[source, unit] = found.gradients[graph.names[f"w{depth}_{source + 1}_{unit + 1}"]]
            matrix[-1, unit] = found.gradients[graph.names[f"b{depth}_{unit + 1}"]]
    return gradient


def test_an_activation_without_a_function_of_the_graph_is_named() -> None:
    spec = {"network": {"layers": [{"units": 2, "activation": "gelu"}]}}

    with pytest.raises(ValueError, match="gelu"):
        expression_of(Trainer(ExperimentSpec.model_validate(spec)), [1, 2], 0)
