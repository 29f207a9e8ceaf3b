"""One registry: a component is a frozen Pydantic model, and importing its file registers it.

A component's fields are its hyper-parameters, with bounds; `label`, `help` and `formula` stand beside them in English
and Italian. Validation, the catalogue, the page's controls and the parameters of the common tests all come from here,
so that adding a component is one class in one place.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, Self, TypedDict, get_args

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler, TypeAdapter, model_serializer, model_validator
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, PydanticCustomError, PydanticUndefined

Kind = Literal[
    "activation",
    "loss",
    "optimizer",
    "schedule",
    "clipping",
    "initializer",
    "regularizer",
    "stop_rule",
    "dataset",
    "feature",
    "metric",
]


class Text(TypedDict):
    """A sentence in both of the project's languages."""

    en: str
    it: str


def text(en: str, it: str) -> Text:
    """Return the English and the Italian wording of one thing."""
    return {"en": en, "it": it}


def setting(
    default: Any = PydanticUndefined,
    *,
    label: Text,
    help: Text,
    scale: Literal["linear", "log"] = "linear",
    step: float | None = None,
    choices: dict[str, Text] | None = None,
    **bounds: Any,
) -> Any:
    """Return a field with its bounds (`ge`, `gt`, `le`, `lt`), its place on a slider, and its words.

    Without a default it must be given, unless a `default_factory` makes one of the fields before it. A field that takes
    one of a few names has words for each in `choices`.
    """
    extra: dict[str, Any] = {"label": dict(label), "help": dict(help), "scale": scale}
    if step is not None:
        extra["step"] = step
    if choices is not None:
        extra["choices"] = {name: dict(words) for name, words in choices.items()}
    strict = isinstance(default, int | float)  # No "0.03" for a number, no true for 1.
    return Field(default, strict=strict or None, json_schema_extra=extra, **bounds)


class Model(BaseModel):
    """What every part of a spec shares: frozen, nothing unknown, no NaN and no infinity."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, validate_default=False)


class Component(Model):
    """A named choice with its hyper-parameters; a subclass that states `name` is registered under its `kind`.

    `aliases` are other names under which it is known elsewhere; they are understood, and answered with `name`.
    """

    kind: ClassVar[Kind]
    name: ClassVar[str]
    aliases: ClassVar[tuple[str, ...]] = ()
    label: ClassVar[Text]
    help: ClassVar[Text]
    formula: ClassVar[str] = ""

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        if "name" in cls.__dict__:
            _components.setdefault(cls.kind, {})[cls.name] = cls
            _names_by_alias.setdefault(cls.kind, {}).update(dict.fromkeys(cls.aliases, cls.name))

    @classmethod
    def facts(cls) -> dict[str, Any]:
        """Return what the catalogue says of this component beside its words and fields."""
        return {}

    # Typing spec fields by the base class and looking the name up here keeps tags out of the paths of errors.
    @model_validator(mode="wrap")
    @classmethod
    def _look_up(cls, value: Any, handler: Any) -> Any:
        if isinstance(value, cls):
            return value
        if isinstance(value, str):
            value = {"name": value}
        if not isinstance(value, dict):
            raise PydanticCustomError("wrong_type", "expected a name or an object with a name")
        if isinstance(value.get("name"), str):
            aliases = _names_by_alias.get(cls.kind, {})
            value = {**value, "name": aliases.get(value["name"], value["name"])}
        if "name" in cls.__dict__:
            fields = {key: entry for key, entry in value.items() if key != "name"}
            if value.get("name", cls.name) != cls.name:
                raise _unknown_name(cls.kind, value["name"])
            return handler(fields)
        if "name" not in value:
            raise PydanticCustomError("missing", "the name is missing; one of {names}", _names(cls.kind))
        chosen = _components[cls.kind].get(value["name"]) if isinstance(value["name"], str) else None
        if chosen is None or not issubclass(chosen, cls):
            raise _unknown_name(cls.kind, value["name"])
        return chosen.model_validate(value)

    @model_serializer(mode="plain")
    def _full_form(self) -> dict[str, Any]:
        return {"name": self.name, **{field: getattr(self, field) for field in type(self).model_fields}}

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        if "name" in cls.__dict__:
            return component_schema(cls)
        known = components(cls.kind)
        bare = [name for name, component in known.items() if not _required(component)]
        return {"oneOf": [{"type": "string", "enum": bare}, *(component_schema(known[name]) for name in known)]}

    def replace(self, **fields: Any) -> Self:
        """Return this component with some fields changed, validated."""
        return type(self).model_validate({**self.model_dump(), **fields})


_components: dict[str, dict[str, type[Component]]] = {}
_names_by_alias: dict[str, dict[str, str]] = {}


def kinds() -> tuple[Kind, ...]:
    """Return every kind of component, in the order of the catalogue."""
    return get_args(Kind)


def components(kind: Kind) -> dict[str, type[Any]]:
    """Return the registered components of a kind by name, in the order of their definition."""
    return dict(_components.get(kind, {}))


def find(kind: Kind, name: str) -> type[Any]:
    """Return a component's class; KeyError when there is none of that name."""
    return _components[kind][name]


def component_schema(component: type[Component]) -> dict[str, Any]:
    """Return the JSON Schema of a component's full form."""
    return {
        "type": "object",
        "title": component.name,
        "properties": {"name": {"const": component.name}, **field_schemas(component)},
        "required": ["name", *_required(component)],
        "additionalProperties": False,
    }


def _required(component: type[Component]) -> list[str]:
    return [field for field, info in component.model_fields.items() if info.is_required()]


def field_schemas(model: type[BaseModel]) -> dict[str, Any]:
    """Return the JSON Schema of each field of a model: bounds, default, scale, step, label and help."""
    return {name: _field_schema(info) for name, info in model.model_fields.items()}


def _field_schema(info: FieldInfo) -> dict[str, Any]:
    # Without the default: one that is made of other fields means nothing here.
    bounded: Any = Annotated[info.annotation, *info.metadata, Field(json_schema_extra=info.json_schema_extra)]
    schema = TypeAdapter(bounded).json_schema()
    if "anyOf" in schema:  # A number or null: the number's bounds, and that it may be left out.
        schema.update(next(choice for choice in schema.pop("anyOf") if choice != {"type": "null"}), nullable=True)
    if isinstance(info.default, int | float | str | None):
        schema["default"] = info.default
    return schema


def _names(kind: Kind) -> dict[str, Any]:
    return {"names": ", ".join(components(kind))}


def _unknown_name(kind: Kind, name: Any) -> PydanticCustomError:
    shown = str(name)[:40]
    return PydanticCustomError(
        "unknown_name",
        "there is no {kind} named '{shown}'; choose one of {names}",
        {"kind": kind, "shown": shown, "value": shown, "limit": list(components(kind)), **_names(kind)},
    )
