"""The ExperimentSpec: one frozen, versioned document that says everything about an experiment.

A spec and a log of commands determine a run bit for bit. Every field has a default; the defaults belong to `version`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationError, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from engine.activations import Activation, Sigmoid, Softmax, Step, Tanh
from engine.activations import Linear as LinearActivation
from engine.clipping import Clipping, NoClipping
from engine.datasets import XOR, Dataset, GivenDataset
from engine.features import Feature
from engine.initializers import GlorotUniform, Initializer
from engine.losses import Auto, BinaryCrossentropy, CategoricalCrossentropy, Loss, MeanSquaredError
from engine.optimizers import SGD, Optimizer, PerceptronRule
from engine.optimizers.perceptron_rule import MISTAKES
from engine.registry import Model, components, setting, text
from engine.regularizers import NoRegularizer, Regularizer
from engine.schedules import Constant, Schedule, warmed_up
from engine.stop_rules import EarlyStopping, StopRule

MAX_SEED = 2**31 - 1


def _seed(en: str, it: str, help_en: str, help_it: str) -> Any:
    return setting(7, ge=0, le=MAX_SEED, label=text(en, it), help=text(help_en, help_it))


class LayerSpec(Model):
    """A hidden layer."""

    units: int = setting(
        4,
        ge=1,
        le=16_384,
        step=1,
        label=text("Units", "Unità"),
        help=text("How many units the layer has.", "Quante unità ha lo strato."),
    )
    activation: Activation = Tanh()
    dropout: float = setting(
        0.0,
        ge=0,
        le=0.9,
        step=0.05,
        label=text("Dropout", "Dropout"),
        help=text(
            "The share of units that are silenced at random in each update, so that none relies on a single other.",
            "La quota di unità spente a caso a ogni aggiornamento, così che nessuna si affidi a una sola altra.",
        ),
    )

    @model_validator(mode="after")
    def _check(self) -> LayerSpec:
        if self.activation.is_layerwise and self.units < 2:
            raise PydanticCustomError(
                "contradiction",
                "{name} needs at least 2 units, since it shares 1 out among them; add a unit or choose another",
                {"name": self.activation.name, "value": self.units, "limit": 2},
            )
        return self


class SplitSpec(Model):
    """The shares of the examples for training, validation and test; `test` is null where a data set has its own."""

    train: float = setting(
        0.5,
        gt=0,
        le=1,
        step=0.05,
        label=text("Training", "Addestramento"),
        help=text("The share of examples the network learns from.", "La parte di esempi da cui la rete impara."),
    )
    validation: float = setting(
        0.0,
        ge=0,
        lt=1,
        step=0.05,
        label=text("Validation", "Validazione"),
        help=text("The share used to compare settings.", "La parte usata per confrontare le impostazioni."),
    )
    test: float | None = setting(
        0.5,
        ge=0,
        lt=1,
        step=0.05,
        label=text("Test", "Test"),
        help=text("The share kept for the final judgement.", "La parte tenuta per il giudizio finale."),
    )

    def counts(self, total: int) -> dict[str, int]:
        """Return how many of `total` examples each part gets: at least one for training, and all are used."""
        validation, test = round(total * self.validation), round(total * (self.test or 0.0))
        while validation + test > total - 1:
            validation, test = (validation - 1, test) if validation > test else (validation, test - 1)
        return {"train": total - validation - test, "validation": validation, "test": test}


def _feature_name(value: Any) -> Any:
    """Take a feature's name, or an object with it, for the name."""
    feature = Feature.model_validate(value)
    return feature.name


FeatureName = Annotated[
    str,
    BeforeValidator(_feature_name),
    WithJsonSchema({"type": "string", "enum": list(components("feature"))}),
]


class DataSpec(Model):
    """The data set, how it is split, and what the network is told of a point."""

    dataset: Dataset = XOR(noise=0.1)
    split: SplitSpec = SplitSpec()
    features: Annotated[tuple[FeatureName, ...], Field(json_schema_extra={"uniqueItems": True})] = ("x", "y")
    seed: int = _seed("Data seed", "Seme dei dati", "Which points are drawn.", "Quali punti vengono estratti.")

    @model_validator(mode="before")
    @classmethod
    def _defaults_of_dataset(cls, value: Any) -> Any:
        """Where split or features are missing, take those that suit the data set."""
        if not isinstance(value, dict) or "dataset" not in value:
            return value
        try:
            dataset = Dataset.model_validate(value["dataset"])
        except ValidationError:
            return value  # The field itself says what is wrong.
        suited = {**value, "dataset": dataset}
        if dataset.inputs != 2:
            suited.setdefault("features", ())
        split = value.get("split", {})
        if dataset.has_own_test and isinstance(split, dict):
            suited["split"] = {"train": 1.0 - _share(split.get("validation")), "test": None, **split}
        if dataset.is_whole:
            suited.setdefault("split", {"train": 1.0, "test": 0.0})
        return suited

    @model_validator(mode="after")
    def _check(self) -> DataSpec:
        split = self.split
        if self.dataset.has_own_test != (split.test is None):
            raise PydanticCustomError(
                "contradiction",
                "split.test must be null for a data set with a test set of its own, and a share for any other",
                {"value": split.test, "path": ["split", "test"]},
            )
        if split.validation and self.dataset.validation_examples() is not None:
            raise PydanticCustomError(
                "contradiction",
                "split.validation must be 0 for a data set with validation examples of its own",
                {"value": split.validation, "limit": 0, "path": ["split", "validation"]},
            )
        total = split.train + split.validation + (split.test or 0.0)
        if abs(total - 1.0) > 1e-6:
            raise PydanticCustomError(
                "split_sum",
                "the shares of split add up to {value}; they must add up to 1",
                {"value": round(total, 6), "limit": 1, "path": ["split"]},
            )
        if not isinstance(self.dataset, GivenDataset):  # One that grows point by point may begin with a single one.
            self._check_parts()
        on_plane = self.dataset.inputs == 2
        if on_plane and not self.features:
            raise PydanticCustomError(
                "too_small", "features is empty; choose at least one", {"value": [], "limit": 1, "path": ["features"]}
            )
        if not on_plane and self.features:
            raise PydanticCustomError(
                "contradiction",
                "features belong to data on the plane; leave them empty for this data set",
                {"value": list(self.features), "path": ["features"]},
            )
        if len(set(self.features)) < len(self.features):
            raise PydanticCustomError(
                "duplicate",
                "each feature may stand once; remove the repetition",
                {"value": list(self.features), "path": ["features"]},
            )
        return self

    def _check_parts(self) -> None:
        """Refuse a split that leaves a part without examples, or training without one of each class."""
        dataset, counts = self.dataset, self.split.counts(self.dataset.samples)
        if dataset.is_whole and counts["train"] < dataset.samples:
            raise PydanticCustomError(
                "contradiction",
                "the {samples} examples of {name} are all there are to learn from; "
                "set split.train to 1, split.validation and split.test to 0",
                {
                    "name": dataset.name,
                    "samples": dataset.samples,
                    "value": self.split.train,
                    "limit": 1,
                    "path": ["split", "train"],
                },
            )
        for part, share in (("validation", self.split.validation), ("test", self.split.test)):
            if share and not counts[part]:
                raise PydanticCustomError(
                    "contradiction",
                    "split.{part} of {samples} examples leaves none; raise it or dataset.samples, or set it to 0",
                    {"part": part, "samples": dataset.samples, "value": share, "path": ["split", part]},
                )
        if counts["train"] < dataset.classes:
            raise PydanticCustomError(
                "contradiction",
                "split.train of {samples} examples leaves {count} to learn {classes} classes from; "
                "raise it or dataset.samples",
                {
                    "samples": dataset.samples,
                    "count": counts["train"],
                    "classes": dataset.classes,
                    "value": self.split.train,
                    "limit": dataset.classes,
                    "path": ["split", "train"],
                },
            )

    @property
    def network_inputs(self) -> int:
        """How many numbers the network is given for an example."""
        return len(self.features) or self.dataset.inputs


class NetworkSpec(Model):
    """The hidden layers and their start; the output layer follows from the task and the loss unless overridden."""

    layers: Annotated[
        tuple[LayerSpec, ...],
        Field(max_length=64, json_schema_extra={"label": text("Hidden layers", "Strati nascosti")}),
    ] = (LayerSpec(units=4), LayerSpec(units=2))
    initializer: Initializer = GlorotUniform()
    output_activation: Activation | None = None
    seed: int = _seed(
        "Weights seed", "Seme dei pesi", "Which initial weights are drawn.", "Quali pesi iniziali vengono estratti."
    )


class TrainingSpec(Model):
    """How the network learns."""

    optimizer: Optimizer = SGD(learning_rate=0.03)
    schedule: Schedule = Constant()
    warmup_epochs: float = setting(
        0.0,
        ge=0,
        le=1000,
        step=0.5,
        label=text("Warm-up (epochs)", "Riscaldamento (epoche)"),
        help=text(
            "How long the learning rate rises from zero before the schedule begins.",
            "Per quanto tempo il tasso di apprendimento sale da zero prima che cominci l'andamento scelto.",
        ),
    )
    loss: Loss = Auto()
    batch_size: int = setting(
        10,
        ge=1,
        le=65_536,
        scale="log",
        step=1,
        label=text("Batch size", "Dimensione del batch"),
        help=text(
            "How many examples each update looks at; more than there are means all.",
            "Quanti esempi guarda ogni aggiornamento; più di quanti ce ne sono significa tutti.",
        ),
    )
    regularizer: Regularizer = NoRegularizer()
    clipping: Clipping = NoClipping()
    input_shift: int = setting(
        0,
        ge=0,
        le=8,
        step=1,
        label=text("Input shift (pixels)", "Spostamento in ingresso (pixel)"),
        help=text(
            "How far each image may move up or down and sideways in each update, drawn anew every time.",
            "Di quanto ogni immagine può muoversi in verticale e di lato a ogni aggiornamento, estratto ogni volta.",
        ),
    )
    input_noise: float = setting(
        0.0,
        ge=0,
        le=10,
        step=0.05,
        label=text("Input noise", "Rumore in ingresso"),
        help=text(
            "The standard deviation of the noise added to the inputs of each update, drawn anew every time.",
            "La deviazione standard del rumore aggiunto agli ingressi a ogni aggiornamento, estratto ogni volta.",
        ),
    )
    stop: Annotated[
        tuple[StopRule, ...],
        Field(max_length=8, json_schema_extra={"label": text("Stop rules", "Regole di arresto")}),
    ] = ()
    seed: int = _seed(
        "Order seed", "Seme dell'ordine", "In which order examples come.", "In che ordine arrivano gli esempi."
    )

    @property
    def has_steady_rate(self) -> bool:
        """Whether the learning rate stays the same all the time."""
        return self.schedule.is_constant and self.warmup_epochs == 0.0

    def learning_rate_after(self, epochs: float, part: float = 0.0) -> float:
        """Return the learning rate of an update after `epochs`, of which it is a `part`."""
        return self.optimizer.learning_rate * warmed_up(self.schedule, self.warmup_epochs, epochs, part)


class ExperimentSpec(Model):
    """Data, network and training: everything a run depends on."""

    version: Literal[1] = 1
    data: DataSpec = DataSpec()
    network: NetworkSpec = NetworkSpec()
    training: TrainingSpec = TrainingSpec()

    @model_validator(mode="after")
    def _check(self) -> ExperimentSpec:
        self._check_perceptron_rule()
        self._check_stop_rules()
        self._check_input_shift()
        loss, output = self.loss, self.output_activation
        task = self.data.dataset.task
        if task not in loss.tasks:
            raise PydanticCustomError(
                "contradiction",
                "training.loss {name} does not fit a {task} task; choose one of {fitting}",
                {
                    "name": loss.name,
                    "task": task,
                    "value": loss.name,
                    "fitting": ", ".join(name for name, kind in components("loss").items() if task in kind.tasks),
                    "path": ["training", "loss"],
                },
            )
        if loss.fuses_with not in (None, output.name):
            raise PydanticCustomError(
                "contradiction",
                "training.loss {name} needs probabilities from a {wanted} output, not {value}; "
                "leave network.output_activation out or choose mean_squared_error",
                {
                    "name": loss.name,
                    "wanted": loss.fuses_with,
                    "value": output.name,
                    "path": ["network", "output_activation"],
                },
            )
        if loss.needs_signs and not output.is_signed:
            raise PydanticCustomError(
                "contradiction",
                "training.loss {name} needs an output of both signs, not {value}; "
                "leave network.output_activation out or choose linear or tanh",
                {"name": loss.name, "value": output.name, "path": ["network", "output_activation"]},
            )
        if output.is_layerwise and self.outputs < 2:
            raise PydanticCustomError(
                "contradiction",
                "network.output_activation {value} needs at least 2 outputs and this task has 1; choose sigmoid",
                {"value": output.name, "limit": 2, "path": ["network", "output_activation"]},
            )
        return self

    def _check_perceptron_rule(self) -> None:
        """Refuse what would make another rule of the perceptron rule."""
        network, training = self.network, self.training
        if not self.follows_perceptron_rule:
            return
        task, output = self.data.dataset.task, network.output_activation
        contradictions: list[tuple[bool, str, Any, str]] = [
            (
                task != "binary",
                "data.dataset",
                task,
                "two classes to tell apart; choose such data, or another optimizer",
            ),
            (
                bool(network.layers),
                "network.layers",
                len(network.layers),
                "a network without hidden layers; remove them, or choose another optimizer",
            ),
            (
                output is not None and not isinstance(output, Step),
                "network.output_activation",
                output and output.name,
                "a step output; leave network.output_activation out, or choose another optimizer",
            ),
            (
                training.loss.name not in ("auto", MISTAKES.name),
                "training.loss",
                training.loss.name,
                f"a loss of its own; choose auto or {MISTAKES.name}, or another optimizer",
            ),
            (
                training.regularizer.is_active,
                "training.regularizer",
                training.regularizer.name,
                "weights that move on mistakes only; choose none, or another optimizer",
            ),
        ]
        for is_contradicted, field, value, needs in contradictions:
            if is_contradicted:
                raise PydanticCustomError(
                    "contradiction",
                    "training.optimizer {name} needs {needs}",
                    {"name": training.optimizer.name, "needs": needs, "value": value, "path": field.split(".")},
                )

    def _check_input_shift(self) -> None:
        """Refuse to shift what is no image."""
        dataset, shift = self.data.dataset, self.training.input_shift
        if shift and dataset.image_shape is None:
            raise PydanticCustomError(
                "contradiction",
                "training.input_shift moves images, and {name} has none; set it to 0, or choose a data set of images",
                {"name": dataset.name, "value": shift, "limit": 0, "path": ["training", "input_shift"]},
            )

    def _check_stop_rules(self) -> None:
        """Refuse rules that look at a figure which this experiment has not."""
        rules = self.training.stop
        for index, rule in enumerate(rules):
            path = ["training", "stop", index]
            if (needs := lacking(rule, self.data)) is not None:
                raise PydanticCustomError(
                    "contradiction",
                    "{name} needs {needs}, or remove the rule",
                    {"name": rule.name, "needs": needs, "value": rule.watched, "path": path},
                )
            is_second = isinstance(rule, EarlyStopping) and any(
                isinstance(other, EarlyStopping) for other in rules[:index]
            )
            if is_second or rule in rules[:index]:
                raise PydanticCustomError(
                    "duplicate",
                    "{name} may stand once; remove the repetition",
                    {"name": rule.name, "value": rule.name, "path": path},
                )

    @property
    def follows_perceptron_rule(self) -> bool:
        """Whether the perceptron rule trains, which brings its own output and loss."""
        return isinstance(self.training.optimizer, PerceptronRule)

    @property
    def loss(self) -> Loss:
        """The loss that trains: the task's own where the spec says `auto`."""
        if self.follows_perceptron_rule:
            return MISTAKES
        chosen = self.training.loss
        if not isinstance(chosen, Auto):
            return chosen
        override = self.network.output_activation
        natural = {
            "binary": BinaryCrossentropy(),
            "multiclass": CategoricalCrossentropy(),
            "regression": MeanSquaredError(),
        }[self.data.dataset.task]
        # An output that is no probability leaves squared error.
        return natural if override is None or natural.fuses(override) else MeanSquaredError()

    @property
    def output_activation(self) -> Activation:
        """The activation of the output layer."""
        if self.network.output_activation is not None:
            return self.network.output_activation
        if self.follows_perceptron_rule:
            return Step()
        if isinstance(self.training.loss, BinaryCrossentropy):
            return Sigmoid()
        if self.training.loss.needs_signs:
            return LinearActivation()
        return {"binary": Sigmoid(), "multiclass": Softmax(), "regression": LinearActivation()}[self.data.dataset.task]

    @property
    def outputs(self) -> int:
        """How many outputs the network has."""
        return self.data.dataset.classes if self.data.dataset.task == "multiclass" else 1

    @property
    def target_range(self) -> tuple[float, float]:
        """The targets of class 0 and class 1: -1 and 1 for an output of both signs on a binary task, else 0 and 1."""
        is_signed = self.data.dataset.task == "binary" and self.output_activation.is_signed
        return (-1.0, 1.0) if is_signed else (0.0, 1.0)

    @property
    def shape(self) -> list[int]:
        """The sizes of all layers, from the inputs to the outputs."""
        return [self.data.network_inputs, *(layer.units for layer in self.network.layers), self.outputs]

    @property
    def activations(self) -> list[Activation]:
        """The activation of every hidden layer and of the output layer."""
        return [*(layer.activation for layer in self.network.layers), self.output_activation]

    @property
    def parameter_count(self) -> int:
        """How many weights and biases the network has."""
        return sum((inputs + 1) * units for inputs, units in zip(self.shape, self.shape[1:], strict=False))

    def full(self) -> dict[str, Any]:
        """Return the full form, ready for JSON."""
        return self.model_dump(mode="json")


def lacking(rule: StopRule, data: DataSpec) -> str | None:
    """Return what the data lack for a stop rule to be asked, and what would help; None if nothing is."""
    words = (rule.watched or "").split("_")
    if "validation" in words and not data.split.validation and data.dataset.validation_examples() is None:
        return "validation examples; set data.split.validation above 0"
    if "test" in words and data.split.test == 0:
        return "test examples; set data.split.test above 0"
    if "accuracy" in words and not data.dataset.classes:
        return "classes, which a task of numbers has not; choose a loss"
    return None


def _share(value: Any) -> float:
    return value if isinstance(value, int | float) and 0 <= value <= 1 else 0.0
