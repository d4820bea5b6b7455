"""Callers of tests: permissions in areas, and a client of an application on this machine."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from starlette.testclient import TestClient, WebSocketTestSession
from starlette.types import ASGIApp

from graph_service.access.permissions import AccessGrant, Permissions
from graph_service.access.rights import Role


class LocalClient(TestClient):
    """A client whose requests name a host that every service accepts."""

    def __init__(self, app: ASGIApp, **options: Any) -> None:
        super().__init__(app, base_url="http://localhost", **options)

    def websocket_connect(self, url: str, *arguments: Any, **options: Any) -> WebSocketTestSession:
        return super().websocket_connect(f"ws://localhost{url}", *arguments, **options)


def permissions_in(areas: tuple[str, ...], roles: Iterable[Role] = tuple(Role), user: str = "") -> Permissions:
    """Return the permissions of a user who has roles in areas, to read and to write."""
    return Permissions(user, tuple(AccessGrant(user, role, areas, areas) for role in roles))
