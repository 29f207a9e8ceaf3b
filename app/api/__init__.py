"""The REST interface under /api/v1, one resource a file."""

from fastapi import APIRouter

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


def router() -> APIRouter:
    """Return every route of the interface, and those for health checks and metrics at the root."""
    whole = APIRouter(responses={"default": {"$ref": "#/components/responses/Problem"}})
    whole.include_router(health.router)
    whole.include_router(metrics.router)
    for resource in _RESOURCES:
        whole.include_router(resource.router, prefix="/api/v1")
    return whole
