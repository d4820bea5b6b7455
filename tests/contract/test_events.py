"""What is told as it happens: data versions and the progress of imports, over WebSocket and server-sent events; CORS and ETag."""

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
from tests.clients import node
from tests.conftest import REGISTER
from tests.patience import CAP_SECONDS
from tests.serving import serving

PAGE = "https://app.example"
CLIENTS = ("ws", "sse")
VERSIONS = "subscription { dataVersionChanged { sequence } }"


@pytest.fixture
def client(empty: Store) -> Iterator[TestClient]:
    with TestClient(
        build_app(empty, Settings.model_validate({"GRAPH_SERVICE_CORS": f"{PAGE}, https://b.example/"}))
    ) as made:
        yield made


def connected(client: TestClient, **more: Any) -> Any:
    return client.websocket_connect("/graphql", subprotocols=[sockets.SUBPROTOCOL], **more)


def test_real_clients_are_told_of_an_import_and_its_undoing(packages: Path, empty: Store) -> None:
    with serving(empty) as url, _waiting(url) as lines:
        heard = _until(lines, lambda line: line == "ready")
        assert {"name": "ws", "asked": {"dataVersions": []}} in heard
        assert {"name": "sse", "asked": {"dataVersions": []}} in heard
        # As long as a large one, so that there is something to tell.
        sequence = import_files(empty, [REGISTER], progress=lambda _sheet, _rows: time.sleep(0.3)).sequence
        heard = _until(lines, _all_heard({"data": {"dataVersionChanged": {"sequence": sequence}}}))
        undo(empty)
        _until(lines, _all_heard({"data": {"dataVersionChanged": None}}))
    for name in CLIENTS:
        steps = [
            one["data"]["importProgress"]
            for one in heard
            if one["name"] == name and "importProgress" in one.get("data", {})
        ]
        told = [step for step in steps if step]
        assert all(step["sequence"] == sequence for step in told)
        assert [step["rows"] for step in told] == sorted(step["rows"] for step in told)
        assert told
        assert told[-1]["rows"] > 0
        assert told[-1]["sheet"]


@contextmanager
def _waiting(url: str) -> Iterator[Iterator[str]]:
    """What the clients are told, line by line."""
    command = [str(node.BIN / "node"), "--no-warnings", "events.mjs", url]
    with subprocess.Popen(command, cwd=node.HERE, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        try:
            yield iter(program.stdout.readline, "")
        finally:
            program.kill()


def _all_heard(expected: dict[str, Any]) -> Callable[[Any], bool]:
    missing = set(CLIENTS)

    def heard(line: Any) -> bool:
        if isinstance(line, dict) and line.items() >= expected.items():
            missing.discard(line["name"])
        return not missing

    return heard


def _until(lines: Iterator[str], done: Callable[[Any], bool]) -> list[Any]:
    """What is said until that is done."""
    heard: list[Any] = []
    for line in lines:
        text = line.strip()
        heard.append(json.loads(text) if text.startswith("{") else text)
        if done(heard[-1]):
            return heard
    raise AssertionError(heard)


def test_a_query_goes_over_a_socket_too(client: TestClient) -> None:
    with connected(client) as socket:
        socket.send_json({"type": "ping"})
        assert socket.receive_json() == {"type": "pong"}
        socket.send_json({"type": "connection_init"})
        assert socket.receive_json() == {"type": "connection_ack"}
        socket.send_json({"id": "a", "type": "subscribe", "payload": {"query": "{ dataVersions { sequence } }"}})
        answer = socket.receive_json()
        assert (answer["id"], answer["type"], answer["payload"]["data"]) == ("a", "next", {"dataVersions": []})
        assert socket.receive_json() == {"id": "a", "type": "complete"}
        socket.send_json({"id": "b", "type": "subscribe", "payload": {"query": "{ none }"}})
        refused = socket.receive_json()
        assert (refused["id"], refused["type"]) == ("b", "error")
        assert refused["payload"][0]["extensions"]["code"] == "DOCUMENT_INVALID"


def _closed(socket: Any) -> int:
    """With which code a connection is closed, whatever is said before."""
    try:
        while True:
            socket.receive_json()
    except WebSocketDisconnect as closed:
        return closed.code


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
        ([INIT, *({**ASK, "id": str(at)} for at in range(sockets.MAX_OPERATIONS + 1))], sockets.TOO_MANY_REQUESTS),
    ],
)
def test_what_breaks_the_protocol_is_closed(client: TestClient, messages: list[Any], code: int) -> None:
    with connected(client) as socket:
        for message in messages:
            socket.send_text(message if isinstance(message, str) else json.dumps(message))
        assert _closed(socket) == code
    assert client.get("/healthz").status_code == 200


def test_who_never_greets_is_closed(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "INIT_TIMEOUT_SECONDS", 0.2)
    with connected(client) as socket, pytest.raises(WebSocketDisconnect) as closed:
        socket.receive_json()
    assert closed.value.code == sockets.INIT_TIMEOUT


@pytest.mark.parametrize(
    ("headers", "welcome"),
    [({}, True), ({"origin": PAGE}, True), ({"origin": "http://testserver"}, True), ({"origin": "https://evil.example"}, False), ({"origin": "null"}, False)],
)  # fmt: skip
def test_only_known_pages_connect(client: TestClient, headers: dict[str, str], welcome: bool) -> None:
    if welcome:
        with connected(client, headers=headers) as socket:
            socket.send_json(INIT)
            assert socket.receive_json()["type"] == "connection_ack"
        return
    with pytest.raises(WebSocketDisconnect), connected(client, headers=headers):
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
    with connected(client) as socket:
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
        asked, empty.statement_log = empty.statement_log, None
    assert asked == []


def test_pages_elsewhere_may_ask_where_they_are_named(client: TestClient) -> None:
    asked = {"access-control-request-method": "POST", "access-control-request-headers": "content-type"}
    for origin, named in ((PAGE, True), ("https://b.example", True), ("https://evil.example", False)):
        before = client.options("/graphql", headers={"origin": origin, **asked})
        answer = client.post("/graphql", json={"query": "{ __typename }"}, headers={"origin": origin})
        assert (before.headers.get("access-control-allow-origin") == origin) is named
        assert (answer.headers.get("access-control-allow-origin") == origin) is named


def test_an_answer_is_kept_until_the_data_change(client: TestClient, empty: Store) -> None:
    import_files(empty, [REGISTER])
    query = {"query": '{ households(area: {code: "513431"}, first: 1) { totalCount } }'}
    first = client.get("/graphql", params=query)
    tag = first.headers["etag"]
    empty.statement_log = []
    again = client.get("/graphql", params=query, headers={"if-none-match": tag})
    asked, empty.statement_log = empty.statement_log, None
    assert (again.status_code, again.content) == (304, b"")
    assert [name for name in asked if not name.startswith("imports/")] == []
    for known in ("*", f'W/"0", {tag}'):
        assert client.get("/graphql", params=query, headers={"if-none-match": known}).status_code == 304
    assert client.get("/graphql", params=query, headers={"if-none-match": f"x{tag}y"}).status_code == 200
    other = client.get("/graphql", params={"query": "{ dataVersions { sequence } }"}, headers={"if-none-match": tag})
    assert (other.status_code, other.headers["etag"] != tag) == (200, True)
    wrong = client.get("/graphql", params={"query": '{ households(area: {code: "xx"}) { totalCount } }'})
    assert "etag" not in wrong.headers
    assert "etag" not in client.post("/graphql", json=query).headers
    undo(empty)
    assert client.get("/graphql", params=query, headers={"if-none-match": tag}).status_code == 200


def test_what_was_completed_counts_until_it_has_ended(
    client: TestClient, empty: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, going_on = [0], threading.Event()
    answer = GraphQLApi.prepare

    def slow(self: GraphQLApi, *given: Any, **more: Any) -> Any:
        begun[0] += 1
        going_on.wait(CAP_SECONDS)
        return answer(self, *given, **more)

    monkeypatch.setattr(GraphQLApi, "prepare", slow)
    query = {"query": "{ dataVersions { sequence } }"}
    try:
        with connected(client) as socket:
            socket.send_json(INIT)
            socket.receive_json()
            for at in range(sockets.MAX_OPERATIONS + 1):
                socket.send_json({"id": str(at), "type": "subscribe", "payload": query})
                socket.send_json({"id": str(at), "type": "complete"})
            assert _closed(socket) == sockets.TOO_MANY_REQUESTS
            assert begun[0] <= sockets.MAX_CONCURRENT_RUNS
    finally:
        going_on.set()


def test_who_comes_later_is_told_once(client: TestClient, empty: Store) -> None:
    """Whatever changed while nobody waited for it, though others waited for something else."""
    progress = {"id": "p", "type": "subscribe", "payload": {"query": "subscription { importProgress { sheet } }"}}
    with connected(client) as first, connected(client) as second:
        for socket in (first, second):
            socket.send_json(INIT)
            socket.receive_json()
        first.send_json(progress)
        first.receive_json()
        second.send_json(ASK)
        second.receive_json()
        time.sleep(1.5)
        second.send_json({"id": "a", "type": "complete"})
        import_files(empty, [REGISTER])
        second.send_json({**ASK, "id": "b"})
        assert second.receive_json()["payload"]["data"]["dataVersionChanged"]["sequence"] == 1
        time.sleep(2.5)
        second.send_json({"type": "ping"})
        assert second.receive_json() == {"type": "pong"}
