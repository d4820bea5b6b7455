"""The one port to a graph engine, and the only place that sees the driver's errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Any, Protocol, TypeVar

import neo4j
from neo4j import exceptions as driver_errors

from graph_service.errors import EngineError, EngineUnavailable, StatementRefused, StatementTimeout

T = TypeVar("T")
Row = list[Any]


@dataclass(frozen=True, slots=True)
class Address:
    """Where an engine answers, and as whom."""

    uri: str
    auth: tuple[str, str] | None
    database: str


class Source(Protocol):
    """Gives the address of a running engine, starting or finding it again where that is its task."""

    name: str
    patience: float
    """Seconds for which a write is tried again at the same address after a conflict or a lost connection."""

    def address(self) -> Address: ...

    def close(self) -> None: ...


class Transaction:
    """A write transaction: statements in order, all or nothing."""

    def __init__(self, transaction: neo4j.ManagedTransaction) -> None:
        self._transaction = transaction

    def run(self, text: str, parameters: Mapping[str, Any]) -> list[Row]:
        return [record.values() for record in self._transaction.run(text, dict(parameters))]


class Engine:
    """One engine: reads that cannot write, writes in retried transactions. Safe to share between threads."""

    def __init__(self, source: Source, seconds: float) -> None:
        self._source = source
        self._seconds = seconds
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
            with self._translated(name), self._session(neo4j.READ_ACCESS) as session:
                query = neo4j.Query(text, timeout=self._seconds)
                return [record.values() for record in session.run(query, dict(parameters))]

        return _once_more(reading)

    def write(self, work: Callable[[Transaction], T], *, name: str = "") -> T:
        """Run `work` in one transaction. It may run again after a conflict or a lost connection: it must bear that."""
        unit = neo4j.unit_of_work(timeout=self._seconds * 4)(lambda tx: work(Transaction(tx)))

        def writing() -> T:
            with self._translated(name), self._session(neo4j.WRITE_ACCESS) as session:
                return session.execute_write(unit)

        return _once_more(writing)

    def define(self, statements: Sequence[str]) -> None:
        """Run schema statements, each on its own."""
        with self._translated("schema"), self._session(neo4j.WRITE_ACCESS) as session:
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
    def _translated(self, name: str) -> Iterator[None]:
        """The one edge at which the driver's errors become ours."""
        try:
            yield
        except (driver_errors.DriverError, driver_errors.Neo4jError) as error:
            raise translated(error, name, self._seconds, self._address.uri if self._address else "") from error


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
    timed_out = (
        "timeout" in lower or "timed out" in lower or "TransactionTimedOut" in (getattr(error, "code", "") or "")
    )
    if timed_out and not isinstance(error, driver_errors.ServiceUnavailable):
        return StatementTimeout(seconds=seconds)
    if isinstance(error, (driver_errors.ServiceUnavailable, driver_errors.SessionExpired, driver_errors.AuthError)):
        return EngineUnavailable(where=where, reason=text)
    if isinstance(error, driver_errors.ClientError):
        return StatementRefused(name=name or "-", reason=text)
    return EngineError(reason=text)
