"""Callers of tests: permissions in areas, and a client of an application on this machine."""

from __future__ import annotations

import atexit
import tempfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from starlette.testclient import TestClient, WebSocketTestSession
from starlette.types import ASGIApp

from graph_service.access.permissions import AccessGrant, Permissions
from graph_service.access.rights import Role
from graph_service.audit.log import AuditAnchor, AuditLog
from graph_service.graphql.cost import DEFAULT_BUDGET
from graph_service.graphql.execution import GraphQLApi, GraphQLRequest, GraphQLResponse
from graph_service.graphql.plan_key import ApiServices
from graph_service.platform.store.graph import Store
from tests.leaks import WatchedApplication, look_at_answer


class LocalClient(TestClient):
    """A client on this machine, whose requests name a host that every service accepts. Answers are looked through for numbers of people."""

    def __init__(self, app: ASGIApp, **options: Any) -> None:
        super().__init__(
            WatchedApplication(app), **{"base_url": "http://localhost", "client": ("127.0.0.1", 50_000)} | options
        )

    def websocket_connect(self, url: str, *arguments: Any, **options: Any) -> WebSocketTestSession:
        return super().websocket_connect(f"ws://localhost{url}", *arguments, **options)


def permissions_in(areas: tuple[str, ...], roles: Iterable[Role] = tuple(Role), user: str = "") -> Permissions:
    """Return the permissions of a user who has roles in areas, to read and to write."""
    return Permissions(user, tuple(AccessGrant(user, role, areas, areas) for role in roles))


@cache
def shared_audit_log() -> AuditLog:
    """Return the audit log of this test process, in a folder of its own."""
    folder = tempfile.TemporaryDirectory(prefix="graph-service-audit-")
    audit_log = AuditLog(Path(folder.name) / "audit.sqlite", AuditAnchor(Path(folder.name) / "anchor.txt"))
    atexit.register(folder.cleanup)
    atexit.register(audit_log.close)
    return audit_log


class WatchedApi(GraphQLApi):
    """An API whose answers are looked through for numbers of people."""

    def execute(self, request: GraphQLRequest, **options: Any) -> GraphQLResponse:
        response = super().execute(request, **options)
        asked = repr((request.query, request.variables)).encode("utf-8", "replace")
        look_at_answer(asked, orjson.dumps(response.body(), default=str))
        return response


def local_api(store: Store, budget: int = DEFAULT_BUDGET) -> GraphQLApi:
    """Return an API without sign-in, with an audit log."""
    return WatchedApi(store, budget, ApiServices(audit_log=shared_audit_log()))
