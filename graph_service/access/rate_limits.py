"""Limits of what a caller may send within a minute, and may have open at a time. They are counted in the memory of each process."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage

from graph_service.errors import RateExceeded

WINDOW_SECONDS = 60
UNBOUNDED = 1 << 62
OPEN_RETRY_SECONDS = 5


class PerMinuteLimit:
    """Limit of a quantity within a minute, by key: a sliding window of two counters, so that a key takes the same memory for any quantity.
    It is safe to share between threads. `name_zh`, `name_en`: the quantity, as refusals name it."""

    def __init__(self, name_zh: str, name_en: str) -> None:
        self._name_zh, self._name_en = name_zh, name_en
        self._storage = MemoryStorage()

    def take(self, key: str, limit: int, amount: int = 1) -> None:
        """Count an amount. Raises `RateExceeded` where it would be more than the limit, and counts nothing then."""
        if not self._storage.acquire_sliding_window_entry(self._entry(key), limit, WINDOW_SECONDS, amount):
            raise self._refusal(key, limit, amount)

    def record(self, key: str, amount: int = 1) -> None:
        """Count an amount that cannot be refused any more, beyond the limit too: later ones wait for it."""
        self._storage.acquire_sliding_window_entry(self._entry(key), UNBOUNDED, WINDOW_SECONDS, amount)

    def require_available(self, key: str, limit: int) -> None:
        """Raise `RateExceeded` where nothing can be taken."""
        previous, seconds_left, current, _ = self._storage.get_sliding_window(self._entry(key), WINDOW_SECONDS)
        if math.floor(previous * seconds_left / WINDOW_SECONDS + current) >= limit:
            raise self._refusal(key, limit, 1)

    def _refusal(self, key: str, limit: int, amount: int) -> RateExceeded:
        window = self._storage.get_sliding_window(self._entry(key), WINDOW_SECONDS)
        return RateExceeded(
            reason_zh=f"每分钟{self._name_zh}超过上限 {limit}",
            reason_en=f"The {self._name_en} per minute are above the limit of {limit}",
            seconds=seconds_until_available(*window, limit, amount),
        )

    @staticmethod
    def _entry(key: str) -> str:
        return RateLimitItemPerMinute(1).key_for(key)


def seconds_until_available(
    previous: int, previous_seconds: float, current: int, current_seconds: float, limit: int, amount: int
) -> int:
    """Return the seconds, at least 1, until an amount can be taken. `previous_seconds`, `current_seconds`: the time after which the
    counters of the previous and of the current minute have no weight any more."""
    if current + amount <= limit:
        excess = previous * previous_seconds / WINDOW_SECONDS + current + amount - limit
        seconds = excess * WINDOW_SECONDS / previous if previous else 0.0
    else:
        # The counter of this minute decreases from the next minute on.
        available_share = max(limit - amount, 0) / current if current else 1.0
        seconds = current_seconds - WINDOW_SECONDS * min(available_share, 1.0)
    return max(math.ceil(seconds), 1)


class OpenLimit:
    """Limit of what a key has open at a time. It belongs to one event loop."""

    def __init__(self, limit: int, name_zh: str, name_en: str) -> None:
        self._limit, self._name_zh, self._name_en = limit, name_zh, name_en
        self._counts: Counter[str] = Counter()

    @contextmanager
    def hold(self, key: str) -> Iterator[None]:
        """Count one as open as long as the context lasts. Raises `RateExceeded`."""
        self.require_available(key)
        self._counts[key] += 1
        try:
            yield
        finally:
            self._counts[key] -= 1
            if not self._counts[key]:
                del self._counts[key]

    def require_available(self, key: str) -> None:
        """Raise `RateExceeded` where no further one may be opened."""
        if key and self._counts[key] >= self._limit:
            raise RateExceeded(
                reason_zh=f"同时打开的{self._name_zh}超过上限 {self._limit} 个",
                reason_en=f"More than {self._limit} {self._name_en} are open",
                seconds=OPEN_RETRY_SECONDS,
            )
