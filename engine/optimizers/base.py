"""What an optimizer is: a rule that moves a flat vector of parameters, given its gradient."""

from __future__ import annotations

from typing import Any, ClassVar

from numpy.typing import NDArray

from engine.registry import Component, setting, text

Array = NDArray[Any]


class Optimizer(Component):
    """An elementwise update rule.

    `slots` counts the vectors of running state it keeps; they start at zero. Since the rule is elementwise it may be
    called on blocks of the vector, each of which stays in the processor's cache, and on several networks at once.
    `is_timed` marks a rule in which the number of the update plays a part.
    """

    kind = "optimizer"
    slots: ClassVar[int] = 0
    is_timed: ClassVar[bool] = False

    learning_rate: float

    def factors(self, rate: Any, update: int) -> Any:
        """Return what `update` takes as `rate` for update number `update`, the first being 1.

        `rate` is the learning rate of this update, a number or, for several networks, an array of shape (members, 1).
        Most rules take it as it is; others take numbers made of it, along a first axis if there are several.
        """
        return rate

    @property
    def slot_scales(self) -> tuple[float, ...]:
        """What each slot must be multiplied by to be the quantity of the formula, where it holds a part of it."""
        return (1.0,) * self.slots

    def update(self, parameters: Array, gradient: Array, slots: Array, scratch: Array, rate: Array) -> None:
        """Move `parameters` in place; `gradient` and `scratch` may be written over.

        `slots` has the shape (slots, n), everything else but `rate` (n,); or (slots, members, n) and (members, n).
        `rate` is what `factors` returned, as an array of the parameters' precision: for a single network and a rule
        that needs one number, an array without dimensions. That spares an update of a small network a conversion,
        which would take as long as a call.
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


def decay(default: float, symbol: str, help_en: str, help_it: str) -> Any:
    """Return the field of a running mean's decay, from 0 to below 1."""
    return setting(
        default,
        ge=0,
        lt=1,
        step=0.001,
        label=text(f"Decay {symbol}", f"Decadimento {symbol}"),
        help=text(help_en, help_it),
    )


def epsilon(default: float = 1e-7) -> Any:
    """Return the field of the ε in a denominator."""
    return setting(
        default,
        gt=0,
        le=1,
        scale="log",
        label=text("Epsilon ε", "Epsilon ε"),
        help=text("Keeps the division away from zero.", "Evita la divisione per zero."),
    )
