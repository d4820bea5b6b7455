"""Callers: who sends a request, and what the caller may do at this moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from graph_service.access.grants import Grants
from graph_service.access.permissions import UNRESTRICTED, AccessGrant, Permissions
from graph_service.errors import NotSignedIn
from graph_service.platform.local_database import utc_now


@dataclass(frozen=True, slots=True)
class Caller:
    """A caller whose identity was checked. `name`: to show; `token_grants`: roles that the provider states; `expires_at`: moment at which
    the identity must be checked again; `is_valid`: whether key or session are still in force; `address`: address of a caller who is not
    signed in, empty on this machine itself."""

    user: str
    name: str = ""
    token_grants: tuple[AccessGrant, ...] = ()
    expires_at: datetime | None = None
    is_valid: Callable[[], bool] = field(default=lambda: True, compare=False)
    grants: Grants | None = None
    address: str = ""

    @property
    def limit_key(self) -> str:
        """Return the key by which the caller's requests are counted; empty where they are not."""
        return f"user:{self.user}" if self.user else self.address

    def permissions(self) -> Permissions:
        """Return what the caller may do now: grants are read anew, so that a revoked one ends with the next request. Raises
        `NotSignedIn` where key, token or session have ended."""
        if (self.expires_at is not None and self.expires_at <= utc_now()) or not self.is_valid():
            raise NotSignedIn(reason_zh="登录已过期", reason_en="the sign-in has ended")
        if self.grants is None:
            return UNRESTRICTED
        stored = self.grants.permissions_of(self.user)
        return Permissions(self.user, (*stored.grants, *self.token_grants))
