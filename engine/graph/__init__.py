"""Scalar expressions such as `f = (x + y) * z` as graphs: their values, local derivatives, and the chain rule's steps.

Nothing is ever run as a program: a parser of its own knows numbers, names, six signs and the functions of
`operations.py`, and nothing else.
"""

from engine.graph.evaluation import BackwardStep, Edge, Evaluation, evaluate
from engine.graph.networks import expression_of
from engine.graph.operations import CONSTANTS, FUNCTIONS, OPERATIONS
from engine.graph.parser import MOST_DEPTH, MOST_LETTERS, MOST_NODES, Graph, GraphError, Node, parse

__all__ = [
    "CONSTANTS",
    "FUNCTIONS",
    "MOST_DEPTH",
    "MOST_LETTERS",
    "MOST_NODES",
    "OPERATIONS",
    "BackwardStep",
    "Edge",
    "Evaluation",
    "Graph",
    "GraphError",
    "Node",
    "evaluate",
    "expression_of",
    "parse",
]
