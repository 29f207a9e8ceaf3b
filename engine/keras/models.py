"""Sequential: Keras's way to make, train and ask a network, over the engine's own."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.feed import Feed, Rows, UnshuffledFeed, extend
from engine.keras import losses, metrics, optimizers
from engine.keras.absent import missing_from, missing_sentence, only_known
from engine.keras.assembly import Assembly
from engine.keras.callbacks import Callback, History, Hooks
from engine.keras.layers import InputLayer, Layer, Shape, check_count
from engine.keras.progress import ProgressLine, say
from engine.keras.state import generator, unique_name
from engine.keras.summary import summary
from engine.keras.training import Training
from engine.network import ForwardPass, Network

Array = NDArray[Any]
Verbose = Literal["auto", 0, 1, 2]

_USUAL_BATCH = 32

# What Keras's models can do beside, and what comes nearest.
_INSTEAD = {
    "save": "keep get_weights() with numpy.savez(file, *model.get_weights()), and set_weights() later",
    "save_weights": "keep get_weights() with numpy.savez(file, *model.get_weights())",
    "load_weights": "give the arrays of numpy.load(file) to set_weights()",
    "export": "keep get_weights() with numpy.savez(file, *model.get_weights())",
    "weights": "take get_weights(), or kernel and bias of each of the layers",
    "trainable_weights": "take get_weights(), or kernel and bias of each of the layers",
    "variables": "take get_weights()",
    "to_json": "summary() tells the layers",
    "get_config": "summary() tells the layers",
}


class Sequential:
    """A network of layers, each fed by the one before.

    Inputs have the shape (n, …), where … is the shape of an example, and outputs (n, units of the last layer).
    """

    @only_known
    def __init__(self, layers: Iterable[Layer] | None = None, name: str | None = None) -> None:
        self.name = name or unique_name(type(self))
        self.layers_and_input: list[Layer] = []
        self.stop_training = False
        self.history: History | None = None
        self.optimizer: Any = None  # An Optimizer, once the model is compiled.
        self._loss: losses.Loss | None = None
        self._chosen_metrics: list[Any] = []
        self._assembly = Assembly()
        self._network: Network | None = None
        self._training: Training | None = None
        for layer in layers or ():
            self.add(layer)

    # Layers

    @property
    def layers(self) -> list[Layer]:
        """The layers, without what only says the shape of an example."""
        return [layer for layer in self.layers_and_input if not isinstance(layer, InputLayer)]

    def add(self, layer: Layer) -> None:
        """Put a layer behind the others. Raises ValueError where the engine has nothing of the kind."""
        if not isinstance(layer, Layer):
            raise TypeError(f"{layer!r:.80} is no layer of engine.keras.layers")
        if layer.model is not None:
            raise ValueError(f"{layer.name} belongs to {layer.model.name} already; make another one for {self.name}")
        layers = [*self.layers_and_input, layer]
        assembly = Assembly.of(layers)
        before = self.layers_and_input[-1].output_shape if self.built else None
        shape = before if self.layers_and_input else layer.given_shape
        if shape is not None:
            layer.build(shape)
        layer.model = self
        self._change(layers, assembly)

    def pop(self) -> None:
        """Take the last layer away."""
        if not self.layers_and_input:
            raise ValueError(f"{self.name} has no layer to take away")
        *layers, last = self.layers_and_input
        last.model = None
        self._change(layers, Assembly.of(layers))

    def build(self, input_shape: Sequence[int | None]) -> None:
        """Draw the initial weights for inputs of the shape (None, …), or for examples of the shape (…)."""
        shape = tuple(size for size in input_shape if size is not None)
        for layer in self.layers_and_input:
            if layer.input_shape is None:
                layer.build(shape)
            assert layer.output_shape is not None
            shape = layer.output_shape

    @property
    def built(self) -> bool:
        """Whether the initial weights have been drawn."""
        return bool(self.layers_and_input) and self.layers_and_input[-1].input_shape is not None

    @property
    def input_shape(self) -> tuple[int | None, ...] | None:
        """(None, …), where … is the shape of an example; None as long as that is not known."""
        first = self.layers_and_input[0].input_shape if self.layers_and_input else None
        return None if first is None else (None, *first)

    @property
    def output_shape(self) -> tuple[int | None, ...] | None:
        """(None, units of the last layer); None as long as that is not known."""
        last = self.layers_and_input[-1] if self.built else None
        return None if last is None or last.output_shape is None else (None, *last.output_shape)

    def get_layer(self, name: str | None = None, index: int | None = None) -> Layer:
        """Return a layer by its name or its place. Raises ValueError where there is none."""
        found = [layer for place, layer in enumerate(self.layers) if layer.name == name or place == index]
        if not found:
            raise ValueError(f"{self.name} has no such layer; it has {', '.join(layer.name for layer in self.layers)}")
        return found[0]

    def count_params(self) -> int:
        """Return how many weights and biases there are in all."""
        return sum(layer.count_params() for layer in self.layers)

    def get_weights(self) -> list[Array]:
        """Return copies of all weights and biases, layer by layer."""
        return [array for layer in self.layers for array in layer.get_weights()]

    def set_weights(self, weights: Sequence[Any]) -> None:
        """Set what `get_weights` returns. Raises ValueError for other shapes."""
        left = list(weights)
        counts = [len(layer.get_weights()) for layer in self.layers]
        if sum(counts) != len(left):
            raise ValueError(f"{self.name} takes {sum(counts)} arrays, and was given {len(left)}")
        for layer, count in zip(self.layers, counts, strict=True):
            layer.set_weights(left[:count])
            left = left[count:]

    @only_known
    def summary(self, print_fn: Callable[[str], object] | None = None) -> None:
        """Print the layers, the shapes of their outputs and their numbers of parameters."""
        table = summary(self.name, self.layers_and_input)
        if print_fn is None:
            say(f"{table}\n")
        else:
            print_fn(table)

    def _change(self, layers: list[Layer], assembly: Assembly) -> None:
        self.layers_and_input, self._assembly = layers, assembly
        self._network, self._training = None, None

    # Training

    @only_known
    def compile(
        self,
        optimizer: Any = "rmsprop",
        loss: Any = None,
        metrics: Any = None,
        jit_compile: Any = None,
        run_eagerly: Any = None,
        steps_per_execution: Any = None,
        auto_scale_loss: Any = None,
    ) -> None:
        """Choose how the network learns; the last four say how Keras computes, and mean nothing here."""
        self.optimizer = optimizers.get(optimizer)
        self._loss = None if loss is None else losses.get(loss)
        chosen = metrics if isinstance(metrics, list | tuple) else [metrics] if metrics is not None else []
        for each in chosen:
            _metric(each, 1)  # What is wrong is said here already.
        self._chosen_metrics = list(chosen)
        self._training = None

    @property
    def loss(self) -> losses.Loss | None:
        """What the network is trained to lower, once the model is compiled."""
        return self._loss

    @property
    def metrics(self) -> list[metrics.Metric]:
        """The metrics that are gathered, once the model has been trained or evaluated."""
        return list(self._training.metrics) if self._training else []

    @property
    def metrics_names(self) -> list[str]:
        """The names of what `evaluate` returns."""
        return ["loss", *(metric.name for metric in self.metrics)]

    @only_known
    def fit(
        self,
        x: ArrayLike,
        y: ArrayLike,
        batch_size: int | None = None,
        epochs: int = 1,
        verbose: Verbose = "auto",
        callbacks: Any = None,
        validation_split: float = 0.0,
        validation_data: tuple[ArrayLike, ArrayLike] | None = None,
        shuffle: bool = True,
        initial_epoch: int = 0,
        validation_batch_size: int | None = None,
        validation_freq: int = 1,
    ) -> History:
        """Train for so many epochs and return the figures of each.

        With `validation_split`, that share of the examples, the last ones as they are given, is not learnt from.
        """
        inputs, targets = self._examples(x, y)
        validation = None if validation_data is None else self._examples(*_pair(validation_data))
        if validation is None and validation_split:
            (inputs, targets), validation = _split((inputs, targets), validation_split)
        training, network = self._trained(), self._net()
        kind = Feed if shuffle else UnshuffledFeed
        feed = kind(Rows(inputs, 1.0, network.dtype), targets, _batch(batch_size), generator())
        steps = feed.batches_left

        verbosity = _verbosity(verbose)
        history = History()
        hooks = Hooks([*_list(callbacks), history], self, {"verbose": verbose, "epochs": epochs, "steps": steps})
        self.stop_training = False
        hooks.call("on_train_begin", {})
        logs: dict[str, Any] = {}
        for epoch in range(initial_epoch, epochs):
            if verbosity:
                say(f"Epoch {epoch + 1}/{epochs}\n")
            line = ProgressLine(steps, verbosity)
            hooks.call("on_epoch_begin", epoch, {})
            done = self._train_epoch(training, feed, hooks, line)
            logs = _sorted(training.figures())
            if validation is not None and (epoch + 1 - initial_epoch) % validation_freq == 0:
                size = _batch(validation_batch_size or batch_size)
                figures = self._evaluate(training, validation, size, hooks, None)
                logs |= {f"val_{name}": value for name, value in _sorted(figures).items()}
            hooks.call("on_epoch_end", epoch, logs)
            line.finish(logs, done)
            if self.stop_training:
                break
        hooks.call("on_train_end", logs)
        self.history = history
        return history

    def _train_epoch(self, training: Training, feed: Feed, hooks: Hooks, line: ProgressLine) -> int:
        """Make the updates of an epoch, or fewer if a callback ends it, and return how many."""
        begins = hooks.named("on_train_batch_begin", "on_batch_begin")
        ends = hooks.named("on_train_batch_end", "on_batch_end")
        training.begin()
        done = 0
        with np.errstate(all="ignore"):  # A run that diverges is a result; its loss says so.
            for x, t in _epoch(feed):
                for begin in begins:
                    begin(done, {})
                training.update(x, t)
                if ends:
                    logs = _sorted(training.figures())
                    for end in ends:
                        end(done, logs)
                done += 1
                if line.is_due:
                    line.show(done, _sorted(training.figures()))
                if self.stop_training:
                    break
        return done

    @only_known
    def evaluate(
        self,
        x: ArrayLike,
        y: ArrayLike,
        batch_size: int | None = None,
        verbose: Verbose = "auto",
        callbacks: Any = None,
        return_dict: bool = False,
    ) -> Any:
        """Return the loss, or a list of the loss and the metrics, or with `return_dict` all of them by their names."""
        examples = self._examples(x, y)
        training = self._trained()
        size = _batch(batch_size)
        hooks = Hooks(_list(callbacks), self, {"verbose": verbose, "steps": _steps(len(examples[1]), size)})
        line = ProgressLine(_steps(len(examples[1]), size), _verbosity(verbose))
        figures = self._evaluate(training, examples, size, hooks, line)
        return _answer(figures, return_dict)

    def _evaluate(
        self, training: Training, examples: tuple[Array, Array], size: int, hooks: Hooks, line: ProgressLine | None
    ) -> dict[str, float]:
        begins, ends = hooks.named("on_test_batch_begin"), hooks.named("on_test_batch_end")
        inputs, targets = examples
        training.begin()
        hooks.call("on_test_begin", {})
        with np.errstate(all="ignore"):
            for step, start in enumerate(range(0, len(targets), size)):
                for begin in begins:
                    begin(step, {})
                cut = slice(start, start + size)
                training.evaluate(extend(inputs[cut], np.float32).T, targets[cut].T)
                for end in ends:
                    end(step, _sorted(training.figures()))
                if line is not None and line.is_due:
                    line.show(step + 1, _sorted(training.figures()))
        figures = training.figures()
        hooks.call("on_test_end", _sorted(figures))
        if line is not None:
            line.finish(_sorted(figures))
        return figures

    @only_known
    def predict(
        self, x: ArrayLike, batch_size: int | None = None, verbose: Verbose = "auto", callbacks: Any = None
    ) -> Array:
        """Return outputs, shape (n, outputs)."""
        inputs, size = self._inputs(x), _batch(batch_size)
        network = self._net()
        outputs: Array = np.empty((len(inputs), network.layers[-1].units), network.dtype)
        steps = _steps(len(inputs), size)
        hooks = Hooks(_list(callbacks), self, {"verbose": verbose, "steps": steps})
        line = ProgressLine(steps, _verbosity(verbose))
        begins, ends = hooks.named("on_predict_batch_begin"), hooks.named("on_predict_batch_end")
        forward = {each: ForwardPass(network, each) for each in {min(size, len(inputs)), len(inputs) % size} if each}
        hooks.call("on_predict_begin", {})
        with np.errstate(all="ignore"):
            for step, start in enumerate(range(0, len(inputs), size)):
                for begin in begins:
                    begin(step, {})
                rows = extend(inputs[start : start + size], network.dtype)
                outputs[start : start + size] = forward[len(rows)](rows.T).T
                for end in ends:
                    end(step, {"outputs": outputs[start : start + size]})
                if line.is_due:
                    line.show(step + 1, {})
        hooks.call("on_predict_end", {})
        line.finish({})
        return outputs

    def predict_on_batch(self, x: ArrayLike) -> Array:
        """Return outputs, shape (n, outputs), all at once."""
        return self(x)

    def __call__(self, x: ArrayLike, training: bool = False) -> Array:
        """Return outputs, shape (n, outputs), all at once. Raises ValueError for `training`, which only `fit` does."""
        if training:
            raise ValueError(f"{self.name} cannot be called as if it were training; fit() and train_on_batch() do that")
        inputs = self._inputs(x)
        return self.predict(inputs, batch_size=len(inputs), verbose=0)

    @only_known
    def train_on_batch(self, x: ArrayLike, y: ArrayLike, return_dict: bool = False) -> Any:
        """Make one update with all of these examples; return what `evaluate` does, as it was before the update."""
        return self._on_batch(x, y, return_dict, "update")

    @only_known
    def test_on_batch(self, x: ArrayLike, y: ArrayLike, return_dict: bool = False) -> Any:
        """Return what `evaluate` does, for one batch of all of these examples."""
        return self._on_batch(x, y, return_dict, "evaluate")

    def _on_batch(self, x: ArrayLike, y: ArrayLike, return_dict: bool, way: Literal["update", "evaluate"]) -> Any:
        inputs, targets = self._examples(x, y)
        training = self._trained()
        training.begin()
        with np.errstate(all="ignore"):
            getattr(training, way)(extend(inputs, np.float32).T, targets.T)
        return _answer(training.figures(), return_dict)

    # What is behind

    def _net(self) -> Network:
        """Return the engine's network, made when it is first needed."""
        if self._network is None:
            if not self.built:
                raise ValueError(f"{self.name} does not know its inputs yet: say the input_shape of the first layer")
            self._network = self._assembly.network()
        return self._network

    def _trained(self) -> Training:
        if self._loss is None:
            raise ValueError(f"{self.name} has no loss: call compile(optimizer=…, loss=…) before you fit or evaluate")
        if self._training is None:
            network = self._net()
            chosen = [_metric(each, network.layers[-1].units) for each in self._chosen_metrics]
            self._training = Training(self._assembly, network, self._loss, self.optimizer, chosen)
        return self._training

    def _examples(self, x: ArrayLike, y: ArrayLike) -> tuple[Array, Array]:
        """Return inputs, shape (n, inputs), and targets, shape (n, outputs), as the engine takes them."""
        inputs, truth = self._inputs(x), np.asarray(y)
        if self._loss is None:
            self._trained()  # Says what is missing.
        assert self._loss is not None
        if truth.ndim == 0 or len(truth) != len(inputs):
            raise ValueError(f"x has {len(inputs)} examples, and y the shape {truth.shape}; as many are due")
        if truth.dtype.kind not in "buif":
            raise ValueError(f"y holds {truth.dtype}; numbers are due")
        return inputs, self._loss.targets(truth, self._net().layers[-1].units)

    def _inputs(self, x: ArrayLike) -> Array:
        """Return inputs as rows, shape (n, inputs). A model that did not know the shape of its inputs does now."""
        inputs = np.asarray(x)
        if inputs.dtype.kind not in "buif":
            raise ValueError(f"x holds {inputs.dtype}; numbers are due")
        if inputs.ndim == 1:
            inputs = inputs[:, None]
        if inputs.ndim == 0 or len(inputs) == 0:
            raise ValueError("x has no examples")
        if not self.built:
            if not self.layers_and_input:
                raise ValueError(f"{self.name} has no layers: add() some")
            self.build((None, *inputs.shape[1:]))
        due: Shape | None = self.layers_and_input[0].input_shape
        if inputs.shape[1:] != due:
            remedy = ""
            if due is not None and math.prod(inputs.shape[1:]) == math.prod(due):
                remedy = f"; reshape them with x.reshape({(len(inputs), *due)}), or begin with layers.Flatten()"
            raise ValueError(f"{self.name} takes examples of the shape {due}, and was given {inputs.shape[1:]}{remedy}")
        return inputs.reshape(len(inputs), -1)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        offered = [each for each in dir(type(self)) if not each.startswith("_")]
        raise AttributeError(missing_sentence("Sequential", name, offered, _INSTEAD), name=name)


def _metric(identifier: Any, outputs: int) -> metrics.Metric:
    return metrics.get(identifier, outputs)


def _epoch(feed: Feed) -> Iterator[tuple[Array, Array]]:
    """Yield the batches of an epoch; one that was left in the middle is begun anew."""
    feed.resume(0, feed.order)
    for _ in range(feed.batches_left):
        yield from feed.deal(1)


def _split(examples: tuple[Array, Array], share: float) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    count = len(examples[1])
    at = math.floor(count * (1.0 - share))
    if not 0 < at < count:
        raise ValueError(f"validation_split is {share}: of {count} examples {at} would be left to learn from")
    inputs, targets = examples
    return (inputs[:at], targets[:at]), (inputs[at:], targets[at:])


def _pair(data: Any) -> tuple[ArrayLike, ArrayLike]:
    if not isinstance(data, tuple | list) or len(data) != 2:
        raise ValueError("validation_data is a pair of inputs and targets: validation_data=(x, y)")
    return data[0], data[1]


def _list(callbacks: Any) -> list[Callback]:
    if callbacks is None:
        return []
    return list(callbacks) if isinstance(callbacks, list | tuple) else [callbacks]


def _batch(size: int | None) -> int:
    if size is None:
        return _USUAL_BATCH
    check_count("batch_size", size)
    return int(size)


def _steps(count: int, size: int) -> int:
    return -(-count // size)


def _verbosity(verbose: Any) -> int:
    return 1 if verbose == "auto" else int(verbose)


def _sorted(figures: dict[str, float]) -> dict[str, float]:
    return dict(sorted(figures.items()))


def _answer(figures: dict[str, float], return_dict: bool) -> Any:
    if return_dict:
        return _sorted(figures)
    return list(figures.values()) if len(figures) > 1 else figures["loss"]


__all__ = ["Sequential"]
__getattr__ = missing_from(
    __name__,
    __all__,
    {
        "Model": "the functional interface and subclasses are not there; take Sequential",
        "load_model": "files are not read; make the model anew and give numpy.load's arrays to set_weights()",
    },
)
