"""Logs: a line is JSON with time, level, logger and trace, and holds no secret, wherever it was put."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import structlog

from graph_service.app import build_app
from graph_service.config import Settings
from graph_service.platform.store.graph import Store
from graph_service.telemetry.logs import LogFormat
from graph_service.telemetry.redaction import REDACTED
from graph_service.telemetry.requests import TRACE_HEADER
from graph_service.telemetry.spans import request_span
from tests.callers import LocalClient, shared_audit_log
from tests.telemetry.conftest import DOCUMENT, KEY, PHONE, TRACE, TRACEPARENT, Read, ReadLines

log = logging.getLogger("uvicorn.error")


def fail(secret: str) -> None:
    """Raise an error whose text and cause have a secret."""
    try:
        dict[str, int]()[secret]
    except KeyError as error:
        raise ValueError(f"row {secret}") from error


def test_a_line_has_time_level_logger_and_event(log_lines: ReadLines) -> None:
    log.warning("shut down after %d s", 10)
    [line] = log_lines()
    time = datetime.fromisoformat(line.pop("timestamp"))
    assert time.tzinfo == UTC
    assert line == {"event": "shut down after 10 s", "level": "warning", "logger": "uvicorn.error"}


def test_lines_of_structlog_are_alike(log_lines: ReadLines) -> None:
    structlog.get_logger("graph_service").info("service started", workers=2)
    [line] = log_lines()
    line.pop("timestamp")
    assert line == {"event": "service started", "level": "info", "logger": "graph_service", "workers": 2}


@pytest.mark.parametrize("log_format", ["json", "text"])
@pytest.mark.parametrize("secret", [DOCUMENT, PHONE, KEY])
def test_no_secret_is_logged(log_output: Callable[[LogFormat], Read], log_format: LogFormat, secret: str) -> None:
    read = log_output(log_format)
    log.warning("in the message: %s", secret)
    log.warning("in extra", extra={"note": {"nested": [secret, {"key": secret}]}, secret: 1})
    structlog.get_logger("graph_service").warning("in a field", person=secret, number=[(secret,)])
    try:
        fail(secret)
    except ValueError:
        log.exception("in an exception and its cause")
    output = read()
    assert secret not in output
    assert output.count(REDACTED) >= 8
    assert "KeyError" in output


def test_a_record_that_cannot_be_formatted_is_not_printed(log_lines: ReadLines) -> None:
    record = logging.LogRecord(log.name, logging.WARNING, __file__, 1, "%d rows", (DOCUMENT,), None)
    logging.getLogger().handlers[0].handle(record)
    [line] = log_lines()
    assert line == {"level": "error", "event": "a record of uvicorn.error could not be written"}


def test_a_thread_that_fails_is_logged(log_lines: ReadLines) -> None:
    thread = threading.Thread(target=fail, args=(DOCUMENT,), name="watchdog")
    thread.start()
    thread.join()
    [line] = log_lines()
    assert line["event"] == "thread watchdog failed"
    assert DOCUMENT not in line["exception"]
    assert "ValueError" in line["exception"]


def test_the_driver_is_silent(log_lines: ReadLines) -> None:
    logging.getLogger("neo4j.pool").error("already exists: '%s'", "王丽")
    assert log_lines() == []


def test_a_line_has_the_trace_of_its_request(log_lines: ReadLines) -> None:
    with request_span("GET /", TRACEPARENT):
        log.warning("slow")
    log.warning("slow")
    inside, outside = log_lines()
    assert inside["trace_id"] == TRACE
    assert not {"trace_id", "span_id"} & outside.keys()


@pytest.mark.one_engine
@pytest.mark.parametrize(
    "traceparent", [TRACEPARENT, "", f"00-{DOCUMENT}-1-01", f"00-{DOCUMENT}00000000000000-1111111111111111-01"]
)
def test_an_unexpected_error_its_log_line_and_the_header_have_one_trace(
    store: Store, monkeypatch: pytest.MonkeyPatch, log_lines: ReadLines, traceparent: str
) -> None:
    monkeypatch.setattr("graph_service.app.load_examples", lambda _: fail(DOCUMENT))
    with LocalClient(
        build_app(store, Settings.model_validate({}), audit_log=shared_audit_log()), raise_server_exceptions=False
    ) as client:
        answer = client.get("/examples", headers={"traceparent": traceparent})
    trace = answer.headers[TRACE_HEADER]
    assert len(trace) == 32
    assert (trace == TRACE) == (traceparent == TRACEPARENT)
    [line] = [line for line in log_lines() if line["logger"] == "graph_service.graphql"]
    assert (line["trace_id"], line["level"], "ValueError" in line["exception"]) == (trace, "error", True)
    assert DOCUMENT not in str(line)
    assert trace in answer.json()["errors"][0]["message"]
