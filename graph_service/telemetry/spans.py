"""Spans of OpenTelemetry: of a request, an operation, a statement. They hold names and counts that the service itself has chosen."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import context as contexts
from opentelemetry import trace
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from graph_service import __version__
from graph_service.domain.personal_numbers import is_named_by_number
from graph_service.errors import SettingInvalid

OTLP_SETTING = "GRAPH_SERVICE_OTLP"
_tracer = trace.get_tracer("graph_service", __version__)
_propagator = TraceContextTextMapPropagator()
NO_CONTEXT = contexts.Context()


def export_spans(collector_url: str) -> None:
    """Send the spans of this process to a collector by OTLP over HTTP. Raises `SettingInvalid` where the libraries are missing."""
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise SettingInvalid(
            name=OTLP_SETTING,
            reason_zh="请安装 graph-service[otel]",
            reason_en="install graph-service[otel]",
        ) from error
    resource = Resource.create({"service.name": "graph_service", "service.version": __version__})
    provider = TracerProvider(resource=resource)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=collector_url)))
    trace.set_tracer_provider(provider)


def current_trace_id() -> str:
    """Return the trace id of the current context; empty where there is none."""
    context = trace.get_current_span().get_span_context()
    return trace.format_trace_id(context.trace_id) if context.is_valid else ""


@contextmanager
def request_span(name: str, traceparent: str | None) -> Iterator[trace.Span]:
    """Run a request in a span of its own, below that of a client who sent `traceparent`. It has a trace id also where no spans are kept.

    `tracestate` and `baggage` are not taken over: their texts are the client's.
    """
    span = _tracer.start_span(name, _context_of(traceparent), kind=trace.SpanKind.SERVER)
    if not span.is_recording():
        parent = span.get_span_context()
        trace_id = parent.trace_id if parent.is_valid else int.from_bytes(secrets.token_bytes(16))
        span_id = int.from_bytes(secrets.token_bytes(8))
        span = trace.NonRecordingSpan(trace.SpanContext(trace_id, span_id, False, parent.trace_flags))
    with trace.use_span(span, end_on_exit=True, record_exception=False, set_status_on_exception=False):
        yield span


@contextmanager
def remote_trace(traceparent: str | None) -> Iterator[None]:
    """Continue the trace of a client for what lasts as long as a connection, without a span for it."""
    token = contexts.attach(_context_of(traceparent))
    try:
        yield
    finally:
        contexts.detach(token)


@contextmanager
def inner_span(name: str) -> Iterator[trace.Span]:
    """Run a part of a request in a span, unless that of the request is not kept. Exceptions are not recorded in it: their texts may quote
    values."""
    outer_span = trace.get_current_span()
    outer_context = outer_span.get_span_context()
    if outer_context.is_valid and not outer_context.is_remote and not outer_span.is_recording():
        yield outer_span
        return
    span = _tracer.start_span(name)
    with trace.use_span(span, end_on_exit=True, record_exception=False, set_status_on_exception=False):
        yield span


DOCUMENT = re.compile(r"[1-8]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx]")
"""Digits that no random id has and every ID document."""


def _context_of(traceparent: str | None) -> contexts.Context:
    """Return the trace of a client, who may have written anything into it: none where its digits are a number of a person."""
    is_taken = traceparent and not (is_named_by_number(traceparent) or DOCUMENT.search(traceparent))
    return _propagator.extract({"traceparent": traceparent}, NO_CONTEXT) if is_taken else NO_CONTEXT
