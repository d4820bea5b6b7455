"""Port to a graph engine: the only module that handles the driver's errors."""

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
from graph_service.telemetry.events import observe_statement

T = TypeVar("T")
Row = list[Any]
# The driver's errors are translated; without a handler Python would print its log messages as well.
logging.getLogger("neo4j").addHandler(logging.NullHandler())
IMPORT_FACTOR = 4
"""Default time limit of an import's statement, as a multiple of a question's."""
IMPORT_MARK = "/* import */ "
CONNECT_TIMEOUT_SECONDS = 5.0
"""Time limit of opening a connection; a free one is waited for twice as long where all are in use."""
RESPONSE_GRACE_SECONDS = 10.0
"""Seconds after a statement's time limit from which an engine without an answer counts as hanging."""
SCHEMA_TIMEOUT_SECONDS = 600.0
"""Time limit of creating one constraint or index."""


@dataclass(frozen=True, slots=True)
class Address:
    """Address of an engine, with the account to log in with and the database."""

    uri: str
    auth: tuple[str, str] | None
    database: str


class EngineServer(Protocol):
    """Provider of the address of a running engine; it starts or finds the engine again where that is its task."""

    name: str
    marks_imports: bool
    """True where the engine takes no time limit of one statement from the driver: it ends statements not marked as an import's."""
    retry_seconds: float
    """Seconds for which a write is retried at the same address after a conflict or a lost connection."""

    def address(self) -> Address: ...

    def close(self) -> None: ...


class Transaction:
    """A write transaction: statements in order, all or nothing."""

    def __init__(
        self, transaction: neo4j.ManagedTransaction, mark: Callable[[str], str], watched_session: WatchedSession
    ) -> None:
        self._transaction, self._mark, self._watched_session = transaction, mark, watched_session
        self.row_count = 0

    def run(self, text: str, parameters: Mapping[str, Any]) -> list[Row]:
        """Return the rows of a statement as lists in column order."""
        self._watched_session.extend_deadline()
        rows = [record.values() for record in self._transaction.run(self._mark(text), dict(parameters))]
        self._watched_session.extend_deadline()
        self.row_count += len(rows)
        return rows


_is_importing: ContextVar[bool] = ContextVar("importing", default=False)


@contextmanager
def import_time_limit() -> Iterator[None]:
    """Give the statements of this context the time limit of an import or change instead of that of questions."""
    token = _is_importing.set(True)
    try:
        yield
    finally:
        _is_importing.reset(token)


class Engine:
    """An engine: reads that cannot write, writes in retried transactions. Safe to share between threads.

    `statement_seconds`: time limit of a question's statement; `import_seconds`: of a write, and of the reads of an import or change.
    """

    def __init__(self, server: EngineServer, statement_seconds: float, import_seconds: float | None = None) -> None:
        self._server = server
        self._statement_seconds = statement_seconds
        self._import_seconds = import_seconds or statement_seconds * IMPORT_FACTOR
        self._address: Address | None = None
        self._driver: neo4j.Driver | None = None
        self._prepared: tuple[neo4j.Driver, tuple[str, ...]] | None = None
        self._lock = Lock()
        self._watchdog = Watchdog()
        # Bookmarks make reads see earlier writes, also where a cluster's follower answers.
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
        """Return the rows of a statement as lists in column order, read in one snapshot."""

        def run_query() -> list[Row]:
            is_import = _is_importing.get()
            seconds = self._import_seconds if is_import else self._statement_seconds
            with self._session(neo4j.READ_ACCESS, seconds, name, is_import=is_import) as (session, _):
                query = neo4j.Query(self._mark_import(text) if is_import else text, timeout=seconds)
                return [record.values() for record in session.run(query, dict(parameters))]

        with observe_statement(name) as observed:
            rows = _retry_once(run_query)
            observed.rows = len(rows)
            return rows

    def write(self, work: Callable[[Transaction], T], *, name: str = "") -> T:
        """Run `work` in one transaction. It may run again after a conflict or a lost connection, so it must be repeatable."""
        seconds = self._import_seconds

        def run_transaction() -> T:
            with self._session(neo4j.WRITE_ACCESS, seconds, name, is_import=True) as (session, watched_session):

                @neo4j.unit_of_work(timeout=seconds)
                def run_work(tx: neo4j.ManagedTransaction) -> T:
                    transaction = Transaction(tx, self._mark_import, watched_session)
                    result = work(transaction)
                    observed.rows = transaction.row_count
                    return result

                return session.execute_write(run_work)

        with observe_statement(name) as observed:
            return _retry_once(run_transaction)

    def execute_schema(self, statements: Sequence[str]) -> None:
        """Run schema statements, each in a separate session."""
        seconds = max(SCHEMA_TIMEOUT_SECONDS, self._import_seconds)
        for text in statements:
            with self._session(neo4j.WRITE_ACCESS, seconds, "schema", is_import=True) as (session, _):
                session.run(text).consume()

    def ensure_schema(self, statements: Sequence[str]) -> None:
        """Run schema statements that may be run again, unless they were the last ensured over this connection: dozens of statements, before
        every import."""
        ensured = (self._connect()[0], tuple(statements))
        if ensured != self._prepared:
            self.execute_schema(statements)
            self._prepared = ensured

    def close(self) -> None:
        if self._driver is not None:
            self._driver.close()
            self._driver = self._prepared = None
        self._server.close()

    @contextmanager
    def _session(
        self, access: str, seconds: float, name: str, *, is_import: bool
    ) -> Iterator[tuple[neo4j.Session, WatchedSession]]:
        """Open a session whose statements are watched, and translate the driver's errors into ours."""
        driver, address = self._connect()
        with self._watchdog.watch(seconds + RESPONSE_GRACE_SECONDS) as watched_session:
            try:
                with driver.session(
                    database=address.database, default_access_mode=access, bookmark_manager=self._bookmarks
                ) as watched_session.session:
                    yield watched_session.session, watched_session
            except DRIVER_ERRORS as error:
                if watched_session.expired:
                    raise EngineUnresponsive(
                        where=address.uri, seconds=round(seconds + RESPONSE_GRACE_SECONDS)
                    ) from error
                if watched_session.cancelled:
                    raise RequestAbandoned from error
                translated = translate_error(error, name, seconds, address.uri)
                raise (
                    ImportTimeout(seconds=seconds)
                    if is_import and isinstance(translated, StatementTimeout)
                    else translated
                ) from error

    def _mark_import(self, text: str) -> str:
        """Mark a statement of an import for an engine that recognises late questions by their text."""
        return f"{IMPORT_MARK}{text}" if self._server.marks_imports else text


def _retry_once(run: Callable[[], T]) -> T:
    """Call `run`, and once more after a conflict or a lost engine: an embedded engine is restarted, a connection reopened."""
    started_at = time.monotonic()
    try:
        return run()
    except EngineUnresponsive:
        raise
    except (EngineUnavailable, EngineConflict):
        # A slow failure would take as long again.
        if time.monotonic() - started_at > CONNECT_TIMEOUT_SECONDS:
            raise
        return run()
