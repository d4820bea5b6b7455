"""Watchdog of running statements: each is cut off at its deadline, or when nobody waits for its answer any more.

The driver reads without a time limit, and its statements cannot be ended from outside. So a statement is ended by cutting its
connection: Neo4j then ends it by itself, the embedded engine by `engine/abandoned_statements.py`.
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
"""Seconds without statements after which the watching thread ends."""


class Cancellation:
    """Cancellation of a request: once cancelled, nobody waits for its answer. `cancel` may be called from any thread."""

    def __init__(self) -> None:
        self.cancelled = False
        self._sessions: set[WatchedSession] = set()
        self._lock = Lock()

    def cancel(self) -> None:
        """Cut off the running statements of the request, and refuse later ones."""
        with self._lock:
            self.cancelled = True
            sessions = list(self._sessions)
        for session in sessions:
            session.disconnect()

    def add(self, session: WatchedSession) -> None:
        """Register a session to be cut off on `cancel`. Raises `RequestAbandoned` where the request is already cancelled."""
        with self._lock:
            if self.cancelled:
                raise RequestAbandoned
            self._sessions.add(session)

    def discard(self, session: WatchedSession) -> None:
        """Remove a session that has ended."""
        with self._lock:
            self._sessions.discard(session)


CANCELLATION: ContextVar[Cancellation | None] = ContextVar("CANCELLATION", default=None)
"""Cancellation of the request for which this thread works; None: its statements are never abandoned."""


@dataclass(slots=True, eq=False)
class WatchedSession:
    """Statements of one session. `expired`: the engine did not answer before the deadline."""

    seconds: float
    cancellation: Cancellation | None
    deadline: float = 0.0
    expired: bool = False
    session: neo4j.Session | None = None

    def extend_deadline(self) -> None:
        """Start the time of the next statement anew."""
        self.deadline = time.monotonic() + self.seconds

    @property
    def cancelled(self) -> bool:
        """Tell whether the request is cancelled."""
        return self.cancellation is not None and self.cancellation.cancelled

    def check(self) -> None:
        """Cut the session off where it is late or cancelled."""
        if time.monotonic() > self.deadline:
            self.expired = True
        if self.expired or self.cancelled:
            self.disconnect()

    def disconnect(self) -> None:
        """Kill the connection of the session. A session that is not connected yet is cut off by a later check."""
        connection = None if self.session is None else self.session._connection
        if connection is not None:
            connection.kill()  # type: ignore[no-untyped-call]


class Watchdog:
    """Watchdog of the statements of an engine. Safe to share between threads."""

    def __init__(self) -> None:
        self._sessions: set[WatchedSession] = set()
        self._changed = Condition()
        self._thread: Thread | None = None

    @contextmanager
    def watch(self, seconds: float) -> Iterator[WatchedSession]:
        """Watch one session. Raises `RequestAbandoned` where its request is cancelled."""
        watched_session = WatchedSession(seconds, CANCELLATION.get())
        watched_session.extend_deadline()
        if watched_session.cancellation is not None:
            watched_session.cancellation.add(watched_session)
        with self._changed:
            self._sessions.add(watched_session)
            if self._thread is None:
                self._thread = Thread(target=self._run, name="watchdog", daemon=True)
                self._thread.start()
            elif len(self._sessions) == 1:
                self._changed.notify()
        try:
            yield watched_session
        finally:
            with self._changed:
                self._sessions.discard(watched_session)
            if watched_session.cancellation is not None:
                watched_session.cancellation.discard(watched_session)

    def _run(self) -> None:
        while True:
            with self._changed:
                if not self._sessions and not self._changed.wait(IDLE_SECONDS) and not self._sessions:
                    self._thread = None
                    return
                sessions = list(self._sessions)
            for session in sessions:
                session.check()
            time.sleep(CHECK_INTERVAL_SECONDS)
