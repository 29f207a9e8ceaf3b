"""The engine's initializers under Keras's names and with its defaults."""

from __future__ import annotations

from typing import Any, ClassVar

from numpy.typing import NDArray

from engine import initializers as engine_initializers
from engine.keras.absent import made, missing_from, only_known, unknown_name
from engine.keras.state import generator

Array = NDArray[Any]


class Initializer:
    """Draws initial weights; with a seed, the same ones at every call, as in Keras."""

    component: engine_initializers.Initializer
    seed: int | None = None

    def weights(self, inputs: int, outputs: int) -> Array:
        """Return float64 weights of shape (inputs, outputs)."""
        return self.component.weights(inputs, outputs, generator(self.seed))

    def biases(self, outputs: int) -> Array:
        """Return float64 biases of shape (outputs,). Raises ValueError for weights that depend on a layer's inputs."""
        if isinstance(self.component, engine_initializers.VarianceScaling):
            raise ValueError(
                f"bias_initializer {type(self).__name__} is not there: take Zeros, Constant or RandomNormal"
            )
        biases: Array = self.weights(1, outputs)[0]
        return biases


class _VarianceScaling(Initializer):
    kind: ClassVar[type[engine_initializers.Initializer]]

    @only_known
    def __init__(self, seed: int | None = None) -> None:
        self.component = self.kind()
        self.seed = seed


class GlorotUniform(_VarianceScaling):
    kind = engine_initializers.GlorotUniform


class GlorotNormal(_VarianceScaling):
    kind = engine_initializers.GlorotNormal


class HeUniform(_VarianceScaling):
    kind = engine_initializers.HeUniform


class HeNormal(_VarianceScaling):
    kind = engine_initializers.HeNormal


class LecunUniform(_VarianceScaling):
    kind = engine_initializers.LecunUniform


class LecunNormal(_VarianceScaling):
    kind = engine_initializers.LecunNormal


class RandomUniform(Initializer):
    @only_known
    def __init__(self, minval: float = -0.05, maxval: float = 0.05, seed: int | None = None) -> None:
        if minval != -maxval:
            raise ValueError(f"RandomUniform: minval is {minval} and maxval {maxval}; the range must lie around 0")
        self.component = made("RandomUniform", engine_initializers.Uniform, limit=float(maxval))
        self.seed = seed


class RandomNormal(Initializer):
    @only_known
    def __init__(self, mean: float = 0.0, stddev: float = 0.05, seed: int | None = None) -> None:
        if mean != 0:
            raise ValueError(f"RandomNormal: mean is {mean}; weights are drawn around 0 only")
        self.component = made("RandomNormal", engine_initializers.Normal, stddev=float(stddev))
        self.seed = seed


class Constant(Initializer):
    @only_known
    def __init__(self, value: float = 0.0) -> None:
        self.component = made("Constant", engine_initializers.Constant, value=float(value))


class Zeros(Initializer):
    @only_known
    def __init__(self) -> None:
        self.component = engine_initializers.Zeros()


class Ones(Initializer):
    @only_known
    def __init__(self) -> None:
        self.component = engine_initializers.Constant(value=1.0)


_BY_NAME: dict[str, type[Initializer]] = {
    "glorot_uniform": GlorotUniform,
    "glorot_normal": GlorotNormal,
    "he_uniform": HeUniform,
    "he_normal": HeNormal,
    "lecun_uniform": LecunUniform,
    "lecun_normal": LecunNormal,
    "random_uniform": RandomUniform,
    "uniform": RandomUniform,
    "random_normal": RandomNormal,
    "normal": RandomNormal,
    "constant": Constant,
    "zeros": Zeros,
    "ones": Ones,
}

__all__ = ["Initializer", "get", *sorted({kind.__name__ for kind in _BY_NAME.values()})]


def get(identifier: Any) -> Initializer:
    """Return the initializer that a name, a class or an object means. Raises ValueError."""
    if isinstance(identifier, Initializer):
        return identifier
    known = {**_BY_NAME, **{kind.__name__: kind for kind in _BY_NAME.values()}}
    if isinstance(identifier, type) and identifier in known.values():
        kind: type[Initializer] = identifier
        return kind()
    if isinstance(identifier, str) and identifier in known:
        return known[identifier]()
    raise unknown_name("initializer", identifier, _BY_NAME)


__getattr__ = missing_from(__name__, __all__, {"TruncatedNormal": "take RandomNormal, or HeNormal, which is truncated"})
