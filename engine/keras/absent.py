"""Saying by name what Keras has and this has not, and what comes nearest."""

from __future__ import annotations

import dis
import sys
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from functools import wraps
from inspect import signature
from typing import Any, ParamSpec, TypeVar

from pydantic import ValidationError

from engine.registry import Component

P = ParamSpec("P")
R = TypeVar("R")
C = TypeVar("C", bound=Component)


def missing_from(
    module: str,
    offered: Iterable[str],
    instead: Mapping[str, str],
    made_of_names: Mapping[str, Any] | None = None,
    owner: str = "It",
) -> Callable[[str], Any]:
    """Return a module's `__getattr__`, which says what the module has not, and what it has.

    `instead` knows what to take for some names, and `made_of_names` holds what the module has without a line for each.
    """
    found = made_of_names or {}
    names = sorted({*offered, *found})

    def missing(name: str) -> Any:
        if name in found:
            return found[name]
        if name.startswith("_"):  # Python's own questions, such as for __path__.
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        sentence = missing_sentence(module, name, names, instead, owner)
        # Python would answer `from module import name` with a sentence of its own in an AttributeError's place.
        raise ImportError(sentence, name=module) if _is_import(2) else AttributeError(sentence, name=name)

    return missing


def missing_sentence(who: str, name: str, names: Iterable[str], instead: Mapping[str, str], owner: str = "It") -> str:
    """Return what to say of a name that something has not; `instead` knows what to take for some names."""
    listed = list(names)
    nearest = f"{instead[name]}. " if name in instead else _perhaps(name, listed)
    return f"{who} has no {name}: {nearest}{owner} has {', '.join(listed)}"


def _perhaps(name: str, names: Iterable[str]) -> str:
    by_lower = {other.lower(): other for other in names}
    close = get_close_matches(name.lower(), by_lower, n=1, cutoff=0.7)
    return f"did you mean {by_lower[close[0]]}? " if close else ""


def _is_import(depth: int) -> bool:
    """Return whether the code that many calls above stands at a `from … import …`."""
    frame = sys._getframe(depth)
    return frame.f_lasti >= 0 and frame.f_code.co_code[frame.f_lasti] == dis.opmap["IMPORT_FROM"]


def only_known(function: Callable[P, R], also: Iterable[str] = ()) -> Callable[P, R]:
    """Let a function say which of its arguments it does not know; `also` names those that it passes on.

    One that is None or False asks for nothing, and is passed over: Keras's defaults may be written out.
    """
    parameters = signature(function).parameters.values()
    known = [each.name for each in parameters if each.name != "self" and each.kind is not each.VAR_KEYWORD]
    known += also
    who = function.__qualname__.removesuffix(".__init__")

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        for name in kwargs.keys() - known:
            if kwargs[name] is not None and kwargs[name] is not False:
                raise TypeError(f"{who} has no argument {name}: {_perhaps(name, known)}It has {', '.join(known)}")
            del kwargs[name]
        return function(*args, **kwargs)

    return call


def unknown_name(kind: str, given: Any, names: Iterable[str]) -> ValueError:
    """Return the error for a name, or something else, that stands for no component of a kind."""
    listed = sorted(names)
    perhaps = _perhaps(given, listed) if isinstance(given, str) else ""
    return ValueError(f"there is no {kind} {given!r:.80}: {perhaps}There are {', '.join(listed)}")


def made(who: str, component: type[C], **fields: Any) -> C:
    """Return a component of the engine with these fields. Raises ValueError that names Keras's class and the field."""
    try:
        return component(**fields)
    except ValidationError as error:
        first = error.errors()[0]
        raise ValueError(f"{who}: {first['loc'][0]} is {first['input']!r:.40}. {first['msg']}") from None
