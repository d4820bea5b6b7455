"""Spans: of the request, the operation and its statements, below the client's; they hold no text of the client or of the register."""

from __future__ import annotations

import orjson
import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from graph_service.app import build_app
from graph_service.config import Settings
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.platform.store.graph import Store
from graph_service.telemetry.events import StatementRun
from graph_service.telemetry.recorder import Recorder
from graph_service.telemetry.requests import TRACE_HEADER
from tests.callers import LocalClient, shared_audit_log
from tests.telemetry.conftest import DOCUMENT, PARENT, PHONE, TRACE, TRACEPARENT

pytestmark = pytest.mark.one_engine
QUERY = """query Secret%s($text: String!) {
  search(text: $text, first: 5) { nodes { __typename } }
  again: search(text: "%s", first: 5) { nodes { __typename } }
}"""  # fmt: skip
HEADERS = {"traceparent": TRACEPARENT, "tracestate": f"v={DOCUMENT}", "baggage": f"person={DOCUMENT}"}


def ask(store: Store, query: str, **variables: str) -> str:
    """Send an operation, and return the trace id of the answer."""
    body = {"query": query, "variables": variables}
    with LocalClient(build_app(store, Settings.model_validate({}), audit_log=shared_audit_log())) as client:
        answer = client.post(f"/graphql?note={DOCUMENT}", json=body, headers=HEADERS)
        assert answer.status_code in (200, 400)
        return answer.headers[TRACE_HEADER]


def test_spans_continue_the_trace_of_the_client(
    imported: ImportReport, store: Store, exported: InMemorySpanExporter
) -> None:
    assert imported.sequence == 1
    assert ask(store, "{ funds(first: 3) { nodes { fundNo } } }") == TRACE
    spans = {span.name: orjson.loads(span.to_json()) for span in exported.get_finished_spans()}
    request, operation = spans["POST /graphql"], spans["graphql query"]
    statement = spans["statement directory/funds"]
    assert {span["context"]["trace_id"] for span in spans.values()} == {f"0x{TRACE}"}
    assert request["parent_id"] == f"0x{PARENT}"
    assert operation["parent_id"] == request["context"]["span_id"]
    assert statement["parent_id"] == operation["context"]["span_id"]
    assert statement["attributes"] == {"db.response.returned_rows": 4}


@pytest.mark.parametrize("query", [QUERY, 'query Secret%s { nothing(text: "%s") }'])
def test_spans_hold_no_document_variable_or_parameter(
    imported: ImportReport, store: Store, exported: InMemorySpanExporter, query: str
) -> None:
    assert imported.sequence == 1
    ask(store, query % (PHONE, DOCUMENT), text=DOCUMENT)
    texts = [span.to_json() + str(span.context.trace_state) for span in exported.get_finished_spans()]
    assert any("POST /graphql" in text for text in texts)
    assert not [text for text in texts for secret in (DOCUMENT, PHONE, "Secret", "search(") if secret in text]


def test_a_failed_statement_has_the_code_of_its_error_alone(exported: InMemorySpanExporter) -> None:
    with pytest.raises(ValueError, match=DOCUMENT), Recorder().statement(StatementRun("imports/batch")):
        raise ValueError(DOCUMENT)
    [span] = exported.get_finished_spans()
    assert (span.name, dict(span.attributes or {}), span.events) == (
        "statement imports/batch", {"error.type": "INTERNAL"}, ()
    )  # fmt: skip
    assert DOCUMENT not in span.to_json()
