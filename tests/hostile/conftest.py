"""The servers of tests/app, to be attacked."""

from tests.app.conftest import server, session, start

__all__ = ["server", "session", "start"]
