"""GraphQL over HTTP: status, media types, hostile documents and bodies."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from graph_service.app import ASSETS_FOLDER, build_app
from graph_service.config import Settings
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.graphql.limits import MAX_DEPTH, MAX_FIELDS
from graph_service.platform.store.graph import Store
from tests.callers import LocalClient, shared_audit_log

MODERN = "application/graphql-response+json"
REQUEST_BODY = {"query": "{ dataVersions { sequence } }"}


@pytest.fixture(scope="module")
def client(store: Store, imported: ImportReport) -> Iterator[TestClient]:
    with LocalClient(build_app(store, Settings.model_validate({}), audit_log=shared_audit_log())) as test_client:
        yield test_client


def post(client: TestClient, query: str, accept: str = MODERN, **arguments: Any) -> Any:
    return client.post("/graphql", json={"query": query, **arguments}, headers={"accept": accept})


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        (MODERN, MODERN),
        ("application/json", "application/json"),
        ("*/*", "application/json"),
        ("", "application/json"),
        (f"application/json;q=0.5, {MODERN}", MODERN),
        (f"text/html, {MODERN};q=0", None),
        ("text/html", None),
    ],
)
def test_answers_in_what_the_client_accepts(client: TestClient, accept: str, media: str | None) -> None:
    answer = client.post("/graphql", json=REQUEST_BODY, headers={"accept": accept})
    assert answer.status_code == (200 if media else 406)
    assert answer.headers["content-type"] == f"{media or 'application/json'}; charset=utf-8"
    assert ("errors" in answer.json()) == (media is None)


@pytest.mark.parametrize("accept", [MODERN, "application/json"])
@pytest.mark.parametrize(
    ("query", "more"),
    [
        ("{ dataVersions {", {}),
        ("{ none }", {}),
        ("query($n: Int!) { benefitChains(from: {fundNo: \"1\"}, first: $n) { totalCount } }", {"variables": {"n": "x"}}),
        ("query A { __typename } query B { __typename }", {}),
        ("query A { __typename }", {"operationName": "C"}),
        ("{ __typename ...A } fragment A on Query { ...B } fragment B on Query { ...A }", {}),
    ],
)  # fmt: skip
def test_what_cannot_run_is_refused_before_it_runs(client: TestClient, query: str, more: Any, accept: str) -> None:
    answer = post(client, query, accept, **more)
    assert answer.status_code == (400 if accept == MODERN else 200)
    assert "data" not in answer.json()
    assert all(error["message"] and error["extensions"]["code"] for error in answer.json()["errors"])


def test_a_failed_field_leaves_the_others(client: TestClient) -> None:
    answer = post(client, '{ dataVersions { sequence } benefitChains(from: {fundNo: "none"}) { totalCount } }')
    assert answer.status_code == 200
    assert answer.json()["data"] == {"dataVersions": [{"sequence": 1}], "benefitChains": None}


@pytest.mark.parametrize(
    ("body", "media", "status"),
    [
        (b"", "application/json", 400),
        (b"3", "application/json", 400),
        (b"[]", "application/json", 400),
        (b'{"query": 3}', "application/json", 400),
        (b'{"query": "{__typename}", "variables": []}', "application/json", 400),
        (b'{"query": "{__typename}", "operationName": {}}', "application/json", 400),
        (b'{"query": "\xff"}', "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"query": "{__typename}"}', "text/plain", 415),
        (b'{"query": "{__typename}"}', "application/json; charset=gbk", 415),
        (b'{"query": "{__typename}"}', "application/json; charset=utf-8", 200),
        (b" " * 1_000_001, "application/json", 413),
    ],
)  # fmt: skip
def test_bodies(client: TestClient, body: bytes, media: str, status: int) -> None:
    answer = client.post("/graphql", content=body, headers={"content-type": media})
    assert answer.status_code == status
    assert ("errors" in answer.json()) == (status != 200)


def test_a_compressed_body_is_refused(client: TestClient) -> None:
    """Refuse a compressed body instead of reading it as a plain one."""
    headers = {"content-type": "application/json", "content-encoding": "gzip"}
    answer = client.post("/graphql", content=gzip.compress(b'{"query": "{__typename}"}'), headers=headers)
    assert (answer.status_code, "uncompressed" in answer.text) == (415, True)


def test_get_may_query(client: TestClient) -> None:
    query = "query($a: AreaScope!) { coverageGaps(area: $a) { totalCount } }"
    answer = client.get("/graphql", params={"query": query, "variables": '{"a": {"code": "513431"}}'})
    assert answer.json()["data"]["coverageGaps"]["totalCount"] > 0
    assert client.get("/graphql", params={"query": query, "variables": "{"}).status_code == 400
    assert client.get("/graphql").status_code == 400
    assert client.put("/graphql").status_code == 405


def test_head_changes_nothing(client: TestClient) -> None:
    mutation = "mutation { undoImport(input: {dataVersion: 1}) { __typename } }"
    before = client.get("/readyz").json()["dataVersion"]
    assert client.request("HEAD", "/graphql", json={"query": mutation}).status_code == 400
    assert client.head("/graphql", params={"query": mutation}).status_code == 405
    assert client.head("/graphql", params={"query": "{ dataVersions { sequence } }"}).status_code == 200
    assert client.get("/readyz").json()["dataVersion"] == before


DOUBLING = "{ ...F0 } " + " ".join(f"fragment F{i} on Query {{ ...F{i + 1} ...F{i + 1} }}" for i in range(40))
CHAINED = "{ ...F0 } " + " ".join(f"fragment F{i} on Query {{ ...F{i + 1} }}" for i in range(600))
HEAVY = {
    "chained fragments": CHAINED + " fragment F600 on Query { __typename }",
    "doubling fragments": DOUBLING + " fragment F40 on Query { __typename }",
    "deep": "{ coverageGaps(area: {code: \"51\"}) { nodes { village "
    + "{ parent " * MAX_DEPTH + "{ code }" + " }" * MAX_DEPTH + " } } }",
    "aliases": "{ " + " ".join(f"a{i}: __typename" for i in range(MAX_FIELDS + 1)) + " }",
    "questions": "{ " + " ".join(f"a{i}: dataVersions {{ sequence }}" for i in range(21)) + " }",
    "tokens": "{ __typename " + "@include(if: true) " * 3_000 + "}",
    "comment": "# " + "x" * 900_000 + "\n{ none }",
    "string": '{ benefitChains(from: {fundNo: "' + "x" * 900_000 + '"}) { totalCount } }',
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(HEAVY))
def test_heavy_documents_are_refused_before_anything_is_asked(client: TestClient, store: Store, name: str) -> None:
    """Count doubling fragments without expanding them, which would never end."""
    store.statement_log = []
    answer = post(client, HEAVY[name])
    statements, store.statement_log = store.statement_log, None
    assert [statement for statement in statements if not statement.startswith("imports/")] == []
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["extensions"]["code"].startswith("DOCUMENT_")
    assert post(client, "{ __typename }").json()["data"] == {"__typename": "Query"}


def test_text_of_a_user_is_never_part_of_a_statement(client: TestClient, store: Store) -> None:
    text = "' OR 1=1 //`}"
    statements: list[str] = []
    read = store._engine.read

    def recording_read(text: str, parameters: Any, *, name: str = "") -> Any:
        statements.append(text)
        return read(text, parameters, name=name)

    store._engine.read = recording_read  # type: ignore[method-assign]
    try:
        post(client, "query($f: String!) { benefitChains(from: {fundNo: $f}) { totalCount } }", variables={"f": text})
        post(client, "query($a: AreaScope!) { coverageGaps(area: $a) { totalCount } }", variables={"a": {"code": text}})
    finally:
        store._engine.read = read  # type: ignore[method-assign]
    assert statements
    assert not any(text in statement for statement in statements)


def test_introspection_beside_a_question(client: TestClient) -> None:
    query = "query($n: String!) { a: __type(name: $n) { ...T } dataVersions { __typename sequence } __schema { queryType { name } } } fragment T on __Type { kind name }"
    assert post(client, query, variables={"n": "Village"}).json()["data"] == {
        "a": {"kind": "OBJECT", "name": "Village"},
        "dataVersions": [{"__typename": "DataVersion", "sequence": 1}],
        "__schema": {"queryType": {"name": "Query"}},
    }


def test_graphiql_is_served_whole_from_here(client: TestClient) -> None:
    page = client.get("/graphql", headers={"accept": "text/html"})
    assert "default-src 'none'" in page.headers["content-security-policy"]
    for name in (
        "graphiql.min.js",
        "graphiql.min.css",
        "react.production.min.js",
        "react-dom.production.min.js",
        "boot.js",
        "boot.css",
    ):
        assert f"/assets/{name}" in page.text
        assert client.get(f"/assets/{name}").status_code == 200
    assert "://" not in page.text
    assert "://" not in (ASSETS_FOLDER / "boot.js").read_text(encoding="utf-8")
    for example in client.get("/examples").json():
        answer = post(client, example["query"], variables=example["variables"])
        assert "errors" not in answer.json(), example["title"]


def test_health(client: TestClient, store: Store) -> None:
    assert client.get("/healthz").json()["status"] == "ok"
    assert client.get("/readyz").json() == {"status": "ok", "engine": store.engine_name, "dataVersion": 1}
    assert client.get("/", follow_redirects=False).headers["location"] == "/graphql"
