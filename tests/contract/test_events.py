"""Subscriptions to data versions and the progress of imports, over WebSocket and server-sent events; CORS and ETag."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from graph_service.app import build_app
from graph_service.config import Settings
from graph_service.core.recording.import_lifecycle import undo
from graph_service.features.imports.publish.import_run import import_files
from graph_service.graphql.execution import GraphQLApi
from graph_service.graphql.http import sockets
from graph_service.platform.store.graph import Store
from tests.callers import LocalClient, shared_audit_log
from tests.clients import node
from tests.patience import CAP_SECONDS
from tests.serving import serving

PAGE = "https://app.example"
CLIENTS = ("ws", "sse")
VERSIONS = "subscription { dataVersionChanged { sequence } }"


@pytest.fixture
def client(empty: Store) -> Iterator[TestClient]:
    with LocalClient(
        build_app(
            empty,
            Settings.model_validate({"GRAPH_SERVICE_CORS": f"{PAGE}, https://b.example/"}),
            audit_log=shared_audit_log(),
        )
    ) as test_client:
        yield test_client


def connect(client: TestClient, **arguments: Any) -> Any:
    return client.websocket_connect("/graphql", subprotocols=[sockets.SUBPROTOCOL], **arguments)


def test_real_clients_are_told_of_an_import_and_its_undoing(
    packages: Path, empty: Store, township_register: Path
) -> None:
    with serving(empty) as url, _client_lines(url) as lines:
        messages = _read_until(lines, lambda line: line == "ready")
        assert {"name": "ws", "asked": {"dataVersions": []}} in messages
        assert {"name": "sse", "asked": {"dataVersions": []}} in messages
        # As slow as a large import, so that there is progress to report.
        sequence = import_files(empty, [township_register], progress=lambda _sheet, _rows: time.sleep(0.3)).sequence
        messages = _read_until(lines, _all_received({"data": {"dataVersionChanged": {"sequence": sequence}}}))
        undo(empty)
        _read_until(lines, _all_received({"data": {"dataVersionChanged": None}}))
    for name in CLIENTS:
        steps = [
            message["data"]["importProgress"]
            for message in messages
            if message["name"] == name and "importProgress" in message.get("data", {})
        ]
        reported = [step for step in steps if step]
        assert all(step["sequence"] == sequence for step in reported)
        assert [step["rows"] for step in reported] == sorted(step["rows"] for step in reported)
        assert reported
        assert reported[-1]["rows"] > 0
        assert reported[-1]["sheet"]


@contextmanager
def _client_lines(url: str) -> Iterator[Iterator[str]]:
    """Run the clients and yield the lines that they print."""
    command = [str(node.BIN / "node"), "--no-warnings", "events.mjs", url]
    with subprocess.Popen(command, cwd=node.HERE, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        try:
            yield iter(program.stdout.readline, "")
        finally:
            program.kill()


def _all_received(expected: dict[str, Any]) -> Callable[[Any], bool]:
    missing = set(CLIENTS)

    def is_complete(line: Any) -> bool:
        if isinstance(line, dict) and line.items() >= expected.items():
            missing.discard(line["name"])
        return not missing

    return is_complete


def _read_until(lines: Iterator[str], is_last: Callable[[Any], bool]) -> list[Any]:
    """Read messages until the last one expected, and return them."""
    messages: list[Any] = []
    for line in lines:
        text = line.strip()
        messages.append(json.loads(text) if text.startswith("{") else text)
        if is_last(messages[-1]):
            return messages
    raise AssertionError(messages)


def test_a_query_goes_over_a_socket_too(client: TestClient) -> None:
    with connect(client) as socket:
        socket.send_json({"type": "ping"})
        assert socket.receive_json() == {"type": "pong"}
        socket.send_json({"type": "connection_init"})
        assert socket.receive_json() == {"type": "connection_ack"}
        socket.send_json({"id": "a", "type": "subscribe", "payload": {"query": "{ dataVersions { sequence } }"}})
        answer = socket.receive_json()
        assert (answer["id"], answer["type"], answer["payload"]["data"]) == ("a", "next", {"dataVersions": []})
        assert socket.receive_json() == {"id": "a", "type": "complete"}
        socket.send_json({"id": "b", "type": "subscribe", "payload": {"query": "{ none }"}})
        refusal = socket.receive_json()
        assert (refusal["id"], refusal["type"]) == ("b", "error")
        assert refusal["payload"][0]["extensions"]["code"] == "DOCUMENT_INVALID"


def _close_code(socket: Any) -> int:
    """Read a connection to its end and return the code with which it is closed."""
    try:
        while True:
            socket.receive_json()
    except WebSocketDisconnect as disconnect:
        return disconnect.code


INIT = {"type": "connection_init"}
ASK = {"id": "a", "type": "subscribe", "payload": {"query": VERSIONS}}


@pytest.mark.parametrize(
    ("messages", "code"),
    [
        ([ASK], sockets.UNAUTHORIZED),
        ([INIT, INIT], sockets.TOO_MANY_REQUESTS),
        ([INIT, ASK, ASK], sockets.SUBSCRIBER_EXISTS),
        ([{"type": "none"}], sockets.BAD_REQUEST),
        (["{"], sockets.BAD_REQUEST),
        (["3"], sockets.BAD_REQUEST),
        ([INIT, {"type": "subscribe", "payload": {}}], sockets.BAD_REQUEST),
        ([INIT, {"id": "a", "type": "subscribe", "payload": 3}], sockets.BAD_REQUEST),
        (
            [INIT, *({**ASK, "id": str(number)} for number in range(sockets.MAX_OPERATIONS + 1))],
            sockets.TOO_MANY_REQUESTS,
        ),
    ],
)
def test_what_breaks_the_protocol_is_closed(client: TestClient, messages: list[Any], code: int) -> None:
    with connect(client) as socket:
        for message in messages:
            socket.send_text(message if isinstance(message, str) else json.dumps(message))
        assert _close_code(socket) == code
    assert client.get("/healthz").status_code == 200


def test_who_never_greets_is_closed(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "INIT_TIMEOUT_SECONDS", 0.2)
    with connect(client) as socket, pytest.raises(WebSocketDisconnect) as closed:
        socket.receive_json()
    assert closed.value.code == sockets.INIT_TIMEOUT


@pytest.mark.parametrize(
    ("headers", "welcome"),
    [({}, True), ({"origin": PAGE}, True), ({"origin": "http://localhost"}, True), ({"origin": "https://evil.example"}, False), ({"origin": "null"}, False)],
)  # fmt: skip
def test_only_known_pages_connect(client: TestClient, headers: dict[str, str], welcome: bool) -> None:
    if welcome:
        with connect(client, headers=headers) as socket:
            socket.send_json(INIT)
            assert socket.receive_json()["type"] == "connection_ack"
        return
    with pytest.raises(WebSocketDisconnect), connect(client, headers=headers):
        pass


def test_another_protocol_is_not_spoken(client: TestClient) -> None:
    with client.websocket_connect("/graphql", subprotocols=["graphql-ws"]) as socket:
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_json()
        assert closed.value.code == sockets.SUBPROTOCOL_NOT_ACCEPTABLE


def test_a_subscription_needs_a_way_to_be_told(client: TestClient) -> None:
    for answer in (
        client.post("/graphql", json={"query": VERSIONS}),
        client.get("/graphql", params={"query": VERSIONS}),
    ):
        assert "transport-ws" in answer.json()["errors"][0]["message"]


def test_unsubscribing_ends_the_looking(client: TestClient, empty: Store) -> None:
    with connect(client) as socket:
        socket.send_json(INIT)
        socket.receive_json()
        socket.send_json(ASK)
        assert socket.receive_json()["payload"]["data"] == {"dataVersionChanged": None}
        socket.send_json({"id": "a", "type": "complete"})
        socket.send_json({"type": "ping"})
        socket.receive_json()
        time.sleep(0.5)
        empty.statement_log = []
        time.sleep(2.5)
        statements, empty.statement_log = empty.statement_log, None
    assert statements == []


def test_pages_elsewhere_may_ask_where_they_are_named(client: TestClient) -> None:
    preflight_headers = {"access-control-request-method": "POST", "access-control-request-headers": "content-type"}
    for origin, is_allowed in ((PAGE, True), ("https://b.example", True), ("https://evil.example", False)):
        preflight = client.options("/graphql", headers={"origin": origin, **preflight_headers})
        answer = client.post("/graphql", json={"query": "{ __typename }"}, headers={"origin": origin})
        assert (preflight.headers.get("access-control-allow-origin") == origin) is is_allowed
        assert (answer.headers.get("access-control-allow-origin") == origin) is is_allowed


def test_an_answer_is_kept_until_the_data_change(client: TestClient, empty: Store, township_register: Path) -> None:
    import_files(empty, [township_register])
    query = {"query": '{ households(area: {code: "513431"}, first: 1) { totalCount } }'}
    first = client.get("/graphql", params=query)
    tag = first.headers["etag"]
    empty.statement_log = []
    second = client.get("/graphql", params=query, headers={"if-none-match": tag})
    statements, empty.statement_log = empty.statement_log, None
    assert (second.status_code, second.content) == (304, b"")
    assert [name for name in statements if not name.startswith("imports/")] == []
    for tags in ("*", f'W/"0", {tag}'):
        assert client.get("/graphql", params=query, headers={"if-none-match": tags}).status_code == 304
    assert client.get("/graphql", params=query, headers={"if-none-match": f"x{tag}y"}).status_code == 200
    other_answer = client.get(
        "/graphql", params={"query": "{ dataVersions { sequence } }"}, headers={"if-none-match": tag}
    )
    assert (other_answer.status_code, other_answer.headers["etag"] != tag) == (200, True)
    failed_answer = client.get("/graphql", params={"query": '{ households(area: {code: "xx"}) { totalCount } }'})
    assert "etag" not in failed_answer.headers
    assert "etag" not in client.post("/graphql", json=query).headers
    undo(empty)
    assert client.get("/graphql", params=query, headers={"if-none-match": tag}).status_code == 200


def test_what_was_completed_counts_until_it_has_ended(
    client: TestClient, empty: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    started, release = [0], threading.Event()
    prepare = GraphQLApi.prepare

    def slow_prepare(self: GraphQLApi, *arguments: Any, **options: Any) -> Any:
        started[0] += 1
        release.wait(CAP_SECONDS)
        return prepare(self, *arguments, **options)

    monkeypatch.setattr(GraphQLApi, "prepare", slow_prepare)
    query = {"query": "{ dataVersions { sequence } }"}
    try:
        with connect(client) as socket:
            socket.send_json(INIT)
            socket.receive_json()
            for number in range(sockets.MAX_OPERATIONS + 1):
                socket.send_json({"id": str(number), "type": "subscribe", "payload": query})
                socket.send_json({"id": str(number), "type": "complete"})
            assert _close_code(socket) == sockets.TOO_MANY_REQUESTS
            assert started[0] <= sockets.MAX_CONCURRENT_RUNS
    finally:
        release.set()


def test_who_comes_later_is_told_once(client: TestClient, empty: Store, township_register: Path) -> None:
    """Change the data while no client is subscribed to them, though another is subscribed to something else."""
    progress = {"id": "p", "type": "subscribe", "payload": {"query": "subscription { importProgress { sheet } }"}}
    with connect(client) as first, connect(client) as second:
        for socket in (first, second):
            socket.send_json(INIT)
            socket.receive_json()
        first.send_json(progress)
        first.receive_json()
        second.send_json(ASK)
        second.receive_json()
        time.sleep(1.5)
        second.send_json({"id": "a", "type": "complete"})
        import_files(empty, [township_register])
        second.send_json({**ASK, "id": "b"})
        assert second.receive_json()["payload"]["data"]["dataVersionChanged"]["sequence"] == 1
        time.sleep(2.5)
        second.send_json({"type": "ping"})
        assert second.receive_json() == {"type": "pong"}
