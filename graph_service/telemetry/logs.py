"""Logs of the service: one line each on standard error, as JSON or as text, redacted, with the trace of the request."""

from __future__ import annotations

import logging
import re
import sys
import threading
from contextlib import suppress
from typing import Literal

import structlog
from opentelemetry import trace
from structlog.typing import EventDict, Processor, WrappedLogger

from graph_service.telemetry.redaction import redact, redact_text

LogFormat = Literal["json", "text"]
TRACE_ID = re.compile(r"[0-9a-f]{32}")
SILENT_LOGGERS = ("neo4j",)
"""Loggers whose records quote values of the register; what matters in them is raised as an error, too."""
log = logging.getLogger(__name__)


def configure_logs(log_format: LogFormat) -> None:
    """Send all logs of this process, those of the server included, to standard error in one format."""
    handler = _LogHandler(sys.stderr)
    handler.setFormatter(_formatter(log_format))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("graph_service").setLevel(logging.INFO)
    for name in SILENT_LOGGERS:
        logging.getLogger(name).propagate = False
    logging.captureWarnings(capture=True)
    threading.excepthook = _log_thread_failure
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


class _LogHandler(logging.StreamHandler):  # type: ignore[type-arg]
    """Handler that never prints a record as it is: the standard one does where its formatting fails."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - overrides
        with suppress(OSError, ValueError):
            self.stream.write(f'{{"level": "error", "event": "a record of {record.name} could not be written"}}\n')


def _formatter(log_format: LogFormat) -> logging.Formatter:
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.ExtraAdder()],
        processors=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.format_exc_info,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _redact_event,
            _add_trace,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            renderer,
        ],
    )


def _redact_event(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Redact every value, except a trace id: it may look like a number by chance."""
    return {
        redact_text(key): value if key == "trace_id" and TRACE_ID.fullmatch(str(value)) else redact(value)
        for key, value in event.items()
    }


def _add_trace(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Add the ids of trace and span in which the event was logged."""
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        event.setdefault("trace_id", trace.format_trace_id(context.trace_id))
        event["span_id"] = trace.format_span_id(context.span_id)
    return event


def _log_thread_failure(failure: threading.ExceptHookArgs) -> None:
    """Log the exception that ends a thread, instead of printing it."""
    if failure.exc_value is not None:
        name = failure.thread.name if failure.thread is not None else ""
        log.error("thread %s failed", name, exc_info=failure.exc_value)
