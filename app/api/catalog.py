"""The catalogue: everything that can be chosen, with its words, its bounds and a sample of it."""

import json
from functools import cache
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
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
async def read_catalog(
    request: Request,
    settings: CurrentSettings,
    lang: Annotated[Literal["en", "it"] | None, Query(description="Words of this language only.")] = None,
    schema: Annotated[bool, Query(description="Whether the JSON Schema of a spec comes along.")] = True,
) -> Response:
    """Return every component with its fields, label and help, the presets, the defaults and this server's limits."""
    return conditional_response(request, _catalog_json(tuple(settings.limits().items()), lang, schema), JSON)


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
def _catalog_json(limits: tuple[tuple[str, int], ...], language: str | None, has_schema: bool) -> bytes:
    """Return the catalogue as it is sent; writing the schemas takes longer than sending them."""
    document = {**catalog.catalog(), "limits": dict(limits)}
    if not has_schema:
        del document["schema"]
    if language is not None:
        document = _in_one_language(document, language)
    return json.dumps(document, separators=(",", ":")).encode()


def _in_one_language(part: Any, language: str) -> Any:
    """Return a part of the catalogue whose texts, `{"en": …, "it": …}`, hold one language."""
    if isinstance(part, dict):
        if part.keys() == {"en", "it"}:
            return {language: part[language]}
        return {name: _in_one_language(member, language) for name, member in part.items()}
    if isinstance(part, list | tuple):
        return [_in_one_language(member, language) for member in part]
    return part
