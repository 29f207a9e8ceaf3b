"""The catalogue: everything that can be chosen, with its words, its bounds and a sample of it."""

import json
from functools import cache

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from app.api.access import CurrentSessions, CurrentSettings
from app.api.content import JSON
from app.api.schemas import Catalog, Previews
from app.conditional import conditional_response
from engine import catalog

router = APIRouter(prefix="/catalog", tags=["catalog"])


@router.get(
    "",
    operation_id="readCatalog",
    summary="Read the catalogue",
    response_class=JSONResponse,
    responses={200: {"model": Catalog}},
)
async def read_catalog(request: Request, settings: CurrentSettings) -> Response:
    """Return every component with its fields, label and help, the presets, the defaults and this server's limits."""
    return conditional_response(request, _catalog_json(tuple(settings.limits().items())), JSON)


@router.get(
    "/previews",
    operation_id="readPreviews",
    summary="Read samples for thumbnails",
    response_class=JSONResponse,
    responses={200: {"model": Previews}},
)
async def read_previews(request: Request, sessions: CurrentSessions) -> Response:
    """Return a few examples of each data set and the map of each feature."""
    return conditional_response(request, await sessions.previews(), JSON)


@cache
def _catalog_json(limits: tuple[tuple[str, int], ...]) -> bytes:
    """Return the catalogue as it is sent; writing the schemas takes longer than sending them."""
    return json.dumps({**catalog.catalog(), "limits": dict(limits)}, separators=(",", ":")).encode()
