"""Who may do what with a session: the token of a request, checked before anything else is looked at."""

from typing import Annotated, NamedTuple

from fastapi import Depends, Path, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from app.client import client_of
from app.errors import Problem
from app.sessions import Role, Session, Sessions
from app.settings import Settings

_bearer = HTTPBearer(
    auto_error=False,
    scheme_name="token",
    description="The token of the owner (may change the session) or of a viewer (may only read it).",
)


async def settings_of(request: Request) -> Settings:
    """Return the settings with which the application was made."""
    settings: Settings = request.app.state.settings
    return settings


async def sessions_of(request: Request) -> Sessions:
    """Return the application's sessions."""
    sessions: Sessions = request.app.state.sessions
    return sessions


async def client_of_request(request: Request, settings: Annotated[Settings, Depends(settings_of)]) -> str:
    """Return the address that the request counts for."""
    return client_of(request.scope, settings.trusted_proxies)


class Access(NamedTuple):
    """A session and what the asker may do with it."""

    session: Session
    role: Role


async def read_access(
    session_id: Annotated[str, Path(description="The `id` that creating the session answered.")],
    credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
    sessions: Annotated[Sessions, Depends(sessions_of)],
) -> Access:
    """Return the session if the token may read it; Problem 401 without a token, 404 with another session's."""
    token = credentials.credentials if credentials else ""
    session, role = sessions.authorize(session_id, token)
    return Access(session, role)


async def write_access(access: Annotated[Access, Depends(read_access)]) -> Access:
    """Return the session if the token may change it; Problem 403 for a viewer's."""
    if not access.role.may_write:
        raise Problem(403, "read_only", "Read only", "A viewer's token may read the session, not change it.")
    return access


Reader = Annotated[Access, Depends(read_access)]
Writer = Annotated[Access, Depends(write_access)]
CurrentSessions = Annotated[Sessions, Depends(sessions_of)]
Client = Annotated[str, Depends(client_of_request)]
CurrentSettings = Annotated[Settings, Depends(settings_of)]
