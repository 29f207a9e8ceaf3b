"""TensorFlow Playground's links: the fragment of its address holds the whole state as ``key=value&…``.

The keys, their types, defaults and what becomes of a value that is none are those of its ``state.ts``; what they mean
follows ``playground.ts``, ``nn.ts`` and ``dataset.ts``. Such an experiment has an output of tanh (linear for numbers),
half the squared error, weights drawn from ±0.5, and batches of plain gradient descent.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from app.errors import Problem
from app.importers.imported import Imported, Note, View
from app.limits import check_limits
from engine import ExperimentSpec
from engine.spec import MAX_SEED, TrainingSpec

_MOST_LETTERS = 8_000
# What a person can still read in a note.
_MOST_VALUE_LETTERS = 60

# How many points it makes for each of its two problems.
_SAMPLES = {"classification": 500, "regression": 1200}
_MOST_NOISE = 80
_NOISE_BEYOND = 50
_DEFAULT_SHAPE = (4, 2)
_DEFAULT_BATCH = 10

# Its names and ours.
_ACTIVATIONS = {"relu": "relu", "tanh": "tanh", "sigmoid": "sigmoid", "linear": "linear"}
_REGULARIZATIONS = {"none": "none", "L1": "l1", "L2": "l2"}
_DATASETS = {"circle": "circle", "xor": "xor", "gauss": "gauss", "spiral": "spiral"}
_REG_DATASETS = {"reg-plane": "plane", "reg-gauss": "multi_gauss"}
_PROBLEMS = {"classification": "classification", "regression": "regression"}
# In the order in which it feeds them to the network.
_FEATURES = {
    "x": "x",
    "y": "y",
    "xSquared": "x_squared",
    "ySquared": "y_squared",
    "xTimesY": "x_times_y",
    "sinX": "sin_x",
    "sinY": "sin_y",
}
# In its state, but not among its features: they change nothing there either.
_UNUSED_FEATURES = ("cosX", "cosY")
_HIDE = "_hide"
# The controls that it can hide, and the parts of our page with the same controls.
_PARTS = {
    "showTestData": "others",
    "discretize": "discretise",
    "playButton": "play",
    "stepButton": "step",
    "resetButton": "reset",
    "learningRate": "rate",
    "activation": "activation",
    "regularization": "regularizer",
    "regularizationRate": "regularizer-rate",
    "problem": "task",
    "dataset": "data",
    "percTrainData": "split",
    "noise": "noise",
    "batchSize": "batch",
    "numHiddenLayers": "layers",
    **{key: f"feature-{name}" for key, name in _FEATURES.items()},
}
# What it takes as its title and its article, which it hides together.
_TEXT_PARTS = ("header", "help")

# Every key of its state, but for those with which controls are hidden.
STATE_KEYS = (
    "activation",
    "regularization",
    "batchSize",
    "dataset",
    "regDataset",
    "learningRate",
    "regularizationRate",
    "noise",
    "networkShape",
    "seed",
    "showTestData",
    "discretize",
    "percTrainData",
    "x",
    "y",
    "xTimesY",
    "xSquared",
    "ySquared",
    "cosX",
    "sinX",
    "cosY",
    "sinY",
    "collectStats",
    "tutorial",
    "problem",
    "initZero",
    "hideText",
)
HIDE_KEYS = tuple(f"{control}{_HIDE}" for control in _PARTS)


def read_fragment(text: str, limits: Mapping[str, int]) -> Imported:
    """Return the experiment that a link to TensorFlow Playground, or its fragment, describes; Problem 422 if too long.

    Unknown keys and values are noted, and what it would make of them is taken.
    """
    if len(text) > _MOST_LETTERS:
        message = f"text has {len(text)} characters; a link of TensorFlow Playground has at most {_MOST_LETTERS}."
        raise Problem.field("text", "too_long", message, f"{len(text)} characters", _MOST_LETTERS)
    return _Fragment(_pairs(text), limits).imported()


def _pairs(text: str) -> dict[str, str]:
    """Return what the fragment says, the last of equal keys: split as it does, without decoding."""
    fragment = text.strip().partition("#")[2] if "#" in text else text.strip()
    pairs: dict[str, str] = {}
    for pair in fragment.split("&"):
        if pair:
            name, _, rest = pair.partition("=")
            pairs[name] = rest.split("=")[0]
    return pairs


class _Fragment:
    """One link while it is read; what can't be taken is collected in `notes`."""

    def __init__(self, pairs: Mapping[str, str], limits: Mapping[str, int]) -> None:
        self._pairs = pairs
        self._limits = limits
        self._notes: list[Note] = []

    def imported(self) -> Imported:
        problem = self._choice("problem", _PROBLEMS, "classification")
        document = {
            "data": self._data(problem),
            "network": self._network(problem),
            "training": self._training(),
        }
        view = self._view()
        self._note_rest()
        self._note_differences()
        return Imported(self._within_limits(document), self._notes, view)

    def _data(self, problem: str) -> dict[str, Any]:
        if problem == "classification":
            dataset = self._choice("dataset", _DATASETS, "circle")
        else:
            dataset = self._choice("regDataset", _REG_DATASETS, "plane")
        noise = self._number("noise", 0.0)
        if not 0 <= noise <= _MOST_NOISE:
            # As it does itself.
            taken = 0 if noise < 0 else _NOISE_BEYOND
            self._adjust("noise", f"noise is 0 to {_MOST_NOISE}; {taken} is taken, as there", taken)
            noise = taken
        percent = self._number("percTrainData", 50.0)
        # It would train on nothing, or on what there is.
        if not 1 <= percent <= 100:
            self._adjust("percTrainData", "the share of training data is 1 to 100 percent", min(100, max(1, percent)))
            percent = min(100, max(1, percent))
        samples = min(_SAMPLES[problem], self._limits["samples"])
        train = math.floor(samples * percent / 100) / samples
        return {
            "dataset": {"name": dataset, "samples": samples, "noise": round(noise / 100, 6)},
            "split": {"train": train, "validation": 0.0, "test": round(1 - train, 9)},
            "features": self._features(),
            "seed": self._seed,
        }

    def _features(self) -> list[str]:
        chosen = []
        for key, name in _FEATURES.items():
            if not self._truth(key, key in ("x", "y")):
                continue
            if self._pairs.get(key + _HIDE) == "true":
                self._note(key + _HIDE, "hidden_feature", f"{key} is hidden and so not fed to the network, as there")
                continue
            chosen.append(name)
        for key in _UNUSED_FEATURES:
            if self._truth(key, False):
                self._note(key, "no_such_feature", f"{key} is in its links, but is no feature there nor here")
        if chosen:
            return chosen
        self._note("x", "no_features", "no feature is chosen, and a network needs inputs; x and y are taken", to="x, y")
        return ["x", "y"]

    @cached_property
    def _seed(self) -> int:
        text = self._pairs.get("seed", "").strip()
        if not text:
            return TrainingSpec().seed
        digits = text.removeprefix("0.")
        # What it makes itself looks like 0.12345; other texts get a number of their own.
        seed = int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 9 else zlib.crc32(text.encode())
        seed &= MAX_SEED
        self._note(
            "seed", "other_numbers", "numbers are drawn in another way here: the points and weights differ", seed
        )
        return seed

    def _network(self, problem: str) -> dict[str, Any]:
        activation = self._choice("activation", _ACTIVATIONS, "tanh")
        if self._truth("initZero", False):
            initializer: Any = "zeros"
        else:
            initializer = {"name": "uniform", "limit": 0.5}
            self._notes.append(
                Note("network.initializer", "biases_at_zero", "biases start at 0.1 there, and at 0 here", 0.1, 0)
            )
        return {
            "layers": [{"units": units, "activation": activation} for units in self._shape()],
            "initializer": initializer,
            "output_activation": "tanh" if problem == "classification" else "linear",
            "seed": self._seed,
        }

    def _shape(self) -> list[int]:
        if "networkShape" not in self._pairs:
            return list(_DEFAULT_SHAPE)
        text = self._pairs["networkShape"].strip()
        most_layers, most_units = self._limits["layers"], self._limits["units"]
        shape: list[int] = []
        words = text.split(",") if text else []
        for word in words[:most_layers]:
            units = _javascript_number(word)
            if not math.isfinite(units) or units < 1:
                self._note("networkShape", "not_a_number", f"a layer of {_short(word)!r} units is left out", value=word)
                continue
            taken = int(min(units, most_units))
            if taken != units:
                self._note("networkShape", "adjusted", f"a layer has 1 to {most_units} units", taken, value=word)
            shape.append(taken)
        if len(words) > most_layers:
            message = f"there may be {most_layers} hidden layers here; the rest is left out"
            self._note("networkShape", "adjusted", message, most_layers, value=len(words))
        return shape

    def _training(self) -> dict[str, Any]:
        rate = self._number("learningRate", 0.03)
        if not 0 < rate <= 100:
            self._adjust("learningRate", "the learning rate is more than 0 and at most 100", 0.03)
            rate = 0.03
        batch = self._number("batchSize", float(_DEFAULT_BATCH))
        if batch < 1 or batch != int(batch) or batch > 65_536:
            taken = _DEFAULT_BATCH if batch < 1 else int(min(batch, 65_536))
            self._adjust("batchSize", "a batch has 1 to 65536 whole examples", taken)
            batch = taken
        return {
            "optimizer": {"name": "sgd", "learning_rate": rate},
            # Half the square, as there: so learning rate and losses mean the same.
            "loss": {"name": "mean_squared_error", "coefficient": 0.5},
            "batch_size": int(batch),
            "regularizer": self._regularizer(),
            "seed": self._seed,
        }

    def _regularizer(self) -> dict[str, Any]:
        name = self._choice("regularization", _REGULARIZATIONS, "none")
        rate = self._number("regularizationRate", 0.0)
        # Its L2 is half the square, as its loss is; ours is the square.
        most = 20 if name == "l2" else 10
        if not 0 <= rate <= most:
            taken = 0 if rate < 0 else most
            self._adjust("regularizationRate", f"the rate is 0 to {most}", taken)
            rate = taken
        if name == "none":
            if rate:
                self._note("regularizationRate", "without_effect", "without a regularisation the rate has no effect")
            return {"name": "none"}
        if rate and name == "l2":
            message = f"L2 is half the square there and the square here: {rate:g} there is {rate / 2:g} here"
            self._note("regularizationRate", "rate_halved", message, rate / 2)
            rate /= 2
        if rate and name == "l1":
            self._note("regularization", "no_dead_weights", "a weight that L1 has brought to 0 stays there; not here")
        return {"name": name, "rate": rate}

    def _view(self) -> View:
        hidden = [part for control, part in _PARTS.items() if self._pairs.get(control + _HIDE) == "true"]
        if self._truth("hideText", False):
            hidden += _TEXT_PARTS
        return View(tuple(hidden), self._truth("showTestData", False), self._truth("discretize", False))

    def _note_rest(self) -> None:
        """Note what has no counterpart here, and what is no key of its at all."""
        if self._truth("collectStats", False):
            self._note("collectStats", "no_counterpart", "nothing is collected here")
        if self._pairs.get("tutorial", "").strip():
            self._note("tutorial", "no_counterpart", "its tutorials are not here")
        for key, value in self._pairs.items():
            if key.endswith(_HIDE) and key not in HIDE_KEYS:
                if value == "true":
                    self._note(key, "nothing_to_hide", f"there is no control {_short(key[: -len(_HIDE)])!r} to hide")
            elif key not in STATE_KEYS and key not in HIDE_KEYS:
                self._note(key, "unknown_key", f"{_short(key)!r} is no key of TensorFlow Playground's links")

    def _note_differences(self) -> None:
        """Note what no key says and is different all the same."""
        self._notes.append(
            Note(
                "training.seed", "order_shuffled", "examples come in a new order each epoch; there, always in the same"
            )
        )

    def _within_limits(self, document: dict[str, Any]) -> ExperimentSpec:
        spec = ExperimentSpec.model_validate(document)
        try:
            check_limits(spec, self._limits)
        except Problem as problem:
            self._note("networkShape", "over_limit", f"{problem.detail} 4,2 is taken", "4,2")
            activation = document["network"]["layers"][0]["activation"]
            document["network"]["layers"] = [{"units": units, "activation": activation} for units in _DEFAULT_SHAPE]
            spec = ExperimentSpec.model_validate(document)
            check_limits(spec, self._limits)
        return spec

    # One value, as its `deserializeState` reads it.

    def _choice(self, key: str, names: Mapping[str, str], default: str) -> str:
        text = self._pairs.get(key, "")
        if not text.strip():
            return default
        if text not in names:
            self._note(key, "unknown_value", f"{_short(text)!r} is none of {', '.join(names)}", default)
        return names.get(text, default)

    def _number(self, key: str, default: float) -> float:
        text = self._pairs.get(key, "")
        if not text.strip():
            return default
        number = _javascript_number(text)
        if math.isfinite(number):
            return number
        self._note(key, "not_a_number", f"{_short(text)!r} is no number that can be used", default)
        return default

    def _truth(self, key: str, default: bool) -> bool:
        text = self._pairs.get(key, "")
        return text != "false" if text.strip() else default

    def _note(self, key: str, code: str, message: str, to: Any = None, value: Any = None) -> None:
        found = self._pairs.get(key) if value is None else value
        shown = _short(found) if isinstance(found, str) else found
        self._notes.append(Note(key, code, f"{_short(key)}: {message}.", shown, to))

    def _adjust(self, key: str, message: str, to: float) -> None:
        self._note(key, "adjusted", message, to)


def _short(text: str) -> str:
    return text if len(text) <= _MOST_VALUE_LETTERS else text[: _MOST_VALUE_LETTERS - 1] + "…"


def _javascript_number(text: str) -> float:
    """Return what JavaScript's unary plus makes of a text, as far as anybody writes numbers; NaN for none."""
    word = text.strip()
    # Python would take these for numbers.
    if not word.isascii() or "_" in word or word.lower().strip("+-") in ("nan", "inf", "infinity"):
        return math.nan
    try:
        return float(word)
    except ValueError:
        return math.nan
