"""Telling when something has changed: while there are any who wait, it is looked at once a second, for all of them together."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable, Mapping

from starlette.concurrency import run_in_threadpool

from graph_service.errors import GraphServiceError

ReadTopic = Callable[[], object]
log = logging.getLogger("graph_service.graphql")


class Watch:
    """Looks at topics and wakes those who wait for one that has changed. Of one event loop."""

    def __init__(self, topics: Mapping[str, ReadTopic], interval_seconds: float = 1.0) -> None:
        self._topics = topics
        self._interval_seconds = interval_seconds
        self._waiters: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._last_values: dict[str, object] = {}
        self._polling: asyncio.Task[None] | None = None
        self._closed = False

    @property
    def waiting_count(self) -> int:
        """How many wait."""
        return sum(map(len, self._waiters.values()))

    async def changes(self, topic: str) -> AsyncGenerator[None]:
        """At once, and whenever the topic has changed since. Changes that come faster than they are taken are one."""
        changed = asyncio.Event()
        self._waiters[topic].add(changed)
        if self._polling is None:
            self._polling = asyncio.create_task(self._poll())
        try:
            while not self._closed:
                yield
                await changed.wait()
                changed.clear()
        finally:
            self._waiters[topic].discard(changed)
            if not self._waiters[topic]:
                # Who waits next begins with how it stands then.
                self._last_values.pop(topic, None)
            if not self.waiting_count and self._polling is not None:
                self._polling.cancel()
                self._polling = None

    def close(self) -> None:
        """Nobody waits any longer: the server is leaving."""
        self._closed = True
        for some in self._waiters.values():
            for changed in some:
                changed.set()

    async def _poll(self) -> None:
        while True:
            for topic in [name for name, some in self._waiters.items() if some]:
                try:
                    found = await run_in_threadpool(self._topics[topic])
                except GraphServiceError as error:
                    # An engine that is gone for a while is looked for again.
                    log.warning("looking at %s: %s", topic, error)
                    continue
                if topic in self._last_values and self._last_values[topic] != found:
                    for changed in self._waiters[topic]:
                        changed.set()
                self._last_values[topic] = found
            await asyncio.sleep(self._interval_seconds)
