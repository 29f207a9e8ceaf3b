"""How often a client may do something: a bucket of tokens for each."""

import math
import time

from app.errors import Problem
from app.settings import Settings

_LEAST_SWEEP_SIZE = 1024
# Sums of intervals are not exact; a token must not be refused for the last bit.
_ROUNDING_S = 1e-6


class TokenBuckets:
    """For each client a bucket that holds `at_once` tokens when it is full, and is filled by `per_minute` of them.

    Of a bucket only the time is kept at which it will be full again, and of a full one nothing: what is kept here is
    no more than the clients that took a token within the time that an empty bucket needs to fill.
    """

    def __init__(self, at_once: int, per_minute: int) -> None:
        self._interval_s = 60 / per_minute
        self._capacity_s = at_once * self._interval_s
        self._full_at_s: dict[str, float] = {}
        self._sweep_size = _LEAST_SWEEP_SIZE

    def __len__(self) -> int:
        return len(self._full_at_s)

    def take(self, client: str, now_s: float) -> float:
        """Take a token and return 0; or take none, and return after how many seconds there will be one.

        `now_s` is the time of a clock that never goes back.
        """
        wait_s = self.wait_s(client, now_s)
        if wait_s == 0:
            self._full_at_s[client] = self._full_with_one_less_s(client, now_s)
            if len(self._full_at_s) > self._sweep_size:
                self._forget_full_buckets(now_s)
        return wait_s

    def wait_s(self, client: str, now_s: float) -> float:
        """Return after how many seconds there will be a token; 0: there is one now."""
        wait_s = self._full_with_one_less_s(client, now_s) - now_s - self._capacity_s
        return wait_s if wait_s > _ROUNDING_S else 0.0

    def _full_with_one_less_s(self, client: str, now_s: float) -> float:
        """Return when the bucket would be full again if a token were taken now."""
        return max(now_s, self._full_at_s.get(client, now_s)) + self._interval_s

    def _forget_full_buckets(self, now_s: float) -> None:
        self._full_at_s = {client: full_at_s for client, full_at_s in self._full_at_s.items() if full_at_s > now_s}
        # At twice the size: looking through all of them then costs each token no more than a few steps.
        self._sweep_size = max(_LEAST_SWEEP_SIZE, 2 * len(self._full_at_s))


def take_turn(creations: TokenBuckets, client: str, settings: Settings, what: str = "sessions") -> None:
    """Count a creation for the client. Raises Problem 429 if it was one too many."""
    wait_s = creations.take(client, time.monotonic())
    if wait_s > 0:
        seconds = math.ceil(wait_s)
        detail = (
            f"From one address, {settings.max_creations_at_once} {what} may be created at once, and then "
            f"{settings.max_creations_per_minute} a minute. Try again in {seconds} s."
        )
        headers = {"Retry-After": str(seconds)}
        raise Problem(429, "too_many_creations", f"Too many {what} at once", detail, headers=headers)
