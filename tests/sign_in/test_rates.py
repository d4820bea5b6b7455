"""Limits of users: requests and cost within a minute, failed sign-ins, connections and subscriptions; budgets by role."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from graph_service.app import build_app
from graph_service.config import Settings
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.graphql.http.sockets import SUBPROTOCOL, TOO_MANY_REQUESTS
from graph_service.platform.store.graph import Store
from graph_service.sign_in.services import AccessServices, open_access
from tests.callers import LocalClient, shared_audit_log
from tests.sign_in.conftest import COUNTY

pytestmark = pytest.mark.one_engine

VERSIONS = {"query": "{ dataVersions(first: 90) { sequence } }"}
SUBSCRIPTION = {"query": "subscription { importProgress { sheet } }"}
Limited = Callable[..., Any]


@pytest.fixture
def limited(store: Store, settings: Settings, access: AccessServices, imported: ImportReport) -> Limited:
    """A function that serves with limits, in a context."""

    @contextmanager
    def serve(**limits: object) -> Iterator[TestClient]:
        names = {f"GRAPH_SERVICE_{name.upper()}": value for name, value in limits.items()}
        base = {"GRAPH_SERVICE_SIGN_IN": "required", "GRAPH_SERVICE_DATA": settings.data_folder}
        own = Settings.model_validate(base | names)
        services = open_access(own)
        try:
            with LocalClient(build_app(store, own, access=services, audit_log=shared_audit_log())) as client:
                yield client
        finally:
            services.close()

    return serve


def bearer(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


def require_refused(response: Any) -> None:
    assert response.status_code == 429, response.text
    assert response.json()["errors"][0]["extensions"]["code"] == "RATE_EXCEEDED"
    assert response.json()["errors"][0]["extensions"]["retryable"] is True
    assert 1 <= int(response.headers["retry-after"]) <= 120


def test_requests_are_limited_by_user(limited: Limited, keys: dict[str, str]) -> None:
    with limited(requests_per_minute=5) as client:
        for _ in range(5):
            assert client.post("/graphql", json=VERSIONS, headers=bearer(keys["wang"])).status_code == 200
        for path in ("/graphql?query={__typename}", "/exports", "/examples"):
            require_refused(client.get(path, headers=bearer(keys["wang"])))
        assert client.get("/healthz").status_code == 200
        assert client.post("/graphql", json=VERSIONS, headers=bearer(keys["shen"])).status_code == 200


def test_cost_is_limited_by_user_over_http_and_streams(limited: Limited, keys: dict[str, str]) -> None:
    with limited(cost_per_minute=250) as client:
        headers = bearer(keys["wang"])
        for _ in range(2):
            assert client.post("/graphql", json=VERSIONS, headers=headers).status_code == 200
        require_refused(client.post("/graphql", json=VERSIONS, headers=headers))
        require_refused(client.get("/graphql", params=VERSIONS, headers=headers))
        require_refused(client.post("/graphql", json=VERSIONS, headers=headers | {"accept": "text/event-stream"}))
        assert client.post("/graphql", json=VERSIONS, headers=bearer(keys["shen"])).status_code == 200


def test_cost_is_limited_over_a_socket_which_stays_open(limited: Limited, keys: dict[str, str]) -> None:
    with (
        limited(cost_per_minute=150) as client,
        client.websocket_connect("/graphql", [SUBPROTOCOL], headers=bearer(keys["wang"])) as socket,
    ):
        socket.send_json({"type": "connection_init"})
        socket.receive_json()
        for id_ in "ab":
            socket.send_json({"id": id_, "type": "subscribe", "payload": VERSIONS})
        messages = [socket.receive_json() for _ in range(3)]
        assert sorted(message["type"] for message in messages) == ["complete", "error", "next"]
        [error] = [message["payload"][0] for message in messages if message["type"] == "error"]
        assert error["extensions"]["code"] == "RATE_EXCEEDED"
        socket.send_json({"id": "c", "type": "subscribe", "payload": {"query": "{ __typename }"}})
        assert socket.receive_json()["payload"]["data"] == {"__typename": "Query"}


def test_an_export_that_has_begun_is_finished_and_counts(limited: Limited, keys: dict[str, str]) -> None:
    path = f"/exports/coverageGaps.csv?area={COUNTY}"
    with limited() as client:
        whole = client.get(path, headers=bearer(keys["shen"])).text
    # Enough for the first page alone.
    with limited(cost_per_minute=20_000, cost=20_000) as client:
        rows = [client.get(path, headers=bearer(keys["shen"])) for _ in range(40)]
        answered = [response for response in rows if response.status_code == 200]
        assert answered
        assert all(response.text == whole for response in answered)
        require_refused(rows[-1])


def test_the_budget_of_an_operation_depends_on_the_role(limited: Limited, keys: dict[str, str]) -> None:
    """Use one cached plan for all: it does not carry the budget of the first caller."""
    with limited(role_cost="FRONT_END=50,AUDITOR=90000", cost=1_000) as client:
        answers = {
            user: client.post("/graphql", json=VERSIONS, headers=bearer(keys[user])).json()
            for user in ("shen", "portal", "wang", "portal", "shen")
        }
    assert answers["shen"]["extensions"]["cost"] == {"counted": 110, "budget": 90_000}
    assert answers["wang"]["extensions"]["cost"] == {"counted": 110, "budget": 1_000}
    [error] = answers["portal"]["errors"]
    assert error["extensions"]["code"] == "DOCUMENT_REFUSED"
    assert "limit of 50" in error["extensions"]["en"]


def test_failed_sign_ins_are_limited_by_address(limited: Limited, keys: dict[str, str]) -> None:
    with limited(failed_sign_ins=3) as client:
        assert client.get("/exports", headers=bearer(keys["wang"])).status_code == 200
        for number in range(3):
            assert client.get("/exports", headers=bearer(f"gsk_{number}")).status_code == 401
        require_refused(client.get("/exports", headers=bearer("gsk_4")))
        # A guess that is right is not told apart from a wrong one, but a client that works goes on.
        require_refused(client.get("/exports", headers=bearer(keys["shen"])))
        assert client.get("/exports", headers=bearer(keys["wang"])).status_code == 200
        with client.websocket_connect("/graphql", [SUBPROTOCOL]) as socket:
            socket.send_json({"type": "connection_init", "payload": bearer("gsk_5")})
            with pytest.raises(WebSocketDisconnect) as closed:
                socket.receive_json()
        assert closed.value.code == TOO_MANY_REQUESTS
        elsewhere = LocalClient(client.app, client=("203.0.113.9", 1))
        assert elsewhere.get("/exports", headers=bearer(keys["shen"])).status_code == 200


def test_connections_are_limited_by_user(limited: Limited, keys: dict[str, str]) -> None:
    def connect(stack: ExitStack, user: str) -> Any:
        socket = stack.enter_context(client.websocket_connect("/graphql", [SUBPROTOCOL], headers=bearer(keys[user])))
        socket.send_json({"type": "connection_init"})
        return socket

    with limited(user_connections=2) as client, ExitStack() as stack:
        with ExitStack() as short:
            assert connect(short, "wang").receive_json()["type"] == "connection_ack"
        for _ in range(2):
            assert connect(stack, "wang").receive_json()["type"] == "connection_ack"
        with pytest.raises(WebSocketDisconnect) as closed:
            connect(stack, "wang").receive_json()
        assert closed.value.code == TOO_MANY_REQUESTS
        assert connect(stack, "shen").receive_json()["type"] == "connection_ack"


def test_subscriptions_are_limited_by_user_over_all_transports(limited: Limited, keys: dict[str, str]) -> None:
    headers = bearer(keys["wang"])
    with (
        limited(user_subscriptions=1) as client,
        client.websocket_connect("/graphql", [SUBPROTOCOL], headers=headers) as socket,
    ):
        socket.send_json({"type": "connection_init"})
        socket.receive_json()
        socket.send_json({"id": "a", "type": "subscribe", "payload": SUBSCRIPTION})
        assert socket.receive_json()["type"] == "next"
        socket.send_json({"id": "b", "type": "subscribe", "payload": SUBSCRIPTION})
        message = socket.receive_json()
        assert (message["id"], message["payload"][0]["extensions"]["code"]) == ("b", "RATE_EXCEEDED")
        require_refused(client.post("/graphql", json=SUBSCRIPTION, headers=headers | {"accept": "text/event-stream"}))
        socket.send_json({"id": "a", "type": "complete"})
        socket.send_json({"type": "ping"})
        assert socket.receive_json() == {"type": "pong"}
        socket.send_json({"id": "c", "type": "subscribe", "payload": SUBSCRIPTION})
        assert socket.receive_json()["type"] == "next"


def test_without_sign_in_addresses_are_limited_but_this_machine_is_not(store: Store, imported: ImportReport) -> None:
    app = build_app(
        store, Settings.model_validate({"GRAPH_SERVICE_REQUESTS_PER_MINUTE": 2}), audit_log=shared_audit_log()
    )
    with LocalClient(app) as client:
        statuses = [client.post("/graphql", json=VERSIONS).status_code for _ in range(5)]
    remote = LocalClient(app, client=("203.0.113.9", 1))
    assert statuses == [200] * 5
    assert [remote.post("/graphql", json=VERSIONS).status_code for _ in range(3)] == [200, 200, 429]


def test_beginning_sessions_is_limited_by_address(limited: Limited) -> None:
    with limited(requests_per_minute=2) as client:
        remote = LocalClient(client.app, client=("203.0.113.9", 1))
        assert [remote.get("/sign-in").status_code for _ in range(3)] == [401, 401, 429]
