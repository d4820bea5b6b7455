"""Database of access: grants, API keys and sessions, in one SQLite file outside the graph.

Every worker reads it at every request, so that a revoked grant ends with the next one. Nothing is updated but what ends: rows are
added, and marked as ended, so that who could do what on a day stays known.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from graph_service.errors import AccessDatabaseFailed

T = TypeVar("T")
FILE_NAME = "access.sqlite"
IN_FORCE = "revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?)"
"""Condition that a grant or key is in force at a moment."""
BUSY_SECONDS = 10.0
"""Longest wait for another process's transaction."""
MIGRATIONS = (
    """
    CREATE TABLE access_grant (
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      user TEXT NOT NULL,
      role TEXT NOT NULL,
      read_areas TEXT NOT NULL,
      write_areas TEXT NOT NULL,
      reason TEXT NOT NULL,
      expires_at TEXT,
      granted_by TEXT NOT NULL,
      granted_at TEXT NOT NULL,
      revoked_by TEXT NOT NULL DEFAULT '',
      revoked_at TEXT
    ) STRICT;
    CREATE INDEX grant_by_user ON access_grant (user);
    CREATE TABLE api_key (
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      user TEXT NOT NULL,
      digest BLOB NOT NULL UNIQUE,
      expires_at TEXT,
      created_by TEXT NOT NULL,
      created_at TEXT NOT NULL,
      revoked_by TEXT NOT NULL DEFAULT '',
      revoked_at TEXT,
      last_used_at TEXT
    ) STRICT;
    CREATE TABLE session (
      digest BLOB PRIMARY KEY,
      user TEXT NOT NULL,
      name TEXT NOT NULL,
      content TEXT NOT NULL,
      expires_at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    """,
)
"""Statements that bring a file to the next schema version, oldest first."""


class AccessDatabase:
    """Connection to the database. Safe to share between threads; each process has its own."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = Lock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # Created with these rights, not changed to them: nobody reads it in between.
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            self._connection = sqlite3.connect(
                path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = FULL")
            self._migrate()
        except (OSError, sqlite3.Error) as error:
            raise AccessDatabaseFailed(path=path, reason=error) from error

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def query(self, text: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a SELECT. Raises `AccessDatabaseFailed`."""
        with self._lock:
            try:
                return self._connection.execute(text, parameters).fetchall()
            except sqlite3.Error as error:
                raise AccessDatabaseFailed(path=self.path, reason=error) from error

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Yield the connection in a transaction that no other process writes beside. Raises `AccessDatabaseFailed`."""
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                try:
                    yield self._connection
                except BaseException:
                    self._connection.execute("ROLLBACK")
                    raise
                self._connection.execute("COMMIT")
            except sqlite3.Error as error:
                raise AccessDatabaseFailed(path=self.path, reason=error) from error

    def revoke(self, table: str, number: int, by: str) -> None:
        """End a row of a table, now. A row that was revoked stays as it was."""
        with self.transaction() as connection:
            connection.execute(
                f"UPDATE {table} SET revoked_by = ?, revoked_at = ? WHERE number = ? AND revoked_at IS NULL",  # noqa: S608
                (by, format_moment(utc_now()), number),
            )

    def _migrate(self) -> None:
        with self.transaction() as connection:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if version > len(MIGRATIONS):
                raise AccessDatabaseFailed(
                    path=self.path,
                    reason=f"版本 {version} 由更新的程序写入 / version {version} was written by a newer release",
                )
            for statements in MIGRATIONS[version:]:
                # executescript() would commit first.
                for statement in statements.split(";"):
                    if statement.strip():
                        connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


def iterate_rows(load: Callable[[int], list[T]], number: Callable[[T], int], after: int = 0) -> Iterator[T]:
    """Yield all rows with a higher number than `after`, which `load` returns a block at a time."""
    while block := load(after):
        yield from block
        after = number(block[-1])


def secret_digest(secret: str) -> bytes:
    """Return the digest under which a random secret is stored: a slow hash would add nothing, and be paid at every request."""
    return sha256(secret.encode()).digest()


def end_of_day(day: date) -> datetime:
    """Return the moment (UTC) at which a day of the local time ends."""
    return datetime.combine(day + timedelta(days=1), datetime.min.time()).astimezone(UTC)


def utc_now() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)


def format_moment(moment: datetime | None) -> str | None:
    """Return a moment as it is stored: UTC in ISO 8601, to the microsecond, so that texts compare as moments."""
    return None if moment is None else moment.astimezone(UTC).isoformat(timespec="microseconds")


def parse_moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
