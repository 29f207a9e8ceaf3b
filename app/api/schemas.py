"""The shapes of answers, for the documentation: bodies come ready-made from the workers and are not validated twice."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from engine import ExperimentSpec
from engine.registry import components

_ROWS = {"type": "array", "items": {"type": "array", "items": {"type": "number"}}}


class Document(BaseModel):
    """A JSON object that may grow: what is listed here stays."""


class FieldAtFault(Document):
    """One field that was refused."""

    field: str = Field(description="Its path, such as network.layers[2].units.")
    code: str = Field(description="Why, in a word that stays the same: the page says it in its own language.")
    message: str = Field(description="Why, in an English sentence.")
    value: Any = Field(None, description="What was given.")
    limit: Any = Field(None, description="What would have been possible.")
    line: int | None = Field(None, description="In which line of a table it stands.")
    column: str | None = Field(None, description="In which column of a table it stands.")
    position: int | None = Field(None, description="At which letter of an expression it stands, from 0.")
    expected: list[str] | None = Field(None, description="What could have stood there.")


class ProblemDocument(Document):
    """An error (RFC 9457)."""

    status: int
    code: str = Field(description="What went wrong, in a word that stays the same.")
    title: str
    detail: str = ""
    errors: list[FieldAtFault] = Field(default=[], description="The fields at fault, where fields are.")


_PARTS = ("", "validation_", "test_")


def _with_figures(task: str | None = None) -> Callable[[dict[str, Any]], None]:
    """Return what adds figures to a document, so that the registry's metrics are listed nowhere else.

    These are all that judge a task; without one, those that there may be of each part of the data, and its loss.
    """
    metrics = components("metric")
    judging = [name for name, metric in metrics.items() if task in metric.tasks]
    names = judging or [f"{part}{name}" for part in _PARTS for name in ("loss", *metrics)]

    def add(schema: dict[str, Any]) -> None:
        for name in names:
            figure: dict[str, Any] = {"anyOf": [{"type": "number"}, {"type": "null"}]}
            metric = metrics.get(name.removeprefix("validation_").removeprefix("test_"))
            schema["properties"].setdefault(name, figure | ({"description": metric.help["en"]} if metric else {}))
        schema["required"] = [*schema.get("required", []), *judging]

    return add


State = Literal["queued", "idle", "running", "paused", "diverged", "done"]
Metrics = dict[str, float | None]


class Layer(Document):
    """A layer of the network, the output layer last."""

    name: str
    inputs: int
    units: int
    activation: str
    parameters: int


class Place(Document):
    """A place in the queue."""

    position: int = Field(description="1 has its turn next.")
    length: int = Field(description="How many are waiting.")


Saving = Literal["ok", "disk_full", "locked", "failed", "off"]


class Scaling(Document):
    """A column of a table; the network is given (number - offset) · scale."""

    name: str
    offset: float | None = Field(description="null for a target that is a class.")
    scale: float | None


class DataFacts(Document):
    """What kind of examples a session has, and what a table calls their classes and numbers."""

    task: Literal["binary", "multiclass", "regression"]
    inputs: int = Field(description="How many numbers an example has; a plane is drawn for two.")
    classes: int | None
    own_test: bool = Field(description="Whether test examples are given apart, rather than split off.")
    class_names: list[str] | None = Field(description="Of a table's classes, in their order.")
    columns: list[Scaling] | None = Field(description="A table's inputs.")
    target: Scaling | None = Field(description="A table's target.")
    left_out: int = Field(description="Rows of a table in which something is missing.")


class Words(Document):
    """The same words in both languages."""

    en: str
    it: str


class Reason(Document):
    """Why a stop rule has ended a run: a sentence with {holes}, and what belongs into them."""

    words: Words
    values: dict[str, int | float | Words]


class EpochProgress(Document):
    """How far into the current epoch a session is."""

    examples: int = Field(description="How many of this epoch's examples have had their turn; 0 between epochs.")
    of: int = Field(description="How many training examples there are.")


class LinePart(Document):
    """A run from whose past the present one goes on."""

    run: int
    step: int = Field(description="Its points up to here belong to the present line.")


class TimelineFacts(Document):
    """How far back the session can go, and whether it stands in its past."""

    first: int = Field(description="The first step that can be gone back to.")
    newest: int = Field(description="The newest step.")
    newest_epoch: int
    is_past: bool = Field(description="Whether what is shown is a past step; `step` says which.")
    line: list[LinePart]
    moments: list[str] = Field(description="The names of the networks that it remembers because it was asked to.")


class ChangeCounts(Document):
    """How many changes of the setup can be taken back, and made again."""

    undo: int
    redo: int


class LossAt(Document):
    """The loss at a step; null where it is no number any more."""

    step: int
    loss: float | None


class Divergence(Document):
    """How a run came to diverge."""

    step: int = Field(description="The first step at which the loss is no number.")
    learning_rate: float = Field(description="That of the updates which led there.")
    losses: list[LossAt] = Field(description="The loss over the last steps before, and at the end null.")
    largest_weight: float | None = Field(description="The largest weight, by its size, when it was last a number.")
    good_step: int = Field(description="The last step before the loss began to grow.")
    good_epoch: int
    good_loss: float | None


class SessionDocument(Document):
    """A session as it is now."""

    id: str
    saving: Saving = Field(description="How saving goes on this server; `off`: nothing outlives it.")
    queue: Place | None = Field(description="Where a queued session stands; null: it has its place.")
    spec: ExperimentSpec
    state: State
    done_by: str | None = Field(description="What ended a run that is done: `run` itself, or the name of a stop rule.")
    done_because: Reason | None = Field(description="Why a stop rule has ended it, as far as that can be told.")
    step: int = Field(description="Updates since the last reset.")
    epoch: int = Field(description="Whole passes over the training examples since the last reset.")
    epoch_progress: EpochProgress | None = Field(description="null while the session is queued.")
    run: int = Field(description="Counts the resets and rebuilds.")
    speed: float | None = Field(description="Epochs a second asked for; null: as fast as is fair.")
    until_epoch: int | None = Field(description="Where the run stops by itself; null: nowhere, or at a step.")
    learning_rate: float = Field(description="That of the next update, as the schedule has it.")
    metrics: Metrics = Field(description="Those that exist; null where a number is not finite.")
    divergence: Divergence | None = Field(description="Of a session that has diverged: how it came to that.")
    timeline: TimelineFacts
    data: DataFacts
    loss: str = Field(description="The loss that trains: the task's own where the spec says `auto`.")
    parameters: int = Field(description="How many weights and biases the network has.")
    layers: list[Layer]
    arrays: list[str] = Field(description="The arrays that frames of this session can carry.")
    data_version: int = Field(description="Goes up when the data change.")
    stride: int = Field(description="Points lie at epochs that are multiples of this.")


class SessionRead(SessionDocument):
    """A session and the role of the one who asks."""

    role: Literal["owner", "viewer"]


class SessionCreated(SessionDocument):
    """A new session with its tokens, which are told only now."""

    token: str = Field(description="The owner's token: it may change the session.")
    viewer_token: str = Field(description="The viewers' token: it may read the session.")


class Adjustment(Document):
    """A field that a change of another field has changed."""

    field: str
    from_: Any = Field(alias="from")
    to: Any
    code: Literal["dropped", "default", "limited"]


class Configured(Document):
    """The spec after a patch."""

    spec: ExperimentSpec
    rebuilt: bool = Field(description="Whether the network was built anew, rather than going on with the change.")
    kept: int = Field(description="How many parameters a network built anew with `keep` has from the one before.")
    adjusted: list[Adjustment]


class CommandDone(Document):
    """Where the session stands after a command."""

    done: bool = Field(description="Whether the session is at rest.")
    state: State
    step: int
    epoch: int
    metrics: Metrics


class Point(Document):
    """One point of the curves. It has those figures that exist for the session and of which something is known."""

    model_config = ConfigDict(json_schema_extra=_with_figures())
    n: int = Field(description="Counts up by one from 1, over resets.")
    run: int
    step: int
    epoch: int
    batch: int | None = Field(None, description="Where a point lies within an epoch: after which of its batches.")
    learning_rate: float | None = Field(None, description="If it changes: that of the update after this point.")
    loss: float | None


class History(Document):
    """The points that are kept."""

    points: list[Point]
    stride: int = Field(description="Points of the present run lie at epochs (or batches) that are multiples of it.")
    run: int


class SnapshotAt(Document):
    """A step from which others are made again."""

    step: int
    epoch: int
    until: int = Field(description="The steps up to this one can be gone to from here.")


class FieldChange(Document):
    """A field that was changed, or a parameter (`place`, as in `edit`) that was set."""

    field: str
    from_: Any = Field(alias="from")
    to: Any
    place: dict[str, int] | None = None


class ChangeAt(Document):
    """What was changed along the run, and at which step."""

    step: int
    type: Literal["configured", "rebuilt", "edited"]
    fields: list[FieldChange]


class Timeline(TimelineFacts):
    """What of a session's past can be gone back to."""

    step: int = Field(description="Where the session stands.")
    epoch: int
    snapshots: list[SnapshotAt]
    points: list[Point] = Field(description="The points of the present line, later ones than `step` included.")
    changes: list[ChangeAt]
    undoable: ChangeCounts


class ParameterPath(Document):
    """Parameters along the timeline."""

    steps: list[int]
    epochs: list[int]
    places: list[int] | None = Field(description="Which parameters, by their places in the npy; null: all.")
    values: list[list[float | None]] = Field(description="A row for each step.")


class LogEntry(Document):
    """One command that changed the session."""

    step: int = Field(description="It took effect before this step.")
    command: dict[str, Any]


class Log(Document):
    """The commands that changed the session; with the spec they determine its state, bit for bit."""

    spec: ExperimentSpec | None = Field(description="Where the log begins; null: at a snapshot, since it was full.")
    origin_step: int = Field(description="The step at which the log begins.")
    log: list[LogEntry]
    step: int = Field(description="The step that the session has reached.")


class Data(Document):
    """Examples, each with its target and its share."""

    inputs: list[list[float]] = Field(description="Raw x and y, or the 784 bytes of an image.")
    targets: list[float] = Field(description="The class, or the number to predict.")
    split: list[Literal["train", "validation", "test", "unknown"]]
    total: int = Field(description="How many examples there are of what was asked for.")
    offset: int


class LayerParameters(Document):
    """What a layer has learnt; null where a number is not finite."""

    weights: list[list[float | None]] = Field(description="A row an input, a column a unit.")
    biases: list[float | None]


class Parameters(Document):
    """What the network has learnt."""

    layers: list[LayerParameters]
    step: int


class Boundary(Document):
    """The output over the plane."""

    values: list[Any] = Field(
        description="Rows of numbers, row 0 the largest y; one such map a class if classes are many."
    )
    range: list[float] = Field(description="The least and the greatest value an output can have here.")
    x: list[float] = Field(description="The left and the right edge, in a table's own units.")
    y: list[float] = Field(description="The lower and the upper edge, in a table's own units.")


class PredictRequest(BaseModel, extra="forbid"):
    """Examples to put through the network; the worker checks the rows, so that a long list holds nobody up."""

    inputs: Annotated[list[Any], WithJsonSchema(_ROWS)] = Field(description="Raw x and y, or 784 grey values 0 to 1.")
    units: Literal["network", "own"] = Field(
        "network", description="As the network is given them, or as they stand in a table; the outputs likewise."
    )


class Prediction(Document):
    """What the network says to each example."""

    outputs: list[list[float | None]]


class ClassFigures(Document):
    """How well one class is told from all others; null where there is nothing to divide by."""

    true_positives: int
    false_positives: int
    true_negatives: int
    false_negatives: int
    precision: float | None
    recall: float | None
    f1: float | None
    jaccard: float | None = Field(description="The Jaccard index, intersection over union.")


class FiguresOfClasses(Document):
    """How well classes are told apart: of two, the figures of class 1, of more, the means over all classes."""

    model_config = ConfigDict(json_schema_extra=_with_figures("binary"))
    auc: float | None = Field(description="The area under the ROC curve, for two classes.")
    classes: list[ClassFigures]


class FiguresOfNumbers(Document):
    """How well numbers are predicted."""

    model_config = ConfigDict(json_schema_extra=_with_figures("regression"))


class RocCurve(Document):
    """What is called class 1 above each threshold, which falls from point to point; at most 201 of them."""

    false_positive_rate: list[float]
    true_positive_rate: list[float]
    thresholds: list[float | None] = Field(description="null at the last: everything is called class 1.")


class Predictions(Document):
    """What the network says of each example of a part, after `step` updates; in the order of the data."""

    split: str
    step: int
    actual: list[float] = Field(description="The class of each example, or the number to predict.")
    predicted: list[float | None]
    confidence: list[float | None] | None = Field(description="The largest output for each example; null for numbers.")
    confusion: list[list[int]] | None = Field(
        description="How many of each actual class (row) were taken for which (column); null for numbers."
    )
    threshold: float | None = Field(description="Two classes: an output above it means class 1.")
    figures: FiguresOfClasses | FiguresOfNumbers
    roc: RocCurve | None = Field(description="For two classes, if both occur.")


class CreateRequest(BaseModel, extra="forbid"):
    """What a new session starts from: a spec, or a preset of the catalogue; neither means the default spec."""

    spec: dict[str, Any] | None = Field(None, description="An ExperimentSpec; what is missing takes its default.")
    preset: str | None = Field(None, description="The name of a preset.")


class Health(Document):
    """The answer to a health check."""

    status: Literal["ok", "ready"]


class Catalog(Document):
    """Everything that can be chosen on this server."""

    version: int
    components: dict[str, list[dict[str, Any]]] = Field(description="Each kind's components, in the order to show.")
    fields: dict[str, dict[str, Any]] = Field(description="The other fields of a spec, by path, as JSON Schema.")
    defaults: dict[str, Any] = Field(description="The default spec in full form.")
    presets: list[dict[str, Any]]
    schema_: dict[str, Any] | None = Field(None, alias="schema", description="The JSON Schema of ExperimentSpec.")
    limits: dict[str, int] = Field(description="What this server allows.")


class Previews(Document):
    """Samples for thumbnails."""

    datasets: dict[str, dict[str, Any]]
    features: dict[str, dict[str, Any]]
