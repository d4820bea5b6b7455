"""Statements under way: each is cut off at its deadline, or when nobody waits for its answer any more.

The driver reads without a time limit, and its statements cannot be ended from outside. So a statement is ended by cutting its
connection: Neo4j then ends it by itself, the embedded engine by `engine/abandoned.py`.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from threading import Condition, Lock, Thread

import neo4j

from graph_service.errors import RequestAbandoned

CHECK_INTERVAL_SECONDS = 0.5
IDLE_SECONDS = 60.0
"""So long without statements, the thread that watches them stays."""


class Cancellation:
    """Whether an answer is still waited for. `cancel` may be called from any thread."""

    def __init__(self) -> None:
        self.cancelled = False
        self._sessions: set[WatchedSession] = set()
        self._lock = Lock()

    def cancel(self) -> None:
        """Cut off what runs for it, and refuse what would be run for it later."""
        with self._lock:
            self.cancelled = True
            running = list(self._sessions)
        for statement in running:
            statement.disconnect()

    def add(self, session: WatchedSession) -> None:
        """Have a statement end with it. Raises `RequestAbandoned` where nobody waits any more."""
        with self._lock:
            if self.cancelled:
                raise RequestAbandoned
            self._sessions.add(session)

    def discard(self, session: WatchedSession) -> None:
        """Forget a statement that has ended."""
        with self._lock:
            self._sessions.discard(session)


CANCELLATION: ContextVar[Cancellation | None] = ContextVar("CANCELLATION", default=None)
"""That of the request for which this thread works; none: what it runs is never abandoned."""


@dataclass(slots=True, eq=False)
class WatchedSession:
    """Statements of one session. `expired`: the engine kept silent beyond the deadline."""

    seconds: float
    cancellation: Cancellation | None
    deadline: float = 0.0
    expired: bool = False
    session: neo4j.Session | None = None

    def extend_deadline(self) -> None:
        """Give the next statement its whole time."""
        self.deadline = time.monotonic() + self.seconds

    @property
    def cancelled(self) -> bool:
        """Whether nobody waits for it any more."""
        return self.cancellation is not None and self.cancellation.cancelled

    def check(self) -> None:
        """Cut it off where it is late or cancelled."""
        if time.monotonic() > self.deadline:
            self.expired = True
        if self.expired or self.cancelled:
            self.disconnect()

    def disconnect(self) -> None:
        """Close its connection under it. One that is not connected yet is cut off by a later check."""
        connection = None if self.session is None else self.session._connection
        if connection is not None:
            connection.kill()  # type: ignore[no-untyped-call]


class Watchdog:
    """Watches the statements of an engine. Safe to share between threads."""

    def __init__(self) -> None:
        self._sessions: set[WatchedSession] = set()
        self._changed = Condition()
        self._thread: Thread | None = None

    @contextmanager
    def watch(self, seconds: float) -> Iterator[WatchedSession]:
        """Watch one session. Raises `RequestAbandoned` where nobody waits for it any more."""
        running = WatchedSession(seconds, CANCELLATION.get())
        running.extend_deadline()
        if running.cancellation is not None:
            running.cancellation.add(running)
        with self._changed:
            self._sessions.add(running)
            if self._thread is None:
                self._thread = Thread(target=self._run, name="watchdog", daemon=True)
                self._thread.start()
            elif len(self._sessions) == 1:
                self._changed.notify()
        try:
            yield running
        finally:
            with self._changed:
                self._sessions.discard(running)
            if running.cancellation is not None:
                running.cancellation.discard(running)

    def _run(self) -> None:
        while True:
            with self._changed:
                if not self._sessions and not self._changed.wait(IDLE_SECONDS) and not self._sessions:
                    self._thread = None
                    return
                running = list(self._sessions)
            for statement in running:
                statement.check()
            time.sleep(CHECK_INTERVAL_SECONDS)
