"""The administrator's token: given by a setting, or made at every start and printed once."""

from __future__ import annotations

import hashlib
import secrets
import time

from app.rates import TokenBuckets

# So many wrong tokens from one address at once, and then so many a minute.
_WRONG_AT_ONCE = 10
_WRONG_PER_MINUTE = 10


class Admin:
    """Knows the hash of the one token that opens the administrator's page, and who has guessed too often.

    `generated` is the token if nobody chose one, for the one who starts the server.
    """

    def __init__(self, chosen: str) -> None:
        self.generated = None if chosen else secrets.token_urlsafe(32)
        self._hash = _hash(chosen or self.generated or "")
        self._wrong = TokenBuckets(_WRONG_AT_ONCE, _WRONG_PER_MINUTE)

    def wait_s(self, client: str) -> float:
        """Return how long a client has to wait before it may try again; 0: it may try now."""
        return self._wrong.wait_s(client, time.monotonic())

    def opens(self, token: str, client: str) -> bool:
        """Return whether this is the token; a wrong one is counted for the client."""
        if secrets.compare_digest(_hash(token), self._hash):
            return True
        self._wrong.take(client, time.monotonic())
        return False


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
