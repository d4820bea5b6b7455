"""Local databases: SQLite files of the service beside the graph, which several processes share."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any, ClassVar

from graph_service.errors import GraphServiceError

BUSY_SECONDS = 10.0
"""Longest wait for another process's transaction."""
IN_MEMORY = Path(":memory:")
"""Path of a database that ends with its process, and is not shared with another one."""
Migration = tuple[str, ...]
"""Statements that bring a file to the next schema version."""


class LocalDatabase:
    """Connection to a SQLite file that only its owner can read. Safe to share between threads; each process has its own.

    A subclass declares its `migrations`, oldest first, and `failure`, the error that it raises with `path` and `reason`.
    """

    migrations: ClassVar[tuple[Migration, ...]]
    failure: ClassVar[type[GraphServiceError]]

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = Lock()
        try:
            if path != IN_MEMORY:
                path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                # Created with these rights, not changed to them: nobody reads it in between.
                os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            self._connection = sqlite3.connect(
                path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = FULL")
            self._migrate()
        except (OSError, sqlite3.Error) as error:
            raise self._failure(error) from error

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def query(self, text: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a SELECT. Raises `failure`."""
        with self._lock:
            try:
                return self._connection.execute(text, parameters).fetchall()
            except sqlite3.Error as error:
                raise self._failure(error) from error

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Yield the connection in a transaction that no other process writes beside. Raises `failure`."""
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                try:
                    yield self._connection
                    self._connection.execute("COMMIT")
                except BaseException:
                    if self._connection.in_transaction:
                        self._connection.execute("ROLLBACK")
                    raise
            except sqlite3.Error as error:
                raise self._failure(error) from error

    def _migrate(self) -> None:
        with self.transaction() as connection:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if version > len(self.migrations):
                raise self._failure(
                    f"版本 {version} 由更新的程序写入 / version {version} was written by a newer release"
                )
            for statements in self.migrations[version:]:
                for statement in statements:
                    connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {len(self.migrations)}")

    def _failure(self, reason: object) -> GraphServiceError:
        return self.failure(path=self.path, reason=reason)


def utc_now() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)


def format_moment(moment: datetime | None) -> str | None:
    """Return a moment as it is stored: UTC in ISO 8601, to the microsecond, so that texts compare as moments."""
    return None if moment is None else moment.astimezone(UTC).isoformat(timespec="microseconds")


def parse_moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
