"""What can be asked of a session: its data, outputs, parameters, history, log and snapshot, ready to be sent.

Every answer is a generator that yields after pieces of about a millisecond and returns bytes.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from app.errors import Problem
from app.sessions.changes import until
from app.sessions.numbers import json_bytes, listed, npy_bytes, plain, rows_of_numbers, written_rows
from app.sessions.picture import boundary_png
from app.sessions.probing import PROBES
from app.sessions.retrospect import RETROSPECT
from engine import ExperimentSpec, Trainer, metrics, probes
from engine.data import PARTS, Part
from engine.datasets import PLANE

if TYPE_CHECKING:
    from app.sessions.hosted import HostedSession

Array = NDArray[Any]
Answer = Generator[None, None, bytes]

_MOST_DATA_NUMBERS = 1_000_000
# Predictions are made in pieces of so many activations.
_PREDICTED_NUMBERS = 20_000
# A curve is drawn with so many points at most.
_CURVE_POINTS = 201


def answer(session: HostedSession, what: str, arguments: Mapping[str, Any], limits: Mapping[str, int]) -> Answer:
    """Return the work that answers a question."""
    return _ANSWERS[what](session, arguments, limits)


def branch(session: HostedSession, step: int) -> Answer:
    """Return the checkpoint of a session that is to go on from a step of this one."""
    checkpoint = yield from session.past.checkpoint_at(step)
    return checkpoint.to_bytes()


def _history(session: HostedSession, arguments: Mapping[str, Any], limits: Mapping[str, int]) -> Answer:
    yield
    history = session.history
    return json_bytes({"points": list(history.points), "stride": history.stride, "run": history.run})


def _standing(session: HostedSession, arguments: Mapping[str, Any], limits: Mapping[str, int]) -> Answer:
    yield
    return json_bytes(session.standing())


def _log(session: HostedSession, arguments: Mapping[str, Any], limits: Mapping[str, int]) -> Answer:
    yield
    log, step = session.log, session.trainer.step
    if step < log.origin_step:  # Of how it came to this past step nothing is known any more.
        return json_bytes({"spec": None, "origin_step": step, "log": [], "step": step})
    origin = log.origin.full() if isinstance(log.origin, ExperimentSpec) else None
    done = until(log.entries, step) if session.past.present else log.entries
    return json_bytes({"spec": origin, "origin_step": log.origin_step, "log": done, "step": step})


def _snapshot(session: HostedSession, arguments: Mapping[str, Any], limits: Mapping[str, int]) -> Answer:
    yield
    return session.snapshot()


def _data(session: HostedSession, arguments: Mapping[str, Any], limits: Mapping[str, int]) -> Answer:
    data = session.trainer.data
    split = arguments.get("split")
    if split == "unknown":
        parts = {split: _unknown_part(session)}
    elif split is None or split in PARTS:
        parts = {name: part for name, part in data.parts.items() if split in (None, name)}
    else:
        known = [*PARTS, "unknown"]
        raise Problem.field("split", "unknown_name", f"split must be one of {', '.join(known)}.", split, known)
    total = sum(len(part) for part in parts.values())
    inputs = session.spec.data.dataset.inputs
    offset, limit = arguments["offset"], min(arguments["limit"], max(1, _MOST_DATA_NUMBERS // inputs))
    rows: list[Array] = []
    labels: list[Array] = []
    names: list[str] = []
    for name, part in parts.items():
        start, stop = max(0, min(offset, len(part))), max(0, min(offset + limit, len(part)))
        rows.append(part.inputs(start, stop))
        labels.append(part.labels(start, stop))
        names += [name] * (stop - start)
        limit -= stop - start
        offset = max(0, offset - len(part))
        yield
    chosen = np.concatenate(rows) if rows else np.empty((0, inputs))
    targets = np.concatenate(labels) if labels else np.empty(0)
    if arguments.get("units") == "own":
        dataset = session.spec.data.dataset
        chosen, targets = dataset.unplaced(chosen), dataset.unplaced_targets(targets)
    if arguments["form"] == "npy":
        return npy_bytes(chosen if arguments["array"] == "inputs" else targets)
    members = {"targets": targets.tolist(), "split": names, "total": total, "offset": arguments["offset"]}
    written = yield from written_rows(chosen)
    return b'{"inputs":' + written + b"," + json_bytes(members)[1:]


def _unknown_part(session: HostedSession) -> Part:
    """Return examples of another kind than the network is trained on. Raises Problem where there are none."""
    examples = session.spec.data.dataset.unknown_examples()
    if examples is None:
        message = "this session's data set has no examples of another kind."
        raise Problem.field("split", "unknown_name", message, "unknown", list(session.trainer.data.parts))
    return session.trainer.data.part_of(examples)


def _boundary(session: HostedSession, arguments: Mapping[str, Any], limits: Mapping[str, int]) -> Answer:
    trainer, resolution = session.trainer, arguments["resolution"]
    _refuse_images(trainer, "boundary")
    if not 2 <= resolution <= limits["resolution"]:
        code = "too_small" if resolution < 2 else "too_large"
        limit = 2 if resolution < 2 else limits["resolution"]
        message = f"resolution is {resolution}; from 2 to {limits['resolution']} on this server."
        raise Problem.field("resolution", code, message, resolution, limit)
    values = yield from probes.boundary(trainer, resolution)
    picture = values[0] if len(values) == 1 else values
    if arguments["form"] == "npy":
        return npy_bytes(picture)
    bounds = trainer.spec.output_activation.bounds
    finite = values[np.isfinite(values)]
    low, high = bounds or ((float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0))
    if arguments["form"] == "png":
        yield
        return boundary_png(values, low, high)
    written = yield from written_rows(picture.reshape(-1, resolution))
    if len(values) > 1:
        rows = json.loads(written)
        written = json_bytes([rows[start : start + resolution] for start in range(0, len(rows), resolution)])
    # What the picture's edges are in the units of whoever gave the data.
    x, y = session.spec.data.dataset.unplaced(np.array([[end, end] for end in PLANE])).T.tolist()
    return b'{"values":' + written + b"," + json_bytes({"range": [low, high], "x": x, "y": y})[1:]


def _predictions(session: HostedSession, arguments: Mapping[str, Any], limits: Mapping[str, int]) -> Answer:
    """What the network says of a whole part: as of now while it rests, as of the last evaluation while it trains."""
    trainer, split = session.trainer, arguments["split"]
    if split not in trainer.data.parts:
        found = list(trainer.data.parts)
        message = f"there are no examples in {split!r:.40}; this session has them in: {', '.join(found)}."
        raise Problem.field("split", "unknown_name", message, split, found)
    task, threshold = session.spec.data.dataset.task, arguments.get("threshold")
    if threshold is not None and task != "binary":
        message = "a threshold tells one class from the other; this session has not two classes. Leave it out."
        raise Problem.field("threshold", "contradiction", message, threshold)
    answers = trainer.answers.get(split)
    if answers is None or (session.state != "running" and answers.step != trainer.step):
        for _ in trainer.evaluation(split):
            yield
        answers = trainer.answers[split]
    part = trainer.data.parts[split]
    actual, said = part.labels(0, len(part)), answers.confidence.astype(np.float64)
    members: dict[str, Any] = {"split": split, "step": answers.step, "threshold": None, "roc": None}
    yield
    if task == "regression":
        if arguments.get("units") == "own":
            dataset = session.spec.data.dataset
            actual, said = dataset.unplaced_targets(actual), dataset.unplaced_targets(said)
        return json_bytes(
            members
            | {
                "actual": actual.tolist(),
                "predicted": listed(said),
                "confidence": None,
                "confusion": None,
                "figures": _figures_of_numbers(actual, said),
            }
        )
    predicted, curve = answers.classes, None
    if task == "binary":
        members["threshold"] = sum(session.spec.target_range) / 2
        if threshold is not None:
            members["threshold"] = threshold
            predicted = (said > threshold).astype(np.uint8)
        curve = metrics.roc(said, actual == 1)
        members["roc"] = curve and _written_curve(curve.thinned(_CURVE_POINTS))
        yield
    confusion = metrics.confusion_matrix(actual, predicted, session.spec.data.dataset.classes)
    return json_bytes(
        members
        | {
            "actual": actual.tolist(),
            "predicted": predicted.tolist(),
            "confidence": listed(np.round(said, 4)),
            "confusion": confusion.tolist(),
            "figures": _figures_of_classes(confusion, curve),
        }
    )


def _figures_of_numbers(actual: Array, predicted: Array) -> dict[str, Any]:
    with np.errstate(all="ignore"):  # A network that has diverged says anything.
        figures = metrics.figures_of_numbers(actual, predicted)
    return {name: plain(figure) for name, figure in figures.items()}


def _figures_of_classes(confusion: Array, curve: metrics.Roc | None) -> dict[str, Any]:
    """Return the figures of all classes, and each class's own."""
    figures = metrics.class_figures(confusion)
    return {
        **{name: plain(figure) for name, figure in metrics.figures_of_classes(confusion).items()},
        "auc": curve and plain(curve.auc),
        "classes": [dict(zip(figures._fields, map(plain, row), strict=True)) for row in zip(*figures, strict=True)],
    }


def _written_curve(curve: metrics.Roc) -> dict[str, Any]:
    return {name: listed(member) for name, member in zip(curve._fields, curve, strict=True)}


def _predict(session: HostedSession, arguments: Mapping[str, Any], limits: Mapping[str, int]) -> Answer:
    trainer, width = session.trainer, session.spec.data.dataset.inputs
    inputs = rows_of_numbers(arguments["inputs"], width, limits["predict_rows"], "inputs")
    dataset, is_own = session.spec.data.dataset, arguments.get("units") == "own"
    if is_own:
        inputs = dataset.placed(inputs)
    yield
    outputs: list[Array] = []
    chunk = max(1, _PREDICTED_NUMBERS // max(trainer.spec.shape))
    for start in range(0, len(inputs), chunk):
        said = trainer.predict(inputs[start : start + chunk])
        outputs.append(dataset.unplaced_targets(said) if is_own else said)
        yield
    written = yield from written_rows(np.concatenate(outputs) if outputs else np.empty((0, trainer.spec.outputs)))
    return b'{"outputs":' + written + b"}"


def _parameters(session: HostedSession, arguments: Mapping[str, Any], limits: Mapping[str, int]) -> Answer:
    trainer = session.trainer
    if arguments["form"] == "npy":
        yield
        return npy_bytes(trainer.parameters)
    layers: list[bytes] = []
    for layer in trainer.network.layers:
        matrix = layer.matrix(trainer.parameters)
        weights = yield from written_rows(matrix[:-1])
        layers.append(b'{"weights":' + weights + b',"biases":' + json_bytes(listed(matrix[-1])) + b"}")
    return b'{"layers":[' + b",".join(layers) + b'],"step":' + str(trainer.step).encode() + b"}"


_ANSWERS = {
    "standing": _standing,
    "history": _history,
    "log": _log,
    "snapshot": _snapshot,
    "data": _data,
    "boundary": _boundary,
    "predict": _predict,
    "predictions": _predictions,
    "parameters": _parameters,
    **PROBES,
    **RETROSPECT,
}


def _refuse_images(trainer: Trainer, what: str) -> None:
    if trainer.spec.data.dataset.inputs != 2:
        detail = f"A {what} is drawn over a plane; this session's data has {trainer.spec.data.dataset.inputs} inputs."
        raise Problem(409, "no_plane", "This session has no plane", detail)
