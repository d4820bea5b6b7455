"""A service with sign-in, and clients of its users."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from graph_service.access.approvals import APPROVAL_KINDS
from graph_service.access.permissions import AccessGrant
from graph_service.access.rights import Role
from graph_service.app import build_app
from graph_service.config import Settings
from graph_service.platform.store.graph import Store
from graph_service.sign_in.services import AccessServices, open_access
from tests.callers import LocalClient, shared_audit_log

COUNTY, TOWN = "513431", "513431100"
GRANTS: dict[str, list[tuple[Role, tuple[str, ...], tuple[str, ...]]]] = {
    "portal": [(Role.FRONT_END, (COUNTY,), ())],
    "wang": [(Role.OFFICIAL, (COUNTY,), (TOWN,))],
    "shen": [(Role.AUDITOR, ("",), ())],
    "deng": [(Role.REGISTRAR, ("",), ("",))],
    "admin": [(Role.ADMINISTRATOR, ("",), ("",))],
    "county-admin": [(Role.ADMINISTRATOR, (COUNTY,), (COUNTY,))],
    "nobody": [],
}
Ask = Callable[..., dict[str, Any]]


def settings_with_approval(folder: Path) -> Settings:
    """Return settings with which every kind of change that can need approval does."""
    words = ",".join(APPROVAL_KINDS)
    return Settings.model_validate(
        {"GRAPH_SERVICE_SIGN_IN": "required", "GRAPH_SERVICE_DATA": folder, "GRAPH_SERVICE_APPROVAL": words}
    )


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.model_validate({"GRAPH_SERVICE_SIGN_IN": "required", "GRAPH_SERVICE_DATA": tmp_path})


@pytest.fixture
def access(settings: Settings) -> Iterator[AccessServices]:
    services = open_access(settings)
    for user, roles in GRANTS.items():
        for role, read_areas, write_areas in roles:
            services.grants.add(AccessGrant(user, role, read_areas, write_areas))
    yield services
    services.close()


@pytest.fixture
def client(store: Store, settings: Settings, access: AccessServices) -> Iterator[TestClient]:
    with LocalClient(build_app(store, settings, access=access, audit_log=shared_audit_log())) as test_client:
        yield test_client


@pytest.fixture
def client_of_empty(empty: Store, settings: Settings, access: AccessServices) -> Iterator[TestClient]:
    """A client of a service on an empty engine."""
    with LocalClient(build_app(empty, settings, access=access, audit_log=shared_audit_log())) as test_client:
        yield test_client


@pytest.fixture
def keys(access: AccessServices) -> dict[str, str]:
    """API keys by user."""
    return {user: access.api_keys.create(user, "admin")[0] for user in GRANTS}


@pytest.fixture
def ask(client: TestClient, keys: dict[str, str]) -> Ask:
    """A function that sends a document as a user and returns the response's body."""

    def send(user: str, query: str, /, **variables: Any) -> dict[str, Any]:
        headers = {"authorization": f"Bearer {keys[user]}"}
        response = client.post("/graphql", json={"query": query, "variables": variables}, headers=headers)
        body: dict[str, Any] = response.json()
        return body

    return send
