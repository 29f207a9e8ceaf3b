"""The REST interface under /api/v1, one resource a file."""

from fastapi import APIRouter

from app.api import (
    boundary,
    catalog,
    commands,
    data,
    health,
    history,
    parameters,
    predict,
    predictions,
    sessions,
    snapshot,
    spec,
)

_RESOURCES = (catalog, sessions, spec, commands, data, history, boundary, predict, predictions, parameters, snapshot)


def router() -> APIRouter:
    """Return every route of the interface, and those for health checks at the root."""
    whole = APIRouter(responses={"default": {"$ref": "#/components/responses/Problem"}})
    whole.include_router(health.router)
    for resource in _RESOURCES:
        whole.include_router(resource.router, prefix="/api/v1")
    return whole
