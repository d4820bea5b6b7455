"""Logs and spans of a test, read back; what they change of the process is put back."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import orjson
import pytest
import structlog
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import NoOpTracer

from graph_service.telemetry import spans
from graph_service.telemetry.logs import SILENT_LOGGERS, LogFormat, configure_logs
from tests import leaks

DOCUMENT, PHONE, KEY = "519900197001010024", "10012345678", "gsk_bWFkZS11cC1rZXk"
"""Made-up: documents that begin with 519900 are assigned to nobody, telephones with 100 neither."""
TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
TRACEPARENT = f"00-{TRACE}-{PARENT}-01"
Read = Callable[[], str]
ReadLines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def log_output(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[LogFormat], Read]]:
    """A function that configures the logs of this process, and returns one that reads them."""
    root, hook = logging.getLogger(), threading.excepthook
    handlers, level = root.handlers[:], root.level

    streams: list[StringIO] = []

    def configure(log_format: LogFormat) -> Read:
        stream = StringIO()
        streams.append(stream)
        monkeypatch.setattr(sys, "stderr", stream)
        configure_logs(log_format)
        return stream.getvalue

    yield configure
    for stream in streams:
        leaks.note_log("the service", stream.getvalue())
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    threading.excepthook = hook
    structlog.reset_defaults()
    for name in SILENT_LOGGERS:
        logging.getLogger(name).propagate = True


@pytest.fixture
def log_lines(log_output: Callable[[LogFormat], Read]) -> ReadLines:
    """A function that reads the lines that were logged as JSON."""
    read = log_output("json")
    return lambda: [orjson.loads(line) for line in read().splitlines()]


@pytest.fixture(autouse=True)
def _exported_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep no spans, as a service without a collector."""
    monkeypatch.setattr(spans, "_tracer", NoOpTracer())


@pytest.fixture
def exported(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    """Keep the spans of the service in memory."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    provider.add_span_processor(leaks.SpanWatch())
    monkeypatch.setattr(spans, "_tracer", provider.get_tracer("tests"))
    return exporter
