"""Data sets of a user's own: tables sent as CSV or JSON, listed, read, deleted."""

import asyncio
import contextlib
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import Field
from starlette.responses import JSONResponse, Response

from app.api.access import Client, CurrentSessions, CurrentSettings
from app.api.content import BINARY, JSON, answer, preferred_type, raw, require_type
from app.api.schemas import Document
from app.body_limit import CSV, TSV
from app.datasets.describing import described, suggested, written_csv, written_json
from app.datasets.library import Library
from app.datasets.reading import Reading, read_csv, read_json
from app.errors import Problem
from app.rates import take_turn
from app.strict_json import parse_object
from engine.datasets.content import TableContent

router = APIRouter(prefix="/datasets", tags=["datasets"])

_MOST_NAME_LETTERS = 200

_bearer = HTTPBearer(
    auto_error=False,
    scheme_name="collection",
    description="The token of a collection of data sets: it may add to it, list it and delete from it.",
)


class ColumnDocument(Document):
    """What is in a column."""

    name: str
    kind: str = Field(description="number or text")
    missing: int = Field(description="How many of its cells are empty.")
    min: float | None = Field(None, description="The least of its numbers.")
    max: float | None = Field(None, description="The greatest of its numbers.")
    values: list[str] | None = Field(None, description="Its texts, if they are few enough to be classes.")


class Note(Document):
    """Something that was guessed, left out or changed to read a table."""

    field: str = Field(description="The column, if one is meant.")
    code: str
    value: Any
    to: Any
    message: str


class DatasetDocument(Document):
    """A table, and the data set of a spec that it suggests."""

    id: str = Field(description="The checksum of its content; whoever knows it may read the table and train on it.")
    rows: int
    columns: list[ColumnDocument]
    preview: list[list[float | str | None]] = Field(description="The first rows.")
    suggested: dict[str, Any] | None = Field(description="What may stand at data.dataset in a spec.")


class DatasetCreated(DatasetDocument):
    """A table that has just been taken."""

    name: str
    token: str | None = Field(description="The token of the new collection, told only now; null if one was given.")
    notes: list[Note]


class DatasetRead(DatasetDocument):
    """A table with its whole content, as it could be sent again."""

    table: dict[str, Any]


class HeldDataset(Document):
    """A table in a collection."""

    id: str
    name: str
    bytes: int


class Collection(Document):
    """The tables of a collection, the newest last."""

    datasets: list[HeldDataset]


async def token_of(credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]) -> str:
    """Return the token of a collection; an empty one if there is none."""
    return credentials.credentials if credentials else ""


async def library_of(sessions: CurrentSessions) -> Library:
    """Return the tables that users have given."""
    return sessions.library


async def collection_of(
    token: Annotated[str, Depends(token_of)], library: Annotated[Library, Depends(library_of)]
) -> int:
    """Return the collection that the token opens; Problem 401 without a token, 404 with a wrong one."""
    return await asyncio.to_thread(library.open_collection, token)


CurrentLibrary = Annotated[Library, Depends(library_of)]
OwnCollection = Annotated[int, Depends(collection_of)]
Token = Annotated[str, Depends(token_of)]
DatasetId = Annotated[str, Path(description="The `id` that sending the table answered.")]
NewName = Annotated[
    str,
    Query(
        alias="name", min_length=1, max_length=_MOST_NAME_LETTERS, description="What the owner calls it from now on."
    ),
]
Name = Annotated[str, Query(max_length=_MOST_NAME_LETTERS, description="What the owner calls it, such as a file.")]


@router.post(
    "",
    operation_id="createDataset",
    summary="Send a table",
    status_code=201,
    response_class=JSONResponse,
    responses={201: {"model": DatasetCreated}},
    openapi_extra={
        "security": [{}],  # Or none: then it begins a collection.
        "requestBody": {
            "required": True,
            "content": {
                CSV: {"schema": {"type": "string"}},
                TSV: {"schema": {"type": "string"}},
                JSON: {
                    "schema": {
                        "type": "object",
                        "additionalProperties": False,
                        "required": ["columns", "rows"],
                        "properties": {
                            "columns": {"type": "array", "items": {"type": "string"}},
                            "rows": {
                                "type": "array",
                                "items": {
                                    "type": "array",
                                    "items": {"type": ["number", "string", "boolean", "null"]},
                                },
                            },
                        },
                    }
                },
            },
        },
    },
)
async def create_dataset(
    request: Request,
    library: CurrentLibrary,
    settings: CurrentSettings,
    client: Client,
    token: Token,
    name: Name = "",
) -> Response:
    """Take a table as CSV or JSON, and tell what was found in it; without a token it begins a collection."""
    take_turn(request.app.state.uploads, client, settings, "data sets")
    media = require_type(request, CSV, TSV, JSON)
    if token:
        await asyncio.to_thread(library.open_collection, token)
    body = await request.body()
    document = parse_object(body) if media == JSON else {}
    limits = settings.limits()

    def take() -> dict[str, Any]:
        if media == JSON:
            reading = read_json(document, limits)
        else:
            reading = read_csv(body, limits, "\t" if media == TSV else None)
        return _taken(library, reading, name, client, token)

    async with request.app.state.reading:  # One at a time: a large table would leave the others no processor.
        created = await asyncio.to_thread(take)
    location = f"{request.scope.get('root_path', '')}/api/v1/datasets/{created['id']}"
    return answer(created, 201, {"Location": location})


@router.get(
    "",
    operation_id="listDatasets",
    summary="List a collection",
    response_class=JSONResponse,
    responses={200: {"model": Collection}},
)
async def list_datasets(library: CurrentLibrary, collection: OwnCollection) -> Response:
    """Return the tables of the collection that the token opens."""
    held = await asyncio.to_thread(library.list, collection)
    return answer({"datasets": [{"id": one.id, "name": one.name, "bytes": one.bytes} for one in held]})


@router.get(
    "/{dataset_id}",
    operation_id="readDataset",
    summary="Read a table",
    responses={200: {"model": DatasetRead, "content": {CSV: BINARY}}},
)
async def read_dataset(request: Request, library: CurrentLibrary, dataset_id: DatasetId) -> Response:
    """Return a table, with its description as JSON or as it is as CSV; its id is all that is needed."""
    media = preferred_type(request, JSON, CSV)

    def read() -> bytes:
        content = TableContent.from_bytes(library.read(dataset_id))
        if media == CSV:
            return written_csv(content)
        suggestion: dict[str, Any] | None = None
        with contextlib.suppress(Problem):  # A newer engine may want more of a table than the one that took it.
            suggestion = suggested(dataset_id, content)
        return written_json(dataset_id, content, suggestion)

    async with request.app.state.reading:
        response = raw(await asyncio.to_thread(read), media)
    extension = "csv" if media == CSV else "json"
    response.headers["Content-Disposition"] = f'attachment; filename="{dataset_id[7:19]}.{extension}"'
    return response


@router.patch(
    "/{dataset_id}",
    operation_id="renameDataset",
    summary="Rename a table",
    response_class=JSONResponse,
    responses={200: {"model": HeldDataset}},
)
async def rename_dataset(
    library: CurrentLibrary, collection: OwnCollection, dataset_id: DatasetId, name: NewName
) -> Response:
    """Give a table another name in the collection that the token opens."""
    held = await asyncio.to_thread(library.rename, collection, dataset_id, name.strip())
    return answer({"id": held.id, "name": held.name, "bytes": held.bytes})


@router.delete("/{dataset_id}", operation_id="deleteDataset", summary="Delete a table", status_code=204)
async def delete_dataset(library: CurrentLibrary, collection: OwnCollection, dataset_id: DatasetId) -> Response:
    """Take a table out of the collection; sessions that train on it go on."""
    await asyncio.to_thread(library.remove, collection, dataset_id)
    return Response(status_code=204)


def _taken(library: Library, reading: Reading, name: str, client: str, token: str) -> dict[str, Any]:
    """Keep what was read and return what its owner is told. Raises Problem."""
    content = reading.content
    with library.lent(content) as table_id:  # Nothing is kept that nothing can be learnt from.
        suggestion = suggested(table_id, content)
    table_id, new_token = library.put(content, name.strip(), client, token or None)
    return {
        **described(table_id, content),
        "name": name.strip(),
        "token": new_token,
        "suggested": suggestion,
        "notes": reading.notes,
    }
