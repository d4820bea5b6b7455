"""Metrics: what is counted under which labels, and who may read them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from graph_service.access.permissions import AccessGrant
from graph_service.access.rights import Role
from graph_service.app import build_app
from graph_service.config import Settings
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.platform.engine.client import Engine
from graph_service.platform.engine.remote import RemoteServer
from graph_service.platform.store.graph import Store
from graph_service.sign_in.services import AccessServices, open_access
from graph_service.telemetry import events, metrics
from tests.callers import LocalClient, shared_audit_log

pytestmark = pytest.mark.one_engine
LOCAL = ("127.0.0.1", 50_000)
Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def client_of(store: Store, access: AccessServices | None = None, host: str = LOCAL[0], **settings: str) -> TestClient:
    """Return a client with this address of a service over a store."""
    app = build_app(store, Settings.model_validate(settings), access=access, audit_log=shared_audit_log())
    return LocalClient(app, client=(host, LOCAL[1]))


def parse(text: str) -> Samples:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


class Scrapes:
    """Scrapes of a client. `growth` is that of a series since the first one."""

    def __init__(self, client: TestClient) -> None:
        self._client = client
        self.first = self.scrape()

    def scrape(self) -> Samples:
        answer = self._client.get("/metrics")
        assert answer.status_code == 200
        return parse(answer.text)

    def growth(self, name: str, /, **labels: str) -> float:
        key = (f"graph_service_{name}", frozenset(labels.items()))
        return self.scrape().get(key, 0) - self.first.get(key, 0)


@pytest.fixture
def client(imported: ImportReport, store: Store) -> Iterator[TestClient]:
    assert imported.sequence == 1
    with client_of(store) as test_client:
        yield test_client


def test_an_operation_is_counted_with_its_statements_rows_and_cost(client: TestClient) -> None:
    scrapes = Scrapes(client)
    for count in (3, 5):
        client.post("/graphql", json={"query": f"{{ funds(first: {count}) {{ nodes {{ fundNo }} }} }}"})
    assert scrapes.growth("http_requests_total", method="POST", path="/graphql", status="200") == 2
    assert scrapes.growth("graphql_operations_total", kind="query", outcome="OK") == 2
    assert scrapes.growth("graphql_operation_seconds_count", kind="query") == 2
    assert scrapes.growth("graphql_operation_cost_count") == 2
    assert scrapes.growth("statement_seconds_count", name="directory/funds") == 2
    assert scrapes.growth("statement_rows_total", name="directory/funds") == 10  # each reads one more than its page
    assert scrapes.growth("slots_used") == scrapes.growth("slots_waiting") == scrapes.growth("statements_running") == 0


@pytest.mark.parametrize(
    ("query", "kind", "outcome"),
    [
        ("{ nothing }", "refused", "DOCUMENT_INVALID"),
        ("subscription { dataVersionPublished { sequence } }", "refused", "DOCUMENT_INVALID"),
        ("{", "refused", "DOCUMENT_INVALID"),
        ('{ benefitChains(from: {fund: "none"}) { total } }', "refused", "DOCUMENT_INVALID"),
        ('{ fundReport(fundNo: "none") { attributedTotal } }', "query", "NOT_FOUND"),
    ],
)
def test_a_failure_is_counted_by_its_code(client: TestClient, query: str, kind: str, outcome: str) -> None:
    scrapes = Scrapes(client)
    client.post("/graphql", json={"query": query})
    assert scrapes.growth("graphql_operations_total", kind=kind, outcome=outcome) == 1


def test_unknown_paths_and_methods_share_one_series(client: TestClient) -> None:
    scrapes = Scrapes(client)
    for number in range(200):
        client.get(f"/{number}/519900197001010024")
        client.request(f"M{number}", "/graphql")
    for name in ("coverageGaps.csv", "none.csv", "519900197001010024.xlsx"):
        client.get(f"/exports/{name}")
    series = {key for key in scrapes.scrape().keys() - scrapes.first.keys() if "http_requests_total" in key[0]}
    assert len(series) <= 5
    assert scrapes.growth("http_requests_total", method="GET", path="(unknown)", status="404") == 200
    assert scrapes.growth("http_requests_total", method="(unknown)", path="/graphql", status="405") == 200
    assert "519900197001010024" not in client.get("/metrics").text


def test_names_of_operations_and_aliases_are_no_labels(client: TestClient) -> None:
    client.post("/graphql", json={"query": "query Wang { wang: funds(first: 1) { nodes { fundNo } } }"})
    assert "wang" not in client.get("/metrics").text.lower()


def test_the_engine_and_the_data_version_are_looked_at(client: TestClient) -> None:
    samples = Scrapes(client).first
    assert samples["graph_service_engine_ready", frozenset()] == 1
    assert samples["graph_service_data_version", frozenset()] == 1
    assert samples["graph_service_slots", frozenset()] == 16


def test_an_engine_that_is_away_is_told_by_the_metrics() -> None:
    store = Store(Engine(RemoteServer("bolt://127.0.0.1:1", "neo4j", "", "neo4j"), 5))
    with client_of(store) as client:
        assert parse(client.get("/metrics").text)["graph_service_engine_ready", frozenset()] == 0
    store.close()


def test_entries_of_the_audit_log_are_counted(client: TestClient) -> None:
    scrapes = Scrapes(client)
    events.audit_written()
    events.audit_written()
    events.audit_failed()
    assert (scrapes.growth("audit_entries_total"), scrapes.growth("audit_failures_total")) == (2, 1)


def test_a_connection_is_counted_while_it_is_open(client: TestClient) -> None:
    scrapes = Scrapes(client)
    with client.websocket_connect("/graphql", subprotocols=["graphql-transport-ws"]):
        assert scrapes.growth("websockets") == 1
    assert scrapes.growth("websockets") == 0


@pytest.mark.parametrize(
    ("host", "status"), [("127.0.0.1", 200), ("::1", 200), ("192.0.2.7", 403), ("testclient", 403)]
)
def test_without_sign_in_this_machine_alone_reads_metrics(store: Store, host: str, status: int) -> None:
    with client_of(store, host=host) as client:
        assert client.get("/metrics").status_code == status


def test_metrics_can_be_off(store: Store) -> None:
    with client_of(store, GRAPH_SERVICE_METRICS="off") as client:
        assert client.get("/metrics").status_code == 404


ROLES = [(role, ("",), 200 if role is Role.MONITORING else 403) for role in Role]


@pytest.mark.parametrize(("role", "areas", "status"), [*ROLES, (Role.MONITORING, ("513431",), 403)])
def test_with_sign_in_a_monitoring_system_alone_reads_metrics(
    store: Store, tmp_path: object, role: Role, areas: tuple[str, ...], status: int
) -> None:
    settings = {"GRAPH_SERVICE_SIGN_IN": "required", "GRAPH_SERVICE_DATA": str(tmp_path)}
    access = open_access(Settings.model_validate(settings))
    access.grants.add(AccessGrant("user", role, areas, areas))
    key = access.api_keys.create("user", "admin")[0]
    with client_of(store, access, **settings) as client:
        assert client.get("/metrics").status_code == 401
        assert client.get("/metrics", headers={"authorization": f"Bearer {key}"}).status_code == status
    access.close()


def test_metrics_are_described_in_both_languages() -> None:
    descriptions = metrics.describe_metrics()
    assert len(descriptions) > 20
    assert all(metric.zh and metric.en and metric.name.startswith("graph_service_") for metric in descriptions)
