"""Hostile requests, one kind a row: each is refused with a status and a code, and the next request is answered.

Kinds that have a test of their own elsewhere: malformed bodies, doubling and circular fragments, giant strings and comments
(`test_view`); introspection where it is off (`test_masking`); connections without `connection_init` (`test_events`);
unknown document hashes over every transport (`test_trusted_documents`); requests beyond a user's rate (`test_rates`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import psutil
import pytest
from starlette.testclient import TestClient, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from graph_service.app import build_app
from graph_service.config import Settings
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.graphql.cost import MAX_NESTED_LISTS
from graph_service.graphql.http import sockets
from graph_service.graphql.limits import (
    MAX_CHARACTERS,
    MAX_DIRECTIVES,
    MAX_FIELDS,
    MAX_FRAGMENTS,
)
from graph_service.graphql.limits import (
    MAX_OPERATIONS as MAX_DOCUMENT_OPERATIONS,
)
from graph_service.platform.store.graph import Store
from tests.callers import LocalClient, shared_audit_log
from tests.contract.test_events import _close_code as close_code

pytestmark = pytest.mark.one_engine

MAX_GROWTH_BYTES = 300_000_000
MAX_ERROR_BYTES = 15_000


def repeated(text: str, count: int) -> str:
    return " ".join(text.format(number=number) for number in range(count))


MANY_CONDITIONS = repeated("y{number}: 1", 14)
DOCUMENTS: dict[str, tuple[str, str]] = {
    "aliases": (f"{{ {repeated('a{number}: __typename', MAX_FIELDS + 1)} }}", "DOCUMENT_REFUSED"),
    "one field many times": (f"{{ {repeated('__typename', MAX_FIELDS - 1)} }}", "DOCUMENT_REFUSED"),
    "one object many times": (f"{{ {repeated('dataVersions {{ sequence }}', 400)} }}", "DOCUMENT_REFUSED"),
    "one field in many objects": (
        f"{{ {repeated('dataVersions {{ sequence sequence sequence sequence }}', 150)} }}",
        "DOCUMENT_REFUSED",
    ),
    "one field in many inline fragments": (f"{{ {repeated('... {{ __typename }}', 500)} }}", "DOCUMENT_REFUSED"),
    "directives": (f"{{ __typename {repeated('@include(if: true)', MAX_DIRECTIVES + 1)} }}", "DOCUMENT_REFUSED"),
    "directives of variables": (f"query($a: Int {repeated('@x', 200)}) {{ __typename }}", "DOCUMENT_REFUSED"),
    "directives of an operation": (f"query Q {repeated('@x', 200)} {{ __typename }}", "DOCUMENT_REFUSED"),
    "a long name": (f"{{ {'a' * MAX_CHARACTERS} }}", "DOCUMENT_REFUSED"),
    "a long text of escapes": ('{ nodes(ids: "' + "\\n" * MAX_CHARACTERS + '") { id } }', "DOCUMENT_REFUSED"),
    "a long block of lines": ('{ nodes(ids: """' + " \n" * MAX_CHARACTERS + '""") { id } }', "DOCUMENT_REFUSED"),
    "a long comment": (f"{{ __typename }} #{'x' * MAX_CHARACTERS}", "DOCUMENT_REFUSED"),
    "deep nesting": ("{ a" + "{ a" * 2_000 + "}" * 2_001, "DOCUMENT_INVALID"),
    "deep values": (f"{{ nodes(ids: {'[' * 2_000}{']' * 2_000}) {{ id }} }}", "DOCUMENT_INVALID"),
    "many fragments": (
        f"{{ {repeated('...F{number}', MAX_FRAGMENTS + 1)} }} "
        + repeated("fragment F{number} on Query {{ a{number}: __typename }}", MAX_FRAGMENTS + 1),
        "DOCUMENT_REFUSED",
    ),
    "fragments that nobody uses": (
        "{ __typename } fragment F on Query { " + "dataVersions { sequence } " * 1_000 + "}",
        "DOCUMENT_REFUSED",
    ),
    "a fragment that is defined again": (
        "{ ...F } " + "fragment F on Query { __typename } " * MAX_FRAGMENTS,
        "DOCUMENT_REFUSED",
    ),
    "doubling fragments without an end": (
        "{ ...F0 } " + " ".join(f"fragment F{i} on Query {{ ...F{i + 1} ...F{i + 1} }}" for i in range(50)),
        "DOCUMENT_REFUSED",
    ),
    "many operations": (repeated("query Q{number} {{ __typename }}", MAX_DOCUMENT_OPERATIONS + 1), "DOCUMENT_REFUSED"),
    "many variables": (f"query({repeated('$v{number}: Int', 1_200)}) {{ __typename }}", "DOCUMENT_INVALID"),
    "unknown fields": (f"{{ {repeated('a{number}: household{number}', 900)} }}", "DOCUMENT_INVALID"),
    "unknown arguments": (f"{{ households({repeated('x{number}: 1', 1_500)}) {{ totalCount }} }}", "DOCUMENT_INVALID"),
    "unknown conditions": (
        f"{{ households(where: {{{repeated('x{number}: 1', 1_500)}}}) {{ totalCount }} }}",
        "DOCUMENT_REFUSED",
    ),
    "unknown conditions with conditions within": (
        f"{{ households(where: {{{repeated(f'x{{number}}: {{{{{MANY_CONDITIONS}}}}}', 100)}}}) {{ totalCount }} }}",
        "DOCUMENT_REFUSED",
    ),
    "unknown types": (
        f"{{ {repeated('... on Househol{number} {{ a{number}: id }}', 500)} }}",
        "DOCUMENT_INVALID",
    ),
    "type definitions": (repeated("type T{number} {{ id: ID }}", 600), "DOCUMENT_INVALID"),
    "wide lists": ("{ households(first: 500) { nodes { village { households(first: 500) { nodes { members(first: 500) { nodes { id } } } } } } } }", "DOCUMENT_REFUSED"),
    "short lists many times over": (
        f"{{ households(first: 1) {{ nodes {{ {repeated('a{number}: members(first: 1) {{ totalCount }}', MAX_NESTED_LISTS + 1)} }} }} }}",
        "DOCUMENT_REFUSED",
    ),
    "introspection many times over": ("{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }", "DOCUMENT_INVALID"),
}  # fmt: skip

NODES = "query($ids: [ID!]!) { nodes(ids: $ids) { id ... on Household { village { id } } } }"
WHERE = "query($where: HouseholdWhere) { households(where: $where) { totalCount } }"
FORM = "application/x-www-form-urlencoded"
BODY = {"query": "{ __typename }"}
REQUESTS: dict[str, tuple[int, str, dict[str, Any]]] = {
    "nodes flood": (400, "DOCUMENT_REFUSED", {"json": {"query": NODES, "variables": {"ids": ["x"] * 200_000}}}),
    "conditions flood": (
        400,
        "DOCUMENT_REFUSED",
        {"json": {"query": WHERE, "variables": {"where": {"any": [{"cardNo": {"eq": "x"}}] * 20_000}}}},
    ),
    "values flood": (
        400,
        "DOCUMENT_REFUSED",
        {"json": {"query": WHERE, "variables": {"where": {"cardNo": {"in": ["x"] * 40_000}}}}},
    ),
    "deep variables": (400, "DOCUMENT_REFUSED", {"content": b'{"query":"{ __typename }","variables":' + b'{"a":' * 90_000, "headers": {"content-type": "application/json"}}),
    "a batch": (400, "DOCUMENT_REFUSED", {"json": [BODY] * 100}),
    "a form of another page": (415, "DOCUMENT_REFUSED", {"content": b"query=%7B__typename%7D", "headers": {"content-type": FORM}}),
    "text of another page": (415, "DOCUMENT_REFUSED", {"content": b'{"query":"{__typename}"}', "headers": {"content-type": "text/plain"}}),
    "an upload of another page": (400, "DOCUMENT_REFUSED", {"files": {"operations": (None, "{}"), "map": (None, "{}")}}),
    "wrong Accept": (406, "DOCUMENT_REFUSED", {"json": BODY, "headers": {"accept": "image/png"}}),
    "a document by an unknown hash": (400, "PERSISTED_QUERY_NOT_FOUND", {"json": {"documentId": f"sha256:{'0' * 64}"}}),
}  # fmt: skip


@pytest.fixture(scope="module")
def client(store: Store, imported: ImportReport) -> Iterator[TestClient]:
    with LocalClient(build_app(store, Settings.model_validate({}), audit_log=shared_audit_log())) as test_client:
        yield test_client


def require_served(client: TestClient) -> None:
    assert client.post("/graphql", json=BODY).json()["data"] == {"__typename": "Query"}


def test_a_document_of_the_largest_length_is_answered_and_a_longer_one_tells_both_lengths(client: TestClient) -> None:
    longest = "{ __typename }".ljust(MAX_CHARACTERS)
    assert client.post("/graphql", json={"query": longest}).json() == {
        "data": {"__typename": "Query"},
        "extensions": client.post("/graphql", json=BODY).json()["extensions"],
    }
    [error] = client.post("/graphql", json={"query": longest + " "}).json()["errors"]
    assert all("200001" in text and "200000" in text for text in error["message"].splitlines())


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_a_hostile_document_is_refused_with_a_code(client: TestClient, kind: str) -> None:
    query, code = DOCUMENTS[kind]
    headers = {"accept": "application/graphql-response+json"}
    response = client.post("/graphql", json={"query": query}, headers=headers)
    assert response.status_code == 400
    assert {error["extensions"]["code"] for error in response.json()["errors"]} == {code}
    assert len(response.content) < MAX_ERROR_BYTES
    require_served(client)


@pytest.mark.parametrize("accept", ["application/json", "*/*", ""])
def test_without_the_media_type_of_graphql_a_refused_document_has_200(client: TestClient, accept: str) -> None:
    query, code = DOCUMENTS["aliases"]
    response = client.post("/graphql", json={"query": query}, headers={"accept": accept})
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (200, code)
    assert "data" not in response.json()
    assert client.post("/graphql", json=[BODY] * 100, headers={"accept": accept}).status_code == 400


@pytest.mark.parametrize("kind", REQUESTS)
def test_a_hostile_request_is_refused_with_a_code(client: TestClient, kind: str) -> None:
    status, code, options = REQUESTS[kind]
    headers = {"accept": "application/graphql-response+json"} | options.get("headers", {})
    response = client.post("/graphql", **options | {"headers": headers})
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (status, code)
    require_served(client)


def test_a_change_by_get_is_refused(client: TestClient) -> None:
    mutation = "mutation { undoImport(input: {dataVersion: 1}) { __typename } }"
    for accept in ("application/json", "text/event-stream"):
        response = client.get("/graphql", params={"query": mutation}, headers={"accept": accept})
        assert (response.status_code, response.headers["allow"]) == (405, "POST")


def test_a_socket_of_another_origin_is_refused(client: TestClient) -> None:
    for origin in (
        "https://evil.example",
        "null",
        "http://localhost.evil.example",
        "ftp://testserver",
        "ftp://localhost",
    ):
        with (
            pytest.raises(WebSocketDisconnect),
            client.websocket_connect("/graphql", [sockets.SUBPROTOCOL], headers={"origin": origin}) as socket,
        ):
            socket.receive_json()
    require_served(client)


def test_a_flood_of_subscriptions_closes_its_connection_only(client: TestClient) -> None:
    subscription = {"type": "subscribe", "payload": {"query": "subscription { importProgress { sheet } }"}}
    with client.websocket_connect("/graphql", [sockets.SUBPROTOCOL]) as socket:
        socket.send_json({"type": "connection_init"})
        for number in range(sockets.MAX_OPERATIONS + 1):
            socket.send_json({**subscription, "id": str(number)})
        assert close_code(socket) == sockets.TOO_MANY_REQUESTS
    require_served(client)


def test_silent_connections_of_an_address_do_not_take_all_places(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "MAX_SILENT_CONNECTIONS", 2)

    def connect(stack: ExitStack) -> WebSocketTestSession:
        return stack.enter_context(client.websocket_connect("/graphql", [sockets.SUBPROTOCOL]))

    with ExitStack() as stack:
        silent, _ = connect(stack), connect(stack)
        assert close_code(connect(stack)) == sockets.TOO_MANY_REQUESTS
        silent.send_json({"type": "connection_init"})
        silent.receive_json()
        later = connect(stack)
        later.send_json({"type": "connection_init"})
        assert later.receive_json() == {"type": "connection_ack"}


def test_hostile_documents_leave_no_memory_behind(client: TestClient) -> None:
    process = psutil.Process()
    before = process.memory_info().rss
    for round_ in range(3):
        for query, _ in DOCUMENTS.values():
            # A document that differs each time is not answered from the cache.
            client.post("/graphql", json={"query": f"# {round_}\n{query}"})
    assert process.memory_info().rss - before < MAX_GROWTH_BYTES
