"""Sessions: networks that people train on this server."""

from app.sessions.access import Role
from app.sessions.service import Sessions
from app.sessions.session import Created, Session
from app.sessions.stream import Stream

__all__ = ["Created", "Role", "Session", "Sessions", "Stream"]
