"""The shapes of what a stream tells, for the documentation: events come ready-made from the workers."""

from typing import Any, Literal

from pydantic import BaseModel, Field

from app.api.schemas import (
    ChangeCounts,
    Divergence,
    EpochProgress,
    FieldAtFault,
    Metrics,
    Place,
    Point,
    Reason,
    Saving,
    SessionDocument,
    State,
    TimelineFacts,
)


class Event(BaseModel):
    """A JSON text from the server; what is listed here stays, more may come."""


class View(BaseModel):
    """Which pictures a stream gets."""

    resolution: int = Field(description="Rows and columns of the boundary.")
    unit_resolution: int = Field(description="Rows and columns of the map of a unit.")
    fps: float = Field(description="Frames a second at most; 0: none.")
    arrays: list[str]


class Welcome(SessionDocument, Event):
    """The first event: the session as it is, and what was missed."""

    type: Literal["welcome"]
    role: Literal["owner", "viewer"]
    changes: ChangeCounts
    view: View
    points: list[Point] = Field(description="The points after the hello's `last_point`.")


class StateChanged(Event):
    """The state has changed."""

    type: Literal["state"]
    state: State
    done_by: str | None
    done_because: Reason | None
    step: int
    epoch: int
    epoch_progress: EpochProgress
    run: int
    speed: float | None
    until_epoch: int | None
    learning_rate: float
    metrics: Metrics
    divergence: Divergence | None
    timeline: TimelineFacts
    changes: ChangeCounts
    spec: dict[str, Any] | None = Field(None, description="The spec, if it changed without a rebuild.")
    loss: str | None = Field(None, description="Beside a spec: the loss that trains.")


class Points(Event):
    """New points of the curves, in order; none is lost, none comes twice."""

    type: Literal["points"]
    points: list[Point]


class Thinned(Event):
    """Points were dropped: of the current run only those stay whose epoch is a multiple of `stride`."""

    type: Literal["thinned"]
    stride: int
    kept: int


class Rebuilt(SessionDocument, Event):
    """The network was built anew: at step 0 of a new run, or, having kept parameters, where it was."""

    type: Literal["rebuilt"]
    role: Literal["owner", "viewer"]
    changes: ChangeCounts
    kept: int = Field(description="How many parameters it has from the network before.")
    adjusted: list[dict[str, Any]]


class Diverged(Event):
    """A number is no longer finite; the run has stopped."""

    type: Literal["diverged"]
    step: int
    epoch: int
    run: int
    metrics: Metrics
    divergence: Divergence


class Done(Event):
    """The run has reached the epochs or steps that it was to stop after, or a stop rule has ended it."""

    type: Literal["done"]
    by: str = Field(description="`run`, or the name of the stop rule.")
    step: int
    epoch: int
    run: int
    metrics: Metrics


class SavingChanged(Event):
    """Saving has stopped, or goes on again; training goes on either way."""

    type: Literal["saving"]
    saving: Saving


class Queued(Event):
    """The session has moved in the queue; when it has its place, another welcome says so."""

    type: Literal["queue"]
    queue: Place


class Ack(Event):
    """A command was carried out; some answer more, such as `configure` what has changed, and `branch` the tokens."""

    type: Literal["ack"]
    id: int | str | None = Field(None, description="The command's own `id`.")


class Error(Event):
    """A command was refused, or a message not understood; the stream goes on."""

    type: Literal["error"]
    id: int | str | None = Field(None, description="The command's own `id`.")
    status: int
    code: str
    title: str
    detail: str = ""
    errors: list[FieldAtFault] = []


EVENTS: tuple[type[Event], ...] = (
    Welcome,
    StateChanged,
    Points,
    Thinned,
    Rebuilt,
    Diverged,
    Done,
    SavingChanged,
    Queued,
    Ack,
    Error,
)
