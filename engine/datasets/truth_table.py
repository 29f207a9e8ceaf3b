"""The truth table of a logical gate."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from numpy.random import Generator

from engine.datasets.base import BuiltInDataset, Examples
from engine.registry import setting, text

_TRUE = 3.0


class TruthTable(BuiltInDataset):
    """Four points: false and false, false and true, true and false, true and true; false is -3 and true 3."""

    name = "truth_table"
    label = text("Gates", "Porte")
    help = text(
        "The four cases of a logical gate, all of them to learn from.",
        "I quattro casi di una porta logica, tutti per imparare.",
    )
    classes: ClassVar[int] = 2
    samples: ClassVar[int] = 4
    is_whole = True
    gate: Literal["and", "or", "xor"] = setting(
        "and",
        label=text("Gate", "Porta"),
        help=text(
            "When it is true: with both inputs, with at least one, or with exactly one.",
            "Quando è vera: con entrambi gli ingressi, con almeno uno, o con esattamente uno.",
        ),
        choices={"and": text("AND", "AND"), "or": text("OR", "OR"), "xor": text("XOR", "XOR")},
    )

    def examples(self, random: Generator) -> Examples:
        bits = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
        gate = {"and": np.logical_and, "or": np.logical_or, "xor": np.logical_xor}[self.gate]
        return Examples(np.where(bits == 1, _TRUE, -_TRUE), gate(*bits.T).astype(np.int64))
