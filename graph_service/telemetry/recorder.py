"""Recorder: the listener of a process that serves, which turns events into metrics and spans."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace

from graph_service.errors import GraphServiceError
from graph_service.telemetry import metrics, spans
from graph_service.telemetry.events import SUCCESS, ImportObservation, OperationRun, StatementRun

REFUSED = "refused"
ROWS, ROWS_READ = "db.response.returned_rows", "rows"
"""Attribute of a span; key of a sheet's total, which is the sum of its other counts."""
UNEXPECTED = "INTERNAL"


class Recorder:
    """Recorder of all events of this process. Safe to share between threads."""

    @contextmanager
    def statement(self, run: StatementRun) -> Iterator[None]:
        """Measure a statement: how long it takes, how many rows it returns, with which error it fails."""
        metrics.STATEMENTS_RUNNING.inc()
        started_at = time.perf_counter()
        with spans.inner_span(f"statement {run.name}") as span:
            try:
                yield
            except BaseException as error:
                code = _error_code(error)
                metrics.series(metrics.STATEMENT_FAILURES, run.name, code).inc()
                _mark_failed(span, code)
                raise
            finally:
                metrics.series(metrics.STATEMENT_SECONDS, run.name).observe(time.perf_counter() - started_at)
                metrics.STATEMENTS_RUNNING.dec()
            metrics.series(metrics.STATEMENT_ROWS, run.name).inc(run.rows)
            span.set_attribute(ROWS, run.rows)

    @contextmanager
    def operation(self, run: OperationRun) -> Iterator[None]:
        """Measure a GraphQL operation: its kind, outcome, duration and cost; never its document, name or variables."""
        started_at = time.perf_counter()
        with spans.inner_span(f"graphql {run.kind}") as span:
            try:
                yield
            except BaseException as error:
                run.outcome = _error_code(error)
                raise
            finally:
                metrics.series(metrics.OPERATIONS, run.kind, run.outcome).inc()
                metrics.series(metrics.OPERATION_SECONDS, run.kind).observe(time.perf_counter() - started_at)
                if run.cost is not None:
                    metrics.OPERATION_COST.observe(run.cost)
                if run.outcome != SUCCESS:
                    _mark_failed(span, run.outcome)

    def operation_refused(self, outcome: str) -> None:
        """Count an operation that was refused before it ran."""
        metrics.series(metrics.OPERATIONS, REFUSED, outcome).inc()

    @contextmanager
    def import_(self, run: ImportObservation) -> Iterator[None]:
        """Measure an import: its outcome and, where it succeeds, its duration and its rows by sheet."""
        started_at = time.perf_counter()
        try:
            yield
        except BaseException as error:
            run.outcome = _error_code(error)
            raise
        finally:
            metrics.series(metrics.IMPORTS, run.outcome).inc()
        metrics.IMPORT_SECONDS.set(time.perf_counter() - started_at)
        metrics.IMPORT_SHEETS.set(len(run.counts))
        for sheet, rows in run.counts.items():
            for row_outcome, number in rows.items():
                if row_outcome != ROWS_READ:
                    metrics.series(metrics.IMPORT_ROWS, sheet, row_outcome).inc(number)

    def slots_changed(self, *, used: int = 0, waiting: int = 0, refused: int = 0) -> None:
        """Add to the figures of the slots."""
        if used:
            metrics.SLOTS_USED.inc(used)
        if waiting:
            metrics.SLOTS_WAITING.inc(waiting)
        if refused:
            metrics.SLOTS_REFUSED.inc(refused)

    def audit_written(self) -> None:
        """Count an entry of the audit log."""
        metrics.AUDIT_ENTRIES.inc()

    def audit_failed(self) -> None:
        """Count an entry that the audit log could not take."""
        metrics.AUDIT_FAILURES.inc()

    def trace_id(self) -> str:
        """Return the trace id of the current context; empty where there is none."""
        return spans.current_trace_id()


def _error_code(error: BaseException) -> str:
    return error.code if isinstance(error, GraphServiceError) else UNEXPECTED


def _mark_failed(span: trace.Span, code: str) -> None:
    """Mark a span as failed, by the code of the error alone."""
    span.set_attribute("error.type", code)
    span.set_status(trace.StatusCode.ERROR)
