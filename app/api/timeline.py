"""The past of a session: what of it can be gone back to, and how its parameters came about."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import JSONResponse, Response

from app.api.access import Reader
from app.api.content import BINARY, JSON, NPY, preferred_type, raw
from app.api.schemas import ParameterPath, Timeline

router = APIRouter(prefix="/sessions/{session_id}/timeline", tags=["sessions"])


@router.get(
    "",
    operation_id="readTimeline",
    summary="Read the timeline",
    response_class=JSONResponse,
    responses={200: {"model": Timeline}},
)
async def read_timeline(access: Reader) -> Response:
    """Return the steps that can be gone back to, the points of the line, and what was changed along it."""
    return raw(await access.session.ask("timeline"))


@router.get(
    "/parameters",
    operation_id="readTimelineParameters",
    summary="Read parameters along the timeline",
    responses={200: {"model": ParameterPath, "content": {NPY: BINARY}}},
)
async def read_timeline_parameters(
    request: Request,
    access: Reader,
    places: Annotated[
        str | None,
        Query(
            pattern="^[0-9]{1,9}(,[0-9]{1,9}){0,63}$",
            description="Parameters by their places in the npy of `parameters`, such as 0,3; without it, all of them.",
        ),
    ] = None,
) -> Response:
    """Return the parameters at the beginning, at every snapshot of the timeline, and at the newest step."""
    media = preferred_type(request, JSON, NPY)
    chosen = None if places is None else [int(place) for place in places.split(",")]
    form = "npy" if media == NPY else "json"
    return raw(await access.session.ask("timeline_parameters", places=chosen, form=form), media)
