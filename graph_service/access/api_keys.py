"""API keys: 32 random bytes that identify a service or person, shown once and stored as a digest."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from graph_service.access.database import IN_FORCE, AccessDatabase, iterate_rows, secret_digest
from graph_service.platform.local_database import format_moment, parse_moment, utc_now

PREFIX = "gsk_"
KEY_BYTES = 32
LAST_USE_PRECISION = timedelta(minutes=1)
"""A use within this time of the last one is not written."""
COLUMNS = "number, user, expires_at, created_by, created_at, revoked_by, revoked_at, last_used_at"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An API key without its secret. Moments are UTC; `last_used_at` is exact to a minute."""

    number: int
    user: str
    expires_at: datetime | None
    created_by: str
    created_at: datetime | None
    revoked_by: str
    revoked_at: datetime | None
    last_used_at: datetime | None


class ApiKeys:
    """API keys in the database of access."""

    def __init__(self, database: AccessDatabase) -> None:
        self._database = database

    def create(self, user: str, by: str, expires_at: datetime | None = None) -> tuple[str, ApiKey]:
        """Create a key of a user; return its text, which cannot be read again, and its record."""
        text, moment = PREFIX + secrets.token_urlsafe(KEY_BYTES), utc_now()
        with self._database.transaction() as connection:
            cursor = connection.execute(
                "INSERT INTO api_key (user, digest, expires_at, created_by, created_at) VALUES (?, ?, ?, ?, ?)",
                (user, secret_digest(text), format_moment(expires_at), by, format_moment(moment)),
            )
            number = cursor.lastrowid or 0
        return text, ApiKey(number, user, expires_at, by, moment, "", None, None)

    def user_of(self, text: str) -> str | None:
        """Return the user of a key that is in force, None for any other text; the use is recorded."""
        now = utc_now()
        rows = self._database.query(
            f"SELECT number, user, last_used_at FROM api_key WHERE digest = ? AND {IN_FORCE}",  # noqa: S608
            (secret_digest(text), format_moment(now)),
        )
        if not rows:
            return None
        number, user, last_used_at = rows[0]
        last_use = parse_moment(last_used_at)
        if last_use is None or now - last_use > LAST_USE_PRECISION:
            with self._database.transaction() as connection:
                connection.execute("UPDATE api_key SET last_used_at = ? WHERE number = ?", (format_moment(now), number))
        return str(user)

    def get(self, number: int) -> ApiKey | None:
        """Return a key by its number, also one that has ended; None where there is none."""
        rows = self._database.query(f"SELECT {COLUMNS} FROM api_key WHERE number = ?", (number,))  # noqa: S608
        return _key_from_row(rows[0]) if rows else None

    def list_keys(self, *, after: int = 0, limit: int = 100) -> list[ApiKey]:
        """Return the keys in the order of their numbers, revoked and expired ones included."""
        rows = self._database.query(
            f"SELECT {COLUMNS} FROM api_key WHERE number > ? ORDER BY number LIMIT ?",  # noqa: S608
            (after, limit),
        )
        return list(map(_key_from_row, rows))

    def in_force(self, user: str) -> list[ApiKey]:
        """Return the keys of a user that are in force."""
        rows = self._database.query(
            f"SELECT {COLUMNS} FROM api_key WHERE user = ? AND {IN_FORCE} ORDER BY number",  # noqa: S608
            (user, format_moment(utc_now())),
        )
        return list(map(_key_from_row, rows))

    def iterate(self, after: int = 0) -> Iterator[ApiKey]:
        """Yield all keys with a higher number, as `list_keys` returns them."""
        return iterate_rows(lambda number: self.list_keys(after=number), lambda key: key.number, after)

    def revoke(self, number: int, by: str) -> ApiKey | None:
        """End a key; return it, or None where there is none of that number. A key that was revoked stays as it was."""
        self._database.revoke("api_key", number, by)
        return self.get(number)


def _key_from_row(row: Sequence[Any]) -> ApiKey:
    number, user, expires_at, created_by, created_at, revoked_by, revoked_at, last_used_at = row
    return ApiKey(
        number,
        user,
        parse_moment(expires_at),
        created_by,
        parse_moment(created_at),
        revoked_by,
        parse_moment(revoked_at),
        parse_moment(last_used_at),
    )
