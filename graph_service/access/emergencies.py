"""Emergency access (break-glass): a user reads an area in full for a short time, by stating a reason; somebody else reviews it afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from graph_service.access.database import AccessDatabase, iterate_rows
from graph_service.access.grants import Grants
from graph_service.access.permissions import AccessGrant
from graph_service.access.rights import Role
from graph_service.platform.local_database import format_moment, parse_moment, utc_now

MAX_MINUTES, DEFAULT_MINUTES = 60, 30


@dataclass(frozen=True, slots=True)
class EmergencyAccess:
    """An emergency access, and its review: by whom, when and with what note; empty while it is not reviewed."""

    grant: AccessGrant
    reviewed_by: str = ""
    reviewed_at: datetime | None = None
    note: str = ""


class Emergencies:
    """Emergency accesses in the database of access: grants of the role EMERGENCY, which nobody else grants."""

    def __init__(self, database: AccessDatabase) -> None:
        self._database, self._grants = database, Grants(database)

    def begin(self, user: str, area: str, reason: str, minutes: int) -> EmergencyAccess:
        """Let a user read an area, with all below, from now for some minutes."""
        grant = AccessGrant(
            user, Role.EMERGENCY, (area,), (), utc_now() + timedelta(minutes=minutes), user, reason=reason
        )
        return EmergencyAccess(self._grants.add(grant))

    def get(self, number: int) -> EmergencyAccess | None:
        """Return an emergency access by the number of its grant; None where there is none."""
        grant = self._grants.get(number)
        if grant is None or grant.role is not Role.EMERGENCY:
            return None
        rows = self._database.query(
            "SELECT reviewed_by, reviewed_at, note FROM emergency_review WHERE grant_number = ?", (number,)
        )
        return _with_review(grant, rows[0]) if rows else EmergencyAccess(grant)

    def list_emergencies(
        self, *, reviewed: bool | None = None, before: int | None = None, limit: int = 100
    ) -> list[EmergencyAccess]:
        """Return the newest emergency accesses with a lower number than `before`; `reviewed` chooses those that are, or are not."""
        condition = {None: "", True: "AND r.reviewed_at IS NOT NULL", False: "AND r.reviewed_at IS NULL"}[reviewed]
        rows = self._database.query(
            "SELECT g.number, r.reviewed_by, r.reviewed_at, r.note FROM access_grant g"  # noqa: S608
            " LEFT JOIN emergency_review r ON r.grant_number = g.number"
            f" WHERE g.role = ? AND g.number < ? {condition} ORDER BY g.number DESC LIMIT ?",
            (Role.EMERGENCY.value, 2**62 if before is None else before, limit),
        )
        emergencies = []
        for number, *review in rows:
            grant = self._grants.get(number)
            if grant is not None:
                emergencies.append(_with_review(grant, review))
        return emergencies

    def iterate(self, *, reviewed: bool | None = None, before: int | None = None) -> Iterator[EmergencyAccess]:
        """Yield all emergency accesses with a lower number, as `list_emergencies` returns them."""

        def load(number: int | None) -> list[EmergencyAccess]:
            return self.list_emergencies(reviewed=reviewed, before=number)

        return iterate_rows(load, lambda emergency: emergency.grant.number, before)

    def review(self, number: int, by: str, note: str) -> EmergencyAccess | None:
        """Record the review of an emergency access; return it, or None where there is none or it was reviewed before."""
        with self._database.transaction() as connection:
            cursor = connection.execute(
                "INSERT OR IGNORE INTO emergency_review (grant_number, reviewed_by, reviewed_at, note) VALUES (?, ?, ?, ?)",
                (number, by, format_moment(utc_now()), note),
            )
            is_new = cursor.rowcount == 1
        return self.get(number) if is_new else None


def _with_review(grant: AccessGrant, review: Sequence[Any]) -> EmergencyAccess:
    reviewed_by, reviewed_at, note = review
    return EmergencyAccess(grant, reviewed_by or "", parse_moment(reviewed_at), note or "")
