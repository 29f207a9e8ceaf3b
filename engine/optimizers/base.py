"""What an optimizer is: a rule that moves a flat vector of parameters, given its gradient."""

from __future__ import annotations

from typing import Any, ClassVar

from numpy.typing import NDArray

from engine.registry import Component, setting, text

Array = NDArray[Any]


class Optimizer(Component):
    """An elementwise update rule.

    `slots` counts the vectors of running state it keeps; they start at zero. Since the rule is elementwise it may be
    called on blocks of the vector, each of which stays in the processor's cache.
    """

    kind = "optimizer"
    slots: ClassVar[int] = 0

    learning_rate: float

    def update(self, parameters: Array, gradient: Array, slots: Array, scratch: Array, rate: Array) -> None:
        """Move `parameters` in place. `slots` has the shape (slots, n), everything else but `rate` (n,).

        `rate` is the learning rate as an array without dimensions, of the parameters' precision: that spares an update
        of a small network a conversion, which would take as long as a call.
        """
        raise NotImplementedError


def learning_rate(default: float) -> Any:
    """Return the field that every optimizer has, with its own default."""
    return setting(
        default,
        gt=0,
        le=100,
        scale="log",
        label=text("Learning rate", "Tasso di apprendimento"),
        help=text(
            "How far each update moves the weights against the gradient.",
            "Quanto ogni aggiornamento sposta i pesi contro il gradiente.",
        ),
    )
