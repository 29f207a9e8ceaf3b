"""What can be seen of a session's network: one example's way, histograms, saliency, the loss surface, attacks."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.errors import Problem
from app.sessions.numbers import check_number, check_row, rows_of_numbers, written
from app.sessions.retrospect import path_of
from engine import Trainer, attacks, probes
from engine.metrics import chosen_classes

if TYPE_CHECKING:
    from app.sessions.hosted import HostedSession

Array = NDArray[Any]
Answer = Generator[None, None, bytes]

# A path across the loss surface has so many points at most.
_MOST_PATH_POINTS = 1_000
# Of so many parameters a landscape's center and directions are told: as many as frames have without being asked.
_MOST_TOLD_PARAMETERS = 4_096
# Places in a picture are told with so many decimals.
_DECIMALS = 5


class _Example(NamedTuple):
    """Raw inputs, shape (width,), as they are sent to be predicted, and their class or number, if it is known.

    One of the session's own has a place in a part of the data.
    """

    inputs: Array
    label: float | None
    split: str | None = None
    place: int | None = None

    def described(self) -> dict[str, Any]:
        return {"input": self.inputs, "label": self.label}


def _trace(session: HostedSession, arguments: Mapping[str, Any], limits: Mapping[str, int]) -> Answer:
    trainer = session.trainer
    example = _example(trainer, arguments)
    layer, unit = _chosen_part(trainer, arguments, limits)
    yield
    way = probes.trace(trainer, example.inputs, example.label)
    yield
    layers = [_traced(trainer, way, index, unit, is_chosen=layer in (None, index)) for index in range(len(way.layers))]
    members: dict[str, Any] = {
        "step": trainer.step,
        "split": example.split,
        "index": example.place,
        "learning_rate": trainer.learning_rate,
        **example.described(),
        "loss": way.loss,
        "fused": way.is_fused,
        "outputs": way.outputs,
        "targets": way.targets,
        "layers": layers,
    }
    return (yield from written(members))


def _traced(trainer: Trainer, way: probes.Trace, index: int, unit: int | None, is_chosen: bool) -> dict[str, Any]:
    """Return what is told of a layer: of every unit its numbers, and of the chosen ones every product."""
    traced = way.layers[index]
    members: dict[str, Any] = {
        "inputs": traced.inputs,
        "sums": traced.sums,
        "activations": traced.activations,
        "errors": traced.errors,
        "slopes": traced.slopes,
        "deltas": traced.deltas,
        "biases": traced.biases,
    }
    names = ("weights", "products", "weight_gradients", "penalties", "error_products")
    if not is_chosen:
        return members | dict.fromkeys(names)
    penalties = None
    if way.penalty is not None:
        penalties = trainer.network.layers[index].matrix(way.penalty)[:-1]
    if unit is not None:
        traced = traced.only(unit)
        penalties = None if penalties is None else penalties[:, unit : unit + 1]
    found = (traced.weights, traced.products, traced.weight_gradients, penalties, traced.error_products)
    return members | dict(zip(names, found, strict=True))


def _chosen_part(
    trainer: Trainer, arguments: Mapping[str, Any], limits: Mapping[str, int]
) -> tuple[int | None, int | None]:
    """Return the layer and the unit whose products are asked for. Raises Problem if they are too many to tell."""
    layer, unit = arguments.get("layer"), arguments.get("unit")
    layers = trainer.network.layers
    if layer is not None:
        _check_place("layer", layer, len(layers))
    if unit is not None:
        if layer is None:
            raise Problem.field("unit", "contradiction", "unit counts within a layer: name the layer as well.", unit)
        _check_place("unit", unit, layers[layer].units)
    chosen = layers if layer is None else [layers[layer]]
    count = sum(entry.inputs * (entry.units if unit is None else 1) for entry in chosen)
    if count > limits["trace_weights"]:
        message = (
            f"layer: {count} weights would be told; at most {limits['trace_weights']} on this server. "
            "Ask for one layer, or for one unit of it."
        )
        raise Problem.field("layer", "too_large", message, count, limits["trace_weights"])
    return layer, unit


def _histograms(session: HostedSession, arguments: Mapping[str, Any], limits: Mapping[str, int]) -> Answer:
    trainer = session.trainer
    layers = yield from probes.histograms(trainer, arguments["bins"])
    told = [{name: histogram._asdict() for name, histogram in layer._asdict().items()} for layer in layers]
    return (yield from written({"step": trainer.step, "bins": arguments["bins"], "layers": told}))


def _activity(session: HostedSession, arguments: Mapping[str, Any], limits: Mapping[str, int]) -> Answer:
    trainer, layer, unit = session.trainer, arguments["layer"], arguments["unit"]
    _check_place("layer", layer, len(trainer.network.layers))
    _check_place("unit", unit, trainer.network.layers[layer].units)
    activity = yield from probes.activity(trainer, layer, unit, arguments["bins"])
    members = {**activity._asdict(), "activations": activity.activations._asdict()}
    return (yield from written({"step": trainer.step, "layer": layer, "unit": unit, **members}))


def _saliency(session: HostedSession, arguments: Mapping[str, Any], limits: Mapping[str, int]) -> Answer:
    trainer = session.trainer
    example = _example(trainer, arguments)
    yield
    outputs = trainer.predict(example.inputs[None])[0]
    output = arguments.get("output")
    if output is None:
        output = int(outputs.argmax())
    _check_place("output", output, len(outputs))
    gradient = probes.saliency(trainer, example.inputs, output, arguments["of"] == "sum")
    yield
    members = {"outputs": outputs, "output": output, "of": arguments["of"], "gradient": gradient}
    return (yield from written({"step": trainer.step, **example.described(), **members}))


def _landscape(session: HostedSession, arguments: Mapping[str, Any], limits: Mapping[str, int]) -> Answer:
    trainer, resolution, weights = session.trainer, arguments["resolution"], arguments.get("weights")
    most = limits["landscape_resolution"]
    if resolution > most:
        message = f"resolution is {resolution}; at most {most} on this server."
        raise Problem.field("resolution", "too_large", message, resolution, most)
    if is_timeline := arguments["path"] == "timeline":
        steps, _, path = yield from path_of(session)
        is_number: Array = np.asarray(np.isfinite(path).all(axis=1))
        steps, path = [step for step, is_kept in zip(steps, is_number, strict=True) if is_kept], path[is_number]
    else:
        path = rows_of_numbers(arguments["path"], trainer.parameters.size, _MOST_PATH_POINTS, "path")
    yield
    if weights is None:
        directions = yield from probes.filter_normalized(trainer, arguments["seed"])
    else:
        for place, weight in enumerate(weights):
            _check_place(f"weights[{place}]", weight, trainer.parameters.size)
        if weights[0] == weights[1]:
            message = "weights must be two different ones, or there is no surface."
            raise Problem.field("weights", "duplicate", message, weights[0])
        directions = probes.weight_directions(trainer, *weights)
    surface = yield from probes.landscape(trainer, directions, resolution, arguments["span"])
    finite = surface.losses[np.isfinite(surface.losses)]
    members: dict[str, Any] = {
        "step": trainer.step,
        "weights": weights,
        "seed": arguments["seed"] if weights is None else None,
        "coordinates": surface.coordinates,
        "losses": surface.losses,
        "range": [float(finite.min()), float(finite.max())] if finite.size else None,
        "examples": surface.examples,
        "center": None,
        "directions": None,
        "path": None,
    }
    if trainer.parameters.size <= _MOST_TOLD_PARAMETERS:
        members["center"] = trainer.parameters
        members["directions"] = np.stack(directions)
    # From weights that are no numbers nothing leads anywhere.
    if len(path) and np.isfinite(directions).all() and np.isfinite(trainer.parameters).all():
        points, seen = probes.projected(trainer, directions, path)
        members["path"] = {"points": points, "seen": seen, "steps": steps if is_timeline else None}
    return (yield from written(members))


def _projection(session: HostedSession, arguments: Mapping[str, Any], limits: Mapping[str, int]) -> Answer:
    trainer, split, layer = session.trainer, arguments["split"], arguments.get("layer")
    part = _part(trainer, split)
    if layer is not None:
        _check_place("layer", layer, len(trainer.network.layers))
    found = yield from probes.projection(trainer, part, arguments["limit"], layer)
    examples = trainer.data.parts[part]
    members = {
        "step": trainer.step,
        "split": part,
        "layer": layer,
        "points": found.points,
        "targets": examples.labels(0, len(found.points)),
        "total": len(examples),
        "explained": found.explained,
        "mean": found.mean,
        "components": found.components,
    }
    return (yield from written(members))


def _space(session: HostedSession, arguments: Mapping[str, Any], limits: Mapping[str, int]) -> Answer:
    trainer, split, layer = session.trainer, arguments["split"], arguments["layer"]
    part = _part(trainer, split)
    _check_place("layer", layer, len(trainer.network.layers))
    found = yield from probes.space(
        trainer, part, arguments["limit"], layer, arguments["lines"], arguments["resolution"]
    )
    examples, seen = trainer.data.parts[part], found.projection
    members = {
        "step": trainer.step,
        "split": part,
        "layer": layer,
        "units": trainer.network.layers[layer].units,
        "projected": found.is_projected,
        "points": np.round(seen.points, _DECIMALS),
        "targets": examples.labels(0, len(seen.points)),
        "total": len(examples),
        "explained": seen.explained,
        "components": np.round(seen.components, _DECIMALS),
        "grid": None,
        "ranges": [list(ends) for ends in found.ranges],
        "field": None,
    }
    if found.grid is not None:
        members["grid"] = list(np.round(found.grid, _DECIMALS))
    if found.field is not None:
        bounds = trainer.spec.output_activation.bounds
        finite = found.field[np.isfinite(found.field)]
        low, high = bounds or ((float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0))
        members["field"] = {"range": [low, high], "values": list(np.round(found.field, _DECIMALS))}
    return (yield from written(members))


def _attack(session: HostedSession, arguments: Mapping[str, Any], limits: Mapping[str, int]) -> Answer:
    trainer = session.trainer
    example, target = _example(trainer, arguments), arguments.get("target")
    is_regression = trainer.spec.data.dataset.task == "regression"
    if target is not None:
        _check_label(trainer, target, "target")
    yield
    before = trainer.predict(example.inputs[None])[0]
    label = example.label
    if label is None and target is None:
        if is_regression:
            message = "label is missing: what number belongs to this input?"
            raise Problem.field("label", "missing", message)
        label = _class_of(trainer, before)  # What the network says is what it is to be talked out of.
    goal = label if target is None else target
    changed = yield from attacks.iterated_gradient_sign(
        trainer, example.inputs[None], np.array([goal]), arguments["epsilon"], arguments["steps"], target is not None
    )
    after = trainer.predict(changed)[0]
    told_before, told_after = _told(trainer, before, goal), _told(trainer, after, goal)
    members: dict[str, Any] = {
        "step": trainer.step,
        "input": example.inputs,
        "changed": changed[0],
        "label": label,
        "target": target,
        "epsilon": arguments["epsilon"],
        "steps": arguments["steps"],
        "distance": float(np.abs(changed[0] - example.inputs).max()),
        "before": told_before,
        "after": told_after,
        "fooled": None,
    }
    if not is_regression:
        members["fooled"] = (told_after["class"] == target) if target is not None else (told_after["class"] != label)
    return (yield from written(members))


def _told(trainer: Trainer, outputs: Array, goal: float | None) -> dict[str, Any]:
    """Return what the network says, and the loss for the label that an attack leads away from, or for its target."""
    t = trainer.data.encode_targets(np.array([goal])).T
    with np.errstate(all="ignore"):
        loss = trainer.spec.loss.total(outputs[:, None], t)
    return {"outputs": outputs, "class": _class_of(trainer, outputs), "loss": loss}


def _class_of(trainer: Trainer, outputs: Array) -> int | None:
    if trainer.spec.data.dataset.task == "regression":
        return None
    return int(chosen_classes(outputs[:, None], sum(trainer.spec.target_range) / 2)[0])


PROBES = {
    "trace": _trace,
    "histograms": _histograms,
    "activity": _activity,
    "saliency": _saliency,
    "landscape": _landscape,
    "projection": _projection,
    "space": _space,
    "attack": _attack,
}


def _example(trainer: Trainer, arguments: Mapping[str, Any]) -> _Example:
    """Return the example that is asked about: one that is sent along, or one of the session's own by its place."""
    given, label = arguments.get("input"), arguments.get("label")
    if given is not None:
        width = trainer.spec.data.dataset.inputs
        check_row(given, width, "input")
        if label is not None:
            _check_label(trainer, label, "label")
        return _Example(np.array(given, trainer.dtype), label)
    if arguments.get("next"):
        split, index = "train", trainer.next_example
    else:
        split, index = _part(trainer, arguments["split"]), arguments["index"]
    part = trainer.data.parts[split]
    _check_place("index", index, len(part))
    inputs = (part.inputs(index, index + 1)[0] * part.raw.scale).astype(trainer.dtype)
    return _Example(inputs, part.labels(index, index + 1)[0].item(), split, index)


def _part(trainer: Trainer, split: str) -> str:
    if split not in trainer.data.parts:
        found = list(trainer.data.parts)
        message = f"there are no examples in {split}; this session has them in: {', '.join(found)}."
        raise Problem.field("split", "contradiction", message, split, found)
    return split


def _check_place(field: str, place: int, count: int) -> None:
    if place >= count:
        message = f"{field} is {place}; at most {count - 1} here."
        raise Problem.field(field, "too_large", message, place, count - 1)


def _check_label(trainer: Trainer, label: float, field: str) -> None:
    """Raise Problem unless this is a class of the session's data, or a number to predict."""
    check_number(label, field)
    classes = trainer.spec.data.dataset.classes
    if classes and (label not in range(classes)):
        message = f"{field} is {label}; the classes are 0 to {classes - 1}."
        raise Problem.field(field, "contradiction", message, label, classes - 1)
