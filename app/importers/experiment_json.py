"""An ExperimentSpec as JSON, such as a saved file or what a link says: what is wrong is left out, the rest is taken."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from app.errors import FieldError, Problem, field_error_of, field_path
from app.importers.imported import Imported, Note
from app.limits import check_limits
from app.strict_json import check_numbers, decode_object
from engine import ExperimentSpec

Path = tuple[int | str, ...]

# Each round leaves out at least one member; a text with more faults than this is no spec.
_MOST_ROUNDS = 50


def read_experiment(text: str, limits: Mapping[str, int]) -> Imported:
    """Return the experiment in a JSON text: a spec, or an object with a spec in it, as sessions are made from.

    Raises Problem 422 where the text is no JSON object, or has numbers that are none.
    """
    try:
        given = decode_object(text)
    except Problem as problem:
        raise Problem.field("text", problem.code, f"text: {problem.detail}", text) from None
    check_numbers(given)
    if isinstance(given.get("spec"), dict) and not given.keys() & ExperimentSpec.model_fields.keys():
        given = given["spec"]
    notes: list[Note] = []
    gone: set[Path] = set()
    for _ in range(_MOST_ROUNDS):
        try:
            spec = ExperimentSpec.model_validate(given)
            check_limits(spec, limits)
            return Imported(spec, notes)
        except ValidationError as error:
            faults = list(_faults(error))
        except Problem as problem:
            faults = [(_path(entry["field"]), entry) for entry in problem.errors]
        if not _left_out(given, faults, notes, gone) and not _section_left_out(given, faults, notes):
            break
    detail = "; ".join(entry["message"] for _, entry in faults[:5])
    raise Problem(422, "invalid", "Some fields are not valid", detail, [entry for _, entry in faults[:100]])


def _faults(error: ValidationError) -> Iterator[tuple[Path, FieldError]]:
    for line in error.errors(include_url=False):
        if line["type"] == "default_factory_not_called":  # Another field is at fault.
            continue
        yield (*line["loc"], *line.get("ctx", {}).get("path", ())), field_error_of(line)


def _path(field: str) -> Path:
    """Return ``("network", "layers", 2, "units")`` for ``network.layers[2].units``."""
    return tuple(int(part) if part.isdigit() else part for part in re.findall(r"[^.\[\]]+", field))


def _left_out(given: Any, faults: Sequence[tuple[Path, FieldError]], notes: list[Note], gone: set[Path]) -> bool:
    """Remove what is at fault from `given`, from behind, so that places in lists stay what they are.

    That something is missing is no news where it is one of those that are `gone`, left out before.
    """
    is_changed = False
    for path, entry in sorted(faults, key=lambda fault: [str(part).zfill(9) for part in fault[0]], reverse=True):
        removed = _remove(given, path)
        if removed is None:
            continue
        is_changed = True
        if not (entry["code"] == "missing" and path in gone):
            notes.append(
                Note(field_path(removed), entry["code"], entry["message"], entry.get("value"), limit=entry.get("limit"))
            )
        gone.add(removed)
    return is_changed


def _section_left_out(given: dict[str, Any], faults: Sequence[tuple[Path, FieldError]], notes: list[Note]) -> bool:
    """Remove a whole section, where what is given contradicts what is not: which of its members is at fault is open."""
    for section in ("training", "network", "data"):
        if given.pop(section, None) is not None:
            for _, entry in faults:
                notes.append(
                    Note(section, entry["code"], entry["message"], entry.get("value"), limit=entry.get("limit"))
                )
            return True
    return False


def _remove(given: Any, path: Path) -> Path | None:
    """Remove what lies at `path`, or else the nearest thing around it; return where that was, None if nowhere."""
    containers = [given]
    for part in path:
        inner = containers[-1]
        has_part = part in inner if isinstance(inner, dict) else isinstance(inner, list) and part in range(len(inner))
        if not has_part:
            break
        containers.append(inner[part])
    depth = len(containers) - 2
    if depth < 0:
        return None
    del containers[depth][path[depth]]
    return path[: depth + 1]
