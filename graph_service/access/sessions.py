"""Sessions of browsers: the cookie has a random id only, everything else is in the database of access."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from graph_service.access.database import AccessDatabase, secret_digest
from graph_service.platform.local_database import format_moment, parse_moment, utc_now

ID_BYTES = 32


@dataclass(frozen=True, slots=True)
class Session:
    """A session. `user` is empty while the sign-in is under way; `content`: what the sign-in has to remember, or the roles that the
    provider states."""

    user: str
    name: str
    content: Mapping[str, Any]
    expires_at: datetime


class Sessions:
    """Sessions in the database of access."""

    def __init__(self, database: AccessDatabase) -> None:
        self._database = database

    def begin(self, session: Session) -> str:
        """Store a session; return its id, for the cookie. Expired sessions are removed."""
        id_ = secrets.token_urlsafe(ID_BYTES)
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM session WHERE expires_at <= ?", (format_moment(utc_now()),))
            connection.execute(
                "INSERT INTO session (digest, user, name, content, expires_at) VALUES (?, ?, ?, ?, ?)",
                (
                    secret_digest(id_),
                    session.user,
                    session.name,
                    orjson.dumps(dict(session.content)).decode(),
                    format_moment(session.expires_at),
                ),
            )
        return id_

    def get(self, id_: str) -> Session | None:
        """Return the session of an id, None where it has ended or never was."""
        rows = self._database.query(
            "SELECT user, name, content, expires_at FROM session WHERE digest = ? AND expires_at > ?",
            (secret_digest(id_), format_moment(utc_now())),
        )
        if not rows:
            return None
        user, name, content, expires_at = rows[0]
        return Session(user, name, orjson.loads(content), parse_moment(expires_at) or utc_now())

    def end(self, id_: str) -> Session | None:
        """End a session at once; return it, None where there is none. Of two requests that end it, one gets it."""
        session = self.get(id_)
        with self._database.transaction() as connection:
            cursor = connection.execute("DELETE FROM session WHERE digest = ?", (secret_digest(id_),))
            was_there = cursor.rowcount == 1
        return session if was_there else None
