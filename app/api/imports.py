"""Experiments that were written down elsewhere, as specs."""

from typing import Any

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from app.api.access import CurrentSettings
from app.api.content import answer
from app.api.examples import Question, asked, body_of
from app.api.schemas import Document
from app.importers import FORMATS, import_spec
from engine import ExperimentSpec

router = APIRouter(prefix="/specs", tags=["catalog"])


class ImportRequest(Question):
    """A text, and what wrote it."""

    format: str = Field(description="What wrote the text.", json_schema_extra={"enum": [*FORMATS]})
    text: str = Field(description="The text; of a link, the part after # suffices.")


class ImportNote(Document):
    """Something that could not be taken as it stood."""

    field: str = Field(description="The key in the text, or the field of the spec in which two programs differ.")
    code: str
    message: str
    value: Any = Field(description="What stood there.")
    to: Any = Field(description="What was taken for it; null if it was left out.")
    limit: Any = Field(description="The bound that it went beyond, or the names to choose from; null: there is none.")


class ImportView(Document):
    """How the experiment is to be looked at."""

    hidden: list[str] = Field(description="Parts of the page that are not to be seen.")
    show_others: bool | None = Field(description="Whether the map shows validation and test data; null: not said.")
    discretise: bool | None = Field(description="Whether the map shows classes alone; null: not said.")


class ImportAnswer(Document):
    """The experiment, and what could not be taken."""

    spec: ExperimentSpec
    notes: list[ImportNote]
    view: ImportView


@router.post(
    "/import",
    operation_id="importSpec",
    summary="Import a spec",
    response_class=JSONResponse,
    responses={200: {"model": ImportAnswer}},
    openapi_extra=body_of(ImportRequest),
)
async def import_(request: Request, settings: CurrentSettings) -> Response:
    """Return the spec that a text of another program says, with notes on what could not be taken. Nothing is kept."""
    question = await asked(request, ImportRequest)
    imported = await run_in_threadpool(import_spec, question.format, question.text, settings.limits())
    return answer(imported.to_dict())
