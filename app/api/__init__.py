"""The REST interface under /api/v1, one resource a file."""

from typing import Any

from fastapi import FastAPI

from app.api import (
    admin,
    attack,
    boundary,
    catalog,
    commands,
    curves,
    data,
    datasets,
    graphs,
    health,
    histograms,
    history,
    imports,
    landscape,
    metrics,
    parameters,
    predict,
    predictions,
    projection,
    saliency,
    sessions,
    share,
    snapshot,
    space,
    spec,
    timeline,
    trace,
)

_RESOURCES = (
    catalog,
    sessions,
    spec,
    commands,
    data,
    datasets,
    history,
    timeline,
    boundary,
    predict,
    predictions,
    parameters,
    trace,
    histograms,
    saliency,
    landscape,
    projection,
    space,
    attack,
    snapshot,
    share,
    graphs,
    imports,
    curves,
    admin,
)


_RESPONSES: dict[int | str, dict[str, Any]] = {"default": {"$ref": "#/components/responses/Problem"}}


def add_routes(app: FastAPI) -> None:
    """Add every route of the interface, and those for health checks and metrics at the root."""
    # One by one: of a router in a router FastAPI would make every route twice, which a start has to wait for.
    for root in (health, metrics):
        app.include_router(root.router, responses=_RESPONSES)
    for resource in _RESOURCES:
        app.include_router(resource.router, prefix="/api/v1", responses=_RESPONSES)
