"""Detection of changes: while anyone waits, the topics are read once a second for all waiters together."""

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
    """Watch over topics, which wakes the waiters of a topic that has changed. It belongs to one event loop."""

    def __init__(self, topics: Mapping[str, ReadTopic], interval_seconds: float = 1.0) -> None:
        self._topics = topics
        self._interval_seconds = interval_seconds
        self._waiters: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._last_values: dict[str, object] = {}
        self._polling: asyncio.Task[None] | None = None
        self._closed = False

    @property
    def waiting_count(self) -> int:
        """Return the number of waiters."""
        return sum(map(len, self._waiters.values()))

    async def changes(self, topic: str) -> AsyncGenerator[None]:
        """Yield at once, and whenever the topic has changed since. Changes faster than they are consumed are merged."""
        change_event = asyncio.Event()
        self._waiters[topic].add(change_event)
        if self._polling is None:
            self._polling = asyncio.create_task(self._poll())
        try:
            while not self._closed:
                yield
                await change_event.wait()
                change_event.clear()
        finally:
            self._waiters[topic].discard(change_event)
            if not self._waiters[topic]:
                # The next waiter starts from the value at that time.
                self._last_values.pop(topic, None)
            if not self.waiting_count and self._polling is not None:
                self._polling.cancel()
                self._polling = None

    def close(self) -> None:
        """Wake all waiters for the last time: the server is shutting down."""
        self._closed = True
        for waiters in self._waiters.values():
            for change_event in waiters:
                change_event.set()

    async def _poll(self) -> None:
        while True:
            for topic in [name for name, waiters in self._waiters.items() if waiters]:
                try:
                    value = await run_in_threadpool(self._topics[topic])
                except GraphServiceError as error:
                    # An engine that is away for a while is tried again.
                    log.warning("looking at %s: %s", topic, error)
                    continue
                if topic in self._last_values and self._last_values[topic] != value:
                    for change_event in self._waiters[topic]:
                        change_event.set()
                self._last_values[topic] = value
            await asyncio.sleep(self._interval_seconds)
