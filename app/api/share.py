"""How others find this server and a session on it: its addresses, and their QR codes."""

import asyncio
import io
from typing import Annotated, Any, Literal
from urllib.parse import urlencode, urlsplit

import segno
from fastapi import APIRouter, Request
from pydantic import BaseModel, Field, ValidationError
from starlette.responses import JSONResponse, Response

from app.addresses import addresses, is_loopback, reach
from app.api.access import CurrentSettings, Reader
from app.api.content import JSON, answer, read_json
from app.api.schemas import Document
from app.errors import Problem

router = APIRouter()

SVG = "image/svg+xml"
_QUIET_ZONE = 4  # Modules of white around the code, as ISO/IEC 18004 asks for.


class Addresses(Document):
    """Where others reach this server."""

    reach: Literal["network", "machine", "container"] = Field(
        description="Who reaches it: its network, this machine alone, or (in a container) whom the machine lets in."
    )
    hosts: list[str] = Field(
        description="Its addresses on the network, the likeliest first; told only to those who ask at localhost."
    )


class QrRequest(BaseModel, extra="forbid", strict=True):
    """A page of this server, and perhaps this session on it."""

    address: Annotated[str, Field(max_length=300, description="The address of a page of this server.")]
    token: Annotated[str, Field(max_length=200)] | None = Field(
        None, description="With a token of the session, the code opens the session; without, the page alone."
    )
    setup: Annotated[str, Field(max_length=1500, pattern=r"^[A-Za-z0-9_.,;:()=&%*!'~-]*$")] | None = Field(
        None, description="The setup that the page opens with, as it stands after # in its links; not with a token."
    )


@router.get(
    "/addresses",
    operation_id="readAddresses",
    summary="Read the server's addresses",
    tags=["catalog"],
    response_class=JSONResponse,
    responses={200: {"model": Addresses}},
)
async def read_addresses(request: Request, settings: CurrentSettings) -> Response:
    """Return where others on the network find this server, for a page that was opened at localhost."""
    reached = reach(settings.host)
    # Whoever asks by another name has an address that works already, and need not know the others.
    is_told = reached == "network" and is_loopback(request.url.hostname or "")
    hosts = await asyncio.to_thread(addresses, settings.host) if is_told else []
    return answer({"reach": reached, "hosts": hosts})


@router.post(
    "/sessions/{session_id}/qr",
    operation_id="drawQr",
    summary="Draw a QR code",
    tags=["sessions"],
    response_class=Response,
    responses={200: {"content": {SVG: {"schema": {"type": "string"}}}}},
    openapi_extra={
        "requestBody": {"content": {JSON: {"schema": QrRequest.model_json_schema()}}, "required": True},
    },
)
async def draw_qr(request: Request, access: Reader, settings: CurrentSettings) -> Response:
    """Return the QR code of a page of this server, or of this session on it, as SVG; of nothing else."""
    try:
        wanted = QrRequest.model_validate(await read_json(request))
    except ValidationError as error:
        raise Problem.from_validation(error) from None
    pages = {f"{settings.base_path}/", f"{settings.base_path}/mnist"}
    own = {request.url.hostname, *settings.allowed_hosts, *await asyncio.to_thread(addresses, settings.host)}
    if not _is_page(wanted.address, own, request.url.port, pages):
        message = "address must be that of a page of this server, without a query or a fragment."
        raise Problem.field("address", "foreign_address", message, wanted.address)
    text = wanted.address
    if wanted.token is not None:
        if access.session.keys.role(wanted.token) is None:
            raise Problem.field("token", "foreign_token", "token must be one of this session.")
        text += "#" + urlencode({"session": access.session.id, "token": wanted.token})
        if wanted.setup:
            raise Problem.field("setup", "contradiction", "setup and token exclude each other; give one of them.")
    elif wanted.setup:
        if {pair.partition("=")[0] for pair in wanted.setup.split("&")} & {"session", "token"}:
            raise Problem.field("setup", "foreign_token", "setup must be what a link to a setup says; give a token.")
        text += f"#{wanted.setup}"
    drawn = await asyncio.to_thread(_drawn, text)
    return Response(drawn, media_type=SVG, headers={"Cache-Control": "no-store"})


def _is_page(address: str, hosts: set[Any], port: int | None, pages: set[str]) -> bool:
    try:
        url = urlsplit(address)
        parts = (url.hostname, url.port)
    except ValueError:
        return False
    # Put together again it must be the same: no user, no query, no fragment, nothing that is read in two ways.
    plain = f"{url.scheme}://{url.netloc}{url.path}"
    return (
        url.scheme in ("http", "https")
        and "@" not in url.netloc
        and plain == address
        and parts[0] in hosts
        and parts[1] == port
        and url.path in pages
    )


def _drawn(text: str) -> bytes:
    """Return a QR code as an SVG without a size of its own, dark on light whatever the page's colours are."""
    image = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        image, kind="svg", border=_QUIET_ZONE, dark="#000", light="#fff", xmldecl=False, omitsize=True, svgclass=None
    )
    return image.getvalue()
