"""Adam and its kin: momentum, with a step of its own size for each weight."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from engine.optimizers.base import Array, Optimizer, decay, epsilon, learning_rate
from engine.registry import setting, text


class Adam(Optimizer):
    """Kingma and Ba, Adam: a method for stochastic optimization, 2015; the formula and the defaults are Keras's.

    Keras follows the form at the end of the paper's section 2, in which the corrections for the zeros that m and v
    start from are part of the rate; ε there is another than in Algorithm 1 (and in PyTorch): ε sqrt(1 - β₂ᵗ).
    """

    name = "adam"
    label = text("Adam", "Adam")
    help = text(
        "Momentum and a step of its own size for each weight, together: a good first choice.",
        "Momento e un passo di grandezza propria per ogni peso, insieme: una buona prima scelta.",
    )
    formula = "m = β₁ m + (1 - β₁) g;  v = β₂ v + (1 - β₂) g²;  w = w - η sqrt(1 - β₂ᵗ) / (1 - β₁ᵗ) · m / (sqrt(v) + ε)"
    slots = 2
    is_timed = True
    learning_rate: float = learning_rate(0.001)
    beta_1: float = decay(
        0.9,
        "β₁",
        "How long past gradients are remembered.",
        "Per quanto tempo si ricordano i gradienti passati.",
    )
    beta_2: float = decay(
        0.999,
        "β₂",
        "How long the size of past gradients is remembered.",
        "Per quanto tempo si ricorda la grandezza dei gradienti passati.",
    )
    epsilon: float = epsilon()

    # The slots hold m / (1 - β₁) and v / (1 - β₂), which saves a pass each: m = β₁ m + g, v = β₂ v + g².
    # What they lack is made good in the factors, and in ε / sqrt(1 - β₂).

    @property
    def slot_scales(self) -> tuple[float, ...]:
        return 1.0 - self.beta_1, 1.0 - self.beta_2

    def factors(self, rate: Any, update: int) -> Any:
        correction = math.sqrt(1.0 - self.beta_2**update) / (1.0 - self.beta_1**update)
        return rate * (correction * (1.0 - self.beta_1) / math.sqrt(1.0 - self.beta_2))

    def update(self, parameters: Array, gradient: Array, slots: Array, scratch: Array, rate: Array) -> None:
        mean, squares = slots
        np.multiply(mean, self.beta_1, mean)
        np.add(mean, gradient, mean)
        np.multiply(squares, self.beta_2, squares)
        np.multiply(gradient, gradient, scratch)
        np.add(squares, scratch, squares)
        np.sqrt(squares, scratch)
        np.add(scratch, self.epsilon / math.sqrt(1.0 - self.beta_2), scratch)
        np.divide(mean, scratch, scratch)
        np.multiply(scratch, rate, scratch)
        np.subtract(parameters, scratch, parameters)


class AdamW(Adam):
    """Loshchilov and Hutter, Decoupled weight decay regularization, 2019; the formula and the defaults are Keras's.

    Biases shrink as well, as in Keras and PyTorch.
    """

    name = "adamw"
    label = text("AdamW", "AdamW")
    help = text(
        "Adam that also shrinks every weight a little at each step, by the same share for all.",
        "Adam che a ogni passo riduce anche un poco ogni peso, della stessa quota per tutti.",
    )
    formula = f"w = w - η λ w;  {Adam.formula}"
    weight_decay: float = setting(
        0.004,
        ge=0,
        le=1,
        scale="log",
        label=text("Weight decay λ", "Decadimento dei pesi λ"),
        help=text(
            "The share, times the learning rate, that each weight loses at each step.",
            "La quota, per il tasso di apprendimento, che ogni peso perde a ogni passo.",
        ),
    )

    def factors(self, rate: Any, update: int) -> Any:
        return super().factors(rate, update), 1.0 - rate * self.weight_decay

    def update(self, parameters: Array, gradient: Array, slots: Array, scratch: Array, rate: Array) -> None:
        np.multiply(parameters, rate[1], parameters)
        super().update(parameters, gradient, slots, scratch, rate[0])


# In Nadam's u_t = β₁ (1 - 0.96ᵗ / 2) the bracket is 1 in double precision from t = 1000 on; these are its products.
_NADAM_BRACKETS = np.cumprod(1.0 - 0.5 * 0.96 ** np.arange(1, 1001)).tolist()


class Nadam(Adam):
    """Dozat, Incorporating Nesterov momentum into Adam, 2016; the formula and the defaults are Keras's.

    PyTorch's brackets are 1 - 0.96^(0.004 t) / 2, as in Dozat's report, where Keras has 1 - 0.96ᵗ / 2.
    """

    name = "nadam"
    label = text("Nadam", "Nadam")
    help = text(
        "Adam with Nesterov's look ahead.",
        "Adam che guarda avanti come Nesterov.",
    )
    formula = (
        "m = β₁ m + (1 - β₁) g;  v = β₂ v + (1 - β₂) g²;  u_t = β₁ (1 - 0.96ᵗ / 2);  U_t = u_1 ⋯ u_t;  "
        "w = w - η (u_t₊₁ m / (1 - U_t₊₁) + (1 - u_t) g / (1 - U_t)) / (sqrt(v / (1 - β₂ᵗ)) + ε)"
    )

    def factors(self, rate: Any, update: int) -> Any:
        u, u_next = self._u(update), self._u(update + 1)
        product, product_next = self._product(update), self._product(update + 1)
        # sqrt(v / (1 - β₂ᵗ)) is the slot's root divided by c, so everything is multiplied by c.
        c = math.sqrt((1.0 - self.beta_2**update) / (1.0 - self.beta_2))
        of_mean = c * u_next * (1.0 - self.beta_1) / (1.0 - product_next)
        of_gradient = c * (1.0 - u) / (1.0 - product)
        return rate * of_mean, rate * of_gradient, rate * 0.0 + c * self.epsilon

    def _u(self, update: int) -> float:
        return self.beta_1 * (1.0 - 0.5 * 0.96**update)

    def _product(self, update: int) -> float:
        return float(self.beta_1**update * _NADAM_BRACKETS[min(update, len(_NADAM_BRACKETS)) - 1])

    def update(self, parameters: Array, gradient: Array, slots: Array, scratch: Array, rate: Array) -> None:
        of_mean, of_gradient, epsilon = rate
        mean, squares = slots
        np.multiply(mean, self.beta_1, mean)
        np.add(mean, gradient, mean)
        np.multiply(squares, self.beta_2, squares)
        np.multiply(gradient, gradient, scratch)
        np.add(squares, scratch, squares)
        np.sqrt(squares, scratch)
        np.add(scratch, epsilon, scratch)
        np.multiply(gradient, of_gradient, gradient)
        np.divide(gradient, scratch, gradient)
        np.subtract(parameters, gradient, parameters)
        np.divide(mean, scratch, scratch)
        np.multiply(scratch, of_mean, scratch)
        np.subtract(parameters, scratch, parameters)
