"""Database of access: grants, API keys and sessions, in one SQLite file outside the graph.

Every worker reads it at every request, so that a revoked grant ends with the next one. Nothing is updated but what ends: rows are
added, and marked as ended, so that who could do what on a day stays known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import TypeVar

from graph_service.errors import AccessDatabaseFailed
from graph_service.platform.local_database import LocalDatabase, Migration, format_moment, utc_now

T = TypeVar("T")
N = TypeVar("N", int, int | None)
FILE_NAME = "access.sqlite"
FIRST_MOMENT, LAST_MOMENT = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
IN_FORCE = "revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?)"
"""Condition that a grant or key is in force at a moment."""
MIGRATIONS: tuple[Migration, ...] = (
    (
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
        ) STRICT
        """,
        """
        CREATE INDEX grant_by_user ON access_grant (user)
        """,
        """
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
        ) STRICT
        """,
        """
        CREATE TABLE session (
          digest BLOB PRIMARY KEY,
          user TEXT NOT NULL,
          name TEXT NOT NULL,
          content TEXT NOT NULL,
          expires_at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
    ),
    (
        """
        CREATE TABLE proposal (
          number INTEGER PRIMARY KEY AUTOINCREMENT,
          mutation TEXT NOT NULL,
          input TEXT NOT NULL,
          client_key TEXT NOT NULL,
          user TEXT NOT NULL,
          user_grants TEXT NOT NULL,
          areas TEXT NOT NULL,
          proposed_at TEXT NOT NULL,
          state TEXT NOT NULL,
          decided_by TEXT NOT NULL DEFAULT '',
          decided_at TEXT,
          note TEXT NOT NULL DEFAULT '',
          version INTEGER
        ) STRICT
        """,
        """
        CREATE INDEX proposal_by_user ON proposal (user, mutation, client_key)
        """,
        """
        CREATE TABLE emergency_review (
          grant_number INTEGER PRIMARY KEY REFERENCES access_grant (number),
          reviewed_by TEXT NOT NULL,
          reviewed_at TEXT NOT NULL,
          note TEXT NOT NULL
        ) STRICT
        """,
    ),
    (
        "ALTER TABLE proposal ADD COLUMN remark_count INTEGER",
        "ALTER TABLE proposal ADD COLUMN left_out_count INTEGER",
    ),
)


class AccessDatabase(LocalDatabase):
    """The database of grants, API keys, sessions and proposals. Raises `AccessDatabaseFailed`."""

    migrations = MIGRATIONS
    failure = AccessDatabaseFailed

    def revoke(self, table: str, number: int, by: str) -> None:
        """End a row of a table, now. A row that was revoked stays as it was."""
        with self.transaction() as connection:
            connection.execute(
                f"UPDATE {table} SET revoked_by = ?, revoked_at = ? WHERE number = ? AND revoked_at IS NULL",  # noqa: S608
                (by, format_moment(utc_now()), number),
            )


def iterate_rows(load: Callable[[N], list[T]], number: Callable[[T], N], start: N) -> Iterator[T]:
    """Yield all rows beyond a number, which `load` returns a block at a time, upwards or downwards."""
    while block := load(start):
        yield from block
        start = number(block[-1])


def secret_digest(secret: str) -> bytes:
    """Return the digest under which a random secret is stored: a slow hash would add nothing, and be paid at every request."""
    return sha256(secret.encode()).digest()


def end_of_day(day: date) -> datetime:
    """Return the moment (UTC) at which a day of the local time ends; of the last day of the calendar, the last moment."""
    return LAST_MOMENT if day == date.max else start_of_day(day + timedelta(days=1))


def start_of_day(day: date) -> datetime:
    """Return the moment (UTC) at which a day of the local time begins; the first or last moment, where that is beyond the calendar."""
    try:
        return datetime.combine(day, time.min).astimezone(UTC)
    except (OverflowError, ValueError):
        return FIRST_MOMENT if day.year == date.min.year else LAST_MOMENT
