"""Who may do what with a session: tokens of 256 bits, of which only hashes are kept."""

from __future__ import annotations

import hashlib
import secrets
from enum import Enum


class Role(Enum):
    """What a token is good for."""

    OWNER = "owner"
    VIEWER = "viewer"

    @property
    def may_write(self) -> bool:
        return self is Role.OWNER


class Keys:
    """The hashes of a session's two tokens."""

    def __init__(self) -> None:
        self._hashes: dict[Role, bytes] = {}

    @classmethod
    def of(cls, owner: bytes, viewer: bytes) -> Keys:
        """Return the keys with these hashes."""
        keys = cls()
        keys._hashes = {Role.OWNER: owner, Role.VIEWER: viewer}
        return keys

    @property
    def hashes(self) -> tuple[bytes, bytes]:
        """The hashes of the owner's and of the viewers' token."""
        return self._hashes[Role.OWNER], self._hashes[Role.VIEWER]

    def issue(self, role: Role) -> str:
        """Return a new token for a role, in place of the one before."""
        token = secrets.token_urlsafe(32)
        self._hashes[role] = _hash(token)
        return token

    def role(self, token: str) -> Role | None:
        """Return what a token is good for; None: nothing."""
        found = None
        for role, expected in self._hashes.items():
            if secrets.compare_digest(_hash(token), expected):
                found = role
        return found


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
