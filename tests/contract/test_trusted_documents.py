"""Trusted documents: manifests of real build tools, requests of real clients, and a service that serves nothing else."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
import pytest
from starlette.testclient import TestClient

from graph_service.app import build_app
from graph_service.config import Settings
from graph_service.console.examples import load_examples
from graph_service.errors import ManifestInvalid, SettingInvalid
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.graphql.http.sockets import SUBPROTOCOL
from graph_service.graphql.trusted_documents import load_trusted_documents
from graph_service.platform.store.graph import Store
from tests.callers import LocalClient, shared_audit_log
from tests.clients import node
from tests.contract.test_clients import COUNTY, EXAMPLES, SCREENS
from tests.serving import serving

pytestmark = pytest.mark.one_engine

TEXT = "query Versions { dataVersions { sequence } }"
OTHER = "{ dataVersions { day } }"
HASH = sha256(TEXT.encode()).hexdigest()
APOLLO = {"format": "apollo-persisted-query-manifest", "version": 1, "operations": [{"id": "v1", "name": "Versions", "type": "query", "body": TEXT}]}  # fmt: skip
WriteManifest = Callable[[object], Path]


@pytest.fixture
def write_manifest(tmp_path: Path) -> WriteManifest:
    def write(content: object) -> Path:
        path = tmp_path / f"manifest-{len(list(tmp_path.iterdir()))}.json"
        path.write_bytes(content if isinstance(content, bytes) else orjson.dumps(content))
        return path

    return write


def settings_of(*paths: Path, mode: str = "required") -> Settings:
    return Settings.model_validate(
        {"GRAPH_SERVICE_DOCUMENTS": ",".join(map(str, paths)), "GRAPH_SERVICE_ONLY_DOCUMENTS": mode}
    )


@pytest.fixture
def client(store: Store, imported: ImportReport, write_manifest: WriteManifest) -> Iterator[TestClient]:
    paths = [write_manifest({f"sha256:{HASH}": TEXT}), write_manifest(APOLLO)]
    with LocalClient(build_app(store, settings_of(*paths), audit_log=shared_audit_log())) as test_client:
        yield test_client


NAMED: list[dict[str, Any]] = [
    {"documentId": f"sha256:{HASH}"},
    {"documentId": HASH},
    {"documentId": "v1", "operationName": "Versions"},
    {"doc_id": HASH},
    {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": HASH}}},
    {"query": "", "documentId": HASH},
    {"query": TEXT, "documentId": HASH},
    {"query": TEXT},
]


@pytest.mark.parametrize("request_parameters", NAMED, ids=str)
def test_a_trusted_document_is_served_however_it_is_named(client: TestClient, request_parameters: Any) -> None:
    expected = {"dataVersions": [{"sequence": 1}]}
    assert client.post("/graphql", json=request_parameters).json()["data"] == expected
    query = {
        name: value if isinstance(value, str) else orjson.dumps(value).decode()
        for name, value in request_parameters.items()
    }
    assert client.get("/graphql", params=query).json()["data"] == expected


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"query": OTHER}, "DOCUMENT_UNTRUSTED"),
    ({"query": f"{TEXT} "}, "DOCUMENT_UNTRUSTED"),
    ({"query": OTHER, "documentId": HASH}, "DOCUMENT_REFUSED"),
    ({"query": OTHER, "documentId": "0" * 64}, "DOCUMENT_UNTRUSTED"),
    ({"documentId": "0" * 64}, "PERSISTED_QUERY_NOT_FOUND"),
    ({"documentId": f"md5:{HASH}"}, "PERSISTED_QUERY_NOT_FOUND"),
    ({"documentId": 3}, "DOCUMENT_REFUSED"),
    ({"documentId": ""}, "DOCUMENT_REFUSED"),
    ({"extensions": {"persistedQuery": {"sha256Hash": ["x"]}}}, "DOCUMENT_REFUSED"),
    ({}, "DOCUMENT_REFUSED"),
]


def _stream_code(client: TestClient, request_parameters: Any) -> str:
    response = client.post("/graphql", json=request_parameters, headers={"accept": "text/event-stream"})
    assert response.status_code == 400
    return str(response.json()["errors"][0]["extensions"]["code"])


def _socket_code(client: TestClient, request_parameters: Any) -> str:
    with client.websocket_connect("/graphql", [SUBPROTOCOL]) as socket:
        socket.send_json({"type": "connection_init"})
        socket.receive_json()
        socket.send_json({"id": "1", "type": "subscribe", "payload": request_parameters})
        message = socket.receive_json()
    assert message["type"] == "error"
    return str(message["payload"][0]["extensions"]["code"])


@pytest.mark.parametrize(("request_parameters", "code"), REFUSED, ids=str)
def test_nothing_else_is_served_over_any_transport(client: TestClient, request_parameters: Any, code: str) -> None:
    response = client.post("/graphql", json=request_parameters)
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (400, code)
    assert _stream_code(client, request_parameters) == code
    assert _socket_code(client, request_parameters) == code


def test_a_socket_serves_a_trusted_document(client: TestClient) -> None:
    with client.websocket_connect("/graphql", [SUBPROTOCOL]) as socket:
        socket.send_json({"type": "connection_init"})
        socket.receive_json()
        socket.send_json({"id": "1", "type": "subscribe", "payload": {"documentId": HASH}})
        assert socket.receive_json()["payload"]["data"] == {"dataVersions": [{"sequence": 1}]}


def test_the_console_and_exports_stay(client: TestClient, store: Store) -> None:
    page = client.get("/graphql", headers={"accept": "text/html"})
    assert "本服务只执行受信文档" in page.text
    assert "trusted documents only" in page.text
    for example in load_examples(store):
        answer = client.post("/graphql", json={"query": example.query, "variables": example.variables}).json()
        assert "errors" not in answer, example.name
    assert client.post("/graphql", json={"documentId": "introspection"}).json()["data"]["__schema"]
    assert client.get("/exports/coverageGaps.csv", params={"area": COUNTY}).status_code == 200


def test_ids_are_known_where_any_document_is_served(
    store: Store, imported: ImportReport, write_manifest: WriteManifest
) -> None:
    """Let an Apollo client that sends the text after an unknown hash go on; nothing is registered by that."""
    app = build_app(store, settings_of(write_manifest({HASH: TEXT}), mode="off"), audit_log=shared_audit_log())
    hashed = {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": sha256(OTHER.encode()).hexdigest()}}}
    with LocalClient(app) as client:
        assert client.post("/graphql", json={"documentId": HASH}).json()["data"]
        assert "trusted documents only" not in client.get("/graphql", headers={"accept": "text/html"}).text
        for _ in range(2):
            error = client.post("/graphql", json=hashed).json()["errors"][0]["extensions"]
            assert error["code"] == "PERSISTED_QUERY_NOT_FOUND"
            assert client.post("/graphql", json=hashed | {"query": OTHER}).json()["data"]


INVALID: dict[str, tuple[object, str]] = {
    "not JSON": (b"{", "JSON"),
    "a list": ([], "object"),
    "another format": ({**APOLLO, "format": "other"}, "apollo-persisted-query-manifest"),
    "a later version": ({**APOLLO, "version": 2}, "version 1"),
    "an operation that is none": ({**APOLLO, "operations": [3]}, "strings"),
    "a document that is no text": ({"a": {}}, "strings"),
    "a hash of another text": ({HASH: OTHER}, "SHA-256"),
    "a prefix without a hash": ({"sha256:abc": TEXT}, "SHA-256"),
    "a syntax error": ({"a": "{"}, "Syntax Error"),
    "an unknown field": ({"a": "{ households { cardNr } }"}, "cardNr"),
    "a document that is too large": ({"a": "{ " + "__typename " * 1_001 + "}"}, "1001 fields"),
    "a document that is too long": ({"a": "{ __typename }" + " " * 200_000}, "200014 characters"),
}


@pytest.mark.parametrize("name", INVALID)
def test_an_invalid_manifest_stops_the_start_with_file_id_and_reason(
    store: Store, write_manifest: WriteManifest, name: str
) -> None:
    content, reason = INVALID[name]
    path = write_manifest(content)
    with pytest.raises(ManifestInvalid) as raised:
        build_app(store, settings_of(path), audit_log=shared_audit_log())
    error = raised.value
    assert str(path) in error.message_en
    assert str(path) in error.message_zh
    assert reason in error.message_en
    if isinstance(content, Mapping) and "operations" not in content:
        assert next(iter(content)) in error.message_en


def test_an_id_has_one_document(write_manifest: WriteManifest) -> None:
    paths = [write_manifest({"a": TEXT}), write_manifest({"a": OTHER})]
    with pytest.raises(ManifestInvalid, match="another document"):
        load_trusted_documents(paths)
    assert load_trusted_documents([paths[0], paths[0]]).text_by_id["a"] == TEXT


def test_a_missing_manifest_stops_the_start(store: Store, tmp_path: Path) -> None:
    for settings in (settings_of(tmp_path / "none.json"), settings_of()):
        with pytest.raises(SettingInvalid):
            build_app(store, settings, audit_log=shared_audit_log())


@pytest.fixture(scope="module")
def manifests(packages: Path) -> list[Path]:
    """Manifests that the client preset of graphql-codegen and the Relay compiler write."""
    made = packages / "made"
    # The Relay compiler writes documents to its manifest only where it writes their artifacts anew.
    shutil.rmtree(made / "relay-persisted", ignore_errors=True)
    (made / "relay-persisted").mkdir(parents=True)
    relay_manifest = made / "relay-persisted.json"
    relay_manifest.write_text("{}")
    documents = [str(EXAMPLES / f"{name}.graphql") for name in SCREENS]
    node.run(str(node.BIN / "node"), "--no-warnings", "manifests.mjs", "made/trusted/", *documents)
    node.package("relay-compiler", "relay.persisted.config.json")
    return [made / "trusted" / "persisted-documents.json", relay_manifest]


def test_apollo_urql_and_relay_name_the_documents_of_their_manifests(
    manifests: list[Path], store: Store, imported: ImportReport
) -> None:
    with serving(store, settings_of(*manifests)) as url:
        answers = node.told("trusted.mjs", url, COUNTY)
    assert len(set(answers["totals"].values())) == 1
    assert answers["totals"]["apollo"] > 600
    assert answers["sentTexts"] == 0
    assert "trusted documents only" in answers["unknown"]
