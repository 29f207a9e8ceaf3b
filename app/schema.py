"""The committed descriptions of the interface; ``python -m app.schema`` writes them anew into a checkout."""

import json
from pathlib import Path
from typing import Any, get_args

from pydantic.json_schema import models_json_schema

from app import __version__
from app.events import EVENTS
from app.main import create_app
from app.messages import Command
from app.settings import Settings
from app.ws import Hello

_REFERENCE = "#/components/schemas/{model}"

_STREAM = """\
Everything that happens in a session while it trains. The client says hello first; every command is answered by an
ack or an error with the same id. Frames are binary; docs/protocol.md describes their layout.
"""


def openapi_text() -> str:
    """Return openapi.json: every REST route, under the default settings."""
    return json.dumps(create_app(_default_settings()).openapi(), indent=2, ensure_ascii=False) + "\n"


def asyncapi_text() -> str:
    """Return asyncapi.yaml: the stream's messages in both directions."""
    return "\n".join(_yaml_lines(_asyncapi_document())) + "\n"


def write_documents(folder: Path) -> None:
    """Write both documents into `folder`."""
    (folder / "openapi.json").write_text(openapi_text(), encoding="utf-8")
    (folder / "asyncapi.yaml").write_text(asyncapi_text(), encoding="utf-8")


def _default_settings() -> Settings:
    """Return the settings as they are without an environment."""
    return Settings.model_construct()


def _asyncapi_document() -> dict[str, Any]:
    commands = [Hello, *get_args(Command)]
    models = [*commands, *EVENTS]
    _, definitions = models_json_schema([(model, "validation") for model in models], ref_template=_REFERENCE)
    messages: dict[str, Any] = {model.__name__: _message(model) for model in models}
    messages["Frame"] = {
        "title": "Frame",
        "summary": "The newest pictures; sent only while fewer than two frames are unseen.",
        "contentType": "application/octet-stream",
        "payload": {"type": "string", "format": "binary"},
    }
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "NN Playground stream", "version": __version__, "description": _STREAM},
        "defaultContentType": "application/json",
        "channels": {
            "stream": {
                "address": "/api/v1/sessions/{session_id}/stream",
                "parameters": {"session_id": {"description": "The id that creating the session answered."}},
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
            }
        },
        "operations": {
            "receiveCommand": _operation("receive", [model.__name__ for model in commands]),
            "sendEvent": _operation("send", [*(model.__name__ for model in EVENTS), "Frame"]),
        },
        "components": {"messages": messages, "schemas": definitions["$defs"]},
    }


def _message(model: Any) -> dict[str, Any]:
    payload = {"$ref": _REFERENCE.format(model=model.__name__)}
    return {"title": model.__name__, "summary": model.__doc__, "payload": payload}


def _operation(action: str, messages: list[str]) -> dict[str, Any]:
    references = [{"$ref": f"#/channels/stream/messages/{name}"} for name in messages]
    return {"action": action, "channel": {"$ref": "#/channels/stream"}, "messages": references}


def _yaml_lines(value: Any, indent: str = "") -> list[str]:
    """Return `value` as lines of block YAML whose scalars are JSON, which YAML contains."""
    lines: list[str] = []
    entries = value.items() if isinstance(value, dict) else [(None, entry) for entry in value]
    for key, entry in entries:
        head = f"{indent}-" if key is None else f"{indent}{json.dumps(key)}:"
        if isinstance(entry, dict | list) and entry:
            lines += [head, *_yaml_lines(entry, indent + "  ")]
        else:
            lines.append(f"{head} {json.dumps(entry, ensure_ascii=False)}")
    return lines


if __name__ == "__main__":
    write_documents(Path(__file__).resolve().parent.parent)
