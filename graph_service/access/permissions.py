"""Permissions of a caller: the grants in force, and the one function that decides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from graph_service.access.rights import RIGHTS_BY_ROLE, WRITE_RIGHTS, Right, Role

EVERYWHERE: tuple[str, ...] = ("",)
"""Areas of a grant that holds everywhere: the empty code begins every code."""


@dataclass(frozen=True, slots=True)
class AccessGrant:
    """A role of a user. `read_areas`, `write_areas`: codes of areas, each with all below; `expires_at`: moment (UTC) at which it ends, None
    for no end. `number` is 0 where it is not stored."""

    user: str
    role: Role
    read_areas: tuple[str, ...]
    write_areas: tuple[str, ...] = ()
    expires_at: datetime | None = None
    granted_by: str = ""
    granted_at: datetime | None = None
    revoked_by: str = ""
    revoked_at: datetime | None = None
    reason: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Permissions:
    """Permissions of a caller. `user` identifies the caller in the audit log and as the author of changes."""

    user: str
    grants: tuple[AccessGrant, ...]

    def areas_for(self, right: Right) -> tuple[str, ...]:
        """Return the areas in which the caller has a right, each with all below, the outermost only; empty where nowhere."""
        return outermost(
            area
            for grant in self.grants
            if right in RIGHTS_BY_ROLE[grant.role]
            for area in (grant.write_areas if right in WRITE_RIGHTS else grant.read_areas)
        )

    def allows(self, right: Right, area: str) -> bool:
        """Tell whether the caller has a right in an area."""
        return area.startswith(self.areas_for(right))

    def allows_anywhere(self, right: Right) -> bool:
        """Tell whether the caller has a right in any area."""
        return bool(self.areas_for(right))

    def without_emergencies(self) -> Permissions:
        """Return the permissions without those of emergency accesses, which end within the hour."""
        return Permissions(self.user, tuple(grant for grant in self.grants if grant.role is not Role.EMERGENCY))

    def of_user(self, user: str) -> Permissions:
        """Return the same permissions of another user."""
        return Permissions(user, tuple(replace(grant, user=user) for grant in self.grants))

    @property
    def write_areas(self) -> tuple[str, ...]:
        """Return the areas in which the caller may change anything, the outermost only."""
        return outermost(area for right in WRITE_RIGHTS for area in self.areas_for(right))

    @property
    def areas(self) -> tuple[str, ...]:
        """Return all areas of the grants, the outermost only."""
        return outermost(area for grant in self.grants for area in (*grant.read_areas, *grant.write_areas))

    @property
    def roles(self) -> tuple[Role, ...]:
        """Return the roles, in their declared order."""
        return tuple(role for role in Role if any(grant.role is role for grant in self.grants))


def outermost(areas: Iterable[str]) -> tuple[str, ...]:
    """Return areas in order, without those that lie in another one."""
    kept: list[str] = []
    for area in sorted(set(areas)):
        if not kept or not area.startswith(tuple(kept)):
            kept.append(area)
    return tuple(kept)


UNRESTRICTED = Permissions("", tuple(AccessGrant("", role, EVERYWHERE, EVERYWHERE) for role in Role))
"""Permissions of a service without sign-in, and of commands on the machine itself."""
