"""The shapes of answers, for the documentation: bodies come ready-made from the workers and are not validated twice."""

from typing import Any, Literal

from pydantic import BaseModel, Field

from engine import ExperimentSpec


class Document(BaseModel):
    """A JSON object that may grow: what is listed here stays."""


class FieldAtFault(Document):
    """One field that was refused."""

    field: str = Field(description="Its path, such as network.layers[2].units.")
    code: str = Field(description="Why, in a word that stays the same: the page says it in its own language.")
    message: str = Field(description="Why, in an English sentence.")
    value: Any = Field(None, description="What was given.")
    limit: Any = Field(None, description="What would have been possible.")


class ProblemDocument(Document):
    """An error (RFC 9457)."""

    status: int
    code: str = Field(description="What went wrong, in a word that stays the same.")
    title: str
    detail: str = ""
    errors: list[FieldAtFault] = Field(default=[], description="The fields at fault, where fields are.")


State = Literal["queued", "idle", "running", "paused", "diverged", "done"]
Metrics = dict[str, float | None]


class Layer(Document):
    """A layer of the network, the output layer last."""

    name: str
    inputs: int
    units: int
    activation: str
    parameters: int


class SessionDocument(Document):
    """A session as it is now."""

    id: str
    spec: ExperimentSpec
    state: State
    step: int = Field(description="Updates since the last reset.")
    epoch: int = Field(description="Whole passes over the training examples since the last reset.")
    run: int = Field(description="Counts the resets and rebuilds.")
    speed: float | None = Field(description="Epochs a second asked for; null: as fast as is fair.")
    metrics: Metrics = Field(description="Those that exist; null where a number is not finite.")
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
    adjusted: list[Adjustment]


class CommandDone(Document):
    """Where the session stands after a command."""

    done: bool = Field(description="Whether the session is at rest.")
    state: State
    step: int
    epoch: int
    metrics: Metrics


class Point(Document):
    """One point of the curves."""

    n: int = Field(description="Counts up by one from 1, over resets.")
    run: int
    step: int
    epoch: float


class History(Document):
    """The points that are kept."""

    points: list[Point]
    stride: int


class LogEntry(Document):
    """One command that changed the session."""

    step: int = Field(description="It took effect before this step.")
    command: dict[str, Any]


class Log(Document):
    """The commands that changed the session; with the spec they determine its state."""

    log: list[LogEntry]


class Boundary(Document):
    """The output over the plane."""

    values: list[Any] = Field(
        description="Rows of numbers, row 0 the largest y; one such map a class if classes are many."
    )
    range: list[float] = Field(description="The least and the greatest value an output can have here.")


class PredictRequest(BaseModel, extra="forbid", strict=True, allow_inf_nan=False):
    """Examples to put through the network."""

    inputs: list[list[float]] = Field(min_length=1, description="Raw x and y, or 784 grey values from 0 to 1.")


class Prediction(Document):
    """What the network says to each example."""

    outputs: list[list[float | None]]


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
    schema_: dict[str, Any] = Field(alias="schema", description="The JSON Schema of ExperimentSpec.")
    limits: dict[str, int] = Field(description="What this server allows.")


class Previews(Document):
    """Samples for thumbnails."""

    datasets: dict[str, dict[str, Any]]
    features: dict[str, dict[str, Any]]
