"""The OpenAPI document: what FastAPI derives from the routes, and the one shape of errors that they share."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from app.api.schemas import ProblemDocument

_REFERENCE = "#/components/schemas/{model}"

TAGS = [
    {"name": "catalog", "description": "What can be chosen."},
    {"name": "sessions", "description": "Experiments that run on this server."},
    {"name": "datasets", "description": "Data of a user's own."},
    {"name": "graphs", "description": "Expressions as graphs, and the chain rule."},
    {"name": "admin", "description": "For the one who runs the server."},
    {"name": "health", "description": "For those who watch the server."},
]


def openapi_document(app: FastAPI) -> dict[str, Any]:
    """Return the application's OpenAPI document, made once."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title, version=app.version, description=app.description, tags=TAGS, routes=app.routes
        )
        problem = ProblemDocument.model_json_schema(ref_template=_REFERENCE)
        components = document["components"]
        components["schemas"].update({**problem.pop("$defs"), "ProblemDocument": problem})
        components["responses"] = {
            "Problem": {
                "description": "What went wrong, and which fields are at fault.",
                "content": {
                    "application/problem+json": {"schema": {"$ref": _REFERENCE.format(model="ProblemDocument")}}
                },
            }
        }
        app.openapi_schema = document
    return app.openapi_schema
