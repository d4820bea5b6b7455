"""The one port to a graph engine, and the only place that sees the driver's errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from threading import Lock
from typing import Any, Protocol, TypeVar

import neo4j
from neo4j import exceptions as driver_errors

from graph_service.errors import EngineError, EngineUnavailable, ImportTimeout, StatementRefused, StatementTimeout

T = TypeVar("T")
Row = list[Any]
IMPORT_FACTOR = 4
"""How much longer than a question's a statement of an import may take where nothing else is said."""
IMPORT_MARK = "/* import */ "


@dataclass(frozen=True, slots=True)
class Address:
    """Where an engine answers, and as whom."""

    uri: str
    auth: tuple[str, str] | None
    database: str


class Source(Protocol):
    """Gives the address of a running engine, starting or finding it again where that is its task."""

    name: str
    marks_imports: bool
    """Whether the engine takes no time limit of one statement from the driver: it ends those that are not marked as an import's."""
    patience: float
    """Seconds for which a write is tried again at the same address after a conflict or a lost connection."""

    def address(self) -> Address: ...

    def close(self) -> None: ...


class Transaction:
    """A write transaction: statements in order, all or nothing."""

    def __init__(self, transaction: neo4j.ManagedTransaction, mark: Callable[[str], str]) -> None:
        self._transaction, self._mark = transaction, mark

    def run(self, text: str, parameters: Mapping[str, Any]) -> list[Row]:
        return [record.values() for record in self._transaction.run(self._mark(text), dict(parameters))]


_importing: ContextVar[bool] = ContextVar("importing", default=False)


@contextmanager
def importing() -> Iterator[None]:
    """Have the statements of this context be those of an import or change: they have its time limit, not that of questions."""
    before = _importing.set(True)
    try:
        yield
    finally:
        _importing.reset(before)


class Engine:
    """One engine: reads that cannot write, writes in retried transactions. Safe to share between threads.

    `seconds`: time limit of a question's statement; `import_seconds`: of a write, and of what an import or change reads.
    """

    def __init__(self, source: Source, seconds: float, import_seconds: float | None = None) -> None:
        self._source = source
        self._seconds = seconds
        self._import_seconds = import_seconds or seconds * IMPORT_FACTOR
        self._address: Address | None = None
        self._driver: neo4j.Driver | None = None
        self._lock = Lock()
        # What was written is read afterwards, also where a cluster's follower answers.
        self._bookmarks = neo4j.GraphDatabase.bookmark_manager()

    @property
    def name(self) -> str:
        return self._source.name

    def _connected(self) -> tuple[neo4j.Driver, Address]:
        address = self._source.address()
        with self._lock:
            if self._driver is None or address != self._address:
                if self._driver is not None:
                    self._driver.close()
                self._driver = neo4j.GraphDatabase.driver(
                    address.uri,
                    auth=address.auth,
                    connection_timeout=10,
                    max_transaction_retry_time=self._source.patience,
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
            patient = _importing.get()
            seconds = self._import_seconds if patient else self._seconds
            with self._translated(name, seconds, patient=patient), self._session(neo4j.READ_ACCESS) as session:
                query = neo4j.Query(self._marked(text) if patient else text, timeout=seconds)
                return [record.values() for record in session.run(query, dict(parameters))]

        return _once_more(reading)

    def write(self, work: Callable[[Transaction], T], *, name: str = "") -> T:
        """Run `work` in one transaction. It may run again after a conflict or a lost connection: it must bear that."""
        seconds = self._import_seconds
        unit = neo4j.unit_of_work(timeout=seconds)(lambda tx: work(Transaction(tx, self._marked)))

        def writing() -> T:
            with self._translated(name, seconds, patient=True), self._session(neo4j.WRITE_ACCESS) as session:
                return session.execute_write(unit)

        return _once_more(writing)

    def define(self, statements: Sequence[str]) -> None:
        """Run schema statements, each on its own."""
        with (
            self._translated("schema", self._import_seconds, patient=True),
            self._session(neo4j.WRITE_ACCESS) as session,
        ):
            for text in statements:
                session.run(text).consume()

    def close(self) -> None:
        if self._driver is not None:
            self._driver.close()
            self._driver = None
        self._source.close()

    @contextmanager
    def _session(self, access: str) -> Iterator[neo4j.Session]:
        driver, address = self._connected()
        with driver.session(
            database=address.database, default_access_mode=access, bookmark_manager=self._bookmarks
        ) as session:
            yield session

    @contextmanager
    def _translated(self, name: str, seconds: float, *, patient: bool) -> Iterator[None]:
        """The one edge at which the driver's errors become ours."""
        try:
            yield
        except (driver_errors.DriverError, driver_errors.Neo4jError) as error:
            ours = translated(error, name, seconds, self._address.uri if self._address else "")
            raise (
                ImportTimeout(seconds=seconds) if patient and isinstance(ours, StatementTimeout) else ours
            ) from error

    def _marked(self, text: str) -> str:
        """Mark a statement of an import for an engine that ends those of questions by their text."""
        return f"{IMPORT_MARK}{text}" if self._source.marks_imports else text


def _once_more(run: Callable[[], T]) -> T:
    """`run`, and again when the engine was lost: an embedded one is started anew, a pooled connection opened anew."""
    try:
        return run()
    except EngineUnavailable:
        return run()


def translated(error: Exception, name: str, seconds: float, where: str) -> EngineError:
    """Our error for one of the driver's."""
    text = str(error)
    lower = text.lower()
    # The embedded engine calls what was ended at its limit terminated.
    code = getattr(error, "code", "") or ""
    timed_out = (
        "timeout" in lower
        or "timed out" in lower
        or "TransactionTimedOut" in code
        or code.endswith("ClientError.Transaction.Terminated")
    )
    if timed_out and not isinstance(error, driver_errors.ServiceUnavailable):
        return StatementTimeout(seconds=seconds)
    if isinstance(error, (driver_errors.ServiceUnavailable, driver_errors.SessionExpired, driver_errors.AuthError)):
        return EngineUnavailable(where=where, reason=text)
    if isinstance(error, driver_errors.ClientError):
        return StatementRefused(name=name or "-", reason=text)
    return EngineError(reason=text)
