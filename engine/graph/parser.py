"""From text to graph, by recursive descent.

    program    = statement { (";" | newline) statement }
    statement  = [ name "=" ] expression            only the last one may do without a name
    expression = term { ("+" | "-") term }
    term       = factor { ("*" | "/") factor }
    factor     = ("-" | "+") factor | power
    power      = atom [ ("^" | "**") factor ]       so that -x^2 is -(x^2), and x^y^z is x^(y^z)
    atom       = number | name | function "(" expression { "," expression } ")" | "(" expression ")"

The first use of a name that nothing was assigned to makes it a variable.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from engine.graph.operations import CONSTANTS, FUNCTIONS

MOST_LETTERS = 5_000
MOST_NODES = 1_000
MOST_DEPTH = 50
_MOST_LETTERS_OF_A_NAME = 32

_TOKEN = re.compile(
    r"(?P<space>[^\S\n]+)"
    r"|(?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<name>[^\W\d_]\w*)"
    r"|(?P<sign>\*\*|[-+*/^=(),;\n\u2212\u00d7\u00b7\u22c5\u00f7])"
)
# As they stand in books, and come along when somebody pastes.
_OTHER_SIGNS = {"**": "^", "\n": ";", "\u2212": "-", "\u00d7": "*", "\u00b7": "*", "\u22c5": "*", "\u00f7": "/"}
_OPERATION_OF_SIGN = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide", "^": "power"}


class GraphError(ValueError):
    """What is wrong with an expression, at which letter of it (from 0), and what could have stood there.

    `code` is one of: missing (there is nothing), too_long, too_deep, too_many_nodes, unknown_character, unexpected,
    unknown_function, wrong_count (of arguments), reserved_name, already_defined, not_finite (a number beyond all
    numbers), no_value (of a variable), unknown_variable (a value is given for it), undefined (there is no such real
    number). `expected` are signs, or the words value, name, operator, end; for a function the names there are.
    """

    def __init__(
        self,
        code: str,
        message: str,
        position: int,
        found: Any = None,
        expected: tuple[str, ...] = (),
        limit: Any = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.position = position
        self.found = found
        self.expected = expected
        self.limit = limit


class Node(NamedTuple):
    """A variable, a constant, or an operation on nodes that come before it.

    `name` is a variable's, or what was assigned to it first; `start` and `stop` tell which letters of the expression it
    stands for.
    """

    operation: str
    arguments: tuple[int, ...]
    name: str | None
    number: float | None
    start: int
    stop: int


class Graph(NamedTuple):
    """Nodes in an order in which they can be computed, which of them is the result, and what has a name."""

    text: str
    nodes: list[Node]
    result: int
    names: dict[str, int]

    @property
    def variables(self) -> dict[str, int]:
        """The variables' nodes by name, in the order of their first use."""
        return {node.name: index for index, node in enumerate(self.nodes) if node.operation == "variable" and node.name}


class _Token(NamedTuple):
    kind: str
    text: str
    position: int


class _Part(NamedTuple):
    """A node, and where its text begins and ends, brackets included."""

    node: int
    start: int
    stop: int


def parse(text: str) -> Graph:
    """Return the graph of an expression, or of several assignments, whose last is the result. Raises GraphError."""
    if len(text) > MOST_LETTERS:
        message = f"The expression has {len(text)} letters; at most {MOST_LETTERS}."
        raise GraphError("too_long", message, MOST_LETTERS, len(text), limit=MOST_LETTERS)
    return _Parser(text).program()


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(_tokens(text))
        self._next = 0
        self._depth = 0
        self._nodes: list[Node] = []
        self._names: dict[str, int] = {}

    def program(self) -> Graph:
        self._skip_separators()
        if self._token.kind == "end":
            raise GraphError("missing", "There is no expression.", 0, expected=("value",))
        while True:
            result, has_name = self._statement()
            found = self._token
            if found.kind != "end" and found.text != ";":
                expected = ("operator", ";", "end")
                raise self._unexpected(("=", *expected) if not has_name and self._is_single_name(result) else expected)
            self._skip_separators()
            if self._token.kind == "end":
                return Graph(self._text, self._nodes, result, self._names)
            if not has_name:
                raise GraphError(
                    "unexpected", "Only the last expression may do without a name.", found.position, "end", ("=",)
                )

    def _statement(self) -> tuple[int, bool]:
        """Return a statement's node and whether it was given a name."""
        name = self._token
        if name.kind != "name" or self._tokens[self._next + 1].text != "=":
            return self._expression().node, False
        self._check_name(name)
        if name.text in FUNCTIONS or name.text in CONSTANTS:
            raise GraphError("reserved_name", f"{name.text} has a meaning already.", name.position, name.text)
        self._next += 2
        node = self._expression().node
        if name.text in self._names:  # Looked up only now: x = x + 1 uses it before.
            raise GraphError("already_defined", f"{name.text} has a value already.", name.position, name.text)
        self._names[name.text] = node
        if self._nodes[node].name is None:
            self._nodes[node] = self._nodes[node]._replace(name=name.text)
        return node, True

    def _expression(self) -> _Part:
        return self._chain("+-", self._term)

    def _term(self) -> _Part:
        return self._chain("*/", self._factor)

    def _chain(self, signs: str, operand: Any) -> _Part:
        left: _Part = operand()
        while self._token.kind == "sign" and self._token.text in signs:
            operation = _OPERATION_OF_SIGN[self._take().text]
            right = operand()
            left = self._add(operation, left.start, right.stop, left, right)
        return left

    def _factor(self) -> _Part:
        self._depth += 1
        if self._depth > MOST_DEPTH:
            message = f"Brackets, signs and powers lie in one another more than {MOST_DEPTH} deep."
            raise GraphError("too_deep", message, self._token.position, limit=MOST_DEPTH)
        sign = self._token
        if sign.text == "-":
            self._take()
            if self._token.kind == "number" and self._tokens[self._next + 1].text != "^":
                part = self._number(sign.position, -1.0)
            else:
                operand = self._factor()
                part = self._add("negate", sign.position, operand.stop, operand)
        elif sign.text == "+":
            self._take()
            part = self._factor()
        else:
            part = self._power()
        self._depth -= 1
        return part

    def _power(self) -> _Part:
        base = self._atom()
        if self._token.text != "^":
            return base
        self._take()
        exponent = self._factor()
        return self._add("power", base.start, exponent.stop, base, exponent)

    def _atom(self) -> _Part:
        token = self._token
        if token.kind == "number":
            return self._number(token.position, 1.0)
        if token.kind == "name":
            return self._call() if self._tokens[self._next + 1].text == "(" else self._name()
        if token.text == "(":
            self._take()
            inside = self._expression()
            return _Part(inside.node, token.position, self._close(("operator", ")")))
        raise self._unexpected(("value",))

    def _number(self, start: int, factor: float) -> _Part:
        token = self._take()
        number = float(token.text)
        if not math.isfinite(number):
            raise GraphError("not_finite", f"{token.text[:20]} is too large a number.", token.position, token.text[:20])
        return self._node("constant", (), None, factor * number, start, token.position + len(token.text))

    def _name(self) -> _Part:
        token = self._take()
        self._check_name(token)
        stop = token.position + len(token.text)
        if token.text in FUNCTIONS:
            raise self._unexpected(("(",))
        if token.text in self._names:
            return _Part(self._names[token.text], token.position, stop)
        if token.text in CONSTANTS:
            return self._node("constant", (), token.text, CONSTANTS[token.text], token.position, stop)
        part = self._node("variable", (), token.text, None, token.position, stop)
        self._names[token.text] = part.node
        return part

    def _call(self) -> _Part:
        name = self._take()
        if name.text not in FUNCTIONS:
            message = f"There is no function {name.text[:_MOST_LETTERS_OF_A_NAME]}."
            raise GraphError("unknown_function", message, name.position, name.text, tuple(FUNCTIONS))
        operation = FUNCTIONS[name.text]
        self._take()
        arguments = [self._expression()]
        while self._token.text == ",":
            self._take()
            arguments.append(self._expression())
        due = len(operation.slopes)
        stop = self._close(("operator", ",", ")"))
        # max(x, y, z) is max(max(x, y), z).
        if len(arguments) < due or (due == 1 and len(arguments) > 1):
            message = f"{name.text} takes {'at least two arguments' if due > 1 else 'one argument'}."
            raise GraphError("wrong_count", message, name.position, len(arguments), limit=due)
        part = arguments[0]
        if due == 1:
            return self._add(operation.name, name.position, stop, part)
        for argument in arguments[1:]:
            part = self._add(operation.name, name.position, stop, part, argument)
        return part

    def _close(self, expected: tuple[str, ...]) -> int:
        """Take a closing bracket and return where it ends."""
        if self._token.text != ")":
            raise self._unexpected(expected)
        return self._take().position + 1

    def _add(self, operation: str, start: int, stop: int, *arguments: _Part) -> _Part:
        return self._node(operation, tuple(argument.node for argument in arguments), None, None, start, stop)

    def _node(
        self, operation: str, arguments: tuple[int, ...], name: str | None, number: float | None, start: int, stop: int
    ) -> _Part:
        if len(self._nodes) == MOST_NODES:
            message = f"The graph would have more than {MOST_NODES} nodes."
            raise GraphError("too_many_nodes", message, start, limit=MOST_NODES)
        self._nodes.append(Node(operation, arguments, name, number, start, stop))
        return _Part(len(self._nodes) - 1, start, stop)

    @property
    def _token(self) -> _Token:
        return self._tokens[self._next]

    def _take(self) -> _Token:
        self._next += 1
        return self._tokens[self._next - 1]

    def _skip_separators(self) -> None:
        while self._token.text == ";":
            self._take()

    def _is_single_name(self, node: int) -> bool:
        return self._nodes[node].operation == "variable" and self._tokens[self._next - 1].kind == "name"

    def _check_name(self, token: _Token) -> None:
        if len(token.text) > _MOST_LETTERS_OF_A_NAME:
            message = f"A name has at most {_MOST_LETTERS_OF_A_NAME} letters."
            raise GraphError("too_long", message, token.position, len(token.text), limit=_MOST_LETTERS_OF_A_NAME)

    def _unexpected(self, expected: tuple[str, ...]) -> GraphError:
        token = self._token
        found = "end" if token.kind == "end" else token.text
        message = f"{found[:20]!r} cannot stand here; one of these can: {' '.join(expected)}"
        return GraphError("unexpected", message, token.position, found, expected)


def _tokens(text: str) -> Iterator[_Token]:
    """Yield the tokens, and at last twice an end, so that one can always look a token further."""
    position, brackets = 0, 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            message = f"{text[position]!r} means nothing here."
            raise GraphError("unknown_character", message, position, text[position])
        kind = str(match.lastgroup)
        sign = _OTHER_SIGNS.get(match[0], match[0])
        brackets += (sign == "(") - (sign == ")")
        # Within brackets an expression may go on in the next line.
        if kind != "space" and not (match[0] == "\n" and brackets > 0):
            yield _Token(kind, sign if kind == "sign" else match[0], position)
        position = match.end()
    yield _Token("end", "", len(text))
    yield _Token("end", "", len(text))
