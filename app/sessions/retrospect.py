"""What can be asked of a session's past: what of it can be gone back to, and how its parameters came about."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from app.errors import Problem
from app.sessions.changes import Entry, begun, with_entry
from app.sessions.numbers import json_bytes, npy_bytes, written
from app.sessions.patch import differences
from engine import ExperimentSpec
from engine.snapshot import Archive

if TYPE_CHECKING:
    from app.sessions.hosted import HostedSession

Array = NDArray[Any]
Answer = Generator[None, None, bytes]

# So many of a log's changes are told, the newest, and read in pieces of so many.
_MOST_CHANGES = 1000
_PIECE = 20
# So many numbers are told at once; single parameters are asked for by their places.
_MOST_NUMBERS = 500_000


def _timeline(session: HostedSession, arguments: Mapping[str, Any], limits: Mapping[str, int]) -> Answer:
    past = session.past
    yield
    snapshots = [{"step": base.step, "epoch": base.epoch, "until": base.until} for base in past.bases()]
    changes = yield from _changes(session)
    members = {
        **past.describe(),
        "step": session.trainer.step,
        "epoch": session.trainer.epoch,
        "snapshots": snapshots,
        "points": session.history.on_line(),
        "changes": changes,
        "undoable": past.changes.to_dict(),
    }
    return json_bytes(members)


def _changes(session: HostedSession) -> Generator[None, None, list[dict[str, Any]]]:
    """Return what was changed along the run, and at which steps; steps by examples are no change."""
    log = session.log
    spec = log.origin if isinstance(log.origin, ExperimentSpec) else Archive(log.origin).spec
    changes: list[dict[str, Any]] = []
    for number, entry in enumerate(list(log.entries)):
        if number % _PIECE == 0:
            yield
        command = entry["command"]
        if command["type"] == "configure":
            after = with_entry(spec, entry)
            kind = "rebuilt" if command.get("keep") else "configured"
            changes.append({"step": entry["step"], "type": kind, "fields": _fields(spec, after)})
            spec = after
        elif command["type"] == "edit":
            changes.append({"step": entry["step"], "type": "edited", "fields": [_edited(entry)]})
    return changes[-_MOST_CHANGES:]


def _fields(before: ExperimentSpec, after: ExperimentSpec) -> list[dict[str, Any]]:
    found = differences(before.full(), after.full())
    return [{"field": path, "from": old, "to": new} for path, old, new in found]


def _edited(entry: Entry) -> dict[str, Any]:
    place = {key: value for key, value in entry["command"].items() if key not in ("type", "value")}
    return {"field": "parameters", "place": place, "from": None, "to": entry["command"]["value"]}


def _parameters(session: HostedSession, arguments: Mapping[str, Any], limits: Mapping[str, int]) -> Answer:
    places: list[int] | None = arguments["places"]
    count = session.trainer.parameters.size
    for index, place in enumerate(places or []):
        if place >= count:
            message = f"places[{index}] is {place}; at most {count - 1} here."
            raise Problem.field(f"places[{index}]", "too_large", message, place, count - 1)
    numbers = (len(session.past.timeline) + 2) * (count if places is None else len(places))
    if numbers > _MOST_NUMBERS:
        message = f"these are {numbers} numbers; at most {_MOST_NUMBERS} at once. Name the places of some parameters."
        raise Problem.field("places", "too_large", message, numbers, _MOST_NUMBERS)
    steps, epochs, vectors = yield from path_of(session)
    values = vectors if places is None else vectors[:, places]
    if arguments["form"] == "npy":
        return npy_bytes(values)
    return (yield from written({"steps": steps, "epochs": epochs, "places": places, "values": values}))


def path_of(session: HostedSession) -> Generator[None, None, tuple[list[int], list[int], Array]]:
    """Return the steps and epochs of the moments there are, first and newest included, and their parameters.

    The parameters have the shape (moments, count); moments at which the network had another shape are left out. Where
    one looks back at a network of which no moment is kept, it is the only one.
    """
    past, shape = session.past, session.spec.shape
    moments = [stop.moment for stop in past.timeline]
    yield
    if not moments or moments[0].step > session.log.origin_step:
        moments.insert(0, begun(session.log.origin).moment())
        yield
    newest = session.trainer.moment() if past.present is None else past.present.moment
    if newest.step > moments[-1].step:
        moments.append(newest)
    elif newest.step == moments[-1].step:
        moments[-1] = newest
    alike = [moment for moment in moments if moment.spec.shape == shape] or [session.trainer.moment()]
    vectors = np.stack([moment.parameters for moment in alike])
    return [moment.step for moment in alike], [moment.epoch for moment in alike], vectors


RETROSPECT = {"timeline": _timeline, "timeline_parameters": _parameters}
