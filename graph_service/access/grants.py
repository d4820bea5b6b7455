"""Grants: roles of users for areas, kept with their history."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from graph_service.access.database import IN_FORCE, AccessDatabase, iterate_rows
from graph_service.access.permissions import AccessGrant, Permissions
from graph_service.access.rights import Role
from graph_service.platform.local_database import format_moment, parse_moment, utc_now

SEPARATOR = " "
"""Separator of the areas of a grant, as they are stored; the area "" (everywhere) is stored as `*`."""
EVERYWHERE_MARK = "*"
COLUMNS = (
    "number, user, role, read_areas, write_areas, reason, expires_at, granted_by, granted_at, revoked_by, revoked_at"
)


class Grants:
    """Grants in the database of access."""

    def __init__(self, database: AccessDatabase) -> None:
        self._database = database

    def permissions_of(self, user: str, moment: datetime | None = None) -> Permissions:
        """Return the permissions of a user at a moment, now by default; none where nothing is granted."""
        rows = self._database.query(
            f"SELECT {COLUMNS} FROM access_grant WHERE user = ? AND {IN_FORCE} ORDER BY number",  # noqa: S608
            (user, format_moment(moment or utc_now())),
        )
        return Permissions(user, tuple(map(_grant_from_row, rows)))

    def history_of(self, user: str) -> tuple[AccessGrant, ...]:
        """Return all grants of a user in the order of their numbers, also those that have ended."""
        rows = self._database.query(f"SELECT {COLUMNS} FROM access_grant WHERE user = ? ORDER BY number", (user,))  # noqa: S608
        return tuple(map(_grant_from_row, rows))

    def list_grants(self, *, after: int = 0, limit: int = 100, ended: bool = False) -> list[AccessGrant]:
        """Return the grants of all users in the order of their numbers, with `ended` also those revoked or expired."""
        condition = "" if ended else f" AND {IN_FORCE}"
        moment = [] if ended else [format_moment(utc_now())]
        rows = self._database.query(
            f"SELECT {COLUMNS} FROM access_grant WHERE number > ?{condition} ORDER BY number LIMIT ?",  # noqa: S608
            (after, *moment, limit),
        )
        return list(map(_grant_from_row, rows))

    def iterate(self, after: int = 0, *, ended: bool = False) -> Iterator[AccessGrant]:
        """Yield all grants with a higher number, as `list_grants` returns them."""
        return iterate_rows(
            lambda number: self.list_grants(after=number, ended=ended), lambda grant: grant.number, after
        )

    def get(self, number: int) -> AccessGrant | None:
        """Return a grant by its number, also one that has ended; None where there is none."""
        rows = self._database.query(f"SELECT {COLUMNS} FROM access_grant WHERE number = ?", (number,))  # noqa: S608
        return _grant_from_row(rows[0]) if rows else None

    def add(self, grant: AccessGrant) -> AccessGrant:
        """Store a grant, now; return it with its number."""
        moment = utc_now()
        with self._database.transaction() as connection:
            cursor = connection.execute(
                "INSERT INTO access_grant (user, role, read_areas, write_areas, reason, expires_at, granted_by, granted_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    grant.user,
                    grant.role.value,
                    _join_areas(grant.read_areas),
                    _join_areas(grant.write_areas),
                    grant.reason,
                    format_moment(grant.expires_at),
                    grant.granted_by,
                    format_moment(moment),
                ),
            )
            number = cursor.lastrowid or 0
        return replace(grant, number=number, granted_at=moment)

    def revoke(self, number: int, by: str) -> AccessGrant | None:
        """End a grant; return it, or None where there is none of that number. A grant that has ended stays as it was."""
        self._database.revoke("access_grant", number, by)
        return self.get(number)


def _join_areas(areas: Sequence[str]) -> str:
    return SEPARATOR.join(area or EVERYWHERE_MARK for area in areas)


def _split_areas(text: str) -> tuple[str, ...]:
    return tuple("" if area == EVERYWHERE_MARK else area for area in text.split(SEPARATOR) if area)


def _grant_from_row(row: Sequence[Any]) -> AccessGrant:
    number, user, role, read_areas, write_areas, reason, expires_at, granted_by, granted_at, revoked_by, revoked_at = (
        row
    )
    return AccessGrant(
        user,
        Role(role),
        _split_areas(read_areas),
        _split_areas(write_areas),
        parse_moment(expires_at),
        granted_by,
        parse_moment(granted_at),
        revoked_by,
        parse_moment(revoked_at),
        reason,
        number,
    )
