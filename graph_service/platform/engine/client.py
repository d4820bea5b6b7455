"""The one port to a graph engine, and the only place that sees the driver's errors."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from threading import Lock
from typing import Any, Protocol, TypeVar

import neo4j

from graph_service.errors import (
    EngineConflict,
    EngineUnavailable,
    EngineUnresponsive,
    ImportTimeout,
    RequestAbandoned,
    StatementTimeout,
)
from graph_service.platform.engine.error_translation import DRIVER_ERRORS, translate_error
from graph_service.platform.engine.watchdog import Watchdog, WatchedSession

T = TypeVar("T")
Row = list[Any]
# What the driver says in its own words is translated; without a handler Python would print it as well.
logging.getLogger("neo4j").addHandler(logging.NullHandler())
IMPORT_FACTOR = 4
"""How much longer than a question's a statement of an import may take where nothing else is said."""
IMPORT_MARK = "/* import */ "
CONNECT_TIMEOUT_SECONDS = 5.0
"""So long a new connection may take, and so long one is waited for where all are in use."""
RESPONSE_GRACE_SECONDS = 10.0
"""An engine that has not answered so long after a statement's time limit is taken to hang."""
SCHEMA_TIMEOUT_SECONDS = 600.0
"""So long the making of one constraint or index may take."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where an engine answers, and as whom."""

    uri: str
    auth: tuple[str, str] | None
    database: str


class EngineServer(Protocol):
    """Gives the address of a running engine, starting or finding it again where that is its task."""

    name: str
    marks_imports: bool
    """Whether the engine takes no time limit of one statement from the driver: it ends those that are not marked as an import's."""
    retry_seconds: float
    """Seconds for which a write is tried again at the same address after a conflict or a lost connection."""

    def address(self) -> Address: ...

    def close(self) -> None: ...


class Transaction:
    """A write transaction: statements in order, all or nothing."""

    def __init__(
        self, transaction: neo4j.ManagedTransaction, mark: Callable[[str], str], watched_session: WatchedSession
    ) -> None:
        self._transaction, self._mark, self._watched_session = transaction, mark, watched_session

    def run(self, text: str, parameters: Mapping[str, Any]) -> list[Row]:
        """Return the rows of a statement as lists in column order."""
        self._watched_session.extend_deadline()
        rows = [record.values() for record in self._transaction.run(self._mark(text), dict(parameters))]
        self._watched_session.extend_deadline()
        return rows


_is_importing: ContextVar[bool] = ContextVar("importing", default=False)


@contextmanager
def import_time_limit() -> Iterator[None]:
    """Have the statements of this context be those of an import or change: they have its time limit, not that of questions."""
    before = _is_importing.set(True)
    try:
        yield
    finally:
        _is_importing.reset(before)


class Engine:
    """One engine: reads that cannot write, writes in retried transactions. Safe to share between threads.

    `statement_seconds`: time limit of a question's statement; `import_seconds`: of a write, and of what an import or change reads.
    """

    def __init__(self, server: EngineServer, statement_seconds: float, import_seconds: float | None = None) -> None:
        self._server = server
        self._statement_seconds = statement_seconds
        self._import_seconds = import_seconds or statement_seconds * IMPORT_FACTOR
        self._address: Address | None = None
        self._driver: neo4j.Driver | None = None
        self._lock = Lock()
        self._watchdog = Watchdog()
        # What was written is read afterwards, also where a cluster's follower answers.
        self._bookmarks = neo4j.GraphDatabase.bookmark_manager()

    @property
    def name(self) -> str:
        return self._server.name

    def _connect(self) -> tuple[neo4j.Driver, Address]:
        address = self._server.address()
        with self._lock:
            if self._driver is None or address != self._address:
                if self._driver is not None:
                    self._driver.close()
                self._driver = neo4j.GraphDatabase.driver(
                    address.uri,
                    auth=address.auth,
                    connection_timeout=CONNECT_TIMEOUT_SECONDS,
                    connection_acquisition_timeout=2 * CONNECT_TIMEOUT_SECONDS,
                    max_transaction_retry_time=self._server.retry_seconds,
                    notifications_min_severity=neo4j.NotificationMinimumSeverity.OFF,
                    warn_notification_severity=neo4j.NotificationMinimumSeverity.OFF,
                    user_agent="graph_service",
                )
                self._address = address
                self._bookmarks = neo4j.GraphDatabase.bookmark_manager()
            return self._driver, address

    def read(self, text: str, parameters: Mapping[str, Any], *, name: str = "") -> list[Row]:
        """Rows of a statement as lists in column order, as at one moment."""

        def reading() -> list[Row]:
            patient = _is_importing.get()
            seconds = self._import_seconds if patient else self._statement_seconds
            with self._session(neo4j.READ_ACCESS, seconds, name, is_import=patient) as (session, _):
                query = neo4j.Query(self._mark_import(text) if patient else text, timeout=seconds)
                return [record.values() for record in session.run(query, dict(parameters))]

        return _retry_once(reading)

    def write(self, work: Callable[[Transaction], T], *, name: str = "") -> T:
        """Run `work` in one transaction. It may run again after a conflict or a lost connection: it must bear that."""
        seconds = self._import_seconds

        def writing() -> T:
            with self._session(neo4j.WRITE_ACCESS, seconds, name, is_import=True) as (session, running):
                unit = neo4j.unit_of_work(timeout=seconds)(lambda tx: work(Transaction(tx, self._mark_import, running)))
                return session.execute_write(unit)

        return _retry_once(writing)

    def execute_schema(self, statements: Sequence[str]) -> None:
        """Run schema statements, each on its own."""
        seconds = max(SCHEMA_TIMEOUT_SECONDS, self._import_seconds)
        for text in statements:
            with self._session(neo4j.WRITE_ACCESS, seconds, "schema", is_import=True) as (session, _):
                session.run(text).consume()

    def close(self) -> None:
        if self._driver is not None:
            self._driver.close()
            self._driver = None
        self._server.close()

    @contextmanager
    def _session(
        self, access: str, seconds: float, name: str, *, is_import: bool
    ) -> Iterator[tuple[neo4j.Session, WatchedSession]]:
        """A session whose statements are watched; the one edge at which the driver's errors become ours."""
        driver, address = self._connect()
        with self._watchdog.watch(seconds + RESPONSE_GRACE_SECONDS) as running:
            try:
                with driver.session(
                    database=address.database, default_access_mode=access, bookmark_manager=self._bookmarks
                ) as running.session:
                    yield running.session, running
            except DRIVER_ERRORS as error:
                if running.expired:
                    raise EngineUnresponsive(
                        where=address.uri, seconds=round(seconds + RESPONSE_GRACE_SECONDS)
                    ) from error
                if running.cancelled:
                    raise RequestAbandoned from error
                ours = translate_error(error, name, seconds, address.uri)
                raise (
                    ImportTimeout(seconds=seconds) if is_import and isinstance(ours, StatementTimeout) else ours
                ) from error

    def _mark_import(self, text: str) -> str:
        """Mark a statement of an import for an engine that ends those of questions by their text."""
        return f"{IMPORT_MARK}{text}" if self._server.marks_imports else text


def _retry_once(run: Callable[[], T]) -> T:
    """`run`, and again after a conflict, or when the engine was lost: an embedded one is started anew, a connection opened anew."""
    began = time.monotonic()
    try:
        return run()
    except EngineUnresponsive:
        raise
    except (EngineUnavailable, EngineConflict):
        # What took long to fail would take as long again.
        if time.monotonic() - began > CONNECT_TIMEOUT_SECONDS:
            raise
        return run()
