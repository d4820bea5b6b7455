"""Telling when something has changed: while there are any who wait, it is looked at once a second, for all of them together."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable, Mapping

from starlette.concurrency import run_in_threadpool

from graph_service.errors import GraphServiceError

Look = Callable[[], object]
log = logging.getLogger("graph_service.api")


class Watch:
    """Looks at topics and wakes those who wait for one that has changed. Of one event loop."""

    def __init__(self, topics: Mapping[str, Look], seconds: float = 1.0) -> None:
        self._topics = topics
        self._seconds = seconds
        self._waiting: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._seen: dict[str, object] = {}
        self._looking: asyncio.Task[None] | None = None
        self._closed = False

    @property
    def waiting(self) -> int:
        """How many wait."""
        return sum(map(len, self._waiting.values()))

    async def changes(self, topic: str) -> AsyncGenerator[None]:
        """At once, and whenever the topic has changed since. Changes that come faster than they are taken are one."""
        changed = asyncio.Event()
        self._waiting[topic].add(changed)
        if self._looking is None:
            self._looking = asyncio.create_task(self._look())
        try:
            while not self._closed:
                yield
                await changed.wait()
                changed.clear()
        finally:
            self._waiting[topic].discard(changed)
            if not self._waiting[topic]:
                # Who waits next begins with how it stands then.
                self._seen.pop(topic, None)
            if not self.waiting and self._looking is not None:
                self._looking.cancel()
                self._looking = None

    def close(self) -> None:
        """Nobody waits any longer: the server is leaving."""
        self._closed = True
        for some in self._waiting.values():
            for changed in some:
                changed.set()

    async def _look(self) -> None:
        while True:
            for topic in [name for name, some in self._waiting.items() if some]:
                try:
                    found = await run_in_threadpool(self._topics[topic])
                except GraphServiceError as error:
                    # An engine that is gone for a while is looked for again.
                    log.warning("looking at %s: %s", topic, error)
                    continue
                if topic in self._seen and self._seen[topic] != found:
                    for changed in self._waiting[topic]:
                        changed.set()
                self._seen[topic] = found
            await asyncio.sleep(self._seconds)
